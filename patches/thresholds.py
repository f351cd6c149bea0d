"""The numbers that decide below the verdicts: what is a title, a queue, the same change, another tree.

Each with what it decides and the measurement that chose it, as in `patches/verdicts/thresholds.py`; these stand here
since text, queues, upstreams and relevance may not look up to the verdicts.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ground:
    """The numbers of `patches.text`, `patches.queues`, `patches.upstreams` and `patches.relevance`."""

    # A patch's title, where it is the first paragraph of a text
    title_lines: int = 3
    """Lines that a title may be wrapped over; a longer paragraph is text, and its first line the title."""
    title_width: int = 55
    """Length below which a line was not wrapped: where the next one begins with a capital, it is no part of a title."""
    sauce_lines: int = 40
    """Lines at the top of a header in which a distribution's mark (UBUNTU: SAUCE) is that of this patch."""
    field_lines: int = 10
    """Lines over which the value of a header's field may go on."""

    # A queue
    listed: float = 0.5
    """Share of the patches named in a file that must be there for it to be a series."""

    # An upstream
    same_change: float = 0.5
    """Share of lines from which two commits of one author and title are the same change."""
    common: int = 400
    """Commits that have a line, beyond which it brings no candidates."""

    # A configuration's tree
    moved: float = 0.6
    """Share of a patch's telling old lines that a file must have to be the file that it changes, moved."""
    moved_least: int = 3
    """Telling old lines below which nothing is said to have moved."""
    foreign: float = 0.5
    """Share of a queue's files in folders that the tree lacks, above which it is another project's queue."""


GROUND = Ground()
