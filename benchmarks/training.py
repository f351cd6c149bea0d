"""Trains the matcher's logistic model by Newton's method: the same numbers on every machine that runs it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from patches.verdicts.match import FEATURES, MatchCandidate, Scorer, WeightModel

STEPS = 25
LONGEST = 4.0
"""How far a weight moves in one step at most: the first ones, far from the end, lead astray."""
DECAY = 2e-5
"""How strongly weights are pulled to 0, so that no single row decides one."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Examples:
    """One row a candidate: features, whether it is true, its patch's fold and group (one patch in one mode).

    `known`: the author of the patch is shown.
    """

    features: Array
    truth: Array
    folds: npt.NDArray[np.int64]
    groups: npt.NDArray[np.int64]
    known: npt.NDArray[np.bool_]


def examples(found: Iterable[tuple[frozenset[int], int, bool, Sequence[MatchCandidate]]]) -> Examples:
    """All candidates with their truth."""
    features, truth, folds, groups, known = [], [], [], [], []
    for group, (equal, half, author, candidates) in enumerate(found):
        for one in candidates:
            features.append(one.features)
            truth.append(one.ident in equal)
            folds.append(half)
            groups.append(group)
            known.append(author)
    return Examples(np.array(features), np.array(truth, float), np.array(folds), np.array(groups), np.array(known))


def train(given: Examples, without: int | None = None) -> Scorer:
    """The models of all examples, or of those that are not in one fold."""
    used = np.ones(len(given.truth), bool) if without is None else given.folds != without
    return Scorer(train_model(given, used & given.known), train_model(given, used & ~given.known))


def train_model(given: Examples, used: npt.NDArray[np.bool_]) -> WeightModel:
    """The model of some of the examples."""
    rows, truth, groups = given.features[used], given.truth[used], given.groups[used]
    _, where, counts = np.unique(groups, return_inverse=True, return_counts=True)
    weight = 1.0 / counts[where]
    weight /= weight.sum()
    values = np.concatenate([np.ones((len(rows), 1)), rows], axis=1)
    beta = np.zeros(values.shape[1])
    for _ in range(STEPS):
        guess = 1 / (1 + np.exp(-np.clip(values @ beta, -30, 30)))
        slope = values.T @ (weight * (guess - truth)) + DECAY * beta
        curve = (values * (weight * guess * (1 - guess))[:, None]).T @ values + DECAY * np.eye(len(beta))
        step = np.linalg.solve(curve, slope)
        beta -= step * min(1.0, LONGEST / float(np.abs(step).max()))
    weights = {name: round(float(one), 4) for name, one in zip(FEATURES, beta[1:], strict=True)}
    return with_threshold(WeightModel(round(float(beta[0]), 4), weights, 0.5), rows, truth, groups)


def with_threshold(model: WeightModel, rows: Array, truth: Array, groups: npt.NDArray[np.int64]) -> WeightModel:
    """The threshold with the fewest errors: a best candidate that is false and above, or true and below.

    Of equally good ones it is the highest: a false match is worse than one that is missed.
    """
    scores = model.scores(rows)
    order = np.lexsort((-scores, groups))
    first = np.unique(groups[order], return_index=True)[1]
    best, good = scores[order][first], truth[order][first] > 0
    choices = np.concatenate([np.arange(0.05, 0.96, 0.01), np.arange(0.96, 0.999, 0.0025)])
    errors = [int((good & (best < cut)).sum() + (~good & (best >= cut)).sum()) for cut in choices]
    least = [cut for cut, count in zip(choices, errors, strict=True) if count == min(errors)]
    return msgspec.structs.replace(model, threshold=round(float(least[-1]), 4))


def rank(candidates: Sequence[MatchCandidate], model: WeightModel) -> list[MatchCandidate]:
    """The candidates, scored by this model, the best first."""
    scores = model.scores([one.features for one in candidates])
    scored = [replace(one, score=float(score)) for one, score in zip(candidates, scores, strict=True)]
    return sorted(scored, key=lambda one: (-one.score, one.ident))


def save(scorer: Scorer, path: Path) -> None:
    """Writes the weights as the project ships them."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(scorer), indent=2) + b"\n")
