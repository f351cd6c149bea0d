"""Facts of No-Fix: in a patch's header."""

from __future__ import annotations

import datetime

import pytest

from patches.text.headers import parse_header
from patches.text.nofix import NoFix, read_no_fixes

DAY = datetime.date(2027, 3, 31)


def test_a_no_fix_has_a_commit_a_day_and_a_reason() -> None:
    (found,) = read_no_fixes(["Subject: a", "No-Fix: 59D0bf62861f until 2027-03-31: AUTO_IBRS is off: here"])
    assert found == NoFix("59d0bf62861f", DAY, "AUTO_IBRS is off: here", 2)
    assert found.lacking == ()


@pytest.mark.parametrize(
    ("value", "lacking"),
    [
        ("59d0bf62861f", ("date", "reason")),
        ("59d0bf62861f because it is off", ("date",)),
        ("59d0bf62861f until 2027-02-30: off", ("date",)),
        ("59d0bf62861f until 2027-03-31", ("reason",)),
        ("59d0bf until 2027-03-31: off", ("commit", "date")),
        ("until 2027-03-31: off", ("commit",)),
        ("", ("commit", "date", "reason")),
    ],
)
def test_what_a_no_fix_does_not_say_is_told(value: str, lacking: tuple[str, ...]) -> None:
    (found,) = read_no_fixes([f"No-fix: {value}".rstrip()])
    assert found.lacking == lacking


def test_a_no_fix_goes_on_in_indented_lines_and_each_one_counts() -> None:
    lines = [
        "No-Fix: 59d0bf62861f until",
        "  2027-03-31:",
        "\toff",
        "No-Fix: 59d0bf62861e until 2027-03-31: on",
        "",
        " no",
    ]
    assert [(one.commit, one.until, one.reason, one.line) for one in read_no_fixes(lines)] == [
        ("59d0bf62861f", DAY, "off", 1),
        ("59d0bf62861e", DAY, "on", 4),
    ]


def test_what_a_no_fix_goes_on_in_ends_with_an_empty_line_or_another_one() -> None:
    lines = [
        "No-Fix: 59d0bf62861f until 2027-03-31: off",
        " ",
        " more",
        "  No-Fix: 59d0bf62861e",
        "  No-Fix: 59d0bf62861d",
    ]
    assert [(one.commit, one.reason) for one in read_no_fixes(lines)] == [
        ("59d0bf62861f", "off"),
        ("59d0bf62861e", ""),
        ("59d0bf62861d", ""),
    ]


def test_a_header_has_its_no_fixes_and_a_reversed_one_has_none() -> None:
    header = parse_header("From: A <a@b>\nSubject: a\nNo-fix: 59d0bf62861f until 2027-03-31: off\n\ntext\n")
    assert [one.commit for one in header.no_fixes] == ["59d0bf62861f"]
    assert (header.subject, header.reversed.no_fixes) == ("a", ())
    assert read_no_fixes(["This says No-Fix: 59d0bf62861f", "No-Fixes: 59d0bf62861f"]) == ()
