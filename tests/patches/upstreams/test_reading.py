"""What is read of a commit, how commits hang together, and what an index refuses."""

from __future__ import annotations

import hashlib
import io
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from kcfg.base.errors import UserError
from patches.text.lines import line_key
from patches.upstreams.history import NOTHING, document, number, read_diff, read_message, records
from patches.upstreams.index import Index
from patches.upstreams.indexing import IndexWriter, update
from patches.upstreams.rows import by_prefix, clean, lines_row, write_segment
from patches.upstreams.scope import IndexScope, is_date
from patches.upstreams.store import ForeignError, StaleError, broken, connect, locked, remove, version
from patches.upstreams.tags import ReleasePlace, containing, is_release, mark, series, tag_order
from patches.upstreams.tarfiles import TarFiles
from patches.verdicts.match import telling_keys
from tests.patches.upstream import START, Upstream, git

SHA = "0123456789abcdef0123456789abcdef01234567"


# Messages


def test_the_subject_is_the_first_paragraph_in_one_line() -> None:
    assert read_message("\n\nnet: one\n  two\n\nbody")[0] == "net: one   two"
    assert read_message("")[0] == ""
    assert len(read_message("x" * 600)[0]) == 500


@pytest.mark.parametrize(
    ("line", "link"),
    [
        (f"(cherry picked from commit {SHA})", ("pick", SHA)),
        (f"master commit: {SHA}", ("pick", SHA)),
        (f"[ Upstream commit {SHA} ]", ("pick", SHA)),
        (f"[upstream commit {SHA}]", ("pick", SHA)),
        (f"commit {SHA} upstream.", ("pick", SHA)),
        (f"backported from commit {SHA}", ("pick", SHA)),
        (f"This reverts commit {SHA}.", ("revert", SHA)),
        (f"this reverts parts of {SHA[:12]}", ("revert", SHA[:12])),
        (f'Fixes: {SHA[:12]} ("a title")', ("fixes", SHA[:12])),
        (f"  Fixes: commit {SHA[:7]}", ("fixes", SHA[:7])),
    ],
)
def test_links_to_other_commits(line: str, link: tuple[str, str]) -> None:
    assert read_message(f"subject\n\n{line}\n")[1] == (link,)


def test_what_is_no_link() -> None:
    assert read_message(f"subject\n\nFixes: {SHA[:6]} too short\nsee {SHA}\n> This fixes: {SHA}\n")[1] == ()


def test_a_link_is_told_once() -> None:
    assert read_message(f"s\n\nThis reverts commit {SHA}.\nThis reverts commit {SHA}.\n")[1] == (("revert", SHA),)


def test_advisories_that_a_commit_is_for() -> None:
    assert read_message("xen: XSA-333 fix\n\nbody")[2] == ("XSA-333",)
    assert read_message("xen: fix\n\nThis is XSA-333 / CVE-2020-12345.\n")[2] == ("XSA-333", "CVE-2020-12345")
    assert read_message("xen: fix\n\nFollow-up to XSA-333.\n")[2] == ()
    assert read_message("XSA-1: a\n\nThis is XSA-1.\n")[2] == ("XSA-1",)


# Diffs

DIFF = b"""\
diff --git a/one.c b/one.c
index 1111111..2222222 100644
--- a/one.c
+++ b/one.c
@@ -1,3 +1,3 @@
 int context_line(void);
-int removed_line(void);
+int added_line(void);
+int added_line(void);
+}
diff --git a/old name b/new name
similarity index 100%
rename from old name
rename to new name
diff --git a/bin b/bin
index 1111111..3333333 100644
Binary files a/bin and b/bin differ
"""


def test_a_diff_has_paths_and_the_keys_of_its_telling_lines() -> None:
    found = read_diff(DIFF)
    assert found.paths == ("one.c", "old name", "new name", "bin")
    assert found.keys.tolist() == telling_keys(["-int removed_line(void);", "+int added_line(void);"]).tolist()
    assert len(found.patch_id) == 20


def test_a_diffs_id_does_not_hang_on_its_blobs() -> None:
    other = DIFF.replace(b"1111111", b"4444444")
    assert read_diff(other).patch_id == read_diff(DIFF).patch_id
    assert read_diff(DIFF.replace(b"added_line", b"other_line")).patch_id != read_diff(DIFF).patch_id


