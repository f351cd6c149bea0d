"""`kcfg patches plan`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from kcfg.base.errors import CANNOT_EVALUATE, UserError
from kcfg.base.text import command as shown
from kcfg.base.text import visible
from kcfg_cli.complete import complete_file
from kcfg_cli.options import format_option
from kcfg_cli.outputs import IN_PLACE, NewFile, write_queue, write_series
from kcfg_cli.patches.options import progress, question, upstream_options
from patches.report import PLAN_FORMATS

if TYPE_CHECKING:
    from patches.findings import StatusReport
    from patches.queues.edit import QueueEdit
    from patches.queues.edits import EditResult

EDIT_FORMATS = ("text", "json")


@click.command("plan")
@click.argument("queue", required=False, default="", shell_complete=complete_file)
@upstream_options
@click.option("--edit", is_flag=True, help="The queue itself without what can be dropped, as a diff for git apply.")
@click.option(
    "--write",
    "output",
    cls=NewFile,
    is_flag=False,
    flag_value=IN_PLACE,
    default="",
    metavar="[FILE]",
    help="Write a new series, never over an existing file; with --edit, and no FILE, edit the queue.",
    shell_complete=complete_file,
)
@click.option("--force", is_flag=True, help="With --edit --write: also what git could not bring back.")
@format_option(PLAN_FORMATS)
def command(
    queue: str, upstreams: tuple[str, ...], archives: tuple[str, ...], base: str, target: str, main_branch: str,
    index: str, jobs: int, edit: bool, output: str, force: bool, form: str,
) -> None:  # fmt: skip
    """What to drop, refresh, send and watch of QUEUE, on its way to --target (or as of today's mainline).

    Exit status: 0, 2 unreadable input, the file of --write exists, or git could not undo an edit, 3 a patch cannot be
    told, or not be taken out.

    \b
    Examples:
        kcfg patches plan debian/patches --upstream ~/src/linux --base v6.1 --target v6.12
        kcfg patches plan xen.spec -u ~/src/xen --target RELEASE-4.20.0 --write series.new
        kcfg patches plan xen.spec -u ~/src/xen --edit
        kcfg patches plan xen.spec -u ~/src/xen --edit --write
    """
    from kcfg.base.atomic import need_writable
    from patches.findings import PlanReport
    from patches.report import write
    from patches.report.plan import new_series
    from patches.verdicts.audit import audit, exit_status
    from patches.verdicts.plan import decisions, plan

    if edit and not queue and output not in ("", IN_PLACE):
        queue, output = output, IN_PLACE  # with --edit, --write takes no file
    if not queue:
        raise click.MissingParameter(param_type="argument", param_hint="'QUEUE'")
    need_sense(edit, output, force, form)
    if output and not edit and os.path.lexists(output):
        raise UserError("the file exists already", where=output, hint="nothing is written over; name a new file")
    if output and not edit:
        need_writable(output)
    asked = question(queue, upstreams, archives, base, target, main_branch, index, jobs)
    with progress() as tell:
        report = audit(asked, tell)
    told = edited(report, bool(output), force, form) if edit else None
    written = "" if edit else output
    made = PlanReport(status=report, plan=plan(report), decisions=decisions(report), written=written, edit=told)
    if not (told and form == "text"):
        write(made, form, sys.stdout)
    if written:
        write_series(output, new_series(report).encode("utf-8", "surrogateescape"))
        click.echo(f"kcfg: wrote {output}", err=True)
    sys.exit(CANNOT_EVALUATE if told and told.left else exit_status(report, ()))


def need_sense(edit: bool, output: str, force: bool, form: str) -> None:
    """UserError for options that do not go together."""
    if edit and output not in ("", IN_PLACE):
        raise UserError("--write takes no FILE with --edit: it is the queue that is written", where=output)
    if output == "-":
        raise UserError("--write needs a FILE, and - is none", hint="the plan itself goes to standard output")
    if output == IN_PLACE and not edit:
        raise UserError("--write needs a FILE for the new series, or --edit")
    if force and not (edit and output):
        raise UserError("--force is for --edit --write alone")
    if edit and form not in EDIT_FORMATS:
        raise UserError(f"--edit has no format '{form}'", hint=f"one of {', '.join(EDIT_FORMATS)}")


def edited(report: StatusReport, write: bool, force: bool, form: str) -> EditResult:
    """The queue without what can be dropped: shown as a diff, or written."""
    from patches.findings import Action
    from patches.queues.edit import Drop, edit_queue
    from patches.queues.edits import EditResult
    from patches.queues.gitdiff import diff
    from patches.queues.writing import name_width, work_tree
    from patches.report.edits import edit_notes, untold_note
    from patches.report.plan import not_in_plan
    from patches.verdicts.plan import decisions

    pairs = zip(report.patches, decisions(report), strict=True)
    drops = [Drop(one.position, one.name, one.where) for one, what in pairs if what.action is Action.DROP]
    made = edit_queue(report.queue, drops)
    if write and made.changes:
        write_queue(report.queue, made, force=force)
    told = EditResult(
        root=made.root,
        removed=made.removed,
        changed=tuple(one.path for one in made.changes if one.after is not None),
        deleted=tuple(one.path for one in made.changes if one.after is None),
        kept=made.kept,
        left=made.left,
        written=write and bool(made.changes),
    )
    if form == "text" and not write:
        tree = work_tree(made.root)
        click.echo(diff(made.changes, tree.prefix if tree else "", name_width(made.root)), nl=False)
    for note in (*edit_notes(told), *filter(None, [untold_note(report)]), *map(visible, not_in_plan(report))):
        click.echo(f"kcfg: {note}", err=True)
    if form == "text":
        for line in following(report, made, write):
            click.echo(f"kcfg: next: {line}", err=True)
    return told


def following(report: StatusReport, made: QueueEdit, write: bool) -> list[str]:
    """What to type next: look at what was written, and make the plan anew."""
    from patches.queues.writing import work_tree
    from patches.report.common import options

    if not made.changes:
        return []
    again = ["kcfg", "patches", "plan", report.queue, *options(report)]
    if not write:
        return [shown(*again, "--edit", "--write")]
    tree = [shown("git", "-C", made.root, "diff", "--stat")] if work_tree(made.root) else []
    return [*tree, shown(*again)]
