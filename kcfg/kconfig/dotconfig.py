"""A resolved configuration as a .config."""

from __future__ import annotations

from collections.abc import Iterable

from kcfg.kconfig.config import format_line
from kcfg.kconfig.model import Model, Type


def dotconfig(model: Model, lines: Iterable[tuple[int, str]]) -> str:
    """The text of a .config: the kernel's header, then (symbol, value) in the order given."""
    out = [
        "#",
        "# Automatically generated file; DO NOT EDIT.",
        f"# Linux/{model.srcarch} {model.version} Kernel Configuration",
        "#",
    ]
    out += (line_of(model, number, value) for number, value in lines)
    return "\n".join(out) + "\n"


def line_of(model: Model, number: int, value: str) -> str:
    """A symbol's line, with quotes where its type has them."""
    symbol = model.symbols[number]
    if symbol.type in (Type.INT, Type.HEX):
        return f"CONFIG_{symbol.name}={value}"
    return format_line(symbol.name, value, quoted=symbol.type == Type.STRING)