def test_without_hunks_there_is_no_id() -> None:
    assert read_diff(b"").patch_id == b""
    found = read_diff(b"diff --git a/x b/x\nold mode 100644\nnew mode 100755\n")
    assert (found.patch_id, found.paths, len(found.keys)) == (b"", ("x",), 0)
    assert (NOTHING.patch_id, NOTHING.paths, len(NOTHING.keys)) == (b"", (), 0)


def test_a_record_is_a_commit() -> None:
    fields = [SHA, "Ann", "ann@example.org", "100", "-5", "parents", "net: a title\n\nbody\n", DIFF.decode()]
    found = document("\0".join(fields).encode())
    assert (found.name, found.author, found.email) == (SHA, "Ann", "ann@example.org")
    assert (found.author_date, found.commit_date, found.subject, found.subject_key) == (
        100,
        -5,
        "net: a title",
        "net a title",
    )
    assert found.diff.paths[0] == "one.c"
    assert document("\0".join(fields[:7]).encode()).diff.paths == ()
    assert [number(text) for text in ("12", "-12", "", "x", "1x")] == [12, -12, 0, 0, 0]


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_records_are_told_apart_wherever_a_read_ends(size: int) -> None:
    class Slow(io.BytesIO):
        def read(self, count: int | None = -1, /) -> bytes:
            return super().read(size)

    assert list(records(Slow(b"\n#MARK#one#MARK#two#MARK#\n\n"), b"#MARK#")) == [b"one", b"two"]
    assert list(records(Slow(b"only"), b"#MARK#")) == [b"only"]
    assert list(records(Slow(b" \n"), b"#MARK#")) == []


# Tags and branches


def test_releases_are_ordered_by_number() -> None:
    names = [
        "v4.9",
        "v4.10",
        "v4.10-rc2",
        "v4.10-rc10",
        "4.10-pre1",
        "4.10-beta",
        "4.10-alpha",
        "4.10-dev",
        "v4.10.0",
        "v4.10.1",
        "none",
    ]
    assert sorted(names, key=tag_order) == [
        "v4.9", "4.10-dev", "4.10-alpha", "4.10-beta", "4.10-pre1", "v4.10-rc2", "v4.10-rc10", "v4.10", "v4.10.0",
        "v4.10.1", "none",
    ]  # fmt: skip
    assert tag_order("v4.10.0")[:-1] == tag_order("v4.10")[:-1]
    assert [is_release(name) for name in ("v4.10", "4.10-dev", "v4.10-rc1", "none")] == [True, False, True, False]
    # A version may be one number, as systemd's are.
    assert [series(name) for name in ("v4.10.3", "RELEASE-4.9", "v255", "5", "x")] == ["4.10", "4.9", "255", "5", ""]


def test_a_commit_is_in_the_first_release_that_reaches_it() -> None:
    a, b, c, d, e = (bytes([n]) * 20 for n in range(1, 6))
    parents = {a: (), b: (a,), c: (b,), d: (a,), e: (d, b)}
    refs = {
        "refs/tags/v2.0": c.hex(), "refs/tags/v1.10": b.hex(), "refs/tags/v1.9": a.hex(), "refs/heads/main": c.hex(),
        "refs/heads/a-topic": e.hex(), "refs/heads/x/deep": d.hex(),
    }  # fmt: skip
    assert containing(parents, refs, "refs/heads/main") == {
        a: ReleasePlace(True, "v1.9", ""), b: ReleasePlace(True, "v1.10", ""), c: ReleasePlace(True, "v2.0", ""),
        d: ReleasePlace(False, "", "a-topic"), e: ReleasePlace(False, "", "a-topic"),
    }  # fmt: skip
    refs.pop("refs/heads/a-topic")
    assert containing(parents, refs, "refs/heads/main")[d] == ReleasePlace(False, "", "x/deep")
    assert containing(parents, refs, "refs/heads/gone")[c] == ReleasePlace(False, "v2.0", "")
    labels = {b: "old"}
    mark(parents, c.hex(), "new", labels)
    assert labels == {b: "old", c: "new"}


