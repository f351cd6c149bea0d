"""What kcfg says of small random trees, against everything that each kernel's own conf makes of them."""

from __future__ import annotations

import os
import random
import re
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import kernels
from tests.conformance.kernels import Kernel
from tests.oracle import run, search
from tests.oracle.conf import Batch, RefusedError, real, write_tree
from tests.oracle.product import Answer, Product
from tests.oracle.questions import Case, Question
from tests.oracle.trees import LOGIC, Option, Tree, Unit
from tests.oracle.truth import Truth
from tests.oracle.verdicts import Examiner, Tally, presented

TREES = int(os.environ.get("KCFG_ORACLE_TREES", "50"))
"""Trees for each kernel."""
CHUNKS = -(-TREES // search.CHUNK)
KERNELS = pytest.mark.parametrize("kernel", kernels.available(), ids=lambda kernel: str(kernel.name))


@contextmanager
def opened(kernel: Kernel, tree: Tree) -> Iterator[tuple[Path, Truth] | None]:
    """A tree's folder and what is true of it; None where conf does not take it."""
    with tempfile.TemporaryDirectory(prefix="kcfg-oracle-") as name:
        folder = write_tree(Path(name), tree.kconfig, kernel.version)
        try:
            batch = Batch(kernel, folder)
        except RefusedError:
            yield None
            return
        truth = Truth(tree, batch)
        truth.find()
        yield folder, truth
        batch.close()


@KERNELS
@pytest.mark.parametrize("number", range(CHUNKS))
def test_no_claim_about_a_small_tree_is_refuted(kernel: Kernel, number: int) -> None:
    tally = search.survey(kernel.name, number)
    assert tally.trees > search.CHUNK / 2
    assert run.unasked(tally) == []
    told = [search.smallest(kernel.name, number, kind) for kind in tally.refuted]
    if told:
        pytest.fail("\n\n".join(told), pytrace=False)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({}, "trees, fixpoints, configurations"),
        ({"trees": 1, "fixpoints": 1, "configurations": 1}, "resolves questions"),
        ({"any_of": 1}, "goals of m"),
    ],
)
def test_run_in_which_nothing_was_tried_fails(
    counts: dict[str, Any], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(search, "survey", partial(lambda tally, *_: tally, Tally(**counts)))
    monkeypatch.setattr(run, "ProcessPoolExecutor", ThreadPoolExecutor)
    assert run.main(["-n", "1", "--kernel", "6.12"]) == 3
    assert said in capsys.readouterr().err


@KERNELS
def test_one_process_for_all_configurations_answers_as_one_for_each(kernel: Kernel) -> None:
    compared = 0

    def examined(case: Case) -> None:
        nonlocal compared
        with opened(kernel, case.tree) as tree:
            if tree is None:
                return
            folder, truth = tree
            texts = [truth.written(state.lines) for state in truth.fixpoints]
            texts += ["".join(f"{one}\n" for one in question.lines) for question in case.questions]
            for text in random.Random(len(texts)).sample(texts, min(10, len(texts))):
                assert truth.batch(text).lines == real(kernel, folder, text), f"{case.tree.kconfig}---\n{text}"
                compared += 1

    search.run(kernel, 1000, examined, shrink=False)
    assert compared > 100


@KERNELS
def test_every_configuration_that_conf_keeps_is_a_fixpoint_that_was_found(kernel: Kernel) -> None:
    compared = 0

    def examined(case: Case) -> None:
        nonlocal compared
        options = [one for one in case.tree.options if not one.old]
        domains = [case.tree.values(one) for one in options]
        size = 1
        for domain in domains:
            size *= len(domain)
        if size > 500:
            return
        with opened(kernel, case.tree) as tree:
            if tree is None:
                return
            _, truth = tree
            kept = set()
            for values in product(*domains):
                lines = {one.name: value for one, value in zip(options, values, strict=True)}
                state = truth.batch(truth.written(lines))
                if all(state.values[name] == value for name, value in lines.items()):
                    kept.add(state.key)
            known = {state.key for state in truth.fixpoints}
            assert kept <= known, f"{case.tree.kconfig}{kept - known}"
            compared += len(kept)

    search.run(kernel, 1001, examined, count=60, shrink=False)
    assert compared > 100


TREE = Tree(
    (6, 12),
    'config MODULES\n\tbool "modules"\n\tdefault y\n\tmodules\n'
    'config B1\n\tbool "B1"\nconfig T2\n\ttristate "T2"\n\tdepends on B1\nconfig B3\n\tbool "B3"\n\tdefault y\n',
    (
        Option("MODULES", "bool", 0, prompted=True),
        Option("B1", "bool", 1, prompted=True),
        Option("T2", "tristate", 2, prompted=True),
        Option("B3", "bool", 3, prompted=True),
    ),
    tuple(Unit((name,)) for name in ("MODULES", "B1", "T2", "B3")),
    {},
)


class Liar(Product):
    """Gives one answer, whatever is asked."""

    answer = Answer(True)

    def accepts(self, values: object) -> bool:
        return False

    def possible(self, *_: object, **__: object) -> Answer:
        return self.answer

    smallest = nearest = repair = possible


WITH_T2 = {"MODULES": "y", "B1": "y", "T2": "y", "B3": "y"}
FEWEST = {"MODULES": "n", "B1": "y", "T2": "y", "B3": "n"}
ASKED = (("T2", "y"),)
BOTH = (("B1", "y"), ("T2", "y"))


@pytest.mark.parametrize(
    ("question", "answer", "kind"),
    [
        (Question("accepts"), Answer(True), "accepts: kept, but refused"),
        (Question("possible", ASKED), Answer(False, core=ASKED), "possible: possible, called impossible"),
        (
            Question("possible", (("B1", "n"), ("T2", "y"))),
            Answer(False, core=ASKED),
            "possible: the goals of the reason are possible",
        ),
        (
            Question("possible", ASKED),
            Answer(True, values=WITH_T2 | {"B1": "n"}),
            "possible: its configuration is not kept",
        ),
        (
            Question("possible", (("B3", "n"),)),
            Answer(True, values=WITH_T2),
            "possible: its configuration misses the goals",
        ),
        (
            Question("smallest", ASKED),
            Answer(True, values=WITH_T2, cost=4, bound=4),
            "smallest: proven, but less will do",
        ),
        (
            Question("smallest", ASKED),
            Answer(True, values=WITH_T2, cost=4, bound=3, proven=False),
            "smallest: its bound is above the truth",
        ),
        (
            Question("smallest", ASKED),
            Answer(True, values=FEWEST, cost=1, bound=1),
            "smallest: its configuration has another cost",
        ),
        (
            Question("smallest", ASKED),
            Answer(True, values=FEWEST, cost=2, bound=1, proven=False),
            "smallest: no proof, though the time did not run out",
        ),
        (
            Question("nearest", ASKED),
            Answer(True, values=WITH_T2, changed=(("T2", "y"),), cost=1, bound=1),
            "nearest: its lines lead elsewhere",
        ),
        (
            Question("nearest", (("T2", "m"),)),
            Answer(True, values=WITH_T2, changed=BOTH, cost=2, bound=2),
            "nearest: its lines miss the goals",
        ),
        (
            Question("nearest", ASKED, lines=("CONFIG_B1=y",)),
            Answer(True, values=WITH_T2, changed=BOTH, cost=2, bound=2),
            "nearest: proven, but fewer lines do",
        ),
        (
            Question("nearest", ASKED),
            Answer(True, values=WITH_T2, changed=BOTH, cost=3, bound=3, proven=False),
            "nearest: its bound is above the truth",
        ),
        (
            Question("repair", ASKED),
            Answer(True, values=WITH_T2, changed=BOTH, cost=2, bound=2, symbols_changed=7),
            "repair: another number of symbols changes",
        ),
        (
            Question("repair", (), either=((BOTH, (("B1", "y"), ("B3", "n"))),), lines=("CONFIG_T2=y",)),
            Answer(True, values=WITH_T2 | {"T2": "n", "B3": "n"}, changed=(("B1", "y"), ("B3", "n")), cost=2, bound=2),
            "repair: its lines lead elsewhere",
        ),
        (
            Question("nearest", (("B1", "y"),), either=((ASKED, (("T2", "n"),)),), few_symbols=True),
            Answer(True, values=WITH_T2, changed=BOTH, cost=2, bound=2),
            "nearest: proven, but fewer lines do",
        ),
        (
            Question("nearest", ASKED, lines=("CONFIG_B1=y", "CONFIG_T2=m"), few_symbols=True),
            Answer(True, values=WITH_T2 | {"MODULES": "n"}, changed=(("MODULES", "n"),), cost=1, bound=1),
            "nearest: as few lines, but fewer symbols get another value",
        ),
        (
            Question(
                "repair",
                either=((ASKED, (("MODULES", "n"),)),),
                lines=("CONFIG_B1=y", "CONFIG_T2=m"),
                few_symbols=True,
            ),
            Answer(
                True,
                values=WITH_T2 | {"MODULES": "n"},
                changed=(("MODULES", "n"),),
                cost=1,
                bound=1,
                symbols_changed=2,
            ),
            "repair: as few lines, but fewer symbols get another value",
        ),
    ],
)
def test_wrong_answer_is_refuted(question: Question, answer: Answer, kind: str) -> None:
    kernel = kernels.kernel("6.12")
    with opened(kernel, TREE) as tree:
        assert tree is not None
        folder, truth = tree
        liar = Liar(folder, kernel.version)
        liar.answer = answer
        examiner = Examiner(kernel, folder, Case(TREE, False, (question,)), truth, Tally(), liar)
        assert [one.kind for one in examiner.all()] == [kind]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (Question("possible", ASKED), Answer(True, values=WITH_T2)),
        (Question("possible", (("B1", "n"), ("T2", "y"))), Answer(False, core=(("B1", "n"), ("T2", "y")))),
        (Question("smallest", ASKED), Answer(True, values=FEWEST, cost=2, bound=2)),
        (
            Question("repair", ASKED),
            Answer(True, values=WITH_T2, changed=BOTH, cost=2, bound=2, symbols_changed=2),
        ),
    ],
)
def test_right_answer_is_not_refuted(question: Question, answer: Answer) -> None:
    kernel = kernels.kernel("6.12")
    with opened(kernel, TREE) as tree:
        assert tree is not None
        folder, truth = tree
        liar = Liar(folder, kernel.version)
        liar.answer = answer
        examiner = Examiner(kernel, folder, Case(TREE, False, (question,)), truth, Tally(), liar)
        assert list(examiner.all()) == []


