"""What hostile input could do if it ran code in kcfg: nothing outside; and that commands do their work all the same."""

from __future__ import annotations

import json
import os
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.run import GUEST, header
from tests.patches.relevance.queues import change, small_tree, write_queue
from tests.patches.upstream import git, make, queue_of

ROOT = Path(__file__).parents[2]

HOSTILE = """
import json, os, socket, subprocess, sys
place, name = sys.argv[1].split(":")
victim, port, beside = sys.argv[2], int(sys.argv[3]), sys.argv[4]

def overwrite(path):
    with open(path, "w") as file:
        file.write("x")

tries = {
    "make": lambda: overwrite(victim + "/new"),
    "beside": lambda: overwrite(beside + "/new"),
    "overwrite": lambda: overwrite(victim + "/old"),
    "remove": lambda: os.unlink(victim + "/gone"),
    "run": lambda: subprocess.run(["/bin/sh", "-c", "true"], check=True),
    "python": lambda: subprocess.run([sys.executable, "-c", "pass"], check=True),
    "connect": lambda: socket.create_connection(("127.0.0.1", port), 5),
    "datagram": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
    "local": lambda: socket.socket(socket.AF_UNIX),
    "mode": lambda: os.chmod(victim + "/old", 0o777),
    "truncate": lambda: os.truncate(victim + "/old", 1),
    "link": lambda: os.symlink("old", victim + "/link"),
}

def memory_of_the_keeper():
    from kcfg_cli import outputs
    if outputs._keeper:
        tries["keeper"] = lambda: open(f"/proc/{outputs._keeper.process}/mem", "r+b").close()

def watch(frame, event, _):
    if event != "call" or frame.f_code.co_name != name or not frame.f_code.co_filename.endswith(place):
        return
    sys.setprofile(None)
    memory_of_the_keeper()
    told = {}
    for tried, how in tries.items():
        try:
            how()
            told[tried] = "done"
        except OSError as error:
            told[tried] = type(error).__name__
    sys.__stderr__.write(json.dumps(told) + "\\n")
    sys.__stderr__.flush()
    os._exit(99)

sys.argv = ["kcfg", *sys.argv[5:]]
from kcfg_cli.cli import main
sys.setprofile(watch)
main()
"""

CONFIG = "kconfig/config.py:parse_config"
PATCH = "patches/text/parse.py:parse_patch"
READERS = {
    "configuration": (CONFIG, "check guest.config -p no-pv --no-fix"),
    "output": (CONFIG, "resolve guest.config -o out.config"),
    "workers": (CONFIG, "check guest.config other.config -p no-pv --no-fix -j 2"),
    "graph": (CONFIG, "graph -c guest.config --kernel 6.12 --modes pvh-domu -o xen.png"),
    "image": ("kconfig/images.py:extract", "modes image"),
    "profile": ("base/toml.py:parse_toml", "check guest.config -p ./ours.toml"),
    "snapshot": ("kconfig/snapshot.py:loads", "modes guest.config --kernel linux.kcfg"),
    "tree": ("kconfig/parse.py:parse", "show XEN --tree linux"),
    "revision": ("kconfig/parse.py:parse", "show XEN --tree linux@HEAD"),
    "tarball": ("sources/tar.py:_scan", "snapshot linux.tar -o made.kcfg"),
    "queue": (PATCH, "patches status netf -u upstream"),
    "series": (PATCH, "patches plan netf -u upstream --write series.new"),
    "edit": (PATCH, "patches plan netf -u upstream --edit --write"),
    "history": ("upstreams/indexing.py:read_batch", "patches index upstream -o kept/index"),
    "index": ("upstreams/index.py:find_sha", "patches trend history -u upstream"),
    "relevance": (PATCH, "relevance netf -c guest.config --tree linux"),
    "site": (CONFIG, "report -c guest.config --kernel 6.12 -o site"),
    "backlog": (PATCH, "report --queue netf --upstream upstream -o site"),
}


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kernel source, an upstream, a queue and a queue's history."""
    folder = tmp_path_factory.mktemp("sources")
    small_tree(folder / "linux")
    git(folder / "linux", "init", "-q", ".")
    git(folder / "linux", "add", "-A")
    git(folder / "linux", "commit", "-q", "-m", "Linux")
    subprocess.run(["tar", "-cf", "linux.tar", "linux/Kconfig", "linux/Makefile", "linux/arch"], cwd=folder, check=True)
    write_queue(folder / "netf", {"one.patch": change("drivers/netf.c")})
    up = make(folder / "upstream")
    made = queue_of(up, folder / "made")
    history = folder / "history" / "patches"
    history.mkdir(parents=True)
    for name in ("merged.patch", "squashed.patch", "not-upstream.patch"):
        shutil.copy(made / name, history / name)
    (history / "series").write_text("not-upstream.patch\nmerged.patch\nsquashed.patch\n")
    git(folder / "history", "init", "-q", ".")
    git(folder / "history", "add", "-A")
    git(folder / "history", "commit", "-q", "-m", "queue")
    return folder


