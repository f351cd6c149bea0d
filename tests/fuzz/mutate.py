"""Seeded changes of inputs: what a parser's author did not think of, made of what one did think of."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

MOST = 20_000
"""Bytes of an input: hangs are looked for by shape, not by size."""

NEWLINE = re.compile(b"\n")
TOKENS = (
    b"\0", b"\r", b"\n", b"\r\n", b"\t", b" ", b"\\\n", b'"', b"'", b"$(", b")", b"${", b"}", b"%{", b"@", b"\xff",
    b"\xe2\x80\xae", b"\xef\xbb\xbf", b"=", b":", b"#", b"<", b">", b"[", b"]", b"{", b"-", b"+", b"--- ", b"+++ ",
    b"@@ -1 +1 @@\n", b"diff --git ", b"y", b"m", b"n", b"0", b"-1", b"0x", b"9" * 40, b"2147483648", b"CONFIG_A=",
    b"../", b"/", b"*", b"&a ", b"*a", b"if ", b"endif\n", b"a" * 300,
)  # fmt: skip


def mutated(rng: random.Random, seeds: Sequence[bytes]) -> bytes:
    """One of the seeds with one to eight changes."""
    data = bytearray(rng.choice(seeds))
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 5, 8))):
        rng.choice(CHANGES)(rng, data, seeds)
        del data[MOST:]
    return bytes(data)


def span(rng: random.Random, data: bytearray) -> slice:
    """A place that is more often short than long."""
    start = rng.randrange(len(data) + 1)
    return slice(start, start + rng.choice((1, 2, 4, 8, 16, 64, 256)))


def line(rng: random.Random, data: bytearray) -> slice:
    """A line, with its end."""
    ends = [-1, *(found.start() for found in NEWLINE.finditer(data)), len(data) - 1]
    at = rng.randrange(len(ends) - 1)
    return slice(ends[at] + 1, ends[at + 1] + 1)


def flip(rng: random.Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    if data:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def cut(rng: random.Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    del data[span(rng, data)]


def cut_line(rng: random.Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    del data[line(rng, data)]


def end(rng: random.Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    del data[rng.randrange(len(data) + 1) :]


def insert(rng: random.Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    at = rng.randrange(len(data) + 1)
    data[at:at] = rng.choice(TOKENS)


def double(rng: random.Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    """A line many times, or in another place."""
    what = bytes(data[line(rng, data)])
    at = rng.choice((line(rng, data).start, rng.randrange(len(data) + 1)))
    data[at:at] = what * rng.choice((1, 1, 2, 50))


def splice(rng: random.Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    """A part of another seed in place of a part of this one."""
    other = bytearray(rng.choice(seeds))
    data[span(rng, data)] = other[span(rng, other)]


def swap(rng: random.Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    """Two lines change places."""
    first, second = sorted((line(rng, data), line(rng, data)), key=lambda one: one.start)
    if first != second:
        before, after = bytes(data[first]), bytes(data[second])
        data[second] = before
        data[first] = after


CHANGES = (flip, cut, cut_line, end, insert, insert, double, splice, swap)
