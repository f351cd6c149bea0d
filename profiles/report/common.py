"""What several formats share: text made harmless, relative paths, the words for a verdict, counts, next commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from kcfg.answers.facts import ReasonKind, Status
from kcfg.answers.report.words import AT_THE_END, is_file
from kcfg.base.errors import USAGE
from kcfg.base.text import command, plural, visible
from profiles.findings import Asks, ConfigResult, Finding, Level, ModesReport, ProfileResult, Report
from profiles.loader import built_in_names

CHECK_WORDS = {Status.PASS: "pass", Status.FAIL: "FAIL", Status.UNKNOWN: "cannot evaluate", Status.WAIVED: "waived"}
STATES = {Status.UNKNOWN: "cannot tell", Status.WAIVED: "waived"}
ABSENT = (ReasonKind.UNKNOWN_SYMBOL, ReasonKind.NOT_IN_KERNEL, ReasonKind.RENAMED)
MAX_NAMED = 4  # symbols on account of which a verdict could differ
MODE_WORDS = {Status.PASS: "can", Status.FAIL: "cannot", Status.UNKNOWN: "cannot evaluate", Status.WAIVED: "waived"}


def says_more(finding: Finding) -> bool:
    """Whether the message tells more than level, symbol and the value that is wanted."""
    return bool(finding.message) and finding.asks is not Asks.VALUE


def wanted_got(finding: Finding, shown: Callable[[str], str] = visible) -> str:
    """ "wanted y, is n", "wanted y, asked y, is n" where the line asks for something else than what comes out,
    "wanted y, cannot tell", or nothing when the finding is about no value. Of several ways the message tells all.
    """
    if not finding.wanted and not finding.got:
        return STATES.get(finding.status, "")
    wanted = [] if finding.asks is Asks.WAYS else [f"wanted {shown(finding.wanted)}"]
    asked = [f"asked {shown(finding.asked)}"] if finding.asked else []
    return ", ".join([*wanted, *asked, what_is(finding, shown)])


def what_is(finding: Finding, shown: Callable[[str], str] = visible) -> str:
    """ "is n", "is n (waived)", "cannot tell"."""
    state = STATES.get(finding.status, "")
    if finding.status is Status.UNKNOWN and not finding.got:
        return state
    value = f"is {shown(finding.got) or 'absent'}"
    return f"{value} ({state})" if state else value


def symbol_name(finding: Finding) -> str:
    """The symbol, else the rule, which every finding has."""
    return visible(finding.symbol or finding.rule)


def all_findings(result: ConfigResult) -> list[Finding]:
    """Those of the profiles, in order, then those about the input itself."""
    return [f for p in result.profiles for f in p.findings] + list(result.findings)


def fails_check(finding: Finding, fail_on: str) -> bool:
    """Whether the finding's level is one that the check was asked to fail on; required and forbidden always are."""
    return finding.level is not Level.RECOMMENDED or fail_on == Level.RECOMMENDED


class Counts(NamedTuple):
    """Of one report: configurations, those without an answer, profiles, verdicts on them, findings, waivers."""

    configs: int
    unreadable: int
    untold: int  # configurations that could be read, and not be judged
    names: int  # profiles that were asked
    profiles: dict[Status, int]  # verdicts, one for each configuration and profile
    failed: int  # required or forbidden
    recommended: int
    unknown: int
    waived: int
    about_waivers: int  # those that have ended, or that nothing uses


def count(report: Report) -> Counts:
    """The figures of the summary line."""
    findings = [f for r in report.results for p in r.profiles for f in p.findings]
    errors = [r.error_status for r in report.results if r.error]
    broken = [f for f in findings if f.status is Status.FAIL]
    profiles = dict.fromkeys(Status, 0)
    for result in report.results:
        for profile in result.profiles:
            profiles[profile.status] += 1
    recommended = sum(f.level is Level.RECOMMENDED for f in broken)
    return Counts(
        configs=sum(bool(r.error or r.profiles) for r in report.results),  # others are of a file of waivers
        unreadable=errors.count(USAGE),
        untold=len(errors) - errors.count(USAGE),
        names=len({p.profile for r in report.results for p in r.profiles}),
        profiles=profiles,
        failed=len(broken) - recommended,
        recommended=recommended,
        unknown=sum(f.status is Status.UNKNOWN for f in findings),
        waived=sum(f.status is Status.WAIVED for f in findings),
        about_waivers=sum(len(r.findings) for r in report.results),
    )


def tally(profile: ProfileResult) -> str:
    """ "10 rules hold, 2 unmet"."""
    failed = [f for f in profile.findings if f.status is Status.FAIL]
    recommended = sum(f.level is Level.RECOMMENDED for f in failed)
    unknown = sum(f.status is Status.UNKNOWN for f in profile.findings)
    waived = sum(f.status is Status.WAIVED for f in profile.findings)
    parts = [plural(profile.passed, "rule holds", "rules hold")]
    parts += [f"{len(failed) - recommended} unmet"] if len(failed) > recommended else []
    parts += [f"{recommended} recommended unmet"] if recommended else []
    parts += [f"{unknown} unknown"] if unknown else []
    parts += [f"{waived} waived"] if waived else []
    return ", ".join(parts)


