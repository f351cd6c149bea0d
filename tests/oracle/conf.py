"""A kernel's own conf as the truth: one configuration a process, or thousands in one that keeps the Kconfig parsed.

`Batch` runs `batch.c`, which is linked with the objects of the kernel's conf; an answer takes some 0.1 ms.
`real` starts the kernel's own binary; whatever refutes a claim is shown to it as well.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import IO, NamedTuple

from tests.conformance import kernels
from tests.conformance.kernels import Kernel

SOURCE = Path(__file__).with_name("batch.c")
TIMEOUT_SECONDS = 60.0
ANSWER = b"\x1e"
CHUNK = 100
"""Configurations that are asked before answers are read: less than a pipe holds."""

_LINE = re.compile(r"^CONFIG_(\S+?)=(.*)$|^# CONFIG_(\S+) is not set$", re.M)
_OBJECTS = re.compile(r"^common-objs\s*:=((?:.*\\\n)*.*)$", re.M)
_REFUSED = re.compile(r"recursive dependency|error:|invalid|Too many|expected|syntax")


class RefusedError(Exception):
    """conf does not take the Kconfig file."""


class State(NamedTuple):
    """What conf makes of a configuration. All by symbol; `limit` is what a user may set it to at most."""

    values: dict[str, str]
    limit: dict[str, str]
    lines: dict[str, str]
    unmet: frozenset[str]

    @property
    def key(self) -> tuple[tuple[str, str], ...]:
        return tuple(sorted(self.lines.items()))


def environment(folder: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "srctree": str(folder), "KCONFIG_CONFIG": ".config", "LC_ALL": "C"}


@cache
def batch_program(kernel: Kernel) -> Path:
    """batch.c linked with this kernel's conf, built into the tests' cache."""
    tree = kernel.tree / "scripts" / "kconfig"
    sources = [*sorted(tree.glob("*.[chly]")), SOURCE]
    digest = hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    built = kernels.cache_root() / "oracle" / f"{kernel.name}-{digest}"
    if built.is_file():
        return built
    built.parent.mkdir(parents=True, exist_ok=True)
    found = _OBJECTS.search((tree / "Makefile").read_text(encoding="utf-8"))
    if found is None:
        raise kernels.ConfError(f"{tree}/Makefile does not say what conf is made of")
    names = [word.removesuffix(".o") for word in found[1].replace("\\", " ").split()]
    has_internal = (tree / "internal.h").is_file() and kernel.series >= (6, 11)
    with tempfile.TemporaryDirectory(dir=built.parent) as name:
        folder = Path(name)
        _make(["flex", "-olexer.lex.c", "-L", str(tree / "lexer.l")], folder)
        _make(["bison", "-oparser.tab.c", "--defines=parser.tab.h", "-t", "-l", str(tree / "parser.y")], folder)
        files = [f"{one}.c" if one in ("lexer.lex", "parser.tab") else str(tree / f"{one}.c") for one in names]
        flags = ["-O2", "-w", "-I.", f"-I{tree}", f"-I{kernel.tree}/scripts/include"]
        flags += [f"-DHASHED_SYMBOLS={int(has_internal)}", f"-DMEMBER_LISTS={int(kernel.series >= (6, 11))}"]
        _make(["gcc", *flags, "-o", "batch", str(SOURCE), *files], folder)
        Path(folder, "batch").replace(built)
    return built


def _make(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise kernels.ConfError(f"{command[0]}: {(done.stderr or done.stdout).strip().splitlines()[-1]}")


class Batch:
    """One Kconfig file, parsed once by a kernel's own code. Raises RefusedError where conf does not take it."""

    def __init__(self, kernel: Kernel, folder: Path, env: dict[str, str] | None = None) -> None:
        """`env`: that in which conf runs; that of a small tree unless given. `folder`: where its files are kept."""
        program = str(batch_program(kernel))
        command = [program, "Kconfig", str(folder / "batch.config")]
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 closed in close()
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=env or environment(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )
        self.asked = 0
        head = self._read().split()
        self.types = dict(zip(head[::2], head[1::2], strict=True))
        self._known: dict[str, State] = {}

    def _read(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        while line[:1] not in (b"", ANSWER):
            line = self._process.stdout.readline()  # a warning of conf
        if not line.endswith(b"\n"):
            self._process.wait(TIMEOUT_SECONDS)
            self._errors.seek(0)
            said = self._errors.read().decode("utf-8", "replace").strip()
            raise RefusedError(said or f"status {self._process.returncode}")
        return line[1:-1].decode("utf-8", "surrogateescape")

    def __call__(self, config: str) -> State:
        """What conf makes of a configuration's text."""
        return self.many([config])[0]

    def many(self, configs: Sequence[str]) -> list[State]:
        """What conf makes of each, in their order; equal ones are asked once."""
        new = [config for config in dict.fromkeys(configs) if config not in self._known]
        assert self._process.stdin is not None
        for start in range(0, len(new), CHUNK):
            chunk = new[start : start + CHUNK]
            for config in chunk:
                data = config.encode("utf-8", "surrogateescape")
                self._process.stdin.write(b"%d\n%b" % (len(data), data))
            self._process.stdin.flush()
            for config in chunk:
                self._known[config] = self._state(self._read())
        self.asked += len(new)
        return [self._known[config] for config in configs]

    def once(self, config: str) -> State:
        """What conf makes of a configuration's text, which is not remembered."""
        data = config.encode("utf-8", "surrogateescape")
        assert self._process.stdin is not None
        self._process.stdin.write(b"%d\n%b" % (len(data), data))
        self._process.stdin.flush()
        self.asked += 1
        return self._state(self._read())

    def _state(self, answer: str) -> State:
        fields = answer.split("\x1f")
        values, limit, lines = {}, {}, {}
        for at, name in enumerate(self.types):
            value, most, written = fields[3 * at : 3 * at + 3]
            values[name] = value
            limit[name] = most
            if written == "1":
                lines[name] = value
        return State(values, limit, lines, frozenset(fields[-1].split()))

    def text(self, lines: Iterable[tuple[str, str]]) -> str:
        """A .config's text from symbols and plain values."""
        return "".join(f"{line(name, value, self.types.get(name, ''))}\n" for name, value in lines)

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()
        self._errors.close()


def line(name: str, value: str, kind: str) -> str:
    """A line of a .config."""
    if kind == "string":
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'CONFIG_{name}="{escaped}"'
    if value == "n" and kind not in ("int", "hex"):
        return f"# CONFIG_{name} is not set"
    return f"CONFIG_{name}={value}"


def real(kernel: Kernel, folder: Path, config: str) -> dict[str, str]:
    """The lines that `conf --olddefconfig` writes, each symbol's plain value. Raises RefusedError."""
    with tempfile.TemporaryDirectory(prefix="kcfg-oracle-") as name:
        own = Path(name)
        (own / ".config").write_text(config, encoding="utf-8", errors="surrogateescape")
        (own / "include" / "config").mkdir(parents=True)
        (own / "include" / "config" / "auto.conf").touch()  # else old ones touch a file for each symbol
        done = subprocess.run(
            [kernel.conf, "--olddefconfig", "Kconfig"],
            cwd=own,
            env=environment(folder),
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
        if done.returncode:
            raise RefusedError(done.stderr.strip() or f"status {done.returncode}")
        return read_lines((own / ".config").read_text(encoding="utf-8", errors="surrogateescape"))


def read_lines(text: str) -> dict[str, str]:
    """The lines of a .config as conf writes it, each symbol's plain value."""
    out = {}
    for name, value, unset in _LINE.findall(text):
        if unset:
            out[unset] = "n"
        elif value.startswith('"'):
            out[name] = re.sub(r"\\(.)", r"\1", value[1:-1])
        else:
            out[name] = value
    return out


def write_tree(folder: Path, kconfig: str, version: str) -> Path:
    """A kernel tree of one Kconfig file."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers = [int(part) for part in (*version.split("."), "0")[:3]]
    makefile = "VERSION = {}\nPATCHLEVEL = {}\nSUBLEVEL = {}\nEXTRAVERSION =\n".format(*numbers)
    (folder / "Makefile").write_text(makefile, encoding="utf-8")
    (folder / "Kconfig").write_text(kconfig, encoding="utf-8")
    return folder


def remove_tree(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
