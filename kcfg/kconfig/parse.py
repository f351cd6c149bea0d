"""Kconfig text -> Model. The only module that knows kconfiglib.

kconfiglib tokenises, expands macros and parses expressions. Blocks and properties are read here, because every
statement's line is kept, because newer grammar is added (bare `modules` since 5.13, `transitional` since 6.18,
`depends on A if B` since 7.1), and because nothing may be executed: `$(shell,...)`, and all that is built on it,
becomes a probe, a named unknown in the model.
"""

from __future__ import annotations

import gc
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import kconfiglib as kl

from kcfg.base.errors import UserError
from kcfg.base.version import ARCHES
from kcfg.kconfig.build import YES, Builder, Entry, reject_token
from kcfg.kconfig.model import TOKEN, Default, Model, Op, Prompt, Range, Type, Where
from kcfg.sources.source import Source

MAX_DEPTH = 20_000  # nested blocks and files; the kernel's own nest 12 deep
TYPES = {kl.BOOL: Type.BOOL, kl.TRISTATE: Type.TRISTATE, kl.INT: Type.INT, kl.HEX: Type.HEX, kl.STRING: Type.STRING}
RELATIONS = {
    kl.EQUAL: Op.EQ,
    kl.UNEQUAL: Op.NE,
    kl.LESS: Op.LT,
    kl.LESS_EQUAL: Op.LE,
    kl.GREATER: Op.GT,
    kl.GREATER_EQUAL: Op.GE,
}
ENDS = {kl._T_ENDIF: "if", kl._T_ENDMENU: "menu", kl._T_ENDCHOICE: "choice"}
# What the kernel's Makefile exports and Kconfig files pass to commands; other variables are empty, as in a plain make.
TOOLS = frozenset(
    [
        "AR",
        "AS",
        "BINDGEN",
        "CC",
        "CC_VERSION_TEXT",
        "CLANG_FLAGS",
        "CROSS_COMPILE",
        "HOSTCC",
        "HOSTCXX",
        "HOSTRUSTC",
        "LD",
        "LLVM",
        "LLVM_IAS",
        "NM",
        "OBJCOPY",
        "OBJDUMP",
        "PAHOLE",
        "PAHOLE_VERSION",
        "READELF",
        "RUSTC",
        "RUSTC_BOOTSTRAP",
        "RUSTC_VERSION_TEXT",
        "RUSTFMT",
        "STRIP",
        "srctree",
    ]
)


@dataclass(slots=True)
class Frame:
    """An open block, or a file (`kind` "")."""

    kind: str
    file: str
    line: int
    context: int
    visible: int
    choice: int


def parse(source: Source, arch: str) -> Model:
    """The model of a kernel source for an architecture of `ARCHES`. Raises UserError with file:line on bad Kconfig."""
    version = source.kernel_version()
    number = (version.major, version.minor)
    builder = Builder(choice_values=number < (6, 11))
    env = {
        "ARCH": arch,
        "SRCARCH": ARCHES[arch].srcarch,
        "KERNELVERSION": str(version),
    }
    enabled = gc.isenabled()
    gc.disable()  # hundreds of thousands of small objects and no garbage among them: halves the time
    try:
        with quiet_kconfiglib():
            Reader(source, builder, env).run("Kconfig")
    except kl.KconfigError as error:
        raise UserError(" ".join(str(error).split())) from None
    except RecursionError:
        raise UserError("an expression or macro is nested too deep", where=source.name) from None
    finally:
        if enabled:
            gc.enable()
    return builder.finish(
        version=str(version), arch=arch, srcarch=ARCHES[arch].srcarch, drop_out_of_range=number < (6, 10)
    )


@contextmanager
def quiet_kconfiglib() -> Iterator[None]:
    """Keep kconfiglib from putting this process's environment into strings ("$HOME") while it reads."""
    saved = kl.expandvars
    kl.expandvars = lambda text: text
    try:
        yield
    finally:
        kl.expandvars = saved


