from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from kcfg.kconfig.model import Definition, Link, Model, Type, Where
from kcfg.kconfig.parse import parse
from kcfg.sources.open import open_source
from tests.kcfg.trees import MODULES, NEW, OLD, error_of, model_of, values, write_tree

EACH_LINE = """\
mainmenu "Linux"

config MODULES
	bool "modules"
	modules

menu "menu"
	depends on MODULES
	visible if A

config A
	tristate "a" if MODULES
	depends on MODULES
	depends on MODULES != m
	default m if MODULES
	default y
	select B if MODULES
	imply B
	help
		Any text:
		config IN_HELP

if MODULES

config B
	tristate
	prompt "b"
	default y

endif

config I
	int "i"
	range 1 5 if A
	range 0 9

endmenu

choice
	prompt "choice" if A
	depends on A
	default C2 if B
config C1
	bool "c1"
config C2
	bool "c2"
endchoice
"""


def definition(model: Model, name: str, number: int = 0) -> Definition:
    return model.definitions[model.symbols[model.index[name]].definitions[number]]


def links(model: Model, name: str, number: int = 0) -> list[tuple[Where, int, str]]:
    """(kind, line, expression) of a definition's dependencies, innermost first."""
    return [told(model, link) for link in model.chain(definition(model, name, number).context)]


def told(model: Model, link: Link) -> tuple[Where, int, str]:
    return Where(link.where), link.line, model.expr_text(link.expr)


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), 1) if part in line)


# Lines


def test_a_definition_keeps_the_line_of_its_config(tmp_path: Path) -> None:
    model = model_of(tmp_path, EACH_LINE)
    assert [definition(model, name).line for name in ("MODULES", "A", "B", "C2")] == [3, 11, 25, 45]


def test_dependencies_keep_their_lines_and_where_they_stand(tmp_path: Path) -> None:
    model = model_of(tmp_path, EACH_LINE)
    assert links(model, "A") == [
        (Where.DEPENDS, 14, "MODULES!=m"),
        (Where.DEPENDS, 13, "MODULES"),
        (Where.MENU, 8, "MODULES"),
    ]
    assert links(model, "B") == [(Where.IF, 23, "MODULES"), (Where.MENU, 8, "MODULES")]


def test_visible_if_keeps_its_line(tmp_path: Path) -> None:
    model = model_of(tmp_path, EACH_LINE)
    prompt = definition(model, "A").prompt
    assert prompt is not None
    assert [told(model, link) for link in model.chain(prompt.visible)] == [(Where.VISIBLE, 9, "A")]


def test_a_prompt_keeps_its_line_and_condition(tmp_path: Path) -> None:
    model = model_of(tmp_path, EACH_LINE)
    prompts = [definition(model, name).prompt for name in ("A", "B")]
    assert [(p.line, model.expr_text(p.cond)) for p in prompts if p] == [(12, "MODULES"), (27, "y")]


def test_defaults_and_ranges_keep_their_lines_and_conditions(tmp_path: Path) -> None:
    model = model_of(tmp_path, EACH_LINE)
    defaults = definition(model, "A").defaults
    assert [(d.line, model.expr_text(d.value), model.expr_text(d.cond)) for d in defaults] == [
        (15, "m", "MODULES"),
        (16, "y", "y"),
    ]
    ranges = definition(model, "I").ranges
    assert [(r.line, model.atom_text(r.low), model.atom_text(r.high), model.expr_text(r.cond)) for r in ranges] == [
        (34, "1", "5", "A"),
        (35, "0", "9", "y"),
    ]


def test_selects_and_implies_keep_their_lines(tmp_path: Path) -> None:
    model = model_of(tmp_path, EACH_LINE)
    target = model.symbols[model.index["B"]]
    selects = [model.selects[number] for number in (*target.selected_by, *target.implied_by)]
    assert [(s.line, model.expr_text(s.cond), model.symbols[s.source].name) for s in selects] == [
        (17, "MODULES", "A"),
        (18, "y", "A"),
    ]


