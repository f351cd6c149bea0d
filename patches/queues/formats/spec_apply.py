"""What a line of a spec's %prep applies: %autosetup, %autopatch, %patchN, a program with %{PATCHN}, a macro for these.

The spec's own macros are put in. What only the build could tell (`%{?with_x:-R}`, a macro that is defined elsewhere) is
read twice, without it and with it: where this makes a difference, how the patch is applied is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from patches.queues.formats.macros import Macros

NUMBER = re.compile(r"%\{?(?:PATCH|P:)(\d{1,9})\b")
_ALL = re.compile(r"\s*%\{?(autosetup|autopatch)\b")
_ONE = re.compile(r"\s*%\{?patch(\d{0,9})\b")
_PATCH_FILE = re.compile(r"%\{?(?:PATCH|SOURCE|P:|S:)\d+\}?")
_PROGRAM = re.compile(r"(?:^|[\s/;|&(])(?:patch|%\{?__patch\}?|git\s+(?:apply|am))(?=\s)")
_REVERSE = re.compile(r"\s(?:-\w*R(?:[EflNsTtuZ]|p\d+)*|--reverse)(?![\w.-])")
_LEVEL = re.compile(r"(?:^|\s)-p\s*(\d{1,3})")
_HARMLESS = frozenset({"-b", "-B", "-d", "-D", "-F", "-g", "-i", "-o", "-r", "-V", "-Y", "-z", "<", ">", ">>", "2>"})
"""What stands before a word of patch(1) that says nothing of how it applies."""


@dataclass(frozen=True, slots=True)
class Use:
    """One application of a patch by a line. `unclear`: the macros that would tell how it is applied, "" where known.

    `number` is -1 where these would tell which patch it is. `sure`: it is applied whatever the build defines.
    """

    number: int
    strip: int | None
    reverse: bool = False
    unclear: str = ""
    sure: bool = True


def uses(line: str, macros: Macros, declared: Iterable[int]) -> list[Use] | None:
    """What a line applies, in order; None where it is no line that applies patches."""
    if not macros.patching(line):
        return None
    known = sorted(declared)
    text = macros.called(line)
    if macros.is_lost(text):
        return [Use(-1, None, unclear=line.strip()[:200])]
    without = text_uses(macros.expand(text), known)
    having = text_uses(macros.expand(text, assume=True), known)
    if without == having or having is None:
        return without
    if without is None:  # all of it hangs on what the build defines
        return [replace(one, sure=False) for one in having]
    found = []
    for number in dict.fromkeys(one.number for one in (*without, *having)):
        mine = [one for one in without if one.number == number]
        same = mine == [one for one in having if one.number == number]
        found += mine if same else [Use(number, None, unclear=line.strip()[:200])]
    return found


def text_uses(text: str, declared: list[int]) -> list[Use] | None:
    """What some lines apply whose macros are put in; None where none of them applies patches."""
    told = [found for line in text.split("\n") if (found := line_uses(line, declared)) is not None]
    return [use for found in told for use in found] if told else None


def line_uses(line: str, declared: list[int]) -> list[Use] | None:
    """What one line applies."""
    every, one = _ALL.match(line), _ONE.match(line)
    if every:
        return all_uses(every[1], arguments(line, every.end()), declared)
    if one:
        return list(one_uses(one[1], arguments(line, one.end()), line))
    level = _LEVEL.search(line)
    strip, reverse = int(level[1]) if level else None, bool(_REVERSE.search(line))
    return [Use(int(n), strip, reverse, unknown_word(line)) for n in NUMBER.findall(line)] or None


def one_uses(number: str, words: list[str], line: str) -> Iterator[Use]:
    """%patchN, %patch N, %patch -P N."""
    given, rest = options(words, "bdFopPz")
    named = ([number] if number else []) + given.get("P", []) + rest
    numbers = [int(n) for n in named if n.isdecimal()]
    unclear = line.strip()[:200] if any("%" in one for one in (*given, *given.get("p", []), *named)) else ""
    for at in numbers or [-1 if any("%" in one for one in named) else 0]:
        yield Use(at, level_of(given) or 0, "R" in given or "--reverse" in words, unclear)


def all_uses(word: str, words: list[str], declared: list[int]) -> list[Use] | None:
    """What %autosetup and %autopatch apply: only the latter takes numbers; -a and -b of the former are sources."""
    given, rest = options(words, "abnSp" if word == "autosetup" else "pmM")
    if word == "autosetup" and "N" in given:
        return None
    low, high = bound_of(given, "m", 0), bound_of(given, "M", 999_999_999)
    named = [int(n) for n in rest if n.isdecimal()] if word == "autopatch" else []
    return [Use(at, level_of(given)) for at in named or declared if low <= at <= high]


def unknown_word(line: str) -> str:
    """The first word of a command of patch(1) or git that is a macro, where an option may stand; "" for none."""
    program = _PROGRAM.search(line)
    if not program:
        return ""
    before = ""
    for word in line[program.end() :].split():
        if word in ("|", ";", "&&", "||"):
            break
        bare = _PATCH_FILE.sub("", word)
        option = bare.startswith("-") and bare[:2] not in _HARMLESS and not bare.startswith("--")
        if before not in _HARMLESS and "%" in bare and (option or bare.startswith("%")):
            return word[:200]
        before = word
    return ""


def arguments(line: str, at: int) -> list[str]:
    """The words after a macro's name, which may stand in braces, with its words or without: `%{patch0 -p1}`."""
    rest = line[at:]
    if line.lstrip().startswith("%{"):
        depth = 1
        for i, char in enumerate(rest):
            depth += (char == "{") - (char == "}")
            if not depth:
                rest = f"{rest[:i]} {rest[i + 1 :]}"
                break
    return rest.split(" #", 1)[0].split()


def options(words: list[str], valued: str) -> tuple[dict[str, list[str]], list[str]]:
    """As getopt reads them: option -> its values (none for a flag), and the other words. `valued`: those with one."""
    found: dict[str, list[str]] = {}
    rest = []
    left = iter(words)
    for word in left:
        if word[:1] != "-" or len(word) == 1:
            rest.append(word)
            continue
        for i, letter in enumerate(word[1:], 2):
            values = found.setdefault(letter, [])
            if letter in valued:
                values.append(word[i:] or next(left, ""))
                break
    return found, rest


def bound_of(given: dict[str, list[str]], option: str, default: int) -> int:
    """The number of -m or -M; what is no number says nothing."""
    last = (given.get(option) or [""])[-1]
    return int(last) if last.isdecimal() and len(last) < 10 else default


def level_of(given: dict[str, list[str]]) -> int | None:
    """The -p level, None when it is not told."""
    last = (given.get("p") or [""])[-1]
    return int(last) if last.isdecimal() and len(last) < 4 else None
