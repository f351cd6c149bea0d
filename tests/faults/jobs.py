"""The commands that write files, each with what is there before, and what has to be there afterwards."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from kcfg.base.caches import read_entry
from tests.commands.run import run_kcfg
from tests.kcfg.trees import write_tree
from tests.patches.upstream import git, make, queue_of

PASSING = (".lock", "-shm", "-wal", "-journal")
"""Files beside an index; SQLite takes away a journal when it reads."""
State = dict[str, str]
"""Path below a job's folder -> what is in it, by a digest."""

KCONFIG = """\
config MODULES
	bool "modules"
	modules
config A
	bool "a"
	depends on B
config B
	bool "b"
	select C
config C
	bool
config D
	tristate "d"
	default y
"""
PROFILE = """\
schema = 1
name = "ours"
title = "Ours"
kind = "policy"
about = "x"
arch = ["x86_64"]
kernel = ">=5.10"
[[rule]]
level = "required"
symbol = "A"
value = ["y"]
why = "w"
source = "s"
"""


class Job(NamedTuple):
    """`args` of kcfg, in a folder that `template` made and `before` completed.

    `part`: a process that is killed may leave each file old or new; `repair` brings the old ones back, as git does.
    """

    name: str
    args: tuple[str, ...]
    before: Callable[[Path], None]
    part: bool = False
    repair: Callable[[Path], None] | None = None


def nothing(folder: Path) -> None:
    """There is no output yet."""


def old(name: str) -> Callable[[Path], None]:
    """There is an output of some other run."""

    def write(folder: Path) -> None:
        (folder / name).write_text("old\n")

    return write


def ran(*args: str) -> Callable[[Path], None]:
    """What a command left before."""

    def run(folder: Path) -> None:
        here = os.getcwd()
        os.chdir(folder)
        try:
            assert run_kcfg(*args).status in (0, 1, 3), args
        finally:
            os.chdir(here)

    return run


def committed(folder: Path) -> None:
    """A queue that is as it was committed."""
    git(folder / "top", "checkout", "-q", "--", ".")


UPSTREAM = ("--upstream", "upstream", "--index", "made.sqlite", "--jobs", "1")
SITE = ("--config", "small.config", "--tree", "tree")
QUEUE = "top/debian/patches"
TREE = ("--tree", "tree")
GENERATE = ("generate", "ours.toml", *TREE, "--essentials", "none", "-o", "out.config")

JOBS = {
    job.name: job
    for job in (
        Job("index", ("patches", "index", "upstream", "-o", "out.sqlite", "--jobs", "1"), nothing),
        Job("index again", ("patches", "index", "grown", "-o", "made.sqlite", "--jobs", "1"), nothing),
        Job("cache", ("check", "small.config", *TREE, "-p", "ours.toml", "--no-fix"), nothing),
        Job("report", ("report", *SITE, "-o", "site"), nothing),
        Job("report again", ("report", *SITE, "-o", "site"), ran("report", *SITE, "--title", "Old", "-o", "site")),
        Job("generate", GENERATE, nothing),
        Job("generate again", GENERATE, old("out.config")),
        Job("plan", ("patches", "plan", QUEUE, *UPSTREAM, "--target", "v1.1", "--write", "series.new"), nothing),
        Job(
            "plan --edit",
            ("patches", "plan", QUEUE, *UPSTREAM, "--target", "v1.1", "--edit", "--write"),
            nothing,
            part=True,
            repair=committed,
        ),
        Job("snapshot", ("snapshot", "tree", "-o", "out.kcfg"), nothing),
        Job("snapshot again", ("snapshot", "tree", "-o", "out.kcfg"), old("out.kcfg")),
        Job("repair", ("repair", "small.config", *TREE, "-p", "ours.toml", "-o", "out.config"), old("out.config")),
        Job(
            "trend",
            ("patches", "trend", "top", "-u", "upstream", "--format", "svg", "-o", "out.svg", "--jobs", "1"),
            old("out.svg"),
        ),
    )
}


def template(folder: Path) -> None:
    """What all jobs find: an upstream that has grown since, its index, a queue in git, a tree, a configuration."""
    folder.mkdir()
    upstream = make(folder / "upstream")
    top = folder / "top"
    queue = queue_of(upstream, folder / "queue")
    (top / "debian").mkdir(parents=True)
    (folder / QUEUE).mkdir()
    for name in ("merged.patch", "modified.patch", "not-upstream.patch"):
        shutil.copy(queue / name, folder / QUEUE / name)
    (folder / QUEUE / "series").write_text("not-upstream.patch\nmerged.patch\nmodified.patch -p1\n")
    git(top, "init", "-q", ".")
    git(top, "add", "-A")
    git(top, "commit", "-q", "-m", "queue")
    ran("patches", "index", "upstream", "-o", "made.sqlite", "--jobs", "1")(folder)
    os.unlink(folder / "made.sqlite.lock")
    shutil.copytree(folder / "upstream", folder / "grown")
    git(folder / "grown", "commit", "-q", "--allow-empty", "-m", "one more")
    write_tree(folder / "tree", KCONFIG)
    (folder / "small.config").write_text("CONFIG_D=y\n")
    (folder / "ours.toml").write_text(PROFILE)
    for name in ("cache", "tmp"):
        (folder / name).mkdir()


def state_of(folder: Path) -> State:
    """All files, but for those that git or the caches keep for themselves; an index by what it says."""
    out = {}
    for at, folders, files in os.walk(folder):
        folders[:] = sorted(one for one in folders if one not in (".git", "upstream", "grown", "queue", "tree"))
        for name in sorted(files):
            path = Path(at, name)
            told = str(path.relative_to(folder))
            if name.endswith(PASSING):
                continue
            out[told] = says(path, told)
    return out


def says(path: Path, told: str) -> str:
    """A digest of what a file says; an entry of a cache is whole or torn."""
    if path.suffix == ".sqlite":
        return index_says(path)
    if told.startswith("cache/") and not path.name.startswith("."):
        return "whole" if read_entry(path) is not None else "torn: no whole entry"
    return hashlib.sha256(path.read_bytes()).hexdigest()


def index_says(path: Path) -> str:
    """A digest of an index's rows; what is wrong with it, when it is torn."""
    try:
        with closing(sqlite3.connect(path)) as base:
            (fine,) = base.execute("PRAGMA integrity_check").fetchone()
            if fine != "ok":
                return f"torn: {fine}"
            whole = hashlib.sha256()
            tables = base.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
            for (table,) in tables:
                for row in sorted(map(repr, base.execute(f"SELECT * FROM {table}"))):
                    whole.update(row.encode())
            return whole.hexdigest() if tables else "empty"
    except sqlite3.Error as error:
        return f"torn: {error}"
