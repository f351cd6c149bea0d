"""What a group of clauses says: the Kconfig statement, its text rebuilt from the model, file and line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kcfg.kconfig.model import KEYWORDS, AtomKind, Model, Op, Type, Where
from kcfg.solver.clauses import StatementKind, pack, unpack
from kcfg.solver.texts import is_asked

ARCHITECTURE = "architecture"
COMPILER = "compiler"
OWN_KINDS = (StatementKind.SYMBOL, StatementKind.PROMPT)


@dataclass(frozen=True, slots=True)
class Statement:
    """A line of a Kconfig file. `symbol` is what it constrains ("" where that is a block).

    `others` are the defined symbols that its expressions name, in their order.
    `outside` says that the architecture or the compiler decides what the line says: ARCHITECTURE, COMPILER, or "".
    `of_text`: it is of an int, a hex or a string.
    """

    kind: StatementKind
    symbol: str
    file: str
    line: int
    text: str
    outside: str = ""
    others: tuple[str, ...] = ()
    of_text: bool = False

    @property
    def place(self) -> str:
        """ "arch/x86/xen/Kconfig:90"."""
        return f"{self.file}:{self.line}"


def describe(model: Model, group: int, symbol: int) -> Statement:
    """The statement of a group."""
    kind, index, part = unpack(group)
    name = model.symbols[symbol].name if symbol >= 0 else ""
    outside = ""
    reads: tuple[int, ...] = ()
    others: tuple[int, ...] = ()
    if kind == StatementKind.DEPENDS:
        link = model.conditions[index]
        file, line, reads = link.file, link.line, (link.expr,)
        text = f"{KEYWORDS.get(Where(link.where), 'choice')} {model.expr_text(link.expr)}"
        outside = decided_outside(model, link.expr)
    elif kind in (StatementKind.SELECT, StatementKind.IMPLY, StatementKind.UNMET):
        select = model.selects[index]
        file, line = model.definitions[select.definition].file, select.line
        word = "imply" if kind == StatementKind.IMPLY else "select"
        reads, others = (select.cond,), (select.target,)
        text = f"{word} {model.symbols[select.target].name}{suffix(model, select.cond)}"
        name = model.symbols[select.source].name
    elif kind == StatementKind.PROBE:
        probe = model.probes[index]
        file, line = probe.file, probe.line
        text, outside = f"$({probe.name})", COMPILER
    elif kind == StatementKind.CHOICE:
        definition = model.definitions[model.choices[index].definitions[0]]
        file, line = definition.file, definition.line
        text = "choice" if model.choices[index].name == "" else f"choice {model.choices[index].name}"
    else:
        definition = model.definitions[index]
        file, line = definition.file, definition.line
        text = f"config {name}"
        if kind == StatementKind.DEFAULT:
            default = definition.defaults[part]
            line, reads = default.line, (default.value, default.cond)
            text = f"default {model.expr_text(default.value)}{suffix(model, default.cond)}"
            outside = decided_outside(model, default.value) or decided_outside(model, default.cond)
        elif kind == StatementKind.RANGE:
            limits = definition.ranges[part]
            line, reads = limits.line, (limits.cond,)
            others = tuple(atom for atom in (limits.low, limits.high) if atom < len(model.symbols))
            low, high = (model.atom_text(atom).strip('"') for atom in (limits.low, limits.high))
            text = f"range {low} {high}{suffix(model, limits.cond)}"
        elif kind == StatementKind.PROMPT and definition.prompt is not None:
            line, reads = definition.prompt.line, (definition.prompt.cond,)
            text = f"prompt of {name}{suffix(model, definition.prompt.cond)}"
            outside = decided_outside(model, definition.prompt.cond)
    named = (*others, *(one for expr in reads for one in model.symbols_in(expr)))
    names = tuple(dict.fromkeys(model.symbols[one].name for one in named if model.symbols[one].definitions))
    of_text = symbol >= 0 and model.symbols[symbol].type > Type.TRISTATE
    return Statement(kind, name, model.files[file], line, text, outside, names, of_text)


def sources_of(model: Model, statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """The defaults and ranges of the ints, hexes and strings without a prompt that statements speak of, and of those
    that these take their values from."""
    known = {(one.file, one.line) for one in statements}
    left = [name for one in statements for name in (one.symbol, *one.others)]
    seen: set[str] = set()
    out: list[Statement] = []
    while left:
        name = left.pop(0)
        number = model.index.get(name, -1)
        if name in seen or number < 0 or model.symbols[number].type <= Type.TRISTATE or is_asked(model, number):
            continue
        seen.add(name)
        for d in model.symbols[number].definitions:
            definition = model.definitions[d]
            groups = [pack(StatementKind.DEFAULT, d, place) for place in range(len(definition.defaults))]
            groups += [pack(StatementKind.RANGE, d, place) for place in range(len(definition.ranges))]
            found = [describe(model, group, number) for group in groups]
            out += [one for one in found if (one.file, one.line) not in known]
            left += [other for one in found for other in one.others]
    return tuple(out)


def suffix(model: Model, cond: int) -> str:
    """The ` if ...` at the end of a statement."""
    return f" if {model.expr_text(cond)}" if cond else ""


def decided_outside(model: Model, expr: int) -> str:
    """Whether an expression reads the architecture (a comparison of two constants) or a probe."""
    it = model.exprs[expr]
    count = len(model.symbols)
    if it.op == Op.ATOM or Op.EQ <= it.op <= Op.GE:
        kinds = [model.atoms[atom - count].kind for atom in it.args if atom >= count]
        if AtomKind.PROBE in kinds or AtomKind.TEMPLATE in kinds:
            return COMPILER
        return ARCHITECTURE if it.op != Op.ATOM and len(kinds) == 2 else ""
    if it.op in (Op.CHOICE, Op.CHOICE_Y):
        return ""
    return next((found for arg in it.args if (found := decided_outside(model, arg))), "")
