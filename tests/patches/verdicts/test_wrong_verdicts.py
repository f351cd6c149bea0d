"""Facts of verdicts that are easily wrong: claims in passing, other names, changes without lines, reverts."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from patches.evidence import ClaimOutcome
from patches.findings import Action, PatchResult, PlanReason, StatusReport, Verdict
from patches.report import render
from patches.verdicts.audit import AuditQuestion, audit
from patches.verdicts.plan import decide, plan
from tests.patches.upstream import Upstream, file_diff, git, patch_of, source

NAMES = ("one", "two", "three")


@pytest.fixture
def up(tmp_path: Path) -> Upstream:
    """Three files, a release of them, and changes that have nothing to do with the tests."""
    path = tmp_path / "repo"
    path.mkdir()
    git(path, "init", "-q", "-b", "master")
    up = Upstream(path)
    up.commit("start", "Start", {f"{name}.c": source(name) for name in NAMES})
    for n in range(12):
        lines = up.changed("three.c", {n: f"    three_step_{n}_was_rewritten(three, STEP_{n});"})
        up.commit(f"noise{n}", f"three: rewrite step {n}", {"three.c": lines})
    up.tag("v1.0")
    return up


def asked(up: Upstream, text: str, target: str = "") -> StatusReport:
    queue = up.path.parent / "queue"
    queue.mkdir(exist_ok=True)
    (queue / "a.patch").write_text(text)
    return audit(AuditQuestion(str(queue), (str(up.path),), target=target, index=str(up.path.parent / "index")))


def judged(up: Upstream, text: str, target: str = "") -> PatchResult:
    return asked(up, text, target).patches[0]


def shas(one: PatchResult) -> list[str]:
    return [commit.sha for commit in one.commits]


# Claims


def rewritten(up: Upstream) -> str:
    """A change, and the diff of a backport that does the same elsewhere in the file in other words."""
    lines = up.changed("one.c", {20: "    one_check_length(one, ONE_LIMIT);", 21: "    one_check_owner(one, OWNER);"})
    up.commit("same", "one: check length and owner before the frame is queued", {"one.c": lines})
    old = source("one")
    return file_diff("one.c", old, [*old[:40], "    if (too_long(one)) return reject(one);", *old[41:]])


def test_a_claim_whose_author_date_and_beginning_of_the_title_agree_is_confirmed(up: Upstream) -> None:
    diff = rewritten(up)
    header = up.patch("same").split("---\n")[0].replace(" before the frame is queued", "")
    text = f"{header}\n(cherry picked from commit {up.shas['same']})\n---\n{diff}"
    found = judged(up, text)
    assert [(one.kind, one.outcome) for one in found.claims if one.kind == "cherry-picked"] == [
        ("cherry-picked", ClaimOutcome.CONFIRMED)
    ]
    assert shas(found) == [up.shas["same"]]
    assert found.verdict is not Verdict.CLAIMS_WRONG
    assert decide(found).action is Action.WATCH


def test_a_claim_of_another_author_s_commit_is_still_another_change(up: Upstream) -> None:
    diff = rewritten(up)
    text = patch_of(
        "one: check length and owner", diff, f"(cherry picked from commit {up.shas['same']})\n", ("Bob", "bob@x.org")
    )
    found = judged(up, text)
    assert (found.verdict, found.claims[0].outcome) == (Verdict.CLAIMS_WRONG, ClaimOutcome.ANOTHER_CHANGE)


def test_a_commit_that_a_sentence_names_brings_it_and_is_never_wrong(up: Upstream) -> None:
    diff = rewritten(up)
    lines = source("one")
    half = file_diff("one.c", lines, [*lines[:20], "    one_check_length(one, ONE_LIMIT);", *lines[22:]])
    told = f"A backport of {up.shas['same'][:12]} to our tree.\n"
    found = judged(up, patch_of("a check for frames", half, told, ("Bob", "bob@example.net")))
    assert [(one.kind, one.outcome) for one in found.claims] == [("mentioned", ClaimOutcome.CONFIRMED)]
    assert shas(found) == [up.shas["same"]]
    report = asked(up, patch_of("another thing", diff, told, ("Bob", "bob@example.net")))
    assert report.patches[0].verdict is Verdict.NOT_UPSTREAM
    assert [one.kind for one in report.findings] == []


def test_an_origin_that_is_a_sentence_is_no_claim_of_being_merged(up: Upstream) -> None:
    diff = rewritten(up)
    origin = f"Origin: minimal fix for https://git.example.org/commit/{up.shas['same']}"
    report = asked(up, f"Description: our own check\n{origin}\nAuthor: Bob <bob@example.net>\n\n---\n{diff}")
    assert report.patches[0].verdict is Verdict.NOT_UPSTREAM
    assert [one.kind for one in report.findings] == []


# Names


def test_a_backport_with_other_names_is_the_change_and_not_superseded_by_it(up: Upstream) -> None:
    """The very commit, with functions, a variable and a type called otherwise in every line."""
    declared = {17: "    struct one_frame *frame = one_frame_of(one, MAX);"}
    up.commit("declared", "one: declare the frame first", {"one.c": up.changed("one.c", declared)})
    lines = up.changed("one.c", {
        20: "    frame->checked = true;", 21: "    if (!frame || frame->length > limit)",
        22: "        return one_reject(one, frame);", 23: "    one_account(one, frame->length);",
    })  # fmt: skip
    up.commit("same", "one: never take a frame that is too long", {"one.c": lines})
    text = up.patch("same")
    for name, other in (("one_frame", "one_packet"), ("frame", "packet"), ("one_reject", "one_drop")):
        body = text[text.index("diff --git") :].replace(name, other)
        text = text[: text.index("diff --git")] + body
    header = patch_of("hypervisor: reject packets", "", author=("Bob", "bob@example.net"))
    for head in (text[: text.index("diff --git")], header, ""):
        found = judged(up, head + text[text.index("diff --git") :])
        assert (found.verdict, shas(found)) == (Verdict.MODIFIED, [up.shas["same"]]), head
        assert any(("packet", "frame") in note.renamed for note in found.notes) or "Ann" in head


def test_another_thing_in_the_same_form_is_not_a_renamed_one(up: Upstream) -> None:
    """Two boards get the same lines one below the other: the one that upstream lacks is not the one that it has."""
    rows = ['    { .match = "{0}-100", .enter = {0}_enter,', "      .exit = {0}_exit, .frames = ONE_FRAMES, },"]
    lines = [row.replace("{0}", "alder") for row in rows]
    base = up.files["one.c"]
    up.commit("same", "one: know the alder board", {"one.c": [*base[:20], *lines, *base[20:]]})
    diff = file_diff("one.c", base, [*base[:20], *(line.replace("alder", "birch") for line in lines), *base[20:]])
    mine = patch_of("one: know the birch board", diff)
    for text in (mine, diff):
        found = judged(up, text)
        assert (found.verdict, shas(found)) == (Verdict.NOT_UPSTREAM, [])


def test_the_same_line_in_another_place_is_another_change(up: Upstream) -> None:
    base = up.files["one.c"]
    line = "    ret = one_unmask(one, ONE_FRAMES);"
    up.commit("same", "one: unmask on failure", {"one.c": [*base[:20], line, *base[20:]]})
    here = file_diff("one.c", base, [*base[:20], line, "", *base[20:]])
    there = file_diff("one.c", base, [*base[:40], line, *base[40:]])
    assert shas(judged(up, here)) == [up.shas["same"]]
    assert judged(up, there).verdict is Verdict.NOT_UPSTREAM
    other = patch_of("one: unmask after reset", there)
    assert judged(up, other).verdict is Verdict.NOT_UPSTREAM


def test_other_code_of_the_same_form_is_not_the_change(up: Upstream) -> None:
    lines = up.changed("one.c", {
        20: "    frame->checked = true;", 21: "    if (!frame || frame->length > limit)",
        22: "        return one_reject(one, frame);", 23: "    one_account(one, frame->length);",
    })  # fmt: skip
    up.commit("same", "one: never take a frame that is too long", {"one.c": lines})
    text = up.diff("same")
    for name, other in (("one_frame_of", "timer_slot_of"), ("one_frame", "timer_slot"), ("frame", "slot"),
                        ("one_reject", "timer_stop"), ("one_account", "timer_count"), ("MAX", "SLOTS"),
                        ("length", "expires"), ("limit", "jiffies")):  # fmt: skip
        text = "\n".join(line.replace(name, other) if line[:1] == "+" else line for line in text.split("\n"))
    found = judged(up, patch_of("one: timers of our own", text.replace("+++ b/slot", "+++ b/one"), author=("B", "b@x")))
    assert found.verdict in (Verdict.NOT_UPSTREAM, Verdict.SUPERSEDED)
    assert decide(found).action is not Action.DROP


# Changes without lines


def files_commit(up: Upstream, subject: str) -> str:
    git(up.path, "add", "-A")
    git(up.path, "commit", "-q", "-m", subject, date=up.time + 1000)
    up.shas["files"] = git(up.path, "rev-parse", "HEAD").strip()
    return git(up.path, "format-patch", "-1", "--stdout", "--zero-commit", "--no-signature", "--binary", "HEAD")


def test_a_rename_alone_is_the_very_commit(up: Upstream) -> None:
    git(up.path, "mv", "two.c", "second.c")
    text = files_commit(up, "two: move it")
    found = judged(up, text)
    assert (found.verdict, shas(found), decide(found).action) == (Verdict.MERGED, [up.shas["files"]], Action.DROP)
    other = judged(up, text.replace("second.c", "other.c"))
    assert decide(other).action is not Action.DROP
    assert other.verdict is not Verdict.MERGED


def test_a_mode_alone_is_the_very_commit(up: Upstream) -> None:
    os.chmod(up.path / "two.c", 0o755)
    text = files_commit(up, "two: make it executable")
    found = judged(up, text)
    assert (found.verdict, decide(found).action) == (Verdict.MERGED, Action.DROP)
    assert decide(judged(up, text, "v1.0")).action is Action.KEEP


def test_a_binary_file_alone_is_the_very_commit_by_its_content(up: Upstream) -> None:
    (up.path / "logo.bin").write_bytes(bytes(range(256)) * 3)
    text = files_commit(up, "Add a logo")
    found = judged(up, text)
    assert (found.verdict, decide(found).action) == (Verdict.MERGED, Action.DROP)
    (up.path / "logo.bin").write_bytes(bytes(range(255, -1, -1)) * 3)
    changed = files_commit(up, "Another logo")
    assert decide(judged(up, changed)).action is Action.DROP
    ident = next(line for line in changed.split("\n") if line.startswith("index ")).split("..")[1].split()[0]
    other = judged(up, changed.replace(ident, "0" * 7 + ident[7:][::-1]))
    assert (other.verdict, decide(other).action) == (Verdict.MODIFIED, Action.WATCH)


# Reverts


def test_a_revert_of_what_upstream_has_says_so_and_is_watched(up: Upstream) -> None:
    lines = up.changed("one.c", {20: "    one_check_length(one, ONE_LIMIT);"})
    up.commit("same", "one: check", {"one.c": lines})
    back = file_diff("one.c", lines, source("one"))
    told = f"It hurts us.\n\nThis reverts commit {up.shas['same']}.\n"
    report = asked(up, patch_of('Revert "one: check"', back, told))
    (found,) = report.patches
    assert [commit.sha for commit in found.takes_back] == [up.shas["same"]]
    assert (decide(found).action, decide(found).reason) == (Action.WATCH, PlanReason.TAKES_BACK)
    assert plan(report).send == ()
    assert f"takes back {up.shas['same'][:12]} (one: check)" in render(report, "html")
    untold = judged(up, patch_of('Revert "one: check"', back))
    assert [commit.sha for commit in untold.takes_back] == [up.shas["same"]]


@pytest.mark.parametrize("lines", [1, 6])
def test_a_revert_that_says_nothing_is_known_by_its_lines(up: Upstream, lines: int) -> None:
    """Without a header, and under a title of its own; one line by git's patch-id, six with other context as well."""
    after = up.changed("one.c", {20 + n: f"    one_check_length_{n}(one, ONE_LIMIT);" for n in range(lines)})
    up.commit("same", "one: check", {"one.c": after})
    back = file_diff("one.c", after, source("one"))
    if lines > 1:
        back = back.replace(f" {after[19]}", " int one_other(struct one *one);")
    for text in (back, patch_of("one: it hurts us", back, author=("Bob", "bob@example.net"))):
        found = judged(up, text)
        assert [commit.sha for commit in found.takes_back] == [up.shas["same"]]
        assert (decide(found).action, decide(found).reason) == (Action.WATCH, PlanReason.TAKES_BACK)
    up.commit("back", 'Revert "one: check"', {"one.c": source("one")}, f"This reverts commit {up.shas['same']}.")
    assert judged(up, back.replace("one_step_2(", "one_step_2 (")).takes_back == ()


