"""Buildroot's packages: `x.mk` and the numbered patches beside it.

Source: Buildroot's pkg-generic.mk and support/scripts/apply-patches.sh: first what X_PATCH downloads, then `*.patch` of
the folder X_VERSION where there is one, else of the package's folder, by name, with -p1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from patches.queues.addresses import file_of, is_address
from patches.queues.files import Files
from patches.queues.formats import (
    Format,
    ListedPatch,
    QueueListing,
    folder_of,
    is_patch_name,
    join,
    patches_in,
    text_lines,
)
from patches.queues.formats.byhand import taken_back
from patches.queues.formats.shellmerge import joined, negated
from patches.queues.reasons import Unclear, UnclearKind

NAME_UNSET = Unclear(UnclearKind.NAME_UNSET, ("variables", "the makefile"))

_PACKAGE = re.compile(r"\$\(eval \$\((?:host-)?[\w-]*package\)\)")
_SET = re.compile(r"\s*([A-Z][A-Z0-9_]*)\s*([:+?]?=)[ \t]*(.*)$", re.DOTALL)
_USE = re.compile(r"\$\(([A-Z][A-Z0-9_]*)\)")
_IF = re.compile(r"\s*(ifeq|ifneq|ifdef|ifndef|else|endif)\b\s*(.*)$")


def recognises(files: Files, path: str) -> bool:
    """A makefile of a package that has patches."""
    if not path.endswith(".mk"):
        return False
    lines = text_lines(files.read(path))
    if not any(_PACKAGE.search(line[:2000]) for line in lines):
        return False
    name = f"{prefix_of(path)}_PATCH"
    return bool(patches_in(files, folder_of(path), deep=True)) or any(line.startswith(name) for line in lines)


def prefix_of(path: str) -> str:
    """What the names of a package's variables begin with."""
    return path.rsplit("/", 1)[-1].removesuffix(".mk").upper().replace("-", "_").replace(".", "_")


def read(files: Files, path: str) -> QueueListing:
    """Downloaded patches, then those that lie here."""
    folder, prefix = folder_of(path), prefix_of(path)
    known: dict[str, str] = {}
    items: list[ListedPatch] = []
    for one in settings(text_lines(files.read(path))):
        if one.name == f"{prefix}_PATCH":
            items += downloaded(one, known, prefix, folder)
        elif one.name == "":
            items.append(
                ListedPatch(one.value[:200], "", one.line, 1, one.condition, unclear=Unclear(UnclearKind.OWN_STEP))
            )
        elif one.sign == "+=":
            known[one.name] = f"{known.get(one.name, '')} {one.value}".strip()
        elif not one.condition:
            known.setdefault(one.name, one.value.strip())
        else:
            known[one.name] = "$(UNKNOWN)"  # it hangs on a condition
    version = expand(known.get(f"{prefix}_VERSION", ""), known)
    version = "" if "$" in version or "/" in version else version
    own = patches_in(files, folder)
    versions = [one for one in patches_in(files, folder, deep=True) if one not in own]
    chosen = [one for one in versions if version and folder_of(one) == join(folder, version)]
    for file in chosen or own:
        items.append(ListedPatch(file.rsplit("/", 1)[-1], file, 0, 1, section=section(file, folder)))
    if not version:
        for file in versions:
            told = section(file, folder)
            items.append(ListedPatch(file.removeprefix(f"{folder}/"), file, 0, 1, f"version {told}", section=told))
    text = files.read(path).decode("utf-8", "surrogateescape").replace("\r\n", "\n")
    return QueueListing(path, tuple(taken_back(items, [text])), version=version[:40])


def section(path: str, folder: str) -> str:
    """The sub-folder of a patch."""
    return folder_of(path).removeprefix(folder).strip("/")


@dataclass(frozen=True, slots=True)
class Setting:
    """One assignment of a makefile; without a name, a line that applies patches."""

    name: str
    sign: str
    value: str
    line: int
    condition: str


def settings(lines: list[str]) -> Iterator[Setting]:
    """The assignments of a makefile, with the conditions that they stand under."""
    held, first = "", 0
    conditions: list[str] = []
    for number, line in enumerate(lines, 1):
        first = first if held else number
        held += line.split(" #")[0].rstrip().removesuffix("\\")[:4000]
        if line.rstrip().endswith("\\") and len(held) < 100_000:
            held += "\n"
            continue
        whole, held = held, ""
        asked = _IF.match(whole)
        found = _SET.match(whole)
        if asked and asked[1].startswith("if"):
            conditions.append(f"{asked[1]} {asked[2].strip()}")
        elif asked and asked[1] == "else" and conditions:
            conditions[-1] = joined(negated(conditions[-1]), asked[2].strip())
        elif asked and asked[1] == "endif" and conditions:
            conditions.pop()
        elif "$(APPLY_PATCHES)" in whole:
            yield Setting("", "", " ".join(whole.split()), first, joined(*conditions))
        elif found and not whole.lstrip().startswith("#"):
            yield Setting(found[1], found[2], found[3].rstrip(), first, joined(*conditions))


def downloaded(one: Setting, known: dict[str, str], prefix: str, folder: str) -> Iterator[ListedPatch]:
    """What X_PATCH names: addresses, or files of X_SITE."""
    for offset, line in enumerate(one.value.split("\n")):
        for word in line.split():
            text = expand(word, known)
            site = expand(known.get(f"{prefix}_SITE", ""), known)
            url = text if is_address(text) else f"{site}/{text}"
            name = file_of(url)
            unclear = NAME_UNSET if "$" in url else None
            if not unclear and not is_patch_name(name):
                unclear = Unclear(UnclearKind.ARCHIVE)
            yield ListedPatch(name, join(folder, name), one.line + offset, 1, one.condition, unclear=unclear, url=url)


def expand(text: str, known: dict[str, str]) -> str:
    """A text with the variables put in that are set."""
    for _ in range(5):
        text = _USE.sub(lambda found: known.get(found[1], found[0]), text)[:2000]
    return text


FORMAT = Format("buildroot", "a Buildroot package's .mk: X_PATCH, and the patches beside it", recognises, read)
