"""Which symbols an expression speaks of, with their signs; what a value hangs on; and why it changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphs.causes import MAX_NAMED, Causes
from graphs.influence import Influence, closure
from graphs.literals import Literal, LiteralReader
from kcfg.answers.facts import Basis, Reason, ReasonKind
from kcfg.kconfig.model import Model
from tests.kcfg.trees import MODULES, OLD, model_of, resolver_of

HEAD = "".join(f'config {name}\n\ttristate "{name}"\n' for name in "ABC") + 'config N\n\tint "n"\n'


def read(folder: Path, expr: str) -> list[str]:
    """The literals of an expression: "A", "-A", "A?" where it is an alternative."""
    model = model_of(folder, f'{MODULES}{HEAD}config ASKED\n\ttristate "asked" if {expr}\n')
    prompt = model.definitions[model.symbols[model.index["ASKED"]].definitions[0]].prompt
    assert prompt is not None
    return [
        ("-" if it.sign < 0 else "") + model.symbols[it.target].name + ("?" if it.alternative else "")
        for it in LiteralReader(model).literals(prompt.cond)
    ]


@pytest.mark.parametrize(
    ("expr", "found"),
    [
        ("A", ["A"]), ("!A", ["-A"]), ("A && B", ["A", "B"]), ("A || B", ["A?", "B?"]),
        ("!(A || B)", ["-A", "-B"]), ("!(A && B)", ["-A?", "-B?"]), ("A && (B || C)", ["A", "B?", "C?"]),
        ("(A && B) || (A && C)", ["A", "B?", "C?"]), ("A || n", ["A"]), ("A || y", ["A?"]), ("!(A && y)", ["-A"]),
        ("A = n", ["-A"]), ("A != n", ["A"]), ("A = y", ["A"]), ("A != y", ["-A"]), ("!(A = n)", ["A"]),
        ("A = B", ["A", "B"]), ("N > 3", ["N"]), ('"$(CC)" = "x"', []), ("UNDEFINED", ["UNDEFINED"]), ("A && A", ["A"]),
    ],
)  # fmt: skip
def test_the_literals_of_an_expression(tmp_path: Path, expr: str, found: list[str]) -> None:
    assert read(tmp_path, expr) == found


def context(model: Model, name: str) -> int:
    """The first condition of a symbol's definition."""
    start = model.definitions[model.symbols[model.index[name]].definitions[0]].context
    return model.conditions[start].expr


def test_what_an_expression_needs_and_what_it_speaks_of(tmp_path: Path) -> None:
    model = model_of(tmp_path, f'{MODULES}{HEAD}config D\n\tbool "d"\n\tdepends on A && (B || !C)\n')
    reader = LiteralReader(model)
    expr = context(model, "D")
    a, b, c = (model.index[name] for name in "ABC")
    assert (reader.needed(expr), reader.targets(expr)) == ({(a, 1)}, {a, b, c})
    assert reader.literals(expr) == (Literal(a, 1, False), Literal(b, 1, True), Literal(c, -1, True))
    assert reader.read(expr, -1)[1] == frozenset()


def test_a_choice_is_numbered_after_the_symbols(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'choice\n\tprompt "c"\nconfig A\n\tbool "a"\nendchoice\n', OLD)
    reader = LiteralReader(model)
    expr = context(model, "A")
    assert reader.targets(expr) == {len(model.symbols)}
    assert reader.literals(expr) == (Literal(len(model.symbols), 1, False),)


# Influence.

TREE = f"""{MODULES}
config A
\tbool "a"
config B
\tbool "b"
\tdepends on A
config C
\tbool
\tdefault B
config D
\tbool "d" if C
config T
\tbool "t"
config S
\tbool "s"
\tselect T if D
config R
\tint "r"
\trange 0 LIMIT
config LIMIT
\tint
\tdefault 7 if A
config ALONE
\tbool "alone"
choice
\tprompt "which" if ALONE
config X
\tbool "x"
config Y
\tbool "y"
endchoice
"""


