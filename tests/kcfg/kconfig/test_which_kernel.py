"""Which built-in model judges a configuration, and what is told of the choice."""

from __future__ import annotations

import pytest

from kcfg.base.errors import CannotEvaluate, UserError
from kcfg.base.version import KernelVersion
from kcfg.kconfig import arches
from kcfg.kconfig.config import Config, parse_config
from kcfg.kconfig.kernels import choose, closest, open_kernel, other_arch, which_arch
from kcfg.kconfig.models import built_in, nearest, snapshots


def config_of(version: str, *names: str) -> Config:
    head = f"# Linux/x86 {version} Kernel Configuration\nCONFIG_X86_64=y\n" if version else "CONFIG_X86_64=y\n"
    return parse_config(head + "".join(f"CONFIG_{name}=y\n" for name in names), "c")


def test_a_configurations_own_series_says_nothing_of_the_choice() -> None:
    one, exact, note = choose(config_of("6.12.43"), "", "x86_64")
    assert (one.series, one.arch, exact, note) == ("6.12", "x86_64", True, "")
    one, exact, note = choose(config_of("6.12.43"), "6.12", "x86_64")
    assert (one.series, exact, note) == ("6.12", True, "")
    assert open_kernel(config_of("6.12.43")).used.note == ""


def test_another_series_says_which_and_why() -> None:
    one, exact, note = choose(config_of("6.12.43"), "6.1", "x86_64")
    assert (one.series, exact, bool(note)) == ("6.1", True, True)
    one, exact, note = choose(config_of("6.5.0"), "", "x86_64")
    assert (exact, bool(note)) == (False, True)
    newest = snapshots()[-1].series
    for config in (None, config_of("")):
        one, exact, note = choose(config, "", "x86_64")
        assert (one.series, exact, bool(note)) == (newest, False, True)
    assert choose(None, "6.1", "x86_64")[1:] == (True, "")
    with pytest.raises(UserError):
        choose(None, "4.4", "x86_64")
    with pytest.raises(CannotEvaluate):
        choose(None, "", "i386")


def test_between_two_series_the_one_that_knows_more_of_the_symbols_judges() -> None:
    have = [one for one in snapshots() if one.arch == "x86_64"]
    version = KernelVersion.parse("6.5")
    old, new = (next(one for one in have if one.series == series) for series in ("6.1", "6.12"))
    only_old = sorted(set(built_in(old).index) - set(built_in(new).index))[:5]
    only_new = sorted(set(built_in(new).index) - set(built_in(old).index))[:5]
    assert closest(have, version, config_of("6.5", *only_old)).series == "6.1"
    assert closest(have, version, config_of("6.5", *only_new)).series == "6.12"
    assert closest(have, version, config_of("6.5")).series == "6.1"
    assert closest(have, KernelVersion.parse("5.4"), config_of("5.4", *only_new)).series == have[0].series
    assert closest(have, KernelVersion.parse("9.0"), config_of("9.0", *only_old)).series == have[-1].series
    assert closest(have, KernelVersion.parse("6.1"), config_of("6.1", *only_new)).series == "6.1"


def test_answers_are_borrowed_from_the_newest_that_is_not_newer() -> None:
    have = [one for one in snapshots() if one.arch == "x86_64"]
    told = [nearest(have, KernelVersion.parse(text)).series for text in ("4.4", "5.10", "6.0", "6.12", "6.13", "9.9")]
    assert told == ["5.10", "5.10", "5.10", "6.12", "6.12", have[-1].series]


def test_the_architecture_is_the_users_the_configurations_or_a_default() -> None:
    assert which_arch(config_of("6.12"), "arm64") == ("arm64", "")
    assert which_arch(config_of("6.12"), "") == ("x86_64", "")
    arch, note = which_arch(None, "")
    assert (arch, bool(note)) == ("x86_64", True)
    arch, note = which_arch(parse_config("CONFIG_A=y\n", "c"), "")
    assert (arch, bool(note)) == ("x86_64", True)
    with pytest.raises(UserError):
        which_arch(None, "mips")
    with pytest.raises(CannotEvaluate):
        which_arch(parse_config("# Linux/riscv 6.12 Kernel Configuration\nCONFIG_A=y\n", "c"), "")


def test_what_chose_the_kernel_can_be_typed_again() -> None:
    assert open_kernel(config_of("6.12.43")).used.options == ()
    assert open_kernel(None, kernel="6.12", arch="x86_64").used.options == ("--kernel", "6.12", "--arch", "x86_64")
    used = open_kernel(None, kernel="6.12").used
    assert (used.options, used.origin, used.name, used.arch) == (
        ("--kernel", "6.12"),
        "snapshot",
        "linux-6.12",
        "x86_64",
    )
    assert used.version.startswith("6.12")


@pytest.mark.parametrize(
    ("count", "told"), [(0, ""), (1, "A0)"), (3, "A0, A1, A2)"), (4, "A0, A1, A2 and 1 more)"), (9, "A2 and 6 more)")]
)
def test_three_symbols_of_which_another_architecture_makes_something_else_are_named(
    count: int, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arches, "disagreements", lambda *_: [f"A{i}" for i in range(count)])
    one = next(one for one in snapshots() if (one.series, one.arch) == ("6.12", "x86_64"))
    note = other_arch(config_of(""), one, built_in(one))
    assert note.endswith(told)
    assert ("--arch arm64" in note) is bool(count)
