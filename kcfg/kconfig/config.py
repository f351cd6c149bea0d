"""Read and write kernel configurations: .config files, fragments, compressed or embedded ones, folders of fragments.

The line grammar is that of `conf_read_simple` in the kernel's scripts/kconfig/confdata.c. What it skips in silence is
kept as a warning with its line, unless it is a plain comment.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

import msgspec

from kcfg.base.errors import UserError
from kcfg.base.version import ARCHES, KernelVersion

LINES_LIMIT = 250_000  # allyesconfig has 20,000
WARNINGS_LIMIT = 1000  # more than this is no configuration
LINE_KEPT, NAMES_KEPT = 200, 5  # characters of a line, and files, that a warning holds
EXACT_UNSET_SINCE = (6, 8, 0)  # older ones accept any text after "is not set", and any character after "#"
OTHER_ARCHES = (
    *("alpha", "arc", "csky", "hexagon", "ia64", "loongarch", "m68k", "microblaze", "mips", "nios2", "openrisc"),
    *("parisc", "ppc", "riscv", "s390", "superh", "sparc", "xtensa"),
)
"""Architectures that no model is for; each has a symbol of its name that is y."""
FRAGMENT_SUFFIXES = (".config", ".cfg", ".frag", ".fragment", ".kcfg")
PACKED_SUFFIXES = (".gz", ".xz", ".zst", ".bz2", ".lzma")

_LINE = re.compile(r"^(?:CONFIG_([A-Za-z0-9_-]+)=(.*)|# CONFIG_([A-Za-z0-9_-]+) is not set$|(.*))$", re.M)
_AROUND_EQUALS = re.compile(r"CONFIG_[A-Za-z0-9_-]+[ \t]+=")
_STRING = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"', re.S)
_ESCAPED = re.compile(r"\\(.)", re.S)
_OLD_UNSET = re.compile(r"#.CONFIG_([A-Za-z0-9_-]+) is not set")
_LIKE_UNSET = re.compile(r"\s*#+\s*CONFIG_\S+\s+is\s+not\s+set\b", re.I)
_UNSET_START = re.compile(r"# CONFIG_[A-Za-z0-9_-]+(.*)")
_FIRST_LINE = re.compile(r"# (\w+)\r?\n")  # the architecture alone, as Fedora's and its heirs' configurations begin
_HEADER = re.compile(r"^# Linux/(\S+) (\S+) Kernel Configuration$", re.M)
_GENERATED = re.compile(r"^# Automatically generated (?:file; DO NOT EDIT\.|make config: don't edit)$", re.M)


class Assignment(msgspec.Struct, frozen=True, gc=False):
    """One line that gives a symbol a value. `symbol` has no CONFIG_ prefix; `line` counts from 1.

    `value` is n for "is not set", the unescaped text when it was `quoted`, else the line's own text: only the symbol's
    type says whether it is valid. A value that is invalid for its type changes nothing, so an earlier line stays.
    """

    symbol: str
    value: str
    line: int
    path: str
    quoted: bool = False

    def tristate(self) -> str:
        """What a bool or tristate symbol takes from this line: y, m, n, or "" when the value is invalid for both.

        The kernel looks at the first character only (`conf_set_sym_val`); m is invalid for a bool.
        """
        first = self.value[:1]
        return first if first in ("y", "m", "n") and not self.quoted else ""


class WarnedOf(StrEnum):
    """What is wrong with a line, or with a file."""

    BLANKS = "blanks"  # after the value of the symbol `text`
    OPEN_STRING = "open-string"  # the string of the symbol `text` has no closing quote: ignored
    AFTER_STRING = "after-string"  # text after the string of the symbol `text`: ignored
    OLD_UNSET = "old-unset"  # `text` is not exactly "is not set": a comment since Linux 6.8
    NOT_UNSET = "not-unset"  # `text` is not exactly "is not set", so only a comment
    AROUND_EQUALS = "around-equals"  # the line `text` has blanks before or after its "=": ignored
    NO_NAME = "no-name"  # no symbol can have the name that the line `text` assigns
    UNEXPECTED = "unexpected"  # `text` is no line of a configuration
    NOT_UTF8 = "not-utf8"  # the file is read as Latin-1
    NOT_READ = "not-read"  # `names`, and `more` besides, are in the folder of fragments; a folder's ends with "/"


class ConfigWarning(msgspec.Struct, frozen=True, gc=False):
    """A line that is not what it seems; `line` 0 for a whole file or folder."""

    kind: WarnedOf
    path: str
    line: int
    text: str = ""
    names: tuple[str, ...] = ()
    more: int = 0


class Config(msgspec.Struct, frozen=True):
    """Assignments in the order of the file (or files), duplicates kept.

    `header_arch` is the header's own word, such as "x86" or "x86_64". `is_complete`: conf wrote it, so that it has a
    line for every visible symbol; else it is a fragment. `data` is the text as it stands in the file, or
    what merge_config.sh makes of the files: one after the other, without the lines that later files have, too.
    """

    name: str
    assignments: tuple[Assignment, ...] = ()
    warnings: tuple[ConfigWarning, ...] = ()
    header_version: KernelVersion | None = None
    header_arch: str | None = None
    is_complete: bool = False
    data: bytes = b""

    def values(self) -> dict[str, Assignment]:
        """The assignment that decides for each symbol: the last one, as in the kernel."""
        return {assignment.symbol: assignment for assignment in self.assignments}

    def read_by(self, kernel: KernelVersion) -> Config:
        """The configuration as this kernel's tools read it, where `parse_config` took it for one of the newest."""
        found = [one for one in self.warnings if one.kind is WarnedOf.OLD_UNSET]
        if kernel.key >= EXACT_UNSET_SINCE or not found:
            return self
        out = list(self.assignments)
        for one in found:
            old = _OLD_UNSET.match(one.text)
            if old:
                own = [(at, other.line) for at, other in enumerate(out) if other.path == one.path]
                before = [at + 1 for at, line in own if line < one.line]
                place = before[-1] if before else own[0][0] if own else 0
                out.insert(place, Assignment(old[1], "n", one.line, one.path))
        warnings = tuple(one for one in self.warnings if one not in found)
        return msgspec.structs.replace(self, assignments=tuple(out), warnings=warnings)

    def duplicates(self) -> dict[str, tuple[Assignment, ...]]:
        """The symbols that are assigned more than once, with all their assignments in order."""
        found: dict[str, list[Assignment]] = {}
        for assignment in self.assignments:
            found.setdefault(assignment.symbol, []).append(assignment)
        return {symbol: tuple(lines) for symbol, lines in found.items() if len(lines) > 1}

    def arch(self) -> str | None:
        """The architecture as users name it (x86_64, i386, arm64, arm), None when nothing tells.

        For another one, the header's word, such as "riscv" or "um": callers look it up in `kcfg.base.version.ARCHES`.
        """
        values = self.values()

        def get(symbol: str) -> str:
            return values[symbol].tristate() if symbol in values else ""

        if self.header_arch == "um" or get("UML") == "y":
            return "um"  # which sets X86_64 as well
        for symbol, arch in (("X86_64", "x86_64"), ("X86_32", "i386"), ("ARM64", "arm64"), ("ARM", "arm")):
            if get(symbol) == "y":
                return arch
        if self.header_arch is None:
            for word in OTHER_ARCHES:
                if get(word.upper()) == "y":
                    return word
        if self.header_arch == "x86" or (get("X86") == "y" and self.header_arch is None):
            return "i386" if get("64BIT") == "n" else "x86_64"
        return self.header_arch


