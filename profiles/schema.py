"""What a profile is, once it is read: frozen data, checked by `profiles.loader`.

A rule holds when one of its alternatives does, an alternative holds when all that it wants does, and a want holds
when the symbol's value is one of those it lists. A rule on a single symbol is one alternative with one want, so that
whoever evaluates rules needs to know a single shape.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from profiles.findings import Level
from profiles.versions import in_range

ARCHES = ("x86_64", "i386", "arm64", "arm")


class ProfileKind(StrEnum):
    """A mode is a way to run under Xen, a policy is asked for on top of one, a base exists only to be extended."""

    MODE = "mode"
    POLICY = "policy"
    BASE = "base"


class RuleScope(msgspec.Struct, frozen=True):
    """Where something applies: a range of kernel versions ("" is all) and architectures (none listed is all)."""

    kernel: str = ""
    arch: tuple[str, ...] = ()

    def holds(self, version: object, arch: str) -> bool:
        return (not self.arch or arch in self.arch) and in_range(str(version), self.kernel)


ANYWHERE = RuleScope()


class Want(msgspec.Struct, frozen=True):
    """A symbol, without CONFIG_, and the values that will do, as a .config writes them (strings without quotes)."""

    symbol: str
    value: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.symbol}={' or '.join(self.value)}"


class Alternative(msgspec.Struct, frozen=True):
    """A conjunction of wants, and where it is a way to fulfil its rule at all."""

    wants: tuple[Want, ...]
    scope: RuleScope = ANYWHERE

    def __str__(self) -> str:
        return " and ".join(map(str, self.wants))


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a profile asks for. `profile`, `file` and `line` are where it is written, maybe in a base."""

    id: str
    level: Level
    alternatives: tuple[Alternative, ...]
    why: str
    source: str
    scope: RuleScope = ANYWHERE
    profile: str = ""
    file: str = ""
    line: int = 0

    @property
    def symbol(self) -> str:
        """The symbol to name when only one can be named: the first of the first alternative."""
        return self.alternatives[0].wants[0].symbol

    @property
    def symbols(self) -> tuple[str, ...]:
        """Every symbol of the rule, in order, each once."""
        return tuple(dict.fromkeys(want.symbol for way in self.alternatives for want in way.wants))

    @property
    def is_plain(self) -> bool:
        """Whether it asks for one value of one symbol."""
        return len(self.alternatives) == 1 and len(self.alternatives[0].wants) == 1

    def __str__(self) -> str:
        return " | ".join(map(str, self.alternatives))


class Essential(msgspec.Struct, frozen=True, kw_only=True):
    """What a usable kernel of this mode needs beyond its rules; users drop essentials by group."""

    id: str
    group: str
    want: Want
    why: str
    source: str
    scope: RuleScope = ANYWHERE
    profile: str = ""
    file: str = ""
    line: int = 0

    @property
    def symbol(self) -> str:
        return self.want.symbol


class KernelRange(msgspec.Struct, frozen=True):
    """The kernels or architectures on which a profile exists at all, and why not on the others.

    `kernel_goals`, such as XEN_DOM0=y and XEN_PV=n, contradict each other on the kernels that are out of range.
    """

    scope: RuleScope
    kernel_why: str = ""
    kernel_source: str = ""
    arch_why: str = ""
    arch_source: str = ""
    kernel_goals: tuple[str, ...] = ()


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A profile with everything that it extends already in it. `ranges` all have to hold."""

    name: str
    title: str
    kind: ProfileKind
    about: str = ""
    ranges: tuple[KernelRange, ...] = ()
    extends: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    essentials: tuple[Essential, ...] = ()
    file: str = ""

    @property
    def arch(self) -> tuple[str, ...]:
        """The architectures on which the profile exists."""
        return tuple(a for a in ARCHES if all(not r.scope.arch or a in r.scope.arch for r in self.ranges))

    @property
    def kernel(self) -> str:
        """The kernel versions on which the profile exists, as one PEP 440 specifier; "" is all."""
        return ",".join(dict.fromkeys(r.scope.kernel for r in self.ranges if r.scope.kernel))

    def applicable(self, version: object, arch: str) -> tuple[bool, str]:
        """Whether the profile exists for a kernel, and if not, why: one sentence with its source in brackets."""
        for one in self.ranges:
            if one.scope.arch and arch not in one.scope.arch:
                text = one.arch_why or f"{self.name} exists on {', '.join(self.arch)} only, not on {arch}"
                return False, _with_source(text, one.arch_source)
            if not in_range(str(version), one.scope.kernel):
                text = one.kernel_why or f"{self.name} needs a kernel {one.scope.kernel}, this is {version}"
                return False, _with_source(text, one.kernel_source)
        return True, ""

    def rules_for(self, version: object, arch: str) -> tuple[Rule, ...]:
        """The rules that apply to a kernel, each with only the alternatives that apply to it.

        A group none of whose alternatives applies is left out, as a rule out of its range is.
        """
        rules = []
        for rule in self.rules:
            if not rule.scope.holds(version, arch):
                continue
            ways = tuple(way for way in rule.alternatives if way.scope.holds(version, arch))
            if len(ways) == len(rule.alternatives):
                rules.append(rule)
            elif ways:
                rules.append(msgspec.structs.replace(rule, alternatives=ways))
        return tuple(rules)

    def essentials_for(self, version: object, arch: str) -> tuple[Essential, ...]:
        """The essentials that apply to a kernel."""
        return tuple(one for one in self.essentials if one.scope.holds(version, arch))

    @property
    def groups(self) -> tuple[str, ...]:
        """The names of the groups of essentials, in the profile's order."""
        return tuple(dict.fromkeys(one.group for one in self.essentials))


class ProfileInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a list of profiles. `order` is the place in tables of modes."""

    name: str
    title: str
    kind: ProfileKind
    about: str = ""
    order: int = 100


def _with_source(text: str, source: str) -> str:
    return f"{text} [{source}]" if source else text
