"""Each answer against the truth. Whatever refutes one is shown to the kernel's own conf first."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.conformance.kernels import Kernel
from tests.oracle.changed import Told, holds, told_wrongly
from tests.oracle.conf import Batch, RefusedError, State, real, write_tree
from tests.oracle.product import TIMEOUT, Answer, Product
from tests.oracle.questions import Case, Goals, Question
from tests.oracle.trees import LOGIC
from tests.oracle.truth import TooManyError, Truth, differing

WORLDS = ("EXPERT", "MODULES", "COMPILE_TEST")
"""What turns hundreds of other symbols on or off."""


FEW = 2
"""Lines with which conf is asked for what is called impossible."""


class OracleError(Exception):
    """The oracle contradicts itself, or conf contradicts `batch`."""


@dataclass(frozen=True, slots=True)
class Refutation:
    """A claim that is not true. `kind` is the same for claims of one sort; `told` says what was said and what is so."""

    kind: str
    question: Question
    config: str
    told: str


@dataclass(slots=True)
class Tally:
    """What was asked. `undecided`: claims that would take too long to check."""

    trees: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    questions: Counter[str] = field(default_factory=Counter)
    any_of: int = 0
    modules: int = 0
    undecided: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    refuted: Counter[str] = field(default_factory=Counter)
    fixpoints: int = 0
    configurations: int = 0
    seconds: float = 0.0

    def add(self, other: Tally) -> None:
        self.trees += other.trees
        self.any_of += other.any_of
        self.modules += other.modules
        self.fixpoints += other.fixpoints
        self.configurations += other.configurations
        self.seconds += other.seconds
        self.left_out += other.left_out
        self.questions += other.questions
        self.undecided += other.undecided
        self.notes += other.notes
        self.refuted += other.refuted


def examine(kernel: Kernel, case: Case, tally: Tally) -> list[Refutation]:
    """All that is refuted in one case."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="kcfg-oracle-", dir=memory()) as name:
        folder = write_tree(Path(name), case.tree.kconfig, kernel.version)
        try:
            batch = Batch(kernel, folder)
        except RefusedError:
            tally.left_out["refused by conf"] += 1
            return []
        try:
            truth = Truth(case.tree, batch)
            truth.find()
            found = list(Examiner(kernel, folder, case, truth, tally).all())
            tally.trees += 1
            tally.fixpoints += len(truth.fixpoints)
            tally.configurations += batch.asked
            tally.notes["configurations that conf changes twice"] += truth.drifting
            tally.refuted.update(one.kind for one in found)
        except TooManyError:
            tally.left_out["too many configurations"] += 1
            found = []
        except RefusedError:
            tally.left_out["conf crashed"] += 1
            found = []
        finally:
            batch.close()
    tally.seconds += time.perf_counter() - start
    return found


