"""The configuration's text inside what a user gives: plain, compressed, or embedded in a kernel image or module.

An embedded one stands between IKCFG_ST and IKCFG_ED as gzip data (kernel/configs.c); in a bzImage the kernel around
it is compressed once more, so every known magic is tried, as in the kernel's scripts/extract-ikconfig. All limits are
on decompressed bytes, and data streams: neither a bomb nor a large image fills the memory.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from kcfg.base.errors import UserError
from kcfg.base.packed import MAGICS, Damaged, Meter, capped, chunks, compression, expand

if TYPE_CHECKING:
    from mmap import mmap

TEXT_LIMIT = 16 << 20  # allyesconfig has 0.4 MB
IMAGE_LIMIT = 512 << 20
PIPE_LIMIT = 128 << 20  # an image from a pipe stays in memory
TRIES_LIMIT = 10_000  # places in one image that look like the start of compressed data
MEANT = 1 << 20  # what expands to more than this was compressed data, not a magic by chance

UNREADABLE = {"lz4": (b"\x02\x21\x4c\x18", b"\x04\x22\x4d\x18"), "lzo": (b"\x89LZO\0\r\n\x1a\n",)}
EMBEDDED = b"IKCFG_ST" + MAGICS["gzip"]
IMAGE_MARKS = (  # offset and magic: ELF, bzImage, arm64 Image, EFI, arm zImage, U-Boot
    (0, b"\x7fELF"), (0x202, b"HdrS"), (56, b"ARMd"), (0, b"MZ"), (0x24, b"\x18\x28\x6f\x01"), (0, b"\x27\x05\x19\x56"),
)  # fmt: skip


def embedded(pieces: Iterable[bytes], where: str) -> bytes | None:
    """The configuration embedded in an uncompressed kernel or module, None when there is none. Raises Damaged."""
    stream = iter(pieces)
    held = b""
    for piece in stream:
        held += piece
        at = held.find(EMBEDDED)
        if at >= 0:
            rest = itertools.chain([held[at + len(b"IKCFG_ST") :]], stream)
            return b"".join(capped(expand("gzip", rest, members=False), TEXT_LIMIT, where))
        held = held[1 - len(EMBEDDED) :]
    return None


def _places(data: bytes | mmap, magic: bytes) -> Iterator[int]:
    at = data.find(magic)
    while at >= 0:
        yield at
        at = data.find(magic, at + 1)


def extract(data: bytes | mmap, where: str) -> bytes:
    """The configuration embedded in an image. UserError when there is none, or when it cannot be read."""
    trouble = ""
    try:
        text = embedded(chunks(data), where)
        if text is not None:
            return text
    except Damaged as error:
        trouble = f"its embedded configuration is damaged: {error}"
    meter = Meter(IMAGE_LIMIT, where)
    tries = ((kind, at) for kind, magic in MAGICS.items() for at in _places(data, magic))
    for kind, at in itertools.islice(tries, TRIES_LIMIT):
        before = meter.used
        try:
            text = embedded(meter.count(expand(kind, chunks(data, at), members=False)), where)
            if text is not None:
                return text
        except Damaged as error:
            if meter.used - before > MEANT:
                trouble = f"its payload is damaged: {error}"
    if trouble:
        raise UserError(trouble, where=where)
    head = data[:1024]
    # A vmlinux is not compressed, but its code has these magics; nor is a second payload behind one that was read.
    for kind, magics in UNREADABLE.items() if meter.used < MEANT and not head.startswith(b"\x7fELF") else ():
        if any(data.find(magic) >= 0 for magic in magics):
            raise UserError(
                f"its payload is compressed with {kind}, which cannot be read here",
                where=where,
                hint="unpack it with the kernel's scripts/extract-vmlinux and give the vmlinux",
            )
    if any(head[at : at + len(mark)] == mark for at, mark in IMAGE_MARKS):
        raise UserError(
            "no configuration is embedded in this image",
            where=where,
            hint="the kernel was built without IKCONFIG; give its .config, often /boot/config-VERSION",
        )
    raise _binary(head, where)


def _binary(head: bytes, where: str) -> UserError:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return UserError("UTF-16 text", where=where, hint="convert it to UTF-8")
    return UserError("binary data: neither a configuration nor a kernel image", where=where)


def read_text(stream: BinaryIO, where: str, *, mappable: bool = False) -> bytes:
    """The configuration's text in a file or pipe, whichever form it has. `mappable`: a file, read from its start.

    UserError when there is none, or when a limit is passed. OSError as the stream raises it.
    """
    data: bytes | mmap = stream.read(TEXT_LIMIT + 1)
    head = data[:4096]
    kind = compression(head)
    if not kind and b"\0" not in head:
        if len(data) > TEXT_LIMIT:
            raise UserError(f"larger than {TEXT_LIMIT >> 20} MB: not a kernel configuration", where=where)
        return data[:]
    if len(data) > TEXT_LIMIT:
        data = _whole(stream, data[:], where, mappable)
    if not kind:
        return extract(data, where)
    try:
        pieces = expand(kind, chunks(data))
        first = b""
        for piece in pieces:
            first += piece
            if len(first) >= 4096:
                break
        if b"\0" not in first[:4096]:
            return b"".join(capped(itertools.chain([first], pieces), TEXT_LIMIT, where))
        text = embedded(capped(itertools.chain([first], pieces), IMAGE_LIMIT, where), where)
    except Damaged as error:
        raise UserError(str(error), where=where) from None
    if text is None:
        raise UserError(f"no configuration in this {kind} file", where=where, hint="if it is an image, decompress it")
    return text


def _whole(stream: BinaryIO, start: bytes, where: str, mappable: bool) -> bytes | mmap:
    """All of a large input: mapped when it is a file, else in memory."""
    import mmap
    import os
    import stat

    if mappable:
        info = os.fstat(stream.fileno())
        if info.st_size > IMAGE_LIMIT:
            raise UserError(f"larger than {IMAGE_LIMIT >> 20} MB", where=where)
        if stat.S_ISREG(info.st_mode) and info.st_size:
            return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    data = start + stream.read(PIPE_LIMIT + 1 - len(start))
    if len(data) > PIPE_LIMIT:
        raise UserError(f"more than {PIPE_LIMIT >> 20} MB", where=where, hint="give it as a file")
    return data
