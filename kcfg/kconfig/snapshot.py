"""Save and load models: the snapshots that ship with the package, and the cache of parsed trees.

A file is a magic line with the format's number, then one zstd frame of msgpack, which carries its own checksum: a
snapshot with one wrong bit is no other model. `FORMAT` changes with the shape of `Model`: a file of another format is
refused (a snapshot) or made anew (a cache entry).
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from kcfg.base.errors import UserError
from kcfg.base.packed import zstd
from kcfg.kconfig.model import Model

MAGIC = b"kcfg-model "
FORMAT = 1
LEVEL = 19
LIMIT = 64 << 20
"""Bytes of a snapshot, packed or not; that of a whole kernel is 2 MB."""
SUFFIX = ".kcfg"


def dumps(model: Model, level: int = LEVEL) -> bytes:
    """The bytes of a snapshot."""
    return MAGIC + b"%d\n" % FORMAT + zstd(msgspec.msgpack.encode(model), level)


def loads(data: bytes, where: str) -> Model:
    """The model in a snapshot's bytes; UserError when they are truncated, foreign or of another format."""
    import zstandard

    head, _, body = data.partition(b"\n")
    if not head.startswith(MAGIC):
        raise UserError("this is not a model snapshot", where=where)
    number = head[len(MAGIC) :]
    if number != b"%d" % FORMAT:
        shown = number[:12].decode("ascii", "replace")
        raise UserError(
            f"this snapshot has format {shown}, this version reads format {FORMAT}",
            where=where,
            hint="make it anew with `kcfg snapshot`",
        )
    try:
        if zstandard.frame_content_size(body) > LIMIT:
            raise UserError(f"this snapshot is damaged (decompresses to more than {LIMIT >> 20} MB)", where=where)
        packed = zstandard.ZstdDecompressor().decompress(body, max_output_size=LIMIT)
        return msgspec.msgpack.decode(packed, type=Model)
    except (zstandard.ZstdError, msgspec.DecodeError, UnicodeDecodeError) as error:
        if "not enough memory" in str(error):
            raise MemoryError(str(error)) from None
        raise UserError(f"this snapshot is damaged ({error})", where=where) from None


def is_snapshot(name: str) -> bool:
    """Whether a file is there that starts as a snapshot does, or is named as one."""
    try:
        with open(name, "rb") as file:
            return file.read(len(MAGIC)) == MAGIC or name.endswith(SUFFIX)
    except (OSError, ValueError):
        return name.endswith(SUFFIX)


def load(path: Path) -> Model:
    """The model in a snapshot file."""
    try:
        with open(path, "rb") as stream:
            data = stream.read(LIMIT)
    except OSError as error:
        raise UserError(f"cannot read the snapshot: {error.strerror}", where=str(path)) from None
    return loads(data, str(path))
