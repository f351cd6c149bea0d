"""Cuts shell text into words and operators, with the comments that stand above or behind them.

Source: POSIX, 2.3 Token Recognition, and bash's `(...)` behind `@`, `!`, `+`, `?` and `*`. Words are kept as written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from patches.queues.reasons import ShellFault, ShellFaultKind

DEPTH = 100
"""How deep constructs may be nested."""

_OPERATORS = (
    "<<<", "<<-", "&>>", ";;&", "&&", "||", ";;", ";&", "<<", ">>", "<&", ">&", ">|", "&>", "<>", ";", "&", "|", "<",
    ">", "(", ")",
)  # fmt: skip


class ShellError(Exception):
    """Text that is no shell, or more than is read here; `line` counts from 1."""

    def __init__(self, line: int, kind: ShellFaultKind, *names: str, limit: int = 0) -> None:
        self.line, self.fault = line, ShellFault(kind, names, limit)
        super().__init__(self.fault)


@dataclass(slots=True)
class ShellToken:
    """kind: word, op, newline, end. `at`: where it begins in the text, in characters."""

    kind: str
    text: str
    line: int
    section: str = ""
    glued: bool = False  # nothing stands between it and the token before
    at: int = 0


@dataclass(slots=True)
class Lexer:
    """Cuts text into tokens, comments apart: those on lines of their own are sections, others belong to their line."""

    text: str
    at: int = 0
    line: int = 1
    section: str = ""
    comments: dict[int, str] = field(default_factory=dict)
    depth: int = 0  # of parentheses around an array's values
    heredocs: list[tuple[str, bool]] = field(default_factory=list)
    words: bool = False  # whether the line has any
    commented: bool = False

    def tokens(self) -> Iterator[ShellToken]:
        """All of them, the last one "end"."""
        text = self.text
        glued = False
        while self.at < len(text):
            char = text[self.at]
            if char in " \t\r" or text.startswith("\\\n", self.at):
                self.line += char == "\\"
                self.at += 2 if char == "\\" else 1
                glued = False
            elif char == "#":
                self.comment()
            elif char == "\n":
                yield ShellToken("newline", "\n", self.line)
                self.newline()
                glued = False
            else:
                token = self.token()
                token.glued = glued
                glued = True
                yield token
        yield ShellToken("end", "", self.line)

    def comment(self) -> None:
        """A comment, up to the end of its line."""
        end = self.text.find("\n", self.at)
        end = len(self.text) if end < 0 else end
        told = self.text[self.at : end].strip("#= \t*-")[:200]
        if self.words:
            self.comments[self.line] = told
        else:
            self.section = self.section if self.commented and self.section else told
            self.commented = True
        self.at = end

    def newline(self) -> None:
        """The end of a line, and the texts of `<<` that follow it. An empty line ends a section, as a command does."""
        if (self.words and not self.depth) or not (self.words or self.commented):
            self.section = ""
        self.commented = self.commented and not self.words
        if not self.words and not self.commented:
            self.commented = False
        self.words = False
        self.at += 1
        self.line += 1
        for word, tabs in self.heredocs:
            while self.at < len(self.text):
                end = self.text.find("\n", self.at)
                end = len(self.text) if end < 0 else end
                line = self.text[self.at : end]
                self.at, self.line = end + 1, self.line + 1
                if (line.lstrip("\t") if tabs else line) == word:
                    break
        self.heredocs = []

    def token(self) -> ShellToken:
        """An operator or a word."""
        self.words = True
        first, section, begin = self.line, self.section, self.at
        if self.text.startswith(("<(", ">("), self.at):
            self.at += 1
            self.balanced("(", ")")
            return ShellToken("word", self.text[begin : self.at], first, section, at=begin)
        op = next((one for one in _OPERATORS if self.text.startswith(one, self.at)), "")
        if op:
            self.at += len(op)
            return ShellToken("op", op, first, section)
        self.word()
        return ShellToken("word", self.text[begin : self.at].replace("\\\n", ""), first, section, at=begin)

    def word(self) -> None:
        """Move behind a word."""
        text = self.text
        while self.at < len(text):
            char = text[self.at]
            if char == "(" and self.at and text[self.at - 1] in "!@+?*":
                self.balanced("(", ")")
            elif char in " \t\r\n;&|<>()":
                return
            else:
                self.step()

    def step(self) -> None:
        """Move behind one character, or one quoted or expanded piece."""
        text, char = self.text, self.text[self.at]
        if char == "\\":
            self.line += text.startswith("\n", self.at + 1)
            self.at = min(self.at + 2, len(text))
        elif char == "'":
            self.until("'")
        elif char == '"':
            self.quoted()
        elif char == "`":
            self.until("`")
        elif text.startswith("${", self.at):
            self.at += 1
            self.balanced("{", "}")
        elif text.startswith("$(", self.at):
            self.at += 1
            self.balanced("(", ")")
        else:
            self.line += char == "\n"
            self.at += 1

    def until(self, mark: str) -> None:
        """Move behind the next `mark`."""
        end = self.text.find(mark, self.at + 1)
        if end < 0:
            raise ShellError(self.line, ShellFaultKind.QUOTE, mark)
        self.line += self.text.count("\n", self.at, end)
        self.at = end + 1

    def quoted(self) -> None:
        """Move behind a text in double quotes."""
        first = self.line
        self.at += 1
        while self.at < len(self.text) and self.text[self.at] != '"':
            if self.text[self.at] == "'":
                self.at += 1
            else:
                self.step()
        if self.at >= len(self.text):
            raise ShellError(first, ShellFaultKind.QUOTE, '"')
        self.at += 1

    def balanced(self, opening: str, closing: str) -> None:
        """Move behind what closes the parenthesis or brace here."""
        first, depth = self.line, 0
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == opening:
                depth += 1
            elif char == closing:
                depth -= 1
            if char in (opening, closing):
                self.at += 1
                if not depth:
                    return
            else:
                self.step()
            if depth > DEPTH:
                break
        raise ShellError(first, ShellFaultKind.BRACKET, closing, opening)