def test_a_choice_keeps_its_lines_and_members(tmp_path: Path) -> None:
    model = model_of(tmp_path, EACH_LINE)
    (choice,) = model.choices
    entry = model.definitions[choice.definitions[0]]
    assert (entry.line, entry.prompt and entry.prompt.line) == (39, 40)
    assert [(told(model, link), link.file) for link in model.chain(entry.context)] == [((Where.DEPENDS, 41, "A"), 0)]
    assert [(d.line, model.expr_text(d.value), model.expr_text(d.cond)) for d in entry.defaults] == [(42, "C2", "B")]
    assert [model.symbols[member].name for member in choice.members] == ["C1", "C2"]


def test_a_statement_over_several_lines_has_the_line_that_it_starts_on(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config A\n\tbool "a"\n\tdepends on B && \\\n\t\tC\nconfig B\n\tbool "b"\n')
    assert links(model, "A") == [(Where.DEPENDS, 3, "B && C")]
    assert definition(model, "B").line == 5


def test_help_texts_are_no_statements(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\thelp\n\t  config NOT\n\n\t    if nor this\n\n\t  endif\n\nconfig B\n\tbool "b"\n'
    model = model_of(tmp_path, text)
    assert [(s.name, definition(model, s.name).line) for s in model.symbols] == [("A", 1), ("B", 10)]


def test_a_sourced_file_has_its_own_lines_and_the_context_of_its_source(tmp_path: Path) -> None:
    top = 'if A\nsource "sub/Kconfig"\nendif\nconfig A\n\tbool "a"\n'
    model = model_of(tmp_path, {"Kconfig": top, "sub/Kconfig": '\nconfig B\n\tbool "b"\n'})
    assert [model.place(d.file, d.line) for d in model.definitions] == ["sub/Kconfig:2", "Kconfig:4"]
    assert links(model, "B") == [(Where.IF, 1, "A")]


# Newer grammar


def test_modules_stands_alone_since_5_13_and_is_an_option_before(tmp_path: Path) -> None:
    new = model_of(tmp_path / "new", MODULES)
    old = model_of(tmp_path / "old", 'config MODULES\n\tbool "modules"\n\toption modules\n', "5.10.0")
    assert [model.symbols[model.modules].name for model in (new, old)] == ["MODULES", "MODULES"]


def test_a_transitional_symbol_carries_the_flag(tmp_path: Path) -> None:
    text = "config OLD\n\tbool\n\ttransitional\n\thelp\n\t  gone\nconfig A\n\tdef_bool OLD\n"
    model = model_of(tmp_path, text, "7.0.0")
    assert [symbol.flags & Model.TRANSITIONAL for symbol in model.symbols] == [Model.TRANSITIONAL, 0]


@pytest.mark.parametrize("block", ['menu "m"\n', "choice\n", 'comment "c"\n', "if A\n", "\n"])
def test_transitional_outside_a_config_is_an_error(tmp_path: Path, block: str) -> None:
    assert error_of(tmp_path, f"{block}transitional\n", "7.0.0").where == "Kconfig:2"


@pytest.mark.parametrize(
    ("config", "a", "visible"),
    [("B=y", "n", False), ("B=m", "n", False), ("", "n", True), ("A=y\nB=y", "y", True), ("A=m\nB=y", "m", True)],
)
def test_depends_on_a_if_b_holds_where_b_is_n_or_as_far_as_a(
    tmp_path: Path, config: str, a: str, visible: bool
) -> None:
    text = 'config A\n\ttristate "a"\nconfig B\n\ttristate "b"\nconfig T\n\ttristate "t"\n\tdepends on A if B\n'
    lines = values(model_of(tmp_path, MODULES + text, "7.1.0"), config)
    assert (lines["A"], "T" in lines) == (a, visible)


def test_depends_on_a_if_not_b_holds_where_b_is_m(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\nconfig B\n\ttristate "b"\nconfig T\n\ttristate "t"\n\tdepends on A if !B\n'
    model = model_of(tmp_path, MODULES + text, "7.1.0")
    configs = ("B=y", "B=m", "# B is not set")
    assert [values(model, f"T=y\n{config}").get("T") for config in configs] == ["y", "y", None]


def test_depends_on_a_if_m_always_depends_on_a(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\nconfig T\n\tbool "t"\n\tdepends on A if m\n'
    model = model_of(tmp_path, MODULES + text, "7.1.0")
    assert ["T" in values(model, config) for config in ("", "# MODULES is not set", "A=y")] == [False, False, True]


def test_depends_on_a_if_something_that_nothing_defines_depends_on_a(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\nconfig T\n\tbool "t"\n\tdepends on A if ELSEWHERE\n'
    model = model_of(tmp_path, text, "7.1.0")
    assert ["T" in values(model, config) for config in ("", "A=y")] == [False, True]


def test_depends_on_a_if_b_keeps_its_line(tmp_path: Path) -> None:
    text = 'config T\n\tbool "t"\n\tdepends on A if B || C\n'
    assert links(model_of(tmp_path, text, "7.1.0"), "T") == [(Where.DEPENDS, 3, "A || (B=n && C=n)")]


# Macros and probes


def test_macros_expand_to_their_values(tmp_path: Path) -> None:
    text = 'name := A\ndouble = $(1)_$(1)\nconfig $(name)\n\tbool "a"\nconfig $(double,B)\n\tbool "b"\n'
    assert [symbol.name for symbol in model_of(tmp_path, text).symbols] == ["A", "B_B"]


def test_macros_stand_in_each_other_a_hundred_deep_and_no_deeper(tmp_path: Path) -> None:
    def chain(links: int) -> str:
        return "".join(f"m{i} = $(m{i + 1})\n" for i in range(links)) + f"m{links} = A\nconfig $(m0)\n\tbool\n"

    assert [symbol.name for symbol in model_of(tmp_path / "a", chain(100)).symbols] == ["A"]
    assert "without end" in str(error_of(tmp_path / "b", chain(101)))


def test_filename_and_lineno_are_those_of_the_statement(tmp_path: Path) -> None:
    text = '\nconfig A\n\tstring\n\tdefault "$(filename):$(lineno)"\n'
    assert values(model_of(tmp_path, text)) == {"A": "Kconfig:4"}


def test_the_architecture_and_the_version_are_known_in_macros(tmp_path: Path) -> None:
    text = 'config A\n\tstring\n\tdefault "$(ARCH) $(SRCARCH) $(KERNELVERSION)"\n'
    model = model_of(tmp_path, text, "6.12.3", "i386")
    assert values(model) == {"A": "i386 x86 6.12.3"}


def test_a_shell_call_is_a_probe_with_its_place_and_the_name_that_the_file_uses(tmp_path: Path) -> None:
    text = "cc-option = $(shell,test-compiler $(1))\n\nconfig A\n\tdef_bool $(cc-option,-m32)\n"
    (probe,) = model_of(tmp_path, text).probes
    assert (probe.name, probe.command, probe.line) == ("cc-option,-m32", "test-compiler -m32", 4)


def test_the_same_question_is_one_probe(tmp_path: Path) -> None:
    text = "config A\n\tdef_bool $(shell,x)\nconfig B\n\tdef_bool $(shell,x)\nconfig C\n\tdef_bool $(shell,y)\n"
    assert [probe.key for probe in model_of(tmp_path, text).probes] == ["shell:x", "shell:y"]


def test_a_probe_inside_a_probe_stays_symbolic(tmp_path: Path) -> None:
    text = "inner := $(shell,inner)\nconfig A\n\tint\n\tdefault $(shell,outer $(inner))\n"
    model = model_of(tmp_path, text)
    assert [probe.key for probe in model.probes] == ["shell:inner", "shell:outer $(inner)"]


def test_a_variable_of_the_makefile_or_the_environment_is_a_probe_and_any_other_is_empty(tmp_path: Path) -> None:
    text = 'config A\n\tstring\n\tdefault "$(tool)"\nconfig B\n\tstring\n\tdefault "x$(other)$(CROSS_COMPILE_COMPAT)"\n'
    makefile = "VERSION = 6\nPATCHLEVEL = 12\nexport tool\n"
    model = model_of(tmp_path, {"Kconfig": text, "Makefile": makefile})
    assert [probe.key for probe in model.probes] == ["env:tool", "env:CROSS_COMPILE_COMPAT"]
    assert values(model, answers={"env:tool": "gcc"}) == {"A": "gcc", "B": "x"}
    assert values(model, answers={"env:CROSS_COMPILE_COMPAT": "arm-"}) == {"A": "", "B": "xarm-"}


def test_error_if_is_an_error_for_y_and_not_for_a_probe(tmp_path: Path) -> None:
    assert model_of(tmp_path / "a", "$(error-if,$(shell,x),bad)\n").probes
    assert error_of(tmp_path / "b", "\n$(error-if,y,bad)\n").where == "Kconfig:2"


@pytest.mark.parametrize(
    "text",
    [
        "X := $(shell,touch PWNED)\n",
        "config A\n\tdef_bool $(shell,touch PWNED)\n",
        "run = $(shell,$(1))\nconfig A\n\tdef_bool $(run,touch PWNED)\n",
        'config A\n\tstring "$(shell,touch PWNED)"\n',
        "$(info,$(shell,touch PWNED))\n",
        "$(warning-if,y,$(shell,touch PWNED))\n",
    ],
)
def test_a_shell_call_executes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    tree = write_tree(tmp_path / "tree", text)
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    parse(open_source(str(tree)), "x86_64")
    assert list(tmp_path.rglob("PWNED")) == []


@pytest.mark.parametrize(
    "call", ["$(python,open('PWNED'\\,'w'))", "$(python,open('PWNED'))", "$(pwn)", "$(pwn,1)", "$(pwn,1,2)"]
)
def test_functions_in_python_are_neither_known_nor_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    hook = "open('PWNED', 'w')\ndef pwn(*args):\n    open('PWNED', 'w')\nfunctions = {'pwn': (pwn, 0, None)}\n"
    tree = write_tree(tmp_path / "tree", {"Kconfig": f'config A\n\tbool "{call}"\n', "kconfigfunctions.py": hook})
    (tree / "evil_functions.py").write_text(hook)
    monkeypatch.syspath_prepend(str(tree))
    monkeypatch.setenv("KCONFIG_FUNCTIONS", "evil_functions")
    monkeypatch.chdir(tree)
    try:
        parse(open_source(str(tree)), "x86_64")
    except UserError as error:
        assert error.where == "Kconfig:2"  # a call with arguments of what is no macro
    assert list(tmp_path.rglob("PWNED")) == []
    assert not {"evil_functions", "kconfigfunctions"} & set(sys.modules)


def test_variables_of_the_environment_leak_into_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "leaked")
    for name in ("ARCH", "SRCARCH", "KERNELVERSION", "CC", "srctree", "CONFIG_", "KCONFIG_STRICT"):
        monkeypatch.setenv(name, "leaked")
    text = (
        'mainmenu "$HOME $SECRET $(SECRET)"\nconfig A\n\tstring "$SECRET ${SECRET}"\n'
        '\tdefault "$HOME ${SECRET} $(SECRET)$(CC)$(srctree)"\nconfig B\n\tstring\n\tdefault "$(ARCH)"\n'
    )
    model = model_of(tmp_path, text)
    assert "leaked" not in repr(model)
    assert os.environ["HOME"] not in repr(model)
    assert values(model)["A"] == "$HOME ${SECRET} "
    assert values(model)["B"] == "x86_64"


def test_a_source_path_with_a_variable_does_not_read_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHERE", "other")
    files = {"Kconfig": 'source "$(WHERE)Kconfig.a"\n', "Kconfig.a": "config A\n\tdef_bool y\n", "otherKconfig.a": ""}
    assert values(model_of(tmp_path, files)) == {"A": "y"}


def test_a_source_path_may_start_with_the_source_tree(tmp_path: Path) -> None:
    files = {"Kconfig": 'source "$(srctree)/sub/Kconfig"\n', "sub/Kconfig": "config A\n\tdef_bool y\n"}
    assert values(model_of(tmp_path, files)) == {"A": "y"}


def test_a_probe_in_a_symbols_name_is_an_error(tmp_path: Path) -> None:
    assert error_of(tmp_path, "\nconfig A_$(shell,x)\n\tbool\n").where == "Kconfig:2"


# Errors


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('config A\n\tbool "a"\nnonsense here\n', 3),
        ("config A\n\tbool\n\tdepends on A &&\n", 3),
        ("config A\n\tbool\n\tdepends A\n", 3),
        ("config A\n\tbool\n\tselect A B\n", 3),
        ("config A\n\tbool\n\toption env\n", 3),
        ("config A\n\tbool\n\tvisible if A\n", 3),
        ("config A B\n", 1),
        ("config\n", 1),
        ('config "A"\n', 1),
        ("\nif A B\nendif\n", 2),
        ('source "$(shell,x)/Kconfig"\n', 1),
        ('config A\n\tbool "a\n', 2),
        ("config A\n\tbool\n\tmodules\n", 3),
        ('choice\n\tprompt "c"\n\tselect A\nendchoice\n', 3),
        ("$(unknown,1)\n", 1),
        ("a = $(b)\nb = $(a)\nconfig X\n\tdefault $(a)\n", 4),
        ('source "missing/Kconfig"\n', 1),
        ('source "none/*"\n', 1),
        ("\nendmenu\n", 2),
        ("if A\nendmenu\n", 2),
        ('choice\n\tprompt "c"\nendif\n', 3),
        ('menu "m"\nconfig A\n\tbool\n', 1),
        ("if A\nconfig A\n\tbool\n", 1),
        ('config B\n\tbool\nchoice\n\tprompt "c"\n', 3),
    ],
)
def test_an_error_names_file_and_line(tmp_path: Path, text: str, line: int) -> None:
    assert error_of(tmp_path, text).where == f"Kconfig:{line}"


def test_a_missing_sourced_file_is_named_where_it_is_sourced(tmp_path: Path) -> None:
    files = {"Kconfig": 'source "sub/Kconfig"\n', "sub/Kconfig": '\nsource "sub/gone"\n'}
    error = error_of(tmp_path, files)
    assert error.where == "sub/Kconfig:2"
    assert "sub/gone" in error.message


@pytest.mark.parametrize("path", ["/etc/passwd", "../outside", "sub/../../outside"])
def test_a_source_outside_the_tree_is_refused(tmp_path: Path, path: str) -> None:
    (tmp_path / "outside").write_text("config LEAK\n\tbool\n")
    error_of(tmp_path / "tree", {"Kconfig": f'source "{path}"\n', "sub/x": ""})


def test_a_file_that_sources_itself_is_an_error_where_it_does(tmp_path: Path) -> None:
    files = {"Kconfig": '\nsource "a"\n', "a": '\n\nsource "b"\n', "b": 'source "a"\n'}
    assert error_of(tmp_path, files).where == "b:1"


def test_a_block_must_end_in_the_file_that_it_starts_in(tmp_path: Path) -> None:
    files = {"Kconfig": 'if A\nsource "a"\n', "a": "endif\n"}
    assert error_of(tmp_path, files).where == "a:1"


def test_10000_nested_ifs_are_read(tmp_path: Path) -> None:
    text = "if A\n" * 10_000 + 'config B\n\tbool "b"\n' + "endif\n" * 10_000 + 'config A\n\tbool "a"\n'
    model = model_of(tmp_path, text)
    assert values(model, "A=y\nB=y") == {"A": "y", "B": "y"}
    assert "B" not in values(model, "B=y")


@pytest.mark.parametrize("text", ["(" * 50_000 + "A" + ")" * 50_000, "!" * 50_000 + "A", "A && (" * 50_000])
def test_a_deeply_nested_expression_is_read_or_one_error(tmp_path: Path, text: str) -> None:
    with contextlib.suppress(UserError):
        values(model_of(tmp_path, f"config B\n\tdef_bool y\n\tdepends on {text}\n"))


def test_more_blocks_than_any_kernel_has_are_one_error(tmp_path: Path) -> None:
    error_of(tmp_path, "if A\n" * 50_000)


def test_modules_on_a_choice_is_one_error(tmp_path: Path) -> None:
    assert error_of(tmp_path, 'choice\n\tprompt "c"\n\tmodules\nconfig A\n\tbool\nendchoice\n').where == "Kconfig:3"


def test_a_binary_file_is_one_error_with_its_line(tmp_path: Path) -> None:
    tree = write_tree(tmp_path, "")
    (tree / "Kconfig").write_bytes(b"config A\n\tbool\n" + bytes(range(256)) * 40)
    with pytest.raises(UserError) as caught:
        parse(open_source(str(tree)), "x86_64")
    assert caught.value.where.startswith("Kconfig:")


def test_text_that_is_not_utf_8_is_read(tmp_path: Path) -> None:
    tree = write_tree(tmp_path, "")
    (tree / "Kconfig").write_bytes(b'config A\n\tbool "caf\xe9"\n\tdefault y\n')
    assert values(parse(open_source(str(tree)), "x86_64")) == {"A": "y"}


def test_lines_may_end_in_carriage_returns(tmp_path: Path) -> None:
    assert values(model_of(tmp_path, "config A\r\n\tbool\r\n\tdefault y\r\n")) == {"A": "y"}


def test_an_error_leaves_the_process_as_it_was(tmp_path: Path) -> None:
    import gc

    import kconfiglib

    before = kconfiglib.expandvars
    error_of(tmp_path, "nonsense\n")
    assert kconfiglib.expandvars is before
    assert gc.isenabled()


# What the model says


def test_the_first_type_of_a_symbol_counts(tmp_path: Path) -> None:
    model = model_of(tmp_path, "config A\n\tbool\nconfig A\n\ttristate\n")
    assert model.symbols[0].type == Type.BOOL


def test_a_symbol_that_is_only_mentioned_is_known_and_not_defined(tmp_path: Path) -> None:
    model = model_of(tmp_path, "config A\n\tbool\n\tdepends on B\n")
    assert "B" in model.index
    assert model.defined("B") is None
    assert model.symbols[model.index["B"]].type == Type.UNKNOWN


@pytest.mark.parametrize(
    ("version", "values_of_its_own", "drops"),
    [(OLD, True, True), ("6.9.0", True, True), ("6.10.0", True, False), ("6.11.0", False, False)],
)
def test_the_version_decides_about_choices_and_ranges(
    tmp_path: Path, version: str, values_of_its_own: bool, drops: bool
) -> None:
    model = model_of(tmp_path, "", version)
    assert (model.choice_values, model.drop_out_of_range) == (values_of_its_own, drops)


def test_parsing_twice_gives_equal_models(tmp_path: Path) -> None:
    assert model_of(tmp_path, EACH_LINE) == model_of(tmp_path, EACH_LINE)


def members(model: Model) -> list[str]:
    return [model.symbols[member].name for member in model.choices[0].members]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("depends on A", ["A"]),
        ("depends on A != n", ["A"]),
        ("depends on A = y", ["A"]),
        ("depends on X && A", ["A"]),
        ("depends on A || X", ["A"]),
        ("depends on !X", ["A", "B"]),
        ("default y", ["A", "B"]),
    ],
)
def test_what_depends_on_a_member_is_no_member_before_6_11(tmp_path: Path, line: str, found: list[str]) -> None:
    text = f'choice\n\tprompt "c"\nconfig A\n\tbool "a"\nconfig B\n\tbool "b"\n\t{line}\nendchoice\n'
    assert members(model_of(tmp_path / "old", text, OLD)) == found
    assert members(model_of(tmp_path / "new", text, NEW)) == ["A", "B"]


