"""Comparisons, and the int, hex and string symbols that they read, as clauses.

Only symbols that some expression compares get variables: one for each text that they can have, exactly one of them
true. A user can set any text, so a symbol with a prompt has, besides the constants that it meets, one text from each
gap between them: every comparison tells the same of all texts in a gap. Where several symbols that
are compared with each other are set from outside, the texts of a user's lines are constants too: one of the others may
have to be equal to it, or above it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from kcfg.base.version import KernelVersion
from kcfg.kconfig.assign import valid_text
from kcfg.kconfig.model import Model, Op, Type
from kcfg.kconfig.numbers import HOLDS, constant_kind, number_prefix, order, parse_number, plain
from kcfg.kconfig.resolve import EMPTY, ZERO_SINCE
from kcfg.kconfig.tristate import LEVEL
from kcfg.solver.atoms import Atoms
from kcfg.solver.clauses import FALSE, TRUE
from kcfg.solver.encoding import Domain, Line

NUMERIC = (Type.INT, Type.HEX)


class TextEncoder:
    """Which texts each atom can have, and comparisons of them."""

    def __init__(self, encoder: Atoms) -> None:
        self.encoder = encoder
        self.model = encoder.model
        self.domains: dict[int, Domain] = {}
        self._root: dict[int, int] = {}
        self._numeric: set[int] = set()
        zeros = KernelVersion.parse(self.model.version).key >= ZERO_SINCE
        self.empty: dict[int, str] = {kind: text if zeros else "" for kind, text in EMPTY.items()}

    # Which texts there are

    def is_open(self, atom: int) -> bool:
        """Whether the atom's text is open: an int, hex or string symbol, or a probe without an answer."""
        if atom < len(self.model.symbols):
            symbol = self.model.symbols[atom]
            return bool(symbol.definitions) and symbol.type > Type.TRISTATE
        return self.encoder.constant_text(atom) is None

    def fixed_text(self, atom: int) -> str:
        """The text of an atom that is not open, as a default or bound takes it: a bool's is always n."""
        if atom >= len(self.model.symbols):
            return self.encoder.constant_text(atom) or ""
        symbol = self.model.symbols[atom]
        return "n" if symbol.definitions and symbol.type != Type.UNKNOWN else symbol.name

    def root(self, atom: int) -> int:
        while self._root[atom] != atom:
            atom = self._root[atom]
        return atom

    def sources(self, atom: int) -> tuple[list[int], list[int]]:
        """The atoms that a symbol takes its text from: (defaults, bounds)."""
        defaults: list[int] = []
        bounds: list[int] = []
        if atom < len(self.model.symbols):
            for d in self.model.symbols[atom].definitions:
                definition = self.model.definitions[d]
                for default in definition.defaults:
                    expr = self.model.exprs[default.value]
                    if expr.op == Op.ATOM:
                        defaults.append(expr.args[0])
                for limits in definition.ranges if self.model.symbols[atom].type in NUMERIC else ():
                    bounds += (limits.low, limits.high)
        return defaults, bounds

    def asked(self, atom: int) -> bool:
        """Whether its text comes from outside: a prompt, or a probe."""
        return is_asked(self.model, atom)

    def collect(self, lines: Mapping[int, str], wanted: Iterable[Line] = ()) -> None:
        """Make the domains of all open atoms that comparisons depend on, and of those whose ranges may be empty.

        `lines`: the texts of a user's lines, by symbol. `wanted`: lines that are told from all others.
        """
        texts = [(number, text) for number, text in wanted if text is not None and self.is_open(number)]
        todo = [number for number, _ in texts]
        constants: dict[int, set[str]] = {}
        pairs = []
        for expr in self.model.exprs:
            if Op.EQ <= expr.op <= Op.GE:
                pairs.append(expr.args)
                todo += [atom for atom in expr.args if self.is_open(atom)]
        for number in range(len(self.model.symbols)):  # a range can be empty where its bounds are symbols
            if self.is_open(number) and self.may_be_out_of_range(number):
                todo.append(number)
        while todo:
            atom = todo.pop()
            if atom in self._root:
                continue
            self._root[atom] = atom
            for source in (part for parts in self.sources(atom) for part in parts):
                pairs.append((atom, source))
                if self.is_open(source):
                    todo.append(source)
        for pair in pairs:
            if pair[0] in self._root and pair[1] in self._root:
                self._root[self.root(pair[0])] = self.root(pair[1])
        for atom in self._root:
            self._numeric.update([self.root(atom)] if self.kind(atom) in NUMERIC else [])
        for atom in self._root:
            kind = self.asked_kind(atom)
            start = [self.empty[kind]] if kind in self.empty else ["y", "n"]
            constants.setdefault(self.root(atom), set()).update(start)
        for pair in pairs:
            for atom, other in (pair, pair[::-1]):
                if atom in self._root and other not in self._root:
                    found = constants[self.root(atom)]
                    found.update(("y", "m", "n") if self.is_tristate(other) else (self.fixed_text(other),))
        for number, text in texts:
            constants[self.root(number)].add(text)
        for number in set_together(self.model, {atom: self.root(atom) for atom in self._root}, lines):
            constants[self.root(number)].add(as_constant(self.kind(number), lines[number]))
        self.fill(constants)

    def may_be_out_of_range(self, number: int) -> bool:
        """Whether a number has a range that may be empty: one between symbols, or from a higher to a lower bound."""
        bounds = self.sources(number)[1]
        if any(self.is_open(bound) for bound in bounds):
            return True
        base = 16 if self.kind(number) == Type.HEX else 10
        values = [number_prefix(self.fixed_text(bound), base) for bound in bounds]
        return any(low > high for low, high in zip(values[::2], values[1::2], strict=True))

    def is_tristate(self, atom: int) -> bool:
        return self.encoder.enabled[atom] != FALSE if atom < len(self.model.symbols) else False

    def kind(self, atom: int) -> int:
        if atom < len(self.model.symbols):
            return self.model.symbols[atom].type
        return Type.UNKNOWN

    def asked_kind(self, atom: int) -> int:
        """The type of the texts that are set from outside: a probe that a number is read from prints a number."""
        kind = self.kind(atom)
        return Type.INT if kind == Type.UNKNOWN and self.root(atom) in self._numeric else kind

    def fill(self, constants: dict[int, set[str]]) -> None:
        """The texts that each atom can have, until nothing is added; then their variables."""
        askers: dict[int, int] = {}
        for atom in self._root:
            askers[self.root(atom)] = askers.get(self.root(atom), 0) + self.asked(atom)
        texts: dict[int, dict[str, None]] = {}
        for atom in self._root:
            root = self.root(atom)
            kind = self.kind(atom)
            start = user_texts(self.asked_kind(atom), constants[root], askers[root]) if self.asked(atom) else []
            texts[atom] = dict.fromkeys(start)
            if kind in self.empty:
                texts[atom].setdefault(self.empty[kind])
        grown = True
        while grown:
            grown = False
            for atom, known in texts.items():
                before = len(known)
                for source in (part for parts in self.sources(atom) for part in parts):
                    known.update(texts[source] if source in texts else {self.fixed_text(source): None})
                grown |= len(known) > before
        out = self.encoder.out
        for atom, known in texts.items():
            root = self.root(atom)
            if len(known) < 3:
                variable = TRUE if len(known) == 1 else out.var()
                literals = [variable, -variable][: len(known)]
            else:
                literals = [out.var() for _ in known]
                out.exactly_one(literals)
            values = tuple(zip(known, literals, strict=True))
            self.domains[atom] = Domain(self.kind(atom), values, tuple(sorted(constants[root])), root)

    # Comparisons

    def texts_of(self, atom: int) -> list[tuple[str, int]]:
        domain = self.domains.get(atom)
        return [(self.fixed_text(atom), TRUE)] if domain is None else list(domain.values)

    def options(self, atom: int) -> tuple[int, list[tuple[str, int]]]:
        """(kind, texts with their literals) of an atom in a comparison."""
        domain = self.domains.get(atom)
        if domain is not None:
            return domain.kind, list(domain.values)
        if atom < len(self.model.symbols):
            symbol = self.model.symbols[atom]
            e, y = self.encoder.enabled[atom], self.encoder.yes[atom]
            if e == FALSE:
                return Type.UNKNOWN, [(symbol.name, TRUE)]
            if e == y:
                return symbol.type, [("n", -e), ("y", e)]
            return symbol.type, [("n", -e), ("m", self.encoder.out.both(e, -y)), ("y", y)]
        text = self.encoder.constant_text(atom) or ""
        return constant_kind(text), [(text, TRUE)]

    def relation(self, op: int, left: int, right: int) -> int:
        """The literal of a comparison."""
        left_kind, left_options = self.options(left)
        right_kind, right_options = self.options(right)
        holds = HOLDS[op]
        found = []
        for text, literal in left_options:
            hits = {other: holds(order(text, other, (left_kind, right_kind))) for other, _ in right_options}
            found.append(self.encoder.out.both(literal, self.one_of(right_options, hits)))
        if len(right_options) == 1:
            hits = {text: hit != FALSE for (text, _), hit in zip(left_options, found, strict=True)}
            return self.one_of(left_options, hits)
        return self.encoder.out.any_of(found)

    def one_of(self, options: list[tuple[str, int]], wanted: dict[str, bool]) -> int:
        """Whether an atom has one of the wanted texts, through the smaller half of its options."""
        hit = [literal for text, literal in options if wanted[text]]
        miss = [literal for text, literal in options if not wanted[text]]
        return self.encoder.out.any_of(hit) if len(hit) <= len(miss) else -self.encoder.out.any_of(miss)


