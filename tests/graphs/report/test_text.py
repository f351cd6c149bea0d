"""How the answers of the graph look: as text, and as Markdown."""

from __future__ import annotations

import itertools

import pytest

from graphs.findings import (
    Change,
    CompareReport,
    CompareRow,
    ConeNode,
    Cycle,
    CyclesReport,
    Dominator,
    DominatorsReport,
    GraphEdge,
    HistoryReport,
    HistoryRow,
    Loss,
    MinimalWay,
    NeededByReport,
    NeedsReport,
    Path,
    PathReport,
    PathStep,
    SetLine,
    SymbolStatement,
)
from graphs.kinds import StatementKind
from graphs.report import compare, markdown, text
from kcfg.answers.facts import Basis, Location, Reason, ReasonKind, State
from kcfg.base.version import KernelUsed
from kcfg.show.terminal import Look

LOOK, PLAIN = Look(), Look(encoding="ascii")


def kernel(version: str = "6.12.1") -> KernelUsed:
    return KernelUsed(version=version, arch="x86_64", origin="snapshot", name=version, options=("--kernel", "6.12"))


USED = kernel()
GONE = Reason(
    ReasonKind.UNMET_DEPENDENCY, Location("Kconfig", 4), basis=Basis.DEPENDS, symbol="B", condition="A",
    states=(State("A", "n"),), changed=True,
)  # fmt: skip


def edge(kind: str = "depends", sign: int = 1, *, alternative: bool = False) -> GraphEdge:
    return GraphEdge(kind=kind, sign=sign, alternative=alternative, place="Kconfig:4", statement="depends on B")


def way(*names: str, certain: bool = True) -> Path:
    pairs = itertools.pairwise(names)
    return Path(tuple(PathStep(a, b, (edge(alternative=not certain),)) for a, b in pairs), certain)


# Compare.

ROWS = (
    CompareRow(kernel=kernel("5.10.3"), left_why="no PVH there", only_right=("C", "D")),
    CompareRow(kernel=kernel("6.12.1"), together=True, shared=("A",), only_left=("B",), only_right=("C",)),
)
COMPARED = CompareReport(version="9", left="pvh", right="pv", rows=ROWS, prompts=("C", "A"))


@pytest.mark.parametrize(("name", "where"), [("A", "both"), ("B", "left"), ("C", "right"), ("D", "")])
def test_which_mode_needs_a_symbol(name: str, where: str) -> None:
    assert compare.side(ROWS[1], name) == where


def test_symbols_are_grouped_by_the_newest_kernel_that_tells_modes_apart() -> None:
    assert compare.grouped(COMPARED) == [("both", ["A"]), ("left", ["B"]), ("right", ["C", "D"])]
    assert compare.grouped(CompareReport(version="9", left="a", right="b", rows=())) == []


def test_a_comparison_has_a_column_for_each_kernel() -> None:
    told = compare.compare_text(COMPARED, PLAIN).splitlines()
    assert told[0] == "pvh and pv  x86_64"
    assert "  5.10.3: no pvh: no PVH there" in told
    rows = {line.split()[0]: line.split()[1:] for line in told if line.startswith("    ")}
    assert rows == {"A": [".", "*"], "B": [".", "<"], "C": [">", ">"], "D": [">", "."]}
    (head,) = [line for line in told if line.startswith("  both need")]
    assert head.split()[-2:] == ["5.10", "6.12"]


def test_modes_that_no_kernel_can_be_at_once_are_said_so() -> None:
    rows = (CompareRow(kernel=USED, together=False, only_left=("A",)),)
    assert "6.12.1: no kernel can be both" in compare.compare_text(
        CompareReport(version="9", left="a", right="b", rows=rows), LOOK
    )


def test_markdown_of_a_comparison_has_a_column_for_each_kernel() -> None:
    lines = markdown.compare_markdown(COMPARED, LOOK).splitlines()
    assert lines[0] == "## pvh and pv"
    assert "* Linux 5.10.3: no pvh: no PVH there" in lines
    assert "| `A` |  | both |" in lines
    assert "| `C` | pv | pv |" in lines


# Text.


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (edge(), "needs"),
        (edge(sign=-1), "needs the absence of"),
        (edge(alternative=True), "needs one of several:"),
        (edge("default"), "defaults to"),
        (edge("default", alternative=True), "defaults to one of several:"),
        (edge("select", alternative=True), "selects"),
        (edge("selected-by"), "is selected by"),
        (edge("choice"), "is one of"),
    ],
)
def test_what_an_edge_says_of_its_nodes(one: GraphEdge, words: str) -> None:
    assert text.words_of(one) == words


