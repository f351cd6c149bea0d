"""`No-Fix:` of a patch's header: an upstream commit that the queue shall lack after this patch, why, and until when.

    No-Fix: 59d0bf62861f until 2027-03-31: AUTO_IBRS is off in this build

SUSE's kernels have the field with nothing but a commit. Here it counts with a last day and a reason only: what is
waived without them stays waived when nobody remembers why.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from patches.text.shas import ANY_CASE
from patches.thresholds import GROUND

_FIELD = re.compile(r"[ \t]{0,4}No-Fix:(.*)$", re.IGNORECASE)
_VALUE = re.compile(
    rf"(?:({ANY_CASE})(?![0-9a-zA-Z]))?\s*(?:until\s+(\d{{4}}-\d\d-\d\d)(?!\d))?[\s:,;-]*(.*)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class NoFix:
    """One field. `commit` is lower-case hex, maybe short; it, `reason` and `until` are empty where not told.

    `line` is that of the header.
    """

    commit: str
    until: datetime.date | None
    reason: str
    line: int

    @property
    def lacking(self) -> tuple[str, ...]:
        """What has to be told and is not."""
        told = (("commit", self.commit), ("date", self.until), ("reason", self.reason))
        return tuple(name for name, value in told if not value)


def read_no_fixes(lines: Sequence[str]) -> tuple[NoFix, ...]:
    """The fields of a header's lines; a value may go on in indented lines."""
    return tuple(found(lines))


def found(lines: Sequence[str]) -> Iterator[NoFix]:
    """Each field in its order."""
    for number, line in enumerate(lines):
        said = _FIELD.match(line[:2000])
        if said:
            yield parsed(
                " ".join([said[1], *going_on(lines[number + 1 : number + 1 + GROUND.field_lines])]), number + 1
            )


def going_on(lines: Iterable[str]) -> Iterator[str]:
    """The lines that a value goes on in."""
    for line in lines:
        if line[:1] not in (" ", "\t") or not line.strip() or _FIELD.match(line):
            return
        yield line[:2000]


def parsed(value: str, line: int) -> NoFix:
    """A field by its value; a day that no calendar has is none."""
    said = _VALUE.match(" ".join(value.split()))
    assert said is not None  # each part of it may be missing
    try:
        until = datetime.date.fromisoformat(said[2]) if said[2] else None
    except ValueError:
        until = None
    return NoFix((said[1] or "").lower(), until, said[3].strip()[:500], line)
