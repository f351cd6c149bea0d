"""Measures the verdict that users get: `match.py --verdicts`, on patches whose upstream change is known.

Each row is judged with more and more of it hidden, by weights that were trained on the other half of the changes, once
as it is and once with the true change, its cherry-picks and what upstream applied again taken out of the index. A false
positive is a verdict that names another change, or any where there is none. Where the truth has a field `leak`, rows
in which it is null (their change is in no set that anything was trained on) are counted apart, too.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.match import Case, Score, fold
from patches.text.headers import Header, hide_claims, parse_header
from patches.text.parse import parse_patch
from patches.text.patch import Patch
from patches.upstreams.index import Index
from patches.upstreams.indexing import default_jobs
from patches.verdicts.judgement import Judgement
from patches.verdicts.match import Matcher, Scorer
from patches.verdicts.upstream import History, open_history

MODES = ("with headers", "claims hidden", "diff only", "changed lines only")
ADVISORY = ("advisories, with headers", "advisories, diff only")
"""Patches for an advisory, with its number."""
NAMING = ("naming an advisory, with headers", "naming an advisory, diff only")
"""All others that name one somewhere: those that mend or follow its patches, too."""
TARGETS = {
    "with headers": (0.998, 0.002), "claims hidden": (0.998, 0.002), "diff only": (0.988, 0.005),
    "changed lines only": (0.97, 1.0), ADVISORY[0]: (1.0, 0.0), ADVISORY[1]: (1.0, 0.0),
}  # fmt: skip
"""F1 that is asked for at least, and the share of rows at most that are matched although their change is left out."""


@dataclass(frozen=True)
class Asked:
    """One row in one mode, with what came of it: whole, and with its change left out (None where it has none)."""

    case: Case
    mode: str
    found: Judgement
    left_out: Judgement | None

    @property
    def named(self) -> frozenset[int]:
        """All commits that the verdict calls the change."""
        return frozenset[int]().union(*self.found.changes)

    @property
    def wrong(self) -> str:
        """What is wrong with it; "" for nothing."""
        if not self.case.equal:
            return "not upstream" if self.found.changes else ""
        if not self.named & (self.case.equal | self.case.again):
            return "wrong" if self.named else "missed"
        return "left out" if self.left_out and self.left_out.changes else ""


def forms(case: Case) -> Iterator[tuple[str, Patch, Header]]:
    """(mode, the patch, its header): all that is shown of a row in each mode."""
    patch = parse_patch("p", case.row.data)
    name = Path(case.row.path).name
    whole = parse_header(patch.header, name)
    hidden = replace(parse_header(hide_claims(patch.header)), references=())
    yield "with headers", patch, whole
    yield "claims hidden", patch, hidden
    yield "diff only", patch, Header()
    bare = tuple(replace(one, old="", new="") for one in patch.files)
    yield "changed lines only", replace(patch, files=bare), Header()
    if whole.references:
        names = ADVISORY if "xsa" in case.row.kind else NAMING
        yield names[0], patch, replace(whole, claims=())
        yield names[1], patch, Header(references=whole.references)


def ask(history: History, cases: Sequence[Case], scorers: Sequence[Scorer], modes: Sequence[str]) -> Iterator[Asked]:
    """All rows in all modes; `scorers`: for each half of the changes the weights that were trained on the other one."""
    matchers = [Matcher(history.index, one, read=history.matcher.read) for one in scorers]
    for case in cases:
        asking = replace(history, matcher=matchers[fold(case.row)])
        for mode, patch, header in forms(case):
            if mode in modes:
                gone = case.equal | case.again
                left = asking.judge(patch, header, gone) if gone else None
                yield Asked(case, mode, asking.judge(patch, header), left)


def count(asked: Sequence[Asked]) -> Score:
    """Counts over rows."""
    score = Score()
    for one in asked:
        if not one.case.equal:
            score.negatives += 1
            score.false_negatives += bool(one.named)
            continue
        right = bool(one.named & (one.case.equal | one.case.again))
        score.right += right
        score.missed += not one.named
        score.wrong += bool(one.named) and not right
        score.left_out += 1
        score.false_left_out += bool(one.left_out and one.left_out.changes)
    return score


def table(asked: Sequence[Asked]) -> Iterator[tuple[str, Score, str]]:
    """(name, counts, what the targets say) of each mode, all rows and those without leak."""
    for mode in (*MODES, *ADVISORY, *NAMING):
        rows = [one for one in asked if one.mode == mode]
        clean = [one for one in rows if one.case.row.leak is None]
        for name, some in ((mode, rows), (f"{mode}, no leak", clean)):
            if some and (some is rows or len(clean) < len(rows)):
                score = count(some)
                least, most = TARGETS.get(mode, (0.0, 1.0))
                share = score.false_left_out / score.left_out if score.left_out else 0.0
                missed = f"MISSED ({least}, {most:.1%})"
                said = "met" if score.f1 >= least and share <= most else missed
                yield name, score, said if mode in TARGETS else ""


BINS = (0.0, 0.05, 0.2, 0.5, 0.8, 0.9, 0.99, 0.999, 1.01)
"""Bounds of the scores in the reliability diagram."""


def reliability(asked: Sequence[Asked], modes: Sequence[str]) -> Iterator[tuple[str, int, int, float]]:
    """(what, how many, right ones, mean score) of scores in each bin, and of each certainty that a match has.

    Scores are of what is told: the match, or the nearest commit below the threshold. It is right when it is the change.
    """
    rows = []
    for one in asked:
        for found, true in ((one.found, one.case.equal | one.case.again), (one.left_out, frozenset[int]())):
            if one.mode in modes and found is not None:
                named = frozenset[int]().union(*found.changes)
                if named:
                    rows.append((found.score, bool(named & true), found.certainty.value))
                elif found.nearest:
                    rows.append((found.nearest[1], found.nearest[0] in true, ""))
    for low, high in itertools.pairwise(BINS):
        some = [row for row in rows if low <= row[0] < high]
        mean = sum(row[0] for row in some) / max(1, len(some))
        yield f"{low:g} to {min(high, 1):g}", len(some), sum(row[1] for row in some), mean
    for word in ("certain", "high", "medium", "low"):
        some = [row for row in rows if row[2] == word]
        yield word, len(some), sum(row[1] for row in some), sum(row[0] for row in some) / max(1, len(some))


def told(one: Asked, index: Index) -> str:
    """A row that is wrong, for people."""
    found = one.left_out if one.wrong == "left out" and one.left_out else one.found
    commits = [index.commit(ident) for ident in found.commits or (found.nearest[:1] if found.nearest else ())]
    said = ", ".join(f"{commit.sha[:12]} {commit.subject[:50]}" for commit in commits)
    row = one.case.row
    true = min(row.truth, default="")[:12]
    what = f"{one.mode}: {one.wrong}: {row.queue} {row.path} {row.sha256[:8]} {true}"
    return f"{what}: {found.verdict} {found.score:.2f} {said}"


def measure(
    history: History, cases: Sequence[Case], scorers: Sequence[Scorer], modes: Sequence[str], *, errors: bool
) -> dict[str, dict[str, float]]:
    """Prints the table; the figures of each of its lines."""
    start = time.perf_counter()
    asked = list(ask(history, cases, scorers, modes))
    each = (time.perf_counter() - start) / max(1, sum(1 + (one.left_out is not None) for one in asked))
    if errors:
        print(*(told(one, history.index) for one in asked if one.wrong), sep="\n")
    print(f"verdicts as users get them; {each * 1000:.1f} ms a judgement")
    print(f"{'':<38} {'F1':>7} {'right':>6} {'wrong':>6} {'missed':>7} {'not upstream':>13} {'left out':>16}")
    figures = {}
    for name, score, said in table(asked):
        share = score.false_left_out / score.left_out if score.left_out else 0.0
        print(
            f"{name:<38} {score.f1:>7.4f} {score.right:>6} {score.wrong:>6} {score.missed:>7}"
            f" {score.false_negatives:>5} of {score.negatives:>4} {score.false_left_out:>8} {share:>7.2%}  {said}"
        )
        figures[name] = {**vars(score), "f1": score.f1, "left_out_share": share}
    for mode in (mode for mode in modes if mode in MODES[1:3]):
        print(f"{mode + ', score or certainty':<38} {'told':>7} {'right':>6} {'share':>8} {'mean score':>11}")
        for name, every, right, mean in reliability(asked, (mode,)):
            share = right / every if every else 0.0
            print(f"  {name:<36} {every:>7} {right:>6} {share:>8.2%} {mean:>11.4f}")
            figures[f"{mode}, {name}"] = {"told": every, "right": right, "mean_score": mean}
    return figures


def report(upstream: str, index: str, cases: Sequence[Case], scorers: Sequence[Scorer], *, errors: bool) -> int:
    """Prints all figures, the last line as one JSON object."""
    from benchmarks.drops import MODES as SHOWN
    from benchmarks.drops import Bench, releases, run
    from benchmarks.drops import table as drops

    history = open_history(upstream, index, "", default_jobs(), lambda *_: None)
    figures = measure(history, cases, scorers, (*MODES, *ADVISORY, *NAMING), errors=errors)
    bench = Bench(history, releases(history), errors)
    for mode in SHOWN:
        run(bench, mode, cases)
    print(*drops(bench), sep="\n")
    wrong = sum(one.dropped for (_, name), one in bench.counts.items() if name.startswith("wrong"))
    print(f"wrong drops: {wrong}, {'met' if not wrong else 'MISSED (0)'}")
    dropped = {f"{mode}, {name}": vars(one) for (mode, name), one in sorted(bench.counts.items())}
    print(json.dumps({"rows": len(cases), "verdicts": figures, "drops": dropped, "wrong_drops": wrong}))
    return 0
