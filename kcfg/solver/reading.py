"""What holds while a configuration is read once, and not of what is written then: a fixpoint is read as it is written.

Lines of transitional symbols are read and never written again. A number whose range is empty has one of the bounds, as
the line is; a tristate choice before 6.11 may have a value that it does not stay at.
"""

from __future__ import annotations

from kcfg.kconfig.assign import UserValues
from kcfg.kconfig.model import Model, Op, Type
from kcfg.solver.choices import encode_new_choice, encode_old_choice
from kcfg.solver.clauses import FALSE, TRUE
from kcfg.solver.encode import Encoder
from kcfg.solver.encoding import Domain, Encoding
from kcfg.solver.text_rules import encode_text, ranges_of


class Reading:
    """Statements on the symbols in `reread`, which replace those of the encoding.

    `believed` and `believed_texts` have what the lines of transitional symbols say, `widened` the symbols without a
    prompt that take texts from them.
    """

    def __init__(self, model: Model, encoding: Encoding, user: UserValues, variables: int) -> None:
        self.model = model
        self.user = user
        self.changes: dict[int, int] = {}
        self.encoder = Encoder.resume(model, encoding, variables)
        self.out = self.encoder.out
        self.believed: dict[int, int] = {}
        self.believed_texts: dict[int, str] = {}
        self.widened: set[int] = set()
        self.reread: frozenset[int] = frozenset()
        self.believing = self.encoder
        self.transitional()
        self.reread |= self.hollow() | self.unsettled()
        self.restate()

    def changed(self, number: int) -> int:
        """The literal for "this line changes"; equal for equal numbers."""
        if number not in self.changes:
            self.changes[number] = self.out.var()
        return self.changes[number]

    def transitional(self) -> None:
        """Sets `believed`, `reread`, and an encoder in which the lines are true as long as they do not change."""
        model = self.model
        lines = self.believed = {
            number: value
            for number, value in self.user.tri.items()
            if model.symbols[number].flags & Model.TRANSITIONAL and value
        }
        domains = self.encoder.text.domains
        self.believed_texts = {
            number: text
            for number, text in self.user.text.items()
            if model.symbols[number].flags & Model.TRANSITIONAL and number in domains and text != self.empty(number)
        }
        read = {*lines, *self.believed_texts}
        if not read:
            return
        full = {1: -self.encoder.modules, 2: TRUE}  # without modules m is y
        stays = {n: -self.changed(n) for n in lines}
        literals = {n: (stays[n], self.out.both(stays[n], full[value])) for n, value in lines.items()}
        texts = {
            n: Domain(
                domains[n].kind, ((text, -self.changed(n)), (self.empty(n), self.changed(n))), (), domains[n].group
            )
            for n, text in self.believed_texts.items()
        }
        self.widened = self.widen(texts)
        read |= self.widened
        self.believing = self.encoder.believing(literals, texts)
        spoken: dict[int, bool] = {}

        def tells(expr: int) -> bool:
            if expr not in spoken:
                it = model.exprs[expr]
                if it.op in (Op.AND, Op.OR, Op.NOT):
                    spoken[expr] = any(tells(arg) for arg in it.args)
                else:
                    spoken[expr] = it.op not in (Op.CHOICE, Op.CHOICE_Y) and any(arg in read for arg in it.args)
            return spoken[expr]

        def speaks(d: int) -> bool:
            definition = model.definitions[d]
            exprs = [link.expr for link in model.chain(definition.context)]
            exprs += [expr for default in definition.defaults for expr in (default.value, default.cond)]
            if definition.prompt is not None:
                exprs += [definition.prompt.cond, *(link.expr for link in model.chain(definition.prompt.visible))]
            if any(bound in read for limits in definition.ranges for bound in (limits.low, limits.high)):
                return True
            return any(tells(expr) for expr in (*exprs, *(limits.cond for limits in definition.ranges)))

        found = set()
        for number, symbol in enumerate(model.symbols):
            selects = [model.selects[one] for one in (*symbol.selected_by, *symbol.implied_by)]
            if (
                (
                    any(speaks(d) for d in symbol.definitions)
                    or any(one.source in read or tells(one.cond) or speaks(one.definition) for one in selects)
                )
                and number not in lines
                and number not in self.believed_texts
            ):
                found.add(number)
        for entry in model.choices:
            if found.intersection(entry.members) or any(speaks(d) for d in entry.definitions):
                found.update(entry.members)
        self.reread = frozenset(found)

    def widen(self, texts: dict[int, Domain]) -> set[int]:
        """Adds to `texts` the symbols without a prompt that take a text from those in it that they have not else."""
        out: set[int] = set()
        grown = True
        while grown:
            grown = False
            for number, domain in self.encoder.text.domains.items():
                sources = {source for parts in self.encoder.text.sources(number) for source in parts}
                known = dict(texts.get(number, domain).values)
                new = {text for source in sources if source in texts for text, _ in texts[source].values} - known.keys()
                if new and not self.encoder.text.asked(number):
                    literals = [self.out.var() for _ in (*known, *new)]
                    self.out.exactly_one(literals)
                    values = zip((*known, *sorted(new)), literals, strict=True)
                    texts[number] = Domain(domain.kind, tuple(values), domain.constants, domain.group)
                    out.add(number)
                    grown = True
        return out

    def empty(self, number: int) -> str:
        """What a number or a string is without a line and a default."""
        return self.encoder.text.empty[self.model.symbols[number].type]

    def restate(self) -> None:
        """The statements on the symbols in `reread`, for the lines as they are read."""
        model, encoder = self.model, self.believing
        for number in sorted(self.reread):
            if model.symbols[number].type > Type.TRISTATE:
                if number in encoder.text.domains:
                    encode_text(encoder, number, once=True)
            elif number not in model.choice_of and encoder.enabled[number] != FALSE:
                encoder.symbol(number, model.symbols[number])
        for choice, entry in enumerate(model.choices):
            if self.reread.intersection(entry.members):
                if model.choice_values:
                    encode_old_choice(encoder, choice, once=True)
                else:
                    encode_new_choice(encoder, choice)

    def hollow(self) -> set[int]:
        """Numbers that a user may set, and of which a range may be empty."""
        encoder = self.encoder
        return {
            number
            for number in encoder.text.domains
            if encoder.text.asked(number)
            and encoder.text.may_be_out_of_range(number)
            and any(limits.empty for limits in ranges_of(encoder, number))
        }

    def unsettled(self) -> set[int]:
        """Members of choices whose lines may set them to what they do not stay at."""
        choices = self.model.choices if self.model.choice_values else ()
        return {
            m
            for choice, entry in enumerate(choices)
            if entry.type == Type.TRISTATE and any(value for _, value in self.user.assigned.get(choice, ()))
            for m in entry.members
        }

    def encoder_of(self, number: int) -> Encoder:
        """What the symbol's conditions are encoded with."""
        return self.believing if number in self.reread else self.encoder
