"""A patch's header as data: who, when, the title, the text, trailers, and what it claims.

Headers come as mails (git format-patch, SUSE's and DEP-3's fields among them), as Mercurial writes them, as git show
prints them, in OpenXT's form, or as plain text whose first lines are the title.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from patches.text.claims import Claim, hide_claims, read_claims
from patches.text.forms import TRAILER, field, read_form
from patches.text.nofix import NoFix, read_no_fixes
from patches.text.shas import ANY_CASE

__all__ = ["Claim", "Header", "hide_claims", "parse_header"]

SUBJECT_LIMIT = 2000

HEADER_LIMIT = 10_000
"""Lines of a header that are read; what is longer is a log that somebody pasted."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the header says. Text that is missing is "", and `date` is None.

    `subject` is without [PATCH v2 1/3], which is `version`, `number` and `total` (0: not told); `tags` are what was
    taken off, such as "PATCH v2 1/3" or "UBUNTU". `fields` are a mail's or DEP-3's, in their order, `trailers` the
    lines such as Signed-off-by: of the text. `references`: advisories (XSA-333, CVE-2023-4563) that the patch is for;
    `mentions` are those that it only talks about. `bugs`: addresses and numbers of bug trackers. `no_fixes`: upstream's
    later fixes that it says are not wanted.
    """

    subject: str = ""
    author: str = ""
    email: str = ""
    date: datetime | None = None
    version: int = 1
    number: int = 0
    total: int = 0
    tags: tuple[str, ...] = ()
    body: str = ""
    message_id: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    trailers: tuple[tuple[str, str], ...] = ()
    claims: tuple[Claim, ...] = ()
    references: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    bugs: tuple[str, ...] = ()
    no_fixes: tuple[NoFix, ...] = ()

    @property
    def fixes(self) -> tuple[str, ...]:
        """The commits that the patch says it fixes, as hex, maybe short."""
        found = (_FIXES.match(value) for token, value in self.trailers if token.lower() == "fixes")
        return tuple(dict.fromkeys(one[1].lower() for one in found if one))

    @property
    def reverts(self) -> tuple[str, ...]:
        """The commits that the patch says it reverts."""
        return tuple(dict.fromkeys(one.lower() for one in _REVERTS.findall(self.body)))

    @property
    def reversed(self) -> Header:
        """What is known of the change that patch -R makes: neither who made it nor when, nor any claim."""
        return Header(f'Revert "{self.subject}"' if self.subject else "")


_FIXES = re.compile(rf"(?:commit\s+|c/s\s+)?({ANY_CASE})\b")
_REVERTS = re.compile(rf"\b[Rr]everts?\s+(?:commit|c/s)\s+({ANY_CASE})\b")
_TAG = re.compile(r"\s*\[([^\]\n]{1,120})\]\s*")
_PATCH_TAG = re.compile(r"\b(?:PATCH\w*|RFC|RESEND|PULL|v\d+|\d+/\d+|for-[\w.-]+|xen-devel|LKML)\b", re.IGNORECASE)
_REPLY = re.compile(r"\s*(?:re|fwd?|aw)\s*:\s*", re.IGNORECASE)
_DOWNSTREAM = re.compile(
    r"\s*(UBUNTU|SAUCE|UPSTREAM|BACKPORT|FROMGIT|FROMLIST|ANDROID|CHROMIUM)(?:\([^)]{0,60}\))?:\s+"
)
_XSA = re.compile(r"(?<![a-zA-Z0-9])XSA[-_ ]?(\d{1,4})(?!\d)", re.IGNORECASE)
_CVE = re.compile(r"(?<![a-zA-Z0-9])CVE-(\d{4}-\d{4,7})(?!\d)", re.IGNORECASE)
_IS_FOR = re.compile(
    r"\s*(?:(?:and )?this (?:(?:patch|issue|change) )?(?:is|fixes|addresses)\b[^.]{0,30}?(?:XSA|CVE)-?\d"
    r"|part of (?:XSA|CVE)|(?:CVE|References|Bug|Fixes|Security|Addresses|Resolves)\s*:"
    r"|\[?(?:XSA-?\d|CVE-\d)[\w\s,/&-]*[\].:]?\s*$)",
    re.IGNORECASE,
)
_WRAPPED = re.compile(r"(?:^|\s)(?:this is|part of|this fixes|this addresses)\s*$", re.IGNORECASE)
_BUG = re.compile(
    r"\b(?:(?:bsc|bnc|boo|bko|rhbz|rh|jsc|fate|ltc|LP|lp|deb|gh)[#:] ?[\w-]{2,40}|(?:CA|CP|XSI|SCTX|XOP)-\d{2,7})\b"
)
_BUGTRAILERS = frozenset(("closes", "buglink", "bug", "resolves", "issue", "ticket"))


def parse_header(text: str, file_name: str = "") -> Header:
    """What a patch's header says; `file_name` is read for the commit or the advisory that it names."""
    lines = [line.rstrip("\r") for line in mended(text).split("\n")[:HEADER_LIMIT]]
    form = read_form(lines)
    subject, version, number, total, tags = split_subject(form.subject)
    body = form.body.split("\n")
    trailers = tuple(read_trailers(body))
    fields = form.fields
    references, mentions = read_references(subject, fields, body, file_name)
    return Header(
        subject,
        form.author,
        form.email,
        form.date,
        version=version,
        number=number,
        total=total,
        tags=tags,
        body=form.body,
        message_id=field(fields, "message-id").strip("<> "),
        fields=fields,
        trailers=trailers,
        claims=read_claims(lines, file_name),
        references=references,
        mentions=mentions,
        bugs=read_bugs(subject, [*fields, *trailers]),
        no_fixes=read_no_fixes(lines),
    )


