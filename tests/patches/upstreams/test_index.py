"""Facts of the index: it grows, survives whatever happens to it, and runs nothing of a repository."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from kcfg.base.errors import UserError
from kcfg.sources.gitrepo import open_repo
from patches.text.lines import patch_id
from patches.upstreams.index import Index
from patches.upstreams.indexing import update
from patches.upstreams.limits import Limit
from patches.upstreams.scope import IndexScope
from patches.upstreams.store import APPLICATION, version
from patches.upstreams.tags import series, tag_order
from patches.verdicts.match import telling_keys
from tests.patches.upstream import Upstream, git, make, source

ROOT = Path(__file__).resolve().parents[3]


def content(path: Path) -> list[tuple[object, ...]]:
    """What an index says, in an order that does not depend on how it was made."""
    base = sqlite3.connect(path)
    found = base.execute(
        "SELECT hex(name), author, subject, hex(patch_id), paths, mainline, tag, branch, hex(keys)"
        " FROM documents LEFT JOIN lines USING(id) ORDER BY name"
    ).fetchall()
    named = base.execute(
        "SELECT kind, hex(s.name), hex(t.name) FROM links JOIN documents s ON s.id = source"
        " LEFT JOIN documents t ON t.id = target ORDER BY 1, 2, 3"
    ).fetchall()
    base.close()
    return found + named


KNOWN = ("5.1", "1736cc401cdadd9f")
"""The version of an index, and the hash of what an index of that version says of the tests' upstream."""


def test_an_index_that_says_something_else_has_another_version(tmp_path: Path) -> None:
    update(str(make(tmp_path / "repo").path), tmp_path / "index")
    said = sha256(repr(content(tmp_path / "index")).encode()).hexdigest()
    # Old indexes stay in use as long as the version stays: when the hash differs and the upstream of the tests is the
    # same, raise FORMAT_VERSION (or KEY_VERSION, where the keys of lines differ).
    assert (version(), said[:16]) == KNOWN


def postings(index: Index, line: str) -> set[str]:
    """The subjects of the commits that have a line."""
    (key,) = telling_keys([line]).tolist()
    found = index.postings([key])
    return {index.commit(int(ident)).subject for ident in found[key][1]} if found else set()


def test_every_commit_of_all_branches(index: Index, upstream: Upstream) -> None:
    assert index.count == int(git(upstream.path, "rev-list", "--all", "--count"))
    for word, sha in upstream.shas.items():
        (ident,) = index.find_sha(sha[:12])
        assert index.commit(ident).sha == sha, word


def test_patch_ids_are_gits(index: Index, upstream: Upstream) -> None:
    told = subprocess.run(
        ["git", "patch-id", "--stable"], capture_output=True, text=True, check=True,
        input=git(upstream.path, "log", "--all", "-p", "--format=commit %H"),
    ).stdout  # fmt: skip
    pairs = [line.split() for line in told.splitlines()]
    assert len(pairs) > 15
    for ident, sha in pairs:
        assert index.commit(index.find_sha(sha)[0]).patch_id.hex() == ident


def test_the_patch_id_of_nothing() -> None:
    assert patch_id([]) == bytes(20)


def test_lines_lead_to_commits(index: Index) -> None:
    assert postings(index, "+    bus_announce_backend(bus, BUS_READY);") == {"bus: announce the backend"}
    assert postings(index, "+    bus_announce_nobody(bus, BUS_READY);") == set()


def test_relations_come_from_trailers(index: Index, upstream: Upstream) -> None:
    def ident(word: str) -> int:
        return index.find_sha(upstream.shas[word])[0]

    assert index.picks(ident("same")) == [ident("picked")]
    assert index.fixing(ident("same")) == [ident("fix")]
    assert index.reverts_of(ident("risky")) == [ident("revert")]
    assert index.equivalents(ident("picked")) == {ident("same"), ident("picked")}


def test_releases_and_mainline(index: Index, upstream: Upstream) -> None:
    places = {
        word: (found.mainline, found.tag)
        for word, sha in upstream.shas.items()
        for found in [index.commit(index.find_sha(sha)[0])]
    }
    assert places["start"] == (True, "v1.0")
    assert places["same"] == (True, "v1.1")
    assert places["picked"] == (False, "v1.0.1")
    assert places["stable"] == (False, "v1.0.2")
    assert index.newest_tag() == "v1.2"


