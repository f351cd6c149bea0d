"""The rule of arrows: who may import whom, lazily or not, under TYPE_CHECKING or not. docs/design.md draws it.

`python -m tests.test_arrows` says what is wrong, a line each, and ends with status 1: `make lint` runs it.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).parent.parent
FLOORS: tuple[tuple[str, ...], ...] = (
    ("kcfg.base",),
    ("kcfg.show", "kcfg.sources"),
    ("kcfg.kconfig",),
    ("kcfg.kbuild",),
    ("kcfg.solver",),
    ("kcfg.answers",),
    ("profiles",),
    ("graphs", "patches"),
    ("kcfg_cli",),
)
"""From the ground to the roof. A wing imports only wings of lower floors; those of one floor never meet."""

FREE = ("kcfg", "kcfg.snapshots")
"""Importable by all: the version, and data."""

LINES_LIMIT = 400
KCFG_LIMIT = 12
"""Entries at the top of kcfg/."""

BY_NAME = ("import_module", "__import__", "files")
"""Calls whose arguments name a module or a package."""

HEIGHT = {wing: height for height, wings in enumerate(FLOORS) for wing in wings}
WINGS = tuple(sorted({wing.partition(".")[0] for wing in HEIGHT}))


def modules(root: Path = ROOT) -> dict[str, Path]:
    """Every module of the wings by its dotted name."""
    found = {}
    for top in WINGS:
        for path in sorted((root / top).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(text: str, known: Iterable[str]) -> set[str]:
    """The modules of `known` that a module's text imports, anywhere in it."""
    names, out = set(known), set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            out.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                out.add(full if full in names else str(node.module))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value:
            out.add(node.value)  # a name that is imported at run time
    return out & names


def beside(text: str) -> set[str]:
    """What stands beside the product, such as tests, and is imported all the same; other top packages, too."""
    tops = {path.name for path in ROOT.iterdir() if path.is_dir() and any(path.glob("*.py"))} - set(WINGS)
    out = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            out |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            out.add(node.module)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in BY_NAME:
            out |= {one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return {name for name in out if name.partition(".")[0] in tops}


def wing_of(module: str) -> str:
    """The wing that a module belongs to, "" for what is free."""
    parts = module.split(".")
    wing = ".".join(parts[:2]) if parts[0] == "kcfg" else parts[0]
    if module == "kcfg.__main__":  # `python -m kcfg` is a door of the roof
        return FLOORS[-1][0]
    return "" if wing in FREE else wing


def faults(edges: Mapping[str, set[str]]) -> list[str]:
    """Arrows that lead up or across, circles of modules, circles of sibling folders."""
    out = []
    for one, others in sorted(edges.items()):
        for other in sorted(others - {one}):
            a, b = wing_of(one), wing_of(other)
            if b not in HEIGHT or (a and a not in HEIGHT):
                continue
            if a != b and (not a or HEIGHT[a] <= HEIGHT[b]):
                out.append(f"{one} imports {other}: {a or 'what all import'} stands below or beside {b}")
    pairs = [(one, other) for one, others in edges.items() for other in others if one != other]
    out += [f"circle of modules: {', '.join(sorted(it))}" for it in circles(pairs)]
    for depth in (2, 3):
        cut = [(".".join(a.split(".")[:depth]), ".".join(b.split(".")[:depth])) for a, b in pairs]
        folders = {name for name in {n for pair in cut for n in pair} if (ROOT / name.replace(".", "/")).is_dir()}
        out += [
            f"circle of folders: {', '.join(sorted(it))}"
            for it in circles((a, b) for a, b in cut if a != b and {a, b} <= folders)
        ]
    return out


def circles(pairs: Iterable[tuple[str, str]]) -> list[set[str]]:
    """Sets of nodes that reach each other."""
    return [it for it in nx.strongly_connected_components(nx.DiGraph(list(pairs))) if len(it) > 1]


def all_faults() -> list[str]:
    """What is wrong with the tree as it is."""
    known = modules()
    texts = {name: path.read_text(encoding="utf-8") for name, path in known.items()}
    out = faults({name: imports(text, known) for name, text in texts.items()})
    out += [f"{name} imports {other}" for name, text in texts.items() for other in beside(text)]
    long = {name: len(text.splitlines()) for name, text in texts.items()}
    out += [f"{name} has {count} lines, more than {LINES_LIMIT}" for name, count in long.items() if count > LINES_LIMIT]
    out += [f"{name} stands on no floor" for name in known if wing_of(name) and wing_of(name) not in HEIGHT]
    top = [path for path in (ROOT / "kcfg").iterdir() if path.name != "__pycache__"]
    out += [f"kcfg/ has {len(top)} entries, more than {KCFG_LIMIT}"] if len(top) > KCFG_LIMIT else []
    return out


def test_every_arrow_leads_down_and_there_is_no_circle() -> None:
    assert all_faults() == []


@pytest.mark.parametrize(
    ("edges", "said"),
    [
        ({"kcfg.base.text": {"kcfg.solver.sat"}}, "kcfg.base stands below or beside kcfg.solver"),
        ({"graphs.view": {"patches.findings"}}, "graphs stands below or beside patches"),
        ({"kcfg.show.json": {"kcfg.sources.git"}}, "kcfg.show stands below or beside kcfg.sources"),
        ({"kcfg.solver.sat": {"kcfg.solver.solver"}, "kcfg.solver.solver": {"kcfg.solver.sat"}}, "circle of modules"),
        (
            {"patches.queues.queue": {"patches.text.patch"}, "patches.text.forms": {"patches.queues.files"}},
            "circle of folders: patches.queues, patches.text",
        ),
    ],
)
def test_a_wrong_arrow_is_named(edges: dict[str, set[str]], said: str) -> None:
    (found,) = faults(edges)
    assert said in found


def test_an_arrow_downwards_is_no_fault() -> None:
    assert faults({"kcfg_cli.cli": {"kcfg.base.errors", "kcfg"}, "patches.findings": {"profiles.schema"}}) == []


def test_lazy_typing_and_named_imports_count() -> None:
    text = (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from graphs.view import View\n"
        "def f():\n    import patches.findings\n    import_module('profiles.loader')\n"
    )
    assert imports(text, modules()) == {"graphs.view", "patches.findings", "profiles.loader"}


if __name__ == "__main__":
    said = all_faults()
    sys.stdout.write("".join(f"{one}\n" for one in said))
    sys.exit(bool(said))


@pytest.mark.parametrize(
    "text",
    [
        "import tests.pages",
        "def f():\n    from benchmarks import match",
        "import_module('tests.pages')",
        "files('tests')",
    ],
)
def test_the_product_imports_nothing_that_stands_beside_it(text: str) -> None:
    assert len(beside(text)) == 1
    assert beside("import json\nfrom kcfg.base import text") == set()
