"""Each kind of reason has words, made of its fields."""

from __future__ import annotations

import pytest

from kcfg.answers.facts import Basis, Location, Reason, ReasonKind, Settable, State
from kcfg.answers.report.sentences import SENTENCES, error_line, sentence, sentences
from kcfg.answers.unknown import NoSuchSymbol
from kcfg.base.errors import UserError

K, B = ReasonKind, Basis
XEN_OFF = (State("XEN", "n"),)


def test_every_kind_has_words() -> None:
    assert set(SENTENCES) == set(ReasonKind)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (Reason(K.UNMET_DEPENDENCY, basis=B.DEPENDS, condition="XEN && PCI", states=XEN_OFF),
         "depends on XEN && PCI: XEN=n"),
        (Reason(K.UNMET_DEPENDENCY, basis=B.IF, condition="XEN", states=(State("XEN", "", False),)),
         "inside 'if XEN': no XEN here"),
        (Reason(K.UNMET_DEPENDENCY, basis=B.MENU, condition="$(cc,-m32)", value="n"),
         "in a menu that depends on $(cc,-m32): n"),
        (Reason(K.UNMET_DEPENDENCY, basis=B.VISIBLE, condition="{x}", value="n"),
         "in a menu that is visible if {x}: n"),
        (Reason(K.UNMET_DEPENDENCY, basis=B.PROMPT, condition="EXPERT", states=(State("EXPERT", "n"),)),
         "can be set only if EXPERT: EXPERT=n"),
        (Reason(K.UNMET_DEPENDENCY, basis=B.DEFAULT, expression="y", condition="XEN", states=XEN_OFF),
         "default y if XEN: XEN=n"),
        (Reason(K.UNMET_DEPENDENCY, basis=B.SELECT, condition="XEN", others=("S",), states=XEN_OFF),
         "only S selects it if XEN: XEN=n"),
        (Reason(K.NOT_ASKED, basis=B.LINE, symbol="A", value="n", wanted="y"),
         "A can be set to y, but nothing asks for it and its default is n"),
        (Reason(K.NOT_ASKED, basis=B.LINE, symbol="A", value="m", wanted="y"),
         "A can be set to y, but its default is m"),
        (Reason(K.NOT_ASKED, basis=B.SELECT, others=("S", "T"), more=2), "S, T and 2 more select it: none does here"),
        (Reason(K.EXPLICIT, basis=B.LINE, symbol="A", value="n", wanted="y"), "A is set to n in the configuration"),
        (Reason(K.EXPLICIT, basis=B.LINE, symbol="A", value="y", wanted="n"), "A=y is asked for in the configuration"),
        (Reason(K.EXPLICIT, basis=B.CHOICE, symbol="A", value="y"), "A is asked for here, and counts"),
        (Reason(K.SELECTED, basis=B.SELECT, symbol="A", condition="C", others=("S",), states=(State("S", "y"),)),
         "S selects A if C, and S=y"),
        (Reason(K.SELECTED, basis=B.SELECT, symbol="A", more=3), "and 3 more symbols select A"),
        (Reason(K.SELECTED, basis=B.DEPENDS, symbol="A"), "unmet direct dependencies detected for A"),
        (Reason(K.CHOICE, basis=B.CHOICE, value="m"), "the choice around it is m"),
        (Reason(K.CHOICE, basis=B.CHOICE, symbol="A", value="y"),
         "A is what its choice is set to: one member has to be"),
        (Reason(K.CHOICE, basis=B.CHOICE, symbol="A", value="n", others=("B",)),
         "of the choice of which A is one, B is set: only one can be"),
        (Reason(K.CHOICE, basis=B.CHOICE, symbol="A", value="n"), "the choice of which A is one has no value"),
        (Reason(K.DEFAULT, basis=B.DEFAULT, symbol="A", expression="y", condition="C"),
         "A is not set in the configuration; default y if C"),
        (Reason(K.DEFAULT, basis=B.DEFAULT, symbol="A", expression="y", settable=Settable.HIDDEN),
         "A cannot be set here; default y"),
        (Reason(K.DEFAULT, basis=B.DEFAULT, symbol="A", expression="y", settable=Settable.NEVER),
         "A has no prompt; default y"),
        (Reason(K.DEFAULT, basis=B.IMPLY, symbol="A", others=("I",)), "I implies A"),
        (Reason(K.DEFAULT, basis=B.CHOICE, symbol="A"), "A is the default of the choice"),
        (Reason(K.NO_PROMPT, basis=B.LINE, symbol="A"), "A has no prompt: the line is inert"),
        (Reason(K.NO_PROMPT, basis=B.TRANSITIONAL, symbol="OLD", others=("NEW",)),
         "OLD is the old name of NEW: its line only gives that a default"),
        (Reason(K.MODULES_OFF, symbol="A"), "MODULES is n: m becomes y"),
        (Reason(K.OUT_OF_RANGE, wanted="21", states=(State("10"), State("MAX", "20"))),
         "21 is outside the range 10 to MAX (20)"),
        (Reason(K.BAD_VALUE, symbol="A", type="int"), "A is an int: a decimal number; the line is ignored"),
        (Reason(K.DUPLICATE, symbol="A"), "A is set again: the last line wins"),
        (Reason(K.RENAMED, symbol="A", others=("B",), version="6.1", note="So it is."),
         "A is now B since Linux 6.1: So it is."),
        (Reason(K.RENAMED, symbol="A", version="6.1", note="So it is."), "A is gone since Linux 6.1: So it is."),
        (Reason(K.UNKNOWN_SYMBOL, symbol="A", version="6.1", arch="arm", others=("B", "C")),
         "Linux 6.1 has no A (arm); did you mean B or C?"),
        (Reason(K.PROBE, expression="m"), "this is the constant m"),
        (Reason(K.PROBE, symbol="A", others=("$(x)", "$(y)"), more=1),
         "A depends on $(x), $(y) and 1 more, which nothing here answers (--run-probes does)"),
        (Reason(K.PROBE, others=("A", "B"), more=1), "3 values depend on probes that nothing answers: A, B, ..."),
        (Reason(K.OTHER_KERNEL, symbol="A", value="n", version="6.1"),
         "the configuration has no A, the model of Linux 6.1 makes it n: "
         "name the configuration's own kernel source with --tree"),
        (Reason(K.CORE, note="depends on A"), "block: depends on A"),
        (Reason(K.SELECTED, basis=B.IMPLY, others=("S",), states=(State("S", "n"),), changed=True), "imply by S: S=n"),
        (Reason(K.UNMET_DEPENDENCY, basis=B.MENU, condition="XEN", states=XEN_OFF, changed=True),
         "menu depends on XEN: XEN=n"),
        (Reason(K.INVISIBLE, basis=B.PROMPT, condition="XEN", states=XEN_OFF, changed=True), "prompt if XEN: XEN=n"),
    ],
)  # fmt: skip
def test_the_words_of_a_reason(reason: Reason, said: str) -> None:
    assert sentence(reason) == said


