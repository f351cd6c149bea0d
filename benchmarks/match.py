"""Measures the matcher on patches whose upstream change is known, beside git's patch-id and the exact subject.

    python benchmarks/match.py --truth FILE --queues DIR --upstream REPO [--costs]

One row per (change, queue). Every line by which a header names its commit is hidden, and so are advisory numbers. A
false positive is a match of a patch that is not upstream, a match with another change, and whatever is still matched
when the true change and its cherry-picks are taken away from the upstream. The weights are trained on the other half
of the changes than those that they are measured on, unless --shipped asks for the weights that the project ships.
`--costs` times a new index, an update by 100 commits and one patch, and git's own way to the patch-ids of all history.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
from truth import Row, one_per_change, read_rows

from benchmarks import training
from benchmarks.index import costs
from patches.findings import UPSTREAM, Verdict
from patches.text.headers import Header, hide_claims, parse_header
from patches.text.parse import parse_patch
from patches.upstreams.index import Index
from patches.upstreams.indexing import default_jobs, update
from patches.verdicts.match import MatchCandidate, Matcher, Query, Scorer, load_scorer, query, same_lines
from patches.verdicts.verdict import judge

TARGETS = {"with headers": 0.997, "XSA": 0.985, "diff only": 0.975}


@dataclass(frozen=True)
class Case:
    """A row with what is shown of it. `equal`: ids of the true change and its cherry-picks in the index.

    `again`: those under the same title that upstream applied after it had reverted one of the others.
    """

    row: Row
    queries: dict[str, Query]
    equal: frozenset[int]
    again: frozenset[int] = frozenset()


@dataclass
class Score:
    """Counts over rows: positives found, found as another change, missed; false ones of negatives and leave-one-out."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    negatives: int = 0
    false_negatives: int = 0
    left_out: int = 0
    false_left_out: int = 0

    @property
    def precision(self) -> float:
        false = self.wrong + self.false_negatives + self.false_left_out
        return self.right / (self.right + false) if self.right + false else 1.0

    @property
    def recall(self) -> float:
        every = self.right + self.wrong + self.missed
        return self.right / every if every else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


SHOWN = ("with headers", "header hidden", "diff only", "changed lines only")
STRANGE = "with a stranger's header"
ADVISORIES = ("with advisories", "advisory alone", "stranger and advisory")
"""Queues keep advisories' numbers, and some put a header of their own above upstream's change."""
TRAINED = (*SHOWN[:3], *ADVISORIES)
"""Every patch names its files, so a model that had to do without their paths would be trained for nobody. Strangers'
headers are not trained on without an advisory: the model would believe in no header any more."""
STRANGER = Header("carry a local change of ours", "Dis Tributor", "dis@tributor.example")


def shown(row: Row) -> dict[str, Query]:
    """The row as a query, with more and more of it hidden."""
    patch = parse_patch("patch", row.data)
    whole = replace(query(patch, parse_header(hide_claims(patch.header))), claims=(), references=())
    bare = query(patch)
    named = replace(query(patch, parse_header(hide_claims(patch.header), Path(row.path).name)), claims=())
    stranger = replace(query(patch, STRANGER), date=whole.date + 400 * 86_400 if whole.date else 0)
    told = (named, replace(bare, references=named.references), replace(stranger, references=named.references))
    more = dict(zip(ADVISORIES, told, strict=True)) if named.references else {}
    return more | {
        STRANGE: stranger,
        "with headers": whole,
        "header hidden": replace(bare, subject=name_words(row.path)),
        "diff only": bare,
        "changed lines only": replace(bare, patch_id=b"", paths=frozenset()),
    }


NUMBERED = re.compile(r"^(?:v\d+-)?\d{3,5}-(.+?)(?:\.patch|\.diff)?$")


def name_words(path: str) -> str:
    """The subject's key that git format-patch made a file's name of, cut where git cut it; "" for other names."""
    from patches.text.lines import subject_key

    found = NUMBERED.match(Path(path).name)
    return subject_key(found[1].replace("-", " ").replace("_", " ")) if found else ""


