"""`kcfg patches status --fail-on follow-up` and `--waivers`, by their exit status and one line for what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.run import Ran, run_kcfg
from tests.patches.upstream import Upstream, make

FAIL = ("--fail-on", "follow-up")


@pytest.fixture(scope="module")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Upstream:
    return make(tmp_path_factory.mktemp("upstream") / "repo")


@pytest.fixture(scope="module")
def index(upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("index") / "index"
    assert run_kcfg("patches", "index", upstream.path, "-o", path).status == 0
    return path


@pytest.fixture
def queue(upstream: Upstream, tmp_path: Path) -> Path:
    """A queue that carries a change that upstream mended, and not the fix."""
    folder = tmp_path / "queue"
    folder.mkdir()
    (folder / "same.patch").write_text(upstream.patch("same"))
    return folder


def status(queue: Path, upstream: Upstream, index: Path, *more: str | Path) -> Ran:
    return run_kcfg("patches", "status", queue, "-u", upstream.path, "--index", index, *more)


def waiver(folder: Path, commit: str, expires: str = "2999-01-01") -> Path:
    path = folder / "waivers.toml"
    path.write_text(f'[[waiver]]\ncommit = "{commit}"\nreason = "not here"\nexpires = {expires}\n')
    return path


def test_a_follow_up_that_the_queue_lacks_fails_and_one_that_it_or_the_base_has_does_not(
    queue: Path, upstream: Upstream, index: Path
) -> None:
    assert status(queue, upstream, index).status == 0
    assert status(queue, upstream, index, *FAIL).status == 1
    assert status(queue, upstream, index, *FAIL, "--base", "v1.2").status == 0
    (queue / "fix.patch").write_text(upstream.patch("fix"))
    assert status(queue, upstream, index, *FAIL).status == 0


def test_a_waived_follow_up_does_not_fail_until_its_waiver_ends(
    queue: Path, upstream: Upstream, index: Path, tmp_path: Path
) -> None:
    ran = status(queue, upstream, index, *FAIL, "--waivers", waiver(tmp_path, upstream.shas["fix"][:12]))
    assert (ran.status, "upstream went on, and the queue shall not (1)" in ran.out) == (0, True)
    assert "upstream went on, the queue did not" not in ran.out
    old = waiver(tmp_path, upstream.shas["fix"][:12], "2001-01-01")
    ran = status(queue, upstream, index, *FAIL, "--waivers", old)
    assert (ran.status, "it ended on 2001-01-01 (not here)" in ran.out) == (1, True)


def test_an_unused_waiver_is_said_and_fails_where_that_is_asked_for(
    queue: Path, upstream: Upstream, index: Path, tmp_path: Path
) -> None:
    path = waiver(tmp_path, "1234567")
    ran = status(queue, upstream, index, "--waivers", path)
    assert (ran.status, "no follow-up needs it (not here)" in ran.out) == (0, True)
    assert status(queue, upstream, index, "--waivers", path, "--fail-on", "waiver").status == 1


def test_a_patch_that_cannot_be_told_is_three_where_no_follow_up_is_missing(
    queue: Path, upstream: Upstream, index: Path, tmp_path: Path
) -> None:
    (queue / "empty.patch").write_text("nothing\n")
    (queue / "series").write_text("same.patch\nempty.patch\n")
    path = waiver(tmp_path, upstream.shas["fix"])
    assert status(queue, upstream, index, *FAIL).status == 1
    assert status(queue, upstream, index, *FAIL, "--waivers", path).status == 3


def test_show_tells_the_waiver_of_a_follow_up(queue: Path, upstream: Upstream, index: Path, tmp_path: Path) -> None:
    path = waiver(tmp_path, upstream.shas["fix"])
    ran = run_kcfg(
        "patches", "show", queue, "same.patch", "-u", upstream.path, "--index", index, "--waivers", path,
        "--format", "json",
    )  # fmt: skip
    (follow,) = json.loads(ran.out)["status"]["patches"][0]["follow_ups"]
    assert (ran.status, follow["weight"], follow["waived"]["reason"]) == (0, "code", "not here")


@pytest.mark.parametrize("path", ["/dev/zero", "/none.toml", "/"])
def test_what_is_no_file_of_waivers_is_one_line_and_two(
    queue: Path, upstream: Upstream, index: Path, path: str
) -> None:
    ran = status(queue, upstream, index, "--waivers", path)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith(f"kcfg: {path}: ")
