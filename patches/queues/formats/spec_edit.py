"""Edits of RPM specs: `PatchN:` goes with the lines that apply it; all others keep their numbers.

A line goes only where it is wholly the patch's: a declaration, `%patchN`, `%patch -P N`, or a shell command that does
nothing but apply `%{PATCHN}`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from patches.queues.edits import Editing, LeftAlone, LeftKind, named_at
from patches.queues.formats import ListedPatch
from patches.queues.formats.spec import PATCH, Spec, parse
from patches.queues.formats.spec_apply import NUMBER, arguments, options

_ONE = re.compile(r"\s*%\{?patch(\d{0,9})\b")
_USE = re.compile(r"(?<!%)(?:%%)*%(?:\{[!?]*)?(?:PATCH|P:|patch[ \t]*(?:-P[ \t]*)?)(\d{1,9})\b")
_MANY = re.compile(r"\s*%\{?(?:autopatch|autosetup)\b(.*)$")
_FILE = r"\"?%\{?PATCH\d+\}?\"?"
_PROGRAM = r"(?:%\{__patch\}|%__patch|patch)"
_COMMAND = re.compile(
    rf"\s*(?:(?:{_PROGRAM}|git[ \t]+(?:apply|am))(?:[ \t]+-[\w=./-]+|[ \t]+\d{{1,3}})*(?:[ \t]+|[ \t]*<[ \t]*){_FILE}"
    rf"|(?:cat|zcat|xzcat|bzcat)[ \t]+{_FILE}[ \t]*\|[ \t]*{_PROGRAM}(?:[ \t]+-[\w=./-]+)*)\s*$"
)
"""A shell command that applies one patch, and does no more."""
_BOUNDED = re.compile(r"%\{?auto(?:patch|setup)\b.*\s-[mM]")
_CONDITIONAL = re.compile(r"%\{[!?]|%[!?]|%\(|%\[|%\{lua:|%\{expand:|%\{shrink:")


def remove(editing: Editing, drops: Sequence[ListedPatch]) -> list[LeftAlone]:
    """Take the declarations out, and the lines that apply them."""
    spec = SpecLines(editing)
    left: list[LeftAlone] = []
    kept = list(drops)
    while True:  # what stays keeps the lines that it shares
        gone = {spec.numbers.get(item.line, -1) for item in kept}
        told = [spec.taken_out(item, gone) for item in kept]
        stay = [why for why in told if isinstance(why, LeftAlone)]
        left += stay
        kept = [item for item, why in zip(kept, told, strict=True) if not isinstance(why, LeftAlone)]
        if not stay:
            break
    taken = {item.line: why for item, why in zip(kept, told, strict=True) if not isinstance(why, LeftAlone)}
    back = spec.renumbered(set().union(*taken.values()))
    for item in kept:
        if item.line < back:
            left.append(LeftAlone(item.name, LeftKind.NUMBERS, editing.place(item)))
        else:
            spec.text.gone |= taken[item.line]
    return left


class SpecLines:
    """A spec's lines up to its changelog; `numbers`: line -> the number of the patch that is declared there."""

    def __init__(self, editing: Editing) -> None:
        self.editing = editing
        self.text = editing.text(editing.listing.file)
        lines = [self.text.line(number) for number in range(1, len(self.text.lines) + 1)]
        self.lines = lines[: next((i for i, line in enumerate(lines) if line.startswith("%changelog")), len(lines))]
        spec = parse(self.lines)
        self.numbers = numbered(spec)
        self.hidden = spec.hidden
        self.uses = {number: used for number, line in enumerate(self.lines, 1) if (used := uses(line))}
        self.declared: dict[int, list[int]] = {}
        for number, line in enumerate(self.lines, 1):
            found = PATCH.match(line)
            if found and found[1]:
                self.declared.setdefault(int(found[1]), []).append(number)

    def taken_out(self, item: ListedPatch, gone: set[int]) -> LeftAlone | set[int]:
        """The lines that go with a patch, or why it stays; `gone`: the numbers of all that go."""

        def stays(kind: LeftKind, line: int = 0) -> LeftAlone:
            other = self.editing.place(item, line) if line else ""
            return LeftAlone(item.name, kind, self.editing.place(item), other)

        if item.file:
            return LeftAlone(item.name, LeftKind.INCLUDED, self.editing.place(item), self.editing.listing.file)
        at = self.numbers.get(item.line)
        again = [number for number in self.declared.get(-1 if at is None else at, ()) if number != item.line]
        if again:
            return stays(LeftKind.TWICE, again[0])
        if at is None or at in self.hidden or _CONDITIONAL.search(self.text.line(item.line)):
            return stays(LeftKind.MACRO)
        if self.continued(item.line):
            return stays(LeftKind.CONTINUED)
        mine = {item.line}
        for number, used in self.uses.items():
            if at not in used:
                continue
            other = self.lines[number - 1]
            if set(used) - gone:
                return stays(LeftKind.SEVERAL, number)
            if not applies_only(other):
                return stays(LeftKind.COMMAND, number)
            if self.continued(number):
                return stays(LeftKind.CONTINUED, number)
            mine.add(number)
        named = named_at(self.lines, item.name, mine)
        return stays(LeftKind.NAMED, named) if named else mine

    def continued(self, number: int) -> bool:
        """Whether a line goes on with the next, or the one before goes on with it."""
        return self.text.line(number).endswith("\\") or self.text.line(number - 1).endswith("\\")

    def renumbered(self, gone: set[int]) -> int:
        """The last line that would be numbered anew, where a line applies patches by number; 0 when none would be."""
        bounded = any(_BOUNDED.search(line) for line in self.lines)
        rest = [line if number not in gone else "" for number, line in enumerate(self.lines, 1)]
        if not (bounded or any(number not in gone for number in self.uses)):
            return 0
        after = numbered(parse(rest))
        return max((line for line, at in self.numbers.items() if line not in gone and after.get(line) != at), default=0)


def numbered(spec: Spec) -> dict[int, int]:
    """Line -> the number of the patch that is declared there, as the reader counts them."""
    return {item.line: at for at, item in spec.declared.items() if not item.file}


def uses(line: str) -> list[int]:
    """The numbers of the patches that a line uses, declarations apart; a comment's macros are expanded, too."""
    if PATCH.match(line):
        return []
    found = [int(one) for one in _USE.findall(line)]
    one = _ONE.match(line)
    many = _MANY.match(line)
    if one:
        given, rest = options(arguments(line, one.end()), "bdFopPz")
        named = ([one[1]] if one[1] else []) + given.get("P", []) + rest
        found += [int(n) for n in named if n.isdecimal()] or [0]
    elif many and "autopatch" in line:
        _, rest = options(many[1].strip(" }").split(" #", 1)[0].split(), "pmM")
        found += [int(n) for n in rest if n.isdecimal()]
    return found


def applies_only(line: str) -> bool:
    """Whether a line does nothing but apply patches by name or number."""
    if _ONE.match(line):
        return not re.search(r"[;&|]", line)
    return bool(_COMMAND.match(line)) and len(NUMBER.findall(line)) == 1
