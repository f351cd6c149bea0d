"""What other values of the thresholds would change: `drops.py --sweep`, on a sample of the rows.

Everything is asked once, with numbers that write down what they are compared with (`probe.py`). For each other value
only that is asked again which it may change. Printed is, for each number, between which values no row decides
otherwise, and for each value tried:

* F1 of the verdict, with headers and of the diff alone; the share of whole changes that are dropped; wrong drops;
* words: verdicts of the right word, of those patches whose kind is known without the judge (benchmarks/match.py);
* certain, high, medium, low: matches of that certainty that are wrong, of all that have it;
* claims: a commit that the header names and that is the change, confirmed; one that is not, taken for it;
* changed: judgements, and drops, that are others than with the shipped value.

Numbers that the model sees are tried with the shipped weights, which were made with the shipped values.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from benchmarks.drops import MODES, Bench, Question, Releases, Told, answer, questions
from benchmarks.match import FOUND, RIGHT, Case, kinds_of
from benchmarks.probe import EVERYTHING, NUMBERS, Trace, merge, other, probing, same, traced
from patches.evidence import ClaimOutcome
from patches.findings import Certainty
from patches.text.claims import Claim
from patches.text.headers import Header, hide_claims, parse_header
from patches.verdicts.match import Matcher

if TYPE_CHECKING:
    from patches.upstreams.index import Index
    from patches.verdicts.judgement import Judgement
    from patches.verdicts.upstream import History

TRIED: dict[str, tuple[float, ...]] = {
    "rarest": (15, 30, 120), "by_lines": (4, 8, 32), "candidates": (4, 12, 200),
    "identity": (0.9, 0.99), "day": (3_600, 864_000), "other_title": (0.3, 0.7), "much": (1.5, 6.0),
    "little": (0.25, 1.0),
    "whole": (0.8, 0.85, 0.95), "part": (0.3, 0.7), "smallest_part": (0.0, 0.05), "own": (0.5, 0.6, 0.8),
    "mostly": (0.3, 0.7), "enough": (0.8, 1.2, 2.5), "there": (0.1, 0.3), "fix_up": (0.3, 1.2), "fix_share": (0.1, 0.5),
    "alone": (2.0, 3.0, 6.0), "adapted_lines": (1, 3), "squash": (4, 12, 48),
    "replaced": (0.6, 0.9), "few": (0.02, 0.1), "same_title": (0.4, 0.8), "nearly_title": (0.6, 0.95),
    "like": (0.1, 0.5), "begins": (2, 5),
    "certain": (0.97, 0.999), "high": (0.8, 0.95), "medium": (0.3, 0.7), "sure_weight": (0.5, 1.0, 4.0),
    "unlikely": (0.05, 0.2),
    "readings": (1, 2, 8), "renames": (0.6, 0.95), "differing": (0.3, 0.7), "known": (0.3, 0.7),
    "same_lines": (0.9, 0.99), "same_weight": (0.5, 2.0), "same_place": (0.1, 0.4), "other_place": (0.3, 0.8),
    "surrounded": (0.7, 1.0),
    "adapted": (0.3, 0.7), "alike": (0.3, 0.4, 0.6), "words": (1, 2, 3, 6), "fuzz": (0, 1, 3), "around": (1, 2, 4),
    "arrivals": (1, 2, 6),
    "title_lines": (1, 2, 5), "title_width": (40, 70), "field_lines": (3, 30), "same_change": (0.3, 0.7),
    "common": (100, 1600),
}  # fmt: skip
"""The values that are tried; a number that is not here is measured elsewhere, as its own line says."""
COSTLY = ("rarest", "by_lines", "candidates", "much", "little")
"""Numbers with which everything has to be asked again: they are tried on a part of the rows."""
PART = 5
IN_INDEX = ("same_change", "common")
"""Numbers that what the index keeps hangs on."""
IN_HEADER = ("title_lines", "title_width", "sauce_lines", "field_lines")
"""Numbers by which a header is read."""
CLAIMED = "claims"


@dataclass
class Asked:
    """A question, what the shipped numbers found, and what that hangs on; answers are kept by what was found."""

    question: Question
    found: Judgement
    trace: Trace
    told: dict[tuple[object, int], tuple[Told, Trace]] = field(default_factory=dict)


@dataclass
class Sweep:
    """All that is asked, once."""

    history: History
    releases: Releases
    every: list[Asked] = field(default_factory=list)

    def bench(
        self, judge: Callable[[Asked], Judgement], ask: Callable[[Asked, Judgement, int], Told]
    ) -> tuple[Figures, list[object]]:
        """Counts everything: the figures, and all single answers."""
        figures = Figures(Bench(self.history, self.releases, False))
        said: list[object] = []
        for one in self.every:
            found = judge(one)
            figures.judged(one.question, found, self.history.index)
            said.append((found.verdict, found.certainty, found.changes))
            for number, (name, _) in enumerate(one.question.asks):
                told = ask(one, found, number)
                figures.bench.told(one.question, name, found, told)
                said.append(told.dropped)
        return figures, said

    def ask(self, one: Asked, found: Judgement, number: int) -> Told:
        """An answer; it is kept with the shipped numbers."""
        return answer(self.history, one.question, found, self.releases.at(one.question.asks[number][1]))

    def shipped(self, one: Asked, found: Judgement, number: int) -> Told:
        """An answer with the shipped numbers."""
        return self.kept(one, found, number)[0]

    def kept(self, one: Asked, found: Judgement, number: int) -> tuple[Told, Trace]:
        """An answer with the shipped numbers, and what it hangs on."""
        key = (found.verdict, found.commits, found.changes), number
        if key not in one.told:
            with probing(), traced() as trace:
                told = self.ask(one, found, number)
            one.told[key] = told, trace
        return one.told[key]


@dataclass
class Figures:
    """What is counted: `words` (right, all); `sure`: certainty -> [wrong, all]; `claims`: see `judged`."""

    bench: Bench
    words: list[int] = field(default_factory=lambda: [0, 0])
    sure: dict[Certainty, list[int]] = field(default_factory=dict)
    claims: list[int] = field(default_factory=lambda: [0, 0, 0, 0])

    def judged(self, asked: Question, found: Judgement, index: Index) -> None:
        """Counts one judgement."""
        case = asked.case
        if asked.mode == CLAIMED:
            true = asked.role != "left out"
            taken = bool(found.changes) and (not true or found.claims[0].outcome is ClaimOutcome.CONFIRMED)
            self.claims[0 if true else 2] += taken
            self.claims[1 if true else 3] += 1
            return
        self.bench.judged(asked, found)
        named = frozenset[int]().union(*found.changes)
        if asked.role == "judged":
            kinds = kinds_of(case, index) or {"others"}
            self.words[0] += all(found.verdict in RIGHT.get(kind, FOUND) for kind in kinds)
            self.words[1] += 1
        if asked.role and named:
            right = asked.role == "judged" and bool(named & (case.equal | case.again))
            sure = self.sure.setdefault(found.certainty, [0, 0])
            sure[0] += not right
            sure[1] += 1

    def line(self) -> str:
        """The figures for people."""
        scores = [self.bench.verdicts[mode].f1 for mode in MODES]
        counts = self.bench.counts
        shares = []
        for mode in MODES:
            some = [one for (where, name), one in counts.items() if where == mode and name.startswith("whole")]
            shares.append(sum(one.dropped for one in some) / max(1, sum(one.asked for one in some)))
        wrong = sum(one.dropped for (_, name), one in counts.items() if name.startswith("wrong"))
        sure = " ".join(
            f"{level.value}:{self.sure[level][0]}/{self.sure[level][1]}" for level in Certainty if level in self.sure
        )
        right, true, taken, false = self.claims
        return (
            f"F1 {scores[0]:.4f} {scores[1]:.4f} dropped {shares[0]:.2%} {shares[1]:.2%} wrong {wrong}"
            f" words {self.words[0]}/{self.words[1]} {sure} claims {right}/{true} {taken}/{false}"
        )


def claims(history: History, cases: Sequence[Case]) -> Iterator[Question]:
    """Each change with a header that names it, and, where it is left out, with one that names what is most like it."""
    from benchmarks.drops import shown

    for case in cases:
        if not case.equal:
            continue
        for mode in MODES:
            patch, header = shown(case, mode)
            yield Question(CLAIMED, case, patch, claiming(header, history, min(case.equal)), (), "claimed")
            near = history.matcher.match(case.queries[mode], case.equal | case.again)
            if near:
                yield Question(CLAIMED, case, patch, claiming(header, history, near[0].ident), (), "left out")


def claiming(header: Header, history: History, ident: int) -> Header:
    """A header that says the patch is a pick of a commit."""
    return replace(header, claims=(Claim("cherry-picked", history.index.commit(ident).sha, "", 1),))


def read_again(one: Question) -> Header:
    """The header, with other numbers."""
    if one.mode == MODES[0]:
        return parse_header(hide_claims(one.patch.header))
    return one.header


def sweep(history: History, cases: Sequence[Case], releases: Releases, names: Sequence[str]) -> int:
    """Prints the lines of all numbers, or of those named."""
    start = time.perf_counter()
    everything = Sweep(history, releases)
    keep_traces(history.index)
    asked = [one for mode in MODES for one in questions(history, releases, mode, cases)]
    asked += claims(history, cases)
    with probing():
        for one in asked:
            with traced() as trace:
                if one.mode == MODES[0]:
                    read_again(one)
                found = one.judge(history)
            everything.every.append(Asked(one, found, trace))
    shipped, said = everything.bench(lambda one: one.found, everything.shipped)
    every = [trace for one in everything.every for trace in (one.trace, *(trace for _, trace in one.told.values()))]
    print(f"{len(cases)} rows, {len(asked)} judgements, {time.perf_counter() - start:.0f} s", flush=True)
    print(f"shipped: {shipped.line()}", flush=True)
    for name in names or TRIED:
        value = NUMBERS[name][1]
        met = [trace[name] for trace in every if name in trace]
        low = max((low for low, _ in met), default=EVERYTHING[0])
        high = min((high for _, high in met), default=EVERYTHING[1])
        print(f"{name} = {value}: asked by {len(met)}, none decides between {low:.4g} and {high:.4g}", flush=True)
        some, before = everything, said
        if name in COSTLY:
            few = {id(case) for case in cases[::PART]}
            some = Sweep(history, releases, [one for one in everything.every if id(one.question.case) in few])
            figures, before = some.bench(lambda one: one.found, some.shipped)
            print(f"  {value}, {len(few)} rows: {figures.line()}", flush=True)
        for tried in TRIED.get(name, ()):
            begin = time.perf_counter()
            figures, now = again(some, name, tried)
            changed = sum(one != two for one, two in zip(before, now, strict=True))
            took = time.perf_counter() - begin
            print(f"  {tried}: {figures.line()} changed {changed} ({took:.0f} s)", flush=True)
    print(f"{time.perf_counter() - start:.0f} s")
    return 0


def again(everything: Sweep, name: str, value: float) -> tuple[Figures, list[object]]:
    """The figures with another value of one number: what it cannot change is taken from before."""
    history = everything.history
    if name in IN_INDEX:
        from patches.upstreams.index import Index

        index = Index.open(history.index.path)
        history = replace(history, index=index, matcher=Matcher(index, read=history.matcher.read))

    def judge(one: Asked) -> Judgement:
        if same(one.trace, name, value):
            return one.found
        question = replace(one.question, header=read_again(one.question)) if name in IN_HEADER else one.question
        return question.judge(history)

    def ask(one: Asked, found: Judgement, at: int) -> Told:
        put_back = NUMBERS[name][1]
        with other(name, put_back):
            told, trace = everything.kept(one, found, at)
        return told if same(trace, name, value) else everything.ask(one, found, at)

    with other(name, value):
        return everything.bench(judge, ask)


def keep_traces(index: Index) -> None:
    """Lets what the index keeps bring the trace of how it was made."""
    kept: dict[int, tuple[frozenset[int], Trace]] = {}
    make = index._equivalents

    def equivalents(ident: int) -> frozenset[int]:
        if ident not in kept:
            with traced() as trace:
                found = make(ident)
            kept[ident] = found, trace
        else:
            merge(kept[ident][1])
        return kept[ident][0]

    index.__dict__["equivalents"] = equivalents
