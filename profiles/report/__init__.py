"""Reports: findings in, text out."""

from __future__ import annotations

from importlib import import_module

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

MODULES = {
    "text": lambda: import_module("profiles.report.text"),
    "json": lambda: import_module("profiles.report.json"),
    "sarif": lambda: import_module("profiles.report.sarif"),
    "junit": lambda: import_module("profiles.report.junit"),
    "github": lambda: import_module("profiles.report.github"),
    "markdown": lambda: import_module("profiles.report.markdown"),
    "html": lambda: import_module("profiles.report.html"),
}
"""Format -> its module, imported when it is asked for."""

CHECKS = Renderers(MODULES, {"Report": CHECK_FORMATS, "ModesReport": MODES_FORMATS})
render, write = CHECKS.render, CHECKS.write
