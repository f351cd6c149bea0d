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
    for number, value in lines:
        symbol = model.symbols[number]
        if symbol.type in (Type.INT, Type.HEX):
            out.append(f"CONFIG_{symbol.name}={value}")
        else:
            out.append(format_line(symbol.name, value, quoted=symbol.type == Type.STRING))
    return "\n".join(out) + "\n"
