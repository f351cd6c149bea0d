"""Yocto recipes: the patches of SRC_URI in .bb, .inc and .bbappend files.

Source: BitBake's manual (file fetcher: `apply`, `striplevel`; overrides after ":" or "_"), and base.bbclass's
FILESPATH: a patch is looked for in ${BP}/, ${BPN}/ and files/ beside the recipe.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from patches.queues.files import Files
from patches.queues.formats import (
    Format,
    ListedPatch,
    QueueListing,
    first_there,
    folder_of,
    is_patch_name,
    join,
    patches_in,
    text_lines,
)

_ENDS = (".bb", ".bbappend", ".inc")
_ASSIGN = re.compile(
    r"(?:export\s+)?([A-Za-z_][\w.+-]*)((?:[:_][\w${}.+-]+)*)\s*(\?\?=|\?=|:=|\+=|=\+|\.=|=\.|=)\s*([\"'])(.*)$",
    re.DOTALL,
)
_SOURCES = re.compile(r"SRC_URI((?:[:_][\w${}.+-]+)*)\s*(\?\?=|\?=|:=|\+=|=\+|\.=|=\.|=)\s*([\"'])(.*)$", re.DOTALL)
_REQUIRE = re.compile(r"\s*(?:require|include)\s+(\S+)")
_VARIABLE = re.compile(r"\$\{([A-Za-z_]\w*)\}")
_RECIPE = re.compile(r"([^/_]+)(?:_([^/]+?))?\.(?:bb|bbappend|inc)$")


def recognises(files: Files, path: str) -> bool:
    """A recipe that names patches."""
    if not path.endswith(_ENDS):
        return False
    return any("SRC_URI" in line for line in text_lines(files.read(path)))


def read(files: Files, path: str) -> QueueListing:
    """The patches in the order of SRC_URI: prepended ones first, then the recipe's, then appended ones."""
    folder = folder_of(path)
    values = names(path)
    found: list[tuple[int, ListedPatch]] = []
    removed: set[str] = set()
    for file, number, line in logical_lines(files, path, set()):
        sources = _SOURCES.match(line.strip()[:100_000])
        if not sources:
            variable = _ASSIGN.match(line.strip()[:4000])
            if variable and not variable[2]:
                values.setdefault(variable[1], variable[5].rstrip().rstrip(variable[4]))
            continue
        words = [one for one in re.split(r"[:_]", sources[1]) if one]
        if "remove" in words:
            removed |= {word.split(";")[0] for word in sources[4].rstrip("\"' \t").split()}
            continue
        rank = 0 if "prepend" in words else 2 if "append" in words else 1
        condition = " ".join(word for word in words if word not in ("append", "prepend"))
        for offset, word in uris(sources[4]):
            item = from_uri(files, folder, word, values, number + offset, condition)
            if item:
                found.append((rank, replace(item, file=file if file != path else "")))
    items = [item for _, item in sorted(found, key=lambda pair: pair[0])]
    items = [gone(item) if f"file://{item.name}" in removed else item for item in items]
    folders = {folder_of(item.path) for item in items if item.path} - {""}
    present = [one for here in sorted(folders) for one in patches_in(files, here)]
    return QueueListing(path, tuple(items), tuple(present))


def gone(item: ListedPatch) -> ListedPatch:
    """A patch that SRC_URI:remove takes out again."""
    return replace(item, never="SRC_URI:remove takes it out")


def names(path: str) -> dict[str, str]:
    """PN, PV and BP, as BitBake takes them from a recipe's name."""
    found = _RECIPE.search(path)
    name, version = (found[1], found[2] or "1.0") if found else ("", "")
    version = version.replace("%", "")
    return {"PN": name, "BPN": name, "PV": version, "P": f"{name}-{version}", "BP": f"{name}-{version}"}


def logical_lines(files: Files, path: str, seen: set[str]) -> Iterator[tuple[str, int, str]]:
    """Lines with what they go on with after a backslash, of a recipe and of what it requires from its own folder."""
    if path in seen or len(seen) > 50:
        return
    seen.add(path)
    held: list[str] = []
    first = 0
    for number, line in enumerate(text_lines(files.read(path)), 1):
        if not held and line.lstrip().startswith("#"):
            continue
        first = first if held else number
        held.append(line.rstrip().removesuffix("\\"))
        if line.rstrip().endswith("\\"):
            continue
        whole = "\n".join(held)
        held = []
        required = _REQUIRE.match(whole)
        if required:
            other = expand(required[1], names(path))
            near = first_there(files, [join(folder_of(path), other), join(folder_of(path), other.rsplit("/", 1)[-1])])
            if near:
                yield from logical_lines(files, near, seen)
            continue
        yield path, first, whole
    if held:
        yield path, first, "\n".join(held)


def uris(value: str) -> Iterator[tuple[int, str]]:
    """The addresses of a value, each with how many lines below the value's first it stands."""
    for offset, line in enumerate(value.split("\n")):
        for word in line.split():
            word = word.strip("\"'")
            if word:
                yield offset, word


def expand(text: str, values: dict[str, str]) -> str:
    """The text with ${NAME} put in, where it is known."""
    for _ in range(5):
        text = _VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)[:2000]
    return text


def from_uri(
    files: Files, folder: str, word: str, values: dict[str, str], line: int, condition: str
) -> ListedPatch | None:
    """The patch of `file://name;option=value`; None for what is no patch."""
    address, *options = expand(word, values).split(";")
    given = dict(one.partition("=")[::2] for one in options)
    scheme, _, name = address.partition("://")
    if scheme != "file" or not (is_patch_name(name) or given.get("apply") in ("yes", "true", "1")):
        return None
    level = given.get("striplevel", given.get("pnum", "1"))
    never = "apply=no" if given.get("apply") in ("no", "false", "0") else ""
    unclear = "its name has variables that the recipe does not set" if "$" in name else ""
    paths = [join(folder, f"{one}/{name}") for one in (values["BP"], values["BPN"], "files")] + [join(folder, name)]
    path = first_there(files, paths) or elsewhere(files, folder, name) or paths[-1]
    strip = int(level) if re.fullmatch(r"\d{1,3}", level) else 1
    return ListedPatch(name, path, line, strip, condition, never=never, unclear=unclear)


def elsewhere(files: Files, folder: str, name: str) -> str:
    """A patch in another folder beside the recipe, as FILESEXTRAPATHS adds them, when there is but one so named."""
    found = [one for one in patches_in(files, folder, deep=True) if one.endswith(f"/{name}")]
    return found[0] if len(found) == 1 else ""


FORMAT = Format("yocto", "a .bb, .bbappend or .inc file: the patches of SRC_URI", recognises, read)