def test_a_step_of_another_symbol_is_headed_by_it() -> None:
    reasons = [Reason(K.CORE, symbol="A", note="x", subject="XEN"), Reason(K.CORE, symbol="B", note="y")]
    assert sentences(reasons) == "XEN: A: x; B: y"


def test_two_steps_are_one_where_a_statement_keeps_two_symbols_off() -> None:
    place = Location("Kconfig", 3)
    one = Reason(K.UNMET_DEPENDENCY, place, 0, B.MENU, "A", condition="XEN", states=XEN_OFF)
    other = Reason(K.UNMET_DEPENDENCY, place, 2, B.MENU, "B", condition="XEN", states=XEN_OFF, subject="B")
    assert one.step == other.step
    assert one.step != Reason(K.UNMET_DEPENDENCY, place, 0, B.MENU, "A", condition="XEN", value="m").step


def test_two_steps_differ_by_the_symbol_that_their_sentence_names() -> None:
    assert Reason(K.NO_PROMPT, symbol="A").step != Reason(K.NO_PROMPT, symbol="B").step


def test_the_line_of_an_error_for_a_name_is_its_reasons_and_what_is_near() -> None:
    reason = Reason(K.UNKNOWN_SYMBOL, symbol="xen_pvh", version="6.12", arch="x86_64")
    assert error_line(NoSuchSymbol("xen_pvh", [reason])) == "Linux 6.12 has no xen_pvh (x86_64)"
    error = NoSuchSymbol("xen_pvh", [reason], ["XEN_PVH", "XEN_PV"])
    assert error_line(error) == "Linux 6.12 has no xen_pvh (x86_64); did you mean XEN_PVH or XEN_PV?"
    error = NoSuchSymbol("xen_pvh", [reason], ["XEN_PVH"], "rule mine/pvh")
    assert error_line(error) == "rule mine/pvh: Linux 6.12 has no xen_pvh (x86_64); did you mean XEN_PVH?"
    assert error_line(UserError("no", where="f:1", hint="yes")) == "f:1: no (yes)"
