"""What the name of a file says of it."""

from __future__ import annotations

import pytest

from patches.relevance.names import base, is_document, is_kconfig, is_makefile, object_names, stem


@pytest.mark.parametrize(
    ("path", "name", "front"),
    [("a/b-c.c", "b-c.c", "b_c"), ("x.tar.gz", "x.tar.gz", "x.tar"), ("a/Makefile", "Makefile", ""), ("a/", "", "")],
)
def test_the_name_and_its_stem(path: str, name: str, front: str) -> None:
    assert (base(path), stem(path)) == (name, front)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("Makefile", "make"), ("a/Kbuild", "make"), ("a/Makefile.build", "make"), ("a/Kbuild.include", "make"),
        ("a/x.mk", "make"), ("a/Kconfig", "kconfig"), ("a/Kconfig.debug", "kconfig"), ("a/MakefileX", ""),
        ("a/myKconfig", ""), ("a/makefile.c", ""),
    ],
)  # fmt: skip
def test_who_reads_a_file(path: str, kind: str) -> None:
    assert (is_makefile(path), is_kconfig(path)) == (kind == "make", kind == "kconfig")


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("Documentation/x.c", True), ("LICENSES/x", True), ("MAINTAINERS", True), ("a/README", True), ("a/b.rst", True),
        ("a/.gitignore", True), ("a/Kconfig.txt", False), ("a/Documentation/x.c", False), ("a/x.c", False),
    ],
)  # fmt: skip
def test_of_a_document_nothing_is_ever_built(path: str, is_one: bool) -> None:
    assert is_document(path) is is_one


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("a/b.c", ["a/b.o", "a/b.nvhe.o"]),
        ("a/b.S", ["a/b.o", "a/b.nvhe.o"]),
        ("a/b.rs", ["a/b.o", "a/b.nvhe.o"]),
        ("a/b.asn1", ["a/b.asn1.o"]),
        ("a/b.dts", ["a/b.dtb.o"]),
        ("a/b.dtso", ["a/b.dtbo.o"]),
        ("a/b.h", []),
        ("a/b", []),
    ],
)
def test_the_objects_of_a_source_file(path: str, names: list[str]) -> None:
    assert object_names(path) == names
