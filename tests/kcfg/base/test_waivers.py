"""Facts of files of waivers, whatever they waive."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from kcfg.base.waivers import read_waivers, today

TEXT = '[[waiver]]\npatch = "a"\nreason = "r"\nexpires = 2030-01-01\n'


def written(tmp_path: Path, text: str) -> str:
    path = tmp_path / "w.toml"
    path.write_text(text)
    return str(path)


def test_a_table_has_its_values_and_the_lines_of_its_keys(tmp_path: Path) -> None:
    (found,) = read_waivers(written(tmp_path, f"\n{TEXT}"), ("patch",))
    assert found.values == {"patch": "a", "reason": "r", "expires": datetime.date(2030, 1, 1)}
    assert (found.where(), found.where("reason")) == (f"{tmp_path}/w.toml:2", f"{tmp_path}/w.toml:4")


def test_one_of_the_keys_is_enough_where_not_every_one_is_needed(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT)
    assert len(read_waivers(path, ("patch", "commit"), every=False)) == 1
    with pytest.raises(UserError, match="'commit' is missing"):
        read_waivers(path, ("patch", "commit"))
    with pytest.raises(UserError, match="'commit' or 'symbol' is missing"):
        read_waivers(written(tmp_path, TEXT.replace('patch = "a"\n', "")), ("commit", "symbol"), every=False)


def test_a_file_without_end_is_one_error() -> None:
    with pytest.raises(UserError, match="not a file of waivers: larger than 1 MiB") as caught:
        read_waivers("/dev/zero", ("patch",))
    assert caught.value.status == 2


def test_today_is_the_day_in_utc() -> None:
    assert abs((today() - datetime.datetime.now(datetime.UTC).date()).days) <= 1
