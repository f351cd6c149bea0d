from __future__ import annotations

from pathlib import Path

import pytest

from graphs.findings import HistoryReport, HistoryRow
from graphs.history import find_history
from graphs.kinds import StatementKind
from kcfg.base.errors import UserError
from tests.graphs.trees import Small
from tests.kcfg.trees import NEW, OLD


def ask(folder: Path, name: str, *texts: str) -> HistoryReport:
    kernels = []
    for number, text in enumerate(texts):
        small = Small(folder / str(number), text, version=(OLD, NEW, "7.3.0")[number])
        kernels.append((small.judge.kernel, small.solver))
    return find_history(kernels, name, version="0")


def changes(row: HistoryRow) -> list[str]:
    return [f"{'+' if one.new else '-'} {one.statement.kind} {one.statement.text}" for one in row.changes]


BEFORE = 'config B\n\tbool "b"\nconfig A\n\tbool "a"\n\tdepends on B && C\n\tdefault y\nconfig C\n\tbool "c"\n'


def test_a_line_that_only_moved_or_was_split_is_no_change(tmp_path: Path) -> None:
    after = (
        '\n\nconfig A\n\tbool "a"\n\tdepends on C\n\tdepends on B\n\tdefault y\n'
        'config B\n\tbool "b"\nconfig C\n\tbool "c"\n'
    )
    first, second = ask(tmp_path, "CONFIG_A", BEFORE, after).rows
    assert [(one.kind, one.text) for one in first.statements] == [
        ("type", "bool"),
        ("prompt", ""),
        ("depends", "B"),
        ("depends", "C"),
        ("default", "y"),
    ]
    assert [str(one) for one in (*first.places, *second.places)] == ["Kconfig:3", "Kconfig:3"]
    assert second.changes == ()


def test_what_is_gone_and_what_is_new_is_told(tmp_path: Path) -> None:
    after = (
        'if C\nconfig A\n\ttristate\n\tdepends on B || C\n\tdefault m if B\n\tselect B\nendif\n'
        'config B\n\tbool "b"\nconfig C\n\tbool "c"\n\tselect A\n'
    )  # fmt: skip
    row = ask(tmp_path, "A", BEFORE, after).rows[1]
    assert changes(row) == [
        "- type bool",
        "+ type tristate",
        "- prompt ",
        "- depends B",
        "+ depends B || C",
        "- default y",
        "+ default m if B",
        "+ select B",
        "+ selected-by C",
    ]
    assert [str(one.statement.where) for one in row.changes if one.statement.kind == "selected-by"] == ["Kconfig:12"]


def test_a_symbol_that_comes_and_goes_has_no_place(tmp_path: Path) -> None:
    without = 'config B\n\tbool "b"\n'
    rows = ask(tmp_path, "A", without, BEFORE, without).rows
    assert [len(row.places) for row in rows] == [0, 1, 0]
    assert changes(rows[2])[0] == "- type bool"
    assert rows[0].possible is None


def test_whether_it_can_be_on_is_told(tmp_path: Path) -> None:
    rows = ask(tmp_path, "A", BEFORE, BEFORE.replace("B && C", "B && !B")).rows
    assert [row.possible for row in rows] == [True, False]


def test_every_definition_is_told_with_its_file(tmp_path: Path) -> None:
    text = (
        'config A\n\tbool "a" if B\n\tdepends on B\nconfig A\n\tbool "a"\n\tdepends on C\n'
        'config B\n\tbool "b"\nconfig C\n\tbool "c"\n'
    )
    row = ask(tmp_path, "A", text).rows[0]
    assert [(one.text, one.within) for one in row.statements if one.kind is StatementKind.DEPENDS] == [
        ("B", "Kconfig"),
        ("C", "Kconfig"),
    ]
    assert {one.within for one in row.statements if one.kind is StatementKind.TYPE} == {""}


def test_statements_of_several_definitions_are_in_the_order_of_text_and_file(tmp_path: Path) -> None:
    text = (
        'config A\n\tbool "a"\n\tdefault B\nconfig A\n\tbool "a"\n\tdefault B && C\n'
        'config B\n\tbool "b"\nconfig C\n\tbool "c"\n'
    )
    row = ask(tmp_path, "A", text).rows[0]
    told = [one.text for one in row.statements if one.kind is StatementKind.DEFAULT]
    assert told == ["B && C", "B"]  # "(" of the file's place comes after "&"


def test_ranges_choices_and_visibility_are_statements(tmp_path: Path) -> None:
    text = (
        'config B\n\tbool "b"\nmenu "m"\n\tvisible if B\nconfig N\n\tint "n"\n\trange 1 5 if B\nendmenu\n'
        'choice\n\tprompt "c"\nconfig X\n\tbool "x"\nconfig Y\n\tbool "y"\nendchoice\n'
    )
    told = [(one.kind, one.text) for one in ask(tmp_path / "a", "N", text).rows[0].statements]
    assert told == [("type", "int"), ("prompt", "visible if B"), ("range", "1 5 if B")]
    told = [(one.kind, one.text) for one in ask(tmp_path / "b", "Y", text).rows[0].statements]
    assert told[-1] == ("choice", "X Y")


def test_a_symbol_of_no_kernel_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        ask(tmp_path, "AA", BEFORE)
    assert "6.1.0" in caught.value.message
