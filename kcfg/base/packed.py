"""Compressed data of every common kind, in bounded pieces: no bomb fills the memory, and all members are read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Protocol

from kcfg.base.errors import UserError

if TYPE_CHECKING:
    from mmap import mmap

PIECE = 1 << 18
DICTIONARY = 128 << 20
"""Memory that an xz or lzma stream may ask for; xz -9 asks for 65 MB."""
MAGICS = {
    "gzip": b"\x1f\x8b\x08",
    "xz": b"\xfd7zXZ\0",
    "zstd": b"\x28\xb5\x2f\xfd",
    "bzip2": b"BZh",
    "lzma": b"\x5d\0\0",
}
HEAD = 8
"""Bytes by which it is known what follows a stream."""
SKIPPED = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18.{4}", re.DOTALL)
"""A frame of zstd that is to be passed over, and its size. Source: RFC 8878, 3.1.2."""


class Damaged(Exception):  # noqa: N818
    """Compressed data that ends early or is not what its magic says."""


class _Engine(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gzip:
    """zlib with the interface of lzma and bz2."""

    def __init__(self) -> None:
        import zlib

        self._engine = zlib.decompressobj(31)

    @property
    def eof(self) -> bool:
        return self._engine.eof

    @property
    def needs_input(self) -> bool:
        return not self._engine.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._engine.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._engine.decompress(self._engine.unconsumed_tail + data, max_length)


class _Zstd:
    """zstandard with the interface of lzma and bz2. Its output has no limit: it takes input in small steps."""

    STEP = 1024  # at worst 256 blocks of 128 KB

    def __init__(self) -> None:
        import zstandard

        self._engine = zstandard.ZstdDecompressor().decompressobj()
        self._todo = b""

    @property
    def eof(self) -> bool:
        return self._engine.eof

    @property
    def needs_input(self) -> bool:
        return not self._todo

    @property
    def unused_data(self) -> bytes:
        return self._engine.unused_data + self._todo

    def decompress(self, data: bytes, max_length: int) -> bytes:
        todo = self._todo + data
        self._todo = todo[self.STEP :]
        return self._engine.decompress(todo[: self.STEP])


def _engine(kind: str) -> tuple[_Engine, type[Exception]]:
    """A decompressor and what it raises on bad data."""
    if kind == "gzip":
        import zlib

        return _Gzip(), zlib.error
    if kind == "zstd":
        import zstandard

        return _Zstd(), zstandard.ZstdError
    if kind == "bzip2":
        import bz2

        return bz2.BZ2Decompressor(), OSError
    import lzma

    form = lzma.FORMAT_XZ if kind == "xz" else lzma.FORMAT_ALONE
    return lzma.LZMADecompressor(form, memlimit=DICTIONARY), lzma.LZMAError


def zstd(data: bytes, level: int) -> bytes:
    """Data as one zstd frame with its checksum. MemoryError is all that can be wrong."""
    import zstandard

    try:
        return zstandard.ZstdCompressor(level=level, write_checksum=True).compress(data)
    except zstandard.ZstdError as error:
        raise MemoryError(str(error)) from None


def compression(head: bytes) -> str:
    """The name of the compression that data with this start has, "" for none that is known."""
    return next((kind for kind, magic in MAGICS.items() if head.startswith(magic)), "")


def expand(kind: str, chunks: Iterable[bytes], *, members: bool = True) -> Iterator[bytes]:
    """Decompress, in bounded pieces. `members`: go on with further streams of the same kind, as zcat does.

    What follows the compressed data is ignored. Raises Damaged, also when the data end early.
    """
    source = iter(chunks)
    engine, errors = _engine(kind)
    chunk = next(source, b"")
    held = False  # the engine has more to give before it takes more
    while chunk or held:
        if engine.eof:
            chunk = following(kind, chunk, source) if members else b""
            if not chunk:
                return
            engine, errors = _engine(kind)
        try:
            piece = engine.decompress(chunk, PIECE)
        except (errors, EOFError, MemoryError) as error:
            raise Damaged(f"bad {kind} data: {error}") from None
        if piece:
            yield piece
        held = not engine.eof and not engine.needs_input
        chunk = b"" if held else (engine.unused_data if engine.eof else b"") or next(source, b"")
    if not engine.eof:
        raise Damaged(f"truncated {kind} data")


def following(kind: str, data: bytes, source: Iterator[bytes]) -> bytes:
    """The data from the next stream on, b"" where none follows.

    Behind an xz stream may be zeros, between frames of zstd others that are to be passed over.
    """
    while True:
        while kind == "xz" or len(data) < HEAD:
            data = data.lstrip(b"\0") if kind == "xz" else data
            more = b"" if len(data) >= HEAD else next(source, b"")
            if not more:
                break
            data += more
        if kind != "zstd" or not SKIPPED.match(data):
            return data if data.startswith(MAGICS[kind]) else b""
        left = HEAD + int.from_bytes(data[4:HEAD], "little")
        while data and left >= len(data):
            left -= len(data)
            data = next(source, b"")
        data = data[left:]


def chunks(data: bytes | mmap, start: int = 0) -> Iterator[bytes]:
    """Data in pieces of 64 KB."""
    for at in range(start, len(data), 1 << 16):
        yield data[at : at + (1 << 16)]


class Meter:
    """Counts the bytes that pass; UserError when they are more than the limit."""

    def __init__(self, limit: int, where: str) -> None:
        self.limit = limit
        self.where = where
        self.used = 0

    def count(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self.used += len(piece)
            if self.used > self.limit:
                raise UserError(f"decompresses to more than {self.limit >> 20} MB", where=self.where)
            yield piece


def capped(pieces: Iterable[bytes], limit: int, where: str) -> Iterator[bytes]:
    """The pieces, as `Meter` counts them."""
    return Meter(limit, where).count(pieces)
