"""A solver without memory ends in one line, too."""

from __future__ import annotations

import subprocess
import sys

from kcfg.solver.abort import LINE, end_in_one_line

BREAKS = "import ctypes, kcfg.solver.sat; ctypes.CDLL('libstdc++.so.6')._ZSt9terminatev()"


def test_what_nobody_takes_in_the_solver_is_one_line_and_status_3() -> None:
    assert end_in_one_line()
    ran = subprocess.run([sys.executable, "-c", BREAKS], capture_output=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (3, b"", LINE)
