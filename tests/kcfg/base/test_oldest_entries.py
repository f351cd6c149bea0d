"""Which entries of a cache go when there are too many."""

from __future__ import annotations

import os
from pathlib import Path

from kcfg.base.caches import keep_entry, read_entry, trim


def entries(folder: Path, count: int, ending: str = "cnf") -> list[str]:
    """Entries of a kind, each a second younger than the one before."""
    for number in range(count):
        path = folder / f"{number:02}.{ending}"
        path.write_bytes(b"x")
        os.utime(path, (1000 + number, 1000 + number))
    return [f"{number:02}.{ending}" for number in range(count)]


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_entries_that_were_used_longest_ago_go(tmp_path: Path) -> None:
    names = entries(tmp_path, 6)
    trim(tmp_path / names[-1], 4)
    assert left(tmp_path) == names[2:]
    trim(tmp_path / names[-1], 4)
    assert left(tmp_path) == names[2:]


def test_the_one_that_was_just_written_stays_whatever_its_age(tmp_path: Path) -> None:
    names = entries(tmp_path, 5)
    trim(tmp_path / names[0], 2)
    assert left(tmp_path) == [names[0], names[4]]


def test_entries_of_another_kind_stay(tmp_path: Path) -> None:
    others = entries(tmp_path, 3, "mode")
    names = entries(tmp_path, 3)
    keep_entry(tmp_path / "new.cnf", b"data", 2)
    assert left(tmp_path) == sorted([*others, names[2], "new.cnf"])
    assert read_entry(tmp_path / "new.cnf") == b"data"


def test_an_entry_that_is_used_is_young_again(tmp_path: Path) -> None:
    for name in ("a.cnf", "b.cnf", "c.cnf"):
        keep_entry(tmp_path / name, b"data", 9)
    for age, name in enumerate(("a.cnf", "b.cnf", "c.cnf")):
        os.utime(tmp_path / name, (1000 + age, 1000 + age))
    assert read_entry(tmp_path / "a.cnf") == b"data"
    trim(tmp_path / "c.cnf", 2)
    assert left(tmp_path) == ["a.cnf", "c.cnf"]
