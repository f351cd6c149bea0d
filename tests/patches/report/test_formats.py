"""The formats of the patch half: CSV, Markdown, SARIF, text, and the chart of a backlog."""

from __future__ import annotations

import csv as rows_of
import io
import json
import shlex
from pathlib import Path
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from kcfg.show.terminal import Look
from patches.findings import (
    Answer,
    Certainty,
    FindingKind,
    PatchDetail,
    PlanReport,
    QueueFinding,
    StatusReport,
    TrendReport,
    Verdict,
)
from patches.followups import Waived, WaiverFault, WaiverFaultKind, Weight
from patches.queues.reasons import Stale, StaleKind
from patches.report import chart, csv, html, markdown, render, sarif, svg, text
from patches.report.acts import TITLES, grouped
from patches.verdicts.witnesses import disagree
from tests.patches.report.reports import (
    FINDINGS,
    FIXED,
    MERGED,
    MODIFIED,
    OTHER,
    PLAN,
    SENT,
    SHA,
    point,
    status,
    trend,
)

LOOK = Look()
NARROW = Look(width=60, encoding="ascii")
TREND = trend(
    point("2020-01-01", 1, 9, "4.13.1"), point("2022-06-01", 5, 3, "4.13.2"), point("2024-01-01", 6, 0, "4.17.0")
)


def test_every_format_says_what_it_renders() -> None:
    assert {StatusReport: csv.status, TrendReport: csv.trend} == csv.RENDERERS
    assert {StatusReport: markdown.status, PlanReport: markdown.plan} == markdown.RENDERERS
    assert {StatusReport: sarif.status} == sarif.RENDERERS
    assert {TrendReport: svg.trend} == svg.RENDERERS
    assert set(text.RENDERERS) == {StatusReport, PatchDetail, PlanReport, TrendReport}


# CSV.


def table(written: str) -> list[dict[str, str]]:
    return list(rows_of.DictReader(io.StringIO(written)))


def test_csv_has_a_row_for_each_patch() -> None:
    first, second, third = table(csv.status(status(), LOOK))
    assert tuple(first) == csv.COLUMNS
    assert (first["name"], first["verdict"], first["score"], first["commits"], first["match_has"]) == (
        "a.patch",
        "merged",
        "0.9877",
        SHA,
        "yes",
    )
    assert (first["in_target"], first["in_base"], second["in_target"]) == ("yes", "no", "")
    assert (second["commits"], second["applies"], second["follow_ups"]) == (f"{SHA} {OTHER}", "conflicts", OTHER)
    assert (second["claims"], second["target_has"]) == ("cherry-picked 012 confirmed", "no")
    assert (third["submissions"], third["match_has"]) == ("m@x", "")


def test_a_word_for_yes_no_and_not_known() -> None:
    assert [csv.word(value) for value in (True, False, None)] == ["yes", "no", ""]


def test_csv_of_a_trend_has_a_column_for_each_verdict() -> None:
    rows = table(csv.trend(TREND, LOOK))
    assert [(row["date"], row["patches"], row["merged"], row["not-upstream"], row["split"]) for row in rows] == [
        ("2020-01-01T00:00:00Z", "10", "1", "9", "0"),
        ("2022-06-01T00:00:00Z", "8", "5", "3", "0"),
        ("2024-01-01T00:00:00Z", "6", "6", "0", "0"),
    ]


# Markdown.


def test_markdown_counts_lists_and_tells_what_to_act_on() -> None:
    told = markdown.status(status(base="B"), LOOK)
    lines = told.splitlines()
    assert lines[0] == "# kcfg patches status: `xen.spec`"
    assert "- base `B`" in lines
    assert "| merged | 1 |" in lines
    assert "## Can be dropped (1)" in lines
    assert "## Upstream went on, the queue did not (1)" in lines
    assert f"`{OTHER[:12]}`, says the list" in told
    assert "At the target" not in told
    assert told.endswith("\n")
    assert not told.endswith("\n\n")


def test_markdown_neutralises_what_comes_from_patches() -> None:
    told = markdown.status(status(target="T"), LOOK)
    assert "<script>" not in told
    (line,) = [line for line in told.splitlines() if "≈ modified?" in line]
    assert line.replace("\\|", "").count("|") == 9
    assert line.endswith("| conflicts |")


def test_markdown_of_a_plan_has_its_five_lists() -> None:
    told = markdown.plan(PLAN, LOOK)
    heads = [line for line in told.splitlines() if line.startswith("## ")]
    assert heads == ["## Drop (1)", "## Refresh (1)", "## Send (0)", "## Watch (1)", "## Keep (0)"]


