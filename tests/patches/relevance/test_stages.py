"""The later stages: what is settled of a file, the line that decides, and the verdict."""

from __future__ import annotations

import pytest

from kcfg.answers.facts import Location
from kcfg.kbuild.condition import ALWAYS, ENABLED, Condition, Undecidable, ValueTest, describe
from kcfg.kbuild.tree import MakeLine
from patches.relevance.data import FileKind, FileReasonKind, FileResult, PatchRelevance, Reach, Relevance
from patches.relevance.lines import decided, deciding_line, folder_line, lines_to, open_questions, place
from patches.relevance.owners import ways_of_file
from patches.relevance.settled import InMode, Settled, able, first, in_kernel, in_mode, object_of, value_in
from patches.relevance.tree import Tree
from patches.relevance.verdicts import (
    KINDS,
    counts_of,
    file_result,
    matters,
    never_of,
    reach_of,
    strongest,
    verdict_of,
)
from patches.relevance.ways import FileWays, Way, Ways, because
from patches.relevance.worlds import World, Worlds
from tests.patches.relevance.queues import TREE, change
from tests.patches.relevance.small import changed, tree_of

A, B = ValueTest("A", ENABLED), ValueTest("B", ENABLED)
UNKNOWN = Undecidable("x", "Makefile", 1)
ON, OFF = World({"A": "y", "XEN": "y", "XEN_PV": "y", "NETF": "m"}, {}), World({}, {})


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    more = TREE["xen/Makefile"] + "obj-$(CONFIG_NEW) += new.o\n"
    patches = {"1.patch": change("xen/Makefile", TREE["xen/Makefile"], more) + change("xen/new.c", "", "int new;\n")}
    two = {
        "xen/Makefile": TREE["xen/Makefile"],
        "drivers/Makefile": TREE["drivers/Makefile"] + "obj-$(CONFIG_OTHER) += netf.o\n",
    }
    return tree_of(tmp_path_factory.mktemp("stages"), patches, two)


# Settled.


@pytest.mark.parametrize(
    ("conditions", "found"),
    [([B, A], (True, "1")), ([B, UNKNOWN, UNKNOWN], (None, "1")), ([B], (False, "")), ([], (False, ""))],
)
def test_the_first_way_that_passes_else_the_first_that_may(conditions: list[object], found: tuple[object, str]) -> None:
    ways = Ways(Way(condition, str(n)) for n, condition in enumerate(conditions))  # type: ignore[arg-type]
    state, way = first(ways, ON.holds)
    assert (state, way.owner if way else "") == found


def test_a_kernel_of_several_configurations_has_what_one_of_them_has() -> None:
    ways = Ways([Way(B, "b"), Way(A, "a")])
    state, way, world = in_kernel(ways, [OFF, ON])
    assert (state, way.owner, world) == (True, "a", ON)
    state, way, world = in_kernel(ways, [OFF])
    assert (state, way.owner, world) == (False, "b", OFF)
    state, way, world = in_kernel(Ways([Way(B, "b"), Way(UNKNOWN, "u")]), [OFF, ON])
    assert (state, way.owner, world) == (None, "u", OFF)


def test_a_mode_is_asked_what_it_can_only_of_what_it_lacks_and_some_kernel_has() -> None:
    def never(condition: object) -> bool:
        raise AssertionError(condition)

    ways = Ways([Way(A, "a")])
    assert in_mode(ways, True, ON, never) == InMode(True)
    assert in_mode(ways, False, OFF, never) == InMode(False)
    assert in_mode(Ways([Way(UNKNOWN, "u")]), True, OFF, never) == InMode(None)
    assert in_mode(ways, True, OFF, lambda condition: condition == A) == InMode(False, True)
    assert in_mode(ways, None, OFF, lambda _: None) == InMode(False, None)


def test_an_object_is_the_tree_s_or_the_queue_s_and_an_option_has_none(tree: Tree) -> None:
    found = object_of(tree, FileKind.SOURCE, Way(ALWAYS, "xen/pv.o"))
    added = object_of(tree, FileKind.SOURCE, Way(ALWAYS, "xen/new.o"))
    assert found is not None
    assert added is not None
    assert (found[0] is tree.kbuild, added[0] is tree.added) == (True, True)
    assert object_of(tree, FileKind.KCONFIG, Way(ALWAYS, "xen/pv.o")) is None
    assert object_of(tree, FileKind.HELPER, Way(ALWAYS, "drivers/")) is None


def test_a_configuration_builds_an_object_as_y_as_m_or_not(tree: Tree) -> None:
    objects = tree.kbuild.objects
    assert [value_in(ON, objects[name]) for name in ("xen/pv.o", "drivers/netf.o", "xen/pvh.o")] == ["y", "m", ""]
    assert value_in(World({}, {"XEN": None}), objects["xen/pv.o"]) == ""


