"""What the page tells of each option."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graphs.compose import compose
from graphs.report.details import SHOWN, link_data, page_data, place_data, shared
from graphs.view import ViewLink
from kcfg.answers.describe import DefinitionPlace, ValuedStatement
from kcfg.answers.facts import Location
from profiles.loader import load_profile
from tests.graphs.test_view import PROFILE, TREE
from tests.kcfg.trees import judge_of, model_of


def test_equal_states_are_kept_once() -> None:
    a, b = {"x": 1}, {"x": 2}
    assert shared([a, None, dict(a), b, a]) == {"of": [0, -1, 0, 1, 0], "list": [a, b]}
    assert shared([]) == {"of": [], "list": []}


def test_a_definition_s_statements_are_in_one_order_without_an_empty_prompt() -> None:
    def said(text: str, line: int) -> ValuedStatement:
        return ValuedStatement(text, Location("Kconfig", line))

    place = DefinitionPlace(
        Location("Kconfig", 1),
        said("prompt", 2),
        (said("depends on A", 3),),
        (said("default y", 4),),
        (said("select B", 5),),
        (said("range 1 2", 6),),
    )
    assert place_data(place) == {
        "where": "Kconfig:1",
        "lines": [
            ["Kconfig:3", "depends on A"],
            ["Kconfig:4", "default y"],
            ["Kconfig:5", "select B"],
            ["Kconfig:6", "range 1 2"],
        ],
    }
    shown = DefinitionPlace(Location("Kconfig", 1), said('prompt "x"', 2))
    assert place_data(shown)["lines"] == [["Kconfig:2", 'prompt "x"']]
    assert place_data(DefinitionPlace(Location("Kconfig", 1), None))["lines"] == []


def test_a_link_that_a_kernel_does_not_have_is_none() -> None:
    none: ViewLink | None = None
    assert link_data(none, {}) is None
    assert SHOWN > 0


@pytest.fixture
def data(tmp_path: Path) -> dict[str, Any]:
    """The data of a page of the small tree, with a configuration."""
    (tmp_path / "mine.toml").write_text(PROFILE, encoding="utf-8")
    profile = load_profile(str(tmp_path / "mine.toml"))
    judge = judge_of(model_of(tmp_path / "tree", TREE), "XEN=y")
    return page_data(compose(judge, [profile], valued=True, others=False))


def test_every_node_has_a_state_and_a_box_and_is_there(data: dict[str, Any]) -> None:
    assert [kernel["nodes"] for kernel in data["kernels"]] == [len(data["nodes"])]
    assert all(
        node["states"]["of"] == [0] and node["there"] == [True] for node in data["nodes"] if node["key"] == "XEN"
    )
    width, height = data["size"]
    assert all(
        x >= 0 and y >= 0 and x + w <= width and y + h <= height for x, y, w, h in (n["box"] for n in data["nodes"])
    )


def test_links_are_between_nodes_and_say_what_states_them(data: dict[str, Any]) -> None:
    keys = {node["key"] for node in data["nodes"]}
    assert data["links"]
    assert all({link["s"], link["t"]} <= keys for link in data["links"])
    told = [text for link in data["links"] for state in link["states"]["list"] for text in state["text"]]
    assert all(len(one) == 2 for one in told)


def test_a_configuration_s_values_are_those_of_its_symbols(data: dict[str, Any]) -> None:
    overlay = data["overlay"]
    assert (overlay["config"], overlay["values"]["XEN"] in ("y", "n")) == ("test.config", True)
    assert all(":" not in name for name in overlay["values"])
    assert [path["mode"] for path in overlay["paths"]] == [mode["name"] for mode in data["modes"]]
