"""The index file: SQLite in WAL mode, its tables, and what to do with one that is foreign, old, torn or in use."""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from zlib import crc32

from kcfg.base.atomic import beside, hold, left, sweep
from kcfg.base.caches import cache_folder, key
from kcfg.base.errors import UserError
from kcfg.base.progress import Progress, silent
from kcfg.base.text import visible
from patches.text.lines import KEY_VERSION
from patches.upstreams.limits import Limit

FORMAT_VERSION = 5
APPLICATION = 0x6B636667  # "kcfg"
MAGIC = b"SQLite format 3\0"
SCHEMA = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents(
  id INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE, author TEXT NOT NULL, email TEXT NOT NULL,
  author_date INTEGER NOT NULL, commit_date INTEGER NOT NULL, subject TEXT NOT NULL, subject_key TEXT NOT NULL,
  patch_id BLOB NOT NULL, paths TEXT NOT NULL, mainline INTEGER NOT NULL DEFAULT 0, tag TEXT NOT NULL DEFAULT '',
  branch TEXT NOT NULL DEFAULT '');
CREATE INDEX by_subject ON documents(subject_key);
CREATE INDEX by_patch_id ON documents(patch_id) WHERE patch_id != x'';
CREATE TABLE lines(id INTEGER PRIMARY KEY, keys BLOB NOT NULL, crc INTEGER NOT NULL);
CREATE TABLE links(kind TEXT NOT NULL, source INTEGER NOT NULL, named TEXT NOT NULL, target INTEGER);
CREATE INDEX by_source ON links(source);
CREATE INDEX by_target ON links(target);
CREATE INDEX by_change ON links(named) WHERE kind = 'change';
CREATE TABLE advisories(name TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY(name, id)) WITHOUT ROWID;
CREATE TABLE blocks(segment INTEGER NOT NULL, number INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  keys BLOB NOT NULL, ids BLOB NOT NULL, crc INTEGER NOT NULL, PRIMARY KEY(segment, number)) WITHOUT ROWID;
CREATE TABLE mails(id INTEGER PRIMARY KEY, message_id TEXT NOT NULL, version INTEGER NOT NULL, number INTEGER NOT NULL,
  reply_to TEXT NOT NULL, notice TEXT NOT NULL, applied TEXT NOT NULL);
CREATE INDEX by_message ON mails(message_id);
CREATE INDEX by_reply ON mails(reply_to);
"""

TORN_BLOCK = "damaged: a block is torn"
PASSING = "kcfg-index"
"""What the folders of indexes that go with their process are called."""
LOCK = re.compile(rb"(?:k|kc|kcf|kcfg|kcfg ([0-9]{0,20})\n?)?")
"""What is in a lock: who has or had it, as far as it was written when that process was killed."""
BARE_LOCK = re.compile(rb"[0-9]{1,20}")
"""What was in one of earlier versions, which stand beside their indexes still."""
PATIENCE = 600.0
"""Seconds that a second writer waits."""


def kept_file(repository: str) -> Path:
    """The cached index of a repository, whether or not anything can be kept there."""
    return cache_folder() / "upstream" / f"{key(os.path.realpath(repository))}.sqlite"


def cache_file(repository: str) -> Path:
    """Where the index of a repository is kept. UserError for a user who has no cache folder."""
    if cache_folder().is_relative_to(os.devnull):
        raise UserError("no home to keep the index in", hint="name a file with --index, or set XDG_CACHE_HOME")
    return kept_file(repository)


def working_file(repository: str) -> tuple[Path, tuple[Limit, ...]]:
    """The cached index of a repository; where it cannot be written, a copy of it, or the place for a new one, that goes
    with this process, and the limit that this is.
    """
    kept = kept_file(repository)
    with contextlib.suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
    if can_be_written(followed(kept)):
        return kept, ()
    file = passing_folder() / kept.name
    if kept.is_file() and not file.exists():
        copy_index(kept, file)
    return file, (Limit.THIS_RUN,)


def followed(path: Path) -> Path:
    """The file that the name of an index stands for: with a link, its lock and side files are the target's.

    UserError for links that lead nowhere.
    """
    real = Path(os.path.realpath(path))
    if real.is_symlink():
        raise UserError("a link that leads to itself", where=str(path))
    return real


def can_be_written(path: Path) -> bool:
    """Whether this user may write an index, and the files that SQLite and its writers have beside it."""
    beside = [Path(f"{path}{ending}") for ending in ("", ".lock", "-wal", "-shm")]
    return os.access(path.parent, os.W_OK | os.X_OK) and all(os.access(one, os.W_OK) for one in beside if one.exists())


def copy_index(source: Path, target: Path) -> None:
    """A copy of an index that may be in use; none of one that cannot be read as it is."""
    try:
        with (
            contextlib.closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as old,
            contextlib.closing(sqlite3.connect(target)) as new,
        ):
            old.backup(new)
    except sqlite3.Error:
        target.unlink(missing_ok=True)


@cache
def passing_folder() -> Path:
    """A folder that goes when this process ends."""
    top, owner = tempfile.gettempdir(), os.getpid()
    for one in left(top, PASSING):  # of processes that were killed
        shutil.rmtree(os.path.join(top, one), ignore_errors=True)
    folder = os.path.join(top, beside(PASSING))
    os.mkdir(folder, 0o700)
    hold(os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))

    def remove_own() -> None:
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove_own)
    return Path(folder)


class ForeignError(UserError):
    """The file is another program's; it stays as it is."""

    def __init__(self, path: Path) -> None:
        super().__init__("not an index of kcfg", where=str(path), hint="it stays as it is; name another file")


