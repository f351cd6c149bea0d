"""Expressions and dependencies: what kconfiglib's parser makes of a line, as expressions of the Builder."""

from __future__ import annotations

from collections.abc import Callable

from kcfg.kconfig import library as kl
from kcfg.kconfig.build import YES, reject_token
from kcfg.kconfig.lines import Lines
from kcfg.kconfig.model import TOKEN, Op

RELATIONS = {
    kl.EQUAL: Op.EQ,
    kl.UNEQUAL: Op.NE,
    kl.LESS: Op.LT,
    kl.LESS_EQUAL: Op.LE,
    kl.GREATER: Op.GT,
    kl.GREATER_EQUAL: Op.GE,
}


class Expressions(Lines):
    """Lines whose expressions become the Builder's."""

    def _parse_expr(self, transform_m: bool) -> object:
        """As kconfiglib's, where every || is a call inside the one before: a line may have thousands."""
        return self._joined(kl.OR, kl.T_OR, self._parse_and_expr, transform_m)

    def _parse_and_expr(self, transform_m: bool) -> object:
        return self._joined(kl.AND, kl.T_AND, self._parse_factor, transform_m)

    def _joined(self, op: int, token: int, part: Callable[[bool], object], transform_m: bool) -> object:
        """A OP B OP C as (OP, A, (OP, B, C))."""
        parts = [part(transform_m)]
        while self._check_token(token):
            parts.append(part(transform_m))
        expr = parts.pop()
        while parts:
            expr = (op, parts.pop(), expr)
        return expr

    def atom(self, symbol: kl.Symbol) -> int:
        name = symbol.name
        if symbol.is_constant or TOKEN.search(name):
            if not symbol.is_constant:
                reject_token(name, self.where())
            return self.builder.constant(name)
        return self.builder.symbol(name)

    def convert(self, expr: object) -> int:
        """A kconfiglib expression -> index. Chains of && and || become one node."""
        if expr is self.y:
            return YES
        if not isinstance(expr, tuple):
            return self.builder.expr(Op.ATOM, (self.atom(expr),))
        op = expr[0]
        if op is kl.AND or op is kl.OR:
            args = []
            while isinstance(expr, tuple) and expr[0] is op:
                args.append(self.convert(expr[1]))
                expr = expr[2]
            args.append(self.convert(expr))
            return self.builder.expr(Op.AND if op is kl.AND else Op.OR, tuple(args))
        if op is kl.NOT:
            return self.builder.expr(Op.NOT, (self.convert(expr[1]),))
        return self.builder.expr(RELATIONS[op], (self.atom(expr[1]), self.atom(expr[2])))

    def end_of_line(self) -> None:
        if self._tokens[self._tokens_i] is not None:
            self._parse_error("extra tokens at the end of the line")

    def expression(self) -> int:
        expr = self.convert(self._parse_expr(True))
        self.end_of_line()
        return expr

    def condition(self) -> int:
        """The optional `if EXPR` at the end of a line."""
        return self.convert(self._parse_cond())

    def dependency(self) -> int:
        """`on EXPR [if EXPR]`: with an `if`, it holds as well where that is n."""
        if not self._check_token(kl.T_ON):
            self._parse_error("expected 'on' after 'depends'")
        expr = self.convert(self._parse_expr(True))
        if self._check_token(kl.T_IF):
            unless = self.is_no(self._parse_expr(False))
            expr = self.builder.expr(Op.OR, (expr, unless))
        self.end_of_line()
        return expr

    def is_no(self, expr: object) -> int:
        """`expr = n` as `expr_trans_compare` makes it: comparisons of symbols, so that a symbol which nothing defines
        is not n, and !B = n is y where B is m."""
        if not isinstance(expr, tuple):
            return self.builder.expr(Op.EQ, (self.atom(expr), self.builder.constant("n")))
        op = expr[0]
        if op is kl.NOT:
            return self.builder.expr(Op.NOT, (self.is_no(expr[1]),))
        if op is kl.AND or op is kl.OR:
            parts = []
            while isinstance(expr, tuple) and expr[0] is op:
                parts.append(self.is_no(expr[1]))
                expr = expr[2]
            parts.append(self.is_no(expr))
            return self.builder.expr(Op.OR if op is kl.AND else Op.AND, tuple(parts))
        return self.builder.expr(Op.NOT, (self.convert(expr),))
