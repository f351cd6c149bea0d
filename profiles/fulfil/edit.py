"""A configuration's own text with the lines of a change in it: comments, order and everything else stay."""

from __future__ import annotations

from collections.abc import Mapping

from kcfg.answers.judge import Judge
from kcfg.kconfig.assign import read_user_values
from kcfg.kconfig.config import Assignment, parse_config
from kcfg.kconfig.dotconfig import line_of
from kcfg.kconfig.model import Model
from kcfg.kconfig.resolve import Resolver
from kcfg.solver.results import DriftError, NearestChange


def with_changes(judge: Judge, change: NearestChange) -> bytes:
    """The configuration's text, each changed line where it stands, new ones at the end.

    Where the place of a line has a say, it moves to the end: the text leads to what the change says. DriftError if not.
    """
    model = judge.model
    lines = {model.index[line.symbol]: line.new for line in change.lines}
    wanted = dict(change.resolver.lines())
    for edit in (in_place, at_the_end):
        edited = edit(model, judge.config.data, lines)
        user = read_user_values(model, parse_config(edited, judge.config.name))
        if dict(Resolver(model, user, change.resolver.answers).lines()) == wanted:
            return edited
    raise DriftError("the text with the changed lines gives another configuration")


def in_place(model: Model, data: bytes, lines: Mapping[int, str]) -> bytes:
    """Each symbol's last line replaced; of a choice, the lines of members that are not picked any longer, too."""
    stands = deciding(data)
    texts = {model.symbols[number].name: text_of(model, number, value) for number, value in lines.items()}
    for number, value in lines.items():
        picked = number in model.choice_of and value == "y"
        for member in model.choices[model.choice_of[number]].members if picked else ():
            name = model.symbols[member].name
            if member not in lines and name in stands and stands[name].tristate() == "y":
                texts[name] = text_of(model, member, "n")
    rows = data.split(b"\n")
    new = []
    for name, text in texts.items():
        if name not in stands:
            new.append(text)
            continue
        place = stands[name].line - 1
        rows[place] = text + rows[place][len(rows[place].rstrip(b"\r")) :]
    return ended(b"\n".join(rows), new)


def at_the_end(model: Model, data: bytes, lines: Mapping[int, str]) -> bytes:
    """Without any line of these symbols, and with new ones at the end."""
    names = {model.symbols[number].name for number in lines}
    gone = {one.line for one in parse_config(data, "").assignments if one.symbol in names}
    kept = [row for number, row in enumerate(data.split(b"\n"), 1) if number not in gone]
    return ended(b"\n".join(kept), [text_of(model, number, value) for number, value in lines.items()])


def deciding(data: bytes) -> dict[str, Assignment]:
    """Symbol -> the line of it that counts."""
    return parse_config(data, "").values()


def ended(data: bytes, lines: list[bytes]) -> bytes:
    """The text with more lines, if any."""
    data += b"\n" if lines and data and not data.endswith(b"\n") else b""
    return data + b"".join(line + b"\n" for line in lines)


def text_of(model: Model, number: int, value: str) -> bytes:
    """A symbol's line."""
    return line_of(model, number, value).encode("utf-8", "surrogateescape")
