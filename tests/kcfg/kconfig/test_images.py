"""Configurations in compressed files, kernel images and modules; images are built here."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import subprocess
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from kcfg.base.errors import UserError
from kcfg.base.packed import Damaged, expand
from kcfg.kconfig.config import read_config
from kcfg.kconfig.images import read_text

TEXT = b"# Linux/x86 6.12.8 Kernel Configuration\nCONFIG_XEN=y\n# CONFIG_XEN_PV is not set\n"
KINDS = ["gz", "xz", "zst", "bz2", "lzma"]
NAMES = {"gz": "gzip", "xz": "xz", "zst": "zstd", "bz2": "bzip2", "lzma": "lzma"}
NOISE = os.urandom(3000).replace(b"\x1f\x8b", b"..")


def pack(kind: str, data: bytes) -> bytes:
    if kind == "gz":
        return gzip.compress(data)
    if kind == "xz":
        return lzma.compress(data, check=lzma.CHECK_CRC32)
    if kind == "zst":
        return zstandard.compress(data)
    if kind == "bz2":
        return bz2.compress(data)
    if kind == "lzma":
        filters = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 25}]
        return lzma.compress(data, format=lzma.FORMAT_ALONE, filters=filters)
    return data


def vmlinux(text: bytes = TEXT) -> bytes:
    return b"\x7fELF" + bytes(60) + NOISE + b"IKCFG_ST" + gzip.compress(text) + b"IKCFG_ED" + NOISE


def bzimage(payload: bytes) -> bytes:
    head = bytearray(0x400)
    head[:2] = b"MZ"
    head[0x202:0x206] = b"HdrS"
    # The linker appends the payload's decompressed size to it.
    return bytes(head) + b"BZh \x1f\x8b\x08 " + payload + b"\x12\x34\x56\x78" + bytes(100)


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        read_config(path)
    assert "\n" not in str(caught.value)
    assert caught.value.where == str(path)
    return str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
def test_the_payload_of_a_bzimage_is_searched(tmp_path: Path, kind: str) -> None:
    config = read_config(write(tmp_path / "bzImage", bzimage(pack(kind, vmlinux()))))
    assert (config.values()["XEN"].line, config.values()["XEN_PV"].value) == (2, "n")


@pytest.mark.parametrize("kind", ["plain", *KINDS])
def test_a_vmlinux_or_module_is_searched_also_when_it_is_compressed(tmp_path: Path, kind: str) -> None:
    assert read_config(write(tmp_path / "configs.ko", pack(kind, vmlinux()))).values()["XEN"].value == "y"


def test_an_image_from_a_pipe_is_searched() -> None:
    assert read_config("-", stdin=io.BytesIO(bzimage(pack("zst", vmlinux())))).values()["XEN"].value == "y"


def test_a_large_image_is_searched(tmp_path: Path) -> None:
    data = b"\x7fELF" + bytes(40 << 20) + vmlinux()
    assert read_config(write(tmp_path / "vmlinux", data)).values()["XEN"].value == "y"
    assert read_config("-", stdin=io.BytesIO(data)).values()["XEN"].value == "y"


@pytest.mark.parametrize("offset", range(-11, 2))
def test_the_marker_is_found_across_the_border_of_two_pieces(offset: int) -> None:
    data = bytes((1 << 16) + offset) + b"IKCFG_ST" + gzip.compress(TEXT)
    assert read_text(io.BytesIO(data), "f") == TEXT


@pytest.mark.parametrize(
    "image",
    [b"\x7fELF" + bytes(100), bzimage(b""), bzimage(gzip.compress(b"\x7fELF" + NOISE))],
    ids=["elf", "empty bzImage", "bzImage"],  # their bytes are others in each process
)
def test_an_image_without_a_configuration_says_so(tmp_path: Path, image: bytes) -> None:
    assert "no configuration is embedded in this image" in refusal(write(tmp_path / "x", image))


@pytest.mark.parametrize(
    ("magic", "name"), [(b"\x02\x21\x4c\x18", "lz4"), (b"\x04\x22\x4d\x18", "lz4"), (b"\x89LZO\0\r\n\x1a\n", "lzo")]
)
def test_lz4_and_lzo_say_what_to_do(tmp_path: Path, magic: bytes, name: str) -> None:
    message = refusal(write(tmp_path / "x", bzimage(magic + NOISE)))
    assert f"compressed with {name}" in message
    assert "extract-vmlinux" in message


@pytest.mark.parametrize(
    "image", [b"\x7fELF" + bytes(99), bzimage(gzip.compress(bytes(2 << 20)))], ids=["elf", "bzImage"]
)
def test_the_magic_of_lz4_in_a_readable_image_means_nothing(tmp_path: Path, image: bytes) -> None:
    assert "no configuration is embedded" in refusal(write(tmp_path / "x", image + b"\x02\x21\x4c\x18"))


def test_a_damaged_embedded_configuration_is_not_taken_for_a_missing_one(tmp_path: Path) -> None:
    data = vmlinux(os.urandom(5000).hex().encode())
    at = data.index(b"IKCFG_ST")
    assert "embedded configuration is damaged" in refusal(write(tmp_path / "x", data[: at + 1000]))
    assert "embedded configuration is damaged" in refusal(
        write(tmp_path / "y", data[: at + 300] + NOISE[:50] + data[at + 350 :])
    )


def test_a_truncated_payload_is_not_taken_for_a_missing_configuration(tmp_path: Path) -> None:
    payload = pack("gz", os.urandom(3 << 20) + vmlinux())
    assert "payload is damaged" in refusal(write(tmp_path / "x", bzimage(payload)[: 2 << 20]))


@pytest.mark.parametrize("kind", KINDS)
def test_a_truncated_compressed_file_says_so(tmp_path: Path, kind: str) -> None:
    data = pack(kind, TEXT + os.urandom(20_000).hex().encode())
    for size in (len(data) - 1, len(data) // 2, 12):
        assert f"{NAMES[kind]} data" in refusal(write(tmp_path / "x", data[:size]))


@pytest.mark.parametrize("kind", KINDS)
def test_a_bomb_stops_at_the_limit(tmp_path: Path, kind: str) -> None:
    assert "decompresses to more than 16 MB" in refusal(write(tmp_path / "x", pack(kind, b"\n" * (17 << 20))))


def test_a_bomb_in_an_image_stops_at_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kcfg.kconfig.images.IMAGE_LIMIT", 1 << 20)
    bomb = gzip.compress(bytes(700_000))
    assert "decompresses to more than 1 MB" in refusal(write(tmp_path / "x", bzimage(bomb + bomb)))
    assert "no configuration is embedded" in refusal(write(tmp_path / "y", bzimage(bomb)))
    embedded = b"\x7fELF" + bytes(99) + b"IKCFG_ST" + gzip.compress(b"\n" * (17 << 20))
    assert "decompresses to more than 16 MB" in refusal(write(tmp_path / "z", embedded))


def test_a_huge_image_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with open(tmp_path / "x", "wb") as file:
        file.write(b"\x7fELF")
        file.truncate(1 << 33)
    assert "larger than 512 MB" in refusal(tmp_path / "x")


def test_an_endless_device_is_refused() -> None:
    assert "more than 128 MB" in refusal(Path("/dev/zero"))


def test_decompression_memory_is_bounded() -> None:
    """A zstd frame of run-length blocks expands 30,000 times; no piece may be as large as all of it."""
    frame = zstandard.ZstdCompressor(level=1).compress(bytes(256 << 20))
    assert len(frame) < 1 << 15
    assert max(len(piece) for piece in expand("zstd", [frame])) <= 64 << 20


@pytest.mark.parametrize("kind", KINDS)
def test_joined_streams_are_read_to_the_end(kind: str) -> None:
    half = len(TEXT) // 2
    data = pack(kind, TEXT[:half]) + pack(kind, TEXT[half:])
    for step in (1, 7, len(data)):
        chunks = [data[at : at + step] for at in range(0, len(data), step)]
        if step > 6:  # a magic is looked for in one chunk
            assert b"".join(expand(NAMES[kind], chunks)) == TEXT
        assert b"".join(expand(NAMES[kind], chunks, members=False)) == TEXT[:half]
    assert b"".join(expand(NAMES[kind], [data + b"trailing"], members=True)) == TEXT


@given(st.sampled_from(KINDS), st.binary(max_size=300), st.integers(0, 200))
def test_damaged_data_raise_nothing_else(kind: str, noise: bytes, keep: int) -> None:
    data = pack(kind, TEXT)[:keep] + noise
    try:
        for _ in expand(NAMES[kind], [data]):
            pass
    except Damaged:
        pass
    for wrapped in (data, b"\x7fELF\0" + data, b"\0IKCFG_ST" + data):
        try:
            read_text(io.BytesIO(wrapped), "f")
        except UserError as error:
            assert "\n" not in str(error)


def test_a_real_compiler_and_linker_lay_it_out_as_expected(tmp_path: Path) -> None:
    """The asm of kernel/configs.c, when there is an assembler."""
    source = write(tmp_path / "c.s", b'.section .rodata,"a"\n.ascii "IKCFG_ST"\n.incbin "c.gz"\n.ascii "IKCFG_ED"\n')
    write(tmp_path / "c.gz", gzip.compress(TEXT))
    try:
        subprocess.run(["as", "-o", "c.o", source.name], cwd=tmp_path, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("no assembler on this machine")
    assert read_config(tmp_path / "c.o").values()["XEN"].value == "y"
