"""What happens before the program is loaded."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from pathlib import Path

import pytest

from kcfg_cli import start


class Failing(MetaPathFinder):
    """Loading the program fails."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def find_spec(self, name: str, path: object, target: object = None) -> None:
        if name == "kcfg_cli.cli":
            raise self.error


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (KeyboardInterrupt(), 130, "kcfg: interrupted\n"),
        (MemoryError(), 3, "kcfg: not enough memory for this input\n"),
    ],
)
def test_what_ends_it_while_it_is_loaded_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], error: BaseException, status: int, told: str
) -> None:
    monkeypatch.delitem(sys.modules, "kcfg_cli.cli", raising=False)
    monkeypatch.delattr("kcfg_cli.cli", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Failing(error), *sys.meta_path])
    with pytest.raises(SystemExit) as caught:
        start.main()
    assert (caught.value.code, capfd.readouterr()) == (status, ("", told))


def test_it_is_what_the_command_and_the_package_start() -> None:
    root = Path(__file__).parents[2]
    assert 'kcfg = "kcfg_cli.start:main"' in (root / "pyproject.toml").read_text()
    assert '"kcfg_cli.start"' in (root / "kcfg/__main__.py").read_text()
