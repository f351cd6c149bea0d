from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from graphs.findings import Loss, NeededByReport, SetLine
from graphs.losses import find_needed_by
from kcfg.base.errors import UserError
from kcfg.kconfig.model import Type
from tests.graphs.trees import XEN, Small, configurations, on_names
from tests.kcfg.random_trees import trees
from tests.kcfg.trees import MODULES, values

ALL = "PCI=y\nACPI=y\nXEN=y\nXEN_PVH=y\nXEN_DOM0=y\n"


def ask(small: Small, name: str, *, given: bool = True) -> NeededByReport:
    return find_needed_by(small.judge, small.solver, name, version="0", given=given)


def short(losses: tuple[Loss, ...]) -> list[tuple[str, str, str, str]]:
    return [(one.symbol, one.old, one.new, str(one.reason.where) if one.reason else "") for one in losses]


def test_what_has_no_prompt_goes_with_the_line_behind_it(tmp_path: Path) -> None:
    report = ask(Small(tmp_path, XEN, ALL), "PARAVIRT_XXL")
    assert report.off == (SetLine("XEN_PV", "n", "y"),)
    assert report.others == (SetLine("XEN", "n", "y"),)
    assert short(report.lost) == [
        ("XEN_PV", "y", "n", ""),
        ("PARAVIRT_XXL", "y", "", "Kconfig:15"),
        ("XEN_512GB", "y", "", "Kconfig:26"),
    ]
    assert report.gained == report.changed == ()


def test_an_alternative_keeps_a_symbol_alive(tmp_path: Path) -> None:
    lost = {one.symbol for one in ask(Small(tmp_path / "a", XEN, ALL), "XEN_PV").lost}
    assert "XEN_DOM0" not in lost
    without = {one.symbol for one in ask(Small(tmp_path / "b", XEN, ALL.replace("XEN_PVH=y\n", "")), "XEN_PV").lost}
    assert {"XEN_DOM0", "XEN_BACKEND"} <= without


def test_of_the_defaults_the_fewest_lines_turn_it_on_first(tmp_path: Path) -> None:
    report = ask(Small(tmp_path, XEN), "PARAVIRT_XXL", given=False)
    assert (report.value, report.base) == ("y", (SetLine("XEN", "y", "n"),))
    assert {one.symbol for one in report.lost} == {"PARAVIRT_XXL", "XEN_PV", "XEN_512GB"}


def test_nothing_goes_with_what_is_n_in_a_configuration(tmp_path: Path) -> None:
    report = ask(Small(tmp_path, XEN, "PCI=y\n"), "XEN_PV")
    assert (report.value, report.base, report.off, report.lost, report.core) == ("n", (), (), (), ())


def test_what_can_never_be_on_without_it_is_told_whatever_the_configuration(tmp_path: Path) -> None:
    small = Small(tmp_path, XEN, "PCI=y\n")
    assert ask(small, "PARAVIRT_XXL").never == ("XEN_512GB", "XEN_PV")
    assert ask(small, "XEN").never == (
        "PARAVIRT_XXL", "XEN_512GB", "XEN_BACKEND", "XEN_DOM0", "XEN_PV", "XEN_PVH",
    )  # fmt: skip
    assert ask(small, "PVH").never == ("XEN_PVH",)  # a user may set PVH, and XEN_PVH turns it on


def test_what_gains_and_what_changes_is_told(tmp_path: Path) -> None:
    text = (
        'config A\n\tbool "a"\nconfig N\n\tint\n\tdefault 4 if A\n\tdefault 2\nconfig B\n\tdef_bool y\n'
        '\tdepends on !A\nconfig W\n\tint "w"\n\tdefault 1\n\tdepends on A\n'
    )
    report = ask(Small(tmp_path, text, "A=y\n"), "A")
    assert short(report.lost) == [("A", "y", "n", ""), ("W", "1", "", "Kconfig:13")]
    assert short(report.gained) == [("B", "", "y", "Kconfig:9")]
    assert short(report.changed) == [("N", "4", "2", "Kconfig:5")]


def test_a_module_loses_its_value_too(tmp_path: Path) -> None:
    text = MODULES + 'config A\n\ttristate "a"\nconfig B\n\ttristate "b"\n\tdepends on A\n'
    report = ask(Small(tmp_path, text, "A=m\nB=m\n"), "A")
    assert short(report.lost) == [("A", "m", "n", ""), ("B", "m", "", "Kconfig:9")]


def test_of_two_lines_the_one_that_takes_less_with_it_is_taken(tmp_path: Path) -> None:
    text = (
        'config A\n\tbool "a"\nconfig B\n\tbool "b"\nconfig X\n\tdef_bool A && B\n'
        "config A2\n\tdef_bool A\nconfig A3\n\tdef_bool A\n"
    )
    report = ask(Small(tmp_path, text, "A=y\nB=y\n"), "X")
    assert report.off == (SetLine("B", "n", "y"),)
    assert report.others == (SetLine("A", "n", "y"),)


