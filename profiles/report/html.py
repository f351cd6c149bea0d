"""HTML pages of `kcfg check` and `modes`: one self-contained file each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from kcfg.answers.facts import Location, Status
from kcfg.answers.report.html import TONES
from kcfg.answers.report.json import told
from kcfg.answers.report.words import SIGNS, config_name, kernel_words
from kcfg.base.text import plural
from kcfg.show.pages import ALONE, Frame, anchor, page
from kcfg.show.terminal import Look
from profiles.findings import Finding, Level, ModesReport, Report
from profiles.report.common import (
    CHECK_WORDS,
    MODE_WORDS,
    all_findings,
    count,
    differs,
    modes_next,
    next_commands,
    says_more,
    summary,
    tally,
)

Badge = tuple[str, str, str]
"""Tone, sign and word."""


class FindingRow(msgspec.Struct, frozen=True):
    """A finding as a row of the table: its id on the page, and the names in its reasons that have a row, too."""

    id: str
    config: str
    finding: Finding
    level: Badge
    says_more: bool
    hrefs: Mapping[str, str]
    line: int = 0
    where: Location | None = None
    path: str = ""


def check_badge(status: Status) -> Badge:
    """The verdict on a profile."""
    return TONES[status], SIGNS[status], CHECK_WORDS[status]


def mode_badge(status: Status) -> Badge:
    """The verdict on a mode."""
    return TONES[status], SIGNS[status], MODE_WORDS[status]


def level_badge(finding: Finding) -> Badge:
    """A finding's level, and what became of it."""
    if finding.status is Status.UNKNOWN:
        return "unsure", SIGNS[finding.status], f"{finding.level}: cannot evaluate"
    if finding.status is Status.WAIVED:
        return "dim", SIGNS[finding.status], "waived"
    if finding.level is Level.RECOMMENDED:
        return "unsure", "!", finding.level.value
    return "bad", SIGNS[finding.status], finding.level.value


def line_of(finding: Finding, config: str) -> tuple[int, Location | None]:
    """The line of the configuration that decides; a place in another file is told whole."""
    where = finding.config_line
    return (0, where) if where is None or where.path != config else (where.line, None)


def rows_of(report: Report, frame: Frame) -> list[FindingRow]:
    """The findings of all configurations, each with an id of its own."""
    out: list[FindingRow] = []
    used: Counter[str] = Counter()
    for number, result in enumerate(report.results, 1):
        found = all_findings(result)
        ids = []
        for one in found:
            name = f"f{number}-{anchor(one.profile)}-{anchor(one.rule)}"
            used[name] += 1
            ids.append(name if used[name] == 1 else f"{name}.{used[name]}")
        here = places(found, ids)
        for profile in dict.fromkeys(one.profile for one in found):
            own = [(one, mark) for one, mark in zip(found, ids, strict=True) if one.profile == profile]
            hrefs = {**frame.symbols, **here, **places(*zip(*own, strict=True))}
            name = config_name(result.config)
            out += [
                FindingRow(
                    mark,
                    name,
                    one,
                    level_badge(one),
                    says_more(one),
                    hrefs,
                    *line_of(one, result.config),
                    result.config,
                )
                for one, mark in own
            ]
    return out


def places(found: Sequence[Finding], ids: Sequence[str]) -> dict[str, str]:
    """Symbol -> link to the first finding about it."""
    pairs = zip(reversed(found), reversed(ids), strict=True)
    return {one.symbol: f"#{mark}" for one, mark in pairs if one.symbol}


def check(report: Report, look: Look, frame: Frame = ALONE, title: str = "", graph: str = "") -> str:
    """Everything one `kcfg check` has to say. `graph`: the page of a site that draws the configuration."""
    c = count(report)
    rows = rows_of(report, frame)
    single = report.results[0] if len(report.results) == 1 else None
    profiles = {one.finding.profile for one in rows}
    many_profiles = len(profiles) > 1
    figures = [
        (n, f"{plural(n, 'profile')[len(str(n)) + 1 :]}: {CHECK_WORDS[s]}", TONES[s])
        for s, n in c.profiles.items()
        if n
    ]
    figures += [(c.unreadable, "unreadable", "unsure")] if c.unreadable else []
    figures += [(c.untold, "cannot be evaluated", "unsure")] if c.untold else []
    figures += [(c.failed, "required unmet", "bad" if c.failed else "")]
    figures += [(c.recommended, "recommended unmet", "unsure")] if c.recommended else []
    figures += [(c.unknown, "unknown", "unsure")] if c.unknown else []
    figures += [(c.waived, "waived", "dim")] if c.waived else []
    figures += [(c.about_waivers, "waivers expired or unused", "unsure")] if c.about_waivers else []
    columns = [("Symbol", "text")]
    columns += [("Configuration", "text")] if not single else []
    columns += [("Profile", "text")] if many_profiles else []
    columns += [("Level", "text"), ("Wanted", "text"), ("Is", "text"), ("What, and why", "text")]
    context = {
        "title": title or (f"Findings: {config_name(single.config)}" if single else "Configurations against profiles"),
        "single": single,
        "graph": graph,
        "results": report.results,
        "summary": summary(report),
        "figures": figures,
        "rows": rows,
        "columns": columns,
        "facets": range(1, len(columns) - 3),
        "many_configs": not single,
        "many_profiles": many_profiles,
        "next": next_commands(report),
        "verdict": check_badge,
        "tally": tally,
        "kernel_words": kernel_words,
        "said": told,
        "differs": differs,
        "plural": plural,
    }
    return page("profiles/report/templates:check.html.j2", context, frame)


def tallied(verdicts: Iterable[Status]) -> list[tuple[int, str, str]]:
    """Figures: how many modes have each verdict."""
    found = Counter(verdicts)
    return [(found[status], MODE_WORDS[status], TONES[status]) for status in Status if found[status]]


def modes(report: ModesReport, look: Look, frame: Frame = ALONE) -> str:
    """Everything one `kcfg modes` has to say."""
    context = {
        "report": report,
        "name": config_name(report.config),
        "figures": tallied(row.verdict for row in report.rows),
        "verdict": mode_badge,
        "words": MODE_WORDS,
        "next": modes_next(report),
        "kernel_words": kernel_words,
        "said": told,
        "differs": differs,
    }
    return page("profiles/report/templates:modes.html.j2", context, frame)


RENDERERS = {Report: check, ModesReport: modes}
