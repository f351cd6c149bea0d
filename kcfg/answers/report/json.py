"""JSON: the answers as they are, field by field, each reason with its sentence before its fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from kcfg.answers.describe import SymbolReport
from kcfg.answers.explain import ExplainReport, KeptBy
from kcfg.answers.facts import Reason, ResolveReport
from kcfg.answers.report.configs import config_warning
from kcfg.answers.report.proof import kept_by
from kcfg.answers.report.sentences import sentence
from kcfg.kconfig.config import ConfigWarning
from kcfg.show.json import encoded, schema
from kcfg.show.terminal import Look

Told: Any = msgspec.defstruct(
    "Reason",
    [("text", str), *((one.name, one.type, one.default) if not one.required else (one.name, one.type)
                      for one in msgspec.structs.fields(Reason) if one.name != "warned")],
    frozen=True,
    omit_defaults=True,
)  # fmt: skip
"""A reason as JSON has it."""


Words = Mapping[type, Callable[[Any], Any]]
"""A type of data that JSON has as a text, such as why a line is there, or with one -> what JSON has."""


OWN: Words = {KeptBy: kept_by}


def told(value: Any, words: Words | None = None) -> Any:
    """A report in which every reason has its sentence, ready to be encoded; `words` for what is a text there."""
    if isinstance(value, Reason):
        fields = msgspec.structs.asdict(value)
        warned = fields.pop("warned")
        if warned:
            fields["note"] = config_warning(warned)
        return Told(sentence(value), **fields)
    by = OWN.get(type(value)) or (words or {}).get(type(value))
    if by:
        return by(value)
    if isinstance(value, msgspec.Struct):
        found = {name: (old, told(old, words)) for name, old in msgspec.structs.asdict(value).items()}
        changes = {name: new for name, (old, new) in found.items() if new is not old}
        return msgspec.structs.replace(value, **changes) if changes else value
    if isinstance(value, tuple):
        made = tuple(told(one, words) for one in value)
        return made if any(new is not old for new, old in zip(made, value, strict=True)) else value
    return value


def report_json(report: object, look: Look) -> str:
    """Any report as indented JSON with a newline at its end."""
    return encoded(told(report))


def schema_of(
    reports: Sequence[Any], title: str, about: str, words: Words | None = None, told: Mapping[str, type] | None = None
) -> dict[str, Any]:
    """The JSON Schema of reports in which reasons have their sentences, and what `words` tells is a text. `told`: the
    name of data -> what is told for it."""
    made = schema(reports, title, about, (*(words or ()), *OWN, ConfigWarning), told)
    made["$defs"]["Reason"] = schema((Told,), "", "")["$defs"]["Reason"]
    return made


RENDERERS = dict.fromkeys((ResolveReport, SymbolReport, ExplainReport), report_json)