def parse_config(text: bytes | str, name: str, *, kernel: KernelVersion | None = None) -> Config:
    """Parse a configuration's text; `name` stands in messages. Text without any assignment gives an empty Config.

    `kernel` is the kernel whose grammar counts; without it the newest. UserError for binary data, for text that is no
    configuration, and for a last line that is cut off.
    """
    warnings: list[ConfigWarning] = []
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
    if isinstance(text, bytes):
        text = _decode(text, name, warnings)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise UserError("binary data, not a configuration", where=f"{name}:{line}")
    if text.count("\n") > LINES_LIMIT:
        raise UserError(f"more than {LINES_LIMIT} lines: not a kernel configuration", where=name)
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    _refuse_cut(text, name)
    exact = kernel is None or kernel.key >= EXACT_UNSET_SINCE
    assignments: list[Assignment] = []
    add = assignments.append
    for line, (symbol, value, unset, other) in enumerate(_LINE.findall(text), 1):
        if symbol:
            if value[:1] != '"':
                add(Assignment(symbol, value, line, name))
                if value[:1] in ("y", "m", "n") and value[1:] and value[1:].isspace():
                    warnings.append(ConfigWarning(WarnedOf.BLANKS, name, line, symbol))
                elif value[:1] in (" ", "\t"):
                    said = f"CONFIG_{symbol}={value}"[:LINE_KEPT]
                    warnings.append(ConfigWarning(WarnedOf.AROUND_EQUALS, name, line, said))
                continue
            string = _STRING.match(value)
            if not string:
                # Invalid for a symbol of any type, so it assigns nothing.
                warnings.append(ConfigWarning(WarnedOf.OPEN_STRING, name, line, symbol))
                continue
            inner = string[1]
            add(Assignment(symbol, _ESCAPED.sub(r"\1", inner) if "\\" in inner else inner, line, name, True))
            if string.end() != len(value):
                warnings.append(ConfigWarning(WarnedOf.AFTER_STRING, name, line, symbol))
        elif unset:
            add(Assignment(unset, "n", line, name))
        elif other and (other[0] != "#" or "CONFIG_" in other):
            old = _OLD_UNSET.match(other)
            if old and not exact:
                add(Assignment(old[1], "n", line, name))
            elif other[0] != "#" or old or _LIKE_UNSET.match(other):
                warnings.append(ConfigWarning(_ignored(other, bool(old)), name, line, other[:LINE_KEPT]))
                if len(warnings) > WARNINGS_LIMIT:
                    hint = f"the last one is line {line}"
                    raise UserError(f"more than {WARNINGS_LIMIT} lines are no configuration", where=name, hint=hint)
    head = text[:4096]
    header = _HEADER.search(head)
    first = _FIRST_LINE.match(text)
    named = first[1] if first and first[1] in (*ARCHES, *OTHER_ARCHES) else None
    return Config(
        name=name,
        assignments=tuple(assignments),
        warnings=tuple(warnings),
        header_version=_version(header[2]) if header else None,
        header_arch=header[1] if header else named,
        is_complete=bool(_GENERATED.search(head)) or any(a.symbol == "CC_VERSION_TEXT" for a in assignments),
        data=data,
    )


