"""Puts a picture together: the kernel that was asked for beside the built-in ones, the modes, and a configuration."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from graphs.failing import FailingOverlay, overlay_of
from graphs.picture import Picture, picture_of
from graphs.view import LIMIT, view_of
from kcfg.answers.judge import Judge
from kcfg.base.errors import Impossible, UserError
from kcfg.base.version import KernelVersion
from kcfg.kconfig.kernels import Kernel, open_kernel
from kcfg.kconfig.models import snapshots
from profiles.loader import load_profile
from profiles.schema import Profile

DEFAULT_MODES = {
    "x86_64": ("pv-domu", "pvh-domu", "pv-dom0", "pvh-dom0"),
    "i386": ("pvh-domu", "pvhvm-domu"),
    "arm64": ("arm64-domu", "arm64-dom0"),
}


class Drawn(msgspec.Struct, frozen=True):
    """A picture and what it was made of; `overlay` is None without a configuration."""

    picture: Picture
    kernels: tuple[Kernel, ...]
    profiles: tuple[Profile, ...]
    judge: Judge
    overlay: FailingOverlay | None = None

    @property
    def heading(self) -> str:
        """What is to be seen, in one line."""
        view = self.picture.view
        config = f"; {self.overlay.config}" if self.overlay else ""
        config += f", by the rules for Linux {self.judge.own_version}" if config and self.judge.other_series else ""
        return f"Linux {view.version} {view.arch}: {', '.join(view.modes)}{config}"


def compose(
    judge: Judge, profiles: Sequence[Profile], *, valued: bool = False, others: bool = True, limit: int = LIMIT
) -> Drawn:
    """The picture of a judge's kernel for these modes, beside the built-in kernels of its architecture if `others`.

    `valued`: the judge has a configuration, whose values and failing paths belong into the picture. Its own version
    chooses the modes' rules on the judge's kernel, as it does where they are checked.
    """
    profiles = tuple(profiles)
    overlay = overlay_of(judge, profiles) if valued else None
    kernels = beside(judge.kernel) if others else (judge.kernel,)
    current = kernels.index(judge.kernel)
    extra = overlay.symbols if overlay else ()
    views = [
        view_of(
            kernel.model,
            profiles,
            resolver=judge.resolver if valued and at == current else None,
            limit=limit,
            extra=extra if at == current else (),
            rules=judge.own_version if at == current else "",
        )
        for at, kernel in enumerate(kernels)
    ]
    return Drawn(picture_of(views, current), kernels, profiles, judge, overlay)


def beside(kernel: Kernel) -> tuple[Kernel, ...]:
    """A kernel and the built-in ones of other series for its architecture, oldest first."""
    version = KernelVersion.parse(kernel.model.version)
    own: tuple[int, ...] = (version.major, version.minor)
    others = [one for one in snapshots() if one.arch == kernel.model.arch and one.number != own]
    older = [open_kernel(kernel=one.series, arch=one.arch) for one in others if one.number < own]
    newer = [open_kernel(kernel=one.series, arch=one.arch) for one in others if one.number > own]
    return (*older, kernel, *newer)


def modes_of(text: str, arch: str, version: str) -> tuple[Profile, ...]:
    """The profiles that a list such as "pv-domu,pvh-domu" names; "" is the architecture's usual ones that exist.

    UserError for one that is unknown, Impossible for one that does not exist on the architecture or in the version.
    """
    names = [name.strip().removeprefix("mode:") for name in text.split(",") if name.strip()]
    if text and not names:
        raise UserError(f"no mode in {text!r}", hint="such as --modes pvh-domu,pv-domu")
    if not names and arch not in DEFAULT_MODES:
        raise UserError(f"--modes: no modes are drawn for {arch} unless they are named")
    if names:
        found, missing = named_modes(names, arch, version, "--modes", "--arch {} draws it")
    else:
        found, missing = usual_modes(arch, version)
    if names and missing:
        raise missing[0]
    if not found:
        none = f"none of the modes that are drawn unless others are named exists for Linux {version} {arch}"
        raise Impossible(f"{none}: {missing[0]}", where="--modes")
    return tuple({one.name: one for one in found.values()}.values())


class Found(NamedTuple):
    """Modes that exist for a kernel, by the names that were given, and why the others do not."""

    modes: dict[str, Profile]
    missing: list[Impossible]


def named_modes(names: Iterable[str], arch: str, version: str, where: str = "", hint: str = "") -> Found:
    """Those of the profiles that exist for a kernel. `where`: what the errors of the others begin with; `hint`: what to
    do about one of another architecture, {}.

    UserError for a profile that is unknown.
    """
    found = Found({}, [])
    for name in dict.fromkeys(names):
        profile = load_profile(name)
        fits, reason = profile.applicable(version, arch)
        if fits:
            found.modes[name] = profile
        elif arch in profile.arch:
            found.missing.append(Impossible(f"{profile.name}: {reason}", where=where))
        else:
            todo = hint.format(profile.arch[0]) if profile.arch else ""
            found.missing.append(Impossible(f"{profile.name} does not exist on {arch}", where=where, hint=todo))
    return found


def usual_modes(arch: str, version: str) -> Found:
    """The same of those that are meant where none is named."""
    return named_modes(DEFAULT_MODES.get(arch, ()), arch, version)