def test_a_revert_that_upstream_made_too_is_that_one(up: Upstream) -> None:
    before = up.files["one.c"]
    lines = up.changed("one.c", {20: "    one_check_length(one, ONE_LIMIT);"})
    up.commit("same", "one: check", {"one.c": lines})
    up.commit("back", 'Revert "one: check"', {"one.c": before}, f"This reverts commit {up.shas['same']}.")
    found = judged(up, up.patch("back"))
    assert (found.verdict, shas(found), found.takes_back) == (Verdict.MERGED, [up.shas["back"]], ())


# What is nearest


def test_the_nearest_commit_below_the_threshold_has_a_name(up: Upstream) -> None:
    lines = up.changed("one.c", {n: f"    one_new_way_{n}(one, WAY);" for n in range(20, 30)})
    up.commit("same", "one: another way", {"one.c": lines})
    old = source("one")
    own = [f"    one_own_way_{n}(one, OWN);" for n in range(12)]
    new = [*old[:22], *lines[20:24], *own, *old[27:]]
    report = asked(up, file_diff("one.c", old, new))
    (found,) = report.patches
    assert found.verdict is Verdict.NOT_UPSTREAM
    assert found.nearest is not None
    assert found.nearest.commit.sha == up.shas["same"]
    assert 0 < found.nearest.score < found.nearest.threshold
    assert round(found.nearest.score, 3) != found.nearest.score == round(found.nearest.score, 4)
    told = json.loads(render(report, "json"))["patches"][0]["nearest"]
    assert told["commit"]["subject"] == "one: another way"
    assert "Nearest" in render(report, "html")
