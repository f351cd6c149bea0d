"""`python -m tests.fuzz.run --seconds 60`: every reader with inputs that are nearly right; status 1 for a fault.

A fault is an exception that is no UserError, a run of more than LIMIT seconds, or more than MEMORY. The input is kept
in build/fuzz, and `--again FILE --target NAME` runs it alone. Seconds are those of the processor: a busy machine takes
longer, and finds the same.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kcfg.base.errors import UserError
from tests.fuzz.mutate import mutated
from tests.fuzz.targets import Target, targets
from tests.shm import quick_folder

KEPT = Path(__file__).parents[2] / "build" / "fuzz"
LIMIT = 10
"""Seconds that an input may take."""
WAIT = 5 * LIMIT
"""Seconds on the clock that it may take: it may wait for what does not come."""
MEMORY = 4 << 30


class HangError(BaseException):
    """No Exception: nobody who guards against those takes it."""


@dataclass(slots=True)
class Outcome:
    """Of one target: how many inputs ran, how many of them were refused, and the faults: what it was -> an input."""

    runs: int = 0
    refused: int = 0
    seconds: float = 0.0
    faults: dict[str, bytes] = field(default_factory=dict)


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    def late(*_: object) -> None:
        raise HangError

    timers = ((signal.SIGPROF, signal.ITIMER_PROF, seconds), (signal.SIGALRM, signal.ITIMER_REAL, WAIT))
    before = [signal.signal(number, late) for number, _, _ in timers]
    for _, timer, limit in timers:
        signal.setitimer(timer, limit)
    try:
        yield
    finally:
        for (number, timer, _), handler in zip(timers, before, strict=True):
            signal.setitimer(timer, 0)
            signal.signal(number, handler)


def one(target: Target, data: bytes, folder: Path) -> tuple[bool, str]:
    """(whether it was refused, what went wrong and where)."""
    try:
        with limited(LIMIT):
            target.run(data, folder)
    except UserError:
        return True, ""
    except HangError as error:
        return False, f"more than {LIMIT} s {place(error)}"
    except Exception as error:
        return False, f"{type(error).__name__} {place(error)}"
    return False, ""


def place(error: BaseException) -> str:
    """The innermost of our lines."""
    frames = [one for one in traceback.extract_tb(error.__traceback__) if "/tests/" not in one.filename]
    own = [one for one in frames if "site-packages" not in one.filename and "/lib/python" not in one.filename]
    last = (own or frames or traceback.extract_tb(error.__traceback__))[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


def fuzz(target: Target, seed: str, seconds: float, most: int = sys.maxsize) -> Outcome:
    """Inputs until the time or their number is over; the seeds themselves come first."""
    rng, out, start = random.Random(seed), Outcome(), time.process_time()
    with tempfile.TemporaryDirectory(prefix="fuzz-", dir=quick_folder()) as place:
        folder = Path(place, "x")
        while out.runs < most and time.process_time() - start < seconds:
            if out.runs % 500 == 0:
                shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(exist_ok=True)
            data = target.seeds[out.runs] if out.runs < len(target.seeds) else mutated(rng, target.seeds)
            refused, fault = one(target, data, folder)
            out.runs += 1
            out.refused += refused
            if fault and len(data) < len(out.faults.get(fault, data + b"x")):
                out.faults[fault] = data
    out.seconds = time.process_time() - start
    return out


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.run", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="of the processor, for all targets together (60)")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--target", action="append", default=[], help="only this one; may be repeated")
    parser.add_argument("--again", type=Path, metavar="FILE", help="run this input once, with its traceback")
    asked = parser.parse_args()
    known = targets()
    if not set(asked.target) <= set(known):
        parser.error(f"the targets are {', '.join(known)}")
    chosen = {name: one for name, one in known.items() if not asked.target or name in asked.target}
    if asked.again:
        with tempfile.TemporaryDirectory(prefix="fuzz-") as place:
            next(iter(chosen.values())).run(asked.again.read_bytes(), Path(place))
        return 0
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    start = time.process_time()
    bad = runs = 0
    for name, target in chosen.items():
        out = fuzz(target, f"{asked.seed} {name}", asked.seconds / len(chosen))
        runs += out.runs
        print(
            f"{name:<12} {out.runs:>9,} inputs {out.refused / out.runs:>5.0%} refused {out.seconds:>6.0f} s", flush=True
        )
        for fault, data in out.faults.items():
            bad += 1
            KEPT.mkdir(parents=True, exist_ok=True)
            path = KEPT / f"{name.replace(' ', '-')}-{hashlib.sha256(fault.encode()).hexdigest()[:8]}"
            path.write_bytes(data)
            print(f"    {fault}: {path}", flush=True)
    seconds = time.process_time() - start
    print(f"{runs:,} inputs, {bad} faults; {runs / seconds:,.0f} a second of one processor")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
