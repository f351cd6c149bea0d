"""Small trees for the solver's tests: every configuration of one, by the resolver and by the clauses."""

from __future__ import annotations

from itertools import product

from kcfg.kconfig.assign import UserValues, assign_member, valid_text
from kcfg.kconfig.model import Model, Type
from kcfg.kconfig.resolve import Resolver
from kcfg.solver.encode import encode
from kcfg.solver.solver import Solver

LIMIT = 20_000
MORE = {Type.INT: ["3", "17"], Type.HEX: ["0x3"], Type.STRING: ["other"]}
"""Texts to try besides those that the clauses know."""


class TooManyError(Exception):
    """A tree with more than LIMIT configurations."""


def choices_of(model: Model, texts: dict[str, list[str]]) -> list[tuple[int, list[str]]]:
    """(symbol, values to try) for every defined symbol; texts of symbols that no comparison reads are left out."""
    out = []
    for number, symbol in enumerate(model.symbols):
        if not symbol.definitions:
            continue
        if symbol.type == Type.BOOL:
            out.append((number, ["n", "y"]))
        elif symbol.type == Type.TRISTATE:
            out.append((number, ["n", "m", "y"]))
        elif symbol.name in texts:
            out.append((number, texts[symbol.name]))
    return out


def user_values(model: Model, values: dict[int, str]) -> UserValues:
    """What a .config with all these values, in the order of the source, is read as."""
    user = UserValues()
    for number, text in values.items():
        if model.symbols[number].flags & (Model.NO_WRITE | Model.TRANSITIONAL):
            continue
        kind = model.symbols[number].type
        if kind > Type.TRISTATE:
            if valid_text(kind, text):
                user.text[number] = text
        else:
            user.tri[number] = "nmy".index(text)
    for choice, entry in enumerate(model.choices):
        for member in entry.members:
            if member in values:
                assign_member(model, user, choice, member, "nmy".index(values[member]))
    return user


def kept(model: Model, values: dict[int, str], answers: dict[str, str]) -> bool:
    """Whether resolving a configuration gives it back."""
    resolver = Resolver(model, user_values(model, values), answers)
    return all(resolver.text(number) == text for number, text in values.items())


def differences(model: Model, answers: dict[str, str] | None = None, *, extra: bool = True) -> tuple[int, list[str]]:
    """(configurations that resolving keeps, those on which the clauses say otherwise), over all that there are."""
    answers = answers or {}
    encoding = encode(model, answers)
    texts = {}
    for atom, domain in encoding.domains.items():
        if atom < len(model.symbols):
            known = [text for text, _ in domain.values]
            more = MORE[Type(domain.kind)] if extra else []
            texts[model.symbols[atom].name] = list(dict.fromkeys([*known, *more]))
    solver = Solver(model, encoding)
    names = [symbol.name for symbol in model.symbols]
    options = choices_of(model, texts)
    count = 1
    for _, some in options:
        count *= len(some)
    if count > LIMIT:
        raise TooManyError(count)
    good, bad = 0, []
    for combination in product(*(some for _, some in options)):
        values = {number: text for (number, _), text in zip(options, combination, strict=True)}
        expected = kept(model, values, answers)
        good += expected
        if solver.accepts({names[number]: text for number, text in values.items()}) != expected:
            told = " ".join(f"{names[number]}={text}" for number, text in values.items())
            bad.append(f"{'kept' if expected else 'changed'} by resolve: {told}")
    return good, bad
