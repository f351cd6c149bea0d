"""Measures what `kcfg patches plan` drops, on patches whose upstream change is known: what it may drop, and what not.

    python benchmarks/drops.py --truth FILE --queues DIR --upstream REPO [--errors] [--limit N]

One row per (change, queue), each as a queue of its own, with its header (claims hidden) and as a diff alone. Asked are:

* whole: the change is in the target, all of it, and the patch changes no line but those. Targets are the first release
  x.y.0 that has it, and the newest commit. They should be dropped. Where the target took a part of the change back, and
  where the patch has a line that the change as it came there has not (adapted), that is not asked but counted. Nor is
  it where the target changed a line that the patch adds since (rewritten): what does not stand there any more may be
  dropped, but has not to be.
* wrong: patches that are not upstream (newest commit); patches with hunks of their own beside the change; patches at
  the last release before the change, with the change in the index and without it; the change with another patch's
  files behind its own, with another patch's hunk in one of its files, with one line more than it has, a line twice, a
  line less of what it leaves, another value or comparison, two arguments or operands exchanged, another name, lines put
  in one line further down, a rename, and a mode; and the change to
  another file of its name, or to a copy of one's own. None may be dropped.

Below stands how often the verdict names the right change, as users meet it: F1 with what is matched although it is not
upstream, or although its change was taken out of the index ("left out"), as false. What upstream applied again after a
revert counts as the same change. The last line is one JSON object with all figures. `one witness` is the rule that the
match alone decides. `--set NAME=VALUE` measures with another threshold, `--sweep` each threshold with a value below and
one above, in one run on `--sample` rows (see `sweep.py`).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from truth import one_per_change, read_rows

from benchmarks.altered import altered, stands_already
from benchmarks.match import Case, Score, kinds_of, read_cases
from benchmarks.probe import holder, put
from benchmarks.whole import has_own_lines, is_rewritten, is_undone
from kcfg.sources.gitrepo import open_repo
from patches.findings import UPSTREAM, Answer, PatchResult, Verdict
from patches.text.headers import Header, hide_claims, parse_header
from patches.text.parse import parse_patch
from patches.text.patch import Hunk, Patch
from patches.upstreams.index import Index
from patches.upstreams.indexing import default_jobs, update
from patches.upstreams.tags import tag_order
from patches.verdicts.judgement import Judgement
from patches.verdicts.match import stable_patch_id, telling_keys
from patches.verdicts.upstream import History, open_history
from patches.verdicts.witnesses import Revision, can_be_dropped, witnesses

MODES = ("with headers", "diff only")
SEED = 1
LEFT = ("undone", "adapted", "rewritten")
"""What is counted and neither right nor wrong."""
TARGETS = {"with headers": 0.97, "diff only": 0.93}


@dataclass
class Count:
    """How many patches were asked for, dropped, dropped by one witness, and watched since the witnesses disagree."""

    asked: int = 0
    dropped: int = 0
    by_match: int = 0
    watched: int = 0


@dataclass
class Releases:
    """Mainline's releases x.y.0, the oldest first; what each has, and its files, read when they are asked for."""

    history: History
    names: tuple[str, ...]
    _open: dict[str, Revision] = field(default_factory=dict)

    def at(self, name: str) -> Revision:
        """A release; "" is the newest commit of the main branch."""
        if name not in self._open:
            index = self.history.index
            if not name:
                has: Callable[[int], bool] = lambda ident: index.commit(ident).mainline  # noqa: E731
            else:
                with self.history.repo.stream("rev-list", self.history.repo.commit(name)) as out:
                    reached = frozenset(bytes.fromhex(line.strip().decode()) for line in out)
                has = lambda ident: bytes.fromhex(index.commit(ident).sha) in reached  # noqa: E731
            self._open[name] = Revision(self.history.target(name), self.history, has)
        return self._open[name]

    def around(self, case: Case) -> tuple[str, str] | None:
        """(the last release without the change, the first with it); None where there is no such pair."""
        index = self.history.index
        row = case.row
        parts = [brought(index, (part,)) for part in row.parts] if len(row.parts) > 1 else [brought(index, row.truth)]
        if not all(parts):
            return None
        order = max(min(map(tag_order, part)) for part in parts)
        after = [name for name in self.names if tag_order(name) >= order]
        earlier = [name for name in reversed(self.names) if tag_order(name) < order]
        before = next((name for name in earlier if not any(map(self.at(name).has or bool, case.equal))), "")
        return (before, after[0]) if before and after else None


