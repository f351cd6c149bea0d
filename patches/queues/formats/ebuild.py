"""Gentoo's ebuilds: PATCHES, and what src_prepare() applies by eapply.

Source: Gentoo's Package Manager Specification: default_src_prepare applies PATCHES in order, eapply takes files and
folders (of which it takes the patches by name), options as patch(1) has them, and -p1 is its default. Eclasses' own
src_prepare call the default one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from patches.queues.addresses import file_of, is_address
from patches.queues.files import Files
from patches.queues.formats import Format, QueueListing, folder_of, join, patches_in, text_lines
from patches.queues.formats.manner import VALUED, manner, options
from patches.queues.formats.recipe import Recipe, RecipeSource, applies, later, listing
from patches.queues.formats.shellchanges import tail
from patches.queues.formats.shellmerge import joined
from patches.queues.formats.shellrun import ReachedCommand, Shell
from patches.queues.formats.shellwords import MARK, UNKNOWN, Field, printed, words_of
from patches.queues.reasons import Never, NeverKind

LIST_LEFT = Never(NeverKind.LIST_NOT_APPLIED, ("src_prepare()", "PATCHES"))
SIBLINGS = 60
"""Other ebuilds of a folder that are asked which patches they name."""

_NAME = re.compile(r"(?:^|/)([\w+.-]+?)-(\d[\w.]*)(-r\d+)?\.ebuild$")
_USES = re.compile(r"\s*PATCHES\b|.*\b(?:eapply|epatch|eapply_user)\b|\s*patch\s|\s*SRC_URI\b")
_VERSION = re.compile(r"\d+|[A-Za-z]+|[^A-Za-z\d]+")


def recognises(files: Files, path: str) -> bool:
    """An ebuild that may have patches."""
    return path.endswith(".ebuild") and any(_USES.match(line[:2000]) for line in text_lines(files.read(path)))


def read(files: Files, path: str) -> QueueListing:
    """The patches in the order in which src_prepare() applies them; those that other versions name are known."""
    told = read_one(files, path)
    others = [one for one in siblings(files, path) if one != path]
    known = {item.path for one in others[:SIBLINGS] for item in read_one(files, one).items}
    return replace(told, known=told.known | known)


def siblings(files: Files, path: str) -> list[str]:
    """The ebuilds of a folder."""
    return [one for one in files.walk(folder_of(path), deep=False) if one.endswith(".ebuild")]


def read_one(files: Files, path: str) -> QueueListing:
    """One ebuild."""
    folder = join(folder_of(path), "files")
    prefix = f"{folder}/"
    present = patches_in(files, folder, deep=True)
    recipe = Recipe(folder, tuple(one.removeprefix(prefix) for one in present))

    def handle(step: ReachedCommand) -> bool | None:
        name = step.words[0].text
        if name == "eapply":
            by_words(step, list(step.words[1:]), 1)
        elif name == "epatch":
            words = [one for value in shell.words("EPATCH_OPTS") for one in words_of(value)]
            by_words(step, [*words, *step.words[1:]], None)
        elif name == "default" or name.endswith("_src_prepare"):
            by_default(step)
        else:
            applies(recipe, step)
        return True

    def by_words(step: ReachedCommand, words: list[Field], strip: int | None) -> None:
        """Options as patch(1) has them, and files; an option that is not known, or hangs on a condition, is told."""
        given, rest = options(words, VALUED["patch"])
        files = [one for one in rest if one.text[:1] != UNKNOWN or one in step.words]
        recipe.every(step, files, manner(step, words, given, strip))

    def by_default(step: ReachedCommand) -> None:
        """What default_src_prepare applies."""
        declare(recipe, shell)
        by_words(step, [one for value in shell.words("PATCHES") for one in words_of(value)], 1)

    known = versions(path) | {name: f"@{name.lower()}@" for name in ("FILESDIR", "DISTDIR", "WORKDIR", "S", "T", "D")}

    def run(command: str) -> str | None:
        return cut_version(command, known["PV"]) or printed(command)

    text = files.read(path).decode("utf-8", "surrogateescape").replace("\r\n", "\n")
    shell = Shell(text, known, handle, run, ("PATCHES", "SRC_URI", "UPSTREAM_PATCHSET_URI"))
    shell.follow()
    declare(recipe, shell)
    for function in ("src_unpack", "src_prepare"):
        shell.stand(shell.text("S", "@s@") if function == "src_prepare" else "@workdir@")
        if not shell.call(function) and function == "src_prepare":
            by_default(ReachedCommand((Field("default"),), 0, folder=shell.folder))
    later(recipe, shell, ("src_configure", "src_compile", "src_test", "src_install"), shell.text("S", "@s@"))
    fields = [one for value in shell.words("PATCHES") for one in words_of(value)]
    for one in options(fields, VALUED["patch"])[1]:
        for item in recipe.found(MARK.sub("", one.text), tail(MARK.sub("", one.text))):
            if item.path and item.path not in {known_item.path for known_item in recipe.items}:
                recipe.items.append(replace(item, line=one.line, never=LIST_LEFT))
    return listing(path, recipe, shell, present, "src_prepare()", known["PV"])


def versions(path: str) -> dict[str, str]:
    """P, PN, PV and their like, which an ebuild's name has."""
    found = _NAME.search(path)
    name, version, revision = (found[1], found[2], (found[3] or "")[1:]) if found else ("", "", "")
    whole = f"{version}-{revision}" if revision else version
    told = {"PN": name, "PV": version, "PR": revision or "r0", "PVR": whole}
    return told | {"P": f"{name}-{version}", "PF": f"{name}-{whole}"}


