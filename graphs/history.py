"""How one symbol's definition changed from kernel to kernel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphs.findings import Change, HistoryReport, HistoryRow, SymbolStatement
from graphs.kinds import StatementKind
from graphs.sets import Sets
from kcfg.answers.facts import Location
from kcfg.base.errors import UserError
from kcfg.kconfig.kernels import Kernel
from kcfg.kconfig.model import Model, Op, Type, Where
from kcfg.solver.solver import Solver

KINDS = tuple(StatementKind)


def find_history(kernels: Sequence[tuple[Kernel, Solver]], name: str, *, version: str) -> HistoryReport:
    """The symbol in each kernel, in the order given, and what changed from one to the next.

    Statements are compared by their text: a line that only moved is no change. UserError where no kernel has it.
    """
    name = name.removeprefix("CONFIG_")
    rows: list[HistoryRow] = []
    for kernel, solver in kernels:
        rows.append(row_of(kernel, solver, name, rows[-1] if rows else None))
    if not any(row.places for row in rows):
        from kcfg.base.text import nearest

        known = (symbol.name for kernel, _ in kernels for symbol in kernel.model.symbols if symbol.definitions)
        hint = nearest(name.upper(), set(known))
        told = ", ".join(f"{row.kernel.version} {row.kernel.arch}" for row in rows)
        raise UserError(f"none of Linux {told} has {name}", hint=hint if hint.startswith("did you") else "")
    return HistoryReport(version=version, symbol=name, rows=tuple(rows))


def row_of(kernel: Kernel, solver: Solver, name: str, before: HistoryRow | None) -> HistoryRow:
    """One kernel's row."""
    model = kernel.model
    symbol = model.defined(name)
    if symbol is None:
        return HistoryRow(kernel=kernel.used, changes=changes(before, ()))
    number = model.index[name]
    statements = tuple(sorted(statements_of(model, number), key=lambda one: (KINDS.index(one.kind), ordered(one))))
    definitions = [model.definitions[d] for d in symbol.definitions]
    possible = None
    if symbol.type in (Type.BOOL, Type.TRISTATE):
        possible = Sets(solver).possible([solver.encoding.enabled[number]])
    return HistoryRow(
        kernel=kernel.used,
        places=tuple(Location(model.files[one.file], one.line) for one in definitions),
        statements=statements,
        changes=changes(before, statements),
        possible=possible,
    )


def ordered(one: SymbolStatement) -> str:
    """What statements of a kind are sorted by."""
    return f"{one.text} ({one.within}" if one.within else one.text


def changes(before: HistoryRow | None, statements: tuple[SymbolStatement, ...]) -> tuple[Change, ...]:
    """What is gone and what is new, in the order of the kinds of statements."""
    if before is None:
        return ()
    old = {(one.kind, one.text, one.within): one for one in before.statements}
    new = {(one.kind, one.text, one.within): one for one in statements}
    found = [Change(False, one) for key, one in old.items() if key not in new]
    found += [Change(True, one) for key, one in new.items() if key not in old]
    return tuple(sorted(found, key=lambda one: (KINDS.index(one.statement.kind), one.new, ordered(one.statement))))


def statements_of(model: Model, number: int) -> Iterator[SymbolStatement]:
    """Every statement about a symbol. A condition that is a conjunction is told part by part."""
    symbol = model.symbols[number]
    several = len(symbol.definitions) > 1
    first = model.definitions[symbol.definitions[0]]
    yield SymbolStatement(
        StatementKind.TYPE, Type(symbol.type).name.lower(), Location(model.files[first.file], first.line)
    )
    for d in symbol.definitions:
        definition = model.definitions[d]
        file = model.files[definition.file]
        within = file if several else ""
        prompt = definition.prompt
        if prompt is not None:
            parts = conditions(model, prompt.visible)
            shown = [model.expr_text(prompt.cond)] if prompt.cond else []
            shown += [f"visible if {text}" for text, _ in parts]
            yield SymbolStatement(StatementKind.PROMPT, " && ".join(shown), Location(file, prompt.line), within)
        for text, where in conditions(model, definition.context):
            yield SymbolStatement(StatementKind.DEPENDS, text, where, within)
        for default in definition.defaults:
            text = model.expr_text(default.value) + condition(model, default.cond)
            yield SymbolStatement(StatementKind.DEFAULT, text, Location(file, default.line), within)
        for limits in definition.ranges:
            text = f"{model.atom_text(limits.low)} {model.atom_text(limits.high)}{condition(model, limits.cond)}"
            where = Location(file, limits.line)
            yield SymbolStatement(StatementKind.RANGE, text.replace('"', ""), where, within)
        for one in model.selects_of.get(d, ()):
            select = model.selects[one]
            target = model.symbols[select.target]
            kind = StatementKind.IMPLY if one in target.implied_by else StatementKind.SELECT
            yield SymbolStatement(kind, target.name + condition(model, select.cond), Location(file, select.line))
    by = ((StatementKind.SELECTED_BY, symbol.selected_by), (StatementKind.IMPLIED_BY, symbol.implied_by))
    for kind, selects in by:
        for one in selects:
            select = model.selects[one]
            where = Location(model.files[model.definitions[select.definition].file], select.line)
            yield SymbolStatement(kind, model.symbols[select.source].name + condition(model, select.cond), where)
    choice = model.choice_of.get(number)
    if choice is not None:
        place, _, line = model.choice_place(choice).rpartition(":")
        members = " ".join(model.symbols[member].name for member in model.choices[choice].members)
        yield SymbolStatement(StatementKind.CHOICE, members, Location(place, int(line)))


def condition(model: Model, cond: int) -> str:
    """ " if X", or nothing."""
    return f" if {model.expr_text(cond)}" if cond else ""


def conditions(model: Model, start: int) -> Iterator[tuple[str, Location]]:
    """(text, place) of every conjunct of a chain, each text once."""
    seen: set[str] = set()
    for link in model.chain(start):
        if link.where == Where.CHOICE and model.exprs[link.expr].op in (Op.CHOICE, Op.CHOICE_Y):
            continue  # membership is told by itself
        it = model.exprs[link.expr]
        for part in it.args if it.op == Op.AND else (link.expr,):
            text = model.expr_text(part)
            if text not in seen:
                seen.add(text)
                yield text, Location(model.files[link.file], link.line)
