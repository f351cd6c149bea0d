"""Yocto recipes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from patches.queues.formats.yocto import FORMAT, NAME_UNSET, Uri, expand, from_uri, logical_lines, names, uris
from patches.queues.formats.yocto_tasks import tasks
from patches.queues.reasons import Never, NeverKind, Unclear, UnclearKind
from tests.patches.queues.formats.folders import files_of, listed
from tests.patches.queues.formats.folders import names as listed_names


@pytest.mark.parametrize(
    ("path", "name", "version"),
    [("r/xen_4.17.bb", "xen", "4.17"), ("xen.inc", "xen", "1.0"), ("xen_%.bbappend", "xen", ""), ("x.txt", "", "")],
)
def test_a_recipe_s_name_says_what_it_builds(path: str, name: str, version: str) -> None:
    found = names(path)
    assert (found["PN"], found["PV"], found["BP"]) == (name, version, f"{name}-{version}")


def test_variables_are_put_in_where_they_are_known() -> None:
    assert expand("${A}/${B}", {"A": "x${C}", "C": "y"}) == "xy/${B}"
    assert expand("${A}", {"A": "${A}"}) == "${A}"


def test_addresses_know_how_many_lines_down_they_stand() -> None:
    found = uris("file://a.patch \n\n  file://b.patch file://c.patch", {})
    assert [(one.offset, one.word) for one in found] == [
        (0, "file://a.patch"),
        (2, "file://b.patch"),
        (2, "file://c.patch"),
    ]


def test_lines_go_on_after_a_backslash_and_into_what_is_required_once(tmp_path: Path) -> None:
    files = files_of(
        tmp_path,
        {
            "r/x_1.bb": 'require ${PN}.inc\n# said\nA = "1 \\\n 2"\ninclude gone.inc\n',
            "r/x.inc": "B\nrequire x.inc\nC \\",
        },
    )
    assert [one for one in logical_lines(files, "r/x_1.bb", set()) if one[2]] == [
        ("r/x.inc", 1, "B"),
        ("r/x.inc", 3, "C "),
        ("r/x_1.bb", 3, 'A = "1 \n 2"'),
    ]


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("file://a.patch", ("a.patch", 1, None, None)),
        ("file://a.patch;striplevel=2", ("a.patch", 2, None, None)),
        ("file://a.patch;pnum=0;apply=yes", ("a.patch", 0, None, None)),
        ("file://a.patch;striplevel=x", ("a.patch", 1, None, Unclear(UnclearKind.OPTIONS, ("striplevel=x",)))),
        ("file://a.patch;apply=no", ("a.patch", 1, Never(NeverKind.APPLY_NO), None)),
        ("file://a.txt;apply=yes", ("a.txt", 1, None, None)),
        ("file://${X}.patch", ("${X}.patch", 1, None, NAME_UNSET)),
        ("file://a.txt", None),
        ("https://x.org/d/a.patch", ("a.patch", 1, None, None)),
        ("https://x.org/a.txt", None),
    ],
)
def test_an_address_that_is_a_patch(
    tmp_path: Path, word: str, found: tuple[str, int, Never | None, Unclear | None] | None
) -> None:
    item = from_uri(files_of(tmp_path, {"x": ""}), "", Uri(word, 1, "arm"), names("x_1.bb"), 2)
    assert (None if item is None else (item.name, item.strip, item.never, item.unclear)) == found
    assert item is None or (item.line, item.condition) == (3, "arm")


@pytest.mark.parametrize(
    ("there", "path"),
    [
        (["r/x-1/a.patch", "r/files/a.patch"], "r/x-1/a.patch"),
        (["r/x/a.patch"], "r/x/a.patch"),
        (["r/files/a.patch"], "r/files/a.patch"),
        (["r/other/a.patch"], "r/other/a.patch"),
        (["r/one/a.patch", "r/two/a.patch"], "r/a.patch"),
        ([], "r/a.patch"),
    ],
)
def test_a_patch_is_looked_for_where_bitbake_does(tmp_path: Path, there: list[str], path: str) -> None:
    files = files_of(tmp_path, {"r/x_1.bb": "", **dict.fromkeys(there, "")})
    item = from_uri(files, "r", Uri("file://a.patch", 0), names("r/x_1.bb"), 1)
    assert item is not None
    assert item.path == path


@pytest.mark.parametrize(
    ("there", "other"),
    [
        (["r/files/a.patch", "r/files/qemuarm/a.patch"], "r/files/qemuarm/a.patch"),
        (["r/x-1/a.patch", "r/files/qemuarm/a.patch"], "r/files/qemuarm/a.patch"),
        (["r/x-1/a.patch", "r/x-2/a.patch", "r/other/a.patch"], ""),
        (["r/x-1/a.patch", "r/x/a.patch", "r/files/a.patch"], ""),
        (["r/files/a.patch", "r/files/qemuarm/b.patch"], ""),
        (["r/a.patch", "r/files/qemuarm/a.patch"], "r/files/qemuarm/a.patch"),
        (["r/a.patch", "r/z/a.patch"], ""),
        (["r/files/qemuarm/a.patch"], ""),
    ],
)
def test_a_machine_s_own_file_of_the_same_name_is_another_patch(tmp_path: Path, there: list[str], other: str) -> None:
    text = {"r/x_1.bb": 'SRC_URI = "file://a.patch"\n', **dict.fromkeys(there, "")}
    (item,) = listed(FORMAT, tmp_path, text, "r/x_1.bb").items
    assert item.unclear == (Unclear(UnclearKind.TWO_FILES, (other,)) if other else None)


def test_prepended_ones_come_first_and_appended_ones_last(tmp_path: Path) -> None:
    text = (
        'SRC_URI:append:arm = " file://c.patch"\nSRC_URI = "file://b.patch \\\n  file://${MINE}.patch"\nMINE = "m"\n'
        'SRC_URI_prepend = "file://a.patch "\nSRC_URI:remove = "file://b.patch"\n'
    )
    listing = listed(FORMAT, tmp_path, {"x_1.bb": 'MINE = "m"\n' + text}, "x_1.bb")
    assert [(it.name, it.line, it.condition, it.never) for it in listing.items] == [
        ("a.patch", 6, "", None),
        ("b.patch", 3, "", Never(NeverKind.REMOVED)),
        ("m.patch", 4, "", None),
        ("c.patch", 2, "arm", None),
    ]


@pytest.mark.parametrize(
    ("lines", "applied"),
    [
        ('SRC_URI = "file://b.patch"', ["b"]),
        ('SRC_URI := "file://b.patch"', ["b"]),
        ('SRC_URI = "file://b.patch"\nSRC_URI += "file://c.patch"', ["b", "c"]),
        ('SRC_URI += "file://b.patch"', ["a", "b"]),
        ('SRC_URI:append = " file://b.patch"', ["a", "b"]),
        ('SRC_URI:append = " file://b.patch"\nSRC_URI = "file://c.patch"', ["c", "b"]),
        ('SRC_URI:arm = "file://b.patch"', ["a", "b"]),
        ('SRC_URI ?= "file://b.patch"', ["a"]),
        ('SRC_URI ??= "file://b.patch"', ["a"]),
        ('SRC_URI = "file://a.patch"', ["a"]),
    ],
)
def test_a_later_value_takes_the_place_of_what_was_required(tmp_path: Path, lines: str, applied: list[str]) -> None:
    text = {"x.inc": 'SRC_URI += "file://a.patch"\n', "x_1.bb": f"require x.inc\n{lines}\n"}
    items = listed(FORMAT, tmp_path, text, "x_1.bb").items
    assert [it.name[0] for it in items if not it.never] == applied
    assert {it.never for it in items} <= {None, Never(NeverKind.REPLACED)}
    first = listed(FORMAT, tmp_path, {"y_1.bb": 'SRC_URI ?= "file://a.patch"\n'}, "y_1.bb").items
    assert [it.name for it in first if not it.never] == ["a.patch"]


@pytest.mark.parametrize(
    ("lines", "applied"),
    [
        ('SRC_URI ??= "file://a.patch"\nSRC_URI ?= "file://b.patch"', ["b"]),
        ('SRC_URI ??= "file://a.patch"\nSRC_URI ??= "file://b.patch"', ["b"]),
        ('SRC_URI ?= "file://a.patch"\nSRC_URI ??= "file://b.patch"', ["a"]),
        ('SRC_URI ??= "file://a.patch"\nSRC_URI += "file://b.patch"', ["b"]),
        ('SRC_URI += "file://a.patch"\nSRC_URI ??= "file://b.patch"', ["a"]),
        ('SRC_URI ??= "file://a.patch"\nSRC_URI:append = " file://b.patch"', ["a", "b"]),
        ('SRC_URI = "git://x.org/k"\nSRC_URI ?= "file://b.patch"', []),
    ],
)
def test_a_weak_default_holds_only_where_nothing_else_is_given(tmp_path: Path, lines: str, applied: list[str]) -> None:
    items = listed(FORMAT, tmp_path, {"x_1.bb": f"{lines}\n"}, "x_1.bb").items
    assert [it.name[0] for it in items if not it.never] == applied


@pytest.mark.parametrize(
    ("line", "condition"),
    [
        ('SRC_URI:remove:arm = "file://a.patch"', "not (arm)"),
        ('SRC_URI_remove_arm = "file://a.patch"', "not (arm)"),
        (
            "SRC_URI:remove = \"${@bb.utils.contains('F', 'x', 'file://a.patch', '', d)}\"",
            "not (F has x)",
        ),
    ],
)
def test_what_is_removed_under_a_condition_is_there_under_its_opposite(
    tmp_path: Path, line: str, condition: str
) -> None:
    text = f'SRC_URI = "file://a.patch file://b.patch"\n{line}\n'
    items = listed(FORMAT, tmp_path, {"x_1.bb": text}, "x_1.bb").items
    assert [(it.name, it.condition, it.never) for it in items] == [("a.patch", condition, None), ("b.patch", "", None)]


def test_a_patch_that_python_adds_is_told_with_its_line(tmp_path: Path) -> None:
    text = "SRC_URI = 'file://a.patch'\npython () {\n    d.appendVar('SRC_URI', ' file://b.patch')\n}\n"
    items = listed(FORMAT, tmp_path, {"x_1.bb": text}, "x_1.bb").items
    why = Unclear(UnclearKind.EXPRESSION, ("d.appendVar('SRC_URI', ' file://b.patch')",))
    assert [(it.name, it.line, it.unclear) for it in items] == [("a.patch", 1, None), ("b.patch", 3, why)]
    (task,) = tasks([("", 1, "do_x:append() {"), ("", 2, "  y"), ("", 3, "}"), ("", 4, "z")])
    assert (task.name, task.python, task.lines) == ("do_x:append", False, [("", 2, "  y")])


def test_a_recipe_is_known_by_its_name_and_its_sources(tmp_path: Path) -> None:
    files = files_of(tmp_path, {"a.bb": "SRC_URI = ''\n", "b.bb": "x\n", "c.txt": "SRC_URI\n"})
    assert [FORMAT.recognises(files, path) for path in ("a.bb", "b.bb", "c.txt")] == [True, False, False]
    assert listed_names(FORMAT.read(files, "b.bb")) == []


@pytest.mark.parametrize(
    "line", ["SRC_URI" * 500, "SRC_URI" + "_a:b" * 500, "A_" * 1000, "A" + "_b:c" * 500, "${A}" * 500]
)
def test_a_name_of_many_parts_takes_no_time(tmp_path: Path, line: str) -> None:
    start = time.process_time()
    listed(FORMAT, tmp_path, {"x.bb": f"{line}\n" * 10 + 'SRC_URI = "file://a.patch"\n'}, "x.bb")
    assert time.process_time() - start < 1
