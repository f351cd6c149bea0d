"""How a command of a recipe applies a patch: the options of patch(1), git apply and eapply, and its folder.

An option that is not wholly known, a file that is named besides, or a part that is left out make it unclear.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from patches.queues.formats.shellfolder import below, changed
from patches.queues.formats.shellrun import ReachedCommand
from patches.queues.formats.shellwords import UNKNOWN, Field
from patches.queues.reasons import Unclear, UnclearKind

VALUED = {"patch": "iprdBDFgoVYz", "git": "pCm"}
"""Options of one letter that take a value."""
_LONG = ("input", "strip", "directory", "fuzz", "mainline", "exclude", "include")


@dataclass(frozen=True, slots=True)
class Manner:
    """The -p level, whether -R, the folder of the tree, and why one of these is not known."""

    strip: int | None
    reverse: bool = False
    folder: str = ""
    unclear: Unclear | None = None


def options(words: Sequence[Field], valued: str) -> tuple[dict[str, Field], list[Field]]:
    """As getopt reads them: letters and long names with their values, and the other words."""
    found: dict[str, Field] = {}
    rest: list[Field] = []
    left = iter(words)
    for word in left:
        text = word.text
        if text.startswith("--") and len(text) > 2:
            name, equals, value = text[2:].partition("=")
            if not equals and name in _LONG:
                found[name] = next(left, word)
            else:
                found[name] = replace(word, text=value)
        elif text.startswith("-") and len(text) > 1 and text != "--":
            for i, letter in enumerate(text[1:], 2):
                if letter in valued:
                    rest_of = text[i:]
                    found[letter] = replace(word, text=rest_of) if rest_of else next(left, word)
                    break
                found[letter] = word
        elif text != "--":
            rest.append(word)
    return found, rest


def level(given: dict[str, Field], default: int | None) -> int | None:
    """The -p level."""
    told = given.get("p") or given.get("strip")
    return int(told.text) if told and told.text.isdecimal() and len(told.text) < 4 else default


def manner(
    step: ReachedCommand,
    words: Sequence[Field],
    given: dict[str, Field],
    strip: int | None,
    named: Sequence[Field] = (),
) -> Manner:
    """How the words of a command apply what it names; `named`: files that it is told to change."""
    told = given.get("d") or given.get("directory")
    unsure = [one for one in words if one.text[:1] in ("-", UNKNOWN) and (UNKNOWN in one.text or one.condition)]
    part = given.get("exclude") or given.get("include")
    folder = below(changed(step.folder, told.text) if told else step.folder)
    unclear = None
    if files := [*named, *unsure]:
        unclear = Unclear(UnclearKind.OPTIONS, (" ".join(one.shown for one in files)[:200],))
    elif part:
        unclear = Unclear(UnclearKind.PART, (part.shown[:200],))
    elif folder is None:
        place = f"{step.folder}/{told.text}" if told else step.folder
        unclear = Unclear(UnclearKind.FOLDER, (shown(place)[:200],))
    return Manner(level(given, strip), "R" in given or "reverse" in given, folder or "", unclear)


def shown(text: str) -> str:
    """A word for people: with the variables that stand for folders."""
    return re.sub(r"@(\w+)@", r"$\1", text.replace(UNKNOWN, "${...}"))[:300]
