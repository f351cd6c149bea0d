"""The forms that headers of patches have."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from patches.text.forms import (
    Form,
    decoded,
    embedded,
    field,
    mail,
    mail_start,
    mercurial,
    mercurial_date,
    openxt,
    plain,
    read_date,
    read_fields,
    read_form,
    split_author,
    text_of,
    title_end,
)

NOON = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
MAIL = ["From: Ann <a@b.c>", "Subject: net: check", "Date: Mon, 6 May 2024 12:00:00 +0000", "", "Why.", "---", " f | 1"]
SHOWN = [
    "commit 0123456789abcdef0123456789abcdef01234567",
    "Author: Ann <a@b.c>",
    "Date:   Mon May 6 12:00:00 2024 +0000",
    "",
    "    net: check",
    "    ",
    "    Why.",
]


@pytest.mark.parametrize(
    ("lines", "form"),
    [
        ([], Form()),
        (["", " "], Form()),
        (["", *MAIL], Form("net: check", "Ann", "a@b.c", NOON, "Why.")),
        (SHOWN, Form("net: check", "Ann", "a@b.c", NOON, "Why.")),
        (
            ["# HG changeset patch", "# User Ann <a@b.c>", "# Date 1714996800 0", "net: check", "", "Why."],
            Form("net: check", "Ann", "a@b.c", NOON, "Why."),
        ),
        (["####################", "# SHORT DESCRIPTION:", "####################", "net: check"], Form("net: check")),
        (["net: check", "", "Why."], Form("net: check", body="Why.")),
    ],
)
def test_a_header_is_read_by_its_form(lines: list[str], form: Form) -> None:
    found = read_form(lines)
    assert (found.subject, found.author, found.email, found.date, found.body) == (
        form.subject,
        form.author,
        form.email,
        form.date,
        form.body,
    )


@pytest.mark.parametrize(
    ("lines", "at"),
    [
        (MAIL, 0),
        (SHOWN, 0),
        (["From abc Mon Sep 17 00:00:00 2001", "X-Odd: 1"], 0),
        (["From abc Mon Sep 17 00:00:00 2001", "text"], 0),
        (["a note", *MAIL, "end"], 1),
        (["a note", "From: Ann", "text", "more"], -1),
        (["a title", "", "text"], -1),
    ],
)
def test_where_a_mail_begins(lines: list[str], at: int) -> None:
    assert mail_start(lines, 0) == at


def test_fields_go_on_in_indented_lines_and_end_at_an_empty_one() -> None:
    lines = ["From x Mon Sep 17 00:00:00 2001", "Subject: one", "  two", "Empty:", "", "text"]
    assert read_fields(lines) == ([("Subject", "one\ntwo"), ("Empty", "")], 5)
    assert read_fields(["a: b", "c"]) == ([("a", "b")], 1)
    assert read_fields(["", "From: a", "Other: b"], only=("From",)) == ([("From", "a")], 2)
    assert read_fields(["text"], only=("From",)) == ([], 0)


def test_a_field_is_found_by_its_name_in_one_line_unless_it_is_to_be_kept() -> None:
    fields = [("Subject", "one\ntwo"), ("subject", "three")]
    assert (field(fields, "subject"), field(fields, "subject", keep=True), field(fields, "date")) == (
        "one two",
        "one\ntwo",
        "",
    )


def test_the_fields_inside_a_mail_s_text_are_the_author_s_own() -> None:
    found = mail([*MAIL[:4], "From: Bob <b@c.d>", "Subject: inner", "", "Text."])
    assert (found.subject, found.author, found.body) == ("inner", "Bob", "Text.")
    assert dict(found.fields)["Subject"] == "net: check"


def test_a_mail_without_a_subject_takes_its_description_or_its_first_line() -> None:
    found = mail(["Description: Say it", " more of it", "Author: Ann", "", "Text."])
    assert (found.subject, found.body, found.author) == ("Say it", "more of it\nText.", "Ann")
    assert mail(["From: Ann", "", "A title", "", "Text."]).subject == "A title"


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("1714996800 0", NOON),
        ("1714996800", NOON),
        ("1714996800 -7200", datetime(2024, 5, 6, 14, 0, tzinfo=timezone(timedelta(hours=2)))),
        ("x 0", None),
        ("", None),
        ("1" * 30 + " 0", None),
        ("0 999999", None),
    ],
)
def test_mercurial_s_dates_are_seconds_and_an_offset_to_the_west(value: str, date: datetime | None) -> None:
    found = mercurial_date(value)
    assert found == date
    assert found is None or date is None or found.utcoffset() == date.utcoffset()


def test_mercurial_s_user_stands_before_what_the_text_says() -> None:
    found = mercurial(["# HG changeset patch", "# User Ann <a@b.c>", "A title", "From: Bob <b@c.d>", "", "Text."])
    assert (found.subject, found.author, found.email, found.body) == ("A title", "Ann", "a@b.c", "Text.")


BAR = "#" * 80


def test_openxt_s_sections_are_title_text_and_the_rest() -> None:
    lines = [
        BAR,
        "SHORT DESCRIPTION",
        BAR,
        "A",
        "title",
        "",
        BAR,
        "LONG DESCRIPTION",
        BAR,
        "Text.",
        BAR,
        "CHANGELOG",
        BAR,
        "Author: Ann <a@b.c>",
        BAR,
        "PATCHES",
        BAR,
        "",
    ]
    found = openxt(lines)
    assert (found.subject, found.author, found.email) == ("A title", "Ann", "a@b.c")
    assert found.body == "Text.\n\nCHANGELOG:\nAuthor: Ann <a@b.c>"


def test_a_commit_that_is_pasted_into_openxt_s_text_gives_the_title() -> None:
    found = openxt([BAR, "SHORT DESCRIPTION", BAR, "ours", BAR, "LONG DESCRIPTION", BAR, "note", *SHOWN])
    assert (found.subject, found.author, found.body) == ("net: check", "Ann", "ours\nnote\nWhy.")


@pytest.mark.parametrize(
    ("lines", "at"),
    [
        (["text", *SHOWN], 1),
        (["text", *MAIL], 1),
        (["commit 0123456 is it", "text"], -1),
        (["From: Ann", "text"], -1),
        ([], -1),
    ],
)
def test_where_a_mail_or_a_commit_begins_inside_a_text(lines: list[str], at: int) -> None:
    assert embedded(lines) == at


def test_a_plain_text_has_a_title_and_perhaps_an_author_below_it() -> None:
    assert plain(["## A title ", "From: Ann <a@b.c>", "", "Text."]) == Form(
        "A title", "Ann", "a@b.c", None, "Text.", (("From", "Ann <a@b.c>"),)
    )
    assert plain(["---", " f | 1"]) == Form()
    assert plain(["----", "Title"]).subject == "Title"


@pytest.mark.parametrize(
    ("lines", "end"),
    [
        (["one"], 1),
        (["a title that is so long that it was wrapped by whoever wrote it", "over two lines", "", "x"], 2),
        (["a short title", "Another sentence"], 1),
        (["ends with a stop.", "more"], 1),
        (["a title", "- a list"], 1),
        (["a title", "Signed-off-by: Ann"], 1),
        (["a", "b", "c", "d"], 1),
        ([], 0),
    ],
)
def test_a_title_may_be_wrapped(lines: list[str], end: int) -> None:
    assert title_end(lines, 0) == end


def test_a_text_ends_at_three_dashes_without_empty_lines_around() -> None:
    assert text_of(["", "a", "", "b", "", "---", "c"]) == "a\n\nb"
    assert text_of([]) == ""


@pytest.mark.parametrize(
    ("value", "author"),
    [
        ("Ann Author <a@b.c>", ("Ann Author", "a@b.c")),
        ('"Author, Ann" <a@b.c>', ("Author, Ann", "a@b.c")),
        ("a@b.c (Ann Author)", ("Ann Author", "a@b.c")),
        ("a@b.c", ("", "a@b.c")),
        ("Ann", ("Ann", "")),
        ("=?UTF-8?q?J=C3=B6rg?= <j@b.c>", ("Jörg", "j@b.c")),
        ("", ("", "")),
    ],
)
def test_an_author_is_a_name_and_an_address(value: str, author: tuple[str, str]) -> None:
    assert split_author(value) == author


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("=?UTF-8?B?w6Q=?= b", "ä b"),
        ("=?none?q?a?=", "=?none?q?a?="),
        ("plain", "plain"),
        ("=?UTF-8?q?=FF?=", "\N{REPLACEMENT CHARACTER}"),
        ("=?UTF-8?B?YWJj?= b", "abc b"),
        ("=?UTF-8?B?YWI?= no padding", "ab no padding"),
        ("=?UTF-8?B?eMM=?= cut", "x\N{REPLACEMENT CHARACTER} cut"),
        ("=?UTF-8?B?eCDD?= =?UTF-8?B?pCB5?=", "x ä y"),
        ("[PATCH] =?UTF-8?B?abcde?= and =?UTF-8?q?caf=C3=A9?=", "[PATCH] =?UTF-8?B?abcde?= and café"),
        ("=?UTF-8?q?caf=C3=A9?= =?no-such?B?YWJj?= b", "café =?no-such?B?YWJj?= b"),
        ("=?UTF-8?B?!!!?=", "=?UTF-8?B?!!!?="),
        ("a =?UTF-8?B?****?= b", "a =?UTF-8?B?****?= b"),
        ("=?hex?B?YWJj?= b", "=?hex?B?YWJj?= b"),
        ("=?undefined?q?abc?=", "=?undefined?q?abc?="),
        ("=?UTF-8?B?abc", "=?UTF-8?B?abc"),
        ("a =?UTF-8?X?abc?= b", "a =?UTF-8?X?abc?= b"),
    ],
)
def test_encoded_words_are_read_where_they_can_be(text: str, read: str) -> None:
    assert decoded(text) == read


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Mon, 6 May 2024 12:00:00 +0000", NOON),
        ("Mon May 6 14:00:00 2024 +0200", NOON),
        ("Mon May  6 12:00:00 2024", NOON),
        ("2024-05-06T12:00:00", NOON),
        ("2024-05-06T12:00:00+00:00", NOON),
        ("Mon, 6 May 2024 12:00:00 -0000", NOON),
        ("yesterday", None),
        ("", None),
        ("2024-05-06" + " " * 100 + "x", None),
    ],
)
def test_a_date_of_any_form_is_read(text: str, date: datetime | None) -> None:
    assert read_date(text) == date
