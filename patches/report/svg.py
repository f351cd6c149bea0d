"""A chart as SVG: how many patches a queue carried at each revision, stacked by what became of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from kcfg.base.text import visible
from kcfg.show.terminal import Look
from patches.findings import TrendPoint, TrendReport, Verdict

Scale = Callable[[float], float]

WIDTH, HEIGHT = 1040, 520
LEFT, RIGHT, TOP, BOTTOM = 64, 240, 76, 64
AFTER = 0.015
"""How far the last count goes on, as a share of the time before."""
LABEL = 34
"""Pixels that the name of a version needs."""
GROUPS = (
    ("merged, identical", (Verdict.MERGED,), "#1b7837"),
    ("merged, changed", (Verdict.MODIFIED, Verdict.SQUASHED, Verdict.SPLIT), "#7fbf7b"),
    ("in part, or on stable only", (Verdict.PARTIAL, Verdict.STABLE_ONLY), "#c7b42c"),
    ("reverted or superseded", (Verdict.REVERTED, Verdict.SUPERSEDED), "#af8dc3"),
    ("submitted", (Verdict.SUBMITTED,), "#5aa2d6"),
    ("not upstream", (Verdict.NOT_UPSTREAM, Verdict.CLAIMS_WRONG), "#d6604d"),
    ("cannot be told", (Verdict.UNKNOWN,), "#9a9a9a"),
)
"""Layers from the bottom up: name, verdicts, colour."""


def trend(report: TrendReport, look: Look) -> str:
    """The chart; a reader without eyes gets the figures in its description, and each layer its own title."""
    points = report.points
    times = [seconds(one) for one in points]
    first, last = times[0], times[-1] + AFTER * (times[-1] - times[0])
    longer = int(last > first)  # the last count is drawn, too
    times += [last] * longer
    most = nice(max(one.patches for one in points))

    def x(time: float) -> float:
        span = last - first
        return LEFT + (WIDTH - LEFT - RIGHT) * ((time - first) / span if span else 0.5)

    def y(count: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * count / most

    title = f"Patches carried by {visible(report.queue)}"
    told = f"From {points[0].patches} on {points[0].date[:10]} to {points[-1].patches} on {points[-1].date[:10]}."
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        ' role="img" aria-labelledby="title description" font-family="system-ui, sans-serif" font-size="13">',
        f'<title id="title">{escape(title)}</title><desc id="description">{escape(told)}</desc>',
        "<style>svg{background:#fff;color:#222}text{fill:currentColor}.grid{stroke:#ddd}.thin{fill:#666}"
        ".base{stroke:#222;stroke-dasharray:3 3;opacity:.55}"
        "@media(prefers-color-scheme:dark){svg{background:#16181c;color:#e8e8e8}.grid{stroke:#333}.thin{fill:#aaa}"
        ".base{stroke:#eee}}"
        "</style>",
        f'<text x="{LEFT}" y="28" font-size="18" font-weight="600">{escape(shortened(title, 84))}</text>',
    ]
    out += grid(most, y)
    out += months(first, last, x)
    drawn, below = [], [0] * len(points)
    for name, verdicts, colour in GROUPS:
        counts = [sum(one.verdicts.get(verdict, 0) for verdict in verdicts) for one in points]
        if not any(counts):
            continue
        above = [low + count for low, count in zip(below, counts, strict=True)]
        drawn.append((name, colour, counts[-1]))
        shape = steps(times, above + above[-1:] * longer, below + below[-1:] * longer, x, y)
        label = f"{name}: {counts[0]} at first, {counts[-1]} at last"
        out.append(f'<path d={quoteattr(shape)} fill="{colour}"><title>{escape(label)}</title></path>')
        below = above
    out += versions(points, x)
    line = outline(times, below + below[-1:] * longer, x, y)
    out += [
        f'<path d={quoteattr(line)} fill="none" stroke="currentColor" stroke-width="1.5"/>',
        f'<text x="{WIDTH - RIGHT + 10:.0f}" y="{TOP + 6}" font-weight="600">'
        f"{points[-1].date[:10]}: {points[-1].patches} patches</text>",
    ]
    for number, (name, colour, count) in enumerate(reversed(drawn)):
        top = TOP + 24 + 24 * number
        out.append(f'<rect x="{WIDTH - RIGHT + 10}" y="{top}" width="14" height="14" fill="{colour}"/>')
        out.append(f'<text x="{WIDTH - RIGHT + 30}" y="{top + 12}">{escape(name)}: {count}</text>')
    against = ", ".join(visible(one.name) for one in report.upstream)
    foot = f"verdicts of today, against {against}"
    out.append(f'<text class="thin" x="{LEFT}" y="{HEIGHT - 14}" font-size="11">{escape(shortened(foot, 130))}</text>')
    return "\n".join([*out, "</svg>"]) + "\n"


def seconds(one: TrendPoint) -> float:
    """A point's date."""
    return datetime.fromisoformat(one.date.replace("Z", "+00:00")).timestamp() if one.date else 0.0