def fold(row: Row) -> int:
    """Half of the changes, the same for all rows of one change."""
    name = min(row.truth) if row.truth else Path(row.path).name
    return hashlib.sha256(name.encode()).digest()[0] & 1


def read_cases(rows: Sequence[Row], index: Index) -> list[Case]:
    """The rows with the ids of their true changes; picks that upstream's own trailers name count as the change."""
    cases = []
    for row in rows:
        named = {ident for sha in (*row.truth, *row.parts) for ident in index.find_sha(sha)}
        picks = {pick for ident in named for pick in (*index.picks(ident), *index.picked_from(ident))}
        more = {pick for ident in picks for pick in (*index.picks(ident), *index.picked_from(ident))}
        equal = frozenset(named | picks | more)
        cases.append(Case(row, shown(row), equal, reapplied(index, equal)))
    return cases


def reapplied(index: Index, equal: frozenset[int]) -> frozenset[int]:
    """Commits of the same title and author on the other side of a revert that names one of the two.

    "(again)" may stand behind a title.
    """
    found = set()
    for ident in equal:
        commit = index.commit(ident)
        titles = {commit.subject_key, commit.subject_key.removesuffix("again").strip(), f"{commit.subject_key} again"}
        for other in (one for title in titles for one in index.by_subject(title)):
            if index.commit(other).author == commit.author and (index.reverts_of(ident) or index.reverts_of(other)):
                found.add(other)
    return frozenset(found) - equal


Left = bool | None
"""What is taken away from the upstream: nothing, the true change, or (None) what was applied again, too."""
Found = dict[tuple[int, str, Left], list[MatchCandidate]]


def find_all(cases: Sequence[Case], matcher: Matcher) -> Found:
    """The candidates of every case, mode and with or without the truth."""
    found: Found = {}
    for number, case in enumerate(cases):
        for mode, asked in case.queries.items():
            found[number, mode, False] = matcher.match(asked)
            if case.equal:
                found[number, mode, True] = matcher.match(asked, case.equal)
            if case.again:
                found[number, mode, None] = matcher.match(asked, case.equal | case.again)
    return found


Choice = Callable[[int, str, Left], int | None]


def measure(
    cases: Sequence[Case], mode: str, choose: Choice, want: Callable[[Row], bool], *, again: bool = False
) -> Score:
    """Counts over the rows that are wanted; `choose` gives the matched commit's id or None.

    `again`: what upstream applied again after a revert counts as the same change.
    """
    score = Score()
    for number, case in enumerate(cases):
        if not want(case.row):
            continue
        ident = choose(number, mode, False)
        if not case.equal:
            score.negatives += 1
            score.false_negatives += ident is not None
            continue
        equal = case.equal | case.again if again else case.equal
        score.right += ident in equal
        score.missed += ident is None
        score.wrong += ident is not None and ident not in equal
        score.left_out += 1
        score.false_left_out += choose(number, mode, None if again and case.again else True) is not None
    return score


def measure_some(some: Sequence[Case], cases: Sequence[Case], mode: str, choose: Choice) -> Score:
    """Counts over the rows that can be shown in a mode."""
    rows = {id(case.row) for case in some}
    return measure(cases, mode, choose, lambda row: id(row) in rows)


def by_score(cases: Sequence[Case], found: Found, scorers: Sequence[Scorer], matcher: Matcher) -> Choice:
    """The best candidate above the threshold, by the weights that were not trained on that row's change.

    Without one, and under a header, it is the commit with the same lines, as for the verdict.
    """

    def choose(number: int, mode: str, left_out: Left) -> int | None:
        case = cases[number]
        asked = case.queries[mode]
        model = scorers[fold(case.row)].model(asked)
        ranked = training.rank(found[number, mode, left_out], model)
        if ranked and ranked[0].score >= model.threshold:
            return ranked[0].ident
        same = same_lines(asked, ranked, matcher) if asked.author else None
        return same.ident if same else None

    return choose


