"""For every module there is a test that imports it: what no test looks at, nobody notices when it breaks.

`python -m tests.test_mirror` lists the modules that no test imports, a line each.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("kcfg", "kcfg_cli", "patches", "graphs", "profiles")


def modules(root: Path = ROOT) -> Iterator[str]:
    """The modules of the packages by their dotted names; packages themselves and `python -m` doors are none."""
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            if path.name not in ("__init__.py", "__main__.py"):
                yield ".".join(path.relative_to(root).with_suffix("").parts)


def imported(text: str) -> Iterator[str]:
    """The names that a text imports, anywhere in it: of `from a import b` both a and a.b."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def missed(every: Iterable[str], texts: Iterable[str]) -> list[str]:
    """The modules that none of the texts imports."""
    seen = {name for text in texts for name in imported(text)}
    return [name for name in every if name not in seen]


def all_missed(root: Path = ROOT) -> list[str]:
    """The modules that no test imports."""
    tests = sorted((root / "tests").rglob("test_*.py"))
    return missed(modules(root), (path.read_text(encoding="utf-8") for path in tests))


def test_every_module_is_imported_by_a_test() -> None:
    assert all_missed() == []


def test_the_packages_are_all_that_is_installed() -> None:
    found = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert set(PACKAGES) == found - {"tests", "benchmarks"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("import a.b", {"a.b"}),
        ("from a import b, c", {"a", "a.b", "a.c"}),
        ("from a.b import C as D", {"a.b", "a.b.C"}),
        ("def f():\n    from a import b", {"a", "a.b"}),
        ("'import a'", set()),
    ],
)
def test_an_import_anywhere_counts(text: str, names: set[str]) -> None:
    assert set(imported(text)) == names


def test_a_module_that_nobody_imports_is_named() -> None:
    assert missed(["a.b", "a.c", "d"], ["from a import b", "import d"]) == ["a.c"]


def test_packages_and_doors_are_no_modules(tmp_path: Path) -> None:
    for name in ("kcfg/__init__.py", "kcfg/__main__.py", "kcfg/a/b.py", "other/c.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert list(modules(tmp_path)) == ["kcfg.a.b"]


if __name__ == "__main__":
    lines = all_missed()
    sys.stdout.write("".join(f"{name}\n" for name in lines))
    sys.exit(bool(lines))