class DamagedError(UserError):
    """What is read of an index is not what was written."""


class StaleError(Exception):
    """The file is an index, but of another version, or torn: it is made anew."""


def connect(path: Path, *, write: bool) -> sqlite3.Connection:
    """The database of an index. StaleError: to be made anew; UserError: not an index, or not readable."""
    if not write and not path.is_file():
        raise UserError("no index", where=str(path), hint="kcfg patches index REPO makes it")
    if path.exists() and not path.is_file():
        raise UserError("no regular file, so no index", where=str(path))
    try:
        if not path.exists() or path.stat().st_size == 0:
            path.parent.mkdir(parents=True, exist_ok=True)
            make_empty(path)
        need_own(path)
        unclean = write and os.path.exists(f"{path}-wal")
        base = sqlite3.connect(path, timeout=60, isolation_level=None)
        try:
            check_kind(base, path)  # before anything is set in another program's file
            if unclean:
                check_whole(base)
            base.execute("PRAGMA journal_mode=WAL")
            base.execute("PRAGMA synchronous=NORMAL")
            base.execute("PRAGMA cache_size=-16384")
        except BaseException:
            base.close()  # its lock would make the next one wait
            raise
    except sqlite3.DatabaseError as error:
        raise broken(error, path) from None
    except UnicodeDecodeError:
        raise StaleError("damaged") from None
    return base


def need_own(path: Path) -> None:
    """ForeignError for a database of another program, by its header: opening one would already change it."""
    with open(path, "rb") as file:
        head = file.read(72)
    if head[:16] == MAGIC and int.from_bytes(head[68:72]) != APPLICATION:
        raise ForeignError(path)


def make_empty(path: Path) -> None:
    """An index without a row, whole or not at all: half of one could not be told from another program's file."""
    real = Path(os.path.realpath(path))
    sweep(str(real.parent), real.name)
    new = real.with_name(beside(real.name))
    try:
        with contextlib.closing(sqlite3.connect(new, isolation_level=None)) as base:
            base.execute("PRAGMA journal_mode=OFF")
            base.execute(f"PRAGMA application_id={APPLICATION}")
            base.executescript(f"BEGIN;{SCHEMA}COMMIT;")
        os.replace(new, real)
    except BaseException:
        with contextlib.suppress(OSError):
            new.unlink()
        raise


def check_kind(base: sqlite3.Connection, path: Path) -> None:
    """Whether it is an index of this version. UserError for another program's file."""
    if base.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
        raise ForeignError(path)
    base.execute("PRAGMA trusted_schema=OFF")
    try:
        if base.execute("SELECT 1 FROM sqlite_master WHERE type NOT IN ('table', 'index')").fetchone():
            raise ForeignError(path)  # a view may never end
        found = dict(base.execute("SELECT key, value FROM meta"))
    except sqlite3.OperationalError as error:
        # Text that is no UTF-8 has no code: a row is damaged. A disk that fails says nothing of what is on it.
        if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF != sqlite3.SQLITE_ERROR:
            raise
        raise StaleError("half-written") from None
    if not all(isinstance(one, str) for pair in found.items() for one in pair):
        raise StaleError("damaged")
    if found and found.get("format") != version():
        raise StaleError("of another version")


