"""Paths inside a source never lead out of it."""

from __future__ import annotations

import pytest

from kcfg.base.errors import UserError
from kcfg.base.paths import LINK_LIMIT, PATH_LIMIT, clean_path, follow_links


@pytest.mark.parametrize(
    ("path", "clean"), [("a/b", "a/b"), ("./a//b/.", "a/b"), ("a/../b", "b"), ("a/b/../../c", "c")]
)
def test_dots_and_empty_parts_are_taken_out(path: str, clean: str) -> None:
    assert clean_path(path, "src") == clean


@pytest.mark.parametrize("path", ["/a", "..", "a/../..", "a/../../b", "", ".", "a/..", "a\0b"])
def test_a_path_that_leads_out_or_nowhere_is_refused(path: str) -> None:
    with pytest.raises(UserError, match="leads out of the kernel source") as caught:
        clean_path(path, "src")
    assert caught.value.where == "src"


def test_a_path_longer_than_linux_takes_is_refused_with_its_links() -> None:
    assert clean_path("x/" * (PATH_LIMIT // 2), "src")
    for path in ("x/" * PATH_LIMIT, "./" * PATH_LIMIT + "x"):
        with pytest.raises(UserError) as caught:
            clean_path(path, "src")
        assert caught.value.message.startswith("path has more than 4,096 characters: ")
    long = "x/" * (PATH_LIMIT // 2 - 1)
    for target in (f"{long}a", "./" * PATH_LIMIT):
        with pytest.raises(UserError, match="leads out of the kernel source: 'a/b'"):
            follow_links("a/b", lambda path, target=target: target if path.endswith("a") else None, "src")  # type: ignore[misc]


LINKS = {
    "l": "a/b",
    "up": "../x",
    "a/up": "../c",
    "abs": "/etc",
    "loop": "loop",
    "ping": "pong",
    "pong": "ping",
    "out": "../../x",
    **{f"n{i}": f"n{i + 1}" for i in range(LINK_LIMIT + 1)},
}


@pytest.mark.parametrize(
    ("path", "real"), [("l/f", "a/b/f"), ("a/up/f", "c/f"), ("plain", "plain"), (f"n{1}", f"n{LINK_LIMIT + 1}")]
)
def test_links_are_replaced(path: str, real: str) -> None:
    assert follow_links(path, LINKS.get, "src") == real


@pytest.mark.parametrize("path", ["up", "abs", "loop", "ping", "out/f", "n0"])
def test_links_out_of_the_source_in_circles_or_too_many_are_refused(path: str) -> None:
    with pytest.raises(UserError, match="leads out"):
        follow_links(path, LINKS.get, "src")
