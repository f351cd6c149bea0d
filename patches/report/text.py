"""Text for people: one line a patch, then what to act on, then the counts and the next command to type."""

from __future__ import annotations

from kcfg.base.text import plural, visible
from kcfg.show.terminal import Line, Look, paint
from patches.evidence import ClaimOutcome
from patches.findings import (
    Certainty,
    FindingKind,
    PatchDetail,
    PatchResult,
    PlanReport,
    StatusReport,
    TrendReport,
    UpstreamCommit,
    Verdict,
)
from patches.report.acts import grouped
from patches.report.common import (
    SIGNS,
    command,
    counts,
    doubt,
    following_commands,
    how_sure,
    is_not_fetched,
    notice,
    releases,
    style,
    upstream_words,
)
from patches.report.plan import (
    applies_said,
    following_plan,
    match_said,
    nearest_said,
    not_in_plan,
    takes_back,
    target_said,
    why,
)
from patches.report.words import (
    WEIGHTS,
    claim_detail,
    claim_words,
    evidence_words,
    finding_words,
    note_words,
    waived_words,
)
from patches.verdicts.thresholds import BOUNDS
from patches.verdicts.witnesses import disagree

MAX_NAME = 48
SURE = max(map(len, Certainty))
DOUBTFUL = frozenset({Certainty.LOW, Certainty.MEDIUM})
WIDEST = max(map(len, WEIGHTS.values()))
BAR = 40
HINTS = {
    "drop": "the target has it",
    "refresh": "has to be carried, and needs work",
    "send": "not upstream, and not known to have been sent",
    "watch": "look at it",
    "keep": "is carried as it is",
}


def cut(text: str, room: int, look: Look) -> str:
    """The text, no longer than the room; whole where no terminal has to show it."""
    shown = visible(text)
    if look.whole:
        return shown
    mark = look.sign("…", "...")
    return shown if len(shown) <= room else shown[: max(1, room - len(mark))] + mark


def heading(report: StatusReport) -> list[Line]:
    """The queue, the upstreams and the revisions."""
    lines: list[Line] = [
        [
            (visible(report.queue), "strong"),
            (f"  {report.format}, {plural(len(report.patches), 'patch', 'patches')}", ""),
        ]
    ]
    lines += [[("  against ", "dim"), (upstream_words(one), "")] for one in report.upstream]
    if report.base or report.target:
        parts = [f"{word} {name}" for word, name in (("base", report.base), ("target", report.target)) if name]
        lines.append([("  ", ""), (", ".join(parts), "")])
    return [*lines, []]


def status(report: StatusReport, look: Look) -> str:
    """The whole queue."""
    lines = heading(report)
    names = min(MAX_NAME, max((len(visible(one.name)) for one in report.patches), default=0))
    number = len(str(len(report.patches)))
    for one in report.patches:
        lines.append(row(one, number, names, look))
    lines += found(report, look)
    lines += [[], *tally(report, look)]
    found_next = following(report)
    lines += [[], *found_next] if found_next else []
    return paint(lines, look)


def row(one: PatchResult, number: int, names: int, look: Look) -> Line:
    """One patch."""
    sign = look.sign(*SIGNS[one.verdict])
    told = notice(one)[:12]
    commit = one.commits[0].sha[:12] if one.commits else told
    more = f"+{len(one.commits) - 1}" if len(one.commits) > 1 else ""
    release = "merged, says list" if told else cut(releases(one).split(";")[0], 18, look)
    applies = ""
    if one.applies:
        applies = f"{one.applies.outcome:<13} "
    left = f"{one.position:>{number}} "
    name = f"{cut(one.name, names, look):<{names}} "
    used = len(left) + 15 + 17 + 19 + SURE + 1 + len(applies) + len(name)
    return [
        (left, "dim"),
        (f"{sign} {one.verdict.value + doubt(one):<13}", style(one.verdict)),
        (f"{commit:<12}{more:<4} ", "place"),
        (f"{release:<18} ", ""),
        (f"{one.certainty:<{SURE}} ", "unsure" if one.certainty in DOUBTFUL else "dim"),
        (applies, "bad" if applies.startswith("conflicts") else ""),
        (name, ""),
        (cut(one.subject, max(20, look.width - used), look), "dim"),
    ]


def found(report: StatusReport, look: Look) -> list[Line]:
    """The findings, by kind; that patches can be dropped is told by the list itself."""
    lines: list[Line] = []
    for group in grouped(report.findings):
        if group.name == FindingKind.MERGED:
            continue
        lines += [[], [(f"{group.title} ({len(group.found)})", "strong")]]
        for one in group.found:
            place = f"{one.where}  " if one.where else ""
            lines.append(
                [
                    ("  ", ""),
                    (visible(place), "place"),
                    (visible(one.patch), ""),
                    (f"  {visible(finding_words(one))}", ""),
                ]
            )
    return lines


