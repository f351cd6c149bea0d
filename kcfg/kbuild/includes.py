"""Which file includes which: the #include lines of a kernel tree, each with the options that its #if asks for.

One reading stands for every configuration. An include under an #if that asks for more than CONFIG symbols may always be
there. Names are looked up as the kernel's LINUXINCLUDE does (top Makefile): the includer's own folder for "quoted"
names, then the architecture's include and uapi folders, include, include/uapi. What is only found through a folder's
own -I is the file of the tree that ends so, of several the nearest to the includer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

import msgspec

from kcfg.base.errors import UserError
from kcfg.base.version import ARCHES
from kcfg.kbuild.condition import ALWAYS, ENABLED, NEVER, Condition, M, N, ValueTest, Y, both, either
from kcfg.kbuild.text import clean
from kcfg.kbuild.walk import FIXED
from kcfg.sources.source import FILE_LIMIT, Source

SCANNED = (".c", ".h", ".S", ".inc", ".lds", ".def", ".tbl")
"""How the names of files end that can include, or be included."""

LEFT_OUT = ("Documentation", "LICENSES", "scripts", "tools", ".git")
"""Top folders without code of the kernel."""

SHARED = {"arm64": ("arm",)}
"""Folders of other architectures whose files an architecture builds: arch/arm/xen on arm64."""

FORCED = ("include/linux/kconfig.h", "include/linux/compiler_types.h", "include/linux/compiler-version.h")
"""What the top Makefile includes into every file (LINUXINCLUDE, -include)."""

DIRECTIVE = re.compile(rb"#[ \t]*(include|if|ifdef|ifndef|elif|else|endif)\b((?:[^\n\\]|\\\r?\n|\\)*)")
NAME = re.compile(rb'[ \t]*([<"])([^>"\n]+)[>"]')
COMMENT = re.compile(r"/\*.*?(?:\*/|$)|//.*", re.S)
TOKEN = re.compile(r"\s*(&&|\|\||!(?!=)|\(|\)|\w+|\S)")
MACROS = {"IS_ENABLED": Y | M, "IS_BUILTIN": Y, "IS_MODULE": M, "IS_REACHABLE": Y | M}

TEXT_LIMIT = 4096
"""Bytes of a test that are looked into, and NEST_LIMIT open tests and branches: what is more holds, or does not."""
NEST_LIMIT = 64

May = tuple[Condition, Condition]
"""When a test may hold, and when it may not hold."""
UNKNOWN: May = (ALWAYS, ALWAYS)


class Includes(msgspec.Struct, frozen=True, dict=True):
    """The files of a tree by number. `includers` has for each file those that include it, in one flat list: a file, and
    the condition (a number of `conditions`) under which it does; and so on. `unread`: nobody looked.
    `lost`: files that cannot be read, or are too large to be read, so that what they include is not known.
    """

    files: tuple[str, ...]
    conditions: tuple[Condition, ...]
    includers: tuple[tuple[int, ...], ...]
    unread: bool = False
    lost: tuple[str, ...] = ()

    @cached_property
    def number(self) -> dict[str, int]:
        """Path -> number."""
        return {path: number for number, path in enumerate(self.files)}

    def of(self, number: int) -> Iterator[tuple[int, Condition]]:
        """The files that include a file, each with when it does."""
        row = self.includers[number]
        for at in range(0, len(row), 2):
            yield row[at], self.conditions[row[at + 1]]


def is_scanned(path: str) -> bool:
    """Whether a file takes part."""
    return path.endswith(SCANNED)


def tree_files(source: Source, arch: str) -> list[str]:
    """The files that take part: those of the other architectures do not."""
    own = {ARCHES[arch].srcarch, *SHARED.get(arch, ())}

    def skip(folder: str) -> bool:
        top, _, rest = folder.partition("/")
        return top in LEFT_OUT or (top == "arch" and rest.partition("/")[0] not in own and rest != "")

    return [path for path in source.all_files(skip) if is_scanned(path)]


def scan(source: Source, arch: str, files: Iterable[str]) -> Includes:
    """Read the #include lines of the files. Those of a tarball are not kept: `unread` says so.

    One that cannot be read is in `lost`; it is for the caller to say what that makes of an answer.
    """
    names = tuple(files)
    finder = Finder(names, arch)
    conditions: dict[Condition, int] = {ALWAYS: 0}
    includers: list[dict[int, int]] = [{} for _ in names]
    unread = source.origin == "tarball"
    lost: list[str] = []
    for number, path in enumerate(names if not unread else ()):
        try:
            data = source.read(path)
        except UserError:
            lost.append(path)
            continue
        if b"include" not in data:
            continue
        if len(data) > FILE_LIMIT:
            lost.append(path)
            continue
        for quoted, name, condition in included(data, arch):
            target = finder.find(path, name, quoted)
            if target < 0 or target == number:
                continue
            index = conditions.setdefault(condition, len(conditions))
            known = includers[target].get(number)
            if known is not None and known != index:
                joined = either(tuple(conditions)[known] if known else ALWAYS, condition)
                index = conditions.setdefault(joined, len(conditions))
            includers[target][number] = index
    rows = tuple(tuple(n for pair in row.items() for n in pair) for row in includers)
    return Includes(names, tuple(conditions), rows, unread, tuple(lost))


class Finder:
    """Finds what an #include means."""

    def __init__(self, files: tuple[str, ...], arch: str) -> None:
        self.number = {path: number for number, path in enumerate(files)}
        self.files = files
        own = f"arch/{ARCHES[arch].srcarch}/include"
        self.folders = (own, "include", f"{own}/uapi", "include/uapi")
        self.known: dict[str, int] = {}

    @cached_property
    def named(self) -> dict[str, list[int]]:
        """File name -> the files of that name."""
        out: dict[str, list[int]] = {}
        for number, path in enumerate(self.files):
            out.setdefault(path.rpartition("/")[2], []).append(number)
        return out

    def find(self, includer: str, name: str, quoted: bool) -> int:
        """The number of the included file; -1 for one that is made by the build, or belongs to a compiler."""
        if quoted:
            found = self.number.get(clean(f"{includer.rpartition('/')[0]}/{name}"))
            if found is not None:
                return found
        if name not in self.known:
            self.known[name] = self.usual(name)
        if self.known[name] >= 0:
            return self.known[name]
        found = self.nearest(includer, name)
        if not quoted and "/" not in name and found >= 0 and shared(self.files[found], includer) < 2:
            return -1  # <stdlib.h> is a compiler's
        return found

    def usual(self, name: str) -> int:
        """In the folders of every file."""
        names = [f"{folder}/{name}" for folder in self.folders]
        if name.startswith("asm/"):  # arch/*/include/generated has a wrapper of it
            names += [f"include/asm-generic/{name[4:]}", f"include/uapi/asm-generic/{name[4:]}"]
        return next((self.number[path] for path in map(clean, names) if path in self.number), -1)

    def nearest(self, includer: str, name: str) -> int:
        """Through a -I of the folder: the file that ends so, with the most folders in common."""
        tail = clean(name)
        while tail.startswith("../"):
            tail = tail[3:]
        same = [
            number
            for number in self.named.get(tail.rpartition("/")[2], ())
            if f"/{self.files[number]}".endswith(f"/{tail}")
        ]
        if not same or (len(same) > 1 and tail.startswith(("asm/", "generated/"))):
            return -1
        return max(same, key=lambda number: (shared(self.files[number], includer), -number))


