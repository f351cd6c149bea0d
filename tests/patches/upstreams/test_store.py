"""Where an index is kept, and what is done where nothing can be kept."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from patches.upstreams import store
from patches.upstreams.index import Index
from patches.upstreams.indexing import update
from patches.upstreams.limits import Limit
from patches.upstreams.scope import IndexScope
from patches.upstreams.store import cache_file, working_file
from patches.verdicts.upstream import open_history
from tests.patches.upstream import Upstream


@pytest.fixture
def shut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder that cannot be made, because a file has its name."""
    place = tmp_path / "cache"
    place.write_text("a file")
    monkeypatch.setenv("XDG_CACHE_HOME", str(place))
    return place


def test_a_cache_that_can_be_written_keeps_the_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    file, limits = working_file("/some/where")
    assert (file, limits) == (cache_file("/some/where"), ())
    assert file.parent.is_dir()


def test_without_a_cache_the_index_is_for_this_run(upstream: Upstream, shut: Path) -> None:
    history = open_history(str(upstream.path), "", "", 1, lambda *_: None)
    assert history.used.commits > 10
    assert history.used.limits[-1] is Limit.THIS_RUN
    assert shut.read_text() == "a file"


def test_an_index_of_a_cache_that_is_read_only_is_gone_on_from(
    upstream: Upstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    kept = update(str(upstream.path)).path
    before = kept.read_bytes()
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: path != kept.parent and allowed(path, mode))
    store.passing_folder.cache_clear()
    file, limits = working_file(os.path.join(upstream.path, ".git"))
    assert file.parent != kept.parent
    assert limits == (Limit.THIS_RUN,)
    assert update(str(upstream.path), file).added == 0
    assert kept.read_bytes() == before


def test_an_index_of_another_user_in_ones_own_folder_is_left_alone(
    upstream: Upstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    kept = update(str(upstream.path)).path
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: str(path) != f"{kept}.lock" and allowed(path, mode))
    assert working_file(os.path.join(upstream.path, ".git"))[0].parent != kept.parent


def test_what_is_no_index_is_not_copied(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"no database, but long enough to be looked at" * 99)
    store.copy_index(tmp_path / "old", tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_the_index_of_one_run_goes_with_its_process(shut: Path, tmp_path: Path) -> None:
    code = "from patches.upstreams.store import working_file; file, _ = working_file('/x'); file.touch(); print(file)"
    told = subprocess.check_output([sys.executable, "-c", code], env={**os.environ, "TMPDIR": str(tmp_path)}, text=True)
    assert Path(told.strip()).is_relative_to(tmp_path)
    assert not Path(told.strip()).parent.exists()


def test_a_new_index_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", full)
        with pytest.raises(OSError, match="no space"):
            store.connect(tmp_path / "i", write=True)
    assert list(tmp_path.iterdir()) == []
    store.connect(tmp_path / "i", write=True).close()
    assert [one.name for one in tmp_path.iterdir()] == ["i"]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (sqlite3.SQLITE_FULL, "no space left for the index"),
        (sqlite3.SQLITE_IOERR, "the disk fails, or is full"),
        (sqlite3.SQLITE_IOERR | 4 << 8, "the disk fails, or is full"),
    ],
)
def test_a_disk_that_fails_is_told_and_is_no_damage(code: int, told: str) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    assert str(store.broken(error, Path("i"))).startswith(f"i: {told}")


def test_an_index_on_a_disk_that_fails_is_not_made_anew() -> None:
    class Failing:
        def execute(self, sql: str) -> object:
            if "application_id" in sql:
                return self
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR
            raise error

        def fetchone(self) -> tuple[int]:
            return (store.APPLICATION,)

    with pytest.raises(sqlite3.OperationalError, match="disk"):
        store.check_kind(Failing(), Path("i"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE meta SET value = '0' WHERE key = 'complete'",
        "UPDATE meta SET value = '0' WHERE key = 'format'",
        "UPDATE blocks SET first = 'x'",
        "CREATE VIEW other AS SELECT 1",
    ],
)
def test_an_index_that_is_refused_is_closed(upstream: Upstream, tmp_path: Path, harm: str) -> None:
    """Else its lock would make who opens it next wait."""
    file = tmp_path / "index"
    update(str(upstream.path), file)
    with closing(sqlite3.connect(file)) as base:
        base.execute(harm)
        base.commit()
    with pytest.raises(UserError) as kept:
        Index.open(file)
    assert kept.value.where == str(file)
    assert not [one for one in os.scandir("/proc/self/fd") if os.path.realpath(one.path) == str(file)]


# Links


def test_an_index_that_a_link_names_is_where_the_link_points_to(upstream: Upstream, tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    link, real = tmp_path / "link", tmp_path / "far" / "real"
    link.symlink_to("far/real")
    assert update(str(upstream.path), link).path == real
    update(str(upstream.path), link, IndexScope(("drivers/net.c",)))  # made anew
    assert link.is_symlink()
    assert {one.name for one in tmp_path.iterdir()} - {"repo"} == {"far", "link"}
    assert {one.name for one in real.parent.iterdir()} == {"real", "real.lock"}
    Path(f"{real}-wal").touch()  # as a killed process leaves it
    with closing(sqlite3.connect(real, isolation_level=None)) as base:
        base.execute("UPDATE lines SET crc = 0")
    assert update(str(upstream.path), link, look=True).rebuilt == "damaged: a commit's lines are torn"
    assert link.is_symlink()


def test_a_link_and_its_file_have_one_lock(upstream: Upstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "link").symlink_to("real")
    monkeypatch.setattr(store, "PATIENCE", 0.0)
    with store.locked(tmp_path / "real"), pytest.raises(UserError, match="has been writing the index"):
        update(str(upstream.path), tmp_path / "link")


def test_a_link_that_leads_to_itself_names_no_index(upstream: Upstream, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(UserError, match="a link that leads to itself"):
        update(str(upstream.path), tmp_path / "loop")
    assert (tmp_path / "loop").is_symlink()


# Limits that are refused


@pytest.mark.parametrize(
    ("scope", "told"),
    [
        (IndexScope(("../..",)), r"'\.\./\.\.' is outside repository at '.*'$"),
        (IndexScope((":(bad",)), r"in ':\(bad'$"),
        (IndexScope(("",)), "empty string"),
        (IndexScope(main_branch="nosuch"), "no branch 'nosuch'"),
    ],
)
def test_limits_that_are_refused_change_nothing(
    scope: IndexScope, told: str, upstream: Upstream, tmp_path: Path
) -> None:
    file = tmp_path / "index"
    whole = update(str(upstream.path), file)
    before = file.read_bytes()
    with pytest.raises(UserError, match=told):
        update(str(upstream.path), file, scope)
    assert file.read_bytes() == before
    assert update(str(upstream.path), file).total == whole.total
    with pytest.raises(UserError, match=told):
        update(str(upstream.path), tmp_path / "new", scope)
    assert not (tmp_path / "new").exists()
