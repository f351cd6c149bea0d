"""The functions of make that kernel Makefiles use on lists of objects; each takes and returns words with conditions.

What is not here ($(shell), $(wildcard) of what a build makes, $(eval), ...) is undecidable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from kcfg.kbuild.condition import ALWAYS, NEVER, AskedKind, Condition, any_of, both, negate
from kcfg.kbuild.make import FUNCTIONS, Function, Make
from kcfg.kbuild.text import clean
from kcfg.kbuild.words import (
    BY_BINDING,
    BY_TEST,
    DEPTH_LIMIT,
    NEST_LIMIT,
    OPEN,
    TEXT_LIMIT,
    UNKNOWN,
    Expanded,
    MakePlace,
    MakeVariable,
    MakeWord,
    alternatives_of,
    guarded,
    present,
    unknown,
)


def function(name: str, limit: int) -> Callable[[Function], Function]:
    """Enter a function in make's table; in itself and others it stands NEST_LIMIT deep at most."""

    def enter(it: Function) -> Function:
        def nested(make: Make, args: list[str], place: MakePlace) -> list[MakeWord]:
            if make.nested > NEST_LIMIT:
                return unknown(f"$({name} ...)", place, AskedKind.NESTED)
            make.nested += 1
            try:
                return it(make, args, place)
            finally:
                make.nested -= 1

        FUNCTIONS[name] = (limit, nested)
        return it

    return enter


@lru_cache(maxsize=1 << 12)
def pattern(text: str) -> re.Pattern[str]:
    """A make pattern: one "%" stands for any text."""
    head, percent, tail = text.partition("%")
    return re.compile(f"{re.escape(head)}(.*){re.escape(tail)}" if percent else f"{re.escape(text)}()", re.S)


def each(make: Make, text: str, place: MakePlace, change: Callable[[str], str]) -> list[MakeWord]:
    """Every word of a text changed."""
    words = make.words(text, place)
    return [w if w.text == UNKNOWN or OPEN in w.text else w._replace(text=change(w.text)) for w in words]


def varied(make: Make, texts: Iterable[str], place: MakePlace, change: Callable[..., str], last: str) -> list[MakeWord]:
    """Every word of `last` changed by a function that takes the expanded `texts` too, which may have conditions."""
    words = make.words(last, place)
    options: list[tuple[Condition, tuple[str, ...]]] = [(ALWAYS, ())]
    for text in texts:
        found = make.texts(text, place)
        if found is None:
            return unknown(text, place)
        crossed = ((both(a, b), (*have, more)) for a, have in options for b, more in found)
        options = [(condition, have) for condition, have in crossed if condition != NEVER]
    if not make.room.take((len(options) - 1) * len(words)):
        return unknown(last, place, AskedKind.WORDS)
    out: list[MakeWord] = []
    for word in words:
        if word.text == UNKNOWN or OPEN in word.text:
            out.append(word)
            continue
        results: dict[str, list[Condition]] = {}
        for condition, have in options:
            results.setdefault(change(*have, word.text), []).append(condition)
        for text, conditions in results.items():
            if text == UNKNOWN or len(text) > TEXT_LIMIT or not make.room.take(len(text)):
                out.extend(unknown(last, place))
                continue
            condition = both(word.condition, any_of(conditions))
            if condition != NEVER and text:
                out.append(MakeWord(text, condition, word.place))
    return out


@function("subst", 3)
def _subst(make: Make, args: list[str], place: MakePlace) -> list[MakeWord]:
    if len(args) < 3 or not args[0] or args[0].isspace():
        return unknown("$(subst ...)", place)

    def change(old: str, new: str, word: str) -> str:
        many = len(new) * word.count(old) > TEXT_LIMIT if old else False
        return UNKNOWN if many else word.replace(old, new) if old else word

    return varied(make, args[:2], place, change, args[2])


@function("patsubst", 3)
def _patsubst(make: Make, args: list[str], place: MakePlace) -> list[MakeWord]:
    if len(args) < 3:
        return []

    def change(old: str, new: str, word: str) -> str:
        found = pattern(old.strip()).fullmatch(word)
        if not found:
            return word
        return new.strip().replace("%", found[1], 1) if "%" in old else new.strip()

    return varied(make, args[:2], place, change, args[2])