def test_which_of_several_lines_can_build_an_object_matters_where_none_does(tree: Tree) -> None:
    def can(condition: Condition) -> bool:
        return describe(condition).startswith(("OTHER=y", "OTHER=m"))

    way = Way(ALWAYS, "drivers/netf.o")
    assert able(tree, FileKind.SOURCE, way, OFF, can) == (False, True)
    assert able(tree, FileKind.SOURCE, way, ON, lambda _: True) == ()
    assert able(tree, FileKind.SOURCE, Way(ALWAYS, "xen/pv.o"), OFF, lambda _: True) == ()


# Lines.


def settled(world: World, here: bool | None, way: Way, *able_: bool, possible: bool | None = True) -> Settled:
    return Settled(possible, here, way, world, (), tuple(able_))


def test_the_line_that_decides_is_the_innermost_that_holds_or_the_one_that_fails(tree: Tree) -> None:
    pv = tree.kbuild.objects["xen/pv.o"]
    way = Way(pv.condition, "xen/pv.o")
    line, condition = deciding_line(tree.kbuild, pv, settled(ON, True, way))
    assert (line.file, line.line, describe(condition)) == ("xen/Makefile", 2, "XEN_PV=y")
    for world, at in ((World({"XEN": "y"}, {}), "xen/Makefile:2"), (World({"XEN_PV": "y"}, {}), "Kbuild:2")):
        line, _ = deciding_line(tree.kbuild, pv, settled(world, False, way))
        assert f"{line.file}:{line.line}" == at


def test_of_several_lines_the_one_that_another_kernel_can_have_says_more(tree: Tree) -> None:
    netf = tree.kbuild.objects["drivers/netf.o"]
    way = Way(netf.condition, "drivers/netf.o")
    found = [deciding_line(tree.kbuild, netf, settled(OFF, False, way, *it))[0].line for it in ((), (False, True))]
    assert found == [1, TREE["drivers/Makefile"].count("\n") + 1]


def test_what_decides_is_told_by_value_line_options_and_condition(tree: Tree) -> None:
    way = Way(tree.kbuild.objects["drivers/dead.o"].condition, "drivers/dead.o")
    found = decided(tree, FileKind.SOURCE, settled(World({"DEAD": "y"}, {}), True, way))
    assert (found.value, str(found.where), found.symbols, found.condition) == (
        "y",
        "drivers/Makefile:2",
        ("DEAD",),
        "DEAD=y",
    )
    option = Way(ValueTest("XEN", ENABLED), "XEN", (), Location("Kconfig", 5))
    found = decided(tree, FileKind.KCONFIG, settled(ON, True, option))
    assert (found.value, str(found.where), found.symbols, found.condition) == ("y", "Kconfig:5", ("XEN",), "XEN")
    assert decided(tree, FileKind.KCONFIG, settled(OFF, False, option)).value == ""


def test_a_folder_is_decided_by_the_line_that_leads_into_it(tree: Tree) -> None:
    where, symbols, condition = folder_line(tree, "xen", ON)
    assert (str(where), symbols, condition) == ("Kbuild:2", ("XEN",), "XEN")
    assert folder_line(tree, "none", ON) == (None, (), "")
    found = decided(tree, FileKind.HELPER, settled(ON, True, Way(tree.folders["xen"], "xen/")))
    assert (str(found.where), found.condition) == ("Kbuild:2", "XEN")
    number = next(i for i, one in enumerate(tree.kbuild.folders) if one.path == "xen")
    assert [f"{line.file}:{line.line}" for line in lines_to(tree.kbuild, number)] == ["Kbuild:2", "Kbuild:1"]


def test_a_line_that_a_patch_adds_is_in_the_patch(tree: Tree) -> None:
    line = tree.added.objects["xen/new.o"].listings[0].lines[0]
    found = place(tree, line, tree.added)
    assert (found.path.rpartition("/")[2], found.line > 1) == ("1.patch", True)
    assert place(tree, MakeLine("xen/Makefile", 99, A, A), tree.added) == Location("xen/Makefile", 99)
    assert place(tree, line, tree.kbuild) == Location("xen/Makefile", line.line)


def test_open_questions_name_what_is_asked(tree: Tree) -> None:
    asked = Undecidable("$(shell x)", "xen/Makefile", 9)
    where = Location("xen/Makefile", 9)
    assert open_questions(tree, asked, ON) == because(FileReasonKind.ASKS, "$(shell x)", where=where)
    doubtful = World({}, {"TOOL": None})
    assert open_questions(tree, ValueTest("TOOL", ENABLED), doubtful) == because(FileReasonKind.COMPILER, "TOOL")
    assert open_questions(tree, A, ON) == ()