@pytest.fixture
def folder(sources: Path, tmp_path: Path) -> Path:
    """A working directory with one of each input."""
    here = tmp_path / "here"
    shutil.copytree(sources, here, symlinks=True)
    for name in ("guest.config", "other.config"):
        (here / name).write_text(header() + GUEST)
    (here / "image").write_bytes(b"\x7fELF" + bytes(4096))
    (here / "ours.toml").write_text((ROOT / "profiles" / "no-pv.toml").read_text())
    shutil.copy(ROOT / "kcfg" / "snapshots" / "linux-6.12-x86_64.kcfg", here / "linux.kcfg")
    (here / "kept").mkdir()
    (tmp_path / "victim").mkdir()
    (tmp_path / "tmp").mkdir()
    for name in ("old", "gone"):
        (tmp_path / "victim" / name).write_text("kept")
    return here


def environment(folder: Path, **more: str) -> dict[str, str]:
    above = folder.parent
    own = {"XDG_CACHE_HOME": str(above / "cache"), "TMPDIR": str(above / "tmp"), "PYTHONPATH": str(ROOT)}
    given = {
        name: value for name, value in os.environ.items() if name not in ("KCFG_CONFINE", "PYTHONDONTWRITEBYTECODE")
    }
    return given | own | {"NO_COLOR": "1"} | more