def test_several_lines_are_found_by_the_solver(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\nconfig B\n\tbool "b"\nconfig X\n\tdef_bool A || B\n'
    report = ask(Small(tmp_path, text, "A=y\nB=y\n"), "X")
    assert {(line.symbol, line.value) for line in report.off} == {("A", "n"), ("B", "n")}
    assert report.proven


def test_what_is_always_on_has_a_core(tmp_path: Path) -> None:
    report = ask(Small(tmp_path, XEN, ALL), "64BIT")
    assert report.off == report.lost == ()
    assert [str(reason.where) for reason in report.core] == ["Kconfig:2"]


def test_what_can_never_be_on_has_a_core(tmp_path: Path) -> None:
    report = ask(
        Small(tmp_path, 'config A\n\tbool "a"\n\tdepends on B && !B\nconfig B\n\tbool "b"\n'), "A", given=False
    )
    assert report.off == ()
    assert [str(reason.where) for reason in report.core] == ["Kconfig:3"]


def test_an_unknown_symbol_and_an_int_are_errors(tmp_path: Path) -> None:
    small = Small(tmp_path, XEN + 'config I\n\tint "i"\n')
    for name in ("XEN_PVX", "I"):
        with pytest.raises(UserError):
            ask(small, name)


def written(small: Small, line: SetLine) -> str:
    """The line as a configuration has it."""
    if line.value == "n":
        return f"# {line.symbol} is not set\n"
    quoted = small.model.symbols[small.model.index[line.symbol]].type == Type.STRING
    return f'{line.symbol}="{line.value}"\n' if quoted else f"{line.symbol}={line.value}\n"


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=trees(old=False))
def test_losses_are_the_difference_of_two_resolved_configurations(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.mktemp("tree")
    names = {line.split()[1] for line in text.splitlines() if line.startswith("config ")}
    config = "".join(f"{name}=y\n" for name in sorted(names))
    small = Small(folder, text, config)
    for number, symbol in enumerate(small.model.symbols):
        if symbol.type not in (Type.BOOL, Type.TRISTATE) or not symbol.definitions:
            continue
        report = ask(small, symbol.name)
        if not report.off:
            assert report.core or not small.judge.resolver.tri(number)
            continue
        lines = "".join(written(small, line) for line in report.off)
        before, after = values(small.model, config), values(small.model, config + lines)
        assert after.get(symbol.name, "n") == "n"
        changed = {
            name
            for name in before.keys() | after.keys()
            if before.get(name, "").replace("n", "") != after.get(name, "").replace("n", "")
        }
        assert {one.symbol for one in (*report.lost, *report.gained, *report.changed)} == changed


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=trees(old=False))
def test_never_is_proven_by_all_configurations(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    small = Small(tmp_path_factory.mktemp("tree"), text)
    if any(symbol.type > Type.TRISTATE for symbol in small.model.symbols):
        return
    every = [on_names(resolver) for _, resolver in configurations(small.model)]
    some = frozenset.union(*every)
    for symbol in small.model.symbols:
        if symbol.type not in (Type.BOOL, Type.TRISTATE) or not symbol.definitions:
            continue
        without = [on for on in every if symbol.name not in on]
        expected = some - frozenset.union(*without) - {symbol.name} if without else frozenset()
        assert set(ask(small, symbol.name).never) == expected


def test_a_probe_that_nothing_answers_is_a_doubt(tmp_path: Path) -> None:
    small = Small(tmp_path, 'config A\n\tdef_bool $(shell,a)\nconfig B\n\tbool "b"\n', "B=y\n")
    doubt = ask(small, "A").doubt
    assert doubt is not None
    assert doubt.kind == "probe"
    assert ask(small, "B").doubt is None


def test_the_condition_of_a_select_is_a_cause(tmp_path: Path) -> None:
    text = (
        'config A\n\tdef_bool y\n\tselect S if B\nconfig B\n\tbool "b"\n\tdepends on C\nconfig C\n\tbool "c"\n'
        "config S\n\tbool\nconfig D\n\tdef_bool S\n"
    )
    report = ask(Small(tmp_path, text, "B=y\nC=y\n"), "S")
    assert (report.off, report.others) == ((SetLine("B", "n", "y"),), (SetLine("C", "n", "y"),))
    assert report.never == ("B", "D")


def test_of_as_few_lines_those_that_change_the_fewest_symbols_turn_it_on(tmp_path: Path) -> None:
    text = (
        'config A\n\tbool "a"\n\tselect A1\n\tselect A2\nconfig A1\n\tbool\nconfig A2\n\tbool\n'
        'config Z\n\tbool "z"\nconfig X\n\tdef_bool A || Z\n'
    )
    assert ask(Small(tmp_path / "a", text), "X", given=False).base == (SetLine("Z", "y", "n"),)
    short = text + 'config S\n\tbool "s"\n\tdepends on X\nconfig V\n\tdef_bool S || A\n'
    assert ask(Small(tmp_path / "b", short), "V", given=False).base == (SetLine("A", "y", "n"),)