# Names


def test_a_short_name_of_two_commits_is_of_none() -> None:
    names = sorted(bytes.fromhex(text.ljust(40, "0")) for text in ("1234567a", "1234567b", "89abcdef", "f" * 40))
    assert by_prefix(names, "89abcde") == names[2]
    assert by_prefix(names, "1234567") is None
    assert by_prefix(names, "1234567a") == names[0]
    assert by_prefix(names, "1234567b") == names[1]
    assert by_prefix(names, "7654321") is None
    assert by_prefix(names, "0000000") is None
    assert by_prefix(names, "fffffff") == names[3]
    assert by_prefix(names[:3], "fffffff") is None
    assert by_prefix([], "1234567") is None


def test_a_link_to_an_ambiguous_name_leads_nowhere(tmp_path: Path) -> None:
    """Two commits whose names begin alike; a third one says that it fixes one of them by what both begin with."""
    git(tmp_path, "init", "-q", "-b", "m")
    tree = git(tmp_path, "write-tree").strip()
    seen: dict[str, str] = {}
    pair: tuple[str, str] | None = None
    for n in range(40_000):
        text = f"tree {tree}\nauthor A <a@b> {START + n} +0000\ncommitter A <a@b> {START + n} +0000\n\nc{n}\n".encode()
        sha = hashlib.sha1(b"commit %d\0" % len(text) + text).hexdigest()
        if sha[:7] in seen:
            pair = (seen[sha[:7]], text.decode())
            break
        seen[sha[:7]] = text.decode()
    assert pair is not None
    made = [git(tmp_path, "hash-object", "-t", "commit", "-w", "--stdin", stdin=text).strip() for text in pair]
    assert made[0][:7] == made[1][:7]
    for number_, sha in enumerate(made):
        git(tmp_path, "branch", f"b{number_}", sha)
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", f'a fix\n\nFixes: {made[0][:7]} ("c")')
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", f'a fix\n\nFixes: {made[1][:20]} ("c")')
    update(str(tmp_path), tmp_path / "index")
    index = Index.open(tmp_path / "index")
    both = {index.commit(ident).sha: len(index.fixing(ident)) for sha in made for ident in index.find_sha(sha)}
    assert both == {made[0]: 0, made[1]: 1}


def test_names_are_found_by_seven_digits_and_more(index: Index, upstream: Upstream) -> None:
    sha = upstream.shas["same"]
    (ident,) = index.find_sha(sha)
    assert index.find_sha(sha[:7]) == index.find_sha(sha[:20].upper()) == [ident]
    for none in (sha[:6], sha + "0", "xyzxyzx", ""):
        assert index.find_sha(none) == []


# Relations

LINES = [f"+int line_number_{n}(void);" for n in range(8)]


@dataclass
class Row:
    lines: list[str]
    author: str = "Ann"
    subject: str = "a title"
    patch_id: bytes = b""


def index_of(path: Path, rows: list[Row], links: list[tuple[str, int, int]]) -> Index:
    """An index of commits 1.. with links (kind, source, target)."""
    base = connect(path, write=True)
    for ident, one in enumerate(rows, 1):
        base.execute(
            "INSERT INTO documents VALUES(?,?,?,?,?,?,?,?,?,?,1,'','')",
            (ident, bytes([ident]) * 20, one.author, "e", 0, START + ident, one.subject, one.subject, one.patch_id, ""),
        )
        keys = telling_keys(one.lines)
        base.execute("INSERT INTO lines VALUES(?,?,?)", lines_row(ident, keys))
        write_segment(base, keys, np.full(len(keys), ident, np.uint32))
    base.executemany("INSERT INTO links VALUES(?,?,'',?)", links)
    base.executemany("INSERT INTO meta VALUES(?, ?)", [("complete", "1"), ("format", version())])
    base.close()
    return Index.open(path)


