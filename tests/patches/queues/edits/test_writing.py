"""Facts of how an edit is shown and written: what git makes of it, what is refused, and what a fault leaves."""

from __future__ import annotations

import errno
import os
import re
import stat
import subprocess
from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from patches.queues import writing
from patches.queues.edit import FileChange, QueueEdit
from patches.queues.gitdiff import diff
from patches.queues.writing import name_width, need_undo, work_tree, write_edit
from tests.patches.queues.edits.edited import edited, put
from tests.patches.upstream import git

NAMES = ("a.patch", "b c.patch", 'sub/q"uote.patch', "caf\xe9.patch", "d.patch", "new\nline.patch")


def committed(folder: Path, *options: str) -> Path:
    """The folder as a work tree, everything in it committed."""
    git(folder, "init", "-q", *options, ".")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "all")
    return folder


def state(folder: Path) -> dict[str, bytes]:
    """Every file outside .git."""
    found = {str(one.relative_to(folder)): one for one in folder.rglob("*") if one.is_file()}
    return {name: one.read_bytes() for name, one in found.items() if not name.startswith(".git/")}


def shown(edit: QueueEdit) -> bytes:
    tree = work_tree(edit.root)
    return diff(edit.changes, tree.prefix if tree else "", name_width(edit.root))


@pytest.mark.parametrize("options", [(), ("--object-format=sha256",)])
@pytest.mark.parametrize("below", ["", "in/here"])
def test_git_apply_makes_of_the_diff_what_write_makes(tmp_path: Path, options: tuple[str, ...], below: str) -> None:
    for name in ("one", "two"):
        root = tmp_path / name / below
        put(root, {"packed.patch": b"\0\1\2" * 100 + bytes(range(256)), "empty.patch": "", "run.patch": "x"}, NAMES)
        os.chmod(root / "run.patch", 0o755)
        committed(tmp_path / name, *options)
    names = (
        "b c.patch",
        'sub/q"uote.patch',
        "caf\xe9.patch",
        "new\nline.patch",
        "run.patch",
        "packed.patch",
        "empty.patch",
    )
    edit = edited(tmp_path / "one" / below, *names)
    assert sorted(edit.removed) == sorted(names)
    subprocess.run(["git", "apply"], input=shown(edit), cwd=tmp_path / "two", check=True)
    need_undo(edit)
    write_edit(edit)
    assert state(tmp_path / "one") == state(tmp_path / "two")
    assert set(state(tmp_path / "one" / below)) == {"a.patch", "d.patch"}


@pytest.mark.parametrize(
    "series", ["a.patch\nb.patch", "# 1\n#2\n\nb.patch\na.patch\n\n\n\n\n\n\n\n\n#z\nb2.patch\n", "a.patch\n"]
)
def test_hunks_apply_wherever_the_lines_are(tmp_path: Path, series: str) -> None:
    root = put(tmp_path / "one", {"series": series}, ("a.patch", "b.patch", "b2.patch"))
    committed(root)
    names = [one for one in ("a.patch", "b2.patch") if one in series]
    edit = edited(root / "series", *names)
    subprocess.run(["git", "apply", "--check"], input=shown(edit), cwd=root, check=True)
    write_edit(edit)
    assert b"@@" in shown(edit)
    assert (root / "series").read_text() == "".join(
        one for one in series.splitlines(keepends=True) if one.strip() not in names
    )


@pytest.mark.parametrize("gone", [(0,), (3, 9), (3, 10), (3, 11), (0, 1, 2, 20), (21,), tuple(range(22))])
def test_the_diff_is_git_s_own(tmp_path: Path, gone: tuple[int, ...]) -> None:
    names = [f"{i:02}-x.patch" for i in range(22)]
    root = put(tmp_path / "a b", {"series": "\n".join(names)}, names)
    committed(root)
    edit = edited(root / "series", *(names[i] for i in gone))
    text, *_ = edit.changes
    write_edit(edit)
    theirs = subprocess.run(["git", "diff", "--", "series"], cwd=root, capture_output=True, check=True).stdout
    plain = re.sub(rb"(?m)^index .*\n|(?<= @@) .*$", b"", theirs)
    assert diff([text]) == plain


