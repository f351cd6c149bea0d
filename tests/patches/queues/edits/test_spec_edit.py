"""Facts of edits in RPM specs."""

from __future__ import annotations

from pathlib import Path

import pytest

from patches.queues.edit import edit_queue
from patches.queues.queue import open_queue
from tests.patches.queues.edits.edited import drops_of, edited, left, put, texts

HEAD = "Name: x\nVersion: 1\nSource0: x.tar.gz\n"


def spec(root: Path, text: str, *names: str) -> Path:
    put(root, {"x.spec": text}, names)
    return root / "x.spec"


def test_numbers_of_others_stay_and_comments_stay(tmp_path: Path) -> None:
    text = f"{HEAD}# why a\nPatch1: a.patch\nPatch2:   b.patch\n# c\nPatch7: c.patch\n%prep\n%autosetup -p1\n"
    text += "%changelog\n- a.patch\n"
    edit = edited(spec(tmp_path, text, "a.patch", "b.patch", "c.patch"), "a.patch", "c.patch")
    assert texts(edit) == {
        "x.spec": text.replace("Patch1: a.patch\n", "").replace("Patch7: c.patch\n", ""),
        "a.patch": None,
        "c.patch": None,
    }
    assert edit.left == ()


def test_a_patch_that_is_applied_twice_goes_from_both_places_or_from_none(tmp_path: Path) -> None:
    text = f"{HEAD}Patch1: a.patch\nPatch2: b.patch\n%prep\n%autosetup -p1\npushd lib\n%patch -P1 -p1\npopd\n"
    where = spec(tmp_path, text, "a.patch", "b.patch")
    every = drops_of(open_queue(str(where)), ["a.patch", "a.patch"])
    for one in every:
        edit = edit_queue(str(where), [one])
        assert (edit.changes, edit.removed, left(edit)) == ((), (), [("a.patch", "kept", "x.spec:4", "x.spec:4")])
    gone = text.replace("Patch1: a.patch\n", "").replace("%patch -P1 -p1\n", "")
    assert texts(edit_queue(str(where), every)) == {"x.spec": gone, "a.patch": None}


@pytest.mark.parametrize(
    "apply",
    [
        "%patch2 -p1 -b .two",
        "  %patch -P 2 -p1",
        "%patch -P2",
        "%{patch2 -p1}",
        "%patch 2",
        "patch -p1 -i %{PATCH2}",
        "%{__patch} -p1 --fuzz=0 < %{PATCH2}",
        "git am %{PATCH2}",
        'cat "%{PATCH2}" | patch -p1',
    ],
)
def test_lines_that_apply_it_go_too(tmp_path: Path, apply: str) -> None:
    text = f"{HEAD}Patch1: a.patch\nPatch2: b.patch\n%prep\n%patch -P 1 -p1\n{apply}\n%build\n"
    edit = edited(spec(tmp_path, text, "a.patch", "b.patch"), "b.patch")
    assert texts(edit)["x.spec"] == text.replace("Patch2: b.patch\n", "").replace(f"{apply}\n", "")


@pytest.mark.parametrize(
    ("more", "kind", "line"),
    [
        ("%patch -P 1 -P 2 -p1", "several", 7),
        ("%patch2 -p1; touch x", "command", 7),
        ("%autopatch -p1 1 2", "several", 7),
        ("#%patch2 -p1", "command", 7),
        ("tee x < %{PATCH2}", "command", 7),
        ("for p in %{PATCH1} %{PATCH2}; do patch -i $p; done", "several", 7),
        ("%patch -P 2 \\\n -p1", "continued", 7),
        ("%patch -P 2\ncp b.patch x", "named", 8),
    ],
)
def test_lines_that_do_more_keep_it(tmp_path: Path, more: str, kind: str, line: int) -> None:
    text = f"{HEAD}Patch1: a.patch\nPatch2: b.patch\n%prep\n{more}\n%patch -P 2\n%patch -P 1\n"
    edit = edited(spec(tmp_path, text, "a.patch", "b.patch"), "b.patch")
    assert left(edit) == [("b.patch", kind, "x.spec:5", f"x.spec:{line}")]
    assert edit.changes == ()


def test_a_line_that_applies_several_goes_with_all_of_them(tmp_path: Path) -> None:
    text = f"{HEAD}Patch1: a.patch\nPatch2: b.patch\nPatch3: c.patch\n%prep\n%patch -P 1 -P 2\n%patch -P 3\n"
    edit = edited(spec(tmp_path, text, "a.patch", "b.patch", "c.patch"), "a.patch", "b.patch")
    assert texts(edit)["x.spec"] == f"{HEAD}Patch3: c.patch\n%prep\n%patch -P 3\n"


def test_what_shares_a_line_with_one_that_stays_stays_too(tmp_path: Path) -> None:
    text = f"{HEAD}Patch1: a.patch\nPatch2: b.patch\n%prep\n%patch -P 1 -P 2\ncp %{{PATCH1}} y\n"
    edit = edited(spec(tmp_path, text, "a.patch", "b.patch"), "a.patch", "b.patch")
    assert [one[:2] for one in left(edit)] == [("a.patch", "command"), ("b.patch", "several")]
    assert edit.changes == ()


