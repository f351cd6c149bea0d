"""The values that the stages hand on: ways and worlds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kcfg.answers.facts import Location
from kcfg.kbuild.condition import ALWAYS, ENABLED, NEVER, AllOf, AnyOf, TextTest, Undecidable, ValueTest
from patches.relevance.conditions import ASKED_AT_ONCE, Asked, conditions_of
from patches.relevance.data import FileKind
from patches.relevance.queue_tree import QueueOption
from patches.relevance.ways import NO_WAYS, WAYS_LIMIT, FileWays, Way, Ways
from patches.relevance.worlds import World, Worlds, kernel_world, may_be_on, without
from tests.kcfg.trees import judge_of, model_of

A, B = ValueTest("A", ENABLED), ValueTest("B", ENABLED)
HERE = Location("x.patch", 7)


# Ways.


def test_ways_are_worked_out_only_as_far_as_somebody_looks() -> None:
    made = []

    def endless() -> Iterator[Way]:
        while True:
            made.append(1)
            yield Way(A, f"{len(made)}.o")

    ways = Ways(endless())
    assert bool(ways)
    assert len(made) == 1
    assert [next(iter(ways)).owner, next(iter(ways)).owner] == ["1.o", "1.o"]
    assert len(made) == 1
    assert sum(1 for _ in ways) == WAYS_LIMIT + 1


def test_ways_can_be_gone_through_again_and_side_by_side() -> None:
    ways = Ways(Way(A, name) for name in "abc")
    one, other = iter(ways), iter(ways)
    assert [next(one).owner, next(other).owner, next(one).owner] == ["a", "a", "b"]
    assert [way.owner for way in ways] == ["a", "b", "c"]


def test_no_ways_are_false() -> None:
    assert (bool(NO_WAYS), bool(Ways()), FileWays("a", FileKind.UNKNOWN).ways) == (False, False, NO_WAYS)


# Worlds.


def test_a_test_of_an_unknown_option_is_undecidable_wherever_it_stands() -> None:
    told = Undecidable("A", "x.patch", 7)
    unknown = {"A": HERE}
    assert without(AllOf((B, AnyOf((A, B)))), unknown) == AllOf((B, AnyOf((told, B))))
    assert without(TextTest("A", "3"), {"A": None}) == Undecidable("A", "", 0)
    assert without(told, {"A": None}) == told
    assert without(A, {}) is A


def test_a_world_says_whether_a_condition_holds() -> None:
    world = World({"A": "y"}, {"C": HERE})
    conditions = (A, B, AllOf((A, B)), ValueTest("C", ENABLED), AnyOf((ValueTest("C", ENABLED), A)), ALWAYS, NEVER)
    assert [world.holds(condition) for condition in conditions] == [True, False, False, None, True, True, False]


def test_this_kernel_is_the_configuration_or_else_the_modes() -> None:
    kernel, one, two = World({}, {}), World({"A": "y"}, {}), World({"B": "y"}, {})
    assert (Worlds(kernel, (one, two)).here, Worlds(kernel, (one,)).every) == ((kernel,), (one, kernel))
    assert Worlds(None, (one, two)).here == Worlds(None, (one, two)).every == (one, two)


TREE = 'config A\n\tbool "a"\nconfig P\n\tbool "p"\n\tdepends on $(shell,ask)\n'


def test_a_configuration_s_world_has_its_values_and_the_queue_s_own_lines(tmp_path: Path) -> None:
    judge = judge_of(model_of(tmp_path, TREE), "A=y\nNEW=m", complete=True)
    world = kernel_world(judge, {"NEW": QueueOption(HERE), "A": QueueOption(HERE), "OFF": QueueOption(HERE)})
    assert (world.values["A"], world.values["NEW"], "OFF" in world.values, dict(world.unknown)) == ("y", "m", False, {})


def test_in_a_fragment_an_option_of_the_queue_without_a_line_is_not_known(tmp_path: Path) -> None:
    judge = judge_of(model_of(tmp_path, TREE), "A=y")
    assert dict(kernel_world(judge, {"OFF": QueueOption(HERE)}).unknown) == {"OFF": HERE}


def test_what_only_a_compiler_could_tell_does_not_hold_or_fail(tmp_path: Path) -> None:
    world = kernel_world(judge_of(model_of(tmp_path, TREE), "P=y"), {})
    assert world.holds(ValueTest("P", ENABLED)) is None
    assert world.holds(A) is False


@pytest.mark.parametrize(
    ("own", "on"),
    [
        ({"N": QueueOption(HERE)}, False),
        ({"N": QueueOption(HERE, True)}, True),
        ({"N": QueueOption(HERE, False, ("A",))}, True),
        ({"N": QueueOption(HERE, False, ("B",))}, False),
        ({"N": QueueOption(HERE, False, ("",))}, True),
        ({"N": QueueOption(HERE, False, ("M",)), "M": QueueOption(HERE, True)}, True),
        ({"N": QueueOption(HERE, False, ("M",)), "M": QueueOption(HERE, False, ("N",))}, False),
    ],
)
def test_an_option_of_the_queue_may_be_on_by_its_default_or_by_what_selects_it(
    own: dict[str, QueueOption], on: bool
) -> None:
    assert may_be_on("N", own, World({"A": "y"}, {}), frozenset()) is on


# Conditions.


def test_the_conditions_up_to_the_first_that_always_holds_are_asked() -> None:
    worlds = Worlds(World({"A": "y"}, {}), (World({"A": "y"}, {}),))
    file = FileWays("f", FileKind.HEADER, Ways([Way(B, "b.o"), Way(A, "a.o"), Way(ValueTest("C", 1), "c.o")]))
    assert conditions_of([file], worlds, {}) == Asked((B,), ((B,),))


def test_a_mode_is_asked_only_of_files_that_it_does_not_have() -> None:
    worlds = Worlds(World({}, {}), (World({"A": "y"}, {}), World({}, {})))
    file = FileWays("f", FileKind.HEADER, Ways([Way(A, "a.o"), Way(B, "b.o")]))
    assert conditions_of([file], worlds, {}) == Asked((A, B), ((), (A, B)))


def test_options_of_the_queue_are_asked_as_undecidable_and_each_condition_once() -> None:
    worlds = Worlds(World({}, {}), ())
    file = FileWays("f", FileKind.HEADER, Ways([Way(A, "a.o"), Way(A, "b.o")]))
    assert conditions_of([file, file], worlds, {"A": HERE}).every == (Undecidable("A", "x.patch", 7),)


def test_of_a_header_with_many_ways_so_many_are_asked_at_once() -> None:
    file = FileWays("f", FileKind.HEADER, Ways(Way(ValueTest(f"S{n}", 4), f"{n}.o") for n in range(100)))
    assert len(conditions_of([file], Worlds(World({}, {}), ()), {}).every) == ASKED_AT_ONCE
