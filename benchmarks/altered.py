"""Patches made of real ones that may never be dropped for them: with something of one's own, or something missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from benchmarks.whole import named
from patches.findings import Answer
from patches.text.lines import bytes_of, line_key, says
from patches.text.patch import FileDiff, Hunk, Patch
from patches.verdicts.match import telling_keys
from patches.verdicts.standing import look
from patches.verdicts.witnesses import Revision


def altered(
    patch: Patch, other: Patch, foreign: dict[str, list[Hunk]], revision: Revision
) -> Iterator[tuple[str, Patch | None]]:
    """A patch in all ways in which it is not the change any more, by their names; None where it has nothing for one.

    `other`: a patch of other files; `foreign`: hunks that are not upstream, by their files.
    """
    yield "a foreign file", with_files(patch, other)
    yield "a foreign hunk", with_hunk(patch, foreign)
    yield "a line more", with_line(patch)
    yield "a line twice", with_change(patch, lambda line: [line, line] if line[:1] == "+" else None)
    yield "a line less", with_change(patch, partial(line_less, lines_there(patch, revision)))
    yield "another value", with_change(patch, other_value)
    yield "swapped", with_change(patch, swapped)
    yield "another name", with_change(patch, other_name)
    yield "a line moved down", moved_down(patch)
    yield "a rename", with_rename(patch)
    yield "another file", with_file(patch, lambda one: renamed_to(one, another(patch, one, revision)))
    yield "a copy of one's own", with_file(patch, lambda one: renamed_to(one, f"vendor/{one.new}"))
    yield "a mode", with_mode(patch, revision)


def stands_already(patch: Patch, made: Patch, revision: Revision) -> bool:
    """Whether what was put into a patch stands in the revision as it is: then that may be dropped with the rest."""
    ours = {(one.path, hunk) for one in patch.files for hunk in one.hunks}
    others = (
        replace(one, hunks=tuple(hunk for hunk in one.hunks if (one.path, hunk) not in ours)) for one in made.files
    )
    told = look(replace(made, files=tuple(one for one in others if one.hunks)), revision.target)
    return told.has is Answer.YES


def with_hunk(patch: Patch, foreign: dict[str, list[Hunk]]) -> Patch | None:
    """The patch with a hunk that is not upstream in one of its files, where one shares no line with it."""
    ours = set(telling_keys(patch.changed).tolist())
    for at, one in enumerate(patch.files):
        for hunk in foreign.get(one.path, ()) if one.old and one.new else ():
            if not ours & set(telling_keys(hunk.changed).tolist()):
                hunks = tuple(sorted((*one.hunks, hunk), key=lambda hunk: hunk.old_start))
                return replace(patch, files=(*patch.files[:at], replace(one, hunks=hunks), *patch.files[at + 1 :]))
    return None


def with_files(patch: Patch, other: Patch) -> Patch | None:
    """The patch with another one's files behind its own; None where they share one."""
    if (
        not other.files
        or patch.paths & other.paths
        or not any(hunk.changed for one in other.files for hunk in one.hunks)
    ):
        return None
    return replace(patch, files=patch.files + other.files)


def with_line(patch: Patch) -> Patch | None:
    """The patch with one line more than it has, behind the last line that it adds."""
    for at, one in enumerate(patch.files):
        for number, hunk in enumerate(one.hunks):
            last = max((i for i, line in enumerate(hunk.lines) if line[:1] == "+"), default=-1)
            if last < 0 or not one.old:
                continue
            lines = (*hunk.lines[: last + 1], "+    vendor_quirk_of_our_own(QUIRK);", *hunk.lines[last + 1 :])
            new = Hunk(hunk.old_start, hunk.old_count, hunk.new_start, hunk.new_count + 1, lines, line=hunk.line)
            hunks = (*one.hunks[:number], new, *one.hunks[number + 1 :])
            return replace(patch, files=(*patch.files[:at], replace(one, hunks=hunks), *patch.files[at + 1 :]))
    return None


def lines_there(patch: Patch, revision: Revision) -> frozenset[int]:
    """The keys of the lines that each of the patch's files has in a revision, where they leave that line."""
    there: set[int] = set()
    lacking: set[int] = set()
    for one in patch.files:
        lines = frozenset(map(line_key, revision.target.lines(revision.target.path(one)) or ()))
        left = {line_key(bytes_of(line[1:])) for hunk in one.hunks for line in hunk.lines if line[:1] == " "}
        there |= left & lines
        lacking |= left - lines
    return frozenset(there - lacking)


def line_less(there: frozenset[int], line: str) -> list[str] | None:
    """A line that the patch leaves, and the revision has, taken out."""
    known = line[:1] == " " and line_key(bytes_of(line[1:])) in there
    return [f"-{line[1:]}"] if known else None


def other_value(line: str) -> list[str] | None:
    """An added line with another meaning: one comparison turned round, or one number raised; None where it has none."""
    if line[:1] != "+" or not says(line):
        return None
    for old, new in (("==", "!="), ("!=", "=="), ("&&", "||"), ("||", "&&"), (" < ", " >= "), (" > ", " <= ")):
        if old in line:
            return [line.replace(old, new, 1)]
    other = re.sub(r"\b([1-9]\d*)\b", lambda found: str(int(found[1]) + 7), line, count=1)
    return [other] if other != line else None


