"""When an object file is built: and, or and tests of CONFIG symbols, as make sees their values. Frozen data.

make knows y, m, nothing (n, or a symbol that is not there), and other text (numbers, quoted strings). A `ValueTest` is
the set of those four that let it pass, so it is its own negation's complement and no "not" is needed. `Undecidable` is
what nobody can tell without running something: three-valued logic carries it on (undecidable and n is n).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache

import msgspec

PARTS_LIMIT = 100
"""Tests that one condition joins; a chain of as many `else` says nothing that could be shown. The kernels need 18."""
SIZE_LIMIT = 4_000
"""Tests of a condition, however deep; one that stands in it twice counts twice. The kernels need 1,900."""
N, M, Y, OTHER = 1, 2, 4, 8
ENABLED = M | Y | OTHER
ANY_VALUE = N | ENABLED
OF_VALUE = {"y": Y, "m": M, "n": N, "": N}


class ValueTest(msgspec.Struct, frozen=True, gc=False):
    """The symbol's value is one of a set: a sum of N, M, Y and OTHER."""

    symbol: str
    values: int


class TextTest(msgspec.Struct, frozen=True, gc=False):
    """The symbol's text is (or, with `same` false, is not) `text`; quotes around a string do not count."""

    symbol: str
    text: str
    same: bool = True


class AskedKind(StrEnum):
    """What it is that nobody can tell."""

    TEXT = "text"  # `text`, as the Makefile has it, or a name that stands for it
    OWN = "own"  # the variable `text` refers to itself
    ENDLESS = "endless"  # the variable `text` expands without end
    WORDS = "words"  # the variable `text` has too many words
    COMPARISON = "comparison"  # whether two values are the same of which one is not known
    SYMBOLS = "symbols"  # whether a symbol's own text is the same as another text
    NAME = "name"  # which name it is
    NESTED = "nested"  # `text`, whose functions stand in each other too deep
    SIZE = "size"  # a condition with too many tests
    MAKEFILE = "makefile"  # the source has no such Makefile


class Undecidable(msgspec.Struct, frozen=True, gc=False):
    """What a Makefile asks of the outside, such as `$(shell ...)`, with the line that does."""

    text: str
    file: str
    line: int
    kind: AskedKind = AskedKind.TEXT

    @property
    def why(self) -> str:
        """What is asked, as `describe` has it."""
        return ASKED[self.kind].format(self.text)


class AllOf(msgspec.Struct, frozen=True, gc=False):
    """Every part holds; without parts it always does."""

    parts: tuple[Condition, ...]
    size: int = 0

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "size", size_of(self.parts))


class AnyOf(msgspec.Struct, frozen=True, gc=False):
    """One part holds; without parts it never does."""

    parts: tuple[Condition, ...]
    size: int = 0

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "size", size_of(self.parts))


def size_of(parts: Iterable[Condition]) -> int:
    """How many tests are in some conditions, all told."""
    return sum(part.size if isinstance(part, AllOf | AnyOf) else 1 for part in parts)


Condition = ValueTest | TextTest | Undecidable | AllOf | AnyOf

ASKED = {
    AskedKind.TEXT: "{}",
    AskedKind.OWN: "{} refers to itself",
    AskedKind.ENDLESS: "{} expands without end",
    AskedKind.WORDS: "{} has too many words",
    AskedKind.COMPARISON: "a comparison",
    AskedKind.SYMBOLS: "a comparison of texts",
    AskedKind.NAME: "a name that is not known",
    AskedKind.NESTED: "{} is nested too deep",
    AskedKind.SIZE: "a condition of too many tests",
    AskedKind.MAKEFILE: "no Makefile in the source",
}
"""Kind -> the words for it."""

TOO_MANY = Undecidable("", "", 0, AskedKind.SIZE)
ALWAYS = AllOf(())
NEVER = AnyOf(())


def both(left: Condition, right: Condition) -> Condition:
    """`left` and `right`, with tests of one symbol joined."""
    if left is ALWAYS or right is NEVER or left is right:
        return right
    if right is ALWAYS or left is NEVER:
        return left
    parts = (*_parts(left), *_parts(right))
    if is_too_much(parts):
        return TOO_MANY
    symbols = {part.symbol for part in parts if type(part) is ValueTest}
    return AllOf(parts) if len(symbols) == len(parts) else _both(left, right)


