"""Follows a package recipe's shell text without running it: which commands it comes to, with which words.

Only variables, conditions on them, loops and the recipe's own functions are followed. A condition that cannot be known
(`use xen`, `[ -e file ]`) is kept with what stands under it; what stands under one that never holds is told as that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from patches.queues.formats.shellfolder import FOLDER, moved, stand
from patches.queues.formats.shelllex import ShellError
from patches.queues.formats.shellmerge import joined, merged, negated
from patches.queues.formats.shellparse import DECLARES, Command, Compound, Parser, ShellTree, ShellWord, written
from patches.queues.formats.shelltest import holds
from patches.queues.formats.shellwords import LIMIT, MARK, UNKNOWN, Expander, Field, Run, ShellVariable, fits, words_of
from patches.queues.reasons import Never, NeverKind, ShellFaultKind, Unclear, UnclearKind

STEPS = 50_000
"""Commands that are followed."""
CALLS = 20
"""How deep functions may call each other."""

_JUMPS = {"continue": "loop", "break": "end", "return": "call", "exit": "call", "die": "call"}
_UNSURE = re.compile(
    r"(?:\[|test|use\w*|has\w*|in_iuse|grep|egrep|fgrep|command|type|which|ls|read|ver_test|is_\w+|have_\w+)$"
)
"""Commands that are asked rather than told; of others it is taken that they succeed."""


class JumpError(Exception):
    """`continue`, `break`, `return`."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class ReachedCommand:
    """One command that the text comes to. `feeds`: the words of commands piped into it; `out`: the files behind `>`.

    `condition`, `never`: under what it is reached, or why it never is. `folder`: where it is run.
    """

    words: tuple[Field, ...]
    line: int
    stdin: Field | None = None
    feeds: tuple[tuple[Field, ...], ...] = ()
    condition: str = ""
    never: Never | None = None
    folder: str = UNKNOWN
    out: tuple[Field, ...] = ()


Handler = Callable[[ReachedCommand], bool | None]
"""Told of every command that is no function of the text; whether it succeeds, None when that is not known."""


