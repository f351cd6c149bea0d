"""Open a solver for a kernel, with its clauses from the cache where they are there.

Clauses depend on the model and on the probes' answers. They are kept under `$XDG_CACHE_HOME/kcfg/clauses`; the oldest
go when there are more than `KEPT`. Deleting the folder loses nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kcfg import encoding as encodings
from kcfg.atomic import write_atomic
from kcfg.errors import UserError
from kcfg.kernels import cache_folder
from kcfg.model import Model

if TYPE_CHECKING:
    from kcfg.solve import Solver

KEPT = 24  # files of about 1.5 MB
CODE = (
    "build.py",
    "clauses.py",
    "encode.py",
    "encode_choices.py",
    "encode_text.py",
    "encoding.py",
    "literals.py",
    "model.py",
    "numbers.py",
    "parse.py",
    "resolve.py",
)


def open_solver(model: Model, answers: dict[str, str], *, no_unmet: bool = False, cache: bool = True) -> Solver:
    """A solver over a model whose probes have these answers; the others are free."""
    from kcfg.solve import Solver

    return Solver(model, clauses_of(model, answers, cache=cache), no_unmet)


def clauses_of(model: Model, answers: dict[str, str], *, cache: bool = True) -> encodings.Encoding:
    """The encoding, from the cache or made now."""
    from kcfg.encode import encode

    if not cache:
        return encode(model, answers)
    path = cache_folder() / "clauses" / f"{key_of(model, answers)}.cnf"
    with contextlib.suppress(OSError, UserError):
        found = encodings.loads(path.read_bytes(), path.name)
        path.touch()
        return found
    made = encode(model, answers)
    with contextlib.suppress(OSError):  # a full or read-only disk costs speed, nothing else
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, encodings.dumps(made))
        trim(path.parent)
    return made


def key_of(model: Model, answers: dict[str, str]) -> str:
    """Changes with the model, the answers and the code that encodes."""
    digest = hashlib.sha256()
    for name in CODE:
        state = Path(__file__).with_name(name).stat()
        digest.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    digest.update(f"{model.version} {model.arch} {model.toolchain}\n".encode())
    for table in (model.exprs, model.conditions, model.definitions, model.selects, model.symbols):
        digest.update(msgspec.msgpack.encode(table))
    digest.update(msgspec.msgpack.encode(sorted(answers.items())))
    return digest.hexdigest()[:24]


def trim(folder: Path) -> None:
    """Remove the entries that were used longest ago."""
    entries = sorted(folder.glob("*.cnf"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in entries[KEPT:]:
        path.unlink(missing_ok=True)
