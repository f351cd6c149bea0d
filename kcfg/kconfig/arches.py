"""What a fragment that names no architecture would be for another one: the lines that come out otherwise there."""

from __future__ import annotations

from kcfg.kconfig.assign import read_user_values
from kcfg.kconfig.config import Config
from kcfg.kconfig.model import Model
from kcfg.kconfig.resolve import Resolver

NONE = "-"  # where the kernel has no such symbol for an architecture


def outcomes(config: Config, model: Model) -> dict[str, str]:
    """Symbol that the configuration names -> its value under a model."""
    resolver = Resolver(model, read_user_values(model, config), model.answers)
    out = {}
    for name in config.values():
        number = model.index.get(name)
        there = number is not None and model.symbols[number].definitions
        out[name] = resolver.text(number) if number is not None and there else NONE
    return out


def disagreements(config: Config, judged: Model, other: Model) -> list[str]:
    """The symbols that the configuration names and that two architectures of one kernel make something else of."""
    ours, theirs = outcomes(config, judged), outcomes(config, other)
    asked = {name: line.value for name, line in config.values().items()}

    def differs(name: str) -> bool:
        gone = "n" if asked[name] == "n" else NONE  # what is off and what is not there are one
        return (ours[name] if ours[name] != NONE else gone) != (theirs[name] if theirs[name] != NONE else gone)

    return [name for name in ours if differs(name)]