def test_a_step_is_told_by_its_most_certain_statement() -> None:
    step = PathStep("A", "B", (edge(alternative=True), edge(sign=-1), edge("select")))
    lines = ["".join(part for part, _ in line) for line in text.step_lines(step, 1)]
    assert lines == ["  A selects B", "    depends on B  Kconfig:4"]


def path_report(**more: object) -> PathReport:
    return PathReport(version="9", kernel=USED, source="A", target="C", **more)  # type: ignore[arg-type]


def test_a_certain_path_is_an_answer_and_others_are_listed() -> None:
    told = text.path_text(
        path_report(length=1, count=3, certain=way("A", "B", "C"), paths=(way("A", "C"), way("A", "B", "C"))), LOOK
    )
    assert "✓ certain: A needs C, or turns it on" in told
    assert "shortest: 1 step, 1 path (of 3)" in told
    assert told.rstrip().endswith("exactly: kcfg explain A C=n --kernel 6.12")


def test_a_path_of_alternatives_is_not_certain_and_none_is_said_so() -> None:
    assert "? not certain" in text.path_text(
        path_report(length=1, count=1, paths=(way("A", "C", certain=False),)), LOOK
    )
    none = text.path_text(path_report(back=2), PLAIN)
    assert "x no path: A never leads to C" in none
    assert "the other way round there is one, of 2 steps" in none
    same = PathReport(version="9", kernel=USED, source="A", target="A")
    assert "they are the same" in text.path_text(same, LOOK)
    assert text.user_lines((SetLine("A", "y"), SetLine("B", "n"))) == "A=y B=n"


CONE = ConeNode(
    name="B",
    depth=1,
    certain=False,
    prompt=True,
    state="never",
    needed_by="A",
    place="Kconfig:4",
    statement="depends on B",
)
NEEDS = NeedsReport(
    version="9", kernel=USED, symbol="A", cone=(CONE,), common=("X", "Y"), complete=False,
    ways=(
        MinimalWay((SetLine("B", "y"),), True),
        MinimalWay((SetLine("C", "y"), SetLine("D", "m")), False, ("$(cc-option,-m)",)),
    ),
)  # fmt: skip


def test_the_ways_to_turn_a_symbol_on_are_numbered_and_what_all_have_is_told() -> None:
    told = text.needs_text(NEEDS, PLAIN)
    assert "2 ways of more to turn it on from nothing" in told
    assert "   1. B=y\n   2. C=y D=m  (not confirmed by resolving it)\n" in told
    assert "if $(cc-option,-m) says y, which nothing here answers" in told
    assert "on in every one of them: X Y" in told
    assert "    ~ B (never on here)  A: depends on B  Kconfig:4" in told
    assert "it can never be on:" in text.needs_text(
        NeedsReport(version="9", kernel=USED, symbol="A", core=(GONE,)), LOOK
    )


NEEDED = NeededByReport(
    version="9", kernel=USED, symbol="A", value="y", off=(SetLine("A", "n"),), others=(SetLine("Z", "n"),),
    lost=(Loss(symbol="B", old="y", new="", prompt=True, reason=GONE),),
    gained=(Loss(symbol="C", old="", new="m", prompt=False),), never=tuple(f"N{n}" for n in range(text.MAX_LISTED + 2)),
)  # fmt: skip


def test_what_goes_with_a_symbol_has_its_values_and_the_statement_behind_it() -> None:
    told = text.needed_by_text(NEEDED, PLAIN)
    assert "  the kernel's defaults: A=y\n  it goes with A=n\n  also, with more than that: Z=n\n" in told
    assert "lost: 1 symbol\n    B y -> n" in told
    assert "Kconfig:4" in told
    assert "gained: 1 symbol\n    C n -> m\n" in told
    assert "N39 and 2 more" in told


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"value": "n"}, "it is n already, so nothing goes"),
        ({"value": "n", "core": (GONE,)}, "it can never be on:"),
        ({"value": "y", "core": (GONE,)}, "nothing turns it off:"),
        ({"value": "y", "config": ".config"}, ".config: A=y"),
        ({"value": "y", "base": (SetLine("B", "y"),)}, "the kernel's defaults, with B=y so that it is on"),
    ],
)
def test_a_symbol_with_which_nothing_goes(more: dict[str, object], said: str) -> None:
    report = NeededByReport(version="9", kernel=USED, symbol="A", **more)  # type: ignore[arg-type]
    assert said in text.needed_by_text(report, LOOK)


