"""How `kcfg relevance` looks: text, Markdown, CSV, JSON, a page. `RENDERERS` has a pure function for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TextIO

import msgspec

from kcfg.answers.report.json import told
from kcfg.answers.report.words import kernel_words
from kcfg.base.text import plural, visible
from kcfg.show import render
from kcfg.show.json import encoded, schema
from kcfg.show.markdown import code, escape, table
from kcfg.show.terminal import Line, Look, paint
from patches.relevance.data import (
    SCHEMA_VERSION,
    FileReason,
    FileResult,
    PatchRelevance,
    Reach,
    Relevance,
    RelevanceReport,
)
from patches.relevance.report.words import SIGNS, TEXTS, WORDS, deciding, note_words, reasons_said, why

STYLES = {Relevance.BUILT: "good", Relevance.UNDECIDABLE: "unsure", Relevance.OTHER: "", Relevance.NEVER: "dim"}
REACH_STYLES = {Reach.NEEDED: "good", Reach.UNDECIDABLE: "unsure", Reach.IMPOSSIBLE: "dim", Reach.NEVER: "dim"}
MAX_NAME = 44
COLUMNS = ("position", "name", "verdict", "decided_by", "owner", "value", "options", "condition", "where", "reason")


def write(report: RelevanceReport, form: str, stream: TextIO, *, files: bool = False) -> None:
    """Render for `stream` and write; with `files`, what each file of a patch is to the kernel, too."""
    render.write(lambda look: RENDERERS[form](report, look, files), form, stream)


def summary(report: RelevanceReport) -> list[str]:
    """The counts in words: the verdicts, then a line for each mode."""
    total = len(report.patches)
    parts = []
    for verdict in Relevance:
        count = report.counts.get(verdict.value, 0)
        more = ""
        if verdict is Relevance.NEVER and report.never:
            more = f" ({', '.join(f'{kind} {number}' for kind, number in report.never.items())})"
        word = WORDS[verdict] if report.config or verdict is not Relevance.BUILT else "needed by these modes"
        parts.append(f"{count} {word}{more}")
    out = [f"of {plural(total, 'patch', 'patches')}: {', '.join(parts)}"]
    for mode in report.modes:
        counts = ", ".join(f"{count} {reach}" for reach, count in mode.counts.items())
        matter = "matters" if mode.matters == 1 else "matter"
        because = "built here, and the mode can have it" if report.config else "the mode needs it"
        head = f"of {plural(total, 'patch', 'patches')} {mode.matters} {matter} for {mode.name} ({because})"
        out.append(f"{head}: {counts}")
    return out


def text(report: RelevanceReport, look: Look, files: bool) -> str:
    """The queue line by line, and the counts."""
    judged = f"by {visible(report.config)}" if report.config else "without a configuration: by the modes' own"
    lines: list[Line] = [
        [
            (visible(report.queue), "strong"),
            (f"  {report.format}, {plural(len(report.patches), 'patch', 'patches')}", ""),
        ],
        [("  in ", "dim"), (kernel_words(report.kernel), ""), (f"  {judged}", "dim")],
        [],
    ]
    number = len(str(len(report.patches)))
    names = min(MAX_NAME, max((len(visible(one.name)) for one in report.patches), default=0))
    if report.modes:
        head = "".join(f"{cut(mode.name, 16, look):<17}" for mode in report.modes)
        lines.append([(" " * (number + 15), ""), (head, "strong")])
    for one in report.patches:
        lines.append(row(one, number, names, look, files))
        if files:
            lines += [file_row(file, number, look) for file in one.files]
    lines.append([])
    lines += [[(line, "strong" if at == 0 else "")] for at, line in enumerate(summary(report))]
    lines += [[("note: ", "dim"), (visible(note_words(note)), "")] for note in report.notes]
    return paint(lines, look)


def row(one: PatchRelevance, number: int, names: int, look: Look, files: bool) -> Line:
    """One patch."""
    line: Line = [
        (f"{one.position:>{number}} ", "dim"),
        (f"{look.sign(*SIGNS[one.verdict])} {one.verdict.value:<12}", STYLES[one.verdict]),
    ]
    line += [(f"{reach.value:<17}", REACH_STYLES.get(reach, "")) for reach in one.modes]
    line.append((f"{cut(one.name, names, look):<{names}}  ", ""))
    if not files:
        file = deciding(one)
        line += [(visible(one.decided_by), "place"), ("  ", ""), (visible(why(file)), "dim")]
    if one.notes:
        line.append((f"  {visible('; '.join(map(note_words, one.notes)))}", "unsure"))
    return line


def file_row(file: FileResult, number: int, look: Look) -> Line:
    """One file of a patch."""
    line: Line = [(" " * (number + 1), ""), (f"  {file.verdict.value:<12}", STYLES[file.verdict])]
    line += [(f"{reach.value:<17}", REACH_STYLES.get(reach, "")) for reach in file.modes]
    return [*line, (visible(file.path), "place"), ("  ", ""), (visible(why(file)), "dim")]


def cut(shown: str, room: int, look: Look) -> str:
    """The text, no longer than the room."""
    shown = visible(shown)
    mark = look.sign("…", "...")
    return shown if len(shown) <= room else shown[: room - len(mark)] + mark


def markdown(report: RelevanceReport, look: Look, files: bool) -> str:
    """Counts and one table; with `files`, a row for each file."""
    lines = [f"# Relevance of {code(report.queue)}", "", f"In {escape(kernel_words(report.kernel))}"]
    lines[-1] += f", by {code(report.config)}." if report.config else ", by the modes' own configurations."
    lines += ["", *(f"- {escape(line)}" for line in (*summary(report), *map(note_words, report.notes))), ""]
    head = ["#", "Verdict", *(escape(mode.name) for mode in report.modes), "Patch", "File", "Why"]
    rows = []
    for one in report.patches:
        shown: Sequence[FileResult | None] = one.files if files else (deciding(one),)
        for file in shown:
            verdict = file.verdict if file and files else one.verdict
            reaches = file.modes if file and files else one.modes
            rows.append(
                [
                    str(one.position),
                    f"{SIGNS[verdict][0]} {verdict.value}",
                    *(reach.value for reach in reaches),
                    code(one.name),
                    code(file.path) if file else "",
                    escape(why(file)),
                ]
            )
    return "\n".join([*lines, *table(head, rows)]).rstrip("\n") + "\n"


def csv(report: RelevanceReport, look: Look, files: bool) -> str:
    """One row a patch, of the file that decides; with `files`, one row a file. RFC 4180 with a head."""
    from kcfg.show.csv import written

    modes = tuple(mode.name for mode in report.modes)
    return written([(*COLUMNS, *modes, *(f"{name} matters" for name in modes)), *csv_rows(report, files)])


def csv_rows(report: RelevanceReport, files: bool) -> Iterable[Sequence[object]]:
    """The cells."""
    for one in report.patches:
        shown: Sequence[FileResult | None] = one.files if files and one.files else (deciding(one),)
        for file in shown:
            by = file if files else None
            yield (
                one.position, one.name, (by or one).verdict.value, file.path if file else "",
                file.owner if file else "", file.value if file else "", " ".join(file.symbols) if file else "",
                file.condition if file else "", str(file.where) if file and file.where else "",
                reasons_said(file.reason) if file else "; ".join(map(note_words, one.notes)),
                *(reach.value for reach in (by or one).modes),
                *("yes" if matters else "no" for matters in one.matters),
            )  # fmt: skip


def json(report: RelevanceReport, look: Look, files: bool) -> str:
    """The data as it is."""
    return encoded(told(with_texts(report), TEXTS))


FileTold: Any = msgspec.defstruct(
    "FileResult",
    [("reason", str, "") if one.name == "reason" else (one.name, one.type) if one.required
     else (one.name, one.type, one.default) for one in msgspec.structs.fields(FileResult)],
    namespace={"__doc__": FileResult.__doc__},
    frozen=True,
    omit_defaults=True,
    kw_only=True,
)  # fmt: skip
"""A file as JSON has it: what there is to know is one text."""


def with_texts(report: RelevanceReport) -> RelevanceReport:
    """The report with its files as JSON has them."""
    patches = tuple(
        msgspec.structs.replace(one, files=tuple(file_told(file) for file in one.files)) for one in report.patches
    )
    return msgspec.structs.replace(report, patches=patches)


def file_told(file: FileResult) -> Any:
    """A file as JSON has it."""
    return FileTold(**{**msgspec.structs.asdict(file), "reason": reasons_said(file.reason)})


def schema_text() -> str:
    """What schemas/relevance-1.json has to contain: the JSON Schema (2020-12) of the report."""
    about = "What kcfg relevance prints with --format json, fields in this order."
    texts = (*TEXTS, FileReason)
    title = f"kcfg relevance report, schema {SCHEMA_VERSION}"
    return encoded(schema((RelevanceReport,), title, about, texts, {"FileResult": FileTold}))


def html(report: RelevanceReport, look: Look, files: bool) -> str:
    """A page in one file; it has every file of every patch, folded."""
    from patches.relevance.report.page import relevance

    return relevance(report, look)


RENDERERS: dict[str, Callable[[RelevanceReport, Look, bool], str]] = {
    "text": text,
    "markdown": markdown,
    "csv": csv,
    "json": json,
    "html": html,
}
