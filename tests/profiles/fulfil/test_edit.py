"""What becomes of a configuration's own text when the lines of a change are written into it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kcfg.answers.judge import Judge
from kcfg.base.version import KernelUsed
from kcfg.kconfig.config import parse_config, read_config
from kcfg.kconfig.kernels import Kernel
from kcfg.kconfig.model import Model
from kcfg.solver.encode import encode
from kcfg.solver.nearest import nearest
from kcfg.solver.results import DriftError, Goal, NearestChange
from kcfg.solver.solver import Solver
from profiles.fulfil import edit
from profiles.fulfil.edit import Edited, with_changes
from tests.kcfg.trees import MODULES, NEW, OLD, model_of

TREE = (
    MODULES
    + """\
config A
	bool "a"
config B
	bool "b"
	depends on A
config NAME
	string "name"
config SIZE
	int "size"
choice
	prompt "one"
config ONE
	bool "one"
config TWO
	bool "two"
config THREE
	bool "three"
endchoice
"""
)


@pytest.fixture(scope="module", params=[NEW, OLD])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Model:
    return model_of(tmp_path_factory.mktemp("tree"), TREE, request.param)


def judge_on(model: Model, data: bytes) -> Judge:
    used = KernelUsed(version=model.version, arch=model.arch, origin="tree", name="small")
    return Judge(parse_config(data, "mine.config"), Kernel(model, used, True))


def changed_lines(model: Model, judge: Judge, *goals: str) -> NearestChange:
    change = nearest(Solver(model, encode(model)), judge.resolver.user, [Goal(*goal.split("=")) for goal in goals])
    assert isinstance(change, NearestChange)
    return change


def changed(model: Model, data: bytes, *goals: str) -> bytes:
    judge = judge_on(model, data)
    change = changed_lines(model, judge, *goals)
    return with_changes(judge, change).data


def test_a_line_is_changed_where_it_stands_and_all_else_stays(model: Model) -> None:
    data = b'# mine\n# CONFIG_A is not set\n\nCONFIG_NAME="x # y"\nCONFIG_GONE=y\n#end'
    assert changed(model, data, "A=y") == data.replace(b"# CONFIG_A is not set", b"CONFIG_A=y")


def test_a_new_line_is_the_last_one(model: Model) -> None:
    assert changed(model, b"CONFIG_A=y\n# end", "B=y") == b"CONFIG_A=y\n# end\nCONFIG_B=y\n"
    assert changed(model, b"", "A=y") == b"CONFIG_A=y\n"


def test_of_two_lines_the_one_that_counts_is_changed(model: Model) -> None:
    data = b"CONFIG_A=y\n# later\n# CONFIG_A is not set\n"
    assert changed(model, data, "A=y") == b"CONFIG_A=y\n# later\nCONFIG_A=y\n"


def test_carriage_returns_and_bytes_that_are_no_text_stay(model: Model) -> None:
    data = b'# CONFIG_A is not set\r\n# caf\xe9\r\nCONFIG_NAME="caf\xe9"\r\n'
    assert changed(model, data, "A=y") == b'CONFIG_A=y\r\n# caf\xe9\r\nCONFIG_NAME="caf\xe9"\r\n'


@pytest.mark.parametrize(
    ("before", "goal", "after", "removed"),
    [
        (b"TWO=y\nA=y\n", "ONE=y", b"TWO=y\nA=y\nONE=y\n", ()),
        (b"TWO=y\nONE=n\nA=y\n", "ONE=y", b"TWO=y\nONE=y\nA=y\n", ("ONE=n",)),
        (b"ONE=n\nTWO=y\nA=y\n", "ONE=y", b"TWO=y\nA=y\nONE=y\n", ("ONE=n",)),
        (b"ONE=y\r\nTWO=y", "ONE=y", b"TWO=y\nONE=y\n", ("ONE=y",)),
        (b"ONE=y\nONE=n\nTWO=y\n", "ONE=y A=y", b"TWO=y\nA=y\nONE=y\n", ("ONE=y", "ONE=n")),
    ],
)
def test_of_a_choice_the_picked_line_alone_changes_and_comes_last_where_that_decides(
    model: Model, before: bytes, goal: str, after: bytes, removed: tuple[str, ...]
) -> None:
    def full(text: bytes) -> bytes:
        return re.sub(rb"^(?=.)", b"CONFIG_", text, flags=re.M)

    judge = judge_on(model, full(before))
    change = changed_lines(model, judge, *goal.split())
    made = with_changes(judge, change)
    assert made.data == full(after)
    assert made.removed[model.index["ONE"]] == tuple(f"CONFIG_{text}" for text in removed)
    assert [one.moves for one in change.lines if one.symbol == "ONE"] == [removed == ("ONE=y",)]


def test_of_lines_that_do_not_lead_there_nothing_is_written(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"# CONFIG_A is not set\n# CONFIG_A is not set\n# mine\n"
    usual = edit.with_lines
    monkeypatch.setattr(edit, "with_lines", lambda *how: usual(*how) if how[-1] else Edited(data, {}))
    assert changed(model, data, "A=y") == b"# mine\nCONFIG_A=y\n"
    monkeypatch.setattr(edit, "with_lines", lambda *how: Edited(data, {}))
    with pytest.raises(DriftError, match="another configuration"):
        changed(model, data, "A=y")


def test_lines_are_read_as_the_judging_kernel_reads_them(tmp_path: Path) -> None:
    old = model_of(tmp_path, 'config A\n\tbool "a"\nconfig B\n\tbool "b"\n\tdefault y\n', "6.1.0")
    data = b"# CONFIG_B is not set # since last year\n# CONFIG_A is not set \n"
    assert changed(old, data, "A=y") == data.replace(b"# CONFIG_A is not set ", b"CONFIG_A=y")


def test_a_text_that_needs_no_change_stays_as_it_is(model: Model) -> None:
    data = b"# mine\nCONFIG_A=y"
    assert changed(model, data, "A=y") == data


def test_files_that_are_merged_are_one_text(model: Model, tmp_path: Path) -> None:
    (tmp_path / "a.config").write_bytes(b'CONFIG_A=y\n# a\nCONFIG_NAME="a"')
    (tmp_path / "b.config").write_bytes(b"# b\n# CONFIG_A is not set\n")
    config = read_config(str(tmp_path))
    assert config.data == b'# a\nCONFIG_NAME="a"\n# b\n# CONFIG_A is not set\n'
    assert changed(model, config.data, "B=y") == b'# a\nCONFIG_NAME="a"\n# b\nCONFIG_A=y\nCONFIG_B=y\n'
