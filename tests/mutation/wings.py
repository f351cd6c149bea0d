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
    """The table's folders as they are in a tree; flat modules that are not there any more are left out."""
    out = []
    for wing in tomllib.loads(TABLE.read_text(encoding="utf-8"))["wing"]:
        tests = sorted(
            {path.relative_to(root).as_posix() for top in wing["tests"] for path in (root / top).rglob("test_*.py")}
        )
        for name, flat in wing["folders"].items():
            moved = {path.relative_to(root).as_posix() for path in (root / name).rglob("*.py")}
            still = {f"{wing['flat']}/{stem}.py" for stem in flat if (root / wing["flat"] / f"{stem}.py").is_file()}
            out.append(Folder(name, tuple(sorted(moved or still)), tuple(tests)))
    return out
