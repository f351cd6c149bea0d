"""Expands words of a shell's text: quotes, variables, `${x%y}` and its like, braces. Commands in words are not run.

What cannot be known becomes UNKNOWN within the text: `"$srcdir/$(date).patch"` is known to be in one folder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from patches.queues.formats.shellparse import ShellWord
from patches.queues.reasons import Never

UNKNOWN = "\0"
"""Stands in a text for what is not known."""
LIMIT = 100_000
"""Characters of a word, and words of a list."""

_NAME = re.compile(r"[A-Za-z_]\w*|\d+|[@*#?$!-]")
_INNER = re.compile(r"([A-Za-z_]\w*|\d+|[@*])(?:\[([@*]|\d+)\])?(.*)$", re.DOTALL)
_OPERATION = re.compile(r"(%%?|##?|//?[#%]?|:?[-+=?]|\^\^?|,,?|:)(.*)$", re.DOTALL)
_SPACE = re.compile(r"(\n)|[ \t]+")


@dataclass(frozen=True, slots=True)
class Field:
    """One word after expansion. `condition`, `never`: under what it is part of its list, or why it never is.

    `listed`: it comes from a list, so that its line and comments are the list's. `pattern`: it has an unquoted * or ?.
    """

    text: str
    line: int = 0
    condition: str = ""
    never: Never | None = None
    section: str = ""
    comment: str = ""
    listed: bool = False
    pattern: bool = False

    @property
    def shown(self) -> str:
        """The text for people."""
        return self.text.replace(UNKNOWN, "${...}")[:300]


@dataclass(frozen=True, slots=True)
class ShellVariable:
    """A variable's values: one, or those of an array."""

    fields: tuple[Field, ...]
    array: bool = False


Run = Callable[[str], str | None]
"""A command within a word -> what it prints, None when that is not known."""


@lru_cache(4096)
def glob_pattern(text: str) -> re.Pattern[str]:
    """A shell's pattern as a regular expression, to be matched in full or from an end."""
    parts: list[list[str]] = [[]]  # what stands between the stars: each of it is one character
    at = 0
    while at < len(text):
        char = text[at]
        end = text.find("]", at + 2)
        if char == "*":
            parts.append([])
        elif char == "?":
            parts[-1].append(".")
        elif char == "[" and end > 0:
            inner = text[at + 1 : end]
            negated = inner[:1] in ("!", "^")
            body = inner[1:] if negated else inner
            parts[-1].append(f"[{'^' if negated else ''}{re.escape(body).replace(chr(92) + '-', '-')}]")
            at = end
        elif char == "\\" and at + 1 < len(text):
            at += 1
            parts[-1].append(re.escape(text[at]))
        else:
            parts[-1].append(re.escape(char))
        at += 1
    first, *rest = ("".join(part) for part in parts)
    # The first place that fits what is between two stars is as good as any other: none has to be tried again.
    between = "".join(f"(?>.*?{part})" for part in rest[:-1] if part)
    try:
        return re.compile(f"{first}{between}.*{rest[-1]}" if rest else first, re.DOTALL)
    except re.error:
        return re.compile(re.escape(text))


def matches(text: str, pattern: str) -> bool:
    """Whether a text fits a shell's pattern."""
    return glob_pattern(pattern).fullmatch(text[:4000]) is not None


def fits(text: str, patterns: Sequence[str]) -> bool | None:
    """Whether a text fits one of the patterns; where a part of it is not known its end may still tell: `*.patch`."""
    if UNKNOWN in "".join(patterns):
        return None
    if UNKNOWN not in text:
        return any(matches(text, one) for one in patterns)
    if "*" in patterns:
        return True
    known = text.rpartition(UNKNOWN)[2]
    ends = [one[1:] for one in patterns if re.fullmatch(r"\*[\w.-]+", one)]
    if len(ends) < len(patterns):
        return None
    if any(known.endswith(one) for one in ends):
        return True
    return False if all(len(known) >= len(one) or not one.endswith(known) for one in ends) else None


def braces(raw: str) -> list[str]:
    """`a{b,c}` as `ab` and `ac`, outside of quotes and expansions."""
    at = 0
    while at < len(raw):
        char = raw[at]
        if char == "\\":
            at += 1
        elif char in "'\"`":
            at = skip(raw, at)
            continue
        elif char == "$" and raw[at + 1 : at + 2] in ("{", "("):
            at = skip(raw, at + 1)
            continue
        elif char == "{":
            end = skip(raw, at)
            parts = alternatives(raw[at + 1 : end - 1])
            if len(parts) > 1:
                rests = braces(raw[end:])  # once: each pair of braces would double the time
                return [raw[:at] + one + rest for one in parts for rest in rests][:1000]
        at += 1
    return [raw]


