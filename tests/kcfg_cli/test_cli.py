"""How a command ends that nothing foresaw."""

from __future__ import annotations

import gc
import re
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from kcfg_cli import cli
from kcfg_cli.cli import INTERRUPTED, main


def ends(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> int:
    def run(args: object) -> int:
        raise error

    monkeypatch.setattr(cli, "run", run)
    with pytest.raises(SystemExit) as caught:
        main([])
    assert isinstance(caught.value.code, int)
    return caught.value.code


def test_a_fault_of_our_own_is_one_line_and_no_finding(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ends(monkeypatch, ValueError("of \x1b[31m two\nlines")) == 70
    told = capsys.readouterr().err
    assert re.match(
        r"kcfg: a fault of this program, in test_cli\.py:\d+ of version [\d.]+: ValueError: of .* two ", told
    )
    assert (told.count("\n"), "\x1b" in told, "KCFG_DEBUG=1" in told) == (1, False, True)
    assert "please report it with the command and its input" in told


def test_debugging_shows_the_traceback(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("KCFG_DEBUG", "1")
    assert ends(monkeypatch, ValueError("x")) == 70
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (UserError("bad"), 2, "kcfg: bad"),
        (KeyboardInterrupt(), 130, "kcfg: interrupted"),
        (RuntimeError(INTERRUPTED), 130, "kcfg: interrupted"),
        (
            BrokenProcessPool("x"),
            3,
            "kcfg: a worker process was killed, perhaps for want of memory (--jobs 1 takes the least)",
        ),
        (MemoryError(), 3, "kcfg: not enough memory for this input"),
        (OSError(12, "Cannot allocate memory"), 3, "kcfg: not enough memory for this input"),
        (
            ImportError("libpthread.so.0: failed to map segment from shared object"),
            3,
            "kcfg: not enough memory for this input",
        ),
        (OSError(28, "No space left on device", "x"), 2, "kcfg: x: no space left on device"),
    ],
)
def test_what_is_foreseen_has_a_status_of_its_own(
    error: BaseException, status: int, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (ends(monkeypatch, error), capsys.readouterr().err.strip()) == (status, told)


def test_pysat_says_so_when_it_is_interrupted() -> None:
    import pysolvers

    assert INTERRUPTED.encode() in Path(pysolvers.__file__).read_bytes()


def test_garbage_is_looked_for_rarely_while_a_command_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    before = gc.get_threshold()
    monkeypatch.setattr(cli.cli, "main", lambda *_, **__: seen.append(gc.get_threshold()))
    assert (cli.run([]), seen, gc.get_threshold()) == (0, [cli.COLLECTING], before)
    assert gc.isenabled()


def test_no_memory_to_say_what_went_wrong_is_said_as_such(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_line(error: object) -> str:
        raise MemoryError

    monkeypatch.setattr("kcfg.answers.report.sentences.error_line", no_line)
    assert ends(monkeypatch, UserError("bad")) == 3
    assert capsys.readouterr().err == "kcfg: not enough memory for this input\n"
