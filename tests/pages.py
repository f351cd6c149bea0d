"""What a page says to those who read it: parsed as a browser would, enough for tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "br", "wbr", "input", "img", "hr"})


@dataclass
class Page(HTMLParser):
    """The ids, links, rows and tags of a page, and all its text outside of scripts and styles."""

    ids: list[str] = field(default_factory=list)
    hrefs: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    handlers: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name in ("href", "src", "action"):
                self.hrefs.append(value or "")
            elif name.startswith("on"):
                self.handlers.append(name)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        inside = self.open[-1] if self.open else ""
        if inside == "script":
            self.scripts.append(data)
        elif inside != "style":
            self.texts.append(data)
            if self.rows and self.rows[-1] and any(tag in ("td", "th") for tag in self.open):
                self.rows[-1][-1] += data

    @property
    def text(self) -> str:
        """All text, its blanks as they are."""
        return "".join(self.texts)

    def lost_links(self) -> list[str]:
        """Links into the page that lead nowhere."""
        return [href for href in self.hrefs if href.startswith("#") and "=" not in href and href[1:] not in self.ids]


def parsed(html: str) -> Page:
    """A page whose tags are all closed in order."""
    page = Page()
    page.feed(html)
    page.close()
    assert page.open == []
    return page
