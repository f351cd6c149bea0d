"""Facts of dropping: a patch goes where its match and the target's files say so, and is watched where they differ."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from patches.findings import Action, Answer, Certainty, PatchResult, PlanReason, PlanReport, Standing, Verdict
from patches.report import render
from patches.upstreams.indexing import update
from patches.verdicts.audit import AuditQuestion, audit, silent
from patches.verdicts.plan import decide, decisions, plan
from patches.verdicts.upstream import History, open_upstream
from tests.patches.upstream import Upstream, file_diff, git, patch_of, source

Judge = Callable[..., PatchResult]


@pytest.fixture
def up(tmp_path: Path) -> Upstream:
    """Three files, and a release of them."""
    path = tmp_path / "repo"
    path.mkdir()
    git(path, "init", "-q", "-b", "master")
    up = Upstream(path)
    up.commit("start", "Start", {f"{name}.c": source(name) for name in ("one", "two", "three")})
    up.tag("v1.0")
    return up


def judged(up: Upstream, text: str, target: str = "", name: str = "a.patch") -> PatchResult:
    """One patch, alone in its queue."""
    queue = up.path.parent / "queue"
    queue.mkdir(exist_ok=True)
    (queue / name).write_text(text)
    (queue / "series").write_text(f"{name}\n")
    asked = AuditQuestion(str(queue), (str(up.path),), target=target, index=str(up.path.parent / "index"))
    return audit(asked).patches[0]


def action(one: PatchResult) -> Action:
    return decide(one).action


def standings(one: PatchResult) -> list[Standing]:
    assert one.witnesses is not None
    return [place.standing for place in one.witnesses.target.places]


def test_a_patch_that_is_the_change_and_stands_there_is_dropped(up: Upstream) -> None:
    up.commit("same", "one: check", {"one.c": up.changed("one.c", {20: "    one_check_length(one, ONE_LIMIT);"})})
    found = judged(up, up.patch("same"))
    assert (found.verdict, found.certainty, action(found)) == (Verdict.MERGED, Certainty.CERTAIN, Action.DROP)
    assert found.witnesses is not None
    assert (found.witnesses.match.has, found.witnesses.target.has) == (Answer.YES, Answer.YES)
    assert found.witnesses.agree
    assert standings(found) == [Standing.STANDS]


def test_what_later_changes_rewrote_is_looked_for_where_it_arrived(up: Upstream) -> None:
    lines = up.changed("one.c", {20: "    one_check_length(one, ONE_LIMIT);"})
    up.commit("same", "one: check", {"one.c": lines})
    up.commit("later", "one: check twice", {"one.c": up.changed("one.c", {20: "    one_check_both(one, 2);"})})
    found = judged(up, up.patch("same"))
    assert (standings(found), action(found)) == ([Standing.STOOD], Action.DROP)
    assert found.witnesses is not None
    assert found.witnesses.target.commits == (up.shas["same"],)


def test_author_date_and_title_alone_drop_nothing(up: Upstream) -> None:
    """The same mail header above a change of another file, with no line in common."""
    up.commit("same", "one: check", {"one.c": up.changed("one.c", {20: "    one_check_length(one, ONE_LIMIT);"})})
    header = up.patch("same").split("diff --git")[0]
    old = source("two")
    new = [*old[:30], "    two_vendor_quirk(two, QUIRK_OF_OURS);", *old[31:]]
    found = judged(up, header + file_diff("two.c", old, new))
    assert (action(found), decide(found).reason) == (Action.WATCH, PlanReason.DISAGREE)
    assert found.certainty is not Certainty.CERTAIN
    assert standings(found) == [Standing.ABSENT]


def test_two_changes_and_a_hunk_of_ones_own_are_no_drop(up: Upstream) -> None:
    """As long as one hunk is nowhere, the rest being there frees nobody of it."""
    for word, at in (("first", 8), ("second", 44)):
        lines = up.changed("one.c", {at: f"    one_{word}_step(one);", at + 1: f"    one_{word}_wait(one, {at});"})
        up.commit(word, f"one: the {word} step", {"one.c": lines})
    old = source("two")
    own = [*old[:25], "    two_vendor_quirk(two, QUIRK_OWN);", "    two_vendor_note(two);", *old[27:]]
    text = up.diff("first") + up.diff("second") + file_diff("two.c", old, own)
    for target in ("", "master"):
        found = judged(up, patch_of("one: new steps", text), target)
        assert action(found) is Action.WATCH
        assert found.verdict is Verdict.PARTIAL
        assert standings(found) == [Standing.STANDS, Standing.STANDS, Standing.ABSENT]
        assert len(found.commits) == 2


def test_a_line_that_upstream_has_in_another_file_is_no_drop(up: Upstream) -> None:
    """One line, and no header: that it stands in one.c says nothing of two.c."""
    line = "    case TYPE_PVH:"
    up.commit("same", "one: the other type", {"one.c": [*up.files["one.c"][:20], line, *up.files["one.c"][20:]]})
    old = source("two")
    diff = file_diff("two.c", old, [*old[:20], line, *old[20:]])
    for target in ("", "master"):
        found = judged(up, diff, target)
        assert action(found) is not Action.DROP
        assert found.verdict is not Verdict.MERGED
        assert found.certainty not in (Certainty.CERTAIN, Certainty.HIGH)


@pytest.mark.parametrize(
    "diff",
    [
        "--- a/two.c\n+++ b/two.c\n@@ -20,0 +21 @@\n+    case TYPE_PVH:\n",
        "--- a/b.c\n+++ b/b.c\n@@ -1,2 +1,3 @@\n switch (t) {\n+    case TYPE_PVH:\n }\n",
        "--- a/sub/one.c\n+++ b/sub/one.c\n@@ -1,2 +1,3 @@\n switch (t) {\n+    case TYPE_PVH:\n }\n",
    ],
)  # fmt: skip
def test_a_line_in_another_file_that_fits_nowhere_is_no_drop(up: Upstream, diff: str) -> None:
    """Where the patch does not apply, either, the line that upstream has elsewhere does not stand for it."""
    line = "    case TYPE_PVH:"
    up.commit("same", "one: the other type", {"one.c": [*up.files["one.c"][:20], line, *up.files["one.c"][20:]]})
    found = judged(up, diff)
    assert standings(found) == [Standing.MISSING]
    around = " switch" in diff  # else nothing tells that it is another place
    told = (found.verdict is Verdict.NOT_UPSTREAM, found.certainty is Certainty.LOW, action(found))
    assert told == ((True, False, Action.SEND) if around else (False, True, Action.WATCH))


def test_a_header_proves_nothing_of_changes_that_have_no_lines(up: Upstream) -> None:
    up.commit("same", "one: check", {"one.c": up.changed("one.c", {20: "    one_check_length(one, ONE_LIMIT);"})})
    header = up.patch("same").split("diff --git")[0]
    old = source("two")
    renamed = "diff --git a/two.c b/second.c\nsimilarity index 100%\nrename from two.c\nrename to second.c\n"
    mode = "diff --git a/two.c b/two.c\nold mode 100644\nnew mode 100755\n"
    for diff in (renamed, mode, file_diff("two.c", old, [*old[:30], "}", *old[30:]])):
        found = judged(up, header + diff)
        assert (found.certainty, action(found)) == (Certainty.LOW, Action.WATCH), diff


def removal(name: str, lines: list[str]) -> str:
    return file_diff(name, lines, []).replace(f"+++ b/{name}", "+++ /dev/null")


def test_a_file_that_the_target_never_had_is_not_removed_by_a_change_of_that_title(up: Upstream) -> None:
    up.commit("same", "one: check", {"one.c": up.changed("one.c", {20: "    one_check_length(one, ONE_LIMIT);"})})
    header = up.patch("same").split("diff --git")[0]
    found = judged(up, header + removal("gone.c", source("gone")))
    assert (standings(found), action(found)) == ([Standing.UNCLEAR], Action.WATCH)


def test_a_file_that_upstream_only_moved_is_not_removed(up: Upstream) -> None:
    git(up.path, "mv", "two.c", "second.c")
    git(up.path, "commit", "-q", "-m", "two: move it", date=up.time + 100)
    up.shas["moved"] = git(up.path, "rev-parse", "HEAD").strip()
    header = up.patch("moved").split("diff --git")[0]
    found = judged(up, header + removal("two.c", source("two")))
    assert (standings(found), action(found)) == ([Standing.UNCLEAR], Action.WATCH)
    whole = git(up.path, "format-patch", "-1", "--stdout", "--no-renames", up.shas["moved"])
    assert action(judged(up, whole)) is Action.DROP


def test_a_file_that_upstream_removed_too_is(up: Upstream) -> None:
    git(up.path, "rm", "-q", "two.c")
    git(up.path, "commit", "-q", "-m", "two: remove it", date=up.time + 100)
    up.shas["gone"] = git(up.path, "rev-parse", "HEAD").strip()
    for text in (up.patch("gone"), up.diff("gone")):
        found = judged(up, text)
        assert (standings(found), action(found)) == ([Standing.STANDS], Action.DROP)


def test_a_few_lines_out_of_a_huge_import_are_no_part_of_it(up: Upstream) -> None:
    """73,000 lines have some of anybody's."""
    lines = [f"    two_table_entry(two, {n}, ENTRY_KIND);" for n in range(8)]
    big = {
        f"lib/{k}.c": [f"int lib_{k}_{n}(struct lib *lib, int {k}{n});" for n in range(365)]
        for k in (f"part{i}" for i in range(200))
    }
    big["lib/table.c"] = lines
    up.commit("import", "lib: import it", big)
    old = source("two")
    found = judged(up, file_diff("two.c", old, [*old[:20], *lines, *old[20:]]))
    assert found.verdict is Verdict.NOT_UPSTREAM
    assert action(found) is Action.SEND


