"""The rule of arrows: who may import whom, lazily or not, under TYPE_CHECKING or not. docs/design.md draws it.

`python -m tests.test_arrows` says what is wrong, a line each, and ends with status 1: `make lint` runs it.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeGuard

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

IMPORTERS = ("import_module", "__import__")
BY_NAME = (*IMPORTERS, "files", "PackageLoader", "get_data", "find_spec")
"""Calls whose arguments name a module or a package, also by one word."""
OTHER_WAYS = (
    "exec", "eval", "run_module", "run_path", "resolve_name", "SourceFileLoader", "spec_from_file_location", "modules",
)  # fmt: skip
"""What else runs a module; `modules` is that of sys."""

TABLE = "kcfg_cli.cli"
"""The one module that imports by a name that is put together: the commands' table."""

ROOF = FLOORS[-1][0]

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
    """The modules of `known` that a module's text imports, anywhere in it, or reaches as attributes of what it imports.

    A name counts as what any of the text's imports makes it, whatever else it may be in a function of its own.
    """
    names, out = set(known), set[str]()
    bound: dict[str, set[str]] = {}
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            out.update(alias.name for alias in node.names)
            for alias in node.names:
                whole = alias.name if alias.asname else alias.name.partition(".")[0]
                bound.setdefault(alias.asname or whole, set()).add(whole)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                out.add(full if full in names else str(node.module))
                bound.setdefault(alias.asname or alias.name, set()).add(full)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value:
            out.add(node.value)  # a name that is imported at run time
        elif isinstance(node, ast.Call) and called(node) in BY_NAME:
            given = [*node.args, *(one.value for one in node.keywords)]
            out |= {longest(one.value, names) for one in given if is_text(one)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            first, *rest = dotted(node)
            for whole in bound.get(first, ()):
                out.add(longest(".".join([whole, *rest]), names))
    return out & names


def dotted(node: ast.expr) -> list[str]:
    """["a", "b", "c"] of a.b.c; [""] of what does not begin with a name."""
    if isinstance(node, ast.Attribute):
        return [*dotted(node.value), node.attr]
    return [node.id if isinstance(node, ast.Name) else ""]


def longest(name: str, names: set[str]) -> str:
    """The module that an attribute's name leads to: its longest part that is one, "" where none is."""
    while name and name not in names:
        name = name.rpartition(".")[0]
    return name


def called(node: ast.Call) -> str:
    """The last part of a function's name."""
    return str(getattr(node.func, "attr", getattr(node.func, "id", "")))


def is_text(node: ast.expr) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def put_together(text: str) -> list[int]:
    """The lines that import a module by a name that is no whole constant, that use what imports so without calling it,
    or that run modules in another way."""
    out: set[int] = set()
    tree = ast.parse(text)
    functions = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        word = getattr(node, "attr", getattr(node, "id", ""))
        if isinstance(node, ast.ImportFrom):
            out |= {node.lineno for alias in node.names if alias.name in IMPORTERS and alias.asname}
            out |= {node.lineno for alias in node.names if alias.name in OTHER_WAYS}
        elif (
            isinstance(node, ast.Call) and called(node) == "getattr" and getattr(node.args[0], "id", "") == "importlib"
        ):
            out.add(node.lineno)
        elif isinstance(node, ast.Name | ast.Attribute) and word in IMPORTERS:
            call = functions.get(id(node))
            names = [*call.args[:1], *(one.value for one in call.keywords if one.arg == "name")] if call else []
            if not (names and is_text(names[0]) and not names[0].value.startswith(".")):
                out.add(node.lineno)
        elif (isinstance(node, ast.Name) and word in OTHER_WAYS[:2] and id(node) in functions) or (
            isinstance(node, ast.Attribute) and word in OTHER_WAYS and dotted(node)[0] in ("sys", "runpy", "pkgutil")
        ):
            out.add(node.lineno)
    return sorted(out)


def relative(text: str) -> list[int]:
    """The lines that import by dots: a name says from which floor it is only when it is whole."""
    return [node.lineno for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom) and node.level]


