"""Everything that `kcfg resolve` has to say of a configuration, as a value."""

from __future__ import annotations

from pathlib import Path

from kcfg.answers.facts import Basis, Location, Reason, ReasonKind
from kcfg.answers.outcome import MAX_DOUBTFUL, is_doubtful, outcome_of, warnings
from kcfg.kconfig.config import ConfigWarning, WarnedOf
from tests.kcfg.trees import MODULES, judge_of, model_of

TREE = 'config A\n\tbool "a"\n\tselect B\nconfig B\n\tbool "b"\n\tdepends on C\nconfig C\n\tbool "c"\n'


def test_lines_that_come_out_otherwise_are_differences(tmp_path: Path) -> None:
    report = outcome_of(judge_of(model_of(tmp_path, TREE), "B=y\nC=y"), "9", ("a", "b"))
    assert (report.differences, report.enabled, report.untold, report.parts) == ((), 2, 0, ("a", "b"))
    report = outcome_of(judge_of(model_of(tmp_path / "b", TREE), "B=y"), "9")
    assert [(one.symbol, one.asked, one.got) for one in report.differences] == [("B", "y", "n")]
    assert (report.version, report.config, report.enabled) == ("9", "test.config", 0)


def test_a_text_y_is_no_enabled_symbol(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config A\n\tbool "a"\nconfig S\n\tstring "s"\n')
    assert outcome_of(judge_of(model, 'A=y\nS="y"'), "9").enabled == 1


def test_a_line_that_is_not_what_it_seems_is_warned_of(tmp_path: Path) -> None:
    report = outcome_of(judge_of(model_of(tmp_path, TREE), "C=y\nS = y"), "9")
    warned = ConfigWarning(WarnedOf.AROUND_EQUALS, "test.config", 2, "CONFIG_S = y")
    assert report.warnings == (Reason(ReasonKind.DUPLICATE, Location("test.config", 2), warned=warned),)


def test_a_select_over_unmet_dependencies_is_warned_of_at_the_definition(tmp_path: Path) -> None:
    (found,) = outcome_of(judge_of(model_of(tmp_path, TREE), "A=y"), "9").warnings
    assert (found.kind, found.basis, found.symbol, found.where) == (
        ReasonKind.SELECTED,
        Basis.DEPENDS,
        "B",
        Location("Kconfig", 4),
    )


PROBES = "".join(f"config P{n}\n\tdef_bool $(shell,ask {n})\n" for n in range(6))


def test_values_that_nothing_here_can_tell_are_named_up_to_a_limit(tmp_path: Path) -> None:
    judge = judge_of(model_of(tmp_path, MODULES + PROBES))
    written = [judge.model.index[f"P{n}"] for n in range(6)]
    (found,) = warnings(judge, written)
    assert (found.kind, found.others, found.more) == (ReasonKind.PROBE, ("P0", "P1", "P2", "P3"), 2)
    assert len(found.others) == MAX_DOUBTFUL
    assert warnings(judge, []) == ()


def test_an_outcome_is_doubtful_when_a_probe_is_among_its_warnings(tmp_path: Path) -> None:
    plain = outcome_of(judge_of(model_of(tmp_path / "a", TREE), "A=y"), "9")
    asks = 'config Q\n\tbool "q"\n\tdepends on $(shell,ask)\n'
    asked = outcome_of(judge_of(model_of(tmp_path / "b", asks), "Q=y"), "9")
    assert (is_doubtful(plain), is_doubtful(asked)) == (False, True)
    assert (asked.differences, asked.untold) == ((), 1)
