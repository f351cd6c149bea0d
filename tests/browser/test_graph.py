"""The picture of the graph in a browser: found, chosen, filtered, moved, by mouse, touch and keys."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from graphs.compose import compose, modes_of
from graphs.report.page import graph_page
from kcfg.answers.judge import Judge
from kcfg.kconfig.config import read_config
from kcfg.kconfig.kernels import open_kernel
from profiles.loader import load_profile
from tests.browser.tab import NARROW, WIDE
from tests.graphs.report.test_page import HOSTILE
from tests.kcfg.trees import judge_of, model_of

READY = 1.0
"""Seconds of the browser's work until the page answers."""
BYTES = 1.5e6

pytestmark = pytest.mark.xdist_group("graph-page")  # one worker makes the page once


@pytest.fixture(scope="module")
def xen(tmp_path_factory):
    """The page of the four modes on 6.12, with a configuration that is fit for one of them."""
    judge = Judge(read_config("examples/demo.config"), open_kernel(kernel="6.12"))
    path = tmp_path_factory.mktemp("graph") / "xen.html"
    path.write_text(
        graph_page(compose(judge, modes_of("", "x86_64", judge.model.version), valued=True)), encoding="utf-8"
    )
    return path


def visible(page, selector):
    return page.locator(f"{selector}:not([hidden])").count()


def node(page, name):
    return page.locator(f'#nodes [data-id="{name}"]')


def count(page):
    return int(re.match(r"\d+", page.locator("#count").inner_text())[0])


def details(page):
    return page.locator("#details").inner_text()


def transform(page):
    return page.evaluate("document.getElementById('world').style.transform")


def test_the_page_is_small_and_soon_answers(xen, browser):
    assert xen.stat().st_size < BYTES
    context = browser.new_context()
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Performance.setTimeDomain", {"timeDomain": "threadTicks"})  # what it works, not what it waits
    session.send("Performance.enable")
    page.goto(xen.as_uri())
    assert page.evaluate("Boolean(document.documentElement.dataset.ready)")
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    context.close()
    assert 0 < metrics["TaskDuration"] < READY


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("dark", [False, True])
def test_nothing_overflows_and_nobody_is_shut_out(xen, open_page, width, dark):
    tab = open_page(xen, width=width, dark=dark)
    assert tab.overflow() == 0
    assert tab.violations() == []
    tab.page.locator("#find").fill("XEN_DOM0")
    tab.page.keyboard.press("Enter")
    tab.page.locator("[data-path]").first.click()
    node(tab.page, "XEN_PV").dispatch_event("click")
    assert tab.overflow() == 0
    assert tab.violations() == []


def test_search_finds_an_option_and_shows_it(xen, open_page):
    page = open_page(xen).page
    page.locator("#find").fill("config_xen_pvh")
    expect(page.locator("#said")).to_have_text("3 found")
    dim = page.locator("#nodes .dim:not([hidden])").count()
    assert dim == count(page) - 3
    page.keyboard.press("Enter")
    expect(page.locator("#details-name")).to_have_text("XEN_PVH")
    assert page.url.endswith("#XEN_PVH")


def test_a_click_shows_what_an_option_depends_on_and_who_is_near_it(xen, open_page):
    page = open_page(xen).page
    node(page, "XEN_PVH").click()
    text = details(page)
    assert "depends on XEN && XEN_PVHVM && ACPI" in text
    assert "arch/x86/xen/Kconfig:82" in text
    assert "select PVH" in text
    bright = page.locator("#nodes .node:not(.dim):not([hidden])").evaluate_all("all => all.map(one => one.dataset.id)")
    assert {"XEN_PVH", "XEN", "ACPI", "PVH", "XEN_DOM0", "pvh-domu", "pvh-dom0"} <= set(bright)
    assert "XEN_PV" not in bright
    page.locator("#details").get_by_role("link", name="XEN", exact=True).first.click()
    expect(page.locator("#details-name")).to_have_text("XEN")
    assert "Needed by" in details(page)


def test_an_option_says_who_selects_it(xen, open_page):
    page = open_page(xen, fragment="XEN_XENBUS_FRONTEND").page
    expect(page.locator("#details-name")).to_have_text("XEN_XENBUS_FRONTEND")
    selected = details(page).partition("Selected by")[2]
    assert "XEN_NETDEV_FRONTEND" in selected
    assert "drivers/net/Kconfig:" in selected