@KERNELS
def test_trees_hold_all_of_the_language_and_three_in_ten_questions_have_alternatives_or_m(kernel: Kernel) -> None:
    words = r"select|imply|visible if|range|depends on|default|if |choice|menu|<|= m|UNDEFINED|tristate|int|hex|string"
    seen: set[str] = set()
    texts: list[str] = []
    asked: list[Question] = []

    def examined(case: Case) -> None:
        seen.update(re.findall(words, case.tree.kconfig))
        texts.append(case.tree.kconfig)
        asked.extend(case.questions)
        assert sum(one.type in LOGIC for one in case.tree.options) <= len(case.tree.options) <= 16

    search.run(kernel, 1002, examined, count=150, shrink=False)
    assert seen == set(words.split("|"))
    both = "\n".join(texts)
    assert ("\ttransitional" in both) == (kernel.series >= (6, 18))
    assert ("\toptional" in both) == (kernel.series < (6, 9))
    assert bool(re.search(r"depends on .* if ", both)) == (kernel.series >= (7, 1))
    assert sum(bool(one.either) for one in asked) > 0.3 * len(asked)
    assert sum(one.has_module_goal for one in asked) > 0.3 * len(asked)


def test_case_is_presented_with_all_that_is_needed_to_see_it() -> None:
    kernel = kernels.kernel("6.12")
    question = Question("nearest", ASKED, lines=("CONFIG_B1=y",))
    with opened(kernel, TREE) as tree:
        assert tree is not None
        folder, truth = tree
        liar = Liar(folder, kernel.version)
        liar.answer = Answer(True, values=WITH_T2, changed=BOTH, cost=2, bound=2)
        case = Case(TREE, False, (question,))
        found = list(Examiner(kernel, folder, case, truth, Tally(), liar).all())
    text = presented(kernel, replace(case, shared=True), found[0])
    for part in ("nearest: T2=y", "2 lines: B1=y T2=y", "truth: 1: T2=y", TREE.kconfig, "CONFIG_B1=y", "6.12"):
        assert part in text
