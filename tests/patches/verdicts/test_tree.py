"""Facts of verdicts from a source tree alone."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from patches.evidence import Note, NoteKind
from patches.findings import Action, PatchResult, Verdict
from patches.queues.files import DiskFiles
from patches.queues.gitfiles import GitFiles
from patches.upstreams.limits import Limit
from patches.upstreams.tarfiles import TarFiles
from patches.verdicts.audit import AuditQuestion, audit
from patches.verdicts.plan import decide
from tests.patches.upstream import Upstream, file_diff, git, patch_of, source

MERGED = (Verdict.MERGED, Verdict.MODIFIED)


@pytest.fixture(scope="session", params=["folder", "tar.gz", "tar.xz", "revision"])
def tree(request: pytest.FixtureRequest, upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Release v1.1 without its history."""
    folder = tmp_path_factory.mktemp("tree")
    if request.param == "revision":
        return f"{upstream.path}@v1.1"
    name = folder / "x-1.1.tar"
    git(upstream.path, "archive", "--prefix=x-1.1/", "-o", str(name), "v1.1")
    if request.param == "folder":
        with tarfile.open(name) as archive:
            archive.extractall(folder, filter="data")
        return str(folder / "x-1.1")
    packed = folder / f"x-1.1.{request.param}"
    with tarfile.open(packed, f"w:{request.param[-2:]}") as out, tarfile.open(name) as archive:
        for member in archive:
            out.addfile(member, archive.extractfile(member) if member.isreg() else None)
    return str(packed)


def results(queue: Path, tree: str) -> dict[str, PatchResult]:
    return {one.name: one for one in audit(AuditQuestion(str(queue), (tree,))).patches}


def test_content_tells_what_is_there(queue: Path, tree: str) -> None:
    found = results(queue, tree)
    assert found["merged.patch"].verdict is Verdict.MERGED
    assert found["squashed.patch"].verdict is Verdict.MERGED
    assert found["split.patch"].verdict is Verdict.MERGED
    assert found["modified.patch"].verdict in MERGED
    assert found["partial.patch"].verdict is Verdict.PARTIAL
    for name in ("reapplied", "reverted", "superseded", "not-upstream", "stable-only", "claims-wrong"):
        assert found[f"{name}.patch"].verdict is Verdict.NOT_UPSTREAM, name
    assert found["unknown.patch"].verdict is Verdict.UNKNOWN


def test_a_hunk_that_says_nothing_is_no_part(upstream: Upstream, tmp_path: Path) -> None:
    """A large patch with a small hunk that any tree may have, and one with a hunk that is only braces."""
    old = source("disk")
    new = list(old)
    new[30:34] = [f"    disk_vendor_hook_{n}(disk, VENDOR);" for n in range(40)]
    start = source("net")
    brace = [*start[:20], "}", *start[20:]]
    there = [*brace[:40], "int net_step_0(void);", *brace[40:]]
    tree = tmp_path / "tree"
    (tree / "drivers").mkdir(parents=True)
    (tree / "drivers/disk.c").write_text("".join(f"{line}\n" for line in old))
    (tree / "drivers/net.c").write_text("".join(f"{line}\n" for line in there))
    folder = tmp_path / "queue"
    folder.mkdir()
    hooks = file_diff("drivers/disk.c", old, new)
    (folder / "1.patch").write_text(patch_of("disk: hooks", hooks + file_diff("drivers/net.c", brace, there)))
    (folder / "2.patch").write_text(patch_of("disk: hooks", hooks + file_diff("drivers/net.c", start, brace)))
    assert [one.verdict for one in audit(AuditQuestion(str(folder), (str(tree),))).patches] == [
        Verdict.NOT_UPSTREAM
    ] * 2


def test_it_says_that_it_is_content_alone(queue: Path, tree: str) -> None:
    report = audit(AuditQuestion(str(queue), (tree,)))
    (used,) = report.upstream
    assert used.kind == "tree"
    assert used.limits == (Limit.CONTENT,)
    found = next(one for one in report.patches if one.name == "claims-wrong.patch")
    assert [claim.outcome for claim in found.claims] == ["not-checked"]
    assert (found.verdict, found.certainty) == (Verdict.NOT_UPSTREAM, "low")
    assert found.notes == (Note(NoteKind.TOLD_MERGED),)
    plain = next(one for one in report.patches if one.name == "not-upstream.patch")
    assert (plain.certainty, plain.notes) == ("medium", ())
    assert {one.commits for one in report.patches} == {()}


