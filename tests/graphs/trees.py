"""Graphs of small trees, and every configuration of one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from graphs.build import build_graph
from kcfg.answers.judge import Judge
from kcfg.kconfig.assign import UserValues, assign_member
from kcfg.kconfig.model import Model, Type
from kcfg.kconfig.resolve import Resolver
from kcfg.solver.encode import encode
from kcfg.solver.solver import Solver
from profiles import Profile, load_profile
from tests.kcfg.trees import NEW, judge_of, model_of

XEN = """\
config 64BIT
	def_bool y
config PCI
	bool "pci"
config ACPI
	bool "acpi"
	select HELPER
config XEN
	bool "xen"
	depends on 64BIT
config XEN_PV
	bool "pv"
	depends on XEN
	default y
	select PARAVIRT_XXL
config PARAVIRT_XXL
	bool
config XEN_PVH
	bool "pvh"
	depends on XEN && ACPI
	select PVH
config PVH
	bool "direct boot"
config XEN_512GB
	def_bool y
	depends on XEN_PV
config XEN_DOM0
	bool "dom0"
	default XEN_PV
	depends on XEN_PV || XEN_PVH
	depends on PCI
config HELPER
	bool
config XEN_BACKEND
	bool "backend"
	default XEN_DOM0
	depends on XEN
"""


def edges_of(graph: Any, source: str, kind: str = "") -> set[tuple[str, str, int, bool, str]]:
    """(target, kind, sign, alternative, place) of the edges that leave a node."""
    return {
        (target, data["kind"], data["sign"], data["alternative"], data["place"])
        for _, target, data in graph.out_edges(source, data=True)
        if kind in ("", data["kind"])
    }


class Small:
    """A small tree with all that the questions take."""

    def __init__(self, folder: Path, text: str, config: str = "", version: str = NEW) -> None:
        self.model = model_of(folder, text, version)
        self.judge: Judge = judge_of(self.model, config)
        self.solver = Solver(self.model, encode(self.model, {}))
        self.graph: Any = build_graph(self.model)
        self.used = self.judge.kernel.used


def mode(folder: Path, *rules: str) -> Profile:
    """A mode with rules: "XEN" is required, "!XEN" forbidden, "A|B" one of them, "(A)" recommended."""
    text = 'schema = 1\nname = "ours"\nkind = "mode"\n'
    for number, rule in enumerate(rules):
        level = "forbidden" if rule[0] == "!" else "recommended" if rule[0] == "(" else "required"
        names = rule.strip("!()").split("|")
        what = f'symbol = "{names[0]}"'
        if len(names) > 1:
            what = "any-of = [" + ", ".join(f'{{ symbol = "{name}" }}' for name in names) + "]"
        text += f'[[rule]]\nid = "r{number}"\nlevel = "{level}"\n{what}\nwhy = "test"\n'
    file = folder / "ours.toml"
    file.write_text(text)
    return load_profile(file)


def configurations(model: Model) -> Iterator[tuple[dict[int, int], Resolver]]:
    """Every assignment of the bools and tristates that have a prompt, and what comes of it."""
    options = [
        (number, range(3 if symbol.type == Type.TRISTATE else 2))
        for number, symbol in enumerate(model.symbols)
        if symbol.type in (Type.BOOL, Type.TRISTATE)
        and any(model.definitions[d].prompt is not None for d in symbol.definitions)
    ]
    for values in product(*(some for _, some in options)):
        user = UserValues()
        for (number, some), value in zip(options, values, strict=True):
            user.tri[number] = 2 if value == 1 and len(some) == 2 else value
            choice = model.choice_of.get(number)
            if choice is not None:
                assign_member(model, user, choice, number, user.tri[number])
        yield dict(user.tri), Resolver(model, user)


def on_names(resolver: Resolver) -> frozenset[str]:
    """The symbols that are m or y."""
    model = resolver.model
    return frozenset(s.name for n, s in enumerate(model.symbols) if s.definitions and resolver.tri(n))
