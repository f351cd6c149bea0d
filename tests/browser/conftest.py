"""A real browser for the tests of pages: Debian's Chromium, without a screen, a profile or a network.

`open_page(path)` opens a file and returns a `tab.Tab`, which has recorded everything that the page complained of and
asked for. A test that does not look at them fails all the same when there was a complaint or a request from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import chromium
from tests.browser.tab import Tab, open_tab

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a worker, with a new profile that is deleted after them."""
    path = chromium.find()
    if path is None:
        if chromium.offline():
            pytest.skip("KCFG_OFFLINE=1, and chromium is not installed")
        pytest.fail("chromium is missing: run `make browser` (or KCFG_OFFLINE=1 to leave the browser tests out)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=path, args=list(chromium.FLAGS))
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Tab]]:
    """Opens files, each in a window of its own: `open_page(path, width=390, dark=True, fragment="id")`."""
    tabs: list[Tab] = []

    def open_(path: Path, **how: Any) -> Tab:
        tabs.append(open_tab(browser, path, **how))
        return tabs[-1]

    yield open_
    complaints = [text for tab in tabs for text in tab.complaints]
    outside = [url for tab in tabs for url in tab.outside()]
    for tab in tabs:
        tab.page.context.close()
    assert complaints == []
    assert outside == []


HOSTILE = (
    "<script>document.title='pwned';window.pwned=1</script>\"'><img src=x onerror=window.pwned=1>{{7*7}}&amp;"
    + "x" * 10_000
)
"""A subject or a value that tries everything."""


@pytest.fixture(scope="session")
def hostile() -> str:
    """Text that must stay text."""
    return HOSTILE


@pytest.fixture(scope="session")
def findings_page() -> Callable[[int], str]:
    """Makes the page of a check with that many findings."""
    return many_findings


def many_findings(number: int) -> str:
    """A page of findings, each with two reasons."""
    from kcfg.answers.facts import Basis, Location, Reason, ReasonKind, Status
    from profiles.findings import ConfigResult, Finding, Level, ProfileResult, Report
    from profiles.report import render

    reasons = (
        Reason(ReasonKind.UNMET_DEPENDENCY, Location("arch/x86/xen/Kconfig", 8), 0, Basis.DEPENDS, condition="XEN"),
        Reason(ReasonKind.EXPLICIT, Location("a.config", 9), 1, symbol="XEN", value="n"),
    )
    found = tuple(
        Finding(
            rule=f"rule-{n}", profile="p", level=Level.REQUIRED, status=Status.FAIL, symbol=f"SYMBOL_{n}", wanted="y",
            got="n", message="", why="since it is so", reasons=reasons,
        )
        for n in range(number)
    )  # fmt: skip
    profile = ProfileResult(profile="p", title="t", status=Status.FAIL, passed=0, findings=found)
    return render(
        Report(version="1", fail_on="required", results=(ConfigResult(config="a.config", profiles=(profile,)),)), "html"
    )


