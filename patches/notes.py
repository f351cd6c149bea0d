"""What is to be known of a patch or a queue besides its verdicts, as data. `patches/report/` has the sentences."""

from __future__ import annotations

import msgspec

from patches.queues.reasons import Stale
from patches.text.problems import Problem

Note = Problem | str
"""What could not be read of a patch, or what the judging of it says."""


class Unread(msgspec.Struct, frozen=True, omit_defaults=True):
    """What of a queue was not read, or not judged: a line of its series, or a patch with the notes that say why."""

    stale: Stale | None = None
    notes: tuple[Note, ...] = ()
