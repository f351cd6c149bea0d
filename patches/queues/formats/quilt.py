"""quilt's series: one patch a line, -p levels, comments; Debian's debian/patches, Mercurial's mq and xen.pg are this.

Source: quilt(1), "patch-name [-p N] [-R] # comment"; mq's guards are `#+guard` and `#-guard` after the name.
"""

from __future__ import annotations

import re

from patches.queues.addresses import file_of, is_address
from patches.queues.files import Files
from patches.queues.formats import (
    Format,
    ListedPatch,
    QueueListing,
    Sections,
    disabled_paths,
    folder_of,
    is_patch_name,
    is_there,
    join,
    listed_share,
    patch_files,
    text_lines,
)
from patches.queues.reasons import Unclear, UnclearKind
from patches.thresholds import GROUND

_LINE = re.compile(r"(\S+)((?:\s+-(?:(?:[RE]|p\s*\d+)+|-\S+))*)\s*(?:#(.*))?$")
_LEVEL = re.compile(r"(?:^|\s)-[RE]*p\s*(\d{1,3})")
_REVERSE = re.compile(r"(?:^|\s)(?:-(?:E|p\s*\d+)*R|--reverse\b)")
LOOKED_AT = 1000
"""Lines of a series with odd ones that are asked whether they name a file."""
_GUARD = re.compile(r"#([+-]\S+)")


def recognises(files: Files, path: str) -> bool:
    """A file named series (or series.<something>), or one whose lines are patches that are there."""
    lines = [line.strip() for line in text_lines(files.read(path))]
    lines = [line for line in lines if line and not line.startswith("#")]
    name = path.rsplit("/", 1)[-1]
    named = name == "series" or (name.startswith("series.") and name != "series.conf")
    if not all(_LINE.match(line[:4000]) for line in lines):  # of a series that lists files, the odd lines are told
        return named and any(is_there(files, join(folder_of(path), line.split()[0])) for line in lines[:LOOKED_AT])
    if named or name == "series.conf":
        return named
    names = [line.split()[0] for line in lines]
    if not names or not all(is_patch_name(one) for one in names):
        return False
    return listed_share(files, [join(folder_of(path), one) for one in names]) >= GROUND.listed


def read(files: Files, path: str) -> QueueListing:
    """The patches of a series, which lie in its folder."""
    folder = folder_of(path)
    sections = Sections()
    items = []
    for number, raw in enumerate(text_lines(files.read(path)), 1):
        line = raw.strip()
        if line.startswith("#"):
            sections.comment(line, number)
            continue
        sections.end()
        found = _LINE.match(line[:4000])
        if not found:
            if line:
                items.append(ListedPatch(line.split()[0][:200], "", number, unclear=Unclear(UnclearKind.LINE)))
            continue
        level = _LEVEL.search(found[2])
        comment = (found[3] or "").strip()
        guards = " ".join(_GUARD.findall(f"#{found[3]}")) if found[3] else ""
        strip = int(level[1]) if level else 1
        name = found[1]
        comment = "" if guards else comment
        url = name if is_address(name) else ""
        name = file_of(url) if url else name
        where = join(folder, name)
        reverse = bool(_REVERSE.search(found[2]))
        items.append(ListedPatch(name, where, number, strip, guards, sections.name, comment, reverse=reverse, url=url))
    return QueueListing(path, tuple(items), patch_files(files, folder), frozenset(), disabled_paths(sections, folder))


FORMAT = Format(
    "quilt", "a file named series: one patch a line, with -p levels, comments, sub-folders", recognises, read
)
