"""Any of our data as JSON, whatever bytes a file name has, and the schema of what it looks like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

DEFINED = "#/$defs/"


def encoded(report: object) -> str:
    """Any of our data as indented JSON with a newline at its end."""
    try:
        raw = msgspec.json.encode(report)
    except UnicodeEncodeError:  # a lone surrogate: a file name's byte that is not UTF-8
        raw = msgspec.json.encode(_encodable(msgspec.to_builtins(report)))
    return msgspec.json.format(raw, indent=2).decode() + "\n"


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {k: _encodable(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_encodable(v) for v in value]
    return value


def schema(
    reports: Sequence[Any], title: str, about: str, texts: Sequence[type] = (), told: Mapping[str, type] | None = None
) -> dict[str, Any]:
    """The JSON Schema (2020-12) of reports, made from the data that they are. `texts`: data that is told as a text;
    `told`: the name of data -> what is told for it, under the same name."""
    refs, parts = msgspec.json.schema_components(reports, ref_template=f"{DEFINED}{{name}}")
    for name, one in (told or {}).items():
        _, others = msgspec.json.schema_components((one,), ref_template=f"{DEFINED}{{name}}")
        parts[name] = {**others.pop(one.__name__), "title": name}
        parts.update(others)
    if texts or told:
        parts = as_texts(parts, {one.__name__ for one in texts})
        kept = set(reached({"": list(refs)}, parts))
        parts = {name: part for name, part in parts.items() if name in kept}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "description": about,
        "anyOf": list(refs),
        "$defs": {name: _cleaned(part) for name, part in sorted(parts.items())},
    }


def _cleaned(value: Any) -> Any:
    """A part of a schema whose descriptions, docstrings of classes, are indented as in no source: Python's and
    msgspec's versions differ in whether they keep it."""
    from inspect import cleandoc  # only for schemas

    if isinstance(value, dict):
        told = value.get("description")
        told = {"description": cleandoc(told)} if isinstance(told, str) else {}
        return {key: _cleaned(one) for key, one in value.items()} | told
    return [_cleaned(one) for one in value] if isinstance(value, list) else value


def as_texts(value: Any, names: set[str]) -> Any:
    """A part of a schema in which what has one of the names is a string."""
    if isinstance(value, dict):
        if str(value.get("$ref", "")).removeprefix(DEFINED) in names:
            return {"type": "string", **{key: one for key, one in value.items() if key != "$ref"}}
        return {key: as_texts(one, names) for key, one in value.items()}
    return [as_texts(one, names) for one in value] if isinstance(value, list) else value


def reached(value: Any, parts: dict[str, Any], seen: set[str] | None = None) -> Iterator[str]:
    """The names of parts that a part of a schema speaks of, directly or not."""
    seen = set() if seen is None else seen
    if isinstance(value, list):
        for one in value:
            yield from reached(one, parts, seen)
    elif isinstance(value, dict):
        name = str(value.get("$ref", "")).removeprefix(DEFINED)
        if name in parts and name not in seen:
            seen.add(name)
            yield name
            yield from reached(parts[name], parts, seen)
        yield from reached(list(value.values()), parts, seen)
