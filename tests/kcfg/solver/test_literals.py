"""The literals of symbols, expressions and chains."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.kconfig.model import AtomKind
from kcfg.solver.clauses import FALSE, TRUE
from kcfg.solver.encode import Encoder, encode
from kcfg.solver.literals import Literals
from tests.kcfg.trees import MODULES, model_of

TREE = f"""{MODULES}
config B
\tbool "b"
config T
\ttristate "t"
config INT
\tint "i"
config HIDDEN
\tbool
config P
\tbool "p" if $(shell,ask)
config D
\ttristate "d" if B
\tdepends on T
\tdefault T if B
\tdefault y
config S
\ttristate "s"
\tselect D if B
"""


def encoder_of(folder: Path, answers: dict[str, str] | None = None) -> Encoder:
    made = Encoder(model_of(folder, TREE), answers or {})
    made.run()
    return made


def pair(made: Literals, name: str) -> tuple[int, int]:
    number = made.model.index[name]
    return made.enabled[number], made.yes[number]


def test_a_bool_has_one_literal_a_tristate_two_and_a_number_none(tmp_path: Path) -> None:
    made = encoder_of(tmp_path)
    assert pair(made, "B")[0] == pair(made, "B")[1] > TRUE
    assert TRUE < pair(made, "T")[0] != pair(made, "T")[1] > TRUE
    assert pair(made, "INT") == (FALSE, FALSE)
    assert made.modules == pair(made, "MODULES")[0]


def condition(made: Literals, name: str) -> int:
    """The expression of a symbol's prompt."""
    prompt = made.model.definitions[made.model.symbols[made.model.index[name]].definitions[0]].prompt
    assert prompt is not None
    return prompt.cond


@pytest.mark.parametrize(("answers", "free"), [({}, True), ({"shell:ask": "y"}, True), ({"shell:ask": "17"}, False)])
def test_a_probe_is_a_literal_unless_it_answered_something_else(
    tmp_path: Path, answers: dict[str, str], free: bool
) -> None:
    made = encoder_of(tmp_path, answers)
    (number,) = [n for n, atom in enumerate(made.model.atoms, len(made.model.symbols)) if atom.kind == AtomKind.PROBE]
    assert (made.enabled[number] > TRUE) is free
    assert made.expr(condition(made, "P"))[0] == made.enabled[number]


def test_an_expression_is_named_once(tmp_path: Path) -> None:
    made = encoder_of(tmp_path)
    assert made.expr(condition(made, "D")) == pair(made, "B")
    before = made.out.variables
    assert [made.expr(number) for number in range(len(made.model.exprs)) if made.expr_e[number]]
    assert made.out.variables == before
    assert made.expr(0) == (TRUE, TRUE)


def test_no_chain_holds_always(tmp_path: Path) -> None:
    made = encoder_of(tmp_path)
    assert made.context(-1) == made.link(-1) == made.conjunction() == (TRUE, TRUE)
    assert made.disjunction([]) == (FALSE, FALSE)


def test_what_a_symbol_hangs_on_directly_and_what_a_user_may_set(tmp_path: Path) -> None:
    made = encoder_of(tmp_path)
    index = made.model.index
    t, b = pair(made, "T"), pair(made, "B")[0]
    assert made.direct(index["D"]) == t
    assert made.direct(index["B"]) == (TRUE, TRUE)
    assert made.visibility(index["D"]) == (made.out.both(t[0], b), made.out.both(t[1], b))
    assert made.visibility(index["HIDDEN"]) == (FALSE, FALSE)
    assert made.visibility(index["B"]) == (TRUE, TRUE)


def test_a_select_asks_for_its_source_and_its_condition(tmp_path: Path) -> None:
    made = encoder_of(tmp_path)
    s, b = pair(made, "S"), pair(made, "B")[0]
    assert made.term(0, tristate=True) == (made.out.both(s[0], b), made.out.both(s[1], b))


def test_a_default_applies_where_none_before_it_does(tmp_path: Path) -> None:
    made = encoder_of(tmp_path)
    found, conditions = made.defaults(made.model.index["D"])
    t, b = pair(made, "T")[0], pair(made, "B")[0]
    first = made.out.both(t, b)
    assert [(one[0], one[3]) for one in found] == [(first, 0), (made.out.both(t, -first), 1)]
    assert conditions == [first, t]


def test_an_encoder_that_goes_on_names_more_and_keeps_what_there_was(tmp_path: Path) -> None:
    model = model_of(tmp_path, TREE)
    encoding = encode(model, {})
    made = Literals.resume(model, encoding, 10_000)
    assert (made.out.variables, made.enabled) == (10_000, list(encoding.enabled))
    assert made.modules == encoding.enabled[model.modules]
    assert made.visibility(model.index["B"]) == (TRUE, TRUE)
    assert list(encoding.expr_enabled) == made.expr_e


def test_another_belief_of_a_symbol_changes_what_is_made_of_it(tmp_path: Path) -> None:
    made = encoder_of(tmp_path)
    number = made.model.index["B"]
    other = made.believing({number: (TRUE, TRUE)}, {})
    assert other.visibility(made.model.index["D"]) == pair(made, "T")
    assert (other.out is made.out, made.enabled[number] > TRUE) == (True, True)
