"""How profiles look as text."""

from __future__ import annotations

from kcfg.show.terminal import Look
from profiles.findings import Level
from profiles.report.profile import list_text, profile_text
from profiles.schema import (
    Alternative,
    Essential,
    KernelRange,
    Profile,
    ProfileInfo,
    ProfileKind,
    Rule,
    RuleScope,
    Want,
)

LOOK = Look()
RULE = Rule(
    id="r",
    level=Level.REQUIRED,
    alternatives=(Alternative((Want("XEN", ("y",)),)),),
    why="It is Xen.",
    source="a mail",
    scope=RuleScope(">=5.11", ("x86_64",)),
)
NET = Essential(id="e", group="net", want=Want("NETF", ("y", "m")), why="w", source="s")
OURS = Profile(
    name="ours",
    title="Ours",
    kind=ProfileKind.MODE,
    about="About it.",
    ranges=(KernelRange(RuleScope(">=5")),),
    rules=(RULE,),
    essentials=(NET,),
)


def test_the_list_is_in_columns_and_says_what_to_type_next() -> None:
    infos = [
        ProfileInfo(name="a", title="One", kind=ProfileKind.MODE),
        ProfileInfo(name="longer", title="Two", kind=ProfileKind.POLICY),
    ]
    assert list_text(infos, LOOK).splitlines() == [
        "a       mode    One",
        "longer  policy  Two",
        "",
        "next: kcfg profiles a",
    ]


def test_an_empty_list_is_empty() -> None:
    assert list_text([], LOOK).strip() == ""


def test_a_profile_has_its_rules_with_why_and_source() -> None:
    lines = profile_text(OURS, LOOK).splitlines()
    assert lines[0] == "ours  mode: Ours"
    (head,) = [line for line in lines if "XEN=y" in line]
    assert head == "  required    XEN=y  (>=5.11, x86_64)"
    text = " ".join(" ".join(lines).split())
    assert "about About it." in text
    assert "kernel >=5" in text
    assert "why It is Xen. source a mail" in text
    assert "essentials net: NETF=y or m" in text
    assert lines[-1] == "next: kcfg check .config --profile ours"


def test_the_next_command_names_the_profile_as_it_was_named() -> None:
    assert profile_text(OURS, LOOK, "./my ours.toml").rstrip().endswith("--profile './my ours.toml'")
