"""Questions to kcfg about a small tree, drawn so that they shrink: fewer goals, an empty configuration, no options."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import assume
from hypothesis import strategies as st

from tests.oracle.conf import line
from tests.oracle.trees import CONSTANTS, LOGIC, Tree, trees

Goals = tuple[tuple[str, str], ...]
Either = tuple[tuple[Goals, ...], ...]
Objects = tuple[tuple[Goals, int], ...]

FAR = {"int": ("15", "17", "200"), "hex": ("0x2a", "0x2c", "0x200"), "string": ("far", "c d")}
"""Texts that no constant of a tree is near to."""
BAD = ("x", "yes", "", "05", "0x", "-", '"y"', '"5"', "Y", "1 ")
MANY = {"resolves": 2, "accepts": 6, "possible": 5, "smallest": 8, "nearest": 10, "repair": 6}
"""At most so many questions of each kind to a tree; half of it on average."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question. The configuration that it starts from is a fixpoint (`base`, -1: none), and `lines` after it.

    `flips` are values that make a fixpoint another configuration; see `product` for the rest.
    """

    kind: str
    goals: Goals = ()
    given: Goals = ()
    either: Either = ()
    base: int = -1
    lines: tuple[str, ...] = ()
    flips: Goals = ()
    objective: str = "symbols"
    objects: Objects = ()
    modules: bool = True
    no_unmet: bool = False
    few_symbols: bool = False

    def __str__(self) -> str:
        told = [" ".join(f"{name}={value}" for name, value in self.goals)]
        told += [f"given {name}={value}" for name, value in self.given]
        for ways in self.either:
            told.append("any of " + " | ".join(" ".join(f"{name}={value}" for name, value in way) for way in ways))
        told += [f"flipped {name}={value}" for name, value in self.flips]
        told += [f"objective {self.objective}"] if self.objective != "symbols" else []
        told += [f"objects {self.objects}"] if self.objects else []
        told += ["without modules"] if not self.modules else []
        told += ["no unmet dependencies"] if self.no_unmet else []
        told += ["few symbols"] if self.few_symbols else []
        return f"{self.kind}: {', '.join(filter(None, told))}"

    @property
    def all_goals(self) -> Goals:
        """What has to hold, and what may hold instead of something else."""
        return (*self.goals, *self.given, *(goal for ways in self.either for way in ways for goal in way))

    @property
    def has_module_goal(self) -> bool:
        return any(value == "m" for _, value in (*self.all_goals, *self.flips))


@dataclass(frozen=True, slots=True)
class Case:
    """A tree and what is asked of it. `shared`: of one solver."""

    tree: Tree
    shared: bool
    questions: tuple[Question, ...]


@st.composite
def goal(draw: st.DrawFn, tree: Tree) -> tuple[str, str]:
    """A text is one that is tried for all options of its type, so that the truth is known of it."""
    options = [one for one in tree.options if one.type in LOGIC or not one.old]
    tristates = [one for one in options if one.type == "tristate"]
    option = draw(st.sampled_from(tristates if tristates and draw(st.integers(0, 9)) >= 7 else options))
    if option.type not in LOGIC:
        texts = ['"n"' if one == "n" else one for one in tree.values(option)]
        return option.name, draw(st.sampled_from([*texts, "n"]))  # n: it has no line
    values = ("y", "y", "n") if option.type == "bool" else ("y", "m", "m", "m", "m", "n", "enabled")
    return option.name, draw(st.sampled_from(values))


@st.composite
def goals(draw: st.DrawFn, tree: Tree, least: int, most: int) -> Goals:
    found = draw(st.lists(goal(tree), min_size=least, max_size=most))
    return tuple({name: (name, value) for name, value in found}.values())


@st.composite
def ways(draw: st.DrawFn, tree: Tree) -> tuple[Goals, ...]:
    return tuple(draw(st.lists(goals(tree, 1, 2), min_size=1, max_size=3)))


@st.composite
def config_lines(draw: st.DrawFn, tree: Tree, least: int) -> tuple[str, ...]:
    """Lines of a user: right ones, wrong ones, some twice."""
    out = []
    for option in draw(st.lists(st.sampled_from(tree.options), min_size=least, max_size=6)):
        form = draw(st.integers(0, 15))
        if form > 6 and option.type in FAR:
            out.append(line(option.name, draw(st.sampled_from(FAR[option.type])), option.type))
        elif form < 14:
            out.append(line(option.name, draw(st.sampled_from(tree.values(option))), option.type))
        elif form == 14:
            out.append(f"CONFIG_{option.name}={draw(st.sampled_from(BAD))}")
        else:
            kind = draw(st.sampled_from(tuple(CONSTANTS)))
            value = draw(st.sampled_from(("y", "m") if option.type in LOGIC else CONSTANTS[kind]))
            out.append(line(option.name, value, option.type))
    return tuple(out)


@st.composite
def question(draw: st.DrawFn, tree: Tree, kind: str) -> Question:
    if kind == "resolves":
        return Question(kind, base=draw(bases()), lines=draw(config_lines(tree, 1)))
    if kind == "accepts":
        return Question(kind, base=draw(st.integers(0, 999)), flips=draw(values(tree)))
    either: Either = ()
    if kind != "possible" and draw(st.integers(0, 9)) >= 2:
        either = tuple(draw(st.lists(ways(tree), min_size=1, max_size=2)))
    wanted = draw(goals(tree, 0 if either else 1, 3 if kind == "possible" else 2))
    given = draw(goals(tree, 0, 2)) if kind != "repair" and draw(st.integers(0, 3)) == 3 else ()
    if kind == "possible":
        return Question(kind, wanted, given)
    if kind == "smallest":
        objective = draw(st.sampled_from(("symbols", "symbols", "symbols", "prompts", "objects")))
        return Question(
            kind,
            wanted,
            given,
            either,
            objective="symbols" if objective == "objects" else objective,
            objects=draw(objects(tree)) if objective == "objects" else (),
            modules=draw(st.integers(0, 9)) < 9,
            no_unmet=draw(st.integers(0, 3)) == 3,
        )
    few_symbols = kind == "repair" or draw(st.booleans())
    return Question(kind, wanted, given, either, draw(bases()), draw(config_lines(tree, 0)), few_symbols=few_symbols)


def bases() -> st.SearchStrategy[int]:
    """A fixpoint's number (modulo their number), or none."""
    return st.one_of(st.just(-1), st.integers(0, 999))