def test_filters_hide_lines_and_options(xen, open_page):
    page = open_page(xen).page
    before, selects = visible(page, "#lines .line"), visible(page, "#lines .select")
    assert selects > 5
    page.locator("[data-kind=select]").uncheck()
    assert visible(page, "#lines .select") == 0
    assert visible(page, "#lines .line") == before - selects
    page.locator("[data-kind=recommended]").check()
    assert visible(page, "#lines .recommended") > 20
    nodes = count(page)
    page.locator("[data-part=follows]").uncheck()
    assert visible(page, "#nodes .follows") == 0
    assert count(page) < nodes
    page.locator("#role").select_option("frontend")
    bright = page.locator("#nodes .node:not(.dim):not([hidden])").evaluate_all("all => all.map(one => one.dataset.id)")
    assert "XEN_BLKDEV_FRONTEND" in bright
    assert "XEN_BLKDEV_BACKEND" not in bright


def test_the_slider_shows_what_appeared_and_vanished_and_nothing_moves(xen, open_page):
    page = open_page(xen).page
    place = node(page, "XEN_PV").get_attribute("transform")
    slider = page.locator("#kernel")
    counts = {}
    slider.focus()
    page.keyboard.press("End")
    for key in ("7.3", "6.12", "6.1", "5.10"):
        counts[key] = count(page)
        expect(page.locator("#series")).to_have_text(key)
        if key == "7.3":
            gone = page.locator("#changes").inner_text().partition("gone ")[2].partition(";")[0].split(", ")
            assert {"XEN_PVHVM_SMP", "XEN_SAVE_RESTORE"} <= set(gone)
            assert node(page, "XEN_SAVE_RESTORE").get_attribute("class").split() == ["node", "follows", "gone"]
        if key == "6.1":
            told = page.locator("#changes").inner_text()
            assert "new XEN_PV_DOM0" in told
            assert "no more in the picture" in told  # TTY is still an option, but nothing here needs it any more
            assert "TTY" not in told.partition("gone ")[2]
        page.keyboard.press("ArrowLeft")
    assert counts["7.3"] < counts["6.12"]
    assert counts["5.10"] != counts["6.12"]
    assert not node(page, "TTY").is_hidden()
    assert node(page, "XEN_PV_DOM0").is_hidden()
    assert node(page, "XEN_PV").get_attribute("transform") == place
    node(page, "XEN_PVH").click()
    assert "depends on XEN && XEN_PVHVM && ACPI" in details(page)
    node(page, "pvh-dom0").dispatch_event("click")
    assert "Not on this kernel" in details(page)


def test_a_modes_button_brings_out_what_it_asks_for(xen, open_page):
    page = open_page(xen).page
    button = page.get_by_role("button", name="pvh-domu", exact=True).and_(page.locator("[data-mode]"))
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    bright = page.locator("#nodes .node:not(.dim):not([hidden])").evaluate_all("all => all.map(one => one.dataset.id)")
    assert {"pvh-domu", "XEN_PVH", "ACPI", "HVC_XEN"} <= set(bright)
    assert "XEN_PV" not in bright
    button.click()
    assert page.locator("#nodes .dim").count() == 0


def test_the_failing_path_is_lit_with_its_reasons(xen, open_page):
    page = open_page(xen).page
    assert node(page, "ACPI").locator(".tag").text_content() == "=n"
    page.locator("[data-path]").first.click()
    assert "ACPI is set to n in the configuration" in page.locator("#why").inner_text()
    assert "examples/demo.config:10" in page.locator("#why").inner_text()
    assert visible(page, "#lines .failing") == 2  # from pvh-domu to XEN_PVH, and on to ACPI
    assert "root" in node(page, "ACPI").get_attribute("class").split()
    page.keyboard.press("Escape")
    assert visible(page, "#lines .failing") == 0


def test_everything_can_be_done_with_keys(xen, open_page):
    page = open_page(xen).page
    page.locator("[data-mode]").last.focus()
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('#nodes') !== null"):
            break
    start = page.evaluate("document.activeElement.dataset.id")
    page.keyboard.press("ArrowRight")
    second = page.evaluate("document.activeElement.dataset.id")
    assert second != start
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith(second)
    outline = page.evaluate("getComputedStyle(document.activeElement.querySelector('.box')).strokeWidth")
    assert outline == "3px"
    page.keyboard.press("Enter")
    expect(page.locator("#details-name")).to_have_text(second)
    assert page.locator("#said").inner_text().startswith(f"{second}: needs")
    before = transform(page)
    page.keyboard.press("+")
    assert transform(page) != before
    page.keyboard.press("0")
    page.keyboard.press("Escape")
    assert page.locator("#details").is_hidden()
    assert page.evaluate("document.activeElement.dataset.id") == second


