"""The source archive and the wheel made from it, installed away from the checkout: every command runs there."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.commands.run import GUEST, header

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.xdist_group("wheel")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive and the wheel; `build` makes the wheel from the archive."""
    if os.environ.get("KCFG_OFFLINE"):
        pytest.skip("KCFG_OFFLINE: building a wheel fetches setuptools")
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--outdir", str(out), str(ROOT)]
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
    """A working directory with a configuration and a queue."""
    (tmp_path / "guest.config").write_text(header() + GUEST)
    return tmp_path


def test_what_is_run_is_the_wheel(installed: Path, folder: Path) -> None:
    environment = {"PYTHONPATH": str(installed), "PATH": os.environ["PATH"]}
    code = "import kcfg, kcfg_cli, profiles, graphs, patches; print(kcfg.__file__, kcfg_cli.__file__)"
    out = subprocess.check_output([sys.executable, "-P", "-c", code], cwd=folder, env=environment, text=True)
    assert all(Path(one).is_relative_to(installed) for one in out.split())


QUEUE = (str(ROOT / "examples" / "queue"), "--upstream", str(ROOT / "examples" / "upstream"))
JUDGED = ("guest.config", "--kernel", "6.12")


@pytest.mark.parametrize(
    ("args", "status"),
    [
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
        (("graph", "--modes", "pvh-domu", "--kernel", "6.12", "-o", "xen.svg"), 0),
        (("graph", "needs", "XEN_DOM0", "--kernel", "6.12"), 0),
        (("patches", "status", *QUEUE, "--format", "html"), 0),
        (("patches", "plan", *QUEUE), 0),
        (("patches", "formats"), 0),
        (("profiles",), 0),
        (("profiles", "pvh-domu"), 0),
        (("report", "-c", "guest.config", "--kernel", "6.12", "-o", "site"), 0),
        (("completion", "bash"), 0),
        (("--version",), 0),
    ],
    ids=lambda value: "-".join(value[:2]) if isinstance(value, tuple) else None,
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
