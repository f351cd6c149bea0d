"""What a change of one file is a change of: code, comments, documentation, or white space.

Told by both sides of the whole file, since a hunk may begin in the middle of a comment. What cannot be told is code: an
unknown language, a binary file, one that is not read. So nothing is ever taken for less than it is by not knowing it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from patches.followups import Weight

COMPARED = 1 << 20
"""Bytes of a file's side, above which it is not looked into."""
Tokens = Callable[[Sequence[str]], list[str]]

_FOLDERS = frozenset({"Documentation", "doc", "docs", "man"})
_DOCUMENT = re.compile(
    r"(?:README|CHANGELOG|CHANGES|NEWS|TODO|AUTHORS|CREDITS|MAINTAINERS|COPYING|LICEN[CS]E|CONTRIBUTING|SECURITY)"
    r"(?:[._-].*)?$|.*\.(?:md|rst|pandoc|adoc|asciidoc|pod|tex|texi|texinfo)$"
)
_CODE = re.compile(
    r".*\.(?:ada|adb|ads|asm|awk|ba?sh|bat|bzl|c\+\+|clj|cmake|cmd|cocci|cs|css|d|dart|el|erl|ex|exs|f90|fs|go|gradle|groovy|hs"
    r"|hx?x|inc|java|js|jsx|kt|kts|l|lisp|ll|lua|m|m4|mjs|ml|mli|mll|mly|mm|nim|nix|pas|php|pl|pm|proto|ps1|py[ix]|r|rb|rs"
    r"|s|scala|scm|sed|sh|sql|swift|t|tcl|ts|tsx|vala|vim|xs|y|zig|zsh)$|(?:.*/)?(?:CMakeLists\.txt|meson\.build)$"
)
"""Languages whose comments are not read here: whatever folder such a file lies in, it is code."""
_C = re.compile(r".*\.(?:c|h|cc|cpp|cxx|hh|hpp)$")
_READ = frozenset({"cpufeatureset.h", "cpufeatures.h"})
"""Headers whose comments programs read: Xen's xen/tools/gen-cpuid.py, Linux's arch/x86/kernel/cpu/mkcapflags.sh."""
_ASSEMBLER = re.compile(r".*\.(?:S|dts|dtsi|lds)$")
_MAKE = re.compile(r"(?:GNUm|M|m)akefile(?:[._-].*)?$|Kbuild(?:[._-].*)?$|Kconfig(?:[._-].*)?$|.*\.mk$")
_PYTHON = re.compile(r".*\.py$")

# A text that is not closed ends with its line: looked for further, ten times the text takes a hundred times as long.
_OPAQUE = re.compile(r"""/\*.*?(?:\*/|\Z)|//[^\n]*|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?""", re.DOTALL)
_C_TOKEN = re.compile(  # white space is ASCII's: a no-break space is none to a compiler, and breaks the build
    r"""\0[^\0]*\0|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|[\w$\x80-\U0010ffff]+"""
    r"|<<=|>>=|\.\.\.|[-+*/%&|^=!<>]=|\+\+|--|->|&&|\|\||<<|>>|\#\#|::|[^\s\0]",
    re.ASCII,
)
_LINE_TOKEN = re.compile(r'\0[^\0]*\0|"(?:\\.|[^"\\\n])*"?|[^\s"\0]+', re.ASCII)
_MACRO = re.compile(r"\s*#\s*define\s+\w+\(", re.ASCII)
_HIDES = re.compile(r"^[ \t]*(?:override[ \t]+|export[ \t]+)*define\b", re.MULTILINE)
_THREE = re.compile(r'"""|\'\'\'')


