"""A report with one of everything, and hypothesis strategies for reports with arbitrary text in every field."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from kcfg.answers.facts import Difference, Location, Reason, ReasonKind, ResolveReport, Status
from kcfg.answers.report import ANSWERS
from kcfg.base.version import KernelUsed
from kcfg.show.terminal import Look
from profiles.findings import ConfigResult, Finding, Level, ModeRow, ModesReport, ProfileResult, Report
from profiles.report import CHECKS

KERNEL = KernelUsed(
    version="6.12.41",
    arch="x86_64",
    origin="snapshot",
    name="6.12-x86_64",
    note="the configuration is of 6.12.57; its own tree may differ",
)


def render(report: Report | ModesReport | ResolveReport, form: str, look: Look | None = None) -> str:
    """Any of the three reports, by the wing that it belongs to."""
    return (ANSWERS if isinstance(report, ResolveReport) else CHECKS).render(report, form, look)


def said(text: str, where: Location | None = None, depth: int = 0) -> Reason:
    """A reason whose sentence is this text."""
    return Reason(ReasonKind.DUPLICATE, where, depth, note=text)


PVH_REASONS = (
    said("XEN_PVH depends on XEN, which is n", Location("arch/x86/xen/Kconfig", 76)),
    said("XEN depends on PARAVIRT, which is n", Location("arch/x86/xen/Kconfig", 9), 1),
    said("line 311 says n", Location("build/guest.config", 311), 2),
)
PVH = Finding(
    rule="pvh-entry",
    profile="pvh-domu",
    level=Level.REQUIRED,
    status=Status.FAIL,
    symbol="XEN_PVH",
    wanted="y",
    got="n",
    message="The kernel has no PVH entry point.",
    why="Xen starts a PVH guest at the address in the ELF note XEN_ELFNOTE_PHYS32_ENTRY, which only this option adds.",
    source="https://xenbits.xen.org/docs/unstable/misc/pvh.html",
    config_line=Location("build/guest.config", 4711),
    reasons=PVH_REASONS,
    fix=("CONFIG_PARAVIRT=y", "CONFIG_XEN=y", "CONFIG_XEN_PVH=y"),
)
CONSOLE = Finding(
    rule="console",
    profile="pvh-domu",
    level=Level.RECOMMENDED,
    status=Status.FAIL,
    symbol="HVC_XEN_FRONTEND",
    wanted="y or m",
    got="",
    message="No second console.",
    config_line=Location("build/guest.config"),
)
PROBED = Finding(
    rule="retpoline",
    profile="pvh-domu",
    level=Level.REQUIRED,
    status=Status.UNKNOWN,
    symbol="MITIGATION_RETPOLINE",
    wanted="y",
    got="",
    message="Depends on the compiler, and the configuration does not say which.",
    reasons=(said("$(cc-option,-mindirect-branch=thunk-extern) is unknown", Location("arch/x86/Kconfig", 2)),),
)
BALLOON = Finding(
    rule="balloon",
    profile="pvh-domu",
    level=Level.RECOMMENDED,
    status=Status.WAIVED,
    symbol="XEN_BALLOON",
    wanted="y",
    got="n",
    message="Memory cannot be taken back.",
    waiver="fixed-size guests (until 2030-01-01)",
    config_line=Location("build/guest.config", 12),
)
EXPIRED = Finding(
    rule="waiver-expired",
    profile="waivers",
    level=Level.RECOMMENDED,
    status=Status.FAIL,
    symbol="XEN_WDT",
    wanted="",
    got="",
    message="The waiver expired on 2024-05-01.",
    config_line=Location("waivers.toml", 3),
)


@pytest.fixture(scope="session")
def report() -> Report:
    """Two configurations: one that fails pvh-domu in every way and passes no-pv, one that cannot be read."""
    failing = ProfileResult(
        profile="pvh-domu",
        title="PVH guest",
        status=Status.FAIL,
        passed=12,
        findings=(PVH, CONSOLE, PROBED, BALLOON),
    )
    passing = ProfileResult(profile="no-pv", title="Xen without PV", status=Status.PASS, passed=3)
    guest = ConfigResult(
        config="build/guest.config",
        kernel=KERNEL,
        status=Status.FAIL,
        profiles=(failing, passing),
        findings=(EXPIRED,),
    )
    broken = ConfigResult(config="broken.config", error="binary data in line 1", error_status=2)
    return Report(version="1.2.3", fail_on="required", results=(guest, broken))


@pytest.fixture(scope="session")
def modes_report() -> ModesReport:
    """A configuration that can be a PV guest, not a PVH one, and of which one mode is unknown."""
    rows = (
        ModeRow("pv-domu", "PV guest", Status.PASS),
        ModeRow("pvh-domu", "PVH guest", Status.FAIL, reasons=PVH_REASONS),
        ModeRow("pvh-dom0", "PVH dom0", Status.UNKNOWN, note="6.12 calls it experimental"),
    )
    return ModesReport(version="1.2.3", config="build/guest.config", kernel=KERNEL, rows=rows)


@pytest.fixture(scope="session")
def resolve_report() -> ResolveReport:
    """Two lines that do not come out, and a warning."""
    return ResolveReport(
        version="1.2.3",
        kernel=KERNEL,
        config="kernel/configs/xen.config",
        differences=(
            Difference("XEN_PVH", "y", "n", Location("kernel/configs/xen.config", 14), PVH_REASONS),
            Difference("XEN_BLKDEV_FRONTEND", "m", "y", Location("kernel/configs/xen.config", 20)),
        ),
        enabled=1234,
        warnings=(said("XEN is set twice; line 9 wins", Location("kernel/configs/xen.config", 4)),),
    )


# Text that has broken renderers: terminal escapes, markup of every format, line ends of every kind, lone surrogates.
NASTY = (
    "\x1b[31mred\x1b]0;title\x07",
    "[bold]x[/bold] [link=http://e]y[/]",
    "a|b`c`|d\\|",
    "<script>alert(1)</script>&amp;]]>",
    "::error file=a,line=1::x\r\n::set-output name=a::b",
    "a\nb\rc\x0bd\x0ce\x85f\u2028g\u2029h",
    "\x00\ufffe\uffff\udc80\ud800",
    "\u202etxt.exe",
    "{0} [a](1) {{x}}",
    "@here #1 ~~x~~ **y** _z_ $x$ https://e.org",
    "| --- | --- |",
    "- x\n# y\n1. z",
    "%0A%25:,",
    "../a b/ü:c#d?e",
    "/abs/ path",
    "-",
    "",
)
texts = st.one_of(
    st.sampled_from(NASTY), st.text(st.characters(), max_size=12), st.text("aB_1 |`\\<>&:,%\n\r\x1b[]()", max_size=12)
)
lines = st.integers(min_value=0, max_value=10**6)
locations = st.builds(Location, texts, lines)
reasons = st.lists(
    st.builds(said, texts, st.none() | locations, st.integers(min_value=0, max_value=9)), max_size=3
).map(tuple)
kernels = st.builds(KernelUsed, version=texts, arch=texts, origin=texts, name=texts, note=texts)
findings = st.builds(
    Finding,
    rule=texts,
    profile=texts,
    level=st.sampled_from(Level),
    status=st.sampled_from(Status),
    symbol=texts,
    wanted=texts,
    got=texts,
    message=texts,
    why=texts,
    source=texts,
    config_line=st.none() | locations,
    reasons=reasons,
    fix=st.lists(texts, max_size=2).map(tuple),
    waiver=texts,
)
many_findings = st.lists(findings, max_size=3).map(tuple)
profiles = st.builds(
    ProfileResult,
    profile=texts,
    title=texts,
    status=st.sampled_from(Status),
    passed=st.integers(min_value=0, max_value=99),
    findings=many_findings,
    note=texts,
)
results = st.builds(
    ConfigResult,
    config=texts,
    kernel=st.none() | kernels,
    status=st.sampled_from(Status),
    profiles=st.lists(profiles, max_size=2).map(tuple),
    findings=many_findings,
    error=texts,
    error_status=st.integers(min_value=0, max_value=3),
)
st.register_type_strategy(
    Report,
    st.builds(
        Report,
        version=texts | st.just("1.2.3"),
        fail_on=texts | st.sampled_from(["required", "recommended"]),
        results=st.lists(results, max_size=2).map(tuple),
    ),
)
st.register_type_strategy(
    ModesReport,
    st.builds(
        ModesReport,
        version=texts,
        config=texts,
        kernel=kernels,
        rows=st.lists(st.builds(ModeRow, texts, texts, st.sampled_from(Status), texts, reasons), max_size=4).map(tuple),
    ),
)
st.register_type_strategy(
    ResolveReport,
    st.builds(
        ResolveReport,
        version=texts,
        kernel=kernels,
        config=texts,
        differences=st.lists(st.builds(Difference, texts, texts, texts, locations, reasons), max_size=3).map(tuple),
        enabled=lines,
        warnings=reasons,
    ),
)
