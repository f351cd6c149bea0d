"""`kcfg patches` of what a queue names and does not have: addresses, and entries that no list of a plan has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.run import Ran, run_kcfg
from tests.patches.upstream import make

Call = Callable[..., Ran]
NONE = "4a259353238d" + "0" * 28


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Call:
    up = make(tmp_path_factory.mktemp("upstream") / "repo")
    queue = tmp_path_factory.mktemp("queue")
    here = {"same": up.patch("same"), "changed": up.diff("changed").replace("block_kick", "block\tkick\x1b")}
    for name, text in here.items():
        (queue / f"{name}.patch").write_text(text)
    (queue / "series").write_text(
        f"https://e.org/commit/{up.shas['same']}.patch\nhttps://e.org/commit/{NONE}.patch\n"
        "https://e.org/x.patch\nchanged.patch\ngone.patch\nchanged.patch\n"
    )
    index = queue.parent / "index"

    def call(name: str, *more: str | Path) -> Ran:
        return run_kcfg("patches", name, queue, *more, "--upstream", up.path, "--index", index)

    return call


def test_status_says_how_many_are_not_fetched(run: Call) -> None:
    assert "3 patches are not fetched: only their addresses are known" in run("status").out.splitlines()


def test_show_has_no_score_and_no_difference_where_nothing_was_compared(run: Call) -> None:
    (known,) = [one for one in run("status").out.splitlines() if " merged " in one]
    out = run("show", next(word for word in known.split() if word.endswith(".patch"))).out
    lines = out.splitlines()
    assert "  ✓ merged  by its address alone, certainty medium" in lines
    assert "the patch is not fetched: there is nothing to compare with upstream's change" in lines
    assert "score" not in out
    assert "difference to upstream" not in out


def test_show_names_the_commit_that_is_not_there_whole_and_no_score(run: Call) -> None:
    lines = run("show", f"{NONE}.patch").out.splitlines()
    assert "  ? unknown" in lines
    assert f"  note  its address names no commit of this upstream: {NONE}" in lines
    html = run("show", f"{NONE}.patch", "--format", "html").out
    assert "score" not in html.partition("<main")[2]


def test_a_difference_has_its_tabs_and_no_other_control_character(run: Call) -> None:
    out = run("show", "changed.patch").out
    assert "block\tkick\\x1b_backend" in out
    assert "\x1b" not in out


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_a_plan_says_what_of_the_queue_it_has_not(run: Call, form: str) -> None:
    out = run("plan", "--format", form).out
    for said in ("1 entry is listed, and not there", "1 entry is listed twice", "1 patch is there, and not listed"):
        assert said in out
    assert "kcfg patches status " in out


def test_so_does_its_edit(run: Call) -> None:
    told = run("plan", "--edit").err
    assert "kcfg: 1 entry is listed, and not there (" in told
    assert "kcfg: 1 entry is listed twice (" in told
    assert "): `kcfg patches status " in told
