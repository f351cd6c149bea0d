"""What of a patch could not be read, as data: a kind, and what belongs to it.

`patches/report/problems.py` has the sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ProblemKind(StrEnum):
    """What is wrong."""

    EMPTY = "empty"
    NO_DIFF = "no-diff"
    TEXT_BEFORE_HUNK = "text-before-hunk"
    MERGE = "merge"  # a merge's diff is not read
    NO_HUNK = "no-hunk"  # a file is named, and no hunk follows
    NO_NAME = "no-name"
    OUTSIDE = "outside"  # text: a path that leads out of the tree
    LONG = "long"  # text: the beginning of a path with more bytes than Linux takes
    STRIPPED = "stripped"  # text: a path of which the -p level in `numbers` leaves nothing
    PREFIX = "prefix"  # text: a name that keeps its a/ or b/ with the -p level in `numbers`
    ONE_SIDE = "one-side"  # "---" without "+++"
    SKIPPED_LINES = "skipped-lines"  # between hunks
    NO_NUMBERS = "no-numbers"  # text: the @@ line, whose numbers cannot be read
    ODD_NUMBERS = "odd-numbers"  # text: the @@ line, whose numbers are written in another way
    COUNTS = "counts"  # numbers: the lines before and after that the hunk says, and those that it has
    OTHER_COUNT = "other-count"  # a context or normal diff has another number of lines than it says
    CUT_OFF = "cut-off"  # a context hunk without its new side
    SIDES_DIFFER = "sides-differ"  # a context hunk has different lines around the change
    ED_SCRIPT = "ed-script"  # commands of ed, which patch would have carried out
    INDENTED = "indented"  # a diff all of whose lines are indented, which patch would take
    MORE = "more"  # numbers: how many more problems there are
    REFUSED = "refused"  # text: what kept the file from being read
    NOT_FETCHED = "not-fetched"  # text: its address, which names a commit
    NO_COMMIT = "no-commit"  # text: its address; nothing was fetched, and it names no commit


LOST = frozenset(
    {
        ProblemKind.MERGE,
        ProblemKind.NO_NAME,
        ProblemKind.OUTSIDE,
        ProblemKind.LONG,
        ProblemKind.STRIPPED,
        ProblemKind.PREFIX,
        ProblemKind.ONE_SIDE,
        ProblemKind.OTHER_COUNT,
        ProblemKind.CUT_OFF,
        ProblemKind.ED_SCRIPT,
        ProblemKind.INDENTED,
        ProblemKind.MORE,
        ProblemKind.REFUSED,
    }
)
"""What is wrong where a part of the patch was left out."""
EATEN = 3
"""Lines of context that may be lacking at the end of a hunk: blank ones."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read: `line` of the patch file (0: the file as a whole), and why.

    `text` and `numbers` are those of the kind.
    """

    line: int
    kind: ProblemKind
    text: str = ""
    numbers: tuple[int, ...] = ()

    @property
    def loses(self) -> bool:
        """Whether a change may stand there that was not read; blank lines that a mail has eaten at the end are none."""
        if self.kind is ProblemKind.COUNTS:
            old, new, old_read, new_read = self.numbers
            lacking = {old - old_read, new - new_read}
            return max(lacking) > 0 and (len(lacking) > 1 or max(lacking) > EATEN)
        return self.kind in LOST
