"""A file that never ends, wherever a command takes one: one line, soon, and in little memory."""

from __future__ import annotations

import json
import os
import resource
from pathlib import Path

import pytest

from tests.commands.run import GUEST, header, run_kcfg
from tests.kcfg.trees import write_tree

ENDLESS = "/dev/zero"
MEMORY = 1 << 30
SECONDS = 20
ROOT = Path(__file__).parents[2]
QUEUE, UPSTREAM = str(ROOT / "examples" / "queue"), str(ROOT / "examples" / "upstream")
STATUS = f"patches status {QUEUE} --upstream {UPSTREAM}"
COMMANDS = (
    "modes @",
    "check @ -p pvh-domu --no-fix",
    "check guest.config -p @",
    "check guest.config -p no-pv --no-fix --waivers @",
    "check guest.config -p no-pv --tree @",
    "check guest.config -p no-pv --kernel @",
    "resolve @",
    "show XEN --config @",
    "show XEN --tree @",
    "explain XEN --config @",
    "explain XEN --tree @",
    "generate @",
    "generate pvh-domu --from @",
    "generate pvh-domu --tree @",
    "repair @ -p no-pv",
    "repair guest.config -p @",
    "repair guest.config -p no-pv --tree @",
    "report --config guest.config --tree @ -o site",
    f"report --queue @ --upstream {UPSTREAM} -o site",
    f"report --queue {QUEUE} --upstream @ -o site",
    "profiles @",
    "snapshot @ -o out",
    f"patches status @ --upstream {UPSTREAM}",
    f"patches status {QUEUE} --upstream @",
    f"{STATUS} --archive @",
    f"{STATUS} --waivers @",
    f"patches plan @ --upstream {UPSTREAM}",
    f"patches show @ a.patch --upstream {UPSTREAM}",
    f"patches trend @ --upstream {UPSTREAM}",
    f"patches trend {ROOT} --upstream @",
    "patches index @",
    "patches index @ --archive",
    f"patches index {UPSTREAM} -o @",
    "relevance @ --tree tree --config guest.config",
    f"relevance {QUEUE} --tree tree --config @",
    f"relevance {QUEUE} --tree @ --config guest.config",
    "graph path A B --tree @",
    "graph --modes pvh-domu --kernel 6.12 --config @ -o out.html",
    "graph export --modes pvh-domu --tree @",
)


def limited(args: list[str], folder: Path) -> tuple[int, str]:
    """(status, standard error, or output where there is none) of a command in a child with limits."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        told: tuple[int, str] = (-1, "")
        try:
            os.chdir(folder)
            size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
            resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
            used = resource.getrusage(resource.RUSAGE_SELF)
            limit = int(used.ru_utime + used.ru_stime) + SECONDS
            resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))
            ran = run_kcfg(*args)
            told = ran.status, ran.err or ran.out
        finally:
            os.write(writing, json.dumps(told).encode())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        data = stream.read()
    _, status = os.waitpid(child, 0)
    assert data, f"ended by {os.waitstatus_to_exitcode(status)}"
    found = json.loads(data)
    return found[0], found[1]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: str(one).replace(str(ROOT), ""))
def test_a_file_that_never_ends_is_one_line(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "guest.config").write_text(header() + GUEST)
    write_tree(tmp_path / "tree", 'config A\n\tbool "a"\n')
    status, said = limited(command.replace("@", ENDLESS).split(), tmp_path)
    lines = [line for line in said.splitlines() if ENDLESS in line or line.startswith("kcfg: ")]
    assert status in (2, 3), said
    assert lines, said
    assert "memory" not in said, said
