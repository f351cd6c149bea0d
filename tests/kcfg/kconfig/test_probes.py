from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.kconfig import probes
from kcfg.kconfig.assign import read_user_values
from kcfg.kconfig.exports import exported, exported_names
from kcfg.kconfig.model import Model
from kcfg.kconfig.probes import run_probes
from kcfg.kconfig.recorded import recorded_answers
from tests.kcfg.trees import MODULES, config_of, model_of

PLAIN = {"HOSTCC": "true", "CC": "true", "RUSTC": "true"}  # no compiler is started


def recorded(model: Model, config: str, *, complete: bool = True) -> dict[str, str]:
    return recorded_answers(model, read_user_values(model, config_of(config)), complete=complete)


def run(tmp_path: Path, text: str, given: dict[str, str] | None = None) -> dict[str, str]:
    tree = tmp_path / "tree"
    return run_probes(model_of(tree, text), tree, PLAIN | (given or {}))


# What a configuration records


def test_a_promptless_bool_that_is_y_records_a_y(tmp_path: Path) -> None:
    model = model_of(tmp_path, "config CC_HAS_A\n\tdef_bool $(shell,a)\n")
    assert recorded(model, "CC_HAS_A=y") == {"shell:a": "y"}


def test_its_absence_records_an_n_in_a_complete_configuration_only(tmp_path: Path) -> None:
    model = model_of(tmp_path, "config CC_HAS_A\n\tdef_bool $(shell,a)\n")
    assert recorded(model, "") == {"shell:a": "n"}
    assert recorded(model, "", complete=False) == {}


def test_its_line_is_not_set_records_an_n_in_a_fragment_as_well(tmp_path: Path) -> None:
    model = model_of(tmp_path, "config CC_HAS_A\n\tdef_bool $(shell,a)\n")
    assert recorded(model, "# CC_HAS_A is not set") == {"shell:a": "n"}
    assert recorded(model, "# CC_HAS_A is not set", complete=False) == {"shell:a": "n"}
    text = 'config CC_HAS_A\n\tdef_bool $(shell,a)\n\tdepends on B\nconfig B\n\tbool "b"\n'
    model = model_of(tmp_path / "two", text)
    assert recorded(model, "# CC_HAS_A is not set", complete=False) == {}
    assert recorded(model, "# CC_HAS_A is not set\nB=y", complete=False) == {"shell:a": "n"}


@pytest.mark.parametrize("word", ["select", "imply"])
def test_a_line_is_not_set_records_nothing_where_something_may_force_the_symbol(tmp_path: Path, word: str) -> None:
    text = f'config CC_HAS_A\n\tdef_bool $(shell,a)\nconfig B\n\tbool "b"\n\t{word} CC_HAS_A\n'
    model = model_of(tmp_path, text)
    assert recorded(model, "# CC_HAS_A is not set\nB=y") == {}
    assert recorded(model, "# CC_HAS_A is not set\n# B is not set") == {"shell:a": "n"}


def test_its_absence_says_nothing_where_a_dependency_may_be_unmet(tmp_path: Path) -> None:
    text = 'config CC_HAS_A\n\tdef_bool $(shell,a)\n\tdepends on B\nconfig B\n\tbool "b"\n'
    model = model_of(tmp_path, text)
    assert recorded(model, "") == {}
    assert recorded(model, "B=y") == {"shell:a": "n"}
    assert recorded(model, "B=y\nCC_HAS_A=y") == {"shell:a": "y"}


def test_all_probes_of_a_conjunction_are_y(tmp_path: Path) -> None:
    model = model_of(tmp_path, "config A\n\tdef_bool $(shell,a) && $(shell,b)\n")
    assert recorded(model, "A=y") == {"shell:a": "y", "shell:b": "y"}
    assert recorded(model, "") == {}


def test_an_alternative_of_probes_records_neither(tmp_path: Path) -> None:
    model = model_of(tmp_path, "config A\n\tdef_bool $(shell,a) || $(shell,b)\n")
    assert recorded(model, "A=y") == {}


