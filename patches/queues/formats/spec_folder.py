"""Where the lines of a spec's %prep are run, and which of them apply patches in a way that is not followed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from patches.queues.formats.shellfolder import below, changed
from patches.queues.formats.shellwords import UNKNOWN
from patches.queues.formats.spec_changes import changes
from patches.queues.reasons import Unclear, UnclearKind

_MOVE = re.compile(r"\s*(cd|pushd|popd)\b(?:\s+(?:--\s+|-P\s+)*([^\s;&|>)]+))?\s*((?:>\s*)?[^;&|]*)(.*)$")
_SETUP = re.compile(r"\s*%\{?(?:forge)?(?:auto)?setup\b(.*)$")
_OPENS = re.compile(r"\s*(?:if|for|while|until|case|\(|\{)(?:\s|$)")
_CLOSES = re.compile(r"\s*(?:fi|done|esac|\)|\})\b|\s*[)}]\s*$")
_UNSURE = re.compile(r"%\{[^}]*\}|%\w+|\$\([^)]*\)|\$\{[^}]*\}|\$\w+|`[^`]*`")
_PROGRAM = re.compile(r"(?:^|[\s/;|&(`\"])(?:patch|%\{?__patch\}?|git\s+(?:-\S+\s+)*(?:apply|am))(?=\s)")
_NUMBERS = re.compile(r"%\{?(?:PATCH|P:|patch\s*(?:-P\s*)?)(\d{1,9})\b")
_MENTIONS = re.compile(r"%\{?(?:PATCH|P:)\d|%\{?(?:auto)?patch(?:es)?\b|%\{?patch\d")
_CHANGES = re.compile(r"(?:^|[\s;&|(])(?:sed|perl|awk|gawk|ed|ex|dos2unix|unix2dos|recode|rpl)\s")
_WRITES = re.compile(
    r"(?:>\s*|(?:^|[\s;&|(])tee\s+(?:-\S+\s+)*|(?:^|[\s;&|(])(?:cp|mv|ln|install)\s[^;&|<>]*\s)\"?"
    r"(?:%\{?(?:PATCH|P:)\d+\}?|[^\s;&|<>\"']*\.(?:patch|diff)\b)\"?\s*(?:$|[;&|<>])"
)
"""What puts something into a patch's file."""
_WILD = re.compile(r"[^\s\"']*[*?][^\s\"']*\.(?:patch|diff)\b|\*\.p\w*")
"""A pattern of patches' names."""
_ASKS = re.compile(r"\s--(?:dry-run|check|stat|help|version)\b")
_REVERSE = re.compile(r"\s(?:-\w*R(?:[EflNsTtuZ]|p\d+)*|--reverse)(?![\w.-])")
_FEEDS = re.compile(r"\s*(?:[xbl]?z?cat|zstdcat|gunzip|gzip|xz|unxz|bzip2|bunzip2|echo)\s")
_PART = re.compile(r"\s--(?:exclude|include)\b")
_VARIES = re.compile(r"(?:^|[\s/;|&(`\"])(?:patch|%\{?__patch\}?)\s(?:[^<|;&]*\s)?(?<!-i )(?<!-d )\"?\$[{(]?\w")
_DIRECTORY = re.compile(r"\s(?:-d\s*|--directory[=\s])([^\s|;&]+)")


