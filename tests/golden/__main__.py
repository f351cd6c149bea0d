"""Is what every command prints and writes still the same?

    python -m tests.golden record -o before --xen ~/src/xen --queue ~/src/xcp-ng-xen
    (change the program)
    python -m tests.golden record -o after --xen ~/src/xen --queue ~/src/xcp-ng-xen
    python -m tests.golden compare before after

--kcfg names the command, which may be of another checkout; else it is the one beside this Python.
The tests' kernels (make kernels) are taken from their cache. Without them, --xen or --queue the cases that need them
are left out, and counted. Exit status of compare: 0 no difference, 1 some, 2 no records.
"""

from __future__ import annotations

import argparse
import fnmatch
import sys
from pathlib import Path

from tests.conformance.kernels import cache_root
from tests.golden.compare import compare, report
from tests.golden.inputs import SERIES, CorpusError, Inputs
from tests.golden.record import RecordError, all_cases, record


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.golden", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("record", help="run every case, and keep what came of it")
    one.add_argument("-o", "--output", type=Path, required=True, metavar="FOLDER", help="a record there is replaced")
    one.add_argument("--kcfg", type=Path, default=Path(sys.executable).parent / "kcfg", metavar="PATH")
    one.add_argument("--kernels", type=Path, metavar="FOLDER", help="another cache of the tests' kernels")
    one.add_argument("--xen", type=Path, metavar="REPO", help="a clone of xen.git")
    one.add_argument("--queue", type=Path, metavar="REPO", help="a checkout of xcp-ng-rpms/xen")
    one.add_argument("--only", default="*", metavar="PATTERN", help="cases whose name fits, such as 'graph/*'")
    one.add_argument("--update", action="store_true", help="keep the other cases of the record that is there")
    one.add_argument("-j", "--jobs", type=int, default=2, help="cases at once")
    two = commands.add_parser("compare", help="list every difference of two records")
    two.add_argument("left", type=Path)
    two.add_argument("right", type=Path)
    two.add_argument("--lines", type=int, default=12, help="of each difference at most so many; 0: all")
    return parser.parse_args()


def make(args: argparse.Namespace) -> int:
    """`record`. The exit status."""
    command = args.kcfg.absolute()
    if not command.is_file():
        print(f"golden: {command}: no such command", file=sys.stderr)
        return 2
    kernels = args.kernels or cache_root()
    if not (kernels / f"linux-{SERIES}").is_dir() and not args.kernels:
        kernels = None
    wanted = [case for case in all_cases() if fnmatch.fnmatchcase(case.name, args.only)]
    inputs = Inputs(kernels and kernels.absolute(), args.xen, args.queue)
    made = record(args.output.absolute(), command, inputs, wanted, args.jobs, update=args.update)
    left_out = f", {len(made.left_out)} left out (their input was not given)" if made.left_out else ""
    print(f"{len(made.cases)} cases{left_out}; {made.seconds:.0f} s, {made.cpu_seconds:.0f} s of processor time")
    stopped = [name for name, ran in made.cases.items() if ran.status < 0]
    for name in stopped:
        print(f"golden: {name} was stopped or died", file=sys.stderr)
    return 2 if stopped else 0


def main() -> int:
    """The exit status."""
    args = arguments()
    try:
        if args.command == "record":
            return make(args)
        last = ""
        for last in report(compare(args.left, args.right), args.lines):
            print(last)
        return 0 if last.startswith("0 ") else 1
    except (RecordError, CorpusError) as error:
        print(f"golden: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
