from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.answers.facts import Basis, Reason, Settable, State
from kcfg.answers.reasons import MAX_REASONS, Explainer
from kcfg.answers.unknown import near_misses
from kcfg.kconfig.model import Model
from tests.kcfg.trees import MODULES, NEW, OLD, judge_of, model_of, resolver_of

PVH = """\
menu "guests"
	depends on X86
config XEN_PVH
	bool "PVH"
	depends on XEN && ACPI
endmenu
config XEN
	bool "Xen"
	depends on PARAVIRT
config PARAVIRT
	bool "para"
config ACPI
	def_bool y
config X86
	def_bool y
"""


def below(model: Model, name: str, want: int = 2, config: str = "") -> list[Reason]:
    return Explainer(resolver_of(model, config)).why_below(model.index[name], want)


def above(model: Model, name: str, want: int = 0, config: str = "") -> list[Reason]:
    return Explainer(resolver_of(model, config)).why_above(model.index[name], want)


def short(reasons: list[Reason]) -> list[tuple[int, str, str]]:
    """(depth, kind, place)."""
    return [(reason.depth, reason.kind, str(reason.where)) for reason in reasons]


# Why not


def test_a_chain_goes_down_to_what_a_person_can_change(tmp_path: Path) -> None:
    reasons = below(model_of(tmp_path, PVH), "XEN_PVH", config="XEN_PVH=y")
    assert short(reasons) == [
        (0, "unmet-dependency", "Kconfig:5"),
        (1, "unmet-dependency", "Kconfig:9"),
        (2, "not-asked", "Kconfig:10"),
    ]


def test_a_chain_ends_at_the_line_of_the_configuration_that_says_no(tmp_path: Path) -> None:
    reasons = below(model_of(tmp_path, PVH), "XEN_PVH", config="XEN=y\n# PARAVIRT is not set")
    assert short(reasons)[-1] == (2, "explicit", "test.config:2")


def test_only_the_failing_part_of_an_expression_is_named(tmp_path: Path) -> None:
    reasons = below(model_of(tmp_path, PVH), "XEN_PVH")
    assert (reasons[0].condition, reasons[0].states) == ("XEN && ACPI", (State("XEN", "n"),))


def test_for_a_bool_a_dependency_that_is_m_is_enough(tmp_path: Path) -> None:
    text = MODULES + 'config M\n\ttristate "m"\nconfig D\n\tbool "d"\nconfig S\n\tbool "s"\n\tdepends on D && M\n'
    text += 'config P\n\tbool\n\tdefault y if M && D\nconfig T\n\ttristate "t"\n\tdepends on D && M\n'
    model = model_of(tmp_path, text)
    for name, blamed in (("S", {"D"}), ("P", {"D"}), ("T", {"D", "M"})):
        reasons = below(model, name, config="M=m\nS=y\nT=y\n")
        assert {state.symbol for reason in reasons for state in reason.states} == blamed


@pytest.mark.parametrize(
    ("block", "end", "place"),
    [
        ("if X\n", "endif\n", "Kconfig:1"),
        ('menu "m"\n\tdepends on X\n', "endmenu\n", "Kconfig:2"),
        ('menu "m"\n\tvisible if X\n', "endmenu\n", "Kconfig:2"),
    ],
)
def test_the_block_that_hides_a_symbol_is_named_with_its_line(tmp_path: Path, block: str, end: str, place: str) -> None:
    model = model_of(tmp_path, f'{block}config A\n\tbool "a"\n{end}config X\n\tbool "x"\n')
    assert short(below(model, "A"))[0] == (0, "unmet-dependency", place)