def weight_of(path: str, old: bytes | None, new: bytes | None) -> Weight:
    """What the change of a file is of. None is a side without the file, or one that cannot be read."""
    name = path.rpartition("/")[2]
    if old is None or new is None or old == new or b"\0" in old + new or max(len(old), len(new)) > COMPARED:
        return Weight.DOCUMENTATION if is_document(path) else Weight.CODE
    if name in _READ:
        return Weight.CODE
    before, after = (side.decode("utf-8", "surrogateescape") for side in (old, new))
    if _C.match(name):
        return compared(*trimmed(plain_c(before), plain_c(after)), tokens_of_c)
    if _ASSEMBLER.match(name):
        return compared(*trimmed(plain_c(before), plain_c(after)), tokens_of_lines)
    if _MAKE.match(name) or _PYTHON.match(name):
        hidden = _THREE if _PYTHON.match(name) else _HIDES
        if hidden.search(before) or hidden.search(after):  # a line that begins with # may be part of a text there
            return Weight.CODE
        return compared(before.split("\n"), after.split("\n"), tokens_of_script)
    if is_document(path):
        return Weight.SPACE if before.split() == after.split() else Weight.DOCUMENTATION
    return Weight.CODE


def is_document(path: str) -> bool:
    """Whether a file is documentation by its name, or by a folder that it lies in; source code there is none."""
    *folders, name = path.split("/")
    if any(kind.match(name) for kind in (_C, _ASSEMBLER, _MAKE, _PYTHON, _CODE)):
        return False
    return bool(_DOCUMENT.match(name)) or not _FOLDERS.isdisjoint(folders)


def compared(old: Sequence[str], new: Sequence[str], tokens: Tokens) -> Weight:
    """Lines by their tokens: all the same is white space, the same without comments is comments."""
    before, after = tokens(old), tokens(new)
    if before == after:
        return Weight.SPACE
    if without_comments(before) == without_comments(after):
        return Weight.COMMENTS
    return Weight.CODE


def without_comments(tokens: Sequence[str]) -> list[str]:
    """The tokens of the code; a comment is one that begins with NUL."""
    return [one for one in tokens if one[0] != "\0"]


def plain_c(text: str) -> list[str]:
    """Lines of C with each comment on one line, between NULs and without its white space, and with lines joined that
    a backslash continues.
    """

    def one_line(found: re.Match[str]) -> str:
        part = found[0]
        return f" \0{''.join(part.split())}\0 " if part[0] == "/" else part.replace("\n", " ")

    return _OPAQUE.sub(one_line, text.replace("\\\n", " ")).split("\n")


def trimmed(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """The lines between those that both have at their beginnings and ends."""
    short = min(len(old), len(new))
    first = next((at for at in range(short) if old[at] != new[at]), short)
    last = next((at for at in range(short - first) if old[-1 - at] != new[-1 - at]), short - first)
    return old[first : len(old) - last], new[first : len(new) - last]


def tokens_of_c(lines: Sequence[str]) -> list[str]:
    """C's tokens. A directive ends with its line, and a macro's parameters begin right behind its name."""
    out: list[str] = []
    for line in lines:
        found = _C_TOKEN.findall(line)
        out += found
        if next(iter(without_comments(found)), "") == "#":
            out += ["(", "\n"] if _MACRO.match(line) else ["\n"]
    return out


def tokens_of_lines(lines: Sequence[str]) -> list[str]:
    """Words between blanks, line by line: what an assembler takes apart."""
    out: list[str] = []
    for line in lines:
        found = _LINE_TOKEN.findall(line)
        out += found
        if without_comments(found):
            out.append("\n")
    return out


def tokens_of_script(lines: Sequence[str]) -> list[str]:
    """Whole lines without the empty ones: white space is code there. A comment is a line of its own that begins with #,
    neither continued nor a continuation, and not what names the program or the encoding.
    """
    out: list[str] = []
    before = ""
    for number, line in enumerate(lines):
        told = number < 2 and ("#!" in line or "coding" in line)
        if line.lstrip(" \t")[:1] == "#" and line[-1:] != "\\" and before[-1:] != "\\" and not told:
            out.append(f"\0{''.join(line.split())}")
        elif line or before[-1:] == "\\":
            out.append(f" {line}")
        before = line
    return out
