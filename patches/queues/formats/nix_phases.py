"""What the phases and sourceRoot of a Nix expression say of how its patches are applied."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from patches.queues.formats import ListedPatch
from patches.queues.formats.byhand import taken_back
from patches.queues.formats.shellfolder import below
from patches.queues.formats.shellwords import UNKNOWN
from patches.queues.reasons import Unclear, UnclearKind

BEFORE = ("unpackPhase", "postUnpack", "setSourceRoot", "prePatch", "preUnpack")
"""Phases that may leave the builder in another folder."""
PARTS = ("excludes", "includes", "hunks", "relative", "stripLen", "extraPrefix", "postFetch", "decode")
"""Arguments of fetchpatch by which it hands on another patch than it fetches."""
_GOES = re.compile(r"(?:^|[;&|\n]|\bthen\b)\s*(?:cd|pushd|chdir)\s+(?!\.\.|-|\$)|\bsourceRoot\s*\+?=")
_RETURNS = re.compile(r"(?:^|[;&|\n])\s*(?:popd\b|cd\s+(?:\.\.|-|\"?\$))")


def with_phases(items: Iterable[ListedPatch], strings: Iterable[tuple[str, str]]) -> list[ListedPatch]:
    """The items as the named strings of the file have them: `sourceRoot`, and the texts of phases."""
    told = list(strings)
    out = taken_back(items, [text for _, text in told])
    for name, text in told:
        folder: str | None = ""
        if name == "sourceRoot":
            folder = below(f"@srcdir@/{re.sub(r'[$][{][^}]*[}]', UNKNOWN, text)}")
        elif name in BEFORE and len(_GOES.findall(text)) > len(_RETURNS.findall(text)):
            folder = None
        elif name == "patchPhase":
            why = Unclear(UnclearKind.OWN_STEP)
            out = [replace(one, unclear=one.unclear or why) for one in out]
        if folder != "":
            why = Unclear(UnclearKind.FOLDER, (f"{name} = {' '.join(text.split())}"[:200],))
            unsure = why if folder is None or sum(one == "sourceRoot" for one, _ in told) > 1 else None
            out = [replace(one, folder=folder or "", unclear=one.unclear or unsure) for one in out]
    return out
