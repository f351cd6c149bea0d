"""What recipes in shell share: their sources, and the commands by which they apply patches.

Read are patch(1), `git apply`, `git am`, and `git cherry-pick` and `git revert` of a commit, whose name is then all
that is known of the patch. Source: patch(1), git-apply(1), and PKGBUILD(5) for `name::address`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from patches.queues.addresses import file_of, is_address
from patches.queues.formats import ListedPatch, QueueListing, is_patch_name, join
from patches.queues.formats.manner import VALUED, Manner, manner, options, shown
from patches.queues.formats.shellchanges import RUNS, SHOWS, tail, touched
from patches.queues.formats.shellfolder import changed
from patches.queues.formats.shellmerge import joined
from patches.queues.formats.shellrun import ReachedCommand, Shell
from patches.queues.formats.shellwords import MARK, UNKNOWN, Field, matches
from patches.queues.reasons import Never, NeverKind, Unclear, UnclearKind
from patches.text.shas import ANY_CASE

_BESIDE = re.compile(r"@(?:startdir|filesdir)@(?:/|$)")
_COMMIT = re.compile(rf"{ANY_CASE}$")


@dataclass(frozen=True, slots=True)
class RecipeSource:
    """One entry of a recipe's sources: the file's name, its address ("" where it lies beside the recipe), its word."""

    name: str
    url: str
    word: Field


@dataclass(slots=True)
class Recipe:
    """A recipe as far as it is read. `items` are what it applies, in order; `present` the files beside it.

    `handed`: the files that another program changes on their way to patch, and which."""

    folder: str
    present: tuple[str, ...] = ()
    sources: dict[str, RecipeSource] = field(default_factory=dict)
    items: list[ListedPatch] = field(default_factory=list)
    handed: dict[str, Unclear] = field(default_factory=dict)

    def declare(self, words: Iterable[Field]) -> None:
        """Take the sources of a list: `file`, `address`, `name::address`."""
        for word in words:
            text = MARK.sub("", word.text)
            name, colons, address = text.partition("::")
            if colons:
                address = re.sub(r"^(?:git|hg|svn|bzr)\+", "", address)
            elif is_address(text):
                name, address = file_of(text), text
            if name:
                source = RecipeSource(name, address, replace(word, text=text))
                for key in (name.rsplit("/", 1)[-1], text.rsplit("/", 1)[-1]):
                    self.sources.setdefault(key, source)

    def apply(self, file: Field, step: ReachedCommand, how: Manner) -> None:
        """Note that a file is applied, which is one of the sources, or lies beside the recipe."""
        never = step.never or file.never
        text = MARK.sub("", file.text)
        name = tail(text)
        item = ListedPatch(
            name or shown(text), "", file.line if file.listed else step.line, how.strip,
            joined(step.condition, file.condition), file.section, file.comment, never, reverse=how.reverse,
            folder=how.folder,
        )  # fmt: skip
        if never and not is_patch_name(name):
            return
        for one in self.found(text, name):
            self.items.append(
                replace(
                    item, name=one.name or item.name, path=one.path, url=one.url, unclear=one.unclear or how.unclear
                )
            )

    def found(self, text: str, name: str) -> list[ListedPatch]:
        """The files that a word of a command means: name, path and address of each, or why that cannot be told."""
        key = name.rsplit("/", 1)[-1]
        packed = (self.sources.get(f"{key}{end}") for end in ("", ".xz", ".gz", ".bz2", ".zst"))
        source = next((one for one in packed if one), None)
        beside = _BESIDE.match(text)
        wild = any(char in text for char in "*?[")
        if UNKNOWN in text:
            return [unclear(shown(text), UnclearKind.NEEDS_RUN)]
        if source and not beside:
            return [ListedPatch(source.name, join(self.folder, source.name), url=source.url)]
        if beside and (wild or not is_patch_name(name)):
            inside = [one for one in self.present if one.startswith(f"{name}/") or not name or matches(one, name)]
            if inside or wild:
                return [ListedPatch(one, join(self.folder, one)) for one in inside] or [
                    unclear(name, UnclearKind.NO_MATCH)
                ]
        if wild:
            keys = [key for key in sorted(self.sources) if matches(key, name)]
            every = list(dict.fromkeys(self.sources[key].name for key in keys))
            chosen = [self.sources[one.rsplit("/", 1)[-1]] for one in every]
            return [ListedPatch(one.name, join(self.folder, one.name), url=one.url) for one in chosen] or [
                unclear(shown(text), UnclearKind.NO_MATCH)
            ]
        if not beside and ("/" in name or not name):
            return [unclear(shown(text), UnclearKind.UNPACKED)]
        return [ListedPatch(name, join(self.folder, name))]

    def every(self, step: ReachedCommand, files: Iterable[Field], how: Manner) -> None:
        """Note several files that one command applies."""
        for one in files:
            self.apply(one, step, how)

    def has(self, name: str) -> bool:
        """Whether a name is one of its files."""
        return name in self.present or name in self.sources

    def hand(self, words: Iterable[Field], why: Unclear) -> None:
        """Note that a program changes the patches that it is given."""
        for one in words:
            name = tail(MARK.sub("", one.text))
            if name.startswith(f"{UNKNOWN}/"):
                name = name.rsplit("/", 1)[-1]
            if any(char in name for char in "*?["):
                known = {*self.present, *(source.name for source in self.sources.values())}
                names = [one for one in known if matches(one, name)]
            else:
                names = [name] if self.has(name) else []
                names += [self.sources[name].name] if name in self.sources else []
            self.handed |= {join(self.folder, one): why for one in names if is_patch_name(one)}

    def left(self, step: str) -> list[ListedPatch]:
        """The patches among the sources that nothing applies; `step` is what would."""
        used = {item.path for item in self.items}
        return [
            ListedPatch(
                one.name, join(self.folder, one.name), one.word.line, None, one.word.condition, one.word.section,
                one.word.comment, one.word.never or Never(NeverKind.NOT_APPLIED, (step,)), url=one.url,
            )
            for one in dict.fromkeys(self.sources.values())
            if is_patch_name(one.name) and join(self.folder, one.name) not in used
        ]  # fmt: skip


def unclear(name: str, kind: UnclearKind) -> ListedPatch:
    """A file that cannot be told."""
    return ListedPatch(name, "", unclear=Unclear(kind))


def listing(path: str, recipe: Recipe, shell: Shell, present: Iterable[str], step: str, version: str) -> QueueListing:
    """All of it: what is applied, what is not, and from where on the recipe could not be read."""
    items = [
        replace(one, unclear=one.unclear or recipe.handed[one.path]) if one.path in recipe.handed else one
        for one in recipe.items
    ]
    items = merged(items) + recipe.left(step)
    items += [ListedPatch(path.rsplit("/", 1)[-1], "", line, unclear=why) for line, why in shell.problems]
    known = frozenset(join(recipe.folder, one.name) for one in recipe.sources.values())
    return QueueListing(path, tuple(items), tuple(present), known, {}, version)


def later(recipe: Recipe, shell: Shell, phases: Iterable[str], folder: str) -> None:
    """Follow the phases behind the one that applies patches, and then the functions that none of these calls.

    What they change is another file by then. Of a function that nothing calls here only that counts which may take a
    patch back.
    """
    handed, variables = dict(recipe.handed), dict(shell.variables)
    for name in (*phases, *shell.functions):
        before = len(recipe.items)
        if name in shell.functions and name not in shell.called and not shell.problems:
            shell.stand(folder)
            shell.call(name)
        if name not in phases:
            new = recipe.items[before:]
            recipe.items[before:] = [one for one in new if one.path and (one.reverse or one.unclear)]
    recipe.handed = handed
    shell.variables.clear()
    shell.variables.update(variables)


def merged(items: Iterable[ListedPatch]) -> list[ListedPatch]:
    """Without those that never are applied in one place where another applies them."""
    found = list(dict.fromkeys(items))
    applied = {item.path for item in found if item.path and not item.never}
    out: dict[tuple[str, int, str], ListedPatch] = {}
    for item in found:
        if not (item.never and item.path in applied):
            out.setdefault((item.path or item.name, item.line, f"{item.condition}{item.reverse}{item.folder}"), item)
    return list(out.values())


def applies(recipe: Recipe, step: ReachedCommand) -> bool:
    """Note what patch(1) or git applies; whether the command is one of these."""
    words = list(step.words)
    name = words[0].text.rsplit("/", 1)[-1]
    if not step.never:
        files = touched(words, step.feeds, step.folder, recipe.has)
        recipe.hand([*files, *step.out], changing(words))
    if name == "patch":
        by_patch(recipe, step, words[1:])
        return True
    if name == "git":
        return by_git(recipe, step, words[1:])
    if name in RUNS and len(words) > 1:
        return applies(recipe, replace(step, words=tuple(words[1:])))
    return False


def changing(words: Iterable[Field]) -> Unclear:
    """That these words change a patch."""
    return Unclear(UnclearKind.CHANGED, (" ".join(one.shown for one in words)[:200],))


def by_patch(recipe: Recipe, step: ReachedCommand, words: list[Field]) -> None:
    """patch -p1 -i file, patch < file, unpacker file | patch, patch original file."""
    given, rest = options(words, VALUED["patch"])
    if "version" in given or "help" in given or "dry-run" in given:
        return
    file = given.get("i") or given.get("input") or step.stdin
    if file is None and len(rest) > 1:
        file = rest[1]
    others = [one for one in rest if one is not file]
    how = manner(step, words, given, None, others)
    if not step.never:  # a patch may be what it changes
        written = [given[one] for one in ("o", "output") if one in given]
        recipe.hand([*others, *written], changing(step.words))
    if file is not None:
        recipe.apply(file, step, how)
        return
    said = [one for feed in step.feeds for one in feed]
    plain = bool(step.feeds) and all(feed and feed[0].text in SHOWS for feed in step.feeds)
    files = [one for feed in step.feeds for one in feed[1:] if not one.text.startswith("-")] if plain else []
    if files:
        recipe.every(step, files, how)
        return
    told = " ".join(one.shown for one in said)[:200]
    why = Unclear(UnclearKind.HANDED, (told,)) if said else Unclear(UnclearKind.READ, ("patch",))
    item = ListedPatch("patch", "", step.line, how.strip, step.condition, never=step.never, unclear=why)
    recipe.items.append(replace(item, reverse=how.reverse))
    recipe.hand(said, why)


def by_git(recipe: Recipe, step: ReachedCommand, words: list[Field]) -> bool:
    """git apply, am, cherry-pick and revert; whether it is one of these."""
    at = 0
    while at < len(words) and words[at].text.startswith("-"):
        if words[at].text == "-C" and at + 1 < len(words):
            step = replace(step, folder=changed(step.folder, words[at + 1].text))
        at += 2 if words[at].text in ("-C", "-c", "--git-dir", "--work-tree", "--namespace") else 1
    words = words[at:]
    given, rest = options(words, VALUED["git"])
    verb = rest[0].text if rest else ""
    if verb in ("apply", "am"):
        if {"abort", "stat", "check", "continue"} & given.keys():
            return True
        files = rest[1:] or ([step.stdin] if step.stdin else [])
        recipe.every(step, files, manner(step, words, given, 1))
        if not files:
            why = Unclear(UnclearKind.READ, (f"git {verb}",))
            recipe.items.append(ListedPatch(f"git {verb}", "", step.line, 1, step.condition, unclear=why))
        return True
    if verb in ("cherry-pick", "revert"):
        for one in rest[1:]:
            item = ListedPatch(f"{verb} {one.shown}", "", step.line, 1, joined(step.condition, one.condition))
            if _COMMIT.match(one.text):
                item = replace(
                    item, path=join(recipe.folder, item.name), url=f"commit/{one.text}", reverse=verb == "revert"
                )
            else:
                item = replace(item, unclear=Unclear(UnclearKind.NO_COMMIT, (verb,)))
            recipe.items.append(replace(item, section=one.section, comment=one.comment, never=step.never or one.never))
        return True
    return False