def test_a_prompts_own_condition_is_named_with_its_line(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config A\n\tbool\n\tprompt "a" if X\nconfig X\n\tbool "x"\n')
    assert short(below(model, "A")) == [(0, "unmet-dependency", "Kconfig:3"), (1, "not-asked", "Kconfig:4")]


def test_a_negated_symbol_is_explained_by_what_sets_it(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tdepends on !X\nconfig X\n\tbool "x"\nconfig S\n\tbool "s"\n\tselect X\n'
    reasons = below(model_of(tmp_path, text), "A", config="S=y")
    assert short(reasons) == [
        (0, "unmet-dependency", "Kconfig:3"),
        (1, "selected", "Kconfig:8"),
        (2, "explicit", "test.config:1"),
    ]


def test_a_symbol_without_a_prompt_is_explained_by_its_default(tmp_path: Path) -> None:
    text = 'config A\n\tbool\n\tdefault y if X\nconfig X\n\tbool "x"\n'
    assert short(below(model_of(tmp_path, text), "A")) == [
        (0, "no-prompt", "Kconfig:1"),
        (1, "unmet-dependency", "Kconfig:3"),
        (2, "not-asked", "Kconfig:4"),
    ]


def test_a_symbol_without_a_prompt_is_explained_by_the_one_that_could_select_it(tmp_path: Path) -> None:
    text = 'config A\n\tbool\nconfig X\n\tbool "x"\n\tselect A\n'
    reasons = below(model_of(tmp_path, text), "A")
    assert [(r.kind, str(r.where)) for r in reasons] == [
        ("no-prompt", "Kconfig:1"),
        ("not-asked", "Kconfig:5"),
        ("not-asked", "Kconfig:3"),
    ]


def test_a_probe_that_fails_is_named(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'cc = $(shell,try $(1))\nconfig A\n\tbool "a"\n\tdepends on $(cc,-m32)\n')
    reasons = below(model, "A")
    assert short(reasons) == [(0, "unmet-dependency", "Kconfig:4"), (1, "probe", "None")]
    assert reasons[1].expression == "$(cc,-m32)"


def test_what_could_be_m_only_is_explained_for_y(tmp_path: Path) -> None:
    text = MODULES + 'config A\n\ttristate "a"\n\tdepends on X\nconfig X\n\ttristate "x"\n'
    model = model_of(tmp_path, text)
    assert below(model, "A", 1, "A=m\nX=m")[0].kind == "explicit"
    assert short(below(model, "A", 2, "A=y\nX=m")) == [
        (0, "unmet-dependency", "Kconfig:7"),
        (1, "explicit", "test.config:2"),
    ]


def test_a_symbol_that_the_kernel_does_not_define_is_said_to_be_missing(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config A\n\tbool "a"\n\tdepends on ELSEWHERE\n')
    assert [(r.depth, r.kind) for r in below(model, "A")] == [(0, "unmet-dependency"), (1, "not-in-kernel")]


@pytest.mark.parametrize("version", [OLD, NEW])
def test_a_lost_choice_names_the_winner_and_why_it_won(tmp_path: Path, version: str) -> None:
    text = 'choice\n\tprompt "c"\nconfig A\n\tbool "a"\nconfig B\n\tbool "b"\nendchoice\n'
    model = model_of(tmp_path, text, version)
    assert short(below(model, "B")) == [(0, "choice", "Kconfig:1"), (1, "default", "Kconfig:1")]
    assert short(below(model, "A", config="B=y")) == [(0, "choice", "Kconfig:1"), (1, "explicit", "test.config:1")]


def test_an_old_choice_that_is_n_is_explained_by_what_hides_it(tmp_path: Path) -> None:
    text = 'choice\n\tprompt "c"\n\tdepends on X\nconfig A\n\tbool "a"\nendchoice\nconfig X\n\tbool "x"\n'
    assert short(below(model_of(tmp_path, text, OLD), "A")) == [
        (0, "choice", "Kconfig:1"),
        (1, "unmet-dependency", "Kconfig:3"),
        (2, "not-asked", "Kconfig:7"),
    ]


def test_a_loop_of_dependencies_ends(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tdepends on B\nconfig B\n\tbool "b"\n\tdepends on A\n'
    assert [r.kind for r in below(model_of(tmp_path, text), "A")] == ["unmet-dependency", "unmet-dependency"]


def test_a_long_story_is_cut(tmp_path: Path) -> None:
    parts = " && ".join(f"(X{i} && Y{i})" for i in range(40))
    text = f'config A\n\tbool "a"\n\tdepends on {parts}\n' + "".join(
        f'config {letter}{i}\n\tbool "x"\n\tdepends on Z{i} && W{i}\n' for i in range(40) for letter in "XY"
    )
    assert 1 < len(below(model_of(tmp_path, text), "A")) <= MAX_REASONS


# Why so much


def test_a_select_is_named_with_its_line_and_followed_to_the_line_that_asks(tmp_path: Path) -> None:
    text = 'config A\n\tbool\nconfig B\n\tbool\n\tselect A\nconfig C\n\tbool "c"\n\tselect B\n'
    assert short(above(model_of(tmp_path, text), "A", config="C=y")) == [
        (0, "selected", "Kconfig:5"),
        (1, "selected", "Kconfig:8"),
        (2, "explicit", "test.config:1"),
    ]


def test_selects_that_the_configuration_asks_for_come_first(tmp_path: Path) -> None:
    text = "config A\n\tbool\n" + "".join(f'config S{i}\n\tbool "s"\n\tdefault y\n\tselect A\n' for i in range(6))
    reasons = above(model_of(tmp_path, text), "A", config="S4=y")
    assert reasons[0].where is not None
    assert (reasons[0].kind, reasons[0].where.line) == ("selected", 22)
    assert [(one.more, one.others[:1]) for one in (reasons[0], reasons[-1])] == [(0, ("S4",)), (3, ())]


def test_an_inactive_select_is_not_named(tmp_path: Path) -> None:
    text = 'config A\n\tbool\nconfig B\n\tbool "b"\n\tselect A\nconfig C\n\tbool "c"\n\tselect A\n'
    assert short(above(model_of(tmp_path, text), "A", config="C=y"))[0] == (0, "selected", "Kconfig:8")


def test_a_default_is_named_with_its_line(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tdefault n if X\n\tdefault y\nconfig X\n\tbool "x"\n'
    assert short(above(model_of(tmp_path, text), "A")) == [(0, "default", "Kconfig:4")]


def test_an_imply_is_named_with_its_line(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\nconfig X\n\tdef_bool y\n\timply A\n'
    assert short(above(model_of(tmp_path, text), "A")) == [(0, "default", "Kconfig:5")]


def test_the_line_that_asks_for_it_is_named(tmp_path: Path) -> None:
    assert short(above(model_of(tmp_path, 'config A\n\tbool "a"\n'), "A", config="\nA=y")) == [
        (0, "explicit", "test.config:2")
    ]


def test_a_member_of_a_choice_is_y_because_one_has_to_be(tmp_path: Path) -> None:
    text = 'choice\n\tprompt "c"\nconfig A\n\tbool "a"\nendchoice\n'
    assert short(above(model_of(tmp_path, text), "A", config="# A is not set")) == [(0, "choice", "Kconfig:1")]


HIDDEN = 'config A\n\tbool "a" if X\n\tdefault y\nconfig X\n\tbool "x"\n'


def test_a_line_whose_prompt_is_hidden_is_told_with_what_hides_it(tmp_path: Path) -> None:
    reasons = above(model_of(tmp_path, HIDDEN), "A", config="# A is not set")
    assert short(reasons) == [
        (0, "unmet-dependency", "Kconfig:2"),
        (1, "not-asked", "Kconfig:4"),
        (0, "default", "Kconfig:3"),
    ]
    assert (reasons[0].basis, reasons[0].condition) == (Basis.PROMPT, "X")
    assert reasons[-1].settable is Settable.HIDDEN


def test_a_hidden_line_that_gets_what_it_asks_for_is_a_default_and_no_line(tmp_path: Path) -> None:
    (reason,) = above(model_of(tmp_path, HIDDEN), "A", config="A=y")
    assert (reason.kind, reason.settable) == ("default", Settable.HIDDEN)


def test_without_a_line_a_hidden_symbol_is_not_set(tmp_path: Path) -> None:
    (reason,) = above(model_of(tmp_path, HIDDEN), "A")
    assert (reason.kind, reason.settable) == ("default", Settable.YES)


TRANSITIONAL = """\
config OLD
	bool
	transitional
config NEW
	bool "new"
	depends on X
	default OLD
config X
	bool "x"
"""


def test_an_old_name_can_never_be_set_and_is_explained_by_its_new_name(tmp_path: Path) -> None:
    reasons = below(model_of(tmp_path, TRANSITIONAL, "7.3.0"), "OLD", config="OLD=y")
    assert short(reasons) == [
        (0, "no-prompt", "Kconfig:1"),
        (1, "unmet-dependency", "Kconfig:6"),
        (2, "not-asked", "Kconfig:8"),
    ]
    assert (reasons[0].basis, reasons[0].others) == (Basis.TRANSITIONAL, ("NEW",))


def test_an_old_name_has_the_value_of_its_new_name(tmp_path: Path) -> None:
    model = model_of(tmp_path, TRANSITIONAL, "7.3.0")
    assert [judge_of(model, text).value("OLD") for text in ("OLD=y", "OLD=y\nX=y", "X=y\nNEW=y")] == ["n", "y", "y"]
    assert judge_of(model, "").lines_for("OLD", ("y",)) == []


# Names


def test_near_misses_are_names_of_symbols_that_are_defined(tmp_path: Path) -> None:
    text = "".join(f'config {name}\n\tbool "x"\n\tdepends on XEN_PVHX\n' for name in ("XEN_PVH", "XEN_PV", "NET"))
    model = model_of(tmp_path, text)
    assert near_misses(model, "XEN_PVHH")[0] == "XEN_PVH"
    assert "XEN_PVHX" not in near_misses(model, "XEN_PVHH")
    assert near_misses(model, "QUITE_DIFFERENT") == []
