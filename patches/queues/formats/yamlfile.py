"""YAML that lists patches: Edera's config.yaml, and any other through a small mapping file.

Edera's has `patches`: entries with `patch` or `patches`, and limits (`series`, `lower`, `upper`, `exact`, `flavors`,
`arch`, `any`). A mapping file says for another file where all this is:

    queue: kernel.yaml            # the file, beside the mapping
    list: kernel.patches          # where the list is; keys with dots between
    name: [file, files]           # the keys of an entry that name patches; an entry may be a name itself
    folder: patches               # where the patches lie
    strip: 1
    conditions: [series, since]   # the keys that limit an entry
    order: order                  # the key by which entries are sorted, if any
    section: group
    comment: why
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from packaging.version import InvalidVersion, Version

from kcfg.base.errors import UserError
from patches.queues.files import Files
from patches.queues.formats import Format, ListedPatch, QueueListing, folder_of, join, patches_in
from patches.queues.reasons import Never, NeverKind

LIMIT = 4 << 20
"""The largest YAML file that is read; the loader makes some hundred times as much of it."""
ALIASES = 100
LIMITS = ("series", "lower", "upper", "exact", "flavors", "flavor", "arch", "current", "any")


@dataclass(frozen=True, slots=True)
class YamlLayout:
    """Where a YAML file keeps its queue."""

    list: tuple[str, ...] = ("patches",)
    name: tuple[str, ...] = ("patch", "patches")
    folder: str = "patches"
    strip: int = 1
    conditions: tuple[str, ...] = LIMITS
    order: str = "order"
    section: str = ""
    comment: str = ""


EDERA = YamlLayout()


def recognises(files: Files, path: str) -> bool:
    """A mapping file, or a list of entries that name patches."""
    if not path.endswith((".yaml", ".yml")):
        return False
    try:
        top = load(files.read(path), path)
    except UserError:
        return False
    if is_mapping(top):
        return True
    entries = at(top, EDERA.list)
    return (
        isinstance(entries, list)
        and bool(entries)
        and all(isinstance(one, dict) and any(key in one for key in EDERA.name) for one in entries)
    )


def read(files: Files, path: str) -> QueueListing:
    """The patches in the list's order, or in that of the key for it."""
    top = load(files.read(path), path)
    mapping = EDERA
    if is_mapping(top):
        mapping = from_mapping(top, path)
        path = join(folder_of(path), str(top["queue"]))
        top = load(files.read(path), path)
    entries = at(top, mapping.list)
    if not isinstance(entries, list):
        raise UserError(f"no list of patches at {'.'.join(mapping.list)!r}", where=path)
    folder = join(folder_of(path), mapping.folder) if mapping.folder else folder_of(path)
    found = [(rank(one, mapping.order), item) for one in entries for item in items_of(one, mapping, folder)]
    items = tuple(item for _, item in sorted(found, key=lambda pair: pair[0]))
    return QueueListing(path, items, patches_in(files, folder, deep=True))


class Loader(yaml.SafeLoader):
    """A safe loader that keeps the lines of mappings and texts, and refuses to multiply aliases."""

    aliases = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            self.aliases += 1
            if self.aliases > ALIASES:
                raise yaml.YAMLError("too many aliases")
        return super().compose_node(parent, index)


class YamlText(str):
    """A text with the line it stands in."""

    line = 0


