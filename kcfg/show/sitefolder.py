"""A folder of pages that is written whole or not at all, and that never takes the place of somebody else's files."""

from __future__ import annotations

import contextlib
import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from kcfg.base.atomic import EXCHANGE, beside, hold, left, need_writable, renamed
from kcfg.base.errors import UserError

MARK = ".kcfg-site.json"
"""Names the files that we wrote; only a folder that holds these and no others is written over."""


def check_folder(folder: Path) -> None:
    """Raises UserError when a site must not be written there: another kind of file, or files that are not ours.

    OSError, which names the folder, when nothing can be put there.
    """
    real = Path(os.path.realpath(folder))
    if not real.exists():
        if not real.parent.is_dir():
            raise UserError("its parent is no folder", where=str(folder))
        need_writable(str(real), str(folder))
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
    need_writable(str(real.parent / "new"), str(folder))


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
    """The files that an earlier run wrote, by its mark; none where there is no mark or it is not one.

    Anybody can write a mark: one that names anything but files of the folder itself is nobody's.
    """
    try:
        if not stat.S_ISREG(os.lstat(folder / MARK).st_mode):
            return set()
        listed = json.loads((folder / MARK).read_bytes())["files"]
        return {MARK, *listed} if all(isinstance(one, str) and is_page(one) for one in listed) else set()
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def is_page(name: str) -> bool:
    """Whether a name can be a page's: of a file in the folder itself, and not the mark's."""
    return name not in ("", ".", "..", MARK) and "/" not in name and "\0" not in name


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes a folder beside the old one, and puts it into its place. UserError as `check_folder`, else OSError.

    Both name the folder.

    Whoever opens a page sees the old site or the new one, whenever this process is killed; where the file system cannot
    exchange two names, but for the moment between two renames.
    """
    wrong = next((name for name in files if not is_page(name)), None)
    if wrong is not None:
        raise UserError(f"{wrong!r} is no page's name", where=str(folder))
    check_folder(folder)
    try:
        write_beside(Path(os.path.realpath(folder)), files)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(folder)) from None


def write_beside(real: Path, files: Mapping[str, bytes]) -> None:
    """Writes a folder beside a place, and puts it there."""
    for one in left(str(real.parent), real.name):
        remove_ours(real.with_name(one))
    new = real.with_name(f"{beside(real.name)}.new")
    new.mkdir()
    held = os.open(new, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        hold(held)
        mark = {"tool": "kcfg", "schema": 1, "files": sorted(files)}
        # The mark comes first: what is left of a killed process is known as ours by it.
        for name, data in {MARK: (json.dumps(mark, indent=1) + "\n").encode(), **files}.items():
            with open(new / name, "wb") as page:
                page.write(data)
                page.flush()
                os.fsync(page.fileno())
        put(new, real)
    except BaseException:
        remove_ours(new)
        raise
    finally:
        os.close(held)


def put(new: Path, real: Path) -> None:
    """The new folder in the place of the old one, which goes, unless something else came into it by now."""
    if not real.exists():
        os.rename(new, real)
    elif renamed(str(new), str(real), EXCHANGE):
        try:
            check_folder(new)
        except BaseException:
            renamed(str(new), str(real), EXCHANGE)
            raise
        remove_ours(new)
    else:
        old = new.with_suffix(".old")
        os.rename(real, old)
        try:
            check_folder(old)
            os.rename(new, real)
        except BaseException:
            os.rename(old, real)
            raise
        remove_ours(old)


def remove_ours(folder: Path) -> None:
    """Remove a site, its mark at last: what cannot be removed now is still known as ours the next time."""
    with contextlib.suppress(OSError):
        held = set(files_in(folder))
        if folder.is_symlink() or (held - {MARK} and held - ours(folder)):  # a mark alone may be half written
            return
        for name in sorted(ours(folder) & held - {MARK}):
            (folder / name).unlink(missing_ok=True)
        (folder / MARK).unlink(missing_ok=True)
        folder.rmdir()
