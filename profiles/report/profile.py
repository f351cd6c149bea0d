"""How profiles look as text."""

from __future__ import annotations

from collections.abc import Sequence

from kcfg.answers.report.words import labelled
from kcfg.base.text import command
from kcfg.show.terminal import Line, Look, paint
from profiles import Profile, ProfileInfo
from profiles.findings import SEVERE


def list_text(infos: Sequence[ProfileInfo], look: Look) -> str:
    """The list of profiles."""
    width = max((len(info.name) for info in infos), default=0)
    kinds = max((len(info.kind) for info in infos), default=0)
    lines: list[Line] = [
        [(f"{info.name:<{width}}", "strong"), (f"  {info.kind:<{kinds}}  ", "dim"), (info.title, "")] for info in infos
    ]
    if infos:
        lines += [[], [("next: ", "dim"), (command("kcfg", "profiles", infos[0].name), "command")]]
    return paint(lines, look)


def profile_text(profile: Profile, look: Look, named: str = "") -> str:
    """One profile with its rules and essentials. `named`: as the command line names it, for the next one."""
    lines: list[Line] = [[(profile.name, "strong"), (f"  {profile.kind}: {profile.title}", "")]]
    lines += labelled("about", profile.about, 2, look)
    lines += labelled("arch", ", ".join(profile.arch), 2, look) + labelled("kernel", profile.kernel, 2, look)
    for rule in profile.rules:
        where = ", ".join(part for part in (rule.scope.kernel, *rule.scope.arch) if part)
        head: Line = [
            (f"  {rule.level:<12}", "bad" if rule.level in SEVERE else "unsure"),
            (str(rule), "strong"),
        ]
        lines += [[], [*head, (f"  ({where})" if where else "", "dim")]]
        lines += labelled("why", rule.why, 4, look) + labelled("source", rule.source, 4, look)
    for group in profile.groups:
        members = [one for one in profile.essentials if one.group == group]
        lines += [
            [],
            [("  essentials  ", "dim"), (group, "strong"), (f": {', '.join(str(m.want) for m in members)}", "")],
        ]
    lines += [
        [],
        [("next: ", "dim"), (command("kcfg", "check", ".config", "--profile", named or profile.name), "command")],
    ]
    return paint(lines, look)
