"""RPM spec files: which patches are declared, and how %prep applies them.

Declared are `Patch59: name`, `Patch: name`, and the lines of %patchlist. Applied they are by %autosetup or %autopatch
(all of them, by number), by %patchN, %patch -P N and %patch N, by `patch -i %{PATCHn}`, or by a script that the spec
calls, when it does none of this. Source: rpm's doc/manual/spec.md and macros.in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from kcfg.base.errors import UserError
from patches.queues.addresses import file_of, is_address
from patches.queues.files import Files, joined
from patches.queues.formats import (
    Format,
    ListedPatch,
    QueueListing,
    first_there,
    folder_of,
    join,
    patches_in,
    text_lines,
)
from patches.queues.formats.macros import Conditions, Macros
from patches.queues.formats.shellmerge import joined as both_hold
from patches.queues.formats.spec_apply import line_uses, uses
from patches.queues.formats.spec_folder import Where, doubt, told_folder
from patches.queues.reasons import Never, NeverKind, Unclear, UnclearKind

PATCH = re.compile(r"\s*Patch(\d{0,9})\s*:\s*(\S.*)$", re.IGNORECASE)
_SOURCE = re.compile(r"\s*Source(\d{0,9})\s*:\s*(\S+)", re.IGNORECASE)
_BESIDE = re.compile(r"^%\{?_(?:sourcedir|specdir)\}?/+")
_INCLUDE = re.compile(r"\s*%include\s+(\S+)")
_DEFINITION = re.compile(r"\s*%(?:define|global|undefine|dnl)\b")
_OF_RPM = re.compile(r"\s*%\{?(?:autosetup|autopatch|patch|__patch)")
_SECTION = re.compile(
    r"%(?:package|description|prep|conf|build|install|check|clean|files|changelog|patchlist|sourcelist|verifyscript|sepolicy"
    r"|generate_buildrequires|(?:pre|post)(?:un|trans)?|(?:preun|postun)trans|(?:file|transfile)?trigger\w*)\b"
)

NAME_UNSET = Unclear(UnclearKind.NAME_UNSET, ("macros", "the spec"))

INCLUDES = 100
"""Files that a spec may include."""

APPLICATIONS = 100_000
"""How often a spec may apply a patch: 3,000 %autosetup of 3,000 patches are nine million."""

Include = Callable[[str], tuple[str, list[str]]]
"""A name -> the path and the lines of the file."""


@dataclass(frozen=True, slots=True)
class Applied:
    """One application of a patch: its number, -p level, condition, why it never happens, and whether with -R.

    `unclear`: the macros on which it hangs how the patch is applied, "" where that is known.
    """

    number: int
    strip: int | None
    condition: str
    never: Never | None
    reverse: bool = False
    unclear: str = ""
    folder: str = ""


@dataclass(slots=True)
class Spec:
    """What was read of a spec so far; `applied` is in order, without what only says the last one of its patch again.

    `hidden`: the numbers of patches that a line applies by a macro, without saying so itself. `where`: the folder that
    the lines stand in. `doubts`: what makes it unclear how a patch is applied, by its number; -1 for all. `files`: the
    number of each patch, by its file's name. `held`: the lines before that go on with this one.
    """

    declared: dict[int, ListedPatch] = field(default_factory=dict)
    doubled: list[ListedPatch] = field(default_factory=list)
    applied: list[Applied] = field(default_factory=list)
    last: dict[int, Applied] = field(default_factory=dict)
    tried: int = 0
    path: str = ""
    sources: set[str] = field(default_factory=set)
    disabled: dict[str, int] = field(default_factory=dict)
    version: str = ""
    applies: bool = False
    hidden: set[int] = field(default_factory=set)
    where: Where = field(default_factory=Where)
    doubts: dict[int, Unclear] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    held: str = ""

    def note(self, one: Applied) -> None:
        """Note an application. UserError for a spec that has more of them than any series."""
        self.applies = True
        self.tried += 1
        if self.tried > APPLICATIONS:
            raise UserError(f"applies patches more than {APPLICATIONS} times: this is no series", where=self.path)
        if self.last.get(one.number) != one:
            self.last[one.number] = one
            self.applied.append(one)


def recognises(files: Files, path: str) -> bool:
    """A .spec or .spec.in file, or a file with a spec's sections, that declares patches."""
    name = path.rsplit("/", 1)[-1]
    if not re.search(r"\.spec(?:\.in|\.tmpl|\.template)?$", name):
        return False
    lines = text_lines(files.read(path))
    if any(PATCH.match(line[:4000]) or line.startswith("%patchlist") for line in lines):
        return True
    return any(_INCLUDE.match(line[:4000]) for line in lines) and bool(parsed(files, path).declared)


def source_folders(path: str) -> list[str]:
    """Where what a spec names is looked for: beside it, and in SOURCES."""
    folder = folder_of(path)
    return [folder, join(folder, "SOURCES"), *([join(folder_of(folder), "SOURCES")] if folder else [])]