def test_tags_are_ordered_as_releases() -> None:
    names = ["RELEASE-4.17.1", "4.18-dev", "RELEASE-4.17.0", "4.17.0-rc1", "v4.17.0-rc10", "4.17.0-rc2", "odd"]
    assert sorted(names, key=tag_order) == [
        "4.17.0-rc1", "4.17.0-rc2", "v4.17.0-rc10", "RELEASE-4.17.0", "RELEASE-4.17.1", "4.18-dev", "odd",
    ]  # fmt: skip
    assert [series(name) for name in ("RELEASE-4.17.3", "v6.1.12", "odd")] == ["4.17", "6.1", ""]


# Growing


def test_an_update_reads_what_is_new(upstream: Upstream, tmp_path: Path) -> None:
    repo = tmp_path / "repo"
    git(tmp_path, "clone", "-q", "--no-local", str(upstream.path), "repo")
    file = tmp_path / "index"
    assert update(str(repo), file).added == int(git(repo, "rev-list", "--all", "--count"))
    assert update(str(repo), file).added == 0
    (repo / "new.c").write_text("int a_line_of_its_own(void);\n")
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", "new: a file")
    git(repo, "tag", "v1.3")
    done = update(str(repo), file)
    assert (done.added, done.rebuilt) == (1, "")
    index = Index.open(file)
    assert postings(index, "+int a_line_of_its_own(void);") == {"new: a file"}
    assert index.newest_tag() == "v1.3"
    whole = tmp_path / "whole"
    update(str(repo), whole)
    assert content(file) == content(whole)


