"""What a configuration asks for and does not get: `kcfg resolve`'s answer, line by line."""

from __future__ import annotations

from kcfg.answers.facts import Difference, Location, Reason
from kcfg.answers.reasons import Explainer, location
from kcfg.kconfig.assign import Problem, valid_text
from kcfg.kconfig.config import Assignment, Config
from kcfg.kconfig.model import Type
from kcfg.kconfig.resolve import LETTER, Resolver

KINDS = {
    Type.BOOL: "a bool: y or n",
    Type.TRISTATE: "a tristate: y, m or n",
    Type.INT: "an int: a decimal number",
    Type.HEX: "a hex: such as 0x1000",
    Type.STRING: "a string: text in double quotes",
}


def differences(config: Config, resolver: Resolver) -> tuple[Difference, ...]:
    """Every line that does not come out as asked, in the order of the lines."""
    explainer = Explainer(resolver)
    out = [problem_difference(problem, resolver, explainer) for problem in resolver.user.problems]
    last = resolver.user.lines
    repeated = config.duplicates()
    void = {(one.line.path, one.line.line) for one in resolver.user.problems}
    for symbol, line in last.items():
        asked = LETTER[resolver.user.tri[symbol]] if symbol in resolver.user.tri else line.value
        got = resolver.text(symbol)
        if not resolver.written(symbol) and symbol not in resolver.user.tri:
            got = ""
        if not same(asked, got, resolver.model.symbols[symbol].type):
            reasons = why(symbol, asked, resolver, explainer)
            out.append(Difference(line.symbol, asked, got, location(line), tuple(reasons)))
        others = (one for one in repeated.get(line.symbol, ()) if one is not line and one.value != line.value)
        out += [overridden(one, line, got) for one in others if (one.path, one.line) not in void]
    return tuple(sorted((d for d in out if d is not None), key=lambda d: (d.where.path, d.where.line)))


def same(asked: str, got: str, kind: int) -> bool:
    """Whether two values are one: hex numbers are compared as numbers."""
    if kind == Type.HEX and valid_text(kind, asked) and valid_text(kind, got):
        return int(asked, 16) == int(got, 16)
    return asked == got


def overridden(line: Assignment, winner: Assignment, got: str) -> Difference:
    """A line that a later one for the same symbol overrides."""
    reason = Reason(f"{line.symbol} is set again: the last line wins", "duplicate", location(winner))
    return Difference(line.symbol, line.value, got, location(line), (reason,))


def problem_difference(problem: Problem, resolver: Resolver, explainer: Explainer) -> Difference | None:
    """A line that sets nothing. Asking for n of a symbol that does not exist gets what it asks for."""
    line = problem.line
    where = location(line)
    if problem.kind == "unknown-symbol":
        if line.value == "n" and not line.quoted:
            return None
        return Difference(line.symbol, line.value, "", where, tuple(explainer.unknown(line.symbol)))
    number = resolver.model.index[line.symbol]
    kind = Type(resolver.model.symbols[number].type)
    reason = Reason(f"{line.symbol} is {KINDS[kind]}; the line is ignored", "bad-value", explainer.defined_at(number))
    return Difference(line.symbol, line.value, resolver.text(number), where, (reason,))


def why(symbol: int, asked: str, resolver: Resolver, explainer: Explainer) -> list[Reason]:
    """The reasons for which a symbol has another value than its line asks for."""
    if symbol not in resolver.user.tri:
        return why_text(symbol, asked, resolver, explainer)
    want = LETTER.index(asked)
    got = resolver.tri(symbol)
    if got < want:
        return explainer.why_below(symbol, want)
    if asked == "m" and resolver.visible(symbol) and resolver.forced(symbol) <= want:
        return [explainer.modules_off(symbol, 0)]
    if not explainer.has_prompt(symbol):
        inert = Reason(
            f"{resolver.model.symbols[symbol].name} has no prompt: the line is inert",
            "no-prompt",
            explainer.defined_at(symbol),
        )
        return [inert, *(r.__class__(r.text, r.kind, r.where, r.depth + 1) for r in explainer.why_above(symbol, want))]
    return explainer.why_above(symbol, want)


def why_text(symbol: int, asked: str, resolver: Resolver, explainer: Explainer) -> list[Reason]:
    """Why an int, hex or string has another value."""
    entry = resolver.model.symbols[symbol]
    if not explainer.has_prompt(symbol):
        return [Reason(f"{entry.name} has no prompt: the line is inert", "no-prompt", explainer.defined_at(symbol))]
    if not resolver.visible(symbol):
        return explainer.why_below(symbol, 1)
    limits = resolver.range_of(symbol)
    if limits is not None:
        definition = next(
            resolver.model.definitions[d] for d in entry.definitions if limits in resolver.model.definitions[d].ranges
        )
        low, high = (bound_text(resolver, atom) for atom in (limits.low, limits.high))
        text = f"{asked} is outside the range {low} to {high}"
        return [Reason(text, "out-of-range", Location(resolver.model.files[definition.file], limits.line))]
    return []


def bound_text(resolver: Resolver, atom: int) -> str:
    """A bound of a range, with its value when it is a symbol."""
    if atom < len(resolver.model.symbols):
        symbol = resolver.model.symbols[atom]
        return f"{symbol.name} ({resolver.text(atom)})" if symbol.definitions else symbol.name
    return resolver.model.atom_text(atom).strip('"')
