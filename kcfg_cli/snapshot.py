"""`kcfg snapshot`."""

from __future__ import annotations

import time

import click
import msgspec

from kcfg_cli.complete import complete_arch, complete_file
from kcfg_cli.options import machine_answers, output_option
from kcfg_cli.outputs import write_output

OF_THE_MACHINE = ("env:srctree", "shell:uname -r")
"""Answers that say where the tree lies and what runs here: no fact about a toolchain, and another one each time."""


def portable(answers: dict[str, str]) -> dict[str, str]:
    """The answers without those that no other machine could give."""
    return answers | {key: "" for key in OF_THE_MACHINE if key in answers}


@click.command("snapshot")
@click.argument("tree", metavar="SOURCE", shell_complete=complete_file)
@click.option(
    "--arch", default="x86_64", show_default=True, help="x86_64, i386, arm64 or arm.", shell_complete=complete_arch
)
@output_option("Where to write it.", required=True)
@click.option(
    "--run-probes", "probes", is_flag=True, help="Record this machine's toolchain: runs the tree's own commands."
)
def command(tree: str, arch: str, output: str, probes: bool) -> None:
    """Make a snapshot: the model of one kernel and architecture in one small file, which --tree and --kernel take.

    It holds names, types, relations and positions; no prompts and no help texts.

    \b
    Example:
        kcfg snapshot ~/src/linux --arch x86_64 --run-probes -o linux-6.12-x86_64.kcfg
        kcfg check /boot/config-6.12 --tree linux-6.12-x86_64.kcfg --profile pvh-domu
    """
    from kcfg.kconfig import snapshot
    from kcfg.kconfig.kernels import open_kernel

    start = time.perf_counter()
    kernel = open_kernel(tree=tree, arch=arch, cache=False)
    parsed = time.perf_counter()
    model = kernel.model
    if probes:
        answers = portable(machine_answers(kernel))
        model = msgspec.structs.replace(model, answers=answers, toolchain=answers.get("env:CC_VERSION_TEXT", ""))
    asked = time.perf_counter()
    data = snapshot.dumps(model)
    write_output(output, data)
    start_load = time.perf_counter()
    snapshot.loads(data, output)
    click.echo(
        f"{output}: Linux {model.version} {arch}, {sum(bool(s.definitions) for s in model.symbols)} symbols, "
        f"{len(model.exprs)} expressions, {len(model.probes)} probes ({len(model.answers)} answered)\n"
        f"parsed in {parsed - start:.2f} s, probes in {asked - parsed:.2f} s, {len(data):,} bytes, "
        f"loads in {(time.perf_counter() - start_load) * 1000:.0f} ms"
    )
