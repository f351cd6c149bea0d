"""PNG: the SVG file drawn by CairoSVG, which is an extra, or by rsvg-convert where that is installed."""

from __future__ import annotations

import shutil
import subprocess

from kcfg.base.errors import UserError

SCALE = 2.0
"""Pixels of the picture for each of the drawing's."""
SECONDS = 60


def png(svg: str) -> bytes:
    """The picture. UserError where nothing here can draw it: one line that says what to install."""
    try:
        import cairosvg
    except (ImportError, OSError):  # OSError: the package is here, the cairo library is not
        return by_program(svg)
    drawn: bytes = cairosvg.svg2png(bytestring=svg.encode(), scale=SCALE)
    return drawn


def by_program(svg: str) -> bytes:
    """The picture by rsvg-convert."""
    program = shutil.which("rsvg-convert")
    if program is None:
        raise UserError(
            "nothing here draws PNG",
            hint="pip install 'xen-kcfg[png]', or apt-get install librsvg2-bin; SVG needs nothing",
        )
    command = [program, "--format=png", f"--zoom={SCALE}"]
    try:
        done = subprocess.run(command, input=svg.encode(), capture_output=True, timeout=SECONDS, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise UserError(f"rsvg-convert failed: {error}", hint="SVG needs nothing") from None
    return done.stdout
