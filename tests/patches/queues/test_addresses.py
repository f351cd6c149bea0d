"""Facts of patches that a queue names by an address: which commit it names, and that nothing is fetched."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from patches.queues.addresses import commit_of, file_of
from patches.queues.queue import open_queue
from patches.text.problems import Problem, ProblemKind
from tests.patches.queues.test_queues import names, patch, stale, write

SHA = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (f"https://git.kernel.org/pub/scm/linux/kernel/git/stable/linux.git/patch/?id={SHA}", f"{SHA}.patch"),
        (f"https://git.kernel.org/x.git/commit/drivers/xen?h=linux-6.1.y&id={SHA}", "xen"),
        (f"https://xenbits.xen.org/gitweb/?p=xen.git;a=patch;h={SHA}", f"{SHA}.patch"),
        (f"https://xenbits.xen.org/gitweb/?p=xen.git;a=commitdiff_plain;h={SHA}", f"{SHA}.patch"),
        (f"https://github.com/o/r/commit/{SHA}.patch", f"{SHA}.patch"),
        (f"https://github.com/o/r/commit/{SHA}.diff?full_index=1", f"{SHA}.diff"),
        (f"https://github.com/o/r/pull/98/commits/{SHA}.patch", f"{SHA}.patch"),
        (f"https://gitlab.com/o/r/-/commit/{SHA}.patch#/0001-a.patch", "0001-a.patch"),
        (f"https://android.googlesource.com/kernel/+/{SHA}%5E%21/?format=TEXT", SHA + "^!"),
    ],
)
def test_an_address_of_a_commit(address: str, name: str) -> None:
    assert (commit_of(address), file_of(address)) == (SHA, name)


@pytest.mark.parametrize(
    "address",
    [
        f"https://raw.githubusercontent.com/o/r/{SHA}/a.patch",
        f"https://git.kernel.org/x.git/plain/queue-6.1/a.patch?id={SHA}",
        f"https://github.com/o/r/compare/{SHA}...main.patch",
        f"https://git.kernel.org/x.git/rawdiff/?id={SHA}&id2={SHA[::-1]}",
        "https://github.com/o/r/pull/98.patch",
        f"https://github.com/o/r/archive/{SHA}.tar.gz",
        "https://xenbits.xen.org/xsa/xsa479.patch",
    ],
)
def test_an_address_that_names_no_commit_as_a_patch(address: str) -> None:
    assert commit_of(address) == ""


def test_a_patch_that_is_only_an_address_is_listed_and_not_fetched(tmp_path: Path) -> None:
    spec = (
        f"Name: x\nPatch0: https://github.com/o/r/commit/{SHA}.patch\nPatch1: https://xenbits.xen.org/xsa/xsa479.patch\n"
        "Patch2: https://e.org/there.patch\n%prep\n%autosetup -p1\n"
    )
    queue = open_queue(str(write(tmp_path, {"x.spec": spec, "there.patch": patch("There")})))
    assert names(queue) == [f"{SHA}.patch", "xsa479.patch", "there.patch"]
    assert [one.header.subject for one in queue.entries] == ["", "", "There"]
    assert [[(said.kind, said.commit) for said in one.header.claims] for one in queue.entries] == [
        [("address", SHA)], [], [],
    ]  # fmt: skip
    assert [one.patch.problems for one in queue.entries] == [
        (Problem(0, ProblemKind.NOT_FETCHED, f"https://github.com/o/r/commit/{SHA}.patch"),),
        (Problem(0, ProblemKind.NO_COMMIT, "https://xenbits.xen.org/xsa/xsa479.patch"),),
        (),
    ]
    assert queue.entries[1].header.references == ("XSA-479",)
    assert len({one.patch.sha256 for one in queue.entries}) == 3
    assert stale(queue) == []


def test_a_patch_named_by_address_that_is_reversed_claims_nothing(tmp_path: Path) -> None:
    spec = f"Name: x\nPatch0: https://github.com/o/r/commit/{SHA}.patch\n%prep\n%patch0 -p1 -R\n"
    (entry,) = open_queue(str(write(tmp_path, {"x.spec": spec}))).entries
    assert (entry.reverse, entry.header.claims) == (True, ())


# RPM


def test_a_spec_s_url_is_known_to_its_patches(tmp_path: Path) -> None:
    spec = (
        f"Name: x\nURL: https://github.com/o/r\nPatch0: %{{url}}/commit/{SHA}.patch#/0001-a.patch\n%prep\n%autosetup\n"
    )
    (entry,) = open_queue(str(write(tmp_path, {"x.spec": spec}))).entries
    assert (entry.name, entry.header.claims[0].commit) == ("0001-a.patch", SHA)


def test_patchlist_lines_that_begin_with_a_macro(tmp_path: Path) -> None:
    spec = (
        "Name: x\nVersion: 4.1\n%global mine %{name}-%{version}\n%patchlist\n%{name}-a.patch\n%{mine}-b.patch\n"
        "%{?extra}\n%{unknown}.patch\n%global late 1\n%prep\n%autosetup -p1\n"
    )
    queue = open_queue(str(write(tmp_path, {"x.spec": spec, "x-a.patch": "", "x-4.1-b.patch": ""})))
    assert names(queue) == ["x-a.patch", "x-4.1-b.patch"]
    assert stale(queue) == [("missing", "%{unknown}.patch", "x.spec:8")]


def test_a_spec_s_include_is_read_in_its_place(tmp_path: Path) -> None:
    spec = (
        "Name: x\nSource5: more.inc\nPatch0: a.patch\n%include %{SOURCE5}\n%include gone.inc\n%include self.inc\n"
        "%include ../out.inc\n%prep\n%autosetup -p1\n"
    )
    files = {"x.spec": spec, "more.inc": "# why\nPatch1: b.patch\n", "self.inc": "%include self.inc\nPatch2: c.patch\n"}
    queue = open_queue(str(write(tmp_path, files | {"a.patch": "", "b.patch": "", "c.patch": ""})))
    assert [(one.name, one.where, one.section) for one in queue.entries] == [
        ("a.patch", "x.spec:3", ""), ("b.patch", "more.inc:2", "why"), ("c.patch", "self.inc:2", ""),
    ]  # fmt: skip
    assert stale(queue) == [
        ("missing", "gone.inc", "x.spec:5"),
        ("missing", "self.inc", "self.inc:1"),
        ("missing", "../out.inc", "x.spec:7"),
    ]


def test_a_spec_s_include_may_name_the_folder_by_its_macro(tmp_path: Path) -> None:
    spec = (
        "Name: x\nPatch0: a.patch\n%include %{_sourcedir}/more.inc\n%include %_specdir/two.inc\n%prep\n%autosetup -p1\n"
    )
    files = {"x.spec": spec, "more.inc": "Patch1: b.patch\n", "two.inc": "Patch2: c.patch\n"}
    queue = open_queue(str(write(tmp_path, files | {"a.patch": "", "b.patch": "", "c.patch": ""})))
    assert [one.where for one in queue.entries] == ["x.spec:2", "more.inc:1", "two.inc:1"]


def test_a_spec_whose_patches_are_all_declared_by_what_it_includes(tmp_path: Path) -> None:
    spec = "Name: x\nSource1: x.patches\n%include %{SOURCE1}\n%prep\n%autosetup -p1\n"
    folder = write(tmp_path, {"x.spec": spec, "x.patches": "Patch1: a.patch\n", "a.patch": ""})
    assert (open_queue(str(folder)).format, names(open_queue(str(folder)))) == ("spec", ["a.patch"])
    write(tmp_path, {"x.patches": "License: MIT\n"})
    assert open_queue(str(folder)).format == "folder"


def test_a_spec_s_patches_may_lie_in_one_folder_below_it(tmp_path: Path) -> None:
    spec = "Name: x\nPatch1: a.patch\nPatch2: b.patch\nPatch3: c.patch\n%prep\n%autosetup -p1\n"
    files = {"x.spec": spec, "a.patch": "", "one/a.patch": "", "one/b.patch": "", "one/c.patch": "", "two/c.patch": ""}
    queue = open_queue(str(write(tmp_path, files)))
    assert [one.path for one in queue.entries] == ["a.patch", "one/b.patch"]
    assert ("missing", "c.patch", "x.spec:4") in stale(queue)


# Yocto


def test_a_recipe_may_have_all_its_patches_from_what_it_requires(tmp_path: Path) -> None:
    files = {"x_1.bb": "require x.inc\n", "x.inc": 'SRC_URI = "file://a.patch"\n', "files/a.patch": ""}
    queue = open_queue(f"{write(tmp_path, files)}/x_1.bb")
    assert (queue.format, names(queue)) == ("yocto", ["a.patch"])
    with pytest.raises(UserError, match="a recipe that names no patch"):
        open_queue(f"{write(tmp_path, {'y_1.bb': 'require z.inc'})}/y_1.bb")


def test_what_inline_python_adds_to_src_uri_has_its_condition(tmp_path: Path) -> None:
    recipe = (
        'MORE = "file://m1.patch file://m2.patch"\nSRC_URI = "git://e.org/x;protocol=https \\\n'
        "    file://a.patch \\\n"
        "    ${@bb.utils.contains('DISTRO_FEATURES', 'xen', 'file://b.patch file://c.patch;striplevel=2', '', d)} \\\n"
        "    ${@oe.utils.conditional('MACHINE', 'x86', '', 'file://d.patch', d)} \\\n"
        "    ${@'file://e.patch' if d.getVar('X') else ''} ${@more('f.patch')} \\\n    ${MORE} \\\n"
        f'    https://e.org/g.patch;name=g;striplevel=0 https://github.com/o/r/commit/{SHA}.patch;apply=no"\n'
    )
    files = {"x_1.0.bb": recipe} | {f"files/{one}.patch": "" for one in ("a", "b", "c", "d", "e", "m1", "m2")}
    queue = open_queue(str(write(tmp_path, files)))
    assert [(one.name, one.condition, one.strip, one.where) for one in queue.entries] == [
        ("a.patch", "", 1, "x_1.0.bb:3"),
        ("b.patch", "DISTRO_FEATURES has xen", 1, "x_1.0.bb:4"),
        ("c.patch", "DISTRO_FEATURES has xen", 2, "x_1.0.bb:4"),
        ("d.patch", "not (MACHINE is x86)", 1, "x_1.0.bb:5"),
        ("e.patch", "${@'file://e.patch' if d.getVar('X') else ''}", 1, "x_1.0.bb:6"),
        ("m1.patch", "", 1, "x_1.0.bb:7"),
        ("m2.patch", "", 1, "x_1.0.bb:7"),
        ("g.patch", "", 0, "x_1.0.bb:8"),
    ]
    assert stale(queue) == [
        ("missing", "${@...}", "x_1.0.bb:6"),
        ("never", f"{SHA}.patch", "x_1.0.bb:8"),
    ]