def test_processes_side_by_side_give_the_same(
    upstream: Upstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("patches.upstreams.indexing.BATCH", 3)
    update(str(upstream.path), tmp_path / "two", jobs=2)
    update(str(upstream.path), tmp_path / "one", jobs=1)
    assert content(tmp_path / "one") == content(tmp_path / "two")


def test_many_small_segments_become_one(upstream: Upstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    update(str(upstream.path), tmp_path / "whole")
    monkeypatch.setattr("patches.upstreams.indexing.BATCH", 1)
    monkeypatch.setattr("patches.upstreams.indexing.SEGMENT", 1)
    monkeypatch.setattr("patches.upstreams.rows.BLOCK", 16)
    update(str(upstream.path), tmp_path / "small")
    base = sqlite3.connect(tmp_path / "small")
    assert base.execute("SELECT count(DISTINCT segment) FROM blocks").fetchone() == (1,)
    assert base.execute("SELECT count(*) FROM blocks").fetchone()[0] > 30
    for line in ("+    bus_announce_backend(bus, BUS_READY);", "+    timer_wheel_slot_44(timer, WHEEL);"):
        assert postings(Index.open(tmp_path / "small"), line) == postings(Index.open(tmp_path / "whole"), line) != set()


def test_a_damaged_block_is_not_merged_into_a_whole_one(
    upstream: Upstream, index_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("patches.upstreams.indexing.BATCH", 1)
    monkeypatch.setattr("patches.upstreams.indexing.SEGMENT", 1)
    monkeypatch.setattr("patches.upstreams.indexing.SEGMENTS", 1000)
    update(str(upstream.path), tmp_path / "index")
    base = sqlite3.connect(tmp_path / "index", isolation_level=None)
    base.execute("UPDATE blocks SET ids = zeroblob(length(ids)) WHERE segment = 2")
    base.close()
    monkeypatch.setattr("patches.upstreams.indexing.SEGMENTS", 1)
    assert update(str(upstream.path), tmp_path / "index").rebuilt == "damaged: a block is torn"
    assert content(tmp_path / "index") == content(index_file)


def test_another_scope_makes_it_anew(upstream: Upstream, tmp_path: Path) -> None:
    file = tmp_path / "index"
    update(str(upstream.path), file)
    done = update(str(upstream.path), file, IndexScope(paths=("drivers/net.c",)))
    assert done.rebuilt
    assert 0 < done.total < 10
    assert Limit.PART in done.limits
    assert update(str(upstream.path), tmp_path / "late", IndexScope(since="2020-09-25")).total < done.total + 10


# What happens to it


CHILD = """
import sys, patches.upstreams.indexing as indexing
indexing.BATCH, indexing.SEGMENT = 1, 1
from pathlib import Path
print("ready", flush=True)
indexing.update(sys.argv[1], Path(sys.argv[2]), progress=lambda *told: print(*told, flush=True))
"""


def start(upstream: Upstream, file: Path) -> subprocess.Popen[str]:
    """An update in a process of its own, which writes after every commit."""
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(upstream.path), str(file)],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


@pytest.mark.parametrize("after", [2, 7, 13])
def test_killed_at_any_moment_it_goes_on(upstream: Upstream, index_file: Path, tmp_path: Path, after: int) -> None:
    file = tmp_path / "index"
    process = start(upstream, file)
    assert process.stdout
    for line in process.stdout:
        if line.startswith(f"indexing commits {after} "):
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    base = sqlite3.connect(file)
    kept = base.execute("SELECT count(*) FROM documents").fetchone()[0]
    base.close()
    assert kept >= after - 1
    with pytest.raises(UserError, match="not complete"):
        Index.open(file)
    done = update(str(upstream.path), file)
    assert (done.added, done.rebuilt) == (done.total - kept, "")
    assert content(file) == content(index_file)


def test_two_processes_at_once(upstream: Upstream, index_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "index"
    both = [start(upstream, file) for _ in range(2)]
    for process in both:
        process.communicate(timeout=60)
    assert [process.returncode for process in both] == [0, 0]
    assert content(file) == content(index_file)


def test_a_reader_is_not_disturbed_by_a_writer(upstream: Upstream, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--no-local", str(upstream.path), "repo")
    file = tmp_path / "index"
    update(str(tmp_path / "repo"), file)
    index = Index.open(file)
    git(tmp_path / "repo", "commit", "-q", "--allow-empty", "-m", "later")
    update(str(tmp_path / "repo"), file)
    assert postings(index, "+    bus_announce_backend(bus, BUS_READY);") == {"bus: announce the backend"}


def test_an_index_of_another_version_is_made_anew(upstream: Upstream, index_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "index"
    shutil.copy(index_file, file)
    base = sqlite3.connect(file)
    base.execute("UPDATE meta SET value = '0.0' WHERE key = 'format'")
    base.commit()
    base.close()
    with pytest.raises(UserError, match="another version"):
        Index.open(file)
    assert "another version" in update(str(upstream.path), file).rebuilt
    assert Index.open(file).meta["format"] == version()


def test_a_torn_index_is_made_anew(upstream: Upstream, index_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "index"
    whole = index_file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert update(str(upstream.path), file).rebuilt
    assert content(file) == content(index_file)


@pytest.mark.parametrize(
    ("harm", "asked"),
    [
        ("UPDATE documents SET commit_date = x'00'", lambda index: index.newest_mail()),
        ("UPDATE documents SET commit_date = x'00'", lambda index: index.commit(1)),
        ("UPDATE documents SET paths = x'00'", lambda index: index.touching("a.c")),
        ("INSERT INTO mails VALUES (1, 'm', x'00', 1, '', '', '')", lambda index: index.mail(1)),
        ("INSERT INTO mails VALUES (1, 'm', 1, 1, '', x'00', '')", lambda index: index.mail(1)),
    ],
)
def test_a_row_that_is_torn_is_told_and_no_answer(
    harm: str, asked: Callable[[Index], object], index_file: Path, tmp_path: Path
) -> None:
    file = tmp_path / "index"
    shutil.copy(index_file, file)
    with closing(sqlite3.connect(file)) as base:
        base.execute(harm)
        base.commit()
    with pytest.raises(UserError, match="the index is damaged: a row is torn"):
        asked(Index.open(file))


@pytest.mark.parametrize("column", ["keys", "ids"])
def test_one_flipped_bit_in_a_block_of_keys_is_told_and_no_answer(
    column: str, index_file: Path, tmp_path: Path
) -> None:
    file = tmp_path / "index"
    shutil.copy(index_file, file)
    base = sqlite3.connect(file, isolation_level=None)
    ((keys, whole),) = base.execute(f"SELECT keys, {column} FROM blocks").fetchall()
    asked = np.frombuffer(keys, np.uint32)[:1].tolist()
    assert Index.open(file).postings(asked)
    for at in range(0, len(whole), 97):
        damaged = bytearray(whole)
        damaged[at] ^= 1 << at % 8
        base.execute(f"UPDATE blocks SET {column} = ?", (bytes(damaged),))
        with pytest.raises(UserError, match="the index is damaged: a block is torn"):
            Index.open(file).postings(asked)
    base.close()


def test_one_flipped_bit_in_the_lines_of_a_commit_is_told_and_no_answer(index_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "index"
    shutil.copy(index_file, file)
    base = sqlite3.connect(file, isolation_level=None)
    ident, whole = base.execute("SELECT id, keys FROM lines ORDER BY length(keys) DESC").fetchone()
    assert Index.open(file).lines(ident).tobytes() == whole
    for at in range(0, len(whole), 7):
        damaged = bytearray(whole)
        damaged[at] ^= 1 << at % 8
        base.execute("UPDATE lines SET keys = ? WHERE id = ?", (bytes(damaged), ident))
        with pytest.raises(UserError, match="the index is damaged: a commit's lines are torn"):
            Index.open(file).lines(ident)
    base.execute("UPDATE lines SET keys = ? WHERE id = ?", (whole, ident))
    base.execute("UPDATE lines SET id = id + 1000 WHERE id = ?", (ident,))
    with pytest.raises(UserError, match="a commit's lines are torn"):
        Index.open(file).lines(ident + 1000)
    base.close()


def test_an_index_that_nobody_closed_is_looked_through(upstream: Upstream, index_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "index"
    shutil.copy(index_file, file)
    base = sqlite3.connect(file, isolation_level=None)
    # A row that the schema does not allow, on a page that is well-formed.
    base.execute("PRAGMA writable_schema=ON")
    base.execute(
        "UPDATE sqlite_master SET sql = replace(sql, 'email TEXT NOT NULL', 'email TEXT') WHERE type = 'table'"
    )
    base.close()
    base = sqlite3.connect(file, isolation_level=None)
    base.execute("UPDATE documents SET email = NULL WHERE id = 1")
    base.execute("PRAGMA writable_schema=ON")
    base.execute(
        "UPDATE sqlite_master SET sql = replace(sql, 'email TEXT', 'email TEXT NOT NULL') WHERE type = 'table'"
    )
    base.close()
    assert update(str(upstream.path), file).rebuilt == ""
    Path(f"{file}-wal").touch()  # as a killed process leaves it
    assert update(str(upstream.path), file).rebuilt.startswith("damaged: NULL value in documents.email")
    assert content(file) == content(index_file)
    assert not Path(f"{file}-wal").exists()


@pytest.mark.parametrize("date", [str(1 << 63), "9" * 5000])
def test_a_commit_of_no_year_is_indexed_with_the_others(date: str, upstream: Upstream, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(upstream.path), "repo")
    repository = tmp_path / "repo"
    text = git(repository, "cat-file", "commit", "master").replace("\nauthor ", "\nparent HERE\nauthor ", 1)
    head, _, rest = text.partition("\nauthor ")
    tree = head.splitlines()[0]
    parent = git(repository, "rev-parse", "master").strip()
    author = f"Ann Author <ann@example.org> {date} +0000"
    commit = f"{tree}\nparent {parent}\nauthor {author}\ncommitter {author}\n\nof no year\n"
    made = git(repository, "hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=commit).strip()
    git(repository, "update-ref", "refs/heads/master", made)
    assert rest
    before = update(str(upstream.path), tmp_path / "whole").total
    assert update(str(repository), tmp_path / "index").total == before + 1
    index = Index.open(tmp_path / "index")
    (ident,) = index.find_sha(made)
    assert (index.commit(ident).author_date, index.commit(ident).subject) == (0, "of no year")


@pytest.mark.parametrize("data", [b"my holiday pictures", b"SQLite format 3\0" + bytes(600)])
def test_a_file_that_is_no_index_stays(upstream: Upstream, tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "index"
    file.write_bytes(data)
    with pytest.raises(UserError, match="not an index"):
        update(str(upstream.path), file)
    assert file.read_bytes() == data


def test_another_programs_database_stays(upstream: Upstream, tmp_path: Path) -> None:
    file = tmp_path / "index"
    base = sqlite3.connect(file)
    base.execute("CREATE TABLE theirs(a)")
    base.execute("INSERT INTO theirs VALUES(1)")
    base.commit()
    base.close()
    before = file.read_bytes()
    with pytest.raises(UserError, match="not an index of kcfg"):
        update(str(upstream.path), file)
    with pytest.raises(UserError, match="not an index of kcfg"):
        Index.open(file)
    assert [path.name for path in tmp_path.iterdir()] == ["index"]
    assert file.read_bytes() == before, "the journal's mode, which stands in the head, too"
    assert sqlite3.connect(file).execute("SELECT a FROM theirs").fetchall() == [(1,)]
    assert APPLICATION != 0


def test_another_programs_database_that_nobody_closed_stays(upstream: Upstream, tmp_path: Path) -> None:
    writer = (
        "import os, sqlite3, sys; base = sqlite3.connect(sys.argv[1]); base.execute('PRAGMA journal_mode=WAL');"
        " base.execute('CREATE TABLE theirs(a)'); base.commit(); os._exit(0)"
    )
    file = tmp_path / "index"
    subprocess.run([sys.executable, "-c", writer, str(file)], check=True)
    before = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    assert "index-wal" in before
    for tried in (lambda: update(str(upstream.path), file), lambda: Index.open(file)):
        with pytest.raises(UserError, match="not an index of kcfg"):
            tried()
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == before


def test_an_index_with_a_view_is_none(upstream: Upstream, tmp_path: Path) -> None:
    file = tmp_path / "index"
    with contextlib.closing(sqlite3.connect(file)) as base:
        base.execute(f"PRAGMA application_id={APPLICATION}")
        base.execute(
            "CREATE VIEW meta AS WITH RECURSIVE n(key) AS (SELECT 1 UNION ALL SELECT key + 1 FROM n)"
            " SELECT key, key AS value FROM n"
        )
    for tried in (lambda: update(str(upstream.path), file), lambda: Index.open(file)):
        with pytest.raises(UserError, match="not an index of kcfg"):
            tried()


def test_a_full_disk_is_one_line_and_loses_nothing(
    upstream: Upstream, index_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "index"
    monkeypatch.setattr("patches.upstreams.indexing.BATCH", 1)
    monkeypatch.setattr("patches.upstreams.indexing.SEGMENT", 1)
    from patches.upstreams import indexing

    real = indexing.write_segment
    count = 0

    def full(base: sqlite3.Connection, keys: indexing.Keys, ids: indexing.Keys) -> None:
        nonlocal count
        count += 1
        if count == 5:
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error
        real(base, keys, ids)

    with monkeypatch.context() as patch:
        patch.setattr(indexing, "write_segment", full)
        with pytest.raises(UserError, match="no space left"):
            update(str(upstream.path), file)
    done = update(str(upstream.path), file)
    assert (done.rebuilt, done.total - done.added) == ("", 4)
    assert content(file) == content(index_file)


def test_a_folder_that_cannot_be_written(upstream: Upstream, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match=r"exists|directory"):
        update(str(upstream.path), tmp_path / "file" / "index")


# Repositories


def test_an_empty_repository(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "empty")
    with pytest.raises(UserError, match="no branch and no tag"):
        update(str(tmp_path / "empty"), tmp_path / "index")


def test_no_repository(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not a git repository"):
        update(str(tmp_path), tmp_path / "index")
    with pytest.raises(UserError, match="no such folder"):
        update(str(tmp_path / "none"), tmp_path / "index")


def test_a_shallow_repository_is_said(upstream: Upstream, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "3", f"file://{upstream.path}", "repo")
    done = update(str(tmp_path / "repo"), tmp_path / "index")
    assert Limit.SHALLOW in done.limits
    assert done.total == 3
    # git shows the whole tree as the change of the commit at which history ends; that is nobody's patch.
    assert postings(Index.open(tmp_path / "index"), f"+{source('bus')[3]}") == set()


def test_a_repository_without_tags_is_said(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main", "repo")
    git(tmp_path / "repo", "commit", "-q", "--allow-empty", "-m", "one")
    done = update(str(tmp_path / "repo"), tmp_path / "index")
    assert Limit.NO_TAGS in done.limits
    assert Index.open(tmp_path / "index").newest_tag() == ""


def test_a_corrupt_repository_is_one_line(upstream: Upstream, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--no-local", str(upstream.path), "repo")
    for pack in (tmp_path / "repo/.git/objects/pack").glob("*.pack"):
        os.chmod(pack, 0o644)
        data = pack.read_bytes()
        pack.write_bytes(data[: len(data) // 3] + bytes(64) + data[len(data) // 3 + 64 :])
    with pytest.raises(UserError, match="git") as caught:
        update(str(tmp_path / "repo"), tmp_path / "index")
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_repository_of_another_user_is_one_line(
    upstream: Upstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "clone", "-q", "--no-local", str(upstream.path), "repo")
    for path in [tmp_path / "repo", *(tmp_path / "repo").rglob("*")]:
        os.chown(path, 12345, 12345)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    with pytest.raises(UserError, match=r"safe\.directory"):
        open_repo(str(tmp_path / "repo"))


def test_nothing_of_a_repository_is_run(tmp_path: Path) -> None:
    up = make(tmp_path / "repo")
    proof = tmp_path / "PWNED"
    evil = tmp_path / "evil.sh"
    evil.write_text(f"#!/bin/sh\necho $0 >> {proof}\nexit 1\n")
    evil.chmod(0o755)
    config = up.path / ".git/config"
    with config.open("a") as stream:
        stream.write(
            f"[core]\n\tfsmonitor = {evil}\n\tpager = {evil}\n\thooksPath = {tmp_path}\n\tsshCommand = {evil}\n"
            f"[diff]\n\texternal = {evil}\n[diff \"c\"]\n\ttextconv = {evil}\n\tcommand = {evil}\n"
            f"[pager]\n\tlog = {evil}\n[alias]\n\tlog = !{evil}\n[gpg]\n\tprogram = {evil}\n"
            "[log]\n\tshowSignature = true\n"
            f"[filter \"x\"]\n\tsmudge = {evil}\n\tclean = {evil}\n[uploadpack]\n\tpackObjectsHook = {evil}\n"
        )  # fmt: skip
    (up.path / ".git/info").mkdir(exist_ok=True)
    (up.path / ".git/info/attributes").write_text("*.c diff=c filter=x\n")
    for name in ("post-checkout", "pre-auto-gc", "post-index-change", "reference-transaction"):
        hook = up.path / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        shutil.copy(evil, hook)
    done = update(str(up.path), tmp_path / "index")
    assert done.added == done.total > 15
    repo = open_repo(str(up.path))
    assert b"bus_announce_backend" in repo.diff(up.shas["half1"])
    assert not proof.exists()


def test_a_repositorys_taste_does_not_change_the_index(upstream: Upstream, index_file: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--mirror", str(upstream.path), "repo")
    repo = tmp_path / "repo"
    for setting in ("diff.noprefix=true", "diff.mnemonicPrefix=true", "diff.algorithm=patience", "diff.context=9",
                    "diff.renames=false", "color.ui=always", "log.follow=true", "diff.indentHeuristic=false",
                    "format.pretty=oneline", "log.date=relative", "core.quotePath=false"):  # fmt: skip
        git(repo, "config", *setting.split("="))
    update(str(repo), tmp_path / "index")
    assert content(tmp_path / "index") == content(index_file)


def test_a_revision_is_no_option(upstream: Upstream) -> None:
    repo = open_repo(str(upstream.path))
    for name in ("--output=/tmp/x", "-p", "", "a b", "HEAD\0", "no-such"):
        with pytest.raises(UserError):
            repo.commit(name)
    assert repo.commit("v1.0") == upstream.shas["start"]


def test_an_update_of_nothing_is_quick(upstream: Upstream, index_file: Path) -> None:
    begin = time.process_time()
    update(str(upstream.path), index_file)
    assert time.process_time() - begin < 1.0


def test_a_history_that_was_made_deeper_is_read_whole(upstream: Upstream, index_file: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--mirror", "--depth", "3", f"file://{upstream.path}", "repo")
    update(str(tmp_path / "repo"), tmp_path / "index")
    git(tmp_path / "repo", "fetch", "-q", "--unshallow")
    done = update(str(tmp_path / "repo"), tmp_path / "index")
    assert (done.limits, done.total) == ((), Index.open(index_file).count)
    assert content(tmp_path / "index") == content(index_file)


def test_a_branch_that_was_rewound_and_pruned(upstream: Upstream, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--no-local", str(upstream.path), "repo")
    repo = tmp_path / "repo"
    git(repo, "remote", "remove", "origin")  # else mainline is origin's
    git(repo, "commit", "-q", "--allow-empty", "-m", "to be lost")
    update(str(repo), tmp_path / "index")
    git(repo, "reset", "-q", "--hard", "HEAD~1")
    git(repo, "reflog", "expire", "--expire=now", "--all")
    git(repo, "gc", "-q", "--prune=now")
    git(repo, "commit", "-q", "--allow-empty", "-m", "instead", date=2_000_000_000)
    assert update(str(repo), tmp_path / "index").added == 1
    index = Index.open(tmp_path / "index")
    places = {index.commit(ident).subject: index.commit(ident).mainline for ident in range(1, index.count + 1)}
    assert (places["to be lost"], places["instead"]) == (False, True)
