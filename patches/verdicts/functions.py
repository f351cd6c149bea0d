"""Functions of a file, as the @@ lines of a diff name them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from patches.text.lines import bytes_of, of_bytes
from patches.text.patch import Hunk
from patches.verdicts.apply import FileLines

_OPENS = re.compile(rb"[A-Za-z_$][^;:]*\([^;:]*$")
"""What a function begins with: a line at the margin that opens a parenthesis, and is no declaration and no label."""
_MARGIN = re.compile(rb"[A-Za-z_$]")
_FREE_FORM = re.compile(r"\.(?:[chySs]|cc|cpp|cxx|hh|hpp|inl|java|mli?|dtsi?|lds|lds\.S|proto|css|[chS]\.in)$")
"""Files whose lines mean the same whatever white space is around them."""
_DEFINES = re.compile(r"((?:async )?(?:def|class) \w+|(?:menu)?config \w+)\b")
"""A function or class of Python at the margin, or an entry of Kconfig."""
_ENTRY = re.compile(rb"(?:(?:menu)?config\s+\w+|(?:choice|menu|endmenu|endchoice)\b)")
_METHOD = re.compile(rb"\s*(?:async\s+)?(?:def|class)\s+\w+")
_CLOSES = re.compile(
    rb"\s*(?:\}|#\s*(?:el|end)|;;|(?:case|default|done|elif|else|end\w*|esac|except|fi|finally)\b|\w+:\s*$)|\[[^\]=]*\]\s*$"
)
_LABEL = re.compile(r"(?!(?:default|else|except|finally|try)\b)\w+\s*:$")
_PART = re.compile(
    r"\s*(?:async\s+)?((?:def|class)\s+\w+)|\s*(case\b.*|\w+\s*):\s*$|(\[[^\]]+\])\s*$|"
    r"(%(?:build|changelog|check|description|files|install|package|post\w*|prep|preun|pretrans|pre)\b.*)|"
    r"\s*((?:let|and)(?:\s+rec)?\s+\w+).*=\s*$|([A-Za-z$%][\w.%/$()-]*)\s*:(?![:=]).*$"
)
"""A function or class, a case or label, a section of an ini or spec file, a definition of OCaml, a target of make."""
_NO_PART = frozenset({"default", "else", "except", "finally", "try", "http", "https", "private", "protected", "public"})
HEADING = 8
"""Lines within which a function's brace comes, at most."""


FILE = "/"
"""The block of what stands in no function."""


def block_of(line: str) -> str:
    """The name of the function, macro or Python class whose head a line at the margin is; "" for none.

    It is the name alone: attributes and return types come and go. Of ENTRY(name) and the like both words count.
    """
    if found := _DEFINES.match(line):
        return found[1]
    if not _OPENS.match(bytes_of(line)):
        return ""
    before, _, rest = line.partition("(")
    words = before.split()
    word = words[-1].lstrip("*") if words else ""
    return f"{word}({re.split('[,)]', rest)[0]}" if word.isupper() else word


def blocks(hunk: Hunk, path: str) -> Iterator[str]:
    """The block that each line of a hunk is in, as far as the hunk and its @@ line tell; "" where they do not.

    What stands at the margin of a free-form file, but for labels, braces and directives, is in none.
    """
    block = opened(hunk.section.strip())
    for line in hunk.lines:
        text = line[1:].rstrip()
        at_margin = bool(text) and not text[0].isspace()
        if not at_margin or text[0] in "#{" or text.endswith(":") or not is_free_form(path):
            block = (at_margin and block_of(text)) or block
            yield "" if at_margin and text[0] == "#" else block
        else:
            yield FILE
            block = opened(text)


def part_of(line: str) -> str:
    """The part of a file or function that a line begins, for a reader: a method, a case, a section; "" for none."""
    found = _PART.match(line)
    text = " ".join(next(filter(None, found.groups()), "").split()) if found else ""
    return "" if text in _NO_PART else text


def parts(hunk: Hunk) -> Iterator[str]:
    """The part that each line of a hunk is in, by the unchanged line above it in the hunk; "" where there is none."""
    part = ""
    for line in hunk.lines:
        if line[:1] not in "+-":
            part = part_of(line[1:].rstrip()) or part
        yield part


def closes(line: bytes) -> bool:
    """Whether a line ends a block, or a branch of it."""
    return _CLOSES.match(line) is not None


def leaves(line: str, last: str, path: str) -> bool:
    """Whether a line of Python is behind the end of the block that another one is in."""
    return path.endswith(".py") and bool(line.strip()) and margin(line) < margin(last)


def margin(line: str) -> int:
    """How far a line is indented."""
    return len(line.expandtabs()) - len(line.expandtabs().lstrip())


