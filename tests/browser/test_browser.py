"""The browser itself: what the other tests trust it to notice."""

from __future__ import annotations

import pytest

from tests.browser import chromium
from tests.browser.tab import NARROW, open_tab
from tests.conformance.debian import FetchError


@pytest.fixture
def tab_of(browser, tmp_path):
    """A tab that a test may see complain: the checks at the end of `open_page` are not made."""
    tabs = []

    def open_(body):
        path = tmp_path / "page.html"
        html = f'<!doctype html><html lang="en"><title>t</title><main><h1>t</h1>{body}</main>'
        path.write_text(html, encoding="utf-8")
        tabs.append(open_tab(browser, path, width=NARROW))
        return tabs[-1]

    yield open_
    for tab in tabs:
        tab.page.context.close()


def test_an_exception_is_noticed(tab_of):
    assert any("no_such_name" in text for text in tab_of("<script>no_such_name()</script>").complaints)


def test_a_request_that_would_leave_is_noticed_and_does_not(tab_of):
    tab = tab_of('<img alt="" src="http://192.0.2.1/x.png"><img alt="" src="http://name.invalid/y.png">')
    assert sorted(tab.outside()) == ["http://192.0.2.1/x.png", "http://name.invalid/y.png"]


def test_what_is_wider_than_the_window_is_noticed(tab_of):
    assert tab_of('<div style="width:500px">wide</div>').overflow() > 100
    assert tab_of('<div style="max-width:100%">narrow</div>').overflow() == 0


def test_text_without_contrast_is_noticed(tab_of):
    assert any(text.startswith("color-contrast") for text in tab_of('<p style="color:#ccc">pale</p>').violations())
    assert tab_of("<p>clear</p>").violations() == []


def test_offline_says_loudly_what_is_left_out(monkeypatch, capsys):
    monkeypatch.setattr(chromium, "find", lambda: None)
    monkeypatch.setenv("KCFG_OFFLINE", "1")
    assert chromium.main() == 0
    assert "*** KCFG_OFFLINE=1: NOT TESTED" in capsys.readouterr().err


def test_where_it_cannot_be_installed_the_error_says_how(monkeypatch, capsys):
    monkeypatch.setattr(chromium, "find", lambda: None)
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 1000)
    monkeypatch.delenv("KCFG_OFFLINE", raising=False)
    assert chromium.main() == 1
    assert "apt-get install chromium" in capsys.readouterr().err


def test_it_is_installed_by_apt_where_it_is_missing(monkeypatch):
    found, commands = iter([None, "/usr/bin/chromium"]), []
    monkeypatch.setattr(chromium, "find", lambda: next(found))
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 0)
    monkeypatch.setattr(chromium.shutil, "which", lambda name: f"/usr/bin/{name}")

    def run(command, **_):
        commands.append(command[:3])
        if len(commands) == 1:
            raise FetchError("Unable to locate package chromium")
        return ""

    monkeypatch.setattr(chromium.debian, "run", run)
    chromium.install()
    assert commands == [["apt-get", "-q", "install"], ["apt-get", "-q", "update"], ["apt-get", "-q", "install"]]