def cut_version(command: str, version: str) -> str | None:
    """What ver_cut and ver_rs print of the ebuild's own version; None where they are asked for another."""
    words = command.replace('"', "").replace("'", "").replace("${PV}", "").replace("$PV", "").split()
    parts = _VERSION.findall(version)
    if len(words) == 2 and words[0] == "ver_cut" and (span := re.fullmatch(r"(\d)(?:-(\d)?)?", words[1])):
        first = int(span[1])
        last = int(span[2]) if span[2] else (99 if "-" in words[1] else first)
        at = [i for i, part in enumerate(parts) if part[0].isalnum()]
        chosen = at[first - 1 : last]
        return "".join(parts[chosen[0] : chosen[-1] + 1]) if chosen else ""
    if len(words) == 3 and words[0] == "ver_rs" and (span := re.fullmatch(r"(\d)(?:-(\d)?)?", words[1])):
        first = int(span[1])
        last = int(span[2]) if span[2] else (99 if "-" in words[1] else first)
        at = [i for i, part in enumerate(parts) if not part[0].isalnum()]
        for i in at[first - 1 : last]:
            parts[i] = words[2]
        return "".join(parts)
    return None


def declare(recipe: Recipe, shell: Shell) -> None:
    """The files of SRC_URI: `address`, `address -> name`, under `use? ( ... )`."""
    for source in sources([one for value in shell.words("SRC_URI") for one in words_of(value)]):
        recipe.sources.setdefault(source.name, source)


def sources(words: list[Field]) -> Iterator[RecipeSource]:
    """The entries of SRC_URI."""
    uses: list[str] = []
    for i, word in enumerate(words):
        text = MARK.sub("", word.text)
        if text == "(":
            uses.append(words[i - 1].text.removesuffix("?") if i and words[i - 1].text.endswith("?") else "")
        elif text == ")" and uses:
            uses.pop()
        elif is_address(text):
            name = words[i + 2].text if i + 2 < len(words) and words[i + 1].text == "->" else file_of(text)
            condition = joined(word.condition, *(f"use {one}" for one in uses if one))
            yield RecipeSource(name, text, replace(word, text=text, condition=condition))


FORMAT = Format("ebuild", "a Gentoo ebuild: PATCHES, and what src_prepare applies by eapply", recognises, read)
