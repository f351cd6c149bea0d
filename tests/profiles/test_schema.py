"""What a profile is, once it is read."""

from __future__ import annotations

import pytest

from profiles.findings import Level
from profiles.schema import (
    ANYWHERE,
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

A, B, C = Want("A", ("y",)), Want("B", ("y", "m")), Want("C", ("n",))


def rule(*ways: Alternative, scope: RuleScope = ANYWHERE) -> Rule:
    return Rule(id="r", level=Level.REQUIRED, alternatives=ways, why="w", source="s", scope=scope)


def essential(group: str, want: Want = A, scope: RuleScope = ANYWHERE) -> Essential:
    return Essential(id="e", group=group, want=want, why="w", source="s", scope=scope)


def profile(*ranges: KernelRange, rules: tuple[Rule, ...] = (), essentials: tuple[Essential, ...] = ()) -> Profile:
    return Profile(name="ours", title="t", kind=ProfileKind.MODE, ranges=ranges, rules=rules, essentials=essentials)


@pytest.mark.parametrize(
    ("scope", "version", "arch", "holds"),
    [
        (ANYWHERE, "6.12", "arm64", True),
        (RuleScope(">=5.11"), "5.10.3", "x86_64", False),
        (RuleScope(">=5.11"), "5.11", "x86_64", True),
        (RuleScope(">=5,<6"), "6.1", "x86_64", False),
        (RuleScope("", ("arm64",)), "6.1", "x86_64", False),
        (RuleScope(">=5", ("arm64", "x86_64")), "6.1", "x86_64", True),
    ],
)
def test_a_scope_is_a_range_of_versions_and_architectures(
    scope: RuleScope, version: str, arch: str, holds: bool
) -> None:
    assert scope.holds(version, arch) is holds


def test_wants_ways_and_rules_read_as_they_are_meant() -> None:
    both = Alternative((A, B))
    assert (str(B), str(both), str(rule(both, Alternative((C,))))) == (
        "B=y or m",
        "A=y and B=y or m",
        "A=y and B=y or m | C=n",
    )


def test_a_rule_names_its_symbols_once_and_is_plain_with_one_want() -> None:
    wide = rule(Alternative((A, B)), Alternative((C, A)))
    assert (wide.symbol, wide.symbols, wide.is_plain) == ("A", ("A", "B", "C"), False)
    assert [
        rule(*ways).is_plain
        for ways in ((Alternative((A,)),), (Alternative((A, B)),), (Alternative((A,)), Alternative((B,))))
    ] == [
        True,
        False,
        False,
    ]
    assert essential("net", B).symbol == "B"


def test_a_profile_exists_where_all_its_ranges_hold() -> None:
    one = profile(
        KernelRange(RuleScope(">=5.11", ("x86_64", "arm64"))),
        KernelRange(RuleScope("<7", ("x86_64",))),
        KernelRange(RuleScope("<7")),
    )
    assert (one.arch, one.kernel) == (("x86_64",), ">=5.11,<7")
    assert [one.applicable(version, "x86_64")[0] for version in ("5.10", "5.11", "6.12", "7.3")] == [
        False,
        True,
        True,
        False,
    ]
    assert profile().kernel == ""
    assert "arm" in profile().arch


@pytest.mark.parametrize(
    ("told", "version", "arch", "why"),
    [
        ({}, "5.10", "x86_64", "ours needs a kernel >=5.11, this is 5.10"),
        ({}, "6.1", "arm64", "ours exists on x86_64 only, not on arm64"),
        ({"kernel_why": "too old", "kernel_source": "a mail"}, "5.10", "x86_64", "too old [a mail]"),
        ({"arch_why": "x86 only"}, "6.1", "arm64", "x86 only"),
    ],
)
def test_where_a_profile_does_not_exist_it_says_why(told: dict[str, str], version: str, arch: str, why: str) -> None:
    assert profile(KernelRange(RuleScope(">=5.11", ("x86_64",)), **told)).applicable(version, arch) == (False, why)


def test_where_it_exists_there_is_nothing_to_say() -> None:
    assert profile().applicable("6.12", "x86_64") == (True, "")


def test_rules_that_do_not_apply_are_left_out_and_so_are_their_ways() -> None:
    late = RuleScope(">=6")
    whole = rule(Alternative((A,)))
    parted = rule(Alternative((A,)), Alternative((B,), late))
    gone = rule(Alternative((C,), late))
    ours = profile(rules=(whole, parted, gone, rule(Alternative((C,)), scope=late)))
    assert [str(one) for one in ours.rules_for("5.10", "x86_64")] == ["A=y", "A=y"]
    found = ours.rules_for("6.12", "x86_64")
    assert (found == ours.rules, found[0] is whole) == (True, True)


def test_essentials_are_by_group_and_where_they_apply() -> None:
    ours = profile(essentials=(essential("net"), essential("block"), essential("net", B, RuleScope("", ("arm64",)))))
    assert ours.groups == ("net", "block")
    assert [(one.group, one.symbol) for one in ours.essentials_for("6.1", "x86_64")] == [("net", "A"), ("block", "A")]
    assert len(ours.essentials_for("6.1", "arm64")) == 3


def test_a_profile_in_a_list_stands_in_the_middle_unless_it_says_so() -> None:
    assert ProfileInfo(name="a", title="t", kind=ProfileKind.MODE).order == 100
    assert [kind.value for kind in ProfileKind] == ["mode", "policy", "base"]
