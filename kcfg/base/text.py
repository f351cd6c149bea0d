"""Text made harmless, counted, quoted and compared: what every report and every error line needs."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable
from datetime import UTC, datetime

# Whatever moves a cursor, hides, reorders or breaks a line: C0, DEL, C1, soft hyphen, zero-width and bidirectional
# controls, line separators, lone surrogates (bytes of a file name that are not UTF-8), tags.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


_BLANKS = re.compile(r"[ \t\r\n]+")


def _escaped(match: re.Match[str]) -> str:
    char = match.group()
    code = ord(char)
    if char in "\n\r\t":
        return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}[char]
    if 0xDC80 <= code <= 0xDCFF:  # os.fsdecode's mark for a byte that is not UTF-8
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def visible(text: str) -> str:
    """The text on one line with every control character spelled out (`\\x1b`), safe to show on a terminal."""
    return _UNSAFE.sub(_escaped, text)


def with_tabs(text: str) -> str:
    """The same with its tabs as they are."""
    return "\t".join(map(visible, text.split("\t")))


def prose(text: str) -> str:
    """A sentence or paragraph as one safe line: line breaks and runs of blanks become one blank."""
    return visible(_BLANKS.sub(" ", text).strip())


def relative(path: str) -> str:
    """The path from the working directory when it lies below it, else as it is."""
    if not os.path.isabs(path):
        return path
    try:
        near = os.path.relpath(path)
    except (ValueError, OSError):  # another drive, or a working directory that is gone
        return path
    return path if near == os.pardir or near.startswith(os.pardir + os.sep) else near


def below(path: str, parent: str) -> bool:
    """Whether `path` is `parent` or lies in it, by name alone."""
    return path == parent or path.startswith(parent.rstrip("/") + "/")


def plural(number: int, one: str, many: str = "") -> str:
    """ "1 profile", "2 profiles"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def command(*words: str) -> str:
    """A command line to paste: each word quoted for a shell, control characters spelled out."""
    return " ".join(shlex.quote(visible(w)) for w in words)


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that names what `word` may have been meant to be, or all there is when it is a short list."""
    import difflib  # takes longer than reading a profile, and a good profile does not need it

    known = sorted(known)
    if near := difflib.get_close_matches(word, known, n=3, cutoff=0.6):
        return f"did you mean {' or '.join(near)}?"
    return f"known: {', '.join(known)}" if known else ""


def iso_date(seconds: int) -> str:
    """Seconds since 1970 in ISO 8601, UTC; "" for a date that is out of any calendar."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError, OSError):
        return ""
