"""A folder of pages that is written whole or not at all, and that never takes the place of somebody else's files."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path

from kcfg.base.errors import UserError

MARK = ".kcfg-site.json"
"""Names the files that we wrote; only a folder that holds these and no others is written over."""


def check_folder(folder: Path) -> None:
    """Raises UserError when a site must not be written there: another kind of file, or files that are not ours."""
    real = Path(os.path.realpath(folder))
    if not real.exists():
        if not real.parent.is_dir():
            raise UserError("its parent is no folder", where=str(folder))
        return
    if not real.is_dir():
        raise UserError("it is a file", where=str(folder), hint="name a folder for the site")
    foreign = sorted(set(files_in(real)) - ours(real))
    if foreign:
        more = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        raise UserError(
            f"the folder holds what kcfg did not write: {foreign[0]}{more}",
            where=str(folder),
            hint="nothing there was touched; name a new folder",
        )


def files_in(folder: Path) -> list[str]:
    """Everything below a folder, by path from it, empty folders too; links are not followed."""
    out = []
    for root, folders, files in os.walk(folder):
        here = os.path.relpath(root, folder)
        out += [os.path.normpath(os.path.join(here, name)) for name in files]
        links = [name for name in folders if os.path.islink(os.path.join(root, name))]
        out += [os.path.normpath(os.path.join(here, name)) for name in links]
        if not files and not folders and root != str(folder):
            out.append(os.path.normpath(here))
    return out


def ours(folder: Path) -> set[str]:
    """The files that an earlier run wrote, by its mark; none where there is no mark or it is not one."""
    try:
        if not stat.S_ISREG(os.lstat(folder / MARK).st_mode):
            return set()
        listed = json.loads((folder / MARK).read_bytes())["files"]
        return {MARK, *(one for one in listed if isinstance(one, str))}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes a folder beside the old one, and puts it into its place. UserError as `check_folder`, else OSError.

    Whoever opens a page sees the old site or the new one, but for the moment between two renames.
    """
    check_folder(folder)
    real = Path(os.path.realpath(folder))
    token = f"{os.getpid()}.{os.urandom(4).hex()}"
    new, old = (real.with_name(f".{real.name[:100]}.{token}.{kind}") for kind in ("new", "old"))
    new.mkdir()
    try:
        mark = {"tool": "kcfg", "schema": 1, "files": sorted(files)}
        for name, data in {**files, MARK: (json.dumps(mark, indent=1) + "\n").encode()}.items():
            (new / name).write_bytes(data)
        if real.exists():
            os.rename(real, old)
            try:
                check_folder(old)  # what came into it while we wrote is not ours
                os.rename(new, real)
            except BaseException:
                os.rename(old, real)
                raise
            shutil.rmtree(old)
        else:
            os.rename(new, real)
    except BaseException:
        with contextlib.suppress(OSError):
            shutil.rmtree(new)
        raise
