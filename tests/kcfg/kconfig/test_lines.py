"""The lines of Kconfig files: files inside files, help texts, and macros of which none is executed."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from kcfg.kconfig.build import ModelBuilder
from kcfg.kconfig.lines import MOST_EXPANSIONS, Lines
from kcfg.sources.open import open_source
from tests.kcfg.trees import write_tree


def lines_of(folder: Path, files: dict[str, str] | str, env: dict[str, str] | None = None) -> Lines:
    """A reader that has opened the top file."""
    made = Lines(open_source(str(write_tree(folder, files))), ModelBuilder(choice_values=False), env or {})
    made.enter("Kconfig")
    return made


def texts(made: Lines) -> list[str]:
    """The string of each line that has one, after all macros; the lines' numbers before it."""
    out = []
    while made._next_line():
        strings = [token for token in made._tokens if isinstance(token, str)]
        out += [f"{made.start}:{text}" for text in strings]
    return out


def test_a_line_that_is_continued_has_the_number_of_its_first(tmp_path: Path) -> None:
    made = lines_of(tmp_path, 'comment \\\n\t"a"\ncomment "b"\n')
    assert texts(made) == ["1:a", "3:b"]
    assert made.linenr == 3


def test_a_line_that_was_read_ahead_comes_again(tmp_path: Path) -> None:
    made = lines_of(tmp_path, 'comment "a"\n')
    assert made._next_line()
    made._reuse_tokens = True
    assert made._next_line()
    assert made.where() == "Kconfig:1"
    assert not made._next_line()


def test_a_file_inside_another_goes_on_where_it_left(tmp_path: Path) -> None:
    made = lines_of(tmp_path, {"Kconfig": 'comment "a"\ncomment "c"\n', "sub/Kconfig": 'comment "b"\n'})
    assert made._next_line()
    made.enter("sub/Kconfig")
    assert [frame.file for frame in made.frames] == ["Kconfig", "sub/Kconfig"]
    assert texts(made) == ["1:b"]
    made.leave()
    assert (made.filename, texts(made)) == ("Kconfig", ["2:c"])
    assert made.builder.files == {"Kconfig": 0, "sub/Kconfig": 1}


@pytest.mark.parametrize(
    ("path", "said"), [("Kconfig", "recursive 'source' of Kconfig"), ("gone", "'gone' is sourced here and is not in ")]
)
def test_a_file_that_cannot_be_entered_is_named_with_the_line(tmp_path: Path, path: str, said: str) -> None:
    made = lines_of(tmp_path, 'comment "a"\n')
    made._next_line()
    with pytest.raises(UserError) as caught:
        made.enter(path)
    assert caught.value.message.startswith(said)
    assert caught.value.where == "Kconfig:1"


@pytest.mark.parametrize(
    ("help_text", "found"),
    [
        ("\t  first\n\n\t  more\n", 4),
        ("\t  first\n\t    deeper\n\t  as before\n", 4),
        ("\n\n\t  first\n", 4),
        ("        eight blanks are a tab\n\tmore\n", 3),
    ],
)
def test_a_help_text_ends_at_a_line_that_is_indented_less(tmp_path: Path, help_text: str, found: int) -> None:
    made = lines_of(tmp_path, f'comment "a"\n{help_text}comment "b"\n')
    made._next_line()
    made.skip_help()
    assert texts(made) == [f"{found + 1}:b"]


def test_a_help_text_without_indent_is_none(tmp_path: Path) -> None:
    made = lines_of(tmp_path, 'comment "a"\ncomment "b"\n')
    made._next_line()
    made.skip_help()
    assert texts(made) == ["2:b"]


@pytest.mark.parametrize(
    ("text", "string"),
    [
        ('A := x\ncomment "$(A)"', "2:x"),
        ('A = $(B)\nB = y\ncomment "$(A)"', "3:y"),
        ('A := x\nA += z\ncomment "$(A)"', "3:x z"),
        ('f = [$(1)-$(2)]\ncomment "$(f,a,b)"', "2:[a-b]"),
        ('comment "$(filename):$(lineno)"', "1:Kconfig:1"),
        ('comment "$(SRCARCH)"', "1:x86"),
        ('comment "$(nothing)"', "1:"),
        ('comment "$(info,said)$(warning-if,y,said)$(error-if,n,said)"', "1:"),
    ],
)
def test_a_macro_expands_to(tmp_path: Path, text: str, string: str) -> None:
    assert texts(lines_of(tmp_path, f"{text}\n", {"SRCARCH": "x86"})) == [string]


