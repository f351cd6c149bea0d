"""In which folder a recipe's commands are run, as `cd`, `pushd` and `popd` tell it, and which one of the tree this is.

A folder is a text: `@srcdir@/x-1.0/drivers`, where what is between @ is a folder that the builder makes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from patches.queues.formats.shellwords import MARK, UNKNOWN, Field, ShellVariable

FOLDER = " folder"
"""The variable that has the folder, and below it those that pushd left: no recipe can name it."""
TOPS = ("@builddir@", "@s@")
"""What stands for the top of the tree."""
ABOVE = ("@srcdir@", "@workdir@")
"""Where the trees are unpacked: the folder in it is a top."""


def changed(here: str, target: str) -> str:
    """The folder that `cd target` leads to."""
    if target.startswith(UNKNOWN):
        return UNKNOWN
    text = target if target.startswith(("@", "/")) else f"{here}/{target}"
    text = re.sub(r"^@startdir@/src(?=/|$)", "@srcdir@", text)
    parts: list[str] = []
    for part in text.split("/"):
        if part == ".." and parts and UNKNOWN in parts[-1]:
            return UNKNOWN
        if part == ".." and parts and parts[-1] != ".." and not (len(parts) == 1 and parts[0].startswith("@")):
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return f"{'/' if text.startswith('/') else ''}{'/'.join(parts)}"


def below(folder: str) -> str | None:
    """The folder of the tree: "" for its top, None where it is not known."""
    first, _, rest = changed("", folder).partition("/")
    if first in ABOVE:
        top, _, rest = rest.partition("/")
        rest = UNKNOWN if top == ".." else rest
    elif first not in TOPS:
        return None
    return None if UNKNOWN in rest or ".." in rest.split("/") else rest


def stand(folder: str) -> ShellVariable:
    """The value of FOLDER where commands begin."""
    return ShellVariable((Field(folder),))


def moved(before: ShellVariable | None, words: Sequence[Field]) -> ShellVariable | None:
    """The value of FOLDER behind a command; None where the command does not change it."""
    name = words[0].text
    if name not in ("cd", "pushd", "popd"):
        return None
    stack = before.fields if before else (Field(UNKNOWN),)
    targets = [one.text for one in words[1:] if not re.match(r"-[A-Za-z-]", one.text)]
    if name == "popd":
        return ShellVariable(stack[1:] or (Field(UNKNOWN),)) if not targets else stand(UNKNOWN)
    target = MARK.sub("", targets[0]) if targets else UNKNOWN
    here = UNKNOWN if target == "-" or target[:1] in "+~" else changed(stack[0].text, target)
    return ShellVariable((Field(here), *(stack if name == "pushd" else stack[1:])))
