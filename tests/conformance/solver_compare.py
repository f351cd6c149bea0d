"""The clauses against a kernel's own conf: what conf makes, random models, and configurations with flipped symbols."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import lru_cache

from kcfg.kconfig.assign import read_user_values
from kcfg.kconfig.config import format_line, parse_config
from kcfg.kconfig.model import Model, Type
from kcfg.kconfig.resolve import Resolver
from kcfg.solver.encode import encode
from kcfg.solver.results import Configuration
from kcfg.solver.solver import Solver
from tests.conformance.compare import Case, kinds, lines_of, made, model_of
from tests.conformance.kernels import run_conf


@dataclass(slots=True)
class Tally:
    """What was compared for one kernel and architecture; `wrong` says what differed."""

    made: int = 0
    models: int = 0
    flips: int = 0
    flips_kept: int = 0
    wrong: list[str] = field(default_factory=list)


@lru_cache(maxsize=1)
def solver_of(kernel: str, arch: str) -> Solver:
    _, model, answers = model_of(kernel, arch)
    return Solver(model, encode(model, answers))


def plain_values(solver: Solver, text: str) -> dict[str, str]:
    """Symbol -> value of a .config; numbers and texts that it leaves out are what the resolver says."""
    model = solver.model
    config = parse_config(text, "config")
    out = {line.symbol: line.value for line in config.assignments}
    resolver = Resolver(model, read_user_values(model, config), solver.encoding.answers)
    for number in solver.encoding.domains:
        if number < len(model.symbols):
            out.setdefault(model.symbols[number].name, resolver.text(number))
    return out


def explicit(model: Model, text: str) -> str:
    """A .config with a line for every bool and tristate, so that a missing line is no default."""
    present = lines_of(text)
    missing = [
        format_line(symbol.name, "n")
        for symbol in model.symbols
        if symbol.definitions and Type.BOOL <= symbol.type <= Type.TRISTATE and symbol.name not in present
    ]
    return "\n".join([text.rstrip("\n"), *missing]) + "\n"


def keeps(solver: Solver, arch: str, text: str) -> bool:
    """Whether conf keeps every bool and tristate and every text that the clauses know; no line is n."""
    model = solver.model
    kernel = model_of(series(model), arch)[0]
    before = plain_values(solver, text)
    after = plain_values(solver, run_conf(kernel, arch, "--olddefconfig", explicit(model, text)).text)
    known = {model.symbols[number].name for number in solver.encoding.domains if number < len(model.symbols)}
    for number, symbol in enumerate(model.symbols):
        if symbol.name in known:
            if before[symbol.name] != after[symbol.name]:
                return False
        elif solver.encoding.enabled[number] != -1 and before.get(symbol.name, "n") != after.get(symbol.name, "n"):
            return False
    return True


def series(model: Model) -> str:
    return ".".join(model.version.split(".")[:2])


def text_of(model: Model, configuration: Configuration) -> str:
    """A .config's text."""
    lines = []
    for name, value in configuration.values.items():
        quoted = model.symbols[model.index[name]].type == Type.STRING
        lines.append(format_line(name, value, quoted=quoted))
    return "".join(f"{line}\n" for line in lines)


def random_model(solver: Solver, rng: random.Random) -> Configuration:
    """A configuration from random phases and up to 30 random assumptions that hold together."""
    literals = [literal for literal in (*solver.encoding.enabled, *solver.encoding.yes) if literal > 1]
    share = rng.choice((0.1, 0.3, 0.5, 0.7, 0.9))
    solver.sat.prefer([literal if rng.random() < share else -literal for literal in literals])
    taken: list[int] = []
    for literal in rng.sample(literals, 30):
        wanted = literal if rng.random() < share else -literal
        if solver.sat.holds([*taken, wanted]):
            taken.append(wanted)
    assert solver.sat.solve(taken)
    return solver.values(solver.sat.model)


def drift(kernel_name: str, arch: str, text: str) -> list[str]:
    """Lines that conf --olddefconfig changes, drops or adds."""
    kernel = model_of(kernel_name, arch)[0]
    before, after = lines_of(text), lines_of(run_conf(kernel, arch, "--olddefconfig", text).text)
    names = sorted(before.keys() | after.keys())
    return [f"{name}: {before.get(name)} -> {after.get(name)}" for name in names if before.get(name) != after.get(name)]


def flipped(model: Model, text: str, rng: random.Random) -> str:
    """One or two lines changed, each to another value that its type admits."""
    lines = text.splitlines()
    places = [i for i, line in enumerate(lines) if line.startswith("# CONFIG_") or line.endswith(("=y", "=m"))]
    places = [i for i in places if name_of(lines[i]) in model.index]
    for i in rng.sample(places, rng.choice((1, 1, 2))):
        name = name_of(lines[i])
        old = "n" if lines[i].startswith("#") else lines[i][-1]
        values = "nmy" if model.symbols[model.index[name]].type == Type.TRISTATE else "ny"
        lines[i] = format_line(name, rng.choice([value for value in values if value != old]))
    return "\n".join(lines) + "\n"


def name_of(line: str) -> str:
    return line.removeprefix("# ").removeprefix("CONFIG_").split("=")[0].split(" ")[0]


def check(kernel: str, arch: str, *, models: int, flips: int, randconfigs: int, names: int = 99) -> Tally:
    """All three comparisons for one kernel and architecture."""
    found, model, _ = model_of(kernel, arch)
    solver = solver_of(kernel, arch)
    rng = random.Random(f"{kernel} {arch}")
    tally = Tally()
    texts = []
    wanted = kinds(found, arch, randconfigs)
    for kind in wanted if names >= len(wanted) else rng.sample(wanted, names):
        text = made(kernel, arch, kind)
        texts.append(text)
        tally.made += 1
        if not solver.accepts(plain_values(solver, text)):
            tally.wrong.append(f"{Case(kernel, arch, kind, 'made')} is refused")
    for number in range(models):
        text = text_of(model, random_model(solver, rng))
        tally.models += 1
        changed = drift(kernel, arch, text)
        if changed:
            tally.wrong.append(f"random model {number} drifts: {changed[:3]}")
        elif number < 3:
            texts.append(text)
    for number in range(flips):
        text = flipped(model, texts[number % len(texts)], rng)
        tally.flips += 1
        expected = keeps(solver, arch, text)
        tally.flips_kept += expected
        if solver.accepts(plain_values(solver, text)) != expected:
            told = " ".join(sorted(set(text.splitlines()) - set(texts[number % len(texts)].splitlines())))
            tally.wrong.append(f"flip {number} ({told}): conf {'keeps' if expected else 'changes'} it")
    return tally