@function("addprefix", 2)
def _addprefix(make: Make, args: list[str], place: MakePlace) -> list[MakeWord]:
    return varied(make, args[:1], place, lambda fix, word: fix.strip() + word, args[-1])


@function("addsuffix", 2)
def _addsuffix(make: Make, args: list[str], place: MakePlace) -> list[MakeWord]:
    return varied(make, args[:1], place, lambda fix, word: word + fix.strip(), args[-1])


def chosen(make: Make, args: list[str], place: MakePlace, keep: bool) -> list[MakeWord]:
    """filter and filter-out: conditions of the patterns carry over."""
    patterns = make.words(args[0], place)
    if len(args) < 2:
        return []
    out = []
    known = [(None if one.text == UNKNOWN else pattern(one.text), one.condition) for one in patterns]
    words = make.words(args[1], place)
    if not make.room.take(len(known) * len(words)):
        return unknown(f"$({'filter' if keep else 'filter-out'} ...)", place, AskedKind.WORDS)
    for word in words:
        if word.text == UNKNOWN:
            out.append(word)
            continue
        match = any_of(condition for one, condition in known if one is None or one.fullmatch(word.text))
        condition = both(word.condition, match if keep else negate(match))
        if condition != NEVER:
            out.append(word._replace(condition=condition))
    return out


@function("filter", 2)
def _filter(make: Make, args: list[str], place: MakePlace) -> list[MakeWord]:
    return chosen(make, args, place, True)


@function("filter-out", 2)
def _filter_out(make: Make, args: list[str], place: MakePlace) -> list[MakeWord]:
    return chosen(make, args, place, False)


@function("strip", 1)
def _strip(make: Make, args: list[str], place: MakePlace) -> list[MakeWord]:
    return make.words(args[0], place)


@function("sort", 1)
def _sort(make: Make, args: list[str], place: MakePlace) -> list[MakeWord]:
    return make.words(args[0], place)  # no list of objects depends on the order


@function("notdir", 1)
def _notdir(make: Make, args: list[str], place: MakePlace) -> list[MakeWord]:
    return [w for w in each(make, args[0], place, lambda word: word.rpartition("/")[2]) if w.text]


@function("dir", 1)
def _dir(make: Make, args: list[str], place: MakePlace) -> list[MakeWord]:
    return each(make, args[0], place, lambda word: word[: word.rfind("/") + 1] or "./")


@function("basename", 1)
def _basename(make: Make, args: list[str], place: MakePlace) -> list[MakeWord]:
    return each(make, args[0], place, lambda word: re.sub(r"\.[^./]*$", "", word))


@function("suffix", 1)
def _suffix(make: Make, args: list[str], place: MakePlace) -> list[MakeWord]:
    def ending(word: str) -> str:
        found = re.search(r"\.[^./]*$", word)
        return found[0] if found else ""

    return [w for w in each(make, args[0], place, ending) if w.text]


@function("abspath", 1)
@function("realpath", 1)
def _path(make: Make, args: list[str], place: MakePlace) -> list[MakeWord]:
    return each(make, args[0], place, clean)


@function("if", 3)
def _if(make: Make, args: list[str], place: MakePlace) -> list[MakeWord]:
    condition = present(make.words(args[0], place))
    out = []
    if condition != NEVER and len(args) > 1:
        out.extend(guarded(make.words(args[1], place), condition, place))
    if condition != ALWAYS and len(args) > 2:
        out.extend(guarded(make.words(args[2], place), negate(condition), place))
    return out


@function("or", 0)
def _or(make: Make, args: list[str], place: MakePlace) -> list[MakeWord]:
    out: list[MakeWord] = []
    left: Condition = ALWAYS
    for arg in args:
        words = make.words(arg, place)
        out.extend(guarded(words, left, place))
        left = both(left, negate(present(words)))
        if left == NEVER:
            break
    return out


@function("and", 0)
def _and(make: Make, args: list[str], place: MakePlace) -> list[MakeWord]:
    others: Condition = ALWAYS
    for arg in args[:-1]:
        others = both(others, present(make.words(arg, place)))
    return guarded(make.words(args[-1], place), others, place)