def test_conditions_and_double_numbers_are_left(tmp_path: Path) -> None:
    text = (
        f"{HEAD}%if 0%{{?rhel}}\nPatch1: a.patch\n%endif\nPatch2: b.patch\n%if 0\nPatch2: c.patch\n%endif\n"
        "Patch3: %{?with_x:d.patch}d.patch\nPatch4: e.patch\n%prep\n%autosetup\n"
    )
    edit = edited(spec(tmp_path, text, "a.patch", "b.patch", "d.patch", "e.patch"), "a.patch", "b.patch", "d.patch")
    assert left(edit) == [
        ("a.patch", "condition", "x.spec:5", "0%{?rhel}"),
        ("b.patch", "twice", "x.spec:7", "x.spec:9"),
        ("d.patch", "macro", "x.spec:11", ""),
    ]


def test_a_plain_macro_in_a_name_is_no_hindrance(tmp_path: Path) -> None:
    text = f"{HEAD}Patch1: %{{name}}-a.patch\nPatch2: b.patch\n%prep\n%autosetup\n"
    edit = edited(spec(tmp_path, text, "x-a.patch", "b.patch"), "x-a.patch")
    assert texts(edit) == {"x.spec": text.replace("Patch1: %{name}-a.patch\n", ""), "x-a.patch": None}


def test_a_patchlist_loses_lines_where_no_number_counts(tmp_path: Path) -> None:
    text = f"{HEAD}%patchlist\n# a\na.patch\nb.patch\nc.patch\n\n%prep\n%autosetup -p1\n"
    edit = edited(spec(tmp_path, text, "a.patch", "b.patch", "c.patch"), "b.patch")
    assert texts(edit)["x.spec"] == text.replace("b.patch\n", "")


def test_what_would_number_others_anew_is_left(tmp_path: Path) -> None:
    text = f"{HEAD}Patch: a.patch\nPatch: b.patch\nPatch: c.patch\n%prep\n%patch -P 0\n%patch -P 1\n%patch -P 2\n"
    edit = edited(spec(tmp_path, text, "a.patch", "b.patch", "c.patch"), "a.patch", "c.patch")
    assert left(edit) == [("a.patch", "numbers", "x.spec:4", "")]
    assert texts(edit) == {
        "x.spec": text.replace("Patch: c.patch\n", "").replace("%patch -P 2\n", ""), "c.patch": None
    }  # fmt: skip


def test_bounds_of_autopatch_count_as_numbers(tmp_path: Path) -> None:
    text = f"{HEAD}Patch: a.patch\nPatch: b.patch\nPatch: c.patch\n%prep\n%autopatch -p1 -M 1\n"
    edit = edited(spec(tmp_path, text, "a.patch", "b.patch", "c.patch"), "a.patch")
    assert left(edit) == [("a.patch", "numbers", "x.spec:4", "")]


def test_a_declaration_that_goes_on_is_left(tmp_path: Path) -> None:
    text = f"{HEAD}Patch1: a.patch \\\n\nPatch2: b.patch\n%prep\n%autosetup\n"
    assert left(edited(spec(tmp_path, text, "a.patch", "b.patch"), "a.patch")) == [
        ("a.patch", "continued", "x.spec:4", "")
    ]


def test_an_included_declaration_is_left(tmp_path: Path) -> None:
    put(
        tmp_path,
        {"x.spec": f"{HEAD}%include p.inc\n%prep\n%autosetup\nPatch9: z.patch\n", "p.inc": "Patch1: a.patch\n"},
    )
    put(tmp_path, {"x.spec": f"{HEAD}Patch9: b.patch\n%include p.inc\n%prep\n%autosetup\n"}, ("a.patch", "b.patch"))
    edit = edited(tmp_path / "x.spec", "a.patch", "b.patch")
    assert left(edit) == [("a.patch", "included", "p.inc:1", "x.spec")]
    assert edit.removed == ("b.patch",)


def test_a_patch_that_is_a_source_too_keeps_its_file(tmp_path: Path) -> None:
    text = f"{HEAD}Source5: https://e.org/y#/a.patch\nPatch1: a.patch\n%prep\n%autosetup\n"
    edit = edited(spec(tmp_path, text, "a.patch"), "a.patch")
    assert left(edit) == [("a.patch", "named", "x.spec:5", "x.spec:4")]


def test_patches_in_sources_beside_specs_go(tmp_path: Path) -> None:
    text = f"{HEAD}Patch1: a.patch\r\nPatch2: b.patch\r\n%prep\r\n%autosetup"
    put(tmp_path, {"SPECS/x.spec": text}, ("SOURCES/a.patch", "SOURCES/b.patch"))
    assert texts(edited(tmp_path / "SPECS" / "x.spec", "b.patch")) == {
        "SPECS/x.spec": text.replace("Patch2: b.patch\r\n", ""),
        "SOURCES/b.patch": None,
    }
