"""What the tasks of a Yocto recipe do to its patches before do_patch applies them: shell is read, Python is not run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from patches.queues.formats import ListedPatch
from patches.queues.formats.spec_changes import changes
from patches.queues.reasons import Unclear, UnclearKind

_TASK = re.compile(r"(?:fakeroot\s+)?(python\b\s*)?(?:fakeroot\s+)?([\w.+${}:-]*)\s*\(\s*\)\s*\{\s*$")
_DEF = re.compile(r"def\s+(\w+)\s*\(")
_LATER = re.compile(
    r"(?:do_(?:build|check|clean|compile|configure|deploy|image|install|package|populate|qa|rootfs|test)|pkg_)\w*"
    r"(?:[:].*)?$"
)
"""Tasks that are run behind do_patch."""
_OWN = re.compile(r"\$\{(?:WORKDIR|UNPACKDIR)\}")
_SETS = re.compile(r"\b(?:setVar|delVar|renameVar)\(\s*['\"]SRC_URI")
_NAMED = re.compile(r"[\w.+*?-]+\.(?:patch|diff)\b")


@dataclass(slots=True)
class Task:
    """A function of a recipe: its name, whether it is Python, and its lines."""

    name: str
    python: bool
    lines: list[tuple[str, int, str]] = field(default_factory=list)


def tasks(lines: Iterable[tuple[str, int, str]]) -> Iterator[Task]:
    """The functions among a recipe's lines."""
    here: Task | None = None
    indented = False
    for file, number, line in lines:
        if here and (line.startswith("}") if not indented else line.strip() and not line[0].isspace()):
            yield here
            here = None
        if here:
            here.lines.append((file, number, line))
        elif found := _TASK.match(line[:400]):
            here, indented = Task(found[2], bool(found[1])), False
        elif found := _DEF.match(line[:400]):
            here, indented = Task(found[1], True), True
    if here:
        yield here


def with_tasks(items: Sequence[ListedPatch], lines: Iterable[tuple[str, int, str]]) -> list[ListedPatch]:
    """The items as the tasks leave them: those that one may change, or names in Python, are unclear."""
    numbers = {item.name.rsplit("/", 1)[-1]: i for i, item in enumerate(items)}
    doubts: dict[int, Unclear] = {}
    more: list[ListedPatch] = []
    for task in tasks(lines):
        if _LATER.match(task.name):
            continue
        for file, number, line in task.lines:
            shown = " ".join(line.split())[:200]
            if task.python:
                found, others = by_python(line[:4000], numbers)
                why = Unclear(UnclearKind.EXPRESSION, (shown,))
                more += [ListedPatch(one, "", number, unclear=why, file=file) for one in others]
            else:
                found = changes(_OWN.sub("@srcdir@", " ".join(line.split())[:4000]), numbers)
                why = Unclear(UnclearKind.CHANGED, (shown,))
            for at in found:
                doubts.setdefault(at, why)
    if not doubts:
        return [*items, *more]
    every = doubts.get(-1)
    told = [
        replace(item, unclear=item.unclear or doubts.get(numbers[item.name.rsplit("/", 1)[-1]], every))
        for item in items
    ]
    return [*told, *more]


def by_python(line: str, numbers: dict[str, int]) -> tuple[set[int], list[str]]:
    """The patches that a line of Python names, -1 for all, and the names that it adds to SRC_URI."""
    text = re.sub(r"(?:^|\s)#.*", "", line)
    found: set[int] = {-1} if _SETS.search(text) else set()
    others = []
    for name in _NAMED.findall(text):
        if "*" in name or "?" in name:
            found.add(-1)
        elif name in numbers:
            found.add(numbers[name])
        elif "SRC_URI" in text:
            others.append(name)
    return found, others
