"""As much of the shell's grammar as package recipes are written in: text into commands. Nothing is ever run.

Source: POSIX, 2. Shell Command Language, and bash's arrays, `[[ ]]` and `+=`. Words are kept as they are written;
`shellrun.py` expands them. What cannot be parsed ends the reading, and is told with its line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from patches.queues.formats.shelllex import DEPTH, Lexer, ShellError, ShellToken
from patches.queues.reasons import ShellFaultKind

_ASSIGN = re.compile(r"([A-Za-z_]\w*)(\[[^\]\n]{0,80}\])?(\+?=)")
_ENDS = {"then", "else", "elif", "fi", "do", "done", "esac", "}", ")", ";;", ";&", ";;&"}
_TAKES_FILE = ("<<<", "<<-", "&>>", "<<", ">>", "<&", ">&", ">|", "&>", "<>", "<", ">")
_WRITES_FILE = frozenset({"&>>", ">>", ">|", "&>", "<>", ">"})


@dataclass(frozen=True, slots=True)
class ShellWord:
    """A word as written. `section`: the comment above it; `comment`: the one behind it on its line.

    `at`: where it begins in the text, in characters; lines that go on after a backslash are joined in `raw` alone.
    """

    raw: str
    line: int
    section: str = ""
    comment: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class Assign:
    """`name=value`, `name+=value`, `name=(values)`."""

    name: str
    append: bool
    array: bool
    values: tuple[ShellWord, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Command:
    """A simple command. `stdin`: the file behind `<`; `out`: those behind `>` and `>>`.

    `test`: it is `[[ ]]`, whose words stand between these.
    """

    line: int
    assigns: tuple[Assign, ...] = ()
    words: tuple[ShellWord, ...] = ()
    stdin: ShellWord | None = None
    test: bool = False
    out: tuple[ShellWord, ...] = ()


@dataclass(frozen=True, slots=True)
class Compound:
    """A compound: seq, pipe, and, or, not, if, for, while, case, function.

    `parts`: commands, in order; of `if` condition, body, condition, body, and what `else` has where the number is odd.
    `words`: of `for` the list, of `case` the word and then the patterns of each part, in `patterns`. `name`: of a
    function, and the variable of `for`.
    """

    kind: str
    line: int
    parts: tuple[ShellTree, ...] = ()
    name: str = ""
    words: tuple[ShellWord, ...] = ()
    patterns: tuple[tuple[ShellWord, ...], ...] = ()


ShellTree = Command | Compound


DECLARES = ("local", "export", "declare", "typeset", "readonly")
"""Commands whose assignments stay."""


class Parser:
    """Commands out of tokens."""

    def __init__(self, text: str) -> None:
        self._lexer = Lexer(text)
        self._tokens = self._lexer.tokens()
        self._next: ShellToken | None = None
        self._depth = 0

    def peek(self) -> ShellToken:
        if self._next is None:
            self._next = next(self._tokens)
        return self._next

    def take(self) -> ShellToken:
        token = self.peek()
        if token.kind != "end":
            self._next = None
        return token

    def made(self, token: ShellToken) -> ShellWord:
        """A word, with its comments: the one behind it is known once its line is read."""
        rest = self._lexer.text[self._lexer.at :].split("\n", 1)[0] if self._next is None else ""
        behind = re.match(r"[ \t]+#(.*)", rest)
        told = behind[1].strip("#= \t*-")[:200] if behind else ""
        return ShellWord(token.text, token.line, token.section, told, token.at)

    def blank(self) -> None:
        """Skip what separates commands."""
        while self.peek().kind == "newline" or self.peek().text in (";", "&"):
            self.take()

    def script(self) -> list[ShellTree]:
        """Commands up to the end, or as far as they can be read; the error is then raised with them in `read`."""
        found: list[ShellTree] = []
        try:
            self.blank()
            while self.peek().kind != "end":
                found.append(self.and_or())
                self.blank()
        except (ShellError, RecursionError) as error:
            failed = error if isinstance(error, ShellError) else ShellError(self._lexer.line, ShellFaultKind.NESTED)
            failed.args = (failed.fault, found)
            raise failed from None
        return found

    def sequence(self, *ends: str) -> Compound:
        """Commands up to one of the words, which is taken."""
        self._depth += 1
        first = self.peek().line
        if self._depth > DEPTH:
            raise ShellError(first, ShellFaultKind.NESTED)
        parts: list[ShellTree] = []
        self.blank()
        while self.peek().text not in ends:
            token = self.peek()
            if token.kind == "end" or token.text in _ENDS:
                raise ShellError(first, ShellFaultKind.OPEN_BLOCK, ends[0])
            parts.append(self.and_or())
            self.blank()
        self._depth -= 1
        return Compound("seq", first, tuple(parts))

    def and_or(self) -> ShellTree:
        left = self.pipeline()
        while self.peek().text in ("&&", "||") and self.peek().kind == "op":
            kind = "and" if self.take().text == "&&" else "or"
            while self.peek().kind == "newline":
                self.take()
            left = Compound(kind, left.line, (left, self.pipeline()))
        return left

    def pipeline(self) -> ShellTree:
        token = self.peek()
        if token.text == "!" and token.kind == "word":
            self.take()
            return Compound("not", token.line, (self.pipeline(),))
        parts = [self.command()]
        while self.peek().text == "|":
            self.take()
            while self.peek().kind == "newline":
                self.take()
            parts.append(self.command())
        return parts[0] if len(parts) == 1 else Compound("pipe", parts[0].line, tuple(parts))

    def command(self) -> ShellTree:
        token = self.peek()
        word = token.text if token.kind == "word" else ""
        found: ShellTree
        if word == "if":
            found = self.if_()
        elif word in ("for", "select"):
            found = self.for_()
        elif word in ("while", "until"):
            self.take()
            condition = self.sequence("do")
            self.take()
            found = Compound("while", token.line, (condition, self.body("done")))
        elif word == "case":
            found = self.case()
        elif word == "{" or token.text == "(":
            self.take()
            found = self.body("}" if word else ")")
            found = found if word else Compound("subshell", found.line, (found,))
        elif word == "[[":
            found = self.test()
        else:
            return self.simple()
        while self.peek().text in _TAKES_FILE or (self.peek().text.isdigit() and self.peek().kind == "word"):
            self.take()
            if self.peek().kind == "word":
                self.take()
        return found

    def body(self, end: str) -> Compound:
        found = self.sequence(end)
        self.take()
        return found

    def if_(self) -> Compound:
        line = self.take().line
        parts: list[ShellTree] = []
        while True:
            parts.append(self.body("then"))
            parts.append(self.sequence("elif", "else", "fi"))
            end = self.take().text
            if end == "else":
                parts.append(self.body("fi"))
            if end != "elif":
                return Compound("if", line, tuple(parts))

    def for_(self) -> Compound:
        line = self.take().line
        name = self.take()
        if name.text == "(":
            return self.counted(line)
        if name.kind != "word":
            raise ShellError(line, ShellFaultKind.LACKING, "name", "for")
        while self.peek().kind == "newline":
            self.take()
        words: list[ShellWord] = [ShellWord('"$@"', line)]
        if self.peek().text == "in":
            self.take()
            words = []
            while self.peek().kind == "word":
                words.append(self.made(self.take()))
        self.blank()
        if self.take().text != "do":
            raise ShellError(line, ShellFaultKind.LACKING, "do", "for")
        return Compound("for", line, (self.body("done"),), name.text, tuple(words))

    def counted(self, line: int) -> Compound:
        """`for ((i = 0; i < n; i++))`, the first parenthesis taken: how often it goes round is not worked out."""
        depth = 1
        while depth:
            token = self.take()
            if token.kind == "end":
                raise ShellError(line, ShellFaultKind.ARITHMETIC)
            depth += (token.text == "(") - (token.text == ")")
        self.blank()
        if self.take().text != "do":
            raise ShellError(line, ShellFaultKind.LACKING, "do", "for")
        return Compound(
            "while", line, (Command(line, (), (ShellWord("((...))", line),), None, True), self.body("done"))
        )

    def case(self) -> Compound:
        line = self.take().line
        word = self.made(self.take())
        while self.peek().kind == "newline":
            self.take()
        if self.take().text != "in":
            raise ShellError(line, ShellFaultKind.LACKING, "in", "case")
        parts, patterns = [], []
        self.blank()
        while self.peek().text != "esac":
            told: list[ShellWord] = []
            while (token := self.take()).text != ")":
                if token.kind in ("end", "newline"):
                    raise ShellError(line, ShellFaultKind.PATTERN)
                if token.kind == "word":
                    told.append(self.made(token))
            patterns.append(tuple(told))
            parts.append(self.sequence(";;", ";&", ";;&", "esac"))
            if self.peek().text != "esac":
                self.take()
            self.blank()
        self.take()
        return Compound("case", line, tuple(parts), "", (word,), tuple(patterns))

    def test(self) -> Command:
        line = self.take().line
        words: list[ShellWord] = []
        while (token := self.take()).text != "]]":
            if token.kind == "end":
                raise ShellError(line, ShellFaultKind.BRACKET, "]]", "[[")
            if token.kind != "newline":
                words.append(self.made(token))
        return Command(line, (), tuple(words), None, True)

    def simple(self) -> ShellTree:
        """Assignments, words and redirections; or a function."""
        first = self.peek()
        assigns: list[Assign] = []
        words: list[ShellWord] = []
        stdin: ShellWord | None = None
        out: list[ShellWord] = []
        while True:
            token = self.peek()
            if token.kind == "op" and token.text in _TAKES_FILE:
                file = self.redirection()
                stdin = file if token.text == "<" else stdin
                out += [file] if token.text in _WRITES_FILE else []
                continue
            if token.text == "(" and token.kind == "op" and len(words) == 1 and not assigns:
                return self.function(words[0])
            if token.kind != "word":
                break
            self.take()
            if token.text.isdecimal() and self.peek().text in _TAKES_FILE and self.peek().glued:
                continue  # the number of what is redirected
            found = _ASSIGN.match(token.text)
            declares = words and words[0].raw in DECLARES
            if found and (not words or declares):
                assigns.append(self.assign(token, found))
            elif words and words[0].raw == "function" and len(words) == 1:
                return self.function(self.made(token))
            else:
                words.append(self.made(token))
        if not words and not assigns and stdin is None and not out:
            raise ShellError(first.line, ShellFaultKind.UNEXPECTED, first.text.strip()[:20])
        return Command(first.line, tuple(assigns), tuple(words), stdin, out=tuple(out))

    def assign(self, token: ShellToken, found: re.Match[str]) -> Assign:
        """A value, or the values of an array in parentheses."""
        append = found[3] == "+="
        at = token.at + found.end()
        rest = ShellWord(token.text[found.end() :], token.line, token.section, self.made(token).comment, at)
        if rest.raw or self._next is not None or not self._lexer.text.startswith("(", self._lexer.at):
            return Assign(found[1], append, False, (rest,), token.line)
        self._lexer.depth += 1
        self.take()
        values: list[ShellWord] = []
        while (one := self.take()).text != ")" or one.kind != "op":
            if one.kind == "end":
                raise ShellError(token.line, ShellFaultKind.BRACKET, ")", "array")
            if one.kind == "word":
                values.append(self.made(one))
        self._lexer.depth -= 1
        return Assign(found[1], append, True, tuple(values), token.line)

    def redirection(self) -> ShellWord:
        """Take `< file` and its like; the file."""
        op = self.take().text
        if self.peek().kind != "word":
            raise ShellError(self.peek().line, ShellFaultKind.NO_FILE, op)
        file = self.made(self.take())
        if op in ("<<", "<<-"):
            self._lexer.heredocs.append((re.sub(r"[\"'\\]", "", file.raw), op == "<<-"))
        return file

    def function(self, name: ShellWord) -> Compound:
        """`name() { ... }`, the name already taken."""
        if self.peek().text == "(":
            self.take()
            if self.take().text != ")":
                raise ShellError(name.line, ShellFaultKind.FUNCTION)
        while self.peek().kind == "newline":
            self.take()
        return Compound("function", name.line, (self.command(),), name.raw)


def written(tree: ShellTree) -> str:
    """A condition as it is written."""
    if isinstance(tree, Command):
        told = " ".join(one.raw for one in tree.words)
        return " ".join((f"[[ {told} ]]" if tree.test else told).split())[:200]
    sign = {"and": " && ", "or": " || ", "pipe": " | ", "not": ""}.get(tree.kind, "; ")
    text = sign.join(written(one) for one in tree.parts)
    return (f"! {text}" if tree.kind == "not" else text)[:200]