def tally(report: StatusReport, look: Look) -> list[Line]:
    """How many patches have each verdict, as bars."""
    total = len(report.patches)
    lines: list[Line] = []
    for verdict, count in counts(report.patches).items():
        bar = look.sign("█", "#") * max(1, round(BAR * count / total))
        lines.append([(f"{verdict.value:<13}", style(verdict)), (f"{count:>5} ", ""), (bar, style(verdict))])
    droppable = sum(one.kind is FindingKind.MERGED for one in report.findings)
    if droppable:
        where = next((one.witnesses.target.revision for one in report.patches if one.witnesses), "")
        where = f" at {visible(where)}" if where else ""
        lines.append([(f"{plural(droppable, 'patch', 'patches')} can be dropped{where}", "good")])
    unfetched = sum(map(is_not_fetched, report.patches))
    if unfetched:
        known = "its address is" if unfetched == 1 else "their addresses are"
        said = f"{plural(unfetched, 'patch is', 'patches are')} not fetched: only {known} known"
        lines.append([(said, "unsure")])
    apart = sum(map(disagree, report.patches))
    if apart:
        lines.append([(f"{plural(apart, 'patch', 'patches')} on which match and target disagree", "unsure")])
    unsure = sum(bool(doubt(one)) for one in report.patches)
    if unsure:
        lines.append([(f"{plural(unsure, 'verdict')} of low certainty, marked by ?", "unsure")])
    return lines


def following(report: StatusReport) -> list[Line]:
    """What to type next."""
    return [
        [("next  " if number == 0 else "      ", "dim" if number == 0 else ""), (one, "command")]
        for number, one in enumerate(following_commands(report))
    ]


def commit_lines(one: UpstreamCommit) -> list[Line]:
    """One upstream commit."""
    lines: list[Line] = [[("  ", ""), (one.sha[:12], "place"), (f"  {visible(one.subject)}", "")]]
    lines.append([(f"    {visible(one.author)}, {one.date[:10]}", "dim")])
    for rel in one.releases:
        tag = rel.tag or "no release yet"
        lines.append([(f"    {visible(rel.branch):<10} {visible(tag)}", "")])
    return lines


def show(report: PatchDetail, look: Look) -> str:
    """One patch with all that is known of it."""
    lines = heading(report.status)[1:]
    for one in report.status.patches:
        lines += patch_lines(one, look)
    difference: list[Line] = []
    if report.difference:
        lines += [[], [("difference to upstream: - upstream only, + patch only", "strong")]]
        styles = {"-": "bad", "+": "good", "@": "dim"}
        difference = [[("  ", ""), (line, styles.get(line[:1], ""))] for line in report.difference]
    elif any(one.commits and is_not_fetched(one) for one in report.status.patches):
        lines += [[], [("the patch is not fetched: there is nothing to compare with upstream's change", "dim")]]
    return paint(lines, look) + paint(difference, look, tabs=True)


