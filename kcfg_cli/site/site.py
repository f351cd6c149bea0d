"""A site of pages: an index, the modes side by side, the findings of each configuration, and what was put beside them.

Pure: the same data gives the same files, byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from kcfg import __version__
from kcfg.answers.facts import Status
from kcfg.answers.report.html import TONES
from kcfg.answers.report.json import told as said
from kcfg.answers.report.words import SIGNS, kernel_words
from kcfg.base.text import plural
from kcfg.show.charts import Part, bar
from kcfg.show.pages import Frame, NavLink, anchor, page
from kcfg.show.terminal import Look
from patches.relevance.report import page as relevance_html
from profiles.check.side import ConfigPart, ConfigSide
from profiles.findings import Level, Report
from profiles.report.common import MODE_WORDS, all_findings
from profiles.report.html import check, mode_badge

if TYPE_CHECKING:
    from patches.findings import StatusReport, TrendReport
    from patches.relevance.data import RelevanceReport

MANY = 3
"""Configurations that the head of each page names; more are one link."""

MakePage = Callable[[Frame], str]


class Extra(msgspec.Struct, frozen=True):
    """A page that another part of the program makes, in the site's frame. `figures`, `about`, `charts`: what the index
    says of it; `more`: (word, file) of pages beside it.
    """

    file: str
    word: str
    make: MakePage
    about: str = ""
    figures: tuple[tuple[object, str, str], ...] = ()
    charts: tuple[str, ...] = ()
    more: tuple[tuple[str, str], ...] = ()


class Graph(msgspec.Struct, frozen=True):
    """The graph of a configuration: `symbols` are those that it can be asked to show."""

    slug: str
    make: MakePage
    symbols: frozenset[str]

    @property
    def file(self) -> str:
        """The page."""
        return f"graph-{self.slug}.html"

    def links(self) -> dict[str, str]:
        """Symbol -> its place in the graph."""
        return {symbol: f"{self.file}#{anchor(symbol)}" for symbol in self.symbols}


class Site(msgspec.Struct, frozen=True):
    """All that a site is made of; what was not asked for is None or empty. `relevance` is by a configuration's slug."""

    title: str
    side: ConfigSide
    graphs: tuple[Graph, ...] = ()
    relevance: Mapping[str, RelevanceReport] = {}
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
    links += [("Graph", site.graphs[0].file)] if site.graphs else []
    links += [(one.word, one.file) for one in extras]
    graphs = {one.slug: one.links() for one in site.graphs}
    told = {one.symbol: f"options.html#{anchor(one.symbol)}" for one in side.options}
    findings = {part.result.config: page_of(part) for part in side.configs}

    def frame(current: str, symbols: Mapping[str, str], under: str = "") -> Frame:
        nav = tuple(NavLink(text, href, href == (under or current)) for text, href in links)
        return Frame(nav=nav, home="index.html", symbols=symbols, findings=findings)

    any_graph = {symbol: href for one in reversed(site.graphs) for symbol, href in graphs[one.slug].items()}
    everywhere = {**any_graph, **told}
    out = {"index.html": index(site, extras, frame("index.html", everywhere))}
    if side.configs:
        out["modes.html"] = modes(site, frame("modes.html", everywhere))
        out["options.html"] = options(site, graphs, frame("options.html", any_graph))
    for part in side.configs:
        report = Report(version=__version__, fail_on="required", results=(part.result,))
        symbols = {**any_graph, **graphs.get(part.slug, {}), **told}
        graph = f"graph-{part.slug}.html" if part.slug in graphs else ""
        around = frame(page_of(part), symbols)
        out[page_of(part)] = check(report, Look(), around, f"Findings: {part.name}", graph)
    for drawn in site.graphs:
        out[drawn.file] = drawn.make(frame(drawn.file, everywhere, site.graphs[0].file))
    for one in extras:
        out[one.file] = one.make(frame(one.file, everywhere))
    for slug, told_of in list(site.relevance.items())[1:]:
        file = relevance_file(slug)
        out[file] = relevance_html.relevance(
            told_of, Look(), frame(file, everywhere, relevance_file(next(iter(site.relevance))))
        )
    return out