def mended(text: str) -> str:
    """Text whose bytes were no UTF-8, read as Latin-1: old headers are, line by line."""
    if text.isascii() or not any("\udc80" <= char <= "\udcff" for char in text):
        return text
    return "\n".join(
        line.encode("utf-8", "surrogateescape").decode("latin-1")
        if any("\udc80" <= char <= "\udcff" for char in line)
        else line
        for line in text.split("\n")
    )


def split_subject(text: str) -> tuple[str, int, int, int, tuple[str, ...]]:
    """Subject without tags, version, number, total, and the tags: [PATCH v2 1/3], Re:, UBUNTU:."""
    text = " ".join(text.split())[:SUBJECT_LIMIT]
    tags: list[str] = []
    while True:
        reply = _REPLY.match(text)
        tag = _TAG.match(text)
        downstream = _DOWNSTREAM.match(text)
        if reply:
            text = text[reply.end() :]
        elif tag and _PATCH_TAG.search(tag[1]) and text[tag.end() :].strip():
            tags.append(tag[1])
            text = text[tag.end() :]
        elif downstream and text[downstream.end() :].strip():
            tags.append(downstream[1])
            text = text[downstream.end() :]
        else:
            break
    told = " ".join(tags)
    version = re.search(r"\bv(\d{1,3})\b", told, re.IGNORECASE)
    count = re.search(r"\b(\d{1,4})/(\d{1,4})\b", told)
    number, total = (int(count[1]), int(count[2])) if count else (0, 0)
    return text.strip(), int(version[1]) if version else 1, number, total, tuple(tags)


def read_trailers(lines: Sequence[str]) -> list[tuple[str, str]]:
    """Signed-off-by: and the like, wherever they stand: backports have several blocks of them."""
    found = (TRAILER.match(line[:2000]) for line in lines)
    return [(one[1], one[2].strip()) for one in found if one]


def advisories(text: str) -> list[str]:
    """XSA-333 and CVE-2023-4563 in a text, in one spelling."""
    return [f"XSA-{int(one)}" for one in _XSA.findall(text)] + [f"CVE-{one}" for one in _CVE.findall(text)]


def read_references(
    subject: str, fields: Sequence[tuple[str, str]], body: Sequence[str], file_name: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Advisories that the patch is for (by its name, title, fields, "This is part of"), and others that it mentions."""
    sure = advisories(file_name.rsplit("/", 1)[-1]) + advisories(subject)
    for _, value in fields:
        sure += advisories(value)
    others: list[str] = []
    before = ""
    for line in body:
        found = advisories(line[:2000])
        if found:
            starts = _IS_FOR.match(line) or _WRAPPED.search(before[-200:])
            (sure if starts else others).extend(found)
        before = line
    kept = tuple(dict.fromkeys(sure))
    return kept, tuple(one for one in dict.fromkeys(others) if one not in kept)


def read_bugs(subject: str, pairs: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Bug numbers of the title and of fields, and addresses behind Bug:, BugLink:, Closes: and the like."""
    found = _BUG.findall(subject)
    for token, value in pairs:
        low = token.lower()
        if low in _BUGTRAILERS or low.startswith("bug-"):
            found.append(value.split()[0] if value.split() else "")
        elif low == "references":
            found += _BUG.findall(value)
    return tuple(dict.fromkeys(one for one in found if one))
