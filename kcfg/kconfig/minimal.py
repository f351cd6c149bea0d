"""The lines of a configuration that cannot be left out: of those that `make savedefconfig` keeps."""

from __future__ import annotations

from collections.abc import Iterable

from kcfg.kconfig.assign import read_user_values
from kcfg.kconfig.config import Assignment, Config
from kcfg.kconfig.model import Op, Type
from kcfg.kconfig.resolve import Resolver
from kcfg.kconfig.tristate import LETTER, MOD, YES


def menu_order(resolver: Resolver) -> list[int]:
    """Symbols in the order of their first definitions, as conf writes them."""
    symbols = resolver.model.symbols
    defined = [n for n, symbol in enumerate(symbols) if symbol.definitions]
    return sorted(defined, key=lambda n: symbols[n].definitions[0])


def default_text(resolver: Resolver, symbol: int) -> str:
    """The value without a user's (sym_get_string_default of scripts/kconfig/symbol.c)."""
    model = resolver.model
    entry = model.symbols[symbol]
    value, text = 0, ""
    found = resolver.first_default(symbol)
    if found is not None:
        default, cond = found
        if entry.type in (Type.BOOL, Type.TRISTATE):
            value = min(resolver.expr(default.value), cond)
        elif model.exprs[default.value].op == Op.ATOM:
            text = resolver.raw(model.exprs[default.value].args[0])
    if entry.type not in (Type.BOOL, Type.TRISTATE):
        return text
    member = symbol in model.choice_of
    value = max(value, 0 if member else resolver.forced(symbol))
    if value == MOD and (entry.type == Type.BOOL or (not member and not resolver.modules)):
        value = YES
    return LETTER[max(value, 0 if member else resolver.forced(symbol, imply=True))]


def kept_lines(resolver: Resolver) -> list[tuple[int, str]]:
    """(symbol, value) for each line of the savedefconfig, in the order in which conf writes them."""
    model = resolver.model
    out = []
    for symbol in menu_order(resolver):
        if not resolver.written(symbol):
            continue
        choice = model.choice_of.get(symbol)
        value = resolver.text(symbol)
        forced = 0 if choice is not None else resolver.forced(symbol)
        if resolver.visible(symbol) <= forced or value == default_text(resolver, symbol):
            continue
        if choice is not None and value == "y" and resolver.choice_default(choice) == symbol:
            continue
        out.append((symbol, value))
    return out


def as_config(
    resolver: Resolver, lines: Iterable[tuple[int, str]], name: str = "lines", *, complete: bool = False
) -> Config:
    """Lines as a configuration of their own. `complete`: they are all that a .config has."""
    made = []
    for number, (symbol, value) in enumerate(lines, 1):
        entry = resolver.model.symbols[symbol]
        made.append(Assignment(entry.name, value, number, name, entry.type == Type.STRING))
    return Config(name=name, assignments=tuple(made), is_complete=complete)


def again(resolver: Resolver, lines: Iterable[tuple[int, str]]) -> Resolver:
    """What these lines alone resolve to, under the same answers."""
    model = resolver.model
    return Resolver(model, read_user_values(model, as_config(resolver, lines)), resolver.answers)


def sufficient_lines(resolver: Resolver) -> list[tuple[int, str]]:
    """`kept_lines`, completed until they alone give the whole configuration."""
    lines = kept_lines(resolver)
    wanted = dict(resolver.lines())
    for _ in range(len(wanted)):
        got = dict(again(resolver, lines).lines())
        have = {symbol for symbol, _ in lines}
        missing = [
            (symbol, text)
            for symbol, text in wanted.items()
            if got.get(symbol) != text and symbol not in have and resolver.visible(symbol)
        ]
        if not missing:
            break
        lines += missing
    return lines


def needed_lines(resolver: Resolver) -> list[tuple[int, str]]:
    """Of `sufficient_lines` those that give the whole configuration and none of which can be left out alone.

    conf keeps more: a number that is its range's bound anyway, a member that its choice takes by itself.
    """
    lines = sufficient_lines(resolver)
    wanted = resolver.lines()
    for whole in (False, True):
        kept, before = list(lines), len(lines) + 1
        while len(kept) < before:
            before = len(kept)
            for line in list(kept):
                fewer = [one for one in kept if one is not line]
                left = again(resolver, fewer)
                if left.lines() == wanted if whole else same_own(left, resolver, line[0]):
                    kept = fewer
        if len(kept) == len(lines) or again(resolver, kept).lines() == wanted:
            break
    return kept


def same_own(left: Resolver, resolver: Resolver, symbol: int) -> bool:
    """Whether a symbol is as before without its line, and so all that hangs on it; the members of its choice with it.

    Only what these hang on is computed.
    """
    model = resolver.model
    choice = model.choice_of.get(symbol)
    names = [symbol] if choice is None else model.choices[choice].members
    return all(left.text(n) == resolver.text(n) and left.written(n) == resolver.written(n) for n in names)