def width(condition: Condition) -> int:
    """How many conditions one joins, those in it aside."""
    return len(condition.parts) if isinstance(condition, AllOf | AnyOf) else 1


def is_too_much(parts: Sequence[Condition]) -> bool:
    """Whether so many conditions cannot be joined."""
    return len(parts) > PARTS_LIMIT or size_of(parts) > SIZE_LIMIT


@lru_cache(maxsize=1 << 16)
def _both(left: Condition, right: Condition) -> Condition:
    parts: dict[str | Condition, Condition] = {}
    for part in (*_parts(left), *_parts(right)):
        key: str | Condition = part.symbol if isinstance(part, ValueTest) else part
        known = parts.get(key)
        if isinstance(part, ValueTest) and isinstance(known, ValueTest):
            values = known.values & part.values
            if not values:
                return NEVER
            if values == known.values:
                continue
            del parts[key]  # the stronger test stands where it was made
            part = ValueTest(part.symbol, values)
        parts[key] = part
    for key, part in list(parts.items()):
        if isinstance(part, AnyOf):
            left_over = [alternative for alternative in part.parts if not _excluded(alternative, parts)]
            if not left_over:
                return NEVER
            if any(_implied(alternative, parts) for alternative in left_over):
                del parts[key]
            elif len(left_over) == 1:
                del parts[key]
                return both(_all(parts.values()), left_over[0])
        elif isinstance(part, TextTest):
            if negate(part) in parts or (part.same and not _values(parts.get(part.symbol, part)) & OTHER):
                return NEVER
            if part.same:
                parts.pop(part.symbol, None)  # a text is neither y nor m nor n
    return _all(parts.values())


def either(left: Condition, right: Condition) -> Condition:
    """`left` or `right`, with alternatives that differ in one test joined."""
    if left is NEVER or right is ALWAYS:
        return right
    if right is NEVER or left is ALWAYS:
        return left
    return _either(left, right)


@lru_cache(maxsize=1 << 16)
def _either(left: Condition, right: Condition) -> Condition:
    alternatives = list(_alternatives(left))
    for new in _alternatives(right):
        _add(alternatives, new)
    return _any(alternatives)


def any_of(conditions: Iterable[Condition]) -> Condition:
    """One of them holds."""
    alternatives: list[Condition] = []
    for condition in conditions:
        for new in _alternatives(condition):
            _add(alternatives, new)
        if alternatives and alternatives[-1] == ALWAYS:
            return ALWAYS
        if is_too_much(alternatives):
            return TOO_MANY
    return _any(alternatives)


def _add(alternatives: list[Condition], new: Condition) -> None:
    """One more alternative, joined with those that differ from it in one test."""
    again = True
    while again:
        again = False
        for old in alternatives:
            merged = _merged(old, new)
            if merged is not None:
                alternatives.remove(old)
                new = merged
                again = True
                break
    alternatives.append(new)


def _any(alternatives: list[Condition]) -> Condition:
    if len(alternatives) == 1:
        return alternatives[0]
    if is_too_much(alternatives):
        return TOO_MANY
    return AnyOf(tuple(alternatives)) if alternatives else NEVER


def _alternatives(condition: Condition) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, AnyOf) else (condition,)


@lru_cache(maxsize=1 << 16)
def negate(condition: Condition) -> Condition:
    """The condition does not hold; what is undecidable stays so."""
    if isinstance(condition, ValueTest):
        return ValueTest(condition.symbol, ANY_VALUE & ~condition.values)
    if isinstance(condition, TextTest):
        return TextTest(condition.symbol, condition.text, not condition.same)
    if isinstance(condition, Undecidable):
        return condition
    if isinstance(condition, AllOf) and len({one.symbol for one in condition.parts if type(one) is ValueTest}) == len(
        condition.parts
    ):
        return _any([negate(one) for one in condition.parts])  # tests of different symbols are not joined
    out: Condition = NEVER if isinstance(condition, AllOf) else ALWAYS
    for part in condition.parts:
        out = either(out, negate(part)) if isinstance(condition, AllOf) else both(out, negate(part))
    return out


