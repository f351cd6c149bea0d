"""The picture as one page: the drawing, its controls, what is known of each option, and the same as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from graphs.picture import Picture, PlacedNode
from graphs.report.details import page_data
from graphs.report.svg import DARK, LIGHT, MARGIN, line_markup, mark, mode_numbers, node_markup, number, shown_at_first
from graphs.roles import load_roles
from graphs.view import ViewLink
from kcfg.base.text import visible
from kcfg.show.pages import ALONE, Frame, anchor, page

if TYPE_CHECKING:
    from markupsafe import Markup

    from graphs.compose import Drawn
    from kcfg.answers.judge import Judge
    from profiles.schema import Profile

SHARED = ("bg", "panel", "ink", "soft", "good", "bad")
"""Colours that the pages' own style gives values to."""
LARGEST = 1.2
"""How large a small picture gets on a wide screen."""
PARTS = {
    "rule": ("named by a mode", "A rule of one of the modes speaks of it."),
    "gate": ("needed by those", "Options that the modes name cannot be on without it."),
    "follows": (
        "selected or default",
        "Selected by the others, or without a prompt and on by default where its needs are met.",
    ),
}
KINDS = (
    ("depends", "depends on", "depends", True),
    ("select", "selects", "select", True),
    ("required", "a mode requires", "required m0", True),
    ("recommended", "a mode recommends", "recommended m0", False),
    ("default", "default or imply", "default", False),
    ("implied", "follows from others", "depends weak", False),
)
"""Filter, its words, the classes of its sample, and whether it is on at first."""


class TableRow(msgspec.Struct, frozen=True):
    """A row of the table."""

    key: str
    anchor: str
    label: str
    part: str
    roles: tuple[str, ...]
    levels: tuple[str, ...]
    needs: tuple[str, ...]
    selects: tuple[str, ...]
    kernels: str
    value: str


def graph_page(drawn: Drawn, frame: Frame = ALONE) -> str:
    """The page. In a site, "#XEN_PVH" behind its address shows that option."""
    picture, profiles, overlay, judge = drawn.picture, drawn.profiles, drawn.overlay, drawn.judge
    view = picture.view
    modes = mode_numbers(picture)
    roles = load_roles().roles
    used = {role for node in picture.nodes for state in node.states if state for role in state.roles}
    context = {
        "series": series(view.version),
        "arch": view.arch,
        "modes": [(p.name, p.title, n) for n, p in enumerate(profiles)],
        "mode_columns": [(p.name, "text") for p in profiles],
        "versions": [one.version for one in picture.views],
        "current": picture.current,
        "kinds": KINDS,
        "parts": [(key, *words) for key, words in PARTS.items()],
        "roles": [role for role in roles if role.name in used],
        "lines": lines_markup(picture, modes),
        "nodes": nodes_markup(picture, modes, profiles),
        "samples": {
            "required": samples("required", 1),
            "recommended": samples("recommended", 1),
            "off": samples("recommended", -1),
        },
        "viewbox": f"0 0 {number(picture.width + 2 * MARGIN)} {number(picture.height + 2 * MARGIN)}",
        "ratio": f"{number(picture.width + 2 * MARGIN)} / {number(picture.height + 2 * MARGIN)}",
        "margin": number(MARGIN),
        "tall": number((picture.height + 2 * MARGIN) * LARGEST),
        "count": len(view.nodes),
        "rows": [row(picture, node, profiles, judge if overlay else None) for node in picture.nodes if is_option(node)],
        "overlay": overlay,
        "rules": judge.own_version if judge.other_series else "",
        "note": judge.kernel.used.note if overlay else "",
        "data": page_data(drawn),
        "colours": {"light": variables(LIGHT), "dark": variables(DARK)},
    }
    return page("graphs/templates:graph.html.j2", context, frame)


def series(version: str) -> str:
    """6.12 of 6.12.117."""
    return ".".join(version.split(".")[:2])


def is_option(node: PlacedNode) -> bool:
    """Whether a node is no mode."""
    return all(state is None or state.part != "mode" for state in node.states)


def variables(colours: dict[str, str]) -> Markup:
    """Custom properties."""
    from markupsafe import Markup

    return Markup(";".join(f"--{name}:{value}" for name, value in colours.items() if name not in SHARED))


def samples(level: str, sign: int) -> Markup:
    """Two marks, for the legend."""
    from markupsafe import Markup

    return Markup(mark(0, 0, 4, level, sign) + (mark(2, 14, 4, level, sign) if sign > 0 else ""))


def lines_markup(picture: Picture, modes: dict[str, int]) -> Markup:
    """All lines of all kernels; those that are not shown at first are hidden."""
    from markupsafe import Markup

    out = []
    for at, link in enumerate(picture.links):
        now = link.states[picture.current]
        state = now or next(one for one in link.states if one is not None)
        hidden = "" if now is not None and shown_at_first(now) else ' hidden=""'
        out.append(line_markup(link, state, modes, f' data-l="{at}"{hidden}'))
    return Markup("".join(out))


def nodes_markup(picture: Picture, modes: dict[str, int], profiles: Sequence[Profile]) -> Markup:
    """All nodes of all kernels, as buttons with names; those of other kernels are hidden."""
    from markupsafe import Markup

    out = []
    for at, node in enumerate(picture.nodes):
        now = node.states[picture.current]
        state = now or next(one for one in node.states if one is not None)
        asked = zip(profiles, words(state.levels, profiles), strict=True)
        names = [f"{profile.name} {word}" for profile, word in asked if word]
        label = f"mode {state.label}" if state.part == "mode" else state.label
        text = f"{label}: {', '.join(names)}" if names else label
        hidden = "" if now is not None else ' hidden=""'
        name = Markup.escape(visible(text))
        more = f' data-id="{anchor(state.label)}" data-n="{at}" role="button" tabindex="{0 if at == 0 else -1}"'
        more += f' aria-pressed="false" aria-label="{name}"{hidden}'
        out.append(node_markup(node, state, modes, more))
    return Markup("".join(out))


def words(levels: Mapping[str, tuple[str, int]], profiles: Sequence[Profile]) -> list[str]:
    """What each mode asks for: "required", "recommended off", or ""."""
    out = []
    for profile in profiles:
        level = levels.get(profile.name)
        out.append("" if level is None else level[0] + (" off" if level[1] < 0 else ""))
    return out


def row(picture: Picture, node: PlacedNode, profiles: Sequence[Profile], judge: Judge | None) -> TableRow:
    """The table's row of an option, as it is in the kernel that is shown first, else in the first that has it."""
    at = picture.current if node.states[picture.current] else next(n for n, one in enumerate(node.states) if one)
    state = node.states[at]
    assert state is not None
    own = [link for one in picture.links if (link := one.states[at]) is not None and link.source == node.key]

    def named(kinds: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(told(link) for link in own if link.kind in kinds))

    return TableRow(
        key=node.key,
        anchor=anchor(state.label),
        label=state.label,
        part=PARTS[state.part][0],
        roles=state.roles,
        levels=tuple(words(state.levels, profiles)),
        needs=named(("depends", "choice")),
        selects=named(("select",)),
        kernels=" ".join(
            series(view.version) for view, one in zip(picture.views, node.states, strict=True) if one is not None
        ),
        value=judge.value(node.key) if judge is not None else "",
    )


def told(link: ViewLink) -> str:
    """A link's other end in words."""
    name = link.target.partition(":")[2] or link.target
    return ("!" if link.sign < 0 else "") + name + (" (or others)" if link.alternative else "")
