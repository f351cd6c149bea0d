"""Which files of a folder are fragments."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from kcfg.kconfig.config import ConfigWarning, WarnedOf, fragments, read_config


@pytest.mark.parametrize(
    ("ending", "pack"), [("", bytes), (".gz", gzip.compress), (".xz", lzma.compress), (".bz2", bz2.compress)]
)
def test_packed_fragments_are_fragments(tmp_path: Path, ending: str, pack: Callable[[bytes], bytes]) -> None:
    for name in ("a.config", "b.cfg", "config-6.12", "config"):
        (tmp_path / f"{name}{ending}").write_bytes(pack(f"CONFIG_{name[0].upper()}{len(name)}=y\n".encode()))
    assert set(read_config(str(tmp_path)).values()) == {"A8", "B5", "C11", "C6"}


def test_what_is_no_fragment(tmp_path: Path) -> None:
    for name in (".hidden.config", "a.config~", "notes.txt", "Makefile", "a.config.rej", "myconfig"):
        (tmp_path / name).write_bytes(b"CONFIG_A=y\n")
    (tmp_path / "folder.config").mkdir()
    with pytest.raises(UserError):
        read_config(str(tmp_path))
    (tmp_path / "b.config").write_bytes(b"CONFIG_B=y\n")
    config = read_config(str(tmp_path))
    assert set(config.values()) == {"B"}
    names = ("Makefile", "a.config.rej", "a.config~", "folder.config/", "myconfig")
    assert config.warnings == (ConfigWarning(WarnedOf.NOT_READ, str(tmp_path), 0, names=names, more=1),)
    (tmp_path / ".config").write_bytes(b"CONFIG_C=y\n")
    config = read_config(str(tmp_path))
    assert set(config.values()) == {"C"}
    assert config.warnings == (ConfigWarning(WarnedOf.NOT_READ, str(tmp_path), 0, names=("b.config",), more=0),)


def test_a_pipe_in_a_folder_is_no_fragment(tmp_path: Path) -> None:
    (tmp_path / "a.config").write_text("CONFIG_A=y\n")
    os.mkfifo(tmp_path / "b.config")
    assert fragments(str(tmp_path)) == [str(tmp_path / "a.config")]
