"""HTML: each verdict is a word, each link leads somewhere, and text stays text."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kcfg.answers.explain import ChangedLine, CoreLine, ExplainReport
from kcfg.answers.facts import Location, ResolveReport
from kcfg.answers.report import html
from kcfg.show import pages
from kcfg.show.charts import Part, bar, bars
from kcfg.show.terminal import Look
from profiles.findings import ModesReport, Report
from profiles.fulfil.causes import Cause, CauseKind
from profiles.fulfil.generated import EnabledSymbol, GenerateReport, OwnedLine
from profiles.fulfil.repair import RepairReport
from profiles.report import html_exact
from tests.pages import parsed
from tests.profiles.report.conftest import KERNEL, render, said

OWN = 2
"""Scripts that are the page's own: the theme's in the head, the tables' at the end."""


def row_of(page, first):
    return next(row for row in page.rows if row and row[0].strip() == first)


def test_a_finding_is_a_row_with_its_level_value_reasons_and_fix(report):
    page = parsed(render(report, "html"))
    row = [" ".join(cell.split()) for cell in row_of(page, "XEN_PVH")]
    assert row[:6] == ["XEN_PVH", "build/guest.config", "pvh-domu", "✗ required", "y", "n line 4711"]
    assert "XEN depends on PARAVIRT, which is n arch/x86/xen/Kconfig:9" in row[6]
    assert "Fix: CONFIG_PARAVIRT=y CONFIG_XEN=y CONFIG_XEN_PVH=y" in row[6]


@pytest.mark.parametrize(
    ("symbol", "word"),
    [
        ("HVC_XEN_FRONTEND", "! recommended"),
        ("MITIGATION_RETPOLINE", "? required: cannot evaluate"),
        ("XEN_BALLOON", "~ waived"),
    ],
)
def test_a_level_is_told_by_a_sign_and_a_word(report, symbol, word):
    assert " ".join(row_of(parsed(render(report, "html")), symbol)[3].split()) == word


def test_what_cannot_be_read_is_told(report):
    assert "unreadable" in parsed(render(report, "html")).text
    assert "binary data in line 1" in parsed(render(report, "html")).text


def test_a_reason_links_to_the_finding_about_the_symbol_that_it_names(report):
    first, *_ = report.results
    failing = first.profiles[0]
    console = msgspec.structs.replace(failing.findings[1], reasons=(said("depends on XEN_PVH"),))
    findings = (failing.findings[0], console)
    results = (msgspec.structs.replace(first, profiles=(msgspec.structs.replace(failing, findings=findings),)),)
    page = parsed(render(msgspec.structs.replace(report, results=results), "html"))
    assert page.hrefs.count("#f1-pvh-domu-pvh-entry") == 1
    assert page.lost_links() == []


def test_a_reason_links_to_another_profiles_finding_where_its_own_has_none(report):
    first, *_ = report.results
    failing = first.profiles[0]
    console = msgspec.structs.replace(failing.findings[1], profile="no-pv", reasons=(said("depends on XEN_PVH"),))
    profiles = (
        msgspec.structs.replace(failing, findings=failing.findings[:1]),
        msgspec.structs.replace(first.profiles[1], findings=(console,)),
    )
    results = (msgspec.structs.replace(first, profiles=profiles),)
    page = parsed(render(msgspec.structs.replace(report, results=results), "html"))
    assert "#f1-pvh-domu-pvh-entry" in page.hrefs


def test_a_page_that_stands_alone_links_to_no_graph(report):
    assert [href for href in parsed(render(report, "html")).hrefs if not href.startswith(("#", "data:"))] == []


def test_a_page_of_a_site_links_its_symbols(report):
    from profiles.report.html import check

    frame = pages.Frame(nav=(pages.NavLink("Graph", "graph.html"),), symbols={"XEN_PVH": "graph.html#XEN_PVH"})
    assert "graph.html#XEN_PVH" in parsed(check(report, Look(), frame)).hrefs


def test_ids_are_unique_and_every_link_leads_to_one(report, modes_report, resolve_report):
    for one in (report, modes_report, resolve_report):
        page = parsed(render(one, "html"))
        assert len(page.ids) == len(set(page.ids))
        assert page.lost_links() == []


def test_two_findings_of_one_rule_have_two_ids(report):
    first, *_ = report.results
    twice = msgspec.structs.replace(first.profiles[0], findings=first.profiles[0].findings[:1] * 2)
    results = (msgspec.structs.replace(first, profiles=(twice,)),)
    page = parsed(render(msgspec.structs.replace(report, results=results), "html"))
    assert len(page.ids) == len(set(page.ids))


def test_modes_say_can_and_cannot_in_words(modes_report):
    page = parsed(render(modes_report, "html"))
    assert [row[1].split() for row in page.rows[1:]] == [["✓", "can"], ["✗", "cannot"], ["?", "cannot", "evaluate"]]
    assert "6.12 calls it experimental" in page.rows[3][2]


