"""Model -> clauses whose models are exactly the configurations that `conf --olddefconfig` keeps unchanged.

A configuration here is complete: every symbol has a value, and every visible n is written as "is not set". The rules
are those of `sym_calc_value` in scripts/kconfig/symbol.c, stated for a fixpoint: a visible symbol lies between what
selects force and what its prompt allows; an invisible one is its default joined with implies and selects.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping

from kcfg.base.garbage import uncollected
from kcfg.kconfig.model import Model, Op, Symbol, Type
from kcfg.kconfig.numbers import plain
from kcfg.solver.choices import encode_new_choice, encode_old_choice
from kcfg.solver.clauses import FALSE, TRUE, StatementKind
from kcfg.solver.encoding import Encoding, Line, Marks
from kcfg.solver.goals import no_other_text
from kcfg.solver.literals import NEVER_ASKED, Literals, Pair
from kcfg.solver.text_rules import encode_text, ranges_of

LONG = 3  # a disjunction of more selects than this gets a literal of its own


def encode(
    model: Model,
    answers: dict[str, str] | None = None,
    lines: Mapping[int, str] | None = None,
    wanted: Iterable[Line] = (),
) -> Encoding:
    """The clauses of a model. Probes that `answers` (probe key -> text) lacks are free.

    `lines`: texts of a user's lines, by symbol, which the clauses tell from others. `wanted`: each has a literal.
    """
    with uncollected():
        encoder = Encoder(model, answers or {})
        encoder.run(lines, tuple(wanted))
        return encoder.finish()


class Encoder(Literals):
    """Encodes a model, or names more things in an encoded one (`resume`)."""

    def run(self, lines: Mapping[int, str] | None = None, wanted: tuple[Line, ...] = ()) -> None:
        """Everything, in the order of the symbols; see `encode`."""
        model, out = self.model, self.out
        self.allocate()
        self.text.collect(lines or {}, wanted)
        self.allocate_atoms()
        known = model.symbols[model.modules].definitions if model.modules >= 0 else ()
        if known:
            out.state(StatementKind.MODULES, known[0], model.modules)
        else:
            out.state(StatementKind.FIXED, 0, -1)
        for e, y in zip(self.enabled, self.yes, strict=True):
            if e != y and y != FALSE:
                out.gates += (-y, e, 0)
                out.add(-e, y, self.modules)
        for number, symbol in enumerate(model.symbols):
            if not symbol.definitions or symbol.type == Type.UNKNOWN:
                continue
            if symbol.type > Type.TRISTATE:
                encode_text(self, number)
            elif number not in self.choice_of:
                self.symbol(number, symbol)
        for choice in range(len(model.choices)):
            if model.choice_values:
                encode_old_choice(self, choice)
            else:
                encode_new_choice(self, choice)
        self.lines.update({(number, text): self.line(number, text) for number, text in wanted})

    def finish(self) -> Encoding:
        out = self.out
        split, marks = len(out.stated), len(out.marks)
        self.unmet()
        stated, out.stated = out.stated, out.stated[:split]
        return Encoding(
            variables=out.variables,
            clauses=out.flat(),
            stated=len(out.gates),
            unmet=array("i", stated[split:]),
            known_marks=Marks(array("q", out.marks[:marks]), array("q", out.marks[marks:])),
            answers=self.answers,
            enabled=array("i", self.enabled),
            yes=array("i", self.yes),
            expr_enabled=array("i", self.expr_e),
            expr_yes=array("i", self.expr_y),
            link_enabled=array("i", self.link_e),
            link_yes=array("i", self.link_y),
            choice_enabled=array("i", self.choice_e),
            choice_yes=array("i", self.choice_y),
            domains=self.text.domains,
            lines=self.lines,
        )

    def line(self, number: int, text: str | None) -> int:
        """That an int, a hex or a string has this line in a written configuration; None: that it has none.

        Before 6.10 one bound of an empty range is written, and its literal is that of the other one, which all see.
        """
        model, out = self.model, self.out
        if not model.symbols[number].definitions or model.symbols[number].flags & NEVER_ASKED:
            return TRUE if text is None else FALSE
        visible = self.visibility(number)[0]
        defaults = ((first, model.definitions[d].defaults[at].value) for first, _, d, at in self.defaults(number)[0])
        written = out.any_of([visible, *(first for first, value in defaults if model.exprs[value].op == Op.ATOM)])
        if text is None:
            return -written
        domain = self.text.domains[number]
        has = out.all_of(no_other_text(domain, text))
        empty = [limits for limits in ranges_of(self, number) if limits.empty] if model.drop_out_of_range else []
        for limits in empty:
            low, high = limits.bounds
            other = {plain(domain.kind, low): high, plain(domain.kind, high): low}.get(plain(domain.kind, text))
            seen = FALSE if other is None else out.all_of(no_other_text(domain, other))
            inside = out.both(visible, limits.active)
            has = out.any_of((out.both(inside, seen), out.both(-inside, has)))
        return out.both(written, has)

    # Symbols

    def symbol(self, number: int, symbol: Symbol) -> None:
        """A bool or tristate outside choices."""
        out, model = self.out, self.model
        e, y = self.enabled[number], self.yes[number]
        is_tristate = e != y
        forced_e: list[int] = []
        forced_y: list[int] = []
        for select in symbol.selected_by:
            te, ty = self.term(select, tristate=is_tristate)
            out.state(StatementKind.SELECT, select, number)
            if is_tristate:
                out.add(y, -ty)
                if ty != FALSE:
                    forced_y.append(ty)
            if te != FALSE:
                if te != ty or not is_tristate:
                    out.add(e, -te)
                forced_e.append(te)
        if len(forced_e) > LONG:
            forced_e = [out.at_most(forced_e)]
        if len(forced_y) > LONG:
            forced_y = [out.at_most(forced_y)]
        asked = not symbol.flags & NEVER_ASKED
        if len(symbol.definitions) == 1:
            definition = model.definitions[symbol.definitions[0]]
            self.within(number, definition.context, forced_e, forced_y)
            prompt = definition.prompt
            if prompt is not None and prompt.cond == 0 and prompt.visible < 0 and asked:
                return  # visible where its dependencies hold; n elsewhere, unless selected
        self.limits(number, symbol, forced_e, forced_y)

    def limits(self, number: int, symbol: Symbol, forced_e: list[int], forced_y: list[int]) -> None:
        """A symbol that can be invisible while its dependencies hold."""
        out = self.out
        e, y = self.enabled[number], self.yes[number]
        ve, vy = self.visibility(number)
        chain, conditions = self.defaults(number)
        implied_e = implied_y = FALSE
        cut = (TRUE, TRUE)
        if symbol.implied_by:
            terms, (implied_e, implied_y), cut = self.implied(number, tristate=e != y)
            direct = self.direct(number)
            for imply, (te, ty) in zip(symbol.implied_by, terms, strict=True):
                out.state(StatementKind.IMPLY, imply, number)
                out.add(-te, -direct[0], ve, e)
                if e != y:
                    out.add(-ty, -direct[1], ve, y)
        others_e = [*forced_e, implied_e]
        others_y = [*forced_y, implied_y, -self.modules]
        own = symbol.definitions[0]
        if e != y and ve != FALSE and ve != vy:
            out.state(StatementKind.PROMPT, own, number)
            out.add(-y, -ve, vy, *forced_y)
        if e != y and len(chain) > 1:
            others_y = [out.at_most(others_y)]
        if len(chain) > 1:
            others_e = [out.at_most(others_e)]
        for first, cond_y, d, place in chain:
            default = self.model.definitions[d].defaults[place]
            de, dy = self.expr(default.value)
            de = out.both(de, cut[0])
            if e != y:
                dy = out.all_of((dy, cond_y, cut[1]))
            out.state(StatementKind.DEFAULT, d, number, place)
            out.add(-first, ve, -de, e)
            out.add(-first, ve, de, *others_e, -e)
            if e != y:
                out.add(-first, ve, -dy, y)
                out.add(-first, ve, dy, *others_y, -y)
        out.state(StatementKind.SYMBOL, own, number)
        out.add(-e, ve, *others_e, *conditions)
        if e != y:
            out.add(-y, ve, *others_y, *conditions)

    def implied(self, number: int, *, tristate: bool) -> tuple[list[Pair], Pair, Pair]:
        """(what each imply asks for, what they give together, what they leave of a default).

        While any of them asks, the default is cut to the direct dependency. It only exceeds that where a definition
        without dependencies states it and another one has some.
        """
        symbol = self.model.symbols[number]
        direct = self.direct(number)
        terms = [self.term(imply, tristate=tristate) for imply in symbol.implied_by]
        asked_e, asked_y = self.disjunction(terms)
        cut = (TRUE, TRUE)
        if len(symbol.definitions) > 1:
            cut = self.out.any_of((-asked_e, direct[0])), self.out.any_of((-asked_e, direct[1]))
        return terms, self.conjunction((asked_e, asked_y), direct), cut

    def unmet(self) -> None:
        """The option that a select implies its target's direct dependency."""
        out, model = self.out, self.model
        for number, symbol in enumerate(model.symbols):
            if not symbol.selected_by or self.enabled[number] == FALSE or number in self.choice_of:
                continue
            de, dy = self.direct(number)
            if dy == TRUE:
                continue
            tristate = self.enabled[number] != self.yes[number]
            for select in symbol.selected_by:
                te, ty = self.term(select, tristate=tristate)
                out.state(StatementKind.UNMET, select, number)
                out.add(-te, de)
                if tristate and (te != ty or de != dy):
                    out.add(-ty, dy)

    def automatic(self, number: int) -> Pair:
        """The value that a symbol outside choices has without a line of its own."""
        symbol = self.model.symbols[number]
        out = self.out
        chain, _ = self.defaults(number)
        tristate = self.enabled[number] != self.yes[number]
        pairs = [self.term(select, tristate=tristate) for select in symbol.selected_by]
        cut = (TRUE, TRUE)
        if symbol.implied_by:
            _, given, cut = self.implied(number, tristate=tristate)
            pairs.append(given)
        for first, cond_y, d, place in chain:
            de, dy = self.expr(self.model.definitions[d].defaults[place].value)
            pairs.append((out.all_of((first, de, cut[0])), out.all_of((first, dy, cond_y, cut[1]))))
        e, y = self.disjunction(pairs)
        if not tristate:
            return e, e
        return e, out.any_of((y, out.both(e, -self.modules)))
