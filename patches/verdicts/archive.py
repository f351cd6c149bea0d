"""A mailing list's archive: was a patch sent, when, in which version, and what became of it.

Archives are public-inbox repositories (one commit a message, the message in the file `m`) or mboxes. Messages are
indexed as commits are, and matched as commits are; a message that tells of a merged commit ("Commit-ID:", as tip-bot
sends) gives that commit, a reply that says so gives a maintainer's word.
Source: https://public-inbox.org/public-inbox-v2-format.html
"""

from __future__ import annotations

import email.policy
import hashlib
import mmap
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import Message as Parsed
from email.parser import BytesParser
from pathlib import Path
from typing import TYPE_CHECKING

from kcfg.base.errors import UserError
from kcfg.base.progress import Progress, silent
from kcfg.base.text import iso_date
from kcfg.sources.gitrepo import lines, open_repo
from patches.findings import Submission, UpstreamKind, UpstreamUsed
from patches.queues.formats.mailbox import starts
from patches.text.forms import read_date
from patches.text.headers import parse_header
from patches.text.lines import subject_key
from patches.text.parse import PATCH_LIMIT, parse_patch
from patches.upstreams.history import Diff, HistoryDocument, read_message
from patches.upstreams.index import Index, Mail
from patches.upstreams.indexing import Indexed, IndexWriter, default_jobs, read_batches
from patches.upstreams.limits import Limit
from patches.upstreams.opening import opened
from patches.upstreams.rows import clean
from patches.upstreams.scope import IndexScope
from patches.upstreams.store import cache_file, followed, locked, working_file
from patches.verdicts.match import Matcher, query, stable_patch_id, telling_keys

if TYPE_CHECKING:
    from patches.text.headers import Header
    from patches.text.patch import Patch

BATCH = 500
LATER = 8
"""Newer versions that are named."""
_NOTICE = re.compile(r"^Commit-ID:\s+([0-9a-f]{64}|[0-9a-f]{12,40})\s*$", re.MULTILINE)
_NOTICE_AUTHOR = re.compile(r"^Author:\s+([^<\n]*?)\s*<([^>\n]*)>", re.MULTILINE)
_NOTICE_DATE = re.compile(r"^AuthorDate:\s+(\S[^\n]*)", re.MULTILINE)
_APPLIED = re.compile(
    r"^(?!>)[^\n]{0,80}\b(?:applied|queued(?: up)?|merged|pushed|committed)\b[^\n]{0,80}", re.IGNORECASE | re.MULTILINE
)
_NOT_APPLIED = re.compile(r"\b(?:not|n't|can be|could be|should be|to be|if|when|once)\b", re.IGNORECASE)
_LINK = re.compile(r"^https?://[^\s]+/(?:r/|[\w.-]+/|msgid/)([^\s/@]+@[^\s/]+)/?$")


@dataclass(frozen=True, slots=True)
class Message(HistoryDocument):
    """A message with its patch, if it has one."""

    mail: Mail


class MailWriter(IndexWriter):
    """Indexes a public-inbox repository."""

    kind = "archive"

    def read(self, batches: Sequence[Sequence[str]]) -> Iterator[Sequence[HistoryDocument]]:
        yield from read_batches(self.repo.path, batches, self.jobs, read_mails)

    def more_rows(self) -> None:
        rows = [
            (ident, clean(one.mail.message_id), one.mail.version, one.mail.number, clean(one.mail.reply_to),
             one.mail.notice, clean(one.mail.applied))
            for ident, one in self.waiting if isinstance(one, Message)
        ]  # fmt: skip
        self.base.executemany("INSERT INTO mails VALUES(?,?,?,?,?,?,?)", rows)

    def relate(self, refs: dict[str, str]) -> None:
        self.base.executemany("INSERT OR REPLACE INTO meta VALUES(?, ?)", {"complete": "1", "limits": ""}.items())


