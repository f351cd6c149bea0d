"""Parts of changes, several changes in one patch, and what speaks for a match, with an index by hand."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from patches.evidence import Evidence, EvidenceKind, Fact, Note, NoteKind
from patches.findings import Verdict
from patches.queues.files import DiskFiles
from patches.text.headers import Claim, Header, parse_header
from patches.text.kinds import ClaimKind
from patches.text.parse import parse_patch
from patches.text.patch import Patch
from patches.verdicts.checks import claimed
from patches.verdicts.judgement import Judgement
from patches.verdicts.match import Query, query, same_lines, telling_keys
from patches.verdicts.tree import ContentTree, load_model
from patches.verdicts.verdict import evidence, fix_ups, has_more, hunk_shares, identical, judge, kind_of, part, several
from tests.patches.verdicts.test_decisions import Known, candidate, matcher_of

RARE = [f"rare_line_number_{n}(of_this, patch);" for n in range(12)]


def patch_of(*hunks: list[str], path: str = "drivers/a.c") -> Patch:
    """A patch of hunks of changed lines, signs first."""
    body = ""
    for at, lines in enumerate(hunks):
        minus, plus = (sum(line[0] == sign for line in lines) for sign in "-+")
        body += f"@@ -{at * 50 + 1},{minus} +{at * 50 + 1},{plus} @@\n" + "".join(f"{line}\n" for line in lines)
    return parse_patch("p", f"diff --git a/{path} b/{path}\n--- a/{path}\n+++ b/{path}\n{body}".encode())


def added(*numbers: int) -> list[str]:
    return [f"+{RARE[n]}" for n in numbers]


def removed(*numbers: int) -> list[str]:
    return [f"-{RARE[n]}" for n in numbers]


# A part


def test_a_commit_of_the_author_that_has_all_rare_lines_is_a_match() -> None:
    index = Known()
    index.add(1, lines=added(*range(8)))
    matcher = matcher_of(index)
    patch = patch_of(added(*range(6)))
    asked = replace(query(patch), author="ann author", email="ann@example.org")
    features = {"patch_in_commit": 0.9, "commit_in_patch": 0.01, "paths_in_commit": 0.1, "same_author": 1.0}

    def found(patch: Patch = patch, asked: Query = asked, **how: float) -> bool:
        return part(patch, asked, [candidate(1, **(features | how))], matcher) is not None

    assert found()
    assert found(patch_in_commit=0.0, commit_in_patch=0.9)
    assert not found(patch_in_commit=0.89)
    assert not found(paths_in_commit=0.0)  # in another file
    assert not found(commit_in_patch=0.009)  # a few lines of an import
    assert not found(same_author=0.0)
    assert not found(same_author=0.0, asked=replace(asked, email=""))
    assert not found(same_author=0.0, asked=replace(asked, author=""))
    assert found(same_author=0.0, asked=replace(asked, author="", email=""))


def test_few_rare_lines_are_no_part() -> None:
    index = Known()
    index.add(1, lines=added(*range(8)) + removed(8, 9, 10, 11))
    matcher = matcher_of(index)

    def found(*lines: str) -> bool:
        patch = patch_of(list(lines))
        one = candidate(1, patch_in_commit=1.0, commit_in_patch=0.5, paths_in_commit=1.0)
        return part(patch, query(patch), [one], matcher) is not None

    # Each line is in this commit alone and weighs 1: four are needed, two of them added.
    assert found(*added(0, 1, 2, 3))
    assert not found(*added(0, 1, 2))
    assert found(*removed(8, 9), *added(0, 1))
    assert not found(*removed(8, 9, 10, 11), *added(0))
    index.add(2, lines=added(0))
    assert not found(*added(0, 1, 2, 3))  # one of them is elsewhere, too


def test_a_commit_with_the_same_lines_is_the_change_whoever_signed_it() -> None:
    index = Known()
    index.add(1, lines=added(*range(4)))
    matcher = matcher_of(index)
    features = {"patch_in_commit": 0.9, "commit_in_patch": 0.9, "paths_in_commit": 0.1, "other_author": 1.0}

    def found(*numbers: int, **how: float) -> bool:
        given = Query(telling_keys(added(*numbers)))
        return same_lines(given, [candidate(1, **(features | how))], matcher) is not None

    assert found(0, 1, 2, 3)
    assert not found(0, 1, 2)  # says too little
    assert not found(0, 1, 2, 5)
    assert not found(0, 1, 2, 3, patch_in_commit=0.89)
    assert not found(0, 1, 2, 3, commit_in_patch=0.89)
    assert not found(0, 1, 2, 3, paths_in_commit=0.0)
    index.add(2, lines=added(*range(4)))
    index.total = 10**9  # a line of two commits weighs nearly 1
    ranked = [candidate(ident, jaccard=jaccard, **features) for ident, jaccard in ((1, 0.9), (2, 0.94))]
    given = Query(telling_keys(added(*range(4))))
    assert same_lines(given, ranked, matcher) is None
    for ident in (1, 2):
        index.add(ident, lines=added(*range(6)))
    closest = same_lines(Query(telling_keys(added(*range(6)))), ranked, matcher)
    assert closest is not None
    assert closest.ident == 2
    nearly = [candidate(1, jaccard=0.95, **features)]  # where no line differs, one that is nowhere else will do
    index.add(3, lines=added(8))
    assert same_lines(Query(telling_keys(added(0, 1))), nearly, matcher) is not None
    assert same_lines(Query(telling_keys(added(8))), nearly, matcher) is None


def test_a_strangers_header_hides_no_change() -> None:
    index = Known()
    index.add(1, lines=added(*range(6)))
    header = parse_header("From: Zoe <zoe@example.net>\nSubject: [PATCH] our own way\n\n")
    found = judge(patch_of(added(*range(6))), header, matcher_of(index))
    assert (found.verdict, found.commits) == (Verdict.MERGED, (1,))
    assert found.notes == (Note(NoteKind.BY_LINES),)


def test_a_claimed_commit_needs_something_else_to_speak_for_it() -> None:
    index = Known()
    index.add(7)
    index.add(8)
    matcher = matcher_of(index)
    asked = Query(telling_keys(added(0)), claims=(f"{7:040x}",))

    def found(ident: int = 7, **features: float) -> bool:
        return claimed(asked, [candidate(ident, **features)], matcher) is not None

    assert found(patch_in_commit=0.2)
    assert found(same_subject=1.0)
    assert found(near_subject=0.81)
    assert not found(near_subject=0.8)
    assert not found(patch_in_commit=0.19)
    assert not found(8, same_subject=1.0)


# The kind of sameness


def test_identical_by_the_id_or_by_all_lines() -> None:
    index = Known()
    index.add(1, lines=added(0, 1), patch_id=b"x")
    index.add(2, lines=[])
    matcher = matcher_of(index)
    assert identical(Query(telling_keys(added(0)), patch_id=b"x"), 1, matcher)
    assert identical(Query(telling_keys(added(0, 1))), 1, matcher)
    assert not identical(Query(telling_keys(added(0)), patch_id=b"y"), 1, matcher)
    assert not identical(Query(telling_keys([])), 2, matcher)


def test_more_hunks_than_the_change_has() -> None:
    index = Known()
    index.add(1, lines=added(0, 1, 2))
    matcher = matcher_of(index)
    change = frozenset((1,))

    def more(*hunks: list[str], changes: Sequence[frozenset[int]] = (change,)) -> bool:
        return has_more(patch_of(*hunks), changes, matcher)

    assert more(added(0, 1, 2), added(3, 4))
    assert not more(added(0, 1, 2), added(3))  # says too little
    assert not more([*added(0, 1, 2), *added(3, 4)])  # in a hunk of the change
    index.add(2, lines=added(3, 4))
    assert not more(added(0, 1, 2), added(3, 4), changes=(change, frozenset((2,))))  # it is of another change
    assert more(added(0, 1, 2), added(3, 4), added(5, 6), changes=(change, frozenset((2,))))
    index.add(1, lines=added(0, 1, 2, 9))
    assert more(added(0, 1, 2), added(3, 4, 5))
    assert not more(added(0, 1, 2), added(3, 4))  # what became of the lacking line


def test_the_kind_by_the_shares_of_lines() -> None:
    index = Known()
    index.add(1, lines=added(*range(4)))
    matcher = matcher_of(index)

    def kind(patch: Patch, chosen: int = 1) -> Verdict:
        one = candidate(1)
        return kind_of(patch, query(patch), one, [one] * chosen, [frozenset((1,))] * chosen, matcher)

    assert kind(patch_of(added(0, 1, 2, 3))) is Verdict.MERGED
    assert kind(patch_of(added(0))) is Verdict.SPLIT
    assert kind(patch_of(added(0, 1))) is Verdict.MODIFIED
    assert kind(patch_of(added(0, 1, 2, 3), added(4, 5, 6))) is Verdict.PARTIAL
    assert kind(patch_of(added(0, 1, 2), added(4, 5, 6, 7, 8))) is Verdict.MODIFIED
    assert kind(patch_of(added(0, 1, 2, 3)), 2) is Verdict.SQUASHED
    patch = patch_of(added(0))
    assert kind_of(patch, query(patch), None, [candidate(1)], [frozenset((1,))], matcher) is Verdict.SQUASHED


# Several changes


def squash_of(count: int) -> tuple[Known, Query]:
    """An index of commits of three lines each, and a patch of all lines of the first `count`."""
    index = Known()
    for ident in range(1, 5):
        index.add(ident, lines=added(*range(ident * 3 - 3, ident * 3)))
    return index, Query(telling_keys(added(*range(count * 3))))


def test_a_patch_of_several_commits_has_them_all() -> None:
    index, asked = squash_of(3)
    assert [one.ident for one in several(asked, None, matcher_of(index))] == [1, 2, 3]
    best = candidate(2, patch_in_commit=1 / 3, commit_in_patch=1.0)
    assert [one.ident for one in several(asked, best, matcher_of(index))] == [2, 1, 3]
    whole = candidate(2, patch_in_commit=0.9)
    assert [one.ident for one in several(asked, whole, matcher_of(index))] == [2]


def test_one_commit_is_not_several_and_most_lines_must_be_explained() -> None:
    index, asked = squash_of(1)
    assert several(asked, None, matcher_of(index)) == ()
    index, asked = squash_of(2)
    for own, expected in ((6, [1, 2]), (7, [])):  # the six lines of both are half of twelve
        more = Query(telling_keys([*added(*range(6)), *(f"+own_line_of_ours_{n}(here);" for n in range(own))]))
        assert [one.ident for one in several(more, None, matcher_of(index))] == expected


def test_fixes_of_the_change_that_are_in_the_patch_belong_to_it() -> None:
    index = Known()
    index.add(1, lines=added(0, 1, 2))
    index.add(2, lines=[*added(3), *removed(0, 1, 2)])
    index.add(3, lines=[*added(4), *removed(0, 1, 2, 5)])
    index.fixes = {1: [2, 3]}
    matcher = matcher_of(index)
    asked = Query(telling_keys(added(0, 1, 2, 3, 4)))
    left = telling_keys(added(3, 4))
    assert [one.ident for one in fix_ups(asked, candidate(1), left, matcher)] == [2]
    assert fix_ups(asked, candidate(1), telling_keys(added(4)), matcher) == []
    assert fix_ups(asked, candidate(1), telling_keys([]), matcher) == []


def test_how_much_of_each_hunk_is_upstream() -> None:
    index = Known()
    index.add(1, lines=added(0, 1, 2))
    patch = patch_of(added(0, 1), added(2, 3), added(4), ["+}"])
    found = Judgement(Verdict.PARTIAL, changes=(frozenset((1,)),))
    shares = hunk_shares(patch, found, matcher_of(index))
    assert [one.upstream for one in shares] == [1.0, 0.5, 0.0, -1.0]
    assert {one.file for one in shares} == {"drivers/a.c"}
    assert hunk_shares(patch, replace(found, changes=()), matcher_of(index)) == ()


# Evidence and the whole


def test_what_speaks_for_a_match() -> None:
    index = Known()
    index.add(1, lines=added(0, 1))
    matcher = matcher_of(index)
    asked = Query(telling_keys(added(0)), claims=(f"{1:040x}",), references=("XSA-1",))

    def told(asked: Query = asked, **features: float) -> list[Evidence]:
        return list(evidence(asked, candidate(1, **features), matcher, 1))

    bare = Query(telling_keys(added(5)))
    assert told(bare) == []
    assert told() == [Evidence(Fact.SHARED_LINES, 1, 1, 2), Evidence(Fact.HEADER_NAMES)]
    assert [one.kind for one in told()] == [EvidenceKind.LINES, EvidenceKind.TRAILER]
    assert told(bare, same_patch_id=1) == [Evidence(Fact.SAME_PATCH_ID, names=(bare.patch_id.hex(),))]
    assert told(bare, same_subject=1, near_subject=1) == [Evidence(Fact.SAME_SUBJECT)]
    assert told(bare, near_subject=0.51) == [Evidence(Fact.LIKE_SUBJECT, names=(index.commit(1).subject,))]
    assert told(bare, near_subject=0.5) == []
    assert told(bare, same_author=1) == [Evidence(Fact.SAME_AUTHOR)]
    assert told(bare, same_date=1) == [Evidence(Fact.SAME_SECOND)]
    found = told(replace(bare, references=("XSA-1",)), same_reference=1)
    assert found == [Evidence(Fact.REFERENCES, names=("XSA-1",))]


HEADER = parse_header("From: Ann Author <ann@example.org>\nSubject: [PATCH] subject 1\n\n")


def judged(index: Known, patch: Patch, *claims: str) -> Judgement:
    header: Header = replace(HEADER, claims=tuple(Claim(ClaimKind.CHERRY_PICKED, commit, 3) for commit in claims))
    return judge(patch, header, matcher_of(index))


def test_a_patch_that_is_a_commit_is_merged_and_its_claim_confirmed() -> None:
    index = Known()
    index.add(1, lines=added(*range(6)))
    found = judged(index, patch_of(added(*range(6))), f"{1:040x}", f"{2:040x}")
    assert (found.verdict, found.commits, found.changes) == (Verdict.MERGED, (1,), (frozenset((1,)),))
    assert [one.outcome for one in found.claims] == ["confirmed", "not-in-upstream"]
    assert (found.notes, [one.upstream for one in found.hunks]) == ((), [1.0])
    assert found.certainty in ("certain", "high")


def test_a_patch_of_a_stable_commit_is_in_stable_only_and_a_reverted_one_gone() -> None:
    index = Known()
    index.add(1, lines=added(*range(6)), mainline=False)
    assert judged(index, patch_of(added(*range(6)))).verdict is Verdict.STABLE_ONLY
    index.add(1, lines=added(*range(6)))
    index.add(2, day=3)
    index.reverts = {1: [2]}
    found = judged(index, patch_of(added(*range(6))))
    assert (found.verdict, [note.kind for note in found.notes]) == (Verdict.REVERTED, [NoteKind.REVERTED])


def test_a_wrong_claim_of_a_patch_that_is_not_there_is_the_verdict() -> None:
    index = Known()
    index.add(1, lines=added(0, 1))
    index.add(
        2,
        lines=[f"+another_line_{n}(somewhere, else);" for n in range(5)],
        subject="b",
        subject_key="b",
        author="B",
        email="b",
    )
    own = patch_of([f"+our_line_{n}(that_is, nowhere);" for n in range(6)])
    header = replace(HEADER, subject="our own thing", author="Zoe", email="zoe@example.org")
    matcher = matcher_of(index)
    assert judge(own, header, matcher).verdict is Verdict.NOT_UPSTREAM
    for commit, verdict in ((f"{2:040x}", Verdict.CLAIMS_WRONG), ("e" * 40, Verdict.CLAIMS_WRONG)):
        claims = (Claim(ClaimKind.CHERRY_PICKED, commit, 1),)
        found = judge(own, replace(header, claims=claims), matcher)
        assert (found.verdict, found.commits, found.evidence) == (verdict, (), ())
    claims = (Claim(ClaimKind.CHERRY_PICKED, "e" * 40, 1, foreign=True), Claim(ClaimKind.NEVER, "", 2))
    found = judge(own, replace(header, claims=claims), matcher)
    assert (found.verdict, [one.outcome for one in found.claims]) == (Verdict.NOT_UPSTREAM, ["foreign", "not-checked"])


def test_a_name_that_two_commits_begin_with_is_no_wrong_claim() -> None:
    index = Known()
    for ident in (1, 2):
        lines = [f"+line_{ident}_{n}(of_another, shape);" for n in range(5)]
        index.add(ident, lines=lines, subject="b", subject_key="b", author="B", email="b")
    own = patch_of([f"+our_line_{n}(that_is, nowhere);" for n in range(6)])
    header = replace(HEADER, subject="our own thing", author="Zoe", email="zoe@example.org")
    found = judge(own, replace(header, claims=(Claim(ClaimKind.CHERRY_PICKED, "0" * 12, 1),)), matcher_of(index))
    assert (found.verdict, [one.outcome for one in found.claims]) == (Verdict.NOT_UPSTREAM, ["not-checked"])
    assert (found.claims[0].ambiguous, found.claims[0].commit) == (2, "0" * 12)


def test_a_claim_makes_a_match_of_a_commit_that_shares_few_lines() -> None:
    index = Known()
    lines = [f"+their_line_{n}(of_another, shape);" for n in range(20)]
    index.add(1, lines=[*lines, *added(0, 1)], subject="x", subject_key="x", author="B", email="b")
    patch = patch_of(added(0, 1, 2, 3))
    found = judged(index, patch, f"{1:040x}")
    assert (found.commits, found.notes) == ((1,), (Note(NoteKind.BY_CLAIM),))
    assert [one.outcome for one in found.claims] == ["confirmed"]


# A tree without history

OLD = "".join(f"int old_line_number_{n}(void);\n" for n in range(20))
NEW = OLD.replace("old_line_number_9(void)", "new_line_number_9(int, int)")


def diff(path: str, old: str, new: str) -> str:
    told = difflib.unified_diff(old.splitlines(True), new.splitlines(True), f"a/{path}", f"b/{path}")
    return f"diff --git a/{path} b/{path}\n" + "".join(told)


def in_tree(tmp_path: Path, files: dict[str, str], text: str, *claims: Claim) -> Judgement:
    root = tmp_path
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return ContentTree(DiskFiles(str(root), huge=True), "tree").judge(
        parse_patch("p", text.encode()), replace(HEADER, claims=claims)
    )


def test_a_patch_whose_hunks_stand_in_the_tree_is_merged(tmp_path: Path) -> None:
    found = in_tree(tmp_path, {"drivers/a.c": NEW}, diff("drivers/a.c", OLD, NEW))
    assert (found.verdict, found.certainty, [one.upstream for one in found.hunks]) == (Verdict.MERGED, "high", [1.0])
    assert found.score >= load_model().threshold


def test_a_patch_whose_old_side_stands_in_the_tree_is_not(tmp_path: Path) -> None:
    found = in_tree(tmp_path, {"drivers/a.c": OLD}, diff("drivers/a.c", OLD, NEW))
    assert (found.verdict, found.certainty, [one.upstream for one in found.hunks]) == (
        Verdict.NOT_UPSTREAM,
        "medium",
        [0.0],
    )
    found = in_tree(tmp_path, {}, diff("drivers/a.c", OLD, NEW), Claim(ClaimKind.MERGED, "e" * 40, 1))
    assert (found.verdict, found.certainty, found.notes) == (Verdict.NOT_UPSTREAM, "low", (Note(NoteKind.TOLD_MERGED),))
    assert [one.outcome for one in found.claims] == ["not-checked"]
    found = in_tree(
        tmp_path,
        {},
        diff("drivers/a.c", OLD, NEW),
        Claim(ClaimKind.MERGED, "", 1),
        Claim(ClaimKind.FORMAT_PATCH, "e" * 40, 1),
    )
    assert found.certainty == "medium"


def test_a_file_that_moved_with_its_folders_name_is_found(tmp_path: Path) -> None:
    text = diff("drivers/a.c", OLD, NEW)
    found = in_tree(tmp_path, {"xen/drivers/a.c": NEW}, text)
    assert found.verdict is Verdict.MERGED
    found = in_tree(tmp_path, {"other/drivers/a.c": NEW}, text)
    assert found.verdict is not Verdict.MERGED


def test_files_that_are_made_and_removed(tmp_path: Path) -> None:
    lines = "int number_one(void);\nint number_two(void);\n"
    made = diff("n.c", "", lines).replace("--- a/n.c", "new file mode 100644\n--- /dev/null")
    gone = (
        diff("g.c", lines, "")
        .replace("--- a/g.c", "deleted file mode 100644\n--- a/g.c")
        .replace("+++ b/g.c", "+++ /dev/null")
    )
    assert in_tree(tmp_path, {"n.c": lines}, made).verdict is Verdict.MERGED
    assert in_tree(tmp_path, {}, gone).verdict is Verdict.UNKNOWN  # the file may never have been there
    assert in_tree(tmp_path, {"n.c": lines}, made + gone).verdict is Verdict.MERGED
    found = in_tree(tmp_path, {"g.c": lines}, gone)
    assert (found.verdict, [one.upstream for one in found.hunks]) == (Verdict.NOT_UPSTREAM, [0.0])


def test_a_patch_without_anything_to_compare_is_unknown(tmp_path: Path) -> None:
    assert in_tree(tmp_path, {}, "nothing").verdict is Verdict.UNKNOWN
    mode = "diff --git a/x b/x\nold mode 100644\nnew mode 100755\n"
    assert in_tree(tmp_path, {"x": ""}, mode).verdict is Verdict.UNKNOWN


def test_features_of_a_patch_in_a_tree(tmp_path: Path) -> None:
    root = tmp_path
    (root / "drivers").mkdir()
    (root / "drivers" / "a.c").write_text(NEW)
    tree = ContentTree(DiskFiles(str(root), huge=True), "tree")
    patch = parse_patch("p", (diff("drivers/a.c", OLD, NEW) + diff("drivers/b.c", OLD, NEW)).encode())
    states = tree.states(patch)
    assert [(one.there, one.absent, one.added, one.added_found, one.removed, one.removed_gone) for one in states] == [
        (True, False, 1, 1, 1, 1),
        (False, False, 1, 0, 1, 1),
    ]
    assert tree.features(patch, states) == (0.5, 0.0, 0.5, 1.0, 1.0, 0.5)
    bare = parse_patch("p", b"--- a/drivers/a.c\n+++ b/drivers/a.c\n@@ -1,1 +1,1 @@\n-{\n+}\n")
    assert tree.features(bare, tree.states(bare)) == (0.0, 0.0, 0.5, 0.5, 0.0, 0.0)
    assert np.isclose(
        load_model().score(tree.features(patch, states)), load_model().score((0.5, 0.0, 0.5, 1.0, 1.0, 0.5))
    )


@pytest.mark.parametrize("claims", [True, False])
def test_a_query_may_leave_claims_out(claims: bool) -> None:
    header = replace(
        HEADER,
        claims=(Claim(ClaimKind.CHERRY_PICKED, "e" * 40, 1), Claim(ClaimKind.CHERRY_PICKED, "f" * 40, 1, foreign=True)),
    )
    asked = query(patch_of(added(0)), header, claims=claims)
    assert asked.claims == (("e" * 40,) if claims else ())
    assert (asked.subject, asked.author, asked.email) == ("subject 1", "ann author", "ann@example.org")
