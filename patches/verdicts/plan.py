"""What to do with each patch of a queue when it moves to a target: drop, refresh, send, watch or keep."""

from __future__ import annotations

from collections.abc import Iterable

from patches.findings import UPSTREAM, PatchResult, Plan, StatusReport, Verdict

DOUBT = frozenset(
    {Verdict.REVERTED, Verdict.SUPERSEDED, Verdict.SUBMITTED, Verdict.CLAIMS_WRONG, Verdict.UNKNOWN, Verdict.PARTIAL}
)
"""Verdicts that a person has to look at, where neither the target nor the way to apply it settles the matter."""
WORK = frozenset({"conflicts", "fuzz", "partly-there"})
"""What becomes of a patch at the target that makes somebody work on it."""
NEVER = frozenset({"never"})
"""Claims by which a patch says of itself that it does not go upstream."""
SENT = frozenset({"submitted", "queued"})
"""Claims by which it was sent already."""


def plan(report: StatusReport) -> Plan:
    """Every patch in one list, in the queue's order."""
    lists: dict[str, list[str]] = {name: [] for name in Plan.__struct_fields__}
    for one in report.patches:
        lists[list_of(one, with_target=bool(report.target))].append(one.name)
    return Plan(**{name: tuple(found) for name, found in lists.items()})


def list_of(one: PatchResult, *, with_target: bool) -> str:
    """The list of one patch."""
    if droppable(one, with_target=with_target):
        return "drop"
    if one.verdict in DOUBT:
        return "watch"
    if one.applies and one.applies.outcome in WORK and not droppable(one, with_target=with_target):
        return "refresh"
    if one.verdict in UPSTREAM or one.verdict is Verdict.STABLE_ONLY:
        return "keep"
    claims = {claim.kind for claim in one.claims}
    return "keep" if NEVER & claims else "watch" if SENT & claims else "send"


def droppable(one: PatchResult, *, with_target: bool) -> bool:
    """Whether the target has the change; without a target, whether mainline has it."""
    if not with_target:
        return one.verdict in UPSTREAM
    if one.verdict is Verdict.REVERTED:
        return False
    has_all = one.verdict in UPSTREAM or one.verdict is Verdict.STABLE_ONLY
    return (has_all and one.in_target is True) or bool(one.applies and one.applies.outcome == "already-there")


def why(one: PatchResult, *, with_target: bool) -> str:
    """One clause for a person."""
    if one.applies and droppable(one, with_target=with_target) and not one.in_target:
        return "the target's files have it already"
    if one.applies and one.applies.outcome in WORK and not droppable(one, with_target=with_target):
        return f"{one.applies.outcome}: {one.applies.detail}" if one.applies.detail else one.applies.outcome
    if one.commits:
        first = one.commits[0]
        release = next((rel.tag for rel in first.releases if rel.tag), "")
        return f"{one.verdict}: {first.sha[:12]}" + (f" in {release}" if release else "")
    sent = next((sent for sent in one.submissions if sent.commit or sent.applied), None)
    if one.verdict is Verdict.SUBMITTED and sent:
        return (
            f"submitted: merged as {sent.commit[:12]}, says the list" if sent.commit else f"submitted: {sent.applied}"
        )
    claim = next((claim for claim in one.claims if claim.kind in NEVER | SENT), None)
    return f"{one.verdict}: {claim.kind}, says its header" if claim else one.verdict.value


def new_series(report: StatusReport, made: Plan) -> str:
    """A quilt series of what stays; what needs work is marked by a comment, and what goes is one."""
    drop, refresh, watch = set(made.drop), set(made.refresh), set(made.watch)
    lines = [f"# {report.queue} for {report.target or 'upstream'}: {len(made.drop)} of {len(report.patches)} dropped\n"]
    for one in report.patches:
        said = " ".join(why(one, with_target=bool(report.target)).split())
        if one.name in drop:
            lines.append(f"# dropped: {one.name}  # {said}\n")
        elif one.name in refresh or one.name in watch:
            lines.append(f"{one.name}  # {'refresh' if one.name in refresh else 'watch'}: {said}\n")
        else:
            lines.append(f"{one.name}\n")
    return "".join(printable(lines))


def printable(lines: Iterable[str]) -> Iterable[str]:
    """The lines with bytes that are no text spelled out; a line end inside one would make two entries of it."""
    for line in lines:
        body = line[:-1].replace("\n", " ").replace("\r", " ")
        yield body.encode("utf-8", "backslashreplace").decode() + "\n"
