"""The syntax of Makefiles: logical lines, assignments, references and the arguments of functions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

ASSIGNMENT = re.compile(r"((?:[^\s:=#$?+!]|[?+!](?!=)|\$\([^()\s]*\))+)\s*(\+|:{1,3}|\?|!|)=\s*(.*)", re.S)
DIRECTIVE = re.compile(
    r"(ifeq|ifneq|ifdef|ifndef|else|endif|include|-include|sinclude|define|endef)(?![\w/.-])\s*(.*)", re.S
)
MODIFIER = re.compile(r"(?:override|export|private)\s+(?=\S)")
ASSIGNED = re.compile(r"[:+?]?=")
COMMENT = re.compile(r"(?<!\\)#")


def logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines without comments and with continuations joined, each with the number of its first line."""
    held: list[str] = []
    first = 0
    for number, line in enumerate(text.split("\n"), 1):
        if held:
            line = line.strip()
        else:
            first = number
        if line.endswith("\\") and not line.endswith("\\\\"):
            if (part := line[:-1].rstrip()) or not held:
                held.append(part or " ")
            continue
        if held:
            line = " ".join([*held, line])
            held = []
        if "#" in line and (found := COMMENT.search(line)):
            line = line[: found.start()]
        if line and not line.isspace():
            yield first, line
    if (last := " ".join(held)).strip():
        yield first, last


def comparison(rest: str) -> tuple[str, str] | None:
    """The two sides of `(a,b)`, `"a" "b"` or `'a' 'b'`."""
    rest = rest.strip()
    if rest.startswith("("):
        inner = arguments(rest[1 : rest.rfind(")")], 2)
        return (inner[0].rstrip(), inner[1].strip()) if len(inner) == 2 else None
    found = re.fullmatch(r"""(["'])(.*?)\1\s+(["'])(.*)\3""", rest)
    return (found[2], found[4]) if found else None


def arguments(text: str, limit: int) -> list[str]:
    """A function's arguments: divided by commas outside parentheses, at most `limit` (0: any number)."""
    out: list[str] = []
    depth = start = 0
    for at, letter in enumerate(text):
        if letter in "({":
            depth += 1
        elif letter in ")}":
            depth -= 1
        elif letter == "," and not depth and (not limit or len(out) < limit - 1):
            out.append(text[start:at])
            start = at + 1
    return [*out, text[start:]]


def top_level(text: str, letter: str) -> int:
    """Where a letter stands outside $(...), or -1."""
    depth = 0
    for at, it in enumerate(text):
        if it in "({":
            depth += 1
        elif it in ")}":
            depth -= 1
        elif it == letter and not depth:
            return at
    return -1


def slow_assignment(line: str) -> tuple[str, str, str, str] | None:
    """(line, name, operator, value) of an assignment whose name has parentheses in it, as in obj-$(subst m,y,$(X))."""
    at = top_level(line, "=")
    if at <= 0:
        return None
    name = line[:at]
    operator = ""
    if name[-1] in "+?!":
        name, operator = name[:-1], name[-1]
    elif name[-1] == ":":
        name, operator = name.rstrip(":"), ":"
    if top_level(name, ":") >= 0 or top_level(name.strip(), " ") >= 0 or top_level(name.strip(), "\t") >= 0:
        return None
    return line, name, operator, line[at + 1 :].strip()


@lru_cache(maxsize=1 << 14)
def tokens(text: str, split: bool = True) -> list[list[str]]:
    """Words, each a list of parts: "'text" or "$reference" (without its dollar and parentheses)."""
    out: list[list[str]] = [[]]
    plain = ""
    at = 0
    while at < len(text):
        letter = text[at]
        if letter == "$" and at + 1 < len(text):
            end = closing(text, at + 1)
            inner = text[at + 2 : end] if text[at + 1] in "({" else text[at + 1]
            at = end + 1
            if inner == "$" and text[at - 1] == "$":
                plain += "$"
                continue
            if plain:
                out[-1].append(f"'{plain}")
                plain = ""
            if inner:
                out[-1].append(f"${inner}")
            continue
        if split and letter.isspace():
            if plain:
                out[-1].append(f"'{plain}")
                plain = ""
            if out[-1]:
                out.append([])
        else:
            plain += letter
        at += 1
    if plain:
        out[-1].append(f"'{plain}")
    return [parts for parts in out if parts]


def closing(text: str, at: int) -> int:
    """The index of the parenthesis that closes the one at `at` (the end when none does; `at` when it is none)."""
    if text[at] not in "({":
        return at
    close = ")" if text[at] == "(" else "}"
    depth = 0
    for end in range(at, len(text)):
        if text[end] == text[at]:
            depth += 1
        elif text[end] == close:
            depth -= 1
            if not depth:
                return end
    return len(text)


def clean(path: str) -> str:
    """A path without ".", ".." and "//"; what leads out of the tree keeps its ".."."""
    if "." not in path and "//" not in path:
        return path
    parts: list[str] = []
    for part in path.split("/"):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts) + ("/" if path.endswith("/") and parts else "")
