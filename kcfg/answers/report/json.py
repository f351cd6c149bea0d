"""JSON: the answers as they are, field by field, each reason with its sentence before its fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from kcfg.answers.describe import SymbolReport
from kcfg.answers.explain import ExplainReport
from kcfg.answers.facts import Reason, ResolveReport
from kcfg.answers.report.sentences import sentence
from kcfg.show.json import encoded, schema
from kcfg.show.terminal import Look

Told: Any = msgspec.defstruct(
    "Reason",
    [("text", str), *((one.name, one.type, one.default) if not one.required else (one.name, one.type)
                      for one in msgspec.structs.fields(Reason))],
    frozen=True,
    omit_defaults=True,
)  # fmt: skip
"""A reason as JSON has it."""


def told(value: Any) -> Any:
    """A report in which every reason has its sentence, ready to be encoded."""
    if isinstance(value, Reason):
        return Told(sentence(value), **msgspec.structs.asdict(value))
    if isinstance(value, msgspec.Struct):
        found = {name: (old, told(old)) for name, old in msgspec.structs.asdict(value).items()}
        changes = {name: new for name, (old, new) in found.items() if new is not old}
        return msgspec.structs.replace(value, **changes) if changes else value
    if isinstance(value, tuple):
        made = tuple(map(told, value))
        return made if any(new is not old for new, old in zip(made, value, strict=True)) else value
    return value


def report_json(report: object, look: Look) -> str:
    """Any report as indented JSON with a newline at its end."""
    return encoded(told(report))


def schema_of(reports: Sequence[Any], title: str, about: str) -> dict[str, Any]:
    """The JSON Schema of reports in which reasons have their sentences."""
    made = schema(reports, title, about)
    made["$defs"]["Reason"] = schema((Told,), "", "")["$defs"]["Reason"]
    return made


RENDERERS = dict.fromkeys((ResolveReport, SymbolReport, ExplainReport), report_json)