def differs(could_differ: tuple[str, ...] | None, own_version: str) -> str:
    """What a verdict is worth in the configuration's own kernel; "" where the model is of its series."""
    if could_differ is None or not own_version:
        return ""
    if not could_differ:
        return f"the same in Linux {visible(own_version)}: its own lines say so"
    names = ", ".join(could_differ[:MAX_NAMED])
    more = f" and {len(could_differ) - MAX_NAMED} more" if len(could_differ) > MAX_NAMED else ""
    return f"could differ in Linux {visible(own_version)}: {visible(names)}{more} may be otherwise there"


def summary(report: Report) -> str:
    """ "2 configurations, 3 profiles: 1 pass, 5 FAIL; 4 required unmet, 1 recommended unmet"."""
    c = count(report)
    by_verdict = ", ".join(f"{n} {CHECK_WORDS[s]}" for s, n in c.profiles.items() if n)
    line = plural(c.configs, "configuration")
    line += f", {plural(c.names, 'profile')}: {by_verdict}" if by_verdict else ""
    parts = [f"{c.unreadable} unreadable"] if c.unreadable else []
    parts += [f"{c.untold} cannot be evaluated"] if c.untold else []
    if c.failed or c.recommended or c.unknown or c.waived:
        parts.append(f"{c.failed} required unmet")
        parts += [f"{c.recommended} recommended unmet"] if c.recommended else []
        parts += [f"{c.unknown} unknown"] if c.unknown else []
        parts += [f"{c.waived} waived"] if c.waived else []
    parts += [f"{plural(c.about_waivers, 'waiver')} expired or unused"] if c.about_waivers else []
    return line + ("; " + ", ".join(parts) if parts else "")


def next_commands(report: Report) -> list[str]:
    """What to type next: the first symbol that fails, the severe ones first, the mends of built-in profiles, the modes.

    Of a symbol that the kernel does not have no command tells more; what leads to the value of a number or a text that
    no line can set, only `explain` does.
    """
    found = [(result, finding) for result in report.results for finding in all_findings(result) if finding.symbol]
    rank = {Status.FAIL: 0, Status.UNKNOWN: 1}
    open_ones = [one for one in found if one[1].status in rank and one[0].kernel and not is_absent(one[1])]
    open_ones.sort(key=lambda one: (rank[one[1].status], one[1].level is Level.RECOMMENDED))
    for result, finding in open_ones[:1]:
        options = result.kernel.options if result.kernel else ()
        here = [result.config] if is_file(result.config) else []
        asked = ("explain", f"{finding.symbol}={goal}") if (goal := goal_of(finding)) else ("show", finding.symbol)
        show = command("kcfg", *asked, *(["--config", *here] if here else []), *options)
        mends = (
            [one.profile for one in result.profiles if one.mend and not one.waived and one.profile in built_in_names()]
            if here
            else []
        )
        repair = ["kcfg", "repair", *here, *(part for name in mends for part in ("-p", name)), "-o", "repaired.config"]
        wanted = [command(*repair, *options)] if mends else []
        return [show, *wanted, command("kcfg", "modes", *here, *options)] if here else [show]
    for result in report.results:
        if not result.error and is_file(result.config) and result.kernel:
            return [command("kcfg", "modes", result.config, *result.kernel.options)]
    return []


def is_absent(finding: Finding) -> bool:
    """Whether the kernel does not have the finding's symbol."""
    return any(reason.kind in ABSENT and reason.symbol == finding.symbol for reason in finding.reasons)


def goal_of(finding: Finding) -> str:
    """The value that is wanted of a number or a text without a prompt, else ""."""
    inert = (one for one in finding.reasons if one.kind is ReasonKind.NO_PROMPT and one.symbol == finding.symbol)
    return next((one.wanted for one in inert if one.wanted), "")


def modes_next(report: ModesReport) -> list[str]:
    """What to type next: the first mode that cannot run, checked."""
    first = next((r for r in report.rows if r.verdict is not Status.PASS), None)
    if first is None or not is_file(report.config):
        return []
    return [command("kcfg", "check", report.config, "--profile", first.mode, *report.kernel.options)]


def fewest(profile: ProfileResult) -> str:
    """What is known of the number of lines of a mend."""
    return "the fewest that will do" + f" with {', '.join(profile.mend_stays)} as now" * bool(profile.mend_stays)


def fewer(profile: ProfileResult) -> str:
    """What the lines are that would do as well, and are fewer."""
    count = len(profile.mend_fewer)
    return f"or {plural(count, 'line')} that {'turns' if count == 1 else 'turn'} many symbols over"


def placed(profile: ProfileResult, line: str) -> str:
    """Where a line of a mend has to stand, if that matters."""
    return AT_THE_END if line in profile.mend_last else ""
