"""Checks what `kcfg patches plan` drops against another judge: a patch that a target has can be taken out of it.

    python benchmarks/reverse.py --queue QUEUE... --upstream REPO --target REV... [--base REV] [--plans DIR] [--list]

Each queue is planned for each target, as a user would do it, and each of its patches is applied in reverse to the
target's files, by programs that know nothing of the matcher:

* exact: `git apply -R` takes it.
* fuzz: `patch -R` takes it, with offsets and a fuzz of 2.
* stood: neither does, but one of the two takes it from the files of a commit that the plan names and the target has:
  the change was there, and later ones rewrote the place.
* by hand: none of these. Somebody has to read the history; `--list` names each.

A patch that is dropped and that `git apply` would put in at the target is `again`: it is absent, or taken back. One
that is not dropped and whose reverse is exact is a `missed` drop. `--plans DIR` keeps the plans (JSON), and reads those
that are there instead of making them anew. The last line is one JSON object with all figures.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kcfg.sources.gitrepo import Repo, open_repo
from patches.queues.entries import QueueEntry, unpacked
from patches.queues.files import joined
from patches.queues.queue import open_queue

ROOT = Path(__file__).resolve().parent.parent
FUZZ = "2"
KCFG = str(Path(sys.executable).with_name("kcfg"))


@dataclass
class Count:
    """One queue at one target. `fuzz`, `stood`, `by_hand` and `again` are of those that are dropped."""

    queue: str
    upstream: str
    target: str
    patches: int = 0
    dropped: int = 0
    exact: int = 0
    fuzz: int = 0
    stood: int = 0
    by_hand: int = 0
    again: int = 0
    missed: int = 0


@dataclass(frozen=True)
class Judge:
    """Applies patches to files of an upstream's revisions, outside of any repository."""

    upstream: Repo

    def takes(self, entry: QueueEntry, text: bytes, revision: str, *, reverse: bool) -> str:
        """How the patch comes out of a revision, or goes into it: "exact", "fuzz" or ""; "" where there is no text."""
        if not text.strip():
            return ""
        backwards = ["-R"] * (reverse != entry.reverse)
        strip = f"-p{1 if entry.strip is None else entry.strip}"
        with tempfile.TemporaryDirectory() as folder:
            self.put_files(entry, revision, Path(folder))
            if succeeds(["git", "apply", "--check", *backwards, strip], folder, text):
                return "exact"
            command = ["patch", "--dry-run", "--force", "--silent", "-F", FUZZ, *(backwards or ["-N"]), strip]
            return "fuzz" if reverse and succeeds(command, folder, text) else ""

    def put_files(self, entry: QueueEntry, revision: str, folder: Path) -> None:
        """Writes the files that the patch names, as the revision has them."""
        for name in sorted(entry.patch.paths):
            path = folder / name
            if not path.resolve().is_relative_to(folder.resolve()):
                continue
            shown = subprocess.run(["git", "-C", self.upstream.path, "show", f"{revision}:{name}"], capture_output=True)
            if not shown.returncode and not shown.stdout.startswith(f"tree {revision}:".encode()):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(shown.stdout)

    def has(self, revision: str, commit: str) -> bool:
        """Whether the commit is in the revision's history."""
        command = ["git", "-C", self.upstream.path, "merge-base", "--is-ancestor", commit, revision]
        return not subprocess.run(command, capture_output=True).returncode

    def stood(self, entry: QueueEntry, text: bytes, commits: Sequence[str], revision: str) -> bool:
        """Whether the reverse applies to the files of a commit that the revision has."""
        there = [one for one in commits if self.has(revision, one)]
        return any(self.takes(entry, text, one, reverse=True) for one in there)


def succeeds(command: Sequence[str], folder: str, text: bytes) -> bool:
    """Whether a command that reads a patch likes it; no repository above the folder is seen."""
    ran = subprocess.run(command, cwd=folder, input=text, capture_output=True, env={"PATH": "/usr/bin:/bin"})
    return not ran.returncode


def planned(queue: str, upstream: str, base: str, target: str, index: str, keep: Path | None) -> dict[str, Any]:
    """What `kcfg patches plan` says, as JSON; SystemExit with its own words where it says nothing."""
    kept = keep / f"{label(queue)}--{target.replace('/', '_')}.json" if keep else None
    if kept and kept.exists():
        return dict(json.loads(kept.read_text()))
    command = [KCFG, "patches", "plan", queue, "--upstream", upstream]
    command += ["--target", target, "--format", "json"]
    command += ["--base", base] * bool(base) + ["--index", index] * bool(index)
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if ran.returncode not in (0, 1, 3) or not ran.stdout:
        raise SystemExit(ran.stderr.strip() or f"{queue}: exit status {ran.returncode}")
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(ran.stdout)
    return dict(json.loads(ran.stdout))


