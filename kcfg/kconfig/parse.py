"""Kconfig text -> Model. The only module that knows kconfiglib.

kconfiglib tokenises, expands macros and parses expressions. Blocks and properties are read here, because every
statement's line is kept, because newer grammar is added (bare `modules` since 5.13, `transitional` since 6.18,
`depends on A if B` since 7.1), and because nothing may be executed: `$(shell,...)`, and all that is built on it,
becomes a probe, a named unknown in the model.
"""

from __future__ import annotations

import re
from typing import Any

from kcfg.base.errors import UserError
from kcfg.base.garbage import uncollected
from kcfg.base.version import ARCHES
from kcfg.kconfig import library as kl
from kcfg.kconfig.build import BuiltEntry, ModelBuilder, reject_token
from kcfg.kconfig.expressions import Expressions
from kcfg.kconfig.lines import MAX_DEPTH, OpenBlock
from kcfg.kconfig.model import Default, Model, Prompt, Range, Type, Where
from kcfg.sources.source import Source

TYPES = {kl.BOOL: Type.BOOL, kl.TRISTATE: Type.TRISTATE, kl.INT: Type.INT, kl.HEX: Type.HEX, kl.STRING: Type.STRING}
VARIABLE = re.compile(r"\$\((\w+)\)")
ENDS = {kl.T_ENDIF: "if", kl.T_ENDMENU: "menu", kl.T_ENDCHOICE: "choice"}


def parse(source: Source, arch: str) -> Model:
    """The model of a kernel source for an architecture of `ARCHES`. Raises UserError with file:line on bad Kconfig."""
    version = source.kernel_version()
    number = (version.major, version.minor)
    builder = ModelBuilder(choice_values=number < (6, 11))
    env = {
        "ARCH": arch,
        "SRCARCH": ARCHES[arch].srcarch,
        "KERNELVERSION": str(version),
    }
    try:
        with uncollected(), kl.quiet():
            Reader(source, builder, env).run("Kconfig")
    except kl.KconfigError as error:
        raise UserError(" ".join(str(error).split())) from None
    except RecursionError:
        raise UserError("an expression or macro is nested too deep", where=source.name) from None
    return builder.finish(
        version=str(version), arch=arch, srcarch=ARCHES[arch].srcarch, drop_out_of_range=number < (6, 10)
    )