class Shell:
    """A text with its variables and functions; `follow` goes through itself, `call` through a function of it, and both
    ask the handler, which may look at the variables. `lists`: variables that are lists. `called`: what was followed."""

    def __init__(self, text: str, known: dict[str, str], handler: Handler, run: Run, lists: Sequence[str]) -> None:
        self.variables = {name: ShellVariable((Field(value),)) for name, value in known.items()}
        self.functions: dict[str, ShellTree] = {}
        self.called: set[str] = set()
        self.problems: list[tuple[int, Unclear]] = []
        self._handler, self._lists = handler, tuple(lists)
        self._expander = Expander(self.variables, run, self._lists)
        self._conditions: list[str] = []
        self._never: Never | None = None
        self._left = STEPS
        self._calls = 0
        clean = re.sub("[\0\1\2]", "?", text)
        try:
            self._tree = Parser(clean).script()
        except ShellError as error:
            self._tree = error.args[1]
            self.problems.append((error.line, Unclear(UnclearKind.SHELL_ENDS, fault=error.fault)))

    def follow(self) -> None:
        """What is done where no function is called."""
        self._follow(self._tree)

    @property
    def folder(self) -> str:
        """Where the commands are run."""
        found = self.variables.get(FOLDER)
        return found.fields[0].text if found and found.fields else UNKNOWN

    def stand(self, folder: str) -> None:
        """Go to a folder."""
        self.variables[FOLDER] = stand(folder)

    def call(self, name: str, arguments: Iterable[Field] = ()) -> bool:
        """Follow a function; whether there is one."""
        body = self.functions.get(name)
        if body is None or self._calls >= CALLS:
            return body is not None
        self.called.add(name)
        before = self.variables.get("@")
        self.variables["@"] = self.variables["*"] = ShellVariable(tuple(arguments), True)
        self.variables |= {str(i): ShellVariable((one,)) for i, one in enumerate(self.variables["@"].fields[:9], 1)}
        self._calls += 1
        depth = len(self._conditions)
        try:
            self._exec(body)
        except JumpError:
            pass
        except ShellError as error:
            if self._calls > 1:
                raise
            self.problems.append((error.line, Unclear(UnclearKind.SHELL, fault=error.fault)))
        finally:
            self._calls -= 1
            del self._conditions[depth:]
            if before is not None:
                self.variables["@"] = self.variables["*"] = before
        return True

    def words(self, name: str) -> list[Field]:
        """The words of a variable: an array's values, or a text's words."""
        found = self.variables.get(name)
        if found is None:
            return []
        return list(found.fields) if found.array else [word for one in found.fields for word in words_of(one)]

    def text(self, name: str, default: str) -> str:
        """A variable's first value, with UNKNOWN in it where it is not wholly known."""
        found = self.variables.get(name)
        return MARK.sub("", found.fields[0].text) if found and found.fields else default

    def value(self, name: str) -> str:
        """A variable's first value, "" when it is not known."""
        found = self.variables.get(name)
        text = MARK.sub("", found.fields[0].text) if found and found.fields else ""
        return "" if UNKNOWN in text else text

    def _follow(self, trees: Iterable[ShellTree]) -> None:
        for one in trees:
            try:
                self._exec(one)
            except JumpError:
                return
            except ShellError as error:
                self.problems.append((error.line, Unclear(UnclearKind.SHELL, fault=error.fault)))
                return

    def _exec(self, tree: ShellTree) -> bool | None:
        """Follow one command; whether it succeeds."""
        self._left -= 1
        if self._left < 0:
            raise ShellError(tree.line, ShellFaultKind.TOO_MANY, limit=STEPS)
        if isinstance(tree, Command):
            return self._command(tree)
        if tree.kind == "function":
            if not self._never:
                self.functions[tree.name] = tree.parts[0]
            return True
        if tree.kind == "seq":
            told: bool | None = True
            for one in tree.parts:
                told = self._exec(one)
            return told
        follow = {
            "not": self._not, "and": self._and, "or": self._or, "pipe": self._pipe, "if": self._if, "for": self._for,
            "while": self._while, "case": self._case, "subshell": self._subshell,
        }[tree.kind]  # fmt: skip
        return follow(tree)

    def _subshell(self, tree: Compound) -> bool | None:
        before = dict(self.variables)
        told = self._exec(tree.parts[0])
        self.variables.clear()
        self.variables.update(before)
        return told

    def _not(self, tree: Compound) -> bool | None:
        told = self._exec(tree.parts[0])
        return None if told is None else not told

    def _and(self, tree: Compound) -> bool | None:
        left = self._exec(tree.parts[0])
        right = self._under(left, tree.parts[0], tree.parts[1])
        return False if left is False or right is False else left and right

    def _or(self, tree: Compound) -> bool | None:
        left = self._exec(tree.parts[0])
        right = self._under(None if left is None else not left, tree.parts[0], tree.parts[1], negate=True)
        return True if left or right else None if left is None else right

    def _pipe(self, tree: Compound) -> bool | None:
        feeds: list[tuple[Field, ...]] = []
        told: bool | None = True
        for one in tree.parts:
            if isinstance(one, Command) and not one.test:
                told = self._command(one, tuple(feeds))
                fed = [self._expander.one(one.stdin)] if one.stdin else []
                feeds.append((*self._expanded(one.words), *fed))
            else:
                told = self._exec(one)
                feeds.append((Field(UNKNOWN, one.line),))
        return told

    def _if(self, tree: Compound) -> bool | None:
        before: list[str] = []
        parts = list(tree.parts)
        while len(parts) > 1:
            condition, body = parts[:2]
            del parts[:2]
            told = self._exec(condition)
            others = " and ".join(before)
            if told is not False or not before:
                self._under(told, condition, body, extra=others)
            if told is True:
                for rest in [*parts[1::2], *([parts[-1]] if len(parts) % 2 and parts else [])]:
                    self._dead(f"not ({written(condition)})", rest)
                return True
            if told is None:
                before.append(negated(written(condition)))
        if parts:
            self._branch(" and ".join(before), parts[0])
        return True

    def _for(self, tree: Compound) -> bool | None:
        values = [one for word in tree.words for one in self._expander.fields(word)][:LIMIT]
        depth = len(self._conditions)
        for one in values:
            conditions = [one.condition] if one.condition else []
            self._conditions += conditions
            never, self._never = self._never, self._never or one.never
            self.variables[tree.name] = ShellVariable((replace(one, listed=True),))
            try:
                self._exec(tree.parts[0])
            except JumpError as jump:
                if jump.kind == "call":
                    raise
                if jump.kind == "end":
                    break
            finally:
                self._never = never
                del self._conditions[depth:]
        return True

    def _while(self, tree: Compound) -> bool | None:
        self._exec(tree.parts[0])
        depth = len(self._conditions)
        try:
            self._branch(f"while {written(tree.parts[0])}", tree.parts[1])
        finally:
            del self._conditions[depth:]
        return True

    def _case(self, tree: Compound) -> bool | None:
        value = self._expander.one(tree.words[0])
        before: list[str] = []
        taken = False
        for patterns, body in zip(tree.patterns, tree.parts, strict=True):
            texts = [MARK.sub("", self._expander.one(one).text) for one in patterns]
            text = MARK.sub("", value.text)
            told = fits(text, texts)
            shown = f"{tree.words[0].raw} is {'|'.join(one.raw for one in patterns)}"
            if taken or told is False:
                continue  # a loop over files asks for their kind so: what is of another kind is no patch
            if told:
                self._branch(" and ".join(before), body)
                taken = True
            else:
                self._branch(joined(shown, *before), body)
                before.append(negated(shown))
        return True

    def _under(
        self, told: bool | None, condition: ShellTree, body: ShellTree, extra: str = "", *, negate: bool = False
    ) -> bool | None:
        """Follow what stands under a condition."""
        text = written(condition)
        text = negated(text) if negate else text
        if told is False:
            self._dead(text, body)
            return None if negate else False
        return self._branch(joined(extra, text if told is None else ""), body)

    def _dead(self, text: str, body: ShellTree) -> None:
        """Look for what a text would come to if a condition held that does not; nothing of it counts."""
        variables, functions, never = dict(self.variables), dict(self.functions), self._never
        depth = len(self._conditions)
        self._never = never or Never(NeverKind.CONDITION, (text,))
        try:
            self._exec(body)
        except JumpError:
            pass
        finally:
            self._never = never
            del self._conditions[depth:]
            self.functions = functions
            self.variables.clear()
            self.variables.update(variables)

    def _branch(self, condition: str, body: ShellTree) -> bool | None:
        """Follow a body under a condition that is not known ("" when it holds), and put together what it sets."""
        if not condition:
            return self._exec(body)
        before = dict(self.variables)
        self._conditions.append(condition)
        jumped = ""
        try:
            told = self._exec(body)
        except JumpError as jump:
            jumped, told = jump.kind, None
        self._conditions.remove(condition)
        for name, after in list(self.variables.items()):
            if before.get(name) is not after:
                self.variables[name] = merged(name, before.get(name), after, condition, self._lists)
        if jumped:
            self._conditions.append(negated(condition))
        return told

    def _command(self, tree: Command, feeds: tuple[tuple[Field, ...], ...] = ()) -> bool | None:
        """Follow a simple command."""
        if tree.test:
            return holds(tree.words, self._expander)
        words = self._expanded(tree.words)
        alone = not words or words[0].text in DECLARES
        before = {} if alone else {one.name: self.variables.get(one.name) for one in tree.assigns}
        for one in tree.assigns:
            self._assign(one.name, one.append, one.array, one.values)
        if not words:
            return True
        try:
            return self._called(tree, words, feeds)
        finally:  # `x=1 command` holds for the command alone
            for name, value in before.items():
                self.variables[name] = value or ShellVariable((Field(""),))

    def _called(self, tree: Command, words: list[Field], feeds: tuple[tuple[Field, ...], ...]) -> bool | None:
        """Follow a command that has words."""
        name = words[0].text
        if name in ("[", "test"):
            return holds(tree.words[1:], self._expander)
        if name in _JUMPS:
            if self._never:
                return True
            raise JumpError(_JUMPS[name])
        if name in ("true", ":", "false"):
            return name != "false"
        if name == "read" or (name == "unset" and not self._never):
            for word in words[1:]:
                self.variables[word.text] = ShellVariable((Field(UNKNOWN if name == "read" else "", tree.line),))
            return None if name == "read" else True
        if name in self.functions:
            self.call(name, words[1:])
            return True
        folder = moved(self.variables.get(FOLDER), words)
        if folder is not None:
            self.variables[FOLDER] = folder
            return True
        stdin = self._expander.one(tree.stdin) if tree.stdin else None
        out = tuple(map(self._expander.one, tree.out))
        when = joined(*self._conditions)
        told = self._handler(ReachedCommand(tuple(words), tree.line, stdin, feeds, when, self._never, self.folder, out))
        return None if told is None or _UNSURE.match(name) or UNKNOWN in name else told

    def _expanded(self, words: Iterable[ShellWord]) -> list[Field]:
        """A command's words."""
        found = [one for word in words for one in self._expander.fields(word)]
        return [replace(one, text=MARK.sub("", one.text)) for one in found[:LIMIT]]

    def _assign(self, name: str, append: bool, array: bool, values: Sequence[ShellWord]) -> None:
        """Set a variable."""
        if self._never:
            return
        before = self.variables.get(name)
        if array:
            new = tuple(replace(one, listed=True) for word in values for one in self._expander.fields(word))
            old = before.fields if append and before else ()
            self.variables[name] = ShellVariable((*old, *new)[:LIMIT], True)
            return
        word = values[0]
        if name in self._lists:  # what is behind the old value stands on this line
            raw = re.sub(rf"\$(?:{name}\b|\{{{name}(?:\[[@*]\])?\}})", f"\\g<0>\1{word.line}\2", word.raw)
            word = replace(word, raw=raw)
        if "\n" in word.raw:
            lines = word.raw.split("\n")
            raw = lines[0] + "".join(f"\n\1{word.line + i}\2{one}" for i, one in enumerate(lines[1:], 1))
            word = replace(word, raw=raw)
        value = self._expander.one(word)
        if not append or before is None:
            self.variables[name] = ShellVariable((value,), False)
        elif before.array:
            first = before.fields[0] if before.fields else Field("")
            self.variables[name] = ShellVariable(
                (replace(first, text=first.text + value.text), *before.fields[1:]), True
            )
        else:
            text = f"{before.fields[0].text}\1{word.line}\2{value.text}"
            self.variables[name] = ShellVariable((replace(before.fields[0], text=text[:LIMIT]),))
