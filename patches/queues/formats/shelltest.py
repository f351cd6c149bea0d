"""Judges `[ ]` and `[[ ]]` of a shell's text, where both sides are known."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence

from patches.queues.formats.shellparse import ShellWord
from patches.queues.formats.shellwords import MARK, UNKNOWN, Expander, fits, matches

_NUMBERS: dict[str, Callable[[int, int], bool]] = {
    "-eq": operator.eq, "-ne": operator.ne, "-lt": operator.lt, "-le": operator.le, "-gt": operator.gt,
    "-ge": operator.ge,
}  # fmt: skip


def holds(words: Sequence[ShellWord], expander: Expander) -> bool | None:
    """Whether a test holds; None where it asks for what is not known, such as a file's being there."""
    left = [one for one in words if one.raw != "]"]
    told, rest = any_of(left, expander)
    return None if rest else told


def any_of(words: Sequence[ShellWord], expander: Expander) -> tuple[bool | None, Sequence[ShellWord]]:
    """Parts between `||` or -o, and the words that are left."""
    told, rest = all_of(words, expander)
    while rest and rest[0].raw in ("||", "-o"):
        other, rest = all_of(rest[1:], expander)
        told = True if told or other else None if told is None or other is None else False
    return told, rest


def all_of(words: Sequence[ShellWord], expander: Expander) -> tuple[bool | None, Sequence[ShellWord]]:
    """Parts between `&&` or -a, and the words that are left."""
    told, rest = one_of(words, expander)
    while rest and rest[0].raw in ("&&", "-a"):
        other, rest = one_of(rest[1:], expander)
        told = False if told is False or other is False else None if told is None or other is None else True
    return told, rest


def one_of(words: Sequence[ShellWord], expander: Expander) -> tuple[bool | None, Sequence[ShellWord]]:
    """One comparison, and the words that are left."""
    if not words:
        return False, words
    if words[0].raw == "!":
        told, rest = one_of(words[1:], expander)
        return (None if told is None else not told), rest
    if words[0].raw == "(":
        told, rest = any_of(words[1:], expander)
        return told, rest[1:] if rest and rest[0].raw == ")" else rest
    if words[0].raw in ("-n", "-z") and len(words) > 1:
        text = MARK.sub("", expander.one(words[1]).text)
        empty = None if text.strip(UNKNOWN) == "" and text else not text
        return (None if empty is None else empty == (words[0].raw == "-z")), words[2:]
    if words[0].raw[:1] == "-" and len(words) > 1 and len(words[0].raw) == 2:
        return None, words[2:]  # a file
    if len(words) > 2 and words[1].raw in ("=", "==", "!=", "=~", "<", ">", *_NUMBERS):
        return compared(words[0], words[1], words[2], expander), words[3:]
    text = expander.one(words[0]).text
    return (None if text.strip(UNKNOWN) == "" and text else bool(text)), words[1:]


def compared(left: ShellWord, sign: ShellWord, right: ShellWord, expander: Expander) -> bool | None:
    """Two texts, or two numbers."""
    one, other = (MARK.sub("", expander.one(word).text) for word in (left, right))
    if UNKNOWN in one + other and sign.raw in ("=", "==", "!=") and right.raw[:1] not in "\"'":
        found = fits(one, [other])
        return None if found is None else found == (sign.raw != "!=")
    if UNKNOWN in one or UNKNOWN in other or sign.raw in ("=~", "<", ">"):
        return None
    if sign.raw in _NUMBERS:
        if not (one.strip().isdecimal() and other.strip().isdecimal() and len(one) < 19 and len(other) < 19):
            return None
        return _NUMBERS[sign.raw](int(one), int(other))
    same = one == other if right.raw[:1] in "\"'" else matches(one, other)
    return same == (sign.raw != "!=")