def test_commits_are_the_same_change_by_half_of_their_lines(tmp_path: Path) -> None:
    rows = [
        Row(LINES[:4]),
        Row(LINES[2:6]),
        Row(LINES[3:7]),
        Row(LINES[:4], author="Bob"),
        Row(LINES[:4], subject="b"),
        Row([]),
    ]
    index = index_of(tmp_path / "i", rows, [])
    assert index.equivalents(1) == {1, 2, 3}  # 3 by way of 2
    assert index.equivalents(4) == {4}
    assert index.equivalents(5) == {5}
    assert index.equivalents(6) == {6}
    assert sorted(index._alike(1)) == [2]


def test_commits_of_one_patch_id_are_the_same_change_where_their_subjects_are(tmp_path: Path) -> None:
    rows = [Row([], patch_id=b"a"), Row([], author="Bob", patch_id=b"a"), Row([], subject="b", patch_id=b"a")]
    index = index_of(tmp_path / "i", rows, [])
    assert index.equivalents(1) == {1, 2}
    assert index.by_patch_id(b"a") == [1, 2, 3]
    assert index.by_patch_id(b"") == []
    assert index.by_subject("") == []


def test_picks_are_followed_both_ways_and_squashes_are_not(tmp_path: Path) -> None:
    rows = [Row([], subject=f"s{n}") for n in range(7)]
    links = [("pick", 2, 1), ("pick", 3, 2), ("pick", 4, 1), ("pick", 4, 5), ("pick", 6, 2), ("pick", 6, 1)]
    index = index_of(tmp_path / "i", rows, links)
    assert index.picks(1) == [2, 4, 6]
    assert index.picked_from(4) == [1, 5]
    assert index.parts(4) == (1, 5)
    assert index.parts(6) == ()  # 2 itself was picked from 1
    assert index.parts(2) == ()
    assert index.squashes_with(1) == [4]
    assert index.equivalents(1) == index.equivalents(3) == {1, 2, 3, 6}
    assert index.equivalents(4) == {4}


def test_parts_of_one_title_are_one_part(tmp_path: Path) -> None:
    rows = [Row([], subject=text) for text in ("a", "a", "b", "squash", "both")]
    index = index_of(tmp_path / "i", rows, [("pick", 4, 1), ("pick", 4, 2), ("pick", 5, 1), ("pick", 5, 3)])
    assert (index.parts(4), index.parts(5)) == ((), (1, 3))


def test_what_fixes_and_reverts_a_commit_is_told_once(tmp_path: Path) -> None:
    links = [("fixes", 2, 1), ("fixes", 2, 1), ("revert", 3, 1), ("pick", 4, 1)]
    index = index_of(tmp_path / "i", [Row([], subject=f"s{n}") for n in range(4)], links)
    assert (index.fixing(1), index.reverts_of(1), index.picks(1)) == ([2], [3], [4])


def test_lines_are_found_in_every_segment_and_block(tmp_path: Path) -> None:
    path = tmp_path / "i"
    index_of(path, [Row(LINES[:1])], []).close()
    base = connect(path, write=True)
    keys = np.arange(10_000, dtype=np.uint32)
    write_segment(base, keys[::-1].copy(), np.full(len(keys), 1, np.uint32))
    write_segment(base, np.array([5, 5, 9_999], np.uint32), np.array([2, 3, 4], np.uint32))
    write_segment(base, keys[:0], keys[:0])
    assert base.execute("SELECT segment, count(*) FROM blocks GROUP BY segment").fetchall() == [(1, 1), (2, 3), (3, 1)]
    base.close()
    index = Index.open(path)
    found = index.postings([5, 4096, 9_999, 123_456_789])
    told = {key: (count, sorted(ids.tolist())) for key, (count, ids) in found.items()}
    assert told == {5: (3, [1, 2, 3]), 4096: (1, [1]), 9_999: (2, [1, 4])}
    assert index.postings([5])[5][0] == 3


def test_a_line_that_is_everywhere_brings_no_candidates(tmp_path: Path) -> None:
    path = tmp_path / "i"
    index_of(path, [Row(LINES[:1])], []).close()
    base = connect(path, write=True)
    for key, count in ((7, 400), (8, 401)):
        write_segment(base, np.full(count, key, np.uint32), np.arange(count, dtype=np.uint32))
    base.close()
    found = Index.open(path).postings([7, 8])
    assert (found[7][0], len(found[7][1]), found[8][0], len(found[8][1])) == (400, 400, 401, 0)


