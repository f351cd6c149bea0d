"""SUSE's series.conf."""

from __future__ import annotations

from pathlib import Path

import pytest

from patches.queues.formats.suse import FORMAT, why_never
from patches.queues.reasons import Never, NeverKind
from tests.patches.queues.formats.folders import files_of, listed


@pytest.mark.parametrize(
    ("guards", "found"),
    [
        ([], None),
        (["+x86", "-arm"], None),
        (["-"], Never(NeverKind.GUARD_OFF)),
        (["+x86", "-x86"], Never(NeverKind.GUARDS_OPPOSED, ("x86",))),
        (["+x86", "+!x86"], Never(NeverKind.GUARDS_OPPOSED, ("x86",))),
    ],
)
def test_guards_that_let_nothing_through_say_why(guards: list[str], found: Never | None) -> None:
    assert why_never(guards) == found


@pytest.mark.parametrize(
    ("name", "text", "is_one"),
    [
        ("series.conf", "", True),
        ("series-vm.conf", "x\n", True),
        ("other.conf", "+x86 patches/a\n", True),
        ("config", "\tpatches.suse/a\n# c\n", True),
        ("config", "\tpatches.suse/a\nother words here\n", False),
        ("config", "", False),
        ("x.txt", "+x86 patches/a\n", False),
    ],
)
def test_a_series_is_known_by_its_name_or_its_guards(tmp_path: Path, name: str, text: str, is_one: bool) -> None:
    assert FORMAT.recognises(files_of(tmp_path, {name: text}), name) is is_one


def test_a_line_has_guards_a_path_and_a_comment(tmp_path: Path) -> None:
    text = "\tp/a.patch\n+x86 -old p/b.patch # why\n-\tp/c.patch\n\n+lonely\nplain.patch\n"
    files = {"q/series.conf": text, "q/p/a.patch": "", "q/p/deep/d.patch": "", "q/e.patch": "", "q/r/f.patch": ""}
    listing = listed(FORMAT, tmp_path, files, "q/series.conf")
    assert [(it.name, it.path, it.line, it.condition, it.comment, bool(it.never)) for it in listing.items] == [
        ("p/a.patch", "q/p/a.patch", 1, "", "", False),
        ("p/b.patch", "q/p/b.patch", 2, "+x86 -old", "why", False),
        ("p/c.patch", "q/p/c.patch", 3, "-", "", True),
        ("plain.patch", "q/plain.patch", 6, "", "", False),
    ]
    assert sorted(listing.present) == ["q/e.patch", "q/p/a.patch", "q/p/deep/d.patch"]
