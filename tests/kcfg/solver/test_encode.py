"""The clauses against the resolver: on small trees, every configuration is tried."""

from __future__ import annotations

import shutil
import tempfile
from array import array
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings

from kcfg.base.errors import CannotEvaluate
from kcfg.solver.clauses import FALSE, TRUE, Clauses, StatementKind, pack, unpack
from kcfg.solver.encode import encode
from kcfg.solver.encoding import dumps, loads
from kcfg.solver.results import Goal
from kcfg.solver.solver import Solver
from tests.kcfg.random_trees import trees
from tests.kcfg.solver_trees import TooManyError, differences
from tests.kcfg.trees import MODULES, NEW, OLD, model_of

BOTH = {
    "depends-on": """
config A
	tristate "a"
config B
	tristate "b"
	depends on A
config C
	bool "c"
	depends on B && A
""",
    "select-over-unmet-dependencies": """
config A
	tristate "a"
	select T
config Q
	bool "q"
	select T if A
config D
	tristate "d"
config T
	tristate "t"
	depends on D
""",
    "imply-is-capped-by-the-direct-dependency": """
config A
	tristate "a"
	imply T
config D
	tristate "d"
config P
	bool "p"
config T
	tristate "t" if P
	depends on D
	default m if A=n
""",
    "first-default-wins-even-if-it-is-n": """
config A
	tristate "a"
config B
	tristate "b"
config P
	bool "p"
config T
	tristate "t" if P
	default n if A=m
	default A if B
	default y if B=n
config U
	def_bool A
	depends on B
""",
    "choice": """
config A
	bool "a"
config D
	tristate "d"
choice
	prompt "c" if A
	depends on D
	default Y if A
config X
	bool "x"
config Y
	bool "y"
	depends on A
config Z
	bool "z"
	depends on D=y
endchoice
config E
	def_bool Y
""",
    "int-with-ranges-and-defaults": """
config A
	bool "a"
config N
	int "n" if A
	range 2 9 if !B
	range 1 5
	default 4 if B
	default 1
config B
	bool "b"
config C
	def_bool N>4
config D
	def_bool N=4 || N<2
""",
    "hex": """
config A
	bool "a"
config N
	hex "n" if A
	range 0x10 0x20
	default 0x30
config C
	def_bool N>=0x18
""",
    "string": """
config A
	bool "a"
config S
	string "s" if A
	default "foo" if B
config B
	bool "b"
config C
	def_bool S="foo"
config D
	def_bool S!=""
""",
    "range-between-symbols": """
config A
	bool "a"
config LO
	int
	default 2 if A
	default 3
config HI
	int
	default 8 if A
	default 5
config N
	int "n" if B
	range LO HI
	default 9
config B
	bool "b"
config C
	def_bool N>4
""",
    "definition-without-dependencies-beside-one-with-some": """
config A
	bool "a"
config B
	tristate "b"
config I
	tristate "i"
	imply T
config T
	tristate
	default y if A
config T
	tristate "t"
	depends on B
""",
    "comparisons-of-tristates": """
config A
	tristate "a"
config B
	tristate "b"
config C
	def_bool A=B
config D
	def_bool A>B
config E
	def_bool A!=UNDEFINED && B<=m && ALSO="ALSO"
""",
    "visible-if": """
config A
	tristate "a"
menu "m"
	visible if A
config B
	tristate "b"
	default m
config C
	bool "c"
	select B
endmenu
""",
    "blocks-and-a-constant-m": """
config A
	tristate "a"
if A
config B
	tristate "b"
	depends on !C
menu "x"
	depends on m
config D
	tristate "d"
endmenu
endif
config C
	bool "c"
""",
    "no-prompt-and-no-default": """
config A
	bool
config B
	bool "b"
	depends on A
config C
	bool "c"
	select A
""",
}
BOTH["range-that-can-be-empty"] = """
config HI
	int "hi"
	range 0 9
	default 5
config N
	int "n" if A
	range 2 HI
	default HI
config A
	bool "a"
"""
BOTH["select-by-a-bool-whose-dependency-is-m"] = """
config A
	tristate "a"
config S
	bool "s"
	depends on A
	select T
config T
	tristate "t"
"""
BOTH["select-by-what-is-selected-over-its-dependencies"] = """
config D
	bool "d"
config Q
	bool "q"
	select S
config S
	bool "s"
	depends on D
	select T
config T
	bool "t"
"""
BEFORE_6_11 = {
    "bool-choice-whose-only-member-is-a-tristate": """
config D
	tristate "d"
choice
	bool "c"
config X
	tristate "x"
	depends on D
endchoice
""",
    "tristate-choice": """
config D
	tristate "d"
choice
	tristate "c"
	depends on D
config X
	tristate "x"
config Y
	tristate "y"
config Z
	bool "z"
endchoice
""",
    "optional-tristate-choice": """
config D
	tristate "d"
choice
	tristate "c"
	optional
	depends on D
config X
	tristate "x"
config Y
	tristate "y"
	depends on D=y
endchoice
""",
    "optional-bool-choice": """
config D
	tristate "d"
choice
	bool "c"
	optional
	depends on D
config X
	bool "x"
config Y
	bool "y"
	depends on D=y
endchoice
""",
}
SINCE_7_1 = """
config A
	tristate "a"
config B
	tristate "b"
	depends on A if C
config C
	tristate "c"
config OLD
	bool
	transitional
config NEW
	bool "new"
	default OLD
"""


