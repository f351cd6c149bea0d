"""What the readers of a tree's Makefiles share."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from kcfg.base.version import ARCHES
from kcfg.kbuild.condition import ALWAYS, NEVER, AskedKind, M, N, Undecidable, ValueTest, Y
from kcfg.kbuild.tree import Descent, Listing, MakeLine
from kcfg.kbuild.walk import FIXED, MakefileReader
from kcfg.kbuild.words import OPEN, UNKNOWN, MakePlace, MakeWord, unknown
from kcfg.sources.open import open_source
from tests.kcfg.kbuild.makes import PLACE, said
from tests.kcfg.trees import write_tree

A, B = ValueTest("A", Y), ValueTest("B", M)
LINE = MakeLine("Makefile", 1, ALWAYS, NEVER)


def reader_of(folder: Path, files: dict[str, str] | None = None, arch: str = "x86_64") -> MakefileReader:
    return MakefileReader(open_source(str(write_tree(folder, {"Kconfig": "", **(files or {})}))), arch)


def test_an_architecture_that_is_not_known_is_refused_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        reader_of(tmp_path, arch="vax")
    assert caught.value.message == "no such architecture: vax"
    assert caught.value.hint == ", ".join(ARCHES)


def test_every_architecture_fixes_its_own_symbols() -> None:
    assert FIXED.keys() == ARCHES.keys()
    assert {arch: FIXED[arch]["64BIT"] for arch in FIXED} == {"x86_64": Y, "i386": N, "arm64": Y, "arm": N}


def test_a_makefile_knows_its_architecture_and_its_folder(tmp_path: Path) -> None:
    make = reader_of(tmp_path, arch="i386").make("drivers/xen")
    assert said(make.words("$(SRCARCH) $(obj)/a.o $(src) $(srctree)/b", PLACE)) == [
        "x86",
        "drivers/xen/a.o",
        "drivers/xen",
        "./b",
    ]
    assert said(make.words("$(CONFIG_X86_32) $(CONFIG_X86_64)", PLACE)) == ["y"]


def test_a_file_is_read_and_what_is_none_is_none(tmp_path: Path) -> None:
    reader = reader_of(tmp_path, {"d/Makefile": "obj-y := a.o", "d/b": "x"})
    (tmp_path / "d/b").write_bytes(b"\xff")
    assert reader.read("d/Makefile") == "obj-y := a.o"
    assert reader.read("d/b") == "\N{REPLACEMENT CHARACTER}"
    assert [reader.read(path) for path in ("gone", "", "/etc/passwd", "../x")] == [None] * 4


def test_a_folder_has_one_number_and_each_way_once(tmp_path: Path) -> None:
    reader = reader_of(tmp_path)
    other = Descent(-1, MakeLine("Makefile", 2, A, NEVER))
    for path, way in (("a", Descent(-1, LINE)), ("b", Descent(-1, LINE)), ("a", other), ("a", other)):
        reader.enter(path, way)
    assert reader.index == {"a": 0, "b": 1}
    assert [list(edge.ways) for edge in reader.edges] == [[Descent(-1, LINE), other], [Descent(-1, LINE)]]


def test_a_folder_s_kbuild_stands_before_its_makefile(tmp_path: Path) -> None:
    reader = reader_of(
        tmp_path, {"d/Kbuild": "obj-y := a.o", "d/Makefile": "obj-y := b.o", "e/Makefile": "obj-y := c.o"}
    )
    assert [said(reader.open(path).value("obj-y", PLACE)) for path in "de"] == [["a.o"], ["c.o"]]
    assert list(reader.files) == ["d/Kbuild", "e/Makefile"]
    assert reader.undecidable == []


def test_a_folder_without_a_makefile_is_told(tmp_path: Path) -> None:
    reader = reader_of(tmp_path)
    reader.open("gone")
    reader.open("")  # the top Makefile is no list of objects
    assert reader.undecidable == [
        Undecidable("", "gone/Makefile", 0, AskedKind.MAKEFILE),
        Undecidable("", "Makefile", 0, AskedKind.MAKEFILE),
    ]


def test_words_that_are_not_known_are_noted_and_left_out(tmp_path: Path) -> None:
    reader = reader_of(tmp_path)
    place = MakePlace("Makefile", 4)
    words = [MakeWord("a.o", A, place), *unknown("$(shell x)", place), MakeWord(f"{OPEN}B{OPEN}.o", B, place)]
    assert reader.known(words) == words[:1]
    assert reader.undecidable == [
        Undecidable("$(shell x)", "Makefile", 4),
        Undecidable("", "Makefile", 4, AskedKind.NAME),
    ]


def test_an_undecidable_word_is_noted_by_what_makes_it_so(tmp_path: Path) -> None:
    reader = reader_of(tmp_path)
    reader.note(MakeWord(UNKNOWN, A, MakePlace("Makefile", 5)))
    assert reader.undecidable == [Undecidable("", "Makefile", 5, AskedKind.NAME)]


def test_a_listing_joins_the_conditions_of_its_lines(tmp_path: Path) -> None:
    reader = reader_of(tmp_path)
    lines = (MakeLine("d/Makefile", 2, A, A), MakeLine("d/Makefile", 1, ValueTest("C", Y), NEVER))
    reader.list_object("d/../d/a.o", 3, "d/./all.o", True, lines)
    (found,) = reader.listings["d/a.o"]
    assert (found.folder, found.target, found.linked, found.module) == (3, "d/all.o", True, NEVER)
    assert isinstance(found, Listing)
    assert said([MakeWord("x", found.builtin, PLACE)]) == ["x if C=y && A=y"]


def test_an_object_that_is_never_built_is_not_listed(tmp_path: Path) -> None:
    reader = reader_of(tmp_path)
    reader.list_object("a.o", 0, "a.o", True, (MakeLine("Makefile", 1, NEVER, NEVER),))
    assert reader.listings == {}
