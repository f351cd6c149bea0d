"""Model x configuration x profiles -> findings.

The value that counts is the one that the kernel's own tools would make of the configuration. Where a complete .config
is judged by a model of another series and the two disagree, neither is believed: the rule cannot be evaluated.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from kcfg.assign import read_user_values
from kcfg.config import Assignment, Config
from kcfg.findings import ConfigResult, Finding, Level, Location, ModeRow, ProfileResult, Reason, Status
from kcfg.kernels import Kernel
from kcfg.model import Type
from kcfg.probes import recorded_answers
from kcfg.reasons import Explainer, location
from kcfg.resolve import LETTER, Resolver
from kcfg.unknown import Unknown
from kcfg.verdicts import SEVERE, overall, verdict
from profiles import Alternative, Kind, Profile, Rule, Want, list_profiles, load_profile

TRISTATES = frozenset(LETTER)
MAX_OBSTACLES = 3  # told of one mode; its note names every symbol


class Judge:
    """Answers questions about one configuration under one kernel. `answers` come from `run_probes`, if it ran."""

    def __init__(self, config: Config, kernel: Kernel, answers: dict[str, str] | None = None) -> None:
        self.config = config
        self.kernel = kernel
        self.model = model = kernel.model
        user = read_user_values(model, config)
        recorded = recorded_answers(model, user, complete=config.is_complete)
        self.resolver = Resolver(model, user, model.answers | recorded | (answers or {}))
        self.explainer = Explainer(self.resolver)
        self.unknown = Unknown(self.resolver)

    @cached_property
    def lines(self) -> dict[str, Assignment]:
        return self.config.values()

    def number(self, name: str) -> int | None:
        """The symbol's number, None where this kernel does not define it."""
        number = self.model.index.get(name)
        return number if number is not None and self.model.symbols[number].definitions else None

    def value(self, name: str) -> str:
        """The value that the kernel's tools make: y, m, n (also for what does not exist), or a text."""
        number = self.number(name)
        return "n" if number is None else self.resolver.text(number)

    def doubt(self, name: str) -> Reason | None:
        """Why `value` cannot be relied on, None when it can."""
        number = self.number(name)
        if number is not None:
            probes = self.unknown.symbol(number)
            if probes:
                names = self.unknown.names(probes)
                more = f" and {len(names) - 2} more" if len(names) > 2 else ""
                text = f"{name} depends on {', '.join(names[:2])}{more}, which nothing here answers (--run-probes does)"
                return Reason(text, "probe", self.explainer.defined_at(number))
        if self.kernel.exact or not self.config.is_complete:
            return None
        line = self.lines.get(name)
        asked, made = line.value if line else "n", self.value(name)
        if asked == made or (line is None and made not in TRISTATES):
            return None
        said = f"says {name}={asked}" if line else f"has no {name}"
        text = (
            f"the configuration {said}, the model of Linux {self.model.version} makes it {made}: "
            "name the configuration's own kernel source with --tree"
        )
        return Reason(text, "other-kernel", location(line) if line else Location(self.config.name))

    def holds(self, want: Want) -> bool | None:
        """Whether a want is fulfilled; None when that cannot be told."""
        if self.doubt(want.symbol) is not None:
            return None
        return self.value(want.symbol) in want.value

    def best(self, rule: Rule) -> tuple[bool | None, Alternative]:
        """Whether a rule holds, and the alternative that fulfils it, may do so, or comes nearest."""
        unknown: Alternative | None = None
        nearest, fewest = rule.alternatives[0], len(rule.symbols) + 1
        for way in rule.alternatives:
            states = [self.holds(want) for want in way.wants]
            if all(states):
                return True, way
            if False not in states:
                unknown = unknown or way
            elif states.count(False) < fewest:
                nearest, fewest = way, states.count(False)
        return (None, unknown) if unknown else (False, nearest)

    # Findings

    def finding(self, rule: Rule, profile: Profile) -> Finding | None:
        """What a rule has to tell, None when it holds."""
        verdict, way = self.best(rule)
        if verdict:
            return None
        culprits = [want for want in way.wants if self.holds(want) is not True]
        first = culprits[0]
        reasons: list[Reason] = []
        fix: list[str] = []
        for want in culprits:
            reasons += self.reasons(want)
            fix += self.fix(want)
        line = self.lines.get(first.symbol)
        return Finding(
            rule=rule.id,
            profile=profile.name,
            level=rule.level,
            status=Status.UNKNOWN if verdict is None else Status.FAIL,
            symbol=first.symbol,
            wanted=" | ".join(map(str, rule.alternatives)) if len(rule.symbols) > 1 else " or ".join(first.value),
            got=self.value(first.symbol),
            message=self.message(rule, first),
            why=rule.why,
            source=rule.source,
            config_line=location(line) if line else Location(self.config.name),
            reasons=tuple(self.explainer.told_once(reasons)),
            fix=tuple(fix) if len(fix) == len(culprits) else (),
        )

    def message(self, rule: Rule, want: Want) -> str:
        if len(rule.alternatives) > 1:
            return f"none of {' | '.join(map(str, rule.alternatives))} holds"
        if rule.level == Level.FORBIDDEN:
            return f"{want.symbol} must be {' or '.join(want.value)}"
        return f"{want} is {rule.level}"

    def reasons(self, want: Want) -> list[Reason]:
        """Why a want is not fulfilled, or cannot be told."""
        doubt = self.doubt(want.symbol)
        if doubt is not None:
            return [doubt]
        number = self.number(want.symbol)
        if number is None:
            return self.explainer.unknown(want.symbol)
        if self.model.symbols[number].type not in (Type.BOOL, Type.TRISTATE):
            return []
        levels = [LETTER.index(value) for value in want.value if value in TRISTATES]
        value = self.resolver.tri(number)
        above = [level for level in levels if level > value]
        if above:
            return self.explainer.why_below(number, min(above))
        return self.explainer.why_above(number, max((level for level in levels if level < value), default=0))

    def fix(self, want: Want) -> list[str]:
        """The line that fulfils a want at once, if there is one."""
        number = self.number(want.symbol)
        if number is None or self.doubt(want.symbol) is not None or number in self.model.choice_of:
            return []
        low, high = self.resolver.forced(number), self.resolver.visible(number)
        for value in want.value:
            if value in TRISTATES and low <= LETTER.index(value) <= high and low < high:
                name = f"CONFIG_{want.symbol}"
                return [f"# {name} is not set" if value == "n" else f"{name}={value}"]
        return []

    def profile(self, profile: Profile) -> ProfileResult:
        """One profile against the configuration."""
        fits, note = profile.applicable(self.model.version, self.model.arch)
        if not fits:
            missing = Finding(
                rule="kernel",
                profile=profile.name,
                level=Level.REQUIRED,
                status=Status.FAIL,
                symbol="",
                wanted=profile.kernel or ", ".join(profile.arch),
                got=f"{self.model.version} {self.model.arch}",
                message=note,
                config_line=Location(self.config.name),
            )
            return ProfileResult(
                profile=profile.name, title=profile.title, status=Status.FAIL, passed=0, findings=(missing,)
            )
        rules = profile.rules_for(self.model.version, self.model.arch)
        found = [one for rule in rules if (one := self.finding(rule, profile)) is not None]
        findings = tuple(sorted(found, key=lambda one: one.level not in SEVERE))
        return ProfileResult(
            profile=profile.name,
            title=profile.title,
            status=verdict(findings),
            passed=len(rules) - len(findings),
            findings=findings,
        )

    def mode_row(self, profile: Profile) -> ModeRow:
        """A mode in the table of modes: only what is required counts."""
        fits, note = profile.applicable(self.model.version, self.model.arch)
        if not fits:
            return ModeRow(profile.name, profile.title, Status.FAIL, note)
        rules = profile.rules_for(self.model.version, self.model.arch)
        findings = [
            found for rule in rules if rule.level in SEVERE and (found := self.finding(rule, profile)) is not None
        ]
        state = verdict(findings)
        if state == Status.PASS:
            return ModeRow(profile.name, profile.title, state)
        shown = [found for found in findings if found.status == state]
        names = ", ".join(dict.fromkeys(f"{found.symbol}={found.got or 'unset'}" for found in shown))
        return ModeRow(profile.name, profile.title, state, names, obstacles(shown))