def relevance_file(slug: str) -> str:
    """The page that says which patches matter for a configuration."""
    return f"relevance-{slug}.html"


def extras_of(site: Site) -> list[Extra]:
    """The pages of the patch half, in the order of the head."""
    from patches.report import html
    from patches.report.chart import area

    out = []
    names = {part.slug: part.name for part in site.side.configs}
    backlog, trend = site.backlog, site.trend
    if backlog is not None:
        about = f"What has become of each patch of {backlog.queue}."
        chart = html.verdict_bar(backlog.patches, "backlog.html#patches={}")
        make: MakePage = partial(html.status, backlog, Look())
        out.append(Extra("backlog.html", "Backlog", make, about, tuple(html.status_figures(backlog)), (chart,)))
    for slug, report in list(site.relevance.items())[:1]:
        file = relevance_file(slug)
        about = f"Which of its patches matter for {names[slug]}, and for which mode."
        charts = (relevance_html.verdict_bar(report, file + "#patches={}"), relevance_html.mode_bars(report))
        make = partial(relevance_html.relevance, report, Look())
        more = tuple((names[one], relevance_file(one)) for one in site.relevance) if len(site.relevance) > 1 else ()
        out.append(Extra(file, "Relevance", make, about, (), charts, more))
    if trend is not None:
        about = "How many patches the queue carried at each revision of its own history."
        make = partial(html.trend, trend, Look())
        out.append(Extra("trend.html", "Trend", make, about, tuple(html.trend_figures(trend)), (area(trend),)))
    return out


def page_of(part: ConfigPart) -> str:
    """The file with a configuration's findings."""
    return f"findings-{part.slug}.html"


class Cell(msgspec.Struct, frozen=True):
    """A cell of the matrix: a badge, where its reasons are, how many recommendations are unmet, what keeps it. `away`:
    the mode is none of the configuration's architecture."""

    badge: tuple[str, str, str]
    href: str = ""
    recommended: int = 0
    note: str = ""
    away: bool = False


def matrix(side: ConfigSide) -> list[tuple[str, str, list[Cell]]]:
    """(mode, title, a cell for each configuration)."""
    out = []
    for number, (mode, title) in enumerate(side.modes):
        cells = []
        for part in side.configs:
            row = part.rows[number] if part.rows else None
            if part.result.error:
                cells.append(Cell(("unsure", "?", "unreadable"), page_of(part)))
            elif row is None:
                cells.append(Cell(("dim", "–", "other architecture"), away=True))
            else:
                where = f"modes.html#{cell_id(part, mode)}" if row.reasons or row.note else ""
                soft = recommended(part, mode)
                where = where or (f"{page_of(part)}#c1-{anchor(mode)}" if soft else "")
                cells.append(Cell(mode_badge(row.verdict), where, soft, row.note))
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
        "names": {part.slug: part.name for part in side.configs},
        "kernel_words": kernel_words,
        "page_of": page_of,
        "plural": plural,
    }
    return page("kcfg_cli/site:site_index.html.j2", context, frame)


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
        "said": said,
        "verdict": mode_badge,
        "page_of": page_of,
        "anchor": anchor,
    }
    return page("kcfg_cli/site:site_modes.html.j2", context, frame)


def options(site: Site, graphs: Mapping[str, Mapping[str, str]], frame: Frame) -> str:
    """Every option that the modes name, with its value in each configuration."""
    findings: dict[str, list[tuple[str, str]]] = {}
    for part in site.side.configs:
        for one in all_findings(part.result):
            if one.symbol:
                listed = findings.setdefault(one.symbol, [])
                link = (part.name, f"{page_of(part)}#f1-{anchor(one.profile)}-{anchor(one.rule)}")
                if part.name not in (name for name, _ in listed):
                    listed.append(link)
    context = {"site": site, "graphs": graphs, "findings": findings, "plural": plural}
    return page("kcfg_cli/site:site_options.html.j2", context, frame)