def named(model: Model, numbers: object) -> set[str]:
    count = len(model.symbols)
    return {model.symbols[n].name if n < count else "choice" for n in numbers}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "causes"),
    [
        ("A", set()),
        ("B", {"A"}),
        ("C", {"B"}),
        ("D", {"C"}),
        ("T", {"S", "D"}),
        ("R", {"LIMIT"}),
        ("LIMIT", {"A"}),
        ("X", {"choice"}),
    ],
)
def test_what_a_value_hangs_on_by_one_statement(tmp_path: Path, name: str, causes: set[str]) -> None:
    model = model_of(tmp_path, TREE)
    assert named(model, Influence(model).causes(model.index[name])) == causes


def test_closures_leave_nothing_out_and_have_the_nearest_first(tmp_path: Path) -> None:
    model = model_of(tmp_path, TREE)
    influence, index = Influence(model), model.index
    on = influence.on([index["T"]])
    assert named(model, on) == {"T", "S", "D", "C", "B", "A", "MODULES"}
    assert on[0] == index["T"]
    assert on.index(index["D"]) < on.index(index["A"])
    assert named(model, influence.of([index["A"]])) == {"A", "B", "C", "D", "T", "LIMIT", "R"}
    assert named(model, influence.of([index["ALONE"]])) == {"ALONE", "choice", "X", "Y"}


def test_everything_can_hang_on_modules(tmp_path: Path) -> None:
    model = model_of(tmp_path, TREE)
    assert len(Influence(model).of([model.modules])) == len(model.symbols) + len(model.choices)


def test_causes_and_effects_are_each_other_s_inverse(tmp_path: Path) -> None:
    model = model_of(tmp_path, TREE)
    influence = Influence(model)
    nodes = range(len(model.symbols) + len(model.choices))
    forward = {(cause, node) for node in nodes for cause in influence.causes(node)}
    assert {(cause, node) for cause, some in influence.effects.items() for node in some} == forward


def test_a_closure_ends_in_a_circle() -> None:
    assert closure([1], lambda one: [one % 3 + 1]) == [1, 2, 3]
    assert closure([], lambda one: [one]) == []


# Causes.


def cause(folder: Path, tree: str, before: str, after: str, name: str) -> Reason | None:
    model = model_of(folder, tree)
    return Causes(resolver_of(model, before), resolver_of(model, after)).cause(model.index[name])


@pytest.mark.parametrize(
    ("name", "kind", "basis", "line", "states"),
    [
        ("B", ReasonKind.UNMET_DEPENDENCY, Basis.DEPENDS, 10, "A=n"),
        ("C", ReasonKind.DEFAULT, Basis.DEFAULT, 13, "B=n"),
        ("D", ReasonKind.INVISIBLE, Basis.PROMPT, 15, "C=n"),
        ("T", ReasonKind.SELECTED, Basis.SELECT, 20, "D=n"),
        ("LIMIT", ReasonKind.DEFAULT, Basis.DEFAULT, 26, "A=n"),
    ],
)
def test_the_statement_that_says_something_else(
    tmp_path: Path, name: str, kind: ReasonKind, basis: Basis, line: int, states: str
) -> None:
    on = "A=y\nB=y\nD=y\nS=y\nT=y"
    found = cause(tmp_path, TREE, on, "# A is not set\nS=y", name)
    assert found is not None
    assert (found.kind, found.basis, found.symbol, found.changed) == (kind, basis, name, True)
    assert found.where is not None
    assert (found.where.line, " ".join(f"{it.symbol}={it.value}" for it in found.states)) == (line, states)


def test_what_only_its_own_line_changed_has_no_cause(tmp_path: Path) -> None:
    assert cause(tmp_path, TREE, "A=y", "# A is not set", "A") is None


def test_a_reason_names_the_first_few_symbols(tmp_path: Path) -> None:
    many = "".join(f'config M{n}\n\tbool "m"\n' for n in range(5))
    tree = f'{many}config Z\n\tbool "z"\n\tdepends on {" && ".join(f"M{n}" for n in range(5))}\n'
    found = cause(tmp_path, tree, "\n".join(f"M{n}=y" for n in range(5)), "", "Z")
    assert found is not None
    assert [it.symbol for it in found.states] == ["M0", "M1", "M2"]
    assert len(found.states) == MAX_NAMED