def memory() -> str | None:
    """A folder in memory, if there is one."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


@dataclass(slots=True)
class Examiner:
    """Asks the questions of one case; without a `product`, of kcfg."""

    kernel: Kernel
    folder: Path
    case: Case
    truth: Truth
    tally: Tally
    product: Product | None = None
    question: Question = field(default_factory=lambda: Question(""))
    config: tuple[str, ...] = ()

    def all(self) -> Iterable[Refutation]:
        try:
            asked = self.product or Product(self.folder, self.kernel.version, shared=self.case.shared)
        except Exception as error:
            yield self.refuted(f"parse: {type(error).__name__}", str(error))
            return
        for question in self.case.questions:
            self.question = question
            self.config = self.start(question)
            self.tally.questions[question.kind] += 1
            self.tally.any_of += bool(question.either)
            self.tally.modules += question.has_module_goal
            try:
                yield from getattr(self, question.kind)(asked, question)
            except (OracleError, RefusedError):
                raise
            except Exception as error:
                yield self.refuted(f"{question.kind}: {type(error).__name__}", str(error))

    def start(self, question: Question) -> tuple[str, ...]:
        """The lines of the configuration that a question starts from."""
        fixpoints = self.truth.fixpoints
        if question.base < 0 or not fixpoints:
            return question.lines
        base = self.truth.written(fixpoints[question.base % len(fixpoints)].lines)
        return (*base.splitlines(), *question.lines)

    def refuted(self, kind: str, told: str) -> Refutation:
        return Refutation(kind, self.question, "".join(f"{one}\n" for one in self.config), told)

    # Truth

    def confirmed(self, text: str) -> State:
        """What conf makes of a configuration, by its own binary too."""
        state = self.truth.batch(text)
        lines = real(self.kernel, self.folder, text)
        if lines != state.lines:
            raise OracleError(f"conf: {lines}, batch: {state.lines}\n{self.case.tree.kconfig}--- .config\n{text}")
        return state

    def reached(self, state: State, question: Question, goals: Goals | None = None) -> bool:
        """Whether a configuration is what was asked for."""
        wanted = (*question.goals, *question.given) if goals is None else goals
        if not all(self.holds(state, goal) for goal in wanted):
            return False
        if goals is not None:
            return True
        if not question.modules and state.values.get("MODULES", "n") != "n":
            return False
        if question.no_unmet and state.unmet:
            return False
        return all(any(all(self.holds(state, goal) for goal in way) for way in ways) for ways in question.either)

    def holds(self, state: State, goal: tuple[str, str]) -> bool:
        return holds(state, goal, self.truth.options[goal[0]].type)

    def fitting(self, question: Question) -> list[State]:
        return [state for state in self.truth.fixpoints if self.reached(state, question)]

    def shown(self, state: State) -> str:
        """A fixpoint as a witness: conf keeps it."""
        text = self.truth.written(state.lines)
        if self.confirmed(text).lines != state.lines:
            raise OracleError(f"no fixpoint: {state.lines}")
        return short(self.truth, state.lines)

    # Claims that several kinds of answers make

    def impossible(self, answer: Answer, question: Question) -> Iterable[Refutation]:
        fitting = self.fitting(question)
        if fitting:
            told = f"impossible: {named(answer.core)}\ntruth: {self.shown(fitting[0])}"
            yield self.refuted(f"{question.kind}: possible, called impossible", told)
            return
        core = [state for state in self.truth.fixpoints if self.reached(state, question, answer.core)]
        if core and not question.no_unmet:
            told = f"impossible at once: {named(answer.core)}\ntruth: {self.shown(core[0])}"
            yield self.refuted(f"{question.kind}: the goals of the reason are possible", told)

    def kept(self, answer: Answer, question: Question) -> Iterable[Refutation]:
        """The configuration of an answer stays as it is, and is what was asked for."""
        values = answer.values or {}
        state = self.truth.batch(self.truth.written(values))
        if state.lines != values:
            self.confirmed(self.truth.written(values))
            told = f"{short(self.truth, values)}\ntruth: conf makes it {short(self.truth, state.lines)}"
            yield self.refuted(f"{question.kind}: its configuration is not kept", told)
        elif not self.reached(state, question):
            told = f"{short(self.truth, values)}\ntruth: that misses the goals"
            yield self.refuted(f"{question.kind}: its configuration misses the goals", told)
        elif state not in self.truth.fixpoints:
            self.tally.notes["configurations with a text that was not tried"] += 1

    # Kinds of questions

    def resolves(self, product: Product, question: Question) -> Iterable[Refutation]:
        text = self.truth.edited(self.config, ())
        ours, state = product.resolves(text), self.truth.batch(text)
        if ours != state.lines:
            self.confirmed(text)
            told = f"{short(self.truth, ours)}\ntruth: {short(self.truth, state.lines)}"
            yield self.refuted("resolves: not as conf does", told)

    def accepts(self, product: Product, question: Question) -> Iterable[Refutation]:
        if not self.truth.fixpoints:
            return
        base = self.truth.fixpoints[question.base % len(self.truth.fixpoints)]
        options = self.truth.options
        read = product.texts_read()
        values = {name: value for name, value in base.values.items() if not options[name].old}
        compared = [name for name in values if options[name].type in ("bool", "tristate") or name in read]
        values |= {name: value for name, value in question.flips if name in compared}
        lines = {
            name: value
            for name, value in values.items()
            if options[name].type in ("bool", "tristate") or name in base.lines or name in dict(question.flips)
        }
        state = self.truth.batch(self.truth.written(lines))
        said = {name: values[name] for name in compared}  # an empty text may stand in a line, or in none
        kept = any(self.stays_so(text, said) for text in (lines, lines | said))
        if product.accepts({name: values[name] for name in compared}) != kept:
            self.confirmed(self.truth.written(lines))
            told = f"{short(self.truth, lines)}\ntruth: conf "
            told += "keeps it" if kept else f"makes it {short(self.truth, state.lines)}"
            yield self.refuted(f"accepts: {'kept, but refused' if kept else 'changed, but accepted'}", told)

    def stays_so(self, lines: Mapping[str, str], values: Mapping[str, str]) -> bool:
        """Whether lines come to these values, and conf then keeps what it has written."""
        state = self.truth.batch(self.truth.written(lines))
        stays = self.truth.batch(self.truth.written(state.lines)).lines == state.lines
        return stays and all(state.values[name] == value for name, value in values.items())

    def possible(self, product: Product, question: Question) -> Iterable[Refutation]:
        answer = product.possible(question.goals, question.given)
        yield from self.kept(answer, question) if answer.possible else self.impossible(answer, question)

    def smallest(self, product: Product, question: Question) -> Iterable[Refutation]:
        answer = product.smallest(
            question.goals,
            given=question.given,
            either=question.either,
            objective=question.objective,
            modules=question.modules,
            objects=question.objects or None,
            no_unmet=question.no_unmet,
        )
        if not answer.possible:
            yield from self.impossible(answer, question)
            return
        wrong = list(self.kept(answer, question))
        if wrong:
            yield from wrong
            return
        own = self.cost(self.truth.batch(self.truth.written(answer.values or {})), question)
        said = f"{answer.cost}, at least {answer.bound}: {short(self.truth, answer.values or {})}"
        if own != answer.cost:
            yield self.refuted("smallest: its configuration has another cost", f"{said}\ntruth: that costs {own}")
        fitting = self.fitting(question)
        best = min(fitting, key=lambda state: self.cost(state, question), default=None)
        if best is None:
            return
        cost = self.cost(best, question)
        told = f"{said}\ntruth: {cost}: {self.shown(best)}" if cost < answer.bound or cost < answer.cost else ""
        if answer.proven and cost < answer.cost:
            yield self.refuted("smallest: proven, but less will do", told)
        elif cost < answer.bound:
            yield self.refuted("smallest: its bound is above the truth", told)
        elif not answer.proven:
            yield self.refuted("smallest: no proof, though the time did not run out", f"{said}\ntruth: {cost}")

    def cost(self, state: State, question: Question) -> int:
        on = [name for name, value in state.values.items() if value in ("y", "m") and self.is_logic(name)]
        if question.objects:
            return sum(
                weight
                for parts, weight in question.objects
                if all(state.values[name] in letters for name, letters in parts)
            )
        if question.objective == "prompts":
            return sum(state.limit[name] != "n" for name in on)
        return sum(not self.truth.options[name].old for name in on)

    def is_logic(self, name: str) -> bool:
        return self.truth.options[name].type in ("bool", "tristate")

    def nearest(self, product: Product, question: Question) -> Iterable[Refutation]:
        text = self.truth.edited(self.config, ())
        if question.kind == "repair":
            answer = product.repair(text, question.goals, question.either)
        else:
            answer = product.nearest(
                text,
                question.goals,
                given=question.given,
                either=question.either,
                few_symbols=question.few_symbols,
            )
        if answer.once:
            yield from self.read_once(answer, question)
            return
        if not answer.possible:
            yield from self.impossible(answer, question)
            yield from self.never_reached(answer, question)
            return
        base, edited = self.truth.batch(text), self.truth.edited(self.config, answer.changed)
        state = self.truth.batch(edited)
        said = f"{len(answer.changed)} lines: {named(answer.changed)}"
        wrong = []
        if state.lines != answer.values:
            told = f"{said} lead to {short(self.truth, answer.values or {})}\ntruth: {short(self.truth, state.lines)}"
            wrong.append(self.refuted(f"{question.kind}: its lines lead elsewhere", told))
        elif not self.reached(state, question):
            told = f"{said} lead to {short(self.truth, state.lines)}\ntruth: that misses the goals"
            wrong.append(self.refuted(f"{question.kind}: its lines miss the goals", told))
        if wrong:
            self.confirmed(edited)
            yield from wrong
            return
        yield from self.written(answer, text, state)
        yield from self.fewest(answer, question, said)
        for kind, what in told_wrongly(Told(self.truth, self.config, question, answer, self.reached), self.tally):
            self.confirmed(edited)
            yield self.refuted(f"{question.kind}: {kind}", f"{said}\n{what}")
        changed = differing(base, state, self.truth.tree.options)
        if answer.symbols_changed is not None and answer.symbols_changed != changed:
            told = f"{answer.symbols_changed} symbols get another value: {said}\ntruth: {changed}"
            yield self.refuted("repair: another number of symbols changes", told)

    repair = nearest

    def read_once(self, answer: Answer, question: Question) -> Iterable[Refutation]:
        """Lines that conf takes to the goals once, and another way when it reads what it has written."""
        self.tally.notes["changes that conf takes once"] += 1
        text = self.truth.edited(self.config, answer.once)
        state = self.truth.batch(text)
        stays = self.truth.batch(self.truth.written(state.lines)).lines == state.lines
        if stays or not self.reached(state, question):
            self.confirmed(text)
            told = (
                f"once: {named(answer.once)}\ntruth: {'kept' if stays else 'missed'}: {short(self.truth, state.lines)}"
            )
            yield self.refuted(f"{question.kind}: not as conf takes lines once", told)

    def never_reached(self, answer: Answer, question: Question) -> Iterable[Refutation]:
        """What is impossible is nothing that conf makes of a few lines, not even once."""
        found = self.truth.changes(self.config, lambda state: self.reached(state, question), FEW)
        if found:
            text = self.truth.edited(self.config, found[0][0])
            self.confirmed(text)
            told = f"impossible: {named(answer.core)}\ntruth: once with {named(found[0][0])}"
            yield self.refuted(f"{question.kind}: possible once, called impossible", told)

    def written(self, answer: Answer, text: str, state: State) -> Iterable[Refutation]:
        """The text with the change in it leads there, and differs from the one before by what is told alone."""
        if answer.text is None:
            return
        if self.truth.batch(answer.text).lines != state.lines:
            self.confirmed(answer.text)
            yield self.refuted("repair: the text that is written leads elsewhere", answer.text)
        new = Counter(self.truth.batch.text(answer.changed).splitlines())
        if Counter(answer.text.splitlines()) != Counter(text.splitlines()) - Counter(answer.removed) + new:
            yield self.refuted("repair: other lines are written than are told", f"{answer.removed}\n{answer.text}")

    def fewest(self, answer: Answer, question: Question, said: str) -> Iterable[Refutation]:
        """No fewer lines, and no fewer symbols with as many lines, do what was asked for."""
        lines = len(answer.changed)
        said = f"{said} (cost {answer.cost}, at least {answer.bound})"
        found = self.truth.changes(self.config, lambda state: self.reached(state, question), lines - 1) if lines else []
        if found is None:
            self.tally.undecided[question.kind] += 1
            return
        truth = len(found[0][0]) if found else lines
        told = said
        if found:
            self.confirmed(self.truth.edited(self.config, found[0][0]))
            told += f"\ntruth: {truth}: {named(found[0][0])}"
        if answer.proven and truth < lines:
            yield self.refuted(f"{question.kind}: proven, but fewer lines do", told)
        elif truth < answer.bound:
            yield self.refuted(f"{question.kind}: its bound is above the truth", told)
        elif not answer.proven:
            yield self.refuted(f"{question.kind}: no proof, though the time did not run out", f"{told}\ntruth: {truth}")
        elif question.few_symbols and lines:
            yield from self.few_symbols(question, lines, answer, said)

    def few_symbols(self, question: Question, lines: int, answer: Answer, said: str) -> Iterable[Refutation]:
        """Of the changes with as few lines, one with the fewest lines of WORLDS that nobody asked for, and of these one
        that gives the fewest bools and tristates another value."""
        base = self.truth.batch(self.truth.edited(self.config, ()))
        state = self.truth.batch(self.truth.edited(self.config, answer.changed))
        found = self.truth.changes(self.config, lambda one: self.reached(one, question), lines)
        if found is None:
            self.tally.undecided[f"{question.kind}, few symbols"] += 1
            return
        named_ones = {name for name, _ in question.all_goals}
        logic = [one for one in self.truth.tree.options if one.type in LOGIC]

        def price(edits: Iterable[tuple[str, str]], after: State) -> tuple[int, int]:
            worlds = sum(name in WORLDS and name not in named_ones for name, _ in edits)
            return worlds, differing(base, after, logic)

        ours = price(answer.changed, state)
        best = min(found, key=lambda one: price(*one), default=None)
        if best is not None and price(*best) < ours:
            self.confirmed(self.truth.edited(self.config, best[0]))
            told = f"{said}: {ours[0]} of {', '.join(WORLDS)}, {ours[1]} bools and tristates get another value\n"
            told += f"truth: {price(*best)[0]}, {price(*best)[1]}: {named(best[0])}"
            yield self.refuted(f"{question.kind}: as few lines, but fewer symbols get another value", told)


def named(goals: Iterable[tuple[str, str]]) -> str:
    return " ".join(f"{name}={value}" for name, value in goals) or "nothing"


def short(truth: Truth, lines: Mapping[str, str]) -> str:
    """Lines as a person reads them, in the order of the file."""
    return named(sorted(lines.items(), key=lambda one: truth.order[one[0]]))


def presented(kernel: Kernel, case: Case, refutation: Refutation) -> str:
    """A refutation for a person."""
    head = f"{refutation.kind}\nLinux {kernel.name}{', a solver that was asked before' if case.shared else ''}\n"
    files = f"--- Kconfig\n{case.tree.kconfig}--- .config\n{refutation.config}"
    return f"{head}{refutation.question}\nsaid: {refutation.told}\n{files}"


__all__: Sequence[str] = ("TIMEOUT", "Examiner", "OracleError", "Refutation", "Tally", "examine", "presented")
