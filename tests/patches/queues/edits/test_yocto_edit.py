"""Facts of edits in Yocto recipes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.patches.queues.edits.edited import edited, left, put, texts


def recipe(root: Path, text: str, *names: str) -> Path:
    put(root, {"x_1.bb": text}, [f"files/{one}" for one in names])
    return root / "x_1.bb"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (  # a line of its own in the middle
            'SRC_URI = " \\\n    file://b.patch \\\n    file://a.patch;striplevel=2 \\\n    file://c.patch \\\n    "\n',
            'SRC_URI = " \\\n    file://b.patch \\\n    file://c.patch \\\n    "\n',
        ),
        ('SRC_URI = "file://a.patch \\\n    file://b.patch"\n', 'SRC_URI = " \\\n    file://b.patch"\n'),
        ('SRC_URI = "file://b.patch \\\n    file://a.patch"\n', 'SRC_URI = "file://b.patch \\\n    "\n'),
        ('SRC_URI = "file://b.patch file://a.patch file://c"\n', 'SRC_URI = "file://b.patch file://c"\n'),
        ('SRC_URI = "git://x file://b.patch"\nSRC_URI += "file://a.patch"\n', 'SRC_URI = "git://x file://b.patch"\n'),
        (
            'SRC_URI = "file://b.patch"\n# why\nSRC_URI:append = " \\\n  file://a.patch \\\n"\nX = "1"\n',
            'SRC_URI = "file://b.patch"\n# why\nX = "1"\n',
        ),
        ('SRC_URI += "file://a.patch"\nSRC_URI += "file://b.patch', 'SRC_URI += "file://b.patch'),
        ("SRC_URI = 'file://b.patch \\\r\n\tfile://a.patch \\\r\n\t'", "SRC_URI = 'file://b.patch \\\r\n\t'"),
        ('SRC_URI = "file://a.patch"\nSRC_URI += "file://b.patch"\n', 'SRC_URI = ""\nSRC_URI += "file://b.patch"\n'),
    ],
)
def test_words_go_with_their_lines(tmp_path: Path, before: str, after: str) -> None:
    edit = edited(recipe(tmp_path, before, "a.patch", "b.patch", "c.patch"), "a.patch")
    assert (edit.left, texts(edit)) == ((), {"x_1.bb": after, "files/a.patch": None})


def test_two_words_of_a_line_go_together(tmp_path: Path) -> None:
    edit = edited(
        recipe(tmp_path, 'SRC_URI += "file://a.patch file://b.patch"\n', "a.patch", "b.patch"), "a.patch", "b.patch"
    )
    assert texts(edit) == {"x_1.bb": "", "files/a.patch": None, "files/b.patch": None}


@pytest.mark.parametrize(
    ("text", "kind", "where", "other"),
    [
        ('SRC_URI:append:x86 = " file://a.patch"\n', "condition", "x_1.bb:1", "x86"),
        (
            "SRC_URI = \"${@bb.utils.contains('F', 'xen', 'file://a.patch', '', d)}\"\n",
            "condition", "x_1.bb:1", "F has xen",
        ),
        ('N = "a"\nSRC_URI = "file://${N}.patch"\n', "macro", "x_1.bb:2", ""),
        ('P2 = "file://a.patch"\nSRC_URI = "${P2}"\n', "macro", "x_1.bb:2", ""),
        ('SRC_URI = "file://a.patch"\ndo_install() {\n  rm a.patch\n}\n', "named", "x_1.bb:1", "x_1.bb:3"),
        ('SRC_URI = "https://e.org/a.patch"\n', "address", "x_1.bb:1", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_changed_safely_is_left(tmp_path: Path, text: str, kind: str, where: str, other: str) -> None:
    edit = edited(recipe(tmp_path, text, "a.patch"), "a.patch")
    assert left(edit) == [("a.patch", kind, where, other)]
    assert edit.changes == ()


def test_a_required_file_is_edited_unless_others_require_it(tmp_path: Path) -> None:
    put(tmp_path, {"x_1.bb": 'require x.inc\nSRC_URI += "x"\n', "x.inc": 'SRC_URI = "file://a.patch file://b.patch"\n'})
    put(tmp_path, {}, ("files/a.patch", "files/b.patch"))
    assert texts(edited(tmp_path / "x_1.bb", "a.patch")) == {
        "x.inc": 'SRC_URI = "file://b.patch"\n', "files/a.patch": None
    }  # fmt: skip
    put(tmp_path, {"x_2.bb": "require x.inc\n"})
    assert left(edited(tmp_path / "x_1.bb", "a.patch")) == [("a.patch", "shared", "x.inc:1", "x_2.bb")]


def test_a_file_of_another_version_too_stays(tmp_path: Path) -> None:
    put(tmp_path, dict.fromkeys(("x_1.bb", "x_2.bb"), 'SRC_URI = "file://a.patch"\n'), ("files/a.patch",))
    edit = edited(tmp_path / "x_1.bb", "a.patch")
    assert texts(edit) == {"x_1.bb": 'SRC_URI = ""\n'}
    assert [(one.path, one.by) for one in edit.kept] == [("files/a.patch", "x_2.bb")]


def test_a_file_of_another_version_under_a_made_name_stays(tmp_path: Path) -> None:
    put(tmp_path, {"x_1.bb": 'SRC_URI = "file://x-a.patch"', "x_2.bb": 'SRC_URI = "file://${BPN}-a.patch"'})
    put(tmp_path, {}, ("files/x-a.patch",))
    edit = edited(tmp_path / "x_1.bb", "x-a.patch")
    assert [(one.path, one.by) for one in edit.kept] == [("files/x-a.patch", "x_2.bb")]