def test_a_name_with_a_blank_is_ended_by_a_tab(tmp_path: Path) -> None:
    put(tmp_path, {"series": "a.patch\n"}, ("a.patch",))
    assert b"\n--- a/x y/series\t\n+++ b/x y/series\t\n" in diff(edited(tmp_path, "a.patch").changes, "x y/")


def test_names_are_no_patterns_for_git(tmp_path: Path) -> None:
    root = put(tmp_path / "q", {}, (":x.patch", "[a].patch"))
    committed(root)
    need_undo(edited(root, ":x.patch", "[a].patch"))


def test_a_link_in_git_is_no_committed_file(tmp_path: Path) -> None:
    root = put(tmp_path / "q", {"series": "a.patch\n"})
    os.symlink("text", root / "a.patch")
    committed(root)
    (root / "a.patch").unlink()
    (root / "a.patch").write_text("text")
    with pytest.raises(UserError, match="not as it was committed"):
        need_undo(edited(root, "a.patch"))


def test_a_mode_stays_and_nothing_else_is_left_behind(tmp_path: Path) -> None:
    root = put(tmp_path, {"series": "a.patch\nb.patch\n"}, ("a.patch", "b.patch"))
    os.chmod(root / "series", 0o640)
    write_edit(edited(root, "a.patch"))
    assert state(root) == {"series": b"b.patch\n", "b.patch": (root / "b.patch").read_bytes()}
    assert stat.S_IMODE((root / "series").stat().st_mode) == 0o640


def test_what_git_could_not_bring_back_is_refused(tmp_path: Path) -> None:
    root = put(tmp_path / "q", {"series": "a.patch\nb.patch\n"}, ("a.patch", "b.patch"))
    with pytest.raises(UserError, match="in no git work tree"):
        need_undo(edited(root, "a.patch"))
    git(root, "init", "-q", ".")
    with pytest.raises(UserError, match="series: the file is not as it was committed"):
        need_undo(edited(root, "a.patch"))
    committed(root)
    need_undo(edited(root, "a.patch"))
    (root / "a.patch").write_text("mine\n")
    with pytest.raises(UserError, match=r"a\.patch: the file is not as it was committed .*--force"):
        need_undo(edited(root, "a.patch"))
    need_undo(edited(root, "b.patch"))


def test_no_filter_of_the_repository_is_run(tmp_path: Path) -> None:
    root = put(tmp_path / "q", {"series": "a.patch\n", ".gitattributes": "* filter=evil\n"}, ("a.patch",))
    committed(root)
    git(root, "config", "filter.evil.clean", f"touch {tmp_path}/ran; cat")
    os.utime(root / "series", (1, 1))
    need_undo(edited(root, "a.patch"))
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_full_disk_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    root = put(tmp_path, {"series": "a.patch\nb.patch\n"}, ("a.patch", "b.patch"))
    before = state(root)
    edit = edited(root, "a.patch")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(writing.os, "fsync" if call == "fsync" else "fchmod", full)
    with pytest.raises(UserError, match="No space left"):
        write_edit(edit)
    assert state(root) == before


def test_several_texts_are_all_written_beside_before_one_is_put_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = put(tmp_path, {"one": "1\n", "two": "2\n"}, ())
    edit = QueueEdit(
        str(root), ("x",), (), (FileChange("one", b"1\n", b"", 0o644), FileChange("two", b"2\n", b"", 0o644))
    )
    done: list[str] = []
    real = writing.write_beside

    def second(at: int, name: str, one: FileChange) -> None:
        done.append(one.path)
        if len(done) == 2:
            raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))
        real(at, name, one)

    monkeypatch.setattr(writing, "write_beside", second)
    with pytest.raises(UserError, match="quota"):
        write_edit(edit)
    assert state(root) == {"one": b"1\n", "two": b"2\n"}