DOMINATORS = DominatorsReport(
    version="9", kernel=USED, mode="pvh", always=7,
    dominators=(
        Dominator(name="A", prompt=True, asked=True, needed_by="pvh", place="r.toml:3", statement="A=y"),
        Dominator(name="B", prompt=True, asked=False, statement="default y", place="Kconfig:2"),
        Dominator(name="C", prompt=False, asked=False),
    ),
)  # fmt: skip


def test_dominators_say_who_asks_for_them() -> None:
    told = text.dominators_text(DOMINATORS, PLAIN)
    assert "3 symbols, besides 7 that are always on" in told
    assert "  * A  pvh: A=y  r.toml:3" in told
    assert "  o B  default y  Kconfig:2" in told
    assert "    C  every alternative needs it" in told
    gone = DominatorsReport(version="9", kernel=USED, mode="pvh", why_not="it is not there")
    assert "x it is not there" in text.dominators_text(gone, PLAIN)
    assert markdown.dominators_markdown(gone, LOOK).endswith("it is not there\n")
    assert "| `A` | a rule | `pvh` | `A=y` | `r.toml:3` |" in markdown.dominators_markdown(DOMINATORS, LOOK)


def test_circles_are_refused_or_legal_and_many_are_counted() -> None:
    steps = (PathStep("A", "B", (edge(),)), PathStep("B", "A", (edge("select"),)))
    long = Cycle(tuple("ABCDEFGH"), steps)
    report = CyclesReport(version="9", kernel=USED, recursive=(Cycle(("A", "B"), steps),), loops=(long,) * 22)
    told = text.cycles_text(report, LOOK)
    assert "1 recursive dependency, which Kconfig refuses:\n    A, B\n" in told
    assert "22 loops" in told
    assert "    A, B, C, D, E, and 3 more\n" in told
    assert "    and 2 more (--format json has all)\n" in told
    assert "+ no recursive dependency" in text.cycles_text(CyclesReport(version="9", kernel=USED), PLAIN)


SAID = SymbolStatement(StatementKind.DEPENDS, "A", Location("Kconfig", 4))
HISTORY = HistoryReport(
    version="9",
    symbol="B",
    rows=(
        HistoryRow(kernel=kernel("5.10")),
        HistoryRow(kernel=kernel("6.1"), places=(Location("Kconfig", 3),), statements=(SAID,), possible=False),
        HistoryRow(
            kernel=kernel("6.12"), places=(Location("Kconfig", 5),), changes=(Change(False, SAID), Change(True, SAID))
        ),
        HistoryRow(kernel=kernel("7.3"), places=(Location("Kconfig", 5),)),
    ),
)


def test_a_history_begins_with_the_statements_and_goes_on_with_what_changed() -> None:
    told = text.history_text(HISTORY, LOOK)
    assert told.startswith(
        "B  x86_64, 4 kernels\n\n  Linux 5.10  not defined\n\n  Linux 6.1  Kconfig:3  can never be on\n"
    )
    assert "    depends A  Kconfig:4\n" in told
    assert "    - depends A  Kconfig:4\n    + depends A  Kconfig:4\n" in told
    assert told.endswith("  Linux 7.3  Kconfig:5\n    as before\n")
    rows = [line for line in markdown.history_markdown(HISTORY, LOOK).splitlines() if line.startswith("| ")][1:]
    assert "| 5.10 | not defined | as before |" in rows
    assert "| 6.1 | `Kconfig:3` | depends `A` |" in rows
    assert "| 6.12 | `Kconfig:5` | − depends `A`<br>+ depends `A` |" in rows


# Markdown.


def test_markdown_of_what_goes_and_of_what_is_needed() -> None:
    gone = markdown.needed_by_markdown(NEEDED, LOOK)
    assert "Turned off by `A=n`." in gone
    assert "| `C` | `n` | `m` |  |  |" in gone
    assert "`Kconfig:4` |" in gone
    assert markdown.needs_markdown(NEEDS, LOOK).endswith("1. `B=y`\n2. `C=y` `D=m`\n")


def test_every_report_has_its_function() -> None:
    assert {PathReport, CyclesReport} == set(text.RENDERERS) - set(markdown.RENDERERS)
    assert set(markdown.RENDERERS) < set(text.RENDERERS)


def test_a_note_about_the_kernel_stands_below_the_question() -> None:
    noted = KernelUsed(version="6.12", arch="x86_64", origin="tree", name="x", note="the nearest")
    lines = ["".join(part for part, _ in line) for line in text.title("what", noted)]
    assert (lines[0].startswith("what  "), lines[1]) == (True, "  note: the nearest")
