"""Read Makefiles without make: variables whose words carry the condition under which they are there.

A variable's value is a list of `MakeWord`s. An assignment inside `ifdef CONFIG_X`, or to a name such as
`obj-$(CONFIG_X)`, adds words with that condition, so that one reading stands for every configuration. The functions
that kernel Makefiles use on lists of objects are evaluated (`functions.py`). Nothing is executed: what needs a shell,
the environment or the build folder becomes an `Undecidable` condition that names the line.

The manual of GNU make is the reference: chapters 3.8 (parsing), 6 (variables), 7 (conditionals), 8 (functions).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from kcfg.kbuild.condition import (
    ALWAYS,
    ENABLED,
    NEVER,
    OTHER,
    AskedKind,
    Condition,
    M,
    N,
    Undecidable,
    ValueTest,
    Y,
    any_of,
    both,
    negate,
)
from kcfg.kbuild.text import (
    ASSIGNED,
    ASSIGNMENT,
    DIRECTIVE,
    MODIFIER,
    arguments,
    clean,
    comparison,
    logical_lines,
    slow_assignment,
    tokens,
    top_level,
)
from kcfg.kbuild.words import (
    BY_EXPANSION,
    DEPTH_LIMIT,
    EXPANSIONS_LIMIT,
    OPEN,
    TEXT_LIMIT,
    TEXTS_LIMIT,
    UNKNOWN,
    Branch,
    ConditionalText,
    Expanded,
    MakePlace,
    MakeRule,
    MakeVariable,
    MakeWord,
    Room,
    alternatives_of,
    compare,
    guarded,
    negate_within,
    present,
    put_into,
    unknown,
)

Function = Callable[["Make", list[str], MakePlace], list[MakeWord]]
FUNCTIONS: dict[str, tuple[int, Function]] = {}
"""Name -> (the number of arguments that commas divide, what evaluates it). `functions.py` fills it."""

OPTIONS = re.compile(
    r"(?:\w*(?:CPP|RUST|C|A|LD|AR|BIND\w*)FLAGS|\w*flags-|KBUILD_\w*FLAGS|quiet_cmd_|cmd_|PHONY\b)", re.I
)
BY_SYMBOL = re.compile(r"([^\s$()]+-)\$\((CONFIG_\w+)\)")
UNUSED = ("obj-", "lib-", "extra-", "always-", "core-", "drivers-")  # what a symbol that is off would add to


class Make:
    """One Makefile, its includes, and the variables that they set."""

    def __init__(
        self,
        read: Callable[[str], str | None],
        known: dict[str, int],
        outer: Make | None = None,
        pinned: Mapping[str, MakeVariable] | None = None,
    ) -> None:
        self.read = read
        self.known = known  # symbols whose value does not vary, such as X86_64
        self.outer = outer
        self.pinned = pinned or {}  # as with variables on make's command line, assignments do not change them
        self.variables: dict[str, MakeVariable] = dict(self.pinned)
        self.exported: set[str] = set()
        self.rules: list[MakeRule] = []
        self.files: list[str] = []
        self.unread: list[Undecidable] = []
        self.depth = 0  # of functions that bind variables
        self._expanding: list[str] = []
        self.room = Room()
        self.nested = 0  # functions
        self._expanded = 0  # since nothing was being expanded

    # Reading.

    def include(self, path: str, condition: Condition = ALWAYS) -> bool:
        """Read a file under a condition; whether it is there."""
        text = self.read(path)
        if text is None or len(self.files) > 4096 or self.files.count(path) > DEPTH_LIMIT:
            return False
        self.files.append(path)
        branches: list[Branch] = []
        current = condition
        rule: MakeRule | None = None
        defining = 0
        for number, line in logical_lines(text):
            stripped = line.strip()
            if defining:
                if stripped.startswith(("define ", "endef")):
                    defining += 1 if stripped[0] == "d" else -1
                continue
            if line[0] == "\t" and rule is not None:
                if current != NEVER:
                    rule.recipe.append(stripped)
                continue
            place = MakePlace(path, number)
            found = DIRECTIVE.match(stripped)
            if found and not ASSIGNED.match(found[2]):
                word, rest = found[1], found[2]
                if word in ("else", "endif") or word[:2] == "if":
                    current = self._branch(branches, word, rest, current, place)
                elif word == "define":
                    defining = 1
                elif current != NEVER and word != "endef":
                    self._include_line(rest, current, place, optional=word != "include")
                continue
            if current != NEVER:
                rule = self._statement(stripped, current, place)
        return True

    def _branch(self, branches: list[Branch], word: str, rest: str, current: Condition, place: MakePlace) -> Condition:
        """The condition that holds after an if, else or endif."""
        if word[:2] == "if":
            own = both(current, self._test(word, rest, place)) if current != NEVER else NEVER
            branches.append(Branch(current, own, negate_within(current, own)))
            return own
        if not branches:
            return current
        last = branches.pop()
        if word == "endif":
            return last.outer
        again = DIRECTIVE.match(rest)
        if last.rest == NEVER or again is None or again[1][:2] != "if":
            branches.append(Branch(last.outer, last.rest, NEVER))
            return last.rest
        own = both(last.rest, self._test(again[1], again[2], place))
        branches.append(Branch(last.outer, own, negate_within(last.rest, own)))
        return own

    def _test(self, word: str, rest: str, place: MakePlace) -> Condition:
        if word in ("ifdef", "ifndef"):
            names = self.texts(rest, place)
            if names is None:
                return Undecidable(rest, *place)
            found = any_of(both(condition, self.defined(name.strip())) for condition, name in names)
            return found if word == "ifdef" else negate(found)
        sides = comparison(rest)
        if sides is None:
            return Undecidable(f"{word} {rest}", *place)
        same = self.equal(sides[0], sides[1], place)
        return same if word == "ifeq" else negate(same)

    def defined(self, name: str) -> Condition:
        """When a variable has a value that is not empty (ifdef does not expand it)."""
        variable = self.lookup(name)
        if variable is not None:
            return any_of(
                item.condition if item.words is None else both(item.condition, present(item.words))
                for item in variable.items
                if item.raw or item.words
            )
        return self.symbol(name, ENABLED) if name.startswith("CONFIG_") else NEVER

    def equal(self, left: str, right: str, place: MakePlace) -> Condition:
        """When two texts are the same."""
        for one, other in ((left, right), (right, left)):
            if not one:
                return negate(present(self.words(other, place)))
        lefts, rights = self.texts(left, place), self.texts(right, place)
        if lefts is None or rights is None:
            return Undecidable(f"{left} = {right}", *place)
        return any_of(
            both(both(condition, other), compare(text, it, place)) for condition, text in lefts for other, it in rights
        )

    def _include_line(self, rest: str, current: Condition, place: MakePlace, optional: bool) -> None:
        for word in self.words(rest, place):
            condition = both(current, word.condition)
            path = clean(word.text)
            if condition == NEVER or path.startswith("include/"):
                continue
            if UNKNOWN in path or OPEN in path or (not self.include(path, condition) and not optional):
                self.unread.append(Undecidable(f"include {rest.strip()}", *place))

    def _statement(self, line: str, current: Condition, place: MakePlace) -> MakeRule | None:
        """An assignment or the head of a rule, which is returned: lines with a tab are its recipe."""
        modifier = MODIFIER.match(line)
        export = False
        while modifier:
            export |= line.startswith("export")
            line = line[modifier.end() :]
            modifier = MODIFIER.match(line)
        found = ASSIGNMENT.fullmatch(line) or slow_assignment(line)
        if found is not None:
            name, operator, value = found[1].strip(), found[2], found[3]
            if export:
                self.exported.add(name)
            if not OPTIONS.match(name):
                self.assign(name, operator, value, current, place)
            return None
        if export:
            self.exported.update(word.text for word in self.words(line, place))
            return None
        return self._rule(line, current, place)

    def _rule(self, line: str, current: Condition, place: MakePlace) -> MakeRule | None:
        at = top_level(line, ":")
        if at < 0:
            return None
        targets, needs = line[:at], line[at + 1 :].lstrip(":&")
        needs, _, recipe = needs.partition(";")
        static = top_level(needs, ":")
        pattern = needs[:static].strip() if static >= 0 else ""
        needs = needs[static + 1 :]
        if "=" in needs and slow_assignment(MODIFIER.sub("", needs.strip())):
            needs = ""  # a variable of this target
        rule = MakeRule(targets.strip(), pattern, needs.replace("|", " "), [recipe] if recipe else [], current, place)
        self.rules.append(rule)
        return rule

    def assign(self, name: str, operator: str, value: str, current: Condition, place: MakePlace) -> None:
        """An assignment with the operators =, :=, +=, ?= and != (which runs a shell: undecidable)."""
        if "$" not in name:
            self._assign(name, operator, value, current, place)
            return
        if (plain := BY_SYMBOL.fullmatch(name)) and plain[2] not in self.variables:
            for ending, values in (("y", Y), ("m", M), ("", N)):
                condition = both(current, self.symbol(plain[2], values))
                if condition != NEVER and (ending or plain[1] not in UNUSED):
                    self._assign(plain[1] + ending, operator, value, condition, place)
            return
        names = self.texts(name, place)
        if names is None:
            family, _, asked = name.partition("$")
            names = [(Undecidable(f"${asked}", *place), f"{family}y")]
        for condition, text in names:
            joined = both(current, condition)
            if OPEN not in text and joined != NEVER:
                self._assign(text, operator, value, joined, place)

    def _assign(self, name: str, operator: str, value: str, condition: Condition, place: MakePlace) -> None:
        if name in self.pinned:
            return
        old = self.variables.get(name)
        if old is None and operator in ("+", "?") and (inherited := self.lookup(name)) is not None:
            old = inherited
        if operator == "?" and old is not None:
            condition = both(condition, negate(any_of(item.condition for item in old.items)))
            if condition == NEVER:
                return
        simple = operator[:1] == ":" or (operator == "+" and old is not None and old.simple)
        words: list[MakeWord] | None
        if operator == "!":
            words = [MakeWord(UNKNOWN, Undecidable(f"{name} != {value}", *place), place)]
        elif "$" not in value:
            words = [MakeWord(word, ALWAYS, place) for word in value.split()]
        else:
            words = self.words(value, place) if simple else None
        item = Expanded(condition, value, words, place)
        if old is None:
            self.variables[name] = MakeVariable(simple, [item])
        elif operator in ("+", "?"):
            self.variables[name] = MakeVariable(old.simple, [*old.items, item])
        elif condition == ALWAYS:
            self.variables[name] = MakeVariable(simple, [item])
        else:
            keep = negate(condition)
            kept = [it._replace(condition=both(it.condition, keep)) for it in old.items]
            self.variables[name] = MakeVariable(simple, [*(it for it in kept if it.condition != NEVER), item])

    # Values.

    def lookup(self, name: str) -> MakeVariable | None:
        """The variable of that name, here or exported by the top Makefile."""
        found = self.variables.get(name)
        if found is None and self.outer is not None and name in self.outer.exported:
            return self.outer.variables.get(name)
        return found

    def symbol(self, name: str, values: int) -> Condition:
        """The test of CONFIG_X for some values."""
        short = name.removeprefix("CONFIG_")
        fixed = self.known.get(short)
        if fixed is not None:
            return ALWAYS if fixed & values else NEVER
        return ValueTest(short, values)

    def value(self, name: str, place: MakePlace) -> list[MakeWord]:
        """The words of a variable or of a CONFIG symbol."""
        variable = self.variables.get(name) or self.lookup(name)
        if variable is None:
            if not name.startswith("CONFIG_"):
                return []
            pairs = (("y", Y), ("m", M), (f"{OPEN}{name[7:]}{OPEN}", OTHER))
            tests = ((text, self.symbol(name, values)) for text, values in pairs)
            return [MakeWord(text, test, place) for text, test in tests if test != NEVER]
        if name in self._expanding or len(self._expanding) > DEPTH_LIMIT:
            return unknown(name, place, AskedKind.OWN)
        self._expanded = self._expanded + 1 if self._expanding else 0
        if self._expanded > EXPANSIONS_LIMIT or not self.room.take(BY_EXPANSION):
            return unknown(name, place, AskedKind.ENDLESS)
        self._expanding.append(name)
        try:
            out: list[MakeWord] = []
            for item in variable.items:
                words = item.words if item.words is not None else self.words(item.raw, item.place)
                if not put_into(out, words, item.condition, item.place, self.room):
                    return unknown(name, place, AskedKind.WORDS)
            return out
        finally:
            self._expanding.pop()

    def words(self, text: str, place: MakePlace) -> list[MakeWord]:
        """A text expanded and split into words."""
        if "$" not in text:
            return [MakeWord(word, ALWAYS, place) for word in text.split()]
        out: list[MakeWord] = []
        for parts in tokens(text):
            if len(parts) == 1:
                part = parts[0]
                out.extend([MakeWord(part[1:], ALWAYS, place)] if part[0] == "'" else self.reference(part[1:], place))
                continue
            texts = self._join(parts, place)
            if texts is None:
                out.extend(unknown(text, place))
            else:
                for condition, joined in texts:
                    out.extend(MakeWord(word, condition, place) for word in joined.split())
        return out

    def texts(self, text: str, place: MakePlace) -> list[ConditionalText] | None:
        """The different texts that it can expand to, with the condition of each; None when nobody can tell."""
        if "$" not in text:
            return [(ALWAYS, text)]
        return self._join([part for parts in tokens(text, split=False) for part in parts], place)

    def _join(self, parts: Iterable[str], place: MakePlace) -> list[ConditionalText] | None:
        out: list[ConditionalText] = [(ALWAYS, "")]
        for part in parts:
            sizes = [len(text) for _, text in out]
            if not self.room.take(sum(sizes)) or max(sizes, default=0) > TEXT_LIMIT:
                return None
            if part[0] == "'":
                out = [(condition, text + part[1:]) for condition, text in out]
                continue
            alternatives = alternatives_of(self.reference(part[1:], place))
            if alternatives is None:
                return None
            crossed = ((both(a, b), text + more) for a, text in out for b, more in alternatives)
            out = [(condition, text) for condition, text in crossed if condition != NEVER]
            if len(out) > TEXTS_LIMIT:
                return None
        return out

    def reference(self, inner: str, place: MakePlace) -> list[MakeWord]:
        """What is between the parentheses of $(...). Looking through it takes room, too: parentheses nest."""
        if not self.room.take(len(inner)):
            return unknown(f"$({inner[:100]})", place, AskedKind.WORDS)
        name, space, rest = inner.partition(" ") if " " in inner else inner.partition("\t")
        if space and "$" not in name:
            if (function := FUNCTIONS.get(name)) is None:
                return unknown(f"$({inner})", place) if re.fullmatch(r"[a-z-]+", name) else []
            return function[1](self, arguments(rest.lstrip(), function[0]), place)
        at = top_level(inner, ":")
        if at > 0 and "=" in inner[at:]:
            old, _, new = inner[at + 1 :].partition("=")
            if "%" not in old:
                old, new = f"%{old}", f"%{new}"
            return FUNCTIONS["patsubst"][1](self, [old, new, f"$({inner[:at]})"], place)
        if "$" not in inner:
            return self.value(inner, place)
        names = self.texts(inner, place)
        if names is None:
            return unknown(f"$({inner})", place)
        told = [(condition, self.value(text, place)) for condition, text in names]
        every = (words if condition == ALWAYS else guarded(words, condition, place) for condition, words in told)
        return [word for words in every for word in words]
