"""A site of pages: an index, the modes side by side, the findings of each configuration, and what was put beside them.

Pure: the same data gives the same files, byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from kcfg import __version__
from kcfg.findings import Level, Report, Status
from kcfg.report.charts import Part, bar
from kcfg.report.common import MODE_WORDS, SIGNS, all_findings, kernel_words, plural
from kcfg.report.html import TONES, check, mode_badge
from kcfg.report.pages import Frame, NavLink, anchor, page
from kcfg.report.terminal import Look
from kcfg.site import ConfigPart, Side

if TYPE_CHECKING:
    from patches.findings import StatusReport, TrendReport

MANY = 3
"""Configurations that the head of each page names; more are one link."""

MakePage = Callable[[Frame], str]


class Extra(msgspec.Struct, frozen=True):
    """A page that another part of the program makes, in the site's frame.

    `symbols`: symbol -> the id of its place on the page. `figures`, `about`: what the index says of it.
    """

    file: str
    word: str
    make: MakePage
    about: str = ""
    figures: tuple[tuple[object, str, str], ...] = ()
    symbols: Mapping[str, str] = {}
    chart: str = ""


class Site(msgspec.Struct, frozen=True):
    """All that a site is made of; what was not asked for is None or empty."""

    title: str
    side: Side
    graph: Extra | None = None
    extras: tuple[Extra, ...] = ()
    backlog: StatusReport | None = None
    trend: TrendReport | None = None


def files(site: Site) -> dict[str, bytes]:
    """File name -> content."""
    return {name: text.encode("utf-8", "backslashreplace") for name, text in pages_of(site).items()}


def pages_of(site: Site) -> dict[str, str]:
    """File name -> page."""
    side = site.side
    extras = extras_of(site)
    links = [("Overview", "index.html")]
    if side.configs:
        links += [("Modes", "modes.html"), ("Options", "options.html")]
        if len(side.configs) <= MANY:
            links += [(part.name, page_of(part)) for part in side.configs]
        else:
            links += [("Configurations", "index.html#configurations")]
    links += [(one.word, one.file) for one in extras]
    graph = {} if site.graph is None else {s: f"{site.graph.file}#{a}" for s, a in site.graph.symbols.items()}
    told = {one.symbol: f"options.html#{anchor(one.symbol)}" for one in side.options}

    findings = {part.result.config: page_of(part) for part in side.configs}

    def frame(current: str, symbols: Mapping[str, str]) -> Frame:
        nav = tuple(NavLink(text, href, href == current) for text, href in links)
        return Frame(nav=nav, home="index.html", symbols=symbols, findings=findings)

    everywhere = {**graph, **told}
    out = {"index.html": index(site, extras, frame("index.html", everywhere))}
    if side.configs:
        out["modes.html"] = modes(site, frame("modes.html", everywhere))
        out["options.html"] = options(site, graph, frame("options.html", graph))
    for part in side.configs:
        report = Report(version=__version__, fail_on="required", results=(part.result,))
        out[page_of(part)] = check(report, Look(), frame(page_of(part), everywhere), f"Findings: {part.name}")
    for one in extras:
        out[one.file] = one.make(frame(one.file, everywhere))
    return out


def extras_of(site: Site) -> list[Extra]:
    """The pages beside those of the configurations, in the order of the head."""
    from patches.report import html

    out = [site.graph] if site.graph is not None else []
    backlog, trend = site.backlog, site.trend
    if backlog is not None:
        about = f"What has become of each patch of {backlog.queue}."
        figures = tuple(html.status_figures(backlog))
        chart = html.verdict_bar(backlog.patches, "backlog.html#patches={}")
        make: MakePage = partial(html.status, backlog, Look())
        out.append(Extra("backlog.html", "Backlog", make, about, figures, {}, chart))
    out += site.extras
    if trend is not None:
        about = "How many patches the queue carried at each revision of its own history."
        make = partial(html.trend, trend, Look())
        out.append(Extra("trend.html", "Trend", make, about, tuple(html.trend_figures(trend))))
    return out


def page_of(part: ConfigPart) -> str:
    """The file with a configuration's findings."""
    return f"findings-{part.slug}.html"


class Cell(msgspec.Struct, frozen=True):
    """A cell of the matrix: a badge, where its reasons are, and how many recommendations are unmet."""

    badge: tuple[str, str, str]
    href: str = ""
    recommended: int = 0


