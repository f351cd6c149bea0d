"""The minimal sets of lines that turn symbols on, all of them: "which options does a user have to set for this?"."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from graphs.findings import MinimalWay, SetLine
from kcfg.kconfig.assign import UserValues
from kcfg.kconfig.model import AtomKind, Model, Type
from kcfg.kconfig.resolve import Resolver
from kcfg.solver.distances import Distances
from kcfg.solver.edits import edited
from kcfg.solver.sat import holds
from kcfg.solver.solver import Solver

MAX_WAYS = 8
MAX_LEFT_OUT = 64  # lines of a way up to which leaving out each of them is resolved, besides the solver's word


def nothing(model: Model) -> UserValues:
    """User values of a configuration in which every line that can say n does; choices are left to their defaults."""
    user = UserValues()
    for number, symbol in enumerate(model.symbols):
        if symbol.type in (Type.BOOL, Type.TRISTATE) and number not in model.choice_of:
            user.tri[number] = 0
    return user


class Minimal:
    """Enumerates sets of lines, one minimal set after the other, on top of a solver.

    A set is minimal when no configuration reaches the goal with only some of its lines: not by their number, so a
    shorter one may come later. Only the lines of the symbols `among` are looked at: no value that is asked for may hang
    on others. They change the configuration `user`; without one, that in which every line is n.
    """

    def __init__(self, solver: Solver, among: Collection[int] | None = None, user: UserValues | None = None) -> None:
        self.solver = solver
        self.model = solver.model
        self.user = nothing(self.model) if user is None else user
        self.distances = Distances(self.model, solver.encoding, self.user, among, solver.sat.variables)
        solver.sat.variables = self.distances.variables
        solver.sat.extend(self.distances.clauses)
        self.lines = {number: literal for number, literal in self.distances.changes.items() if literal > 1}
        self.lines |= self.open_probes()

    def open_probes(self) -> dict[int, int]:
        """Atom -> "it says y", for the probes that nothing answers: no user sets them, so they count like lines."""
        out = {}
        for atom, it in enumerate(self.model.atoms, len(self.model.symbols)):
            if it.kind == AtomKind.PROBE and self.model.probes[int(it.text)].key not in self.solver.encoding.answers:
                out[atom] = self.solver.encoding.enabled[atom]
        return {atom: literal for atom, literal in out.items() if literal > 1}

    def fresh(self) -> int:
        return self.solver.sat.fresh()

    def sets(self, goal: int, near: Collection[int], limit: int) -> Iterator[tuple[dict[int, int], list[int]]]:
        """(lines with their literals, model) of each minimal set that makes a literal true, `limit` at most.

        `near` are the symbols to try first: any others are only taken when these do not do.
        """
        sat, done = self.solver.sat, self.fresh()
        first = [-literal for number, literal in self.lines.items() if number not in near]
        for _ in range(limit):
            sat.prefer([-literal for literal in self.lines.values()])
            if not sat.solve([goal, done, *first]) and not sat.solve([goal, done]):
                break
            model = sat.model
            chosen = self.chosen(self.lines, model)
            while chosen:
                smaller = self.fresh()
                sat.add([-smaller, *(-literal for literal in chosen.values())])
                sat.prefer([-literal for literal in chosen.values()])
                others = [-literal for number, literal in self.lines.items() if number not in chosen]
                found = sat.solve([goal, smaller, *others])
                if found:
                    model = sat.model
                sat.add([-smaller])
                if not found:
                    break
                chosen = self.chosen(chosen, model)
            yield chosen, model
            sat.add([-done, *(-literal for literal in chosen.values())])
        self.more = sat.holds([goal, done])
        sat.add([-done])

    @staticmethod
    def chosen(lines: Mapping[int, int], model: Sequence[int]) -> dict[int, int]:
        return {number: literal for number, literal in lines.items() if holds(model, literal)}

    def values(self, chosen: Mapping[int, int], model: Sequence[int]) -> dict[int, str]:
        """Symbol -> the value that its line has; of a choice the member that is picked."""
        encoding = self.solver.encoding
        out = {}
        for number in chosen:
            if number >= len(self.model.symbols):
                continue
            if number < 0:
                members = self.model.choices[-1 - number].members
                out.update({member: "y" for member in members if holds(model, encoding.yes[member])})
            elif number in encoding.domains:
                out[number] = next(text for text, literal in encoding.domains[number].values if holds(model, literal))
            else:
                on, yes = holds(model, encoding.enabled[number]), holds(model, encoding.yes[number])
                out[number] = "y" if yes else "m" if on else "n"
        return out

    def resolve(self, lines: Mapping[int, str], answers: dict[str, str]) -> Resolver:
        """What the kernel's tools make of these lines, every other one being n."""
        return self.solver.resolve(edited(self.model, self.user, lines), answers)

    def probes(self, chosen: Iterable[int]) -> tuple[str, ...]:
        """The probes among these, as the Kconfig files write them."""
        count = len(self.model.symbols)
        return tuple(sorted({self.model.atom_text(atom) for atom in chosen if atom >= count}))

    def probe_texts(self, model: Sequence[int]) -> dict[int, str]:
        """What the probes say whose text some comparison reads."""
        count = len(self.model.symbols)
        return {
            atom: next(text for text, literal in domain.values if holds(model, literal))
            for atom, domain in self.solver.encoding.domains.items()
            if atom >= count
        }

    def ways(self, symbol: int, near: Collection[int], limit: int = MAX_WAYS) -> tuple[list[MinimalWay], bool]:
        """(ways to turn a symbol on, the fewest lines first, whether these are all).

        Each is resolved, and again without any one of its lines.
        """
        out = []
        for chosen, model in self.sets(self.solver.encoding.enabled[symbol], near, limit):
            lines = self.values(chosen, model)
            answers = self.solver.free_answers(model, self.probe_texts(model))
            verified = self.resolve(lines, answers).tri(symbol) > 0 and not any(
                self.resolve({number: text for number, text in lines.items() if number != left}, answers).tri(symbol)
                for left in list(lines)[:MAX_LEFT_OUT]
            )
            named = sorted(SetLine(self.model.symbols[number].name, text) for number, text in lines.items())
            out.append(MinimalWay(tuple(named), verified, self.probes(chosen)))
        return sorted(out, key=lambda way: (len(way.lines), way.lines)), not self.more