def test_what_depends_on_what_depends_on_a_member_is_no_member_either(tmp_path: Path) -> None:
    text = (
        'choice\n\tprompt "c"\nconfig A\n\tbool "a"\nconfig B\n\tbool "b"\n\tdepends on A\n'
        'config C\n\tbool "c"\n\tdepends on B\nif C\nconfig D\n\tbool "d"\nendif\nconfig E\n\tbool "e"\nendchoice\n'
    )
    assert members(model_of(tmp_path, text, OLD)) == ["A", "E"]


@pytest.mark.parametrize(
    ("kind", "line"),
    [("bool", "A"), ("bool", "A != n"), ("bool", "A = y"), ("tristate", "A = m"), ("tristate", "A != n")],
)
def test_what_depends_on_a_member_alone_is_no_member_whatever_that_depends_on(
    tmp_path: Path, kind: str, line: str
) -> None:
    text = (
        f'choice\n\tprompt "c"\nconfig A\n\t{kind} "a"\n\tdepends on X\n'
        f'config B\n\tbool "b"\n\tdepends on {line}\nendchoice\n'
    )
    assert members(model_of(tmp_path, text, OLD)) == ["A"]


IN_A_CHOICE = {
    # head, dependency of the entry after it (in a tree with a bool B and a tristate T), whether that is a member
    "a-part-of-its-own-or": ("depends on MODULES", "depends on A || MODULES", True),
    "the-same-and-that": ("depends on MODULES", "depends on A || T\n\tdepends on MODULES", False),
    "that-written-otherwise": ("depends on T != n", "depends on A || B\n\tdepends on T", False),
    "a-double-negation": ("depends on !!B", "depends on A || T\n\tdepends on B", False),
    "de-morgan": ("depends on !(B || T)", "depends on A || B\n\tdepends on !B && !T", False),
    "the-same-or-turned": ("depends on B || T", "depends on T || B\n\tdepends on A || MODULES", False),
    "a-doubled-part": ("", "depends on A || A", False),
    "more-than-half": ("depends on B && T", "depends on A || MODULES\n\tdepends on B", True),
    "what-is-always-n": ("", "depends on A = m && B", True),
    "what-is-always-y": ("", "depends on A != m", True),
    "another-value": ("", "depends on A = n", False),
    "another-value-of-more": ("depends on B", "depends on A = n", True),
    "both-values": ("depends on T = y || T = m", "depends on T && (A || B)", False),
    "joined-comparisons": ("depends on T = y", "depends on T && T != m && (A || B)", False),
}


