"""How answers about one configuration look."""

from __future__ import annotations

from kcfg.show.render import Renderers

RESOLVE_FORMATS = ("text", "json", "github", "markdown", "html")
EXPLAIN_FORMATS = ("text", "json", "html")
SHOW_FORMATS = ("text", "json")

ANSWERS = Renderers(
    __name__, {"ResolveReport": RESOLVE_FORMATS, "ExplainReport": EXPLAIN_FORMATS, "SymbolReport": SHOW_FORMATS}
)
render, write = ANSWERS.render, ANSWERS.write
