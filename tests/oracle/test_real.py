"""The oracle on whole configurations: what it takes for granted, and that it refutes what is wrong."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
import pytest

from kcfg.answers.explain import ChangedLine, ExplainReport
from kcfg.solver.results import Goal
from tests.conformance import kernels
from tests.kcfg.trees import MODULES, model_of
from tests.oracle import real
from tests.oracle.distributions import distributions
from tests.oracle.real import Survey
from tests.oracle.real_conf import File
from tests.oracle.real_rows import Row

NAME = "debian-cloud-6.12"
TREE = MODULES + 'config A\n\ttristate "a"\nconfig S\n\tstring "s"\nconfig B\n\tbool "b"\n\tdepends on A\n'


def test_lines_of_a_file_are_replaced_by_new_ones_at_its_end(tmp_path: Path) -> None:
    file = File('CONFIG_A=m\n# CONFIG_B is not set\nCONFIG_S="x"\n# by hand\n', model_of(tmp_path, TREE))
    assert file.edited({"A": "n", "S": "y z"}) == (
        '# CONFIG_B is not set\n# by hand\n# CONFIG_A is not set\nCONFIG_S="y z"\n'
    )
    assert [file.contradicted(*line) for line in (("A", "y"), ("A", "m"), ("B", "y"), ("MODULES", "n"))] == [
        True, False, True, False,
    ]  # fmt: skip


def test_each_configuration_says_where_it_comes_from() -> None:
    found = distributions()
    assert len({one.name for one in found}) == len(found) >= 12
    assert all(one.source for one in found)
    assert {one.arch for one in found} == {"x86_64", "arm64"}


def test_members_of_choices_and_selected_symbols_are_drawn_each_for_a_quarter(tmp_path: Path) -> None:
    tree = 'choice\n\tprompt "c"\nconfig C1\n\tbool "1"\nconfig C2\n\tbool "2"\nendchoice\n'
    tree += 'config T\n\tbool "t"\nconfig U\n\tbool "u"\n\tselect T\nconfig HIDDEN\n\tbool\n'
    model = model_of(tmp_path, tree)
    for seed in range(20):
        names = [model.symbols[number].name for number in real.drawn(model, 4, seed)]
        assert len(names) == len(set(names)) <= 4
        assert names[0].startswith("C")
        assert names[1] == "T"
        assert "HIDDEN" not in names


@pytest.fixture(scope="module")
def survey() -> Survey:
    one = next(one for one in distributions() if one.name == NAME)
    if not one.there:
        pytest.skip("no kernels in the test cache")
    return Survey(kernels.kernel("6.12").name, one, {}, 60.0)


@pytest.mark.xdist_group("oracle-real")
def test_answers_about_a_whole_configuration_are_not_refuted(survey: Survey) -> None:
    number = random.Random(7).choice(real.drawn(survey.model, 20, 7))
    survey.rows.clear()
    for value in "yn":
        survey.ask(Goal(survey.model.symbols[number].name, value))
    survey.ask(Goal("MTD_RAM", "y"))
    survey.mend("no-pv")
    assert sum(row.questions for row in survey.rows.values()) >= 4
    assert not [kind for kind, row in survey.rows.items() if row.refuted]


WRONG = {
    "possible": {"possible": False},
    "not reached": {"changes": (ChangedLine("XFS_FS", "m", "m"),)},
    "not needed": {"changes": (ChangedLine("XFS_FS", "m", "y"), ChangedLine("INPUT", "y", "n", undoes=True))},
    "undone in silence": {"changes": (ChangedLine("XFS_FS", "m", "y"), ChangedLine("INPUT", "y", "n"))},
    "fewer": {"changes": (ChangedLine("XFS_FS", "m", "y"), ChangedLine("INPUT", "y", "n", undoes=True))},
}


@pytest.mark.xdist_group("oracle-real")
@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_answer_is_refuted(survey: Survey, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    good = real.explain

    def wrong(*args: object, **how: object) -> ExplainReport:
        report = msgspec.structs.replace(good(*args, **how), other=None)  # type: ignore[arg-type]
        return msgspec.structs.replace(report, **WRONG[kind])

    monkeypatch.setattr(real, "explain", wrong)
    survey.rows.clear()
    survey.ask(Goal("XFS_FS", "y"))
    assert kind in survey.rows["explain y"].refuted


def test_a_row_tells_the_middle_and_the_most_of_its_seconds() -> None:
    row = Row(3, 1, 0, 2, seconds=[3.0, 1.0, 2.0])
    assert row.told("explain y").split() == ["explain", "y", "3", "1", "2", "0", "0", "2.00", "3.00"]
