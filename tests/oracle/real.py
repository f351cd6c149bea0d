"""`python -m tests.oracle.real --goals 20 --seed 1`: what `explain` and `repair` say of whole configurations of
distributions on real kernels, against those kernels' own conf; status 1 when something is refuted.

The symbols are drawn from those that have a prompt; each is asked to be y, m and n, where it is not so already. A claim
that is refuted in conf's one process is shown to its own binary as well. Seconds are those of the processor.
"""

from __future__ import annotations

import argparse
import gc
import random
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache

from kcfg.answers.explain import ChangedLine, OtherChange, explain
from kcfg.answers.judge import Judge
from kcfg.base.version import KernelUsed
from kcfg.kconfig.config import parse_config
from kcfg.kconfig.kernels import Kernel
from kcfg.kconfig.model import Type
from kcfg.solver.fitness import Fitness
from kcfg.solver.results import Goal
from kcfg.solver.solver import Solver
from kcfg.solver.store import open_solver
from profiles import load_profile
from profiles.fulfil.demands import rule_demands
from profiles.fulfil.repair import repair
from tests.conformance import kernels
from tests.conformance.compare import model_of
from tests.conformance.kernels import run_conf
from tests.oracle.distributions import Distribution, distributions
from tests.oracle.real_conf import Conf, File, Values
from tests.oracle.real_rows import HEAD, Row, differing, drawn, fulfilled, goal_of, shown

PROFILES = ("no-pv", "pvh-domu")
PAIRS = ("yy", "ym", "yn", "my", "mm", "mn", "ny", "nm", "nn")
NEIGHBOURS = 24
"""Lines beside the goal's own that a search for a refutation tries."""

MOST_CHANGED = 500
"""Symbols that get another value: more say that nearly all is off."""

Holds = Callable[[Values], bool]


