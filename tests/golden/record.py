"""Run every case, and keep what it printed, how it ended and what it wrote.

A record is a folder:

    golden.json          what was recorded, with which inputs, and how long it took
    cases/NAME/          stdout and stderr as they came, and the files that the case wrote, in files/
    run/                 the folder that the cases ran in, with the corpus
    cache/, home/, tmp/  XDG_CACHE_HOME, HOME and TMPDIR of the cases

PYTHONHASHSEED is not set, so that two records of one program show what hangs on the order of a set.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.golden import cases_errors, cases_graph, cases_kernel, cases_queues
from tests.golden.cases import Case
from tests.golden.inputs import Inputs, build

MANIFEST = "golden.json"
SCHEMA = 1
LIMIT_SECONDS = 3600.0
"""A case takes seconds; one that hangs must not keep the others for ever."""
OWN_FOLDERS = ("cases", "run", "cache", "home", "tmp")
GIVEN = "This line was here before.\n"


class RecordError(Exception):
    """There is no record, or none can be made; the text says why."""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a case ended. `status` is -1 where it was stopped after LIMIT_SECONDS."""

    args: tuple[str, ...]
    status: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Manifest:
    """What golden.json holds."""

    command: str
    inputs: dict[str, str]
    """What identifies each part of the corpus."""
    paths: tuple[tuple[str, str], ...]
    """Absolute paths that may be printed, and the names that stand for them."""
    cases: dict[str, Ran]
    left_out: tuple[str, ...]
    """Cases whose part of the corpus was not given."""
    stray: tuple[str, ...]
    """Files that a case wrote beside its own folder."""
    seconds: float
    cpu_seconds: float
    schema: int = field(default=SCHEMA)


def all_cases() -> tuple[Case, ...]:
    """Every case. ValueError where two have one name."""
    found = [case for part in (cases_kernel, cases_graph, cases_queues, cases_errors) for case in part.cases()]
    names = [case.name for case in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"cases of one name: {', '.join(twice)}")
    return tuple(found)


def record(
    folder: Path, command: Path, inputs: Inputs, cases: Iterable[Case], jobs: int, *, update: bool = False
) -> Manifest:
    """Make a record, in place of one that is there; with `update` the cases of that one that are not among these stay.

    RecordError for a folder that holds something else, and where there is nothing that `update` could go on with.
    """
    started = time.monotonic()
    old = load(folder) if update else None
    make_room(folder, ("run",) if update else (*OWN_FOLDERS, MANIFEST))
    parts, outside = build(folder / "run", inputs)
    if old is not None and (old.command, old.inputs) != (str(command), parts):
        raise RecordError(f"{folder}: made by another command or of another corpus: make it anew")
    for name in OWN_FOLDERS:
        (folder / name).mkdir(exist_ok=True)
    before = files_below(folder / "run")
    wanted = list(cases)
    there = [case for case in wanted if case.needs <= parts.keys()]
    ran: dict[str, Ran] = {}

    def one(case: Case) -> None:
        ran[case.name] = run_case(folder, command, case)
        tell(len(ran), len(there), case.name, ran[case.name])

    for case in there:
        if case.first:
            one(case)
    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(one, [case for case in there if not case.first]))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    stray = files_below(folder / "run") - before
    manifest = Manifest(
        command=str(command),
        inputs=parts,
        paths=tuple(
            dict.fromkeys([*(old.paths if old else ()), (str(folder), "record"), *outside, *places_of(command)])
        ),
        cases={**(old.cases if old else {}), **{case.name: ran[case.name] for case in there}},
        left_out=tuple(case.name for case in wanted if not case.needs <= parts.keys()),
        stray=tuple(sorted({*stray, *(old.stray if old else ())})),
        seconds=round(time.monotonic() - started, 1),
        cpu_seconds=round(used.ru_utime + used.ru_stime, 1),
    )
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1) + "\n", encoding="utf-8")
    return manifest


def load(folder: Path) -> Manifest:
    """What a record's folder says of itself. RecordError when it is none, or of another schema."""
    try:
        data = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if data["schema"] != SCHEMA:
            raise RecordError(f"{folder}: a record of another schema: make it anew")
        cases = {name: Ran(tuple(one["args"]), one["status"], one["seconds"]) for name, one in data["cases"].items()}
        lists = {key: tuple(data[key]) for key in ("left_out", "stray")}
        paths = tuple((path, name) for path, name in data["paths"])
        return Manifest(**{**data, **lists, "paths": paths, "cases": cases})
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise RecordError(f"{folder}: no record ({error})") from None


def make_room(folder: Path, going: Iterable[str]) -> None:
    """A folder without what is to go of it. RecordError when it has what no record has."""
    folder.mkdir(parents=True, exist_ok=True)
    foreign = sorted({path.name for path in folder.iterdir()} - {*OWN_FOLDERS, MANIFEST})
    if foreign:
        raise RecordError(f"{folder}: has files that are no record's: {foreign[0]}")
    for name in going:
        if (folder / name).is_dir():
            shutil.rmtree(folder / name)
        else:
            (folder / name).unlink(missing_ok=True)


def run_case(folder: Path, command: Path, case: Case) -> Ran:
    """Run one case and keep what came of it."""
    kept, run = folder / "cases" / case.name, folder / "run"
    own = Path("out", case.name)
    if kept.is_dir():
        shutil.rmtree(kept)
    kept.mkdir(parents=True)
    (run / own).mkdir(parents=True)
    for name in case.given:
        (run / own / name).parent.mkdir(parents=True, exist_ok=True)
        (run / own / name).write_text(GIVEN, encoding="utf-8")
    args = tuple(word.replace("{out}", str(own)) for word in case.args)
    started = time.monotonic()
    with (
        open(run / case.stdin if case.stdin else os.devnull, "rb") as stdin,
        (kept / "stdout").open("wb") as stdout,
        (kept / "stderr").open("wb") as stderr,
    ):
        status = wait(
            [str(command), *args],
            cwd=run,
            env=environment(folder) | case.env,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
        )
    seconds = round(time.monotonic() - started, 2)
    (run / own).rename(kept / "files")
    return Ran(args, status, seconds)


def wait(line: Sequence[str], **how: object) -> int:
    """The exit status; -1 when it took too long."""
    try:
        return subprocess.run(line, check=False, timeout=LIMIT_SECONDS, **how).returncode  # type: ignore[call-overload, no-any-return]
    except subprocess.TimeoutExpired:
        return -1


def environment(folder: Path) -> dict[str, str]:
    """All that the cases have of an environment."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
    }


def files_below(folder: Path) -> set[str]:
    """The files of a folder that runs may write to, by their paths in it; what is linked to is not entered."""
    return {
        os.path.relpath(os.path.join(top, name), folder)
        for top, _, names in os.walk(folder)
        for name in names
        if ".git" not in Path(top).parts
    }


def places_of(command: Path) -> tuple[tuple[str, str], ...]:
    """The environment of a command, and the checkout in which that lies, if it does."""
    prefix = command.parent.parent
    checkout = prefix.parent
    return tuple(
        (str(path), name)
        for path, name in ((prefix, "environment"), (checkout, "checkout"))
        if (checkout / "pyproject.toml").is_file()
    )


def tell(done: int, count: int, name: str, ran: Ran) -> None:
    """A line for each case that is done."""
    print(f"{done:4}/{count}  {ran.seconds:6.1f} s  status {ran.status}  {name}", file=sys.stderr, flush=True)