def by_feature(found: Found, feature: str) -> Choice:
    """What git's patch-id or the exact subject alone would say."""

    def choose(number: int, mode: str, left_out: Left) -> int | None:
        hits = [one for one in found[number, mode, left_out] if one.feature(feature)]
        return hits[0].ident if hits else None

    return choose


def line(name: str, score: Score, target: float | None = None) -> str:
    """One row of the table."""
    false = score.false_left_out / score.left_out if score.left_out else 0.0
    verdict = "" if target is None else f"  target {target:.3f} {'met' if score.f1 >= target else 'MISSED'}"
    return (
        f"{name:<34} {score.left_out:>5} {score.negatives:>5} {score.precision:>9.4f} {score.recall:>9.4f}"
        f" {score.f1:>9.4f} {score.wrong:>5} {score.missed:>6} {score.false_negatives:>8} {false:>9.2%}{verdict}"
    )


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument("--queues", type=Path, required=True, help="folder with the queues' repositories")
    parser.add_argument("--upstream", type=Path, required=True, help="git repository; its index is brought up to date")
    parser.add_argument("--index", type=Path, help="its index, instead of the cached one")
    parser.add_argument("--shipped", action="store_true", help="measure the weights that ship, on all rows")
    parser.add_argument("--train", type=Path, metavar="FILE", help="write weights trained on all rows")
    parser.add_argument("--errors", action="store_true", help="list every row that is wrong")
    parser.add_argument("--costs", action="store_true", help="time the index, too")
    parser.add_argument("--verdicts", action="store_true", help="measure what users get: verdicts and wrong drops")
    options = parser.parse_args()
    index = Index.open(update(str(options.upstream), options.index, jobs=default_jobs()).path)
    cases = read_cases(one_per_change(read_rows(options.truth, options.queues)), index)
    start = time.perf_counter()
    found = find_all(cases, Matcher(index))
    each = (time.perf_counter() - start) / len(found)
    labelled = training.examples(
        (cases[n].equal, fold(cases[n].row), bool(cases[n].queries[mode].author), ranked)
        for (n, mode, left), ranked in found.items()
        if left is not None and mode in TRAINED
    )
    scorers = [load_scorer()] * 2 if options.shipped else [training.train(labelled, without=half) for half in (0, 1)]
    if options.train:
        about = (
            f"{len(cases):,} changes, with headers, as diffs alone, and with advisories; benchmarks/match.py --train"
        )
        training.save(msgspec.structs.replace(training.train(labelled), about=about), options.train)
    print(f"{len(cases)} rows, {index.total} commits, {each * 1000:.1f} ms a patch")
    if options.verdicts:
        from benchmarks.verdicts import report

        return report(str(options.upstream), str(options.index or ""), cases, scorers, errors=options.errors)
    print(" " * 34 + " pos.  neg. precision    recall        F1 wrong missed neg. hit  left out")
    choose = by_score(cases, found, scorers, Matcher(index))
    everything: Callable[[Row], bool] = lambda row: True  # noqa: E731
    for mode in (*SHOWN, STRANGE):
        print(line(mode, measure(cases, mode, choose, everything), TARGETS.get(mode)))
        print(line("  reapplied counts as the same", measure(cases, mode, choose, everything, again=True)))
    for mode in ADVISORIES:
        print(line(mode, measure_some([case for case in cases if mode in case.queries], cases, mode, choose)))
    for mode in SHOWN:
        name = "XSA" if mode == "with headers" else f"XSA, {mode}"
        print(line(name, measure(cases, mode, choose, lambda row: "xsa" in row.kind), TARGETS.get(name)))
    print(line("git patch-id, diff only", measure(cases, "diff only", by_feature(found, "same_patch_id"), everything)))
    print(
        line(
            "exact subject, with headers", measure(cases, "with headers", by_feature(found, "same_subject"), everything)
        )
    )
    verdict_table(cases, Matcher(index))
    if options.costs:
        costs(options.upstream)
    if options.errors:
        list_errors(cases, choose, index)
    return 0