@pytest.mark.parametrize(("head", "line", "is_member"), IN_A_CHOICE.values(), ids=IN_A_CHOICE)
def test_before_6_11_conf_rewrites_dependencies_before_it_looks_for_submenus(
    tmp_path: Path, head: str, line: str, is_member: bool
) -> None:
    text = MODULES + 'config B\n\tbool "b"\nconfig T\n\ttristate "t"\nchoice\n\tprompt "c"\n'
    text += f'config A\n\tbool "a"\n\t{head}\nconfig M\n\tbool "m"\n\t{line}\nendchoice\n'
    assert members(model_of(tmp_path, text, OLD)) == (["A", "M"] if is_member else ["A"])


def test_before_6_11_a_member_that_asks_whether_a_bool_is_m_does_not_hang_on_it(tmp_path: Path) -> None:
    text = 'choice\n\tprompt "c"\n\toptional\nconfig X\n\tbool "x"\nconfig A\n\tbool "a"\n'
    text += 'if y\nconfig B\n\tbool "b"\n\tdepends on A != m\nendif\nendchoice\n'
    assert values(model_of(tmp_path, text, OLD), "A=y") == {"X": "n", "A": "y", "B": "n"}


def test_a_head_without_a_prompt_takes_all_that_speaks_of_it_for_its_submenu(tmp_path: Path) -> None:
    text = 'choice\n\tprompt "c"\nconfig A\n\tbool\n\tdepends on X\nconfig M\n\tbool "m"\n\tdepends on A || Y\n'
    assert members(model_of(tmp_path, text + "endchoice\n", OLD)) == [
        "A",
        "M",
    ]  # below what has no prompt: as beside it


