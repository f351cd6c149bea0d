"""Causes and warnings in words."""

from __future__ import annotations

import pytest

from kcfg.answers.facts import Location, Reason, ReasonKind
from kcfg.answers.report.sentences import sentence
from kcfg.solver.results import Goal
from profiles.fulfil.causes import Cause, CauseKind, Warned, WarnedKind
from profiles.fulfil.demands import Asker, Demand
from profiles.fulfil.generated import Passed, Trial
from profiles.report.causes import CAUSES, WARNINGS, asked_by, cause_words, passed_words, some, warning_words

XEN = Demand(Asker.RULE, "mine/xen", ((Goal("XEN", "y"),),), "it is Xen")
STEP = Reason(ReasonKind.SELECTED, Location("Kconfig", 3), symbol="PVH", others=("XEN_PVH",))


def test_every_kind_has_words() -> None:
    assert set(CAUSES) == set(CauseKind)
    assert set(WARNINGS) == set(WarnedKind)


def test_who_asks_is_told_by_kind_name_and_why() -> None:
    assert asked_by(XEN) == "rule mine/xen: it is Xen"
    assert asked_by(Demand(Asker.RULE, "a", ())) == "rule a"
    assert asked_by(Demand(Asker.REQUIRE, "", (), "asked for")) == "require: asked for"
    assert asked_by(None) == ""


def test_a_long_list_ends_in_how_many_more_there_are() -> None:
    assert (some(("A", "B"), 2), some(("A", "B", "C", "D"), 2)) == ("A, B", "A, B and 2 more")


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (Cause(CauseKind.ASKED, XEN), "rule mine/xen: it is Xen"),
        (Cause(CauseKind.OTHER_DEFAULT, value="n"), "its default, n, is not needed"),
        (Cause(CauseKind.LOST, symbols=("A", "B", "C", "D")), "without it A, B, C and 1 more would be lost"),
        (Cause(CauseKind.TRICK), "it only turns others off"),
        (Cause(CauseKind.UNNEEDED), "nothing that is asked for needs it"),
        (Cause(CauseKind.STEP, step=STEP), f"{sentence(STEP)} (Kconfig:3)"),
        (Cause(CauseKind.STEP), ""),
        (Cause(CauseKind.DEFAULT), "its default"),
        (Cause(CauseKind.USED, symbols=("A",)), "A depends on it"),
        (Cause(CauseKind.USED, symbols=("A", "B", "C", "D")), "A, B, C depend on it"),
        (Cause(CauseKind.REST), "what the others depend on"),
    ],
)
def test_a_cause_in_words(cause: Cause, said: str) -> None:
    assert cause_words(cause) == said


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (Warned(WarnedKind.NOT_KEPT, XEN), "XEN=y is not in the configuration, so not kept: rule mine/xen: it is Xen"),
        (Warned(WarnedKind.LACKING, XEN), "XEN=y is not in the configuration: rule mine/xen: it is Xen"),
        (
            Warned(WarnedKind.NOT_PROVEN, cost=9, bound=7, seconds=2.5),
            "9 is the best found in 2.5 s, 7 the lower bound (--timeout)",
        ),
        (Warned(WarnedKind.TRICKS, symbols=tuple("ABCDEF")), "on only to turn others off: A, B, C, D, E and 1 more"),
        (
            Warned(WarnedKind.NEEDED, symbols=("EXPERT",), goal="A=y"),
            "EXPERT is on: A=y is impossible without; what can be off only then may be off, as with --expert",
        ),
        (
            Warned(WarnedKind.TRICKS_LEFT, symbols=("A", "B"), seconds=2.0),
            "on, though nothing that is asked for needs it, and 2 s (--timeout) did not suffice to do without: A, B",
        ),
        (Warned(WarnedKind.CONTRADICTED, XEN, "XEN=y"), "XEN=y: rule mine/xen: it is Xen"),
        (Warned(WarnedKind.NOT_HERE, text="needs Linux 5.9 or later"), "needs Linux 5.9 or later"),
    ],
)
def test_a_warning_in_words(one: Warned, said: str) -> None:
    assert warning_words(one) == said


def test_every_trial_has_words() -> None:
    assert {trial: passed_words(Passed(trial, "mine")) for trial in Trial} == {
        Trial.RESOLVE: "resolve keeps every line",
        Trial.DEPENDENCIES: "no unmet dependencies",
        Trial.PROFILE: "kcfg check --profile mine passes",
        Trial.CONF: "conf --olddefconfig keeps every line",
    }
