"""Names of loaded modules, as lsmod and /proc/modules print them."""

from __future__ import annotations

import re

from kcfg.base.errors import UserError


def fold(name: str) -> str:
    """A module's name as the kernel shows it."""
    return name.removesuffix(".ko").replace("-", "_")


MODULE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]{0,55}", re.ASCII)


LSMOD = re.compile(r"\S+\s+\d+\s+-?\d+(?:\s+\S+)?(?:\s+\S.*)?", re.ASCII)


MODULES_LIMIT = 20_000


def parse_lsmod(text: str) -> tuple[str, ...]:
    """The modules' names in lsmod's output, in /proc/modules, or one a line; without repetition, in their order.

    Empty lines, comments (#) and lsmod's heading are passed over. UserError with the line's number for another line,
    and for a text without any module.
    """
    names: dict[str, None] = {}
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or words[0][0] == "#" or words[:2] == ["Module", "Size"]:
            continue
        if not MODULE_NAME.fullmatch(words[0]) or (len(words) > 1 and not LSMOD.fullmatch(line.strip())):
            raise UserError(
                f"not a line of lsmod: {line.strip()[:60]!r}",
                where=f"line {number}",
                hint="lsmod's output, /proc/modules, or one module name a line",
            )
        names[fold(words[0])] = None
        if len(names) > MODULES_LIMIT:
            raise UserError(f"more than {MODULES_LIMIT} modules", where=f"line {number}")
    if not names:
        raise UserError("no module in the list", hint="lsmod's output, /proc/modules, or one module name a line")
    return tuple(names)
