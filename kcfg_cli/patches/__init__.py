"""`kcfg patches`: the commands of the patch half."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import click

from kcfg_cli.cli import Commands


class PatchCommands(Commands):
    """The sub-commands of `kcfg patches`."""

    table: ClassVar[Mapping[str, str]] = {
        "status": "What has become of each patch of a queue upstream.",
        "show": "One patch: evidence, difference to upstream, follow-ups.",
        "plan": "What to drop, refresh, send and watch when the queue moves to a target.",
        "index": "Make or update the index of an upstream.",
        "trend": "How a queue's backlog went over its own history.",
        "formats": "The formats of queues that are read.",
    }
    package = "kcfg_cli.patches"


@click.group("patches", cls=PatchCommands)
def command() -> None:
    """Say of each patch of a queue whether, where and how it was merged upstream.

    QUEUE is a folder, a series, spec, mailbox or recipe file, REPO@base..branch, or REPO@revision[:folder or file].

    \b
    Examples:
        kcfg patches status debian/patches --upstream ~/src/linux
        kcfg patches plan ./SPECS/xen.spec --upstream ~/src/xen --base RELEASE-4.17.3 --target RELEASE-4.19.0
    """