def is_asked(model: Model, atom: int) -> bool:
    """Whether an atom's text comes from outside: a prompt, or a probe."""
    if atom >= len(model.symbols):
        return True
    symbol = model.symbols[atom]
    if symbol.flags & (Model.NO_WRITE | Model.TRANSITIONAL):
        return False
    return any(model.definitions[d].prompt is not None for d in symbol.definitions)


def set_together(model: Model, groups: Mapping[int, int], lines: Mapping[int, str]) -> list[int]:
    """The symbols with a line in whose group (by atom) another one's text may come from outside."""
    count = Counter(group for atom, group in groups.items() if atom in lines or is_asked(model, atom))
    return [number for number in lines if number in groups and count[groups[number]] > 1]


def as_constant(kind: int, text: str) -> str:
    """A constant that a text of this type is equal to: a number beyond 64 bits only to itself."""
    constant = plain(kind, text)
    return text if order(text, constant, (kind, constant_kind(constant))) else constant


def untold(model: Model, domains: Mapping[int, Domain], lines: Mapping[int, str]) -> bool:
    """Whether lines have texts that the domains do not tell from others, and should."""
    groups = {atom: domain.group for atom, domain in domains.items()}
    return any(0 not in signs(domains[number], lines[number]) for number in set_together(model, groups, lines))


