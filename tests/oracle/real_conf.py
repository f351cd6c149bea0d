"""A real kernel's conf that keeps its Kconfig parsed, and a configuration's file with some lines changed."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from kcfg.kconfig.model import Model, Type
from tests.conformance import kernels, replay
from tests.conformance.kernels import Kernel, conf_env, run_conf
from tests.oracle.conf import Batch, line, read_lines

Values = dict[str, str]
"""The lines of a resulting configuration, each symbol's plain value."""


class Conf:
    """What a kernel's own conf makes of configurations for one architecture."""

    def __init__(self, kernel: Kernel, arch: str) -> None:
        self.kernel, self.arch = kernel, arch
        self._folder = tempfile.TemporaryDirectory(prefix="kcfg-real-")
        root = kernels.cache_root()
        env = conf_env(kernel, arch) | replay.environment(root, kernel.tree, kernel.version, arch)
        self._batch = Batch(kernel, Path(self._folder.name), env | {"KCONFIG_CONFIG": ".config"})
        self._ask = lru_cache(maxsize=64)(self._lines)

    def __call__(self, text: str) -> Values:
        """In the one process that has read the Kconfig files."""
        return self._ask(text)

    def _lines(self, text: str) -> Values:
        return self._batch.once(text).lines

    def settable(self, text: str) -> list[str]:
        """The symbols whose prompts can be seen."""
        return [name for name, most in self._batch.once(text).limit.items() if most != "n"]

    def real(self, text: str) -> Values:
        """From the kernel's own binary."""
        return read_lines(run_conf(self.kernel, self.arch, "--olddefconfig", text).text)


class File:
    """A user's configuration whose lines can be replaced, as a change says: old ones gone, new ones at the end."""

    def __init__(self, text: str, model: Model) -> None:
        self.text = text
        self.types = {s.name: Type(s.type).name.lower() for s in model.symbols if s.definitions}
        self._lines = [(name_of(row), row) for row in text.splitlines()]
        self.values = read_lines(text)

    def edited(self, lines: Mapping[str, str]) -> str:
        kept = [row for name, row in self._lines if name not in lines]
        return "\n".join([*kept, *(line(name, value, self.types[name]) for name, value in lines.items())]) + "\n"

    def contradicted(self, symbol: str, value: str) -> bool:
        """Whether the user has a line of this symbol that says something else."""
        return self.values.get(symbol, value) != value


def name_of(row: str) -> str:
    """The symbol of a line, "" where it is none's."""
    if row.startswith("# CONFIG_") and row.endswith(" is not set"):
        return row[len("# CONFIG_") : -len(" is not set")]
    return row[len("CONFIG_") :].partition("=")[0] if row.startswith("CONFIG_") else ""
