"""Facts of mailing lists: which message carries a patch, in which version, and what became of it."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from patches.findings import Verdict
from patches.report import render
from patches.report.plan import why
from patches.text.headers import parse_header
from patches.text.parse import parse_patch
from patches.verdicts.archive import open_archive, read_mail, update_archive
from patches.verdicts.audit import AuditQuestion, audit, silent
from tests.patches.upstream import START, Upstream, file_diff, git, patch_of, source

SHA = "89abcdef0123456789abcdef0123456789abcdef"


def diff(mark: str) -> str:
    lines = source("watch")
    new = [*lines]
    new[20:22] = [
        f"    watch_fire_{mark}(watch, WATCH_FAST);",
        "    watch_forget_token(watch);",
        "    watch_done(watch);",
    ]
    return file_diff("drivers/watch.c", lines, new)


def mail(ident: str, subject: str, body: str, reply: str = "", day: int = 14) -> bytes:
    """A message as lists keep them."""
    message = EmailMessage()
    message["From"] = "Ann Author <ann@example.org>"
    message["Date"] = f"Mon, {day} Sep 2020 10:00:00 +0000"
    message["Message-ID"] = f"<{ident}@lists>"
    message["Subject"] = subject
    if reply:
        message["In-Reply-To"] = f"<{reply}@lists>"
    message.set_content(body, cte="quoted-printable" if "=" in body else None)
    return bytes(message)


MAILS = [
    mail("v1", "[PATCH] watch: fire at once", f"Why.\n---\n{diff('at_once')}", day=1),
    mail("v2", "[PATCH v2] watch: fire at once", f"Why.\n---\n{diff('soon')}", day=5),
    mail("hi", "watch: a question", "Would it be applied = when?\n", reply="v1", day=6),
    mail("ok", "Re: [PATCH v2] watch: fire at once", "> hunk\n\nApplied to for-next, thanks.\n", reply="v2", day=7),
    mail(
        "bot", "[tip: x86/xen] watch: fire at once",
        f"The following commit has been merged into the x86/xen branch of tip:\n\nCommit-ID:     {SHA}\n"
        f"Author:        Ann Author <ann@example.org>\nAuthorDate:    Mon, 14 Sep 2020 00:00:00 +00:00\n\n"
        f"watch: fire at once\n\nWhy.\n---\n{diff('soon')}", day=9,
    ),
]  # fmt: skip


@pytest.fixture(scope="module", params=["public-inbox", "mbox"])
def inbox(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same messages as both kinds of archive."""
    folder = tmp_path_factory.mktemp("inbox")
    if request.param == "mbox":
        path = folder / "list.mbox"
        path.write_bytes(b"".join(b"From mboxrd@z Thu Jan  1 00:00:00 1970\n" + one + b"\n" for one in MAILS))
        return path
    git(folder, "init", "-q", "-b", "master", "list")
    repo = folder / "list"
    for number, one in enumerate(MAILS):
        (repo / "m").write_bytes(one)
        git(repo, "add", "m")
        git(repo, "commit", "-q", "-m", f"mail {number}", date=START + number)
    (repo / "m").unlink()
    git(repo, "commit", "-q", "-a", "-m", "a message was removed")
    return repo


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_a_patch_is_found_with_what_became_of_it(inbox: Path) -> None:
    archive = open_archive(str(inbox), 1, silent)
    text = patch_of("watch: fire at once", diff("at_once"))
    patch = parse_patch("p", text.encode())
    (sent,) = archive.find(patch, parse_header(patch.header))
    assert (sent.message_id, sent.version, sent.date[:10]) == ("v1@lists", 1, "2020-09-01")
    assert sent.later == ("v2@lists",)
    assert sent.commit == SHA
    assert sent.applied == "Applied to for-next, thanks."


def test_a_link_names_the_message(inbox: Path) -> None:
    archive = open_archive(str(inbox), 1, silent)
    patch = parse_patch(
        "p", patch_of("watch: all else", diff("other"), "Link: https://lore.kernel.org/r/v2@lists\n").encode()
    )
    (sent,) = archive.find(patch, parse_header(patch.header))
    assert (sent.message_id, sent.version) == ("v2@lists", 2)