class Survey:
    """One configuration under one kernel."""

    def __init__(
        self, kernel: str, one: Distribution, rows: dict[str, Row], seconds: float, minimal: bool = False
    ) -> None:
        self.kernel, self.one, self.rows, self.seconds = kernel, one, rows, seconds
        found, self.model, answers = model_of(kernel, one.arch)
        used = KernelUsed(version=self.model.version, arch=one.arch, origin="tree", name=kernel)
        text = run_conf(found, one.arch, "--savedefconfig", one.text()).text if minimal else one.text()
        self.judge = Judge(parse_config(text, one.name), Kernel(self.model, used, True), answers)
        self.solver = solver_of(kernel, one.arch, tuple(sorted(self.judge.resolver.answers.items())))
        self.conf = conf_of(kernel, one.arch)
        self.file = File(text, self.model)
        self.base = self.conf(self.file.text)
        self.found = found
        ours = {self.model.symbols[n].name: value for n, value in self.judge.resolver.lines()}
        if ours != self.base:
            self.refute("resolve", f"differs at {differing(ours, self.base)}")

    def refute(self, kind: str, said: str) -> None:
        self.rows.setdefault(kind, Row()).refuted[said.split(":")[0]] += 1
        print(f"REFUTED {self.kernel} {self.one.name} {kind}: {said}", flush=True)

    # Questions

    def ask(self, *goals: Goal) -> None:
        """explain SYMBOL=VALUE, of one goal or of several."""
        kind = f"explain {goals[0].value}" if len(goals) == 1 else "explain two"
        what = " ".join(map(str, goals))
        row = self.rows.setdefault(kind, Row())
        row.questions += 1
        start = time.process_time()
        try:
            report = explain(self.judge, self.solver, goals, "0", given=True)
        except Exception as error:  # a traceback is a wrong answer
            self.refute(kind, f"traceback: {what}: {type(error).__name__}: {error}")
            return
        seconds = time.process_time() - start
        row.seconds.append(seconds)

        def holds(values: Values) -> bool:
            return all(values.get(goal.symbol, "n") == goal.value for goal in goals)

        if not report.possible:
            row.impossible += 1
            better = self.reaching(goals, holds, 99)
            if better:
                self.refute(kind, f"possible: {what} is called impossible, {better} do it")
            return
        self.change(kind, what, {goal.symbol for goal in goals}, report.changes, holds)
        self.proof(kind, what, report.proven, report.out_of_time, len(report.changes), report.bound, seconds)
        if report.other is not None:
            self.ask_other(what, goals, report.other, holds)
        if report.proven and len(report.changes) > 1:
            better = self.reaching(goals, holds, len(report.changes) - 1)
            if better:
                self.refute(kind, f"fewer: {what}: {shown(report.changes)} is called fewest, {better} do it")

    def ask_other(self, what: str, goals: Sequence[Goal], found: OtherChange, holds: Holds) -> None:
        """The change that leaves more of the user's lines alone."""
        kind = "explain, other"
        self.rows.setdefault(kind, Row()).questions += 1
        stays = dict(one.split("=") for one in found.stays)
        names = {goal.symbol for goal in goals}

        def stayed(values: Values) -> bool:
            return holds(values) and all(values.get(name, "n") == value for name, value in stays.items())

        self.change(kind, f"{what} with {found.stays}", names, found.changes, stayed)
        self.proof(kind, what, found.proven, found.out_of_time, len(found.changes), found.bound, 0.0)

    def flip(self, rng: random.Random) -> None:
        """What some changed lines come to can be had with as many: no answer may need more."""
        kinds = {name: self.model.symbols[self.model.index[name]].type for name in self.settable}
        lines = {}
        for name in rng.sample(self.settable, rng.choice((1, 2, 3))):
            others = {Type.BOOL: "yn", Type.TRISTATE: "ymn"}[Type(kinds[name])].replace(self.base.get(name, "n"), "")
            lines[name] = rng.choice(others)
        text = self.file.edited(lines)
        after = self.conf(text)
        known = self.known(range(len(self.model.symbols)))
        changed = [name for name in known if self.base.get(name, "n") != after.get(name, "n")]
        if not changed or len(changed) > MOST_CHANGED:
            return
        goals = [
            Goal(name, after.get(name, "n")) for name in rng.sample(changed, min(len(changed), rng.choice((1, 2))))
        ]
        kind = "explain, flipped"
        self.rows.setdefault(kind, Row()).questions += 1
        start = time.process_time()
        report = explain(self.judge, self.solver, goals, "0", given=True)
        seconds = time.process_time() - start
        self.rows[kind].seconds.append(seconds)
        what = " ".join(map(str, goals))
        if (not report.possible or len(report.changes) > len(lines)) and self.conf.real(text) == after:
            self.refute(kind, f"fewer: {what}: {shown(report.changes)} is called fewest, {lines} do it")
        self.proof(kind, what, report.proven, report.out_of_time, len(report.changes), report.bound, seconds)

    @cached_property
    def settable(self) -> list[str]:
        """Bools and tristates whose prompts can be seen; what others depend on stands there as often as they do."""
        model, seen = self.model, set(self.conf.settable(self.file.text))
        fitness = Fitness(model, self.judge.resolver.user, [])
        out = [one.name for one in model.symbols if one.name in seen and one.type in (Type.BOOL, Type.TRISTATE)]
        numbers = [model.index[name] for name in out]
        for number in numbers:
            symbols = [model.symbols[other] for other in fitness.spoken_of(number)]
            out += [one.name for one in symbols if one.name in seen and one.type in (Type.BOOL, Type.TRISTATE)]
        return out

    def mend(self, profile: str) -> None:
        """repair -p PROFILE."""
        kind = f"repair {profile}"
        loaded = load_profile(profile)
        if not loaded.applicable(self.judge.own_version, self.model.arch)[0]:
            return
        demands = rule_demands(loaded, self.model, self.judge.own_version)
        row = self.rows.setdefault(kind, Row())
        row.questions += 1
        start = time.process_time()
        try:
            report, _ = repair(self.judge, self.solver, demands, (profile,), "0", self.seconds)
        except Exception as error:  # a traceback is a wrong answer
            self.refute(kind, f"traceback: {type(error).__name__}: {error}")
            return
        seconds = time.process_time() - start
        row.seconds.append(seconds)
        if not report.possible:
            row.impossible += 1
            print(f"impossible {self.kernel} {self.one.name} {kind}: {report.core_goals}", flush=True)
            return

        def holds(values: Values) -> bool:
            return all(fulfilled(demand, values) for demand in demands)

        self.change(kind, profile, {name for one in demands for name in one.symbols}, report.changes, holds)
        self.proof(kind, profile, report.proven, report.out_of_time, len(report.changes), report.bound, seconds)
        print(f"change {self.kernel} {self.one.name} {kind}: {shown(report.changes)} ({seconds:.1f} s)", flush=True)

    # Checks

    def proof(
        self, kind: str, what: str, proven: bool, out_of_time: bool, lines: int, bound: int, seconds: float
    ) -> None:
        if not proven:
            self.rows[kind].unproven += 1
            said = "out of time" if out_of_time else "time left"
            print(
                f"unproven {self.kernel} {self.one.name} {kind}: {what}: {lines} lines, bound {bound}, "
                f"{seconds:.1f} s, {said}",
                flush=True,
            )
        elif seconds > 10:
            print(f"slow {self.kernel} {self.one.name} {kind}: {what}: {lines} lines, {seconds:.1f} s", flush=True)

    def change(self, kind: str, what: str, asked: set[str], changes: Sequence[ChangedLine], holds: Holds) -> None:
        """Each line is needed, says whether it undoes one, and together conf makes of them what was said."""
        lines = {one.symbol: one.new for one in changes}
        got = self.confirmed(self.file.edited(lines), lambda values: not holds(values))
        if not holds(got):
            self.refute(kind, f"not reached: {what}: {shown(changes)}")
            return
        made = self.judge_of(lines)
        if made != got:
            self.refute(kind, f"result: {what}: {shown(changes)}: differs at {differing(made, got)}")
        for one in changes:
            rest = {name: value for name, value in lines.items() if name != one.symbol}
            if holds(self.conf(self.file.edited(rest))) and holds(self.conf.real(self.file.edited(rest))):
                self.refute(kind, f"not needed: {what}: {one.symbol}={one.new} of {shown(changes)}")
        undone = [one.symbol for one in changes if self.file.contradicted(one.symbol, one.new)]
        silent = [one.symbol for one in changes if one.symbol in undone and not one.undoes and one.symbol not in asked]
        if silent:
            self.refute(kind, f"undone in silence: {what}: {silent} of {shown(changes)}")
        loud = [name for name in undone if name not in asked]
        if loud:
            self.rows[kind].undone += 1
            print(f"undoes {self.kernel} {self.one.name} {kind}: {what}: {loud} of {shown(changes)}", flush=True)

    def judge_of(self, lines: dict[str, str]) -> Values:
        """What the product's resolver makes of the edited file."""
        edited = Judge(parse_config(self.file.edited(lines), "edited"), self.judge.kernel, self.judge.resolver.answers)
        return {self.model.symbols[n].name: value for n, value in edited.resolver.lines()}

    def confirmed(self, text: str, bad: Holds) -> Values:
        """What conf makes of it; where that is bad, what its own binary makes."""
        got = self.conf(text)
        return self.conf.real(text) if bad(got) else got

    def reaching(self, goals: Sequence[Goal], holds: Holds, most: int) -> str:
        """At most so many lines that reach the goals, "" where a simple search finds none."""
        own = {goal.symbol: goal.value for goal in goals}
        for lines in [own, *(own | lines for goal in goals for lines in self.tries(goal)), *self.tries(goals[0])]:
            if len(lines) > most or not holds(self.conf(self.file.edited(lines))):
                continue
            if holds(self.conf.real(self.file.edited(lines))):
                return " ".join(f"{name}={value}" for name, value in lines.items())
        return ""

    def tries(self, goal: Goal) -> list[dict[str, str]]:
        """Lines that may reach a goal: its own, with one of its neighbours', with all of them."""
        own = {goal.symbol: goal.value}
        number = self.model.index[goal.symbol]
        fitness = Fitness(self.model, self.judge.resolver.user, [goal])
        away = {"n": "n"}.get(goal.value, "y")
        causes = fitness.causes([number]) if goal.value == "n" else fitness.spoken_of(number)
        near = [name for name in self.known(causes) if self.base.get(name, "n") != away]
        out = [own, *({name: away} for name in near[:NEIGHBOURS])]
        out += [own | {name: away} for name in near[:NEIGHBOURS]]
        out.append(dict.fromkeys(near, away) | own)
        if goal.value != "n":
            far = {n for cause in causes for n in fitness.spoken_of(cause)} | causes
            out.append({name: "y" for name in self.known(far) if self.base.get(name, "n") != "y"} | own)
        return out

    def known(self, numbers: Iterable[int]) -> list[str]:
        """The bools and tristates among symbols."""
        symbols = [self.model.symbols[number] for number in sorted(numbers)]
        return [one.name for one in symbols if one.definitions and one.type in (Type.BOOL, Type.TRISTATE)]


