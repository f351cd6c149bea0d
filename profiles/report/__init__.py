"""Reports: findings in, text out."""

from __future__ import annotations

from kcfg.show.render import Renderers

# Format -> what it is for, as `--help` says it. The module of the same name renders it.
FORMATS: dict[str, str] = {
    "text": "for people, in colour on a terminal",
    "json": "for programs, versioned: docs/json-schema.md",
    "sarif": "SARIF 2.1.0, for code scanning",
    "junit": "JUnit XML, for continuous integration",
    "github": "workflow commands, for GitHub Actions",
    "markdown": "tables, for comments and wikis",
    "html": "a page in one file, for a browser",
}

# Which formats each command's report has.
CHECK_FORMATS = tuple(FORMATS)
MODES_FORMATS = ("text", "json", "markdown", "html")

CHECKS = Renderers(__name__, {"Report": CHECK_FORMATS, "ModesReport": MODES_FORMATS})
render, write = CHECKS.render, CHECKS.write