# The file


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_FULL, UserError), (sqlite3.SQLITE_IOERR_WRITE, UserError), (sqlite3.SQLITE_BUSY, UserError),
        (sqlite3.SQLITE_NOTADB, ForeignError), (sqlite3.SQLITE_CORRUPT, StaleError), (sqlite3.SQLITE_ERROR, StaleError),
        (None, StaleError), (sqlite3.SQLITE_CANTOPEN, UserError),
    ],
)  # fmt: skip
def test_what_a_databases_error_means(code: int | None, kind: type[Exception]) -> None:
    error = sqlite3.DatabaseError("no such column: full")
    if code is not None:
        error.sqlite_errorcode = code
    assert type(broken(error, Path("i"))) is kind


def test_a_column_that_is_not_there_is_no_full_disk(tmp_path: Path) -> None:
    base = sqlite3.connect(tmp_path / "i")
    base.execute("CREATE TABLE t(x)")
    with pytest.raises(sqlite3.DatabaseError) as caught:
        base.execute("SELECT fullname FROM t")
    base.close()
    assert isinstance(broken(caught.value, Path("i")), StaleError)


def test_an_index_goes_with_its_side_files(tmp_path: Path) -> None:
    for name in ("i", "i-wal", "i-shm", "i.lock", "other"):
        (tmp_path / name).write_bytes(b"")
    remove(tmp_path / "i")
    remove(tmp_path / "i")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["i.lock", "other"]


def test_a_lock_makes_its_folder(tmp_path: Path) -> None:
    with locked(tmp_path / "a" / "b" / "i"):
        assert (tmp_path / "a" / "b" / "i.lock").exists()


