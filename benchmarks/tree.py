"""Measures verdicts from a tree alone: is a patch already merged in a release, judged by content?

    python benchmarks/tree.py --truth FILE --queues DIR --upstream REPO [--train FILE]

Every patch whose upstream change is known is looked for in releases of the upstream that have the change (to be found)
and in releases that do not have it yet (not to be found); patches that are not upstream are looked for in a release,
too. Weights are trained on the other half of the changes than those that they are measured on.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from truth import Row, one_per_change, read_rows

from benchmarks.match import fold
from benchmarks.probe import other
from patches.findings import Verdict
from patches.queues.gitfiles import GitFiles
from patches.text.parse import parse_patch
from patches.text.patch import Patch
from patches.upstreams.index import Index
from patches.upstreams.indexing import default_jobs, update
from patches.upstreams.tags import tag_order
from patches.verdicts.tree import FEATURES, ContentTree, HunkState, TreeModel, load_model, verdict_of

SEED = 1
LATER = 8
"""A release that has the change is one of so many that follow its first."""
FALSE = 0.03
SHARES = (0.02, 0.05, 0.1, 0.2, 0.3)


@dataclass(frozen=True)
class Sample:
    """A patch in a release: `merged` is the truth."""

    row: Row
    release: str
    merged: bool


def releases(index: Index, repo: Path) -> list[str]:
    """Mainline's releases x.y.0, the oldest first."""
    from kcfg.sources.gitrepo import open_repo

    names = [name[10:] for name in open_repo(str(repo)).refs() if name.startswith("refs/tags/")]
    return sorted((one for one in names if one.endswith(".0") and "rc" not in one), key=tag_order)


def samples(rows: Sequence[Row], index: Index, tags: Sequence[str]) -> list[Sample]:
    """Each row in one release that has it, and in one that does not."""
    choose = random.Random(SEED)
    out = []
    for row in rows:
        if not row.truth:
            out.append(Sample(row, choose.choice(tags[-10:]), False))
            continue
        commits = [index.commit(ident) for sha in row.truth for ident in index.find_sha(sha)]
        first = [one.tag for one in commits if one.mainline and one.tag]
        if not first or len(row.parts) > 1:
            continue
        after = [tag for tag in tags if tag_order(tag) >= tag_order(first[0])]
        before = [tag for tag in tags if tag_order(tag) < tag_order(first[0])]
        if after:
            out.append(Sample(row, choose.choice(after[:LATER]), True))
        if before:
            out.append(Sample(row, choose.choice(before[-4:]), False))
    return out


def describe(every: Sequence[Sample], repo: Path) -> tuple[np.ndarray, list[bool]]:
    """Features of each sample, and whether each hunk of it stands in the release."""
    trees: dict[str, ContentTree] = {}
    features, plain = [], []
    patches: dict[str, Patch] = {}
    for one in every:
        tree = trees.get(one.release)
        if tree is None:
            tree = trees[one.release] = ContentTree(GitFiles(str(repo), one.release), one.release)
        patch = patches.setdefault(one.row.sha256, parse_patch("p", one.row.data))
        states = tree.states(patch)
        features.append(tree.features(patch, states) if states else (0.0,) * len(FEATURES))
        plain.append(bool(states) and all(state.there for state in states))
    return np.array(features), plain


def parts(every: Sequence[Sample], repo: Path) -> None:
    """How many patches of which a release has a part are told to be partial, by threshold; and of which it has none."""
    trees: dict[str, ContentTree] = {}
    strangers = [one.row for one in every if not one.row.truth]
    both: list[list[HunkState]] = []
    none: list[list[HunkState]] = []
    for number, one in enumerate(every):
        tree = trees.setdefault(one.release, ContentTree(GitFiles(str(repo), one.release), one.release))
        states = tree.states(parse_patch("p", one.row.data))
        if one.merged:
            both.append(states + tree.states(parse_patch("p", strangers[number % len(strangers)].data)))
        else:
            none.append(states)
    for value in SHARES:
        with other("tree_part", value):
            told = [
                sum(verdict_of(states, 0.0, load_model()) is Verdict.PARTIAL for states in some)
                for some in (both, none)
            ]
        print(
            f"tree_part {value}: {told[0]} of {len(both)} with a stranger's behind, {told[1]} of {len(none)} not there"
        )


def train(features: np.ndarray, truth: np.ndarray) -> TreeModel:
    """A logistic model, its threshold with at most FALSE false ones of those that are not merged."""
    values = np.concatenate([np.ones((len(features), 1)), features], axis=1)
    beta = np.zeros(values.shape[1])
    for _ in range(30):
        guess = 1 / (1 + np.exp(-np.clip(values @ beta, -30, 30)))
        slope = values.T @ (guess - truth) + 0.1 * beta
        curve = (values * (guess * (1 - guess))[:, None]).T @ values + 0.1 * np.eye(len(beta))
        beta -= np.linalg.solve(curve, slope)
    weights = {name: round(float(one), 3) for name, one in zip(FEATURES, beta[1:], strict=True)}
    model = TreeModel(round(float(beta[0]), 3), weights, 0.5)
    scores = np.array([model.score(row) for row in features])
    wrong = np.sort(scores[truth < 0.5])
    cut = float(wrong[int(len(wrong) * (1 - FALSE * 0.7))])
    return msgspec.structs.replace(model, threshold=round(cut + 0.005, 3))


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument("--queues", type=Path, required=True, help="folder with the queues' repositories")
    parser.add_argument("--upstream", type=Path, required=True, help="git repository")
    parser.add_argument("--index", type=Path, help="its index, instead of the cached one")
    parser.add_argument("--parts", action="store_true", help="measure what counts as a part, on a fifth of the rows")
    parser.add_argument("--train", type=Path, metavar="FILE", help="write weights trained on all rows")
    options = parser.parse_args()
    index = Index.open(update(str(options.upstream), options.index, jobs=default_jobs()).path)
    every = samples(one_per_change(read_rows(options.truth, options.queues)), index, releases(index, options.upstream))
    if options.parts:
        parts(every[::5], options.upstream)
        return 0
    features, plain = describe(every, options.upstream)
    truth = np.array([float(one.merged) for one in every])
    folds = np.array([fold(one.row) for one in every])
    got = np.zeros(len(every), bool)
    for half in (0, 1):
        model = train(features[folds != half], truth[folds != half])
        for at in np.nonzero(folds == half)[0]:
            got[at] = model.score(features[at]) >= model.threshold
    if options.train:
        model = train(features, truth)
        about = f"{len(every)} patches in releases, {int(truth.sum())} of them merged; benchmarks/tree.py"
        model = msgspec.structs.replace(model, about=about)
        options.train.write_bytes(msgspec.json.format(msgspec.json.encode(model), indent=2) + b"\n")
    true = truth > 0
    print(f"{len(every)} patches in releases: {int(true.sum())} merged there, {int((~true).sum())} not")
    for name, found in (
        ("by content", got),
        ("added lines at .8", features[:, 2] * features[:, 4] >= 0.8),
        ("every hunk in reverse", np.array(plain)),
    ):
        recall, false = found[true].mean(), found[~true].mean()
        print(f"{name:<24} recall {recall:.3f}  false {false:.2%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