@dataclass(slots=True)
class Where:
    """The folder, by the condition under which a line went there: one that is left again stands for nothing."""

    layers: list[tuple[str, str]] = field(default_factory=lambda: [("", "@c@")])
    stack: list[str] = field(default_factory=list)
    depth: int = 0

    def folder(self, condition: str) -> str | None:
        """The folder of the tree for a line under a condition; None where it is not known."""
        return tree_folder(self.here(condition))

    def here(self, condition: str) -> str:
        """The folder, UNKNOWN where another condition than the line's led to it."""
        under, here = self.layers[-1]
        return here if (condition + "\n" * self.depth).startswith(under) else UNKNOWN

    def read(self, line: str, condition: str) -> None:
        """Take a line, its macros put in."""
        under = condition + "\n" * self.depth
        if found := _SETUP.match(line):
            name = re.search(r"\s-n\s*(\S+)", found[1])
            made = "@c@" if re.search(r"\s-\w*c\b", found[1]) else changed("@srcdir@", masked(name[1] if name else "x"))
            self.go(made, under)
        elif _OPENS.match(line):
            self.depth += not re.search(r"(?:\bfi|\bdone|\besac|[)}])\s*$", line)
            if re.search(r"(?:^|[\s;&|({])(?:cd|pushd|popd)\s", line) and not re.match(r"\s*\(.*\)\s*$", line):
                self.go(UNKNOWN, under)
        elif _CLOSES.match(line):
            self.depth = max(0, self.depth - 1)
        elif found := _MOVE.match(line):
            self.move(found[1], found[2] or "", under)
            if re.search(r"(?:^|[\s;&|(])(?:cd|pushd|popd)\b", found[4]):
                self.go(UNKNOWN, under)
        elif re.search(r"(?:;|&&|\|\|)\s*(?:cd|pushd|popd)\b", line):
            self.go(UNKNOWN, under)

    def move(self, word: str, target: str, under: str) -> None:
        """cd, pushd and popd."""
        here = self.here(under.rstrip("\n"))
        if word == "popd":
            self.go(self.stack.pop() if self.stack else UNKNOWN, under)
            return
        if word == "pushd":
            self.stack.append(here)
        target = masked(target.strip("\"'"))
        if not target or target[:1] in "-~+":
            self.go(UNKNOWN, under)
        elif here == "@c@" and not target.startswith(("@", "/")):  # a tree's top, or a folder of one that is here
            self.go(changed("@srcdir@", target) if re.match(r"[^/]*[\d\0]", target) else UNKNOWN, under)
        else:
            self.go(changed(here, target), under)

    def go(self, folder: str, under: str) -> None:
        """Stand in a folder, as far as a condition holds."""
        self.layers = [one for one in self.layers if not one[0].startswith(under)]
        if not self.layers or self.layers[-1][1] != folder:
            self.layers.append((under, folder))


def masked(text: str) -> str:
    """A folder, with what stands for the build's folder put in, and what is not known."""
    text = re.sub(r"^(?:%\{?_builddir\}?|\$\{?RPM_BUILD_DIR\}?)", "@srcdir@", text)
    return _UNSURE.sub(UNKNOWN, text) if not text.startswith("@") else f"@srcdir@{_UNSURE.sub(UNKNOWN, text[8:])}"


def tree_folder(here: str) -> str | None:
    """The folder of the tree: what is unpacked without a folder of its own is the tree itself."""
    return "" if here == "@c@" else below(here)


def told_folder(line: str, here: str) -> str | None:
    """The folder in which a line applies, with its own -d."""
    told = _DIRECTORY.search(line) if _PROGRAM.search(line) or re.match(r"\s*%\{?patch", line) else None
    if not told:
        return tree_folder(here)
    return below(changed("@s@" if here == "@c@" else here, masked(told[1].strip("\"'"))))


def doubt(line: str, files: Mapping[str, int]) -> tuple[set[int], Unclear] | None:
    """The patches of which a line makes it unclear how they are applied, and why; -1 stands for all of them.

    `files`: the numbers of the declared patches by their files' names.
    """
    program, shown = _PROGRAM.search(line), " ".join(line.split())[:200]
    if (program and _ASKS.search(line)) or re.match(r"\s*(?:#|%dnl\b)", line):
        return None
    if re.match(r"\s*echo\s", line) and not _WRITES.search(line):
        return None
    at = {int(one) for one in _NUMBERS.findall(line)}
    at |= {files[word] for word in re.split(r"[\s/\"'<>|;&(){}=]+", line) if word in files}
    if "%{lua:" in line and "patch" in line.lower():
        return at or {-1}, Unclear(UnclearKind.OPTIONS, (shown,))
    if not program and (_CHANGES.search(line) or _WRITES.search(line)):
        wild = _WILD.search(line) is not None
        if wild or at or _MENTIONS.search(line):
            return {-1} if wild else at or {-1}, Unclear(UnclearKind.CHANGED, (shown,))
    if _MENTIONS.search(line) or at:
        if program and not _FEEDS.match(line) and "|" in line[: program.start() + 1]:
            return at or {-1}, Unclear(UnclearKind.HANDED, (shown,))
        if _PART.search(line):
            return at or {-1}, Unclear(UnclearKind.PART, (shown,))
        if _VARIES.search(line):
            return at or {-1}, Unclear(UnclearKind.OPTIONS, (shown,))
        if re.match(r"\s*%\{?(?:autopatch|autosetup)\b.*\s-\w*R\b", line):
            return {-1}, Unclear(UnclearKind.OPTIONS, (shown,))
        if re.match(r"\s*[^%\s].*[\s;&(]%\{?(?:patch\d|patch\s|autopatch|autosetup)", line):
            return at or {-1}, Unclear(UnclearKind.OPTIONS, (shown,))
    if program and _REVERSE.search(line) and not re.search(r"%\{?(?:PATCH|P:)\d", line):
        return at or {-1}, Unclear(UnclearKind.BY_HAND, (shown,))
    written = changes(line, files)
    return (written, Unclear(UnclearKind.CHANGED, (shown,))) if written else None
