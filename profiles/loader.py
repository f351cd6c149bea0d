"""Finds profiles by name or path and puts a profile together with all that it extends.

A built-in profile is named by its bare name. Anything with a slash in it, or that ends in .toml, is a file; a file can
extend built-ins by name and other files by a path, which is relative to itself. Built-ins are files beside this module:
importlib.resources would find them inside a zip as well, but importing it takes as long as reading them all.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from typing import NamedTuple, TypeVar

from kcfg.base.errors import UserError
from kcfg.base.text import nearest
from kcfg.base.toml import read_toml, toml_bytes, toml_text
from profiles.document import ProfileDocument, parse
from profiles.schema import ARCHES, Essential, Profile, ProfileInfo, ProfileKind, Rule

MAX_DEPTH = 50  # of extends: no person reads more, and a generated chain must not exhaust the stack
SUFFIX = ".toml"
FOLDER = os.path.dirname(__file__)

Item = TypeVar("Item", Rule, Essential)


def load_profile(name_or_path: str | os.PathLike[str]) -> Profile:
    """The profile of that name, or in that file, complete. Raises UserError for one that is unknown or broken."""
    text = os.fspath(name_or_path)
    if is_path(text) or not isinstance(name_or_path, str):
        return _Assembly().profile(_file(text))
    return _built_in_profile(text)


@cache
def list_profiles() -> tuple[ProfileInfo, ...]:
    """The built-in modes and policies, modes first, each kind in its order. Bases are not listed."""
    documents = (_built_in(name).document for name in built_in_names())
    infos = [
        ProfileInfo(name=one.name, title=one.title, kind=one.kind, about=one.about, order=one.order)
        for one in documents
        if one.kind is not ProfileKind.BASE
    ]
    return tuple(sorted(infos, key=lambda info: (info.kind, info.order, info.name)))


def modes() -> tuple[str, ...]:
    """The names of the built-in modes, in the order of tables."""
    return tuple(info.name for info in list_profiles() if info.kind is ProfileKind.MODE)


def is_path(text: str) -> bool:
    """Whether an argument names a file and not a built-in profile."""
    return "/" in text or text.endswith(SUFFIX)


@cache
def built_in_names() -> tuple[str, ...]:
    """The names of all built-in profiles, bases included, sorted."""
    return tuple(sorted(name.removesuffix(SUFFIX) for name in os.listdir(FOLDER) if name.endswith(SUFFIX)))


class _Node(NamedTuple):
    """A document and what tells it from every other, however its path was written."""

    key: str
    document: ProfileDocument


@cache
def _built_in(name: str) -> _Node:
    if name not in built_in_names():
        hint = nearest(name, built_in_names())
        if os.path.isfile(name + SUFFIX):
            hint = f"for the file write ./{name}{SUFFIX}"
        raise UserError(f"unknown profile {name!r}", hint=hint)
    with open(os.path.join(FOLDER, name + SUFFIX), encoding="utf-8") as stream:
        return _Node(name, parse(stream.read(), f"profiles/{name}{SUFFIX}"))


@cache
def _built_in_profile(name: str) -> Profile:
    return _Assembly().profile(_built_in(name))


def _file(path: str, data: bytes | None = None) -> _Node:
    text = read_toml(path, "profile") if data is None else toml_text(data, path, "profile")
    document = parse(text, path)
    if document.name in built_in_names():
        message = f"name: {document.name!r} is a built-in profile"
        raise UserError(message, where=document.where("name"), hint="choose another name")
    return _Node(os.path.realpath(path), document)


class _Assembly:
    """Follows `extends` from one profile: each base once, in the order of first mention, before what extends it."""

    def __init__(self) -> None:
        self._open: list[_Node] = []
        self._done: dict[str, ProfileDocument] = {}
        self._below: dict[str, set[str]] = {}  # the files of everything that a document extends

    def profile(self, node: _Node) -> Profile:
        self._visit(node)
        document = node.document
        chain = list(self._done.values())
        ranges = tuple(d.range for d in reversed(chain) if d.range.scope.kernel or d.range.scope.arch)
        if not any(all(not r.scope.arch or arch in r.scope.arch for r in ranges) for arch in ARCHES):
            key = "arch" if document.range.scope.arch else "extends"
            raise UserError(f"{key}: what it extends leaves no architecture in common", where=document.where(key))
        return Profile(
            name=document.name,
            title=document.title,
            kind=document.kind,
            about=document.about,
            ranges=ranges,
            extends=document.extends,
            rules=self._merge(chain, "rule", lambda one: one.rules),
            essentials=self._merge(chain, "essential", lambda one: one.essentials),
            file=document.file,
        )

    def _visit(self, node: _Node) -> set[str]:
        self._open.append(node)
        document = node.document
        below: set[str] = set()
        for name in document.extends:
            base = self._find(name, document)
            if any(base.key == one.key for one in self._open):
                ring = " -> ".join(one.document.name for one in [*self._open, base])
                raise UserError(f"extends: a profile extends itself: {ring}", where=document.where("extends"))
            if len(self._open) >= MAX_DEPTH:
                raise UserError(f"extends: more than {MAX_DEPTH} profiles deep", where=document.where("extends"))
            done = base.key in self._done
            below |= {base.document.file} | (self._below[base.document.file] if done else self._visit(base))
        self._done[self._open.pop().key] = document
        self._below[document.file] = below
        return below

    def _find(self, name: str, document: ProfileDocument) -> _Node:
        beside = os.path.normpath(os.path.join(os.path.dirname(document.file), name))
        if is_path(name):
            try:
                data = toml_bytes(beside, "profile")
            except UserError as error:
                raise UserError(f"extends: {name!r}: {error.message}", where=document.where("extends")) from None
            return _file(beside, data)
        if name not in built_in_names():
            hint = nearest(name, built_in_names())
            if os.path.isfile(beside + SUFFIX):
                hint = f'for the file beside this one write "./{name}{SUFFIX}"'
            raise UserError(f"extends: unknown profile {name!r}", where=document.where("extends"), hint=hint)
        return _built_in(name)

    def _merge(
        self, chain: list[ProfileDocument], what: str, items: Callable[[ProfileDocument], tuple[Item, ...]]
    ) -> tuple[Item, ...]:
        """The items of bases and extender. An id that a base uses already is overridden, in the base's place."""
        merged: dict[str, Item] = {}
        clashes: dict[str, tuple[Item, Item]] = {}
        for document in chain:
            below = self._below[document.file]
            for item in items(document):
                other = merged.get(item.id)
                clashes.pop(item.id, None)
                if other and other.file not in below:
                    clashes[item.id] = (other, item)
                merged[item.id] = item
            for name in document.without if what == "rule" else ():
                clashes.pop(name, None)
                if merged.pop(name, None) is None:
                    hint = nearest(name, merged) if merged else ""
                    message = f"without: there is no rule {name!r} to leave out"
                    raise UserError(message, where=document.where("without"), hint=hint)
        for first, second in clashes.values():
            message = f"extends: {first.profile} and {second.profile} both have a {what} {first.id!r}"
            hint = f"write a {what} with this id that says what holds"
            raise UserError(message, where=chain[-1].where("extends"), hint=hint)
        return tuple(merged.values())