@pytest.fixture(scope="session")
def page_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every kind of page, made by the commands themselves, and the pages of a site as "site/NAME"."""
    return made_pages(tmp_path_factory.mktemp("pages"))


def made_pages(folder: Path) -> dict[str, Path]:
    """Kind -> file."""
    from tests.commands.run import GUEST, run_quickly
    from tests.patches.upstream import make, queue_of

    upstream = make(folder / "upstream")
    queue = queue_of(upstream, folder / "queue")
    index = folder / "index.sqlite"
    assert run_quickly("patches", "index", upstream.path, "-o", index).status == 0
    config, other = folder / "pvh.config", folder / "pv.config"
    config.write_text("# Linux/x86 6.12.43 Kernel Configuration\n" + GUEST)
    other.write_text("# Linux/x86 6.12.43 Kernel Configuration\nCONFIG_XEN=y\nCONFIG_ACPI=n\nCONFIG_XEN_PVH=y\n")
    by = ("--upstream", upstream.path, "--index", index)
    profiles = ("-p", "pv-dom0", "-p", "pvh-domu")
    asked: dict[str, tuple[object, ...]] = {
        "check": ("check", config, other, *profiles),
        "modes": ("modes", other),
        "resolve": ("resolve", other),
        "generate": ("generate", "xenstore-domain", "--kernel", "6.12", "--essentials", "none"),
        "explain": ("explain", "XEN_DOM0=y", "XEN_PV=n", "XEN_PVH=n", "--kernel", "6.12"),
        "repair": ("repair", other, "-p", "pvh-domu", "--kernel", "6.12"),
        "status": ("patches", "status", queue, *by),
        "show": ("patches", "show", queue, "modified.patch", *by),
        "plan": ("patches", "plan", queue, *by, "--base", "v1.0", "--target", "v1.1"),
    }
    out = {}
    for kind, words in asked.items():
        ran = run_quickly(*map(str, words), "--format", "html")
        assert ran.status in (0, 1, 3), ran.err
        out[kind] = folder / f"{kind}.html"
        out[kind].write_text(ran.out, encoding="utf-8")
    for kind, text in {"trend": trend_page(), "relevance": relevance_page(), **hostile_pages()}.items():
        out[kind] = folder / f"{kind}.html"
        out[kind].write_text(text, encoding="utf-8")
    site = folder / "site"
    ran = run_quickly("report", "-c", config, "-c", other, "-q", queue, "-u", upstream.path, "-o", site)
    assert ran.status in (0, 3), ran.err
    return out | {f"site/{path.stem}": path for path in site.glob("*.html")}


def trend_page() -> str:
    """A queue's history of four years."""
    from patches.findings import TrendPoint, TrendReport, UpstreamKind, UpstreamUsed
    from patches.report import render

    points = tuple(
        TrendPoint(
            name=f"v{n}", rev=f"{n:040}", date=f"{2020 + n // 4}-{1 + n % 4 * 3:02}-01T00:00:00Z", patches=40 + n,
            verdicts={"merged": n, "modified": 5, "partial": 3, "not-upstream": 32},
        )
        for n in range(16)
    )  # fmt: skip
    used = (UpstreamUsed(name="linux.git", kind=UpstreamKind.HISTORY, commits=1000, newest_tag="v6.12"),)
    return render(TrendReport(version="1", queue="linux.git:debian/patches", upstream=used, points=points), "html")


def relevance_page() -> str:
    """A queue for two modes."""
    from kcfg.show.terminal import Look
    from patches.relevance.report import RENDERERS
    from tests.patches.relevance.report.test_page import full_report

    return RENDERERS["html"](full_report(), Look(), False)


def hostile_pages() -> dict[str, str]:
    """Reports with a hostile text wherever a patch or a Kconfig file could put one."""
    from kcfg.answers.facts import Location, Reason, ReasonKind, Status
    from kcfg.base.version import KernelUsed
    from patches.evidence import ClaimResult, Evidence, Fact, Note, NoteKind
    from patches.findings import (
        FindingKind,
        PatchResult,
        QueueFinding,
        StatusReport,
        UpstreamCommit,
        UpstreamKind,
        UpstreamUsed,
        Verdict,
    )
    from patches.queues.entries import Stale, StaleKind
    from patches.report import render as render_patches
    from profiles.findings import ModeRow, ModesReport
    from profiles.report import render as render_config

    kernel = KernelUsed(version="6.12", arch="x86_64", origin="tree", name=HOSTILE, note=HOSTILE)
    reasons = (Reason(ReasonKind.DUPLICATE, Location(HOSTILE, 3), note=HOSTILE),)
    rows = tuple(ModeRow(HOSTILE + str(n), HOSTILE, Status.FAIL, HOSTILE, reasons) for n in range(8))
    patch = PatchResult(
        name=HOSTILE, position=1, subject=HOSTILE, author=HOSTILE, where=HOSTILE, verdict=Verdict.PARTIAL,
        commits=(UpstreamCommit(sha="a" * 40, subject=HOSTILE + "!", author=HOSTILE),),
        evidence=(Evidence(Fact.LIKE_SUBJECT, names=(HOSTILE,)),),
        claims=(ClaimResult(HOSTILE, HOSTILE, HOSTILE, 1, HOSTILE),),  # type: ignore[arg-type]
        notes=(Note(NoteKind.UNREADABLE, text=HOSTILE),),
    )  # fmt: skip
    found = QueueFinding(FindingKind.STALE, HOSTILE, HOSTILE, stale=Stale(StaleKind.SERIES, HOSTILE, HOSTILE))
    status = StatusReport(
        version="1", queue=HOSTILE, format="quilt", upstream=(UpstreamUsed(name=HOSTILE, kind=UpstreamKind.HISTORY),),
        patches=(patch,), findings=(found,),
    )  # fmt: skip
    return {
        "hostile": render_config(ModesReport(version="1", config=HOSTILE, kernel=kernel, rows=rows), "html"),
        "hostile-status": render_patches(status, "html"),
    }
