"""List every difference of two records, times and paths aside (see tests.golden.rules)."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tests.golden.record import Manifest, files_below, load
from tests.golden.rules import normalised, text_of

WINDOW = 150
"""Characters that are shown of a line, from shortly before where it differs."""
BEFORE = 30


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same. `lines` are a diff of it, or nothing when there is nothing to show."""

    case: str
    what: str
    lines: tuple[str, ...] = ()


def compare(left: Path, right: Path) -> Iterator[Difference]:
    """Every difference, in the order of the cases. RecordError when one of them is no record."""
    a, b = load(left), load(right)
    yield from inputs_of(a, b)
    names = [*a.cases, *(name for name in b.cases if name not in a.cases)]
    for name in names:
        if name not in a.cases or name not in b.cases:
            yield Difference(name, f"only in {left if name in a.cases else right}")
        else:
            yield from of_case(name, (left, a), (right, b))


def inputs_of(a: Manifest, b: Manifest) -> Iterator[Difference]:
    """What the records were made of, and what was written where nothing should be."""
    for part in sorted({*a.inputs, *b.inputs}):
        if a.inputs.get(part) != b.inputs.get(part):
            both = [(one.inputs.get(part) or "not there")[:12] for one in (a, b)]
            yield Difference("(the corpus)", f"{part}: {both[0]} and {both[1]}")
    for path in sorted({*a.stray} ^ {*b.stray}):
        yield Difference("(the corpus)", f"{path}: written by a case of one record")


def of_case(name: str, left: tuple[Path, Manifest], right: tuple[Path, Manifest]) -> Iterator[Difference]:
    """The differences of one case that both records have."""
    a, b = left[1].cases[name], right[1].cases[name]
    if a.args != b.args:
        yield Difference(name, "arguments", (f"-{' '.join(a.args)}", f"+{' '.join(b.args)}"))
    if a.status != b.status:
        yield Difference(name, f"exit status {a.status} and {b.status}")
    folders = [folder / "cases" / name for folder, _ in (left, right)]
    files = [{"stdout", "stderr", *(f"files/{path}" for path in files_below(one / "files"))} for one in folders]
    for path in sorted(files[0] | files[1]):
        if path not in files[0] or path not in files[1]:
            yield Difference(name, f"{path}: only in {left[0] if path in files[0] else right[0]}")
            continue
        was, now = (folder / path for folder in folders)
        if was.read_bytes() == now.read_bytes():
            continue
        text, other = text_of(was), text_of(now)
        if text is None or other is None:
            yield Difference(name, path, (parted(was.read_bytes(), now.read_bytes()),))
            continue
        text, other = normalised(text, left[1].paths), normalised(other, right[1].paths)
        if text != other:
            yield Difference(name, path, tuple(changes(text.split("\n"), other.split("\n"))))


def parted(was: bytes, now: bytes) -> str:
    """Where two files part that are not text."""
    at = next((i for i, (x, y) in enumerate(zip(was, now, strict=False)) if x != y), min(len(was), len(now)))
    return f"not text: {len(was):,} and {len(now):,} bytes, which part at byte {at:,}"


def changes(was: list[str], now: list[str]) -> Iterator[str]:
    """A diff without context; of long lines only the part around the first difference."""
    hunk: list[str] = []
    for line in islice(difflib.unified_diff(was, now, n=0, lineterm=""), 2, None):
        if line.startswith("@@"):
            yield from shown(hunk)
            hunk = []
        hunk.append(line)
    yield from shown(hunk)


def shown(hunk: list[str]) -> Iterator[str]:
    """A hunk with its long lines cut."""
    minus = [line for line in hunk[1:] if line.startswith("-")]
    plus = [line for line in hunk[1:] if line.startswith("+")]
    yield from hunk[:1]
    for own, other in ((minus, plus), (plus, minus)):
        for i, line in enumerate(own):
            yield cut(line, other[i] if len(minus) == len(plus) else "")


def cut(line: str, other: str) -> str:
    """A line, or its WINDOW from shortly before where the other differs."""
    if len(line) <= WINDOW:
        return line
    at = next((i for i, (x, y) in enumerate(zip(line[1:], other[1:], strict=False), 1) if x != y), 1)
    start = max(1, at - BEFORE)
    return (
        line[0]
        + ("…" if start > 1 else "")
        + line[start : start + WINDOW]
        + ("…" if start + WINDOW < len(line) else "")
    )


def report(found: Iterable[Difference], lines: int) -> Iterator[str]:
    """Lines of text: every difference with at most `lines` of its diff (0: all), and a summary."""
    cases: dict[str, int] = {}
    for one in found:
        cases[one.case] = cases.get(one.case, 0) + 1
        yield f"{one.case}: {one.what}"
        kept = one.lines[:lines] if lines else one.lines
        yield from (f"    {line}" for line in kept)
        if len(kept) < len(one.lines):
            yield f"    ... {len(one.lines) - len(kept)} lines more"
    yield f"{sum(cases.values())} differences in {len(cases)} cases"
