"""A queue's files in a git revision."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from kcfg.sources.gitobjects import Objects
from kcfg.sources.gitrepo import open_repo
from patches.queues.gitfiles import CommitFiles, GitFiles
from tests.patches.upstream import git


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    (tmp_path / "q/sub").mkdir(parents=True)
    (tmp_path / "q/.hidden").mkdir()
    for path in ("q/series", "q/sub/a.patch", "q/.hidden/b.patch", "q/run"):
        (tmp_path / path).write_text(path)
    (tmp_path / "q/run").chmod(0o755)
    (tmp_path / "q/link").symlink_to("series")
    (tmp_path / "out").symlink_to("../x")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "x")
    (tmp_path / "q/series").write_text("not committed")
    return tmp_path


def test_files_are_those_of_the_revision(repo: Path) -> None:
    files = GitFiles(str(repo), "HEAD")
    assert files.name == f"{repo}@HEAD:"
    assert (files.read("q/series"), files.read("q/link")) == (b"q/series", b"q/series")
    assert [files.find(path) for path in ("q/link", "q/./run", "q", "none")] == ["q/series", "q/run", "", ""]
    assert (files.mode("q/run"), files.mode("none")) == ("100755", "")
    assert files.ident("q/link") == files.ident("q/series") != files.ident("none") == ""


def test_a_walk_is_sorted_and_leaves_hidden_folders_out(repo: Path) -> None:
    files = GitFiles(str(repo), "HEAD")
    assert files.walk() == ["out", "q/link", "q/run", "q/series", "q/sub/a.patch"]
    assert files.walk("q", deep=False) == ["q/link", "q/run", "q/series"]
    assert files.walk("q/sub") == ["q/sub/a.patch"]


def test_what_is_missing_or_outside_is_refused(repo: Path) -> None:
    files = GitFiles(str(repo), "HEAD")
    with pytest.raises(UserError) as caught:
        files.read("none")
    assert caught.value.where == f"{repo}@HEAD:none"
    with pytest.raises(UserError, match="leads out"):
        files.read("out")


@pytest.mark.parametrize("revision", ["", "-x", "a b", "gone", "HEAD:q/series"])
def test_what_is_no_revision_is_refused(repo: Path, revision: str) -> None:
    with pytest.raises(UserError):
        GitFiles(str(repo), revision)


def test_single_files_of_a_commit_are_read_without_a_listing(repo: Path) -> None:
    found = open_repo(str(repo))
    objects = Objects(found)
    files = CommitFiles(found, lambda: objects, found.commit("HEAD"))
    assert (files.find("q/series"), files.find("none"), files.read("q/series")) == ("q/series", "", b"q/series")
    with pytest.raises(UserError, match="no such file"):
        files.read("none")


def test_what_a_revision_lists_is_counted(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kcfg.sources.source.ENTRIES_LIMIT", 5)
    with pytest.raises(UserError, match="more than 5 files and folders"):
        GitFiles(str(repo), "HEAD")
