"""Reads a file of truth about patches, and the patches themselves out of the queues' repositories.

A truth file (.jsonl, .jsonl.gz) has one JSON object a line: `queue` (a folder name under --queues), `path`, `sha256`
of the patch file, `truth` (the upstream commit, or null), `truth_all` (all that it holds), `truth_equiv` (its
cherry-picks, itself included: each is a right answer), `kind`, and maybe `leak` (what a training
set has of it, or null). A queue is found as DIR/<queue> or DIR/<queue>.git; a
patch is found by its sha256 anywhere in that repository, whatever revision it stood at.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


@dataclass(frozen=True)
class Row:
    """One patch whose truth is known. `truth` is empty for what is not upstream."""

    queue: str
    path: str
    sha256: str
    kind: str
    truth: frozenset[str]
    parts: tuple[str, ...]
    leak: str | None
    data: bytes = field(repr=False, compare=False)

    @property
    def change(self) -> tuple[str, object]:
        """Rows of the same change in the same queue count once."""
        return self.queue, self.truth or Path(self.path).name


def read_rows(truth: Path, queues: Path) -> list[Row]:
    """All rows whose patch is in the queues, in the file's order."""
    opener = gzip.open if truth.suffix == ".gz" else open
    with opener(truth, "rt", encoding="utf-8") as text:
        raw = [json.loads(line) for line in text if line.strip()]
    blobs = {}
    for queue in sorted({row["queue"] for row in raw}):
        wanted = {row["sha256"] for row in raw if row["queue"] == queue}
        blobs |= find_blobs(repository(queues, queue), wanted)
    lost = sum(row["sha256"] not in blobs for row in raw)
    if lost:
        print(f"{lost} of {len(raw)} patches are not in the queues' repositories", file=sys.stderr)
    return [
        Row(
            row["queue"],
            row["path"],
            row["sha256"],
            row["kind"],
            frozenset(row["truth_equiv"] or ([row["truth"]] if row["truth"] else [])),
            tuple(row["truth_all"] or ()),
            row.get("leak"),
            blobs[row["sha256"]],
        )
        for row in raw
        if row["sha256"] in blobs
    ]


def one_per_change(rows: Iterable[Row]) -> list[Row]:
    """The first row of each change in each queue."""
    seen: dict[tuple[str, object], Row] = {}
    for row in rows:
        seen.setdefault(row.change, row)
    return list(seen.values())


def repository(queues: Path, queue: str) -> Path:
    """Where a queue's repository is."""
    for path in (queues / queue, queues / f"{queue}.git"):
        if path.is_dir():
            return path
    raise SystemExit(f"no repository {queue} under {queues}")


def find_blobs(repository: Path, wanted: set[str]) -> dict[str, bytes]:
    """The blobs with these sha256, out of all objects of a repository."""
    found = {}
    for data in blobs(repository):
        digest = hashlib.sha256(data).hexdigest()
        if digest in wanted:
            found[digest] = data
    return found


def blobs(repository: Path) -> Iterator[bytes]:
    """The contents of all blobs of a repository."""
    command = ["git", "-C", str(repository), "cat-file", "--batch-all-objects", "--batch"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        while head := process.stdout.readline().split():
            data = process.stdout.read(int(head[2]))
            process.stdout.read(1)
            if head[1] == b"blob":
                yield data
