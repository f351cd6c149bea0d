"""What there is to say of a follow-up besides its commit: how much weighs what it changes, and who waives it."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Weight(StrEnum):
    """What a follow-up changes, the heaviest first; one that changes several has the heaviest of them."""

    REVERT = "revert"  # it takes back what the patch carries, whatever that is
    CODE = "code"
    COMMENTS = "comments"
    DOCUMENTATION = "documentation"
    SPACE = "white-space"

    @property
    def rank(self) -> int:
        """0 for the heaviest."""
        return list(Weight).index(self)


class Waived(msgspec.Struct, frozen=True):
    """Somebody has accepted that the queue lacks a follow-up. `until`: the last day, ISO 8601; `where` is file:line."""

    reason: str
    until: str
    where: str


class WaiverFaultKind(StrEnum):
    """Why a waiver waives nothing."""

    EXPIRED = "expired"
    UNUSED = "unused"  # no follow-up that the queue lacks is waived by it
    INCOMPLETE = "incomplete"  # a header's, without a commit, a date or a reason


class WaiverFault(msgspec.Struct, frozen=True):
    """A waiver that waives nothing. `reason` and `until` are its own, "" where it has none.

    `lacking`: what a header's waiver does not say.
    """

    kind: WaiverFaultKind
    reason: str = ""
    until: str = ""
    lacking: tuple[str, ...] = ()
