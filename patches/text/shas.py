"""How the name of a commit is written: 40 hex digits or an abbreviation of them, 64 in a SHA-256 repository.

And the name of a change, the same in all its versions and picks: the Change-Id of Gerrit and of GNU projects.
"""

from __future__ import annotations

SHORTEST = 7
"""Digits below which nothing is taken for a name."""
WIDEST = 64
LOWER = r"(?:[0-9a-f]{64}|[0-9a-f]{7,40})"
ANY_CASE = r"(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{7,40})"
WHOLE = r"(?:[0-9a-f]{64}|[0-9a-f]{40})"
CHANGE = r"I[0-9a-f]{40}"
"""Parts of regular expressions, without a group: a name or its abbreviation, in either case; whole; a Change-Id."""


def span(prefix: str) -> tuple[bytes, bytes] | None:
    """(the lowest, the highest name that begins with these hex digits), of any width; None for what begins no name."""
    if not SHORTEST <= len(prefix) <= WIDEST:
        return None
    try:
        return bytes.fromhex(prefix + "0" * (len(prefix) % 2)), bytes.fromhex(prefix.ljust(WIDEST, "f"))
    except ValueError:
        return None
