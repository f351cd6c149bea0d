"""`kcfg graph picture`, which `kcfg graph` is without a sub-command."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kcfg_cli.complete import complete_profiles
from kcfg_cli.options import KernelChoice, configs_option, emit, kernel_options, open_judge, output_option
from kcfg_cli.outputs import write_output

if TYPE_CHECKING:
    from graphs.compose import Drawn

FORMATS = ("html", "svg", "png")


@click.command("picture")
@click.option(
    "--modes",
    default="",
    metavar="MODE,...",
    help="The modes to draw. [default: PV and PVH, domU and dom0]",
    shell_complete=complete_profiles,
)
@configs_option("Show its values, and what keeps it from each mode. Several are merged in order.")
@output_option("Where to; its suffix says the format.", default="-")
@click.option("--format", "form", type=click.Choice(FORMATS), default=None, help="Else FILE's suffix says it, or html.")
@click.option("--only", is_flag=True, help="Draw this kernel alone, without the slider over the built-in ones.")
@kernel_options
def command(
    modes: str,
    configs: tuple[str, ...],
    output: str,
    form: str | None,
    only: bool,
    choice: KernelChoice,
) -> None:
    """Draw what modes ask of a kernel, and what that needs in turn: one page that needs nothing else, SVG, or PNG.

    The page has a search, filters, a slider over the built-in kernels, and what is known of each option.

    \b
    Examples:
        kcfg graph --modes pv-domu,pvh-domu,pv-dom0,pvh-dom0 --kernel 6.12 -o xen.html
        kcfg graph --config .config --modes pvh-domu -o why.html
        kcfg graph --kernel 6.12 -o xen.svg
    """
    from graphs.compose import compose, modes_of
    from kcfg.base.errors import UserError
    from kcfg.show.terminal import working

    form = form or form_of(output)
    if output == "-" and sys.stdout.isatty():
        raise UserError("-o is missing: a picture is no text for a terminal", hint="-o xen.html, xen.svg or xen.png")
    judge = open_judge(configs, choice)
    profiles = modes_of(modes, judge.model.arch, judge.own_version)
    with working("drawing"):
        drawn = compose(judge, profiles, valued=bool(configs), others=not only and form == "html")
        data = rendered(drawn, form)
    if output != "-":
        write_output(output, data)
    elif form == "png":
        sys.stdout.buffer.write(data)
    else:
        emit(data.decode())


def form_of(output: str) -> str:
    """The format that a file's suffix asks for."""
    from kcfg.base.errors import UserError

    suffix = Path(output).suffix.removeprefix(".").lower() if output != "-" else ""
    form = {"": "html", "htm": "html"}.get(suffix, suffix)
    if form not in FORMATS:
        raise UserError(f"-o {output}: the suffix is no format that is drawn", hint="--format html, svg or png")
    return form


def rendered(drawn: Drawn, form: str) -> bytes:
    """The picture in a format."""
    if form == "html":
        from graphs.report.page import graph_page

        return graph_page(drawn).encode()
    from graphs.report.svg import drawing

    svg = drawing(drawn.picture, drawn.heading, drawn.overlay)
    if form == "svg":
        return svg.encode()
    from graphs.report.png import png

    return png(svg)
