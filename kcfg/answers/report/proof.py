"""What may be said of the best that was found. Who says "proven", "no fewer" or "smallest" says it through here."""

from __future__ import annotations

from kcfg.answers.explain import KeptBy
from kcfg.solver.results import Proof


def no_fewer(proof: Proof) -> str:
    """Whether fewer would do."""
    if proof.proven:
        return "no fewer will do"
    return f"fewer may do, at least {proof.bound}: {stopped(proof)}"


def smallest(proof: Proof) -> str:
    """Whether it is the smallest."""
    if proof.proven:
        return f"proven smallest: lower bound {proof.bound}"
    left = "" if proof.keeps else ", while something was on that should be off"
    return f"not proven: {stopped(proof)} at lower bound {proof.bound}, {proof.cost - proof.bound} below{left}"


def kept_by(one: KeptBy) -> str:
    """Who keeps it as it is."""
    return "nothing: it becomes another one when it is read back" if one is KeptBy.NOBODY else one.value


def verdict(proof: Proof) -> str:
    """The same in two words."""
    return "proven smallest" if proof.proven else "not proven"


def stopped(proof: Proof) -> str:
    """Why there is no proof."""
    return "the time ran out" if proof.out_of_time else "the proof ended"
