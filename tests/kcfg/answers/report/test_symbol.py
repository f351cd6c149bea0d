"""How one symbol looks as text, and which function tells which answer."""

from __future__ import annotations

from kcfg.answers.describe import DefinitionPlace, SymbolReport, ValuedStatement
from kcfg.answers.explain import ExplainReport
from kcfg.answers.facts import Basis, Location, Reason, ReasonKind, ResolveReport
from kcfg.answers.report.explain import explain_text
from kcfg.answers.report.resolve import resolve_text
from kcfg.answers.report.symbol import MAX_LISTED, bounds, show_text, statements, value_lines
from kcfg.answers.report.text import RENDERERS
from kcfg.base.version import KernelUsed
from kcfg.show.terminal import Line, Look

USED = KernelUsed(version="6.12", arch="x86_64", origin="tree", name="linux", options=("--kernel", "6.12"))
PROMPT = ValuedStatement('prompt "xen"', Location("Kconfig", 3))
PLACE = DefinitionPlace(Location("Kconfig", 2), PROMPT, (ValuedStatement("depends on A", Location("Kconfig", 4), "y"),))
LOOK = Look()


def report(**more: object) -> SymbolReport:
    return SymbolReport(version="0", kernel=USED, symbol="XEN", type="bool", definitions=(PLACE,), **more)  # type: ignore[arg-type]


def plain(lines: list[Line]) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines]


def test_every_answer_has_the_function_that_tells_it() -> None:
    assert {ResolveReport: resolve_text, SymbolReport: show_text, ExplainReport: explain_text} == RENDERERS


def test_a_statement_has_its_value_and_its_place() -> None:
    found = statements([PROMPT, *PLACE.depends], LOOK)
    assert plain(found) == ['    prompt "xen"  Kconfig:3', "    depends on A  [y]  Kconfig:4"]
    styles = [
        style
        for value in "ymn"
        for text, style in statements([ValuedStatement("x", Location("K", 1), value)], LOOK)[0]
        if text == f"[{value}]"
    ]
    assert styles == ["good", "good", "bad"]


def test_a_symbol_is_told_from_its_name_to_what_to_type_next() -> None:
    text = show_text(report(), LOOK).splitlines()
    assert text[0].startswith("XEN  bool  ")
    assert "  defined at  Kconfig:2" in text
    assert text[-1] == "next: kcfg show XEN --config .config --kernel 6.12"


def test_a_definition_without_a_prompt_says_what_sets_it() -> None:
    bare = DefinitionPlace(Location("Kconfig", 9), None)
    text = show_text(SymbolReport(version="0", kernel=USED, symbol="A", type="bool", definitions=(bare,)), LOOK)
    assert "    no prompt: only defaults and selects set it\n" in text


def test_of_many_selects_those_that_are_on_come_first_and_the_rest_is_counted() -> None:
    many = tuple(
        ValuedStatement(f"select by {n}", Location("K", n), "y" if n == MAX_LISTED + 1 else "n")
        for n in range(MAX_LISTED + 2)
    )
    text = show_text(report(selected_by=many), LOOK)
    assert f"  selected by  {MAX_LISTED + 2}\n    select by {MAX_LISTED + 1}  [y]" in text
    assert "    and 2 more (--all)\n" in text
    everything = show_text(report(selected_by=many), LOOK, everything=True)
    assert "more (--all)" not in everything
    assert everything.count("select by") == MAX_LISTED + 2


def test_the_other_members_of_a_choice_are_named() -> None:
    assert "  one of     A B\n" in show_text(report(choice=("A", "B")), LOOK)


def test_a_value_has_its_line_its_bounds_and_its_reasons() -> None:
    reason = Reason(
        ReasonKind.UNMET_DEPENDENCY, Location("Kconfig", 4), basis=Basis.DEPENDS, symbol="XEN", expression="A"
    )
    found = plain(
        value_lines(
            report(
                config=".config", value="n", at_most="y", at_least="n", line=Location(".config", 7), reasons=(reason,)
            ),
            LOOK,
        )
    )
    assert found[0] == "  in .config: n  (can be set up to y, nothing selects it)  .config:7"
    assert len(found) == 2
    assert "Kconfig:4" in found[1]


def test_a_symbol_without_a_value_is_unset_and_nothing_is_to_be_typed_next() -> None:
    text = show_text(report(config=".config"), LOOK)
    assert text.endswith("  in .config: unset\n")
    assert "next:" not in text


def test_a_note_about_the_kernel_is_shown() -> None:
    noted = KernelUsed(version="6.12", arch="x86_64", origin="tree", name="linux", note="the nearest model")
    text = show_text(SymbolReport(version="0", kernel=noted, symbol="A", type="bool", definitions=()), LOOK)
    assert "the nearest model" in text


def test_bounds_say_who_can_do_what() -> None:
    assert bounds("m", "m") == "can be set up to m, selected to at least m"
    assert bounds("n", "y") == "cannot be set here, selected to at least y"
    assert bounds("n", "n") == "cannot be set here, nothing selects it"