def skip(raw: str, at: int) -> int:
    """Behind the quoted text, or the braces or parentheses, that begin here."""
    opening = raw[at]
    closing = {"{": "}", "(": ")"}.get(opening, opening)
    depth, i = 0, at
    while i < len(raw):
        char = raw[i]
        if char == "\\" and opening != "'":
            i += 1
        elif i > at and char == closing and opening == closing:
            return i + 1
        elif opening != closing and char in "'\"" and i > at:
            i = skip(raw, i)
            continue
        elif char == opening and opening != closing:
            depth += 1
        elif char == closing and opening != closing:
            depth -= 1
            if not depth:
                return i + 1
        i += 1
    return len(raw)


def alternatives(inner: str) -> list[str]:
    """The parts of a brace expression, or its numbers."""
    span = re.fullmatch(r"(\d{1,6})\.\.(\d{1,6})", inner)
    if span:
        first, last = int(span[1]), int(span[2])
        width = len(span[1]) if span[1].startswith("0") else 0
        return [str(n).zfill(width) for n in range(first, min(last, first + 999) + 1)]
    parts, depth, begin = [], 0, 0
    for i, char in enumerate(inner):
        depth += (char == "{") - (char == "}")
        if char == "," and not depth:
            parts.append(inner[begin:i])
            begin = i + 1
    return [*parts, inner[begin:]]


class Expander:
    """Expands words with the variables as they are."""

    def __init__(self, known: Mapping[str, ShellVariable], run: Run, lists: Sequence[str] = ()) -> None:
        self._known, self._run, self._lists = known, run, lists

    def fields(self, word: ShellWord) -> list[Field]:
        """All words that a word becomes."""
        out: list[Field] = []
        for raw in braces(word.raw):
            out += self._split(replace(word, raw=raw))
            if len(out) > LIMIT:
                break
        return out

    def one(self, word: ShellWord) -> Field:
        """A word as one text, as behind `=` and in `[[ ]]`."""
        start = Field("", word.line, section=word.section, comment=word.comment)
        for piece, _, _ in self._pieces(word.raw, word.line):
            joined = " ".join(one.text for one in piece) if len(piece) != 1 else piece[0].text
            source = piece[0] if piece and piece[0].listed else start
            start = replace(source, text=(start.text + joined)[:LIMIT])
        return start

    def text(self, raw: str) -> str:
        """A piece of text, such as the pattern of `${x%pattern}`."""
        return self.one(ShellWord(raw, 0)).text

    def _split(self, word: ShellWord) -> list[Field]:
        """The words of one word without braces."""
        out: list[Field] = []
        current: Field | None = None
        empty = Field("", word.line, section=word.section, comment=word.comment)

        def add(piece: Field, pattern: bool) -> None:
            nonlocal current
            base = piece if piece.listed else (current or empty)
            text = (current.text if current else "") + piece.text
            current = replace(base, text=text[:LIMIT], pattern=pattern or bool(current and current.pattern))

        for pieces, quoted, expansion in self._pieces(word.raw, word.line):
            for number, piece in enumerate(pieces):
                if number and current is not None:
                    out.append(current)
                    current = None
                if quoted or not expansion:
                    wild = not quoted and any(char in piece.text for char in "*?[")
                    add(piece, wild)
                    continue
                parts = words_of(piece)
                if piece.text[:1].isspace() and current is not None:
                    out.append(current)
                    current = None
                for i, part in enumerate(parts):
                    if i and current is not None:
                        out.append(current)
                        current = None
                    add(part, any(char in part.text for char in "*?["))
                if parts and piece.text[-1:].isspace() and current is not None:
                    out.append(current)
                    current = None
        if current is not None:
            out.append(current)
        return out

    def _pieces(self, raw: str, line: int) -> list[tuple[list[Field], bool, bool]]:
        """(values, whether in quotes, whether they come from an expansion) in the order of a word's text."""
        out: list[tuple[list[Field], bool, bool]] = []
        at = 0
        quoted = False
        while at < len(raw):
            char = raw[at]
            if char == '"':
                quoted = not quoted
                if quoted and raw[at + 1 : at + 2] == '"':
                    out.append(([Field("", line)], True, False))
                at += 1
            elif char == "'" and not quoted:
                end = skip(raw, at)
                out.append(([Field(raw[at + 1 : end - 1], line)], True, False))
                at = end
            elif char == "\\" and at + 1 < len(raw):
                kept = "\\" if quoted and raw[at + 1] not in '$`"\\\n' else ""
                out.append(([Field(kept + raw[at + 1].replace("\n", ""), line)], True, False))
                at += 2
            elif char == "`" or raw.startswith("$(", at):
                end = skip(raw, at + (char == "$"))
                inner = raw[at + 1 : end - 1] if char == "`" else raw[at + 2 : end - 1]
                printed = UNKNOWN if inner.startswith("(") else self._run(inner)
                out.append(([Field(UNKNOWN if printed is None else printed, line)], quoted, True))
                at = end
            elif raw.startswith("${", at):
                end = skip(raw, at + 1)
                out.append((self._braced(raw[at + 2 : end - 1], line), quoted, True))
                at = end
            elif char == "$" and (name := _NAME.match(raw, at + 1)):
                out.append((self._value(name[0], "@" if name[0] in "@*" else "", line), quoted, True))
                at = name.end()
            else:
                end = at + 1
                while end < len(raw) and raw[end] not in "\"'\\`$":
                    end += 1
                out.append(([Field(raw[at:end], line)], quoted, False))
                at = end
        return out

    def _value(self, name: str, index: str, line: int) -> list[Field]:
        """A variable's values; one that is not known where nothing sets it."""
        found = self._known.get(name)
        if found is None:
            return [] if name in self._lists else [Field(UNKNOWN, line)]
        if index in ("@", "*"):
            return [replace(one, listed=True) for one in found.fields]
        at = int(index or 0)
        chosen = found.fields[at : at + 1]
        return [replace(one, line=one.line or line) for one in chosen] or [Field("", line)]

    def _braced(self, inner: str, line: int) -> list[Field]:
        """`${...}`, the braces taken off."""
        found = _INNER.match(inner)
        if not found:
            return [Field(UNKNOWN, line)]  # ${#x}, ${!x}
        name, index, rest = found[1], found[2] or ("@" if found[1] in "@*" else ""), found[3]
        if not rest:
            return self._value(name, index, line)
        operation = _OPERATION.match(rest)
        if not operation:
            return [Field(UNKNOWN, line)]
        sign, given = operation[1], operation[2]
        values = self._value(name, index, line)
        if sign.strip(":") in ("-", "=", "+", "?"):
            unset = name not in self._known
            empty = unset or (sign[0] == ":" and not any(one.text for one in values))
            if sign[-1] == "+":
                return [] if empty else [Field(self.text(given), line)]
            if unset and sign[-1] == "?":
                return [Field(UNKNOWN, line)]
            return [Field(self.text(given), line)] if empty else values
        return [replace(one, text=self._changed(one.text, sign, given)) for one in values]

    def _changed(self, text: str, sign: str, given: str) -> str:
        """A value after `%`, `#`, `/`, `^`, `,` or `:`. What is unknown in it is left where it stands."""
        if sign[0] in "^,":
            return (text.upper() if sign[0] == "^" else text.lower()) if len(sign) == 2 else UNKNOWN
        if sign == ":":
            span = re.fullmatch(r"\s*(\d{1,6})(?::(\d{1,6}))?", given)
            if not span or UNKNOWN in text:
                return UNKNOWN
            return text[int(span[1]) :][: int(span[2]) if span[2] else None]
        if sign[0] == "/":
            pattern, _, new = given.partition("/")
            pattern, new = self.text(pattern), self.text(new)
            if UNKNOWN in text + pattern or len(text) > 4000:
                return UNKNOWN
            anchored = glob_pattern(pattern)
            if sign[-1] in "#%":
                return cut(text, pattern, sign[-1] == "#", True, new)
            return anchored.sub(lambda _: new, text, count=0 if sign.startswith("//") else 1) if pattern else text
        pattern = self.text(given)
        if UNKNOWN in pattern:
            return UNKNOWN
        return cut(text, pattern, sign[0] == "#", len(sign) == 2)


