"""`kcfg patches formats`."""

from __future__ import annotations

import sys

import click


@click.command("formats")
def command() -> None:
    """The formats of queues that are read; which one a queue has is found out by its content.

    \b
    Example:
        kcfg patches formats
    """
    from kcfg.show.terminal import Line, look_of, paint
    from patches.queues.queue import FORMATS

    rows = [(one.name, one.about) for one in FORMATS]
    rows.append(
        ("git-range", "REPO@base..branch, one commit a patch; REPO@revision[:folder or file] is a queue in git")
    )
    wide = max(len(name) for name, _ in rows)
    lines: list[Line] = [[(f"{name:<{wide}}  ", "strong"), (about, "")] for name, about in rows]
    sys.stdout.write(paint(lines, look_of(sys.stdout)))