@st.composite
def values(draw: st.DrawFn, tree: Tree) -> Goals:
    options = draw(st.lists(st.sampled_from([one for one in tree.options if not one.old]), max_size=2))
    return tuple({one.name: (one.name, draw(st.sampled_from(tree.values(one)))) for one in options}.values())


@st.composite
def objects(draw: st.DrawFn, tree: Tree) -> Objects:
    """How many object files are built under which conditions."""
    logic = [one for one in tree.options if one.type in LOGIC and not one.old]
    tests = st.tuples(st.sampled_from(logic).map(lambda one: one.name), st.sampled_from(("my", "y", "m", "n")))
    one = st.tuples(
        st.lists(tests, min_size=1, max_size=2, unique_by=lambda test: test[0]).map(tuple), st.integers(1, 5)
    )
    return tuple(draw(st.lists(one, min_size=1, max_size=4, unique_by=lambda it: it[0])))


@st.composite
def cases(draw: st.DrawFn, series: tuple[int, int]) -> Case:
    tree = draw(trees(series))
    assume(any(one.type in LOGIC for one in tree.options))
    texts = {
        kind: tuple(dict.fromkeys((*known, draw(st.sampled_from(CONSTANTS[kind])))))
        for kind, known in tree.texts.items()
    }
    tree = replace(tree, texts=texts)
    asked: list[Question] = []
    for kind, most in MANY.items():
        asked += draw(st.lists(question(tree, kind), max_size=most))
    return Case(tree, draw(st.integers(0, 3)) == 3, tuple(asked))
