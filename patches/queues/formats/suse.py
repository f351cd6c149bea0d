"""SUSE's series.conf: guards before the path, sections in comments. Qubes' series.conf is the same without guards.

Source: the script `guards` of SUSE's kernel-source: `+symbol` and `-symbol` before a path take it or leave it out,
where the symbol is defined; `-` alone switches it off.
"""

from __future__ import annotations

import re

from patches.queues.files import Files
from patches.queues.formats import (
    Format,
    ListedPatch,
    QueueListing,
    Sections,
    disabled_paths,
    folder_of,
    join,
    patches_in,
    text_lines,
)
from patches.queues.reasons import Never, NeverKind

_GUARDED = re.compile(r"\s*[+-]\S*\s+\S*/?\S+\s*$")


def recognises(files: Files, path: str) -> bool:
    """A file named series.conf (or series-<something>.conf), or lines with guards."""
    name = path.rsplit("/", 1)[-1]
    if re.fullmatch(r"series(?:-[\w.]+)?\.conf", name):
        return True
    if "." in name and not name.endswith(".conf"):
        return False
    lines = [line.split("#")[0] for line in text_lines(files.read(path))[:20_000]]
    lines = [line for line in lines if line.strip()]
    plain = sum(line.startswith("\t") and "/" in line and len(line.split()) == 1 for line in lines)
    guarded = sum(bool(_GUARDED.match(line[:4000])) for line in lines)
    return bool(lines) and guarded + plain == len(lines)


def read(files: Files, path: str) -> QueueListing:
    """The patches, whose paths are relative to the file's folder."""
    folder = folder_of(path)
    sections = Sections()
    items = []
    for number, raw in enumerate(text_lines(files.read(path)), 1):
        line = raw.strip()
        if line.startswith("#"):
            sections.comment(line, number)
            continue
        sections.end()
        text, _, comment = line.partition("#")
        words = text.split()
        guards = [word for word in words if word[0] in "+-"]
        names = [word for word in words if word[0] not in "+-"]
        if not names:
            continue
        items.append(
            ListedPatch(
                names[-1],
                join(folder, names[-1]),
                number,
                1,
                " ".join(guards),
                sections.name,
                comment.strip(),
                why_never(guards),
            )
        )
    tops = sorted({item.path.removeprefix(f"{folder}/").partition("/")[0] for item in items if "/" in item.name})
    present = [one for top in tops for one in patches_in(files, join(folder, top), deep=True)]
    if any("/" not in item.name for item in items):
        present += patches_in(files, folder)
    return QueueListing(path, tuple(items), tuple(present), frozenset(), disabled_paths(sections, folder))


def why_never(guards: list[str]) -> Never | None:
    """Why guards never let a patch through: `-` alone, or a symbol that must both be and not be."""
    if "-" in guards:
        return Never(NeverKind.GUARD_OFF)
    wanted = {guard[1:] for guard in guards if guard[0] == "+"}
    refused = {guard[1:] for guard in guards if guard[0] == "-"}
    both = sorted(wanted & refused)
    opposite = sorted(one for one in wanted if f"!{one}" in wanted)
    if both or opposite:
        return Never(NeverKind.GUARDS_OPPOSED, ((both or opposite)[0],))
    return None


FORMAT = Format(
    "suse", "series.conf: guards (+symbol, -symbol, -) before paths, sections in comments", recognises, read
)
