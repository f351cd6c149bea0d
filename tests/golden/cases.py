"""A case: one run of the command. And how the tables of cases are written.

Cases run in one folder that holds the corpus, so that no path of a machine stands in a command or in what it prints:

    examples/       the project's examples
    own/            tests/golden/corpus
    history/        a small upstream with a verdict of every kind, and history-queue/, a queue for it with four releases
    configs/        Debian's configurations of Linux 6.12                              (only with the tests' kernels)
    linux/          the tree of Linux 6.12: Kconfig, Makefiles and scripts             (only with the tests' kernels)
    xen/            a clone of xen.git                                                 (only with --upstream)
    xen-queue/      a clone of a packaging repository with SPECS/xen.spec              (only with --queue)

What a case writes goes below `{out}`, a folder of its own.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

OPTIONAL = ("configs", "linux", "xen", "xen-queue")
"""Parts of the corpus that need not be there; cases that name one are left out then."""

COLOURED = {"FORCE_COLOR": "1", "COLUMNS": "72"}
PLAIN = {"PYTHONIOENCODING": "ascii:strict", "NO_COLOR": "1", "COLUMNS": "50"}


@dataclass(frozen=True, slots=True)
class Case:
    """One run of the command."""

    name: str
    """Unique; a path below the record's `cases`, such as "check/demo/sarif"."""
    args: tuple[str, ...]
    """The arguments; "{out}" in them is the case's own folder, relative to the folder that it runs in."""
    stdin: str = ""
    """A file of the corpus; "" is an empty input."""
    env: dict[str, str] = field(default_factory=dict)
    """Variables on top of the record's own environment."""
    given: tuple[str, ...] = ()
    """Files that are in the case's folder before it runs, each with one line of text."""
    first: bool = False
    """Whether it runs before the others and alone, since it fills the cache that they read."""

    @property
    def needs(self) -> frozenset[str]:
        """The optional parts of the corpus that it names."""
        words = [*self.args, self.stdin]
        return frozenset(part for word in words if (part := word.split("/")[0].split("@")[0]) in OPTIONAL)


def case(
    name: str,
    line: str,
    *,
    stdin: str = "",
    env: dict[str, str] | None = None,
    given: Iterable[str] = (),
    first: bool = False,
) -> Case:
    """A case from the line that a user would type behind `kcfg`."""
    return Case(name, tuple(shlex.split(line)), stdin, env or {}, tuple(given), first)


def formats(name: str, line: str, wanted: str, *, stdin: str = "") -> Iterator[Case]:
    """A case for each of the formats, "text,json"; "text+" is text, and text in colour and in ASCII besides."""
    for form in wanted.split(","):
        one = case(f"{name}/{form.rstrip('+')}", f"{line} --format {form.rstrip('+')}", stdin=stdin)
        yield one
        if form.endswith("+"):
            yield replace(one, name=f"{name}/colour", env=COLOURED)
            yield replace(one, name=f"{name}/ascii", env=PLAIN)
