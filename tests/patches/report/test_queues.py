"""What does not fit between a series and its files, in words."""

from __future__ import annotations

import pytest

from patches.queues.reasons import (
    Never,
    NeverKind,
    OtherSeries,
    ShellFault,
    ShellFaultKind,
    Stale,
    StaleKind,
    Unclear,
    UnclearKind,
)
from patches.report.queues import (
    ENTRIES,
    NEVERS,
    SHELL_FAULTS,
    STALES,
    UNCLEARS,
    entries_words,
    fault_words,
    never_words,
    stale_words,
    unclear_words,
)

FAULT = ShellFault(ShellFaultKind.NESTED)


@pytest.mark.parametrize(
    ("kind", "names", "said"),
    [
        ("condition", ("a {b}",), "it stands under a condition that never holds: a {b}"),
        ("not-applied", ("%prep",), "%prep does not apply it"),
        ("list-not-applied", ("src_prepare()", "PATCHES"), "src_prepare() does not apply PATCHES"),
        ("removed", (), "SRC_URI:remove takes it out"),
        ("apply-no", (), "apply=no"),
        ("guard-off", (), "switched off by the guard -"),
        ("guards-opposed", ("x86",), "the guards ask for x86 and for its absence"),
        ("no-limit-fits", (), "no version fits any of its limits"),
        ("limits-crossed", ("6.2", "6.1"), "no version fits: at least 6.2 and at most 6.1"),
        ("series-outside", ("6.1", "6.2"), "no version of 6.1, 6.2 fits its limits"),
    ],
)
def test_why_a_patch_is_never_applied(kind: str, names: tuple[str, ...], said: str) -> None:
    assert never_words(Never(NeverKind(kind), names)) == said


def test_a_condition_is_cut() -> None:
    assert len(never_words(Never(NeverKind.CONDITION, ("x" * 900,)))) == 300


@pytest.mark.parametrize(
    ("kind", "names", "said"),
    [
        ("quote", ("'",), "no ' closes the one here"),
        ("bracket", ("}", "{"), "no } closes the { here"),
        ("nested", (), "nested too deep"),
        ("open-block", ("fi",), "no fi ends what begins here"),
        ("lacking", ("do", "for"), "no do follows this for"),
        ("arithmetic", (), "no )) ends the arithmetic here"),
        ("pattern", (), "a pattern of this case has no )"),
        ("unexpected", (")",), "')' is not expected here"),
        ("no-file", (">",), "no file follows >"),
        ("function", (), "the parentheses of a function hold something"),
        ("too-many", (), "more than 50 commands"),
    ],
)
def test_what_of_a_shell_s_text_cannot_be_read(kind: str, names: tuple[str, ...], said: str) -> None:
    assert fault_words(ShellFault(ShellFaultKind(kind), names, 50)) == said


@pytest.mark.parametrize(
    ("kind", "names", "fault", "said"),
    [
        ("line", (), None, "the line cannot be read"),
        ("no-match", (), None, "no file that is here fits this pattern"),
        ("needs-run", (), None, "what it stands for cannot be told without running the recipe"),
        ("unpacked", (), None, "it is in what the recipe unpacks"),
        ("handed", ("sed ${x}",), None, "what `sed ${x}` hands to patch is not made here"),
        ("read", ("git am",), None, "what git am reads here cannot be told"),
        ("no-commit", ("revert",), None, "git revert of what is no commit's name"),
        ("shell", (), FAULT, "nested too deep"),
        ("shell-ends", (), FAULT, "the text cannot be read from here on: nested too deep"),
        ("own-step", (), None, "a step of its own applies it"),
        ("name-unset", ("variables", "the recipe"), None, "its name has variables that the recipe does not set"),
        ("name-unset", ("macros", "the spec"), None, "its name has macros that the spec does not define"),
        ("archive", (), None, "an archive of patches that is not here"),
        ("expression", ("${@d}",), None, "an expression that is not run: ${@d}"),
        ("no-address", (), None, "the address from which it is fetched is not written here"),
        ("address-parts", (), None, "its address has parts that are not written here"),
        ("name-parts", (), None, "its name has parts that are not written here"),
        ("not-evaluated", (), None, "what this stands for is not evaluated"),
        ("not-included", (), None, "it is included, and is not there"),
        ("included-again", (), None, "it is included over and over"),
    ],
)
def test_why_a_file_cannot_be_told(kind: str, names: tuple[str, ...], fault: ShellFault | None, said: str) -> None:
    assert unclear_words(Unclear(UnclearKind(kind), names, fault)) == said


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (Stale(StaleKind.MISSING, "a"), "listed, and there is no such file"),
        (Stale(StaleKind.MISSING, "a", unclear=Unclear(UnclearKind.LINE)), "the line cannot be read"),
        (Stale(StaleKind.UNLISTED, "a"), "there, and not listed"),
        (Stale(StaleKind.UNLISTED, "a", "s:1", commented=True), "there, and only a comment names it"),
        (Stale(StaleKind.TWICE, "a", first="series:2"), "listed twice: first at series:2"),
        (Stale(StaleKind.NEVER, "a", never=Never(NeverKind.APPLY_NO)), "apply=no"),
        (Stale(StaleKind.OUTSIDE, "../a"), "the name climbs out of its folder, and is not read"),
        (Stale(StaleKind.OUTSIDE, "a", error="path leads out"), "path leads out"),
        (Stale(StaleKind.UNREADABLE, "a", error="no such file"), "no such file"),
        (
            Stale(StaleKind.SERIES, "", series=OtherSeries("suse", 3, 2)),
            "another series (suse) with 3 patches; it was not read: 2 of them do not exist",
        ),
        (
            Stale(StaleKind.SERIES, "", series=OtherSeries("suse", 3, 0)),
            "another series (suse) with 3 patches; it was not read",
        ),
    ],
)
def test_what_does_not_fit(one: Stale, said: str) -> None:
    assert stale_words(one) == said


def test_every_kind_has_words() -> None:
    assert set(NEVERS) == set(NeverKind) - {NeverKind.SERIES_OUTSIDE}
    assert set(SHELL_FAULTS) == set(ShellFaultKind)
    assert set(UNCLEARS) == set(UnclearKind)
    assert set(STALES) == set(StaleKind)


def test_what_does_not_fit_is_counted_a_line_a_kind() -> None:
    assert set(ENTRIES) == set(StaleKind)
    kinds = [*StaleKind, StaleKind.MISSING, StaleKind.UNLISTED]
    found = [Stale(kind, "a.patch", "series:1") for kind in kinds]
    found += [
        Stale(StaleKind.MISSING, "b", unclear=Unclear(UnclearKind.LINE)),
        Stale(StaleKind.UNREADABLE, "", "series"),
    ]
    assert entries_words(found) == [
        "2 entries are listed, and not there (a.patch, a.patch)",
        "2 patches are there, and not listed (a.patch, a.patch)",
        "1 entry is listed twice (a.patch)",
        "1 entry is never applied (a.patch)",
        "1 entry leads out of the queue (a.patch)",
        "1 entry cannot be read (a.patch)",
        "1 series beside it was not read (a.patch)",
        "1 entry cannot be told (b)",
        "1 file that is named as a series is none",
    ]
    assert entries_words([Stale(StaleKind.MISSING, name) for name in "abc"]) == [
        "3 entries are listed, and not there (a, b, and 1 more)"
    ]
    assert entries_words([]) == []
