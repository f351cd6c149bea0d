"""Charts for HTML pages, as SVG that follows the page's width, theme and printer.

Each has a text alternative that says the figures, and no chart tells by colour alone: a part bears the sign that stands
beside its name in the legend.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from kcfg.base.text import visible

if TYPE_CHECKING:
    from markupsafe import Markup

ROOM = 0.035
"""The share of a bar from which a part has room for its sign on a telephone."""


class Part(msgspec.Struct, frozen=True):
    """A part of a bar. `tone` is a class of look.css: good, near, part, back, sent, bad, dim. `href`: where more is."""

    name: str
    count: int
    tone: str
    sign: str = ""
    href: str = ""


def bar(title: str, parts: Iterable[Part]) -> Markup:
    """One bar of all parts that are not 0, and a legend with their counts and shares."""
    from markupsafe import Markup

    shown = [part for part in parts if part.count > 0]
    total = sum(part.count for part in shown)
    if not total:
        return Markup()
    told = ", ".join(f"{visible(part.name)} {part.count}" for part in shown)
    out, at = [], 0.0
    for part in shown:
        wide = 100 * part.count / total
        text = Markup("<title>{}: {}</title>").format(visible(part.name), part.count)
        rect = Markup('<rect x="{:.3f}%" width="{:.3f}%" height="100%">{}</rect>').format(at, wide, text)
        sign = Markup()
        if part.sign and part.count >= ROOM * total:
            sign = Markup('<text x="{:.3f}%" y="50%">{}</text>').format(at + wide / 2, part.sign)
        out.append(Markup('<g class="{}">{}{}</g>').format(part.tone, rect, sign))
        at += wide
    svg = Markup('<svg class="bar" role="img" aria-label="{}: {}">{}</svg>').format(title, told, Markup("").join(out))
    return Markup('<figure class="chart"><figcaption>{}</figcaption>{}{}</figure>').format(title, svg, legend(shown))


def legend(parts: Iterable[Part]) -> Markup:
    """The names of parts with their signs, counts and shares."""
    from markupsafe import Markup

    listed = list(parts)
    total = sum(part.count for part in listed) or 1
    rows = []
    for part in listed:
        name = Markup("{} <b>{}</b> <small>{:.0%}</small>").format(visible(part.name), part.count, part.count / total)
        if part.href:
            name = Markup('<a href="{}">{}</a>').format(part.href, name)
        key = Markup('<span class="key {}" aria-hidden="true">{}</span>').format(part.tone, part.sign)
        rows.append(Markup("<li>{}{}</li>").format(key, name))
    return Markup('<ul class="legend">{}</ul>').format(Markup("").join(rows))


def bars(title: str, rows: Iterable[tuple[str, int]], unit: str, tone: str = "near", most: int = 0) -> Markup:
    """A bar for each row, as a table: name, bar, count. `unit` names what is counted, `most` what fills the width;
    0: the largest of them does. Nothing when there are no rows.
    """
    from markupsafe import Markup

    listed = list(rows)
    if not listed:
        return Markup()
    most = most or max(count for _, count in listed) or 1
    lines = []
    for name, count in listed:
        rect = Markup('<rect class="{}" width="{:.3f}%" height="100%"/>').format(tone, 100 * count / most)
        drawn = Markup('<svg class="bar" aria-hidden="true">{}</svg>').format(rect)
        cells = '<tr><th scope="row">{}</th><td class="number">{:,}</td><td class="drawn">{}</td></tr>'
        lines.append(Markup(cells).format(visible(name), count, drawn))
    head = Markup('<tr class="vh"><th scope="col">{}</th><th scope="col">{}</th><td></td></tr>').format(title, unit)
    table = '<table class="bars"><caption>{}</caption><thead>{}</thead><tbody>{}</tbody></table>'
    return Markup(f'<figure class="chart">{table}</figure>').format(title, head, Markup("").join(lines))