def test_blocks_of_one_choice_have_submenus_of_their_own(tmp_path: Path) -> None:
    text = 'choice C\n\tprompt "c"\nconfig A\n\tbool "a"\nendchoice\n'
    text += 'choice C\nconfig M\n\tbool "m"\n\tdepends on A\nendchoice\n'
    assert members(model_of(tmp_path, text, OLD)) == ["A", "M"]


def test_a_member_without_a_type_takes_that_of_an_old_choice(tmp_path: Path) -> None:
    text = 'choice\n\ttristate "c"\nconfig A\n\tprompt "a"\nendchoice\n'
    model = model_of(tmp_path, text, OLD)
    assert model.symbols[model.index["A"]].type == Type.TRISTATE


def test_a_bool_member_of_an_old_tristate_choice_depends_on_the_choice_being_y(tmp_path: Path) -> None:
    text = MODULES + 'choice\n\ttristate "c"\nconfig A\n\tbool "a"\nconfig B\n\ttristate "b"\nendchoice\n'
    model = model_of(tmp_path, text, OLD)
    assert values(model, "B=m") == {"MODULES": "y", "B": "m"}
    assert values(model, "A=y") == {"MODULES": "y", "A": "y", "B": "n"}


def test_members_inside_an_if_are_members(tmp_path: Path) -> None:
    text = 'choice\n\tprompt "c"\nconfig A\n\tbool "a"\nif X\nconfig B\n\tbool "b"\nendif\nendchoice\n'
    assert [members(model_of(tmp_path / v, text, v)) for v in (OLD, NEW)] == [["A", "B"]] * 2