# SARIF.


def test_sarif_has_a_rule_for_each_kind_and_a_result_for_each_finding() -> None:
    (run,) = json.loads(sarif.status(status(), LOOK))["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == [f"patches/{kind.value}" for kind in FindingKind]
    assert [rules[one["ruleIndex"]] for one in run["results"]] == [one["ruleId"] for one in run["results"]]
    assert [one["level"] for one in run["results"]] == ["note", "warning", "warning"]
    assert (
        next(one["message"]["text"] for one in run["results"])
        == f"a.patch: upstream has it: {SHA[:12]}, first in 4.18.0"
    )


@pytest.mark.parametrize(
    ("where", "uri", "line"),
    [("a/series:7", "a/series", 7), ("series", "series", None), ("", "a.patch", None), ("series:0", "series", None)],
)
def test_a_finding_is_at_the_line_of_the_series(where: str, uri: str, line: int | None) -> None:
    found = sarif.result(QueueFinding(FindingKind.CONFLICT, "a.patch", where), 0, "q")
    place = found["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place.get("region", {}).get("startLine")) == (uri, line)
    assert found["level"] == "error"


def test_a_finding_of_the_whole_queue_is_at_the_queue() -> None:
    found = sarif.result(
        QueueFinding(FindingKind.STALE, "", stale=Stale(StaleKind.UNREADABLE, "", error="x")), 0, "xen.spec"
    )
    assert found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "xen.spec"
    assert found["message"]["text"] == "x"


def test_a_finding_s_fingerprint_is_of_what_it_says_not_of_its_line() -> None:
    prints = [
        sarif.result(QueueFinding(kind, patch, where), 0, "q")["partialFingerprints"]["kcfgPatches/v1"]
        for kind, patch, where in (
            (FindingKind.STALE, "a", "s:1"),
            (FindingKind.STALE, "a", "s:2"),
            (FindingKind.STALE, "b", "s:1"),
            (FindingKind.MERGED, "a", "s:1"),
        )
    ]
    assert (prints[0] == prints[1], len(set(prints))) == (True, 3)


# Text.


@pytest.mark.parametrize(
    ("name", "room", "look", "shown"),
    [
        ("abc", 3, LOOK, "abc"),
        ("abcd", 3, LOOK, "ab…"),
        ("abcdef", 4, NARROW, "a..."),
        ("abcdef", 1, NARROW, "a..."),
        ("a\x1b", 9, LOOK, text.visible("a\x1b")),
    ],
)
def test_a_text_is_cut_to_its_room(name: str, room: int, look: Look, shown: str) -> None:
    assert text.cut(name, room, look) == shown


def plain(lines: list[text.Line]) -> list[str]:
    return ["".join(part for part, _ in line) for line in lines]


def test_a_row_has_verdict_commit_release_and_name() -> None:
    rows = [plain([text.row(one, 1, 11, LOOK)])[0] for one in (MERGED, MODIFIED, SENT)]
    assert rows[0].startswith(f"1 ✓ merged       {SHA[:12]}")
    assert f"{SHA[:12]}+1" in rows[1]
    assert "≈ modified?" in rows[1]
    assert "conflicts" in rows[1]
    assert (OTHER[:12] in rows[2], "merged, says list" in rows[2]) == (True, True)


def test_text_tells_findings_by_kind_but_not_what_can_be_dropped() -> None:
    told = text.status(status(), LOOK)
    assert (
        "upstream went on, the queue did not (1)\n  series:2  b|<b>.patch  code fixed upstream by "
        "fedcba987654 (fix it)" in told
    )
    assert "the series does not fit its files (1)" in told
    assert "\ncan be dropped (1)" not in told
    assert "1 patch can be dropped\n" in told
    assert "1 patch on which match and target disagree\n" in told
    assert "1 verdict of low certainty, marked by ?\n" in told
    assert [disagree(one) for one in (MERGED, MODIFIED, SENT)] == [False, True, False]


def test_the_heading_names_queue_upstreams_and_revisions() -> None:
    told = plain(text.heading(status(base="B", target="T")))
    assert told[0] == "xen.spec  spec, 3 patches"
    assert told[1].startswith("  against history of xen.git")
    assert told[3:] == ["  base B, target T", ""]


def test_bars_are_in_proportion_and_never_empty() -> None:
    lines = plain(text.tally(status(*[MERGED] * 99, SENT, findings=()), NARROW))
    assert [line.count("#") for line in lines] == [40, 1]


def test_one_patch_is_shown_with_all_that_is_known() -> None:
    told = text.show(PatchDetail(status=status(MODIFIED), difference=("-old", "+new")), LOOK)
    for part in (
        "b|<b>.patch  series:2",
        "score 0.50, certainty low",
        "note  said",
        "at the target  conflicts: f.c",
        "b.patch:7",
        "upstream\n",
        "4.17       no release yet",
        "evidence\n",
        "claims of the header",
        "confirmed",
        "  25%  f.c  line 7",
        "    ?    g.c  line 9",
        "follow-ups that the queue lacks",
        f"fixes {SHA[:12]}",
        "difference to upstream",
        "  +new",
    ):
        assert part in told, part
    sent = text.show(PatchDetail(status=status(SENT)), LOOK)
    assert "2024-02-03 v2  <m@x>" in sent
    assert "newer: <n@x>" in sent
    reverse = text.patch_lines(replace(MERGED, reverse=True, hunks=MODIFIED.hunks), LOOK)
    assert "  note  the queue applies it in reverse, and it is judged so" in plain(reverse)
    assert "hunks, and how much of each is upstream" not in plain(reverse)


def test_a_plan_ends_with_its_counts_and_the_next_command() -> None:
    told = text.plan(PLAN, LOOK)
    assert "drop (1)  the target has it" in told
    assert "1 drop, 1 refresh, 0 send, 1 watch, 0 keep\n" in told
    assert told.rstrip().endswith("--target 4.20 --edit")


@pytest.mark.parametrize(
    ("form", "queue", "end"),
    [
        *((form, "queue", ["--edit"]) for form in ("quilt", "suse", "folder", "openwrt", "buildroot", "spec", "yocto")),
        *((form, "queue", ["--edit"]) for form in ("apkbuild", "pkgbuild", "ebuild")),
        *((form, "queue", ["--write", "series.new"]) for form in ("mailbox", "yaml", "nix")),
        ("git-range", "repo@v1..main", ["--write", "series.new"]),
        ("quilt", "repo@main:debian/patches", ["--write", "series.new"]),
    ],
)
def test_the_next_command_of_a_plan_edits_the_queue_where_its_format_can_be(
    form: str, queue: str, end: list[str]
) -> None:
    asked = replace(PLAN, status=replace(PLAN.status, format=form, queue=queue))
    (last,) = text.plan(asked, LOOK).rstrip().splitlines()[-1:]
    assert shlex.split(last)[3:5] == ["plan", queue]
    assert shlex.split(last)[-len(end) :] == end
    assert ("--edit" in last) is (end == ["--edit"])
    assert f" {' '.join(end)}" in html.plan(asked, LOOK)


def test_a_folder_with_an_at_sign_is_edited(tmp_path: Path) -> None:
    queue = tmp_path / "patches@work"
    queue.mkdir()
    asked = replace(PLAN, status=replace(PLAN.status, format="quilt", queue=str(queue)))
    assert text.plan(asked, LOOK).rstrip().endswith("--edit")


def test_where_nothing_is_to_be_dropped_the_next_is_a_patch_that_wants_a_person() -> None:
    asked = replace(PLAN, plan=replace(PLAN.plan, drop=()))
    told = shlex.split(text.plan(asked, LOOK).rstrip().splitlines()[-1])
    assert told[3:6] == ["show", PLAN.status.queue, PLAN.plan.refresh[0]]


def test_after_the_series_is_written_the_next_is_the_first_patch_that_wants_a_person() -> None:
    (first, *_) = PLAN.plan.refresh
    told = text.plan(replace(PLAN, written="series.new"), LOOK).rstrip().splitlines()[-1]
    assert shlex.split(told)[3:6] == ["show", PLAN.status.queue, first]
    assert "--write" not in told
    settled = replace(PLAN, written="series.new", plan=replace(PLAN.plan, refresh=(), send=(), watch=(), keep=()))
    assert "next" not in text.plan(settled, LOOK)


def test_a_trend_s_bars_are_what_is_upstream_and_what_is_not() -> None:
    told = text.trend(TREND, NARROW)
    rows = [line for line in told.splitlines() if line.startswith("20")]
    assert [(row.count("#"), row.rpartition("#")[2].count(".")) for row in rows] == [(4, 36), (20, 12), (24, 0)]
    assert "a<b  3 revisions" in told


# Charts.


@pytest.mark.parametrize(
    ("count", "most"), [(0, 5), (5, 5), (6, 10), (26, 50), (101, 125), (99999, 99999), (50000, 50000)]
)
def test_a_round_number_is_not_less(count: int, most: int) -> None:
    assert svg.nice(count) == most


def test_every_verdict_is_in_one_group_with_a_tone_and_a_sign() -> None:
    verdicts = [verdict for _, some, _ in svg.GROUPS for verdict in some]
    assert sorted(verdicts) == sorted(Verdict)
    assert len(svg.GROUPS) == len(chart.GROUP_TONES) == len(chart.GROUP_SIGNS)


def same(value: float) -> float:
    return value


def test_a_layer_stands_until_the_next_revision() -> None:
    assert svg.stairs([0, 2, 5], [1, 3, 2], same, same) == [(0, 1), (2, 1), (2, 3), (5, 3), (5, 2)]
    assert svg.outline([0, 2], [1, 3], same, same) == "M0.0 1.0L2.0 1.0L2.0 3.0"
    assert svg.steps([0, 2], [1, 3], [0, 0], same, same) == "M0.0 1.0L2.0 1.0L2.0 3.0L2.0 0.0L2.0 0.0L0.0 0.0Z"
    assert svg.steps([7], [3], [1], same, same) == f"M{svg.LEFT} 3.0H{svg.WIDTH - svg.RIGHT}V1.0H{svg.LEFT}Z"
    assert chart.layer([7, 7], [3, 3], [1, 1], same, same) == f"M0 3.0H{chart.SIDE}V1.0H0Z"


def test_the_chart_is_an_image_with_words_for_those_who_do_not_see_it() -> None:
    root = ElementTree.fromstring(svg.trend(TREND, LOOK))
    space = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{space}title").text == "Patches carried by a<b"  # type: ignore[union-attr]
    assert root.find(f"{space}desc").text == "From 10 on 2020-01-01 to 6 on 2024-01-01."  # type: ignore[union-attr]
    layers = [one.text for one in root.iter(f"{space}title")][1:]
    assert layers == ["merged, identical: 1 at first, 6 at last", "not upstream: 9 at first, 0 at last"]


def test_versions_are_marked_where_the_queue_moves_and_not_on_one_another() -> None:
    marks = svg.versions(TREND.points, lambda time: (time - svg.seconds(TREND.points[0])) / 86400)
    assert [mark for mark in marks if (">4." in mark and "4.13" in mark) or "4.17" in mark] == [marks[1], marks[3]]
    crowded = svg.versions(TREND.points, lambda time: 0.0)
    assert sum("<line" in mark for mark in crowded) == 2
    assert sum("<text" in mark for mark in crowded) == 1


@pytest.mark.parametrize(("last", "form"), [("2024-01-01", "2021"), ("2020-05-01", "2020-02")])
def test_dates_are_years_or_months_where_it_is_short(last: str, form: str) -> None:
    ends = svg.seconds(point("2020-01-01", 0, 0)), svg.seconds(point(last, 0, 0))
    assert f">{form}</text>" in svg.months(*ends, same)[1]


def test_the_grid_has_six_lines_from_nothing_to_the_most() -> None:
    lines = svg.grid(50, same)
    assert [line.rpartition(">")[0].rpartition(">")[2].removesuffix("</text") for line in lines[1::2]] == [
        "0",
        "10",
        "20",
        "30",
        "40",
        "50",
    ]


def test_a_name_is_shortened_to_its_room() -> None:
    assert (svg.shortened("abc", 3), svg.shortened("abcd", 3)) == ("abc", "ab…")


def test_the_page_s_chart_names_the_last_figures_and_escapes() -> None:
    told = str(chart.area(TREND))
    assert 'aria-label="From 10 patches on 2020-01-01 to 6 on 2024-01-01: merged, identical 6, not upstream 0"' in told
    assert "<title>not upstream: 9 at first, 0 at last</title>" in told
    assert [f">{count}</text>" in str(chart.levels(10)) for count in (2, 4, 6, 8, 10, 0)] == [True] * 5 + [False]
    one = str(chart.area(trend(point("2020-01-01", 2, 0))))
    assert 'class="line"' not in one
    assert "to 2 on 2020-01-01" in one


def test_dates_below_the_page_s_chart_keep_off_its_edges() -> None:
    first, last = (svg.seconds(one) for one in (TREND.points[0], TREND.points[-1]))
    told = str(chart.dates(TREND.points, lambda time: chart.SIDE * (time - first) / (last - first)))
    assert [f">{year}</text>" in told for year in (2020, 2021, 2022, 2023, 2024)] == [False, True, True, True, False]
    assert told.count('class="date odd"') == 1


def test_findings_are_of_kinds_that_have_titles() -> None:
    assert set(TITLES) == set(FindingKind)
    assert {one.kind for one in FINDINGS} <= set(FindingKind)
    assert set(text.DOUBTFUL) < set(Certainty)
    assert Answer.YES is MERGED.witnesses.match.has  # type: ignore[union-attr]


# Follow-ups by their weight, and those that are waived

NOTED = replace(FIXED, weight=Weight.COMMENTS, waived=Waived("a typo", "2027-03-31", "w.toml:3"))
LATER = replace(MODIFIED, follow_ups=(FIXED, NOTED))
LATER_FINDINGS = (
    *(QueueFinding(FindingKind.FOLLOW_UP, "b|<b>.patch", "series:2", follow_up=one) for one in LATER.follow_ups),
    QueueFinding(
        FindingKind.WAIVER, "c.patch", "w.toml:9", waiver=WaiverFault(WaiverFaultKind.UNUSED, "why", "2027-03-31")
    ),
)
WENT_ON = status(MERGED, LATER, findings=LATER_FINDINGS)


def test_waived_follow_ups_are_a_group_of_their_own() -> None:
    found = grouped(LATER_FINDINGS)
    assert [(one.name, len(one.found)) for one in found] == [("follow-up", 1), ("waived", 1), ("waiver", 1)]
    assert grouped(()) == []


def test_text_and_markdown_tell_follow_ups_by_weight_and_by_whom_they_are_waived() -> None:
    for told in (text.status(WENT_ON, LOOK), markdown.status(WENT_ON, LOOK)):
        assert "code fixed upstream by fedcba987654" in told
        assert "comments fixed upstream by fedcba987654" in told
        assert "waived until 2027-03-31 by w.toml:3: a typo" in told
        assert "no follow-up needs it" in told
        assert told.index("code fixed") < told.index("comments fixed") < told.index("no follow-up needs it")


def test_show_has_a_column_for_what_a_follow_up_changes() -> None:
    told = text.show(PatchDetail(status=status(LATER)), LOOK).splitlines()
    (at,) = [number for number, line in enumerate(told) if line.startswith("follow-ups")]
    assert [line.split()[1] for line in told[at + 1 : at + 3]] == ["code", "comments"]
    assert told[at + 3].strip() == "waived until 2027-03-31 by w.toml:3: a typo"


def test_sarif_has_the_weight_a_note_for_a_light_one_and_a_suppression_for_a_waived_one() -> None:
    results = json.loads(sarif.status(WENT_ON, LOOK))["runs"][0]["results"]
    assert [one["level"] for one in results] == ["warning", "note", "warning"]
    assert [one.get("properties", {}).get("weight") for one in results] == ["code", "comments", None]
    assert [len(one.get("suppressions", ())) for one in results] == [0, 1, 0]
    assert results[1]["suppressions"][0]["kind"] == "external"


def test_json_has_the_weight_and_who_waived_it() -> None:
    report = json.loads(render(WENT_ON, "json"))
    assert [one.get("weight") for one in report["findings"]] == ["code", "comments", None]
    waived = {"reason": "a typo", "until": "2027-03-31", "where": "w.toml:3"}
    assert [one.get("waived") for one in report["findings"]] == [None, waived, None]
    first, second = report["patches"][1]["follow_ups"]
    assert (first["weight"], "waived" in first, second["waived"]) == ("code", False, waived)


def test_csv_has_the_weights_in_the_follow_ups_order_and_those_that_are_waived() -> None:
    row = csv.status(WENT_ON, LOOK).splitlines()[2].split(",")
    assert row[-2:] == ["code comments", OTHER]


def test_a_page_counts_what_is_not_waived_and_has_a_badge_for_the_weight() -> None:
    assert (1, TITLES[FindingKind.FOLLOW_UP], "unsure") in html.status_figures(WENT_ON)
    page = html.status(WENT_ON, LOOK)
    assert page.index('id="k-follow-up"') < page.index('id="k-waived"') < page.index('id="k-waiver"')
    assert [html.WORDS.weight(one)[0] for one in Weight] == ["bad", "unsure", "dim", "dim", "dim"]
    assert "waived until 2027-03-31 by w.toml:3: a typo" in page
