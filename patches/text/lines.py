"""What a change is recognised by: keys of its added and removed lines, its subject, and git's own patch-id.

The index and the matcher take these keys from here alone, so that both sides cannot drift apart; `KEY_VERSION` is
raised with every change of meaning, and makes an index of another version be built anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha1
from zlib import crc32

KEY_VERSION = 1

_SPACE = b" \t\n\r\f\v"
_TAG = re.compile(r"^\s*(?:(?:re|fwd?|aw)\s*:\s*|\[[^\]]{0,80}\]\s*)+", re.IGNORECASE)
_NOT_WORD = re.compile(r"[\W_]+")
_TELLING = re.compile(rb"\w\W*\w\W*\w")
_NOT_HASHED = re.compile(rb"\n(?:@@|\\ )[^\n]*")


def line_key(line: bytes) -> int:
    """The key of one changed line, its sign first: 32 bits; white space does not count."""
    return crc32(line.translate(None, _SPACE))


def bytes_of(text: str) -> bytes:
    """A text's bytes, as they stood in the patch."""
    return text.encode("utf-8", "surrogateescape")


def of_bytes(line: bytes) -> str:
    """A line's text, from which `bytes_of` makes the same bytes again."""
    return line.decode("utf-8", "surrogateescape")


def is_telling(line: bytes) -> bool:
    """Whether a changed line, its sign first, can tell one change from another: it has three letters or digits."""
    return _TELLING.search(line) is not None


def says(line: str) -> bool:
    """The same of a line of text: a brace or a blank line is beside everything."""
    return is_telling(bytes_of(line))


def subject_key(subject: str) -> str:
    """A subject without [PATCH v2 1/3] and Re:, in small letters, its words alone: equal for the same title."""
    return _NOT_WORD.sub(" ", _TAG.sub("", subject).lower()).strip()


def patch_id(files: list[tuple[bytes, bytes]]) -> bytes:
    """git's stable patch-id of (head, hunks) of each file: 20 bytes, as `git patch-id --stable` gives.

    `head` is a file's lines from "diff --git" to before the first @@, without the "index" line.
    Source: builtin/patch-id.c, get_one_patchid and flush_one_hunk.
    """
    return summed(file_digest(head, hunks) for head, hunks in files)


def file_digest(head: bytes, hunks: bytes) -> bytes:
    """The digest of one file for `summed`."""
    digest = sha1(head.translate(None, _SPACE), usedforsecurity=False)
    digest.update(_NOT_HASHED.sub(b"", b"\n" + hunks).translate(None, _SPACE))
    return digest.digest()


def summed(digests: Iterable[bytes]) -> bytes:
    """The patch-id of files' digests."""
    total = 0
    for one in digests:
        total = add_digest(total, one)
    return total.to_bytes(20, "little")


def add_digest(total: int, digest: bytes) -> int:
    """The sum of git's flush_one_hunk: bytes added from the first on, with carry, 160 bits."""
    return (total + int.from_bytes(digest, "little")) % (1 << 160)