def test_an_old_choice_takes_the_type_of_its_first_member_outside_an_if(tmp_path: Path) -> None:
    text = 'choice\n\tprompt "c"\nif y\nconfig A\n\tbool "a"\nendif\nconfig B\n\ttristate "b"\nendchoice\n'
    assert model_of(tmp_path, text, OLD).choices[0].type == Type.TRISTATE


def test_a_line_may_have_thousands_of_terms(tmp_path: Path) -> None:
    ored = " || ".join(f"A{i}" for i in range(5000))
    anded = " && ".join(f"B{i}" for i in range(5000))
    model = model_of(tmp_path, f'config X\n\tbool "x"\n\tdepends on ({ored}) && {anded}\n')
    (link,) = model.chain(model.definitions[0].context)
    assert model.expr_text(link.expr) == f"({ored}) && {anded}"
    model = model_of(tmp_path, f'config X\n\tbool "x"\n\tdepends on C if {ored}\n')
    (link,) = model.chain(model.definitions[0].context)
    assert len(list(model.symbols_in(link.expr))) == 5001


def test_macros_that_grow_without_end_are_one_line(tmp_path: Path) -> None:
    config = 'config X\n\tbool "x $(V41)"\n'
    grows = "".join(f"V{i + 1} = $(V{i}) $(V{i})\n" for i in range(1, 41))
    assert "expand more than" in str(error_of(tmp_path, f"V1 = a\n{grows}{config}"))
    grows = "".join(f"V{i + 1} := $(V{i})$(V{i})\n" for i in range(1, 41))
    assert str(error_of(tmp_path, f"V1 := a\n{grows}{config}")).startswith("Kconfig:21: the macro V20 expands to more")


def test_a_variable_is_not_known_in_its_own_first_assignment(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'a := x$(a)\nconfig X\n\tstring\n\tdefault "$(a)"\n')
    assert model.expr_text(model.definitions[0].defaults[0].value) == '"x"'
    model = model_of(tmp_path / "b", 'A := $(A)\nconfig X\n\tstring\n\tdefault "x$(A)"\n')
    assert [probe.key for probe in model.probes] == ["env:A"], "it may stand in the environment"


def test_an_error_names_the_command_that_it_tells_of(tmp_path: Path) -> None:
    assert str(error_of(tmp_path, "$(error-if,y,no $(shell,x))\n")) == "Kconfig:1: no $(shell,x)"