def test_a_file_that_changed_since_or_became_a_link_is_not_touched(tmp_path: Path) -> None:
    root = put(tmp_path / "q", {"series": "a.patch\nb.patch\n", "../out.patch": "out\n"}, ("a.patch", "b.patch"))
    edit = edited(root, "a.patch")
    (root / "a.patch").write_text("new\n")
    before = state(tmp_path)
    with pytest.raises(UserError, match=r"a\.patch: the file has changed since it was read"):
        write_edit(edit)
    assert state(tmp_path) == before
    (root / "a.patch").unlink()
    os.symlink("../out.patch", root / "a.patch")
    with pytest.raises(UserError):
        write_edit(edit)
    assert (root / "series").read_text() == "a.patch\nb.patch\n"
    assert (tmp_path / "out.patch").read_text() == "out\n"


def test_a_folder_that_became_a_link_is_not_entered(tmp_path: Path) -> None:
    root = put(tmp_path / "q", {"series": "d/a.patch\n"}, ("d/a.patch",))
    edit = edited(root, "d/a.patch")
    os.rename(root / "d", tmp_path / "outside")
    os.symlink("../outside", root / "d")
    with pytest.raises(UserError, match="cannot open the folder"):
        write_edit(edit)
    assert (tmp_path / "outside" / "a.patch").exists()
    assert (root / "series").read_text() == "d/a.patch\n"


@pytest.mark.parametrize(("call", "number"), [("replace", 1), ("replace", 2), ("rename", 1), ("rename", 2)])
def test_a_step_that_fails_undoes_those_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    put(tmp_path, {"one": "x\n", "sub/two": "x\n", "three": "x\n", "four": "x\n"})
    gone = [FileChange(name, b"x\n", None, 0o644) for name in ("three", "four")]
    edit = QueueEdit(
        str(tmp_path), changes=(*(FileChange(name, b"x\n", b"y\n", 0o644) for name in ("one", "sub/two")), *gone)
    )
    before = state(tmp_path)
    done = getattr(os, call)
    calls = []

    def fails(*args: object, **more: object) -> None:
        calls.append(args)
        if len(calls) == number:
            raise OSError(errno.EIO, "Input/output error")
        done(*args, **more)

    monkeypatch.setattr(os, call, fails)
    with pytest.raises(UserError, match="cannot write it: Input/output error"):
        write_edit(edit)
    assert state(tmp_path) == before


@pytest.mark.parametrize("stuck", [False, True])
def test_what_cannot_be_undone_keeps_its_old_content_and_the_others_are_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stuck: bool
) -> None:
    put(tmp_path, {name: f"{name}\n" for name in ("one", "sub/two", "three")})
    edit = QueueEdit(
        str(tmp_path),
        changes=(
            FileChange("one", b"one\n", b"y\n", 0o644),
            FileChange("sub/two", b"sub/two\n", b"y\n", 0o644),
            FileChange("three", b"three\n", None, 0o644),
        ),
    )
    replace, rename = os.replace, os.rename
    calls = []

    def replaced(old: str, new: str, **more: int) -> None:
        calls.append(old)
        if old.endswith(".old") and new == "two":
            raise OSError(errno.EACCES, "Permission denied")
        replace(old, new, **more)

    def renamed(old: str, new: str, **more: int) -> None:
        if stuck or old == "three":
            raise OSError(errno.EIO, "Input/output error")
        rename(old, new, **more)

    monkeypatch.setattr(os, "replace", replaced)
    monkeypatch.setattr(os, "rename", renamed)
    with pytest.raises(UserError, match="cannot write it: Input/output error; nor undo all of it") as caught:
        write_edit(edit)
    found = state(tmp_path)
    (kept,) = found.keys() - {"one", "sub/two", "three"}
    assert f"sub/two in {kept}" in str(caught.value)
    assert found == {"one": b"one\n", "sub/two": b"y\n", "three": b"three\n", kept: b"sub/two\n"}
    monkeypatch.undo()
    if not stuck:  # the next edit leaves it, though its process is gone
        monkeypatch.setattr(writing, "left", lambda at: [one for one in os.listdir(at) if one.endswith(".old")])
        write_edit(QueueEdit(str(tmp_path), changes=(FileChange("sub/two", b"y\n", b"z\n", 0o644),)))
        assert state(tmp_path)[kept] == b"sub/two\n"
