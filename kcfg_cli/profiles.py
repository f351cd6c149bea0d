"""`kcfg profiles`."""

from __future__ import annotations

import sys

import click
import msgspec

from kcfg_cli.complete import complete_profile
from kcfg_cli.options import emit, format_option


@click.command("profiles")
@click.argument("name", required=False, shell_complete=complete_profile)
@format_option(("text", "json"))
def command(name: str | None, form: str) -> None:
    """List the profiles, or show the rules of one: a name, or a TOML file of your own.

    \b
    Examples:
        kcfg profiles
        kcfg profiles pvh-domu
        kcfg profiles ./ours.toml
    """
    from kcfg.show.json import encoded
    from kcfg.show.terminal import look_of
    from profiles import list_profiles, load_profile
    from profiles.loader import is_path
    from profiles.report.profile import list_text, profile_text

    if name is None:
        infos = list_profiles()
        emit(encoded(infos) if form == "json" else list_text(infos, look_of(sys.stdout)))
        return
    profile = load_profile(name)
    shown = msgspec.structs.replace(profile, file="") if not is_path(name) else profile
    emit(encoded(shown) if form == "json" else profile_text(profile, look_of(sys.stdout), name))
