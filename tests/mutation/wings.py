"""Which folders are mutated, and which tests are to notice."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).with_name("wings.toml")
SOURCES = ("kcfg", "profiles", "graphs", "patches", "kcfg_cli")
"""The packages whose lines count."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder's modules and its test files, as paths below the root."""

    name: str
    files: tuple[str, ...]
    tests: tuple[str, ...]


def folders(root: Path) -> list[Folder]:
    """The table's folders, as they are in a tree."""
    out = []
    for wing in tomllib.loads(TABLE.read_text(encoding="utf-8"))["wing"]:
        tests = below(root, wing["tests"], "test_*.py")
        out += [Folder(name, below(root, [name], "*.py"), tests) for name in wing["folders"]]
    return out


def below(root: Path, tops: list[str], pattern: str) -> tuple[str, ...]:
    """The files of folders that fit a pattern."""
    return tuple(sorted({path.relative_to(root).as_posix() for top in tops for path in (root / top).rglob(pattern)}))
