"""What speaks for a match, what a header claims, and what there is to know of a patch besides: kinds with fields.

patches/report has the words.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from patches.text.kinds import ClaimKind
from patches.text.problems import Problem


class EvidenceKind(StrEnum):
    """What a piece of evidence is of."""

    PATCH_ID = "patch-id"
    LINES = "lines"
    SUBJECT = "subject"
    AUTHOR = "author"
    DATE = "date"
    TRAILER = "trailer"
    REFERENCE = "reference"
    CONTENT = "content"


class Fact(StrEnum):
    """What a piece of evidence says."""

    SAME_PATCH_ID = "same-patch-id"  # git's is `names[0]` for both; of `commit`, where that is not the one shown
    SHARED_LINES = "shared-lines"  # `count` of the patch's `total` telling lines, of the commit's `theirs`
    OTHER_VERSION = "other-version"  # `commit` has the author and nearly the title, and few of the lines
    OTHER_WAY = "other-way"  # `commit` changes the same lines of the same files otherwise
    SAME_SUBJECT = "same-subject"
    LIKE_SUBJECT = "like-subject"  # the commit's is `names[0]`
    SAME_AUTHOR = "same-author"
    SAME_SECOND = "same-second"  # of writing
    HEADER_NAMES = "header-names"  # the commit
    ADDRESS_NAMES = "address-names"  # `commit`
    REFERENCES = "references"  # both name the advisories `names`
    HUNKS_THERE = "hunks-there"  # `count` of `total` hunks stand in the tree as the patch leaves them
    ADDED_THERE = "added-there"  # `count` of `total` telling added lines are in the files


KINDS = {
    Fact.SAME_PATCH_ID: EvidenceKind.PATCH_ID,
    Fact.SHARED_LINES: EvidenceKind.LINES,
    Fact.OTHER_VERSION: EvidenceKind.LINES,
    Fact.OTHER_WAY: EvidenceKind.LINES,
    Fact.SAME_SUBJECT: EvidenceKind.SUBJECT,
    Fact.LIKE_SUBJECT: EvidenceKind.SUBJECT,
    Fact.SAME_AUTHOR: EvidenceKind.AUTHOR,
    Fact.SAME_SECOND: EvidenceKind.DATE,
    Fact.HEADER_NAMES: EvidenceKind.TRAILER,
    Fact.ADDRESS_NAMES: EvidenceKind.TRAILER,
    Fact.REFERENCES: EvidenceKind.REFERENCE,
    Fact.HUNKS_THERE: EvidenceKind.CONTENT,
    Fact.ADDED_THERE: EvidenceKind.CONTENT,
}


class NamedCommit(msgspec.Struct, frozen=True):
    """A commit that a sentence names."""

    sha: str
    subject: str


class Evidence(msgspec.Struct, frozen=True):
    """One thing that speaks for a match; what the fields are for depends on the fact."""

    fact: Fact
    count: int = 0
    total: int = 0
    theirs: int = 0
    names: tuple[str, ...] = ()
    commit: NamedCommit | None = None

    @property
    def kind(self) -> EvidenceKind:
        """What it is of."""
        return KINDS[self.fact]


class NoteKind(StrEnum):
    """What there is to know of a patch besides its verdict."""

    NO_DIFF = "no-diff"  # the patch holds none
    NOTHING_TELLS = "nothing-tells"  # no changed line says enough to be compared, and there is no header
    NO_HUNK = "no-hunk"  # that content can be compared with
    UNREADABLE = "unreadable"  # the tree's file: `text` is the error's
    PROBLEM = "problem"  # `problem`: a part of the patch could not be read
    BY_CLAIM = "by-claim"  # matched by the header's claim; few of the lines are the same
    BY_LINES = "by-lines"  # matched by the lines alone, which are the same
    BY_ONE_SIDE = "by-one-side"  # matched by the lines alone, of which one side has all
    BY_NAMES = "by-names"  # matched once names are upstream's: `renamed`
    REVERTED = "reverted"  # upstream by `commits[0]`
    APPLIED_AGAIN = "applied-again"  # reverted by `commits[0]`, and applied again by `commits[1]`
    TOLD_MERGED = "told-merged"  # the header says so; later changes may hide that in a tree
    OTHER_TREE = "other-tree"  # neither a file nor a folder that the patch is about is in the tree
    GONE_ALONE = "gone-alone"  # it only removes files that the tree lacks, and maybe never had
    ADDRESS_MISSING = "address-missing"  # the patch's address names no commit of this upstream: `sha`
    ADDRESS_AMBIGUOUS = "address-ambiguous"  # it names more than one: `sha`
    NOT_WHOLE = "not-whole"  # it is not in a history of which a part is missing here


class Note(msgspec.Struct, frozen=True):
    """One thing to know; what the fields are for depends on the kind. `renamed`: (the patch's name, upstream's)."""

    kind: NoteKind
    commits: tuple[NamedCommit, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    sha: str = ""
    text: str = ""
    problem: Problem | None = None


class ClaimOutcome(StrEnum):
    """What an upstream says to a claim of a header."""

    CONFIRMED = "confirmed"
    ANOTHER_CHANGE = "another-change"
    NOT_IN_UPSTREAM = "not-in-upstream"
    FOREIGN = "foreign"  # of another project
    NOT_CHECKED = "not-checked"  # it names no commit, or nothing here can check it


class ClaimResult(msgspec.Struct, frozen=True):
    """What the header says, and what the upstream says to it. `line` is the line of the patch file.

    `commit` is the name that the header gives, `detail` that commit's subject, or what else the header says where
    nothing was looked up. `ambiguous`: how many commits begin with the name, where these are several.
    """

    kind: ClaimKind
    outcome: ClaimOutcome
    commit: str = ""
    line: int = 0
    detail: str = ""
    ambiguous: int = 0