FORMS = (str, hex)
"""How a number may be written; the two stand in different places among texts."""


def user_texts(kind: int, constants: set[str], each: int) -> list[str]:
    """Valid texts for a user to set: the constants, and up to `each` from every gap between them."""
    levels = {LEVEL[text] for text in constants if text in LEVEL}  # what y, m and n are to a number
    out = dict.fromkeys(sorted(constants))
    if kind in NUMERIC:  # numbers beyond 64 bits are texts
        valid = (text for text in out if valid_text(kind, text))
        out = {text: None for text in valid if None in (parse_number(text, kind), parse_number(text, Type.UNKNOWN))}
    if kind not in NUMERIC:
        ordered_texts = sorted(constants)
        for start, end in zip(ordered_texts, [*ordered_texts[1:], ""], strict=True):
            text = start
            for _ in range(each):
                text += next((one for one in "xG " if not end or text + one < end), "x")
                while text in constants:
                    text += "x"
                out[text] = None
    numbers = levels | {
        value
        for text in constants
        for base in ((Type.INT, Type.HEX, Type.UNKNOWN) if kind != Type.STRING else (Type.UNKNOWN,))
        if (value := parse_number(text, base)) is not None
    }
    if kind == Type.STRING:  # what looks like a number is compared as one with what does, and with y, m and n
        near = sorted({value + step for value in numbers for step in (-1, 0, 1)})
        return list(out | dict.fromkeys(form(value) for value in near for form in FORMS if value >= 0 or form is str))
    ordered = sorted(numbers or {0})  # without a number to compare with, any will do
    for low, high in zip(ordered, [*ordered[1:], 1 << 62], strict=True):
        numbers.update(range(low, min(low + 1 + each, high)))
    numbers.update(range(ordered[0] - each, ordered[0]))
    for value in sorted(numbers):
        if kind != Type.HEX:
            out[str(value)] = None
        elif value >= 0:
            out[f"0x{value:x}"] = None
    return list(out)