def holds(condition: Condition, config: Mapping[str, str]) -> bool | None:
    """Whether it holds for these values (y, m, n or text; a symbol that is not there is n); None: undecidable."""
    if isinstance(condition, ValueTest):
        return bool(OF_VALUE.get(config.get(condition.symbol, ""), OTHER) & condition.values)
    if isinstance(condition, AllOf):
        verdict: bool | None = True
        for part in condition.parts:
            it = holds(part, config)
            if it is False:
                return False
            if it is None:
                verdict = None
        return verdict
    if isinstance(condition, AnyOf):
        verdict = False
        for part in condition.parts:
            it = holds(part, config)
            if it is True:
                return True
            if it is None:
                verdict = None
        return verdict
    if isinstance(condition, TextTest):
        return (config.get(condition.symbol, "").strip('"') == condition.text.strip('"')) is condition.same
    return None


def leaves(condition: Condition) -> Iterator[ValueTest | TextTest | Undecidable]:
    """The tests in it, in the order of the Makefile."""
    if isinstance(condition, AllOf | AnyOf):
        for part in condition.parts:
            yield from leaves(part)
    else:
        yield condition


def positive(condition: Condition) -> tuple[str, ...]:
    """The symbols that must or may be enabled for it, without repetition."""
    tests = (leaf for leaf in leaves(condition) if isinstance(leaf, ValueTest))
    return tuple(dict.fromkeys(test.symbol for test in tests if not test.values & N))


def describe(condition: Condition) -> str:
    """As text: "XEN && PCI=y && !(SMP)"; "always" and "never"."""
    if condition == ALWAYS:
        return "always"
    if condition == NEVER:
        return "never"
    return _text(condition, False)


def _text(condition: Condition, inner: bool) -> str:
    if isinstance(condition, AllOf | AnyOf):
        glue = " && " if isinstance(condition, AllOf) else " || "
        text = glue.join(_text(part, True) for part in condition.parts)
        return f"({text})" if inner else text
    if isinstance(condition, TextTest):
        return f"{condition.symbol}{'=' if condition.same else '!='}{condition.text}"
    if isinstance(condition, Undecidable):
        return f"<{condition.why}>"
    values = condition.values & (N | M | Y)
    shown = {
        N: "!{}",
        M: "{}=m",
        Y: "{}=y",
        M | Y: "{}",
        N | M: "{}!=y",
        N | Y: "{}!=m",
        N | M | Y: "{} is no text",
        0: "{} is text",
    }
    return shown[values].format(condition.symbol)


def _parts(condition: Condition) -> tuple[Condition, ...]:
    return condition.parts if type(condition) is AllOf else (condition,)


def _all(parts: Iterable[Condition]) -> Condition:
    found = tuple(parts)
    if not found:
        return ALWAYS
    return found[0] if len(found) == 1 else AllOf(found)


def _excluded(condition: Condition, known: Mapping[str | Condition, Condition]) -> bool:
    return any(
        part.symbol in known and not _values(known[part.symbol]) & part.values
        for part in _parts(condition)
        if isinstance(part, ValueTest)
    )


def _implied(condition: Condition, known: Mapping[str | Condition, Condition]) -> bool:
    return all(
        isinstance(part, ValueTest) and part.symbol in known and not _values(known[part.symbol]) & ~part.values
        for part in _parts(condition)
    )


def _values(condition: Condition) -> int:
    return condition.values if isinstance(condition, ValueTest) else ANY_VALUE


def _merged(left: Condition, right: Condition) -> Condition | None:
    """`left || right` as one condition without "or", when there is one."""
    if left == right:
        return left
    if isinstance(left, ValueTest) and isinstance(right, ValueTest):
        if left.symbol != right.symbol:
            return None
        values = left.values | right.values
        return ALWAYS if values == ANY_VALUE else ValueTest(left.symbol, values)
    for one, other in ((left, right), (right, left)):
        if isinstance(one, TextTest):
            if one == negate(other):
                return ALWAYS
            if isinstance(other, ValueTest) and other.symbol == one.symbol and not one.same:
                return None if other.values & OTHER else one
    ours, theirs = _parts(left), _parts(right)
    only_ours = [part for part in ours if part not in theirs]
    only_theirs = [part for part in theirs if part not in ours]
    if not only_ours:
        return left
    if not only_theirs:
        return right
    if len(only_ours) > 1 or len(only_theirs) > 1 or len(ours) == len(theirs) == 1:
        return None
    merged = _merged(only_ours[0], only_theirs[0])
    if merged is None:
        return None
    out: Condition = ALWAYS
    for part in ours:
        out = both(out, merged if part == only_ours[0] else part)
    return out
