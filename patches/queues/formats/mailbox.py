"""Mailboxes: an mbox, a b4 .am file, `git format-patch --stdout`, or one patch alone.

As a queue, each message with a diff is one patch. As one file of another queue (a spec's `Patch1: xen-queue.am`) a
mailbox is one patch, whose entry has the messages as `parts`.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from mmap import mmap

from patches.queues.files import Files
from patches.queues.formats import Format, ListedPatch, QueueListing, is_patch_name
from patches.queues.formats.attachments import DIFF, flat
from patches.text.forms import decoded
from patches.text.headers import split_subject

_START = re.compile(
    rb"^(?:From [^\s]+ [ ]?(?:\w{3} \w{3} [ \d]\d \d\d:\d\d(?::\d\d)? |\w{3}, )[^\n]{0,80})\n", re.MULTILINE
)
_FIELD = re.compile(rb"[A-Za-z][A-Za-z0-9-]*:")
_ENCODING = re.compile(
    rb"^Content-Transfer-Encoding:[ \t]*(quoted-printable|base64)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE
)
_SUBJECT = re.compile(rb"^Subject:[ \t]*([^\n]*(?:\n[ \t][^\n]*)*)", re.MULTILINE | re.IGNORECASE)
_COUNT = re.compile(rb"\b(\d{1,4})/(\d{1,4})\]")


def recognises(files: Files, path: str) -> bool:
    """A file that begins as a mail or holds a diff."""
    data = files.read(path)
    return bool(starts(data)) or (bool(DIFF.search(data)) and (is_patch_name(path) or b"\0" not in data[:4096]))


def read(files: Files, path: str) -> QueueListing:
    """The messages that have a diff; in the order of [PATCH n/m] where all of one series have it."""
    data = files.read(path)
    found = [(one, data.count(b"\n", 0, at) + 1) for at, one in split_at(data)]
    with_diff = [(plain_mail(one), line) for one, line in found]
    with_diff = [(one, line) for one, line in with_diff if DIFF.search(one)] or with_diff[:1]
    items = [
        ListedPatch(title(one, path, number), "", line, raw=one) for number, (one, line) in enumerate(with_diff, 1)
    ]
    counts = [_COUNT.search(subject(one)) for one, _ in with_diff]
    pairs = [(int(one[2]), int(one[1])) for one in counts if one]
    if len(pairs) == len(items) and len({total for total, _ in pairs}) == 1 and len(set(pairs)) == len(pairs):
        items = [item for _, item in sorted(zip(pairs, items, strict=True), key=lambda pair: pair[0])]
    return QueueListing(path, tuple(items))


def starts(data: bytes | mmap) -> list[int]:
    """Where messages begin: "From " lines with a mail's field after them. No line of a hunk is one."""
    found = []
    for one in _START.finditer(data):
        at = one.start()
        if _FIELD.match(data, one.end()):
            found.append(at)
    return found


def split_at(data: bytes) -> list[tuple[int, bytes]]:
    """Messages with their offsets; all of it when it is no mailbox."""
    begins = starts(data)
    if not begins or data[: begins[0]].strip():
        begins = [0, *begins]
    return [(at, data[at:end]) for at, end in zip(begins, [*begins[1:], len(data)], strict=True)]


def split_mailbox(data: bytes) -> list[bytes]:
    """The messages of a mailbox that have a diff, decoded; empty when there are not at least two."""
    if len(starts(data)) < 2:
        return []
    mails = [plain_mail(one) for _, one in split_at(data)]
    mails = [one for one in mails if DIFF.search(one)]
    return mails if len(mails) > 1 else []


def plain_mail(data: bytes) -> bytes:
    """A message whose text or attachments are quoted-printable or base64 as a plain one; others as they are."""
    head, gap, body = data.partition(b"\n\n") if b"\r\n\r\n" not in data[:65536] else data.partition(b"\r\n\r\n")
    whole = flat(data, head) if gap else None
    if whole is not None:
        return whole
    found = _ENCODING.search(head[:65536])
    if not found or not gap:
        return data
    if found[1].lower() == b"base64":
        try:
            text = base64.b64decode(body)
        except (binascii.Error, ValueError):
            return data
        return head + gap + text if text.strip() else data
    # Tools that decode a mail leave its fields alone: only text that is encoded has =3D or lines that end with "=".
    if b"=3D" not in body and not re.search(rb"=\r?\n", body):
        return data
    return head + gap + quopri.decodestring(body)


def subject(data: bytes) -> bytes:
    """A message's subject, as it stands."""
    found = _SUBJECT.search(data[:65536])
    return found[1] if found else b""


def title(data: bytes, path: str, number: int) -> str:
    """What to call a message: number and subject, as git format-patch names files; the file's name without one."""
    text = subject(data).decode("utf-8", "replace")
    words = re.sub(r"[^\w.-]+", "-", split_subject(decoded(" ".join(text.split())))[0]).strip("-.")[:60]
    return f"{number:04}-{words}" if words else path.rsplit("/", 1)[-1]


FORMAT = Format("mailbox", "an mbox, b4's .am, git format-patch --stdout: one patch a message", recognises, read)
