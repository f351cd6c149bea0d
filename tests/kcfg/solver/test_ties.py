"""Of as few changed lines, those that lose the least; what all of them have in common; what counts only at the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.kconfig.assign import read_user_values
from kcfg.kconfig.config import read_config
from kcfg.solver.nearest import Search, nearest
from kcfg.solver.results import NearestChange
from kcfg.solver.rivals import FEW, RIVALLED, values_changed
from kcfg.solver.sat import Minimum
from kcfg.solver.ties import at_the_end, is_lost, values_now
from tests.kcfg.solver.test_solve import goals, solver_of, told_lines, user_of
from tests.kcfg.trees import MODULES, NEW, OLD


def found(folder: Path, tree: str, config: str, wanted: str, version: str = NEW, *, few: bool = False) -> NearestChange:
    solver = solver_of(folder, tree, version)
    change = nearest(solver, user_of(solver.model, config), goals(wanted), few_symbols=few)
    assert isinstance(change, NearestChange)
    assert change.proof.proven
    return change


RADIO = MODULES + 'config RADIO\n\ttristate "radio"\nconfig WIFI\n\ttristate "wifi"\n\tdepends on RADIO || !RADIO\n'
RADIO += "".join(f'config USER{n}\n\ttristate "user"\n\tdepends on RADIO\n' for n in range(3))
RADIOS = "MODULES=y\nRADIO=m\nWIFI=m\nUSER0=m\nUSER1=m\nUSER2=m\n"


@pytest.mark.parametrize("few", [False, True])
def test_a_module_that_is_in_the_way_becomes_built_in_rather_than_off(tmp_path: Path, few: bool) -> None:
    change = found(tmp_path, RADIO, RADIOS, "WIFI=y MODULES=y", few=few)
    assert told_lines(change) == ["RADIO: m -> y", "WIFI: m -> y"]


def test_a_line_is_needed_only_with_its_value(tmp_path: Path) -> None:
    change = found(tmp_path, RADIO, RADIOS, "WIFI=y MODULES=y")
    assert [(line.symbol, line.undoes, line.needed) for line in change.lines] == [
        ("RADIO", True, False),
        ("WIFI", False, True),
    ]
    tree = MODULES + 'config CORE\n\ttristate "c"\nconfig D\n\ttristate "d"\n\tdepends on CORE\n'
    change = found(tmp_path / "core", tree, "MODULES=y\nCORE=m\nD=m\n", "D=y MODULES=y")
    assert [(line.symbol, line.undoes, line.needed) for line in change.lines] == [
        ("CORE", True, True),
        ("D", False, True),
    ]


def test_of_a_number_it_is_not_known_that_every_change_has_this_value(tmp_path: Path) -> None:
    tree = 'config N\n\tint "n"\n\tdefault 1\nconfig C\n\tbool "c"\n\tdepends on N > 5\n'
    assert [line.needed for line in found(tmp_path, tree, "N=1\n", "C=y").lines] == [False, True]


def test_a_line_that_is_lost_in_passing_is_no_better_than_one_that_is_changed(tmp_path: Path) -> None:
    tree = 'config A\n\tbool "a"\nconfig B\n\tbool "b"\n\tdepends on !A\n\tselect C\nconfig C\n\tbool "c"\n'
    assert told_lines(found(tmp_path, tree, "B=y\nC=y\n", "C=n")) == ["B: y -> n", "C: y -> n"]


def test_of_changes_that_turn_many_symbols_over_the_one_that_loses_the_fewest_lines(tmp_path: Path) -> None:
    """What hangs on P and Q is no part of the question."""
    tree = 'config P\n\tbool "p"\nconfig Q\n\tbool "q"\nconfig G\n\tdef_bool P && Q\n'
    most, fewest = (("P", "Q"), ("Q", "P"))
    for place, (lost, kept) in enumerate((most, fewest)):
        users = "".join(f'config U{n}\n\tbool "u"\n\tdepends on {lost}\n' for n in range(3 * RIVALLED))
        users += "".join(f'config V{n}\n\tbool "v"\n\tdepends on {kept}\n' for n in range(RIVALLED))
        config = "P=y\nQ=y\n" + "".join(f"U{n}=y\n" for n in range(3 * RIVALLED))
        config += "".join(f"V{n}=y\n" for n in range(RIVALLED))
        assert told_lines(found(tmp_path / str(place), tree + users, config, "G=n")) == [f"{kept}: y -> n"]


@pytest.mark.parametrize("ways", [2, FEW, FEW + 3])
def test_few_symbols_are_found_however_many_changes_there_are(tmp_path: Path, ways: int) -> None:
    names = [f"W{n}" for n in range(ways)]
    tree = "".join(f'config {name}\n\tbool "w"\n' for name in names)
    tree += "config G\n\tdef_bool " + " || ".join(names) + "\n"
    tree += "".join(f"config X{name}\n\tdef_bool {name}\n" for name in names if name != names[ways // 2])
    assert told_lines(found(tmp_path, tree, "", "G=y", few=True)) == [f"{names[ways // 2]}: n -> y"]


CHOICE = 'choice\n\tprompt "c"\nconfig X\n\tbool "x"\nconfig Y\n\tbool "y"\nendchoice\n'


@pytest.mark.parametrize("version", [OLD, NEW])
@pytest.mark.parametrize(
    ("config", "last"),
    [
        ("# X is not set\nY=y\n", True),
        ("X=Y\nY=y\n", True),
        ("Y=y\n# X is not set\n", False),
        ("Y=y\n", False),
        ("", False),
    ],
)
def test_a_member_that_counts_only_behind_the_others_says_so(
    tmp_path: Path, config: str, last: bool, version: str
) -> None:
    change = found(tmp_path, CHOICE, config, "X=y" if config else "Y=y", version)
    assert [(line.new, line.last, line.moves) for line in change.lines] == [("y", last, False)]


@pytest.mark.parametrize("version", [OLD, NEW])
def test_a_member_whose_line_is_there_already_moves(tmp_path: Path, version: str) -> None:
    change = found(tmp_path, CHOICE, "X=y\nY=y\n", "X=y", version)
    assert [(line.symbol, line.last, line.moves) for line in change.lines] == [("X", True, True)]


@pytest.mark.parametrize("version", [OLD, NEW])
def test_of_members_that_count_at_the_end_those_that_are_on_say_so(tmp_path: Path, version: str) -> None:
    solver = solver_of(tmp_path, CHOICE, version)
    user = user_of(solver.model, "# X is not set\nY=y\n")
    x, y = solver.model.index["X"], solver.model.index["Y"]
    resolver = solver.resolve(user_of(solver.model, "# Y is not set\nX=y\n"), {})
    assert at_the_end(solver.model, user, {x: "y"}, resolver) == {x}
    assert at_the_end(solver.model, user, {x: "y", y: "n"}, resolver) == set()  # where they stand these do
    assert at_the_end(solver.model, user, {}, resolver) == set()


def test_a_line_is_lost_where_it_came_out_as_asked_and_does_not_any_longer(tmp_path: Path) -> None:
    tree = 'config A\n\tbool "a"\nconfig B\n\tbool "b"\n\tdepends on A\nconfig N\n\tint "n"\n\tdepends on A\n'
    solver = solver_of(tmp_path, tree)
    index = solver.model.index
    user = user_of(solver.model, "A=y\nB=y\nN=3\n")
    on, off = solver.resolve(user, {}), solver.resolve(user_of(solver.model, "B=y\nN=3\n"), {})
    assert [is_lost(user, index[name], on, off) for name in "BN"] == [True, True]
    assert [is_lost(user, index[name], on, on) for name in "BN"] == [False, False]
    assert [is_lost(user, index[name], off, off) for name in "BN"] == [False, False]
    assert (values_changed(on, off), values_changed(on, on)) == (2, 0)  # N is no bool


def test_the_present_values_are_said_of_tristates_too(tmp_path: Path) -> None:
    solver = solver_of(tmp_path, MODULES + "".join(f'config {name}\n\ttristate "t"\n' for name in "ABC"))
    base = solver.resolve(user_of(solver.model, "MODULES=y\nA=m\nB=y\n"), {})
    enabled, yes, index = solver.encoding.enabled, solver.encoding.yes, solver.model.index
    told = set(values_now(base, solver.encoding))
    assert {enabled[index["A"]], -yes[index["A"]], enabled[index["B"]], yes[index["B"]]} <= told
    assert {-enabled[index["C"]], -yes[index["C"]]} <= told


def test_a_line_of_the_users_stays_where_a_new_one_farther_from_the_goal_will_do(tmp_path: Path) -> None:
    tree = 'config H\n\tbool "h"\nconfig S\n\tbool "s"\nconfig D\n\tdef_bool S\nconfig G\n\tbool "g"\n'
    tree += "\tdepends on !H || D\n"
    assert told_lines(found(tmp_path, tree, "H=y\n", "G=y")) == ["S: n -> y", "G:  -> y"]
    assert told_lines(found(tmp_path / "b", tree, "S=n\nH=y\n", "G=y D=n")) == ["H: y -> n", "G:  -> y"]


@pytest.mark.parametrize("version", [OLD, NEW])
def test_a_line_of_n_waits_for_its_prompt(tmp_path: Path, version: str) -> None:
    tree = 'config E\n\tbool "e"\nconfig F\n\tbool "f"\n\tdepends on E\nconfig B\n\tbool "b" if F\n\tdefault y\n'
    change = found(tmp_path, tree, "B=y\n", "B=n", version)
    assert [line.symbol for line in change.lines] == ["E", "F", "B"]


@pytest.mark.parametrize("told", [True, False])
def test_a_change_says_whether_the_fewest_symbols_were_found_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: bool
) -> None:
    tree = 'config N\n\tint "n"\nconfig G\n\tdef_bool N > 5\n'
    solver = solver_of(tmp_path, tree)
    if not told:
        monkeypatch.setattr(Search, "fewest_symbols", lambda *_: None)
    change = nearest(solver, user_of(solver.model, "N=1\n"), goals("G=y"), few_symbols=True)
    assert isinstance(change, NearestChange)
    assert (change.proof.proven, change.fittest) == (True, told)


@pytest.mark.parametrize("few", [True, False])
def test_a_deadline_that_passes_while_the_fittest_is_sought_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: bool
) -> None:
    tree = "".join(f'config {name}\n\tbool "p"\n' for name in ("EXPERT", "L")) + "config G\n\tdef_bool EXPERT || L\n"
    solver = solver_of(tmp_path, tree)
    for stopped in (False, True):

        def refine(found: Minimum, *_: object, stopped: bool = stopped) -> int:
            found.stopped = stopped
            return 0

        monkeypatch.setattr(Minimum, "refine", refine)
        change = nearest(solver, user_of(solver.model, ""), goals("G=y"), few_symbols=few)
        assert isinstance(change, NearestChange)
        assert change.fittest is not (few and stopped)


@pytest.mark.parametrize("version", [OLD, NEW])
@pytest.mark.parametrize(
    ("config", "last"),
    [("Y=foo\n", False), ("X=y\nY=foo\n", False), ("Y=foo\nX=y\n", True)],
)
def test_a_line_that_is_refused_counts_where_it_stands_unless_another_member_is_on_below_it(
    tmp_path: Path, config: str, last: bool, version: str
) -> None:
    assert [(line.symbol, line.last) for line in found(tmp_path, CHOICE, config, "Y=y", version).lines] == [("Y", last)]


@pytest.mark.parametrize(("first", "second", "last"), [("X=y", "Y=foo", False), ("Y=foo", "X=y", True)])
def test_of_merged_files_the_second_stands_below_the_first(tmp_path: Path, first: str, second: str, last: bool) -> None:
    for name, line in (("a", first), ("b", second)):
        (tmp_path / name).write_text(f"CONFIG_{line}\n")
    solver = solver_of(tmp_path / "tree", CHOICE)
    user = read_user_values(solver.model, read_config([str(tmp_path / "a"), str(tmp_path / "b")]))
    change = nearest(solver, user, goals("Y=y"))
    assert isinstance(change, NearestChange)
    assert [(line.symbol, line.last) for line in change.lines] == [("Y", last)]
