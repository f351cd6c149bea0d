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
