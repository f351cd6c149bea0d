"""Facts of mails whose patches are attached and encoded."""

from __future__ import annotations

import base64
import quopri
from pathlib import Path

import pytest

from patches.queues.formats.mailbox import plain_mail
from patches.queues.queue import open_queue
from tests.patches.queues.test_queues import patch, write

DIFF = "--- a/f.c\n+++ b/f.c\n@@ -1 +1 @@\n-alt = 1\n+neu = 2\n"
HEAD = (
    "From: Ann <a@b.c>\nSubject: [PATCH] x86: a title\nMIME-Version: 1.0\n"
    'Content-Type: multipart/mixed; boundary="=b="\n'
)


def mail(body: bytes, encoding: str, kind: str = "text/x-patch", start: str = "") -> str:
    """A mail with a text and an attachment."""
    coded = base64.encodebytes(body).decode() if encoding == "base64" else quopri.encodestring(body).decode()
    return (
        f"{start}{HEAD}\nA preamble.\n--=b=\nContent-Type: text/plain; charset=utf-8\n\nThe text.\n\n"
        f"Signed-off-by: Ann <a@b.c>\n"
        f"--=b=\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\nPGI+\n--=b=\n"
        f'Content-Type: {kind}; name="x.patch"\n'
        f'Content-Transfer-Encoding: {encoding}\nContent-Disposition: attachment; filename="x.patch"\n\n'
        f"{coded}\n--=b=--\n"
    )


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
@pytest.mark.parametrize("kind", ["text/x-patch", "application/octet-stream", "text/plain"])
def test_an_encoded_attachment_is_the_mail_s_patch(tmp_path: Path, encoding: str, kind: str) -> None:
    queue = open_queue(str(write(tmp_path, {"a.patch": mail(DIFF.encode(), encoding, kind), "series": "a.patch\n"})))
    (entry,) = queue.entries
    assert entry.patch.changed == ("-alt = 1", "+neu = 2")
    assert (entry.header.subject, entry.header.author) == ("x86: a title", "Ann")
    assert entry.header.trailers == (("Signed-off-by", "Ann <a@b.c>"),)
    assert entry.patch.problems == ()


def test_a_mailbox_of_mails_with_attachments(tmp_path: Path) -> None:
    start = "From mboxrd@z Thu Jan  1 00:00:00 1970\n"
    box = (
        mail(DIFF.encode(), "base64", start=start)
        + "\n"
        + mail(DIFF.replace("f.c", "g.c").encode(), "base64", start=start)
    )
    queue = open_queue(str(write(tmp_path, {"q.mbox": box}) / "q.mbox"))
    assert (queue.format, [sorted(one.patch.paths) for one in queue.entries]) == ("mailbox", [["f.c"], ["g.c"]])
    assert [one.where for one in queue.entries] == [
        "q.mbox:1",
        f"q.mbox:{box.count(chr(10), 0, box.rindex(start)) + 1}",
    ]


def test_parts_that_are_plain_or_broken_stay_as_they_are() -> None:
    plain = f"{HEAD}\n--=b=\nContent-Type: text/x-patch\n\n{DIFF}--=b=--\n".encode()
    assert plain_mail(plain) == plain
    broken = mail(b"no diff", "base64").encode()
    assert plain_mail(broken) == broken
    assert plain_mail(patch().encode()) == patch().encode()