def brought(index: Index, shas: Iterable[str]) -> list[str]:
    """The tags by which mainline got a change, under its own name or under those it was picked from or by."""
    named = {ident for sha in shas for ident in index.find_sha(sha)}
    picks = {other for one in named for other in (*index.picked_from(one), *index.picks(one))}
    every = [index.commit(one) for one in named], [index.commit(one) for one in picks]
    own, others = ([one.tag for one in some if one.mainline and one.tag] for some in every)
    return own or others


def releases(history: History) -> Releases:
    """All of them that have a tag."""
    names = [name[10:] for name in open_repo(history.repo.path).refs() if name.startswith("refs/tags/")]
    plain = [one for one in names if one.endswith(".0") and "rc" not in one]
    return Releases(history, tuple(sorted(plain, key=tag_order)))


@dataclass
class Bench:
    """One run: everything that is asked, by its name."""

    history: History
    releases: Releases
    errors: bool
    counts: dict[tuple[str, str], Count] = field(default_factory=dict)
    verdicts: dict[str, Score] = field(default_factory=dict)

    def judged(self, asked: Question, found: Judgement) -> None:
        """Counts whether a verdict names the right change, and names none that is not in the index."""
        score = self.verdicts.setdefault(asked.mode, Score())
        wrong = False
        if asked.role == "left out":
            wrong = bool(found.changes)
            score.left_out += 1
            score.false_left_out += wrong
        elif asked.role:
            wrong = counted(score, asked.case, found)
        if wrong and self.errors:
            index = self.history.index
            commits = [index.commit(one) for one in found.commits or (found.nearest[:1] if found.nearest else ())]
            said = ", ".join(f"{one.sha[:12]} {one.subject[:50]}" for one in commits)
            print(f"{asked.mode}: verdict, {asked.role}: {row_name(asked)}: {found.verdict} {found.score:.2f} {said}")

    def told(self, asked: Question, name: str, found: Judgement, told: Told) -> None:
        """Counts whether a patch is dropped."""
        total = self.counts.setdefault((asked.mode, name), Count())
        total.asked += 1
        total.dropped += told.dropped
        total.by_match += told.by_match
        total.watched += told.watched
        if self.errors and told.dropped != name.startswith("whole") and not name.startswith(LEFT):
            print(f"{asked.mode}: {name}: {row_name(asked)}: {told.said}")


def counted(score: Score, case: Case, found: Judgement) -> bool:
    """Counts one verdict on a patch as it is; whether it is wrong."""
    named = frozenset[int]().union(*found.changes)
    if not case.equal:
        score.negatives += 1
        score.false_negatives += bool(named)
        return bool(named)
    right = bool(named & (case.equal | case.again))
    score.right += right
    score.missed += not named
    score.wrong += bool(named) and not right
    return not right


def row_name(asked: Question) -> str:
    """A row for people."""
    return f"{asked.case.row.queue} {asked.case.row.path} {asked.case.row.sha256[:8]}"


def stands(places: Sequence[object]) -> bool:
    """Whether every hunk stands in the target itself: what applying calls "already there"."""
    return bool(places) and all(getattr(place, "standing", "") == "stands" for place in places)


