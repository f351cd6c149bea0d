"""Of a change that a revision has: whether all of it stands there, by lines alone, and whether a patch is that change.

Nothing of what decides about drops is asked here: what is asked of it shall not hang on its own answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

from benchmarks.match import Case
from patches.queues.gitfiles import GitFiles
from patches.text.lines import says
from patches.text.patch import FileDiff, Patch
from patches.verdicts.apply import locate, sides
from patches.verdicts.witnesses import Revision


def named(revision: Revision, path: str) -> list[str]:
    """The revision's files of a path's name."""
    name = Path(path).name
    return [one for one in cast(GitFiles, revision.target.files).walk() if Path(one).name == name] if name else []


def is_undone(case: Case, patch: Patch, revision: Revision) -> bool:
    """Whether a hunk of upstream's own change, which the revision got, would apply there again, and not in reverse.

    Or one of the patch: what applies is not there.
    """
    assert revision.history is not None
    assert revision.has is not None
    index = revision.history.index
    brought = [one for one in case.equal if revision.has(one)]
    ident = min(brought, key=lambda one: (not index.commit(one).mainline, one))
    for one in (*revision.history.arrival(index.commit(ident).sha).read().files, *patch.files):
        lines = revision.target.lines(one.new) if one.new and one.old else None
        for forward, backward in (sides(hunk) for hunk in one.hunks if lines):
            found = [bool(side.find) and locate(lines or [], side, 0, 0, 0) is not None for side in (forward, backward)]
            if found == [True, False]:
                return True
    return False


def has_own_lines(case: Case, patch: Patch, revision: Revision) -> bool:
    """Whether the patch changes a telling line that the change, as the revision got it, does not, or not as often.

    Then it is not that change which is there: a backport was adapted, or has something besides. A line counts in its
    file; where the revision has no such file, in any file of the change.
    """
    history = revision.history
    assert history is not None
    assert revision.has is not None
    there = [history.arrival(history.index.commit(one).sha).diffs for one in case.equal if revision.has(one)]
    for one in patch.files:
        known = Counter[str]()
        for diffs in there:
            same = [diff for diff in diffs if Path(diff.path).name == Path(one.path).name]
            there_is = any(path and revision.target.files.find(path) for path in (one.new, one.old))
            known |= Counter(changed_lines(same if same or there_is else diffs))
        if Counter(changed_lines((one,))) - known:
            return True
    return False


def is_rewritten(patch: Patch, revision: Revision) -> bool:
    """Whether the revision's files lack a telling line that the patch adds: what stood there was changed since."""
    for one in patch.files:
        lines = revision.target.lines(revision.target.path(one)) or []
        there = {line.decode("utf-8", "surrogateescape").strip() for line in lines}
        if any(line[0] == "+" and line[1:] not in there for line in changed_lines((one,))):
            return True
    return False


def changed_lines(diffs: Iterable[FileDiff]) -> Iterator[str]:
    """The telling lines that diffs change, each with its sign, without indentation."""
    lines = (line for one in diffs for hunk in one.hunks for line in hunk.changed)
    return (line[:1] + line[1:].strip() for line in lines if says(line))
