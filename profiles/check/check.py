"""One case x profiles -> findings, and the table of modes."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from kcfg.answers.facts import Location, Reason, ReasonKind, Status
from kcfg.answers.judge import Judge
from kcfg.answers.reasons import location
from kcfg.answers.unknown import is_mistyped
from kcfg.kconfig.model import Type
from profiles import Alternative, Profile, ProfileKind, Rule, Want, list_profiles, load_profile
from profiles.check.series import could_differ
from profiles.check.verdicts import overall, verdict
from profiles.findings import SEVERE, Asks, ConfigResult, Finding, Level, ModeRow, ProfileResult

MAX_OBSTACLES = 3  # told of one mode; its note names every symbol


class RuleJudge:
    """Judges rules by what one case says. A rule whose symbols cannot be relied on is neither held nor broken.

    Which rules count is a question of the configuration's own kernel, whatever model says what its lines come to.
    """

    def __init__(self, judge: Judge) -> None:
        self.judge = judge

    def applicable(self, profile: Profile) -> tuple[bool, str]:
        """Whether a profile exists for the configuration's kernel, and if not, why."""
        return profile.applicable(self.judge.own_version, self.judge.model.arch)

    def rules(self, profile: Profile) -> tuple[Rule, ...]:
        """The rules of a profile that count."""
        return profile.rules_for(self.judge.own_version, self.judge.model.arch)

    def could_differ(self, rules: Iterable[Rule], status: Status) -> tuple[str, ...] | None:
        """See `profiles.check.series`."""
        severe = [(rule, self.failing(rule)) for rule in rules if rule.level in SEVERE]
        return could_differ(self.judge, status, severe)

    def failing(self, rule: Rule) -> tuple[Want, ...]:
        """What is not fulfilled of a rule that does not hold."""
        if self.best(rule)[0]:
            return ()
        return tuple(want for way in rule.alternatives for want in way.wants if self.holds(want) is False)

    def holds(self, want: Want) -> bool | None:
        """Whether a want is fulfilled; None when that cannot be told."""
        if self.judge.doubt(want.symbol) is not None:
            return None
        if "n" in want.value and self.judge.number(want.symbol) is None and is_mistyped(self.judge.model, want.symbol):
            return False
        return self.judge.has(want.symbol, want.value)

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
            reasons += self.judge.why_not(want.symbol, want.value)
            fix += self.judge.lines_for(want.symbol, want.value)
        line = self.judge.lines.get(first.symbol)
        return Finding(
            rule=rule.id,
            profile=profile.name,
            level=rule.level,
            status=Status.UNKNOWN if verdict is None else Status.FAIL,
            symbol=first.symbol,
            wanted=self.ways(rule) if len(rule.symbols) > 1 else " or ".join(self.possible(first).value),
            got=self.got(first),
            asked=self.judge.asked(first.symbol),
            message=self.message(rule, first),
            asks=Asks.VALUE if rule.is_plain else Asks.WAYS,
            why=rule.why,
            source=rule.source,
            config_line=location(line) if line else Location(self.judge.config.name),
            reasons=tuple(self.judge.explainer.told_once(reasons)),
            fix=tuple(fix) if len(fix) == len(culprits) else (),
        )

    def got(self, want: Want) -> str:
        """The symbol's value, as a rule would ask for it; nothing for one that does not exist, where n is wanted."""
        absent = "n" in want.value and self.judge.number(want.symbol) is None
        return "" if absent else self.judge.word(want.symbol)

    def message(self, rule: Rule, want: Want) -> str:
        if len(rule.alternatives) > 1:
            return f"none of {self.ways(rule)} holds"
        if rule.level == Level.FORBIDDEN:
            return f"{want.symbol} must be {' or '.join(want.value)}"
        return f"{self.possible(want) if rule.is_plain else self.ways(rule)} is {rule.level}"

    def ways(self, rule: Rule) -> str:
        """The alternatives of a rule: "A=y and B=y | C=y or m"."""
        return " | ".join(" and ".join(str(self.possible(want)) for want in way.wants) for way in rule.alternatives)

    def possible(self, want: Want) -> Want:
        """What is wanted without m where the symbol is a bool, of which y will do."""
        symbol = self.judge.model.defined(want.symbol)
        if symbol is None or symbol.type != Type.BOOL or "y" not in want.value:
            return want
        return Want(want.symbol, tuple(value for value in want.value if value != "m"))

    def profile(self, profile: Profile) -> ProfileResult:
        """One profile against the configuration."""
        fits, note = self.applicable(profile)
        if not fits:
            missing = Finding(
                rule="kernel",
                profile=profile.name,
                level=Level.REQUIRED,
                status=Status.FAIL,
                symbol="",
                wanted=profile.kernel if self.judge.model.arch in profile.arch else ", ".join(profile.arch),
                got=f"{self.judge.own_version} {self.judge.model.arch}",
                message=note,
                config_line=Location(self.judge.config.name),
            )
            return ProfileResult(
                profile=profile.name,
                title=profile.title,
                status=Status.FAIL,
                passed=0,
                findings=(missing,),
                could_differ=self.could_differ((), Status.PASS),
            )
        rules = self.rules(profile)
        found = [one for rule in rules if (one := self.finding(rule, profile)) is not None]
        findings = tuple(sorted(found, key=lambda one: one.level not in SEVERE))
        return ProfileResult(
            profile=profile.name,
            title=profile.title,
            status=verdict(findings),
            passed=len(rules) - len(findings),
            findings=findings,
            could_differ=self.could_differ(rules, verdict(findings)),
        )

    def mode_row(self, profile: Profile) -> ModeRow:
        """A mode in the table of modes: only what is required counts."""
        fits, note = self.applicable(profile)
        if not fits:
            return ModeRow(
                profile.name, profile.title, Status.FAIL, note, could_differ=self.could_differ((), Status.PASS)
            )
        rules = self.rules(profile)
        findings = [
            found for rule in rules if rule.level in SEVERE and (found := self.finding(rule, profile)) is not None
        ]
        state = verdict(findings)
        differs = self.could_differ(rules, state)
        if state == Status.PASS:
            return ModeRow(profile.name, profile.title, state, could_differ=differs)
        shown = [found for found in findings if found.status == state]
        names = ", ".join(dict.fromkeys(f"{found.symbol}={found.got or 'unset'}" for found in shown))
        return ModeRow(profile.name, profile.title, state, names, obstacles(shown), differs)


