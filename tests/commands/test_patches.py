"""`kcfg patches`."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from patches.report.json import schema_text
from tests.commands.run import Ran, run_kcfg
from tests.patches.upstream import Upstream, git, make, patch_of, queue_of

Call = Callable[..., Ran]


@pytest.fixture(scope="module")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Upstream:
    return make(tmp_path_factory.mktemp("upstream") / "repo")


@pytest.fixture(scope="module")
def queue(upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return queue_of(upstream, tmp_path_factory.mktemp("queue") / "patches")


@pytest.fixture(scope="module")
def index(upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("index") / "index"
    assert run_kcfg("patches", "index", upstream.path, "-o", path).status == 0
    return path


@pytest.fixture
def run(upstream: Upstream, queue: Path, index: Path) -> Call:
    def call(name: str, *more: str | Path) -> Ran:
        return run_kcfg("patches", name, queue, *more, "--upstream", upstream.path, "--index", index)

    return call


def valid(out: str) -> Any:
    """A JSON report that fits the schema that ships."""
    report = json.loads(out)
    jsonschema.validate(report, json.loads(files("patches").joinpath("report/schemas/patches-1.json").read_text()))
    return report


def test_the_schema_that_ships_is_that_of_the_data() -> None:
    assert files("patches").joinpath("report/schemas/patches-1.json").read_text() == schema_text()


def test_status_as_text(run: Call) -> None:
    ran = run("status")
    assert ran.status == 3  # one patch holds no diff
    lines = ran.out.splitlines()
    assert "12 patches" in lines[0]
    assert any(line.split()[1:3] == ["✓", "merged"] for line in lines)
    assert any(line.startswith("not-upstream") for line in lines)
    assert "kcfg patches show" in lines[-2]
    assert ran.err == ""


def test_a_tree_s_verdicts_say_how_unsure_they_are(queue: Path, upstream: Upstream) -> None:
    ran = run_kcfg("patches", "status", queue, "--upstream", f"{upstream.path}@v1.2")
    words = [line.split()[2] for line in ran.out.splitlines() if line.split()[1:2] == ["·"]]
    assert "not-upstream?" in words
    assert any("of low certainty, marked by ?" in line for line in ran.out.splitlines())
    assert "--target" not in ran.out  # a tree has no revisions


def test_status_as_json(run: Call, upstream: Upstream) -> None:
    report = valid(run("status", "--format", "json").out)
    found = {one["name"]: one for one in report["patches"]}
    assert found["merged.patch"]["commits"][0]["sha"] == upstream.shas["same"]
    assert found["merged.patch"]["verdict"] == "merged"
    assert report["format"] == "quilt"


def test_status_as_csv_markdown_and_sarif(run: Call) -> None:
    rows = list(csv.DictReader(io.StringIO(run("status", "--format", "csv").out)))
    assert [row["verdict"] for row in rows][:3] == ["merged", "modified", "squashed"]
    assert "| ✓ merged | `merged.patch` |" in run("status", "--format", "markdown").out
    log = json.loads(run("status", "--format", "sarif").out)
    (one,) = [r for r in log["runs"][0]["results"] if r["ruleId"] == "patches/claims-wrong"]
    place = one["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]) == ("series", {"startLine": 10})


@pytest.mark.parametrize(
    ("kind", "status"),
    [("merged", 1), ("claims-wrong", 1), ("follow-up", 1), ("stale", 3), ("unreadable", 1), ("waiver", 3)],
)
def test_fail_on(run: Call, kind: str, status: int) -> None:
    assert run("status", "--fail-on", kind, "--format", "json").status == status


@pytest.mark.parametrize("command", ["status", "plan"])
def test_a_queue_of_which_no_patch_is_there_is_not_clean(
    upstream: Upstream, index: Path, tmp_path: Path, command: str
) -> None:
    (tmp_path / "series").write_text("gone.patch\n")
    ran = run_kcfg("patches", command, tmp_path / "series", "--upstream", upstream.path, "--index", index)
    assert (ran.status, "gone.patch" in ran.out) == (3, True)


def test_what_made_it_fail_is_said_by_kind_and_number(run: Call) -> None:
    told = run("status", "--fail-on", "claims-wrong", "--fail-on", "merged").err
    assert told == "kcfg: failed on merged (4), claims-wrong (1)\n"
    assert run("status", "--fail-on", "stale").err == ""


def test_what_can_be_dropped_is_told_with_the_revision_that_has_it(run: Call) -> None:
    assert "3 patches can be dropped at v1.1" in run("status", "--base", "v1.0", "--target", "v1.1").out.splitlines()


def test_what_to_type_next_names_the_index_and_the_main_branch(run: Call, index: Path) -> None:
    *_, show, plan = run("status", "--main-branch", "master").out.splitlines()
    assert all(f" --main-branch master --index {index}" in line for line in (show, plan))


def test_a_pipe_gets_whole_lines(run: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert "…" not in run("status").out
    assert "…" not in run("plan").out


def test_a_series_is_not_written_to_standard_output(run: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run("plan", "--write", "-")
    assert (ran.status, ran.out, list(tmp_path.iterdir())) == (2, "", [])
    assert "--write needs a FILE" in ran.err


def test_where_no_series_can_be_written_is_said_before_the_work(run: Call, tmp_path: Path) -> None:
    for place, told in (("none/series", "no such file"), ("file/series", "not a directory"), ("x" * 300, "too long")):
        (tmp_path / "file").touch()
        ran = run("plan", "--write", str(tmp_path / place))
        assert (ran.status, ran.out) == (2, "")
        assert told in ran.err


def test_show_has_evidence_and_the_difference(run: Call, upstream: Upstream) -> None:
    ran = run("show", "modified.patch")
    assert ran.status == 0
    assert upstream.shas["changed"][:12] in ran.out
    assert "++    return block_flush_all(block, count);" in ran.out
    report = valid(run("show", "merged.patch", "--format", "json").out)
    assert {one["kind"] for one in report["status"]["patches"][0]["evidence"]} >= {"patch-id", "lines", "subject"}


def test_show_of_an_unknown_patch_has_a_near_miss(run: Call) -> None:
    ran = run("show", "merge.patch")
    assert ran.status == 2
    assert "merged.patch" in ran.err
    assert ran.err.count("\n") == 1


def test_an_unknown_patch_of_a_revision_has_its_place(tmp_path: Path, upstream: Upstream, index: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a.patch").write_text(upstream.patch("same"))
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "queue")
    where = f"{tmp_path}@HEAD"
    ran = run_kcfg("patches", "show", where, "b.patch", "-u", upstream.path, "--index", index)
    assert ran.err.startswith(f"kcfg: {where}: no patch 'b.patch'")


def test_plan_writes_a_series_and_never_over_one(run: Call, tmp_path: Path) -> None:
    out = tmp_path / "series.new"
    ran = run("plan", "--base", "v1.0", "--target", "v1.1", "--write", out)
    assert ran.status == 3
    assert "drop (3)" in ran.out
    assert "not-upstream.patch" in out.read_text().splitlines()
    assert "--write" not in ran.out
    before = out.read_bytes()
    again = run("plan", "--target", "v1.1", "--write", out)
    assert (again.status, out.read_bytes()) == (2, before)
    assert "exists already" in again.err


def test_plan_as_json_and_markdown(run: Call) -> None:
    report = valid(run("plan", "--target", "v1.1", "--format", "json").out)
    assert report["plan"]["send"] == ["not-upstream.patch"]
    assert "## Drop (3)" in run("plan", "--target", "v1.1", "--format", "markdown").out


def test_index_says_what_it_did(upstream: Upstream, index: Path) -> None:
    ran = run_kcfg("patches", "index", upstream.path, "-o", index)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.endswith("commits, 0 new\n")


def test_formats_are_listed() -> None:
    names = [line.split()[0] for line in run_kcfg("patches", "formats").out.splitlines()]
    assert names == [
        "quilt", "spec", "suse", "yaml", "yocto", "apkbuild", "pkgbuild", "ebuild", "buildroot", "openwrt", "nix",
        "mailbox", "folder", "git-range",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("status", "nowhere", "-u", "REPO"), "no such queue"),
        (("status", "QUEUE", "-u", "nowhere"), "no such upstream"),
        (("status", "QUEUE", "-u", "REPO", "--base", "v9"), "no revision 'v9'"),
        (("status", "QUEUE", "-u", "REPO", "--target", "--help me"), "not a git revision"),
        (("status", "QUEUE"), "--upstream"),
        (("index", "nowhere"), "no such folder"),
        (("trend", "QUEUE", "-u", "REPO"), "not a git repository"),
        (("stat", "QUEUE"), "status"),
    ],
)
def test_bad_input_is_one_line(
    args: tuple[str, ...], said: str, upstream: Upstream, queue: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    names = {"REPO": str(upstream.path), "QUEUE": str(queue)}
    ran = run_kcfg("patches", *(names.get(one, one) for one in args))
    assert ran.status == 2
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_a_hostile_patch_stays_text(upstream: Upstream, index: Path, tmp_path: Path) -> None:
    text = upstream.patch("same").replace("net: check", "<script>alert(1)</script> |x| \x1b[31m=cmd()")
    (tmp_path / "=evil|<b>.patch").write_text(text)
    for form in ("text", "json", "markdown", "csv", "sarif"):
        ran = run_kcfg("patches", "status", tmp_path, "-u", upstream.path, "--index", index, "--format", form)
        assert ran.status == 0
        assert "\x1b" not in ran.out
    said = {
        form: run_kcfg("patches", "status", tmp_path, "-u", upstream.path, "--index", index, "--format", form).out
        for form in ("csv", "markdown")
    }
    (row,) = csv.DictReader(io.StringIO(said["csv"]))
    assert row["name"].startswith("'=")
    assert "<script>" not in said["markdown"]


def test_a_limited_index_is_made_by_its_option_and_kept_by_status(
    upstream: Upstream, queue: Path, tmp_path: Path
) -> None:
    file = tmp_path / "index"
    ran = run_kcfg("patches", "index", upstream.path, "--paths", "drivers/net.c", "--index", file)
    assert (ran.status, ran.out.startswith(f"{file}: ")) == (0, True)
    ran = run_kcfg("patches", "status", queue, "--upstream", upstream.path, "--index", file)
    assert "only a part of the history is indexed" in ran.out
    assert "made anew" not in ran.err
    again = run_kcfg("patches", "index", upstream.path, "--paths", "drivers/net.c", "--index", file)
    assert (again.err.count("made anew"), again.out.endswith(" 0 new\n")) == (0, True)


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        (("--paths", "no/such", "--paths", "other"), "no commit touches no/such, other"),
        (("--paths", "no/such", "--since", "2020-01-01"), "no commit since 2020-01-01 touches no/such"),
        (("--since", "2999-01-01"), "there is no commit since 2999-01-01"),
    ],
)
def test_limits_that_leave_nothing_are_told(
    limits: tuple[str, ...], told: str, upstream: Upstream, tmp_path: Path
) -> None:
    ran = run_kcfg("patches", "index", upstream.path, *limits, "--index", tmp_path / "index")
    assert (ran.status, ran.out.endswith(": 0 commits, 0 new\n")) == (0, True)
    assert f"kcfg: {told}\n" in ran.err


def test_a_since_that_is_no_date_is_refused(tmp_path: Path) -> None:
    ran = run_kcfg("patches", "index", tmp_path, "--since", "yesteryear")
    assert (ran.status, ran.out) == (2, "")
    assert "'yesteryear': not a date" in ran.err


@pytest.mark.parametrize("inside", [False, True])
def test_an_upstream_without_a_file_tells_nothing(inside: bool, queue: Path, tmp_path: Path) -> None:
    if inside:  # a repository, which is no upstream for that
        git(tmp_path, "init", "-q")
        git(tmp_path, "commit", "-q", "--allow-empty", "-m", "x")
    (tmp_path / "empty").mkdir()
    ran = run_kcfg("patches", "status", queue, "--upstream", tmp_path / "empty")
    assert (ran.status, ran.out) == (2, "")
    assert "empty: no file in it" in ran.err


def test_a_checkout_of_one_commit_without_branches_has_its_history(
    upstream: Upstream, queue: Path, tmp_path: Path
) -> None:
    path = tmp_path / "one"
    git(tmp_path, "clone", "-q", "--no-tags", str(upstream.path), str(path))
    git(path, "checkout", "-q", "--detach")
    for ref in git(path, "for-each-ref", "--format=%(refname)").split():
        git(path, "update-ref", "-d", ref)
    ran = run_kcfg("patches", "status", queue, "--upstream", path, "--index", tmp_path / "index")
    assert (ran.err, "merged" in ran.out) == ("", True)
    assert "mainline HEAD" in ran.out


def test_an_index_is_a_regular_file(upstream: Upstream, queue: Path) -> None:
    ran = run_kcfg("patches", "status", queue, "--upstream", upstream.path, "--index", "/dev/null")
    assert (ran.status, ran.err) == (2, "kcfg: /dev/null: no regular file, so no index\n")


def test_a_plan_writes_names_that_are_no_utf8_as_they_are(upstream: Upstream, tmp_path: Path) -> None:
    folder = tmp_path / "patches"
    folder.mkdir()
    name = b"caf\xe9.patch"
    text = patch_of("a thing of our own", "drivers/mine.c")
    Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text(text)
    (folder / "series").write_bytes(name + b"\n")
    out = tmp_path / "new"
    ran = run_kcfg("patches", "plan", folder, "--upstream", upstream.path, "--index", tmp_path / "i", "--write", out)
    assert ran.err == f"kcfg: wrote {out}\n"
    assert name in out.read_bytes().split(b"\n")[1]


def test_without_a_cache_a_queue_is_judged_all_the_same(
    run: Call, queue: Path, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached = run("status", "--format", "json")
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc")  # where nobody makes a file
    ran = run_kcfg("patches", "status", queue, "--upstream", upstream.path, "--format", "json")
    assert (ran.status, ran.err) == (cached.status, "")
    report = json.loads(ran.out)
    assert report["upstream"][0]["note"].startswith("the cache cannot be written: the index is for this run alone")
    assert report["patches"] == json.loads(cached.out)["patches"]


def test_a_user_without_a_home_gets_verdicts_and_one_line_where_an_index_is_to_be_kept(
    run: Call, queue: Path, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached = run("status")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    ran = run_kcfg("patches", "status", queue, "--upstream", upstream.path)
    assert (ran.status, ran.err, "merged" in ran.out) == (cached.status, "", True)
    ran = run_kcfg("patches", "index", upstream.path)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("kcfg: no home to keep the index in")


@pytest.mark.parametrize("option", ["--base", "--target", "--main-branch"])
def test_a_revision_without_a_value_is_no_choice(run: Call, option: str) -> None:
    for command in ("status", "plan"):
        ran = run(command, option, "")
        assert (ran.status, ran.out, ran.err) == (2, "", f"kcfg: {option} without a value\n")
