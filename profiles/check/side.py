"""What a site of reports has to tell: several configurations against several modes, side by side; plain data.

The patch half's reports and the graph are put beside it by the command.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import takewhile

import msgspec

from kcfg.answers.judge import Judge
from kcfg.base.errors import UserError
from profiles import Profile, ProfileKind, list_profiles, load_profile
from profiles.check.check import RuleJudge, check_config
from profiles.check.verdicts import config_error
from profiles.findings import SEVERE, ConfigResult, ModeRow

_BETWEEN = re.compile(r"([-_])")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")

OpenJudge = Callable[[str], Judge]


class AskedBy(msgspec.Struct, frozen=True):
    """A mode that speaks of an option, and the weight of the heaviest rule with which it does."""

    mode: str
    level: str


class Option(msgspec.Struct, frozen=True):
    """An option that a rule of the modes names, and its value in each configuration; "" where it is not known."""

    symbol: str
    asked_by: tuple[AskedBy, ...]
    values: tuple[str, ...]


class ConfigPart(msgspec.Struct, frozen=True):
    """One configuration: its findings, and a row for each of the site's modes; None where the mode is not of its
    architecture. `slug` is unique in the site and fit for a file's name, `name` unique and fit for a head.
    """

    slug: str
    name: str
    result: ConfigResult
    rows: tuple[ModeRow | None, ...] = ()


class ConfigSide(msgspec.Struct, frozen=True):
    """All configurations, modes and options, side by side. `modes` are (name, title)."""

    modes: tuple[tuple[str, str], ...]
    configs: tuple[ConfigPart, ...]
    options: tuple[Option, ...]


def side_by_side(
    configs: Sequence[str], modes: Sequence[str], judge_of: OpenJudge
) -> tuple[ConfigSide, dict[str, Judge]]:
    """The configurations against the modes (none named: all that fit one of their architectures), and the judges by the
    configurations' slugs. A configuration that cannot be read or evaluated is a part that says so, and has no judge.

    Raises UserError for a mode that does not exist.
    """
    wanted = [load_profile(name) for name in dict.fromkeys(modes)] or every_mode()
    judged: list[tuple[str, Judge | None, ConfigResult]] = []
    for config in configs:
        try:
            judge = judge_of(config)
            judged.append((config, judge, check_config(judge, fitting(judge, wanted))))
        except UserError as error:
            judged.append((config, None, config_error(config, str(error), error.status)))
    judges = [judge for _, judge, _ in judged if judge is not None]
    if not modes:
        wanted = [one for one in wanted if any(judge.model.arch in one.arch for judge in judges)]
    names, slugs = short_names(configs), slugs_of(configs)
    parts = tuple(
        ConfigPart(slug, name, result, tuple(row_of(judge, one) for one in wanted) if judge else ())
        for slug, name, (_, judge, result) in zip(slugs, names, judged, strict=True)
    )
    side = ConfigSide(
        modes=tuple((one.name, one.title) for one in wanted),
        configs=parts,
        options=options_of([judge for _, judge, _ in judged], wanted),
    )
    return side, {slug: judge for slug, (_, judge, _) in zip(slugs, judged, strict=True) if judge is not None}


def every_mode() -> list[Profile]:
    """The built-in modes in their order."""
    return [load_profile(info.name) for info in list_profiles() if info.kind == ProfileKind.MODE]


def fitting(judge: Judge, wanted: Iterable[Profile]) -> list[Profile]:
    """The profiles of a kernel's architecture."""
    return [one for one in wanted if judge.model.arch in one.arch]


def row_of(judge: Judge, profile: Profile) -> ModeRow | None:
    """A cell of the matrix."""
    return RuleJudge(judge).mode_row(profile) if judge.model.arch in profile.arch else None


def options_of(judges: Sequence[Judge | None], wanted: Sequence[Profile]) -> tuple[Option, ...]:
    """The options that the modes' rules name, in the modes' order."""
    asked: dict[str, dict[str, str]] = {}
    for profile in wanted:
        for judge in judges:
            if judge is None or judge.model.arch not in profile.arch:
                continue
            for rule in RuleJudge(judge).rules(profile):
                for symbol in rule.symbols:
                    levels = asked.setdefault(symbol, {})
                    before = levels.get(profile.name)
                    if before is None or (rule.level in SEVERE and before not in SEVERE):
                        levels[profile.name] = rule.level.value
    return tuple(
        Option(
            symbol,
            tuple(AskedBy(mode, level) for mode, level in levels.items()),
            tuple(value_of(judge, symbol) for judge in judges),
        )
        for symbol, levels in asked.items()
    )


def value_of(judge: Judge | None, symbol: str) -> str:
    """A symbol's value in a configuration; "" where the kernel has no such symbol or it cannot be told."""
    if judge is None or judge.number(symbol) is None or judge.doubt(symbol) is not None:
        return ""
    return judge.value(symbol)


def short_names(paths: Sequence[str]) -> list[str]:
    """The paths without the folders, and without the first words of their names, that all share: config-6.12-amd64 and
    config-6.12-arm64 are amd64 and arm64. Each stays different from the others.
    """
    if len(paths) == 1:
        return [os.path.basename(paths[0].rstrip("/")) or paths[0]]
    split = [path.rstrip("/").split("/") for path in paths]
    rest = ["/".join(parts[shared(parts[:-1] for parts in split) :]) for parts in split]
    words = [_BETWEEN.split(name) for name in rest]
    same = shared(parts[:-1] for parts in words) // 2 * 2  # whole words, each with what follows it
    return ["".join(parts[same:]) for parts in words]


def shared(lists: Iterable[Sequence[str]]) -> int:
    """How many parts all have in common at their beginning."""
    return sum(1 for _ in takewhile(lambda level: len(set(level)) == 1, zip(*lists, strict=False)))


def slugs_of(paths: Sequence[str]) -> list[str]:
    """Names for files: of each path's last part, numbered where two are the same (also on a disk that ignores case)."""
    out: list[str] = []
    used: set[str] = set()
    for path in paths:
        base = _NOT_IN_NAMES.sub("-", os.path.basename(path.rstrip("/")))[:80].strip("-.") or "config"
        slug, number = base, 1
        while slug.lower() in used:
            number += 1
            slug = f"{base}-{number}"
        used.add(slug.lower())
        out.append(slug)
    return out