def test_a_patch_that_a_series_reverses_is_judged_as_what_it_does(up: Upstream) -> None:
    up.commit("same", "one: check", {"one.c": up.changed("one.c", {20: "    one_check_length(one, ONE_LIMIT);"})})
    queue = up.path.parent / "queue"
    queue.mkdir()
    (queue / "a.patch").write_text(up.patch("same"))
    for line in ("a.patch -R", "a.patch -R -p1", "a.patch -p1 -R # why", "a.patch -Rp1"):
        (queue / "series").write_text(f"{line}\n")
        report = audit(AuditQuestion(str(queue), (str(up.path),), index=str(up.path.parent / "index")))
        (found,) = report.patches
        assert found.reverse, line
        assert found.verdict is Verdict.NOT_UPSTREAM
        assert standings(found) == [Standing.ABSENT]
        assert plan(report).drop == ()
        assert found.subject == 'Revert "one: check"'


def test_what_upstream_takes_back_after_the_target_is_still_in_the_target(up: Upstream) -> None:
    before = up.files["one.c"]
    up.commit("same", "one: check", {"one.c": up.changed("one.c", {20: "    one_check_length(one, ONE_LIMIT);"})})
    up.tag("v1.1")
    up.commit("back", 'Revert "one: check"', {"one.c": before}, f"This reverts commit {up.shas['same']}.")
    up.tag("v1.2")
    found = [judged(up, up.patch("same"), target) for target in ("v1.1", "v1.2", "")]
    assert [one.verdict for one in found] == [Verdict.REVERTED] * 3
    assert [one.witnesses.match.has for one in found if one.witnesses] == [Answer.YES, Answer.NO, Answer.NO]
    assert [action(one) for one in found] == [Action.DROP, Action.WATCH, Action.WATCH]
    assert [one.commit.sha for one in found[0].follow_ups] == [up.shas["back"]]