def shared(one: str, other: str) -> int:
    """How many folders two paths have in common, from the top."""
    count = 0
    for left, right in zip(one.split("/")[:-1], other.split("/")[:-1], strict=False):
        if left != right:
            break
        count += 1
    return count


class Branch(NamedTuple):
    """An open #if: when its `earlier` branches are not there, and the directive and text of the one being read."""

    others: Condition
    earlier: int
    word: bytes
    text: bytes


def included(data: bytes, arch: str) -> Iterator[tuple[bool, str, Condition]]:
    """(whether quoted, name, when it may be there) of each #include."""
    stack: list[Branch] = []
    for found in DIRECTIVE.finditer(data):
        start = found.start()
        if start and data[start - 1] != 10 and data[data.rfind(b"\n", 0, start) + 1 : start].strip():
            continue
        word, rest = found[1], found[2]
        if word == b"include":
            name = NAME.match(rest)
            if name:
                condition = current(stack, arch)
                if condition != NEVER:
                    yield name[1] == b'"', name[2].decode("utf-8", "replace"), condition
        elif word[:2] == b"if":
            stack.append(Branch(ALWAYS, 0, word, rest))
        elif not stack:
            continue
        elif word == b"endif":
            stack.pop()
        else:
            last = stack.pop()
            others = last.others
            if last.earlier < NEST_LIMIT:
                others = both(others, tested(last.word, last.text, arch)[1])
            stack.append(Branch(others, last.earlier + 1, word, rest))


