"""The forms that headers of patches have: mails, Mercurial's, git show's, OpenXT's, plain text.

Each is read into one `Form`; `headers.py` makes a `Header` of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import parsedate_to_datetime

from patches.text.shas import WHOLE
from patches.thresholds import GROUND


@dataclass(frozen=True, slots=True)
class Form:
    """What a header's form tells apart; `subject` is as it stands, `body` the text without what follows "---"."""

    subject: str = ""
    author: str = ""
    email: str = ""
    date: datetime | None = None
    body: str = ""
    fields: tuple[tuple[str, str], ...] = ()


_FROM_LINE = re.compile(r"From \S+ +(?:\w{3} \w{3} |\w{3}, )")
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,60}):(?:[ \t]+(.*)|)$")
_KNOWN = re.compile(
    r"(?:From|Subject|Date|Author|AuthorDate|Commit|CommitDate|Merge|Message-I[Dd]|MIME-Version|To|C[Cc]|Sender|Description|Origin|Bug(?:-\w+)?"
    r"|Forwarded|Last-Update|Applied-Upstream|Reviewed-by|Acked-by|Patch-mainline|Git-commit|Git-repo|Alt-commit|References"
    r"|Upstream-Status|Signed-off-by|Content-[\w-]+|X-[\w-]+|In-Reply-To|Reply-To|Return-Path|Received|List-[\w-]+"
    r"|DKIM-[\w-]+|Delivered-To|Patch-name|Title|Name):(?:\s|$)"
)
_WORD = re.compile(r"\w")
_BANNER = re.compile(r"\s*#{8,}\s*$")
_OPENXT = re.compile(r"#?\s*(SHORT DESCRIPTION|LONG DESCRIPTION|[A-Z][A-Z /()-]{3,60}):?\s*$")
TRAILER = re.compile(
    r"\s{0,4}((?:[A-Z][A-Za-z]*(?:-[A-Za-z]+)*-[Bb]y|Fixes|C[Cc]|Link|Closes|BugLink|Bug(?:-[A-Z]\w*)?|Message-I[Dd]|Change-Id"
    r"|References|CVE|Depends-on|Issue|Resolves|Ticket|Lore|Patchwork|Coverity-ID|Release-note)):\s*(\S.*)$"
)


def read_form(lines: list[str]) -> Form:
    """Author, date, subject, fields and body, by the form that the header has."""
    at = next((i for i, line in enumerate(lines) if line.strip()), len(lines))
    if at == len(lines):
        return Form()
    if any(line.startswith("# HG changeset patch") for line in lines[at : at + 5]):
        return mercurial(lines[at:])
    if any("SHORT DESCRIPTION" in line for line in lines[at : at + 5]):
        return openxt(lines[at:])
    start = mail_start(lines, at)
    if start >= 0:
        return mail(lines[start:])
    return plain(lines[at:])


def mail_start(lines: Sequence[str], at: int) -> int:
    """Where the fields begin: at once, or after a note that somebody put above or between; -1 when there are none."""
    begun = bool(_FROM_LINE.match(lines[at]))
    if _KNOWN.match(lines[at]) or re.match(f"commit {WHOLE}", lines[at]):
        return at
    if begun and (at + 1 == len(lines) or _FIELD.match(lines[at + 1])):
        return at
    for i in range(at + 1, min(at + 20, len(lines) - 1)):
        if _FROM_LINE.match(lines[i]) or lines[i].startswith("From: "):
            near = lines[i : i + 8]
            if any(line.startswith("Subject: ") for line in near):
                return i
    return at if begun else -1


def mail(lines: Sequence[str]) -> Form:
    """Fields up to an empty line, and the text."""
    fields, at = read_fields(lines)
    dates = (field(fields, name) for name in ("date", "authordate"))
    body = list(lines[at:])
    shown = not field(fields, "subject") and any(name in ("commit", "Author", "AuthorDate") for name, _ in fields)
    if shown or lines[0].startswith("commit "):
        body = [line.removeprefix("    ") for line in body]
    inner, start = read_fields(body, only=("From", "Subject", "Date", "Author"))
    subject = field(inner, "subject") or field(fields, "subject") or field(fields, "title")
    described = field(fields, "description", keep=True)
    if not subject and described:
        subject, _, rest = described.partition("\n")
        body = [*rest.split("\n"), *body]
    elif start:
        body = body[start:]
    author = field(inner, "from") or field(fields, "from") or field(fields, "author")
    if not subject:
        first = plain(body)
        subject, body = first.subject, first.body.split("\n")
    name, address = split_author(author)
    date = read_date(field(inner, "date") or next((one for one in dates if one), ""))
    return Form(decoded(subject), name, address, date, text_of(body), tuple(fields))