class Mbox:
    """A file of messages, as far as the index needs a repository."""

    partial = False
    cut_off: frozenset[str] = frozenset()

    def __init__(self, path: str) -> None:
        self.path = path
        self.folder = os.path.realpath(path)
        try:
            with open(path, "rb") as file:
                if not file.read(1):
                    raise UserError("the mailbox is empty", where=path)
                self.data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except OSError as error:
            raise UserError(f"cannot read it: {error.strerror}", where=path) from None
        begins = starts(self.data)
        if not begins:
            raise UserError("no mailbox: it has no line that begins a message", where=path)
        self.parts = list(zip(begins, [*begins[1:], len(self.data)], strict=True))

    def refs(self) -> dict[str, str]:
        return {"mbox": ""}

    def main_branch(self, wanted: str = "") -> str:
        return "mbox"

    def message(self, number: int) -> bytes:
        """A message without the line that begins it."""
        begin, end = self.parts[number]
        return self.data[self.data.find(b"\n", begin) + 1 : min(end, begin + PATCH_LIMIT)]


class MboxWriter(MailWriter):
    """Indexes an mbox; a message is named by its content."""

    def __init__(self, box: Mbox, path: Path, jobs: int, progress: Progress) -> None:
        super().__init__(box, path, IndexScope(), jobs, progress)
        self.box = box
        self.numbers: dict[str, int] = {}

    def wanted(self, refs: dict[str, str]) -> list[str]:
        for number in range(len(self.box.parts)):
            name = hashlib.sha1(self.box.message(number), usedforsecurity=False).hexdigest()
            self.numbers.setdefault(name, number)
        return list(self.numbers)

    def read(self, batches: Sequence[Sequence[str]]) -> Iterator[Sequence[HistoryDocument]]:
        for batch in batches:
            yield [read_mail(name, self.box.message(self.numbers[name])) for name in batch]


def read_mails(repository: str, shas: Sequence[str]) -> list[Message]:
    """The messages of some commits; a commit without one (a purge, the inbox's settings) is an empty message."""
    repo = open_repo(repository)
    out = []
    with tempfile.TemporaryFile() as given:
        given.write(lines([f"{sha}:m" for sha in shas]))
        given.seek(0)
        with repo.stream("cat-file", "--batch", stdin=given) as answers:
            for sha in shas:
                head = answers.readline().split()
                data = b""
                if len(head) == 3 and head[1] == b"blob":
                    data = answers.read(int(head[2]) + 1)[:PATCH_LIMIT]
                out.append(read_mail(sha, data))
    return out


def read_mail(name: str, data: bytes) -> Message:
    """A message, reduced to what it is recognised by."""
    parsed = BytesParser(policy=email.policy.compat32.clone(max_line_length=None)).parsebytes(data)
    fields = {key: " ".join(str(parsed.get(key, "")).split())[:2000] for key in FIELDS}
    body = text_of(parsed)
    head = "".join(f"{key}: {fields[key]}\n" for key in ("From", "Date", "Subject") if fields[key])
    patch = parse_patch("mail", (head + "\n" + body).encode("utf-8", "surrogateescape"))
    header = parse_header(patch.header)
    notice = _NOTICE.search(body)
    author, address, written = header.author, header.email, header.date
    if notice:
        said = _NOTICE_AUTHOR.search(body)
        author, address = (said[1], said[2]) if said else (author, address)
        date = _NOTICE_DATE.search(body)
        written = read_date(date[1]) if date else written
    sent = read_date(fields["Date"])
    _, links, references = read_message(body[:200_000])
    reply = (fields["In-Reply-To"] or fields["References"]).split()
    mail = Mail(
        message_id=fields["Message-ID"].strip("<> "),
        version=header.version,
        number=header.number,
        reply_to=reply[-1].strip("<>") if reply else "",
        notice=notice[1] if notice else "",
        applied=applied(body) if reply and not patch.files else "",
    )
    subject = header.subject[:500]
    diff = Diff(stable_patch_id(patch), tuple(sorted(patch.paths)), telling_keys(patch.changed))
    return Message(
        name, author, address.lower(), stamp(written), stamp(sent), subject, subject_key(subject), diff, links,
        references, mail,
    )  # fmt: skip


FIELDS = ("From", "Date", "Subject", "Message-ID", "In-Reply-To", "References")


def text_of(mail: Parsed) -> str:
    """The texts of a message, decoded, one after the other."""
    parts = []
    for part in mail.walk():
        if part.get_content_maintype() not in ("text", "application") or part.get_content_subtype() == "html":
            continue
        raw = part.get_payload(decode=True)
        if isinstance(raw, bytes) and (b"\0" not in raw[:4096]):
            parts.append(raw.decode("utf-8", "surrogateescape"))
    return "\n".join(parts)


