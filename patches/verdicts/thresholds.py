"""Every number that decides between two words of a verdict, in one place, with what it decides and what was measured.

`benchmarks/drops.py --set NAME=VALUE` measures another value on queues whose truth is known. What stands as measured
is, where nothing else is said, from `--hard --sample 200 --sweep`: 200 patches of Xen's queues that git's patch-id does
not find, so that every number counts more than it does for others. Most were measured when F1 was .9889 with headers
and .9663 of the diff alone, with 82.7 and 81.1 % of the whole changes dropped, 4 drops wrong, 393 of 400 words right,
and wrong 0 of 225 certain matches, 0 of 23 high, 0 of 2 medium and 5 of 18 low ones; since names have to be known and
places to fit, it is .9963 and .9660, and 2 of 15 low ones are wrong. "Same": none of these figures changes. On 600
rows: .9952 and .9657, 85.9 and 83.4 %, 2 wrong drops, 1176 of 1200 words. Since then nothing that only resembles counts
as there: fewer are dropped, and none of those that are asked for wrongly.

"Weight" is that of lines: 1 for a line that one change has alone, 0 for one that all have.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The numbers of `patches.verdicts`."""

    # Candidates
    rarest: int = 60
    """How many of a patch's lines are looked up, the rarest first.

    Measured: 15, 30: same on 40 rows; 120: F1 .982/.946 for 1.000/.963.
    """
    by_lines: int = 16
    """How many candidates the lines alone bring.

    Measured: 4, 8, 32: same on 40 rows; 4 changes three of their answers, 32 none.
    """
    candidates: int = 48
    """How many candidates a title, an advisory or the beginning of a commit's name brings.

    Measured: 4, 12, 200: same on 40 rows, nothing changed.
    """

    # What the model sees (data/scorer.json was trained with these)
    identity: float = 0.999
    """The least score of a commit with the patch's author, subject and date to the second: it is it, or a pick.

    Measured: 0.9: 3 of 225 certain matches are only high, none of them wrong; 0.99: same.
    """
    day: int = 86_400
    """Seconds by which authors' dates may differ and still be one date: time zones get lost.

    Measured: an hour, ten days: same; no row decides between 77,600 and 99,300 s.
    """
    other_title: float = 0.5
    """Share of words below which a title is another one; from it, it is called similar.

    Measured: 0.3, 0.7: same.
    """
    much: float = 3.0
    """Weight of shared lines that counts half of all that lines can count.

    Measured: 1.5, 6: same on 40 rows.
    """
    little: float = 0.5
    """Weight of shared lines that is half of what little is.

    Measured: 0.25, 1: same on 40 rows.
    """

    # Whether a header of the queue's own stands above upstream's change
    same_lines: float = 0.95
    """Share of the lines of both sides from which they are the same change, whatever the header says.

    Measured: of 3,320 changes none is found by it under its own header or none; it is for queues' own headers.
    """
    same_weight: float = 1.0
    """Weight that those lines must have: one that is nowhere else.

    Measured: as above, 0 of 3,320.
    """

    # What kind of sameness it is
    whole: float = 0.9
    """Share of the lines (by weight, for the patch's) from which one side counts as wholly in the other.

    Measured: on 600 rows 0.8: F1 .9964/.9682, 1179 words right; 0.9: .9952/.9657, 1176; 0.95: as 0.9, 0.3 %
    more dropped. Three rows are too few to call four fifths of a patch, or of a tree's hunks, the whole.
    """
    part: float = 0.5
    """A patch that is wholly in a commit, and at most this share of it, is a part of a larger change.

    Measured: 0.3: 392 words right; 0.7: same; no row decides between 0.4 and 0.55.
    """
    smallest_part: float = 0.01
    """Share of a commit's lines below which a patch is no part of it by its lines alone: any few are in an import.

    Measured: 0: same; 0.05: same.
    """
    own: float = 0.7
    """Share of a commit's lines that a patch must hold for the commit to be one of several in it.

    Measured: 0.5 changes 19 answers, 0.6 five, none for the better; 0.8: same; no row decides between 0.67 and 0.71.
    """
    mostly: float = 0.5
    """Share of the lines, by weight, that several commits must explain to be what a part of the patch is.

    Measured: 0.3, 0.7: same; no row of 600 has two commits and no best one.
    """
    enough: float = 1.5
    """Weight of the lines that a further commit in a patch must explain: about two lines that are nowhere else.

    Measured: on 600 rows 0.8, 1.2: same; 2.5: 3 wrong drops for 2; no row decides between 1.46 and 1.53.
    """
    there: float = 0.2
    """Share of the lines, with a header's claim, from which the claimed commit is the change in spite of its look.

    Measured: 0.1: 107 of 220 false claims are taken for true; 0.2: 68; 0.3: 32, and one true claim of 270 is lost.
    """
    fix_up: float = 0.6
    """Weight of the lines of a fix that are in a patch and not in what it mends: about one that is nowhere else.

    Measured: on 600 rows 0.3: same; 1.2: 24 answers change, no figure; no row decides between 0.42 and 0.89.
    """
    fix_share: float = 0.25
    """Share of a fix's lines that must be there: those by which it takes away what it mends are gone.

    Measured: on 600 rows 0.1: same; 0.5: eight answers change, no figure.
    """
    alone: float = 4.0
    """Weight of the shared lines from which a part, or a whole, is recognised where nothing else is: four that are
    nowhere else.

    Measured: on 600 rows 2: F1 .9928/.9646, 3: .9928/.9633, 4: .9952/.9657, 6: same.
    """
    adapted_lines: int = 2
    """How many lines of a backport may stand for one line of the change.

    Measured: on 600 rows 1 changes 63 answers, 3: 46; same.
    """
    squash: int = 24
    """How many commits are looked for in one patch.

    Measured: 4, 12, 48: same; no row has more than two commits. A limit of time.
    """

    # What stands in place of a patch
    replaced: float = 0.8
    """Share of the lines that a patch removes, by weight, from which a commit that removes them, too, supersedes it.

    Measured: 0.6, 0.9: same; no row decides between 0.78 and 0.82.
    """
    few: float = 0.05
    """Share of the lines, by weight, that a later version of a patch must have kept.

    Measured: 0.02, 0.1: same; a dozen words of certainty change.
    """
    same_title: float = 0.6
    """Share of words from which two titles are of one patch in two versions.

    Measured: 0.4, 0.8: same; no row decides between 0.59 and 0.67.
    """
    nearly_title: float = 0.8
    """Share of words from which a title speaks for a commit that the header names.

    Measured: 0.6: 70 of 220 false claims are taken for true; 0.8: 68; 0.95: 67; no true one is lost.
    """
    like: float = 0.25
    """Share of words from which two titles may have one purpose.

    Measured: 0.1, 0.5: same.
    """
    begins: int = 3
    """Words that two titles must begin with for one to be the other, cut off.

    Measured: 2, 5: same; no row decides below 5.
    """

    # How sure a match is
    certain: float = 0.99
    """Score from which a match is certain.

    Measured: 0.97: 238 matches are certain, 0.99: 225, 0.999: 123; none of them wrong. On 600 rows: 1 of 716.
    """
    high: float = 0.98
    """Score from which a match is of high certainty.

    Measured: of the diffs of 3,320 changes, 0.9: 82 are high and 2 of them wrong, both with .977.
    """
    medium: float = 0.5
    """Score from which a match is of medium certainty, and below which of low.

    Measured: 0.3, 0.7: same; no row decides between 0.49 and 0.52. On 600 rows wrong are 3 of 16, and 6
    of 31 low ones.
    """
    sure_weight: float = 2.0
    """Weight of shared lines below which a match by lines alone is of medium certainty at most, and of added ones below
    which nothing is a part: a patch that only takes away is in each that takes more away.

    Measured: 1: one match of 2 medium ones is certain; 4: 7 are medium, none wrong. For a part 0, 1, 4: same; no row
    decides between 1.7 and 2.09.
    """
    unlikely: float = 0.1
    """The best score below which it is of high certainty that nothing is the change.

    Measured: 0.05: 16 words of certainty change, 0.2: 7; nothing else does.
    """

    # Renamed identifiers
    readings: int = 4
    """How many commits are read for a patch that nothing else finds.

    Measured: 1, 2, 8: same; 8 takes twice the time of 2.
    """
    renames: float = 0.8
    """Share of the places of a name at which upstream must have the same other name.

    Measured: 0.6: one high match is certain; 0.95: same.
    """

    differing: float = 0.5
    """Share of the names that may be others; with more, it is other code of the same form.

    Measured: 0.3: F1 .9889/.9624, one renamed patch is lost; 0.7: same.
    """

    known: float = 0.5
    """Share of the renamed names that must be in what was there before the patch.

    Measured: of what is found by its names, true ones have .5 or more, false ones (the change left out) .4 or less.
    """

    # The lines around a change
    same_place: float = 0.25
    """Share of a patch's unchanged lines below which few shared lines of the same file are in another place of it.

    Measured: true matches of little weight have .33 or more, the only false one .2.
    """
    other_place: float = 0.5
    """The same where a commit changes files of other names.

    Measured: true ones 1, false ones .4.
    """
    surrounded: float = 0.9
    """Share of the smaller one's unchanged lines that the larger one must have for it to be a part of it.

    Measured: 0.7: four more low matches are wrong, F1 .9889/.9588; 1: same. True parts have 1, false ones .83 or less.
    """

    # A tree without a history
    tree_part: float = 0.1
    """Share of the telling lines that hunks which are there must hold, for a part of the patch to count as there.

    Measured: of 588 patches that a tree has with a stranger's behind, 0.05: 273 are partial, 0.1: 214, 0.2: 158; of 654
    that it does not have 11, 8, 5 (benchmarks/tree.py --parts). A false part costs a look, a missed one nothing.
    """

    # The second witness: the target's files
    adapted: float = 0.5
    """Share of a hunk's lines that upstream's change must have for the others to be called the queue's own.

    Measured: 0.3, 0.7: same; it only chooses the word.
    """
    fuzz: int = 2
    """Lines of context that may differ at each end of a hunk that is applied: patch(1)'s own default.

    Measured: while the witness of the files had it, too, 0, 1: same; 3: 0.8 % more dropped, and 6 wrong drops for 4.
    """
    around: int = 3
    """Lines of context by which a side without a telling line is found for a reason: what diff puts around a hunk.

    Measured: 1, 2, 4: same.
    """
    arrivals: int = 3
    """How many of a change's commits are looked at.

    Measured: 1, 2, 6: same; a limit of time.
    """


BOUNDS = Thresholds()
