"""`kcfg graph export`."""

from __future__ import annotations

import sys

import click

from kcfg.base.errors import UserError
from kcfg_cli.complete import complete_profiles, complete_symbol
from kcfg_cli.options import KernelChoice, configs_option, kernel_options, open_judge, output_option
from kcfg_cli.outputs import write_output

FORMATS = ("dot", "graphml", "json", "mermaid", "svg", "png")


@click.command("export")
@click.option(
    "--modes",
    default="",
    metavar="MODE,...",
    help="What the picture of these modes shows.",
    shell_complete=complete_profiles,
)
@click.option(
    "--symbol", "symbols", multiple=True, metavar="SYMBOL", shell_complete=complete_symbol,
    help="The neighbourhood of an option, choice or mode; repeatable.",
)  # fmt: skip
@click.option("--depth", default=1, show_default=True, type=click.IntRange(0, 50), help="Steps of a neighbourhood.")
@click.option(
    "--direction", default="both", show_default=True, type=click.Choice(("in", "out", "both")),
    help="What leads to it, what it leads to, or both.",
)  # fmt: skip
@click.option("--all", "everything", is_flag=True, help="The whole graph.")
@configs_option("Give nodes their values in CONFIG.")
@output_option("Write there, instead of to standard output.")
@kernel_options
@click.option("--format", "form", type=click.Choice(FORMATS), default="dot", show_default=True, help="What to write.")
def command(
    modes: str, symbols: tuple[str, ...], depth: int, direction: str, everything: bool, configs: tuple[str, ...],
    output: str, choice: KernelChoice, form: str,
) -> None:  # fmt: skip
    """Write the graph of modes, or around options, for other programs.

    \b
    Examples:
        kcfg graph export --modes pv-domu,pvh-domu --kernel 6.12 --format mermaid
        kcfg graph export --symbol XEN_DOM0 --kernel 6.12 --format dot -o dom0.dot
        kcfg graph export --all --kernel 6.12 --format graphml -o linux.graphml
        kcfg graph export --symbol XEN_DOM0 --kernel 6.12 --format svg -o dom0.svg
    """
    from graphs.build import build_graph
    from graphs.compose import modes_of
    from graphs.export import FORMATS as WRITERS
    from graphs.export import neighbourhood, part
    from graphs.nodes import find_node
    from profiles import load_profile
    from profiles import modes as all_modes

    if not (modes or symbols or everything):
        raise UserError("nothing to export", hint="--modes, --symbol or --all says what")
    judge = open_judge(configs, choice)
    chosen = list(modes_of(modes, judge.model.arch, judge.own_version)) if modes else []
    others = [load_profile(name) for name in all_modes()] if symbols or everything else []
    known = {one.name for one in chosen}
    chosen += [one for one in others if one.name not in known and judge.model.arch in one.arch]
    resolver = judge.resolver if configs else None
    graph = build_graph(judge.model, resolver=resolver, profiles=chosen, rules=judge.own_version)
    if not everything:
        nodes: set[str] = set()
        if known:
            from graphs.view import view_of

            view = view_of(
                judge.model,
                [one for one in chosen if one.name in known],
                limit=sys.maxsize,
                rules=judge.own_version,
            )
            nodes |= {node.key for node in view.nodes}
        if symbols:
            nodes |= neighbourhood(graph, [find_node(graph, one) for one in symbols], depth, direction)
        graph = part(graph, nodes)
    if form in WRITERS:
        text = WRITERS[form](graph).encode("utf-8", "backslashreplace")
    else:
        from graphs.report.svg import drawing_of

        svg = drawing_of(graph, ", ".join((*(one.name for one in chosen if one.name in known), *symbols)) or "all")
        text = svg.encode()
        if form == "png":
            from graphs.report.png import png

            text = png(svg)
    if output:
        write_output(output, text)
        return
    sys.stdout.flush()
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(text.decode())
        return
    buffer.write(text)
    buffer.flush()
