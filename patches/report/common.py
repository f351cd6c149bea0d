"""What the formats of the patch half share: counts, releases, the words of a verdict, next commands."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from kcfg.base.text import visible
from patches.findings import UPSTREAM, PatchResult, StatusReport, UpstreamKind, UpstreamUsed, Verdict
from patches.report.words import limits_words
from patches.text.problems import ProblemKind

SIGNS = {
    Verdict.MERGED: ("✓", "+"),
    Verdict.MODIFIED: ("≈", "~"),
    Verdict.SQUASHED: ("⊇", "*"),
    Verdict.SPLIT: ("⊆", "<"),
    Verdict.PARTIAL: ("◐", "%"),
    Verdict.REVERTED: ("↶", "-"),
    Verdict.STABLE_ONLY: ("s", "s"),
    Verdict.SUPERSEDED: ("»", ">"),
    Verdict.SUBMITTED: ("@", "@"),
    Verdict.CLAIMS_WRONG: ("!", "!"),
    Verdict.NOT_UPSTREAM: ("·", "."),
    Verdict.UNKNOWN: ("?", "?"),
}
STYLES = {
    Verdict.REVERTED: "bad",
    Verdict.CLAIMS_WRONG: "bad",
    Verdict.PARTIAL: "unsure",
    Verdict.SUPERSEDED: "unsure",
    Verdict.SUBMITTED: "unsure",
    Verdict.UNKNOWN: "unsure",
    Verdict.NOT_UPSTREAM: "dim",
}


def style(verdict: Verdict) -> str:
    """The style of a verdict's word."""
    return "good" if verdict in UPSTREAM else STYLES.get(verdict, "")


def doubt(one: PatchResult) -> str:
    """ "?" for a verdict of low certainty, else ""."""
    return "?" if one.certainty == "low" and one.verdict is not Verdict.UNKNOWN else ""


def is_not_fetched(one: PatchResult) -> bool:
    """Whether only the address of a patch is known."""
    problems = (note.problem for note in one.notes if note.problem)
    return any(told.kind in (ProblemKind.NOT_FETCHED, ProblemKind.NO_COMMIT) for told in problems)


def how_sure(one: PatchResult) -> str:
    """Score and certainty; a patch that was not compared has no score, and one that cannot be told has neither."""
    sure = f"certainty {one.certainty}" if one.certainty else ""
    if is_not_fetched(one):
        return f"by its address alone, {sure}" if one.commits else ""
    return ", ".join(filter(None, [f"score {one.score:.2f}", sure])) if one.score or sure else ""


def notice(one: PatchResult) -> str:
    """The commit that a mailing list says a submitted patch was merged as; "" without such a notice."""
    if one.verdict is not Verdict.SUBMITTED:
        return ""
    return next((sent.commit for sent in one.submissions if sent.commit), "")


def counts(patches: Iterable[PatchResult]) -> dict[Verdict, int]:
    """How many patches have each verdict, in the order of verdicts; none with 0."""
    found = dict.fromkeys(Verdict, 0)
    for one in patches:
        found[one.verdict] += 1
    return {verdict: count for verdict, count in found.items() if count}


def releases(one: PatchResult) -> str:
    """The first release on mainline and on each stable branch, of the patch's first commit: "4.18.0; 4.17.3"."""
    if not one.commits:
        return ""
    return "; ".join(rel.tag or f"{rel.branch}, unreleased" for rel in one.commits[0].releases)


def upstream_words(one: UpstreamUsed) -> str:
    """ "history of xen.git: 62,156 commits, newest release RELEASE-4.20.0"."""
    what = "history of" if one.kind is UpstreamKind.HISTORY else one.kind
    parts = []
    if one.commits:
        parts.append(f"{one.commits:,} {'messages' if one.kind is UpstreamKind.ARCHIVE else 'commits'}")
    if one.main:
        parts.append(f"mainline {one.main}")
    if one.newest_tag:
        parts.append(f"newest release {one.newest_tag}")
    if one.kind is UpstreamKind.ARCHIVE and one.head:
        parts.append(f"newest of {one.head}")
    if one.limits:
        parts.append(limits_words(one.limits))
    return f"{what} {one.name}" + (f": {', '.join(parts)}" if parts else "")


def command(*words: str) -> str:
    """A command line to paste."""
    return " ".join(shlex.quote(visible(word)) for word in words)


def options(report: StatusReport) -> list[str]:
    """The options that name the upstreams, their index, and the revisions of a report again."""
    out = []
    for one in report.upstream:
        out += ["--archive" if one.kind is UpstreamKind.ARCHIVE else "--upstream", one.name]
    given = {"--main-branch": report.main_branch, "--index": report.index, "--base": report.base}
    for name, value in (given | {"--target": report.target}).items():
        out += [name, value] if value else []
    return out


def following_commands(report: StatusReport) -> list[str]:
    """What to type next: one patch in detail, and the plan."""
    shown = next((one for one in report.patches if one.verdict is not Verdict.MERGED), None) or next(
        iter(report.patches), None
    )
    if shown is None:
        return []
    here = options(report)
    lines = [command("kcfg", "patches", "show", report.queue, shown.name, *here)]
    if not report.target and any(one.kind is UpstreamKind.HISTORY for one in report.upstream):
        newest = next((one.newest_tag for one in report.upstream if one.newest_tag), "REV")
        lines.append(command("kcfg", "patches", "plan", report.queue, *here, "--target", newest))
    return lines
