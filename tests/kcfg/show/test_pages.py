"""HTML pages: nothing loads from outside, nothing that a user wrote runs, and every asset ships."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from jinja2 import UndefinedError

from kcfg.show import pages


@pytest.fixture
def hostile_page(monkeypatch):
    template = (
        '{% extends "base.html.j2" %}'
        "{% block title %}{{ subject }}{% endblock %}"
        '{% block main %}<h1 title="{{ subject }}">{{ subject }}</h1>'
        '<script type="application/json" id="data">{{ data | tojson }}</script>{% endblock %}'
    )
    original = pages.read
    monkeypatch.setattr(pages, "read", lambda name: template if name == "own.html.j2" else original(name))
    pages.environment.cache_clear()
    subject = "</title><script>alert(1)</script>\"'&"
    yield pages.page("own.html.j2", {"subject": subject, "data": {"s": subject}})
    pages.environment.cache_clear()


def test_text_of_a_user_stays_text(hostile_page):
    assert "alert(1)</script>" not in hostile_page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in hostile_page
    assert '"s": "\\u003c/title\\u003e\\u003cscript\\u003e' in hostile_page


def test_the_policy_admits_the_pages_own_scripts_and_no_other(hostile_page):
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', hostile_page)[1]
    scripts = re.findall(r"<script>(.*?)</script>", hostile_page, re.DOTALL)
    assert len(scripts) == 2
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts]
    assert f"script-src 'sha256-{digests[0]}' 'sha256-{digests[1]}';" in policy
    assert policy.startswith("default-src 'none';")
    assert "http" not in policy


def test_a_page_names_no_address(hostile_page):
    assert not re.findall(r"(?:src|href|action)=\"(?!#|data:,)[^\"]*\"|url\(|@import|https?://", hostile_page)


def test_a_name_that_is_missing_is_an_error():
    with pytest.raises(UndefinedError):
        pages.environment().from_string("{{ nothing }}").render()


@pytest.mark.parametrize(("left", "right"), [("a b", "a.b"), ("a/b", "a.2f.b"), ("é", "e")])
def test_different_texts_have_different_anchors(left, right):
    assert pages.anchor(left) != pages.anchor(right)
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", pages.anchor(left))


def test_words_that_are_names_become_links_and_the_rest_stays_text():
    hrefs = {"XEN": "#x", "PCI": "#p"}
    linked = str(pages.linked("<b>XEN</b> needs PCI, XEN_PV not", hrefs, own="#p"))
    assert linked == '&lt;b&gt;<a href="#x">XEN</a>&lt;/b&gt; needs PCI, XEN_PV not'


def test_a_name_may_be_broken_behind_its_parts():
    assert str(pages.name("XEN_PVH<")) == "XEN_<wbr>PVH&lt;"
    assert str(pages.name("a/b.c", 'x"y')) == '<a href="x&#34;y">a/<wbr>b.c</a>'