def _mapping(loader: Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    loader.flatten_mapping(node)
    return {str(loader.construct_object(key, deep=True)): loader.construct_object(value, deep=True)
            for key, value in node.value}  # fmt: skip


def _text(loader: Loader, node: yaml.ScalarNode) -> YamlText:
    text = YamlText(loader.construct_scalar(node))
    text.line = node.start_mark.line + 1
    return text


def _number(loader: Loader, node: yaml.ScalarNode) -> YamlText:
    """6.10 is a version, not the number 6.1."""
    return _text(loader, node)


Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
Loader.add_constructor("tag:yaml.org,2002:str", _text)
Loader.add_constructor("tag:yaml.org,2002:float", _number)
Loader.add_constructor("tag:yaml.org,2002:int", _number)
Loader.add_constructor("tag:yaml.org,2002:timestamp", _number)


def load(data: bytes, path: str) -> Any:
    """The YAML of a file. UserError in one line when it is none."""
    if len(data) > LIMIT:
        raise UserError(f"larger than {LIMIT >> 20} MB", where=path)
    try:
        return yaml.load(data, Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise UserError(f"not YAML: {error.problem}", where=f"{path}:{line}" if line else path) from None
    except (yaml.YAMLError, ValueError, RecursionError, TypeError) as error:
        why = " ".join(str(error).split())[:200]
        raise UserError(f"not YAML: {why}", where=path) from None


def is_mapping(top: Any) -> bool:
    """Whether it is a mapping file."""
    return isinstance(top, dict) and isinstance(top.get("queue"), str) and "list" in top


def from_mapping(top: Mapping[str, Any], path: str) -> YamlLayout:
    """A mapping file's values. UserError for a key that there is not."""
    known = {"queue", "list", "name", "folder", "strip", "conditions", "order", "section", "comment"}
    odd = sorted(set(top) - known)
    if odd:
        raise UserError(f"unknown key {odd[0]!r}", where=path, hint=f"known are {', '.join(sorted(known))}")
    strip = str(top.get("strip", "1"))
    if not strip.isdecimal() or len(strip) > 3:
        raise UserError(f"strip is no number: {strip[:40]!r}", where=path)
    return YamlLayout(
        tuple(str(top["list"]).split(".")),
        names(top.get("name", ["patch"])),
        str(top.get("folder", "")).strip("/"),
        int(strip),
        names(top.get("conditions", [])),
        str(top.get("order", "")),
        str(top.get("section", "")),
        str(top.get("comment", "")),
    )


def names(value: Any) -> tuple[str, ...]:
    """A text or a list of texts, as texts."""
    return tuple(str(one) for one in value) if isinstance(value, list) else (str(value),)


def at(top: Any, keys: Sequence[str]) -> Any:
    """What stands under keys; None when nothing does."""
    for key in keys:
        top = top.get(key) if isinstance(top, dict) else None
    return top


def rank(entry: Any, key: str) -> int:
    """An entry's place; 1 when it has none, as in Edera's patchlist.py."""
    value = str(entry.get(key, "1")) if key and isinstance(entry, dict) else "1"
    return int(value) if value.lstrip("-").isdecimal() and len(value) < 10 else 1


def items_of(entry: Any, mapping: YamlLayout, folder: str) -> Iterator[ListedPatch]:
    """The patches of one entry."""
    if isinstance(entry, str):
        yield ListedPatch(entry, join(folder, entry), getattr(entry, "line", 0), mapping.strip)
        return
    if not isinstance(entry, dict):
        return
    limits = {key: entry[key] for key in mapping.conditions if key in entry}
    condition = told(limits)
    never = why_never(limits)
    for key in mapping.name:
        for name in (
            names(entry[key]) if not isinstance(entry.get(key), list) and key in entry else entry.get(key) or ()
        ):
            text = str(name)
            yield ListedPatch(
                text,
                join(folder, text),
                getattr(name, "line", 0) or getattr(entry.get(key), "line", 0),
                mapping.strip,
                condition,
                str(entry.get(mapping.section, "")) if mapping.section else "",
                str(entry.get(mapping.comment, "")) if mapping.comment else "",
                never,
            )


def told(limits: Mapping[str, Any]) -> str:
    """Limits in words: series 6.10, 6.11; at least 6.12.5; at most 6.13."""
    words = []
    for key, value in limits.items():
        if key == "any" and isinstance(value, list):
            words.append("any of (" + ") or (".join(told(one) for one in value if isinstance(one, dict)) + ")")
        elif isinstance(value, dict):
            words.append(f"{key}: ({told({str(k): v for k, v in value.items()})})")
        else:
            words.append(f"{key}: {', '.join(names(value))}")
    return "; ".join(words)[:600]


def why_never(limits: Mapping[str, Any]) -> Never | None:
    """Why no version fits the limits; None when one does, or when they are not understood."""
    parts = limits.get("any")
    if isinstance(parts, list) and parts and all(isinstance(one, dict) and why_never(one) for one in parts):
        return Never(NeverKind.NO_LIMIT_FITS)
    lower, upper = version(limits.get("lower")), version(limits.get("upper"))
    if lower and upper and lower > upper:
        return Never(NeverKind.LIMITS_CROSSED, (str(lower), str(upper)))
    series = [str(one) for one in names(limits["series"])] if limits.get("series") else []
    if series and (lower or upper) and not any(fits(one, lower, upper) for one in series):
        return Never(NeverKind.SERIES_OUTSIDE, tuple(series))
    return None


def fits(series: str, lower: Version | None, upper: Version | None) -> bool:
    """Whether a series such as 6.10, or 6, has a version within the limits."""
    first = version(series)
    if first is None:
        return True
    width = len(first.release)
    below = lower is not None and lower.release[:width] > first.release
    above = upper is not None and (*upper.release, 0, 0, 0)[:width] < first.release
    return not below and not above


def version(value: Any) -> Version | None:
    """A version, None for what is none."""
    try:
        return Version(str(value)) if value is not None else None
    except InvalidVersion:
        return None


FORMAT = Format(
    "yaml", "a list of patches with version limits (Edera's config.yaml), or a mapping file", recognises, read
)
