"""Open a solver for a kernel, with its clauses from the cache where they are there.

Clauses depend on the model and on the probes' answers. They are kept under `$XDG_CACHE_HOME/kcfg/clauses`; the oldest
go when there are more than `KEPT`. Deleting the folder loses nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from kcfg.base import caches
from kcfg.base.errors import UserError
from kcfg.kconfig.model import Model
from kcfg.solver import CODE
from kcfg.solver import encoding as encodings
from kcfg.solver.telling import telling

if TYPE_CHECKING:
    from kcfg.solver.results import Goal
    from kcfg.solver.solver import Solver

KEPT = 24  # files of about 1.5 MB


def open_solver(
    model: Model, answers: dict[str, str], goals: Iterable[Goal] = (), *, no_unmet: bool = False, cache: bool = True
) -> Solver:
    """A solver over a model whose probes have these answers; the others are free.

    `goals`: those on ints, hexes and strings that will be asked for have to be known beforehand.
    """
    from kcfg.solver.solver import Solver

    model = telling(model, goals)
    return Solver(model, encodings.Deferred(answers, lambda: clauses_of(model, answers, cache=cache)), no_unmet)


def clauses_of(model: Model, answers: dict[str, str], *, cache: bool = True) -> encodings.Encoding:
    """The encoding, from the cache or made now."""
    from kcfg.solver.encode import encode

    if not cache:
        return encode(model, answers)
    path = caches.cache_folder() / "clauses" / f"{key_of(model, answers)}.cnf"
    data = caches.read_entry(path)
    if data is not None:
        with contextlib.suppress(UserError):
            return encodings.loads(data, path.name)
    made = encode(model, answers)
    caches.keep_entry(path, encodings.dumps(made), KEPT)
    return made


def key_of(model: Model, answers: dict[str, str]) -> str:
    """Changes with the model, the answers and the code that encodes."""
    tables: list[object] = [model.exprs, model.conditions, model.definitions, model.selects, model.symbols]
    tables += [model.choices, model.atoms, model.probes, model.modules, sorted(answers.items())]
    named = f"{model.version} {model.arch} {model.toolchain}"
    return caches.key(caches.code_state(*CODE), named, *(msgspec.msgpack.encode(table) for table in tables))
