"""One configuration under one kernel: what each symbol is, what cannot be relied on, and why it is not another value.

The value that counts is the one that the kernel's own tools would make of the configuration. Where a complete .config
is judged by a model of another series and the two disagree, neither is believed.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from msgspec.structs import replace

from kcfg.answers.differences import same
from kcfg.answers.facts import Basis, Location, Reason, ReasonKind
from kcfg.answers.reasons import Explainer, location
from kcfg.answers.unknown import unknown
from kcfg.base.version import KernelVersion
from kcfg.kconfig.assign import is_value, meant, read_user_values, word_for
from kcfg.kconfig.config import Assignment, Config
from kcfg.kconfig.dotconfig import line_of
from kcfg.kconfig.kernels import Kernel
from kcfg.kconfig.model import Model, Type
from kcfg.kconfig.numbers import plain
from kcfg.kconfig.recorded import recorded_answers
from kcfg.kconfig.resolve import Resolver
from kcfg.kconfig.tristate import LETTER, LEVEL, levels_of
from kcfg.kconfig.unknown import Unknown

MAX_PROBES = 2  # that a doubt names


class Judge:
    """Answers questions about one configuration under one kernel. `answers` come from `run_probes`, if it ran."""

    def __init__(self, config: Config, kernel: Kernel, answers: dict[str, str] | None = None) -> None:
        self.kernel = kernel
        self.model = model = kernel.model
        self.config = config = config.read_by(KernelVersion.parse(model.version))
        user = read_user_values(model, config)
        header = config.header_version
        # Without a header it may be of any series, and then a line that is not there says nothing.
        own = header is not None and header.series == KernelVersion.parse(model.version).series
        said = recorded_answers(model, user, complete=config.is_complete, own=own) | (answers or {})
        self.resolver = Resolver(model, user, model.answers | said)
        self.explainer = Explainer(self.resolver)
        self.unknown = Unknown(self.resolver)
        self.elsewhere = Unknown(self.resolver, model.answers.keys() - said.keys())

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

    def word(self, name: str) -> str:
        """The value as `has` reads it, a text as `word_for` writes it; "" for a number or a text without a line."""
        number = self.now(name)
        if number is None or self.model.symbols[number].type <= Type.TRISTATE:
            return self.value(name)
        if not self.resolver.written(number):
            return ""
        return word_for(self.value(name)) if self.model.symbols[number].type == Type.STRING else self.value(name)

    def has(self, name: str, values: Iterable[str]) -> bool:
        """Whether `value` is one of these, as `meant` reads them; numbers may be written in any way."""
        number = self.number(name)
        kind = Type.UNKNOWN if number is None else self.model.symbols[number].type
        if number is not None and kind > Type.TRISTATE:
            number = self.model.now(number)
            if number is None or not self.resolver.written(number):
                return "n" in values
            values = [text for word in values if (text := meant(kind, word)) is not None]
        found = plain(kind, self.value(name))
        return any(plain(kind, value) == found for value in values)

    def now(self, name: str) -> int | None:
        """The symbol that has the value: of a transitional one, which gets no line, the one that takes it over."""
        number = self.number(name)
        return None if number is None else self.model.now(number)

    def doubt(self, name: str) -> Reason | None:
        """Why `value` cannot be relied on, None when it can."""
        number = self.now(name)
        if number is not None:
            probes = self.unknown.symbol(number)
            if probes:
                names = tuple(self.unknown.names(probes))
                shown, more = names[:MAX_PROBES], max(0, len(names) - MAX_PROBES)
                at = self.explainer.defined_at(number)
                return Reason(ReasonKind.PROBE, at, symbol=name, others=shown, more=more)
            if self.contradicted(self.number(name), number) and (probes := self.elsewhere.symbol(number)):
                return self.other_compiler(name, number, probes)
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

    def contradicted(self, asked: int | None, number: int) -> bool:
        """Whether the configuration's line, or its want of one, says otherwise than the value of `number`."""
        user, text = self.resolver.user, self.resolver.text(number)
        if asked in user.tri:
            return LETTER[user.tri[asked]] != text
        if asked in user.text:
            return not same(user.text[asked], text, self.model.symbols[number].type)
        return self.config.is_complete and self.kernel.exact and self.resolver.tri(number) > 0

    def other_compiler(self, name: str, number: int, probes: frozenset[int]) -> Reason:
        """The configuration's own line is not held against it where another compiler's answer decides."""
        names = tuple(self.unknown.names(probes))
        line = self.lines.get(name)
        return Reason(
            ReasonKind.PROBE,
            location(line) if line else self.explainer.defined_at(number),
            symbol=name,
            wanted=line.value if line else "",
            others=names[:MAX_PROBES],
            more=max(0, len(names) - MAX_PROBES),
            note=self.model.toolchain or "another compiler",
        )

    def why_not(self, symbol: str, values: Iterable[str]) -> list[Reason]:
        """Why a symbol has none of these values, or why that cannot be told."""
        doubt = self.doubt(symbol)
        if doubt is not None:
            return [doubt]
        number = self.number(symbol)
        if number is None:
            return unknown(self.model, symbol)
        if self.model.symbols[number].type not in (Type.BOOL, Type.TRISTATE):
            word = next(iter(values), "")
            text = meant(self.model.symbols[number].type, word)
            return self.why_not_text(number, word if text is None else text)
        levels = levels_of(values)
        value = LEVEL.get(self.value(symbol), 0)
        above = [level for level in levels if level > value]
        if above:
            return self.explainer.why_below(number, min(above))
        return self.explainer.why_above(number, max((level for level in levels if level < value), default=0))

    def why_not_text(self, number: int, value: str) -> list[Reason]:
        """Why an int, a hex or a string has another value; where no line can set it, which default would."""
        from kcfg.answers.differences import why_text

        out = []
        for reason in why_text(number, value, self.resolver, self.explainer):
            inert = reason.kind is ReasonKind.NO_PROMPT and reason.basis is Basis.LINE
            out.append(replace(reason, wanted=value) if inert else reason)
            out += self.explainer.why_no_default(number, value) if inert else []
        return out

    def lines_for(self, symbol: str, values: Iterable[str]) -> list[str]:
        """The line that gives a symbol one of these values, words as in `has`, at once, if there is one."""
        number = self.number(symbol)
        if number is None or self.doubt(symbol) is not None or number in self.model.choice_of:
            return []
        if self.model.symbols[number].flags & Model.TRANSITIONAL:
            return []
        low, high = self.resolver.forced(number), self.resolver.visible(number)
        if self.model.symbols[number].type > Type.TRISTATE:
            texts = (meant(self.model.symbols[number].type, value) for value in values if high)
            fitting = (text for text in texts if text is not None and is_value(self.model, number, text))
            found = next((value for value in fitting if self.resolver.out_of_range(number, value) is None), None)
            return [] if found is None else [line_of(self.model, number, found)]
        for value in values:
            if value in LEVEL and low <= LEVEL[value] <= high and low < high:
                name = f"CONFIG_{symbol}"
                return [f"# {name} is not set" if value == "n" else f"{name}={value}"]
        return []