def test_an_index_that_is_not_there_or_of_something_else(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        connect(tmp_path / "none", write=False)
    assert not (tmp_path / "none").exists()
    base = sqlite3.connect(tmp_path / "other")
    base.execute("CREATE TABLE t(x)")
    base.close()
    with pytest.raises(UserError):
        connect(tmp_path / "other", write=True)
    base = connect(tmp_path / "i", write=True)
    base.execute("INSERT INTO meta VALUES('format', '0.0')")
    base.close()
    with pytest.raises(StaleError):
        connect(tmp_path / "i", write=True)
    base = connect(tmp_path / "j", write=True)
    base.execute("DROP TABLE meta")
    base.close()
    with pytest.raises(StaleError):
        connect(tmp_path / "j", write=False)


def test_an_index_that_is_not_complete_is_refused(tmp_path: Path) -> None:
    connect(tmp_path / "i", write=True).close()
    with pytest.raises(UserError):
        Index.open(tmp_path / "i")


def test_many_small_segments_become_one(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "m")
    for n in range(10):
        (tmp_path / f"f{n}.c").write_text(f"int only_in_number_{n}(void);\n")
        git(tmp_path, "add", "-A")
        git(tmp_path, "commit", "-q", "-m", f"c{n}", date=START + n)
        update(str(tmp_path), tmp_path / "index")
        base = sqlite3.connect(tmp_path / "index")
        (segments,) = base.execute("SELECT count(DISTINCT segment) FROM blocks").fetchone()
        base.close()
        assert segments == (n + 1 if n < 8 else n - 7), n
    index = Index.open(tmp_path / "index")
    keys = telling_keys([f"+int only_in_number_{n}(void);" for n in range(10)]).tolist()
    assert {count for count, _ in index.postings(keys).values()} == {1}
    assert len(index.postings(keys)) == 10


def test_what_of_a_history_is_indexed() -> None:
    assert IndexScope().arguments() == []
    assert IndexScope(("a", "b"), "2020").arguments() == ["--since=2020", "--", "a", "b"]
    assert IndexScope((), "2020").arguments() == ["--since=2020"]
    told = {
        IndexScope().told(),
        IndexScope(("a",)).told(),
        IndexScope((), "a").told(),
        IndexScope(main_branch="a").told(),
    }
    assert len(told) == 4


@pytest.mark.parametrize(
    ("text", "told"),
    [("2019-01-01", True), ("2019-01-01T10:00:00", True), ("2 years ago", True), ("3.weeks", True), ("1 day", True)]
    + [(text, False) for text in ("yesteryear", "2020", "2019-13-01", "2 yrs ago", "", "1 day later")],
)
def test_a_date_is_one_that_git_does_not_take_for_now(text: str, told: bool) -> None:
    assert is_date(text) == told


def test_another_scope_makes_an_index_anew(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "m")
    for name in ("a.c", "b.c"):
        (tmp_path / name).write_text(f"int in_{name[0]}_only(void);\n")
        git(tmp_path, "add", name)
        git(tmp_path, "commit", "-q", "-m", name, date=START)
    first = update(str(tmp_path), tmp_path / "i")
    assert (first.total, first.added, first.rebuilt, bool(first.limits)) == (2, 2, "", True)
    again = update(str(tmp_path), tmp_path / "i")
    assert (again.total, again.added, again.rebuilt) == (2, 0, "")
    part = update(str(tmp_path), tmp_path / "i", IndexScope(("a.c",)))
    assert (part.total, part.added, bool(part.rebuilt)) == (1, 1, True)
    git(tmp_path, "tag", "v1.0")
    kept = update(str(tmp_path), tmp_path / "i")
    assert (kept.total, kept.added, kept.rebuilt) == (1, 0, ""), "nobody asked for another scope"
    whole = update(str(tmp_path), tmp_path / "i", IndexScope())
    assert (whole.total, bool(whole.rebuilt), whole.limits) == (2, True, ())


def test_text_that_is_no_text_can_be_stored() -> None:
    assert clean("plain") == "plain"
    assert clean("ä") == "ä"
    assert clean("a\udcff") == "a?"
    assert IndexWriter.kind == "history"


# Tarballs


def test_a_tarballs_files_are_those_that_are_wanted(tmp_path: Path) -> None:
    import tarfile

    with tarfile.open(tmp_path / "t.tar", "w") as tar:
        for name in ("xen-1/drivers/a.c", "xen-1/other/drivers/a.c", "xen-1/drivers/b.c", "xen-1/a.c"):
            info = tarfile.TarInfo(name)
            data = name.encode()
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    files = TarFiles(str(tmp_path / "t.tar"), ["src/drivers/a.c"])
    files.prepare()
    assert {"drivers/a.c", "other/drivers/a.c"} <= set(files.walk())
    assert files.read("drivers/a.c") == b"xen-1/drivers/a.c"
    assert files.find("drivers/a.c") == "drivers/a.c"
    assert files.find("drivers/none.c") == ""
    assert files.keeps("x/drivers/a.c")
    assert not files.keeps("drivers/b.c")
    assert files.walk("drivers") == ["drivers/a.c", "drivers/b.c"]
    assert files.walk("other", deep=False) == []
    assert files.ident("a.c") == ""
    assert files.top(["a/b", "a/c"]) == "a/"
    assert files.top(["a/b", "c"]) == ""
    assert files.top(["a/b", "c/d"]) == ""


def test_opening_an_index_that_is_not_there_makes_none(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        Index.open(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


def test_a_commit_without_a_subject_is_found_by_none(tmp_path: Path) -> None:
    index = index_of(tmp_path / "i", [Row([], subject=""), Row([], subject="a")], [])
    assert (index.by_subject(""), index.by_subject("a")) == ([], [2])


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        *[("1600000000", 1600000000), ("-5", -5), ("", 0), ("x", 0), ("253402300799", 253402300799)],
        *[("253402300800", 0), ("9223372036854775808", 0), ("9" * 5000, 0)],
    ],
)
def test_a_date_is_one_of_a_calendar(text: str, seconds: int) -> None:
    assert number(text) == seconds


def test_an_index_has_the_keys_that_patches_are_asked_for() -> None:
    lines = [b"+\tcompute(\tbetter , in_ten);", b"-  return the_old_way(of, it);", b"+#define WORD  (1 <<  3)"]
    head = b"diff --git a/f.c b/f.c\n--- a/f.c\n+++ b/f.c\n@@ -1,3 +1,3 @@\n"
    found = read_diff(head + b"".join(line + b"\n" for line in lines))
    assert set(found.keys.tolist()) == {line_key(line) for line in lines}