def read_fields(lines: Sequence[str], only: Sequence[str] = ()) -> tuple[list[tuple[str, str]], int]:
    """`Name: value` lines with their continuations, and the index after them and the empty line that ends them.

    Values keep their line ends. `only`: what may begin such a block inside a text; none is then read otherwise.
    """
    fields: list[tuple[str, str]] = []
    at = 0
    if not only and lines and (_FROM_LINE.match(lines[0]) or lines[0].startswith("commit ")):
        at = 1
    while only and at < len(lines) and not lines[at].strip():
        at += 1
    while at < len(lines):
        line = lines[at]
        found = _FIELD.match(line)
        if fields and line[:1] in (" ", "\t") and line.strip():
            name, value = fields[-1]
            fields[-1] = (name, f"{value}\n{line.strip()}")
        elif found and (not only or found[1] in only):
            fields.append((found[1], (found[2] or "").strip()))
        else:
            break
        at += 1
    if only and not fields:
        return [], 0
    return fields, at + (at < len(lines) and not lines[at].strip())


def field(fields: Sequence[tuple[str, str]], name: str, *, keep: bool = False) -> str:
    """The first field so named, in one line unless its line ends are to be kept; "" when there is none."""
    value = next((value for one, value in fields if one.lower() == name), "")
    return value if keep else " ".join(value.split())


def mercurial(lines: Sequence[str]) -> Form:
    """`# HG changeset patch`, with `# User` and `# Date <seconds> <offset, west is positive>`."""
    at = 0
    name = address = ""
    date = None
    while at < len(lines) and lines[at].startswith("#"):
        word, _, value = lines[at][1:].strip().partition(" ")
        if word == "User":
            name, address = split_author(value.strip())
        elif word == "Date":
            date = mercurial_date(value)
        at += 1
    rest = plain(lines[at:])
    return replace(rest, author=name or rest.author, email=address or rest.email, date=date or rest.date)


def mercurial_date(value: str) -> datetime | None:
    """Seconds since 1970 and the zone's offset in seconds."""
    try:
        seconds, offset = (int(one) for one in [*value.split(), "0"][:2])
        return datetime.fromtimestamp(seconds, timezone(timedelta(seconds=-offset)))
    except (ValueError, OverflowError, OSError):
        return None


def openxt(lines: Sequence[str]) -> Form:
    """Sections under banners of #: SHORT DESCRIPTION is the title, LONG DESCRIPTION the text."""
    sections: dict[str, list[str]] = {}
    name = ""
    for line in lines:
        found = _OPENXT.match(line)
        if _BANNER.match(line):
            continue
        if found:
            name = found[1]
            sections.setdefault(name, [])
        elif line.strip() or sections.get(name):
            sections.setdefault(name, []).append(line)
    title = " ".join(" ".join(sections.pop("SHORT DESCRIPTION", [])).split())
    body = sections.pop("LONG DESCRIPTION", [])
    for name, text in sections.items():
        if any(line.strip() for line in text):
            body = [*body, "", f"{name}:" if name else "", *text]
    author = next((line for line in lines if line.startswith(("From: ", "Author: "))), "")
    who, address = split_author(author.partition(": ")[2])
    at = embedded(body)
    if at >= 0:  # the upstream commit, pasted whole: its title is the patch's, whatever the short description says
        inner = mail(body[at:])
        whole = "\n".join(part for part in (title, text_of(body[:at]), inner.body) if part)
        return replace(inner, author=inner.author or who, email=inner.email or address, body=whole)
    return Form(title, who, address, body=text_of(body))


def embedded(lines: Sequence[str]) -> int:
    """Where a mail or what git show prints begins inside a text; -1 when none does."""
    for i, line in enumerate(lines):
        near = lines[i : i + 8]
        if re.match(r"commit [0-9a-f]{7,40}\b", line) and any(one.startswith("Author:") for one in near[:4]):
            return i
        if line.startswith(("From: ", "From ", "Subject: ", "Date: ")):
            fields, _ = read_fields(near)
            if field(fields, "subject"):
                return i
    return -1


