"""What several formats share: text made harmless, relative paths, the words for a verdict, counts, next commands."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable
from typing import NamedTuple

from kcfg.findings import (
    ConfigResult,
    Finding,
    KernelUsed,
    Level,
    ModesReport,
    ProfileResult,
    Reason,
    Report,
    ResolveReport,
    Status,
)

# Whatever moves a cursor, hides, reorders or breaks a line: C0, DEL, C1, soft hyphen, zero-width and bidirectional
# controls, line separators, lone surrogates (bytes of a file name that are not UTF-8), tags.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_BLANKS = re.compile(r"[ \t\r\n]+")

NO_FILES = ("", "-", "stdin")

CHECK_WORDS = {Status.PASS: "pass", Status.FAIL: "FAIL", Status.UNKNOWN: "cannot evaluate", Status.WAIVED: "waived"}
MODE_WORDS = {Status.PASS: "can", Status.FAIL: "cannot", Status.UNKNOWN: "cannot evaluate", Status.WAIVED: "waived"}
SIGNS = {Status.PASS: "✓", Status.FAIL: "✗", Status.UNKNOWN: "?", Status.WAIVED: "~"}


def _escaped(match: re.Match[str]) -> str:
    char = match.group()
    code = ord(char)
    if char in "\n\r\t":
        return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}[char]
    if 0xDC80 <= code <= 0xDCFF:  # os.fsdecode's mark for a byte that is not UTF-8
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def visible(text: str) -> str:
    """The text on one line with every control character spelled out (`\\x1b`), safe to show on a terminal."""
    return _UNSAFE.sub(_escaped, text)


def prose(text: str) -> str:
    """A sentence or paragraph as one safe line: line breaks and runs of blanks become one blank."""
    return visible(_BLANKS.sub(" ", text).strip())


def relative(path: str) -> str:
    """The path from the working directory when it lies below it, else as it is."""
    if not os.path.isabs(path):
        return path
    try:
        near = os.path.relpath(path)
    except (ValueError, OSError):  # another drive, or a working directory that is gone
        return path
    return path if near == os.pardir or near.startswith(os.pardir + os.sep) else near


def below(path: str, parent: str) -> bool:
    """Whether `path` is `parent` or lies in it, by name alone."""
    return path == parent or path.startswith(parent.rstrip("/") + "/")


def kernel_words(kernel: KernelUsed) -> str:
    """ "Linux 6.12.48 x86_64 (snapshot linux-6.12)": the model, not the kernel that the configuration is of."""
    by = f"{kernel.origin} {kernel.name}".strip()
    return prose(f"Linux {kernel.version} {kernel.arch} ({by})")


def is_file(config: str) -> bool:
    """Whether a configuration's name can be typed again; standard input's cannot."""
    return config not in NO_FILES


def says_more(finding: Finding) -> bool:
    """Whether the message tells more than level, symbol and the value that is wanted."""
    wanted = f"{finding.symbol}={finding.wanted} is {finding.level}"
    return finding.message not in ("", wanted, f"{finding.symbol} must be {finding.wanted}")


def wanted_got(finding: Finding, shown: Callable[[str], str] = visible) -> str:
    """ "wanted y, is n", "wanted y, cannot tell", or nothing when the finding is about no value."""
    state = {Status.UNKNOWN: "cannot tell", Status.WAIVED: "waived"}.get(finding.status, "")
    if not finding.wanted and not finding.got:
        return state
    if finding.status is Status.UNKNOWN and not finding.got:
        return f"wanted {shown(finding.wanted)}, {state}"
    value = f"wanted {shown(finding.wanted)}, is {shown(finding.got) or 'absent'}"
    return f"{value} ({state})" if state else value


def reason_words(reason: Reason) -> str:
    """The reason and its place: "depends on PCI (drivers/xen/Kconfig:12)"."""
    return prose(reason.text) + (f" ({visible(str(reason.where))})" if reason.where else "")


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
    """Of one report: configurations, those without an answer, profiles by verdict, findings."""

    configs: int
    unreadable: int
    profiles: dict[Status, int]
    failed: int  # required or forbidden
    recommended: int
    unknown: int
    waived: int


def count(report: Report) -> Counts:
    """The figures of the summary line."""
    findings = [f for r in report.results for f in all_findings(r)]
    broken = [f for f in findings if f.status is Status.FAIL]
    profiles = dict.fromkeys(Status, 0)
    for result in report.results:
        for profile in result.profiles:
            profiles[profile.status] += 1
    recommended = sum(f.level is Level.RECOMMENDED for f in broken)
    return Counts(
        configs=len(report.results),
        unreadable=sum(bool(r.error) for r in report.results),
        profiles=profiles,
        failed=len(broken) - recommended,
        recommended=recommended,
        unknown=sum(f.status is Status.UNKNOWN for f in findings),
        waived=sum(f.status is Status.WAIVED for f in findings),
    )


def plural(number: int, one: str, many: str = "") -> str:
    """ "1 profile", "2 profiles"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


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