def cut(text: str, pattern: str, front: bool, longest: bool, new: str = "") -> str:
    """The text without what fits a pattern at its front or its end."""
    if len(text) > 4000:
        return UNKNOWN
    ends = range(len(text) + 1)
    wanted = glob_pattern(pattern)
    if front:
        order = reversed(ends) if longest else iter(ends)
        return next((new + text[i:] for i in order if wanted.fullmatch(text, 0, i)), text)
    order = iter(ends) if longest else reversed(ends)
    return next((text[:i] + new for i in order if wanted.fullmatch(text, i)), text)


def printed(command: str) -> str | None:
    """What `basename` prints of a text that is known; of other commands nothing is known."""
    found = re.fullmatch(r"\s*(?:basename|echo)\s+(?:--\s+)?\"?([\w./+-]+)\"?\s*", command)
    if not found:
        return None
    return found[1].rstrip("/").rsplit("/", 1)[-1] if "basename" in command else found[1]


MARK = re.compile("\1([^\2]*)\2")
"""What stands in a value of many words where the condition changes under which they are part of it."""


def words_of(value: Field) -> list[Field]:
    """The words of a value, each with the line that it stands on, and what MARK says."""
    out: list[Field] = []
    line, condition = value.line, value.condition
    at = 0
    begin = -1
    text = value.text
    several = len(text.split()) > 1

    def end(stop: int) -> None:
        if begin >= 0:
            listed = several or value.listed
            out.append(replace(value, text=text[begin:stop], line=line, condition=condition, listed=listed))

    while at < len(text):
        mark = MARK.match(text, at) if text[at] == "\1" else None
        if mark or text[at].isspace():
            end(at)
            begin = -1
            if mark:
                told = mark[1]
                line, condition = (int(told), condition) if told.isdecimal() else (line, told)
            at = mark.end() if mark else at + 1
            continue
        begin = at if begin < 0 else begin
        at += 1
    end(at)
    return out[:LIMIT]
