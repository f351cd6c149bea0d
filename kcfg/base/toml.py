"""TOML files of users: read with a limit, and every error is one line with file and line."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from kcfg.base.errors import UserError

LIMIT = 1 << 20  # bytes
PARTS = 64
"""Parts of a dotted key: tomllib takes as long as their square, and as much memory."""
_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+"""
_DOTTED = re.compile(rf"(?<![A-Za-z0-9_-]){_PART}(?:\.[ \t]*+{_PART}){{{PARTS}}}")
_AT = re.compile(r"\(at line (\d+), column \d+\)")


def read_toml(path: str | Path, kind: str) -> str:
    """A file's text. UserError, which says that it is no `kind`, for one that is too large or not UTF-8."""
    return toml_text(toml_bytes(path, kind), str(path), kind)


def toml_bytes(path: str | Path, kind: str) -> bytes:
    """A file's bytes, or the beginning of one that is too large."""
    try:
        with open(path, "rb") as stream:
            return stream.read(LIMIT + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UserError(f"cannot read the {kind}: {reason}", where=str(path)) from None


def toml_text(data: bytes, file: str, kind: str) -> str:
    """The text in a file's bytes, as `read_toml`."""
    if len(data) > LIMIT:
        raise UserError(f"not a {kind}: larger than {LIMIT >> 20} MiB", where=file)
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UserError(f"not a {kind}: the text is not UTF-8", where=f"{file}:{line}") from None


def parse_toml(text: str, file: str) -> dict[str, Any]:
    """What a TOML text holds. UserError for one that is broken; numbers of thousands of digits are."""
    if long := _DOTTED.search(text) if text.count(".") >= PARTS else None:
        line = text.count("\n", 0, long.start()) + 1
        raise UserError(f"broken TOML: a key of more than {PARTS} parts", where=f"{file}:{line}")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise UserError("broken TOML: nested too deeply", where=f"{file}:1") from None
    except ValueError as error:
        found = _AT.search(str(error))
        line = int(found.group(1)) if found else text.count("\n") + 1
        what = _AT.sub("", str(error)).replace("(at end of document)", "at the end of the file").strip()
        where = f"{file}:{line}" if isinstance(error, tomllib.TOMLDecodeError) else file
        raise UserError(f"broken TOML: {what.partition('; use sys.')[0]}", where=where) from None