def test_what_came_again_with_another_value_is_not_what_was_reverted(up: Upstream) -> None:
    before = up.files["one.c"]
    up.commit("same", "one: limit", {"one.c": up.changed("one.c", {20: "    one_set_limit(one, 1, ONE_WAY);"})})
    up.commit("back", 'Revert "one: limit"', {"one.c": before}, f"This reverts commit {up.shas['same']}.")
    up.commit("again", "one: limit", {"one.c": up.changed("one.c", {20: "    one_set_limit(one, 9, ONE_WAY);"})})
    assert action(judged(up, up.patch("same"))) is not Action.DROP
    assert action(judged(up, up.patch("again"))) is Action.DROP


def test_a_reversed_patch_is_dropped_once_upstream_reverted_it(up: Upstream) -> None:
    before = up.files["one.c"]
    up.commit("same", "one: check", {"one.c": up.changed("one.c", {20: "    one_check_length(one, ONE_LIMIT);"})})
    up.commit("back", 'Revert "one: check"', {"one.c": before}, f"This reverts commit {up.shas['same']}.")
    queue = up.path.parent / "queue"
    queue.mkdir()
    (queue / "a.patch").write_text(up.patch("same"))
    (queue / "series").write_text("a.patch -R\n")
    report = audit(AuditQuestion(str(queue), (str(up.path),), index=str(up.path.parent / "index")))
    assert report.patches[0].commits[0].sha == up.shas["back"]
    assert plan(report).drop == ("a.patch",)


