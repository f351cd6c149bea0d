"""What the caller's variables and a repository's own configuration say never reaches an answer."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from kcfg.sources.gitobjects import Objects
from kcfg.sources.gitrepo import KEPT, explain, open_repo, without_callers_variables
from kcfg.sources.open import open_source
from patches.queues.queue import open_queue
from patches.upstreams.index import Index
from patches.upstreams.indexing import update
from tests.patches.upstream import Upstream, git, make, patch_of

FILES = {"Kconfig": "config A\n\tbool\n", "Makefile": "VERSION = 6\nPATCHLEVEL = 12\n"}


def repository(path: Path, files: dict[str, str] | None = None, form: str = "sha1") -> Path:
    """A kernel source and a queue of one patch, with the tag v1."""
    path.mkdir(parents=True)
    git(path, "init", "-q", "-b", "main", f"--object-format={form}")
    for name, text in {**FILES, "a.patch": patch_of("a", ""), "series": "a.patch\n", **(files or {})}.items():
        (path / name).write_text(text)
    git(path, "add", "-A")
    git(path, "commit", "-q", "-m", "first")
    git(path, "tag", "v1")
    return path


def answers(path: Path, file: Path) -> tuple[object, ...]:
    """What every way of reading a repository says: source, queue, range, index, refs, diff."""
    repo = open_repo(str(path))
    update(str(path), file)
    index = Index.open(file)
    source = open_source(f"{path}@v1")
    queue = open_queue(f"{path}@v1")
    return (
        source.read("Kconfig"),
        source.all_files(lambda folder: False),
        [(one.name, one.header.subject) for one in queue.entries],
        [one.name for one in open_queue(f"{path}@HEAD~1..HEAD").entries] if index.count > 1 else [],
        repo.refs(),
        repo.diff("HEAD"),
        [(index.commit(n).sha, index.commit(n).tag, index.commit(n).paths) for n in range(1, index.count + 1)],
    )


def two_commits(path: Path, form: str = "sha1") -> Path:
    """The same with a second commit."""
    repository(path, form=form)
    (path / "b.patch").write_text(patch_of("b", ""))
    git(path, "add", "-A")
    git(path, "commit", "-q", "-m", "second")
    return path


def local_variables() -> list[str]:
    """The variables that git itself calls local to a repository."""
    return subprocess.check_output(["git", "rev-parse", "--local-env-vars"], text=True).split()


def test_no_variable_that_git_calls_local_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [*local_variables(), "GIT_CONFIG_KEY_0", "GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS", "GIT_LITERAL_PATHSPECS"]
    for name in names:
        monkeypatch.setenv(name, "/elsewhere")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    with without_callers_variables():
        assert "/elsewhere" not in os.environ.values()
        assert os.environ["GIT_CONFIG_GLOBAL"] == "/dev/null"
        assert os.environ["PATH"]
    assert all(os.environ[name] == "/elsewhere" for name in names), "the caller's own are as they were"
    assert not set(KEPT) & set(names)


@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_the_callers_variables_do_not_change_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    path = two_commits(tmp_path / "one", form)
    other = two_commits(repository(tmp_path / "other", {"Kconfig": "other\n"}).parent / "third")
    before = answers(path, tmp_path / "before.sqlite")
    config = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "diff.noprefix", "GIT_CONFIG_VALUE_0": "true"}
    values = {
        **{name: str(other / ".git") for name in local_variables()}, **config, "GIT_WORK_TREE": str(other),
        "GIT_INDEX_FILE": str(other / ".git/index"), "GIT_OBJECT_DIRECTORY": str(other / ".git/objects"),
        "GIT_DIFF_OPTS": "-u0", "GIT_LITERAL_PATHSPECS": "1", "GIT_NAMESPACE": "x", "GIT_DEFAULT_HASH": "sha256",
        "GIT_CONFIG_PARAMETERS": "'diff.noprefix=true'", "GIT_PAGER": "false", "GIT_EXTERNAL_DIFF": "false",
    }  # fmt: skip
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    assert answers(path, tmp_path / "after.sqlite") == before


def grafts(path: Path) -> None:
    """The second commit has no parent, says the repository."""
    (path / ".git/info").mkdir(exist_ok=True)
    (path / ".git/info/grafts").write_text(git(path, "rev-parse", "HEAD"))


def replaced(path: Path) -> None:
    """The second commit, and the first one's Kconfig, are others, says the repository."""
    git(path, "replace", "HEAD", "HEAD~1")
    (path / "other").write_text("replaced\n")
    other = git(path, "hash-object", "-w", "other").strip()
    git(path, "replace", git(path, "rev-parse", "v1:Kconfig").strip(), other)


@pytest.mark.parametrize("lie", [grafts, replaced])
@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_grafts_and_replacements_do_not_reach_an_answer(tmp_path: Path, lie: Callable[[Path], None], form: str) -> None:
    path = two_commits(tmp_path / "one", form)
    before = answers(path, tmp_path / "before.sqlite")
    lie(path)
    assert git(path, "rev-list", "--count", "HEAD") == "1\n"  # a plain git believes it
    assert answers(path, tmp_path / "after.sqlite") == before


