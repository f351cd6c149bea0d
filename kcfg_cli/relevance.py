"""`kcfg relevance`."""

from __future__ import annotations

import sys

import click

from kcfg_cli.complete import complete_arch, complete_file, complete_profiles
from kcfg_cli.options import KernelChoice, open_judge

FORMATS = ("text", "json", "markdown", "csv", "html")


@click.command("relevance")
@click.argument("queue", shell_complete=complete_file)
@click.option(
    "--config", "-c", default="", metavar="CONFIG", help="The kernel's configuration.", shell_complete=complete_file
)
@click.option(
    "--mode",
    "-m",
    "modes",
    multiple=True,
    metavar="MODE",
    help="A profile, or several: pvh-domu+no-pv.",
    shell_complete=complete_profiles,
)
@click.option(
    "--tree",
    required=True,
    metavar="SOURCE",
    help="The kernel source that the queue is for: a directory, repository@revision, or tarball.",
    shell_complete=complete_file,
)
@click.option(
    "--arch",
    default="",
    metavar="ARCH",
    help="x86_64, i386, arm64 or arm; else the configuration says.",
    shell_complete=complete_arch,
)
@click.option("--files", is_flag=True, help="Every file of every patch, not only the one that decides.")
@click.option("--no-cache", "cache", flag_value=False, default=True, help="Read --tree anew.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="How to report.")
def command(
    queue: str, config: str, modes: tuple[str, ...], tree: str, arch: str, files: bool, cache: bool, form: str
) -> None:
    """Which patches of QUEUE a kernel's configuration, or a Xen mode, has anything to do with.

    Each is built into this kernel, only in other modes or configurations, never built, or not decidable; with the file,
    the line of the Makefile and the option that decide. QUEUE is what `kcfg patches` takes.

    Exit status 0 however many cannot be decided, 1 when this kernel cannot have a mode, 3 when no patch can be decided
    or when QUEUE is of another project than the source.

    \b
    Examples:
        kcfg relevance debian/patches --config .config --tree ~/src/linux-6.12
        kcfg relevance kernel.git@v8.3 --mode pvh-domu --mode pv-dom0 --tree ~/src/linux.git@v6.12
        kcfg relevance ./series --config .config --mode pvh-domu+no-pv --tree . --format csv
    """
    from kcfg import __version__
    from kcfg.kconfig.kernels import open_kernel
    from kcfg.show.terminal import working
    from patches.queues.queue import open_queue
    from patches.relevance.relevance import RelevanceQuestion, relevance
    from patches.relevance.report import write

    with working("reading the queue") as work:
        opened = open_queue(queue)
        judge = open_judge(config, KernelChoice(tree=tree, arch=arch, cache=cache)) if config else None
        kernel = judge.kernel if judge else open_kernel(None, tree=tree, arch=arch or arch_of(modes), cache=cache)
        asked = RelevanceQuestion(opened, kernel, judge, modes, cache, queue)
        report = relevance(asked, __version__, lambda what: work.advance(0, what))
    write(report, form, sys.stdout, files=files)
    decided = [one for one in report.patches if one.verdict != "undecidable"]
    sys.exit(3 if report.patches and not decided else 0)


def arch_of(modes: tuple[str, ...]) -> str:
    """The architecture of the first mode, where it has but one kind: arm64-domu is of arm64."""
    from profiles.fulfil.modes import profiles_of

    for name in modes:
        for profile in profiles_of(name):
            if profile.arch:
                return profile.arch[0]
    return ""
