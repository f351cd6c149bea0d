"""What becomes of a configuration's own text when the lines of a change are written into it."""

from __future__ import annotations

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
from profiles.fulfil.edit import with_changes
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


def changed(model: Model, data: bytes, *goals: str) -> bytes:
    judge = judge_on(model, data)
    change = nearest(Solver(model, encode(model)), judge.resolver.user, [Goal(*goal.split("=")) for goal in goals])
    assert isinstance(change, NearestChange)
    return with_changes(judge, change)


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


def test_the_member_that_was_picked_before_is_not_set_any_longer(model: Model) -> None:
    data = b"# CONFIG_ONE is not set\nCONFIG_TWO=y\n# CONFIG_THREE is not set\nCONFIG_A=y\n"
    assert changed(model, data, "ONE=y") == (
        b"CONFIG_ONE=y\n# CONFIG_TWO is not set\n# CONFIG_THREE is not set\nCONFIG_A=y\n"
    )


def test_a_line_whose_place_has_a_say_moves_to_the_end(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"# CONFIG_A is not set\n# CONFIG_A is not set\n# mine\n"
    monkeypatch.setattr(edit, "in_place", lambda model, data, lines: data)
    assert changed(model, data, "A=y") == b"# mine\nCONFIG_A=y\n"
    monkeypatch.setattr(edit, "at_the_end", lambda model, data, lines: data)
    with pytest.raises(DriftError, match="another configuration"):
        changed(model, data, "A=y")


def test_a_text_that_needs_no_change_stays_as_it_is(model: Model) -> None:
    data = b"# mine\nCONFIG_A=y"
    assert changed(model, data, "A=y") == data


def test_files_one_after_the_other_are_one_text(model: Model, tmp_path: Path) -> None:
    (tmp_path / "a.config").write_bytes(b"CONFIG_A=y")
    (tmp_path / "b.config").write_bytes(b"# b\n# CONFIG_A is not set\n")
    config = read_config(str(tmp_path))
    assert config.data == b"CONFIG_A=y\n# b\n# CONFIG_A is not set\n"
    assert changed(model, config.data, "B=y") == b"CONFIG_A=y\n# b\nCONFIG_A=y\nCONFIG_B=y\n"
