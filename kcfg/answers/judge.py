"""One configuration under one kernel: what each symbol is, what cannot be relied on, and why it is not another value.

The value that counts is the one that the kernel's own tools would make of the configuration. Where a complete .config
is judged by a model of another series and the two disagree, neither is believed.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from kcfg.answers.facts import Location, Reason, ReasonKind
from kcfg.answers.reasons import Explainer, location
from kcfg.answers.unknown import unknown
from kcfg.base.version import KernelVersion
from kcfg.kconfig.assign import read_user_values
from kcfg.kconfig.config import Assignment, Config
from kcfg.kconfig.kernels import Kernel
from kcfg.kconfig.model import Model, Type
from kcfg.kconfig.probes import recorded_answers
from kcfg.kconfig.resolve import Resolver
from kcfg.kconfig.tristate import LEVEL, levels_of
from kcfg.kconfig.unknown import Unknown

MAX_PROBES = 2  # that a doubt names


class Judge:
    """Answers questions about one configuration under one kernel. `answers` come from `run_probes`, if it ran."""

    def __init__(self, config: Config, kernel: Kernel, answers: dict[str, str] | None = None) -> None:
        self.config = config
        self.kernel = kernel
        self.model = model = kernel.model
        user = read_user_values(model, config)
        recorded = recorded_answers(model, user, complete=config.is_complete)
        self.resolver = Resolver(model, user, model.answers | recorded | (answers or {}))
        self.explainer = Explainer(self.resolver)
        self.unknown = Unknown(self.resolver)

    @cached_property
    def lines(self) -> dict[str, Assignment]:
        return self.config.values()

    @cached_property
    def own_version(self) -> str:
        """The version of the kernel that the configuration is of, as its header says; else the model's."""
        return str(self.config.header_version or self.model.version)

    @cached_property
    def other_series(self) -> bool:
        """Whether the model is of another series than the configuration."""
        return KernelVersion.parse(self.own_version).series != KernelVersion.parse(self.model.version).series

    def number(self, name: str) -> int | None:
        """The symbol's number, None where this kernel does not define it."""
        number = self.model.index.get(name)
        return number if number is not None and self.model.symbols[number].definitions else None

    def value(self, name: str) -> str:
        """The value that the kernel's tools make: y, m, n (also for what does not exist), or a text."""
        number = self.number(name)
        return "n" if number is None else self.explainer.value(number)

    def doubt(self, name: str) -> Reason | None:
        """Why `value` cannot be relied on, None when it can."""
        number = self.number(name)
        if number is not None:
            probes = self.unknown.symbol(number)
            if probes:
                names = tuple(self.unknown.names(probes))
                shown, more = names[:MAX_PROBES], max(0, len(names) - MAX_PROBES)
                at = self.explainer.defined_at(number)
                return Reason(ReasonKind.PROBE, at, symbol=name, others=shown, more=more)
        if self.kernel.exact or not self.config.is_complete:
            return None
        line = self.lines.get(name)
        asked, made = line.value if line else "n", self.value(name)
        if asked == made or (line is None and made not in LEVEL):
            return None
        where = location(line) if line else Location(self.config.name)
        wanted, version = asked if line else "", self.model.version
        return Reason(ReasonKind.OTHER_KERNEL, where, symbol=name, value=made, wanted=wanted, version=version)

    def asked(self, name: str) -> str:
        """What a symbol's line asks for, where that is not what comes out; else ""."""
        line = self.lines.get(name)
        number = self.number(name)
        if line is None or number is None:
            return ""
        kind = self.model.symbols[number].type
        asked = f'"{line.value}"' if line.quoted and kind != Type.STRING else line.value
        if kind in (Type.BOOL, Type.TRISTATE) and not line.quoted:
            asked = asked[:1]
        return "" if asked == self.value(name) else asked

    def why_not(self, symbol: str, values: Iterable[str]) -> list[Reason]:
        """Why a symbol has none of these values, or why that cannot be told."""
        doubt = self.doubt(symbol)
        if doubt is not None:
            return [doubt]
        number = self.number(symbol)
        if number is None:
            return unknown(self.model, symbol)
        if self.model.symbols[number].type not in (Type.BOOL, Type.TRISTATE):
            return []
        levels = levels_of(values)
        value = LEVEL.get(self.value(symbol), 0)
        above = [level for level in levels if level > value]
        if above:
            return self.explainer.why_below(number, min(above))
        return self.explainer.why_above(number, max((level for level in levels if level < value), default=0))

    def lines_for(self, symbol: str, values: Iterable[str]) -> list[str]:
        """The line that gives a symbol one of these values at once, if there is one."""
        number = self.number(symbol)
        if number is None or self.doubt(symbol) is not None or number in self.model.choice_of:
            return []
        if self.model.symbols[number].flags & Model.TRANSITIONAL:
            return []
        low, high = self.resolver.forced(number), self.resolver.visible(number)
        for value in values:
            if value in LEVEL and low <= LEVEL[value] <= high and low < high:
                name = f"CONFIG_{symbol}"
                return [f"# {name} is not set" if value == "n" else f"{name}={value}"]
        return []
