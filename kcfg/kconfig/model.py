"""The model: what one kernel version says about its options for one architecture. Frozen data and nothing else.

Everything refers to everything else by index into the tables of `Model`, so that a model is a flat value: it saves
to a snapshot, loads from one in well under 150 ms, and goes to another process as it is.

Expressions are shared (equal expressions have one index). Dependencies are chains of `Condition`: a definition's
dependency is the conjunction of the chain that starts at `Definition.context`: its own `depends on` lines first, then
those of the `if`, `menu` and `choice` blocks around it, each with the line that states it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from functools import cached_property

import msgspec

TOKEN = re.compile(r"__PROBE_(\d+)__")


class Type(IntEnum):
    """A symbol's type as declared (a tristate stays one when MODULES is off)."""

    UNKNOWN = 0  # referenced and never defined
    BOOL = 1
    TRISTATE = 2
    INT = 3
    HEX = 4
    STRING = 5


class Op(IntEnum):
    """What an `Expr` does with its arguments."""

    ATOM = 0  # args: (atom,)
    NOT = 1  # args: (expr,)
    AND = 2  # args: exprs
    OR = 3  # args: exprs
    EQ = 4  # args of comparisons: (atom, atom)
    NE = 5
    LT = 6
    LE = 7
    GT = 8
    GE = 9
    CHOICE = 10  # args: (choice,): the choice's own value; kernels before 6.11
    CHOICE_Y = 11  # args: (choice,): that value = y


class AtomKind(IntEnum):
    """What stands behind an atom: symbols come first and have the index of their `Symbol`."""

    SYMBOL = 0
    CONSTANT = 1
    PROBE = 2  # text: the probe's index
    TEMPLATE = 3  # text with probe tokens in it


class Where(IntEnum):
    """Which statement a `Condition` comes from."""

    DEPENDS = 0
    IF = 1
    MENU = 2
    CHOICE = 3
    VISIBLE = 4


KEYWORDS = {Where.DEPENDS: "depends on", Where.IF: "if", Where.MENU: "depends on", Where.VISIBLE: "visible if"}
"""How Kconfig states a condition; a choice around it states none, and bounds what is in it by its own value."""
WORDS = {**KEYWORDS, Where.MENU: "menu depends on", Where.CHOICE: "choice"}
"""The same, told of what stands inside the block."""


