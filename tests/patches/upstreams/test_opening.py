"""Facts of indexes that are damaged although they were closed: they are made anew, once, and that is told."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from patches.upstreams import store
from patches.upstreams.index import Index
from patches.upstreams.indexing import Indexed, IndexWriter, update
from patches.upstreams.limits import Limit
from patches.upstreams.opening import opened
from patches.upstreams.scope import IndexScope
from patches.verdicts.archive import open_archive, update_archive
from patches.verdicts.audit import AuditQuestion, audit
from patches.verdicts.upstream import open_history
from tests.patches.upstream import Upstream

MAIL = "From a@b Thu Jan  1 00:00:00 1970\nFrom: A <a@b>\nMessage-ID: <1@b>\nSubject: hello\n\ntext\n"


def silent(stage: str, done: int, total: int) -> None:
    """Nobody looks."""


@pytest.fixture
def file(index_file: Path, tmp_path: Path) -> Path:
    """An index to be damaged."""
    return Path(shutil.copy(index_file, tmp_path / "index"))


def tear(path: Path, name: str) -> None:
    """Damage the first page of a table or an index."""
    with closing(sqlite3.connect(path)) as base:
        (page,) = base.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
        (size,) = base.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as stream:
        stream.seek((page - 1) * size)
        stream.write(b"\xff" * 64)


def harm(path: Path, sql: str) -> None:
    """Change an index."""
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.execute(sql)


@pytest.mark.parametrize(
    "name", ["meta", "documents", "by_subject", "by_patch_id", "lines", "links", "blocks", "mails"]
)
def test_a_torn_page_is_found_by_looking_and_the_index_made_anew(name: str, file: Path, upstream: Upstream) -> None:
    tear(file, name)
    done = update(str(upstream.path), file, look=True)
    assert done.rebuilt.startswith("damaged")
    assert "\\n" not in done.rebuilt
    assert done.added == done.total > 10
    assert update(str(upstream.path), file, look=True).rebuilt == ""


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("UPDATE lines SET keys = zeroblob(length(keys)) WHERE id = 3", "damaged: a commit's lines are torn"),
        ("UPDATE blocks SET ids = zeroblob(length(ids))", "damaged: a block is torn"),
        ("UPDATE documents SET name = 'text' WHERE id = 3", "damaged: a row is torn"),
        ("UPDATE meta SET value = x'ff' WHERE key = 'limits'", "damaged"),
    ],
)
def test_a_torn_row_is_found_by_looking(sql: str, told: str, file: Path, upstream: Upstream) -> None:
    harm(file, sql)
    assert update(str(upstream.path), file, look=True).rebuilt == told
    Index.open(file).close()


@pytest.mark.parametrize("name", ["documents", "lines", "blocks", "meta"])
def test_a_history_s_damaged_index_is_made_anew_and_that_is_told(name: str, file: Path, upstream: Upstream) -> None:
    tear(file, name)
    history = open_history(str(upstream.path), str(file), "", 1, silent)
    assert history.used.limits == (Limit.REMADE,)
    assert open_history(str(upstream.path), str(file), "", 1, silent).used.limits == ()


def test_so_is_an_archive_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "box").write_text(MAIL)
    done = update_archive(str(tmp_path / "box"))
    tear(done.path, "lines")
    assert open_archive(str(tmp_path / "box"), 1, silent).used.limits == (Limit.REMADE,)
    tear(done.path, "by_reply")
    assert update_archive(str(tmp_path / "box"), look=True).rebuilt.startswith("damaged")
    assert open_archive(str(tmp_path / "box"), 1, silent).used.limits == ()


def test_what_is_damaged_again_at_once_is_an_error(
    file: Path, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    def torn(self: IndexWriter) -> None:
        raise store.StaleError("damaged")

    monkeypatch.setattr(IndexWriter, "merge", torn)
    with pytest.raises(UserError, match=r"the index is damaged .*the disk may fail"):
        update(str(upstream.path), file)


@pytest.mark.parametrize("name", ["by_patch_id", "by_target"])
def test_an_audit_that_meets_the_damage_asks_once_more(
    name: str, file: Path, upstream: Upstream, tmp_path: Path
) -> None:
    queue = tmp_path / "queue"
    queue.mkdir()
    (queue / "a.patch").write_text(upstream.patch("same"))
    question = AuditQuestion(str(queue), (str(upstream.path),), index=str(file))
    whole = audit(question)
    tear(file, name)
    report = audit(question)
    assert report.upstream[0].limits == (Limit.REMADE,)
    assert report.patches == whole.patches


def test_what_looking_does_not_mend_is_told(file: Path, upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []

    def damaged(index: Index) -> None:
        raise store.DamagedError("the index is damaged")

    def updated(look: bool) -> Indexed:
        asked.append(look)
        return update(str(upstream.path), file, look=look)

    monkeypatch.setattr(Index, "_read", damaged)
    with pytest.raises(store.DamagedError):
        opened(updated)
    assert asked == [False, True]


@pytest.mark.parametrize("sql", ["UPDATE meta SET value = '0.0' WHERE key = 'format'", "DROP TABLE links"])
def test_one_that_is_made_anew_keeps_its_limits(sql: str, file: Path, upstream: Upstream) -> None:
    part = update(str(upstream.path), file, IndexScope(("drivers/net.c",)))
    harm(file, sql)
    done = update(str(upstream.path), file)
    assert done.rebuilt
    assert (done.total, done.limits) == (part.total, (Limit.PART,))


@pytest.mark.parametrize("scope", ["\0\0../..", "nosuch\0"])
def test_but_none_that_are_refused(scope: str, file: Path, upstream: Upstream) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as base:
        base.execute("UPDATE meta SET value = ? WHERE key = 'scope'", (scope,))
    harm(file, "UPDATE meta SET value = '0.0' WHERE key = 'format'")
    done = update(str(upstream.path), file)
    assert (done.rebuilt, done.limits) == ("of another version", ())
    assert done.total > 10
