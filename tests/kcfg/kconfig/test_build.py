"""A model statement by statement: shared tables, types, and which symbols a choice has."""

from __future__ import annotations

import pytest

from kcfg.base.errors import UserError
from kcfg.kconfig.build import YES, BuiltEntry, BuiltItem, ModelBuilder, flatten, reject_token, renumber
from kcfg.kconfig.model import Atom, AtomKind, Default, Model, Op, Prompt, Range, Select, Type, Where


def entry(
    builder: ModelBuilder, name: str, kind: int = Type.BOOL, *, prompt: int | None = YES, **more: int
) -> BuiltEntry:
    """One definition of a symbol, with a prompt under an expression."""
    made = BuiltEntry(
        builder.symbol(name),
        False,
        builder.file("Kconfig"),
        more.get("line", 1),
        more.get("context", -1),
        -1,
        more.get("choice", -1),
    )
    made.prompt = None if prompt is None else Prompt(prompt, -1, 2)
    builder.open(made)
    builder.set_type(made, kind)
    return made


def choice_of(builder: ModelBuilder, kind: int = Type.BOOL) -> int:
    """A choice with one definition."""
    number = builder.choice("")
    made = BuiltEntry(number, True, builder.file("Kconfig"), 1, -1, -1)
    builder.open(made)
    builder.set_type(made, kind)
    return number


def finish(builder: ModelBuilder) -> Model:
    return builder.finish(version="6.1", arch="x86_64", srcarch="x86", drop_out_of_range=True)


def atom(builder: ModelBuilder, name: str) -> int:
    """The expression that is a symbol."""
    return builder.expr(Op.ATOM, (builder.symbol(name),))


def test_equal_names_texts_and_expressions_have_one_number() -> None:
    builder = ModelBuilder(choice_values=False)
    assert builder.file("a") == builder.file("a") != builder.file("b")
    assert builder.symbol("A") == builder.symbol("A") != builder.symbol("B")
    assert builder.constant("x") == builder.constant("x") != builder.constant("y")
    assert atom(builder, "A") == atom(builder, "A") != atom(builder, "B")


def test_expression_zero_is_y() -> None:
    model = finish(ModelBuilder(choice_values=False))
    assert model.expr_text(YES) == "y"
    assert model.atoms == (Atom(AtomKind.CONSTANT, "y"),)


def test_constants_follow_the_symbols_in_the_model() -> None:
    assert [renumber(number, 5) for number in (0, 4, -1, -2)] == [0, 4, 5, 6]
    builder = ModelBuilder(choice_values=False)
    made = entry(builder, "A", Type.INT)
    made.ranges.append(Range(builder.constant("1"), builder.symbol("B"), YES, 3))
    made.defaults.append(Default(builder.expr(Op.EQ, (builder.symbol("B"), builder.constant("1"))), YES, 4))
    model = finish(builder)
    limits = model.definitions[0].ranges[0]
    assert (model.atom_text(limits.low), model.atom_text(limits.high)) == ('"1"', "B")
    assert model.expr_text(model.definitions[0].defaults[0].value) == 'B="1"'


def test_a_probe_is_asked_once_and_its_key_is_the_question() -> None:
    builder = ModelBuilder(choice_values=False)
    first = builder.probe("cc-option,-m32", "gcc -m32", "Kconfig", 3)
    assert first == builder.probe("other", "gcc -m32", "Kconfig", 9) == "__PROBE_0__"
    second = builder.probe("CC", "", "scripts/Kconfig", 1)
    third = builder.probe("x", f"{second} -v", "Kconfig", 4)
    probes = finish(builder).probes
    assert [(probe.name, probe.key) for probe in probes] == [
        ("cc-option,-m32", "shell:gcc -m32"),
        ("CC", "env:CC"),
        ("x", "shell:$(CC) -v"),
    ]
    assert builder.expand(f"{second} or {third}") == "$(CC) or $(x)"


def test_a_text_with_a_probe_is_a_probe_or_a_template() -> None:
    builder = ModelBuilder(choice_values=False)
    token = builder.probe("CC", "", "Kconfig", 1)
    assert [builder.atom(text) for text in (token, f"a{token}", "a")] == [
        Atom(AtomKind.PROBE, "0"),
        Atom(AtomKind.TEMPLATE, "a__PROBE_0__"),
        Atom(AtomKind.CONSTANT, "a"),
    ]


def test_a_name_put_together_from_a_probe_s_answer_is_refused() -> None:
    reject_token("NAME", "Kconfig:1")
    reject_token("__PROBE_0__", "Kconfig:1")
    with pytest.raises(UserError) as caught:
        reject_token("HAVE___PROBE_0__", "Kconfig:1")
    assert caught.value.where == "Kconfig:1"


def test_the_first_type_of_a_symbol_wins() -> None:
    builder = ModelBuilder(choice_values=False)
    made = entry(builder, "A", Type.TRISTATE)
    builder.set_type(made, Type.INT)
    assert finish(builder).symbols[0].type == Type.TRISTATE