class Reader(Expressions):
    """Reads the blocks and statements of Kconfig files into a Builder."""

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
        if token is kl.T_CONFIG or token is kl.T_MENUCONFIG:
            self.config(frame)
        elif token is kl.T_SOURCE:
            self.include(self.builder.expand(self._expect_str_and_eol()).removeprefix("$(srctree)/"))
        elif token in ENDS:
            if frame.kind != ENDS[token]:
                raise self.fail(f"unexpected 'end{ENDS[token]}'")
            self.end_of_line()
            self.frames.pop()
        elif token is kl.T_IF:
            self.push("if", self.builder.condition(frame.context, self.expression(), Where.IF, *self.position()), frame)
        elif token is kl.T_MENU:
            self._expect_str_and_eol()
            self.menu(frame)
        elif token is kl.T_CHOICE:
            self.choice(frame)
        elif token is kl.T_COMMENT:
            self._expect_str_and_eol()
            self.menu_options(frame.context, -1)
        elif token is kl.T_MAINMENU:
            self._expect_str_and_eol()
        else:
            self._parse_error("this statement is unknown here")

    def position(self) -> tuple[int, int]:
        return self.builder.file(self.filename), self.start

    def push(
        self, kind: str, context: int, outer: OpenBlock, visible: int | None = None, choice: int | None = None
    ) -> None:
        if len(self.frames) >= MAX_DEPTH:
            raise self.fail("blocks are nested too deep")
        self.frames.append(
            OpenBlock(
                kind,
                self.filename,
                self.start,
                context,
                outer.visible if visible is None else visible,
                outer.choice if choice is None else choice,
            )
        )

    def include(self, pattern: str) -> None:
        """Read the file that `source` names. Which one it is cannot hang on the environment: there it is empty."""
        pattern = VARIABLE.sub(lambda found: found[0] if found[1] in self.exported else "", pattern)
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
            if token is kl.T_DEPENDS:
                context = self.builder.condition(context, self.dependency(), Where.MENU, *self.position())
            elif token is kl.T_VISIBLE:
                if not self._check_token(kl.T_IF):
                    self._parse_error("expected 'if' after 'visible'")
                visible = self.builder.condition(visible, self.expression(), Where.VISIBLE, *self.position())
            elif token is kl.T_HELP:
                self.skip_help()
            elif token is not None:
                self._reuse_tokens = True
                break
            elif self._transitional:
                raise self.fail("'transitional' outside a config")
        return context, visible

    def menu(self, frame: OpenBlock) -> None:
        start = self.start
        context, visible = self.menu_options(frame.context, frame.visible)
        self.push("menu", context, frame, visible)
        self.frames[-1].line = start

    def choice(self, frame: OpenBlock) -> None:
        name = "" if self._tokens[1] is None else self._expect_str_and_eol()
        number = self.builder.choice(name)
        start = self.start
        entry = BuiltEntry(number, True, *self.position(), frame.context, frame.visible)
        definition = self.builder.open(entry)
        self.options(entry, definition)
        self.push("choice", self.builder.member_context(number, entry.context), frame, choice=number)
        self.frames[-1].line = start

    def config(self, frame: OpenBlock) -> None:
        symbol: Any = self._tokens[1]
        if not isinstance(symbol, kl.Symbol) or symbol.is_constant:
            self._parse_error("missing or bad symbol name")
        reject_token(symbol.name, self.where())
        self._tokens_i = 2
        self.end_of_line()
        entry = BuiltEntry(
            self.builder.symbol(symbol.name), False, *self.position(), frame.context, frame.visible, frame.choice
        )
        self.options(entry, self.builder.open(entry))

    def options(self, entry: BuiltEntry, definition: int) -> None:
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
            elif token is kl.T_DEPENDS:
                entry.context = builder.condition(entry.context, self.dependency(), Where.DEPENDS, *self.position())
            elif token is kl.T_HELP:
                self.skip_help()
            elif token is kl.T_SELECT or token is kl.T_IMPLY:
                if entry.is_choice:
                    self._parse_error("only symbols can select or imply")
                target = builder.symbol(self._expect_nonconst_sym().name)
                builder.select(definition, target, self.condition(), self.start, imply=token is kl.T_IMPLY)
            elif token is kl.T_DEFAULT or token in kl.DEF_TOKEN_TO_TYPE:
                if token is not kl.T_DEFAULT:
                    builder.set_type(entry, TYPES[kl.DEF_TOKEN_TO_TYPE[token]])
                value = self.convert(self._parse_expr(False))
                entry.defaults.append(Default(value, self.condition(), self.start))
            elif token is kl.T_PROMPT:
                self.prompt(entry)
            elif token is kl.T_RANGE:
                low, high = self.atom(self._expect_sym()), self.atom(self._expect_sym())
                entry.ranges.append(Range(low, high, self.condition(), self.start))
            elif token is kl.T_OPTIONAL and entry.is_choice:
                builder.choices[entry.owner].optional = True
            elif token is kl.T_MODULES:
                self.set_modules(entry)
            elif token is kl.T_OPTION:
                self.option(entry)
            else:
                self._reuse_tokens = True
                return

    def prompt(self, entry: BuiltEntry) -> None:
        if not isinstance(self._tokens[1], str):
            self._parse_error("expected the prompt's text")
        self._tokens_i = 2
        if entry.prompt is not None:
            entry.earlier.append(entry.prompt)
        entry.prompt = Prompt(self.condition(), entry.visible, self.start)

    def set_modules(self, entry: BuiltEntry) -> None:
        name = "a choice" if entry.is_choice else self.builder.drafts[entry.owner].name
        if name != "MODULES":
            raise self.fail(f"'modules' on {name}: only MODULES can be the modules symbol")
        self.builder.modules = entry.owner

    def option(self, entry: BuiltEntry) -> None:
        """`option ...`, gone since 5.13."""
        if self._check_token(kl.T_MODULES):
            self.set_modules(entry)
        elif self._check_token(kl.T_DEFCONFIG_LIST):
            self.builder.drafts[entry.owner].flags |= Model.NO_WRITE
        elif self._check_token(kl.T_ALLNOCONFIG_Y):
            self.builder.drafts[entry.owner].flags |= Model.ALLNOCONFIG_Y
        else:
            self._parse_error("this option is unknown")
