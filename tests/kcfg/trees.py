"""Small kernel trees for tests: a few lines of Kconfig, a Makefile of a chosen version, and what comes of them."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path

from kcfg.answers.judge import Judge
from kcfg.base.errors import UserError
from kcfg.base.version import KernelUsed, KernelVersion
from kcfg.kconfig.assign import read_user_values
from kcfg.kconfig.config import Config, parse_config
from kcfg.kconfig.kernels import Kernel
from kcfg.kconfig.model import Model
from kcfg.kconfig.parse import parse
from kcfg.kconfig.resolve import Resolver
from kcfg.sources.open import open_source

OLD = "6.1.0"
"""A version in which a choice has a value of its own and a number out of its range is dropped."""
NEW = "6.12.0"

MODULES = 'config MODULES\n\tbool "modules"\n\tdefault y\n\tmodules\n'
"""Lines for trees that need m; four of them."""


def write_tree(folder: Path, files: str | Mapping[str, str], version: str = NEW) -> Path:
    """Write a tree: a text is the top Kconfig. Returns the folder, which is made."""
    if isinstance(files, str):
        files = {"Kconfig": files}
    number = KernelVersion.parse(version)
    makefile = f"VERSION = {number.major}\nPATCHLEVEL = {number.minor}\nSUBLEVEL = {number.patch}\nEXTRAVERSION =\n"
    for path, text in {"Makefile": makefile, **files}.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(textwrap.dedent(text), encoding="utf-8", newline="")
    return folder


def model_of(folder: Path, files: str | Mapping[str, str], version: str = NEW, arch: str = "x86_64") -> Model:
    """The model of a small tree."""
    return parse(open_source(str(write_tree(folder, files, version))), arch)


def config_of(text: str, name: str = "test.config") -> Config:
    """A configuration; the lines may leave out CONFIG_ and be indented: "A=y", "# A is not set"."""
    lines = []
    for line in textwrap.dedent(text).splitlines():
        if line.endswith(" is not set") and not line.startswith("# CONFIG_"):
            line = f"# CONFIG_{line.removeprefix('# ')}"
        elif "=" in line and not line.startswith(("CONFIG_", "#")):
            line = f"CONFIG_{line}"
        lines.append(line)
    return parse_config("".join(f"{line}\n" for line in lines), name)


def resolver_of(model: Model, config: str = "", answers: dict[str, str] | None = None) -> Resolver:
    """The resolver of a configuration's text."""
    return Resolver(model, read_user_values(model, config_of(config)), answers)


def values(model: Model, config: str = "", answers: dict[str, str] | None = None) -> dict[str, str]:
    """The lines that .config gets, as name -> value."""
    return {model.symbols[number].name: value for number, value in resolver_of(model, config, answers).lines()}


def judge_of(
    model: Model, config: str = "", *, answers: dict[str, str] | None = None, exact: bool = True, complete: bool = False
) -> Judge:
    """A judge; `complete` says that the configuration is no fragment."""
    head = "# Automatically generated file; DO NOT EDIT.\n" if complete else ""
    used = KernelUsed(version=model.version, arch=model.arch, origin="tree", name="small")
    return Judge(config_of(head + config), Kernel(model, used, exact), answers)


def error_of(folder: Path, files: str | Mapping[str, str], version: str = NEW) -> UserError:
    """The error that parsing a tree ends in."""
    try:
        model_of(folder, files, version)
    except UserError as error:
        return error
    raise AssertionError("the tree was parsed")