def same_text(domain: Domain, text: str) -> int:
    """The literal of a text, or of one that no comparison tells from it; FALSE where there is none."""
    for known, literal in domain.values:
        if known == text:
            return literal
    for alike in (signs, equals):
        wanted = alike(domain, text)
        for known, literal in domain.values:
            if alike(domain, known) == wanted:
                return literal
    return FALSE


def stand_ins(domains: Mapping[int, Domain], texts: Mapping[int, str]) -> dict[int, int]:
    """Atom -> the literal of its text, or of one that no comparison tells from it; FALSE where there is none.

    Different texts of one gap have different literals, in their order, where the atoms are of one group.
    """
    out = {atom: same_text(domains[atom], text) for atom, text in texts.items()}
    gaps: dict[tuple[int, int, tuple[int, ...]], list[int]] = {}
    for atom, text in texts.items():
        where = tuple(signs(domains[atom], text))
        if not is_constant(domains[atom], where):
            gaps.setdefault((domains[atom].group, domains[atom].kind, where), []).append(atom)
    for (group, kind, where), atoms in gaps.items():
        wanted = sorted({texts[atom] for atom in atoms}, key=lambda text: (place(kind, text), text))
        if len(wanted) < 2 and all(texts[atom] in dict(domains[atom].values) for atom in atoms):
            continue
        known = {
            text
            for domain in domains.values()
            if domain.group == group and domain.kind == kind
            for text, _ in domain.values
            if tuple(signs(domain, text)) == where
        }
        if not known:
            continue
        ready = sorted(known, key=lambda text: (place(kind, text), text))
        for atom in atoms:
            rank = wanted.index(texts[atom])
            literal = dict(domains[atom].values).get(ready[rank]) if rank < len(ready) else None
            out[atom] = FALSE if literal is None else literal
    return out


def is_constant(domain: Domain, where: tuple[int, ...]) -> bool:
    """Whether a text that compares so is equal to a constant."""
    return 0 in where


def place(kind: int, text: str) -> int:
    """The place of a number among others."""
    return number_prefix(text, 16 if kind == Type.HEX else 10) if kind in NUMERIC else 0


def signs(domain: Domain, text: str) -> list[int]:
    """How a text compares with each constant of its domain."""
    return [order(text, constant, (domain.kind, constant_kind(constant))) for constant in domain.constants]


def equals(domain: Domain, text: str) -> list[bool]:
    """Which constants of its domain a text is equal to."""
    return [sign == 0 for sign in signs(domain, text)]