def nice(count: int) -> int:
    """A round number that is not less."""
    for step in (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10000):
        if step * 5 >= count:
            return step * 5
    return count


def grid(most: int, y: Scale) -> list[str]:
    """Lines of equal counts."""
    out = []
    for number in range(6):
        count = most * number // 5
        out.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(count):.1f}" y2="{y(count):.1f}"/>')
        out.append(f'<text x="{LEFT - 8}" y="{y(count) + 4:.1f}" text-anchor="end">{count}</text>')
    return out


def months(first: float, last: float, x: Scale) -> list[str]:
    """Years below the chart, or months where it is short."""
    from datetime import UTC

    begin, end = datetime.fromtimestamp(first, UTC), datetime.fromtimestamp(last, UTC)
    years = end.year - begin.year
    marks = [datetime(year, 1, 1, tzinfo=UTC) for year in range(begin.year + 1, end.year + 1)]
    form = "%Y"
    if years < 3:
        marks = [
            datetime(begin.year + m // 12, m % 12 + 1, 1, tzinfo=UTC) for m in range(begin.month, begin.month + 36)
        ]
        marks = [one for one in marks if one <= end]
        form = "%Y-%m"
    every = max(1, -(-len(marks) // 12))
    out = []
    for one in marks[::every]:
        at = x(one.timestamp())
        out.append(f'<line class="grid" x1="{at:.1f}" x2="{at:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>')
        out.append(f'<text x="{at:.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{one.strftime(form)}</text>')
    return out


def versions(points: Sequence[TrendPoint], x: Scale) -> list[str]:
    """Where the queue moved to another version of the upstream; names that would lie on one another are left out."""
    out, before, free = [], "", 0.0
    for one in points:
        base = ".".join(one.base.split(".")[:2])
        if not base or base == before:
            continue
        before, at = base, x(seconds(one))
        out.append(f'<line class="base" x1="{at:.1f}" x2="{at:.1f}" y1="{TOP - 8}" y2="{HEIGHT - BOTTOM}"/>')
        if at >= free:
            out.append(f'<text class="thin" x="{at:.1f}" y="{TOP - 12}">{escape(shortened(visible(base), 12))}</text>')
            free = at + LABEL
    return out


def steps(times: Sequence[float], above: Sequence[int], below: Sequence[int], x: Scale, y: Scale) -> str:
    """A layer: a count stands until the next revision."""
    if len(times) == 1:
        left, right = LEFT, WIDTH - RIGHT
        return f"M{left} {y(above[0]):.1f}H{right}V{y(below[0]):.1f}H{left}Z"
    there = stairs(times, above, x, y)
    back = stairs(times, below, x, y)[::-1]
    return "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in [*there, *back]) + "Z"


def stairs(times: Sequence[float], counts: Sequence[int], x: Scale, y: Scale) -> list[tuple[float, float]]:
    """The corners of a line that steps at each revision."""
    out = [(x(times[0]), y(counts[0]))]
    for number in range(1, len(times)):
        out += [(x(times[number]), y(counts[number - 1])), (x(times[number]), y(counts[number]))]
    return out


def outline(times: Sequence[float], counts: Sequence[int], x: Scale, y: Scale) -> str:
    """The line of all patches."""
    return "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in stairs(times, counts, x, y))


def shortened(text: str, room: int) -> str:
    """The text, no longer than the room."""
    return text if len(text) <= room else f"{text[: room - 1]}…"


RENDERERS = {TrendReport: trend}
