"""Any of our data as JSON, whatever bytes a file name has, and the schema of what it looks like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec


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


def schema(reports: Sequence[Any], title: str, about: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of reports, made from the data that they are."""
    refs, parts = msgspec.json.schema_components(reports, ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "description": about,
        "anyOf": list(refs),
        "$defs": dict(sorted(parts.items())),
    }
