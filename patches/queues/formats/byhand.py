"""Commands within a recipe that take patches back by hand, where the builder applies them by itself from a list."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from patches.queues.formats import ListedPatch
from patches.queues.reasons import Unclear, UnclearKind

_BACK = re.compile(
    r"(?:^|[\s/;|&(@$])(?:patch\}?\)?|git\s+(?:-\S+\s+)*(?:apply|am))\s(?:[^\n;&|]*\s)?(?:-(?:[EflNsTtuZ]|p\d+)*R\w*|--reverse)\b"
)
_ASKS = re.compile(r"\s--(?:dry-run|check|stat)\b")


def taken_back(items: Iterable[ListedPatch], texts: Iterable[str]) -> list[ListedPatch]:
    """The items; those that a command of the texts names, or all where it names none, are unclear."""
    out = list(items)
    for text in texts:
        for line in re.sub(r"\\\n", " ", text).split("\n"):
            if len(line) > 4000 or line.lstrip().startswith("#") or not _BACK.search(line) or _ASKS.search(line):
                continue
            why = Unclear(UnclearKind.BY_HAND, (" ".join(line.split())[:200],))
            named = {one.name for one in out if one.name and one.name.rsplit("/", 1)[-1] in line}
            out = [replace(one, unclear=one.unclear or why) if not named or one.name in named else one for one in out]
    return out
