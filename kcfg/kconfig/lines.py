"""The lines of Kconfig files, their tokens and macros. Nothing is executed: `$(shell,...)` becomes a probe."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from kcfg.base.errors import UserError
from kcfg.kconfig import library as kl
from kcfg.kconfig.build import ModelBuilder
from kcfg.kconfig.exports import exported_names
from kcfg.sources.source import Source

MAX_DEPTH = 20_000  # nested blocks and files; the kernel's own nest 12 deep
MOST_EXPANSIONS = 20_000  # of a tree, uses of arguments too; Linux 7.3 has 1,000
MOST_TEXT = 1 << 20  # characters of one expansion, and all that macros make in one line
MOST_MADE = 1 << 26  # characters that the macros of a tree make
ASSIGNED = re.compile(r"[:+]?=")
OUTSIDE = re.compile(r"[A-Z][A-Z0-9_]*\Z")
"""Names of variables that the environment may hold, whether or not the Makefile exports them."""


@dataclass(slots=True)
class OpenBlock:
    """An open block, or a file (`kind` "")."""

    kind: str
    file: str
    line: int
    context: int
    visible: int
    choice: int


class Arguments(list[str]):
    """The arguments of a macro; `used` is told each one that is put in the place of $(1) and the like."""

    def __init__(self, args: Iterable[str], used: Callable[[str], None]) -> None:
        super().__init__(args)
        self._used = used

    def __getitem__(self, at: Any) -> Any:
        found = super().__getitem__(at)
        self._used(found)
        return found


class Lines(kl.Kconfig):  # type: ignore[misc]
    """Files as tokens, line by line. Only kconfiglib's tokeniser, macros and expressions are used."""

    def __init__(self, source: Source, builder: ModelBuilder, env: dict[str, str]) -> None:
        self.source = source
        self.builder = builder
        self.env = env
        self.exported = {"srctree"} | exported_names(source.read("Makefile").decode("utf-8", "replace"))
        self._encoding = "utf-8"
        self.srctree = ""
        self.warn = False
        self.warnings: list[str] = []
        self.syms: dict[str, object] = {}
        self.const_syms: dict[str, object] = {}
        for text in ("n", "m", "y"):
            symbol = kl.Symbol()
            symbol.name = text
            symbol.is_constant = True
            self.const_syms[text] = symbol
        self.n, self.m, self.y = (self.const_syms[text] for text in ("n", "m", "y"))
        self._parsing_kconfigs = True
        self.modules = self._lookup_sym("MODULES")
        self.variables: dict[str, kl.Variable] = {}
        self._functions: dict[str, object] = {}
        self._reuse_tokens = False
        self._tokens: tuple[object, ...] = ()
        self._tokens_i = 1
        self._line = ""
        self.filename = ""
        self.linenr = 0
        self.start = 0
        self._lines: list[str] = []
        self._next = 0
        self._saved: list[tuple[str, list[str], int]] = []
        self._calls: list[str] = []
        self._assigned = ""
        self._expanded = 0
        self._made = 0  # characters, in all
        self._made_here = 0  # and in this line
        self._transitional = False
        self.frames: list[OpenBlock] = []

    # Lines and files

    def _warn(self, msg: str, filename: str | None = None, linenr: int | None = None) -> None:
        self.warnings.append(msg)

    def _lookup_sym(self, name: str) -> object:
        symbol = self.syms.get(name)
        if symbol is None:
            symbol = self.syms[name] = kl.Symbol()
            symbol.name = name
            symbol.is_constant = False
        return symbol

    def _lookup_const_sym(self, name: str) -> object:
        symbol = self.const_syms.get(name)
        if symbol is None:
            symbol = self.const_syms[name] = kl.Symbol()
            symbol.name = name
            symbol.is_constant = True
        return symbol

    def where(self) -> str:
        return f"{self.filename}:{self.start}"

    def fail(self, message: str) -> UserError:
        return UserError(message, where=self.where())

    def _parse_error(self, msg: str) -> None:
        text = self._line.strip()
        raise self.fail(f"cannot parse '{text[:100]}': {msg}")

    def _next_line(self) -> bool:
        if self._reuse_tokens:
            self._reuse_tokens = False
            return True
        lines, i = self._lines, self._next
        if i >= len(lines):
            return False
        line = lines[i]
        i += 1
        self.start = i
        if line.endswith("\\\n"):
            parts = [line]
            while parts[-1].endswith("\\\n"):
                parts[-1:] = [parts[-1][:-2]] if len(parts[-1]) > 2 else []
                parts.append(lines[i] if i < len(lines) else "")
                i += 1
                if len(parts[-1]) < 3:  # the backslash may be the last one of two
                    parts[-2:] = ["".join(parts[-2:])]
            line = "".join(parts)
        self._next = self.linenr = i
        self._made_here = 0
        if len(line) > MOST_TEXT and "$(" in line:
            raise self.fail(f"a line with macros has more than {MOST_TEXT:,} characters")
        self._tokens = self._tokenize(line)
        self._tokens_i = 1
        return True

    def enter(self, path: str) -> None:
        """Start reading a file; its frame is pushed."""
        if any(frame.kind == "" and frame.file == path for frame in self.frames):
            raise self.fail(f"recursive 'source' of {path}")
        if len(self.frames) >= MAX_DEPTH:
            raise self.fail("blocks are nested too deep")
        if self.frames and not self.source.exists(path):
            raise self.fail(f"'{path}' is sourced here and is not in {self.source.name}")
        text = self.source.read(path).decode("utf-8", "surrogateescape")
        outer = self.frames[-1] if self.frames else OpenBlock("", "", 0, -1, -1, -1)
        self._saved.append((self.filename, self._lines, self._next))
        self.builder.file(path)
        self.filename, self._next = path, 0
        self._lines = io.StringIO(text, newline="\n").readlines()
        self.frames.append(OpenBlock("", path, 0, outer.context, outer.visible, outer.choice))

    def leave(self) -> None:
        self.frames.pop()
        self.filename, self._lines, self._next = self._saved.pop()

    def skip_help(self) -> None:
        """A help text lasts until a line that is indented less than its first one."""
        lines, i = self._lines, self._next
        while i < len(lines) and lines[i].isspace():
            i += 1
        if i < len(lines):
            first = lines[i].expandtabs()
            indent = len(first) - len(first.lstrip())
            while indent and i < len(lines):
                line = lines[i]
                if not line.isspace():
                    line = line.expandtabs()
                    if len(line) - len(line.lstrip()) < indent:
                        break
                i += 1
        self._next = i

    # Macros

    def _parse_assignment(self, s: str) -> None:
        words = s.split("#", 1)[0].split()
        if words == ["transitional"]:
            self._transitional = True
            return
        self._assigned = "" if words[0].startswith("$") else words[0].rstrip(":+=")  # not of a line that only calls
        try:
            super()._parse_assignment(s)
        finally:
            self._assigned = ""
        assigned = self.variables.get(ASSIGNED.split(s, maxsplit=1)[0].strip())
        self._count(len(getattr(assigned, "value", "")))  # all of it: += copies what was there

    def _count(self, characters: int, name: str = "") -> None:
        """So many characters are made by macros; those of a macro `name` count for its line, too."""
        self._made += characters
        self._made_here += characters if name else 0
        if self._made_here > MOST_TEXT:
            raise self.fail(f"the macro {name[:100]} expands to more than {MOST_TEXT:,} characters")
        if self._made > MOST_MADE:
            raise self.fail(f"the macros of this tree expand to more than {MOST_MADE:,} characters")

    def _count_one(self, characters: int, name: str) -> None:
        """One more expansion, or use of an argument, with the characters that go into it."""
        self._expanded += 1
        if self._expanded > MOST_EXPANSIONS:
            raise self.fail(f"the macros of this tree expand more than {MOST_EXPANSIONS:,} times")
        self._count(characters, name)

    def _fn_val(self, args: list[str]) -> str:
        self._count_one(sum(map(len, args)), args[0] or "$()")
        text = self._value(args)
        self._count(len(text), args[0] or "$()")
        return text

    def _variable(self, var: kl.Variable, args: list[str]) -> str:
        """The value of a variable, with arguments in it."""
        name = args[0]
        if len(self._calls) > 100:
            raise self.fail(f"the macro {name} expands without end")
        if len(var.value) > MOST_TEXT:
            raise self.fail(f"the macro {name} expands to more than {MOST_TEXT:,} characters")
        self._calls.append(",".join(args))
        try:
            given = Arguments(args, lambda text: self._count_one(len(text), name))
            return str(self._expand_whole(var.value, given)) if var.is_recursive else str(var.value)
        finally:
            self._calls.pop()

    def _value(self, args: list[str]) -> str:
        """The value of a macro: a variable, a function, or what the environment has."""
        name = args[0]
        var = self.variables.get(name)
        if var is not None and hasattr(var, "value"):  # `A := $(A)` has none yet
            return self._variable(var, args)
        if name == "shell":
            command = ",".join(args[1:])
            label = self._calls[0] if self._calls else self._assigned or f"shell,{command}"
            return self.builder.probe(label.strip(), command, self.filename, self.start)
        if name == "filename":
            return self.filename
        if name == "lineno":
            return str(self.start)
        if name == "error-if":
            if len(args) == 3 and args[1].strip() == "y":
                raise self.fail(self.builder.expand(args[2].strip()))
            return ""
        if name in ("info", "warning-if"):
            return ""
        if len(args) > 1:
            raise self.fail(f"unknown macro function $({name},...)")
        if name in self.env:
            return self.env[name]
        outside = name in self.exported or OUTSIDE.match(name)
        return self.builder.probe(name, "", self.filename, self.start) if outside else ""