def matrix(side: Side) -> list[tuple[str, str, list[Cell]]]:
    """(mode, title, a cell for each configuration)."""
    out = []
    for number, (mode, title) in enumerate(side.modes):
        cells = []
        for part in side.configs:
            row = part.rows[number] if part.rows else None
            if part.result.error:
                cells.append(Cell(("unsure", "?", "unreadable"), page_of(part)))
            elif row is None:
                cells.append(Cell(("dim", "–", "other architecture")))
            else:
                where = f"modes.html#{cell_id(part, mode)}" if row.reasons or row.note else ""
                soft = recommended(part, mode)
                where = where or (f"{page_of(part)}#c1-{anchor(mode)}" if soft else "")
                cells.append(Cell(mode_badge(row.verdict), where, soft))
        out.append((mode, title, cells))
    return out


def recommended(part: ConfigPart, mode: str) -> int:
    """How many recommendations of a mode a configuration does not meet."""
    found = [one for profile in part.result.profiles if profile.profile == mode for one in profile.findings]
    return sum(one.level is Level.RECOMMENDED and one.status is Status.FAIL for one in found)


def cell_id(part: ConfigPart, mode: str) -> str:
    """The id of a cell's reasons."""
    return f"{anchor(part.slug)}-{anchor(mode)}"


def summary_of(part: ConfigPart) -> dict[str, object]:
    """A configuration's row of the index."""
    found = all_findings(part.result)
    failed = [one for one in found if one.status is Status.FAIL]
    soft = sum(one.level is Level.RECOMMENDED for one in failed)
    rows = [row for row in part.rows if row is not None]
    return {
        "part": part,
        "href": page_of(part),
        "can": sum(row.verdict is Status.PASS for row in rows),
        "modes": len(rows),
        "required": len(failed) - soft,
        "recommended": soft,
        "unknown": sum(one.status is Status.UNKNOWN for one in found),
    }


def index(site: Site, extras: list[Extra], frame: Frame) -> str:
    """What is here, the figures first."""
    side = site.side
    rows = [row for part in side.configs for row in part.rows if row is not None]
    parts = [
        Part(MODE_WORDS[status], sum(row.verdict is status for row in rows), TONES[status], SIGNS[status])
        for status in Status
    ]
    found = [one for part in side.configs for one in all_findings(part.result) if one.status is Status.FAIL]
    soft = sum(one.level is Level.RECOMMENDED for one in found)
    figures: list[tuple[object, str, str]] = []
    if side.configs:
        figures = [
            (len(side.configs), "configuration" if len(side.configs) == 1 else "configurations", ""),
            (f"{sum(row.verdict is Status.PASS for row in rows)}/{len(rows)}", "modes can run", "good"),
            (len(found) - soft, "required unmet", "bad" if len(found) > soft else ""),
            (soft, "recommended unmet", "unsure" if soft else ""),
        ]
    context = {
        "site": site,
        "figures": figures,
        "chart": bar("Modes of all configurations", parts) if len(side.configs) > 1 else "",
        "matrix": matrix(side),
        "configs": [summary_of(part) for part in side.configs],
        "extras": extras,
        "kernel_words": kernel_words,
        "page_of": page_of,
        "plural": plural,
    }
    return page("site_index.html.j2", context, frame)


def modes(site: Site, frame: Frame) -> str:
    """The matrix, and below it the reasons of every cell that is not "can"."""
    told = [
        (cell_id(part, row.mode), part, row)
        for number in range(len(site.side.modes))
        for part in site.side.configs
        if part.rows and (row := part.rows[number]) is not None and (row.reasons or row.note)
    ]
    context = {
        "site": site,
        "matrix": matrix(site.side),
        "told": told,
        "verdict": mode_badge,
        "page_of": page_of,
        "anchor": anchor,
    }
    return page("site_modes.html.j2", context, frame)


def options(site: Site, graph: Mapping[str, str], frame: Frame) -> str:
    """Every option that the modes name, with its value in each configuration."""
    findings: dict[str, list[tuple[str, str]]] = {}
    for part in site.side.configs:
        for one in all_findings(part.result):
            if one.symbol:
                listed = findings.setdefault(one.symbol, [])
                link = (part.name, f"{page_of(part)}#f1-{anchor(one.profile)}-{anchor(one.rule)}")
                if part.name not in (name for name, _ in listed):
                    listed.append(link)
    context = {"site": site, "graph": graph, "findings": findings, "plural": plural}
    return page("site_options.html.j2", context, frame)
