"""quilt's series."""

from __future__ import annotations

from pathlib import Path

import pytest

from patches.queues.formats.quilt import FORMAT
from patches.queues.queue import open_queue
from patches.queues.reasons import Unclear, UnclearKind
from tests.patches.queues.formats.folders import files_of, listed
from tests.patches.queues.test_queues import patch, stale, write


@pytest.mark.parametrize(
    ("line", "name", "strip", "reverse", "condition", "comment"),
    [
        ("a.patch", "a.patch", 1, False, "", ""),
        ("a.patch -p0", "a.patch", 0, False, "", ""),
        ("a.patch -p 2", "a.patch", 2, False, "", ""),
        ("a.patch -R", "a.patch", 1, True, "", ""),
        ("a.patch --reverse", "a.patch", 1, True, "", ""),
        ("a.patch -Rp2", "a.patch", 2, True, "", ""),
        ("a.patch -E -p3", "a.patch", 3, False, "", ""),
        ("a.patch # why", "a.patch", 1, False, "", "why"),
        ("a.patch #+new #-old", "a.patch", 1, False, "+new -old", ""),
        ("  sub/a.diff\t-p1  # x", "sub/a.diff", 1, False, "", "x"),
    ],
)
def test_a_line_of_a_series(
    tmp_path: Path, line: str, name: str, strip: int, reverse: bool, condition: str, comment: str
) -> None:
    (item,) = listed(FORMAT, tmp_path, {"q/series": line + "\n"}, "q/series").items
    assert (item.name, item.path, item.line) == (name, f"q/{name}", 1)
    assert (item.strip, item.reverse, item.condition, item.comment) == (strip, reverse, condition, comment)


def test_a_line_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    files = files_of(tmp_path, {"series": "a.patch\nb.patch and more\n"})
    assert not FORMAT.recognises(files, "series")
    first, second = FORMAT.read(files, "series").items
    assert (first.unclear, second.name, second.path) == (None, "b.patch", "")
    assert second.unclear == Unclear(UnclearKind.LINE)


@pytest.mark.parametrize(
    ("name", "text", "is_one"),
    [
        ("series", "", True),
        ("series.debian", "a.patch\n", True),
        ("series.conf", "a.patch\n", False),
        ("list", "there.patch\n", True),
        ("list", "there.patch\ngone.patch\n", True),
        ("list", "there.patch\ngone.patch\nlost.patch\n", False),
        ("list", "there\n", False),
        ("list", "", False),
        ("list", "int main(void) { return 0; }\n", False),
    ],
)
def test_a_series_is_known_by_its_name_or_by_what_it_lists(tmp_path: Path, name: str, text: str, is_one: bool) -> None:
    assert FORMAT.recognises(files_of(tmp_path, {name: text, "there.patch": ""}), name) is is_one


def test_the_patches_of_its_folder_are_present_and_what_a_comment_lists_is_switched_off(tmp_path: Path) -> None:
    files = {"series": "a.patch\n#b.patch -p1\n", "a.patch": "", "b.patch": "", "sub/c.patch": ""}
    listing = listed(FORMAT, tmp_path, files, "series")
    assert {"a.patch", "b.patch"} <= set(listing.present)
    assert dict(listing.disabled) == {"b.patch": 2}


def test_a_line_that_is_an_address_is_a_patch_that_is_not_fetched(tmp_path: Path) -> None:
    sha = "0123456789abcdef" * 2 + "01234567"
    series = (
        f"https://github.com/o/r/commit/{sha}.patch -p2 # why\nhttps://e.org/there.patch\n"
        f"https://gitlab.com/o/r/-/commit/{sha}.patch#/0001-a.patch\ngone.patch\n"
    )
    queue = open_queue(str(write(tmp_path, {"series": series, "there.patch": patch("There")})))
    assert [(one.name, one.where, one.strip, one.comment) for one in queue.entries] == [
        (f"{sha}.patch", "series:1", 2, "why"), ("there.patch", "series:2", 1, ""), ("0001-a.patch", "series:3", 1, ""),
    ]  # fmt: skip
    assert [[claim.commit for claim in one.header.claims] for one in queue.entries] == [[sha], [], [sha]]
    assert [one.kind.value for entry in queue.entries for one in entry.patch.problems] == ["not-fetched"] * 2
    assert stale(queue) == [("missing", "gone.patch", "series:4")]
