"""An encoded model as data: flat clauses, what their variables mean, and how to keep both in a file.

A file is a magic line, then two zstd frames: all that queries need, and the marks that only reasons need. The latter
stay packed until they are asked for.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from kcfg.base.errors import CannotEvaluate
from kcfg.base.packed import zstd

MAGIC = b"kcfg-clauses "
FORMAT = 2
LEVEL = 3  # 20 ms for 1.2 MB; level 19 saves a third and takes seconds

Line = tuple[int, str | None]
"""An int, a hex or a string and the text of its line, written as `plain` does; None: it has no line."""


class Domain(msgspec.Struct, frozen=True, array_like=True):
    """The texts that an atom can have, each with its literal, and the constants that decide its gaps.

    Atoms that are compared with each other, or take their texts from each other, have one `group`.
    """

    kind: int
    values: tuple[tuple[str, int], ...]
    constants: tuple[str, ...]
    group: int = 0


@dataclass(slots=True)
class Marks:
    """Where statements begin: three numbers each, see `Clauses.marks`; offsets count from `Encoding.stated`."""

    clauses: array[int]
    unmet: array[int]


@dataclass(slots=True)
class Encoding:
    """The clauses of a model. Index: symbol number where not said otherwise.

    `clauses` and `unmet` are flat, each clause ends with 0; from offset `stated` on they come from statements. `unmet`
    is the option "no select over unmet dependencies". `expr_*` and `link_*` are the literals of the model's expressions
    and conditions, 0 where none was needed.
    """

    variables: int
    stated: int
    clauses: array[int]
    unmet: array[int]
    enabled: array[int]  # by atom: constants and probes follow the symbols
    yes: array[int]
    expr_enabled: array[int]
    expr_yes: array[int]
    link_enabled: array[int]
    link_yes: array[int]
    choice_enabled: array[int]  # a choice's own value: kernels before 6.11
    choice_yes: array[int]
    domains: dict[int, Domain]  # by atom: texts that some expression compares
    answers: dict[str, str]  # the probes' answers that are in the clauses
    lines: dict[Line, int] = field(default_factory=dict)  # that it has this line, for those that were asked for
    packed_marks: bytes = b""
    known_marks: Marks | None = field(default=None, repr=False)

    @property
    def marks(self) -> Marks:
        """Which statement each clause comes from."""
        if self.known_marks is None:
            import zstandard

            packed = zstandard.ZstdDecompressor().decompress(self.packed_marks)
            size = int.from_bytes(packed[:8], "little")
            clauses, unmet = array("q"), array("q")
            clauses.frombytes(packed[8 : 8 + size])
            unmet.frombytes(packed[8 + size :])
            self.known_marks = Marks(clauses, unmet)
        return self.known_marks


class Deferred(NamedTuple):
    """An encoding that is made, or read from the cache, when it is first asked for."""

    answers: dict[str, str]
    make: Callable[[], Encoding]


ARRAYS = (
    "clauses",
    "unmet",
    "enabled",
    "yes",
    "expr_enabled",
    "expr_yes",
    "link_enabled",
    "link_yes",
    "choice_enabled",
    "choice_yes",
)


class StoredEncoding(msgspec.Struct, array_like=True):
    """The first frame's content, in the byte order of this machine."""

    word: bytes  # array("i", [1]), so that another machine's file is refused
    variables: int
    stated: int
    arrays: list[bytes]
    domains: dict[int, Domain]
    answers: dict[str, str]
    lines: list[tuple[int, str | None, int]]


def dumps(encoding: Encoding, level: int = LEVEL) -> bytes:
    """The bytes of a file; they fit this kind of machine only (a cache, no exchange format)."""
    stored = StoredEncoding(
        array("i", [1]).tobytes(),
        encoding.variables,
        encoding.stated,
        [getattr(encoding, name).tobytes() for name in ARRAYS],
        encoding.domains,
        encoding.answers,
        [(*line, literal) for line, literal in encoding.lines.items()],
    )
    first = zstd(msgspec.msgpack.encode(stored), level)
    packed = encoding.packed_marks
    if not packed:
        marks = encoding.marks
        head = marks.clauses.tobytes()
        data = len(head).to_bytes(8, "little") + head + marks.unmet.tobytes()
        packed = zstd(data, level)
    return MAGIC + b"%d %d\n" % (FORMAT, len(first)) + first + packed


def loads(data: bytes, where: str) -> Encoding:
    """The encoding in a file's bytes; CannotEvaluate when they are truncated, foreign or of another format."""
    import zstandard

    head, _, body = data.partition(b"\n")
    words = head.removeprefix(MAGIC).split()
    if not head.startswith(MAGIC) or len(words) != 2 or words[0] != b"%d" % FORMAT or not words[1].isdigit():
        raise CannotEvaluate("these are no clauses of this version", where=where)
    size = int(words[1])
    try:
        packed = zstandard.ZstdDecompressor().decompress(body[:size])
        stored = msgspec.msgpack.decode(packed, type=StoredEncoding, strict=False)
        if stored.word != array("i", [1]).tobytes() or len(stored.arrays) != len(ARRAYS):
            raise CannotEvaluate("these clauses were made on another kind of machine", where=where)
        arrays = {name: array("i", content) for name, content in zip(ARRAYS, stored.arrays, strict=True)}
    except (zstandard.ZstdError, msgspec.DecodeError, MemoryError, ValueError) as error:
        raise CannotEvaluate(f"these clauses are damaged ({error})", where=where) from None
    return Encoding(
        variables=stored.variables,
        stated=stored.stated,
        domains=stored.domains,
        answers=stored.answers,
        lines={(number, text): literal for number, text, literal in stored.lines},
        packed_marks=body[size:],
        **arrays,  # type: ignore[arg-type]
    )