def current(stack: list[Branch], arch: str) -> Condition:
    """When the text inside all open branches may be there."""
    out: Condition = ALWAYS
    for one in stack[:NEST_LIMIT]:
        out = both(both(out, tested(one.word, one.text, arch)[0]), one.others)
    return out


def tested(word: bytes, rest: bytes, arch: str) -> May:
    """What a directive asks."""
    if word == b"else" or b"CONFIG_" not in rest or len(rest) > TEXT_LIMIT:
        return UNKNOWN
    return expression(word, rest, arch)


@lru_cache(maxsize=1 << 14)
def expression(word: bytes, rest: bytes, arch: str) -> May:
    """An #if's, #ifdef's or #elif's test, as far as it is about CONFIG symbols."""
    text = COMMENT.sub(" ", rest.replace(b"\\\r\n", b" ").replace(b"\\\n", b" ").decode("utf-8", "replace"))
    if word in (b"ifdef", b"ifndef"):
        names = text.split()
        found = defined(names[0], arch) if names else UNKNOWN
        return found if word == b"ifdef" else (found[1], found[0])
    return Expression(TOKEN.findall(text), arch).whole()


def defined(name: str, arch: str) -> May:
    """Whether the preprocessor knows a name: include/generated/autoconf.h has CONFIG_X for y, CONFIG_X_MODULE for m."""
    if not name.startswith("CONFIG_"):
        return UNKNOWN
    symbol = name.removeprefix("CONFIG_")
    if symbol.endswith("_MODULE"):
        return test(symbol.removesuffix("_MODULE"), M, arch)
    return test(symbol, ENABLED & ~M, arch)


def test(symbol: str, values: int, arch: str) -> May:
    """A test of a symbol's value."""
    fixed = FIXED[arch].get(symbol)
    if fixed is not None:
        return (ALWAYS, NEVER) if fixed & values else (NEVER, ALWAYS)
    return ValueTest(symbol, values), ValueTest(symbol, (N | ENABLED) & ~values)


class Expression:
    """The preprocessor's expressions; what is no test of a CONFIG symbol may hold or not."""

    def __init__(self, tokens: list[str], arch: str) -> None:
        self.tokens = tokens
        self.arch = arch
        self.at = 0

    def whole(self) -> May:
        """The expression; unknown when it is more than and, or, not and tests."""
        try:
            found = self.any()
        except (IndexError, RecursionError):
            return UNKNOWN
        return found if self.at == len(self.tokens) else UNKNOWN

    def next(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]

    def sees(self, token: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at] == token

    def any(self) -> May:
        out = self.all()
        while self.sees("||"):
            self.next()
            other = self.all()
            out = (either(out[0], other[0]), both(out[1], other[1]))
        return out

    def all(self) -> May:
        out = self.one()
        while self.sees("&&"):
            self.next()
            other = self.one()
            out = (both(out[0], other[0]), either(out[1], other[1]))
        return out

    def one(self) -> May:
        token = self.next()
        if token == "!":
            found = self.one()
            return found[1], found[0]
        if token == "(":
            found = self.any()
            if self.next() != ")":
                raise IndexError
        elif token == "defined":
            name = self.next()
            if name == "(":
                name = self.next()
                self.next()
            found = defined(name, self.arch)
        elif token in MACROS and self.sees("("):
            self.next()
            name = self.next()
            if self.next() != ")":
                raise IndexError
            values = MACROS[token]
            found = test(name.removeprefix("CONFIG_"), values, self.arch) if name.startswith("CONFIG_") else UNKNOWN
        elif token[0].isalnum() or token[0] == "_":
            found = defined(token, self.arch) if token.startswith("CONFIG_") else UNKNOWN
            if self.sees("("):
                self.arguments()
                found = UNKNOWN
        else:
            raise IndexError
        if self.at < len(self.tokens) and self.tokens[self.at] not in ("&&", "||", ")"):
            self.operand()
            return UNKNOWN
        return found

    def arguments(self) -> None:
        """Pass over what a macro is called with."""
        depth = 0
        while True:
            depth += {"(": 1, ")": -1}.get(self.next(), 0)
            if not depth:
                return

    def operand(self) -> None:
        """Pass over a comparison or a sum, up to the next && or ||."""
        depth = 0
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if not depth and token in ("&&", "||", ")"):
                return
            depth += {"(": 1, ")": -1}.get(token, 0)
            self.at += 1
