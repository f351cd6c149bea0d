"""CSV, JSON and Markdown whose text stays text."""

from __future__ import annotations

import csv as csv_module
import json as json_module
from io import StringIO

import msgspec
import pytest

from kcfg.show import csv, json, markdown


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_a_cell_that_a_spreadsheet_would_run_is_text(cell: str) -> None:
    assert csv.safe(cell) == "'" + cell


@pytest.mark.parametrize(("cell", "shown"), [(None, ""), (3, 3), (-3, -3), ("", ""), ("a=b", "a=b"), ("a\nb", "a\\nb")])
def test_other_cells_are_what_they_are(cell: object, shown: object) -> None:
    assert csv.safe(cell) == shown


def test_rows_are_read_back() -> None:
    rows = [("a,b", 'c"d', None), ("x", 1, True)]
    assert list(csv_module.reader(StringIO(csv.written(rows)))) == [["a,b", 'c"d', ""], ["x", "1", "True"]]


class Named(msgspec.Struct):
    name: str


def test_json_ends_with_a_newline_and_is_indented() -> None:
    assert json.encoded(Named("é")) == '{\n  "name": "é"\n}\n'


def test_bytes_of_a_name_that_are_no_utf8_are_spelled_out() -> None:
    assert json_module.loads(json.encoded([Named("a\udcff"), {"k": ("\ud800",)}])) == [
        {"name": "a\\udcff"},
        {"k": ["\\ud800"]},
    ]


@pytest.mark.parametrize(
    ("text", "escaped"),
    [("a|b", "a&#124;b"), ("<b>", "&#60;b&#62;"), ("snake_case", "snake_case"), ("_x_", "&#95;x&#95;"), ("*", "&#42;")],
)
def test_markup_is_text(text: str, escaped: str) -> None:
    assert markdown.escape(text) == escaped


def test_a_mention_is_none() -> None:
    assert "@user" not in markdown.escape("thanks @user")


def test_a_table_has_one_line_a_row_whatever_the_cells_are() -> None:
    lines = markdown.table(("a", "b"), [("1", markdown.escape("x|y\nz")), ("2", "")])
    assert len(lines) == 4
    assert all(line.replace(r"\|", "").count("|") == 3 for line in lines)
