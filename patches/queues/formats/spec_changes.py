"""Which patches a line of a spec's %prep changes: by a command that is not known only to read what it names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from patches.queues.formats import is_patch_name
from patches.queues.formats.shellchanges import touched
from patches.queues.formats.shellwords import UNKNOWN, Field, matches

_NUMBERED = re.compile(r"%\{?(?:PATCH|P:)(\d{1,9})\b\}?")
_FOLDER = re.compile(r"%\{?_(?:sourcedir|specdir)\b\}?|\$\{?RPM_SOURCE_DIR\b\}?")
_PROGRAM = re.compile(r"%\{?__(\w+)\}?")
_WORD = re.compile(r"(?:\"[^\"]*\"|'[^']*'|[^\s\"'])+")
_REDIRECTED = re.compile(r"(?:\d?>>?|<)\s*(?:&\d|[^\s;&|]+)")
_WRITTEN = re.compile(r">\s*\"?([^\s;&|\"']+)")
_LEAD = re.compile(r"(?:if|then|else|elif|do|while|until|time|!|[({]|\w+=.*)$")
_OTHER = re.compile(r"[%\-]|(?:for|case|in|done|fi|esac)$|.*(?:apply|patch)|.*\.diff", re.IGNORECASE)
"""What stands first where no command does, and what applies patches."""
_UNSURE = re.compile(r"%\{[^}]*\}|\$\{[^}]*\}|\$\w+")
_HINT = re.compile(r"PATCH\d|P:\d|\.patch|\.diff|\*|_sourcedir|SOURCE_DIR")


def changes(line: str, files: Mapping[str, int]) -> set[int]:
    """The numbers of the patches that a line may change; -1 stands for all. `files`: the number of each by its name."""
    if not _HINT.search(line):
        return set()
    text = _NUMBERED.sub(lambda found: f"@srcdir@/={found[1]}=.patch", line)
    text = _PROGRAM.sub(r"\1", _FOLDER.sub("@srcdir@", text))
    found = {at for one in _WRITTEN.findall(text) for at in numbers(one, files)}
    feeds: list[tuple[Field, ...]] = []
    for command in re.split(r"(?:&&|\|\||[;&|])", _REDIRECTED.sub(" ", text)):
        words = [one.replace('"', "").replace("'", "") for one in _WORD.findall(command)]
        while words and _LEAD.match(words[0]):
            del words[0]
        fields = tuple(Field(_UNSURE.sub(UNKNOWN, one)) for one in words)
        if fields and not _OTHER.match(words[0]):
            for one in touched(fields, feeds, "@b@", lambda name: name in files or name.startswith("=")):
                found |= numbers(one.text, files)
        feeds.append(fields)
    return found


def numbers(text: str, files: Mapping[str, int]) -> set[int]:
    """The patches that a word names: by %{PATCHn}, by name, or by a pattern."""
    name = text.rsplit("/", 1)[-1]
    numbered = re.fullmatch(r"=(\d+)=\.patch", name)
    if numbered:
        return {int(numbered[1])}
    if any(char in name for char in "*?["):
        return {-1} if any(is_patch_name(one) and matches(one, name) for one in files) else set()
    return {files[name]} if name in files else set()