def test_what_was_never_sent(inbox: Path) -> None:
    archive = open_archive(str(inbox), 1, silent)
    lines = source("alone")
    patch = parse_patch("p", patch_of("alone: nothing", file_diff("alone.c", lines, lines[:20] + lines[24:])).encode())
    assert archive.find(patch, parse_header(patch.header)) == ()


def test_submitted_is_a_verdict(inbox: Path, upstream: Upstream, tmp_path: Path) -> None:
    (tmp_path / "q").mkdir()
    (tmp_path / "q" / "a.patch").write_text(patch_of("watch: fire at once", diff("soon")))
    (tmp_path / "q" / "b.patch").write_text(upstream.patch("same"))
    report = audit(AuditQuestion(str(tmp_path / "q"), (str(upstream.path),), (str(inbox),), index=str(tmp_path / "i")))
    assert [one.verdict for one in report.patches] == [Verdict.SUBMITTED, Verdict.MERGED]
    assert report.upstream[1].commits == len(MAILS) + (inbox.name == "list")
    (sent,) = report.patches[0].submissions
    assert (sent.message_id, sent.commit) == ("v2@lists", SHA)
    row = next(line for line in render(report, "text").splitlines() if "a.patch" in line)
    assert row.split()[:7] == ["1", "@", "submitted", SHA[:12], "merged,", "says", "list"]
    assert f"`{SHA[:12]}`, says the list" in render(report, "markdown")
    assert why(report.patches[0]) == f"submitted: merged as {SHA[:12]}, says the list"


def test_an_archive_grows(inbox: Path, tmp_path: Path) -> None:
    file = tmp_path / "index"
    assert update_archive(str(inbox), file).added > 0
    assert update_archive(str(inbox), file).added == 0


def test_encoded_messages_are_read() -> None:
    message = EmailMessage()
    message["From"] = "=?utf-8?q?J=C3=BCrgen?= <j@example.org>"
    message["Subject"] = "=?utf-8?q?[PATCH_v3_2/4]_xen:_gr=C3=BC=C3=9Fe?="
    message["Message-ID"] = "<1@x>"
    message.set_content(f"Text\n\n{diff('base64')}", cte="base64")
    found = read_mail("0" * 40, bytes(message))
    assert (found.subject, found.author, found.mail.version, found.mail.number) == ("xen: grüße", "Jürgen", 3, 2)
    assert found.diff.paths == ("drivers/watch.c",)
    assert len(found.diff.keys) == 5


def test_a_mail_from_the_year_99999999999_is_a_mail() -> None:
    found = read_mail("0" * 40, MAILS[0].replace(b"Date: ", b"Date: Thu, 1 Jan 99999999999 00:00:00 +0000\nX: ", 1))
    assert found.commit_date == 0


def test_a_mail_from_the_year_99999999999_is_one_of_its_archive(tmp_path: Path) -> None:
    odd = MAILS[2].replace(b"Date: ", b"Date: Thu, 1 Jan 99999999999 00:00:00 +0000\nX: ", 1)
    path = tmp_path / "x.mbox"
    path.write_bytes(b"".join(b"From a@b Mon Sep 17 00:00:00 2001\n" + one + b"\n" for one in (*MAILS, odd)))
    assert update_archive(str(path), tmp_path / "index").total == len(MAILS) + 1


def test_a_notice_has_the_authors_date_of_its_commit() -> None:
    found = read_mail("0" * 40, MAILS[-1])
    assert (found.author_date, found.commit_date) == (
        int(datetime(2020, 9, 14, tzinfo=UTC).timestamp()),
        int(datetime(2020, 9, 9, 10, tzinfo=UTC).timestamp()),
    )


@pytest.mark.parametrize(
    "data", [b"", b"\0\xff" * 40, b"From: x\n", b"Content-Type: multipart/mixed\n\n--\n", MAILS[0][:200]]
)
def test_broken_messages_are_messages(data: bytes) -> None:
    assert read_mail("0" * 40, data).name == "0" * 40


def test_what_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("")
    (tmp_path / "text").write_text("hello\n")
    for name, said in (("empty", "empty"), ("text", "no mailbox"), ("none", "no such")):
        with pytest.raises(UserError, match=said):
            update_archive(str(tmp_path / name), tmp_path / "index")
