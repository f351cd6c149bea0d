"""Repositories whose objects have names of 64 digits say the same as those with 40."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from kcfg.sources.gitrepo import open_repo
from patches.queues.queue import open_queue
from patches.text.claims import read_claims
from patches.text.shas import span
from patches.upstreams.history import read_message
from patches.upstreams.index import Index
from patches.upstreams.indexing import by_prefix, update
from patches.verdicts.audit import AuditQuestion, audit
from patches.verdicts.trend import trend
from tests.patches.upstream import START, Upstream, git, make, queue_of


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Upstream:
    """The upstream of the tests, in a SHA-256 repository."""
    return make(tmp_path_factory.mktemp("wide") / "repo", "sha256")


@pytest.fixture(scope="module")
def wide_index(wide: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("wide-index") / "index.sqlite"
    update(str(wide.path), path)
    return path


@pytest.fixture(scope="module")
def wide_queue(wide: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return queue_of(wide, tmp_path_factory.mktemp("wide-queue") / "patches")


def worded(text: str, up: Upstream, *folders: Path) -> str:
    """A text with the words of the commits for their names, and without folders."""
    for word, sha in up.shas.items():
        text = text.replace(sha, f"<{word}>").replace(sha[:12], f"<{word}>")
    text = re.sub("0{40,64}", "<nothing>", text)  # a commit that is nowhere
    for folder in (up.path, *folders):
        text = text.replace(str(folder), "FOLDER")
    return text


def test_the_names_of_commits_are_whole(wide: Upstream, wide_index: Path) -> None:
    assert open_repo(str(wide.path)).width == 64
    index = Index.open(wide_index)
    assert {len(index.commit(ident).sha) for ident in range(1, index.count + 1)} == {64}
    for sha in wide.shas.values():
        assert [index.commit(ident).sha for ident in index.find_sha(sha)] == [sha]
        assert [index.commit(ident).sha for ident in index.find_sha(sha[:41].upper())] == [sha]
        assert [index.commit(ident).sha for ident in index.find_sha(sha[:7])] == [sha]


@pytest.mark.parametrize(("base", "target"), [("", ""), ("v1.0", "v1.1")])
def test_each_verdict_release_and_reason_is_that_of_a_sha1_repository(
    upstream: Upstream, queue: Path, index_file: Path, wide: Upstream, wide_queue: Path, wide_index: Path,
    base: str, target: str,
) -> None:  # fmt: skip
    told = []
    for up, patches, file in ((upstream, queue, index_file), (wide, wide_queue, wide_index)):
        report = audit(AuditQuestion(str(patches), (str(up.path),), base=base, target=target, index=str(file)))
        told.append(worded(msgspec.json.format(msgspec.json.encode(report)).decode(), up, patches, file))
    assert told[0] == told[1]
    assert told[0].count("v1.1") > 3


def test_a_range_of_commits_is_the_same_queue(upstream: Upstream, wide: Upstream) -> None:
    told = [
        [(worded(entry.name, up), entry.header.subject, entry.patch.paths) for entry in opened.entries]
        for up in (upstream, wide)
        for opened in [open_queue(f"{up.path}@v1.0..v1.2")]
    ]
    assert told[0] == told[1]
    assert len(told[0]) > 10


def test_a_queue_in_a_revision_has_a_history(
    upstream: Upstream, queue: Path, index_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    told = []
    for form in ("sha1", "sha256"):
        path = tmp_path / form
        path.mkdir()
        git(path, "init", "-q", "-b", "main", f"--object-format={form}")
        for number, name in enumerate(("merged.patch", "not-upstream.patch")):
            (path / name).write_bytes((queue / name).read_bytes())
            (path / "series").write_text("".join(f"{one.name}\n" for one in sorted(path.glob("*.patch"))))
            git(path, "add", "-A")
            git(path, "commit", "-q", "-m", name, date=START + number)
        report = trend(str(path), str(upstream.path), index=str(index_file))
        told.append([(one.patches, one.verdicts) for one in report.points])
    assert told[0] == told[1] == [(1, {"merged": 1}), (2, {"merged": 1, "not-upstream": 1})]


def test_claims_name_commits_of_64_digits() -> None:
    sha = "0123456789abcdef" * 4
    for line in (
        f"[ Upstream commit {sha} ]", f"(cherry picked from commit {sha})", f"From {sha} Mon Sep 17 00:00:00 2001",
        f"master commit: {sha}", f"Origin: backport, https://example.org/linux/commit/{sha}",
    ):  # fmt: skip
        assert [claim.commit for claim in read_claims([line])] == [sha], line
    assert [claim.commit for claim in read_claims([], f"patches/{sha}.patch")] == [sha]
    assert read_claims([f"[ Upstream commit {sha[:50]} ]"]) == ()


def test_what_a_commit_names_is_kept_whole() -> None:
    sha = "0123456789abcdef" * 4
    for kind, text in (("revert", "This reverts commit {}."), ("pick", "(cherry picked from commit {})"),
                       ("fixes", "Fixes: {} (x)")):  # fmt: skip
        for name in (sha, sha[:40], sha[:12]):
            assert read_message(f"x\n\n{text.format(name)}\n")[1] == ((kind, name),)
    for name in (sha, sha[:40], sha[:12]):
        assert [claim.commit for claim in read_claims([], f"backport-{name}.patch")] == [name]


def test_a_prefix_spans_names_of_either_width() -> None:
    names = [bytes.fromhex("abc1234" + "0" * 33), bytes.fromhex("abc1234" + "0" * 57)]
    assert span("abc1234") == (bytes.fromhex("abc12340"), bytes.fromhex("abc1234" + "f" * 57))
    for name in names:
        assert by_prefix([bytes(len(name)), name], "abc1234") == name
        assert by_prefix([bytes(len(name)), name], name.hex()) == name
        assert by_prefix([bytes(len(name)), name], "abc1235") is None
    two = sorted([names[0], bytes.fromhex("abc1234" + "1" * 33)])
    assert by_prefix(two, "abc1234") is None
    for text in ("abc123", "x" * 10, "a" * 65):
        assert span(text) is None
