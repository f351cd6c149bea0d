"""The literals of a model's symbols, probes, expressions and dependency chains.

A tristate has two literals, "enabled" (m or y) and "y"; a bool's are the same one. So has every expression. Equal
expressions have one index in the model, so each is encoded once, when it is first needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from kcfg.kconfig.model import AtomKind, Model, Op, Type, Where
from kcfg.solver.atoms import Atoms
from kcfg.solver.clauses import FALSE, TRUE, Clauses, StatementKind
from kcfg.solver.encoding import Domain, Encoding, Line
from kcfg.solver.texts import TextEncoder

Pair = tuple[int, int]
NEVER_ASKED = Model.NO_WRITE | Model.TRANSITIONAL  # no line of a written configuration sets these


class Literals(Atoms):
    """Names things in clauses; `resume` goes on from an `Encoding`, to name more, such as "X is visible"."""

    def __init__(self, model: Model, answers: dict[str, str]) -> None:
        super().__init__(model, answers)
        self.choice_of = model.choice_of
        self.expr_e = [0] * len(model.exprs)
        self.expr_y = [0] * len(model.exprs)
        self.expr_e[0] = self.expr_y[0] = TRUE
        self.link_e = [0] * len(model.conditions)
        self.link_y = [0] * len(model.conditions)
        self.choice_e: list[int] = []
        self.choice_y: list[int] = []
        self.modules = FALSE
        self.lines: dict[Line, int] = {}
        self.text = TextEncoder(self)

    @classmethod
    def resume(cls, model: Model, encoding: Encoding, variables: int = 0) -> Self:
        """An encoder whose `out` holds only what is added to `encoding` from now on.

        `variables`: the highest one that is taken already, where that is not the encoding's own.
        """
        self = cls(model, encoding.answers)
        self.out = Clauses(max(variables, encoding.variables))
        self.enabled, self.yes = list(encoding.enabled), list(encoding.yes)
        self.expr_e, self.expr_y = list(encoding.expr_enabled), list(encoding.expr_yes)
        self.link_e, self.link_y = list(encoding.link_enabled), list(encoding.link_yes)
        self.choice_e, self.choice_y = list(encoding.choice_enabled), list(encoding.choice_yes)
        self.text.domains = encoding.domains
        self.lines = dict(encoding.lines)
        if model.modules >= 0:
            self.modules = self.enabled[model.modules]
        return self

    def believing(self, literals: Mapping[int, Pair], texts: Mapping[int, Domain]) -> Self:
        """An encoder for which bools and tristates have these literals, and others these texts; it adds to `out`."""
        other = type(self)(self.model, self.answers)
        other.out = self.out
        other.enabled, other.yes = list(self.enabled), list(self.yes)
        for number, (e, y) in literals.items():
            other.enabled[number], other.yes[number] = e, y
        other.choice_e, other.choice_y = self.choice_e, self.choice_y
        other.text.domains = {**self.text.domains, **texts}
        other.modules = self.modules
        return other

    # Variables

    def allocate(self) -> None:
        """A literal for every bool, two for every tristate and old choice."""
        model = self.model
        top = self.out.variables
        enabled, yes = self.enabled, self.yes
        for number, symbol in enumerate(model.symbols):
            if not symbol.definitions or symbol.type == Type.UNKNOWN or symbol.type > Type.TRISTATE:
                enabled.append(FALSE)
                yes.append(FALSE)
                continue
            top += 1
            enabled.append(top)
            if symbol.type == Type.TRISTATE and (model.choice_values or number not in self.choice_of):
                top += 1
            yes.append(top)
        for choice in model.choices if model.choice_values else ():
            top += 1
            self.choice_e.append(top)
            if choice.type == Type.TRISTATE:
                top += 1
            self.choice_y.append(top)
        self.out.variables = top
        if model.modules >= 0:
            self.modules = enabled[model.modules]
        self.out.gates += (TRUE, 0)

    def allocate_atoms(self) -> None:
        """Literals of constants and probes as conditions."""
        for number, atom in enumerate(self.model.atoms, len(self.model.symbols)):
            text = self.constant_text(number)
            if text is None or (atom.kind == AtomKind.PROBE and text in ("y", "n", "")):
                literal = self.probe_literal(number, text)
                self.enabled.append(literal)
                self.yes.append(literal)
            else:
                self.enabled.append(TRUE if text in ("y", "m") else FALSE)
                self.yes.append(TRUE if text == "y" else FALSE)

    def probe_literal(self, atom: int, text: str | None) -> int:
        """ "The probe says y"; its answer is a statement of its own, so that a reason can name the compiler."""
        it = self.model.atoms[atom - len(self.model.symbols)]
        if it.kind == AtomKind.TEMPLATE:
            return FALSE
        if text is None:
            domain = self.text.domains.get(atom)
            return self.out.var() if domain is None else dict(domain.values).get("y", FALSE)
        literal = self.out.var()
        self.out.state(StatementKind.PROBE, int(it.text), -1)
        self.out.add(literal if text == "y" else -literal)
        return literal

    # Expressions

    def expr(self, expr: int) -> Pair:
        """An expression's literals."""
        e = self.expr_e[expr]
        if e:
            return e, self.expr_y[expr]
        it = self.model.exprs[expr]
        op, args = it.op, it.args
        out = self.out
        if op == Op.ATOM:
            e, y = self.enabled[args[0]], self.yes[args[0]]
        elif op == Op.NOT:
            y, e = self.expr(args[0])
            e, y = -e, -y
        elif op == Op.AND or op == Op.OR:
            pairs = [self.expr(arg) for arg in args]
            es, ys = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
            gate = out.all_of if op == Op.AND else out.any_of
            e = gate(es)
            y = e if es == ys else gate(ys)
        elif op == Op.CHOICE:
            e, y = self.choice_e[args[0]], self.choice_y[args[0]]
        elif op == Op.CHOICE_Y:
            e = y = self.choice_y[args[0]]
        else:
            e = y = self.text.relation(op, args[0], args[1])
        self.expr_e[expr], self.expr_y[expr] = e, y
        return e, y

    def link(self, condition: int) -> Pair:
        """A chain of conditions from this link on. That it implies the link's expression is the link's statement."""
        if condition < 0:
            return TRUE, TRUE
        e = self.link_e[condition]
        if e:
            return e, self.link_y[condition]
        it = self.model.conditions[condition]
        (xe, xy), (pe, py) = self.expr(it.expr), self.link(it.parent)
        out = self.out
        e = out.var()
        y = e if xe == xy and pe == py else out.var()
        out.state(StatementKind.DEPENDS, condition, -1)
        out.add(-e, xe)
        out.fix(-e, pe)
        out.fix(e, -xe, -pe)
        if y != e:
            out.add(-y, xy)
            out.fix(-y, py)
            out.fix(y, -xy, -py)
            out.fix(-y, e)
        self.link_e[condition], self.link_y[condition] = e, y
        return e, y

    def context(self, condition: int) -> Pair:
        """A definition's whole chain; its own `depends on` are only named together."""
        pairs = []
        conditions = self.model.conditions
        while condition >= 0:
            it = conditions[condition]
            if it.where != Where.DEPENDS:
                pairs.append(self.link(condition))
                break
            pairs.append(self.expr(it.expr))
            condition = it.parent
        return self.conjunction(*pairs)

    def conjunction(self, *pairs: Pair) -> Pair:
        e = self.out.all_of([pair[0] for pair in pairs])
        y = self.out.all_of([pair[1] for pair in pairs])
        return e, y

    def disjunction(self, pairs: list[Pair]) -> Pair:
        return self.out.any_of([pair[0] for pair in pairs]), self.out.any_of([pair[1] for pair in pairs])

    # Parts of a symbol's value

    def direct(self, number: int) -> Pair:
        """The direct dependency: the best of its definitions that have one, y where none has."""
        contexts = [self.model.definitions[d].context for d in self.model.symbols[number].definitions]
        pairs = [self.context(context) for context in contexts if context >= 0]
        return self.disjunction(pairs) if pairs else (TRUE, TRUE)

    def visibility(self, number: int) -> Pair:
        """What a user may set the symbol to at most."""
        symbol = self.model.symbols[number]
        if symbol.flags & NEVER_ASKED:
            return FALSE, FALSE
        pairs = []
        for d in symbol.definitions:
            definition = self.model.definitions[d]
            prompt = definition.prompt
            if prompt is None:
                continue
            pair = self.conjunction(self.context(definition.context), self.expr(prompt.cond), self.link(prompt.visible))
            if self.model.choice_values and definition.choice >= 0 and symbol.type == Type.TRISTATE:
                e, y = pair
                pair = self.out.both(e, self.out.any_of((y, -self.choice_y[definition.choice]))), y
            pairs.append(pair)
        e, y = self.disjunction(pairs)
        return (e, y) if symbol.type == Type.TRISTATE else (e, e)

    def term(self, select: int, *, tristate: bool) -> Pair:
        """What one select or imply asks for; the y part only counts when the target is a tristate."""
        it = self.model.selects[select]
        source = self.model.symbols[it.source]
        pairs = [(self.enabled[it.source], self.yes[it.source])]
        if it.cond:
            pairs.append(self.expr(it.cond))
        if len(source.definitions) > 1 or source.selected_by:
            pairs.append(self.context(self.model.definitions[it.definition].context))
        elif tristate and pairs[0][0] == pairs[0][1]:  # a bool is y where its dependencies are m
            pairs.append((TRUE, self.context(self.model.definitions[it.definition].context)[1]))
        return self.conjunction(*pairs) if len(pairs) > 1 else pairs[0]

    def defaults(self, number: int) -> tuple[list[tuple[int, int, int, int]], list[int]]:
        """The default chain: ((literal "this one applies", its y part, definition, its place there)...), conditions.

        The conditions are all n where no default applies.
        """
        found: list[tuple[int, int, int, int]] = []
        conditions: list[int] = []
        out = self.out
        before = TRUE  # none so far
        for d in self.model.symbols[number].definitions:
            definition = self.model.definitions[d]
            if not definition.defaults:
                continue
            context = self.context(definition.context)
            for place, default in enumerate(definition.defaults):
                e, y = self.conjunction(context, self.expr(default.cond)) if default.cond else context
                if e != FALSE:
                    found.append((out.both(before, e), y, d, place))
                    conditions.append(e)
                    before = out.both(before, -e)
                if default.cond == 0:
                    break
        return found, conditions

    def within(self, number: int, condition: int, forced_e: list[int], forced_y: list[int]) -> None:
        """A symbol with one definition stays below each of its dependencies, unless selected."""
        out, model = self.out, self.model
        e, y = self.enabled[number], self.yes[number]
        while condition >= 0:
            it = model.conditions[condition]
            if it.where == Where.DEPENDS:
                expr = model.exprs[it.expr]
                pairs = [self.expr(arg) for arg in (expr.args if expr.op == Op.AND else (it.expr,))]
                out.state(StatementKind.DEPENDS, condition, number)
                condition = it.parent
            else:
                pairs = [self.link(condition)]
                out.state(StatementKind.FIXED, 0, number)
                condition = -1
            for xe, xy in pairs:
                out.add(-e, xe, *forced_e)
                if e != y and (xe != xy or forced_e):
                    out.add(-y, xy, *forced_y)
