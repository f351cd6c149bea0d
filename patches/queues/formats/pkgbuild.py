"""Arch's PKGBUILD: the patches that prepare() applies, out of the files of `source`.

Source: PKGBUILD(5). The text is not run: loops over the sources, globs and `${src%%::*}` are followed.
"""

from __future__ import annotations

import re

from patches.queues.files import Files
from patches.queues.formats import Format, QueueListing, folder_of, patches_in, text_lines
from patches.queues.formats.recipe import Recipe, applies, later, listing
from patches.queues.formats.shellrun import ReachedCommand, Shell
from patches.queues.formats.shellwords import printed


def recognises(files: Files, path: str) -> bool:
    """A file named PKGBUILD that has sources."""
    name = path.rsplit("/", 1)[-1]
    return name == "PKGBUILD" and any(re.match(r"\s*source\w*\+?=", line) for line in text_lines(files.read(path)))


def read(files: Files, path: str) -> QueueListing:
    """The patches in the order in which prepare(), and then build(), apply them."""
    recipe = Recipe(folder_of(path))

    def handle(step: ReachedCommand) -> bool | None:
        applies(recipe, step)
        return True

    text = files.read(path).decode("utf-8", "surrogateescape").replace("\r\n", "\n")
    known = {name: f"@{name}@" for name in ("srcdir", "startdir", "pkgdir")}
    shell = Shell(text, known, handle, printed, ("source",))
    shell.follow()
    for name in sorted(shell.variables):
        if name == "source" or name.startswith("source_"):
            recipe.declare(shell.words(name))
    for name in ("prepare", "build"):
        shell.stand("@srcdir@")
        shell.call(name)
    later(recipe, shell, ("check", "package"), "@srcdir@")
    present = patches_in(files, recipe.folder)
    return listing(path, recipe, shell, present, "prepare()", shell.value("pkgver")[:40])


FORMAT = Format("pkgbuild", "Arch's PKGBUILD: the patches of source, as prepare() applies them", recognises, read)
