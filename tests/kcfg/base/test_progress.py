"""Progress that nobody looks at."""

from __future__ import annotations

import pytest

from kcfg.base.progress import Progress, silent


def test_silent_progress_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    progress: Progress = silent
    progress("reading", 3, 0)
    assert capfd.readouterr() == ("", "")