def label(queue: str) -> str:
    """A short name: a git queue's repository, revision and path, or the last folders of a path."""
    parts = [one for one in queue.replace("@", "/").replace(":", "/").split("/") if one not in ("", ".", "..")]
    return "-".join(parts[-4:])


def raw(root: str, entry: QueueEntry) -> bytes:
    """The patch file's own bytes, unpacked; b"" where it lies in no file of its own."""
    repository, at, inside = root.partition("@")
    if not entry.path:
        return b""
    if at and not Path(root).exists():
        revision, _, folder = inside.partition(":")
        name = f"{revision}:{joined(folder, entry.path)}"
        data = subprocess.run(["git", "-C", repository, "show", name], capture_output=True, check=True).stdout
    else:
        data = Path(root, entry.path).read_bytes()
    return unpacked(data, entry.path)


def commits_of(told: dict[str, Any]) -> list[str]:
    """The commits that a plan names for a patch, each once."""
    named = [one["sha"] for one in told.get("commits", ())]
    named += told.get("witnesses", {}).get("target", {}).get("commits", ())
    return list(dict.fromkeys(named))


def check(count: Count, queue: str, plan: dict[str, Any], judge: Judge) -> Iterator[str]:
    """Counts one plan's patches; yields what a person should look at."""
    opened = open_queue(queue)
    entries = {entry.position: entry for entry in opened.entries}
    patches = {one["position"]: one for one in plan["status"]["patches"]}
    for made in plan["decisions"]:
        entry, told = entries[made["position"]], patches[made["position"]]
        text = raw(opened.root, entry)
        way = judge.takes(entry, text, count.target, reverse=True) if text else ""
        count.patches += 1
        said = f"{count.queue} {count.target} {entry.name}: {told['verdict']} {told.get('certainty', '')}"
        if made["action"] != "drop":
            if way == "exact":
                count.missed += 1
                yield f"missed: {said}, {made['action']} ({made['reason']})"
            continue
        count.dropped += 1
        if way:
            count.exact += way == "exact"
            count.fuzz += way == "fuzz"
        elif judge.stood(entry, text, commits_of(told), count.target):
            count.stood += 1
        else:
            count.by_hand += 1
            yield f"by hand: {said} {' '.join(one[:12] for one in commits_of(told))}"
        if way != "exact" and judge.takes(entry, text, count.target, reverse=False) == "exact":
            count.again += 1
            yield f"again: {said}"


def table(counts: Sequence[Count]) -> Iterator[str]:
    """The figures, one line for each queue and target."""
    heads = ("patches", "dropped", "exact", "fuzz", "stood", "by hand", "again", "missed")
    yield f"{'queue':<44} {'upstream':<18} {'target':<12}" + "".join(f" {head:>8}" for head in heads)
    for one in counts:
        figures = (one.patches, one.dropped, one.exact, one.fuzz, one.stood, one.by_hand, one.again, one.missed)
        yield f"{one.queue:<44} {one.upstream:<18} {one.target:<12}" + "".join(f" {figure:>8}" for figure in figures)


def main() -> int:
    """Prints the table, and one JSON object."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--queue", action="append", required=True, help="as kcfg patches takes it; several are allowed")
    parser.add_argument("--upstream", required=True, help="git repository")
    parser.add_argument("--target", action="append", required=True, help="a revision of it; several are allowed")
    parser.add_argument("--base", default="", help="the revision that the queues are made for")
    parser.add_argument("--index", default="", help="the upstream's index, instead of the cached one")
    parser.add_argument("--plans", type=Path, help="folder that keeps the plans")
    parser.add_argument("--list", action="store_true", help="name each patch that a person should look at")
    given = parser.parse_args()
    judge = Judge(open_repo(given.upstream))
    counts = []
    for queue in given.queue:
        for target in given.target:
            plan = planned(queue, given.upstream, given.base, target, given.index, given.plans)
            count = Count(label(queue), label(given.upstream.removesuffix("/repo")).split("-")[-1], target)
            for line in check(count, queue, plan, judge):
                if given.list:
                    print(line)
            counts.append(count)
    print(*table(counts), sep="\n")
    print(json.dumps([asdict(one) for one in counts]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
