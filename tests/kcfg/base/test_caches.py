"""The one cache: keys follow the code, entries are whole or none, the oldest go first."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

from kcfg import answers, kbuild, kconfig, solver
from kcfg.base import caches
from kcfg.base.caches import cache_folder, code_state, keep_entry, key, read_entry
from tests.test_arrows import HEIGHT, ROOT, WINGS


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of two modules, one in a folder below, a data file, and what does not count."""
    folder = tmp_path / "small"
    files = {
        "__init__.py": "",
        "one.py": "A = 1\n",
        "below/two.py": "B = 2\n",
        "data.toml": "c = 3\n",
        "note.md": "d\n",
    }
    for name, text in {**files, "report/page.py": "E = 5\n"}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def state() -> str:
    code_state.cache_clear()
    return code_state("small")


@pytest.mark.parametrize("name", ["__init__.py", "one.py", "below/two.py", "data.toml"])
def test_a_changed_module_or_data_file_changes_the_key(package: Path, name: str) -> None:
    before = state()
    assert state() == before
    (package / name).write_text("changed = 1\n")
    assert state() != before


def test_a_new_module_changes_the_key(package: Path) -> None:
    before = state()
    (package / "below" / "three.py").write_text("")
    assert state() != before


@pytest.mark.parametrize("name", ["note.md", "report/page.py"])
def test_what_computes_nothing_does_not_change_the_key(package: Path, name: str) -> None:
    before = state()
    (package / name).write_text("changed\n")
    assert state() == before


@pytest.mark.parametrize("library", ["kconfiglib", "pysat"])
def test_a_library_of_another_version_changes_the_key(
    package: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    before = state()
    other = package.parent / "other" / library
    other.mkdir(parents=True)
    (other / "__init__.py").write_text("__version__ = '0'\n")
    monkeypatch.syspath_prepend(other.parent)
    monkeypatch.delitem(sys.modules, library, raising=False)
    assert state() != before


@pytest.mark.parametrize("floor", [kconfig, kbuild, solver, answers])
def test_a_floors_keys_have_all_that_it_may_import(floor: ModuleType) -> None:
    height = HEIGHT[floor.__name__]
    below = {wing for wing, at in HEIGHT.items() if at < height or wing == floor.__name__}
    assert set(floor.CODE) == (below - {"kcfg.show"}) | {"kcfg.snapshots"}  # show computes nothing; snapshots are data


def test_every_cache_asks_for_the_state_of_its_floor() -> None:
    places = {
        path.as_posix()[len(str(ROOT)) + 1 :]: path.read_text().count("code_state(*CODE)")
        + path.read_text().count('code_state(*CODE, "profiles")')
        for wing in WINGS
        for path in (ROOT / wing).rglob("*.py")
        if "caches.code_state(" in path.read_text()
    }
    assert places == {
        "kcfg/kconfig/models.py": 1,
        "kcfg/kbuild/cache.py": 1,
        "kcfg/solver/store.py": 1,
        "profiles/fulfil/reach.py": 1,
    }


def test_parts_of_a_key_do_not_run_together() -> None:
    assert key("ab", "c") != key("a", "bc")
    assert key("ab", b"c") == key(b"ab", "c")


def test_an_entry_is_read_back_and_made_young(tmp_path: Path) -> None:
    path = tmp_path / "a.kind"
    keep_entry(path, b"text", 3)
    os.utime(path, (1, 1))
    assert read_entry(path) == b"text"
    assert path.stat().st_mtime > 1


@pytest.mark.parametrize("at", [0, len(caches.MAGIC), len(caches.MAGIC) + caches.DIGEST_SIZE, -1])
def test_one_flipped_bit_is_no_entry(tmp_path: Path, at: int) -> None:
    path = tmp_path / "a.kind"
    keep_entry(path, b"some longer text", 3)
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)
    assert read_entry(path) is None


@pytest.mark.parametrize("cut", [1, 10, 28])
def test_a_truncated_entry_is_no_entry(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "a.kind"
    keep_entry(path, b"some text", 3)
    path.write_bytes(path.read_bytes()[:-cut])
    assert read_entry(path) is None


def test_a_missing_entry_and_a_folder_are_no_entry(tmp_path: Path) -> None:
    assert read_entry(tmp_path / "none") is None
    assert read_entry(tmp_path) is None


def test_the_entries_used_longest_ago_go_and_other_kinds_stay(tmp_path: Path) -> None:
    for number, name in enumerate(("old.kind", "older.kind", "young.kind")):
        keep_entry(tmp_path / name, b"", 9)
        os.utime(tmp_path / name, (100 - 50 * (name == "older.kind") + 900 * (name == "young.kind"), number))
    for name, when in (("old.kind", 100), ("older.kind", 50), ("young.kind", 1000), ("other.sort", 1)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (when, when))
    keep_entry(tmp_path / "new.kind", b"", 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.kind", "other.sort", "young.kind"]


def test_the_entry_just_written_stays_whatever_the_clock_says(tmp_path: Path) -> None:
    keep_entry(tmp_path / "future.kind", b"", 9)
    os.utime(tmp_path / "future.kind", (1 << 40, 1 << 40))
    keep_entry(tmp_path / "new.kind", b"", 1)
    assert [path.name for path in tmp_path.iterdir()] == ["new.kind"]


def test_a_user_without_a_home_has_a_folder_where_nothing_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    assert cache_folder() == Path(os.devnull, "kcfg")
    keep_entry(cache_folder() / "models" / "a.kind", b"", 1)
    assert read_entry(cache_folder() / "models" / "a.kind") is None


@pytest.mark.parametrize("value", ["", "relative/path"])
def test_a_relative_cache_home_is_ignored(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", value)
    monkeypatch.setenv("HOME", "/some/home")
    assert cache_folder() == Path("/some/home/.cache/kcfg")
