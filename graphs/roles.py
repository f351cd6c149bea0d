"""Which part a symbol plays under Xen: read from data/roles.toml, with a source for every entry.

A [[role]] has a name, a title and an about; a [[members]] says that symbols, or all that is defined in files of a
pattern, have a role. A symbol has its roles in the order of the file.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, NoReturn

import msgspec

from kcfg.base.errors import UserError
from kcfg.base.text import nearest
from kcfg.base.toml import parse_toml
from kcfg.base.toml_lines import TomlLines

FILE = os.path.join(os.path.dirname(__file__), "data", "roles.toml")
NAME = "graphs/data/roles.toml"
TABLES = {"role": ("name", "title", "about"), "members": ("role", "symbols", "files", "source")}


class Role(msgspec.Struct, frozen=True):
    """A part under Xen."""

    name: str
    title: str
    about: str


class Members(msgspec.Struct, frozen=True):
    """Symbols of a role; `files` are patterns of Kconfig files. `line` is where it is written."""

    role: str
    symbols: tuple[str, ...]
    files: tuple[str, ...]
    source: str
    line: int


class Roles(msgspec.Struct, frozen=True, dict=True):
    """All roles and their members."""

    roles: tuple[Role, ...]
    members: tuple[Members, ...]

    def of(self, symbol: str, places: Sequence[str] = ()) -> tuple[str, ...]:
        """The roles of a symbol that is defined at these places ("file:line")."""
        named, patterns = self._tables()
        found = set(named.get(symbol, ()))
        for place in places:
            found |= patterns(place.rpartition(":")[0])
        return tuple(role.name for role in self.roles if role.name in found) if found else ()

    def _tables(self) -> Any:
        tables = self.__dict__.get("tables")
        if tables is None:
            named: dict[str, set[str]] = {}
            for one in self.members:
                for symbol in one.symbols:
                    named.setdefault(symbol, set()).add(one.role)
            files = [(pattern, one.role) for one in self.members for pattern in one.files]

            @cache
            def of_file(file: str) -> frozenset[str]:
                return frozenset(role for pattern, role in files if fnmatchcase(file, pattern))

            tables = self.__dict__["tables"] = named, of_file
        return tables


@cache
def load_roles() -> Roles:
    """The built-in roles."""
    with open(FILE, encoding="utf-8") as stream:
        return parse_roles(stream.read(), NAME)


def parse_roles(text: str, file: str) -> Roles:
    """The roles that a TOML text holds; UserError with file and line for what is wrong with it."""
    return _RolesReader(text, file).roles()


class _RolesReader:
    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.lines = TomlLines(text)
        self.data = parse_toml(text, file)

    def roles(self) -> Roles:
        for key in self.data:
            if key not in TABLES:
                line = self.lines.key(key) if not isinstance(self.data[key], (dict, list)) else self.lines.table(key)
                self.fail(line, f"{key}: unknown key", nearest(key, TABLES))
        roles = tuple(Role(**self.texts_of("role", n, one)) for n, one in self.tables("role"))
        names = [role.name for role in roles]
        members = []
        for n, one in self.tables("members"):
            texts = self.texts_of("members", n, one, lists=("symbols", "files"))
            if texts["role"] not in names:
                line = self.lines.key("role", "members", n)
                self.fail(line, f"role: unknown role {texts['role']!r}", nearest(texts["role"], names))
            members.append(Members(**texts, line=self.lines.table("members", n)))
        return Roles(roles, tuple(members))

    def tables(self, name: str) -> list[tuple[int, Mapping[str, Any]]]:
        found = self.data.get(name, [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            self.fail(self.lines.key(name), f"{name}: must be written as [[{name}]]")
        return list(enumerate(found))

    def texts_of(self, table: str, n: int, data: Mapping[str, Any], lists: tuple[str, ...] = ()) -> dict[str, Any]:
        known = TABLES[table]
        for key in data:
            if key not in known:
                self.fail(self.lines.key(key, table, n), f"{table}[{n + 1}].{key}: unknown key", nearest(key, known))
        out: dict[str, Any] = {}
        for key in known:
            value = data.get(key, [] if key in lists else None)
            label = f"{table}[{n + 1}].{key}"
            if value is None:
                self.fail(self.lines.table(table, n), f"{label}: missing", f'add {key} = "..."')
            if key in lists:
                if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                    self.fail(self.lines.key(key, table, n), f"{label}: must be a list of texts in quotes")
                out[key] = tuple(value)
            elif not isinstance(value, str) or not value.strip():
                self.fail(self.lines.key(key, table, n), f"{label}: must be a text in quotes")
            else:
                out[key] = value
        return out

    def fail(self, line: int, message: str, hint: str = "") -> NoReturn:
        raise UserError(message, where=f"{self.file}:{line}", hint=hint)
