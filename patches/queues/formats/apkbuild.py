"""Alpine's APKBUILD: the patches of `source`, as default_prepare applies them, or prepare() itself.

Source: abuild's default_prepare(): each of `$source` whose name ends in .patch (packed ones, too) is applied in their
order with `${patch_args:--p1}`; a recipe with a prepare() of its own calls it where it wants to, or not.
"""

from __future__ import annotations

import re
from dataclasses import replace

from patches.queues.files import Files
from patches.queues.formats import Format, QueueListing, folder_of, patches_in, text_lines
from patches.queues.formats.manner import VALUED, manner, options
from patches.queues.formats.recipe import Recipe, applies, later, listing
from patches.queues.formats.shellrun import ReachedCommand, Shell
from patches.queues.formats.shellwords import Field, printed, words_of

_DEFAULT = ("default_prepare", "default_prepare_patch", "apply_patches")
_PACKED = re.compile(r"\.patch(?:\.(?:gz|xz|bz2))?$")


def recognises(files: Files, path: str) -> bool:
    """A file named APKBUILD that has sources."""
    name = path.rsplit("/", 1)[-1]
    return name == "APKBUILD" and any(re.match(r"\s*source\+?=", line) for line in text_lines(files.read(path)))


def read(files: Files, path: str) -> QueueListing:
    """The patches in the order in which prepare() applies them."""
    recipe = Recipe(folder_of(path))

    def handle(step: ReachedCommand) -> bool | None:
        if step.words[0].text in _DEFAULT:
            by_default(step)
        else:
            applies(recipe, step)
        return True

    def by_default(step: ReachedCommand) -> None:
        """What default_prepare applies."""
        arguments = [word for one in shell.words("patch_args") for word in words_of(one)]
        given, _ = options(arguments, VALUED["patch"])
        how = manner(replace(step, folder=shell.text("builddir", "@builddir@")), arguments, given, 1)
        for source in recipe.sources.values():
            if _PACKED.search(source.name):
                recipe.apply(replace(source.word, text=source.name, listed=True), step, how)

    text = files.read(path).decode("utf-8", "surrogateescape").replace("\r\n", "\n")
    known = {name: f"@{name}@" for name in ("srcdir", "startdir", "builddir", "pkgdir")}
    shell = Shell(text, known, handle, printed, ("source",))
    shell.follow()
    shell.stand(shell.text("builddir", "@builddir@"))
    recipe.declare(shell.words("source"))
    if not shell.call("prepare"):
        by_default(ReachedCommand((Field("default_prepare"),), 0))
    later(recipe, shell, ("build", "check", "package"), shell.text("builddir", "@builddir@"))
    present = patches_in(files, recipe.folder)
    return listing(path, recipe, shell, present, "prepare()", shell.value("pkgver")[:40])


FORMAT = Format("apkbuild", "Alpine's APKBUILD: the patches of source, as prepare() applies them", recognises, read)