def parsed(files: Files, path: str) -> Spec:
    """A spec, with what it includes."""

    def included(name: str) -> tuple[str, list[str]]:
        """A file that the spec includes: its path, and its lines; ("", []) when it is not there."""
        found = first_there(files, [join(one, name) for one in source_folders(path)])
        return found, text_lines(files.read(found)) if found else []

    return parse(text_lines(files.read(path)), included, joined(files.name, path))


def read(files: Files, path: str) -> QueueListing:
    """The patches in the order in which %prep applies them."""
    folder = folder_of(path)
    spec = parsed(files, path)
    below: dict[str, list[str]] = {}

    def located(item: ListedPatch) -> ListedPatch:
        """Where the patch is: beside the spec, in SOURCES, or in the one folder below the spec's that has it."""
        if item.path:
            return item
        paths = [join(one, item.name) for one in source_folders(path)]
        found = first_there(files, paths)
        if not found and not below:
            below.update(by_name(files, folder))
        theirs = below.get(item.name, [])
        return replace(item, path=found or (theirs[0] if len(theirs) == 1 else paths[0]))

    items = [located(item) for item in order(spec)]
    used = {folder_of(item.path) for item in items if item.path and not item.path.startswith("/")} | {folder}
    present = [one for here in sorted(used) for one in patches_in(files, here)]
    known = frozenset(join(here, name) for here in used for name in spec.sources)
    disabled = {join(here, name): line for here in used for name, line in spec.disabled.items()}
    return QueueListing(path, tuple(items), tuple(present), known, disabled, spec.version)


def by_name(files: Files, folder: str) -> dict[str, list[str]]:
    """File name -> the files of that name below a folder; nothing of a folder that is too large to be a package's."""
    found: dict[str, list[str]] = {"": []}
    try:
        for one in files.walk(folder):
            found.setdefault(one.rsplit("/", 1)[-1], []).append(one)
    except UserError:
        return {"": []}
    return found


def with_includes(
    lines: list[str], included: Include, macros: Macros
) -> Iterator[tuple[str, int, str, Unclear | None]]:
    """(file, line number, line, why it could not be included) for every line; file is "" for the spec itself.

    The macros are those that are known when the line is asked for. A file that includes itself is not read again.
    """
    stack = [("", iter(list(enumerate(lines, 1))))]
    count = 0
    while stack:
        file, rest = stack[-1]
        number, line = next(rest, (0, ""))
        if not number:
            stack.pop()
            continue
        found = _INCLUDE.match(line[:4000])
        if not found:
            yield file, number, line, None
            continue
        name = _BESIDE.sub("", macros.expand(found[1]))
        name = file_name(macros.sources.get(name.strip("%{}").upper(), name))
        path, more = ("", []) if "%" in name or ".." in name.split("/") else included(name)
        count += 1
        if not path:
            yield file, number, line, Unclear(UnclearKind.NOT_INCLUDED)
        elif count > INCLUDES or any(path == one for one, _ in stack):
            yield file, number, line, Unclear(UnclearKind.INCLUDED_AGAIN)
        else:
            stack.append((path, iter(list(enumerate(more, 1)))))


def parse(lines: list[str], included: Include = lambda name: ("", []), path: str = "") -> Spec:
    """Go through a spec once, and through what it includes."""
    macros = Macros()
    conditions = Conditions(macros)
    spec = Spec(path=path)
    section = ""
    comment = ""
    fresh = False
    defining: list[str] = []  # the lines of a definition, up to its last one
    below = False  # the lines after a %define that ends in a backslash: a section is one where the macro is used
    for file, number, line, missing in with_includes(lines, included, macros):
        body, below = below, line.endswith("\\") and (below or bool(_DEFINITION.match(line[:4000])))
        line = line[:4000]
        if defining and not body:
            macros.learn("\n".join(defining), sure=not conditions.text)
            defining = []
        if missing and conditions.never:
            continue
        if missing:
            name = macros.expand(line.split(None, 1)[1].strip())
            spec.doubled.append(ListedPatch(name[:200], "", number, unclear=missing, file=file))
            continue
        if line.lstrip().startswith("#"):
            text = line.strip("# \t")
            off = PATCH.match(text)
            if off:
                spec.disabled.setdefault(file_name(macros.expand(off[2])), number)
            elif text:
                comment = text if fresh or not comment else comment
                fresh = False
            continue
        fresh = True
        if not line.strip():
            comment = ""
        elif conditions.read(line):
            pass
        elif section == "patchlist" and not _SECTION.match(line) and not _DEFINITION.match(line):
            value = macros.expand(line.strip())
            if value:  # %{?name} of what is not defined is nothing
                declare(spec, max(spec.declared, default=-1) + 1, value, number, conditions, comment, file)
        elif PATCH.match(line) and section in ("", "package", "description"):
            found = PATCH.match(line)
            assert found
            at = int(found[1]) if found[1] else max(spec.declared, default=-1) + 1
            declare(spec, at, macros.expand(found[2].strip()), number, conditions, comment, file)
        elif _SECTION.match(line) and not body:
            section = line[1:].split()[0]
            spec.where = Where()
        else:
            source = _SOURCE.match(line)
            if source:
                name = file_name(macros.expand(source[2]))
                spec.sources.add(name)
                macros.sources[f"SOURCE{source[1] or 0}"] = name
            if section == "changelog":
                continue
            if body or below:
                defining += [line.removesuffix("\\")] if body or not conditions.never else []
            elif not conditions.never:
                macros.learn(line, sure=not conditions.text)
            if not body and not _DEFINITION.match(line):
                if section in ("prep", "build", "conf") and not conditions.never:
                    look(spec, macros.expand(line), conditions.text, macros.turned)
                apply(spec, line, macros, conditions, number, file)
    version = macros.expand(macros.known.get("version", ""))
    spec.version = "" if "%" in version else version[:40]
    return spec


