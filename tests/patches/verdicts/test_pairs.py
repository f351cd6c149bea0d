"""What takes back an earlier patch of the queue does not go while that one stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from patches.findings import (
    Action,
    Answer,
    HunkPlace,
    MatchWitness,
    PatchResult,
    Standing,
    TargetWitness,
    Witnesses,
)
from patches.queues.queue import open_queue
from patches.verdicts.pairs import add_undone, would_come_again
from patches.verdicts.plan import decide
from patches.verdicts.witnesses import can_be_dropped

FIX = ("-    old_call(page);", "+    new_call(page);")
UNDO = ("-    new_call(page);", "+    old_call(page);")
OTHER = ("+    quite_another(page);",)
BLANKS = ("-", "+    ")
MOVED = ("-    new_call(page);", "+    if (page)", "+        new_call(page);")


def undone(folder: Path, patches: list[tuple[tuple[str, ...], bool, str]]) -> list[PatchResult]:
    """The results of a queue of patches, each with its lines, whether it could be dropped, and its file."""
    for number, (lines, _, path) in enumerate(patches):
        old, new = (sum(line[:1] != sign for line in lines) + 2 for sign in "+-")
        body = "\n".join((f"@@ -1,{old} +1,{new} @@", "     begin();", *lines, "     end();"))
        (folder / f"{number}.patch").write_text(f"--- a/{path}\n+++ b/{path}\n{body}\n")
    (folder / "series").write_text("".join(f"{number}.patch\n" for number in range(len(patches))))
    entries = open_queue(str(folder)).entries
    results = []
    for entry, (_, dropped, _) in zip(entries, patches, strict=True):
        said = Answer.YES if dropped else Answer.PART
        both = Witnesses(match=MatchWitness(has=said), target=TargetWitness(has=said), agree=True)
        results.append(PatchResult(name=entry.name, position=entry.position, subject="", witnesses=both))
    return add_undone(results, entries)


@pytest.mark.parametrize(
    ("patches", "told"),
    [
        ([(FIX, False, "a.c"), (UNDO, True, "a.c")], [(), ("0.patch",)]),
        ([(FIX, True, "a.c"), (UNDO, True, "a.c")], [(), ()]),
        ([(UNDO, True, "a.c"), (FIX, False, "a.c")], [(), ()]),  # the earlier one is not in the later one's way
        ([(FIX, False, "a.c"), (UNDO, True, "b.c")], [(), ()]),
        ([(FIX, False, "a.c"), (OTHER, True, "a.c")], [(), ()]),
        ([(FIX, False, "a.c"), (MOVED, True, "a.c")], [(), ()]),  # the line is there still
        ([(BLANKS, False, "a.c"), (BLANKS[::-1], True, "a.c")], [(), ()]),
        (
            [(FIX, False, "a.c"), (UNDO, True, "a.c"), (FIX, True, "a.c"), (OTHER, True, "a.c")],
            [(), ("0.patch",), ("1.patch",), ()],  # what stays since it undoes is undone in its turn
        ),
    ],
)
def test_what_takes_back_an_earlier_patch_that_stays(
    tmp_path: Path, patches: list[tuple[tuple[str, ...], bool, str]], told: list[tuple[str, ...]]
) -> None:
    found = undone(tmp_path, patches)
    assert [one.undoes for one in found] == told
    assert [can_be_dropped(one) for one in found] == [
        dropped and not names for (_, dropped, _), names in zip(patches, told, strict=True)
    ]


def test_a_plan_keeps_it(tmp_path: Path) -> None:

    _, undo = undone(tmp_path, [(FIX, False, "a.c"), (UNDO, True, "a.c")])
    assert decide(undo).action is Action.WATCH
    assert decide(replace(undo, undoes=())).action is Action.DROP


@pytest.mark.parametrize(
    ("match", "standing", "told"),
    [
        (Answer.YES, Standing.EXTRA, False),  # the target has it, in another form
        (Answer.YES, Standing.ABSENT, True),
        (Answer.NO, Standing.MISSING, True),
        (Answer.UNKNOWN, Standing.MISSING, True),
    ],
)
def test_what_the_target_has_in_another_form_does_not_come_again(match: Answer, standing: Standing, told: bool) -> None:
    target = TargetWitness(
        has=Answer.PART, places=(HunkPlace("a.c", 1, Standing.STANDS), HunkPlace("a.c", 9, standing))
    )
    both = Witnesses(match=MatchWitness(has=match), target=target, agree=False)
    assert would_come_again(PatchResult(name="a", position=1, subject="", witnesses=both)) is told
    assert would_come_again(PatchResult(name="a", position=1, subject=""))
