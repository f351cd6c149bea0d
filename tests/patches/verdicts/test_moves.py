"""Names that a file had and got."""

from __future__ import annotations

from pathlib import Path

import pytest

from patches.verdicts.moves import MOST, Moves
from patches.verdicts.upstream import History, open_history
from tests.patches.upstream import git, source


def write(path: Path, name: str, lines: list[str]) -> None:
    (path / name).parent.mkdir(parents=True, exist_ok=True)
    (path / name).write_text("".join(f"{line}\n" for line in lines))


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """x86/fault.c was renamed twice; arm/fault.c is another file, and mips/fault.c was removed."""
    path = tmp_path_factory.mktemp("moves") / "repo"
    path.mkdir()
    git(path, "init", "-q", "-b", "master")
    for name in ("x86/fault.c", "arm/fault.c", "mips/fault.c"):
        write(path, name, source(name))
    steps = (
        [],
        ["mv", "x86/fault.c", "x86/page_fault.c"],
        ["rm", "-q", "mips/fault.c"],
        ["mv", "x86/page_fault.c", "common_fault.c"],
    )
    for number, step in enumerate(steps):
        if step:
            git(path, *step)
        git(path, "add", ".")
        git(path, "commit", "-q", "-m", f"c{number}")
    return open_history(str(path), str(path.parent / "index"), "", 1, lambda *_: None)


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("x86/fault.c", ("x86/page_fault.c", "common_fault.c")),
        ("x86/page_fault.c", ("common_fault.c", "x86/fault.c")),
        ("common_fault.c", ("x86/page_fault.c", "x86/fault.c")),
        ("arm/fault.c", ()),
        ("mips/fault.c", ()),
        ("fault.c", ()),
        ("own/fault.c", ()),
    ],
)
def test_a_file_has_the_names_that_commits_gave_it_and_no_like_ones(
    history: History, name: str, others: tuple[str, ...]
) -> None:
    assert history.moves.names(name) == others


def test_a_target_finds_a_renamed_file_and_no_other_of_its_name(history: History) -> None:
    target = history.target()
    diffs = {one.new: one for ident in (1, 2, 3, 4) for one in history.read(history.index.commit(ident).sha).files}
    assert target.path(diffs["x86/page_fault.c"]) == "common_fault.c"
    assert target.path(diffs["arm/fault.c"]) == "arm/fault.c"
    assert target.path(diffs["mips/fault.c"]) == ""


def test_a_name_that_is_no_text_has_no_other(history: History) -> None:
    for name in ("x86/\udcff.c", "x86/fault.c\0", ""):
        assert history.moves.names(name) == ()


def test_a_file_that_went_through_many_names_has_the_nearest(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    every = Moves(history.index, history.read)
    monkeypatch.setattr(every, "renamed", lambda path: [f"{path}+", path[:-1]])
    assert 0 < len(every.names("x")) <= MOST + 2
    assert every.names("x")[:1] == ("x+",)
