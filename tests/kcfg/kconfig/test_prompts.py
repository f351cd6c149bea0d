"""Several prompts and several definitions of one symbol, in their order."""

from __future__ import annotations

from pathlib import Path

from tests.kcfg.trees import model_of, values

TEXT = """\
config P
	bool "p"
config A
	bool
	prompt "one" if P
	prompt "two" if !P
	default y
config A
	bool
	depends on P
"""


def test_a_further_prompt_is_a_definition_after_its_own(tmp_path: Path) -> None:
    model = model_of(tmp_path, TEXT)
    found = [model.definitions[d] for d in model.symbols[model.index["A"]].definitions]
    assert [(one.line, one.prompt and one.prompt.line, len(one.defaults)) for one in found] == [
        (3, 6, 1), (5, 5, 0), (8, None, 0),
    ]  # fmt: skip


def test_any_of_the_prompts_lets_a_line_count(tmp_path: Path) -> None:
    model = model_of(tmp_path, TEXT)
    assert values(model, "P=y\n# A is not set")["A"] == "n"
    assert values(model, "# A is not set")["A"] == "n"
    assert values(model, "")["A"] == "y"