def test_a_select_is_known_at_both_ends() -> None:
    builder = ModelBuilder(choice_values=False)
    entry(builder, "A")
    entry(builder, "B")
    builder.select(0, 1, YES, 5, imply=False)
    builder.select(1, 0, YES, 6, imply=True)
    model = finish(builder)
    assert model.selects == (Select(0, 1, 0, YES, 5), Select(1, 0, 1, YES, 6))
    assert (model.symbols[1].selected_by, model.symbols[0].implied_by) == ((0,), (1,))


def test_a_further_prompt_becomes_a_definition_of_its_own() -> None:
    builder = ModelBuilder(choice_values=False)
    made = entry(builder, "A", Type.INT)
    made.earlier.append(Prompt(YES, -1, 9))
    made.defaults.append(Default(YES, YES, 3))
    model = finish(builder)
    assert [(d.line, bool(d.defaults)) for d in (model.definitions[i] for i in model.symbols[0].definitions)] == [
        (1, True),
        (9, False),
    ]


def test_a_named_choice_is_one_wherever_it_stands() -> None:
    builder = ModelBuilder(choice_values=False)
    assert (builder.choice("A"), builder.choice(""), builder.choice("A"), builder.choice("")) == (0, 1, 0, 2)


def test_since_6_11_everything_in_a_choice_is_a_member_and_the_choice_is_a_bool() -> None:
    builder = ModelBuilder(choice_values=False)
    number = choice_of(builder, Type.TRISTATE)
    assert builder.member_context(number, 3) == 3
    entry(builder, "A", choice=number)
    entry(builder, "B", choice=number, prompt=atom(builder, "A"))
    (choice,) = finish(builder).choices
    assert (choice.type, choice.members) == (Type.BOOL, (0, 1))


def test_before_6_11_what_depends_on_a_member_is_none() -> None:
    builder = ModelBuilder(choice_values=True)
    number = choice_of(builder)
    context = builder.member_context(number, -1)
    entry(builder, "A", choice=number, context=context)
    entry(builder, "B", choice=number, context=context, prompt=atom(builder, "A"))
    entry(builder, "C", choice=number, context=context)
    model = finish(builder)
    assert [model.symbols[member].name for member in model.choices[0].members] == ["A", "C"]
    assert [model.definitions[d].choice for d in (1, 2, 3)] == [0, -1, 0]


def test_before_6_11_a_choice_and_its_members_take_each_other_s_type() -> None:
    builder = ModelBuilder(choice_values=True)
    number = choice_of(builder, Type.UNKNOWN)
    context = builder.member_context(number, -1)
    entry(builder, "A", Type.UNKNOWN, choice=number, context=context)
    entry(builder, "B", Type.TRISTATE, choice=number, context=context)
    model = finish(builder)
    assert (model.choices[0].type, [symbol.type for symbol in model.symbols]) == (Type.TRISTATE, [Type.TRISTATE] * 2)


def test_before_6_11_a_bool_member_of_a_tristate_choice_needs_the_choice_at_y() -> None:
    builder = ModelBuilder(choice_values=True)
    number = choice_of(builder, Type.TRISTATE)
    context = builder.member_context(number, -1)
    entry(builder, "A", Type.BOOL, choice=number, context=context)
    entry(builder, "B", Type.TRISTATE, choice=number, context=context)
    model = finish(builder)
    chains = [[model.exprs[link.expr].op for link in model.chain(model.definitions[d].context)] for d in (1, 2)]
    assert chains == [[Op.CHOICE_Y, Op.CHOICE], [Op.CHOICE]]


def test_items_stand_inside_their_blocks() -> None:
    builder = ModelBuilder(choice_values=True)
    block = builder.condition(-1, atom(builder, "X"), Where.IF, 0, 1)
    own = builder.condition(block, atom(builder, "Y"), Where.DEPENDS, 0, 1)
    entries = [entry(builder, "A"), entry(builder, "B", context=own), entry(builder, "C", context=block)]
    first, second = builder.items(entries)
    assert (first.entry, first.children) == (entries[0], [])
    assert (second.entry, [child.entry for child in second.children]) == (None, entries[1:])


def test_what_stands_below_an_item_without_a_prompt_moves_up() -> None:
    builder = ModelBuilder(choice_values=True)
    shown, hidden, inner = (
        BuiltItem(-1, entry(builder, name, prompt=prompt)) for name, prompt in (("A", 0), ("B", None), ("C", 0))
    )
    block = BuiltItem(0, None, [inner])
    hidden.children = [block]
    below = BuiltItem(-1, entry(builder, "D"))
    shown.children = [below]
    items = [hidden, shown]
    flatten(items)
    assert items == [hidden, block, inner, shown]
    assert (hidden.children, block.children, shown.children) == ([], [], [below])
