"""One profile file, read and checked: TOML text in, plain checked values out.

Whatever is wrong with it is one UserError that names file, line and key. Lines are looked for when something is wrong;
of a good file only those of its rules and essentials are wanted, and found without scanning the text as TOML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn, TypeVar

import msgspec

from kcfg.base.errors import UserError
from kcfg.base.text import nearest
from kcfg.base.toml import parse_toml
from kcfg.base.toml_lines import TomlLines
from profiles.findings import Level
from profiles.schema import ANYWHERE, ARCHES, Alternative, Essential, KernelRange, ProfileKind, Rule, RuleScope, Want
from profiles.versions import specifier

SCHEMA = 1

_SCOPE = ("kernel", "arch")
_SAID = ("why", "source")
_WANT = ("symbol", "value")
_RULE = ("id", "level", *_WANT, "any-of", *_SCOPE, *_SAID)
_WAY = (*_WANT, "all", *_SCOPE)
_ESSENTIAL = ("id", "group", *_WANT, *_SCOPE, *_SAID)
_WHY_NOT = ("kernel-why", "kernel-source", "arch-why", "arch-source")
_GOALS = ("kernel-goals",)
_LINKS = ("extends", "without", "rule", "essential")
_TOP = ("schema", "name", "title", "kind", "order", "about", *_SCOPE, *_WHY_NOT, *_GOALS, *_LINKS)

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_SYMBOL = re.compile(r"[A-Z0-9_][A-Za-z0-9_]*")
_LOWER_RUN = re.compile(r"(?![x]+(?![a-z]))[a-z]{2}")  # real symbols have a lone one at most: 440SPe, DM644x, HI3xxx


Item = TypeVar("Item", Rule, Essential)


class ProfileDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What one file says, before anything that it extends is added to it."""

    file: str
    name: str
    title: str
    kind: ProfileKind
    order: int
    about: str
    range: KernelRange
    extends: tuple[str, ...]
    without: tuple[str, ...]
    rules: tuple[Rule, ...]
    essentials: tuple[Essential, ...]
    text: str

    def where(self, key: str) -> str:
        """file:line of one of the file's own keys."""
        return f"{self.file}:{TomlLines(self.text).key(key)}"


def parse(text: str, file: str) -> ProfileDocument:
    """The profile that a TOML text holds. Raises UserError; `file` is what it calls the file."""
    return _Reader(text, file).document()


