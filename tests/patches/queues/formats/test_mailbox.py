"""Mailboxes: where messages begin, which are patches, and what they are called."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from patches.queues.formats.mailbox import (
    FORMAT,
    plain_mail,
    split_at,
    split_mailbox,
    starts,
    subject,
    title,
)
from tests.patches.queues.formats.folders import files_of, listed, names

DIFF = "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n"


def mail(title: str, text: str = DIFF) -> str:
    return f"From aa Mon Sep 17 00:00:00 2001\nFrom: Ann <a@b.c>\nSubject: {title}\n\n{text}"


def test_a_message_begins_with_a_from_line_and_a_field() -> None:
    data = mail("a", "From aa Mon Sep 17 00:00:00 2001\nno field\n") + mail("b")
    assert starts(data.encode()) == [0, data.index(mail("b"))]
    assert starts(b"From me to you\nSubject: x\n") == []


def test_what_is_no_mailbox_is_one_message_and_text_before_the_first_is_one_too() -> None:
    assert split_at(b"text") == [(0, b"text")]
    first = mail("a").encode()
    assert [at for at, _ in split_at(b"\n" + first)] == [1]
    assert [at for at, _ in split_at(b"note\n" + first)] == [0, 5]


def test_messages_with_a_diff_are_patches_with_the_line_that_they_begin_at(tmp_path: Path) -> None:
    data = mail("[PATCH 0/2] cover", "text\n") + mail("[PATCH 2/2] two") + mail("[PATCH 1/2] one")
    listing = listed(FORMAT, tmp_path, {"q.mbox": data}, "q.mbox")
    assert [(it.name, it.line) for it in listing.items] == [("0002-one", 15), ("0001-two", 6)]


def test_messages_of_several_series_stay_as_they_stand(tmp_path: Path) -> None:
    data = mail("[PATCH 2/2] two") + mail("[PATCH 1/3] one")
    assert names(listed(FORMAT, tmp_path, {"q.mbox": data}, "q.mbox")) == ["0001-two", "0002-one"]


def test_a_file_with_a_diff_is_a_patch_by_its_name_or_when_it_is_text(tmp_path: Path) -> None:
    files = files_of(
        tmp_path, {"a": DIFF, "b": "\0" + "\n" + DIFF, "c.patch": "\0\n" + DIFF, "d": "text", "e": mail("x", "t")}
    )
    assert [name for name in "abcde" if FORMAT.recognises(files, name if name != "c" else "c.patch")] == ["a", "c", "e"]


def test_a_mailbox_inside_a_queue_has_parts_when_two_messages_have_a_diff() -> None:
    assert split_mailbox(mail("a").encode()) == []
    assert split_mailbox((mail("a") + mail("b", "text")).encode()) == []
    assert len(split_mailbox((mail("a") + mail("b")).encode())) == 2


@pytest.mark.parametrize(
    ("encoding", "body", "text"),
    [
        ("quoted-printable", "a =3D b\n", "a = b\n"),
        ("quoted-printable", "wrapped =\nline\n", "wrapped line\n"),
        ("quoted-printable", "a = b =20\n", "a = b =20\n"),
        ("base64", base64.b64encode(b"text\n").decode(), "text\n"),
        ("base64", "!", "!"),
        ("8bit", "a =3D b\n", "a =3D b\n"),
    ],
)
def test_an_encoded_text_is_decoded_where_it_is_still_encoded(encoding: str, body: str, text: str) -> None:
    head = f"Subject: x\nContent-Transfer-Encoding: {encoding}\n\n"
    assert plain_mail((head + body).encode()) == (head + text).encode()


def test_a_subject_may_be_folded() -> None:
    data = b"From: a\nsubject: one\n two\nDate: x\n"
    assert subject(data) == b"one\n two"
    assert subject(b"From: a\n") == b""
    assert title(data, "d/x.mbox", 7) == "0007-one-two"


def test_a_message_is_called_by_number_and_title_or_else_by_its_file() -> None:
    assert title(b"Subject: [PATCH v2 1/3] xen: a/b (c)\n", "x", 12) == "0012-xen-a-b-c"
    assert title(b"Subject: =?UTF-8?q?a=20b?=\n", "x", 1) == "0001-a-b"
    assert title(b"no subject", "d/x.mbox", 1) == "x.mbox"
    assert len(title(b"Subject: " + b"a" * 100 + b"\n", "x", 1)) == 65