def shown(case: Case, mode: str) -> tuple[Patch, Header]:
    """The patch with as much of its header as the mode shows."""
    patch = parse_patch("p", case.row.data)
    return patch, parse_header(hide_claims(patch.header)) if mode == "with headers" else Header()


@dataclass(frozen=True)
class Question:
    """One patch that is judged, and what is asked of it: (name, release) each. `role`: "judged", "left out" or ""."""

    mode: str
    case: Case
    patch: Patch
    header: Header
    asks: tuple[tuple[str, str], ...] = ()
    role: str = ""

    def judge(self, history: History) -> Judgement:
        """What a history says; to a question of what is left out, as if it did not have the change."""
        without = self.case.equal | self.case.again if self.role == "left out" else frozenset[int]()
        return history.judge(self.patch, self.header, without)


def questions(history: History, every: Releases, mode: str, cases: Sequence[Case]) -> Iterator[Question]:
    """All that is asked of all rows in one mode."""
    others = [case for case in cases if not case.equal]
    foreign: dict[str, list[Hunk]] = {}
    for case in others:
        for one in parse_patch("p", case.row.data).files:
            foreign.setdefault(one.path, []).extend(hunk for hunk in one.hunks if len(telling_keys(hunk.changed)) > 1)
    for number, case in enumerate(cases):
        patch, header = shown(case, mode)
        if not case.equal:
            yield Question(mode, case, patch, header, (("wrong: not upstream", ""),), "judged")
            continue
        kinds = kinds_of(case, history.index)
        around = every.around(case)
        asks: list[tuple[str, str]] = []
        more: list[Question] = []
        if "superset" in kinds:
            asks.append(("wrong: hunks of its own", ""))
        elif around and "reverted" not in kinds and not case.again:
            for name, release in (("first release", around[1]), ("newest", "")):
                kind = "undone" if is_undone(case, patch, every.at(release)) else "whole"
                if kind == "whole" and has_own_lines(case, patch, every.at(release)):
                    kind = "adapted"
                if kind == "whole" and is_rewritten(patch, every.at(release)):
                    kind = "rewritten"
                asks.append((f"{kind}: {name}", release))
            other = parse_patch("p", others[number % len(others)].row.data) if others else Patch("", "", (), (), "")
            for name, made in altered(patch, other, foreign, every.at(around[1])):
                if made is not None and not stands_already(patch, made, every.at(around[1])):
                    more.append(Question(mode, case, made, header, ((f"wrong: {name}", around[1]),)))
        before = around[0] if around else ""
        asks += [("wrong: before the change", before)] * bool(around)
        yield Question(mode, case, patch, header, tuple(asks), "judged")
        yield from more
        left = (("wrong: change left out", before),) * bool(around)
        yield Question(mode, case, patch, header, left, "left out")


def run(bench: Bench, mode: str, cases: Sequence[Case]) -> None:
    """All rows in one mode."""
    for one in questions(bench.history, bench.releases, mode, cases):
        found = one.judge(bench.history)
        bench.judged(one, found)
        for name, release in one.asks:
            bench.told(one, name, found, answer(bench.history, one, found, bench.releases.at(release)))


@dataclass(frozen=True)
class Told:
    """What came of asking whether a patch can be dropped; `said` is for people."""

    dropped: bool
    by_match: bool
    watched: bool
    said: str = ""


def answer(history: History, asked: Question, found: Judgement, revision: Revision) -> Told:
    """One patch at one revision."""
    one = PatchResult(
        name="p", position=1, subject="", verdict=found.verdict, certainty=found.certainty, score=found.score
    )
    told = witnesses(one, asked.patch, found, history if found.commits else None, revision)
    dropped = can_be_dropped(msgspec.structs.replace(one, witnesses=told))
    alone = found.verdict in UPSTREAM | {Verdict.STABLE_ONLY} and told.match.has is Answer.YES
    watched = not dropped and (told.match.has is Answer.YES) != (told.target.has is Answer.YES)
    places = " ".join(place.standing for place in told.target.places)
    said = f"{found.verdict} {found.score:.2f} {found.certainty} match {told.match.has}, files {told.target.has}"
    return Told(dropped, alone or stands(told.target.places), watched, f"{said}: {places[:200]}")


