"""Warnings about a configuration's lines in words."""

from __future__ import annotations

import pytest

from kcfg.answers.facts import Location, Reason, ReasonKind
from kcfg.answers.report.configs import WARNINGS, config_warning
from kcfg.answers.report.json import told
from kcfg.answers.report.sentences import sentence
from kcfg.kconfig.config import ConfigWarning, WarnedOf, parse_config

UNSET = "# CONFIG_A is not set"
LONG = "x" * 81


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"CONFIG_A=y \n", "blanks after the value of CONFIG_A"),
        (b'CONFIG_A="x\n', "string of CONFIG_A has no closing quote: ignored"),
        (b'CONFIG_A="x" y\n', "text after the string of CONFIG_A: ignored"),
        (b"##CONFIG_A is not set\n", f"not exactly '{UNSET.replace('_A', '_X')}', a comment since Linux 6.8: '##CONF"),
        (b"#CONFIG_A is not set\n", f"not exactly '{UNSET.replace('_A', '_X')}', so only a comment: '#CONFIG_A is n"),
        (b"CONFIG_=y\n", "no symbol can have this name: 'CONFIG_=y'"),
        (b" CONFIG_B=y\n", "unexpected data: ' CONFIG_B=y'"),
        (f"{LONG[:80]}\n".encode(), f"unexpected data: '{LONG[:80]}'"),
        (f"{LONG}\n".encode(), f"unexpected data: '{LONG[:77]}...'"),
        (f"{LONG * 9}\n".encode(), f"unexpected data: '{LONG[:77]}...'"),
        (b"# \xff\n", "not UTF-8: the file is read as Latin-1"),
    ],
)
def test_what_is_said_of_a_line(text: bytes, words: str) -> None:
    (one,) = parse_config(text, "f").warnings
    assert config_warning(one).startswith(words)
    assert config_warning(one) == words or "not exactly" in words


@pytest.mark.parametrize(("more", "end"), [(0, ""), (2, " and 2 more")])
def test_what_is_said_of_files_that_are_not_read(more: int, end: str) -> None:
    one = ConfigWarning(WarnedOf.NOT_READ, "f", 0, names=("a", "b/"), more=more)
    assert config_warning(one) == f"not read: a, b/{end} (read are *.config, *.cfg, *.frag, *.fragment)"


def test_every_kind_has_words() -> None:
    assert set(WARNINGS) == set(WarnedOf)


def test_a_warning_is_a_sentence_and_the_note_of_json() -> None:
    one = ConfigWarning(WarnedOf.BLANKS, "f", 1, "A")
    reason = Reason(ReasonKind.DUPLICATE, Location("f", 1), warned=one)
    assert sentence(reason) == told(reason).note == told(reason).text == "blanks after the value of CONFIG_A"
    assert not hasattr(told(reason), "warned")