# Verdicts.


@pytest.mark.parametrize(
    ("here", "possible", "verdict"),
    [
        (True, True, Relevance.BUILT), (None, True, Relevance.UNDECIDABLE), (False, False, Relevance.NEVER),
        (False, True, Relevance.OTHER), (False, None, Relevance.OTHER),
    ],
)  # fmt: skip
def test_what_this_kernel_has_to_do_with_a_file(here: bool | None, possible: bool | None, verdict: Relevance) -> None:
    assert verdict_of(settled(ON, here, Way(A, "a"), possible=possible)) is verdict


@pytest.mark.parametrize(
    ("mode", "possible", "reach"),
    [
        (InMode(True), None, Reach.NEEDED),
        (InMode(None), False, Reach.UNDECIDABLE),
        (InMode(False), False, Reach.NEVER),
        (InMode(False, None), True, Reach.UNDECIDABLE),
        (InMode(False, True), True, Reach.POSSIBLE),
        (InMode(False, False), True, Reach.IMPOSSIBLE),
    ],
)
def test_what_a_mode_has_to_do_with_a_file(mode: InMode, possible: bool | None, reach: Reach) -> None:
    assert reach_of(mode, possible) is reach


def test_the_strongest_reach_is_the_patch_s() -> None:
    assert strongest([Reach.NEVER, Reach.POSSIBLE, Reach.IMPOSSIBLE]) is Reach.POSSIBLE
    assert strongest([]) is Reach.UNDECIDABLE


def result(verdict: Relevance = Relevance.BUILT, kind: FileKind = FileKind.SOURCE, *modes: Reach) -> FileResult:
    return FileResult(path=f"{kind}.c", kind=kind, verdict=verdict, modes=modes)


def test_a_file_matters_for_a_mode_by_what_is_built_or_else_by_what_it_needs() -> None:
    with_kernel, without = Worlds(ON, (ON,)), Worlds(None, (ON,))
    built, other = (
        result(Relevance.BUILT, FileKind.SOURCE, Reach.POSSIBLE),
        result(Relevance.OTHER, FileKind.SOURCE, Reach.NEEDED),
    )
    assert [matters(one, 0, with_kernel) for one in (built, other)] == [True, False]
    assert [matters(one, 0, without) for one in (built, other)] == [False, True]


def test_a_file_without_ways_is_never_built_or_not_decidable(tree: Tree) -> None:
    for kind, verdict in (
        (FileKind.TOOLS, Relevance.NEVER),
        (FileKind.GONE, Relevance.UNDECIDABLE),
        (FileKind.UNKNOWN, Relevance.UNDECIDABLE),
    ):
        so = because(FileReasonKind.DOCUMENTATION)
        found = file_result(tree, FileWays("f", kind, reason=so), None, 2)
        assert (found.verdict, found.reason, len(set(found.modes)), len(found.modes)) == (verdict, so, 1, 2)


def test_a_file_s_result_has_what_decides(tree: Tree) -> None:
    file = ways_of_file(tree, changed("xen/pv.h"))
    way = next(iter(file.ways))
    found = file_result(tree, file, Settled(True, True, way, ON, (InMode(True),)), 1)
    assert (found.verdict, found.owner, found.via, found.modes) == (
        Relevance.BUILT,
        "xen/pv.o",
        ("xen/pv.c",),
        (Reach.NEEDED,),
    )
    doubtful = file_result(tree, file, Settled(True, None, Way(UNKNOWN, "xen/pv.o"), OFF, ()), 0)
    asks = because(FileReasonKind.ASKS, "x", where=Location("Makefile", 1))
    assert (doubtful.verdict, doubtful.reason) == (Relevance.UNDECIDABLE, asks)


def patch(verdict: Relevance, *kinds: FileKind) -> PatchRelevance:
    return PatchRelevance(name="p", position=1, verdict=verdict, files=tuple(result(verdict, kind) for kind in kinds))


def test_patches_are_counted_by_verdict_and_what_is_never_built_by_kind() -> None:
    patches = [
        patch(Relevance.BUILT, FileKind.SOURCE),
        patch(Relevance.NEVER, FileKind.DOCUMENTATION, FileKind.ARCHITECTURE),
        patch(Relevance.NEVER, FileKind.TOOLS),
        patch(Relevance.NEVER, FileKind.DOCUMENTATION, FileKind.TOOLS),
        patch(Relevance.NEVER),
    ]
    assert counts_of(patches) == {"built": 1, "undecidable": 0, "other": 0, "never": 4}
    assert list(never_of(patches).items()) == [("tools", 2), ("architecture", 1)]
    assert set(KINDS) == set(FileKind)
