"""What the formats of the patch half share."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from patches.findings import UPSTREAM, Certainty, PatchResult, StatusReport, UpstreamKind, UpstreamUsed, Verdict
from patches.report.common import (
    SIGNS,
    STYLES,
    command,
    counts,
    doubt,
    following_commands,
    notice,
    options,
    releases,
    style,
    upstream_words,
)
from patches.upstreams.limits import Limit
from tests.patches.report.reports import ARCHIVE, HISTORY, MERGED, MODIFIED, OTHER, SENT, status


def test_every_verdict_has_two_signs_that_no_other_has() -> None:
    assert set(SIGNS) == set(Verdict)
    for column in (0, 1):
        assert len({signs[column] for signs in SIGNS.values() if signs[column] != "s"}) == len(Verdict) - 1
    assert all(signs[1].isascii() for signs in SIGNS.values())


def test_what_is_upstream_is_good_and_nothing_else() -> None:
    assert {verdict for verdict in Verdict if style(verdict) == "good"} == UPSTREAM
    assert not UPSTREAM & set(STYLES)


def test_a_verdict_of_low_certainty_is_in_doubt_unless_it_says_so_itself() -> None:
    assert [doubt(one) for one in (MERGED, MODIFIED)] == ["", "?"]
    assert doubt(replace(MODIFIED, verdict=Verdict.UNKNOWN)) == ""


def test_a_commit_notice_counts_for_a_submitted_patch_alone() -> None:
    assert (notice(SENT), notice(replace(SENT, verdict=Verdict.NOT_UPSTREAM)), notice(MERGED)) == (OTHER, "", "")


def test_counts_are_in_the_order_of_verdicts_without_zeros() -> None:
    assert list(counts([SENT, MERGED, MERGED]).items()) == [(Verdict.MERGED, 2), (Verdict.SUBMITTED, 1)]
    assert counts([]) == {}


def test_releases_are_those_of_the_first_commit() -> None:
    assert (releases(MERGED), releases(SENT)) == ("4.18.0; 4.17, unreleased", "")


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (HISTORY, "history of xen.git: 62,156 commits, mainline origin/master, newest release 4.20.0"),
        (ARCHIVE, "archive list.git: 9 messages, newest of 2024-01-01"),
        (UpstreamUsed(name="x", kind=UpstreamKind.TREE), "tree x"),
        (
            UpstreamUsed(name="x", kind=UpstreamKind.TREE, limits=(Limit.CONTENT,)),
            "tree x: content alone: no commit can be named",
        ),
    ],
)
def test_an_upstream_in_words(one: UpstreamUsed, words: str) -> None:
    assert upstream_words(one) == words


def test_a_command_can_be_pasted() -> None:
    assert command("kcfg", "a b", "c'd", "e\x1b") == "kcfg 'a b' 'c'\"'\"'d' " + command("e\x1b")
    assert "\x1b" not in command("e\x1b")


def test_options_name_the_upstreams_and_revisions_again() -> None:
    assert options(status(base="B", target="T")) == [
        "--upstream",
        "xen.git",
        "--archive",
        "list.git",
        "--base",
        "B",
        "--target",
        "T",
    ]
    named = options(replace(status(), index="my.sqlite", main_branch="next"))
    assert named[4:] == ["--main-branch", "next", "--index", "my.sqlite"]


def test_what_to_type_next_is_the_first_patch_that_is_not_merged_and_a_plan() -> None:
    show, plan = following_commands(status())
    assert show.startswith("kcfg patches show xen.spec 'b|<b>.patch' --upstream xen.git")
    newest = next((one.newest_tag for one in status().upstream if one.newest_tag), "REV")
    assert plan.endswith(f"--target {newest}")
    assert len(following_commands(status(target="T"))) == 1
    assert following_commands(status(MERGED))[0].startswith("kcfg patches show xen.spec a.patch")
    assert following_commands(StatusReport(version="9", queue="q", format="f", upstream=())) == []


def test_a_patch_without_a_verdict_is_in_no_doubt() -> None:
    assert doubt(PatchResult(name="x", position=1, subject="", certainty=Certainty.LOW)) == ""
