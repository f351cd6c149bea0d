"""The built-in profiles and the table of renames against real kernels' Kconfig, and profiles on Debian's configs."""

from __future__ import annotations

import lzma
import re
from functools import cache
from pathlib import Path

import pytest
from packaging.version import Version

from kcfg.answers.renames import load_renames
from profiles import Profile, list_profiles, load_profile, modes
from profiles.findings import Level
from profiles.loader import built_in_names
from tests.conformance import kernels

_CONFIG = re.compile(r"^\s*(?:menu)?config\s+(\w+)", re.MULTILINE)
_TRANSITIONAL = re.compile(r"^\s*config\s+(\w+)\n\s+\w+\n\s+transitional", re.MULTILINE)
_LINE = re.compile(r"^CONFIG_(\w+)=(.*)$", re.MULTILINE)
_X86_MODES = [name for name in modes() if not name.startswith("arm64")]

pytestmark = pytest.mark.skipif(not kernels.available(), reason="no kernels in the test cache")


@cache
def definitions(kernel: kernels.Kernel) -> list[tuple[str, frozenset[str]]]:
    """For each Kconfig file of a tree: the architecture whose it is ("" for every one), and the symbols it defines."""
    found = []
    for path in kernel.tree.rglob("Kconfig*"):
        if path.is_file():
            parts = path.relative_to(kernel.tree).parts
            text = path.read_text(encoding="utf-8", errors="replace")
            symbols = frozenset(_CONFIG.findall(text)) - frozenset(_TRANSITIONAL.findall(text))
            found.append((parts[1] if parts[0] == "arch" and len(parts) > 2 else "", symbols))
    return found


@cache
def defined(kernel: kernels.Kernel, arch: str = "") -> frozenset[str]:
    """The symbols that a tree defines, those of other architectures left out when one is asked for."""
    folder = {"x86_64": "x86", "i386": "x86"}.get(arch, arch)
    return frozenset().union(*(syms for owner, syms in definitions(kernel) if not owner or not arch or owner == folder))


def missing(profile: Profile, kernel: kernels.Kernel, arch: str) -> list[str]:
    """The profile's symbols that the kernel does not have although the profile says that they count there."""
    wanted = [(s, rule.id) for rule in profile.rules_for(kernel.version, arch) for s in rule.symbols]
    wanted += [(one.symbol, one.id) for one in profile.essentials_for(kernel.version, arch)]
    return [f"{profile.name}.{where}: {s}" for s, where in wanted if s not in defined(kernel, arch)]


@pytest.mark.parametrize("kernel", kernels.available(), ids=lambda kernel: kernel.name)
def test_every_symbol_of_a_built_in_profile_exists_where_its_rule_applies(kernel: kernels.Kernel) -> None:
    wrong = [
        text
        for name in built_in_names()
        for arch in load_profile(name).arch
        if load_profile(name).applicable(kernel.version, arch)[0]
        for text in missing(load_profile(name), kernel, arch)
    ]
    assert wrong == []


def test_every_rule_applies_to_some_kernel() -> None:
    profiles = [load_profile(info.name) for info in list_profiles()]
    seen = {
        (rule.profile, rule.id)
        for profile in profiles
        for kernel in kernels.available()
        for arch in profile.arch
        for rule in profile.rules_for(kernel.version, arch)
    }
    assert {(rule.profile, rule.id) for profile in profiles for rule in profile.rules} == seen


@pytest.mark.parametrize("kernel", kernels.available(), ids=lambda kernel: kernel.name)
def test_renamed_symbols_are_gone_since_their_release_and_there_before(kernel: kernels.Kernel) -> None:
    here, series = defined(kernel), Version(kernel.name)
    for old, rename in load_renames().items():
        if series >= Version(rename.since):
            assert old not in here
            assert not rename.new or rename.new in here, rename
        elif rename.last_seen and series == Version(rename.last_seen) and old != "XEN_BALLOON_MEMORY_HOTPLUG_LIMIT":
            assert old in here, rename


def possible(profile: Profile, values: dict[str, str], version: str, arch: str) -> bool:
    """Whether a configuration keeps all that the profile requires and forbids."""
    return profile.applicable(version, arch)[0] and all(
        any(all(values.get(want.symbol, "n") in want.value for want in way.wants) for way in rule.alternatives)
        for rule in profile.rules_for(version, arch)
        if rule.level is not Level.RECOMMENDED
    )


def _shipped() -> list[tuple[kernels.Kernel, str, Path]]:
    return [(k, name, path) for k in kernels.available() for name, path in kernels.distribution_configs(k).items()]


@pytest.mark.parametrize(("kernel", "name", "path"), _shipped(), ids=lambda value: str(getattr(value, "name", value)))
def test_debians_kernels_run_in_the_modes_that_they_are_known_for(
    kernel: kernels.Kernel, name: str, path: Path
) -> None:
    values = dict(_LINE.findall(lzma.decompress(path.read_bytes()).decode()))
    arch = "arm64" if "ARM64" in values else "x86_64"
    can = {mode for mode in modes() if possible(load_profile(mode), values, kernel.version, arch)}
    if arch == "arm64":
        expected = {"arm64-domu", "arm64-dom0", "driver-domain"}
    elif "cloud" in path.name:
        expected = {"pv-domu", "pvh-domu", "pvhvm-domu", "driver-domain", "xenstore-domain"}
    else:
        expected = set(_X86_MODES)
    if kernel.series < (5, 15):
        expected.discard("pvh-dom0")
    assert can == expected


def _arch(profile: Profile) -> str:
    return "x86_64" if "x86_64" in profile.arch else profile.arch[0]


def _sample() -> list[tuple[kernels.Kernel, str]]:
    """Each mode on one kernel, and each kernel with some modes: one run of conf takes two seconds."""
    pairs = []
    for n, mode in enumerate(modes()):
        profile = load_profile(mode)
        have = [k for k in kernels.available() if profile.applicable(k.version, _arch(profile))[0]]
        pairs += [(have[n % len(have)], mode)] if have else []
    return pairs


@pytest.mark.parametrize(("kernel", "mode"), _sample(), ids=lambda value: str(getattr(value, "name", value)))
def test_required_rules_and_essentials_over_allnoconfig_survive_the_kernels_own_conf(
    kernel: kernels.Kernel, mode: str
) -> None:
    profile = load_profile(mode)
    arch = _arch(profile)
    wants = [
        want
        for rule in profile.rules_for(kernel.version, arch)
        if rule.level is Level.REQUIRED
        for want in rule.alternatives[0].wants
    ] + [one.want for one in profile.essentials_for(kernel.version, arch)]
    gates = ["64BIT=y", "BLOCK=y", "MODULES=y"]
    lines = gates + [f"{want.symbol}={want.value[0]}" for want in wants]
    made = kernels.run_conf(kernel, arch, "--allnoconfig", allconfig="".join(f"CONFIG_{one}\n" for one in lines))
    values = dict(_LINE.findall(made.text))
    assert [
        f"{want} got {values.get(want.symbol)}" for want in wants if values.get(want.symbol) not in want.value
    ] == []
