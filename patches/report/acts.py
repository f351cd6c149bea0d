"""What to act on, put in groups with a heading each: all formats share them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from patches.findings import FindingKind, QueueFinding

TITLES = {
    FindingKind.MERGED: "can be dropped",
    FindingKind.CLAIMS_WRONG: "the header claims what is not so",
    FindingKind.FOLLOW_UP: "upstream went on, the queue did not",
    FindingKind.STALE: "the series does not fit its files",
    FindingKind.CONFLICT: "does not apply",
    FindingKind.UNREADABLE: "could not be read",
    FindingKind.WAIVER: "waivers that waive nothing",
}
WAIVED = "upstream went on, and the queue shall not"


class Group(msgspec.Struct, frozen=True):
    """Findings under one heading. `name` is that of the kind, or "waived"."""

    name: str
    title: str
    found: tuple[QueueFinding, ...]


def grouped(findings: Sequence[QueueFinding]) -> list[Group]:
    """The findings by kind, none empty; follow-ups that are waived come apart, behind those that are not."""
    out = []
    for kind in FindingKind:
        of_kind = [one for one in findings if one.kind is kind]
        left, waived = (tuple(one for one in of_kind if bool(one.waived) is told) for told in (False, True))
        out += [Group(kind.value, TITLES[kind], left), Group("waived", WAIVED, waived)]
    return [one for one in out if one.found]
