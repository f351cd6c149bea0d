"""Pipes and devices in a repository are one line, and never waited for."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from kcfg.sources import waiting
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
    assert [os.path.basename(one) for one in irregular(str(path / ".git"))] == ["fsmonitor--daemon.ipc", "gone"]
    assert Repo(str(path)).folder == str(path / ".git")


def test_what_is_named_or_linked_is_looked_at(tmp_path: Path) -> None:
    pipe = tmp_path / "there" / "pipe"
    pipe.parent.mkdir()
    os.mkfifo(pipe)
    cases = {
        "config": ("config", f"[include]\n\tpath = {pipe}\n"),
        "relative": ("config", '[includeIf "gitdir:/"]\n\tpath = ../../there/pipe\n'),
        "second": ("config", "[include]\n\tpath = config.more\n"),
        "store": ("objects/info/alternates", f"{pipe.parent}\n"),
    }
    for name, (file, text) in cases.items():
        path = repository(tmp_path / name)
        (path / ".git" / "config.more").write_text("[include]\n\tpath = config\n\tpath = ../../there/pipe\n")
        with (path / ".git" / file).open("a") as stream:
            stream.write(text)
        with pytest.raises(UserError, match="no regular file"):
            Repo(str(path))
    path = repository(tmp_path / "link")
    (path / ".git/refs/heads/more").symlink_to(pipe.parent)
    with pytest.raises(UserError, match="no regular file"):
        Repo(str(path))


def test_links_to_very_many_files_are_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = repository(tmp_path / "repo")
    monkeypatch.setattr(waiting, "MOST", 4)
    Repo(str(path))
    for n in range(9):
        (tmp_path / f"{n}").touch()
    (path / ".git/refs/heads/more").symlink_to(tmp_path)
    with pytest.raises(UserError, match="links lead to more than 4 files"):
        Repo(str(path))


def test_the_work_tree_is_no_part_of_the_history(tmp_path: Path) -> None:
    """Neither a pipe there is opened, nor is it asked what is binary."""
    path = repository(tmp_path / "repo")
    (path / "a.c").write_text("int a;\n")
    (path / ".gitattributes").write_text("* -diff\n")
    git(path, "add", ".")
    git(path, "commit", "-q", "-m", "binary?")
    assert b"+int a;" in Repo(str(path)).diff("HEAD")
    (path / ".gitattributes").unlink()
    os.mkfifo(path / ".gitattributes")
    assert b"+int a;" in Repo(str(path)).diff("HEAD")
