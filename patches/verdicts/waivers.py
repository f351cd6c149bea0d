"""Who waives which follow-up: a file of waivers, and the No-Fix: of the patches' own headers.

    [[waiver]]
    patch = "backport-defaf651631a.patch"
    commit = "59d0bf62861f"
    reason = "AUTO_IBRS is off in this build"
    expires = 2027-03-31

`patch` is a name of the queue, `commit` an upstream commit, at least seven digits. One of them may be missing, and then
all follow-ups of the patch are meant, or that commit whichever patch it is about.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from kcfg.base.errors import UserError
from kcfg.base.waivers import read_waivers, today
from patches.findings import FindingKind, QueueFinding
from patches.followups import Waived, WaiverFault, WaiverFaultKind
from patches.queues.entries import QueueEntry
from patches.text.shas import ANY_CASE


@dataclass(frozen=True, slots=True)
class FollowUpWaiver:
    """One waiver. `where` is file:line; "" for `patch` or `commit` means any."""

    patch: str
    commit: str
    reason: str
    expires: datetime.date
    where: str

    def covers(self, patch: str, names: Collection[str]) -> bool:
        """Whether it is about a patch's follow-up, which has these names: its own and its picks'."""
        return self.patch in ("", patch) and any(name.startswith(self.commit) for name in names)


@dataclass(frozen=True)
class FollowUpWaivers:
    """All that is waived, as of a day; `faults` are of headers that do not say all that has to be said."""

    entries: tuple[FollowUpWaiver, ...]
    faults: tuple[QueueFinding, ...]
    day: datetime.date

    def active(self, patch: str, names: Collection[str]) -> FollowUpWaiver | None:
        """The first one that covers a follow-up of a patch on that day."""
        return next((one for one in self.entries if one.expires >= self.day and one.covers(patch, names)), None)

    def findings(self, used: Collection[FollowUpWaiver], *, unused: bool = True) -> Iterator[QueueFinding]:
        """What is wrong with waivers: those past their day, those that nothing used if `unused`, incomplete ones."""
        for one in self.entries:
            expired = one.expires < self.day
            if expired or (unused and one not in used):
                kind = WaiverFaultKind.EXPIRED if expired else WaiverFaultKind.UNUSED
                fault = WaiverFault(kind, one.reason, one.expires.isoformat())
                yield QueueFinding(FindingKind.WAIVER, one.patch, one.where, waiver=fault)
        yield from self.faults


def load_waivers(path: str, entries: Iterable[QueueEntry], day: datetime.date | None = None) -> FollowUpWaivers:
    """The waivers of a file, "" for none, and of the headers of a queue's patches. UserError with file:line."""
    found = list(of_file(path)) if path else []
    faults = []
    for entry in entries:
        for one in entry.header.no_fixes:
            where = f"{entry.name}:{one.line}"
            if one.until is None or one.lacking:
                fault = WaiverFault(WaiverFaultKind.INCOMPLETE, one.reason, lacking=one.lacking)
                faults.append(QueueFinding(FindingKind.WAIVER, entry.name, where, waiver=fault))
            else:
                found.append(FollowUpWaiver(entry.name, one.commit, one.reason, one.until, where))
    return FollowUpWaivers(tuple(found), tuple(faults), day or today())


def of_file(path: str) -> Iterator[FollowUpWaiver]:
    """The waivers of a file."""
    for table in read_waivers(path, ("patch", "commit"), every=False):
        patch, commit = table.values.get("patch", ""), table.values.get("commit", "")
        if commit and not re.fullmatch(ANY_CASE, commit):
            raise UserError(
                f"'commit' has to be a commit's name: {commit[:80]!r}",
                where=table.where("commit"),
                hint="at least seven hex digits of it",
            )
        yield FollowUpWaiver(patch, commit.lower(), table.values["reason"], table.values["expires"], table.where())


def waived(one: FollowUpWaiver) -> Waived:
    """A waiver as a report has it."""
    return Waived(one.reason, one.expires.isoformat(), one.where)
