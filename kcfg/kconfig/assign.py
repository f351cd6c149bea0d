"""A configuration's lines -> user values, as `conf_read_simple` of scripts/kconfig/confdata.c takes them.

The last line for a symbol wins; a value that the symbol's type does not admit is ignored, and says so in `problems`.
Where files are merged, a line takes all lines of earlier files for its symbol away, as merge_config.sh does, even one
that is ignored.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from kcfg.kconfig.config import Assignment, Config
from kcfg.kconfig.model import Model, Type
from kcfg.kconfig.tristate import LEVEL

INT = re.compile(r"-?(0|[1-9][0-9]*)\Z", re.ASCII)
HEX = re.compile(r"(0[xX])?[0-9a-fA-F]+\Z", re.ASCII)
SPECIAL = re.compile(r'["\\]')  # in the quotes of a .config


class Refusal(StrEnum):
    """Why a line sets nothing."""

    UNKNOWN_SYMBOL = "unknown-symbol"  # the kernel does not define it
    BAD_VALUE = "bad-value"  # its type does not admit the value


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that sets nothing. `place`: its number among all lines."""

    kind: Refusal
    line: Assignment
    place: int = 0


@dataclass(slots=True)
class UserValues:
    """What a configuration asks for, by symbol number.

    `members` holds, for each choice, the members that were assigned, the last assigned first. `choice_tri` and
    `choice_pick` are the value and the member that kernels before 6.11 remember for a choice; `assigned` has every
    (member, value) that was assigned to a choice, in order; `places` the number of a symbol's line among all lines.
    """

    tri: dict[int, int] = field(default_factory=dict)
    text: dict[int, str] = field(default_factory=dict)
    lines: dict[int, Assignment] = field(default_factory=dict)
    members: dict[int, list[int]] = field(default_factory=dict)
    choice_tri: dict[int, int] = field(default_factory=dict)
    choice_pick: dict[int, int] = field(default_factory=dict)
    choice_lost: set[int] = field(default_factory=set)
    assigned: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    problems: list[RefusedLine] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)

    def __contains__(self, symbol: int) -> bool:
        return symbol in self.tri or symbol in self.text


NO_TEXT = re.compile("[\n\r\0\ud800-\udfff]")
"""What no string can have that is asked for: other lines' beginnings, and bytes that are not UTF-8."""


def valid_text(kind: int, text: str) -> bool:
    """Whether text is a value of an int, hex or string symbol (sym_string_valid)."""
    if kind == Type.INT:
        return INT.match(text) is not None
    if kind == Type.HEX:
        return HEX.match(text) is not None
    return True


def is_value(model: Model, number: int, text: str) -> bool:
    """Whether a symbol is an int, a hex or a string, and this one of its values: one line, in UTF-8."""
    symbol = model.symbols[number]
    if not symbol.definitions or symbol.type <= Type.TRISTATE or NO_TEXT.search(text):
        return False
    return valid_text(symbol.type, text)


def meant(kind: int, word: str) -> str | None:
    """The text that a user's word asks of an int, a hex or a string: n, without quotes, is that it has no line (None).

    A string's text may stand in the quotes of a .config: "n" is the text n.
    """
    if kind == Type.STRING and len(word) > 1 and word[0] == word[-1] == '"':
        return re.sub(r"\\(.)", r"\1", word[1:-1])
    return None if word == "n" else word


def word_for(text: str) -> str:
    """The word for a text, which `meant` reads: in quotes where it is empty, or something else without them."""
    if text and meant(Type.STRING, text) == text:
        return text
    return '"' + SPECIAL.sub(r"\\\g<0>", text) + '"'


def tristate_of(kind: int, text: str) -> int | None:
    """The value that the first letter stands for, or None where the type does not admit it (conf_set_sym_val)."""
    first = text[:1]
    if first == "m" and kind != Type.TRISTATE:
        return None
    return LEVEL.get(first)


def read_user_values(model: Model, config: Config) -> UserValues:
    """The user values of a configuration under a model."""
    out = UserValues()
    index, symbols, choice_of = model.index, model.symbols, model.choice_of
    for place, line in enumerate(config.assignments):
        number = index.get(line.symbol)
        if number is None or not symbols[number].definitions:
            out.problems.append(RefusedLine(Refusal.UNKNOWN_SYMBOL, line, place))
            continue
        if number in out.lines and out.lines[number].path != line.path:
            forget(model, out, number)
        kind = symbols[number].type
        if kind in (Type.BOOL, Type.TRISTATE):
            value = tristate_of(kind, f'"{line.value}' if line.quoted else line.value)
            if value is None:
                out.problems.append(RefusedLine(Refusal.BAD_VALUE, line, place))
                continue
            out.tri[number] = value
            choice = choice_of.get(number)
            if choice is not None:
                assign_member(model, out, choice, number, value)
        else:
            if line.quoted != (kind == Type.STRING) or not valid_text(kind, line.value):
                out.problems.append(RefusedLine(Refusal.BAD_VALUE, line, place))
                continue
            out.text[number] = line.value
        out.lines[number], out.places[number] = line, place
    return out


def forget(model: Model, out: UserValues, number: int) -> None:
    """Takes a symbol's lines away."""
    out.tri.pop(number, None)
    out.text.pop(number, None)
    del out.lines[number]
    choice = model.choice_of.get(number)
    if choice is None:
        return
    left = [one for one in out.assigned.pop(choice) if one[0] != number]
    for known in (out.members, out.choice_tri, out.choice_pick):
        known.pop(choice, None)
    out.choice_lost.discard(choice)
    for member, value in left:
        assign_member(model, out, choice, member, value)


def assign_member(model: Model, out: UserValues, choice: int, number: int, value: int) -> None:
    """What assigning a member does to its choice."""
    out.assigned.setdefault(choice, []).append((number, value))
    order = out.members.setdefault(choice, [])
    if number in order:
        order.remove(number)
    order.insert(0, number)
    if not model.choice_values:
        return
    before = out.choice_tri.get(choice, 0)
    if value == 1 and before == 2:
        out.choice_lost.add(choice)
    elif value == 2:
        out.choice_pick[choice] = number
    out.choice_tri[choice] = max(before, value)
