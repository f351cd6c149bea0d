"""What the picture shows: the modes, what their rules name, the gates, and what comes by itself."""

from __future__ import annotations

import pytest

from graphs.picture import picture_of, wrapped
from graphs.view import LIMIT, view_of
from kcfg.kconfig.kernels import open_kernel
from profiles.loader import load_profile
from tests.graphs.test_layout import overlapping, touched
from tests.kcfg.trees import model_of

TREE = """
config XEN
	bool "Xen"
	depends on PARAVIRT && ALWAYS
	select PARAVIRT_CLOCK
	select NO_PART_UNDER_XEN
config NO_PART_UNDER_XEN
	bool
config PARAVIRT
	bool "paravirt"
	depends on MENU
config MENU
	bool "menu"
config ALWAYS
	def_bool y
config PARAVIRT_CLOCK
	bool
config XEN_PV
	bool "PV"
	depends on XEN && PARAVIRT && (LEFT || RIGHT || ON_ANOTHER_ARCHITECTURE || ONLY_SELECTED)
config ONLY_SELECTED
	bool
config LEFT
	bool "left"
config RIGHT
	bool "right"
config XEN_PV_SMP
	def_bool y
	depends on XEN_PV
config XEN_EFI
	bool "has a prompt"
	depends on XEN
config UNRELATED
	bool "unrelated"
	depends on XEN
"""

PROFILE = """
schema = 1
name = "mine"
title = "Mine"
kind = "mode"
[[rule]]
level = "required"
symbol = "XEN"
why = "x"
source = "x"
[[rule]]
level = "required"
symbol = "XEN_PV"
why = "x"
source = "x"
[[rule]]
level = "recommended"
symbol = "UNRELATED"
value = ["n"]
why = "x"
source = "x"
"""


@pytest.fixture
def mine(tmp_path):
    (tmp_path / "mine.toml").write_text(PROFILE, encoding="utf-8")
    return load_profile(str(tmp_path / "mine.toml"))


@pytest.fixture
def view(tmp_path, mine):
    return view_of(model_of(tmp_path / "tree", TREE), [mine])


def parts(view, part):
    return {node.key for node in view.nodes if node.part == part}


def test_what_rules_name_is_shown_with_what_they_ask(view):
    assert parts(view, "rule") == {"XEN", "XEN_PV", "UNRELATED"}
    levels = {node.key: dict(node.levels) for node in view.nodes if node.levels}
    assert levels["XEN_PV"] == {"mine": ("required", 1)}
    assert levels["UNRELATED"] == {"mine": ("recommended", -1)}


def test_a_gate_is_what_they_need_in_every_way_and_is_not_on_anyway(view):
    assert parts(view, "gate") == {"PARAVIRT", "MENU"}


def test_what_has_a_role_and_comes_by_itself_follows(view):
    assert parts(view, "follows") == {"PARAVIRT_CLOCK", "XEN_PV_SMP"}


def test_what_another_need_implies_is_marked(view):
    implied = {(link.source, link.target) for link in view.links if link.implied}
    assert implied == {("XEN_PV", "PARAVIRT"), ("mode:mine", "XEN")}


def test_one_of_several_ways_is_no_gate_and_no_sure_link(tmp_path, mine):
    shown = view_of(model_of(tmp_path / "tree", TREE), [mine], extra=["LEFT"])
    assert "RIGHT" not in {node.key for node in shown.nodes}
    assert [link.alternative for link in shown.links if link.target == "LEFT"] == [True]


def test_a_link_has_the_line_that_states_it(view):
    (link,) = [link for link in view.links if (link.source, link.target) == ("XEN", "PARAVIRT")]
    (statement,) = link.statements
    assert (statement.place, statement.text) == ("Kconfig:4", "PARAVIRT && ALWAYS")


def test_where_there_is_no_room_followers_go_first_and_are_counted(tmp_path, mine):
    model = model_of(tmp_path / "tree", TREE)
    small = view_of(model, [mine], limit=6)
    assert parts(small, "follows") == set()
    assert parts(small, "gate") == {"PARAVIRT", "MENU"}
    assert small.left_out == 2
    assert view_of(model, [mine], limit=5).left_out == 3


def test_an_option_keeps_its_place_from_kernel_to_kernel(tmp_path, mine):
    old = view_of(model_of(tmp_path / "old", TREE, "6.1.0"), [mine])
    new = view_of(model_of(tmp_path / "new", TREE.replace("XEN_PV_SMP", "XEN_PVHVM_SMP")), [mine])
    picture = picture_of([old, new], 1)
    states = {node.key: [state is not None for state in node.states] for node in picture.nodes}
    assert states["XEN_PV_SMP"] == [True, False]
    assert states["XEN_PVHVM_SMP"] == [False, True]
    assert states["XEN"] == [True, True]
    assert len({node.key: node.box for node in picture.nodes}) == len(picture.nodes)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("XEN", ("XEN",)),
        ("XEN_PVHVM_SMP", ("XEN_PVHVM_SMP",)),
        ("XEN_BALLOON_MEMORY_HOTPLUG", ("XEN_BALLOON_", "MEMORY_HOTPLUG")),
        ("A" * 30, ("A" * 30,)),
        ("_TRAILING_UNDERSCORE_", ("_TRAILING_", "UNDERSCORE_")),
    ],
)
def test_a_long_name_breaks_behind_an_underscore(name, lines):
    assert wrapped(name) == lines


MODE_SETS = [
    ("x86_64", ("pv-domu", "pvh-domu", "pv-dom0", "pvh-dom0")),
    (
        "x86_64",
        ("pv-domu", "pvh-domu", "pvhvm-domu", "pv-dom0", "pvh-dom0", "driver-domain", "xenstore-domain"),
    ),
    ("x86_64", ("pvh-domu",)),
    ("arm64", ("arm64-domu", "arm64-dom0")),
]


@pytest.mark.parametrize(("arch", "modes"), MODE_SETS, ids=lambda value: "+".join(value) if len(value) < 5 else "all")
def test_real_kernels_make_small_pictures_in_which_no_line_enters_a_label(arch, modes):
    profiles = [load_profile(name) for name in modes]
    kernels = ("5.10", "6.1", "6.12", "7.3") if modes == MODE_SETS[0][1] else ("5.10", "6.12")
    views = [view_of(open_kernel(kernel=one, arch=arch).model, profiles) for one in kernels]
    assert all(10 < len(view.nodes) <= LIMIT < 80 for view in views)
    for current in {0, len(kernels) - 2, len(kernels) - 1}:
        picture = picture_of(views, current)
        boxes = {node.key: node.box for node in picture.nodes}
        assert overlapping(picture_layout(picture)) == []
        assert touched(picture_layout(picture), picture.links) == []
        for node in picture.nodes:
            box = boxes[node.key]
            assert max(map(len, node.lines)) * 6.62 < box.width - 12  # the text fits
        for link in picture.links:
            now = link.states[current]
            if now is not None and link.kind in ("depends", "required") and not now.implied:
                assert boxes[link.source].column < boxes[link.target].column, link


def picture_layout(picture):
    from graphs.layout import Layout

    boxes = {node.key: node.box for node in picture.nodes}
    return Layout(boxes, tuple(link.way for link in picture.links), picture.width, picture.height)
