"""An open page, and what it did since it was opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDE, NARROW = 1280, 390
"""Pixels: a laptop and a telephone."""

LOCAL = ("file:", "data:", "blob:", "about:")


@dataclass
class Tab:
    """A page, and everything that it complained of and asked for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    """Errors and warnings of the console, and exceptions that nothing caught."""
    requests: list[str] = field(default_factory=list)

    def outside(self) -> list[str]:
        """The requests that would have left the machine."""
        return [url for url in self.requests if not url.startswith(LOCAL)]

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window; 0 when nothing overflows."""
        width, inner = self.page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
        return max(0, int(width) - int(inner))

    def violations(self) -> list[str]:
        """What axe-core finds serious or critical: "rule: element and what is wrong with it" each."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        return [
            f"{item['id']}: {node['html'][:160]} {node.get('failureSummary', '')}"
            for item in found
            if item["impact"] in ("serious", "critical")
            for node in item["nodes"]
        ]


def open_tab(
    browser: Browser,
    path: Path,
    *,
    width: int = WIDE,
    height: int = 900,
    dark: bool = False,
    fragment: str = "",
    **more: Any,
) -> Tab:
    """Opens a file in a window of its own; `more` goes to playwright's new_context. Close `tab.page.context`."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        **more,
    )
    tab = Tab(context.new_page())
    tab.page.set_default_timeout(60_000)
    tab.page.on("console", lambda m: tab.complaints.append(m.text) if m.type in ("error", "warning") else None)
    tab.page.on("pageerror", lambda error: tab.complaints.append(str(error)))
    tab.page.on("request", lambda request: tab.requests.append(request.url))
    tab.page.goto(path.resolve().as_uri() + (f"#{fragment}" if fragment else ""))
    return tab