def swapped(line: str) -> list[str] | None:
    """An added line with two arguments, or the sides of an operator, exchanged; None where it has none that differ."""
    found = re.search(r"\b(\w+)(, | - | < | \+ )(\w+)\b", line) if line[:1] == "+" else None
    if not found or found[1] == found[3]:
        return None
    return [f"{line[: found.start()]}{found[3]}{found[2]}{found[1]}{line[found.end() :]}"]


def other_name(line: str) -> list[str] | None:
    """An added line with the first name that has a call or a member behind it replaced by one of our own."""
    found = re.search(r"\b([a-z]\w{3,})(?=\(|->|\.)", line) if line[:1] == "+" else None
    return [f"{line[: found.start()]}vendor_{found[1]}{line[found.end() :]}"] if found else None


def moved_down(patch: Patch) -> Patch | None:
    """The patch with its last lines that stand alone put in below the unchanged line that follows them."""
    for at, one in reversed(list(enumerate(patch.files))):
        for number, hunk in reversed(list(enumerate(one.hunks))) if one.old and one.new else ():
            texts = list(hunk.lines)
            for end in range(len(texts) - 1, 0, -1):
                begin = end
                while begin and texts[begin - 1][:1] == "+":
                    begin -= 1
                alone = begin < end and begin and texts[begin - 1][:1] == " " and texts[end][:1] == " "
                if not alone or not says(texts[end]) or not any(map(says, texts[begin:end])):
                    continue
                if one.new.endswith((".c", ".h")) and only_declared([*texts[begin:end], texts[end]]):
                    continue
                lines = (*texts[:begin], texts[end], *texts[begin:end], *texts[end + 1 :])
                hunks = (*one.hunks[:number], replace(hunk, lines=lines), *one.hunks[number + 1 :])
                return replace(patch, files=(*patch.files[:at], replace(one, hunks=hunks), *patch.files[at + 1 :]))
    return None


def only_declared(lines: list[str]) -> bool:
    """Whether lines of C, each with its sign, are whole declarations, functions and comments: these mean the same in
    any order. Each begins at the margin with its type, and ends with ";" or the brace that closes it.
    """
    code = re.sub(r"/\*.*?\*/", "", "\n".join(line[1:] for line in lines), flags=re.DOTALL)
    unit = ""
    for line in map(str.rstrip, code.split("\n")):
        unit += f"{line}\n" if unit or line else ""
        if unit.count("{") == unit.count("}") and unit.count("(") == unit.count(")") and line[-1:] in (";", "}"):
            if not re.match(r"[A-Za-z]\w*[\s*]+[A-Za-z_*]", unit) or "#" in unit:
                return False
            unit = ""
    return not unit


def with_rename(patch: Patch) -> Patch | None:
    """The patch with a rename of the last file that it changes."""
    return with_file(patch, lambda one: replace(one, new=f"{one.new}.renamed", renamed=True))


def another(patch: Patch, one: FileDiff, revision: Revision) -> str:
    """Another file of a file's name, where a revision has both; else one that is nowhere."""
    own = revision.target.files.find(one.new)
    found = [path for path in named(revision, one.new) if path not in patch.paths] if own else []
    return found[0] if found else f"other/{one.new.rpartition('/')[2]}"


def renamed_to(one: FileDiff, path: str) -> FileDiff:
    """The same diff, of another file."""
    return replace(one, old=path, new=path)


def with_mode(patch: Patch, revision: Revision) -> Patch | None:
    """The patch with the last file that it changes made executable; None where that has a file that is."""
    if any(path and revision.target.mode(path) == "100755" for path in map(revision.target.path, patch.files)):
        return None
    return with_file(patch, lambda one: replace(one, old_mode="100644", new_mode="100755"))


def with_file(patch: Patch, change: Callable[[FileDiff], FileDiff]) -> Patch | None:
    """The patch with the last file that it changes changed so; None where it has none with lines, or tells of modes."""
    for at, one in reversed(list(enumerate(patch.files))):
        if one.old and one.old == one.new and one.hunks and one.new_mode == one.old_mode:
            return replace(patch, files=(*patch.files[:at], change(one), *patch.files[at + 1 :]))
    return None


def with_change(patch: Patch, change: Callable[[str], list[str] | None]) -> Patch | None:
    """The patch with the last line in it that can be changed so; None where there is none."""
    for at, one in reversed(list(enumerate(patch.files))):
        for number, hunk in reversed(list(enumerate(one.hunks))) if one.old and one.new else ():
            for place, line in reversed(list(enumerate(hunk.lines))):
                if not says(line) or (new := change(line)) is None:
                    continue
                lines = (*hunk.lines[:place], *new, *hunk.lines[place + 1 :])
                old_count, new_count = (sum(text[:1] != sign for text in lines) for sign in "+-")
                made = replace(hunk, lines=lines, old_count=old_count, new_count=new_count)
                hunks = (*one.hunks[:number], made, *one.hunks[number + 1 :])
                return replace(patch, files=(*patch.files[:at], replace(one, hunks=hunks), *patch.files[at + 1 :]))
    return None
