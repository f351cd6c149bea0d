"""What a configuration asks for and does not get: `kcfg resolve`'s answer, line by line."""

from __future__ import annotations

from kcfg.answers.facts import Basis, Difference, Location, Reason, ReasonKind, State
from kcfg.answers.reasons import Explainer, location
from kcfg.answers.unknown import unknown
from kcfg.kconfig.assign import Refusal, RefusedLine, valid_text, word_for
from kcfg.kconfig.config import Assignment, Config
from kcfg.kconfig.model import Model, Type
from kcfg.kconfig.resolve import Resolver
from kcfg.kconfig.tristate import LETTER, LEVEL


def differences(config: Config, resolver: Resolver) -> tuple[Difference, ...]:
    """Every line that does not come out as asked, in the order of the lines."""
    explainer = Explainer(resolver)
    out = [problem_difference(problem, resolver, explainer) for problem in resolver.user.problems]
    last = resolver.user.lines
    repeated = config.duplicates()
    void = {(one.line.path, one.line.line) for one in resolver.user.problems}
    for symbol, line in last.items():
        asked = LETTER[resolver.user.tri[symbol]] if symbol in resolver.user.tri else line.value
        got = outcome(symbol, resolver, explainer)
        kind = resolver.model.symbols[symbol].type
        if not same(asked, got, kind):
            reasons = why(symbol, asked, resolver, explainer)
            out.append(Difference(line.symbol, asked, got, location(line), tuple(reasons)))
        others = (one for one in repeated.get(line.symbol, ()) if one is not line)
        out += [
            overridden(one, line, got)
            for one in others
            if (one.path, one.line) not in void
            and not same(one.tristate() if symbol in resolver.user.tri else one.value, got, kind)
        ]
    return tuple(sorted((d for d in out if d is not None), key=lambda d: (d.where.path, d.where.line)))


def outcome(symbol: int, resolver: Resolver, explainer: Explainer) -> str:
    """What becomes of a line: the symbol's value, "" for a number or text that gets no line."""
    old_name = resolver.model.symbols[symbol].flags & Model.TRANSITIONAL
    if not resolver.written(symbol) and symbol not in resolver.user.tri and not old_name:
        return ""
    return explainer.value(symbol)


def same(asked: str, got: str, kind: int) -> bool:
    """Whether two values are one: hex numbers are compared as numbers."""
    if kind == Type.HEX and valid_text(kind, asked) and valid_text(kind, got):
        return int(asked, 16) == int(got, 16)
    return asked == got


def overridden(line: Assignment, winner: Assignment, got: str) -> Difference:
    """A line that a later one for the same symbol overrides."""
    reason = Reason(ReasonKind.DUPLICATE, location(winner), basis=Basis.LINE, symbol=line.symbol)
    return Difference(line.symbol, line.value, got, location(line), (reason,))


def problem_difference(problem: RefusedLine, resolver: Resolver, explainer: Explainer) -> Difference | None:
    """A line that sets nothing. Asking for n of a symbol that does not exist gets what it asks for."""
    line = problem.line
    where = location(line)
    if problem.kind is Refusal.UNKNOWN_SYMBOL:
        if line.value == "n" and not line.quoted:
            return None
        return Difference(line.symbol, line.value, "", where, tuple(unknown(resolver.model, line.symbol)))
    number = resolver.model.index[line.symbol]
    kind = Type(resolver.model.symbols[number].type).name.lower()
    asked = f'"{line.value}"' if line.quoted else line.value
    at = explainer.defined_at(number)
    reason = Reason(ReasonKind.BAD_VALUE, at, basis=Basis.TYPE, symbol=line.symbol, value=asked, type=kind)
    return Difference(line.symbol, asked, resolver.text(number), where, (reason,))


def why(symbol: int, asked: str, resolver: Resolver, explainer: Explainer) -> list[Reason]:
    """The reasons for which a symbol has another value than its line asks for."""
    if symbol not in resolver.user.tri:
        return why_text(symbol, asked, resolver, explainer)
    want = LEVEL[asked]
    got = LEVEL.get(explainer.value(symbol), 0)
    if got < want:
        return explainer.why_below(symbol, want)
    old_name = resolver.model.symbols[symbol].flags & Model.TRANSITIONAL
    if not explainer.has_prompt(symbol) and not old_name:
        return [inert(symbol, explainer), *(one.below(1) for one in explainer.why_above(symbol, want))]
    return explainer.why_above(symbol, want)


def why_text(symbol: int, asked: str, resolver: Resolver, explainer: Explainer) -> list[Reason]:
    """Why an int, hex or string has another value."""
    entry = resolver.model.symbols[symbol]
    if entry.flags & Model.TRANSITIONAL:
        return explainer.why_below(symbol, LEVEL["y"])
    if not explainer.has_prompt(symbol):
        return [inert(symbol, explainer)]
    if not resolver.visible(symbol):
        return explainer.why_below(symbol, 1)
    if valid_text(entry.type, asked) and resolver.out_of_range(symbol, asked) is not None:
        return [out_of_range(symbol, asked, resolver)]
    line = resolver.user.lines.get(symbol)
    if line is None:
        where, value = explainer.defined_at(symbol), resolver.text(symbol)
        idle = Reason(ReasonKind.NOT_ASKED, where, basis=Basis.LINE, symbol=entry.name, value=value, wanted=asked)
        return explainer.defaulted(symbol) or [idle]
    value = word_for(line.value) if entry.type == Type.STRING else line.value
    said = Reason(ReasonKind.EXPLICIT, location(line), 0, Basis.LINE, entry.name, value, asked)
    if resolver.out_of_range(symbol, line.value) is None:
        return [said]
    return [said, out_of_range(symbol, line.value, resolver).below(1)]


def out_of_range(symbol: int, asked: str, resolver: Resolver) -> Reason:
    """That a number is not in the range that applies."""
    model, limits = resolver.model, resolver.range_of(symbol)
    if limits is None:
        raise ValueError(f"{model.symbols[symbol].name} has no range")
    definitions = (model.definitions[d] for d in model.symbols[symbol].definitions)
    file = next(one.file for one in definitions if limits in one.ranges)
    bounds = tuple(bound(resolver, atom) for atom in (limits.low, limits.high))
    where = Location(model.files[file], limits.line)
    return Reason(ReasonKind.OUT_OF_RANGE, where, symbol=model.symbols[symbol].name, wanted=asked, states=bounds)


def inert(symbol: int, explainer: Explainer) -> Reason:
    """That a line cannot set a symbol."""
    name = explainer.model.symbols[symbol].name
    return Reason(ReasonKind.NO_PROMPT, explainer.defined_at(symbol), basis=Basis.LINE, symbol=name)


def bound(resolver: Resolver, atom: int) -> State:
    """A bound of a range, with its value when it is a symbol."""
    if atom < len(resolver.model.symbols):
        symbol = resolver.model.symbols[atom]
        return State(symbol.name, resolver.text(atom) if symbol.definitions else "")
    return State(resolver.model.atom_text(atom).strip('"'))
