"""Everything about one symbol: where it is defined, what governs it, and its value in a configuration."""

from __future__ import annotations

import msgspec

from kcfg.answers.facts import SCHEMA_VERSION, Location, Reason
from kcfg.answers.judge import Judge
from kcfg.answers.reasons import location
from kcfg.answers.unknown import no_such_symbol
from kcfg.base.version import KernelUsed
from kcfg.kconfig.model import WORDS, Definition, Model, Type, Where
from kcfg.kconfig.tristate import LETTER, LEVEL


class ValuedStatement(msgspec.Struct, frozen=True):
    """One Kconfig statement, rebuilt from the model. `value` is its condition's in the configuration, if given."""

    text: str
    where: Location
    value: str = ""


class DefinitionPlace(msgspec.Struct, frozen=True):
    """One definition: its own statements, then those of the blocks around it (`depends`)."""

    where: Location
    prompt: ValuedStatement | None
    depends: tuple[ValuedStatement, ...] = ()
    defaults: tuple[ValuedStatement, ...] = ()
    selects: tuple[ValuedStatement, ...] = ()
    ranges: tuple[ValuedStatement, ...] = ()


class SymbolReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one `kcfg show` has to say. `config` is "" when none was given; then the values are empty too."""

    schema: int = SCHEMA_VERSION
    tool: str = "kcfg"
    version: str
    kernel: KernelUsed
    symbol: str
    type: str
    definitions: tuple[DefinitionPlace, ...]
    selected_by: tuple[ValuedStatement, ...] = ()
    implied_by: tuple[ValuedStatement, ...] = ()
    choice: tuple[str, ...] = ()  # the members of the choice that it is one of
    config: str = ""
    value: str = ""
    at_most: str = ""
    at_least: str = ""
    line: Location | None = None
    reasons: tuple[Reason, ...] = ()


class Describer:
    """Rebuilds statements of one model, with values where a judge has a configuration."""

    def __init__(self, judge: Judge, *, valued: bool) -> None:
        self.judge = judge
        self.model: Model = judge.model
        self.valued = valued

    def value(self, expr: int) -> str:
        return LETTER[self.judge.resolver.expr(expr)] if self.valued else ""

    def statement(self, text: str, file: int, line: int, cond: int) -> ValuedStatement:
        tail = f" if {self.model.expr_text(cond)}" if cond else ""
        return ValuedStatement(text + tail, Location(self.model.files[file], line), self.value(cond) if cond else "")

    def chain(self, condition: int) -> tuple[ValuedStatement, ...]:
        return tuple(
            ValuedStatement(
                f"{WORDS[Where(link.where)]} {self.model.expr_text(link.expr)}",
                Location(self.model.files[link.file], link.line),
                self.value(link.expr),
            )
            for link in reversed(list(self.model.chain(condition)))
        )

    def place(self, number: int, definition: Definition) -> DefinitionPlace:
        prompt = definition.prompt
        selects = []
        for s in self.model.selects_of.get(number, ()):
            select = self.model.selects[s]
            word = "imply" if s in self.model.symbols[select.target].implied_by else "select"
            text = f"{word} {self.model.symbols[select.target].name}"
            selects.append(self.statement(text, definition.file, select.line, select.cond))
        return DefinitionPlace(
            where=Location(self.model.files[definition.file], definition.line),
            prompt=self.statement("prompt", definition.file, prompt.line, prompt.cond) if prompt else None,
            depends=self.chain(definition.context) + (self.chain(prompt.visible) if prompt else ()),
            defaults=tuple(
                self.statement(f"default {self.model.expr_text(d.value)}", definition.file, d.line, d.cond)
                for d in definition.defaults
            ),
            selects=tuple(selects),
            ranges=tuple(
                self.statement(
                    f"range {self.model.atom_text(r.low)} {self.model.atom_text(r.high)}",
                    definition.file,
                    r.line,
                    r.cond,
                )
                for r in definition.ranges
            ),
        )

    def reverse(self, number: int) -> ValuedStatement:
        """A select or imply, told from its target: the symbol that states it."""
        select = self.model.selects[number]
        file = self.model.definitions[select.definition].file
        made = self.statement(self.model.symbols[select.source].name, file, select.line, select.cond)
        value = LETTER[self.judge.resolver.select_value(number)] if self.valued else ""
        return msgspec.structs.replace(made, value=value)


def describe(judge: Judge, name: str, version: str, *, valued: bool) -> SymbolReport:
    """The report on a symbol. NoSuchSymbol when the kernel does not define it."""
    name = name.removeprefix("CONFIG_")
    number = judge.number(name)
    model = judge.model
    if number is None:
        raise no_such_symbol(model, name)
    describer = Describer(judge, valued=valued)
    symbol = model.symbols[number]
    choice = model.choice_of.get(number)
    report = SymbolReport(
        version=version,
        kernel=judge.kernel.used,
        symbol=name,
        type=Type(symbol.type).name.lower(),
        definitions=tuple(describer.place(d, model.definitions[d]) for d in symbol.definitions),
        selected_by=tuple(describer.reverse(s) for s in symbol.selected_by),
        implied_by=tuple(describer.reverse(s) for s in symbol.implied_by),
        choice=tuple(model.symbols[m].name for m in model.choices[choice].members) if choice is not None else (),
    )
    return with_value(report, judge, number) if valued else report


def with_value(report: SymbolReport, judge: Judge, number: int) -> SymbolReport:
    """The report with what a configuration says."""
    resolver, explainer = judge.resolver, judge.explainer
    line = judge.lines.get(report.symbol)
    tristate = judge.model.symbols[number].type in (Type.BOOL, Type.TRISTATE)
    bounded = tristate and not judge.model.symbols[number].flags & Model.TRANSITIONAL
    doubt = judge.doubt(report.symbol)
    reasons: list[Reason] = [doubt] if doubt else []
    if tristate and not doubt:
        value = LEVEL[judge.value(report.symbol)]
        reasons = explainer.why_above(number, 0) if value else explainer.why_below(number, 1)
    return msgspec.structs.replace(
        report,
        config=judge.config.name,
        value=judge.value(report.symbol),
        at_most=LETTER[resolver.visible(number)] if bounded else "",
        at_least=LETTER[resolver.forced(number)] if bounded else "",
        line=location(line) if line else None,
        reasons=tuple(reasons),
    )
