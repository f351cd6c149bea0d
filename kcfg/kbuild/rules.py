"""Objects that no obj-y lists: what rules such as `$(obj)/vdso64.so: $(vobjs) FORCE` need, down to the object files.

Starting points are what a folder builds anyway (its objects, extra-y, always-y) and the architecture's image. A recipe
that calls make for another folder of the architecture (`$(build)=arch/x86/boot/compressed`) goes on there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kcfg.kbuild.condition import ALWAYS, NEVER, Condition, both, either
from kcfg.kbuild.functions import pattern
from kcfg.kbuild.make import Make
from kcfg.kbuild.text import clean
from kcfg.kbuild.tree import Descent, MakeLine
from kcfg.kbuild.words import OPEN, UNKNOWN, MakePlace, MakeRule, MakeWord

if TYPE_CHECKING:
    from kcfg.kbuild.walk import MakefileReader

GOALS = ("all", "vmlinux", "prepare", "bzImage", "Image", "Image.gz", "zImage")
"""Of the top Makefile and the architecture's."""

SCRIPTED = {"init": "init/version-timestamp.o"}
"""What scripts/link-vmlinux.sh or scripts/Makefile.vmlinux builds by name, where the folder has a rule for it."""

DESCENT = re.compile(r"\$\(build\)=(\S+)\s*(.*)")
STEPS_LIMIT = 200_000
NAME_LIMIT = 512
"""Characters of a target. make does not use a rule such as `%: %.c` twice in a chain; here its names end by length."""
TOP = -1


class Table:
    """The rules of one Makefile by target."""

    def __init__(self, make: Make) -> None:
        self.make = make
        self.exact: dict[str, list[tuple[Condition, str, MakeRule]]] = {}
        self.patterns: list[tuple[re.Pattern[str], MakeRule]] = []
        for rule in make.rules:
            for word in make.words(rule.targets, rule.place):
                target = clean(word.text)
                condition = both(rule.condition, word.condition)
                if UNKNOWN in target or OPEN in target or condition == NEVER:
                    continue
                if rule.pattern:
                    stems = (pattern(clean(it.text)).fullmatch(target) for it in make.words(rule.pattern, rule.place))
                    for found in stems:
                        if found:
                            self.exact.setdefault(target, []).append((condition, found[1], rule))
                elif "%" in target:
                    self.patterns.append((pattern(target), rule))
                else:
                    self.exact.setdefault(target, []).append((condition, "%", rule))

    def rules(self, target: str) -> list[tuple[Condition, str, MakeRule]]:
        """The rules that make a target: (when they are there, what % stands for, the rule)."""
        exact = self.exact.get(target, [])
        if any(rule.recipe for _, _, rule in exact):
            return exact
        found = ((rule.condition, match[1], rule) for it, rule in self.patterns if (match := it.fullmatch(target)))
        return [*exact, *found]


class Follower:
    """Goes from targets to what they need, until nothing new is found."""

    def __init__(self, reader: MakefileReader) -> None:
        self.reader = reader
        self.tables: dict[int, Table] = {TOP: Table(reader.top)}
        self.needed: dict[tuple[int, str], tuple[Condition, MakePlace]] = {}
        self.todo: list[tuple[int, str]] = []
        self.derived: set[str] = set()

    def need(self, folder: int, target: str, condition: Condition, place: MakePlace) -> None:
        """A target is needed when a condition holds in its folder."""
        if len(target) > NAME_LIMIT:
            return
        known, first = self.needed.get((folder, target), (NEVER, place))
        joined = either(known, condition)
        if joined != known:
            self.needed[folder, target] = (joined, first)
            self.todo.append((folder, target))

    def run(self) -> None:
        """From all starting points to the listings of what is found."""
        for number, make in enumerate(self.reader.makes):
            if make is not None:
                self.tables[number] = Table(make)
        listed = set()
        for path, listings in self.reader.listings.items():
            for it in listings:
                listed.add((it.folder, path))
                if it.folder in self.tables:
                    self.need(
                        it.folder, path, either(it.builtin, it.module), MakePlace(it.lines[0].file, it.lines[0].line)
                    )
        for number, table in self.tables.items():
            if number != TOP:
                prefix = f"{self.reader.edges[number].path}/".lstrip("/")
                for word in self.starts(table.make):
                    self.need(number, clean(prefix + word.text), word.condition, word.place)
        for path, target in SCRIPTED.items():
            linked = self.tables.get(self.reader.index.get(path, TOP))
            if linked is not None and target in linked.exact:
                self.need(self.reader.index[path], target, ALWAYS, linked.exact[target][0][2].place)
        for goal in GOALS:
            self.need(TOP, goal, ALWAYS, MakePlace("Makefile", 0))
        steps = 0
        while self.todo and steps < STEPS_LIMIT:
            steps += 1
            self.step(*self.todo.pop())
        for path in self.derived:
            self.reader.listings.pop(path, None)
        for (folder, target), (condition, place) in self.needed.items():
            known = (folder, target) in listed or target in self.derived
            if folder != TOP and target.endswith(".o") and not known:
                self.reader.list_object(target, folder, target, False, (MakeLine(*place, condition, NEVER),))

    def starts(self, make: Make) -> Iterator[MakeWord]:
        """What a folder always makes."""
        for name in ("extra-y", "always-y", "always-m"):
            for word in make.value(name, MakePlace("", 0)):
                if UNKNOWN not in word.text and OPEN not in word.text:
                    yield word

    def step(self, folder: int, target: str) -> None:
        """What one target needs."""
        table = self.tables.get(folder)
        if table is None:
            return
        condition = self.needed[folder, target][0]
        for here, stem, rule in table.rules(target):
            joined = both(condition, here)
            if joined == NEVER:
                continue
            for word in table.make.words(rule.needs, rule.place):
                if UNKNOWN in word.text or OPEN in word.text or word.text == "FORCE":
                    continue
                name = clean(word.text.replace("%", stem, 1))
                if target.endswith(".o") and name.endswith(".o"):
                    self.derived.add(target)
                self.need(folder, name, both(joined, word.condition), word.place)
            for line in rule.recipe:
                if found := DESCENT.search(line):
                    self.descend(folder, target, found[1], found[2], joined, rule.place)
        if target.endswith(".o"):
            for source in (f"{target[:-2]}.c", f"{target[:-2]}.S"):
                if table.rules(source):
                    self.need(folder, source, condition, self.needed[folder, target][1])

    def descend(self, folder: int, target: str, where: str, goals: str, condition: Condition, place: MakePlace) -> None:
        """A recipe makes some goals in another folder."""
        make = self.tables[folder].make
        for word in make.words(where, place):
            path = clean(word.text).rstrip("/")
            joined = both(condition, word.condition)
            if not path.startswith("arch/") or UNKNOWN in path or OPEN in path or joined == NEVER:
                continue
            number = self.reader.index.get(path)
            if number is None:
                if self.reader.read(f"{path}/Makefile") is None and self.reader.read(f"{path}/Kbuild") is None:
                    continue
                number = len(self.reader.edges)
                self.reader.enter(path, Descent(folder, MakeLine(*place, NEVER, joined)))
                self.tables[number] = Table(self.reader.open(path))
            elif number not in self.tables:
                continue
            for goal in make.words(goals.replace("$@", target), place):
                if UNKNOWN not in goal.text and OPEN not in goal.text:
                    self.need(number, clean(goal.text), goal.condition, place)


def follow(reader: MakefileReader) -> None:
    """Add the objects that only rules name, and take out those that a rule makes of other objects."""
    Follower(reader).run()