@pytest.mark.parametrize("version", [OLD, NEW])
@pytest.mark.parametrize("name", BOTH)
def test_clauses_admit_what_resolving_keeps(tmp_path: Path, name: str, version: str) -> None:
    kept, wrong = differences(model_of(tmp_path, MODULES + BOTH[name], version))
    assert kept > 1
    assert wrong == []


@pytest.mark.parametrize("name", BEFORE_6_11)
def test_choices_with_values_of_their_own(tmp_path: Path, name: str) -> None:
    kept, wrong = differences(model_of(tmp_path, MODULES + BEFORE_6_11[name], OLD))
    assert kept > 1
    assert wrong == []


def test_conditional_dependencies_and_transitional_symbols(tmp_path: Path) -> None:
    kept, wrong = differences(model_of(tmp_path, MODULES + SINCE_7_1, "7.1.0"))
    assert kept > 1
    assert wrong == []


def test_tree_without_modules_has_no_m(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config A\n\ttristate "a"\nconfig B\n\ttristate\n\tdefault m if A\n')
    assert differences(model) == (2, [])


@pytest.mark.parametrize("version", ["6.12.0", "6.1.0"])
def test_number_that_is_compared_with_no_number(tmp_path: Path, version: str) -> None:
    text = 'config A\n\tbool "a"\nconfig I\n\tint "i"\nconfig B\n\ttristate\n\tdefault A=y if A=I\n'
    assert differences(model_of(tmp_path, text, version), extra=False)[1] == []


@pytest.mark.parametrize("version", ["6.12.0", "6.1.0", "6.9.0"])
def test_random_trees(version: str) -> None:
    old = version != "6.12.0"

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(trees(old=old))
    def compare(text: str) -> None:
        folder = Path(tempfile.mkdtemp())
        try:
            model = model_of(folder, text, version)
        finally:
            shutil.rmtree(folder)
        try:
            wrong = differences(model, extra=False)[1]
        except TooManyError:
            assume(False)
        assert wrong == []

    compare()


PROBES = """
config GCC_VERSION
	int
	default $(shell,gcc-version)
config HAS
	def_bool $(success,true)
config A
	bool "a"
	depends on HAS && GCC_VERSION >= 100
config B
	bool "b"
	depends on !HAS || GCC_VERSION < 50
"""
SUCCESS = "success = $(shell,if $(1); then echo y; else echo n; fi)\n"


def test_answers_fix_probes_and_free_ones_are_open(tmp_path: Path) -> None:
    model = model_of(tmp_path, SUCCESS + PROBES)
    keys = {probe.name.split(",")[0]: probe.key for probe in model.probes}
    assert len(keys) == 2
    gcc = next(key for key in keys.values() if "gcc" in key)
    has = next(key for key in keys.values() if "gcc" not in key)

    def possible(answers: dict[str, str], *goals: str) -> bool:
        solver = Solver(model, encode(model, answers))
        return solver.sat.solve(solver.all_literals(Goal(goal, "y") for goal in goals))

    assert possible({}, "A")
    assert possible({}, "B")
    assert not possible({}, "A", "B")
    assert possible({has: "y"}, "A")
    assert not possible({has: "n"}, "A")
    assert not possible({has: "y", gcc: "99"}, "A")
    assert possible({has: "y", gcc: "100"}, "A")
    assert differences(model, {has: "y", gcc: "120"}) == (2, [])
    assert differences(model, {has: "n", gcc: "20"}) == (2, [])


def test_configuration_with_free_probes_names_their_answers(tmp_path: Path) -> None:
    model = model_of(tmp_path, SUCCESS + PROBES)
    solver = Solver(model, encode(model))
    assert solver.sat.solve(solver.literals(Goal("A", "y")))
    found = solver.values(solver.sat.model)
    assert found.values["A"] == "y"
    assert int(found.values["GCC_VERSION"]) >= 100
    assert sorted(found.answers) == sorted(probe.key for probe in model.probes)
    assert found.values["GCC_VERSION"] in found.answers.values()


def test_encoding_survives_a_file(tmp_path: Path) -> None:
    made = encode(model_of(tmp_path, MODULES + BOTH["range-between-symbols"]))
    read = loads(dumps(made), "cache")
    assert read.packed_marks
    assert read.marks == made.marks
    assert loads(dumps(read), "cache").marks == made.marks
    for name in ("variables", "stated", "clauses", "unmet", "enabled", "yes", "domains", "expr_yes", "link_enabled"):
        assert getattr(read, name) == getattr(made, name), name


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: b"other " + data,
        lambda data: data.replace(b"kcfg-clauses 2", b"kcfg-clauses 9"),
        lambda data: data[:40] + b"\0\0\0\0" + data[44:],
    ],
)
def test_damaged_files_are_refused(tmp_path: Path, damage) -> None:  # type: ignore[no-untyped-def]
    data = dumps(encode(model_of(tmp_path, MODULES + BOTH["choice"])))
    with pytest.raises(CannotEvaluate, match=r"cache: (these|no)"):
        loads(damage(data), "cache")


