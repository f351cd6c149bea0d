"""What a tree's top Makefile exports to the commands of its Kconfig files: read from its text, never by running it.

Assignments that are the same for every build count (`CC = $(CROSS_COMPILE)gcc`), and those of the branch for gcc or
for clang, which LLVM chooses. Values that only make could work out are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

DEPTH = 20  # nested references
CROSS = ("CROSS_COMPILE", "LLVM")

_ASSIGNMENT = re.compile(r"\s*(?:export\s+)?(\w+)\s*(?:[:?+]{0,2})=[ \t]*([^#\n]*)")
_EXPORT = re.compile(r"\s*export\s+(.*)")
_NAMES = re.compile(r"\w+\Z", re.ASCII)
_REFERENCE = re.compile(r"\$[({](\w+)[)}]")
_BRANCH = re.compile(r"\s*(ifeq|ifneq|ifdef|ifndef|else|endif)\b\s*(.*)")
_LLVM = re.compile(r"\(\s*\$\(LLVM\)\s*,\s*\)")


def logical(text: str) -> list[str]:
    """The lines of a Makefile, continued ones joined, without recipes."""
    return [line for line in text.replace("\\\n", " ").split("\n") if not line.startswith("\t")]


def exported_names(text: str) -> frozenset[str]:
    """The variables that are named by `export`."""
    names: set[str] = set()
    for line in logical(text):
        found = _EXPORT.match(line)
        if found:
            head = re.split(r"[:?+]{0,2}=", found[1].partition("#")[0], maxsplit=1)[0]
            names.update(word for word in head.split() if _NAMES.match(word))
    return frozenset(names)


def exported(text: str, given: Mapping[str, str]) -> dict[str, str]:
    """The exported variables that are one word (programs, folders), as far as the text says them.

    Those that are `given` (usually os.environ) have that value.
    """
    values = assigned(text, clang=bool(given.get("LLVM")))
    values.update((name, value) for name, value in given.items() if name in values or name in CROSS)
    out = {name: given[name] for name in CROSS if name in given}
    for name in exported_names(text) & values.keys():
        value = given[name] if name in given else expanded(values[name], values)
        if value is not None and len(value.split()) < 2:
            out[name] = value
    return out


def assigned(text: str, *, clang: bool) -> dict[str, str]:
    """Variable -> its text as written, by its first assignment in the branches that can be taken."""
    values: dict[str, str] = {}
    branches: list[bool | None] = []  # whether it is taken; None where that cannot be told
    for line in logical(text):
        found = _BRANCH.match(line)
        if found is None:
            assignment = _ASSIGNMENT.match(line)
            if assignment and False not in branches:
                values.setdefault(assignment[1], assignment[2].strip())
        elif found[1] == "endif":
            branches = branches[:-1]
        elif found[1] == "else":
            before = branches.pop() if branches else None
            branches.append(None if before is None else not before)
        else:
            known = _LLVM.match(found[2]) is not None and found[1] in ("ifeq", "ifneq")
            branches.append(clang == (found[1] == "ifneq") if known else None)
    return values


def expanded(text: str, values: Mapping[str, str], depth: int = 0) -> str | None:
    """A text with its references replaced; None where a function of make stands in it."""
    parts = []
    end = 0
    for found in _REFERENCE.finditer(text):
        inner = expanded(values.get(found[1], ""), values, depth + 1) if depth < DEPTH else None
        if inner is None:
            return None
        parts += [text[end : found.start()], inner]
        end = found.end()
    rest = [*parts, text[end:]]
    return None if "$" in "".join(rest[::2]) else "".join(rest)
