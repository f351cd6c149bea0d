"""File names in diffs: quotes and time stamps taken off, prefixes removed, and names that leave the tree refused."""

from __future__ import annotations

import re

from kcfg.base.paths import PATH_LIMIT

NULL = "/dev/null"

_STAMP = re.compile(
    r"[ \t]+(?:\(revision \d+\)|\(working copy\)|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \w{3} .*|\d{4}-\d\d-\d\d .*)$"
)
_EPOCH = re.compile(r"\t\s*(?:(?:Thu|Wed) (?:Jan 0?1|Dec 31) .*(?:1970|1969)|19(?:70-01-01|69-12-31)) ?")
_ESCAPES = {"a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, '"': 34, "\\": 92}
_ESCAPE = re.compile(r'\\([0-7]{1,3}|[abtnvfr"\\])')
_PREFIXES = frozenset(("ab", "ba", "iw", "wi", "ci", "ic", "cw", "wc", "ow", "wo", "12", "21"))
"""git's pairs of prefixes: its own, those of diff.mnemonicPrefix, and of diff --no-index."""


def unquote(text: str) -> str:
    """A name that git put in quotes, with C's escapes; other names as they are."""
    if len(text) < 2 or text[0] != '"' or text[-1] != '"':
        return text
    raw = bytearray()
    at = 0
    inner = text[1:-1]
    for found in _ESCAPE.finditer(inner):
        raw += inner[at : found.start()].encode("utf-8", "surrogateescape")
        one = found[1]
        raw.append(_ESCAPES[one] if one in _ESCAPES else int(one, 8) & 255)
        at = found.end()
    raw += inner[at:].encode("utf-8", "surrogateescape")
    return raw.decode("utf-8", "surrogateescape")


def side_name(line: str) -> str:
    """The name on a "--- " or "+++ " line, "" for a side that does not exist, prefixes left on."""
    text = line[4:]
    if text.startswith('"'):
        end = closing_quote(text)
        if end:
            return unquote(text[:end])
    name = text.split("\t", 1)[0]
    if len(name) < 4096:
        name = _STAMP.sub("", name)
    name = name.rstrip()
    return "" if name == NULL else name


def is_epoch(line: str) -> bool:
    """Whether a "--- " or "+++ " line has the time by which diff tells that the file does not exist."""
    return len(line) < 4096 and bool(_EPOCH.search(line))


def closing_quote(text: str) -> int:
    """The index after the quote that closes the one at 0; 0 when there is none."""
    at = 1
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == '"':
            return at + 1
        at += 1
    return 0


def git_names(text: str) -> tuple[str, str]:
    """The two names of "diff --git a/x b/x", prefixes left on; empty when they cannot be told apart.

    Names may have spaces: then both must be the same after their first part, as git itself demands.
    """
    if text.startswith('"'):
        end = closing_quote(text)
        return (unquote(text[:end]), unquote(text[end:].strip())) if end else ("", "")
    if text.endswith('"'):
        start = text.find(' "')
        return (text[:start], unquote(text[start + 1 :])) if start > 0 else ("", "")
    if text.count(" ") == 1:
        old, _, new = text.partition(" ")
        return old, new
    middle = len(text) // 2
    if len(text) % 2 and text[middle] == " ":
        old, new = text[:middle], text[middle + 1 :]
        if old.partition("/")[2] == new.partition("/")[2]:
            return old, new
    start = text.find(" b/")
    return (text[:start], text[start + 1 :]) if start > 0 else ("", "")


def guess_strip(old: str, new: str, *, git: bool) -> int:
    """How many components to take off: 1 for a/ and b/ and for x.orig/ and x/, 0 where both names are the same.

    `git`: git wrote the diff; then two names with different top folders are no x.orig/ and x/.
    """
    both = [name for name in (old, new) if name]
    if len(both) == 1:
        return int(both[0][:2] in ("a/", "b/"))
    if not both:
        return 0
    first, second = (name.partition("/") for name in both)
    if not first[1] or not second[1]:
        return 0
    if first[0] + second[0] in _PREFIXES:
        return 1
    if first[0] == second[0]:
        return int(first[0] in ("a", "b"))
    return int(not git and first[2] == second[2])


def stripped(name: str, count: int) -> str:
    """`name` without its first `count` components, as patch -p does; "" when it has no more than those."""
    parts = [part for part in name.split("/") if part != "."]
    parts = parts[:1] + [part for part in parts[1:] if part]
    return "/".join(parts[count:])


def is_outside(path: str) -> bool:
    """Whether a path is absolute, climbs with "..", or cannot be a path."""
    return path.startswith("/") or "\0" in path or ".." in path.split("/")


def is_long(path: str) -> bool:
    """Whether a path has more bytes than Linux takes."""
    return len(path.encode("utf-8", "surrogateescape")) > PATH_LIMIT


def tail(path: str) -> str:
    """Folder and name of a file: one that moved with its folder keeps them."""
    return "/".join(path.split("/")[-2:])