@pytest.fixture
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def attacked(folder: Path, port: int, reader: str, *options: str, **more: str) -> dict[str, str]:
    """What code that a reader ran could do: "done", or the error that it met."""
    place, command = READERS[reader]
    victim = str(folder.parent / "victim")
    ran = subprocess.run(
        [sys.executable, "-c", HOSTILE, place, victim, str(port), str(folder), *options, *command.split()],
        cwd=folder,
        env=environment(folder, **more),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == (3 if reader == "workers" else 99), ran.stderr
    told: dict[str, str] = json.loads(ran.stderr.splitlines()[0])
    return told


@pytest.mark.parametrize("reader", READERS)
def test_code_in_a_reader_can_write_nothing_run_nothing_and_reach_nobody(reader: str, folder: Path, port: int) -> None:
    told = attacked(folder, port, reader)
    assert told == dict.fromkeys(told, "PermissionError")
    assert len(told) == 13
    victim = folder.parent / "victim"
    assert {one.name: one.read_text() for one in victim.iterdir()} == {"old": "kept", "gone": "kept"}
    assert not (folder / "new").exists()
    assert list((folder.parent / "tmp").iterdir()) == []


@pytest.mark.parametrize(("options", "more"), [(("--no-confine",), {}), ((), {"KCFG_CONFINE": "0"})])
def test_unconfined_it_could(options: tuple[str, ...], more: dict[str, str], folder: Path, port: int) -> None:
    assert set(attacked(folder, port, "configuration", *options, **more).values()) == {"done"}


def kcfg(folder: Path, *args: str, code: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code] if code else [sys.executable, "-m", "kcfg"]
    return subprocess.run(
        [*command, *args], cwd=folder, env=environment(folder, **more), capture_output=True, text=True, check=False
    )


WRITTEN = (
    "resolve guest.config -o OUT",
    "snapshot linux -o OUT",
    "snapshot linux@HEAD -o OUT",
    "graph export --symbol XEN_PVH --kernel 6.12 -o OUT",
    "patches trend history -u upstream --format json -o OUT",
    "patches plan history/patches -u upstream --target v1.1 --write OUT",
)


@pytest.mark.parametrize("command", WRITTEN)
def test_every_output_is_written_as_without_confinement(command: str, folder: Path) -> None:
    said, made = [], []
    for confine in ("require", "0"):
        out = folder / "kept" / "out"
        ran = kcfg(folder, *command.replace("OUT", str(out)).split(), KCFG_CONFINE=confine)
        said.append((ran.returncode, ran.stderr, ran.stdout.partition("parsed in")[0]))
        made.append(out.read_bytes())
        out.unlink()
    assert said[0] == said[1]
    assert made[0] == made[1] != b""


def test_an_outputs_link_mode_device_and_file_system_are_as_ever(folder: Path, tmp_path: Path) -> None:
    (folder / "link").symlink_to("kept/real")
    (folder / "kept" / "real").touch(0o600)
    assert kcfg(folder, "resolve", "guest.config", "-o", "link").returncode == 0
    assert (folder / "link").is_symlink()
    assert stat.S_IMODE((folder / "kept" / "real").stat().st_mode) == 0o600
    text = (folder / "kept" / "real").read_text()
    assert "CONFIG_XEN_PVH=y" in text
    other = Path("/dev/shm", f"kcfg-test-{os.getpid()}")
    try:
        assert kcfg(folder, "resolve", "guest.config", "-o", str(other)).returncode == 0
        assert other.read_text() == text
    finally:
        other.unlink(missing_ok=True)
    ran = kcfg(folder, "resolve", "guest.config", "-o", "-")
    assert (ran.returncode, ran.stdout) == (0, text)
    ran = kcfg(folder, "resolve", "guest.config", "-o", "kept")
    assert (ran.returncode, ran.stderr) == (2, "kcfg: kept: is a directory\n")


def test_a_site_is_written_and_written_over(folder: Path) -> None:
    command = ("report", "-c", "guest.config", "--kernel", "6.12", "-o", "site")
    first = kcfg(folder, *command)
    pages = {one.name: one.read_bytes() for one in (folder / "site").iterdir()}
    again = kcfg(folder, *command)
    assert (first.returncode, first.stderr, again.returncode, again.stderr) == (0, "", 0, "")
    assert {one.name: one.read_bytes() for one in (folder / "site").iterdir()} == pages
    (folder / "site" / "mine").touch()
    refused = kcfg(folder, *command)
    assert (refused.returncode, "what kcfg did not write: mine" in refused.stderr) == (2, True)


def test_a_queue_is_edited_in_place(folder: Path) -> None:
    command = ("patches", "plan", "history/patches", "-u", "upstream", "--target", "v1.1", "--edit", "--write")
    ran = kcfg(folder, *command, KCFG_CONFINE="require")
    assert ran.returncode == 0, ran.stderr
    assert (folder / "history/patches/series").read_text() == "not-upstream.patch\n"
    assert sorted(os.listdir(folder / "history/patches")) == ["not-upstream.patch", "series"]
    again = kcfg(folder, *command, KCFG_CONFINE="require")
    assert again.returncode == 0, again.stderr


def test_an_index_is_made_used_and_updated_wherever_it_is(folder: Path) -> None:
    for where in ((), ("--index", "new/folder/index")):
        for again in (False, True):
            ran = kcfg(folder, "patches", "index", "upstream", *where, "-j", "2", KCFG_CONFINE="require")
            assert (ran.returncode, ran.stderr, ", 0 new" in ran.stdout) == (0, "", again)
        ran = kcfg(folder, "patches", "status", "history/patches", "-u", "upstream", *where, "--format", "json")
        assert (ran.returncode, ran.stderr) == (0, "")
    assert list((folder.parent / "tmp").iterdir()) == []


def test_the_cache_is_filled_and_need_not_be_there(folder: Path) -> None:
    first = kcfg(folder, "show", "XEN", "--tree", "linux")
    assert list((folder.parent / "cache" / "kcfg").rglob("*.*"))
    assert kcfg(folder, "show", "XEN", "--tree", "linux").stdout == first.stdout
    (folder.parent / "file").touch()
    ran = kcfg(folder, "show", "XEN", "--tree", "linux", XDG_CACHE_HOME=str(folder.parent / "file"))
    assert (ran.returncode, ran.stdout, ran.stderr) == (first.returncode, first.stdout, "")


@pytest.mark.parametrize("mode", [0o644, 0o600, 0o666])
def test_an_old_entry_of_the_cache_is_replaced(folder: Path, mode: int) -> None:
    first = kcfg(folder, "show", "XEN", "--tree", "linux")
    models = (folder.parent / "cache" / "kcfg" / "models").glob("*.model")
    (entry,) = models
    good = entry.read_bytes()
    entry.write_bytes(good[:-1])
    entry.chmod(mode)
    ran = kcfg(folder, "show", "XEN", "--tree", "linux", KCFG_CONFINE="require")
    assert (ran.returncode, ran.stdout, ran.stderr) == (first.returncode, first.stdout, "")
    assert entry.read_bytes() == good
    assert entry.stat().st_mode & 0o777 & ~mode == 0


def test_modules_are_kept_as_bytecode_for_the_next_run(folder: Path, tmp_path: Path) -> None:
    site = tmp_path / "site-packages"
    for wing in ("kcfg", "kcfg_cli", "patches", "graphs", "profiles"):
        shutil.copytree(ROOT / wing, site / wing, ignore=shutil.ignore_patterns("__pycache__"))
    for _ in range(2):
        ran = kcfg(folder, "modes", "guest.config", "--kernel", "6.12", PYTHONPATH=str(site), KCFG_CONFINE="require")
        assert (ran.returncode, ran.stderr) == (0, "")
    late = site / "kcfg" / "kconfig" / "__pycache__"  # what is imported by a command that is confined by then
    assert any(one.name.startswith("resolve.") for one in late.iterdir())


def test_what_is_in_force_is_said(folder: Path) -> None:
    for args in (("--version", "--verbose"), ("--verbose", "-V")):
        first, second = kcfg(folder, *args).stdout.splitlines()
        assert first.startswith("kcfg, version ")
        assert second.startswith("confined: Landlock ")
        assert second.endswith(", no_new_privs, no network (seccomp)")
    assert kcfg(folder, "--version").stdout.count("\n") == 1
    told = kcfg(folder, "--no-confine", "--version", "--verbose").stdout.splitlines()
    assert told[1:] == ["not confined: --no-confine"]


def test_confinement_can_be_demanded(folder: Path) -> None:
    ran = kcfg(folder, "--no-confine", "modes", "guest.config", KCFG_CONFINE="require")
    assert (ran.returncode, ran.stderr) == (2, "kcfg: KCFG_CONFINE=require: --no-confine\n")
    ran = kcfg(folder, "modes", "guest.config", "--tree", "linux", "--run-probes", KCFG_CONFINE="require")
    assert (ran.returncode, ran.stderr) == (
        2,
        "kcfg: KCFG_CONFINE=require: --run-probes runs the tree's own commands\n",
    )
    ran = kcfg(folder, "modes", "guest.config", KCFG_CONFINE="perhaps")
    assert (ran.returncode, ran.stderr) == (2, "kcfg: KCFG_CONFINE=perhaps: not a setting (0, 1 or require)\n")


def test_probes_that_are_asked_for_are_run(folder: Path) -> None:
    ran = kcfg(folder, "snapshot", "linux", "--run-probes", "-o", "made.kcfg")
    assert (ran.returncode, ran.stderr) == (0, "")


def test_completion_is_confined_and_completes(folder: Path) -> None:
    words = {"_KCFG_COMPLETE": "bash_complete", "COMP_WORDS": "kcfg show XEN_PVH", "COMP_CWORD": "2"}
    ran = kcfg(folder, **words, code="import sys; sys.argv = ['kcfg']; from kcfg_cli.cli import main; main()")
    assert "plain,XEN_PVH" in ran.stdout.splitlines()


def test_a_command_that_can_have_no_process_beside_it_says_so(folder: Path) -> None:
    code = "import os, sys\ndef fork():\n    raise OSError(11, 'Resource temporarily unavailable')\nos.fork = fork\n"
    code += "sys.argv = ['kcfg', 'modes', 'guest.config']\nfrom kcfg_cli.cli import main\nmain()\n"
    told = "note: not confined: no process beside this one: Resource temporarily unavailable\n"
    ran = kcfg(folder, code=code)
    assert (ran.returncode, ran.stderr) == (0, told)
    ran = kcfg(folder, code=code, KCFG_CONFINE="require")
    assert ran.returncode == 2
    assert ran.stderr.startswith(f"{told}kcfg: KCFG_CONFINE=require: not confined")