def obstacles(findings: Iterable[Finding]) -> tuple[Reason, ...]:
    """What stands in the way of a mode: the findings' chains of reasons, without those that share a step with one that
    is told already (XEN=n keeps a dozen symbols off), and MAX_OBSTACLES at most.
    """
    told: list[Finding] = []
    steps: set[Reason] = set()
    for found in findings:
        own = {reason.step for reason in found.reasons}
        if own and not own & steps and len(told) < MAX_OBSTACLES:
            steps |= own
            told.append(found)
    if len(told) == 1:
        return told[0].reasons
    return tuple(
        msgspec.structs.replace(reason, subject="" if reason.depth or names(reason, found.symbol) else found.symbol)
        for found in told
        for reason in found.reasons
    )


def names(reason: Reason, symbol: str) -> bool:
    """Whether a step says itself which symbol it is about; a condition says it only of others."""
    return reason.symbol == symbol and reason.kind not in (ReasonKind.UNMET_DEPENDENCY, ReasonKind.INVISIBLE)


def check_config(judge: Judge, profiles: Iterable[Profile]) -> ConfigResult:
    """One configuration against profiles."""
    results = tuple(RuleJudge(judge).profile(profile) for profile in profiles)
    return ConfigResult(
        config=judge.config.name,
        kernel=judge.kernel.used,
        status=overall(results),
        profiles=results,
        own_version=judge.own_version if judge.other_series else "",
    )


def mode_rows(judge: Judge) -> tuple[ModeRow, ...]:
    """The table of modes; modes of another architecture are left out."""
    rows = []
    for info in list_profiles():
        if info.kind == ProfileKind.MODE:
            profile = load_profile(info.name)
            if judge.model.arch in profile.arch:
                rows.append(RuleJudge(judge).mode_row(profile))
    return tuple(rows)