class Reader(kl.Kconfig):  # type: ignore[misc]
    """Reads Kconfig files into a Builder. Only kconfiglib's tokeniser, macros and expressions are used."""

    def __init__(self, source: Source, builder: Builder, env: dict[str, str]) -> None:
        self.source = source
        self.builder = builder
        self.env = env
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
        self._transitional = False
        self.frames: list[Frame] = []

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
        while line.endswith("\\\n"):
            line = line[:-2] + (lines[i] if i < len(lines) else "")
            i += 1
        self._next = self.linenr = i
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
        outer = self.frames[-1] if self.frames else Frame("", "", 0, -1, -1, -1)
        self._saved.append((self.filename, self._lines, self._next))
        self.builder.file(path)
        self.filename, self._next = path, 0
        self._lines = io.StringIO(text, newline="\n").readlines()
        self.frames.append(Frame("", path, 0, outer.context, outer.visible, outer.choice))

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
        self._assigned = words[0].rstrip(":+=")
        try:
            super()._parse_assignment(s)
        finally:
            self._assigned = ""

    def _fn_val(self, args: list[str]) -> str:
        name = args[0]
        var = self.variables.get(name)
        if var is not None:
            if len(self._calls) > 100:
                raise self.fail(f"the macro {name} expands without end")
            self._calls.append(",".join(args))
            try:
                return str(self._expand_whole(var.value, args)) if var.is_recursive else str(var.value)
            finally:
                self._calls.pop()
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
                raise self.fail(args[2].strip())
            return ""
        if name in ("info", "warning-if"):
            return ""
        if len(args) > 1:
            raise self.fail(f"unknown macro function $({name},...)")
        if name in self.env:
            return self.env[name]
        return self.builder.probe(name, "", self.filename, self.start) if name in TOOLS else ""

    # Expressions

    def atom(self, symbol: kl.Symbol) -> int:
        name = symbol.name
        if symbol.is_constant or TOKEN.search(name):
            if not symbol.is_constant:
                reject_token(name, self.where())
            return self.builder.constant(name)
        return self.builder.symbol(name)

    def convert(self, expr: object) -> int:
        """A kconfiglib expression -> index. Chains of && and || become one node."""
        if expr is self.y:
            return YES
        if not isinstance(expr, tuple):
            return self.builder.expr(Op.ATOM, (self.atom(expr),))
        op = expr[0]
        if op is kl.AND or op is kl.OR:
            args = []
            while isinstance(expr, tuple) and expr[0] is op:
                args.append(self.convert(expr[1]))
                expr = expr[2]
            args.append(self.convert(expr))
            return self.builder.expr(Op.AND if op is kl.AND else Op.OR, tuple(args))
        if op is kl.NOT:
            return self.builder.expr(Op.NOT, (self.convert(expr[1]),))
        return self.builder.expr(RELATIONS[op], (self.atom(expr[1]), self.atom(expr[2])))

    def end_of_line(self) -> None:
        if self._tokens[self._tokens_i] is not None:
            self._parse_error("extra tokens at the end of the line")

    def expression(self) -> int:
        expr = self.convert(self._parse_expr(True))
        self.end_of_line()
        return expr

    def condition(self) -> int:
        """The optional `if EXPR` at the end of a line."""
        return self.convert(self._parse_cond())

    def dependency(self) -> int:
        """`on EXPR [if EXPR]`: with an `if`, it holds as well where that is n."""
        if not self._check_token(kl._T_ON):
            self._parse_error("expected 'on' after 'depends'")
        expr = self.convert(self._parse_expr(True))
        if self._check_token(kl._T_IF):
            unless = self.is_no(self._parse_expr(False))
            expr = self.builder.expr(Op.OR, (expr, unless))
        self.end_of_line()
        return expr

    def is_no(self, expr: object) -> int:
        """`expr = n` as `expr_trans_compare` makes it: comparisons of symbols, so that a symbol which nothing defines
        is not n, and !B = n is y where B is m."""
        if not isinstance(expr, tuple):
            return self.builder.expr(Op.EQ, (self.atom(expr), self.builder.constant("n")))
        op = expr[0]
        if op is kl.NOT:
            return self.builder.expr(Op.NOT, (self.is_no(expr[1]),))
        if op is kl.AND or op is kl.OR:
            parts = (self.is_no(expr[1]), self.is_no(expr[2]))
            return self.builder.expr(Op.OR if op is kl.AND else Op.AND, parts)
        return self.builder.expr(Op.NOT, (self.convert(expr),))

    # Blocks

    def run(self, path: str) -> None:
        self.enter(path)
        while self.frames:
            if not self._next_line():
                frame = self.frames[-1]
                if frame.kind:
                    raise UserError(f"no end{frame.kind} for this {frame.kind}", where=f"{frame.file}:{frame.line}")
                self.leave()
                continue
            token = self._tokens[0]
            if token is None:
                if self._transitional:
                    raise self.fail("'transitional' outside a config")
                continue
            self.statement(token)

    def statement(self, token: object) -> None:
        frame = self.frames[-1]
        if token is kl._T_CONFIG or token is kl._T_MENUCONFIG:
            self.config(frame)
        elif token is kl._T_SOURCE:
            self.include(self.builder.expand(self._expect_str_and_eol()).removeprefix("$(srctree)/"))
        elif token in ENDS:
            if frame.kind != ENDS[token]:
                raise self.fail(f"unexpected 'end{ENDS[token]}'")
            self.end_of_line()
            self.frames.pop()
        elif token is kl._T_IF:
            self.push("if", self.builder.condition(frame.context, self.expression(), Where.IF, *self.position()), frame)
        elif token is kl._T_MENU:
            self._expect_str_and_eol()
            self.menu(frame)
        elif token is kl._T_CHOICE:
            self.choice(frame)
        elif token is kl._T_COMMENT:
            self._expect_str_and_eol()
            self.menu_options(frame.context, -1)
        elif token is kl._T_MAINMENU:
            self._expect_str_and_eol()
        else:
            self._parse_error("this statement is unknown here")

    def position(self) -> tuple[int, int]:
        return self.builder.file(self.filename), self.start

    def push(
        self, kind: str, context: int, outer: Frame, visible: int | None = None, choice: int | None = None
    ) -> None:
        if len(self.frames) >= MAX_DEPTH:
            raise self.fail("blocks are nested too deep")
        self.frames.append(
            Frame(
                kind,
                self.filename,
                self.start,
                context,
                outer.visible if visible is None else visible,
                outer.choice if choice is None else choice,
            )
        )

    def include(self, pattern: str) -> None:
        if "$(" in pattern:
            raise self.fail(f"which file '{pattern}' is depends on a probe")
        if any(char in pattern for char in "*?["):
            paths = self.source.glob(pattern)
            if not paths:
                raise self.fail(f"nothing matches '{pattern}'")
            if len(paths) > 1:
                raise self.fail("'source' of several files at once")
            pattern = paths[0]
        self.enter(pattern)

    def menu_options(self, context: int, visible: int) -> tuple[int, int]:
        """The `depends on` and `visible if` lines after a menu or comment; returns the extended chains."""
        while self._next_line():
            token = self._tokens[0]
            if token is kl._T_DEPENDS:
                context = self.builder.condition(context, self.dependency(), Where.MENU, *self.position())
            elif token is kl._T_VISIBLE:
                if not self._check_token(kl._T_IF):
                    self._parse_error("expected 'if' after 'visible'")
                visible = self.builder.condition(visible, self.expression(), Where.VISIBLE, *self.position())
            elif token is kl._T_HELP:
                self.skip_help()
            elif token is not None:
                self._reuse_tokens = True
                break
            elif self._transitional:
                raise self.fail("'transitional' outside a config")
        return context, visible

    def menu(self, frame: Frame) -> None:
        start = self.start
        context, visible = self.menu_options(frame.context, frame.visible)
        self.push("menu", context, frame, visible)
        self.frames[-1].line = start

    def choice(self, frame: Frame) -> None:
        name = "" if self._tokens[1] is None else self._expect_str_and_eol()
        number = self.builder.choice(name)
        start = self.start
        entry = Entry(number, True, *self.position(), frame.context, frame.visible)
        definition = self.builder.open(entry)
        self.options(entry, definition)
        self.push("choice", self.builder.member_context(number, entry.context), frame, choice=number)
        self.frames[-1].line = start

    def config(self, frame: Frame) -> None:
        symbol: Any = self._tokens[1]
        if not isinstance(symbol, kl.Symbol) or symbol.is_constant:
            self._parse_error("missing or bad symbol name")
        reject_token(symbol.name, self.where())
        self._tokens_i = 2
        self.end_of_line()
        entry = Entry(
            self.builder.symbol(symbol.name), False, *self.position(), frame.context, frame.visible, frame.choice
        )
        self.options(entry, self.builder.open(entry))

    def options(self, entry: Entry, definition: int) -> None:
        """The lines of a config or choice, up to the first that is none."""
        builder = self.builder
        while self._next_line():
            token = self._tokens[0]
            if token is None:
                if self._transitional and entry.is_choice:
                    raise self.fail("'transitional' outside a config")
                if self._transitional:
                    self._transitional = False
                    builder.drafts[entry.owner].flags |= Model.TRANSITIONAL
            elif token in TYPES:
                builder.set_type(entry, TYPES[token])
                if self._tokens[1] is not None:
                    self.prompt(entry)
            elif token is kl._T_DEPENDS:
                entry.context = builder.condition(entry.context, self.dependency(), Where.DEPENDS, *self.position())
            elif token is kl._T_HELP:
                self.skip_help()
            elif token is kl._T_SELECT or token is kl._T_IMPLY:
                if entry.is_choice:
                    self._parse_error("only symbols can select or imply")
                target = builder.symbol(self._expect_nonconst_sym().name)
                builder.select(definition, target, self.condition(), self.start, imply=token is kl._T_IMPLY)
            elif token is kl._T_DEFAULT or token in kl._DEF_TOKEN_TO_TYPE:
                if token is not kl._T_DEFAULT:
                    builder.set_type(entry, TYPES[kl._DEF_TOKEN_TO_TYPE[token]])
                value = self.convert(self._parse_expr(False))
                entry.defaults.append(Default(value, self.condition(), self.start))
            elif token is kl._T_PROMPT:
                self.prompt(entry)
            elif token is kl._T_RANGE:
                low, high = self.atom(self._expect_sym()), self.atom(self._expect_sym())
                entry.ranges.append(Range(low, high, self.condition(), self.start))
            elif token is kl._T_OPTIONAL and entry.is_choice:
                builder.choices[entry.owner].optional = True
            elif token is kl._T_MODULES:
                self.set_modules(entry)
            elif token is kl._T_OPTION:
                self.option(entry)
            else:
                self._reuse_tokens = True
                return

    def prompt(self, entry: Entry) -> None:
        if not isinstance(self._tokens[1], str):
            self._parse_error("expected the prompt's text")
        self._tokens_i = 2
        entry.prompt = Prompt(self.condition(), entry.visible, self.start)

    def set_modules(self, entry: Entry) -> None:
        name = self.builder.drafts[entry.owner].name
        if entry.is_choice or name != "MODULES":
            raise self.fail(f"'modules' on {name}: only MODULES can be the modules symbol")
        self.builder.modules = entry.owner

    def option(self, entry: Entry) -> None:
        """`option ...`, gone since 5.13."""
        if self._check_token(kl._T_MODULES):
            self.set_modules(entry)
        elif self._check_token(kl._T_DEFCONFIG_LIST):
            self.builder.drafts[entry.owner].flags |= Model.NO_WRITE
        elif self._check_token(kl._T_ALLNOCONFIG_Y):
            self.builder.drafts[entry.owner].flags |= Model.ALLNOCONFIG_Y
        else:
            self._parse_error("this option is unknown")