def test_a_file_that_moved_with_its_folder_is_found(upstream: Upstream, queue: Path, tmp_path: Path) -> None:
    where = tmp_path / "tree" / "new" / "drivers"
    where.mkdir(parents=True)
    (where / "net.c").write_text(git(upstream.path, "show", "v1.1:drivers/net.c"))
    assert results(queue, str(tmp_path / "tree"))["merged.patch"].verdict is Verdict.MERGED
    assert results(queue, str(tmp_path / "tree"))["split.patch"].verdict is Verdict.UNKNOWN  # nothing of it is there


def test_base_and_target_need_a_history(queue: Path, tree: str) -> None:
    with pytest.raises(UserError, match="need an upstream with a history"):
        audit(AuditQuestion(str(queue), (tree,), target="v1.1"))


def test_a_link_out_of_the_tree_is_not_followed(queue: Path, tmp_path: Path, upstream: Upstream) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "net.c").write_text(git(upstream.path, "show", "v1.1:drivers/net.c"))
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "drivers").symlink_to("../secret")
    found = results(queue, str(tmp_path / "tree"))["merged.patch"]
    assert found.verdict is Verdict.UNKNOWN
    (note,) = found.notes
    assert (note.kind, "leads out" in note.text) == (NoteKind.UNREADABLE, True)


@pytest.mark.parametrize("data", [b"", b"plain text\n" * 60, b"\x1f\x8b" + bytes(40)])
def test_what_is_no_tarball_is_one_line(queue: Path, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.tar").write_bytes(data)
    with pytest.raises(UserError) as caught:
        audit(AuditQuestion(str(queue), (str(tmp_path / "x.tar"),)))
    assert "\n" not in str(caught.value)


def test_a_tarball_without_a_top_folder(queue: Path, upstream: Upstream, tmp_path: Path) -> None:
    data = git(upstream.path, "show", "v1.1:drivers/net.c").encode()
    with tarfile.open(tmp_path / "x.tar", "w") as out:
        for name in ("drivers/net.c", "README"):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            out.addfile(info, io.BytesIO(data))
    assert results(queue, str(tmp_path / "x.tar"))["merged.patch"].verdict is Verdict.MERGED


def test_a_tree_that_has_nothing_of_the_queue_is_asked_about(queue: Path, tmp_path: Path) -> None:
    (tmp_path / "README").write_text("hello\n")
    report = audit(AuditQuestion(str(queue), (str(tmp_path),)))
    assert report.upstream[0].limits == (Limit.CONTENT, Limit.OTHER_TREE)
    assert {one.verdict for one in report.patches} == {Verdict.UNKNOWN}
    told = {one.name: [note.kind for note in one.notes] for one in report.patches}
    assert told["merged.patch"] == [NoteKind.OTHER_TREE]


def test_the_right_tree_is_not_asked_about(queue: Path, tree: str) -> None:
    assert audit(AuditQuestion(str(queue), (tree,))).upstream[0].limits == (Limit.CONTENT,)


def test_a_file_that_a_patch_removes_may_lie_elsewhere_in_a_tree(tmp_path: Path) -> None:
    """Beside a hunk that the tree has."""
    tree, queue = tmp_path / "tree", tmp_path / "queue"
    queue.mkdir()
    old = source("one")
    new = [*old[:20], "    one_check_length(one, ONE_LIMIT);", *old[21:]]
    text = file_diff("drivers/one.c", old, new) + "diff --git a/lib/old.sh b/lib/old.sh\ndeleted file mode 100755\n"
    (queue / "a.patch").write_text(text + "--- a/lib/old.sh\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-echo one\n-echo two\n")
    for place, dropped in (("lib2/old.sh", False), ("lib2/other.sh", True)):
        for name, lines in (("drivers/one.c", new), (place, ["echo one", "echo two"])):
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).write_text("".join(f"{line}\n" for line in lines))
        (one,) = audit(AuditQuestion(str(queue), (str(tree),))).patches
        assert (decide(one).action is Action.DROP) is dropped
        (tree / place).unlink()