# Verdicts


def kinds_of(case: Case, index: Index) -> set[str]:
    """What the row is, told without the judge: by the truth's own list of commits, raw lines, and revert trailers."""
    kinds = {"squashed"} if "squash" in case.row.kind else set()
    if not case.equal:
        return {"negative"}
    ours = set(case.queries["with headers"].keys.tolist())
    pairs = []
    for ident in case.equal:
        theirs = set(index.lines(ident).tolist())
        both = len(ours & theirs)
        pairs.append((both / len(ours) if ours else 0.0, both / len(theirs) if theirs else 0.0))
    mine, yours = max(pairs, key=min)
    if mine >= 0.9 and yours <= 0.5:
        kinds.add("subset")
    if yours >= 0.9 and mine <= 0.7:
        kinds.add("superset")
    family = case.equal | case.again
    reverts = [one for ident in family for one in index.reverts_of(ident) if index.commit(one).mainline]
    applied = [index.commit(ident).commit_date for ident in family if index.commit(ident).mainline]
    if reverts and applied and max(index.commit(one).commit_date for one in reverts) > max(applied):
        kinds.add("reverted")
    return kinds


RIGHT = {
    "squashed": {Verdict.SQUASHED},
    "subset": {Verdict.SPLIT},
    "superset": {Verdict.PARTIAL, Verdict.SQUASHED, Verdict.MODIFIED},
    "reverted": {Verdict.REVERTED},
    "negative": {Verdict.NOT_UPSTREAM, Verdict.SUPERSEDED, Verdict.CLAIMS_WRONG, Verdict.UNKNOWN},
}
"""Verdicts that are right for each kind. More than a commit may be an adaptation that says more, or really more."""
FOUND = UPSTREAM | {Verdict.STABLE_ONLY, Verdict.PARTIAL}
"""Verdicts that are right for all others; part of a backport may be the queue's own."""


def verdict_table(cases: Sequence[Case], matcher: Matcher) -> None:
    """Prints the share of right verdicts; headers are shown, their claims hidden."""
    index = matcher.index
    counts: dict[str, list[int]] = {}
    start = time.perf_counter()
    for case in cases:
        patch = parse_patch("patch", case.row.data)
        header = parse_header(hide_claims(patch.header))
        found = judge(patch, header, matcher)
        whole = set().union(*found.changes) if found.changes else set()
        for kind in kinds_of(case, index) or {"others"}:
            good = found.verdict in RIGHT.get(kind, FOUND)
            if kind == "squashed":
                named = [set(index.find_sha(sha)) for sha in case.row.parts]
                good = good and all(whole & set().union(*map(index.equivalents, one)) for one in named if one)
            elif kind != "negative":
                good = good and bool(whole & (case.equal | case.again))
            counts.setdefault(kind, [0, 0])[not good] += 1
    each = (time.perf_counter() - start) / len(cases)
    print(f"verdicts, headers shown and claims hidden; {each * 1000:.1f} ms a patch, parsed and judged")
    for kind, (good, bad) in sorted(counts.items()):
        print(f"  {kind:<10} {good:>5} of {good + bad:>5} right  {good / (good + bad):.3f}")


def list_errors(cases: Sequence[Case], choose: Choice, index: Index) -> None:
    """Every row that is not as the truth says."""
    for mode in SHOWN:
        for number, case in enumerate(cases):
            for left_out in (False, True) if case.equal else (False,):
                ident = choose(number, mode, left_out)
                good = ident is None if left_out or not case.equal else ident in case.equal
                if not good:
                    got = index.commit(ident) if ident is not None else None
                    what = f"{got.sha[:12]} {got.subject[:60]}" if got else "nothing"
                    true = min(case.row.truth, default="")[:12]
                    shown_as = f"{mode}{', left out' if left_out else ''}: {case.row.queue} {case.row.path}"
                    print(f"{shown_as} {case.row.sha256[:8]} {true}: {what}")


if __name__ == "__main__":
    sys.exit(main())