def check_whole(base: sqlite3.Connection) -> None:
    """StaleError where pages or rows of an index that nobody closed do not fit together."""
    if (told := base.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
        raise StaleError(f"damaged: {visible(str(told).splitlines()[-1])}")  # the first line names the database


def look_through(base: sqlite3.Connection) -> None:
    """StaleError where pages, rows or checksums of an index do not fit together."""
    check_whole(base)
    lines = base.execute("SELECT id, keys, crc FROM lines")
    if any(lines_crc(ident, keys) != told for ident, keys, told in lines):
        raise StaleError("damaged: a commit's lines are torn")
    if any(block_crc(*blobs) != told for *blobs, told in base.execute("SELECT keys, ids, crc FROM blocks")):
        raise StaleError(TORN_BLOCK)


def scope_of(path: Path) -> str:
    """What an index that cannot be gone on with says of its limits; "" where it says nothing that can be read."""
    with (
        contextlib.suppress(sqlite3.Error, UnicodeDecodeError),
        contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as base,
    ):
        base.execute("PRAGMA trusted_schema=OFF")
        for (told,) in base.execute("SELECT value FROM meta WHERE key = 'scope' AND typeof(value) = 'text'"):
            return str(told)
    return ""


def block_crc(keys: object, ids: object) -> int:
    """What tells a whole block from a damaged one; -1 for what no block can have."""
    return crc32(ids, crc32(keys)) if isinstance(keys, bytes) and isinstance(ids, bytes) else -1


def lines_crc(ident: int, keys: object) -> int:
    """What tells the keys of a document's lines from damaged ones, and from another's; -1 for what is no keys."""
    return crc32(keys, ident & 0xFFFFFFFF) if isinstance(keys, bytes) else -1


def version() -> str:
    """What an index of this program says that it is."""
    return f"{FORMAT_VERSION}.{KEY_VERSION}"


def broken(error: sqlite3.DatabaseError, path: Path) -> Exception:
    """A database's error as what it means."""
    code = getattr(error, "sqlite_errorcode", None)  # None: text of a row that is no UTF-8
    kind = sqlite3.SQLITE_CORRUPT if code is None else code & 0xFF
    if kind == sqlite3.SQLITE_FULL:
        return UserError("no space left for the index; what was indexed so far is kept", where=str(path))
    if kind == sqlite3.SQLITE_IOERR:
        return UserError("the disk fails, or is full; what was indexed so far is kept", where=str(path))
    if kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return UserError("the index is in use by another process", where=str(path))
    if kind == sqlite3.SQLITE_NOTADB:
        return ForeignError(path)
    if kind in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT):
        return StaleError("damaged")  # a table or column is not there, or a row that stands for another one
    return UserError(f"the index cannot be used: {visible(str(error))}", where=str(path))


def remove(path: Path) -> None:
    """Deletes an index with its side files."""
    for name in (str(path), f"{path}-wal", f"{path}-shm"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)


@contextlib.contextmanager
def locked(path: Path, tell: Progress = silent) -> Iterator[None]:
    """One writer at a time: the second one waits, and tells for which process.

    UserError after PATIENCE seconds, and where the lock's name is somebody else's file. Beside another program's index
    nothing is left.
    """
    if path.exists() and not path.is_file():
        raise UserError("no regular file, so no index", where=str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = Path(f"{path}.lock")
    there = lock.exists()
    try:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK, 0o644)
    except OSError as error:
        raise UserError(f"cannot lock the index: {(error.strerror or str(error)).lower()}", where=str(lock)) from None
    try:
        text = os.pread(handle, 64, 0)
        if not LOCK.fullmatch(text) and not (path.exists() and BARE_LOCK.fullmatch(text)):
            raise UserError("not a lock of kcfg", where=str(lock), hint="it stays as it is; name another index")
        start = time.monotonic()
        while not taken(handle):
            written = LOCK.fullmatch(os.pread(handle, 64, 0))
            owner = f"process {int(written[1]) if written and written[1] else 'unknown'}"
            tell(f"waiting for {owner}, which writes the index; for {PATIENCE / 60:.0f} minutes at most", 0, 0)
            if time.monotonic() - start > PATIENCE:
                raise UserError(f"{owner} has been writing the index for {PATIENCE / 60:.0f} minutes", where=str(path))
            time.sleep(0.1)
        os.ftruncate(handle, 0)
        os.pwrite(handle, b"kcfg %d\n" % os.getpid(), 0)
        try:
            yield
        except ForeignError:
            if not there:
                lock.unlink(missing_ok=True)
            raise
    finally:
        os.close(handle)


def taken(handle: int) -> bool:
    """Whether the lock is this process's now."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
