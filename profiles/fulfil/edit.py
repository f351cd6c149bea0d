"""A configuration's own text with the lines of a change in it: comments, order and everything else stay."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from kcfg.answers.judge import Judge
from kcfg.base.version import KernelVersion
from kcfg.kconfig.assign import read_user_values
from kcfg.kconfig.config import parse_config
from kcfg.kconfig.dotconfig import line_of
from kcfg.kconfig.model import Model
from kcfg.kconfig.resolve import Resolver
from kcfg.solver.results import DriftError, NearestChange


class Edited(NamedTuple):
    """A configuration's text with a change in it. `removed`: symbol -> its lines that are not there any longer."""

    data: bytes
    removed: dict[int, tuple[str, ...]]


def with_changes(judge: Judge, change: NearestChange) -> Edited:
    """The configuration's text, each changed line where it stands, new ones at the end; no other line changes.

    Where the place of a line has a say, it moves to the end, as those of choices do first: the text leads to what the
    change says. DriftError if not.
    """
    model = judge.model
    lines = {model.index[line.symbol]: line.new for line in change.lines}
    wanted = dict(change.resolver.lines())
    kernel = KernelVersion.parse(model.version)
    members = frozenset(number for number in lines if number in model.choice_of)
    for moved in dict.fromkeys((frozenset[int](), members, frozenset(lines))):
        edited = with_lines(model, judge.config.data, lines, moved)
        user = read_user_values(model, parse_config(edited.data, judge.config.name, kernel=kernel))
        if dict(Resolver(model, user, change.resolver.answers).lines()) == wanted:
            return edited
    raise DriftError("the text with the changed lines gives another configuration")


def with_lines(model: Model, data: bytes, lines: Mapping[int, str], moved: Collection[int]) -> Edited:
    """Each symbol's last line replaced where it stands; of those that are `moved`, all lines by one at the end."""
    stands: dict[str, list[int]] = {}
    for one in parse_config(data, "", kernel=KernelVersion.parse(model.version)).assignments:
        stands.setdefault(one.symbol, []).append(one.line - 1)
    rows = data.split(b"\n")
    gone: set[int] = set()
    new = []
    removed = {}
    for number, value in lines.items():
        text = text_of(model, number, value)
        places = stands.get(model.symbols[number].name, [])
        if number not in moved:
            places = places[-1:]
        removed[number] = tuple(rows[place].rstrip(b"\r").decode("utf-8", "surrogateescape") for place in places)
        if number in moved or not places:
            gone.update(places)
            new.append(text)
        else:
            place = places[0]
            rows[place] = text + rows[place][len(rows[place].rstrip(b"\r")) :]
    kept = b"\n".join(row for place, row in enumerate(rows) if place not in gone)
    return Edited(ended(kept, new), removed)


def ended(data: bytes, lines: list[bytes]) -> bytes:
    """The text with more lines, if any."""
    data += b"\n" if lines and data and not data.endswith(b"\n") else b""
    return data + b"".join(line + b"\n" for line in lines)


def text_of(model: Model, number: int, value: str) -> bytes:
    """A symbol's line."""
    return line_of(model, number, value).encode("utf-8", "surrogateescape")
