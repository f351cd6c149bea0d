"""`kcfg patches plan --edit`."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.run import Ran, run_kcfg
from tests.commands.test_patches import valid
from tests.patches.upstream import Upstream, git, make, queue_of

Call = Callable[..., Ran]
DROPPED = ["merged.patch", "squashed.patch", "reapplied.patch"]


@pytest.fixture(scope="module")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Upstream:
    return make(tmp_path_factory.mktemp("upstream") / "repo")


@pytest.fixture(scope="module")
def index(upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("index") / "index"
    assert run_kcfg("patches", "index", upstream.path, "-o", path).status == 0
    return path


@pytest.fixture(scope="module")
def made(upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return queue_of(upstream, tmp_path_factory.mktemp("queue") / "patches")


@pytest.fixture
def queue(made: Path, tmp_path: Path) -> Path:
    """A queue of two patches that can be dropped and one that cannot, committed."""
    top = tmp_path / "top"
    folder = top / "debian" / "patches"
    folder.mkdir(parents=True)
    for name in ("merged.patch", "squashed.patch", "not-upstream.patch"):
        shutil.copy(made / name, folder / name)
    (folder / "series").write_text("# ours\nnot-upstream.patch\n# theirs\nmerged.patch\nsquashed.patch -p1\n")
    git(top, "init", "-q", ".")
    git(top, "add", "-A")
    git(top, "commit", "-q", "-m", "queue")
    return folder


@pytest.fixture
def run(upstream: Upstream, index: Path) -> Call:
    def call(*more: str | Path) -> Ran:
        return run_kcfg("patches", "plan", "-u", upstream.path, "--index", index, "--target", "v1.1", "--edit", *more)

    return call


def state(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir()}


def test_the_diff_alone_is_printed_and_nothing_written(run: Call, queue: Path, tmp_path: Path) -> None:
    before = state(queue)
    ran = run(queue)
    assert (ran.status, state(queue)) == (0, before)
    assert ran.out.startswith("diff --git a/debian/patches/series b/debian/patches/series\n--- a/debian")
    assert ran.err.splitlines()[-1].startswith("kcfg: next: kcfg patches plan ")
    assert ran.err.splitlines()[-1].endswith(" --edit --write")
    subprocess.run(["git", "-C", str(tmp_path / "top"), "apply"], input=ran.out.encode(), check=True)
    assert state(queue) == {
        "series": b"# ours\nnot-upstream.patch\n# theirs\n", "not-upstream.patch": before["not-upstream.patch"]
    }  # fmt: skip


@pytest.mark.parametrize("last", [True, False])
def test_write_writes_and_says_what_and_what_next(run: Call, queue: Path, last: bool) -> None:
    ran = run(queue, "--write") if last else run("--write", queue)
    assert (ran.status, ran.out) == (0, "")
    assert ran.err.splitlines()[0] == f"kcfg: dropped 2 patches: edited {queue}/series, removed 2 files"
    assert ran.err.splitlines()[1] == f"kcfg: next: git -C {queue} diff --stat"
    assert set(state(queue)) == {"series", "not-upstream.patch"}
    again = run(queue)
    assert (again.status, again.out, again.err) == (0, "", "kcfg: nothing to drop\n")
    git(queue, "checkout", "-q", "--", ".")
    assert run(queue).out


def test_what_a_killed_edit_left_is_no_file_of_the_queue(run: Call, queue: Path) -> None:
    for name in (".series.999999.0a1b2c3d.old", ".merged.patch.999999.0a1b2c3d.old", ".series.999999.0a1b2c3d.new"):
        source = queue / ("merged.patch" if "merged" in name else "series")
        shutil.copy(source, queue / name)
    ran = run(queue, "--write")
    assert (ran.status, ran.err.splitlines()[0]) == (
        0,
        f"kcfg: dropped 2 patches: edited {queue}/series, removed 2 files",
    )
    assert set(state(queue)) == {"series", "not-upstream.patch"}


def test_a_patch_that_cannot_be_told_is_named_with_the_status_that_says_so(run: Call, queue: Path) -> None:
    (queue / "odd.patch").write_text("no diff\n")
    (queue / "series").write_text("merged.patch\nodd.patch\n")
    ran = run(queue)
    assert ran.status == 3
    assert "kcfg: 1 patch cannot be told, and stays: odd.patch: the patch holds no diff" in ran.err


def test_what_is_not_committed_is_not_written_without_force(run: Call, queue: Path) -> None:
    with open(queue / "merged.patch", "a") as file:
        file.write("-- \nmine\n")
    before = state(queue)
    ran = run(queue, "--write")
    assert (ran.status, state(queue)) == (2, before)
    assert "merged.patch: the file is not as it was committed" in ran.err
    assert len(ran.err.splitlines()) == 1
    assert run(queue, "--write", "--force").status == 0
    assert set(state(queue)) == {"series", "not-upstream.patch"}


def test_outside_a_work_tree_it_takes_force(run: Call, queue: Path, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "top" / ".git")
    ran = run(queue, "--write")
    assert (ran.status, "in no git work tree" in ran.err) == (2, True)
    assert run(queue, "--write", "--force").status == 0
    assert (queue / "series").read_text() == "# ours\nnot-upstream.patch\n# theirs\n"


def test_json_says_what_went_and_what_was_left(run: Call, queue: Path) -> None:
    (queue / "merged.patch").rename(queue / "real")
    (queue / "merged.patch").symlink_to("real")
    ran = run(queue, "--format", "json")
    assert ran.status == 3
    edit = valid(ran.out)["edit"]
    assert (edit["removed"], edit["changed"], edit["deleted"]) == (["squashed.patch"], ["series"], ["squashed.patch"])
    assert edit["left"] == [
        {
            "patch": "merged.patch",
            "kind": "link",
            "text": "merged.patch is a symbolic link, or lies behind one",
            "where": "series:4",
        }
    ]
    assert "written" not in edit
    assert f"kcfg: left alone: merged.patch  {queue}/series:4: {queue}/merged.patch is a symbolic link" in ran.err


def test_a_format_that_is_not_edited_is_one_line_and_status_3(run: Call, queue: Path, tmp_path: Path) -> None:
    box = tmp_path / "x.mbox"
    box.write_bytes(
        b"From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\n" + state(queue)["merged.patch"]
    )
    ran = run(box)
    assert (ran.status, ran.out) == (3, "")
    assert ran.err.splitlines()[0].endswith("a queue of the format mailbox cannot be edited")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("QUEUE", "--write", "FILE"), "--write takes no FILE with --edit"),
        (("QUEUE", "--force"), "--force is for --edit --write alone"),
        (("QUEUE", "--format", "html"), "--edit has no format 'html'"),
        ((), "Missing argument 'QUEUE'"),
    ],
)
def test_options_that_do_not_go_together_are_told(run: Call, queue: Path, more: tuple[str, ...], said: str) -> None:
    ran = run(*(str(queue) if one == "QUEUE" else one for one in more))
    assert (ran.status, said in ran.err) == (2, True)


def test_write_without_a_file_and_without_edit_is_told(queue: Path, upstream: Upstream, index: Path) -> None:
    ran = run_kcfg("patches", "plan", queue, "-u", upstream.path, "--index", index, "--write")
    assert (ran.status, "--write needs a FILE" in ran.err) == (2, True)
