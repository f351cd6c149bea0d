"""The source archive and the wheel made from it, installed away from the checkout: every command runs there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from kcfg_cli.cli import COMMANDS
from kcfg_cli.graph import GraphCommands
from kcfg_cli.patches import PatchCommands
from tests.commands.run import GUEST, header
from tests.patches.relevance.queues import change, small_tree, write_queue

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"

pytestmark = pytest.mark.xdist_group("wheel")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive and the wheel; `build` makes the wheel from the archive, in a copy of the tree:
    it keeps files of its own there meanwhile."""
    if os.environ.get("KCFG_OFFLINE"):
        pytest.skip("KCFG_OFFLINE: building a wheel fetches setuptools")
    out, source = tmp_path_factory.mktemp("dist"), tmp_path_factory.mktemp("source") / "tree"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(".*", "build", "dist", "*.egg-info", "__pycache__"))
    command = [sys.executable, "-m", "build", "--outdir", str(out), str(source)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return out


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's files alone."""
    target = tmp_path_factory.mktemp("site")
    (wheel,) = built.glob("*.whl")
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(target), str(wheel)]
    subprocess.run(command, check=True)
    return target


def run(installed: Path, folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """`kcfg` as installed, in a folder that is not the checkout."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(installed),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "NO_COLOR": "1",
    }
    command = [sys.executable, "-P", "-m", "kcfg", *args]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working directory with a configuration, a kernel source, and the repositories of a queue and its upstream."""
    (tmp_path / "guest.config").write_text(header() + GUEST)
    small_tree(tmp_path / "linux")
    write_queue(tmp_path / "netf", {"one.patch": change("drivers/netf.c")})
    for name, source in (("history", EXAMPLES / "queue"), ("upstream", EXAMPLES / "upstream")):
        shutil.copytree(source, tmp_path / name)
        git = ["git", "-C", str(tmp_path / name), "-c", "user.name=A", "-c", "user.email=a@example.com"]
        for args in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "All of it"), ("tag", "v1.0")):
            subprocess.run([*git, *args], check=True)
    return tmp_path


def test_what_is_run_is_the_wheel(installed: Path, folder: Path) -> None:
    environment = {"PYTHONPATH": str(installed), "PATH": os.environ["PATH"]}
    code = "import kcfg, kcfg_cli, profiles, graphs, patches; print(kcfg.__file__, kcfg_cli.__file__)"
    out = subprocess.check_output([sys.executable, "-P", "-c", code], cwd=folder, env=environment, text=True)
    assert all(Path(one).is_relative_to(installed) for one in out.split())


QUEUE = (str(EXAMPLES / "queue"), "--upstream", str(EXAMPLES / "upstream"))
JUDGED = ("guest.config", "--kernel", "6.12")


RUNS: tuple[tuple[tuple[str, ...], int], ...] = (
    (("modes", *JUDGED, "--format", "html"), 0),
    (("check", *JUDGED, "-p", "pvh-domu", "--no-fix", "--format", "html"), 0),
    (("check", *JUDGED, "-p", "pv-domu", "--no-fix", "--format", "sarif"), 1),
    (("check", *JUDGED, "-p", "pv-domu", "--no-fix", "--format", "junit"), 1),
    (("resolve", *JUDGED, "--format", "html"), 0),
    (("resolve", *JUDGED, "--format", "github"), 0),
    (("show", "XEN_DOM0", "--kernel", "7.3"), 0),
    (("explain", "XEN_DOM0=y", "--kernel", "6.12", "--format", "html"), 0),
    (("generate", "xenstore-domain", "--kernel", "6.12", "--format", "html"), 0),
    (("repair", *JUDGED, "-p", "pvh-domu", "--format", "html"), 0),
    (("graph", "--modes", "pvh-domu", "--kernel", "6.12", "-o", "xen.html"), 0),
    (("graph", "picture", "--modes", "pvh-domu", "--kernel", "6.12", "-o", "xen.svg"), 0),
    (("graph", "path", "XEN_DOM0", "XEN_PV", "--kernel", "6.12"), 0),
    (("graph", "needs", "XEN_DOM0", "--kernel", "6.12"), 0),
    (("graph", "needed-by", "PARAVIRT_XXL", "--kernel", "6.12"), 0),
    (("graph", "dominators", "pvh-domu", "--kernel", "6.12"), 0),
    (("graph", "compare", "pv-domu", "pvh-domu", "--kernel", "6.12"), 0),
    (("graph", "history", "XEN_PVH"), 0),
    (("graph", "cycles", "--kernel", "6.12"), 0),
    (("graph", "export", "--symbol", "XEN_PVH", "--kernel", "6.12"), 0),
    (("patches", "status", *QUEUE, "--format", "html"), 0),
    (("patches", "show", QUEUE[0], "ring-lock-put.patch", *QUEUE[1:]), 0),
    (("patches", "plan", *QUEUE), 0),
    (("patches", "index", "upstream"), 0),
    (("patches", "trend", "history", "--upstream", "upstream"), 0),
    (("patches", "formats"), 0),
    (("relevance", "netf", "--config", "guest.config", "--tree", "linux"), 0),
    (("profiles",), 0),
    (("profiles", "pvh-domu"), 0),
    (("report", "-c", "guest.config", "--kernel", "6.12", "-o", "site"), 0),
    (("snapshot", "linux", "-o", "linux.kcfg"), 0),
    (("completion", "bash"), 0),
    (("--version",), 0),
)


def test_no_command_is_left_out() -> None:
    ran = {args[:2] for args, _ in RUNS}
    groups = {"patches": PatchCommands.table, "graph": GraphCommands.table}
    wanted = {(name, sub) for name, table in groups.items() for sub in table}
    assert wanted <= ran
    assert set(COMMANDS) == {first for first, *_ in ran} - {"--version"}


@pytest.mark.parametrize(
    ("args", "status"), RUNS, ids=lambda value: "-".join(value[:2]) if isinstance(value, tuple) else None
)
def test_every_command_runs_from_the_wheel(installed: Path, folder: Path, args: tuple[str, ...], status: int) -> None:
    ran = run(installed, folder, *args)
    assert (ran.returncode, ran.stderr) == (status, ""), ran.stderr


def test_the_source_archive_has_what_it_is_built_and_read_with(built: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        names = {name.partition("/")[2] for name in tar.getnames()}
    assert {"README.md", "LICENSE", "pyproject.toml", "docs/design.md", "examples/demo.config", "Makefile"} <= names
    assert "tests/test_arrows.py" in names