def declare(spec: Spec, at: int, value: str, line: int, conditions: Conditions, comment: str, file: str = "") -> None:
    """Note one patch; a number that is declared again, under no other condition, is a mistake that is told."""
    name = file_name(value)
    url = value.split()[0] if is_address(value) else ""
    item = ListedPatch(name, "", line, None, conditions.text, comment[:200], "", conditions.never, url=url, file=file)
    if "%" in name:
        item = replace(item, unclear=NAME_UNSET)
    if at in spec.declared and not spec.declared[at].never:
        spec.doubled.append(item)
        return
    spec.declared.pop(at, None)
    spec.declared[at] = item
    spec.files[name] = at


def file_name(value: str) -> str:
    """The file of a patch that may be an address: its last part, or what stands after `#/`."""
    words = value.split()
    name = words[0] if words else ""
    return file_of(name) if "://" in name else name


def look(spec: Spec, line: str, condition: str, turned: str) -> None:
    """Follow where a line of %prep goes, and note what of it is not followed; `turned`: see `Macros`."""
    spec.where.read(line, condition)
    whole = f"{spec.held} {line}"[:4000]
    told = doubt(line, spec.files) or (doubt(whole.strip(), spec.files) if spec.held else None)
    uses_of = line_uses(whole.strip(), list(spec.declared)) if spec.held and not told else None
    if turns := {one.number for one in uses_of or () if one.reverse}:
        told = turns, Unclear(UnclearKind.OPTIONS, (" ".join(whole.split())[:200],))
    spec.held = whole.rstrip("\\") if line.endswith("\\") else ""
    if turned and _OF_RPM.match(line):
        told = {-1}, Unclear(UnclearKind.OPTIONS, (turned,))
    for at in told[0] if told else ():
        spec.doubts.setdefault(at, told[1] if told else NAME_UNSET)


def apply(spec: Spec, line: str, macros: Macros, conditions: Conditions, number: int, file: str) -> None:
    """Note what a line of %prep applies; what it applies without saying which patch is told as unclear."""
    found = uses(line, macros, spec.declared)
    if found is None:
        return
    spec.applies = True
    spec.hidden |= {one.number for one in found} - {one.number for one in line_uses(line, list(spec.declared)) or ()}
    folder = told_folder(macros.expand(line), spec.where.here(conditions.text))
    for one in found:
        condition = conditions.text if one.sure else both_hold(conditions.text, line.strip()[:200])
        if one.number < 0:
            why = Unclear(UnclearKind.OPTIONS, (one.unclear,))
            spec.doubled.append(ListedPatch(line.strip()[:200], "", number, unclear=why, file=file))
        else:
            if folder is None and not conditions.never:
                spec.doubts.setdefault(one.number, Unclear(UnclearKind.FOLDER, (line.strip()[:200],)))
            spec.note(
                Applied(one.number, one.strip, condition, conditions.never, one.reverse, one.unclear, folder or "")
            )


def order(spec: Spec) -> list[ListedPatch]:
    """The patches in the order of application, then those that never are."""
    every = spec.doubts.get(-1)
    if not spec.applies:
        listed = [replace(one, unclear=one.unclear or spec.doubts.get(at, every)) for at, one in spec.declared.items()]
        return [*listed, *spec.doubled]
    done: dict[int, ListedPatch] = {}
    items: list[ListedPatch] = []
    for one in spec.applied:
        item = spec.declared.get(one.number)
        if item is None:
            continue
        both = " and ".join(dict.fromkeys(text for text in (item.condition, one.condition) if text))
        unknown = Unclear(UnclearKind.OPTIONS, (one.unclear,)) if one.unclear else None
        new = replace(
            item, strip=one.strip, condition=both, never=item.never or one.never, reverse=one.reverse,
            unclear=item.unclear or unknown or spec.doubts.get(one.number, every), folder=one.folder,
        )  # fmt: skip
        if done.get(one.number) == new:
            continue
        done[one.number] = new
        items.append(new)
    left = [item for at, item in spec.declared.items() if at not in done]
    items += [replace(item, never=item.never or Never(NeverKind.NOT_APPLIED, ("%prep",))) for item in left]
    return [*items, *spec.doubled]


FORMAT = Format("spec", "an RPM spec: PatchN:, %patchlist, %autosetup, %autopatch, %patchN", recognises, read)
