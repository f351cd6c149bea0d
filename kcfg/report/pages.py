"""HTML pages: one self-contained file each, from jinja2 templates that escape everything.

A page loads nothing: its style and scripts stand in it, and its content security policy admits no others. The policy
names the scripts by their hash, so that text from a patch or a Kconfig file could not run even if it got through.

Templates extend `base.html.j2`; those of other packages are named with the package: "patches:status.html.j2".
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from kcfg import __version__
from kcfg.report.common import visible

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDERS = {
    "kcfg": ("kcfg.report", "templates"),
    "patches": ("patches.report", "templates"),
    "graphs": ("graphs", "templates"),
}
"""Package -> where its templates are."""

_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<text>.*?)</script>", re.DOTALL)


def page(template: str, context: Mapping[str, object]) -> str:
    """A whole page, ending in a newline. Everything in `context` is escaped, unless it is a `markupsafe.Markup`.

    Raises jinja2's errors for a template that is wrong, or asks for a name that `context` lacks.
    """
    text = environment().get_template(template).render(version=__version__, **context)
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
    out.globals["asset"] = asset
    return out


def anchor(text: str) -> str:
    """A text as an id that a link can name: letters, digits, `-` and `_`; different texts stay different."""
    return re.sub(r"[^A-Za-z0-9_-]", lambda match: f".{ord(match.group()):x}.", text)


def asset(name: str) -> str:
    """A style or script among the templates, as it is, never text of a user: "look.css", "graphs:graph.js"."""
    from markupsafe import Markup

    return Markup(read(name))


def read(name: str) -> str:
    """The text of a file among the templates. Raises FileNotFoundError when there is none."""
    package, _, file = name.rpartition(":")
    module, folder = FOLDERS[package or "kcfg"]
    return (resources.files(module) / folder / file).read_text(encoding="utf-8")


def _template(name: str) -> str | None:
    try:
        return read(name)
    except (KeyError, FileNotFoundError, ModuleNotFoundError):
        return None
