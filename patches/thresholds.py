"""The numbers that decide below the verdicts: what is a title, a queue, the same change, another tree.

Each with what it decides and what was measured, as in `patches/verdicts/thresholds.py`, which says what a sample and
"same" are; these stand here since text, queues and upstreams may not look up to the verdicts.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ground:
    """The numbers of `patches.text`, `patches.queues`, `patches.upstreams` and `patches.relevance`."""

    # A patch's title, where it is the first paragraph of a text
    title_lines: int = 3
    """Lines that a title may be wrapped over; a longer paragraph is text, and its first line the title.

    Measured: 1, 2, 5: same.
    """
    title_width: int = 55
    """Length below which a line was not wrapped: where the next one begins with a capital, it is no part of a title.

    Measured: 40, 70: same; no row decides below 62.
    """
    sauce_lines: int = 40
    """Lines at the top of a header in which a distribution's mark (UBUNTU: SAUCE) is that of this patch.

    Measured: of 23,178 patches of 20 queues two have a mark, in line 3 (benchmarks/ground.py headers).
    """
    field_lines: int = 10
    """Lines over which the value of a header's field may go on.

    Measured: of 1,264 fields seven go on, over 4 lines at most (benchmarks/ground.py headers).
    """

    # A queue
    listed: float = 0.5
    """Share of the patches named in a file that must be there for it to be a series.

    Measured: of 11 series in 20 repositories ten have all their patches, the others none (benchmarks/ground.py lists).
    """

    # An upstream
    same_change: float = 0.5
    """Share of lines from which two commits of one author and title are the same change.

    Measured: 0.3 changes five answers, 0.7 three, and no figure.
    """
    common: int = 400
    """Commits that have a line, beyond which it brings no candidates.

    Measured: 100, 1600: same; no row decides between 398 and 420.
    """

    # A configuration's tree
    moved: float = 0.6
    """Share of a patch's telling old lines that a file must have to be the file that it changes, moved.

    Measured: 0.5: 968 of 1,207 moved files found, 116 wrong; 0.6: 862, 90; 0.7: 700, 56
    (benchmarks/ground.py moved, Xen 4.4 to 4.20). A wrong one is told with the name that it is judged as.
    """
    moved_least: int = 3
    """Telling old lines below which nothing is said to have moved.

    Measured: 1: 888 of 1,207 found, 95 wrong; 3: 862, 90; 5: 612, 60 (the same).
    """
    foreign: float = 0.5
    """Share of a queue's files in folders that the tree lacks, above which it is another project's queue.

    Measured: nine queues for Linux have 0, five for Xen, busybox, systemd and qemu 0.69 to 1
    (benchmarks/ground.py foreign).
    """


GROUND = Ground()
