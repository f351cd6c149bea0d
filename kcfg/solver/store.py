"""Open a solver for a kernel, with its clauses from the cache where they are there.

Clauses depend on the model and on the probes' answers. They are kept under `$XDG_CACHE_HOME/kcfg/clauses`; the oldest
go when there are more than `KEPT`. Deleting the folder loses nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

from kcfg.base import caches
from kcfg.base.errors import UserError
from kcfg.kconfig.model import Model
from kcfg.solver import CODE
from kcfg.solver import encoding as encodings
from kcfg.solver.encoding import Line
from kcfg.solver.goals import wanted_lines

if TYPE_CHECKING:
    from kcfg.solver.results import Goal
    from kcfg.solver.solver import Solver

KEPT = 24  # files of about 1.5 MB


def open_solver(
    model: Model, answers: dict[str, str], goals: Iterable[Goal] = (), *, no_unmet: bool = False, cache: bool = True
) -> Solver:
    """A solver over a model whose probes have these answers; the others are free.

    `goals`: what is asked for later. The clauses for those on ints, hexes and strings come from the cache then, too.
    """
    from kcfg.solver.solver import Solver

    lines = wanted_lines(model, goals)
    made = encodings.Deferred(answers, lambda: clauses_of(model, answers, lines, cache=cache))
    return Solver(model, made, no_unmet, lines)


def clauses_of(
    model: Model, answers: dict[str, str], wanted: Sequence[Line] = (), *, cache: bool = True
) -> encodings.Encoding:
    """The encoding, from the cache or made now; it has literals for the `wanted` lines."""
    from kcfg.solver.encode import encode

    if not cache:
        return encode(model, answers, wanted=wanted)
    path = caches.cache_folder() / "clauses" / f"{key_of(model, answers, wanted)}.cnf"
    data = caches.read_entry(path)
    if data is not None:
        with contextlib.suppress(UserError):
            return encodings.loads(data, path.name)
    made = encode(model, answers, wanted=wanted)
    caches.keep_entry(path, encodings.dumps(made), KEPT)
    return made


def key_of(model: Model, answers: dict[str, str], wanted: Iterable[Line] = ()) -> str:
    """Changes with the model, the answers, the wanted lines and the code that encodes."""
    tables: list[object] = [model.exprs, model.conditions, model.definitions, model.selects, model.symbols]
    tables += [model.choices, model.atoms, model.probes, model.modules, sorted(answers.items())]
    tables += [sorted(wanted, key=lambda line: (line[0], line[1] is None, line[1] or ""))]
    named = f"{model.version} {model.arch} {model.toolchain}"
    return caches.key(caches.code_state(*CODE), named, *(msgspec.msgpack.encode(table) for table in tables))