class _Table:
    """A table of the file under check: typed access to its keys, with errors that name file, line and key."""

    def __init__(
        self, reader: _Reader, data: object, name: str = "", index: int = 0, inside: str = "", element: int = 0
    ) -> None:
        self.reader, self.name, self.index, self.inside, self.element = reader, name, index, inside, element
        if not isinstance(data, Mapping):
            key = f"{inside}[{element + 1}]" if inside else name
            self.fail("", f"must be a table, not {_kind(data)}", label=key)
        self.data: Mapping[str, Any] = data

    def line(self, key: str = "") -> int:
        lines = self.reader.lines
        if self.inside:
            return lines.key(self.inside, self.name, self.index, self.element)
        return lines.key(key, self.name, self.index) if key or not self.name else lines.table(self.name, self.index)

    def fail(self, key: str, message: str, hint: str = "", *, label: str = "") -> NoReturn:
        if not label:
            parts = [f"{self.name}[{self.index + 1}]" if self.name else "", key]
            if self.inside:
                parts.insert(1, f"{self.inside}[{self.element + 1}]")
            label = ".".join(part for part in parts if part)
        raise UserError(f"{label}: {message}", where=f"{self.reader.file}:{self.line(key)}", hint=hint)

    def only(self, known: Sequence[str]) -> None:
        for key in self.data:
            if key not in known:
                self.fail(key, "unknown key", nearest(key, known))

    def text(self, key: str, default: str | None = None) -> str:
        value = self.data.get(key, default)
        if value is None:
            self.fail(key, "missing", f'add {key} = "..."')
        if not isinstance(value, str):
            self.fail(key, f"must be a text in quotes, not {_kind(value)}")
        if key in self.data and not value.strip():
            self.fail(key, "must not be empty")
        if not value.isprintable():
            self.fail(key, "must be one line of text")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.data.get(key, [])
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            wrong = value if not isinstance(value, list) else next(one for one in value if not isinstance(one, str))
            self.fail(key, f"must be a list of texts in quotes, not {_kind(wrong)}", f'write {key} = ["..."]')
        if key in self.data and not value:
            self.fail(key, "must not be empty")
        return tuple(value)

    def tables(self, key: str, inside: bool = False) -> list[_Table]:
        value = self.data.get(key, [])
        if not isinstance(value, list) or (inside and not value):
            form = f'{key} = [ {{ symbol = "..." }}, ... ]' if inside else f"[[{key}]]"
            what = "must not be empty" if value == [] else f"must be a list of tables, not {_kind(value)}"
            self.fail(key, what, f"write {form}")
        if inside:
            return [_Table(self.reader, one, self.name, self.index, key, n) for n, one in enumerate(value)]
        return [_Table(self.reader, one, key, n) for n, one in enumerate(value)]

    def range(self) -> str:
        text = self.text("kernel", "")
        try:
            specifier(text)
        except ValueError:
            self.fail("kernel", f"not a range of versions: {text!r}", 'write it like ">=5.11" or ">=5.15,<7"')
        return text

    def scope(self) -> RuleScope:
        arch = self.texts("arch")
        for one in arch:
            if one not in ARCHES:
                self.fail("arch", f"unknown architecture {one!r}", nearest(one, ARCHES))
        kernel = self.range()
        return RuleScope(kernel, arch) if kernel or arch else ANYWHERE

    def symbol(self, key: str = "symbol") -> str:
        text = self.text(key).removeprefix("CONFIG_")
        if not _SYMBOL.fullmatch(text) or _LOWER_RUN.search(text):
            hint = f"write {text.upper()}" if _SYMBOL.fullmatch(text.upper()) else ""
            self.fail(key, f"not the name of a Kconfig symbol: {text!r}", hint)
        return text

    def want(self, default: tuple[str, ...]) -> Want:
        return Want(self.symbol(), self.texts("value") or default)