def summary(report: Report) -> str:
    """ "2 configurations, 3 profiles: 1 pass, 2 FAIL; 4 required findings, 1 recommended"."""
    c = count(report)
    by_verdict = ", ".join(f"{n} {CHECK_WORDS[s]}" for s, n in c.profiles.items() if n)
    line = f"{plural(c.configs, 'configuration')}, {plural(sum(c.profiles.values()), 'profile')}"
    line += f": {by_verdict}" if by_verdict else ""
    parts = [f"{c.unreadable} unreadable"] if c.unreadable else []
    if c.failed or c.recommended or c.unknown or c.waived:
        parts.append(f"{c.failed} required unmet")
        parts += [f"{c.recommended} recommended unmet"] if c.recommended else []
        parts += [f"{c.unknown} unknown"] if c.unknown else []
        parts += [f"{c.waived} waived"] if c.waived else []
    return line + ("; " + ", ".join(parts) if parts else "")


def command(*words: str) -> str:
    """A command line to paste: each word quoted for a shell, control characters spelled out."""
    return " ".join(shlex.quote(visible(w)) for w in words)


def next_commands(report: Report) -> list[str]:
    """What to type next: the first symbol that fails, the severe ones first, then the modes of its configuration."""
    found = [(result, finding) for result in report.results for finding in all_findings(result) if finding.symbol]
    rank = {Status.FAIL: 0, Status.UNKNOWN: 1}
    open_ones = [one for one in found if one[1].status in rank and one[0].kernel]
    open_ones.sort(key=lambda one: (rank[one[1].status], one[1].level is Level.RECOMMENDED))
    for result, finding in open_ones[:1]:
        options = result.kernel.options if result.kernel else ()
        here = [result.config] if is_file(result.config) else []
        show = command("kcfg", "show", finding.symbol, *(["--config", *here] if here else []), *options)
        return [show, command("kcfg", "modes", *here, *options)] if here else [show]
    for result in report.results:
        if not result.error and is_file(result.config) and result.kernel:
            return [command("kcfg", "modes", result.config, *result.kernel.options)]
    return []


def modes_next(report: ModesReport) -> list[str]:
    """What to type next: the first mode that cannot run, checked."""
    first = next((r for r in report.rows if r.verdict is not Status.PASS), None)
    if first is None or not is_file(report.config):
        return []
    return [command("kcfg", "check", report.config, "--profile", first.mode, *report.kernel.options)]


def resolve_next(report: ResolveReport) -> list[str]:
    """What to type next: the first line that does not come out as asked."""
    if not report.differences:
        return []
    parts = [part for part in report.parts or (report.config,) if is_file(part)]
    here = [word for part in parts for word in ("--config", part)]
    return [command("kcfg", "show", report.differences[0].symbol, *here, *report.kernel.options)]
