"""Pipes and devices in a repository are one line, and never waited for."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from kcfg.sources.gitrepo import Repo
from kcfg.sources.waiting import irregular, storage
from tests.patches.upstream import git

NAMES = (
    "HEAD", "config", "packed-refs", "shallow", "index", "info/grafts", "refs/heads/next", "refs/tags/v9",
    "objects/info/alternates", "objects/pack/pack-1.idx", "objects/00/" + "0" * 38,
)  # fmt: skip


def repository(path: Path) -> Path:
    """One commit, and nothing else."""
    git(path.parent, "init", "-q", "-b", "main", str(path))
    git(path, "commit", "-q", "--allow-empty", "-m", "first")
    return path


@pytest.mark.parametrize("name", NAMES)
def test_a_pipe_that_git_would_wait_for_is_one_line(tmp_path: Path, name: str) -> None:
    path = repository(tmp_path / "repo")
    file = path / ".git" / name
    file.unlink(missing_ok=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(file)
    with pytest.raises(UserError, match="no regular file: git would wait for it") as caught:
        Repo(str(path))
    assert caught.value.where == str(file)


def test_a_pipe_in_the_place_of_git_s_folder_is_one_line(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".git")
    with pytest.raises(UserError, match="no regular file"):
        Repo(str(tmp_path))


def test_a_link_to_a_device_is_none_that_git_reads(tmp_path: Path) -> None:
    path = repository(tmp_path / "repo")
    (path / ".git/refs/heads/zero").symlink_to("/dev/zero")
    with pytest.raises(UserError, match="no regular file"):
        Repo(str(path))


def test_a_further_work_tree_s_first_one_is_looked_at(tmp_path: Path) -> None:
    path = repository(tmp_path / "repo")
    git(path, "worktree", "add", "-q", "--detach", str(tmp_path / "more"))
    assert storage(str(path / ".git/worktrees/more"))[1:] == [str(path / ".git/worktrees/more/../..")]
    Repo(str(tmp_path / "more"))
    os.mkfifo(path / ".git/refs/heads/next")
    with pytest.raises(UserError, match="no regular file"):
        Repo(str(tmp_path / "more"))


def test_git_s_own_socket_and_links_are_nothing_to_wait_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = repository(tmp_path / "repo")
    monkeypatch.chdir(path / ".git")  # a socket's name has 107 bytes at most
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("fsmonitor--daemon.ipc")
    (path / ".git/refs/heads/gone").symlink_to("nowhere")
    (path / ".git/refs/heads/round").symlink_to("..")
    assert len(list(irregular(str(path / ".git")))) == 3
    assert Repo(str(path)).folder == str(path / ".git")
