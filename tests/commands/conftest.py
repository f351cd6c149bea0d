"""What the tests of the command line share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.run import GUEST, Run, run_kcfg, run_quickly


@pytest.fixture
def kcfg(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs kcfg with a cache of its own, in an empty working directory."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return run_quickly


@pytest.fixture
def guest(kcfg: Run) -> Path:
    """A fragment of 6.12 that passes pvh-domu and fails pv-domu."""
    path = Path("guest.config")
    path.write_text("# Linux/x86 6.12.43 Kernel Configuration\n" + GUEST)
    return path


@pytest.fixture(scope="session")
def complete_text() -> str:
    """A complete .config of 6.12, as conf would write it for GUEST."""
    text = "# Linux/x86 6.12.43 Kernel Configuration\n" + GUEST
    ran = run_kcfg("resolve", "-", "-o", "-", stdin=text.encode())
    assert ran.status in (0, 1)
    return ran.out
