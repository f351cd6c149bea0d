"""HTML pages: one self-contained file each, from jinja2 templates that escape everything.

A page loads nothing: its style and scripts stand in it, and its content security policy admits no others. The policy
names the scripts by their hash, so that text from a patch or a Kconfig file could not run even if it got through.

Templates extend `base.html.j2`. Others are named with their folder, so that each wing brings its own:
"patches/report/templates:status.html.j2".
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import msgspec

from kcfg import __version__
from kcfg.base.text import prose, visible

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

OWN = "kcfg/show/templates"
"""The folder of what all pages share."""

LONG = 400
"""Characters of one text that a page shows at once; the rest is folded."""

_PART = re.compile(r"[^_/]*[_/]|[^_/]+")
_WORD = re.compile(r"[A-Za-z0-9_]{2,}")
_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<text>.*?)</script>", re.DOTALL)


class NavLink(msgspec.Struct, frozen=True):
    """A page of a site, as the head of every page names it."""

    text: str
    href: str
    current: bool = False


class Frame(msgspec.Struct, frozen=True):
    """What a page of a site has around it. The default is a page that stands alone, and links nowhere.

    `symbols`: symbol -> where the site tells of it. `findings`: a configuration's name -> the page with its findings.
    """

    nav: tuple[NavLink, ...] = ()
    home: str = "#main"
    symbols: Mapping[str, str] = {}
    findings: Mapping[str, str] = {}


ALONE = Frame()


def page(template: str, context: Mapping[str, object], frame: Frame = ALONE) -> str:
    """A whole page, ending in a newline. Everything in `context` is escaped, unless it is a `markupsafe.Markup`.

    Raises jinja2's errors for a template that is wrong, or asks for a name that `context` lacks.
    """
    around = {"version": __version__, "nav": frame.nav, "home": frame.home, "frame": frame}
    text = environment().get_template(template).render({**around, **context})
    return text.replace("@POLICY@", policy(text), 1) + ("" if text.endswith("\n") else "\n")


def policy(text: str) -> str:
    """The content security policy of a page: its own scripts and styles, pictures inside it, and nothing else.

    Blocks of data (`type="application/json"`) need no permission, since they never run.
    """
    hashes = [
        "'sha256-" + base64.b64encode(hashlib.sha256(match["text"].encode()).digest()).decode() + "'"
        for match in _SCRIPT.finditer(text)
        if "application/json" not in match["attributes"]
    ]
    scripts = " ".join(dict.fromkeys(hashes)) or "'none'"
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The jinja2 environment of all pages."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    out = Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    out.filters["visible"] = visible
    out.filters["anchor"] = anchor
    out.filters["linked"] = linked
    out.filters["folded"] = folded
    out.filters["name"] = name
    out.filters["told"] = told
    out.globals["asset"] = asset
    return out


def anchor(text: str) -> str:
    """A text as an id that a link can name: letters, digits, `-` and `_`; different texts stay different."""
    return re.sub(r"[^A-Za-z0-9_-]", lambda match: f".{ord(match.group()):x}.", text)


def linked(text: str, hrefs: Mapping[str, str], own: str = "") -> Markup:
    """A text whose words that are names in `hrefs` are links; `own` is an address that it does not link to."""
    from markupsafe import Markup, escape

    shown = prose(text)
    if not hrefs:
        return escape(shown)
    out, end = Markup(), 0
    for match in _WORD.finditer(shown):
        href = hrefs.get(match.group())
        if href and href != own:
            out += escape(shown[end : match.start()])
            out += Markup('<a href="{}">{}</a>').format(href, match.group())
            end = match.end()
    return out + escape(shown[end:])


def told(text: str) -> Markup:
    """A sentence or paragraph: runs of blanks and line ends are one blank; folded when it is very long."""
    return folded(prose(text))


def folded(text: str) -> Markup:
    """A text on one line; a very long one shows its beginning, and all of it when it is opened."""
    from markupsafe import Markup, escape

    shown = visible(text)
    if len(shown) <= LONG:
        return escape(shown)
    frame = '<details class="long"><summary>{} …</summary>{}</details>'
    return Markup(frame).format(shown[: LONG // 4], shown)


def name(text: str, href: str = "") -> Markup:
    """A symbol's or a file's name, which may be broken behind a part of it; a link where there is somewhere to go."""
    from markupsafe import Markup

    out = Markup("<wbr>").join(_PART.findall(visible(text)))
    return Markup('<a href="{}">{}</a>').format(href, out) if href else out


def asset(file: str) -> Markup:
    """A style or script among the templates, as it is, never a user's text: "look.css", "graphs/templates:graph.js"."""
    from markupsafe import Markup

    return Markup(read(file))


def read(name: str) -> str:
    """The text of a file among the templates. Raises FileNotFoundError when there is none."""
    folder, _, file = name.rpartition(":")
    package, _, below = (folder or OWN).partition("/")
    return (resources.files(package) / below / file).read_text(encoding="utf-8")


def _template(name: str) -> str | None:
    try:
        return read(name)
    except (FileNotFoundError, ModuleNotFoundError):
        return None
