"""The layout: nothing touches what it does not belong to, whatever the graph; and the picture is always the same."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphs.layers import columns
from graphs.layout import GAP, DrawnLine, DrawnNode, arrange, bends, spread
from graphs.ordering import OrderSearch, order_places


def samples(way, count=24):
    """Points of a way's curves, close enough that no box fits between two."""
    for a, b, c, d in bends(way):
        for n in range(count + 1):
            t = n / count
            u = 1 - t
            yield tuple(u**3 * a[k] + 3 * u * u * t * b[k] + 3 * u * t * t * c[k] + t**3 * d[k] for k in (0, 1))


def touched(layout, lines):
    """(line, box) where a line enters a box that is not one of its ends."""
    return [
        (line.source, line.target, key)
        for line, way in zip(lines, layout.ways, strict=True)
        for key, box in layout.boxes.items()
        if key not in (line.source, line.target)
        if any(box.x < x < box.x + box.width and box.y < y < box.y + box.height for x, y in samples(way))
    ]


def overlapping(layout):
    return [
        (a, b)
        for (a, one), (b, two) in combinations(layout.boxes.items(), 2)
        if one.x < two.x + two.width and two.x < one.x + one.width
        if one.y < two.y + two.height and two.y < one.y + one.height
    ]


@st.composite
def graphs(draw):
    names = [f"N{n}" for n in range(draw(st.integers(1, 14)))]
    items = [
        DrawnNode(
            name, draw(st.sampled_from([40.0, 95.0, 130.0])), draw(st.sampled_from([22.0, 34.0, 41.0])), first=n < 2
        )
        for n, name in enumerate(names)
    ]
    pairs = draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=30, unique=True))
    lines = [
        DrawnLine(a, b, draw(st.sampled_from(["", "needs", "select", "mode"])), fan=draw(st.booleans()))
        for a, b in pairs
        if a != b
    ]
    return items, lines


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_no_line_enters_a_box_that_is_not_its_end(graph):
    layout = arrange(*graph)
    assert touched(layout, graph[1]) == []


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_boxes_keep_apart_and_inside(graph):
    layout = arrange(*graph)
    assert overlapping(layout) == []
    for box in layout.boxes.values():
        assert box.x >= 0
        assert box.x + box.width <= layout.width + 1e-6
        assert box.y >= -1e-6
        assert box.y + box.height <= layout.height + 1e-6


@settings(max_examples=30, deadline=None)
@given(graphs())
def test_a_way_starts_and_ends_at_its_boxes(graph):
    layout = arrange(*graph)
    for line, way in zip(graph[1], layout.ways, strict=True):
        for key, (x, y) in ((line.source, way[0]), (line.target, way[-1])):
            box = layout.boxes[key]
            assert min(abs(x - box.x), abs(x - box.x - box.width)) < 1e-6
            assert abs(y - box.middle) < 1e-6


def test_the_same_graph_gives_the_same_layout():
    items = [DrawnNode(name, 50, 20) for name in "ABCDEFGH"]
    lines = [DrawnLine(a, b, "needs") for a, b in ("AB", "AC", "BD", "CD", "EF", "EG", "AG", "HD")]
    assert arrange(items, lines) == arrange(items, lines)


def test_lines_to_one_target_share_their_way():
    items = [DrawnNode(name, 50, 20) for name in "ABCDT"]
    lines = [DrawnLine(*pair, "needs") for pair in ("AT", "BT", "AC", "BC", "CD", "DT")]
    ways = dict(zip((f"{one.source}{one.target}" for one in lines), arrange(items, lines).ways, strict=True))
    shared = [point for point in ways["AT"] if point in ways["BT"]]
    assert len(shared) == 6  # two columns to pass, and the end


def test_a_cycle_has_a_line_that_leads_back():
    place = columns("ABC", [("A", "B", 1.0), ("B", "C", 1.0), ("C", "A", 1.0)])
    assert place == {"A": 0, "B": 1, "C": 2}
    layout = arrange([DrawnNode(n, 50, 20) for n in "ABC"], [DrawnLine(*pair, "needs") for pair in ("AB", "BC", "CA")])
    assert layout.ways[2][0][0] > layout.ways[2][-1][0]


def test_only_heads_stand_in_the_first_column():
    place = columns(["mode", "A", "B"], [("A", "B", 1.0)], first=["mode"])
    assert place == {"mode": 0, "A": 1, "B": 2}


def test_nodes_move_to_where_their_lines_are_short():
    links = [("A", "B", 1.0), ("B", "C", 1.0), ("C", "D", 1.0), ("X", "B", 1.0), ("A", "Y", 1.0)]
    place = columns("ABCDXY", links)
    assert place["X"] == 0
    assert place["Y"] == 1  # not at the far right, though nothing follows it


def test_crossings_that_can_be_undone_are():
    place = {name: n % 2 for n, name in enumerate(["a", "1", "b", "2", "c", "3"])}
    weights = {("a", "3"): 1.0, ("b", "2"): 1.0, ("c", "1"): 1.0}
    left, right = order_places(place, weights)
    partner = {"a": "3", "b": "2", "c": "1"}
    assert [partner[name] for name in left] == right


def test_neighbours_change_places_where_that_takes_crossings_away():
    place = {"a": 0, "b": 0, "c": 0, "1": 1, "2": 1, "3": 1}
    search = OrderSearch(place, {("a", "2"): 1.0, ("b", "3"): 1.0, ("c", "1"): 1.0, ("a", "1"): 3.0})
    found = search.exchange([["c", "b", "a"], ["1", "2", "3"]])
    assert search.crossings([["c", "b", "a"], ["1", "2", "3"]]) == 4
    assert search.crossings(found) == 0
    assert sorted(found[0]) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("wanted", "placed"),
    [([0, 100], [0, 100]), ([50, 50], [45, 55]), ([0, 0, 0], [-10, 0, 10]), ([9, 1], [0, 10])],
)
def test_places_in_each_others_way_share_the_shift(wanted, placed):
    steps = [0.0, *[10.0] * (len(wanted) - 1)]
    assert spread(wanted, [1.0] * len(wanted), steps) == pytest.approx(placed)


def test_a_level_part_is_a_line_and_a_bend_stays_in_the_gap():
    curves = list(bends([(0, 0), (50, 0), (50 + GAP, 80), (100 + GAP, 80)]))
    assert {y for point in curves[0] for y in point[1:]} == {0}
    assert min(x for x, _ in curves[1]) == 50
    assert max(x for x, _ in curves[1]) == 50 + GAP
