"""How `kcfg explain` looks as text."""

from __future__ import annotations

from msgspec.structs import replace

from kcfg.answers.effects import ChangedSymbol
from kcfg.answers.explain import ChangedLine, ExplainReport, KeptBy, OtherChange
from kcfg.answers.report.explain import carried_words, changed_line, explain_text, lost_words, moving, purpose
from kcfg.base.version import KernelUsed
from kcfg.show.terminal import Look

USED = KernelUsed(version="6.12", arch="x86_64", origin="snapshot", name="x")
OFF = ExplainReport(
    version="9",
    kernel=USED,
    goals=("DRIVER=y",),
    config="a.config",
    changes=(ChangedLine("MODULES", "y", "n"),),
    bound=1,
    symbols_changed=54,
    verified_by=KeptBy.RESOLVE,
    other=OtherChange(
        stays=("MODULES=y",),
        changes=(ChangedLine("CORE", "m", "y"), ChangedLine("DRIVER", "m", "y")),
        proven=True,
        bound=2,
        out_of_time=False,
        symbols_changed=2,
    ),
)


def test_another_change_stands_below_the_one_with_the_fewest_lines() -> None:
    text = explain_text(OFF, Look())
    assert "or with MODULES=y as now: 2 changed lines (no fewer will do); 2 symbols get another value" in text
    assert text.index("CONFIG_MODULES is not set") < text.index("CONFIG_CORE=y")


def test_lost_lines_are_counted_and_the_first_of_them_named() -> None:
    def words(*lost: str, raised: tuple[str, ...] = ()) -> list[str]:
        return lost_words(replace(OFF, lines_lost=lost, lines_raised=raised))

    assert words("A") == ["1 other line of yours no longer comes out: A"]
    assert words("A", "B", "C") == ["3 other lines of yours no longer come out: A, B, C"]
    assert words("A", "B", "C", "D") == ["4 other lines of yours no longer come out: A, B, C, ..."]
    assert words("A", "B", "C", raised=("A", "C")) == [
        "1 other line of yours no longer comes out: B",
        "2 other lines of yours come out as more than they say: A, C",
    ]
    assert words("A", raised=("A",)) == ["1 other line of yours comes out as more than it says: A"]
    text = explain_text(replace(OFF, lines_lost=("NET", "USB")), Look())
    assert "  2 other lines of yours no longer come out: NET, USB\n" in text
    assert OFF.other is not None
    other = replace(OFF, other=replace(OFF.other, lines_lost=("NET",)))
    assert explain_text(other, Look()).endswith("  1 other line of yours no longer comes out: NET\n")
    assert "of yours" not in explain_text(OFF, Look())


def test_the_symbols_that_get_another_value_stand_at_the_end() -> None:
    told = explain_text(replace(OFF, symbols=(ChangedSymbol("NET", "y", "n"),)), Look())
    assert told.endswith("  the symbols that get another value:\n    NET  y -> n\n")


def test_a_line_that_counts_at_the_end_only_says_so() -> None:
    line = ChangedLine("HZ_100", "n", "y", last=True)
    assert moving(line) == "   at the end: the last one of a choice counts"
    assert moving(replace(line, moves=True)) == "   your line, moved to the end: the last one of a choice counts"
    assert moving(replace(line, last=False)) == ""


def test_how_many_symbols_change_is_told_of_a_configuration_only() -> None:
    assert "54 symbols get another value" in explain_text(OFF, Look())
    assert "another value" not in explain_text(replace(OFF, config="", other=None), Look())


def test_a_goal_asked_for_by_an_old_name_says_so() -> None:
    report = ExplainReport(version="9", kernel=USED, goals=("CFI=y",), carried=(("CFI_CLANG", "CFI"),))
    assert carried_words(report) == ["CFI_CLANG is an old name: its line is CFI's in this kernel"]
    assert carried_words(report)[0] in explain_text(report, Look())


def test_a_line_that_is_not_asked_for_says_what_it_is_for() -> None:
    line = ChangedLine("EXPERT", "n", "y", why="dependency", lost=("INPUT", "VT"))
    assert purpose(line) == "INPUT, VT"
    assert "".join(text for text, _ in changed_line(line)) == "    CONFIG_EXPERT=y   was n   for INPUT, VT"
    assert purpose(replace(line, why="other", lost=("A", "B", "C", "D", "E", "F"))) == "A, B, C, D and 2 more"
    assert purpose(replace(line, why="other", lost=("A", "B", "C", "D"))) == "A, B, C, D"
    assert purpose(replace(line, why="goal")) == ""
    assert purpose(replace(line, lost=())) == ""
