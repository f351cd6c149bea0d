"""Measures the numbers of `patches/thresholds.py` that no patch's verdict hangs on.

    python benchmarks/ground.py lists REPO...          queues: what is there of what files list
    python benchmarks/ground.py headers REPO...        headers: where distributions' marks stand, how long fields are
    python benchmarks/ground.py moved REPO TAG...      where files went from each tag to the next
    python benchmarks/ground.py foreign TREE QUEUE...  queues, the share of their files of which a tree has no folder

`lists` reads every file of each repository's HEAD whose lines all name patches, and tells the share of them that is
there; then that of each series, in any format, where a queue may be. `moved`: a file that git says was renamed should
be found by its lines, from the patches that changed it last; one that was deleted should not, although another has its
name.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.probe import other
from kcfg.base.errors import UserError
from kcfg.sources.gitrepo import Repo, open_repo
from kcfg.sources.open import open_source
from patches.queues.formats import folder_of, is_patch_name, join, listed_share, text_lines
from patches.queues.formats.quilt import _LINE
from patches.queues.gitfiles import GitFiles
from patches.queues.queue import USUAL, candidates, names_in, open_queue
from patches.relevance.absent import moved_to
from patches.relevance.foreign import foreign
from patches.text.claims import _FIELD, find
from patches.text.kinds import ClaimKind
from patches.text.parse import parse_patch
from patches.text.patch import FileDiff

SHARES = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
LEASTS = (1, 2, 3, 5, 8)
LAST = 3
"""Patches that changed a file last before it moved."""
TENTHS = 10


def lists(repositories: Sequence[str]) -> None:
    """How many files have which share of their patches."""
    counts: dict[str, Counter[int]] = {"series": Counter(), "other names": Counter()}
    for one in repositories:
        files = GitFiles(one, "HEAD")
        for path in files.walk():
            name = path.rpartition("/")[2]
            if is_patch_name(path) or name.endswith((".c", ".h", ".txt", ".md", ".conf")):
                continue
            try:
                data = files.read(path)
            except UserError:
                continue
            lines = [line.strip() for line in text_lines(data) if line.strip() and not line.strip().startswith("#")]
            if not lines or b"\0" in data or not all(_LINE.match(line[:4000]) for line in lines):
                continue
            names = [line.split()[0] for line in lines]
            if not all(map(is_patch_name, names)):
                continue
            share = listed_share(files, [join(folder_of(path), named) for named in names])
            kind = "series" if name == "series" or name.startswith("series.") else "other names"
            counts[kind][int(share * TENTHS)] += 1
            if 0 < share < 1 or kind != "series":
                print(f"  {one} {path}: {share:.2f} of {len(names)}")
    for kind, found in counts.items():
        told = ", ".join(f"{tenth / TENTHS:.1f}: {count}" for tenth, count in sorted(found.items()))
        print(f"{kind}: {sum(found.values())} files, by the share that is there: {told}")


def series(repositories: Sequence[str]) -> None:
    """The share of each series in the folders where a queue may be."""
    for one in repositories:
        files = GitFiles(one, "HEAD")
        for folder in USUAL:
            for found in candidates(files, names_in(files, folder)):
                share = found.found / len(found.listing.items)
                print(f"  {one} {found.listing.file} ({found.format.name}): {share:.2f} of {len(found.listing.items)}")


def headers(repositories: Sequence[str]) -> None:
    """The lines in which marks stand, counted from 0, and how many lines fields go on over."""
    marks, fields = Counter[int](), Counter[int]()
    count = 0
    for one in repositories:
        files = GitFiles(one, "HEAD")
        for path in filter(is_patch_name, files.walk()):
            try:
                patch = parse_patch(path, files.read(path))
            except UserError:
                continue
            count += 1
            lines = patch.header.split("\n")
            with other("sauce_lines", len(lines)), other("field_lines", len(lines)):
                for claim in find(lines):
                    if claim.claim.kind is ClaimKind.VENDOR and "origin" not in lines[claim.first].lower():
                        marks[claim.first] += 1
                    elif _FIELD.match(lines[claim.first]):
                        fields[claim.last - claim.first] += 1
    print(f"{count} patches; marks by line: {sorted(marks.items())}; fields by more lines: {sorted(fields.items())}")


def changes(repo: Repo, before: str, after: str) -> Iterator[tuple[str, str]]:
    """(old name, new name) of files that were renamed from a tag to the next; the new name is "" of those deleted."""
    told = repo.git("diff", "--name-status", "-z", "-M", "-l0", "--diff-filter=RD", before, after).decode().split("\0")
    at = 0
    while at + 1 < len(told):
        renamed = told[at].startswith("R")
        yield told[at + 1], told[at + 2] if renamed else ""
        at += 3 if renamed else 2


def moved(repository: str, tags: Sequence[str]) -> None:
    """Found and wrong files for each share, and each least number of lines."""
    repo = open_repo(repository)
    asked: list[tuple[Any, str, FileDiff, str]] = []
    for before, after in pairwise(tags):
        files = GitFiles(repository, after)
        names: dict[str, list[str]] = {}
        for path in files.walk():
            names.setdefault(path.rpartition("/")[2], []).append(path)
        tree = SimpleNamespace(includes=SimpleNamespace(files=files.walk()), names=names, source=files)
        for old, new in changes(repo, before, after):
            folder = f"{old.rpartition('.')[0]}/"
            if not old.endswith((".c", ".h", ".S")) or (new and not may_be_found(old, new, folder)):
                continue
            if not new and not names.get(old.rpartition("/")[2]):
                continue
            for sha in repo.text("log", f"-{LAST}", "--format=%H", before, "--", old).split():
                diff = repo.git("show", "--format=", "--no-renames", sha, "--", old)
                files_of = parse_patch(sha, diff).files
                asked += [(tree, old, one, new) for one in files_of if one.old and one.new]
    good = sum(bool(new) for *_, new in asked)
    print(f"of {good} patches the file was renamed, of {len(asked) - good} it was deleted and another has its name")
    for name, values in (("moved", SHARES), ("moved_least", LEASTS)):
        for value in values:
            with other(name, value):
                told = [(moved_to(cast("Any", tree), old, one), new) for tree, old, one, new in asked]
            right = sum(bool(new) and found == new for found, new in told)
            wrong = sum(bool(found) and found != new for found, new in told)
            print(f"{name} {value}: {right} of {good} found, {wrong} wrong")


def may_be_found(old: str, new: str, folder: str) -> bool:
    """Whether a new name is one that is looked at: the same in another folder, or in a folder that the file became."""
    return old.rpartition("/")[2] == new.rpartition("/")[2] or new.startswith(folder)


def foreigners(tree: str, queues: Sequence[str]) -> None:
    """The share of each queue's files."""
    source = open_source(tree)
    for one in queues:
        try:
            queue = open_queue(one)
        except UserError as error:
            print(f"{one}: {error}")
            continue
        created = {diff.new: "" for entry in queue.entries for diff in entry.patch.files if not diff.old}
        found = foreign(source, queue.entries, created)
        count = sum(found.folders.values())
        print(f"{one}: {count} of {found.counted}: {count / max(1, found.counted):.2f}")


if __name__ == "__main__":
    what, *given = sys.argv[1:] or [""]
    if what == "lists" and given:
        lists(given)
        series(given)
    elif what == "headers" and given:
        headers(given)
    elif what == "moved" and len(given) > 2:
        moved(given[0], given[1:])
    elif what == "foreign" and len(given) > 1:
        foreigners(given[0], given[1:])
    else:
        sys.exit((__doc__ or "").split("\n\n")[1])