@lru_cache(maxsize=2)
def solver_of(kernel: str, arch: str, answers: tuple[tuple[str, str], ...]) -> Solver:
    return open_solver(model_of(kernel, arch)[1], dict(answers))


@lru_cache(maxsize=2)
def conf_of(kernel: str, arch: str) -> Conf:
    return Conf(model_of(kernel, arch)[0], arch)


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle.real", description=__doc__)
    parser.add_argument("--goals", type=int, default=20, help="symbols for each kernel, each to be y, m and n")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kernel", action="append", help="a series; 6.12 and 7.3 unless given; may be repeated")
    parser.add_argument("--config", action="append", help="a name of distributions.toml; all unless given")
    parser.add_argument("--symbol", action="append", help="instead of drawing: this one; may be repeated")
    parser.add_argument(
        "--flips", type=int, default=0, help="how often lines are flipped, and what comes of it asked for"
    )
    parser.add_argument("--pairs", action="store_true", help="ask of two symbols at once")
    parser.add_argument("--minimal", action="store_true", help="of each the lines that conf --savedefconfig writes")
    parser.add_argument("--profile", action="append", help="no-pv and pvh-domu unless given; may be repeated")
    parser.add_argument("--no-repair", action="store_true")
    parser.add_argument("--timeout", type=float, default=60.0, help="seconds of each repair")
    options = parser.parse_args(arguments)
    rows: dict[str, Row] = {}
    missing = []
    asked = 0
    for name in options.kernel or ["6.12", "7.3"]:
        for one in distributions():
            if options.config and one.name not in options.config:
                continue
            if not one.there:
                missing.append(one.name)
                continue
            start = time.monotonic()
            survey = Survey(kernels.kernel(name).name, one, rows, options.timeout, options.minimal)
            gc.freeze()  # models and clauses stay, and need no look at each collection
            model = survey.model
            named = [model.index[symbol] for symbol in options.symbol or () if symbol in model.index]
            chosen = named if options.symbol else drawn(model, options.goals, options.seed)
            rng = random.Random(options.seed)
            for number in () if options.pairs else chosen:
                symbol = model.symbols[number]
                for value in "ymn" if symbol.type == Type.TRISTATE else "yn":
                    if survey.base.get(symbol.name, "n") != value:
                        survey.ask(Goal(symbol.name, value))
            for first, second in zip(chosen[::2], chosen[1::2], strict=False) if options.pairs else ():
                for values in rng.sample(PAIRS, 2):
                    goals = [
                        goal_of(model, number, value) for number, value in zip((first, second), values, strict=True)
                    ]
                    if any(survey.base.get(goal.symbol, "n") != goal.value for goal in goals):
                        survey.ask(*goals)
            for _ in range(options.flips):
                survey.flip(rng)
            for profile in () if options.no_repair else options.profile or PROFILES:
                survey.mend(profile)
            asked += 1
            print(f"done {name} {one.name} {time.monotonic() - start:.0f} s", flush=True)
    print(HEAD)
    for kind in sorted(rows):
        print(rows[kind].told(kind))
        for said, count in rows[kind].refuted.most_common():
            print(f"    {count:5} {said}")
    for absent in sorted(set(missing)):
        print(f"left out: {absent} is not in the cache")
    if not asked:
        print("oracle: no configuration is there; see tests/oracle/distributions.toml", file=sys.stderr)
        return 3
    return 1 if any(row.refuted for row in rows.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
