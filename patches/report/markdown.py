"""Markdown tables as GitHub renders them; all that comes from patches is neutralised."""

from __future__ import annotations

from kcfg.show.markdown import code, escape, table
from kcfg.show.terminal import Look
from patches.findings import PlanReport, StatusReport
from patches.report.acts import grouped
from patches.report.common import SIGNS, counts, doubt, notice, releases, upstream_words
from patches.report.plan import not_in_plan, why
from patches.report.text import HINTS
from patches.report.words import finding_words


def heading(report: StatusReport, what: str) -> list[str]:
    """Title and upstreams."""
    lines = [f"# {escape(report.tool)} patches {what}: {code(report.queue)}", ""]
    lines += [f"- against {escape(upstream_words(one))}" for one in report.upstream]
    lines += [f"- base {code(report.base)}"] if report.base else []
    lines += [f"- target {code(report.target)}"] if report.target else []
    return [*lines, ""]


def status(report: StatusReport, look: Look) -> str:
    """Counts, the patches, and what to act on."""
    lines = heading(report, "status")
    lines += [*table(("Verdict", "Patches"), [(v.value, str(n)) for v, n in counts(report.patches).items()]), ""]
    head = [
        "#",
        "Verdict",
        "Patch",
        "Subject",
        "Upstream",
        "Releases",
        "Certainty",
        *(["At the target"] if report.target else []),
    ]
    rows = []
    for one in report.patches:
        commits = " ".join(code(commit.sha[:12]) for commit in one.commits)
        commits = f"{code(notice(one)[:12])}, says the list" if notice(one) else commits
        word = f"{SIGNS[one.verdict][0]} {one.verdict.value}{doubt(one)}"
        row = [
            str(one.position),
            word,
            code(one.name),
            escape(one.subject),
            commits,
            escape(releases(one)),
            one.certainty.value,
        ]
        rows.append(row + ([one.applies.outcome if one.applies else ""] if report.target else []))
    lines += [*table(head, rows), ""]
    for group in grouped(report.findings):
        rows_of = [(code(one.patch), escape(finding_words(one)), code(one.where)) for one in group.found]
        lines += [f"## {group.title.capitalize()} ({len(group.found)})", ""]
        lines += [*table(("Patch", "What", "Where"), rows_of), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def plan(report: PlanReport, look: Look) -> str:
    """One table a list."""
    lines = heading(report.status, "plan")
    by_name = {one.name: one for one in report.status.patches}
    for name, hint in HINTS.items():
        listed: tuple[str, ...] = getattr(report.plan, name)
        lines += [f"## {name.capitalize()} ({len(listed)})", "", f"{hint.capitalize()}.", ""]
        rows = [(code(one), escape(why(by_name[one]))) for one in listed]
        lines += [*table(("Patch", "Why"), rows), ""] if rows else []
    lines += [f"- {escape(line)}" for line in not_in_plan(report.status)]
    return "\n".join(lines).rstrip("\n") + "\n"


RENDERERS = {StatusReport: status, PlanReport: plan}