def test_a_text_records_the_answer(tmp_path: Path) -> None:
    text = 'config V\n\tint\n\tdefault $(shell,version)\nconfig T\n\tstring\n\tdefault "$(CC_VERSION_TEXT)"\n'
    model = model_of(tmp_path, text)
    found = recorded(model, 'V=120200\nT="gcc 12"')
    assert found == {"shell:version": "120200", "env:CC_VERSION_TEXT": "gcc 12"}


def test_a_text_whose_default_has_an_unmet_condition_records_the_next(tmp_path: Path) -> None:
    text = 'config V\n\tint\n\tdefault $(shell,a) if B\n\tdefault $(shell,b)\nconfig B\n\tbool "b"\n'
    model = model_of(tmp_path, text)
    assert recorded(model, "V=1") == {"shell:b": "1"}
    assert recorded(model, "V=1\nB=y") == {"shell:a": "1"}


def test_what_depends_on_a_probe_and_is_y_records_a_y(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config A\n\tbool "a"\n\tdepends on B && $(shell,a)\nconfig B\n\tdef_bool y\n')
    assert recorded(model, "A=y\nB=y") == {"shell:a": "y"}
    assert recorded(model, "A=y\nB=y", complete=False) == {}


def test_a_line_that_is_not_set_records_that_the_symbol_could_be(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config A\n\tbool "a"\n\tdepends on B && $(shell,a)\nconfig B\n\tdef_bool y\n')
    assert recorded(model, "# A is not set\nB=y") == {"shell:a": "y"}
    assert recorded(model, "# A is not set\nB=y", complete=False) == {}


def test_no_line_records_that_the_symbol_could_not_be_set(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config A\n\tbool "a"\n\tdepends on B && $(shell,a)\nconfig B\n\tdef_bool y\n')
    assert recorded(model, "B=y") == {"shell:a": "n"}
    assert recorded(model, "") == {}
    user = read_user_values(model, config_of("B=y"))
    assert recorded_answers(model, user, complete=True, own=False) == {}


def test_the_condition_of_a_default_is_recorded_by_its_text(tmp_path: Path) -> None:
    text = 'config T\n\tstring\n\tdefault "one" if $(shell,a)\n\tdefault "two" if $(shell,b)\n'
    model = model_of(tmp_path, text)
    assert recorded(model, 'T="one"') == {"shell:a": "y"}
    assert recorded(model, 'T="two"') == {"shell:a": "n", "shell:b": "y"}
    assert recorded(model, "") == {}


def test_the_condition_of_a_default_is_recorded_by_its_value(tmp_path: Path) -> None:
    text = "config A\n\tbool\n\tdefault y if $(shell,a)\n"
    model = model_of(tmp_path, text)
    assert recorded(model, "A=y") == {"shell:a": "y"}
    assert recorded(model, "") == {"shell:a": "n"}


def test_a_condition_says_nothing_where_another_default_gives_the_same(tmp_path: Path) -> None:
    text = "config A\n\tbool\n\tdefault y if $(shell,a)\n\tdefault y if $(shell,b)\n"
    model = model_of(tmp_path, text)
    assert recorded(model, "A=y") == {}
    assert recorded(model, "") == {"shell:a": "n", "shell:b": "n"}


def test_the_only_alternative_that_is_left_is_recorded(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tdepends on (B && $(shell,b)) || $(shell,a) || !C\n'
    text += "config B\n\tbool\nconfig C\n\tdef_bool y\n"
    model = model_of(tmp_path, text)
    assert recorded(model, "A=y\nC=y") == {"shell:a": "y"}
    assert recorded(model, "C=y") == {"shell:a": "n"}
    assert recorded(model, "A=y") == {}


def test_a_variable_that_must_be_set_is_recorded_as_set(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tdepends on B || "$(CROSS_COMPILE_COMPAT)" != ""\nconfig B\n\tdef_bool n\n'
    model = model_of(tmp_path, text)
    assert recorded(model, "A=y") == {"env:CROSS_COMPILE_COMPAT": "(set)"}
    assert recorded(model, "# A is not set") == {"env:CROSS_COMPILE_COMPAT": "(set)"}
    assert recorded(model, "") == {"env:CROSS_COMPILE_COMPAT": ""}


def test_a_negated_probe_is_recorded_as_no(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config A\n\tbool "a"\n\tdepends on !$(shell,a)\n')
    assert [recorded(model, text) for text in ("A=y", "")] == [{"shell:a": "n"}, {"shell:a": "y"}]


def test_what_one_answer_says_leads_to_another(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tdepends on $(shell,b) || $(shell,a)\nconfig B\n\tdef_bool $(shell,b)\n'
    assert recorded(model_of(tmp_path, text), "A=y") == {"shell:b": "n", "shell:a": "y"}


def test_in_a_fragment_a_line_for_a_symbol_with_a_prompt_is_a_wish(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tdepends on $(shell,a)\nconfig B\n\tdef_bool $(shell,b)\n'
    model = model_of(tmp_path, text)
    assert recorded(model, "A=y\nB=y", complete=False) == {"shell:b": "y"}


def test_a_line_for_a_symbol_with_a_prompt_records_nothing_about_its_default(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config A\n\tbool "a"\n\tdefault $(shell,a)\n')
    assert [recorded(model, config) for config in ("A=y", "# A is not set", "")] == [{}, {}, {}]


def test_what_is_selected_records_neither_default_nor_dependencies(tmp_path: Path) -> None:
    text = 'config A\n\tbool\n\tdefault $(shell,a)\n\tdepends on $(shell,b)\nconfig B\n\tbool "b"\n\tselect A\n'
    assert recorded(model_of(tmp_path, text), "A=y\nB=y") == {}


def test_m_records_a_y(tmp_path: Path) -> None:
    model = model_of(tmp_path, MODULES + 'config A\n\ttristate "a"\n\tdepends on $(shell,a)\n')
    assert recorded(model, "A=m") == {"shell:a": "y"}


# What the machine says


def test_commands_run_where_they_are_asked_for(tmp_path: Path) -> None:
    assert run(tmp_path, "config A\n\tdef_bool $(shell,echo y)\n") == {"shell:echo y": "y"}


def test_newlines_become_spaces_and_those_at_the_end_are_cut(tmp_path: Path) -> None:
    text = 'config A\n\tstring\n\tdefault "$(shell,printf "a\\nb\\n\\n")"\n'
    assert list(run(tmp_path, text).values()) == ["a b"]


def test_a_command_gets_the_answers_of_the_probes_in_it(tmp_path: Path) -> None:
    text = "inner := $(shell,echo 20)\nconfig A\n\tint\n\tdefault $(shell,expr $(inner) + $(shell,echo 3))\n"
    answers = run(tmp_path, text)
    assert answers["shell:expr $(inner) + $(shell,echo 3)"] == "23"


def test_a_command_that_fails_answers_what_it_printed(tmp_path: Path) -> None:
    text = "config A\n\tdef_bool $(shell,echo y; exit 3)\nconfig B\n\tdef_bool $(shell,no-such-command-here)\n"
    assert list(run(tmp_path, text).values()) == ["y", ""]


def test_a_command_that_hangs_has_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "TIMEOUT", 0.2)
    assert run(tmp_path, "config A\n\tdef_bool $(shell,sleep 5; echo y)\n") == {"shell:sleep 5; echo y": ""}


def test_commands_run_in_an_empty_folder_that_is_removed(tmp_path: Path) -> None:
    text = 'config A\n\tstring\n\tdefault "$(shell,ls -A; touch made; pwd)"\n'
    (where,) = run(tmp_path, text).values()
    assert not Path(where.split()[-1]).exists()
    assert list(tmp_path.rglob("made")) == []


def test_the_tree_and_its_architecture_are_in_the_environment(tmp_path: Path) -> None:
    text = 'config A\n\tstring\n\tdefault "$(shell,echo $srctree $ARCH $SRCARCH)"\n'
    assert list(run(tmp_path, text).values()) == [f"{tmp_path / 'tree'} x86_64 x86"]


MAKEFILE = """\
VERSION = 6
PATCHLEVEL = 12
ifneq ($(LLVM),)
CC = $(LLVM_PREFIX)clang
LD = ld.lld
else
CC = $(CROSS_COMPILE)gcc
LD := $(CROSS_COMPILE)ld
endif
HOSTCC = gcc # for programs that run here
PYTHON3 ?= python3
OWN = own
NOTES = $(shell date)
FLAGS = -O2 -g
export CC LD \\
\tHOSTCC PYTHON3 NOTES FLAGS UNKNOWN
export RUSTC_BOOTSTRAP := 1
"""


def test_the_names_are_those_that_the_makefile_exports() -> None:
    names = {"CC", "LD", "HOSTCC", "PYTHON3", "NOTES", "FLAGS", "UNKNOWN", "RUSTC_BOOTSTRAP"}
    assert exported_names(MAKEFILE) == names


def test_tools_are_those_of_the_makefile() -> None:
    plain = {"HOSTCC": "gcc", "PYTHON3": "python3", "RUSTC_BOOTSTRAP": "1"}
    assert exported(MAKEFILE, {}) == plain | {"CC": "gcc", "LD": "ld"}
    assert exported(MAKEFILE, {"LLVM": "1"}) == plain | {"CC": "clang", "LD": "ld.lld", "LLVM": "1"}


def test_tools_are_named_by_the_environment_or_crossed() -> None:
    crossed = exported(MAKEFILE, {"CROSS_COMPILE": "aarch64-linux-gnu-", "LD": "ld.lld", "HOME": "/x"})
    assert (crossed["CC"], crossed["LD"], crossed["HOSTCC"]) == ("aarch64-linux-gnu-gcc", "ld.lld", "gcc")
    assert "HOME" not in crossed


def test_a_variable_is_answered_by_the_tool_that_it_names(tmp_path: Path) -> None:
    text = 'config A\n\tstring\n\tdefault "$(LD)"\nconfig B\n\tstring\n\tdefault "$(LLVM)"\n'
    files = {"Kconfig": text, "Makefile": MAKEFILE}
    tree = tmp_path / "tree"
    assert run_probes(model_of(tree, files), tree, PLAIN) == {"env:LD": "ld", "env:LLVM": ""}
    assert run_probes(model_of(tree, files), tree, PLAIN | {"LD": "ld.lld"}) == {"env:LD": "ld.lld", "env:LLVM": ""}


def test_a_command_runs_the_tool_that_the_makefile_names(tmp_path: Path) -> None:
    files = {"Kconfig": "config A\n\tdef_bool $(shell,echo $(PYTHON3) $PYTHON3)\n", "Makefile": MAKEFILE}
    tree = tmp_path / "tree"
    answers = run_probes(model_of(tree, files), tree, PLAIN)
    assert answers == {"env:PYTHON3": "python3", "shell:echo $(PYTHON3) $PYTHON3": "python3 python3"}


def test_what_no_makefile_exports_is_asked_of_the_environment(tmp_path: Path) -> None:
    text = 'config A\n\tdef_bool "$(CROSS_COMPILE_COMPAT)" != ""\n'
    assert run(tmp_path, text) == {"env:CROSS_COMPILE_COMPAT": ""}
    given = {"CROSS_COMPILE_COMPAT": "arm-linux-gnueabihf-"}
    assert run(tmp_path, text, given) == {"env:CROSS_COMPILE_COMPAT": "arm-linux-gnueabihf-"}