def test_a_shell_is_asked_nothing_and_becomes_a_probe_named_by_its_caller(tmp_path: Path) -> None:
    made = lines_of(tmp_path, 'ask = $(shell,touch $(1))\ncomment "$(ask,gone)"\ncomment "$(shell,touch other)"\n')
    assert texts(made) == ["2:__PROBE_0__", "3:__PROBE_1__"]
    assert [(probe.name, probe.command, probe.line) for probe in made.builder.probe_list] == [
        ("ask,gone", "touch gone", 2),
        ("shell,touch other", "touch other", 3),
    ]


def test_a_probe_of_an_assignment_has_the_variable_s_name(tmp_path: Path) -> None:
    made = lines_of(tmp_path, "success := $(shell,true)\n")
    assert texts(made) == []
    assert [probe.name for probe in made.builder.probe_list] == ["success"]


def test_a_variable_from_outside_is_a_probe_when_its_name_is_one_of_the_environment_s(tmp_path: Path) -> None:
    files = {
        "Kconfig": 'comment "$(CC) $(exported) $(lower)"\n',
        "Makefile": "VERSION = 6\nPATCHLEVEL = 1\nexport exported\n",
    }
    made = lines_of(tmp_path, files)
    assert texts(made) == ["1:__PROBE_0__ __PROBE_1__ "]
    assert [probe.key for probe in made.builder.probe_list] == ["env:CC", "env:exported"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('comment "$(error-if,y,it\'s old)"', "it's old"),
        ('comment "$(unknown,x)"', "unknown macro function $(unknown,...)"),
        ('A = $(A)\ncomment "$(A)"', "the macro A expands without end"),
    ],
)
def test_a_macro_that_fails_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        texts(lines_of(tmp_path, f"{text}\n"))
    assert caught.value.message == said


def test_macros_that_multiply_are_stopped(tmp_path: Path) -> None:
    doubling = "A0 = x\n" + "".join(f"A{n + 1} = $(A{n})$(A{n})\n" for n in range(20))
    with pytest.raises(UserError) as caught:
        texts(lines_of(tmp_path, f'{doubling}comment "$(A20)"\n'))
    assert f"{MOST_EXPANSIONS:,}" in caught.value.message
    growing = "A0 := " + "x" * 1000 + "\n" + "".join(f"A{n + 1} := $(A{n})$(A{n})\n" for n in range(12))
    with pytest.raises(UserError) as caught:
        texts(lines_of(tmp_path / "b", f'{growing}comment "$(A12)"\n'))
    assert "expands to more than 1,048,576 characters" in caught.value.message


LONG = "V := " + "x" * 1_000_000 + "\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('f = $(f,$(1)$(1))\ncomment "$(f,xx)"\n', "the macro f expands to more than 1,048,576 characters"),
        (f'f = $(f,{"$(1)" * 4000})\ncomment "$(f,xx)"\n', "the macro f expands to more than 1,048,576 characters"),
        (f'{LONG}comment "{"$(V)" * 9}"\n', "the macro V expands to more than 1,048,576 characters"),
        (f"{LONG}" + "".join(f"V{n} := $(V)\n" for n in range(99)), "the macros of this tree expand to more than "),
        ("V := x\n" + "V+=x\n" * 20_000, "the macros of this tree expand to more than 67,108,864 characters"),
        (f'comment "{"$(9)" * 20_001}"\n', f"the macros of this tree expand more than {MOST_EXPANSIONS:,} times"),
        (f'f = {"$(1)" * 20_001}\ncomment "$(f,)"\n', "the macros of this tree expand more than "),
        (f'comment "$(lineno){"x" * (1 << 20)}"\n', "a line with macros has more than 1,048,576 characters"),
    ],
    ids=["doubled", "multiplied", "line", "variables", "appended", "nothing", "uses", "long"],
)
def test_what_macros_make_is_counted_with_their_arguments(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        texts(lines_of(tmp_path, text))
    assert caught.value.message.startswith(said)


def test_the_word_transitional_is_no_assignment(tmp_path: Path) -> None:
    made = lines_of(tmp_path, "transitional # since 6.18\n")
    assert made._next_line()
    assert made._transitional


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\\\nb\nc\n", "ab\n"),
        ("a\\\nb\\\nc\n", "abc\n"),
        ("a\\\\\n\nb\n", "ab\n"),
        ("a\\\\\n\\\n\nb\n", "ab\n"),
        ("a\\\n", "a"),
        ("a\\\n\\\nb\n", "ab\n"),
    ],
)
def test_continued_lines_are_joined_as_they_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, line: str
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(Lines, "_tokenize", lambda self, one: seen.append(one) or (None,))
    made = lines_of(tmp_path, text)
    made._next_line()
    assert seen == [line]
