"""Why a patch that a queue lists is not read: each format says it by a kind, with the names that belong to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from patches.queues.queue import open_queue
from patches.queues.reasons import Never, NeverKind, Unclear, UnclearKind
from tests.patches.queues.test_queues import write

SETS = "pkgver=1\nsource=(a.patch)\nprepare() {\n"


def recipe(line: str) -> dict[str, str]:
    """A PKGBUILD whose prepare() has one line."""
    return {"PKGBUILD": f"{SETS}{line}\n}}\n", "a.patch": ""}


@pytest.mark.parametrize(
    ("line", "kind", "names"),
    [
        ('patch -p1 -i "$srcdir/$(date).patch"', UnclearKind.NEEDS_RUN, ()),
        ('patch -p1 -i "$srcdir/"b*.patch', UnclearKind.NO_MATCH, ()),
        ("patch -p1 -i linux/sub/x.patch", UnclearKind.UNPACKED, ()),
        ("sed s/a/b/ a.patch | patch -p1", UnclearKind.HANDED, ("sed s/a/b/ a.patch",)),
        ("patch -p1", UnclearKind.READ, ("patch",)),
        ("git am", UnclearKind.READ, ("git am",)),
        ("git revert HEAD", UnclearKind.NO_COMMIT, ("revert",)),
    ],
)
def test_what_a_recipe_applies_that_cannot_be_told(
    tmp_path: Path, line: str, kind: UnclearKind, names: tuple[str, ...]
) -> None:
    queue = open_queue(str(write(tmp_path, recipe(line)) / "PKGBUILD"))
    assert [one.unclear for one in queue.findings if one.unclear] == [Unclear(kind, names)]


def test_what_a_recipe_does_not_apply_names_the_step(tmp_path: Path) -> None:
    queue = open_queue(str(write(tmp_path, recipe("true")) / "PKGBUILD"))
    assert [one.never for one in queue.findings] == [Never(NeverKind.NOT_APPLIED, ("prepare()",))]


def test_what_stands_under_a_condition_that_never_holds_names_it(tmp_path: Path) -> None:
    queue = open_queue(str(write(tmp_path, recipe("[ a = b ] && patch -p1 -i ../a.patch")) / "PKGBUILD"))
    assert [one.never for one in queue.findings] == [Never(NeverKind.CONDITION, ("[ a = b ]",))]


@pytest.mark.parametrize(
    ("element", "kind"),
    [
        ("(fetchpatch { url = x; })", UnclearKind.NO_ADDRESS),
        ('(fetchpatch { url = "https://e.org/${x}.patch"; })', UnclearKind.ADDRESS_PARTS),
        ("./${x}.patch", UnclearKind.NAME_PARTS),
        ("x", UnclearKind.NOT_EVALUATED),
    ],
)
def test_what_nix_would_have_to_evaluate(tmp_path: Path, element: str, kind: UnclearKind) -> None:
    files = {"x.nix": f"{{ patches = [ ./a.patch {element} ]; }}\n", "a.patch": ""}
    queue = open_queue(str(write(tmp_path, files) / "x.nix"))
    assert [one.unclear for one in queue.findings] == [Unclear(kind)]


@pytest.mark.parametrize(
    ("line", "unclear"),
    [
        ("X_PATCH = https://e.org/$(Y).patch", Unclear(UnclearKind.NAME_UNSET, ("variables", "the makefile"))),
        ("X_PATCH = https://e.org/x.tar.gz", Unclear(UnclearKind.ARCHIVE)),
        ("\t$(APPLY_PATCHES) $(@D) more", Unclear(UnclearKind.OWN_STEP)),
    ],
)
def test_what_a_package_of_buildroot_applies_that_is_not_here(tmp_path: Path, line: str, unclear: Unclear) -> None:
    files = {"x.mk": f"{line}\n$(eval $(generic-package))\n", "a.patch": ""}
    queue = open_queue(str(write(tmp_path, files) / "x.mk"))
    assert [one.unclear for one in queue.findings] == [unclear]


def test_an_expression_of_bitbake_is_not_run(tmp_path: Path) -> None:
    text = "SRC_URI = \"file://a.patch ${@more(d, 'x.patch')}\"\n"
    queue = open_queue(str(write(tmp_path, {"x_1.bb": text, "files/a.patch": ""}) / "x_1.bb"))
    expression = Unclear(UnclearKind.EXPRESSION, ("${@more(d, 'x.patch')}",))
    assert [one.unclear for one in queue.findings] == [expression]


def test_what_a_spec_includes_is_missing_or_included_again(tmp_path: Path) -> None:
    files = {
        "x.spec": "Patch1: a.patch\n%include gone.inc\n%include x.inc\n",
        "x.inc": "%include x.inc\n",
        "a.patch": "",
    }
    queue = open_queue(str(write(tmp_path, files) / "x.spec"))
    assert [(one.name, one.unclear) for one in queue.findings] == [
        ("gone.inc", Unclear(UnclearKind.NOT_INCLUDED)),
        ("x.inc", Unclear(UnclearKind.INCLUDED_AGAIN)),
    ]


def test_what_an_ebuild_lists_and_does_not_apply_names_the_list(tmp_path: Path) -> None:
    text = 'PATCHES=( "${FILESDIR}"/a.patch )\nsrc_prepare() {\n\ttrue\n}\n'
    queue = open_queue(str(write(tmp_path, {"x-1.ebuild": text, "files/a.patch": ""}) / "x-1.ebuild"))
    assert [one.never for one in queue.findings] == [Never(NeverKind.LIST_NOT_APPLIED, ("src_prepare()", "PATCHES"))]