def _decode(data: bytes, name: str, warnings: list[ConfigWarning]) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        warnings.append(ConfigWarning(WarnedOf.NOT_UTF8, name, line))
        return data.decode("latin-1")


def _refuse_cut(text: str, name: str) -> None:
    """UserError when the last line has no newline and is the beginning of an assignment."""
    last = text[text.rfind("\n") + 1 :]
    unset = _UNSET_START.fullmatch(last)
    if last.startswith("CONFIG_"):
        symbol, _, value = last.partition("=")
        is_cut = " " not in symbol and (not value or (value[0] == '"' and not _STRING.match(value)))
    elif unset:
        is_cut = unset[1] != " is not set" and " is not set".startswith(unset[1])
    else:
        is_cut = last != "" and "CONFIG_".startswith(last)
    if is_cut:
        line = text.count("\n") + 1
        raise UserError(f"truncated: the last line is cut off: {last[:60]!r}", where=f"{name}:{line}")


def _ignored(line: str, old_unset: bool) -> WarnedOf:
    if old_unset:
        return WarnedOf.OLD_UNSET
    if line[0] == "#":
        return WarnedOf.NOT_UNSET
    if _AROUND_EQUALS.match(line):
        return WarnedOf.AROUND_EQUALS
    return WarnedOf.NO_NAME if line.startswith("CONFIG_") and "=" in line else WarnedOf.UNEXPECTED


def _version(text: str) -> KernelVersion | None:
    try:
        return KernelVersion.parse(text)
    except UserError:
        return None


def read_config(
    spec: str | Path | Sequence[str | Path], *, stdin: BinaryIO | None = None, kernel: KernelVersion | None = None
) -> Config:
    """Read a configuration: a .config or fragment, also compressed; an image or module with one in it; "-"; a folder.

    A list, or a folder of fragments in the order of their names, is merged in order: later lines win. UserError, one
    line, for whatever cannot be read, and for input without any assignment.
    """
    if not isinstance(spec, (str, Path)):
        return _merge([read_config(one, stdin=stdin, kernel=kernel) for one in spec], " + ".join(map(str, spec)))
    name = str(spec)
    if name == "-":
        import sys

        config = _parse_stream(stdin or sys.stdin.buffer, "stdin", kernel)
    elif not name or "\0" in name:
        raise UserError("not the name of a configuration", where=repr(name))
    elif os.path.isdir(name):
        paths = fragments(name)
        parts = [_read_file(path, kernel) for path in paths]
        config = parts[0] if len(parts) == 1 else _merge(parts, name)
        config = msgspec.structs.replace(config, warnings=(*config.warnings, *not_read(name, paths)))
    else:
        config = _read_file(name, kernel)
    if not config.assignments:
        spaced = next((one for one in config.warnings if one.kind is WarnedOf.AROUND_EQUALS), None)
        hint = f"line {spaced.line} has blanks around its '=': none may be there" if spaced else ""
        raise UserError("no CONFIG_ line in it", where=config.name, hint=hint)
    return config