@pytest.mark.parametrize(
    "line",
    ["%patch0 -p1 -R", "%patch -P 0 -R -p1", "%patch -R -P0 -p1", "%{patch0} -p1 -R", "patch -p1 -R < %{PATCH0}"],
)
def test_a_patch_that_a_spec_reverses_is_judged_as_what_it_does(up: Upstream, line: str) -> None:
    up.commit("same", "one: check", {"one.c": up.changed("one.c", {20: "    one_check_length(one, ONE_LIMIT);"})})
    queue = up.path.parent / "queue"
    queue.mkdir()
    (queue / "a.patch").write_text(up.patch("same"))
    (queue / "x.spec").write_text(f"Name: x\nPatch0: a.patch\n%prep\n%setup -q\n{line}\n")
    report = audit(AuditQuestion(str(queue / "x.spec"), (str(up.path),), index=str(up.path.parent / "index")))
    (found,) = report.patches
    assert (found.reverse, found.verdict) == (True, Verdict.NOT_UPSTREAM)
    assert plan(report).drop == ()


@pytest.mark.parametrize(
    "line",
    [
        "%autosetup -p1 -a 1", "%autosetup -a 1 -p1", "%autosetup -a1 -b 2 -p1", "%autosetup -n x-9.9p1 -p1 -a 1",
        "%autosetup -n %{name}-%{version} -p1 -b 3", "%setup -q -a 1\n%autopatch -p1",
    ],
)  # fmt: skip
def test_the_sources_of_autosetup_are_no_patch_numbers(up: Upstream, line: str) -> None:
    queue = up.path.parent / "queue"
    queue.mkdir()
    up.commit("same", "one: check", {"one.c": up.changed("one.c", {20: "    one_check_length(one, ONE_LIMIT);"})})
    for name in ("a", "b"):
        (queue / f"{name}.patch").write_text(up.patch("same"))
    (queue / "x.spec").write_text(f"Name: x\nPatch0: a.patch\nPatch100: b.patch\n%prep\n{line}\n")
    report = audit(AuditQuestion(str(queue / "x.spec"), (str(up.path),), index=str(up.path.parent / "index")))
    assert [one.name for one in report.patches] == ["a.patch", "b.patch"]
    assert report.findings == tuple(one for one in report.findings if one.kind != "stale")


def test_autopatch_takes_numbers(up: Upstream) -> None:
    queue = up.path.parent / "queue"
    queue.mkdir()
    for name in ("a", "b"):
        (queue / f"{name}.patch").write_text(up.patch("start"))
    (queue / "x.spec").write_text("Name: x\nPatch0: a.patch\nPatch1: b.patch\n%prep\n%setup\n%autopatch -p1 1\n")
    report = audit(AuditQuestion(str(queue / "x.spec"), (str(up.path),), index=str(up.path.parent / "index")))
    assert [one.name for one in report.patches] == ["b.patch"]


def test_what_stands_in_the_target_without_a_match_is_watched(up: Upstream) -> None:
    """The lines came by an import that nothing matches: one witness is none."""
    text = [*source("four"), *(f"    four_extra_{n}(four);" for n in range(400))]
    up.commit("import", "Import four", {"four.c": text})
    old = [line for n, line in enumerate(text) if n != 30]
    found = judged(up, file_diff("four.c", old, text), "master")
    assert found.verdict is Verdict.NOT_UPSTREAM
    assert (action(found), decide(found).reason) == (Action.WATCH, PlanReason.DISAGREE)
    assert standings(found) == [Standing.STANDS]


def test_a_change_that_was_undone_without_a_word_is_watched(up: Upstream) -> None:
    before = up.files["one.c"]
    up.commit("same", "one: check", {"one.c": up.changed("one.c", {20: "    one_check_length(one, ONE_LIMIT);"})})
    up.commit("other", "one: clean up", {"one.c": before, "two.c": up.changed("two.c", {3: "    two_new(two);"})})
    found = judged(up, up.patch("same"))
    assert (found.verdict, standings(found)) == (Verdict.MERGED, [Standing.ABSENT])
    assert (action(found), decide(found).reason) == (Action.WATCH, PlanReason.DISAGREE)


def test_a_line_of_ones_own_in_an_upstream_hunk_is_no_drop(up: Upstream) -> None:
    lines = up.changed("one.c", {20: "    one_check_length(one, LIMIT);", 21: "    one_check_owner(one, OWNER);"})
    up.commit("same", "one: check", {"one.c": lines})
    old = source("one")
    new = [*old[:20], *lines[20:22], "    one_vendor_hook(one, HOOK);", *old[22:]]
    found = judged(up, patch_of("one: check", file_diff("one.c", old, new)))
    assert (found.verdict, standings(found)) == (Verdict.MODIFIED, [Standing.EXTRA])
    assert action(found) is Action.WATCH


