"""Causes and warnings of results in words: all formats share them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kcfg.answers.report.sentences import sentence
from profiles.fulfil.causes import Cause, CauseKind, Warned, WarnedKind
from profiles.fulfil.demands import Demand
from profiles.fulfil.generated import Passed, Trial

SHOWN_LOST = 3  # symbols that a cause names
SHOWN_TRICKS = 5  # symbols that a warning names


def asked_by(demand: Demand | None) -> str:
    """Who asks for it, and why."""
    if demand is None:
        return ""
    name = f"{demand.kind} {demand.name}".strip()
    return f"{name}: {demand.why}" if demand.why else name


def some(symbols: Sequence[str], shown: int) -> str:
    """The first of the symbols, and how many more there are."""
    more = f" and {len(symbols) - shown} more" if len(symbols) > shown else ""
    return ", ".join(symbols[:shown]) + more


def _step(cause: Cause) -> str:
    if cause.step is None:
        return ""
    return sentence(cause.step) + (f" ({cause.step.where})" if cause.step.where else "")


def _used(cause: Cause) -> str:
    return f"{', '.join(cause.symbols[:SHOWN_LOST])} depend{'s' * (len(cause.symbols) == 1)} on it"


CAUSES: dict[CauseKind, Callable[[Cause], str]] = {
    CauseKind.ASKED: lambda cause: asked_by(cause.demand),
    CauseKind.OTHER_DEFAULT: lambda cause: f"its default, {cause.value}, is not needed",
    CauseKind.LOST: lambda cause: f"without it {some(cause.symbols, SHOWN_LOST)} would be lost",
    CauseKind.TRICK: lambda _: "it only turns others off",
    CauseKind.UNNEEDED: lambda _: "nothing that is asked for needs it",
    CauseKind.STEP: _step,
    CauseKind.DEFAULT: lambda _: "its default",
    CauseKind.USED: _used,
    CauseKind.REST: lambda _: "what the others depend on",
}
WARNINGS: dict[WarnedKind, Callable[[Warned], str]] = {
    WarnedKind.NOT_KEPT: lambda one: f"{one.demand} is not in the configuration, so not kept: {asked_by(one.demand)}",
    WarnedKind.LACKING: lambda one: f"{one.demand} is not in the configuration: {asked_by(one.demand)}",
    WarnedKind.NOWHERE: lambda one: f"{one.demand}: {asked_by(one.demand)}",
    WarnedKind.NOT_PROVEN: lambda one: (
        f"{one.cost} is the best found in {one.seconds:g} s, {one.bound} the lower bound (--timeout)"
    ),
    WarnedKind.TRICKS: lambda one: f"on only to turn others off: {some(one.symbols, SHOWN_TRICKS)}",
    WarnedKind.NEEDED: lambda one: (
        f"{', '.join(one.symbols)} {'are' if len(one.symbols) > 1 else 'is'} on: "
        + (f"{one.goal} is impossible without" if one.goal else "what is asked for is impossible without")
        + "; what can be off only then may be off, as with --expert"
    ),
    WarnedKind.TRICKS_LEFT: lambda one: (
        "on, though nothing that is asked for needs it, and "
        + (f"{one.seconds:g} s (--timeout) did" if one.seconds else "so many attempts did")
        + f" not suffice to do without: {some(one.symbols, SHOWN_TRICKS)}"
    ),
    WarnedKind.CONTRADICTED: lambda one: f"{one.goal}: {asked_by(one.demand)}",
    WarnedKind.NOT_HERE: lambda one: one.text,
}
"""Kind -> the words for it. A kind without words is a fault that a test finds."""


TRIALS = {
    Trial.RESOLVE: "resolve keeps every line",
    Trial.DEPENDENCIES: "no unmet dependencies",
    Trial.PROFILE: "kcfg check --profile {} passes",
    Trial.CONF: "conf --olddefconfig keeps every line",
}


def passed_words(one: Passed) -> str:
    """What a result has passed."""
    return TRIALS[one.trial].format(one.profile)


def cause_words(cause: Cause) -> str:
    """Why a line or symbol is there."""
    return CAUSES[cause.kind](cause)


def warning_words(one: Warned) -> str:
    """One warning."""
    return WARNINGS[one.kind](one)
