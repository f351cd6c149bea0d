"""Compressed data: all members, and no more than is allowed."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path
from zlib import crc32

import pytest
import zstandard

from kcfg.base.errors import UserError
from kcfg.base.packed import Damaged, capped, chunks, compression, expand
from kcfg.sources.open import open_source

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE),
    "zstd": zstandard.ZstdCompressor().compress,
}


@pytest.mark.parametrize("kind", PACKERS)
def test_members_one_after_the_other_are_one_text(kind: str) -> None:
    packed = PACKERS[kind](b"one\n") + PACKERS[kind](b"two\n")
    assert compression(packed) == kind
    assert b"".join(expand(kind, chunks(packed))) == b"one\ntwo\n"
    assert b"".join(expand(kind, [packed[:20], packed[20:]])) == b"one\ntwo\n"
    assert b"".join(expand(kind, chunks(packed), members=False)) == b"one\n"


@pytest.mark.parametrize("kind", PACKERS)
def test_where_pieces_end_says_nothing(kind: str) -> None:
    packed = PACKERS[kind](b"one\n") + PACKERS[kind](b"two\n")
    for at in range(1, len(packed)):
        assert b"".join(expand(kind, [packed[:at], packed[at:]])) == b"one\ntwo\n"
    assert b"".join(expand(kind, [packed[at : at + 1] for at in range(len(packed))])) == b"one\ntwo\n"
    for more in (b"x", b"x" * 20, PACKERS[kind](b"")[:2]):
        assert b"".join(expand(kind, [PACKERS[kind](b"one\n") + more[:1], more[1:]])) == b"one\n"


def test_what_may_stand_between_two_streams_is_passed_over() -> None:
    xz, zstd = PACKERS["xz"], PACKERS["zstd"]
    aside = b"\x5a\x2a\x4d\x18\x05\0\0\0notes"
    for kind, data in (
        ("xz", xz(b"one\n") + bytes(400) + xz(b"two\n") + bytes(8)),
        ("zstd", zstd(b"one\n") + aside * 3 + zstd(b"two\n") + aside),
    ):
        for size in (1, 3, 7, 50, 1000):
            pieces = [data[at : at + size] for at in range(0, len(data), size)]
            assert b"".join(expand(kind, pieces)) == b"one\ntwo\n"
    assert b"".join(expand("zstd", [zstd(b"one\n") + aside[:4] + b"\xff\xff\xff\xff" + b"x" * 99])) == b"one\n"


@pytest.mark.parametrize("kind", PACKERS)
def test_what_is_cut_off_is_damaged(kind: str) -> None:
    packed = PACKERS[kind](b"some text that takes a few bytes" * 20)
    with pytest.raises(Damaged):
        list(expand(kind, chunks(packed[:-6])))


def test_a_tarball_with_a_dictionary_of_gigabytes_is_one_line(tmp_path: Path) -> None:
    """The head of a block of an xz stream with a dictionary of 1.5 GB: 37 is its size, as the format writes it."""
    packed = bytearray(lzma.compress(bytes(4000)))
    head = packed[12 : 12 + (packed[12] + 1) * 4]
    at = head.index(b"\x21\x01") + 2
    head[at] = 37
    head[-4:] = crc32(head[:-4]).to_bytes(4, "little")
    packed[12 : 12 + len(head)] = head
    (tmp_path / "linux.tar.xz").write_bytes(packed)
    with pytest.raises(UserError) as caught:
        open_source(str(tmp_path / "linux.tar.xz")).read("Kconfig")
    assert "memory" in str(caught.value).lower()
    assert "\n" not in str(caught.value)


def test_more_than_the_limit_is_one_line() -> None:
    packed = gzip.compress(b"\0" * (3 << 20))
    with pytest.raises(UserError, match=r"^f: decompresses to more than 2 MB$"):
        list(capped(expand("gzip", chunks(packed)), 2 << 20, "f"))
    assert sum(map(len, capped(expand("gzip", chunks(packed)), 3 << 20, "f"))) == 3 << 20


def test_a_dictionary_of_gigabytes_is_refused() -> None:
    header = b"\x5d" + (1 << 30).to_bytes(4, "little") + b"\xff" * 8
    with pytest.raises(Damaged, match=r"[Mm]emory"):
        list(expand("lzma", [header + lzma.compress(b"a", lzma.FORMAT_ALONE)[13:]]))