def table(bench: Bench) -> Iterator[str]:
    """The figures, one line a question."""
    yield f"{'':<46} {'asked':>6} {'dropped':>8} {'share':>8} {'disagree':>9} {'one witness':>12}"
    for (mode, name), count in sorted(bench.counts.items()):
        share = count.dropped / count.asked if count.asked else 0.0
        row = f"{mode}, {name}"
        verdict = ""
        if name.startswith("whole"):
            verdict = f"  target {TARGETS[mode]:.2f} {'met' if share >= TARGETS[mode] else 'MISSED'}"
        elif count.dropped and name.startswith("wrong"):
            verdict = "  WRONG"
        told = f"{row:<46} {count.asked:>6} {count.dropped:>8} {share:>8.2%} {count.watched:>9} {count.by_match:>12}"
        yield told + verdict
    yield f"{'':<46} {'F1':>7} {'right':>6} {'wrong':>6} {'missed':>7} {'not upstream':>13} {'left out':>9}"
    for mode, score in bench.verdicts.items():
        share = score.false_left_out / score.left_out if score.left_out else 0.0
        yield (
            f"{mode + ', the verdict':<46} {score.f1:>7.4f} {score.right:>6} {score.wrong:>6} {score.missed:>7}"
            f" {score.false_negatives:>13} {share:>9.2%}"
        )


def main() -> int:
    """Prints the table, and one JSON object."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument("--queues", type=Path, required=True, help="folder with the queues' repositories")
    parser.add_argument("--upstream", type=Path, required=True, help="git repository; its index is brought up to date")
    parser.add_argument("--index", type=Path, help="its index, instead of the cached one")
    parser.add_argument(
        "--errors", action="store_true", help="list every patch that is not dropped and should be, or is"
    )
    parser.add_argument("--limit", type=int, default=0, help="measure every so manieth row only")
    parser.add_argument("--hard", action="store_true", help="measure only rows whose patch-id no commit has")
    parser.add_argument("--sample", type=int, default=0, help="measure so many rows only, chosen by a seed")
    parser.add_argument(
        "--sweep", nargs="?", const="", metavar="NAMES", help="each threshold, or those named, with other values"
    )
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="another threshold")
    given = parser.parse_args()
    from benchmarks.sweep import sweep

    for one in given.set:
        name, _, value = one.partition("=")
        put(name, type(getattr(holder(name), name))(value))
    update(str(given.upstream), given.index, jobs=default_jobs())
    history = open_history(str(given.upstream), str(given.index or ""), "", default_jobs(), lambda *_: None)
    rows = one_per_change(read_rows(given.truth, given.queues))[:: given.limit or 1]
    if given.hard:
        rows = [row for row in rows if not history.index.by_patch_id(stable_patch_id(parse_patch("p", row.data)))]
    if 0 < given.sample < len(rows):
        rows = random.Random(SEED).sample(rows, given.sample)
    cases = read_cases(rows, Index.open(history.index.path))
    if given.sweep is not None:
        return sweep(history, cases, releases(history), tuple(given.sweep.split(",")) if given.sweep else ())
    bench = Bench(history, releases(history), given.errors)
    start = time.perf_counter()
    for mode in MODES:
        run(bench, mode, cases)
    print(*table(bench), sep="\n")
    print(f"{len(cases)} rows, {time.perf_counter() - start:.0f} s")
    figures = {f"{mode}, {name}": vars(count) for (mode, name), count in sorted(bench.counts.items())}
    figures |= {f"{mode}, the verdict": {**vars(score), "f1": score.f1} for mode, score in bench.verdicts.items()}
    print(json.dumps({"rows": len(cases), "figures": figures}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
