"""Every number that decides between two words, in one place, each with the measurement that chose it.

"Measured" is by `benchmarks/drops.py` on the 3,320 changes of two Xen queues whose truth is known, where nothing else
is said.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The numbers of the second witness, the target's files; see `patches.verdicts.standing`."""

    adapted: float = 0.5
    alike: float = 0.5
    words: int = 4
    fuzz: int = 2
    arrivals: int = 3


THRESHOLDS = Thresholds()
