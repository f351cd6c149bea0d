"""Facts of follow-ups: what each changes, in which order they come, and who waives them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from patches.findings import FindingKind, FollowUpKind, PatchResult, StatusReport
from patches.followups import WaiverFaultKind, Weight
from patches.queues.queue import open_queue
from patches.upstreams.indexing import update
from patches.verdicts import followups
from patches.verdicts.audit import AuditQuestion, audit, exit_status
from patches.verdicts.followups import follow_ups_of, side, weigh
from patches.verdicts.upstream import History, open_history
from patches.verdicts.waivers import FollowUpWaiver, load_waivers
from tests.patches.upstream import Upstream, git, source

DAY = datetime.date(2026, 5, 1)


def mended(word: str) -> str:
    return f'Fixes: {word[:12]} ("net: count")'


@pytest.fixture(scope="module")
def went_on(tmp_path_factory: pytest.TempPathFactory) -> Upstream:
    """An upstream that went on after two changes: in white space, documentation, comments, code, and by reverts."""
    path = tmp_path_factory.mktemp("went-on") / "repo"
    path.mkdir()
    git(path, "init", "-q", "-b", "master")
    up = Upstream(path)
    up.commit("start", "Start", {"net.c": source("net"), "disk.c": source("disk"), "docs/net.txt": ["It counts."]})
    up.tag("v1.0")
    counted = up.changed(
        "net.c", {}, [(10, "    net_count_every_frame(net); /* all */"), (11, "    net_tell_count(net);")]
    )
    about = mended(up.commit("count", "net: count", {"net.c": counted}))
    up.commit("spin", "disk: spin down", {"disk.c": up.changed("disk.c", {9: "    disk_spin_down(disk, DISK_NOW);"})})
    up.commit("space", "net: indent", {"net.c": [f"\t{line.strip()}" for line in up.files["net.c"]]}, about)
    up.commit("docs", "net: tell that it counts", {"docs/net.txt": ["It counts every frame."]}, about)
    up.commit("comments", "net: a better comment", {
        "net.c": [line.replace("/* all */", "/* every one */") for line in up.files["net.c"]],
        "docs/net.txt": ["It counts each frame."],
    }, about)  # fmt: skip
    up.commit("code", "net: count once", {"net.c": up.changed("net.c", {11: "\tnet_tell_count_once(net);"})}, about)
    up.commit("script", "net: a script", {"net.pl": ["# net"]}, about)
    up.tag("v1.1")
    up.commit("back", 'Revert "disk: spin down"', {"disk.c": source("disk")},
              f"This reverts commit {up.shas['spin']}.\n\nFixes: {up.shas['spin'][:12]}")  # fmt: skip
    git(path, "checkout", "-q", "-b", "stable", "v1.0")
    git(path, "cherry-pick", "-x", up.shas["count"])
    git(path, "cherry-pick", "-x", "-X", "theirs", up.shas["code"])
    up.shas["picked"] = git(path, "rev-parse", "HEAD").strip()
    git(path, "checkout", "-q", "master")
    return up


@pytest.fixture(scope="module")
def indexed(went_on: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("went-on-index") / "index"
    update(str(went_on.path), path)
    return path


@pytest.fixture
def history(went_on: Upstream, indexed: Path) -> Iterator[History]:
    opened = open_history(str(went_on.path), str(indexed), "", 1, lambda *_: None)
    yield opened
    opened.index.close()


@pytest.fixture
def carried(went_on: Upstream, tmp_path: Path) -> Path:
    """A queue that carries both changes."""
    queue = tmp_path / "queue"
    queue.mkdir()
    for word in ("count", "spin"):
        (queue / f"{word}.patch").write_text(went_on.patch(word))
    return queue


def asked(queue: Path, up: Upstream, index: Path, **more: str) -> AuditQuestion:
    return AuditQuestion(str(queue), (str(up.path),), index=str(index), **more)  # type: ignore[arg-type]


def of(report: StatusReport, name: str) -> PatchResult:
    return next(one for one in report.patches if one.name == name)


def waivers(folder: Path, *tables: str) -> str:
    path = folder / "waivers.toml"
    path.write_text("".join(f'[[waiver]]\nreason = "off here"\n{table}\n' for table in tables))
    return str(path)


def faults(report: StatusReport) -> list[tuple[str, str, WaiverFaultKind]]:
    return [
        (one.patch, one.where.rpartition("/")[2], one.waiver.kind)
        for one in report.findings
        if one.kind is FindingKind.WAIVER and one.waiver
    ]


@pytest.mark.parametrize(
    ("word", "weight"),
    [
        ("space", Weight.SPACE),
        ("docs", Weight.DOCUMENTATION),
        ("comments", Weight.COMMENTS),
        ("code", Weight.CODE),
        ("script", Weight.CODE),
    ],
)
def test_a_commit_weighs_what_its_heaviest_file_does(
    history: History, went_on: Upstream, word: str, weight: Weight
) -> None:
    (ident,) = history.index.find_sha(went_on.shas[word])
    assert weigh(history, ident) is weight


def test_a_file_that_is_not_there_or_cannot_be_read_is_none(
    history: History, went_on: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert side(history, f"{went_on.shas['code']}:none.c") is None
    assert side(history, f"{went_on.shas['start']}^:net.c") is None
    history.objects().failed = True
    assert side(history, f"{went_on.shas['docs']}:docs/net.txt") == b"It counts every frame.\n"
    monkeypatch.setattr(followups, "COMPARED", 4)
    assert side(history, f"{went_on.shas['docs']}:docs/net.txt") is None
    monkeypatch.undo()
    assert side(history, f"{went_on.shas['docs']}:docs/net.txt") == b"It counts every frame.\n"


def test_follow_ups_come_by_weight_and_a_revert_that_has_fixes_is_a_revert(
    carried: Path, went_on: Upstream, indexed: Path
) -> None:
    report = audit(asked(carried, went_on, indexed))
    words = {sha: word for word, sha in went_on.shas.items()}
    assert [(words[one.commit.sha], one.weight.value) for one in of(report, "count.patch").follow_ups] == [
        ("code", "code"), ("script", "code"), ("comments", "comments"), ("docs", "documentation"),
        ("space", "white-space"),
    ]  # fmt: skip
    (back,) = of(report, "spin.patch").follow_ups
    assert (back.kind, back.weight, back.commit.sha) == (FollowUpKind.REVERT, Weight.REVERT, went_on.shas["back"])
    found = [one for one in report.findings if one.kind is FindingKind.FOLLOW_UP]
    assert [one.patch for one in found] == ["spin.patch", *["count.patch"] * 5]
    assert [one.follow_up.weight.rank for one in found if one.follow_up] == [0, 1, 1, 2, 3, 4]


def test_what_the_queue_or_the_base_has_is_no_follow_up(carried: Path, went_on: Upstream, indexed: Path) -> None:
    for word in ("code", "script", "comments", "back"):
        (carried / f"{word}.patch").write_text(went_on.patch(word))
    report = audit(asked(carried, went_on, indexed))
    assert [one.weight.value for one in of(report, "count.patch").follow_ups] == ["documentation", "white-space"]
    assert of(report, "spin.patch").follow_ups == ()
    report = audit(asked(carried, went_on, indexed, base="v1.1"))
    assert of(report, "count.patch").follow_ups == ()
    assert exit_status(report, ("follow-up",)) == 0


def test_what_the_queue_has_is_left_out_before_it_is_weighed(history: History, went_on: Upstream) -> None:
    (count,), (code,), (picked,) = (history.index.find_sha(went_on.shas[word]) for word in ("count", "code", "picked"))
    change = history.index.equivalents(count)
    every = follow_ups_of(history, [change], ())
    assert went_on.shas["code"] in [one.commit.sha for one in every]
    assert went_on.shas["picked"] not in [one.commit.sha for one in every]
    assert len(follow_ups_of(history, [change], {picked})) == len(follow_ups_of(history, [change], {code})) == 4


def test_a_waiver_by_commit_or_patch_waives_and_nothing_fails_by_it(
    carried: Path, went_on: Upstream, indexed: Path, tmp_path: Path
) -> None:
    path = waivers(
        tmp_path,
        f'commit = "{went_on.shas["back"][:7].upper()}"\nexpires = 2999-01-01',
        'patch = "count.patch"\nexpires = 2999-01-01',
    )
    report = audit(asked(carried, went_on, indexed, waivers=path))
    (back,) = of(report, "spin.patch").follow_ups
    assert back.waived is not None
    assert (back.waived.reason, back.waived.until) == ("off here", "2999-01-01")
    assert back.waived.where == f"{path}:1"
    assert all(one.waived for one in of(report, "count.patch").follow_ups)
    assert faults(report) == []
    assert exit_status(report, ("follow-up",)) == 0
    assert exit_status(audit(asked(carried, went_on, indexed)), ("follow-up",)) == 1


def test_a_waiver_of_one_commit_of_one_patch_leaves_the_others(
    carried: Path, went_on: Upstream, indexed: Path, tmp_path: Path
) -> None:
    path = waivers(
        tmp_path,
        f'patch = "count.patch"\ncommit = "{went_on.shas["picked"]}"\nexpires = 2999-01-01',
        f'patch = "spin.patch"\ncommit = "{went_on.shas["docs"]}"\nexpires = 2999-01-01',
    )
    report = audit(asked(carried, went_on, indexed, waivers=path))
    told = [one.commit.sha for one in of(report, "count.patch").follow_ups if one.waived]
    assert told == [went_on.shas["code"]]  # named by its pick for another branch
    assert faults(report) == [("spin.patch", "waivers.toml:6", WaiverFaultKind.UNUSED)]
    assert exit_status(report, ("follow-up",)) == 1
    assert (exit_status(report, ()), exit_status(report, ("waiver",))) == (0, 1)


def test_an_expired_waiver_waives_nothing_and_is_told(
    carried: Path, went_on: Upstream, indexed: Path, tmp_path: Path
) -> None:
    path = waivers(
        tmp_path, 'patch = "spin.patch"\nexpires = 2001-01-01', 'patch = "count.patch"\nexpires = 2999-01-01'
    )
    report = audit(asked(carried, went_on, indexed, waivers=path))
    assert of(report, "spin.patch").follow_ups[0].waived is None
    assert faults(report) == [("spin.patch", "waivers.toml:1", WaiverFaultKind.EXPIRED)]
    assert exit_status(report, ("follow-up",)) == 1


def test_a_waiver_counts_on_its_last_day_and_no_longer() -> None:
    def on(day: datetime.date) -> bool:
        found = load_waivers("", (), day)
        entry = FollowUpWaiver("", "ab12345", "r", DAY, "w:1")
        return type(found)((entry,), (), day).active("a", ["ab12345cd"]) is not None

    assert (on(DAY), on(DAY + datetime.timedelta(1))) == (True, False)


def test_a_no_fix_of_a_header_waives_for_its_patch_and_one_that_lacks_something_is_told(
    carried: Path, went_on: Upstream, indexed: Path
) -> None:
    for name, line in (
        ("count", f"{went_on.shas['code'][:12]} until 2999-01-01: once is wrong here"),
        ("spin", f"{went_on.shas['back']} until 2999-01-01"),
    ):
        text = (carried / f"{name}.patch").read_text()
        (carried / f"{name}.patch").write_text(text.replace("\nSubject:", f"\nNo-Fix: {line}\nSubject:", 1))
    report = audit(asked(carried, went_on, indexed))
    (waived,) = [one for one in of(report, "count.patch").follow_ups if one.waived]
    assert (waived.commit.sha, waived.waived.reason) == (went_on.shas["code"], "once is wrong here")  # type: ignore[union-attr]
    assert waived.waived.where == "count.patch:4"  # type: ignore[union-attr]
    assert faults(report) == [("spin.patch", "spin.patch:4", WaiverFaultKind.INCOMPLETE)]
    (found,) = [one for one in report.findings if one.waiver]
    assert found.waiver is not None
    assert found.waiver.lacking == ("reason",)


def test_of_one_patch_only_its_own_waivers_are_told(
    carried: Path, went_on: Upstream, indexed: Path, tmp_path: Path
) -> None:
    expired = 'patch = "{}.patch"\nexpires = 2001-01-01'
    path = waivers(
        tmp_path, expired.format("spin"), expired.format("count"), 'commit = "1234567"\nexpires = 2999-01-01'
    )
    report = audit(asked(carried, went_on, indexed, waivers=path), only="spin.patch")
    assert [name for name, _, _ in faults(report)] == ["spin.patch"]


def test_against_a_tree_no_waiver_is_called_unused(carried: Path, went_on: Upstream, tmp_path: Path) -> None:
    path = waivers(
        tmp_path, 'patch = "spin.patch"\nexpires = 2001-01-01', 'patch = "count.patch"\nexpires = 2999-01-01'
    )
    report = audit(AuditQuestion(str(carried), (f"{went_on.path}@v1.1",), waivers=path))
    assert faults(report) == [("spin.patch", "waivers.toml:1", WaiverFaultKind.EXPIRED)]


@pytest.mark.parametrize(
    ("table", "line", "word"),
    [
        ("expires = 2999-01-01", 1, "'patch' or 'commit' is missing"),
        ('commit = ""\nexpires = 2999-01-01', 1, "'patch' or 'commit' is missing"),
        ('patch = "a"', 1, "'expires' is missing"),
        ('commit = "abcdef"\nexpires = 2999-01-01', 3, "'commit' has to be a commit's name: 'abcdef'"),
        ('patch = "a"\nsymbol = "A"\nexpires = 2999-01-01', 4, "unknown key 'symbol'"),
        ('patch = ["a"]\nexpires = 2999-01-01', 3, "'patch' has to be a string"),
        ('patch = "a"\nexpires = "2999-01-01"', 4, "'expires' has to be a date"),
    ],
)
def test_what_is_wrong_in_a_waiver_is_told_with_its_line(tmp_path: Path, table: str, line: int, word: str) -> None:
    path = waivers(tmp_path, table)
    with pytest.raises(UserError) as caught:
        load_waivers(path, ())
    assert (caught.value.where, caught.value.message.startswith(word)) == (f"{path}:{line}", True)


def test_waivers_are_read_before_any_upstream(carried: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot read the file of waivers"):
        audit(AuditQuestion(str(carried), (str(tmp_path / "none"),), waivers=str(tmp_path / "none.toml")))
    assert load_waivers("", open_queue(str(carried)).entries, DAY).entries == ()