def patch_lines(one: PatchResult, look: Look) -> list[Line]:
    """All sections of one patch."""
    sure = f"  {told}" if (told := how_sure(one)) else ""
    lines: list[Line] = [
        [(visible(one.name), "strong"), (f"  {visible(one.where)}" if one.where else "", "place")],
        [("  ", ""), (visible(one.subject), "")],
        [("  ", ""), (f"{look.sign(*SIGNS[one.verdict])} {one.verdict.value}", style(one.verdict)), (sure, "dim")],
    ]
    lines += [[("  note  ", "unsure"), (visible(note_words(note)), "")] for note in one.notes]
    lines += [[("  note  ", "unsure"), (visible(takes_back(commit)), "")] for commit in one.takes_back]
    if one.reverse:
        lines.append([("  note  ", "unsure"), ("the queue applies it in reverse, and it is judged so", "")])
    if one.nearest:
        lines.append([("  nearest  ", "dim"), (visible(nearest_said(one.nearest)), "")])
    if one.applies:
        lines.append([("  at the target  ", "dim"), (visible(applies_said(one.applies)), "")])
        lines += [[("    ", ""), (visible(where), "place")] for where in one.applies.where]
    if one.witnesses:
        style_of = "unsure" if disagree(one) else ""
        lines.append([("  the match  ", "dim"), (visible(match_said(one)), style_of)])
        lines.append([("  the files  ", "dim"), (visible(target_said(one.witnesses)), style_of)])
    if one.commits:
        lines += [[], [("upstream", "strong")]]
        for commit in one.commits:
            lines += commit_lines(commit)
    if one.evidence:
        lines += [[], [("evidence", "strong")]]
        lines += [[(f"  {found.kind:<10}", "dim"), (visible(evidence_words(found)), "")] for found in one.evidence]
    if one.claims:
        lines += [[], [("claims of the header", "strong")]]
        for claim in one.claims:
            good = (
                "good"
                if claim.outcome is ClaimOutcome.CONFIRMED
                else "dim"
                if claim.outcome is ClaimOutcome.FOREIGN
                else "unsure"
            )
            lines.append(
                [
                    (f"  {visible(claim_words(claim)):<32} ", ""),
                    (claim.outcome, good),
                    (f"  {visible(claim_detail(claim))}", "dim"),
                ]
            )
    if one.hunks and one.verdict is not Verdict.MERGED:
        lines += [[], [("hunks, and how much of each is upstream", "strong")]]
        for hunk in one.hunks:
            share = "  ?  " if hunk.upstream < 0 else f"{hunk.upstream:5.0%}"
            lines.append(
                [
                    (f"  {share}  ", "good" if hunk.upstream >= BOUNDS.whole else ""),
                    (f"{visible(hunk.file)}", ""),
                    (f"  line {hunk.line}", "dim"),
                ]
            )
    if one.follow_ups:
        lines += [[], [("follow-ups that the queue lacks", "strong")]]
        for follow in one.follow_ups:
            lines.append(
                [
                    ("  ", ""),
                    (follow.commit.sha[:12], "place"),
                    (f"  {WEIGHTS[follow.weight]:<{WIDEST}}  ", ""),
                    (f"{follow.kind} {follow.about[:12]}: ", "unsure"),
                    (visible(follow.commit.subject), ""),
                ]
            )
            if follow.waived:
                lines.append([("    ", ""), (visible(waived_words(follow.waived)), "dim")])
    if one.submissions:
        lines += [[], [("on a mailing list", "strong")]]
        for sent in one.submissions:
            lines.append(
                [
                    (f"  {sent.date[:10]} v{sent.version}  ", ""),
                    (f"<{visible(sent.message_id)}>", "place"),
                    (f"  {visible(sent.subject)}", "dim"),
                ]
            )
            if sent.commit:
                lines.append([("    commit notice: ", "dim"), (sent.commit[:12], "place")])
            if sent.applied:
                lines.append([("    a reply says: ", "dim"), (visible(sent.applied), "")])
            lines += [[("    newer: ", "dim"), (f"<{visible(one)}>", "place")] for one in sent.later]
    return lines


def plan(report: PlanReport, look: Look) -> str:
    """The five lists."""
    lines = heading(report.status)
    by_name = {one.name: one for one in report.status.patches}
    styles = {"drop": "good", "refresh": "bad", "send": "unsure", "watch": "unsure", "keep": ""}
    for name, hint in HINTS.items():
        listed: tuple[str, ...] = getattr(report.plan, name)
        lines.append([(f"{name} ({len(listed)})", styles[name] or "strong"), (f"  {hint}", "dim")])
        wide = min(MAX_NAME, max((len(visible(one)) for one in listed), default=0))
        for patch in listed:
            text = why(by_name[patch])
            lines.append(
                [
                    (f"  {cut(patch, wide, look):<{wide}}  ", ""),
                    (cut(text, max(20, look.width - wide - 4), look), "dim"),
                ]
            )
    words = ", ".join(f"{len(getattr(report.plan, name))} {name}" for name in HINTS)
    lines += [[], [(words, "strong")]]
    lines += [[(visible(line), "unsure")] for line in not_in_plan(report.status)]
    more = following_plan(report)
    lines += [[("next  ", "dim"), (command("kcfg", "patches", *more), "command")]] if more else []
    return paint(lines, look)


def trend(report: TrendReport, look: Look) -> str:
    """A table, and a bar for each revision: what is upstream by now, and what is not."""
    from patches.findings import UPSTREAM

    lines: list[Line] = [[(visible(report.queue), "strong"), (f"  {plural(len(report.points), 'revision')}", "")]]
    lines += [[("  against ", "dim"), (upstream_words(one), "")] for one in report.upstream]
    lines.append([])
    most = max((one.patches for one in report.points), default=0) or 1
    names = min(MAX_NAME, max((len(visible(one.name)) for one in report.points), default=0))
    bases = min(20, max((len(visible(one.base)) for one in report.points), default=0))
    block, light = look.sign("█", "#"), look.sign("░", ".")
    for one in report.points:
        merged = sum(count for verdict, count in one.verdicts.items() if verdict in UPSTREAM)
        full, rest = round(BAR * merged / most), round(BAR * (one.patches - merged) / most)
        lines.append(
            [
                (f"{one.date[:10]}  {cut(one.name, names, look):<{names}}  ", ""),
                (f"{cut(one.base, bases, look):<{bases}}  " if bases else "", "dim"),
                (f"{one.patches:>5} ", "strong"),
                (block * full, "good"),
                (light * rest, ""),
            ]
        )
    lines += [[], [(block * 2, "good"), (" upstream by now   ", ""), (light * 2, ""), (" not upstream", "")]]
    return paint(lines, look)


RENDERERS = {StatusReport: status, PatchDetail: show, PlanReport: plan, TrendReport: trend}
