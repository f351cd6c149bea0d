"""What every SARIF log has: the schema, addresses, messages."""

from __future__ import annotations

import os
import re
from urllib.parse import quote

from kcfg.base.text import relative

SCHEMA_URI = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def uri(path: str) -> str:
    """The path as a relative URI reference, percent-encoded; file: for what lies outside the working directory."""
    path = relative(path) or "."
    try:
        raw = os.fsencode(path)
    except UnicodeEncodeError:
        raw = path.encode("utf-8", "backslashreplace")
    encoded = quote("stdin" if path == "-" else raw, safe="/")
    return f"file://{encoded}" if path.startswith("/") else encoded


def message(lines: list[str]) -> dict[str, str]:
    """A message object: braces doubled (3.11.5), and nothing that looks like an embedded link (3.11.6)."""
    text = "\n".join(line for line in lines if line) or "-"
    text = text.replace("{", "{{").replace("}", "}}")
    return {"text": re.sub(r"\[(?=[^\[\]]*\]\()", r"\\[", text)}