def is_report(module: str) -> bool:
    """Whether a module makes text of data: it is a `report` folder, or in one."""
    return "report" in module.split(".")


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
        return ROOF
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
            if is_report(other) and not is_report(one) and a != ROOF:
                out.append(f"{one} imports {other}: what computes makes no text")
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
    out += [f"{name}:{line} imports by where it stands" for name, text in texts.items() for line in relative(text)]
    out += [
        f"{name}:{line} imports by a name that is put together"
        for name, text in texts.items()
        for line in put_together(text)
        if name != TABLE
    ]
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
        ({"kcfg.answers.describe": {"kcfg.answers.report.sentences"}}, "what computes makes no text"),
        ({"graphs.losses": {"kcfg.answers.report"}}, "what computes makes no text"),
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
    assert faults({"kcfg_cli.show": {"kcfg.answers.report"}, "graphs.report.text": {"kcfg.answers.report.words"}}) == []


def test_lazy_typing_and_named_imports_count() -> None:
    text = (
        "from typing import TypeGuard, TYPE_CHECKING\nif TYPE_CHECKING:\n    from graphs.view import View\n"
        "def f():\n    import patches.findings\n    import_module('profiles.loader')\n"
    )
    assert imports(text, modules()) == {"graphs.view", "patches.findings", "profiles.loader"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import_module('patches')", {"patches"}),
        ("__import__('profiles')", {"profiles"}),
        ("files('patches.data')", {"patches"}),
        ("PackageLoader('patches', 'report/templates')", {"patches"}),
        ("pkgutil.get_data(package='graphs', resource='x')", {"graphs"}),
        ("files('json')", set()),
    ],
)
def test_a_package_that_is_named_by_one_word_counts(text: str, found: set[str]) -> None:
    assert imports(text, modules()) == found


def test_an_import_by_dots_is_told() -> None:
    assert relative("from . import x\nimport json\nfrom ..a import b") == [1, 3]
    assert imports("from . import x", modules()) == set()


WORDS = ("kcfg.answers.report", "kcfg.answers.report.words")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import kcfg.answers\nkcfg.answers.report.words.chain()", {"kcfg.answers", *WORDS}),
        ("import kcfg.answers as a\nf(a.report.x)", {"kcfg.answers", "kcfg.answers.report"}),
        ("from kcfg import answers\nanswers.report.words.SIGNS['x']", {"kcfg.answers", *WORDS}),
        ("from kcfg import answers as a\na.report", {"kcfg.answers", "kcfg.answers.report"}),
        ("import graphs.view\ngraphs.view.View", {"graphs.view"}),
        ("import json\njson.dumps(x).kcfg.answers", set()),
        ("from kcfg.answers.facts import Reason\nReason.report", {"kcfg.answers.facts"}),
    ],
)
def test_a_module_that_is_reached_as_an_attribute_counts(text: str, found: set[str]) -> None:
    assert imports(text, modules()) == found


@pytest.mark.parametrize(
    "text",
    [
        "import_module(f'kcfg.{x}')",
        "importlib.import_module('kcfg.' + x)",
        "importlib.import_module(name)",
        "import_module(name='kcfg.' + x)",
        "def f():\n    return __import__(x)",
        "from importlib import import_module as load",
        "load = importlib.import_module",
        "map(import_module, ['x'])",
        "getattr(importlib, 'import_module')('x')",
        "import_module('.findings', 'patches')",
        "import_module(package='patches', name='.find' + x)",
        "exec('import patches')",
        "sys.modules['patches']",
        "runpy.run_module('patches')",
        "from pkgutil import resolve_name",
    ],
)
def test_a_name_that_is_put_together_is_refused(text: str) -> None:
    assert put_together(text) == [text.count("\n") + 1]


def test_a_constant_name_is_not_refused_and_the_table_is_the_only_exception() -> None:
    assert put_together("import_module('kcfg.answers')\nfrom importlib import import_module") == []
    texts = {name: path.read_text(encoding="utf-8") for name, path in modules().items()}
    assert [name for name, text in texts.items() if put_together(text)] == [TABLE]


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
