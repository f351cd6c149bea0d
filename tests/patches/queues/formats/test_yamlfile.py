"""YAML that lists patches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from packaging.version import Version

from kcfg.base.errors import UserError
from patches.queues.formats.yamlfile import (
    ALIASES,
    EDERA,
    FORMAT,
    LIMIT,
    YamlLayout,
    at,
    fits,
    from_mapping,
    is_mapping,
    items_of,
    load,
    names,
    rank,
    told,
    version,
    why_never,
)
from patches.queues.reasons import Never, NeverKind
from tests.patches.queues.formats.folders import files_of, listed


def test_numbers_are_texts_and_texts_know_their_line() -> None:
    top = load(b"a: 6.10\nb:\n  - x\n  - 2020-01-01\n", "f")
    assert (top["a"], top["b"], top["b"][1].line) == ("6.10", ["x", "2020-01-01"], 4)


@pytest.mark.parametrize(
    ("data", "where"),
    [(b"a: [", "f:1"), (b"!!python/object:os.system x", "f:1"), (b"\xff\xfe\xff", "f"), (b"a: \x00", "f")],
)
def test_what_is_no_yaml_is_one_line(data: bytes, where: str) -> None:
    with pytest.raises(UserError, match="not YAML") as caught:
        load(data, "f")
    assert str(caught.value.where).startswith(where)


def test_a_file_that_is_too_large_or_multiplies_is_refused() -> None:
    with pytest.raises(UserError, match="larger than 4 MB"):
        load(b"#" * (LIMIT + 1), "f")
    with pytest.raises(UserError, match="too many aliases"):
        load(b"a: &a 1\nb: [" + b"*a," * (ALIASES + 1) + b"]\n", "f")


def test_a_mapping_file_names_the_queue_and_its_list() -> None:
    assert [is_mapping(top) for top in ({"queue": "x", "list": "y"}, {"queue": "x"}, {"list": "y"}, [], None)] == [
        True,
        False,
        False,
        False,
        False,
    ]
    assert from_mapping({"queue": "x", "list": "a.b"}, "f") == YamlLayout(("a", "b"), ("patch",), "", 1, (), "", "", "")
    full = {
        "queue": "x",
        "list": "a",
        "name": ["f", "g"],
        "folder": "/p/",
        "strip": "0",
        "conditions": "c",
        "order": "o",
    }
    assert from_mapping(full, "f") == YamlLayout(("a",), ("f", "g"), "p", 0, ("c",), "o", "", "")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"odd": 1}, "unknown key 'odd'"),
        ({"strip": "x"}, "strip is no number: 'x'"),
        ({"strip": "1000"}, "strip is no number"),
    ],
)
def test_a_mapping_file_with_a_mistake_is_refused(more: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=said):
        from_mapping({"queue": "x", "list": "y", **more}, "f")


def test_small_parts() -> None:
    assert (names("a"), names(["a", 1]), names(3)) == (("a",), ("a", "1"), ("3",))
    assert (at({"a": {"b": 1}}, ("a", "b")), at({"a": 1}, ("a", "b")), at([], ("a",)), at({}, ())) == (
        1,
        None,
        None,
        {},
    )
    assert [rank(entry, "order") for entry in ({"order": "7"}, {"order": "-1"}, {"order": "x"}, {}, "text")] == [
        7,
        -1,
        1,
        1,
        1,
    ]
    assert rank({"order": "7"}, "") == 1
    assert (version("6.1"), version("x"), version(None)) == (Version("6.1"), None, None)


@pytest.mark.parametrize(
    ("series", "lower", "upper", "holds"),
    [
        ("6.10", None, None, True),
        ("6.10", "6.10.5", None, True),
        ("6.10", "6.11", None, False),
        ("6", "6.11", None, True),
        ("6.10", None, "6.9.9", False),
        ("6.10", None, "6.10", True),
        ("6", None, "5.99", False),
        ("x", "6.1", None, True),
    ],
)
def test_a_series_has_a_version_within_limits(series: str, lower: str | None, upper: str | None, holds: bool) -> None:
    assert fits(series, version(lower), version(upper)) is holds


@pytest.mark.parametrize(
    ("limits", "found"),
    [
        ({}, None),
        ({"lower": "6.2", "upper": "6.1"}, Never(NeverKind.LIMITS_CROSSED, ("6.2", "6.1"))),
        ({"lower": "6.1", "upper": "6.2"}, None),
        ({"series": ["6.1", "6.2"], "lower": "6.3"}, Never(NeverKind.SERIES_OUTSIDE, ("6.1", "6.2"))),
        ({"series": ["6.1", "6.3"], "lower": "6.3"}, None),
        ({"any": [{"lower": "2", "upper": "1"}]}, Never(NeverKind.NO_LIMIT_FITS)),
        ({"any": [{"lower": "2", "upper": "1"}, {"lower": "1"}]}, None),
        ({"any": []}, None),
    ],
)
def test_limits_that_no_version_fits_say_so(limits: dict[str, Any], found: Never | None) -> None:
    assert why_never(limits) == found


def test_limits_are_told_in_words() -> None:
    assert told({"series": ["6.1", "6.2"], "lower": "6.1.5"}) == "series: 6.1, 6.2; lower: 6.1.5"
    assert told({"any": [{"lower": "1"}, {"upper": "2"}]}) == "any of (lower: 1) or (upper: 2)"
    assert told({"arch": {"only": "x86"}}) == "arch: (only: x86)"


def test_an_entry_names_one_patch_or_several() -> None:
    assert [it.path for it in items_of("a.patch", EDERA, "p")] == ["p/a.patch"]
    entry = {"patch": "a.patch", "patches": ["b.patch", "c.patch"], "lower": "6.1", "group": "net"}
    found = list(items_of(entry, YamlLayout(section="group"), "p"))
    assert [(it.name, it.condition, it.section) for it in found] == [
        (name, "lower: 6.1", "net") for name in ("a.patch", "b.patch", "c.patch")
    ]
    assert list(items_of(3, EDERA, "p")) == list(items_of({"other": 1}, EDERA, "p")) == []


def test_a_list_is_read_in_its_order_or_in_that_of_a_key(tmp_path: Path) -> None:
    text = "patches:\n  - patch: b.patch\n    order: 2\n  - patch: a.patch\n"
    listing = listed(FORMAT, tmp_path, {"config.yaml": text, "patches/sub/x.patch": ""}, "config.yaml")
    assert [(it.name, it.path, it.line) for it in listing.items] == [
        ("a.patch", "patches/a.patch", 4),
        ("b.patch", "patches/b.patch", 2),
    ]
    assert list(listing.present) == ["patches/sub/x.patch"]


def test_a_mapping_file_leads_to_the_queue(tmp_path: Path) -> None:
    files = {
        "m.yaml": "queue: k.yaml\nlist: a.b\nname: file\n",
        "k.yaml": "a:\n  b:\n    - file: x.patch\n    - y.patch\n",
    }
    listing = listed(FORMAT, tmp_path, files, "m.yaml")
    assert (listing.file, [it.path for it in listing.items]) == ("k.yaml", ["x.patch", "y.patch"])
    files["k.yaml"] = "a: 1\n"
    with pytest.raises(UserError, match=r"no list of patches at 'a\.b'"):
        FORMAT.read(files_of(tmp_path, files), "m.yaml")


@pytest.mark.parametrize(
    "text", ["patches: []\n", "patches: [x]\n", "patches: 1\n", "[", "a: 1\n", "patches: [{other: 1}]\n"]
)
def test_other_yaml_is_no_queue(tmp_path: Path, text: str) -> None:
    assert not FORMAT.recognises(files_of(tmp_path, {"x.yaml": text}), "x.yaml")
