"""A commit's text as git prints it, reduced to what changes are recognised by. The same for every way of reading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO
from zlib import crc32

import numpy as np
import numpy.typing as npt

from patches.text.lines import file_digest, subject_key, summed
from patches.text.shas import CHANGE, LOWER

LAST = 253_402_300_799  # the last second of the year 9999
FORMAT = "%H%x00%an%x00%ae%x00%at%x00%ct%x00%P%x00%B%x00"
CHUNK = 1 << 20
_BLANK = b" \t\r\f\v"
_FILE = b"\ndiff --git "
_TELLING = re.compile(rb"\n[+-][^\w\n]*\w[^\w\n]*\w[^\w\n]*\w[^\n]*")
"""The lines of `patches.text.lines.is_telling`, found in one go."""
_INDEX = re.compile(rb"\nindex [^\n]*")
_SIDE = re.compile(rb'\n(?:--- "?a/|\+\+\+ "?b/|rename (?:from|to) "?)([^\n\t"]+)')
_GIT = re.compile(rb'"?a/(.*?)"? "?b/')
_SHA = f"({LOWER})"
LINKS = {
    "pick": re.compile(
        rf"cherry picked from commit {_SHA}|^\s*master commit:\s*{_SHA}|\[ ?[Uu]pstream commit {_SHA} ?\]"
        rf"|^\s*commit {_SHA} upstream|backported from commit {_SHA}",
        re.MULTILINE,
    ),
    "revert": re.compile(rf"[Tt]his reverts (?:hypervisor |parts? of )?(?:commit )?{_SHA}"),
    "change": re.compile(rf"^[ \t]*Change-Id:[ \t]*({CHANGE})[ \t]*$", re.MULTILINE),
    "fixes": re.compile(rf"^\s*Fixes:\s*(?:commit )?{_SHA}", re.MULTILINE),
}
WORDS = {
    "pick": ("picked from commit ", "master commit:", "pstream commit ", " upstream", "backported from commit "),
    "revert": ("his reverts ",),
    "change": ("Change-Id:",),
    "fixes": ("Fixes:",),
}
"""A message without one of these has no such link, and most have none."""
_ADVISORY = re.compile(r"\b(?:XSA-\d+|CVE-\d{4}-\d{4,})\b")
_IS = re.compile(r"^.*\bis\b.*(?:XSA-\d+|CVE-\d{4}-\d+).*$", re.MULTILINE | re.IGNORECASE)

Keys = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Diff:
    """A diff, reduced: git's stable patch-id (b"" for none), the paths, the unique keys of its telling lines."""

    patch_id: bytes
    paths: tuple[str, ...]
    keys: Keys


NOTHING = Diff(b"", (), np.empty(0, np.uint32))


@dataclass(frozen=True, slots=True)
class HistoryDocument:
    """A commit or a message. `links` are (kind, commit that the message names): pick, revert, fixes, notice.

    Of the kind change they name none, but what change this is: a Change-Id.
    """

    name: str
    author: str
    email: str
    author_date: int
    commit_date: int
    subject: str
    subject_key: str
    diff: Diff
    links: tuple[tuple[str, str], ...]
    references: tuple[str, ...]


def read_diff(text: bytes) -> Diff:
    """A diff as git prints it."""
    paths: dict[bytes, None] = {}
    digests = []
    keys: set[int] = set()
    for one in (b"\n" + text).split(_FILE)[1:]:
        at = one.find(b"\n@@ ")
        head = one if at < 0 else one[:at]
        names = _SIDE.findall(head)
        if not names and (found := _GIT.match(head)):
            names = [found[1]]
        paths |= dict.fromkeys(names)
        if at >= 0:
            body = one[at:]
            digests.append(file_digest(b"diff --git " + _INDEX.sub(b"", head), body))
            keys.update(map(crc32, b"".join(_TELLING.findall(body)).translate(None, _BLANK).split(b"\n")[1:]))
    told = tuple(path.decode("utf-8", "surrogateescape") for path in paths)
    ordered = np.fromiter(keys, np.uint32, len(keys))
    ordered.sort()
    return Diff(summed(digests) if digests else b"", told, ordered)


def read_message(message: str) -> tuple[str, tuple[tuple[str, str], ...], tuple[str, ...]]:
    """(subject, links, advisories that it is for) of a commit's message."""
    subject = " ".join(message.lstrip().split("\n\n", 1)[0].split("\n")).strip()[:500]
    links = [
        (kind, next(sha for sha in found.groups() if sha))
        for kind, pattern in LINKS.items()
        if any(word in message for word in WORDS[kind])
        for found in pattern.finditer(message)
    ]
    told = " ".join([subject, *_IS.findall(message)]) if "XSA-" in message or "CVE-" in message else ""
    return subject, tuple(dict.fromkeys(links)), tuple(dict.fromkeys(_ADVISORY.findall(told)))


def document(record: bytes) -> HistoryDocument:
    """One commit as `git log --format=FORMAT -p` prints it."""
    fields = record.split(b"\0", 7)
    name, author, email, written, committed, _, message = (
        field.decode("utf-8", "surrogateescape") for field in fields[:7]
    )
    subject, links, references = read_message(message)
    diff = read_diff(fields[7] if len(fields) > 7 else b"")
    return HistoryDocument(
        name, author, email, number(written), number(committed), subject, subject_key(subject), diff, links, references
    )


def number(text: str) -> int:
    """A date in seconds; 0 where git has none, or one beyond the year 9999."""
    plain = text.isascii() and (text[1:] if text[:1] == "-" else text).isdigit()
    return int(text) if plain and len(text.lstrip("-")) <= 12 and abs(int(text)) <= LAST else 0


def records(stream: IO[bytes], mark: bytes) -> Iterator[bytes]:
    """The parts of a stream between marks, one at a time."""
    left = bytearray()
    while chunk := stream.read(CHUNK):
        start = max(0, len(left) - len(mark))
        left += chunk
        if left.find(mark, start) < 0:
            continue
        *whole, rest = bytes(left).split(mark)
        for one in whole:
            if not one.isspace() and one:
                yield one
        left = bytearray(rest)
    if left.strip():
        yield bytes(left)


def documents(stream: IO[bytes], mark: bytes) -> Iterable[HistoryDocument]:
    """All commits of a stream."""
    return map(document, records(stream, mark))