def test_nothing_that_a_repository_names_is_run(tmp_path: Path) -> None:
    path = two_commits(tmp_path / "one")
    before = answers(path, tmp_path / "before.sqlite")
    proof, evil = tmp_path / "PWNED", tmp_path / "evil"
    evil.write_text(f"#!/bin/sh\necho $0 $* >> {proof}\ncat\n")
    evil.chmod(0o755)
    with (path / ".git/config").open("a") as config:
        config.write(
            f"[core]\n\tfsmonitor = {evil}\n\tpager = {evil}\n\thooksPath = {tmp_path}/hooks\n\tsshCommand = {evil}\n"
            f"[diff]\n\texternal = {evil}\n[diff \"c\"]\n\ttextconv = {evil}\n\tcommand = {evil}\n"
            f"[filter \"x\"]\n\tsmudge = {evil}\n\tclean = {evil}\n\tprocess = {evil}\n[pager]\n\tlog = {evil}\n"
            f"[gpg]\n\tprogram = {evil}\n[log]\n\tshowSignature = true\n\tshowRoot = false\n[diff]\n\trelative = true\n"
        )  # fmt: skip
    (path / ".git/info").mkdir(exist_ok=True)
    (path / ".git/info/attributes").write_text("* diff=c filter=x\n")
    for folder in (path / ".git/hooks", tmp_path / "hooks"):
        folder.mkdir(exist_ok=True)
        for name in (
            "post-checkout",
            "post-index-change",
            "reference-transaction",
            "pre-auto-gc",
            "fsmonitor-watchman",
        ):
            (folder / name).write_bytes(evil.read_bytes())
            (folder / name).chmod(0o755)
    assert answers(path, tmp_path / "after.sqlite") == before
    assert not proof.exists()


def test_a_shallow_file_of_the_callers_is_not_obeyed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = two_commits(tmp_path / "one")
    (tmp_path / "shallow").write_text(git(path, "rev-parse", "HEAD"))
    monkeypatch.setenv("GIT_SHALLOW_FILE", str(tmp_path / "shallow"))
    assert open_repo(str(path)).text("rev-list", "--count", "HEAD") == "2"


def test_a_linked_work_tree_of_a_shallow_repository_is_shallow(tmp_path: Path) -> None:
    path = two_commits(tmp_path / "one")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{path}", "cut")
    git(tmp_path / "cut", "worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    head = git(path, "rev-parse", "HEAD").strip()
    assert open_repo(str(tmp_path / "cut")).cut_off == open_repo(str(tmp_path / "linked")).cut_off == {head}
    assert not open_repo(str(path)).shallow


def test_a_sha256_repository_is_a_kernel_source(tmp_path: Path) -> None:
    path = repository(tmp_path / "one", form="sha256")
    source = open_source(f"{path}@v1")
    assert source.read("Kconfig") == FILES["Kconfig"].encode()
    assert (source.exists("Makefile"), source.exists("none")) == (True, False)


def test_a_git_that_is_not_there_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match=r"git (cannot be run|is needed)"):
        open_repo(str(tmp_path))


def test_an_object_that_is_missing_or_too_large_is_one_line(tmp_path: Path) -> None:
    path = repository(tmp_path / "one")
    repo = open_repo(str(path))
    with pytest.raises(UserError, match="git cannot read object"):
        Objects(repo).read("0" * 40, 100)
    with pytest.raises(UserError, match="larger than"):
        Objects(repo).read(git(path, "rev-parse", "v1:Kconfig").strip(), 3)


def test_what_git_says_in_vain_does_not_stop_its_output(upstream: Upstream) -> None:
    with open_repo(str(upstream.path)).stream("log", "--format=%H") as out:
        assert len(out.read().split()) > 10
    with pytest.raises(UserError, match="no-such"):
        open_repo(str(upstream.path)).git("log", "no-such")


@pytest.fixture(scope="module")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Upstream:
    return make(tmp_path_factory.mktemp("upstream") / "repo")


def test_a_git_that_complains_without_end_stops_nobody(tmp_path: Path) -> None:
    path = two_commits(tmp_path / "one", "sha1")
    repo = open_repo(str(path))
    names = b"".join(b"%040x\n" % number for number in range(1, 20_000))
    asked = tmp_path / "asked"
    asked.write_bytes(names)
    with asked.open("rb") as stdin, repo.stream("cat-file", "--batch-check", stdin=stdin) as out:
        assert out.read().count(b" missing\n") == 19_999
    with pytest.raises(UserError) as caught, repo.stream("log", *(f"no-such-{n}" for n in range(9)), stdin=None) as out:
        out.read()
    assert "\n" not in str(caught.value)


def test_a_folder_that_may_not_be_entered_is_never_answered_by_the_repository_around(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "-q")
    shut = tmp_path / "shut"
    git(shut.parent, "init", "-q", str(shut))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(UserError) as caught:
        open_repo(str(shut))
    assert caught.value.where == str(shut)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("fatal: ..: '..' is outside repository at '/x'\n", "git: ..: '..' is outside repository at '/x'"),
        ("warning: a\nfatal: b 'c'\nd\n", "git: b 'c' d"),
        ("'a' and 'b'", "git: 'a' and 'b'"),
    ],
)
def test_git_is_quoted_to_its_last_quote(said: str, told: str) -> None:
    assert explain(said) == told