@pytest.mark.parametrize("path", ["old.c", "drivers/old.c", "elsewhere/old.c"])
def test_that_a_file_is_not_there_does_not_say_that_a_patch_removed_it(tmp_path: Path, path: str) -> None:
    tree, queue = tmp_path / "tree", tmp_path / "queue"
    for name in ("drivers/net.c", "main.c"):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text("int net_of_this_tree(void);\n")
    queue.mkdir()
    lines = source("old")
    text = f"diff --git a/{path} b/{path}\ndeleted file mode 100644\n--- a/{path}\n+++ /dev/null\n"
    (queue / "a.patch").write_text(text + f"@@ -1,{len(lines)} +0,0 @@\n" + "".join(f"-{one}\n" for one in lines))
    (one,) = audit(AuditQuestion(str(queue), (str(tree),))).patches
    assert one.verdict is Verdict.UNKNOWN
    assert [note.kind for note in one.notes] in ([NoteKind.GONE_ALONE], [NoteKind.OTHER_TREE])


LINES = "".join(f"+do_{n}_of_this_program\n" for n in range(4))
PROGRAM = f"diff --git a/d/run b/d/run\nnew file mode MODE\n--- /dev/null\n+++ b/d/run\n@@ -0,0 +1,4 @@\n{LINES}"
LINK = (
    "diff --git a/d/link b/d/link\nnew file mode MODE\n--- /dev/null\n+++ b/d/link\n@@ -0,0 +1 @@\n"
    "+run_of_this_program\n\\ No newline at end of file\n"
)
TURNED = (
    "diff --git a/d/run b/d/run\nold mode 100644\nnew mode MODE\n--- a/d/run\n+++ b/d/run\n@@ -1,3 +1,4 @@\n"
    " do_0_of_this_program\n+do_1_of_this_program\n do_2_of_this_program\n do_3_of_this_program\n"
)


@pytest.mark.parametrize("form", ["folder", "tar", "revision"])
@pytest.mark.parametrize(
    ("text", "mode", "dropped"),
    [
        (PROGRAM, "100755", False), (PROGRAM, "100644", True), (LINK, "120000", False), (LINK, "100644", True),
        (TURNED, "100755", False), (TURNED, "100644", True), (PROGRAM.replace("run", "ran"), "100755", True),
        (PROGRAM.replace("run", "ran"), "100644", False),
    ],
)  # fmt: skip
def test_modes_and_links_of_a_tree_count(tmp_path: Path, form: str, text: str, mode: str, dropped: bool) -> None:
    folder = tmp_path / "x-1"
    (folder / "d").mkdir(parents=True)
    for name in ("run", "ran"):
        (folder / "d" / name).write_text(LINES.replace("+", ""))
    (folder / "d" / "ran").chmod(0o755)
    (folder / "d" / "link").write_text("run_of_this_program")
    tree = str(folder)
    if form == "tar":
        tree = f"{folder}.tar"
        with tarfile.open(tree, "w") as archive:
            archive.add(folder, "x-1")
    elif form == "revision":
        git(folder, "init", "-q")
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", "x")
        tree = f"{folder}@HEAD"
    queue = tmp_path / "queue"
    queue.mkdir()
    (queue / "one.patch").write_text(patch_of("run: one", text.replace("MODE", mode)))
    (found,) = audit(AuditQuestion(str(queue), (tree,))).patches
    assert found.verdict is Verdict.MERGED
    assert (decide(found).action is Action.DROP) is dropped


def test_modes_of_a_tarball_s_second_names_and_of_a_folder_s_link(tmp_path: Path) -> None:
    folder = tmp_path / "x-1"
    (folder / "d").mkdir(parents=True)
    (folder / "d" / "one").write_text("one\n")
    (folder / "d" / "one").chmod(0o755)
    (folder / "d" / "two").hardlink_to(folder / "d" / "one")
    (folder / "d" / "three").symlink_to("one")
    (folder / "e").symlink_to("d")
    with tarfile.open(f"{folder}.tar", "w") as archive:
        archive.add(folder, "x-1")
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "x")
    for files in (TarFiles(f"{folder}.tar", ()), DiskFiles(str(folder)), GitFiles(str(folder), "HEAD")):
        told = [files.mode(path) for path in ("d/one", "d/two", "d/three", "e/one", "e", "d/four")]
        assert told == ["100755", "100755", "120000", "100755", "120000", ""]
