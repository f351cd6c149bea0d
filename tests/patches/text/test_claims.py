"""Facts of claims that are made in passing, and of commits that are pasted whole into a header."""

from __future__ import annotations

import pytest

from patches.text.claims import hide_claims
from patches.text.headers import parse_header

SHA = "f3cbe43ea5bd1f2f2a4b6c8d0e1f2a3b4c5d6e7f"


def claims(text: str) -> list[tuple[str, str, bool]]:
    return [(one.kind, one.commit, one.foreign) for one in parse_header(text).claims]


@pytest.mark.parametrize(
    "text",
    [
        f"This is a backport of the fix in {SHA}.",
        f"backport of upstream's rework ({SHA[:12]}), without the parts\nthat 4.13 has no use for.",
        f"Based on commit {SHA[:10]} of the master branch.",
        f"Port git://xenbits.xen.org/xen.git:{SHA}",
        f"The same as {SHA[:9]} upstream, but for the old allocator.",
        f"Cherry-picked by hand:\n{SHA}",
        f"Extracted from {SHA[:12]}, the part for x86.",
        f"Partial backport. Taken from upstream commit\n{SHA[:12]}.",
    ],
)
def test_a_commit_that_a_sentence_says_the_patch_is_made_of_is_a_weak_claim(text: str) -> None:
    header = (
        f"From: Ann <ann@example.org>\nSubject: [PATCH] a title\n\n{text}\n\nSigned-off-by: Ann <ann@example.org>\n"
    )
    assert [(kind, SHA.startswith(sha), foreign) for kind, sha, foreign in claims(header)] == [
        ("mentioned", True, False)
    ]
    assert claims(hide_claims(header)) == []


@pytest.mark.parametrize(
    "text",
    [
        f'Fixes: {SHA[:12]} ("a backport")',
        f"This fixes a regression that the backport of {SHA[:12]} introduced.",
        f"This reverts commit {SHA}, which was a backport.",
        f"Since commit {SHA[:12]} the backport lacks a check.",
        f"Prerequisite for the backport of {SHA[:12]}.",
        "The backport moves the address 0xdeadbeef00 and the number 1234567890.",
        f"See {SHA}.",
        f"Message-Id: <{SHA}.123.git@backport.example.org>",
    ],
)
def test_other_commits_and_numbers_are_no_claim(text: str) -> None:
    header = f"From: Ann <ann@example.org>\nSubject: [PATCH] a title\n\n{text}\n"
    assert claims(header) == []


def test_a_commit_that_is_claimed_is_not_mentioned_as_well() -> None:
    text = f"A backport of {SHA[:12]} for 4.13.\n\n(cherry picked from commit {SHA})\n"
    assert claims(f"Subject: a title\n\n{text}") == [("cherry-picked", SHA, False)]


@pytest.mark.parametrize(
    "line",
    [
        "Upstream Patch Reference: https://git.example.org/x/commit/{}.patch",
        "Upstream ref: https://git.example.org/x/commit/{}",
        "Upstream-reference: AI Backport of https://git.example.org/x/-/commit/{}.patch",
        "Upstream Reference : https://git.example.org/x/pull/9/commits/{}",
    ],
)
def test_an_upstream_reference_is_mentioned_once(line: str) -> None:
    assert claims(f"Subject: a title\n\n{line.format(SHA)}\n") == [("mentioned", SHA, False)]
    assert claims(f"Subject: a title\n\n{line.format('pull')}\n") == []


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (f"upstream, https://git.example.org/commit/{SHA}", ("merged", SHA, False)),
        (f"backport, https://git.example.org/commit/{SHA}", ("backported", SHA, False)),
        (f"https://git.example.org/commit/?id={SHA}", ("merged", SHA, False)),
        (f"commit:{SHA}", ("merged", SHA, False)),
        (f"minimal fix for https://git.example.org/commit/{SHA}", ("mentioned", SHA, False)),
        (f"rework of the fix in {SHA[:12]}", ("mentioned", SHA[:12], False)),
        ("minimal fix for https://bugs.example.org/123", ("other", "", False)),
    ],
)
def test_an_origin_is_a_claim_where_it_is_a_place(origin: str, expected: tuple[str, str, bool]) -> None:
    assert claims(f"Description: a title\nOrigin: {origin}\n") == [expected]


BAR = "#" * 80


def sections(short: str, long: str) -> str:
    named = (("SHORT DESCRIPTION:", short), ("LONG DESCRIPTION:", long), ("CHANGELOG", "Ported: Bob"))
    return "\n".join(f"{BAR}\n{name}\n{BAR}\n{text}\n" for name, text in named)


def test_a_mail_in_the_long_description_has_the_title() -> None:
    mail = (
        f"From {SHA} Mon Sep 17 00:00:00 2001\nFrom: Ann Author <ann@example.org>\n"
        "Date: Tue, 1 Feb 2022 10:00:00 +0000\nSubject: [PATCH 2/3] x86: check the length\n\n"
        "It may be too long.\n\nSigned-off-by: Ann Author <ann@example.org>"
    )
    header = parse_header(sections("Fix a bug of the hypervisor", f"Needed for our use of it.\n\n{mail}"))
    assert (header.subject, header.author, header.email) == ("x86: check the length", "Ann Author", "ann@example.org")
    assert header.date is not None
    assert header.date.year == 2022
    assert "Fix a bug of the hypervisor" in header.body
    assert "It may be too long." in header.body
    assert [(one.kind, one.commit) for one in header.claims] == [("format-patch", SHA)]


def test_what_git_shows_in_the_long_description_has_the_title() -> None:
    shown = (
        f"commit {SHA}\nAuthor: Ann Author <ann@example.org>\nDate:   Mon May 7 13:38:23 2012 +0100\n\n"
        "    vgabios: reduce stack usage\n    \n    It was too much."
    )
    header = parse_header(sections(f"Port git://xenbits.xen.org/xen.git:{SHA}", shown))
    assert (header.subject, header.email) == ("vgabios: reduce stack usage", "ann@example.org")
    assert header.date is not None


def test_a_long_description_without_a_mail_leaves_the_short_one_the_title() -> None:
    header = parse_header(sections("Use relative paths.", "From the guest's side: it is all the same.\nDate: never"))
    assert header.subject == "Use relative paths."
