"""TOML of users: what is wrong is one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from kcfg.base.toml import LIMIT, parse_toml, read_toml, toml_text


def told(text: str) -> str:
    with pytest.raises(UserError) as caught:
        parse_toml(text, "f")
    return str(caught.value)


def test_what_is_broken_has_its_line() -> None:
    assert told("a = 1\nb = = 2\n").startswith("f:2: broken TOML: ")
    assert told("a = [1,\n") == "f:2: broken TOML: Invalid value at the end of the file"
    assert parse_toml("a = 1\n", "f") == {"a": 1}


def test_numbers_and_brackets_without_end_are_one_line() -> None:
    assert told(f"a = {'9' * 5000}") == (
        "f: broken TOML: Exceeds the limit (4300 digits) for integer string conversion: value has 5000 digits"
    )
    assert told(f"a = {'[' * 100_000}") == "f:1: broken TOML: nested too deeply"


def test_a_file_is_read_up_to_a_limit(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"^/dev/zero: not a list: larger than 1 MiB$"):
        read_toml("/dev/zero", "list")
    path = tmp_path / "a.toml"
    path.write_bytes(b"\xef\xbb\xbfa = 1\r\n" + b"#" * (LIMIT - 11))
    assert read_toml(path, "list").startswith("a = 1\n#")
    with pytest.raises(UserError, match="cannot read the list: No such file"):
        read_toml(tmp_path / "b", "list")
    with pytest.raises(UserError, match=r"^f:2: not a list: the text is not UTF-8$"):
        toml_text(b"a\n\xff", "f", "list")


def test_a_key_of_many_parts_is_one_line() -> None:
    for text in (
        ".".join("a" * 100) + " = 1",
        "[" + ' . "b"' * 3 + "." + ".".join("a" * 100) + "]",
        "a = {" + "b." * 70 + "c = 1}",
    ):
        assert told(f"x = 1\n{text}\n") == "f:2: broken TOML: a key of more than 64 parts"
    assert parse_toml(".".join("a" * 60) + " = 1", "f")
    assert parse_toml("a = '" + "." * 100 + "'", "f") == {"a": "." * 100}