def test_the_drawing_moves_by_dragging_and_zooms_where_the_pointer_is(xen, open_page):
    page = open_page(xen).page
    box = page.locator("#graph").bounding_box()
    x, y = box["x"] + 90, box["y"] + 90
    was = node(page, "XEN").bounding_box()
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 25, steps=4)
    page.mouse.up()
    now = node(page, "XEN").bounding_box()
    assert now["x"] - was["x"] == pytest.approx(60, abs=1)
    assert now["y"] - was["y"] == pytest.approx(25, abs=1)
    page.mouse.move(now["x"], now["y"])
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    then = node(page, "XEN").bounding_box()
    assert then["width"] > 1.5 * now["width"]
    assert then["x"] == pytest.approx(now["x"], abs=3)
    page.locator("[data-zoom=fit]").click()
    assert transform(page) == "translate(0px, 0px) scale(1)"
    page.mouse.move(x, y)
    page.mouse.wheel(0, 100)  # without Ctrl the page scrolls
    assert transform(page) == "translate(0px, 0px) scale(1)"


def test_what_is_chosen_is_not_behind_its_details_and_closing_them_goes_back(xen, open_page):
    page = open_page(xen).page
    was = transform(page)
    node(page, "HYPERVISOR_GUEST").click()
    box, covered = node(page, "HYPERVISOR_GUEST").bounding_box(), page.locator("#details").bounding_box()
    assert box["x"] + box["width"] < covered["x"]
    page.locator("#close").click()
    assert transform(page) == was
    node(page, "HYPERVISOR_GUEST").click()
    page.locator("[data-zoom=in]").click()
    moved = transform(page)
    page.keyboard.press("Escape")
    assert transform(page) == moved  # where the reader went, the reader stays


def test_two_fingers_zoom_and_a_tap_chooses(xen, open_page):
    tab = open_page(xen, width=NARROW, has_touch=True)
    page = tab.page
    page.locator("#graph").scroll_into_view_if_needed()
    session = page.context.new_cdp_session(page)
    box = page.locator("#graph").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + 150

    def touch(kind, *points):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": a, "y": b} for a, b in points]})

    scale = float(re.search(r"scale\(([\d.]+)", transform(page))[1])
    touch("touchStart", (x - 30, y), (x + 30, y))
    for step in range(1, 6):
        touch("touchMove", (x - 30 - 8 * step, y), (x + 30 + 8 * step, y))
    touch("touchEnd")
    assert float(re.search(r"scale\(([\d.]+)", transform(page))[1]) > 1.5 * scale
    page.locator("[data-zoom=fit]").tap()
    node(page, "XEN").tap()
    expect(page.locator("#details-name")).to_have_text("XEN")


def test_the_table_leads_to_the_picture(xen, open_page):
    page = open_page(xen).page
    page.locator("#options").get_by_role("link", name="XEN_PRIVCMD", exact=True).click()
    expect(page.locator("#details-name")).to_have_text("XEN_PRIVCMD")
    page.wait_for_function("document.getElementById('stage').getBoundingClientRect().top >= -1")


def test_print_shows_the_whole_drawing_on_white(xen, open_page):
    page = open_page(xen, dark=True).page
    page.locator("[data-zoom=in]").click()
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.getElementById('world')).transform") == "none"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("#details").is_hidden()


def test_hostile_text_runs_nowhere(tmp_path, open_page):
    (tmp_path / "hostile.toml").write_text(HOSTILE, encoding="utf-8")
    long = "L" * 10_000
    tree = (
        'config XEN\n\tbool "x"\n\tdepends on A="<img src=x onerror=alert(6)>" || B="'
        + long
        + '"\nconfig A\n\tstring "a"\nconfig B\n\tstring "b"\n'
    )
    judge = judge_of(model_of(tmp_path / "tree", tree), "XEN=y\n")
    path = tmp_path / "hostile.html"
    profile = load_profile(str(tmp_path / "hostile.toml"))
    path.write_text(graph_page(compose(judge, [profile], valued=True, others=False)), encoding="utf-8")
    for width in (WIDE, NARROW):
        tab = open_page(path, width=width, fragment="XEN")
        dialogs = []
        tab.page.on("dialog", lambda dialog, seen=dialogs: (seen.append(dialog.message), dialog.dismiss()))
        text = details(tab.page)
        assert "<img src=x onerror=alert(6)>" in text
        assert "</script><script>alert(3)</script>" in text
        node(tab.page, "mine").dispatch_event("click")
        assert "onerror=alert(2)" in details(tab.page)
        assert tab.overflow() == 0
        assert dialogs == []
        assert tab.page.locator("img").count() == 0
