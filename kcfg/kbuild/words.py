"""Words of a Makefile's variables, each with the condition under which it is there, and what they can expand to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from kcfg.kbuild.condition import (
    ALWAYS,
    NEVER,
    AskedKind,
    Condition,
    TextTest,
    Undecidable,
    any_of,
    both,
    either,
    negate,
    width,
)

DEPTH_LIMIT = 60  # of nested references and includes
NEST_LIMIT = 60  # functions in each other
EXPANSIONS_LIMIT = 20_000  # of variables inside one reference; Linux 7.3 needs 1,247
WORDS_LIMIT = 100_000  # of one variable
TEXTS_LIMIT = 96  # of different texts that one reference may have
TEXT_LIMIT = 1 << 16  # characters of one text
ROOM = 1 << 23  # of one Makefile, in characters; Linux 7.3 needs a twelfth
BY_EXPANSION = 50  # characters that the expansion of a variable counts for
BY_BINDING = 1000  # and one that binds others, as in foreach
BY_TEST = 50  # and each test that is joined to a word's condition
UNKNOWN = "\1"  # the text of a word that is undecidable
OPEN = "\0"  # around a symbol's name: the symbol's own text, which only a comparison can look at

ConditionalText = tuple[Condition, str]


class Room:
    """What is left of all that one Makefile may make: forty lines `V := $(V)$(V)` would be 2^40 characters."""

    def __init__(self) -> None:
        self.left = ROOM

    def take(self, count: int) -> bool:
        """Whether there is room for so much more; it is taken."""
        self.left -= count
        return self.left >= 0


class MakePlace(NamedTuple):
    """A line of a Makefile."""

    file: str
    line: int


NOWHERE = MakePlace("", 0)


class MakeWord(NamedTuple):
    """A word of a value, when it is there, and which line put it there."""

    text: str
    condition: Condition
    place: MakePlace


class Expanded(NamedTuple):
    """A piece of a variable: words, or text that is expanded when the variable is used."""

    condition: Condition
    raw: str
    words: list[MakeWord] | None
    place: MakePlace


class MakeVariable(NamedTuple):
    """`simple` variables (:=) are expanded when they are assigned."""

    simple: bool
    items: list[Expanded]


class Branch(NamedTuple):
    """An open `if`: the condition around it, that of its current branch, and what is left for `else`."""

    outer: Condition
    own: Condition
    rest: Condition


class MakeRule(NamedTuple):
    """`targets: needs` with its recipe; `pattern` is a static pattern's target pattern."""

    targets: str
    pattern: str
    needs: str
    recipe: list[str]
    condition: Condition
    place: MakePlace


def fixed(text: str, place: MakePlace = NOWHERE) -> MakeVariable:
    """A simple variable with a text that needs no expansion."""
    return MakeVariable(True, [Expanded(ALWAYS, text, [MakeWord(word, ALWAYS, place) for word in text.split()], place)])


def guarded(words: Iterable[MakeWord], condition: Condition, place: MakePlace) -> list[MakeWord]:
    """The words under one more condition; the line that adds it is the one that decides."""
    out: list[MakeWord] = []
    for word in words:
        joined = both(condition, word.condition)
        if joined != NEVER:
            out.append(MakeWord(word.text, joined, place if word.condition == ALWAYS else word.place))
    return out


def put_into(out: list[MakeWord], words: list[MakeWord], condition: Condition, place: MakePlace, room: Room) -> bool:
    """Puts words under one more condition behind others; False where there is no room for so many or their tests."""
    tests = 0 if condition == ALWAYS else sum(width(condition) + width(word.condition) for word in words)
    if not room.take(len(words) + BY_TEST * tests) or len(out) + len(words) > WORDS_LIMIT:
        return False
    out.extend(guarded(words, condition, place) if tests else words)
    return True


def unknown(text: str, place: MakePlace, kind: AskedKind = AskedKind.TEXT) -> list[MakeWord]:
    """The value of something that nobody can tell."""
    return [MakeWord(UNKNOWN, Undecidable(text, *place, kind), place)]


def present(words: Iterable[MakeWord]) -> Condition:
    """When at least one of the words is there."""
    return any_of(word.condition for word in words)


def negate_within(outer: Condition, own: Condition) -> Condition:
    """`outer` without `own`."""
    return NEVER if outer == NEVER else both(outer, negate(own))


def compare(left: str, right: str, place: MakePlace) -> Condition:
    """When two expanded texts are the same; one may be a symbol's own text."""
    if UNKNOWN in left or UNKNOWN in right:
        return Undecidable("", *place, AskedKind.COMPARISON)
    if OPEN not in left and OPEN not in right:
        return ALWAYS if left == right else NEVER
    for one, other in ((left, right), (right, left)):
        if OPEN not in other:
            if not re.search(r"[0-9\"]", other):
                return NEVER  # a symbol's own text is a number or quoted
            if one.count(OPEN) == 2 and one[0] == one[-1] == OPEN:
                return TextTest(one[1:-1], other)
    return ALWAYS if left == right else Undecidable("", *place, AskedKind.SYMBOLS)


def alternatives_of(words: list[MakeWord]) -> list[ConditionalText] | None:
    """The texts that a list of words can make, with the condition of each; None when there are too many."""
    out: list[ConditionalText] = [(ALWAYS, "")]
    for word in words:
        if word.text == UNKNOWN or (out and len(out[-1][1]) > TEXT_LIMIT):
            return None
        if word.condition == ALWAYS:
            out = [(condition, f"{text} {word.text}" if text else word.text) for condition, text in out]
            continue
        absent = negate(word.condition)
        grown: dict[str, Condition] = {}
        for condition, text in out:
            with_it = both(condition, word.condition)
            if with_it != NEVER:
                longer = f"{text} {word.text}" if text else word.text
                grown[longer] = either(grown.get(longer, NEVER), with_it)
            without = both(condition, absent)
            if without != NEVER:
                grown[text] = either(grown.get(text, NEVER), without)
        out = [(condition, text) for text, condition in grown.items()]
        if len(out) > TEXTS_LIMIT:
            return None
    return out