def test_clauses_come_without_constants_and_end_with_zero(tmp_path: Path) -> None:
    encoding = encode(model_of(tmp_path, MODULES + BOTH["imply-is-capped-by-the-direct-dependency"]))
    assert isinstance(encoding.clauses, array)
    assert encoding.clauses[-1] == 0
    assert TRUE not in encoding.clauses[2:]
    assert FALSE not in encoding.clauses


def test_equal_gates_are_one_variable() -> None:
    clauses = Clauses(5)
    gate = clauses.both(2, 3)
    assert clauses.both(3, 2) == gate
    assert clauses.all_of((3, 2, TRUE)) == gate
    assert clauses.any_of((-2, -3)) == -gate
    assert clauses.variables == 6
    assert clauses.all_of((4, -4, 5)) == FALSE
    assert clauses.all_of(()) == TRUE
    assert clauses.any_of(()) == FALSE
    assert clauses.both(2, -2) == FALSE


def test_groups_pack_into_one_number() -> None:
    assert unpack(pack(StatementKind.DEFAULT, 123_456, 789)) == (StatementKind.DEFAULT, 123_456, 789)


def test_number_whose_range_is_empty_has_no_value_that_stays(tmp_path: Path) -> None:
    model = model_of(tmp_path, BOTH["range-that-can-be-empty"])
    solver = Solver(model, encode(model))
    assert solver.accepts({"A": "y", "HI": "2", "N": "2"})
    assert not any(solver.accepts({"A": "y", "HI": "1", "N": text}) for text in ("0", "1", "2", "3"))
    assert solver.accepts({"A": "n", "HI": "1", "N": "2"})