@function("foreach", 3)
def _foreach(make: Make, args: list[str], place: MakePlace) -> list[MakeWord]:
    if len(args) < 3:
        return []
    out: list[MakeWord] = []
    name = args[0].strip()
    for word in make.words(args[1], place):
        if word.text == UNKNOWN:
            out.append(word)
        else:
            out.extend(guarded(bound(make, {name: word.text}, args[2], place), word.condition, word.place))
    return out


@function("call", 0)
def _call(make: Make, args: list[str], place: MakePlace) -> list[MakeWord]:
    name = args[0].strip()
    variable = make.lookup(name)
    if variable is None or len(variable.items) != 1 or variable.items[0].words is not None:
        return unknown(f"$(call {','.join(args)})", place)
    values: list[tuple[Condition, dict[str, str]]] = [(ALWAYS, {"0": name})]
    for number, arg in enumerate(args[1:], 1):
        texts = make.texts(arg, place)
        if texts is None:
            return unknown(f"$(call {','.join(args)})", place)
        every = sum(len(values) * (len(text) + BY_TEST * number) for _, text in texts)
        if not make.room.take(every):
            return unknown(f"$(call {name},...)", place, AskedKind.WORDS)
        crossed = ((both(a, b), {**have, str(number): text}) for a, have in values for b, text in texts)
        values = [(condition, have) for condition, have in crossed if condition != NEVER]
    item = variable.items[0]
    out: list[MakeWord] = []
    for condition, have in values:
        out.extend(guarded(bound(make, have, item.raw, item.place), both(condition, item.condition), place))
    return out


def bound(make: Make, values: dict[str, str], text: str, place: MakePlace) -> list[MakeWord]:
    """A text expanded while some variables have other values."""
    make.depth += 1
    if make.depth > DEPTH_LIMIT or not make.room.take(BY_BINDING):
        make.depth -= 1
        return unknown(text, place)
    saved = {name: make.variables.get(name) for name in values}
    for name, value in values.items():
        words = [MakeWord(word, ALWAYS, place) for word in value.split()]
        make.variables[name] = MakeVariable(True, [Expanded(ALWAYS, value, words, place)])
    try:
        return make.words(text, place)
    finally:
        make.depth -= 1
        for name, old in saved.items():
            if old is None:
                del make.variables[name]
            else:
                make.variables[name] = old


def counted(make: Make, args: list[str], place: MakePlace, pick: Callable[[list[str]], str]) -> list[MakeWord]:
    """A function of the whole list: each list that is possible is tried."""
    texts = alternatives_of(make.words(args[-1], place))
    if texts is None:
        return unknown(args[-1], place)
    picked = ((condition, pick(text.split())) for condition, text in texts)
    return [MakeWord(text, condition, place) for condition, text in picked if text]


@function("words", 1)
def _words(make: Make, args: list[str], place: MakePlace) -> list[MakeWord]:
    return counted(make, args, place, lambda words: str(len(words)))


@function("firstword", 1)
def _firstword(make: Make, args: list[str], place: MakePlace) -> list[MakeWord]:
    return counted(make, args, place, lambda words: words[0] if words else "")


@function("lastword", 1)
def _lastword(make: Make, args: list[str], place: MakePlace) -> list[MakeWord]:
    return counted(make, args, place, lambda words: words[-1] if words else "")


@function("word", 2)
def _word(make: Make, args: list[str], place: MakePlace) -> list[MakeWord]:
    number = args[0].strip()
    if not re.fullmatch(r"[1-9][0-9]{0,5}", number):
        return unknown(f"$(word {','.join(args)})", place)
    return counted(make, args, place, lambda words: words[int(number) - 1] if int(number) <= len(words) else "")


@function("findstring", 2)
def _findstring(make: Make, args: list[str], place: MakePlace) -> list[MakeWord]:
    finds = make.texts(args[0], place)
    texts = make.texts(args[-1], place)
    if finds is None or texts is None:
        return unknown(f"$(findstring {','.join(args)})", place)
    return [
        MakeWord(word, condition, place)
        for a, find in finds
        for b, text in texts
        if find in text and (condition := both(a, b)) != NEVER
        for word in find.split()
    ]


@function("info", 1)
@function("warning", 1)
@function("error", 1)
def _message(make: Make, args: list[str], place: MakePlace) -> list[MakeWord]:
    return []
