"""The trend as a chart of a page: layers that stretch with it, words that do not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kcfg.show.charts import Part, legend
from patches.findings import TrendPoint, TrendReport
from patches.report.svg import GROUPS, nice, outline, seconds, steps

if TYPE_CHECKING:
    from markupsafe import Markup

GROUP_TONES = ("good", "near", "part", "back", "sent", "bad", "dim")
"""The tones of svg.GROUPS on a page."""
GROUP_SIGNS = ("✓", "≈", "◐", "↶", "@", "·", "?")
SIDE = 1000
"""Units of the layers' own square, which is stretched to the page."""
LAST = 0.02
"""The share of the chart's time for which the last revision is drawn."""
MARKS = 12
"""Dates below the chart at most; a narrow page shows every second one."""


def area(report: TrendReport) -> Markup:
    """How many patches each revision carried, stacked by what became of them; the legend has the last one's figures."""
    from markupsafe import Markup

    points = report.points
    times = [seconds(one) for one in points]
    first, last = times[0], times[-1] + LAST * (times[-1] - times[0])
    most = nice(max(one.patches for one in points)) or 5

    def x(time: float) -> float:
        return SIDE * ((time - first) / (last - first) if last > first else 0.5)

    def y(count: float) -> float:
        return SIDE - SIDE * count / most

    shapes, parts, below = [], [], [0] * len(points)
    for (name, verdicts, _), tone, sign in zip(GROUPS, GROUP_TONES, GROUP_SIGNS, strict=True):
        counts = [sum(one.verdicts.get(verdict, 0) for verdict in verdicts) for one in points]
        if not any(counts):
            continue
        above = [low + count for low, count in zip(below, counts, strict=True)]
        shape = layer([*times, last], [*above, above[-1]], [*below, below[-1]], x, y)
        told = f"{name}: {counts[0]} at first, {counts[-1]} at last"
        shapes.append(Markup('<path class="{}" d="{}"><title>{}</title></path>').format(tone, shape, told))
        parts.append(Part(name, counts[-1], tone, sign))
        below = above
    if last > first:
        drawn_times, counts = [*times, last], [*below, below[-1]]
        shapes.append(Markup('<path class="line" d="{}"/>').format(outline(drawn_times, counts, x, y)))
    frame = '<svg viewBox="0 0 {0} {0}" preserveAspectRatio="none" width="100%" height="100%">{1}</svg>'
    drawn = Markup(frame).format(SIDE, Markup("").join(shapes))
    told = (
        f"From {points[0].patches} patches on {points[0].date[:10]} to {points[-1].patches} on {points[-1].date[:10]}"
    )
    svg = Markup('<svg class="area" role="img" aria-label="{}">{}{}{}</svg>').format(
        f"{told}: " + ", ".join(f"{part.name} {part.count}" for part in parts), drawn, levels(most), dates(points, x)
    )
    title = "Patches carried, by what is upstream today; the legend counts the last revision"
    figure = '<figure class="chart"><figcaption>{}</figcaption>{}{}</figure>'
    return Markup(figure).format(title, svg, legend(reversed(parts)))


def layer(times: Sequence[float], above: Sequence[int], below: Sequence[int], x: object, y: object) -> str:
    """A layer's outline; a single revision fills the width."""
    assert callable(x)
    assert callable(y)
    if times[0] == times[-1]:
        return f"M0 {y(above[0]):.1f}H{SIDE}V{y(below[0]):.1f}H0Z"
    return steps(times, above, below, x, y)


def levels(most: int) -> Markup:
    """Lines of equal counts, each with its count on it."""
    from markupsafe import Markup

    out = []
    for number in range(1, 6):
        at = 100 - 20 * number
        line = '<line class="grid" x1="0" x2="100%" y1="{0}%" y2="{0}%"/>'
        out.append(
            Markup(line + '<text class="halo" x="4" y="{0}%" dy="{1}">{2}</text>').format(
                at, 13 if number == 5 else -4, most * number // 5
            )
        )
    return Markup("").join(out)


def dates(points: Sequence[TrendPoint], x: object) -> Markup:
    """Years below the chart, or months where it is short."""
    from markupsafe import Markup

    assert callable(x)
    first, last = seconds(points[0]), seconds(points[-1])
    begin, end = datetime.fromtimestamp(first, UTC), datetime.fromtimestamp(last, UTC)
    months = (end.year - begin.year) * 12 + end.month - begin.month
    if months >= 36:
        marks = [(str(year), datetime(year, 1, 1, tzinfo=UTC)) for year in range(begin.year + 1, end.year + 1)]
    else:
        every = [divmod(begin.month - 1 + number, 12) for number in range(1, months + 1)]
        marks = [
            (f"{begin.year + more}-{month + 1:02}", datetime(begin.year + more, month + 1, 1, tzinfo=UTC))
            for more, month in every
        ]
    step = max(1, -(-len(marks) // MARKS))
    out = []
    for number, (text, at) in enumerate(marks[::step]):
        share = x(at.timestamp()) * 100 / SIDE
        if 4 <= share <= 96:
            line = '<text class="date{}" x="{:.2f}%" y="100%" dy="18">{}</text>'
            out.append(Markup(line).format(" odd" if number % 2 else "", share, text))
    return Markup("").join(out)
