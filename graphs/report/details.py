"""What the page tells of each option when it is chosen, for every kernel: data for its script, and for its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from graphs.build import mode_key
from graphs.failing import FailingOverlay
from graphs.picture import Picture, PlacedNode
from graphs.report.svg import line_classes, mode_numbers
from graphs.view import ViewLink, ViewNode
from kcfg.answers.describe import DefinitionPlace, ValuedStatement, describe
from kcfg.answers.judge import Judge
from kcfg.answers.report.sentences import sentence
from kcfg.base.text import visible
from kcfg.kconfig.config import Config
from kcfg.kconfig.model import Model
from profiles.schema import Profile

if TYPE_CHECKING:
    from graphs.compose import Drawn

SHOWN = 40
"""Selecting symbols that are listed by name; the page says how many more there are."""

Data = dict[str, Any]


def page_data(drawn: Drawn) -> Data:
    """Everything that the page's script needs, as JSON takes it."""
    picture, profiles, kernels, overlay = drawn.picture, drawn.profiles, drawn.kernels, drawn.overlay
    modes = mode_numbers(picture)
    judges = [Judge(Config(name=""), kernel) for kernel in kernels]
    data: Data = {
        "kernels": [
            {"version": view.version, "nodes": len(view.nodes), "left": view.left_out} for view in picture.views
        ],
        "current": picture.current,
        "modes": [{"name": p.name, "title": visible(p.title), "about": visible(p.about)} for p in profiles],
        "size": [picture.width, picture.height],
        "nodes": [
            {
                "key": node.key,
                "there": [defined(node, one.model) for one in judges],
                "box": [node.box.x, node.box.y, node.box.width, node.box.height],
                "states": shared([state_data(node, at, picture, judges, profiles) for at in range(len(kernels))]),
            }
            for node in picture.nodes
        ],
        "links": [
            {
                "s": link.source,
                "t": link.target,
                "kind": link.kind,
                "sign": link.sign,
                "states": shared([link_data(state, modes) for state in link.states]),
            }
            for link in picture.links
        ],
    }
    if overlay is not None:
        data["overlay"] = overlay_data(overlay, drawn.judge, picture)
    return data


def shared(states: Sequence[Data | None]) -> Data:
    """States without repeating equal ones: `of` has the index into `list` for each kernel, -1 for none."""
    unique: list[Data] = []
    of = []
    for state in states:
        if state is None:
            of.append(-1)
            continue
        if state not in unique:
            unique.append(state)
        of.append(unique.index(state))
    return {"of": of, "list": unique}


def defined(node: PlacedNode, model: Model) -> bool:
    """Whether a kernel has an option, be it in that kernel's view or not; modes and choices count as such."""
    return ":" in node.key or model.defined(node.key) is not None


def link_data(link: ViewLink | None, modes: Mapping[str, int]) -> Data | None:
    """A link in one kernel."""
    if link is None:
        return None
    return {
        "class": line_classes(link, modes),
        "implied": link.implied,
        "alternative": link.alternative,
        "text": [[one.place, f"{one.word} {one.text}".strip()] for one in link.statements],
    }


def state_data(
    node: PlacedNode, at: int, picture: Picture, judges: Sequence[Judge], profiles: Sequence[Profile]
) -> Data | None:
    """A node in one kernel."""
    state = node.states[at]
    if state is None:
        return None
    model, version = judges[at].model, picture.views[at].rules_version
    data: Data = {
        "part": state.part,
        "roles": list(state.roles),
        "levels": [list(state.levels[p.name]) if p.name in state.levels else None for p in profiles],
    }
    if state.part == "mode":
        profile = next(one for one in profiles if mode_key(one.name) == node.key)
        return data | {"void": profile.applicable(version, model.arch)[1]}
    if node.key.startswith("choice:"):
        return data | {"type": "choice", "places": [], "selected": []}
    if model.defined(node.key) is None:  # only mentioned, as another architecture's options are
        return data | {
            "type": "unknown",
            "prompt": "",
            "places": [],
            "selected": [],
            "more": 0,
            "implied": [],
            "rules": [],
        }
    report = describe(judges[at], node.key, "", valued=False)
    return data | {
        "type": report.type,
        "prompt": state.prompt,
        "places": [place_data(place) for place in report.definitions],
        "selected": [[str(one.where), one.text] for one in report.selected_by[:SHOWN]],
        "more": max(len(report.selected_by) - SHOWN, 0),
        "implied": [[str(one.where), one.text] for one in report.implied_by[:SHOWN]],
        "rules": rules_data(state, profiles, version, model.arch),
    }


def place_data(place: DefinitionPlace) -> Data:
    """A definition: where it is, and its statements."""
    prompt = (place.prompt,) if place.prompt is not None and place.prompt.text != "prompt" else ()
    statements: tuple[ValuedStatement, ...] = (*place.depends, *prompt, *place.defaults, *place.selects, *place.ranges)
    return {"where": str(place.where), "lines": [[str(one.where), one.text] for one in statements]}


def rules_data(state: ViewNode, profiles: Sequence[Profile], version: str, arch: str) -> list[Data]:
    """The modes' rules that name a symbol."""
    return [
        {"mode": number, "level": rule.level.value, "text": str(rule), "why": rule.why}
        for number, profile in enumerate(profiles)
        if profile.applicable(version, arch)[0]
        for rule in profile.rules_for(version, arch)
        if state.key in rule.symbols
    ]


def overlay_data(overlay: FailingOverlay, judge: Judge, picture: Picture) -> Data:
    """A configuration's values and failing paths."""
    symbols = [node.key for node in picture.nodes if judge.number(node.key) is not None]
    return {
        "config": overlay.config,
        "version": overlay.version,
        "values": {name: judge.value(name) for name in symbols},
        "paths": [
            {
                "mode": path.mode,
                "status": path.status.value,
                "note": path.note,
                "pairs": [list(pair) for pair in path.pairs],
                "roots": list(path.roots),
                "reasons": [
                    [sentence(reason), str(reason.where) if reason.where else "", reason.depth]
                    for reason in path.reasons
                ],
            }
            for path in overlay.paths
        ],
    }
