"""Every kind of page in a real browser: it opens from its file, works, fits, and can be used by everybody.

`open_page` fails a test by itself when the console has an error or a request would leave the machine.
"""

from __future__ import annotations

import pytest

from kcfg.show.pages import anchor
from tests.browser.tab import NARROW, WIDE

KINDS = (
    "check", "modes", "resolve", "generate", "explain", "repair", "status", "show", "plan", "trend", "relevance",
    "hostile", "hostile-status", "site/index", "site/modes", "site/options", "site/findings-pvh.config",
    "site/backlog", "site/graph-pvh.config",
)  # fmt: skip


def column(tab, table, number):
    """The visible rows' cells of one column, from 1."""
    return tab.page.eval_on_selector_all(
        f"#{table} tbody tr:not([hidden]) > :nth-child({number})", "all => all.map(one => one.textContent.trim())"
    )


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_fits_and_everybody_can_use_it(page_files, open_page, kind, dark):
    tab = open_page(page_files[kind], width=WIDE, dark=dark)
    assert tab.overflow() == 0
    # axe looks at each cell for a while; the rows of one table are alike.
    tab.page.evaluate("document.querySelectorAll('tbody tr:nth-child(n+25)').forEach((row) => row.remove())")
    assert tab.violations() == []
    tab.page.set_viewport_size({"width": NARROW, "height": 800})
    assert tab.overflow() == 0
    tab.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert tab.overflow() == 0
    assert tab.violations() == []


def test_a_table_sorts_by_words_and_by_numbers(page_files, open_page):
    tab = open_page(page_files["status"])
    head = tab.page.locator("#patches thead th")
    head.nth(1).locator("button").click()
    names = column(tab, "patches", 2)
    assert names == sorted(names, key=str.lower)
    assert head.nth(1).get_attribute("aria-sort") == "ascending"
    head.nth(0).locator("button").click()
    head.nth(0).locator("button").click()
    assert column(tab, "patches", 1) == [str(n) for n in range(12, 0, -1)]
    assert head.nth(1).get_attribute("aria-sort") is None


def test_a_table_is_filtered_by_words_and_by_a_columns_values(page_files, open_page):
    tab = open_page(page_files["status"])
    tools = tab.page.locator(".tools").first
    tools.locator("select").first.select_option("=not-upstream")
    assert {cell.removesuffix(" high") for cell in column(tab, "patches", 3)} == {"· not-upstream"}
    tools.locator("select").first.select_option("")
    tools.locator("input").fill("MERGED patch")
    assert any("merged" in name for name in column(tab, "patches", 2))
    assert 0 < len(column(tab, "patches", 2)) < 12
    assert tools.locator("output").inner_text() == f"{len(column(tab, 'patches', 2))} of 12 rows"
    tools.locator("input").fill("no such words")
    assert column(tab, "patches", 2) == []
    assert tab.page.locator(".none").first.is_visible()


def test_a_part_of_the_bar_shows_its_patches(page_files, open_page):
    tab = open_page(page_files["status"])
    tab.page.locator(".legend a", has_text="not-upstream").click()
    assert {cell.removesuffix(" high") for cell in column(tab, "patches", 3)} == {"· not-upstream"}


def test_a_link_reaches_a_row_that_the_filter_hides(page_files, open_page):
    tab = open_page(page_files["status"])
    tab.page.locator(".tools input").first.fill("no such words")
    tab.page.evaluate("location.hash = '#p3'")
    tab.page.wait_for_function("!document.getElementById('p3').hidden")


def test_on_a_narrow_screen_rows_are_cards_that_sort(page_files, open_page):
    tab = open_page(page_files["status"], width=NARROW)
    tab.page.locator(".tools .narrow select").first.select_option(label="Patch")
    names = column(tab, "patches", 2)
    assert names == sorted(names, key=str.lower)
    label = "getComputedStyle(document.querySelector('#patches tbody td:nth-child(3)'), '::before').content"
    assert tab.page.evaluate(label) == '"Verdict"'


def test_the_theme_switches_and_the_next_page_has_it_too(page_files, open_page):
    tab = open_page(page_files["site/index"])
    background = "getComputedStyle(document.body).backgroundColor"
    light = tab.page.evaluate(background)
    tab.page.locator("[data-theme-switch]").click()
    dark = tab.page.evaluate(background)
    assert dark != light
    tab.page.locator("nav a", has_text="Modes").click()
    tab.page.wait_for_url("**/modes.html")
    assert tab.page.evaluate(background) == dark
    assert tab.page.locator("[data-theme-switch]").inner_text() == "Light"


def test_a_cell_leads_to_its_reasons_and_they_to_the_option(page_files, open_page):
    tab = open_page(page_files["site/index"])
    tab.page.locator("#matrix tr", has_text="pv-domu").first.locator("a.cell").first.click()
    tab.page.wait_for_url(f"**/modes.html#{anchor('pvh.config')}-pv-domu")
    tab.page.locator(":target a", has_text="XEN_PV").first.click()
    tab.page.wait_for_url("**/options.html#XEN_PV")
    assert tab.page.locator(":target th").inner_text() == "XEN_PV"


def test_a_page_reads_well_without_scripts(page_files, open_page):
    tab = open_page(page_files["status"], java_script_enabled=False)
    assert tab.page.locator("#patches tbody tr").count() == 12
    assert tab.page.locator(".theme").is_hidden()


@pytest.mark.parametrize("kind", ["hostile", "hostile-status"])
def test_hostile_text_stays_text(page_files, open_page, hostile, kind):
    tab = open_page(page_files[kind])
    assert tab.page.evaluate("document.title !== 'pwned' && !window.pwned")
    assert tab.page.locator("main script, main img, main iframe").count() == 0
    assert hostile in tab.page.locator("main").evaluate("one => one.textContent")


def test_a_page_prints_without_its_controls(page_files, open_page):
    tab = open_page(page_files["status"])
    tab.page.emulate_media(media="print")
    assert tab.page.locator(".tools").first.is_hidden()
    assert tab.page.locator(".theme").is_hidden()
    assert tab.page.locator("#patches tbody tr").count() == 12


def test_five_thousand_findings_open_and_filter(findings_page, open_page, tmp_path):
    path = tmp_path / "many.html"
    path.write_text(findings_page(5000), encoding="utf-8")
    tab = open_page(path)
    tab.page.locator(".tools input").fill("SYMBOL_4999")
    assert column(tab, "findings", 1) == ["SYMBOL_4999"]


def test_the_hostile_text_is_long_and_has_marks_of_every_kind(hostile):
    assert len(hostile) > 10_000
    assert {"<", ">", "&", '"', "'"} <= set(hostile)