def test_a_backport_with_a_line_of_another_form_is_watched_and_one_with_other_context_is_dropped(up: Upstream) -> None:
    lines = up.changed("one.c", {20: "    one_check_length(one, LIMIT);", 21: "    one_check_owner(one, OWNER);"})
    up.commit("same", "one: check", {"one.c": lines})
    found = judged(up, up.patch("same").replace("one_check_owner(one, OWNER)", "one_check_owner(one)"))
    assert (found.verdict, standings(found)) == (Verdict.MODIFIED, [Standing.EXTRA])
    assert action(found) is Action.WATCH
    found = judged(up, up.patch("same").replace("one_do(119)", "one_do_once(119)"))
    assert (standings(found), action(found)) == ([Standing.ADAPTED], Action.DROP)


def test_a_change_that_came_after_the_target_is_kept_and_both_witnesses_agree(up: Upstream) -> None:
    up.commit("same", "one: check", {"one.c": up.changed("one.c", {20: "    one_check_length(one, ONE_LIMIT);"})})
    found = judged(up, up.patch("same"), "v1.0")
    assert found.witnesses is not None
    assert (found.witnesses.match.has, found.witnesses.target.has) == (Answer.NO, Answer.NO)
    assert (action(found), decide(found).reason) == (Action.KEEP, PlanReason.LATER)


def test_every_format_names_both_witnesses(up: Upstream) -> None:
    up.commit("same", "one: check", {"one.c": up.changed("one.c", {20: "    one_check_length(one, ONE_LIMIT);"})})
    header = up.patch("same").split("diff --git")[0]
    old = source("two")
    queue = up.path.parent / "queue"
    queue.mkdir()
    (queue / "a.patch").write_text(header + file_diff("two.c", old, [*old[:30], "    two_own(two, OWN);", *old[31:]]))
    report = audit(AuditQuestion(str(queue), (str(up.path),), target="master", index=str(up.path.parent / "index")))
    made = PlanReport(status=report, plan=plan(report), decisions=decisions(report))
    told = json.loads(render(made, "json"))
    assert told["decisions"] == [{"patch": "a.patch", "position": 1, "action": "watch", "reason": "witnesses-disagree"}]
    witnesses = told["status"]["patches"][0]["witnesses"]
    assert witnesses["agree"] is False
    assert witnesses["match"]["has"] == "yes"
    assert (witnesses["target"]["has"], witnesses["target"]["revision"]) == ("no", "master")
    assert witnesses["target"]["places"] == [
        {"file": "two.c", "line": witnesses["target"]["places"][0]["line"], "standing": "absent"}
    ]
    for form in ("text", "markdown", "html"):
        assert "at the target 1 of 1 hunk would apply" in render(made, form), form
    status = render(report, "text")
    assert "1 patch on which match and target disagree" in status
    assert "match and target disagree" in render(report, "html")


def test_files_that_a_partial_clone_lacks_make_no_witness(up: Upstream, tmp_path: Path) -> None:
    up.commit("same", "one: check", {"one.c": up.changed("one.c", {20: "    one_check_length(one, ONE_LIMIT);"})})
    git(up.path, "config", "uploadpack.allowFilter", "true")
    (tmp_path / "q").mkdir()
    (tmp_path / "q/a.patch").write_text(up.patch("same"))
    file = tmp_path / "index"
    update(str(up.path), file)
    for kind in ("blob:none", "tree:0"):
        where = tmp_path / kind.replace(":", "-")
        git(tmp_path, "clone", "-q", "--bare", f"--filter={kind}", f"file://{up.path}", str(where))
        found = audit(AuditQuestion(str(tmp_path / "q"), (str(where),), index=str(file))).patches[0]
        assert found.witnesses is not None
        assert found.witnesses.target.has is Answer.UNKNOWN, kind
        assert action(found) is not Action.DROP


def test_a_reader_of_objects_that_failed_is_replaced(up: Upstream) -> None:
    history = open_upstream(str(up.path), str(up.path.parent / "index"), "", 1, (), silent)
    assert isinstance(history, History)
    first = history.objects()
    assert history.objects() is first
    first.failed = True
    assert history.objects() is not first
    assert not history.objects().failed
