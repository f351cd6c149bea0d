"""Patches of which nothing but a commit's name is known."""

from __future__ import annotations

import pytest

from patches.evidence import ClaimOutcome, Evidence, Fact, NamedCommit, Note, NoteKind
from patches.findings import Certainty, Verdict
from patches.text.headers import Claim, Header, parse_header
from patches.text.kinds import ClaimKind
from patches.upstreams.index import Index
from patches.verdicts.match import Matcher
from patches.verdicts.named import judge_name
from tests.patches.upstream import Upstream


def header(commit: str, kind: str = "address") -> Header:
    from dataclasses import replace

    return replace(parse_header("A title\n"), claims=(Claim(ClaimKind(kind), commit, line=1),))


def test_the_commit_that_the_address_names_is_the_patch_and_no_more_than_likely(
    index: Index, upstream: Upstream
) -> None:
    found = judge_name(header(upstream.shas["same"]), Matcher(index))
    assert (found.verdict, found.certainty, found.score) == (Verdict.MERGED, Certainty.MEDIUM, 0.0)
    assert [claim.outcome for claim in found.claims] == [ClaimOutcome.CONFIRMED]
    assert [index.commit(ident).sha for ident in found.commits] == [upstream.shas["same"]]
    named = NamedCommit(upstream.shas["same"], index.commit(found.commits[0]).subject)
    assert found.evidence == (Evidence(Fact.ADDRESS_NAMES, commit=named),)


@pytest.mark.parametrize("kind", ["address", "cherry-picked"])
def test_a_name_that_leads_nowhere_leaves_the_patch_unknown(index: Index, kind: str) -> None:
    found = judge_name(header("f" * 40, kind), Matcher(index))
    assert found.verdict is Verdict.UNKNOWN
    missing = Note(NoteKind.ADDRESS_MISSING, sha="f" * 40)
    assert found.notes == ((missing,) if kind == "address" else (Note(NoteKind.NO_DIFF),))
    assert found.commits == ()