def fragments(folder: str) -> list[str]:
    """The configurations in a folder, by name: its .config alone when it has one (it is a build folder), else the
    files named *.config, *.cfg, *.frag, *.fragment, *.kcfg, config or config-*, also with .gz, .xz, .zst, .bz2, .lzma.

    Files whose names start with a dot and sub-folders are left out. UserError when there is none.
    """
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        raise UserError((error.strerror or str(error)).lower(), where=folder) from None
    if ".config" in names:
        return [os.path.join(folder, ".config")]
    found = [os.path.join(folder, name) for name in names if is_fragment(folder, name)]
    if not found:
        raise UserError("no configuration in this folder", where=folder, hint="such as .config, *.config or *.cfg")
    return found


def is_fragment(folder: str, name: str) -> bool:
    """Whether a file of a folder is a configuration by its name; a pipe is none, it would be waited for."""
    plain = next((name.removesuffix(end) for end in PACKED_SUFFIXES if name.endswith(end)), name)
    if name.startswith(".") or plain.endswith("~") or not os.path.isfile(os.path.join(folder, name)):
        return False
    return plain.endswith(FRAGMENT_SUFFIXES) or plain == "config" or plain.startswith("config-")


def not_read(folder: str, paths: Sequence[str]) -> list[ConfigWarning]:
    """What else is in a folder of fragments; of a build folder, whose .config is what is meant, only the fragments."""
    read = {os.path.basename(path) for path in paths}
    others = sorted(name for name in os.listdir(folder) if name not in read and not name.startswith("."))
    if ".config" in read:
        others = [name for name in others if is_fragment(folder, name)]
    if not others:
        return []
    names = tuple(f"{name}/" if os.path.isdir(os.path.join(folder, name)) else name for name in others[:NAMES_KEPT])
    return [ConfigWarning(WarnedOf.NOT_READ, folder, 0, names=names, more=len(others) - len(names))]


def _read_file(name: str, kernel: KernelVersion | None) -> Config:
    try:
        with open(name, "rb") as stream:
            return _parse_stream(stream, name, kernel, mappable=True)
    except OSError as error:
        raise UserError((error.strerror or str(error)).lower(), where=name) from None


def _parse_stream(stream: BinaryIO, name: str, kernel: KernelVersion | None, *, mappable: bool = False) -> Config:
    from kcfg.kconfig.images import read_text

    return parse_config(read_text(stream, name, mappable=mappable), name, kernel=kernel)


def _merge(parts: Sequence[Config], name: str) -> Config:
    if not parts:
        raise UserError("no configuration given")
    versions = (part.header_version for part in parts if part.header_version)
    arches = (part.header_arch for part in parts if part.header_arch)
    return Config(
        name=name,
        assignments=tuple(_kept(parts)),
        warnings=tuple(warning for part in parts for warning in part.warnings),
        header_version=next(versions, None),
        header_arch=next(arches, None),
        is_complete=any(part.is_complete for part in parts),
        data=_merged_text(parts),
    )


def _kept(parts: Sequence[Config]) -> Iterator[Assignment]:
    """The lines of all files but those for symbols of which a later file has a string that is not closed."""
    for place, part in enumerate(parts):
        gone = {one.text for later in parts[place + 1 :] for one in later.warnings if one.kind is WarnedOf.OPEN_STRING}
        yield from (one for one in part.assignments if one.symbol not in gone)


def _merged_text(parts: Sequence[Config]) -> bytes:
    """The files one after the other, each without its lines for symbols that a later one has lines for."""
    later: set[str] = set()
    texts = []
    for part in reversed(parts):
        gone = {one.line - 1 for one in part.assignments if one.symbol in later}
        rows = part.data.removesuffix(b"\n").split(b"\n") if part.data else []
        texts.append(b"".join(row + b"\n" for place, row in enumerate(rows) if place not in gone))
        later |= {one.symbol for one in part.assignments}
        later |= {one.text for one in part.warnings if one.kind is WarnedOf.OPEN_STRING}
    return b"".join(reversed(texts))


def format_line(symbol: str, value: str, *, quoted: bool = False) -> str:
    """One line of a .config, without its newline; a `quoted` value gets the kernel's escapes for \\ and "."""
    if "\n" in value or "\0" in value:
        raise UserError(f"a configuration cannot hold this value of CONFIG_{symbol}: {value[:60]!r}")
    if quoted:
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'CONFIG_{symbol}="{escaped}"'
    return f"# CONFIG_{symbol} is not set" if value == "n" else f"CONFIG_{symbol}={value}"