def obstacles(findings: Iterable[Finding]) -> tuple[Reason, ...]:
    """What stands in the way of a mode: the findings' chains of reasons, without those that share a step with one that
    is told already (XEN=n keeps a dozen symbols off), and MAX_OBSTACLES at most.
    """
    told: list[Finding] = []
    steps: set[tuple[str, Location | None]] = set()
    for found in findings:
        own = {(reason.text, reason.where) for reason in found.reasons}
        if own and not own & steps and len(told) < MAX_OBSTACLES:
            steps |= own
            told.append(found)
    if len(told) == 1:
        return told[0].reasons
    return tuple(
        reason
        if reason.depth or found.symbol in reason.text
        else Reason(f"{found.symbol}: {reason.text}", reason.kind, reason.where)
        for found in told
        for reason in found.reasons
    )


def check_config(judge: Judge, profiles: Iterable[Profile]) -> ConfigResult:
    """One configuration against profiles."""
    results = tuple(judge.profile(profile) for profile in profiles)
    return ConfigResult(config=judge.config.name, kernel=judge.kernel.used, status=overall(results), profiles=results)


def mode_rows(judge: Judge) -> tuple[ModeRow, ...]:
    """The table of modes; modes of another architecture are left out."""
    rows = []
    for info in list_profiles():
        if info.kind == Kind.MODE:
            profile = load_profile(info.name)
            if judge.model.arch in profile.arch:
                rows.append(judge.mode_row(profile))
    return tuple(rows)
