"""RPM spec files: what is declared, and how %prep applies it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from patches.queues.entries import build
from patches.queues.formats import spec
from patches.queues.formats.spec import FORMAT, file_name, order, parse
from patches.queues.formats.spec_apply import arguments, level_of, options
from patches.queues.reasons import Never, NeverKind, Unclear, UnclearKind
from patches.report.queues import stale_words
from tests.patches.queues.formats.folders import files_of, listed


def applied(text: str) -> list[tuple[str, int | None, Never | None]]:
    """(name, -p level, why never) in the order of application."""
    return [(item.name, item.strip, item.never) for item in order(parse(text.split("\n")))]


LEFT = Never(NeverKind.NOT_APPLIED, ("%prep",))
TWO = "Patch1: a.patch\nPatch2: b.patch\n"


@pytest.mark.parametrize(
    ("prep", "found"),
    [
        ("", [("a.patch", None, None), ("b.patch", None, None)]),
        ("%autosetup -p1", [("a.patch", 1, None), ("b.patch", 1, None)]),
        ("%autosetup -N", [("a.patch", None, None), ("b.patch", None, None)]),
        ("%autosetup -N\n%autopatch -p2 2 1", [("b.patch", 2, None), ("a.patch", 2, None)]),
        ("%autopatch -m } -M x2 -p1", [("a.patch", 1, None), ("b.patch", 1, None)]),
        ("%autopatch -m 2 -p1", [("b.patch", 1, None), ("a.patch", None, LEFT)]),
        ("%patch2 -p1\n%patch1", [("b.patch", 1, None), ("a.patch", 0, None)]),
        ("%patch -P 2 -p1 -P1", [("b.patch", 1, None), ("a.patch", 1, None)]),
        ("%{patch2 -p1}", [("b.patch", 1, None), ("a.patch", None, LEFT)]),
        ("patch -p1 -i %{PATCH1}", [("a.patch", 1, None), ("b.patch", None, LEFT)]),
        ("%patch1 -p1\n%patch1 -p1", [("a.patch", 1, None), ("b.patch", None, LEFT)]),
        ("%patch9", [("a.patch", None, LEFT), ("b.patch", None, LEFT)]),
    ],
)
def test_prep_applies(prep: str, found: list[tuple[str, int | None, Never | None]]) -> None:
    assert applied(f"{TWO}%prep\n{prep}\n") == found


OPTIONS = UnclearKind.OPTIONS


@pytest.mark.parametrize(
    ("head", "prep", "found"),
    [
        ("%global rev -R\n", "%patch -P1 -p1 %{rev}", (1, True, None, "")),
        ("%global rev -R\n", "%patch1 -p1 %{?rev}", (1, True, None, "")),
        ("%define rev %{nil}\n", "%patch1 -p1 %{rev}", (1, False, None, "")),
        ("%global with_rev 1\n", "%patch1 -p1 %{?with_rev:-R}", (1, True, None, "")),
        ("", "%patch1 -p1 %{?with_rev:-R}", (1, False, OPTIONS, "")),
        ("", "%patch1 -p1 %{!?with_rev:-R}", (1, True, OPTIONS, "")),
        ("", "%patch1 -p1 %{?with_rev:-p1}", (1, False, None, "")),
        ("", "%patch1 -p1 %{rev}", (1, False, OPTIONS, "")),
        ("", "%patch1 -p1 %rev", (1, False, OPTIONS, "")),
        ("%if 0%{?x}\n%global rev -R\n%endif\n", "%patch1 -p1 %{?rev}", (1, False, OPTIONS, "")),
        ("", "%patch1 -p%{level}", (1, False, OPTIONS, "")),
        ("", "%patch1 -p1 -b .x%{?dist}", (1, False, None, "")),
        ("%define apply() %patch -P%1 -p1 -R\n", "%apply 1", (1, True, None, "")),
        ("%define apply() \\\n echo %1 \\\n %patch -P%1 -p1 -R\n", "%{apply 1}", (1, True, None, "")),
        ("%define apply %patch -p1 -R -P\n", "%apply 1", (1, True, None, "")),
        ("%define undo() patch -p1 -R -i %{PATCH%1}\n", "%undo 1", (1, True, None, "")),
        ("%define all() %{lua: x} \\\n%patch -P%{-x*} -R\n", "%all -x 1", None),
        ("", "patch -p1 %{rev} -i %{PATCH1}", (1, False, OPTIONS, "")),
        ("%define rev -R\n", "patch -p1 %{rev} < %{PATCH1}", (1, True, None, "")),
        ("", "%{__patch} -p1 -d %{_builddir}/x -i %{PATCH1} -o %{y}", (1, False, None, "")),
        ("", "%{?with_x:%patch1 -p1 -R}", (1, True, None, "%{?with_x:%patch1 -p1 -R}")),
    ],
)
def test_macros_say_how_a_patch_is_applied_or_it_is_told_that_this_is_not_known(
    head: str, prep: str, found: tuple[int | None, bool, UnclearKind | None, str] | None
) -> None:
    items = order(parse(f"Patch1: a.patch\n{head}%prep\n{prep}\n".split("\n")))
    kept = [item for item in items if not item.never]
    told = [(item.strip, item.reverse, item.unclear and item.unclear.kind, item.condition) for item in kept]
    if found is None:
        assert [one[2] for one in told] == [OPTIONS]
        return
    unknown = found[2] is not None
    assert [(one[2], one[3]) if unknown else one for one in told] == [(found[2], found[3]) if unknown else found]


def test_a_patch_that_may_be_applied_in_reverse_is_told_with_its_line_and_no_entry(tmp_path: Path) -> None:
    text = "Name: x\nPatch0: a.patch\n%prep\n%patch0 -p1 %{rev}\n"
    told = build("spec", "x", FORMAT.read(files_of(tmp_path, {"x.spec": text, "a.patch": ""}), "x.spec"),
        files_of(tmp_path, {}))  # fmt: skip
    assert told.entries == ()
    assert [(one.kind.value, one.name, one.where, stale_words(one)) for one in told.findings] == [
        (
            "missing",
            "a.patch",
            "x.spec:2",
            "how it is applied cannot be told, forward or in reverse: %patch0 -p1 %{rev}",
        )
    ]


def test_a_macro_that_applies_patches_is_no_application_where_it_is_defined() -> None:
    lines = ["Patch1: a.patch", "%define apply() \\", "%patch -P%1 \\", "%{nil}", "%prep", "%apply 1"]
    assert [one.number for one in parse(lines).applied] == [1]
    assert parse(lines[:-1]).applied == []


def test_a_section_in_a_macro_s_body_is_none_of_the_spec() -> None:
    macros = ["%define do_files() \\", "%pre %{1} \\", "%files %{1} \\", "%{nil}"]
    assert set(parse([*macros, "Patch1: a.patch", "%files", "Patch2: b.patch"]).declared) == {1}


def test_patches_without_a_number_and_those_of_a_list_are_counted_on() -> None:
    spec = parse(
        ["Patch: a.patch", "Patch5: b.patch", "Patch: c.patch", "%patchlist", "d.patch", "e.patch", "%prep", ""]
    )
    assert {at: item.name for at, item in spec.declared.items()} == {
        0: "a.patch",
        5: "b.patch",
        6: "c.patch",
        7: "d.patch",
        8: "e.patch",
    }


def test_a_number_that_is_declared_twice_is_told_unless_the_first_never_holds() -> None:
    spec = parse(["Patch1: a.patch", "Patch1: b.patch"])
    assert ([it.name for it in spec.declared.values()], [it.name for it in spec.doubled]) == (["a.patch"], ["b.patch"])
    spec = parse(["%if 0", "Patch1: a.patch", "%endif", "Patch1: b.patch"])
    assert ([it.name for it in spec.declared.values()], spec.doubled) == (["b.patch"], [])


def test_conditions_of_the_declaration_and_of_its_use_both_count() -> None:
    text = "%if 0%{?a}\nPatch1: a.patch\n%endif\n%prep\n%if 0%{?b}\n%patch1 -R\n%endif\n"
    (item,) = order(parse(text.split("\n")))
    assert (item.condition, item.reverse) == ("0%{?a} and 0%{?b}", True)


def test_macros_are_put_into_names_and_a_name_that_stays_unknown_is_unclear() -> None:
    spec = parse(["Version: 4.17", "%define x y", "Patch1: %{x}-%{version}.patch", "Patch2: %{z}.patch"])
    assert [(it.name, it.unclear) for it in spec.declared.values()] == [
        ("y-4.17.patch", None),
        ("%{z}.patch", Unclear(UnclearKind.NAME_UNSET, ("macros", "the spec"))),
    ]
    assert spec.version == "4.17"
    assert parse(["Version: %{z}"]).version == ""


def test_a_comment_stands_for_the_patches_below_it_and_may_switch_one_off() -> None:
    spec = parse(
        ["# why", "Patch1: a.patch", "Patch2: b.patch", "", "Patch3: c.patch", "#Patch4: d.patch", "Source0: e.patch"]
    )
    assert [it.section for it in spec.declared.values()] == ["why", "why", ""]
    assert (spec.disabled, spec.sources) == ({"d.patch": 6}, {"e.patch"})


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("a.patch", "a.patch"), ("a.patch # said", "a.patch"), ("https://x.org/d/a.patch", "a.patch"),
        ("https://x.org/get?id=1#/b.patch", "b.patch"), ("", ""), ("sub/a.patch", "sub/a.patch"),
    ],
)  # fmt: skip
def test_a_patch_that_is_an_address_is_its_last_part(value: str, name: str) -> None:
    assert file_name(value) == name


def test_options_are_read_as_getopt_does() -> None:
    assert options(["-p1", "-P", "2", "x", "-R"], "pP") == ({"p": ["1"], "P": ["2"], "R": []}, ["x"])
    assert options(["-Rp1", "-", "-p"], "p") == ({"R": [], "p": ["1", ""]}, ["-"])
    assert [level_of(given) for given in ({"p": ["0", "2"]}, {}, {"p": ["x"]}, {"p": ["1234"]})] == [
        2,
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("line", "name", "words"),
    [
        ("%patch0 -p1 # said", "%patch0", ["-p1"]),
        ("%{patch0 -p1} && x", "%{patch0", ["-p1", "&&", "x"]),
        ("%{patch0} -p1", "%{patch0", ["-p1"]),
    ],
)
def test_the_words_after_a_macro_s_name(line: str, name: str, words: list[str]) -> None:
    assert arguments(line, len(name)) == words


def test_a_patch_lies_beside_the_spec_or_in_sources(tmp_path: Path) -> None:
    files = {
        "SPECS/x.spec": TWO + "Patch3: c.patch\n",
        "SPECS/a.patch": "",
        "SOURCES/b.patch": "",
        "SOURCES/left.patch": "",
    }
    listing = listed(FORMAT, tmp_path, files, "SPECS/x.spec")
    assert [it.path for it in listing.items] == ["SPECS/a.patch", "SOURCES/b.patch", "SPECS/c.patch"]
    assert "SOURCES/left.patch" in listing.present


@pytest.mark.parametrize(
    ("name", "text", "is_one"),
    [("x.spec", TWO, True), ("x.spec.in", "%patchlist\n", True), ("x.spec", "Name: x\n", False), ("x.txt", TWO, False)],
)
def test_a_spec_is_known_by_its_name_and_its_patches(tmp_path: Path, name: str, text: str, is_one: bool) -> None:
    assert FORMAT.recognises(files_of(tmp_path, {name: text}), name) is is_one


def test_a_spec_that_applies_its_patches_over_and_over_is_no_series(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spec, "APPLICATIONS", 100)
    lines = [*(f"Patch{number}: {number}.patch" for number in range(10)), "%prep"]
    read = spec.parse([*lines, *["%autosetup -p1"] * 10], path="x.spec")
    assert [one.number for one in read.applied] == list(range(10))
    with pytest.raises(UserError) as caught:
        spec.parse([*lines, *["%autosetup -p1"] * 10, "%patch1 -p1"], path="x.spec")
    assert caught.value.where == "x.spec"


def test_a_patch_that_is_taken_back_and_applied_again_is_there_three_times() -> None:
    read = spec.parse(["Patch1: a.patch", "%prep", "%patch1 -p1", "%patch1 -p1 -R", "%patch1 -p1", "%patch1 -p1"])
    assert [one.reverse for one in spec.order(read)] == [False, True, False]