def test_resolve_lists_what_was_asked_and_what_came(resolve_report):
    page = parsed(render(resolve_report, "html"))
    assert row_of(page, "XEN_PVH")[1:3] == ["y", "n"]
    assert "XEN is set twice; line 9 wins" in page.text
    assert "1234" in page.text


def test_generate_tells_the_cost_its_bound_and_why_each_symbol_is_on():
    report = GenerateReport(
        version="1", kernel=KERNEL, profile="pvh-domu", optimum=1572, bound=1572, proven=True, enabled=1572,
        owned=(OwnedLine("XEN", "CONFIG_XEN=y", Cause(CauseKind.LOST, symbols=("PVH",))),),
        symbols=(
            EnabledSymbol("XEN", "y", "rule", Cause(CauseKind.DEFAULT)),
            EnabledSymbol("PVH", "y", "selected", Cause(CauseKind.STEP, step=said("XEN_PVH selects it"))),
        ),
    )  # fmt: skip
    page = parsed(html_exact.generate(report, Look()))
    assert "1,572" in page.text
    assert "proven smallest" in page.text
    assert "#s-PVH" in page.hrefs
    assert row_of(page, "PVH")[2] == "selected"
    assert page.lost_links() == []


@pytest.mark.parametrize("kind", [ExplainReport, RepairReport, GenerateReport])
def test_what_is_impossible_is_told_with_its_core(kind):
    named = {"goals": ("XEN_DOM0",)} if kind is ExplainReport else {}
    named |= {"config": "a.config", "profiles": ("pv-dom0",)} if kind is RepairReport else {}
    named |= {"profile": "pv-dom0"} if kind is GenerateReport else {}
    core = (CoreLine("XEN_DOM0", "depends on XEN_PV", Location("arch/x86/xen/Kconfig", 90), "compiler"),)
    report = kind(version="1", kernel=KERNEL, possible=False, core=core, core_goals=("XEN_DOM0",), **named)
    page = parsed({**html_exact.RENDERERS, **html.RENDERERS}[kind](report, Look()))
    assert "✗ impossible" in " ".join(page.text.split())
    assert row_of(page, "XEN_DOM0")[2] == "arch/x86/xen/Kconfig:90"
    assert "decided by the compiler" in page.text


def test_a_repair_lists_each_line_with_its_reason():
    report = RepairReport(
        version="1", kernel=KERNEL, config="a.config", profiles=("pvh-domu",),
        changes=(ChangedLine("ACPI", "n", "y"),), reasons=(Cause(CauseKind.USED, symbols=("XEN_PVH",)),),
    )  # fmt: skip
    assert row_of(parsed(html_exact.repair(report, Look())), "CONFIG_ACPI=y")[1:] == ["n", "XEN_PVH depends on it"]


def test_a_bar_has_its_figures_as_text_and_a_sign_for_each_part():
    page = parsed(
        str(bar("Verdicts", [Part("merged", 3, "good", "✓", "#x"), Part("none", 0, "bad"), Part("not", 1, "bad", "·")]))
    )
    assert 'aria-label="Verdicts: merged 3, not 1"' in str(
        bar("Verdicts", [Part("merged", 3, "good"), Part("not", 1, "bad")])
    )
    assert page.text.count("✓") == 2
    assert "75%" in page.text
    assert "none" not in page.text
    assert bar("nothing", []) == ""


def test_the_parts_of_a_bar_fill_it_side_by_side():
    drawn = str(bar("Verdicts", [Part("merged", 3, "good"), Part("not", 1, "bad")]))
    assert '<rect x="0.000%" width="75.000%"' in drawn
    assert '<rect x="75.000%" width="25.000%"' in drawn


def test_the_longest_of_several_bars_fills_the_width():
    drawn = str(bars("Kinds", [("rule", 50), ("default", 25)], "symbols"))
    assert 'width="100.000%"' in drawn
    assert 'width="50.000%"' in drawn


@pytest.mark.parametrize("kind", [Report, ModesReport, ResolveReport])
def test_any_text_stays_text(kind):
    @settings(max_examples=60)
    @given(st.from_type(kind))
    def check(report):
        page = parsed(render(report, "html"))
        assert len(page.scripts) == OWN
        assert page.handlers == []
        assert not set(page.tags) & {"img", "iframe", "form", "object", "embed"}
        assert all(href.startswith(("#", "data:")) for href in page.hrefs)

    check()


def test_ten_thousand_characters_are_folded_and_all_there(modes_report):
    long = "<script>" * 1250
    rows = (msgspec.structs.replace(modes_report.rows[0], note=long),)
    page = parsed(render(msgspec.structs.replace(modes_report, rows=rows), "html"))
    assert long in page.text
    assert len(page.scripts) == OWN
    assert "<summary>" in str(pages.folded(long))
    assert str(pages.folded(long)).count("&lt;script&gt;") == 1250 + pages.LONG // 4 // 8


def test_the_same_report_is_the_same_page(report):
    assert render(report, "html") == render(report, "html")