class Expr(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An operation and its arguments, which `Op` explains."""

    op: int
    args: tuple[int, ...]


class Link(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One link of a chain; `parent` is the next, -1 ends it."""

    parent: int
    expr: int
    where: int
    file: int
    line: int


class Prompt(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A prompt's own `if` (expression 0 is y) and the chain of `visible if` around it (-1: none)."""

    cond: int
    visible: int
    line: int


class Default(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`default VALUE if COND`; both are expressions."""

    value: int
    cond: int
    line: int


class Range(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`range LOW HIGH if COND`; the bounds are atoms."""

    low: int  # atoms
    high: int
    cond: int
    line: int


class Definition(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One `config`, `menuconfig` or `choice` entry. `context` is its dependency chain, -1 when it has none.

    Where an entry has several prompts, each but the last is a definition of its own, with the prompt's line.
    """

    file: int
    line: int
    context: int
    prompt: Prompt | None
    defaults: tuple[Default, ...]
    ranges: tuple[Range, ...]
    choice: int  # the choice that it is a member of, or -1


class Select(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`select` or `imply`: the definition that states it belongs to `source`."""

    source: int
    target: int
    definition: int
    cond: int
    line: int


class Symbol(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Indices in the order of the source; `flags` are `Model.NO_WRITE`, `ALLNOCONFIG_Y` and `TRANSITIONAL`."""

    name: str
    type: int
    definitions: tuple[int, ...]
    selected_by: tuple[int, ...]
    implied_by: tuple[int, ...]
    flags: int


class Choice(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A choice; `members` are symbols in the order of the source. `defaults` hold ATOM expressions of members."""

    name: str
    type: int
    definitions: tuple[int, ...]
    members: tuple[int, ...]
    optional: bool


class Atom(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What stands behind an atom that is no symbol: `text` as `kind` says."""

    kind: int
    text: str


class Probe(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A value from outside: `name` as the Kconfig files call it, `key` is the same question in every tree.

    `command` is the shell command (other probes stand in it as tokens), or "" for a variable of the environment.
    """

    name: str
    key: str
    command: str
    file: int
    line: int


class Model(msgspec.Struct, frozen=True, dict=True):
    """One kernel version's options for one architecture."""

    version: str
    arch: str
    srcarch: str
    choice_values: bool  # choices are symbols with a value of their own: kernels before 6.11
    drop_out_of_range: bool  # an int or hex out of its range is dropped when read, not clamped: kernels before 6.10
    modules: int  # the symbol that `modules` marks, or -1
    files: tuple[str, ...]
    symbols: tuple[Symbol, ...]
    atoms: tuple[Atom, ...]  # constants, probes, templates; atom i >= len(symbols) is atoms[i - len(symbols)]
    exprs: tuple[Expr, ...]
    conditions: tuple[Link, ...]
    definitions: tuple[Definition, ...]
    selects: tuple[Select, ...]
    choices: tuple[Choice, ...]
    probes: tuple[Probe, ...]
    answers: dict[str, str] = {}  # probe key -> answer of the toolchain that the snapshot was made with
    toolchain: str = ""

    NO_WRITE = 1
    ALLNOCONFIG_Y = 2
    TRANSITIONAL = 4

    @cached_property
    def index(self) -> dict[str, int]:
        """Symbol name -> index; symbols that are only referenced are in it, with type UNKNOWN."""
        return {symbol.name: i for i, symbol in enumerate(self.symbols)}

    @cached_property
    def choice_of(self) -> dict[int, int]:
        """Member symbol -> its choice."""
        return {member: c for c, choice in enumerate(self.choices) for member in choice.members}

    @cached_property
    def carried_to(self) -> dict[int, tuple[int, ...]]:
        """Transitional symbol -> the symbols whose default is its value: its line in an old .config is theirs."""
        out: dict[int, list[int]] = {i: [] for i, one in enumerate(self.symbols) if one.flags & Model.TRANSITIONAL}
        for i, symbol in enumerate(self.symbols) if out else ():
            for d in symbol.definitions:
                for default in self.definitions[d].defaults:
                    it = self.exprs[default.value]
                    if it.op == Op.ATOM and it.args[0] in out and i not in out[it.args[0]]:
                        out[it.args[0]].append(i)
        return {old: tuple(new) for old, new in out.items()}

    def now(self, number: int) -> int | None:
        """The symbol that has the value: of a transitional one, which gets no line, the one that takes its line over;
        None where there is none."""
        if number not in self.carried_to:
            return number
        return next(iter(self.carried_to[number]), None)

    @cached_property
    def carried_from(self) -> dict[int, tuple[int, ...]]:
        """Symbol -> the transitional symbols whose lines in an old .config are its own."""
        out: dict[int, list[int]] = {}
        for old, new in self.carried_to.items():
            for number in new[:1]:
                out.setdefault(number, []).append(old)
        return {number: tuple(old) for number, old in out.items()}

    @cached_property
    def selects_of(self) -> dict[int, tuple[int, ...]]:
        """Definition -> the selects and implies that it states."""
        out: dict[int, list[int]] = {}
        for i, select in enumerate(self.selects):
            out.setdefault(select.definition, []).append(i)
        return {definition: tuple(found) for definition, found in out.items()}

    def chain(self, condition: int) -> Iterator[Link]:
        """The conditions of a chain, innermost first."""
        while condition >= 0:
            link = self.conditions[condition]
            yield link
            condition = link.parent

    def place(self, file: int, line: int) -> str:
        """ "arch/x86/xen/Kconfig:90"."""
        return f"{self.files[file]}:{line}"

    def defined(self, name: str) -> Symbol | None:
        """The symbol of that name, if the kernel defines it (a mere reference is not a definition)."""
        i = self.index.get(name)
        if i is None or not self.symbols[i].definitions:
            return None
        return self.symbols[i]

    def atom_text(self, atom: int) -> str:
        """An atom as the Kconfig files write it: FOO, "text", $(cc-option,-m32)."""
        if atom < len(self.symbols):
            return self.symbols[atom].name
        it = self.atoms[atom - len(self.symbols)]
        if it.kind == AtomKind.PROBE:
            return f"$({self.probes[int(it.text)].name})"
        if it.kind == AtomKind.TEMPLATE:
            return f'"{self.expand_tokens(it.text)}"'
        return it.text if it.text in ("y", "m", "n") else f'"{it.text}"'

    def expand_tokens(self, text: str) -> str:
        """Text with each probe token replaced by the probe's name."""
        return TOKEN.sub(lambda match: f"$({self.probes[int(match[1])].name})", text)

    def expr_text(self, expr: int, outer: int | None = None) -> str:
        """An expression as text, with the parentheses that it needs inside an operator `outer`."""
        it = self.exprs[expr]
        op = it.op
        if op == Op.ATOM:
            return self.atom_text(it.args[0])
        if op == Op.NOT:
            return f"!{self.expr_text(it.args[0], Op.NOT)}"
        if op in (Op.AND, Op.OR):
            text = (" && " if op == Op.AND else " || ").join(self.expr_text(arg, op) for arg in it.args)
            return text if outer in (None, op) else f"({text})"
        if op in RELATIONS:
            text = f"{self.atom_text(it.args[0])}{RELATIONS[Op(op)]}{self.atom_text(it.args[1])}"
            return f"({text})" if outer == Op.NOT else text
        (choice,) = it.args
        name = self.choices[choice].name or "choice at " + self.choice_place(choice)
        return f"<{name}>" if op == Op.CHOICE else f"<{name}>=y"

    def symbols_in(self, expr: int) -> Iterator[int]:
        """The symbols that an expression names, in its order; a choice in it is no symbol."""
        left = [expr]
        while left:
            it = self.exprs[left.pop()]
            if it.op == Op.ATOM or it.op in RELATIONS:
                yield from (atom for atom in it.args if atom < len(self.symbols))
            elif it.op not in (Op.CHOICE, Op.CHOICE_Y):
                left += reversed(it.args)

    def choice_place(self, choice: int) -> str:
        definition = self.definitions[self.choices[choice].definitions[0]]
        return self.place(definition.file, definition.line)


RELATIONS = {Op.EQ: "=", Op.NE: "!=", Op.LT: "<", Op.LE: "<=", Op.GT: ">", Op.GE: ">="}
