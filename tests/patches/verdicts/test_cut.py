"""What a history that is not whole cannot tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from patches.evidence import NoteKind
from patches.findings import Action, PatchResult, Verdict
from patches.queues.gitfiles import GitFiles
from patches.verdicts.audit import AuditQuestion, audit, exit_status
from patches.verdicts.plan import decide
from tests.patches.upstream import git

COMMITS = 12


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    """Twelve commits, each of which adds functions to a file of its own."""
    path = tmp_path / "up"
    git(tmp_path, "init", "-q", "-b", "main", "up")
    git(path, "config", "uploadpack.allowFilter", "true")
    for number in range(COMMITS):
        (path / f"f{number}.c").write_text("".join(f"int value_{number}_{k}(struct domain *d);\n" for k in range(6)))
        git(path, "add", "-A")
        git(path, "commit", "-q", "-m", f"add values {number}")
        git(path, "tag", f"v1.{number}")
    return path


def queue(tmp_path: Path, upstream: Path, number: int, header: str = "") -> str:
    """A queue of one patch: a commit's, without its title."""
    folder = tmp_path / f"q{number}{len(header)}"
    folder.mkdir(exist_ok=True)
    diff = git(upstream, "show", "--format=", f"v1.{number}")
    (folder / "a.patch").write_text(f"Subject: something else\n\n{header}\n---\n{diff}")
    (folder / "series").write_text("a.patch\n")
    return str(folder)


def asked(queue: str, upstream: Path, tmp_path: Path) -> tuple[PatchResult, int]:
    report = audit(AuditQuestion(queue, (str(upstream),), index=str(tmp_path / f"{upstream.name}.index")))
    return report.patches[0], exit_status(report, ())


def clone(upstream: Path, how: str) -> Path:
    name = how.strip("-").replace(":", "-").replace("=", "-")
    git(upstream.parent, "clone", "-q", "--no-checkout", how, f"file://{upstream}", name)
    return upstream.parent / name


def test_what_a_shallow_history_does_not_have_may_be_in_the_rest(upstream: Path, tmp_path: Path) -> None:
    shallow = clone(upstream, "--depth=4")
    for number, verdict, action, status in (
        (1, Verdict.UNKNOWN, Action.WATCH, 3),
        (10, Verdict.MERGED, Action.DROP, 0),
    ):
        found, told = asked(queue(tmp_path, upstream, number), shallow, tmp_path)
        assert (found.verdict, decide(found).action, told) == (verdict, action, status)
        assert (NoteKind.NOT_WHOLE in {note.kind for note in found.notes}) is (status == 3)


def test_nor_is_a_claim_wrong_whose_commit_may_be_there(upstream: Path, tmp_path: Path) -> None:
    shallow = clone(upstream, "--depth=4")
    first, last = (git(upstream, "rev-parse", f"v1.{number}").strip() for number in (1, 11))
    for whole in (False, True):
        at = upstream if whole else shallow
        for sha, verdict in ((first, Verdict.UNKNOWN), (last, Verdict.CLAIMS_WRONG)):
            text = f"(cherry picked from commit {sha})"
            path = queue(tmp_path, upstream, 2, text + " " * (sha == last))
            Path(path, "a.patch").write_text(Path(path, "a.patch").read_text().replace("value_2", "another"))
            found, _ = asked(path, at, tmp_path)
            assert found.verdict is (Verdict.CLAIMS_WRONG if whole else verdict)


@pytest.mark.parametrize("how", ["--filter=blob:none", "--filter=tree:0"])
def test_nor_what_a_partial_clone_does_not_find(upstream: Path, tmp_path: Path, how: str) -> None:
    found, told = asked(queue(tmp_path, upstream, 1), clone(upstream, how), tmp_path)
    assert (found.verdict, decide(found).action, told) == (Verdict.UNKNOWN, Action.WATCH, 3)
    found, told = asked(queue(tmp_path, upstream, 1), upstream, tmp_path)
    assert (found.verdict, told) == (Verdict.MERGED, 0)


def test_a_whole_history_tells(upstream: Path, tmp_path: Path) -> None:
    path = queue(tmp_path, upstream, 3)
    Path(path, "a.patch").write_text(Path(path, "a.patch").read_text().replace("value_3", "another"))
    found, told = asked(path, upstream, tmp_path)
    assert (found.verdict, decide(found).action, told) == (Verdict.NOT_UPSTREAM, Action.SEND, 0)


def test_files_that_are_not_here_are_no_missing_revision(upstream: Path) -> None:
    lacks = clone(upstream, "--filter=tree:0")
    git(lacks, "remote", "remove", "origin")
    with pytest.raises(UserError, match=r"the files of 'v1\.3' are not in this partial clone"):
        GitFiles(str(lacks), "v1.3")
    with pytest.raises(UserError, match=r"no revision 'v9\.9' in this repository"):
        GitFiles(str(lacks), "v9.9")
