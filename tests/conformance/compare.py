"""Our resolver against a kernel's own conf, symbol for symbol: the cases, and the comparison of one."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kcfg.kconfig.assign import read_user_values
from kcfg.kconfig.config import format_line, parse_config
from kcfg.kconfig.model import Model, Type
from kcfg.kconfig.parse import parse
from kcfg.kconfig.probes import run_probes
from kcfg.kconfig.resolve import Resolver
from kcfg.sources.open import open_source
from tests.conformance.kernels import (
    ARCHES,
    CONFIG_NAMES,
    Kernel,
    available,
    conf_env,
    fragments,
    make_config,
    run_conf,
)

FORMS = ("full", "savedefconfig", "flipped")
FLIPPED_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Case:
    """One input: a configuration that conf makes (`kind`: a name of CONFIG_NAMES or randconfig-SEED), in one form."""

    kernel: str
    arch: str
    kind: str
    form: str

    def __str__(self) -> str:
        return f"{self.kernel}-{self.arch}-{self.kind}-{self.form}"


def kinds(kernel: Kernel, arch: str, randconfigs: int) -> list[str]:
    """Every kind of configuration that this kernel has for this architecture."""
    named = [name for name in CONFIG_NAMES if name != "xen.config" or fragments(kernel, arch, name)]
    return named + [f"randconfig-{seed}" for seed in range(1, randconfigs + 1)]


def all_cases(randconfigs: int, series: Sequence[str] = (), arches: Sequence[str] = ARCHES) -> list[Case]:
    """Every kernel (or those of some series), architecture, kind and form."""
    return [
        Case(kernel.name, arch, kind, form)
        for kernel in available(extra=True)
        if not series or kernel.name in series
        for arch in arches
        for kind in kinds(kernel, arch, randconfigs)
        for form in FORMS
    ]


def sample() -> list[Case]:
    """Every kernel and architecture, and for each kernel every kind; the forms are taken in turn."""
    out = []
    for number, kernel in enumerate(available()):
        for turn, arch in enumerate(ARCHES):
            found = kinds(kernel, arch, 2)
            for step, kind in enumerate(found):
                if step % len(ARCHES) == (turn + number) % len(ARCHES) or kind == "xen.config":
                    out.append(Case(kernel.name, arch, kind, FORMS[(number + turn + step // len(ARCHES)) % len(FORMS)]))
    return out


@lru_cache(maxsize=2)
def model_of(kernel: str, arch: str) -> tuple[Kernel, Model, dict[str, str]]:
    """(kernel, its model, the answers of this machine's toolchain, which conf asks as well)."""
    found = next(one for one in available(extra=True) if one.name == kernel)
    model = parse(open_source(str(found.tree)), arch)
    return found, model, run_probes(model, found.tree, conf_env(found, arch))


@lru_cache(maxsize=4)
def made(kernel: str, arch: str, kind: str) -> str:
    """The configuration that conf makes."""
    found = model_of(kernel, arch)[0]
    if kind.startswith("randconfig-"):
        return run_conf(found, arch, "--randconfig", seed=int(kind.removeprefix("randconfig-"))).text
    return make_config(found, arch, kind).text


def flipped(text: str, seed: str) -> str:
    """The configuration with one line in a hundred changed: other values, values of the wrong type, lines gone."""
    rng = random.Random(seed)
    out = []
    for line in text.splitlines():
        if "CONFIG_" in line and rng.random() < FLIPPED_SHARE:
            name = line.removeprefix("# ").split("=")[0].split(" ")[0]
            if line.startswith("# CONFIG_"):
                line = f"{name}={rng.choice('ym')}"
            elif line.endswith(("=y", "=m")):
                line = rng.choice([f"# {name} is not set", f"{name}=m", f"{name}=n", ""])
            else:
                line = rng.choice([f"{name}=7", f'{name}="zz"', f"{name}=999999999", f"{name}=0x10", ""])
        out.append(line)
    return "\n".join(out) + "\n"


def input_of(case: Case) -> str:
    """The text that both sides resolve."""
    text = made(case.kernel, case.arch, case.kind)
    if case.form == "savedefconfig":
        return run_conf(model_of(case.kernel, case.arch)[0], case.arch, "--savedefconfig", text).text
    return flipped(text, str(case)) if case.form == "flipped" else text


def lines_of(text: str) -> dict[str, str]:
    """Symbol -> the line that a .config has for it."""
    out = {}
    for line in text.splitlines():
        if line.startswith("CONFIG_"):
            out[line.split("=", 1)[0].removeprefix("CONFIG_")] = line
        elif line.startswith("# CONFIG_") and line.endswith(" is not set"):
            out[line[9:-11]] = line
    return out


def resolved(model: Model, answers: dict[str, str], text: str) -> dict[str, str]:
    """Symbol -> line, as our resolver makes it."""
    resolver = Resolver(model, read_user_values(model, parse_config(text, "case")), answers)
    out = {}
    for number, value in resolver.lines():
        symbol = model.symbols[number]
        out[symbol.name] = format_line(symbol.name, value, quoted=symbol.type == Type.STRING)
    return out


def differing(case: Case) -> tuple[int, list[tuple[str, str, str]]]:
    """(lines that conf writes, [(symbol, our line, conf's line)] that differ); "" stands for no line."""
    kernel, model, answers = model_of(case.kernel, case.arch)
    text = input_of(case)
    theirs = lines_of(run_conf(kernel, case.arch, "--olddefconfig", text).text)
    ours = resolved(model, answers, text)
    names = sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))
    return len(theirs), [(name, ours.get(name, ""), theirs.get(name, "")) for name in names]