class _Reader:
    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self._lines: TomlLines | None = None
        self._headers: dict[str, list[int]] | None = None

    @property
    def lines(self) -> TomlLines:
        if self._lines is None:
            self._lines = TomlLines(self.text)
        return self._lines

    def header(self, table: _Table) -> int:
        """The line of a rule's or an essential's header."""
        if self._headers is None:
            self._headers = {}
            if '"""' not in self.text and "'''" not in self.text:
                for n, line in enumerate(self.text.split("\n"), 1):
                    if line.startswith("[["):
                        self._headers.setdefault(line.split("#")[0].strip(" \t[]"), []).append(n)
        found = self._headers.get(table.name, ())
        return found[table.index] if table.index < len(found) else table.line()

    def document(self) -> ProfileDocument:
        top = _Table(self, parse_toml(self.text, self.file))
        schema = top.data.get("schema")
        if schema is None:
            top.fail("schema", "missing", f"add schema = {SCHEMA}")
        if isinstance(schema, bool) or not isinstance(schema, int):
            top.fail("schema", f"must be a number, not {_kind(schema)}", f"write schema = {SCHEMA}")
        if schema != SCHEMA:
            top.fail("schema", f"this program reads schema {SCHEMA}, the file has {schema}")
        top.only(_TOP)
        name = top.text("name")
        if not _NAME.fullmatch(name):
            top.fail("name", f"not a name: {name!r}", "use small letters, digits and dashes")
        order = top.data.get("order", 100)
        if isinstance(order, bool) or not isinstance(order, int):
            top.fail("order", f"must be a number, not {_kind(order)}")
        kernel_why, kernel_source, arch_why, arch_source = (top.text(key, "") for key in _WHY_NOT)
        return ProfileDocument(
            file=self.file,
            name=name,
            title=top.text("title", name),
            kind=ProfileKind(self._one_of(top, "kind", "policy", ProfileKind)),
            order=order,
            about=top.text("about", ""),
            range=KernelRange(top.scope(), kernel_why, kernel_source, arch_why, arch_source, top.texts("kernel-goals")),
            extends=top.texts("extends"),
            without=top.texts("without"),
            rules=self._unique("rule", [self._rule(one, name) for one in top.tables("rule")]),
            essentials=self._unique("essential", [self._essential(one, name) for one in top.tables("essential")]),
            text=self.text,
        )

    def _rule(self, table: _Table, profile: str) -> Rule:
        table.only(_RULE)
        level = Level(self._one_of(table, "level", None, Level))
        forbidden = level is Level.FORBIDDEN
        if "any-of" in table.data:
            if forbidden:
                table.fail("any-of", "a forbidden rule has one symbol", "write one rule for each symbol")
            for key in ("symbol", "value"):
                if key in table.data:
                    table.fail(key, "stands beside any-of", "put it into an alternative, or drop any-of")
            ways = tuple(self._alternative(one) for one in table.tables("any-of", inside=True))
        else:
            if "symbol" not in table.data:
                table.fail("symbol", "missing", "a rule has a symbol or any-of")
            if forbidden and "value" in table.data:
                table.fail("value", "forbidden means that the symbol is n", 'for a value use level = "required"')
            ways = (Alternative((table.want(("n",) if forbidden else ("y", "m")),)),)
        return Rule(
            id=self._id(table, ways[0].wants[0].symbol),
            level=level,
            alternatives=ways,
            why=table.text("why"),
            source=table.text("source", ""),
            scope=table.scope(),
            profile=profile,
            file=self.file,
            line=self.header(table),
        )

    def _alternative(self, table: _Table) -> Alternative:
        table.only(_WAY)
        if "all" not in table.data:
            return Alternative((table.want(("y", "m")),), table.scope())
        for key in ("symbol", "value"):
            if key in table.data:
                table.fail(key, "stands beside all", "put it into the list")
        inner = table.data["all"]
        if not isinstance(inner, list) or not inner:
            table.fail("all", f"must be a list of tables, not {_kind(inner)}" if inner != [] else "must not be empty")
        wants = []
        for one in inner:
            part = _Table(self, one, table.name, table.index, table.inside, table.element)
            part.only(_WANT)
            wants.append(part.want(("y", "m")))
        return Alternative(tuple(wants), table.scope())

    def _essential(self, table: _Table, profile: str) -> Essential:
        table.only(_ESSENTIAL)
        group = table.text("group")
        if not _NAME.fullmatch(group):
            table.fail("group", f"not a name: {group!r}", "use small letters, digits and dashes")
        want = table.want(("y",))
        return Essential(
            id=self._id(table, want.symbol),
            group=group,
            want=want,
            why=table.text("why"),
            source=table.text("source", ""),
            scope=table.scope(),
            profile=profile,
            file=self.file,
            line=self.header(table),
        )

    def _id(self, table: _Table, symbol: str) -> str:
        text = table.text("id", symbol.lower().replace("_", "-"))
        if not _NAME.fullmatch(text) and "id" in table.data:
            table.fail("id", f"not a name: {text!r}", "use small letters, digits and dashes")
        return text

    def _one_of(self, table: _Table, key: str, default: str | None, known: type[Level | ProfileKind]) -> str:
        text = table.text(key, default)
        values = [one.value for one in known]
        if text not in values:
            table.fail(key, f"unknown {key} {text!r}", nearest(text, values))
        return text

    def _unique(self, name: str, items: list[Item]) -> tuple[Item, ...]:
        seen: dict[str, Item] = {}
        for n, item in enumerate(items):
            first = seen.setdefault(item.id, item)
            if first is not item:
                table = _Table(self, {}, name, n)
                table.fail("id", f"{item.id!r} is used twice", f"first in line {first.line}; give this one an id")
        return tuple(items)


def _kind(value: object) -> str:
    """What a TOML value is, in TOML's words."""
    words = {bool: "true or false", int: "a number", float: "a number", str: "a text", list: "a list", dict: "a table"}
    return words.get(type(value), "a date or time")
