"""Why a line or a symbol is in a result, and what there is to warn of, as data.

profiles/report/causes.py has the words.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from kcfg.answers.facts import Reason
from profiles.fulfil.demands import Demand


class CauseKind(StrEnum):
    """Why something is there."""

    ASKED = "asked"  # `demand` speaks of it
    OTHER_DEFAULT = "other-default"  # its default, `value`, is not needed
    LOST = "lost"  # without it `symbols` would be lost
    TRICK = "trick"  # it only turns others off
    UNNEEDED = "unneeded"  # nothing that is asked for needs it, and it turns nothing off
    STEP = "step"  # `step` makes it so
    DEFAULT = "default"  # it is its own default
    USED = "used"  # `symbols`, which are demanded, depend on it
    REST = "rest"  # what the others depend on


class Cause(msgspec.Struct, frozen=True):
    """Why a line or symbol is there; what the fields are for depends on the kind. `symbols` are all of them."""

    kind: CauseKind
    demand: Demand | None = None
    symbols: tuple[str, ...] = ()
    value: str = ""
    step: Reason | None = None


class WarnedKind(StrEnum):
    """What there is to warn of."""

    NOT_KEPT = "not-kept"  # `demand` is of an essential that the given configuration does without
    LACKING = "lacking"  # `demand` is nothing that the given configuration can fulfil
    NOWHERE = "nowhere"  # `demand` is of symbols that the kernel does not have
    NOT_PROVEN = "not-proven"  # `cost` is the best found in `seconds`, `bound` the lower bound
    TRICKS = "tricks"  # `symbols` are on only to turn others off, and cannot be off
    NEEDED = "needed"  # `symbols`, which should be off, are on, for `goal` is impossible without them
    TRICKS_LEFT = "tricks-left"  # they may be off; `seconds` did not suffice to say so, or (0) so many rounds
    CONTRADICTED = "contradicted"  # `goal` of `demand` is one of those that contradict each other
    NOT_HERE = "not-here"  # the profile does not exist for the kernel: `text` is its own word for it


class Warned(msgspec.Struct, frozen=True):
    """One warning; what the fields are for depends on the kind."""

    kind: WarnedKind
    demand: Demand | None = None
    goal: str = ""
    symbols: tuple[str, ...] = ()
    cost: int = 0
    bound: int = 0
    seconds: float = 0.0
    text: str = ""


def left_on(warnings: Iterable[Warned]) -> tuple[Warned, ...]:
    """The warnings of what is on and should not be: with one of them nothing is proven smallest."""
    return tuple(one for one in warnings if one.kind is WarnedKind.TRICKS_LEFT)
