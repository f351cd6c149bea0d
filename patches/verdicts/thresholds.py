"""Every number that decides between two words, in one place, each with the measurement that chose it.

"Weight" is that of lines: 1 for a line that one change has alone, 0 for one that all have.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The numbers of `patches.verdicts`."""

    # Whether a header of the queue's own stands above upstream's change
    same_lines: float = 0.95
    """Share of the lines of both sides from which they are the same change, whatever the header says."""
    same_weight: float = 1.0
    """Weight that those lines must have: one that is nowhere else."""

    # What kind of sameness it is
    whole: float = 0.9
    """Share of the lines (by weight, for the patch's) from which one side counts as wholly in the other."""
    part: float = 0.5
    """A patch that is wholly in a commit, and at most this share of it, is a part of a larger change."""
    smallest_part: float = 0.01
    """Share of a commit's lines below which a patch is no part of it by its lines alone: any few are in an import."""
    own: float = 0.7
    """Share of a commit's lines that a patch must hold for the commit to be one of several in it."""
    mostly: float = 0.5
    """Share of the lines, by weight, that several commits must explain to be what a part of the patch is."""
    enough: float = 1.5
    """Weight of the lines that a further commit in a patch must explain: about two lines that are nowhere else."""
    there: float = 0.2
    """Share of the lines, with a header's claim, from which the claimed commit is the change in spite of its look."""
    fix_up: float = 0.6
    """Weight of the lines of a fix that are in a patch and not in what it mends: about one that is nowhere else."""
    fix_share: float = 0.25
    """Share of a fix's lines that must be there: those by which it takes away what it mends are gone."""
    alone: float = 4.0
    """Weight of the shared lines from which a part, or a whole, is recognised where nothing else is: four that are
    nowhere else."""
    adapted_lines: int = 2
    """How many lines of a backport may stand for one line of the change."""
    squash: int = 24
    """How many commits are looked for in one patch."""

    # What stands in place of a patch
    replaced: float = 0.8
    """Share of the lines that a patch removes, by weight, from which a commit that removes them, too, supersedes it."""
    few: float = 0.05
    """Share of the lines, by weight, that a later version of a patch must have kept."""
    same_title: float = 0.6
    """Share of words from which two titles are of one patch in two versions."""
    nearly_title: float = 0.8
    """Share of words from which a title speaks for a commit that the header names."""
    like: float = 0.25
    """Share of words from which two titles may have one purpose."""
    begins: int = 3
    """Words that two titles must begin with for one to be the other, cut off."""

    # How sure a match is
    certain: float = 0.99
    high: float = 0.9
    medium: float = 0.5
    """Scores from which a match is certain, of high and of medium certainty."""
    sure_weight: float = 2.0
    """Weight of shared lines below which a match by lines alone is of medium certainty at most."""
    unlikely: float = 0.1
    """The best score below which it is of high certainty that nothing is the change."""

    # Renamed identifiers
    readings: int = 4
    """How many commits are read for a patch that nothing else finds."""
    renames: float = 0.8
    """Share of the places of a name at which upstream must have the same other name."""

    # The second witness: the target's files
    adapted: float = 0.5
    """Share of a hunk's lines that upstream's change must have for the others to be called the queue's own."""
    alike: float = 0.5
    """Share of words from which a line is upstream's line in another form."""
    words: int = 4
    """Words that a line must have to be recognised by itself, where a file has it once."""
    fuzz: int = 2
    """Lines of context that may differ at each end of a hunk that stands: patch(1)'s own default."""
    arrivals: int = 3
    """How many of a change's commits are looked at."""


BOUNDS = Thresholds()
