"""Facts that the built-in profiles have to state, by kernel version."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

import kcfg.answers.renames
from kcfg.answers.renames import load_renames
from kcfg.base.errors import UserError
from profiles import Essential, Profile, ProfileKind, Rule, list_profiles, load_profile, modes
from profiles.findings import Level
from profiles.loader import built_in_names
from profiles.versions import in_range, kernel_version

PROFILES = [load_profile(name) for name in built_in_names()]

FULL = "HYPERVISOR_GUEST PARAVIRT XEN XEN_PV XEN_PVH XEN_PVHVM_GUEST XEN_DOM0 ACPI PCI X86_IO_APIC XEN_BACKEND"
DEVICES = "XEN_PRIVCMD XEN_DEV_EVTCHN XEN_GNTDEV XENFS XEN_NETDEV_BACKEND"


def required(name: str, version: str, arch: str = "x86_64") -> dict[str, Rule]:
    rules = load_profile(name).rules_for(version, arch)
    return {rule.id: rule for rule in rules if rule.level is Level.REQUIRED}


def can(version: str, arch: str, on: str) -> list[str]:
    """The modes whose required rules hold when these symbols are y and all others n."""

    def holds(rule: Rule) -> bool:
        values = dict.fromkeys(on.split(), "y")
        return any(all(values.get(w.symbol, "n") in w.value for w in way.wants) for way in rule.alternatives)

    def possible(profile: Profile) -> bool:
        rules = profile.rules_for(version, arch)
        return profile.applicable(version, arch)[0] and all(holds(r) for r in rules if r.level is not Level.RECOMMENDED)

    return [mode for mode in modes() if possible(load_profile(mode))]


def test_modes_come_in_the_tables_order() -> None:
    assert modes() == (
        "pv-domu",
        "pvh-domu",
        "pvhvm-domu",
        "pv-dom0",
        "pvh-dom0",
        "driver-domain",
        "xenstore-domain",
        "arm64-domu",
        "arm64-dom0",
    )


def test_policies_are_listed_after_modes_and_bases_not_at_all() -> None:
    kinds = [info.kind for info in list_profiles()]
    assert kinds == [ProfileKind.MODE] * 9 + [ProfileKind.POLICY] * 3


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_every_rule_and_essential_has_a_why_and_a_source(profile: Profile) -> None:
    items: list[Rule | Essential] = [*profile.rules, *profile.essentials]
    for one in items:
        assert one.why.endswith("."), one.id
        assert one.source, one.id
        assert one.line > 0


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_a_profile_is_named_like_its_file(profile: Profile) -> None:
    assert profile.file == f"profiles/{profile.name}.toml"


def test_pvh_needs_pci_and_xen_pvhvm_by_hand_before_5_11_only() -> None:
    before, after = required("pvh-domu", "5.10.262"), required("pvh-domu", "5.11")
    assert before.keys() - after.keys() == {"pci", "xen-pvhvm"}
    assert "acpi" in before
    assert "acpi" in after


def test_pvh_dom0_is_impossible_in_5_10_and_possible_from_5_15() -> None:
    profile = load_profile("pvh-dom0")
    possible, reason = profile.applicable("5.10.262", "x86_64")
    assert not possible
    assert "5.15" in reason
    assert "XEN_DOM0" in reason
    assert profile.applicable("5.15", "x86_64") == (True, "")


def test_xen_pvhvm_is_never_asked_for_where_it_has_no_prompt() -> None:
    for profile in PROFILES:
        for version in ("5.11", "6.12", "7.3"):
            assert all("XEN_PVHVM" not in rule.symbols for rule in profile.rules_for(version, "x86_64"))


def test_the_option_of_hvm_guests_changed_its_name_in_5_11() -> None:
    assert "xen-pvhvm" in required("pvhvm-domu", "5.10")
    assert "xen-pvhvm-guest" in required("pvhvm-domu", "5.11")


def test_xen_save_restore_is_asked_for_nowhere() -> None:
    assert all("XEN_SAVE_RESTORE" not in rule.symbols for profile in PROFILES for rule in profile.rules)
    assert load_renames()["XEN_SAVE_RESTORE"].since == "6.18"


@pytest.mark.parametrize(
    ("version", "there"),
    [("5.15", False), ("6.1.135", False), ("6.1.136", True), ("6.12.8", False), ("6.12.26", True), ("6.18.5", True)],
)
def test_a_pvh_dom0_has_xen_acpi_processor_where_its_dependency_allows_it(version: str, there: bool) -> None:
    ids = {rule.id for rule in load_profile("pvh-dom0").rules_for(version, "x86_64")}
    assert ("xen-acpi-processor" in ids) is there
    assert "xen-acpi-processor" in {rule.id for rule in load_profile("pv-dom0").rules_for(version, "x86_64")}


def test_xen_unpopulated_alloc_is_for_x86_only_in_5_10() -> None:
    for name, arch, there in (("pv-dom0", "x86_64", True), ("arm64-dom0", "arm64", False)):
        rules = load_profile(name).rules_for("5.10.262", arch)
        assert ("xen-unpopulated-alloc" in {rule.id for rule in rules}) is there


def test_a_kernel_with_everything_on_runs_in_every_x86_mode() -> None:
    assert can("6.12.43+deb13-amd64", "x86_64", f"{FULL} {DEVICES}") == [m for m in modes() if "arm64" not in m]


def test_a_cloud_kernel_without_dom0_runs_in_guest_modes_only() -> None:
    on = f"{FULL} {DEVICES}".replace("XEN_DOM0 ", "")
    assert not [mode for mode in can("6.12.43", "x86_64", on) if "dom0" in mode]


def test_a_kernel_with_the_hvm_option_alone_runs_as_an_hvm_guest_only() -> None:
    on = "HYPERVISOR_GUEST PARAVIRT XEN XEN_PVHVM_GUEST ACPI PCI X86_IO_APIC"
    assert can("6.12.0-55.el10", "x86_64", on) == ["pvhvm-domu"]


def test_a_kernel_with_pv_and_dom0_but_no_pvh_runs_in_pv_modes() -> None:
    on = f"{FULL} {DEVICES}".replace("XEN_PVH ", "").replace("XEN_PVHVM_GUEST ", "")
    assert can("6.6", "x86_64", on) == ["pv-domu", "pv-dom0", "driver-domain", "xenstore-domain"]


def test_an_arm64_kernel_with_xen_is_guest_and_dom0() -> None:
    on = "XEN XEN_DOM0 XEN_PRIVCMD XEN_DEV_EVTCHN XEN_GNTDEV XENFS"
    assert can("6.12", "arm64", on) == ["arm64-domu", "arm64-dom0"]


def test_pv_code_is_forbidden_by_the_policy_and_by_no_mode() -> None:
    forbidden = {p.name for p in PROFILES for rule in p.rules if rule.level is Level.FORBIDDEN}
    assert forbidden == {"no-pv"}


def test_guests_are_generated_with_both_vendors_hypercalls() -> None:
    for mode in modes():
        symbols = {one.symbol for one in load_profile(mode).essentials_for("6.12", "x86_64")}
        assert {"CPU_SUP_INTEL", "CPU_SUP_AMD", "CPU_SUP_HYGON"} <= symbols or mode.startswith("arm64")


def test_rules_accept_a_module_where_a_module_works() -> None:
    for name in ("XEN_BLKDEV_FRONTEND", "XEN_GNTDEV", "XEN_PRIVCMD", "XEN_DEV_EVTCHN"):
        for profile in PROFILES:
            wants = [w for rule in profile.rules for way in rule.alternatives for w in way.wants if w.symbol == name]
            assert all("m" in want.value for want in wants)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("6.12.8", "6.12.8"),
        ("6.12.43+deb13-amd64", "6.12.43"),
        ("6.13.0-rc3", "6.13.0"),
        ("v6.12", "6.12"),
        ("5.14.0-611.el9.x86_64", "5.14.0"),
        ("6.6.51.1-microsoft", "6.6.51.1"),
    ],
)
def test_a_kernel_version_is_the_number_in_front(text: str, number: str) -> None:
    assert str(kernel_version(text)) == number


def test_a_release_candidate_counts_as_its_release() -> None:
    assert in_range("5.11-rc1", ">=5.11")
    assert not in_range("5.11-rc1", "<5.11")


@pytest.mark.parametrize("text", ["", "six", "6", "-6.12", "9" * 5000])
def test_what_is_no_kernel_version_is_the_users_error(text: str) -> None:
    with pytest.raises(UserError, match="kernel version"):
        kernel_version(text)


def test_no_old_name_is_listed_twice_and_no_new_name_is_old() -> None:
    text = (Path(kcfg.answers.renames.__file__).parent / "renamed.toml").read_text(encoding="utf-8")
    assert text.count("[[renamed]]") == len(load_renames())
    for rename in load_renames().values():
        assert rename.why
        assert rename.source
        assert rename.new not in load_renames() or rename.new == "XEN_DOM0"
        assert not rename.last_seen or kernel_version(rename.last_seen) < kernel_version(rename.since)


def test_all_built_in_profiles_load_in_the_blink_of_an_eye() -> None:
    from profiles import loader

    best = 1.0
    for _ in range(5):
        for cached in (loader._built_in, loader._built_in_profile, loader.list_profiles):
            cached.cache_clear()
        start = time.process_time()
        for name in built_in_names():
            load_profile(name)
        best = min(best, time.process_time() - start)
    assert best < 0.1  # about 0.015 on an idle machine
