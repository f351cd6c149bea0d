from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from graphs.dominators import compare, find_dominators
from graphs.findings import DominatorsReport
from graphs.sets import Sets
from kcfg.kconfig.kernels import Kernel
from kcfg.kconfig.model import Type
from profiles import Profile, load_profile
from tests.graphs.trees import XEN, Small, configurations, mode, on_names
from tests.kcfg.random_trees import trees


def kernel_of(small: Small) -> Kernel:
    return small.judge.kernel


def ask(small: Small, profile: Profile) -> DominatorsReport:
    return find_dominators(kernel_of(small), small.solver, profile, version="0")


def test_every_way_passes_what_rules_ask_for_and_what_follows(tmp_path: Path) -> None:
    report = ask(Small(tmp_path, XEN), mode(tmp_path, "XEN_PVH"))
    assert [(one.name, one.asked, one.prompt, one.needed_by, one.place) for one in report.dominators] == [
        ("XEN_PVH", True, True, "ours", f"{tmp_path}/ours.toml:4"),
        ("ACPI", False, True, "XEN_PVH", "Kconfig:20"),
        ("PVH", False, True, "XEN_PVH", "Kconfig:21"),
        ("XEN", False, True, "XEN_PVH", "Kconfig:20"),
        ("HELPER", False, False, "ACPI", "Kconfig:7"),
    ]
    assert report.always == 1


def test_what_both_alternatives_need_is_passed_though_no_statement_says_so(tmp_path: Path) -> None:
    report = ask(Small(tmp_path, XEN), mode(tmp_path, "XEN_PV|XEN_PVH"))
    assert [(one.name, one.needed_by, one.statement) for one in report.dominators] == [("XEN", "", "")]


def test_what_is_recommended_is_not_passed_and_what_is_forbidden_decides(tmp_path: Path) -> None:
    report = ask(Small(tmp_path, XEN), mode(tmp_path, "XEN_DOM0", "!XEN_PV", "(XEN_BACKEND)"))
    assert {one.name for one in report.dominators} == {"XEN_DOM0", "PCI", "XEN", "XEN_PVH", "ACPI", "PVH", "HELPER"}


def test_rules_that_contradict_each_other_have_no_way(tmp_path: Path) -> None:
    report = ask(Small(tmp_path, XEN), mode(tmp_path, "XEN_PVH", "!ACPI"))
    assert report.why_not
    assert report.dominators == ()


def test_a_symbol_that_the_kernel_lacks_is_a_reason(tmp_path: Path) -> None:
    assert "XEN_NEXT" in ask(Small(tmp_path, XEN), mode(tmp_path, "XEN_NEXT")).why_not


def test_modes_are_compared_on_each_kernel(tmp_path: Path) -> None:
    old = Small(tmp_path / "old", XEN.replace("depends on XEN_PV || XEN_PVH", "depends on XEN_PV"), version="5.10.0")
    new = Small(tmp_path / "new", XEN)
    for name in ("left", "right"):
        (tmp_path / name).mkdir()
    left, right = mode(tmp_path / "left", "XEN_DOM0", "XEN_PV"), mode(tmp_path / "right", "XEN_DOM0", "!XEN_PV")
    kernels = [(kernel_of(old), old.solver), (kernel_of(new), new.solver)]
    first, second = compare(kernels, left, right, version="0").rows
    assert (first.left_why, bool(first.right_why), first.together) == ("", True, None)
    assert first.only_left == ("PARAVIRT_XXL", "PCI", "XEN", "XEN_512GB", "XEN_DOM0", "XEN_PV")
    assert (second.left_why, second.right_why, second.together) == ("", "", False)
    assert second.shared == ("PCI", "XEN", "XEN_DOM0")
    assert second.only_left == ("PARAVIRT_XXL", "XEN_512GB", "XEN_PV")
    assert second.only_right == ("ACPI", "HELPER", "PVH", "XEN_PVH")


NUMBERED = 'config SMP\n\tbool "smp"\nconfig CPUS\n\tint "cpus" if SMP\n\trange 2 9\n\tdefault 4 if SMP\n'


def test_a_mode_may_ask_for_numbers(tmp_path: Path) -> None:
    small = Small(tmp_path, NUMBERED)
    numbers = [numbered(tmp_path / value, value) for value in ("8", "4", "12", "n")]
    found = [find_dominators(kernel_of(small), small.solver, one, version="0") for one in numbers]
    assert [bool(one.why_not) for one in found] == [False, False, True, False]
    assert [[one.name for one in report.dominators] for report in found] == [["SMP"], ["SMP"], [], []]
    row = compare([(kernel_of(small), small.solver)], numbers[0], numbers[1], version="0").rows[0]
    assert (row.left_why, row.right_why, row.together, row.shared) == ("", "", False, ("SMP",))
    row = compare([(kernel_of(small), small.solver)], numbers[0], numbers[3], version="0").rows[0]
    assert (row.left_why, row.right_why, row.together, row.only_left) == ("", "", False, ("SMP",))


def numbered(folder: Path, value: str) -> Profile:
    folder.mkdir()
    rule = f'[[rule]]\nlevel = "required"\nsymbol = "CPUS"\nvalue = ["{value}"]\nwhy = "w."\n'
    (folder / "ours.toml").write_text(f'schema = 1\nname = "ours"\ntitle = "t"\nkind = "mode"\n{rule}')
    return load_profile(str(folder / "ours.toml"))


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=trees(old=False))
def test_dominators_are_those_of_all_configurations(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("tree")
    small = Small(folder, text)
    if any(symbol.type > Type.TRISTATE for symbol in small.model.symbols):
        return
    names = [s.name for s in small.model.symbols if s.definitions]
    every = [on_names(resolver) for _, resolver in configurations(small.model)]
    always = frozenset.intersection(*every)
    profile = mode(folder, names[-1], f"{names[0]}|{names[len(names) // 2]}")
    fitting = [on for on in every if names[-1] in on and on & {names[0], names[len(names) // 2]}]
    report = ask(small, profile)
    assert bool(report.why_not) == (not fitting)
    if fitting:
        assert {one.name for one in report.dominators} == frozenset.intersection(*fitting) - always
        assert report.always == len(always)


def test_a_set_is_asked_for_again_and_again(tmp_path: Path) -> None:
    small = Small(tmp_path, XEN)
    sets = Sets(small.solver)
    numbers = small.model.index
    first = sets.on([small.solver.encoding.enabled[numbers["XEN_PVH"]]])
    assert sets.on([small.solver.encoding.enabled[numbers["XEN_PV"]]]) != first
    assert sets.on([small.solver.encoding.enabled[numbers["XEN_PVH"]]]) == first