def stamp(date: datetime | None) -> int:
    """Seconds since 1970, 0 when not known."""
    try:
        return int(date.timestamp()) if date else 0
    except (OverflowError, ValueError, OSError):
        return 0


def applied(body: str) -> str:
    """The sentence with which a reply says that it was applied; "" when it does not."""
    for said in _APPLIED.finditer(body[:20_000]):
        if not _NOT_APPLIED.search(said[0]):
            return " ".join(said[0].split())[:200]
    return ""


def update_archive(
    path: str, file: Path | None = None, jobs: int = 1, progress: Progress | None = None, look: bool = False
) -> Indexed:
    """Makes or updates the index of an archive. UserError when it is neither a repository nor a mailbox."""
    tell = progress or silent
    origin = Mbox(path) if os.path.isfile(path) else open_repo(path)
    file = followed(file or cache_file(origin.folder))
    with locked(file, tell):
        if isinstance(origin, Mbox):
            return MboxWriter(origin, file, jobs, tell).run(look)
        return MailWriter(origin, file, IndexScope(), jobs, tell).run(look)


class Archive:
    """An indexed archive."""

    def __init__(self, path: str, index: Index, limits: tuple[Limit, ...] = ()) -> None:
        self.path, self.index = path, index
        self.matcher = Matcher(index)
        mails = index.newest_mail()
        self.used = UpstreamUsed(name=path, kind=UpstreamKind.ARCHIVE, commits=index.count, head=mails, limits=limits)

    def find(self, patch: Patch, header: Header) -> tuple[Submission, ...]:
        """The message that carries the patch, with newer versions and what became of it; empty when there is none."""
        asked = query(patch, header)
        matched = [one.ident for one in self.matcher.match(asked) if one.score >= self.matcher.threshold(asked)]
        named = [ident for one in message_ids(header) for ident in self.index.by_message_id(one)]
        every = [one for one in named if len(self.index.lines(one))] or matched
        # A notice of the merged commit has the same patch; the message that was sent for review comes first.
        sent = [one for one in every if not self.is_notice(one)] or every
        return (self.submission(sent[0]),) if sent else ()

    def is_notice(self, ident: int) -> bool:
        """Whether a message tells of a commit that was merged."""
        mail = self.index.mail(ident)
        return mail is not None and bool(mail.notice)

    def submission(self, ident: int) -> Submission:
        """A message for a report."""
        commit, mail = self.index.commit(ident), self.index.mail(ident)
        assert mail is not None
        same = [
            (other, found)
            for other in self.index.by_subject(commit.subject_key)
            if (found := self.index.mail(other)) is not None
        ]
        later = [
            found.message_id
            for other, found in same
            if found.version > mail.version and self.index.commit(other).paths and not found.notice
        ]
        answers = [self.index.mail(other) for _, one in [(ident, mail), *same] for other in self.replies(one)]
        notices = [one.notice for one in [mail, *(found for _, found in same), *answers] if one and one.notice]
        words = [one.applied for one in answers if one and one.applied]
        return Submission(
            message_id=mail.message_id,
            subject=commit.subject,
            date=iso_date(commit.commit_date),
            version=mail.version,
            archive=self.path,
            later=tuple(later[-LATER:]),
            commit=notices[0] if notices else "",
            applied=words[0] if words else "",
        )

    def replies(self, mail: Mail) -> list[int]:
        """The answers to a message."""
        return self.index.replies(mail.message_id) if mail.message_id else []


def message_ids(header: Header) -> list[str]:
    """Message-IDs that a header names: its own, and those of its links to an archive."""
    found = [header.message_id] if header.message_id else []
    for token, value in header.trailers:
        said = _LINK.match(value) if token.lower() in ("link", "message-id", "closes") else None
        if said:
            found.append(said[1])
        elif token.lower() == "message-id":
            found.append(value.strip("<> "))
    return found


def open_archive(path: str, jobs: int, tell: Progress, look: bool = False) -> Archive:
    """An archive, its index made or brought up to date first."""
    file, passing = working_file(Mbox(path).folder if os.path.isfile(path) else open_repo(path).folder)
    index, remade = opened(lambda whole: update_archive(path, file, jobs or default_jobs(), tell, whole), look)
    return Archive(path, index, (*passing, *remade))
