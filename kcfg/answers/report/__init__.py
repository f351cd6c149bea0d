"""How answers about one configuration look."""

from __future__ import annotations

from importlib import import_module

from kcfg.show.render import Renderers

RESOLVE_FORMATS = ("text", "json", "github", "markdown", "html")
EXPLAIN_FORMATS = ("text", "json", "html")
SHOW_FORMATS = ("text", "json")

MODULES = {
    "text": lambda: import_module("kcfg.answers.report.text"),
    "json": lambda: import_module("kcfg.answers.report.json"),
    "github": lambda: import_module("kcfg.answers.report.github"),
    "markdown": lambda: import_module("kcfg.answers.report.markdown"),
    "html": lambda: import_module("kcfg.answers.report.html"),
}
"""Format -> its module, imported when it is asked for."""

ANSWERS = Renderers(
    MODULES, {"ResolveReport": RESOLVE_FORMATS, "ExplainReport": EXPLAIN_FORMATS, "SymbolReport": SHOW_FORMATS}
)
render, write = ANSWERS.render, ANSWERS.write