def is_label(line: str) -> bool:
    """Whether a line is a label, to which code goes on: no block has to end before it."""
    return _LABEL.match(line) is not None


def opened(text: str) -> str:
    """The block that a line at the margin begins, a structure's or a table's, too; "" for none."""
    return block_of(text) or (text if text.endswith("{") else "")


def is_elsewhere(hunk: Hunk, lines: FileLines, at: int) -> bool:
    """Whether a place for a hunk is in another function or block than its @@ line names, which the file has, too."""
    section = bytes_of(hunk.section.strip())
    if not _OPENS.match(section):
        return bool(section) and is_in_another(hunk, section, lines, at)
    if any(_OPENS.match(bytes_of(line[1:])) for line in hunk.lines if line[:1] == " "):
        return False
    named = [i for i, line in enumerate(lines) if line.startswith(section)]
    last = max((i for i in named if i < at), default=None)
    if last is None:
        return bool(named)
    return any(begins(lines, i) for i in range(last + 1, at))


def is_in_another(hunk: Hunk, section: bytes, lines: FileLines, at: int) -> bool:
    """The same of a table, a class, an entry of Kconfig, a target of make: what is at the margin, with indented lines.

    A label is one where the file has no functions: in C it may be any function's.
    """
    first = next((i for i, line in enumerate(hunk.lines) if line[:1] in "+-"), 0)
    if any(_MARGIN.match(bytes_of(line[1:])) for line in hunk.lines[: first + 1]):  # the change is behind that block
        return False
    label = is_label(of_bytes(section))
    if label and any(begins(lines, i) for i in range(len(lines))):
        return False
    heads = [i for i in range(len(lines)) if has_lines(lines, i)]
    named = [i for i in heads if lines[i].startswith(section)]
    last = max((i for i in named if i < at), default=None)
    if last is None:
        return bool(named)
    between = heads[bisect_left(heads, last + 1) : bisect_left(heads, at)]
    return any(label or not is_label(of_bytes(lines[i].strip())) for i in between)


def has_lines(lines: FileLines, at: int) -> bool:
    """Whether a line at the margin is followed by an indented one, or by a brace."""
    if not _MARGIN.match(lines[at]):
        return False
    behind = next((line for line in lines[at + 1 : at + HEADING] if line.strip()), b"")
    return behind[:1] in (b" ", b"\t", b"{")


def is_free_form(path: str) -> bool:
    """Whether a file of such a name means the same whatever white space is around its lines."""
    return _FREE_FORM.search(path) is not None


def bodies(lines: Sequence[bytes]) -> dict[str, list[bytes]]:
    """The lines of each function by its name; not of those whose name the file has more than once."""
    heads = [i for i in range(len(lines)) if begins(lines, i)]
    names = [block_of(of_bytes(lines[i].rstrip())) for i in heads]
    times = Counter(names)
    ends = [*heads[1:], len(lines)]
    return {name: list(lines[i:end]) for name, i, end in zip(names, heads, ends, strict=False) if times[name] == 1}


@dataclass(frozen=True)
class Functions:
    """A file's lines by the function that they are in; of Kconfig by the entry. `path`: the file's."""

    lines: Sequence[bytes]
    path: str = ""

    def at(self, line: int) -> str:
        """The name of the function that a line is in; FILE where one ended before it, and where none began."""
        found = bisect_left(self._edges, (line, "")) - 1
        return self._edges[found][1] if found >= 0 else FILE

    @cached_property
    def _edges(self) -> list[tuple[int, str]]:
        """The lines at which a function begins or ends, and what follows them."""
        name = self.path.rsplit("/", 1)[-1]
        heads = _ENTRY if name.startswith("Kconfig") else _METHOD if name.endswith(".py") else None
        if heads:
            found = ((i, heads.match(line)) for i, line in enumerate(self.lines))
            return [(i, of_bytes(head[0].strip())) for i, head in found if head]
        out = []
        for i, line in enumerate(self.lines):
            if line.rstrip() in (b"}", b"};"):
                out.append((i, FILE))
            elif line[:1] not in b" \t#{" and line.rstrip().endswith(b"{") and not _OPENS.match(line):
                out.append((i, of_bytes(line.rstrip())))  # a structure or a table
            elif begins(self.lines, i):
                out.append((i, block_of(of_bytes(line.rstrip()))))
        return out


def begins(lines: Sequence[bytes], at: int) -> bool:
    """Whether a function begins at a line: a brace follows before a blank line, or one that ends a declaration."""
    if not _OPENS.match(lines[at]):
        return False
    for line in lines[at : at + HEADING]:
        text = line.rstrip()
        if text.startswith(b"{") or text.endswith(b"{"):
            return True
        if not text or text.endswith(b";"):
            return False
    return False