def plain(lines: Sequence[str]) -> Form:
    """No fields: the first line is the title, with the lines that it wraps over. StGit puts From: under it."""
    at = next((i for i, line in enumerate(lines) if line == "---" or _WORD.search(line)), len(lines))
    if at < len(lines) and lines[at] == "---":  # a diffstat follows, and no title came before it
        at = len(lines)
    end = title_end(lines, at)
    title = " ".join(" ".join(lines[at:end]).lstrip("# ").split())
    inner, start = read_fields(lines[end:], only=("From", "Date", "Author"))
    name, address = split_author(field(inner, "from") or field(inner, "author"))
    return Form(title, name, address, read_date(field(inner, "date")), text_of(lines[end + start :]), tuple(inner))


def title_end(lines: Sequence[str], at: int) -> int:
    """The index after a title: a first paragraph of up to three lines that reads like one sentence that was wrapped."""
    end = at
    while end < len(lines) and _WORD.search(lines[end]) and end - at <= GROUND.title_lines:
        if end > at and (TRAILER.match(lines[end]) or _KNOWN.match(lines[end])):
            return at + 1
        end += 1
    if end - at > GROUND.title_lines:
        return at + 1
    for i in range(at + 1, end):
        before, line = lines[i - 1].rstrip(), lines[i].strip()
        if (
            before.endswith((".", ":", "!"))
            or (len(before) < GROUND.title_width and line[:1].isupper())
            or line[:1] in "-*#[("
        ):
            return at + 1
    return max(end, min(at + 1, len(lines)))


def text_of(lines: Sequence[str]) -> str:
    """The text up to "---", without empty lines around it."""
    end = next((i for i, line in enumerate(lines) if line == "---"), len(lines))
    return "\n".join(lines[:end]).strip("\n ")


def split_author(value: str) -> tuple[str, str]:
    """Name and address of `Name <address>`, `address (Name)`, or either alone."""
    text = decoded(" ".join(value.split()))
    found = re.match(r"([^<]{0,400})<([^<>]{0,400})>", text)
    if found:
        return found[1].strip().strip('"').strip(), found[2].strip()
    found = re.match(r"(\S{1,300}@\S{1,300}) \(([^()]{1,300})\)", text)
    if found:
        return found[2].strip(), found[1]
    return ("", text) if re.fullmatch(r"\S+@\S+", text) else (text, "")


_ENCODED = re.compile(r"=\?[^?\s]*\?[bBqQ]\?([^?\s]*)\?=")


def decoded(text: str) -> str:
    """Text with MIME's encoded words (=?UTF-8?q?...?=) read; one that cannot be stays as it stands."""
    if "=?" not in text or len(text) > 20_000:
        return text
    out, at = [], 0
    for word in _ENCODED.finditer(text):
        if not read_words(word[0]) and word[1]:
            out += [read_words(text[at : word.start()]) or text[at : word.start()].strip(), word[0]]
            at = word.end()
    rest = read_words(text[at:])
    return " ".join(part for part in (*out, text[at:].strip() if rest is None else rest) if part)


def read_words(text: str) -> str | None:
    """Text with all its encoded words read; None when one cannot be."""
    try:
        parts = decode_header(text)
        return " ".join(
            "".join(
                part if isinstance(part, str) else part.decode(charset or "ascii", "replace") for part, charset in parts
            ).split()
        )
    except (HeaderParseError, ValueError, LookupError):
        return None


def read_date(text: str) -> datetime | None:
    """A mail's date, git show's, or ISO 8601; without a zone it is taken as UTC. None when it cannot be read."""
    text = text.strip()
    if not text or len(text) > 100:
        return None
    shown = re.fullmatch(r"(\w{3}) (\w{3}) +(\d{1,2}) ([\d:]+) (\d{4})( [+-]\d{4})?", text)
    if shown:
        text = f"{shown[1]}, {shown[3]} {shown[2]} {shown[5]} {shown[4]}{shown[6] or ' +0000'}"
    for reader in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            date = reader(text)
            date = date if date.tzinfo else date.replace(tzinfo=UTC)
            date.timestamp()
        except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
            continue
        return date
    return None
