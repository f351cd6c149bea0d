"""A mail of several parts as one plain text: its fields, its texts, and the attachments that are patches, decoded.

Source: RFC 2045 and 2046; the standard library's `email` reads the parts.
"""

from __future__ import annotations

import email
import email.errors
import email.policy
import re
from email.message import Message

PARTS = 200
"""Parts of a mail that are read."""

DIFF = re.compile(rb"^(?:diff --git |--- [^\n]+\n\+\+\+ |\*\*\* [^\n]+\n--- [^\n]+\n\*{5}|Index: )", re.MULTILINE)
"""Where a diff begins."""

_MULTIPART = re.compile(rb"^Content-Type:[ \t]*multipart/", re.IGNORECASE | re.MULTILINE)
_ENCODED = re.compile(rb"^Content-Transfer-Encoding:[ \t]*(?:quoted-printable|base64)\b", re.IGNORECASE | re.MULTILINE)


def flat(data: bytes, head: bytes) -> bytes | None:
    """The mail with its parts decoded; None for one that has no parts, or none that is encoded or has a diff."""
    if not _MULTIPART.search(head) or not _ENCODED.search(data, len(head)):
        return None
    # The line that opens a mailbox's message is no field; a parser would take all after it for the text.
    begin = data.index(b"\n") + 1 if data.startswith(b"From ") else 0
    try:
        parts = leaves(email.message_from_bytes(data[begin:], policy=email.policy.compat32))
        texts = [text for text in map(decoded, parts) if text]
    except (email.errors.MessageError, ValueError, LookupError, RecursionError):
        return None
    if not any(DIFF.search(one) for one in texts):
        return None
    return head.rstrip(b"\r\n") + b"\n\n" + b"\n".join(texts)


def leaves(message: Message, depth: int = 0) -> list[Message]:
    """The parts that have no parts of their own."""
    below = message.get_payload()
    if not isinstance(below, list) or depth > 20:
        return [message]
    found: list[Message] = []
    for one in below:
        if isinstance(one, Message) and len(found) < PARTS:
            found += leaves(one, depth + 1)
    return found[:PARTS]


def decoded(part: Message) -> bytes:
    """A part's bytes where it is plain text or holds a diff; empty for others, such as HTML and signatures."""
    kind = part.get_content_type()
    text = part.get_payload(decode=True)
    if not isinstance(text, bytes) or kind == "text/html":
        return b""
    text = text.replace(b"\r\n", b"\n")
    plain = kind == "text/plain" and "attachment" not in str(part.get("Content-Disposition", "")).lower()
    return text if plain or DIFF.search(text) else b""
