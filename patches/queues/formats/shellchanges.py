"""Which files a command of a recipe may change: all that it names, unless it is known only to read them.

A patch that another command has written is not the one that lies beside the recipe.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from patches.queues.addresses import is_address
from patches.queues.formats.shellfolder import changed
from patches.queues.formats.shellwords import MARK, UNKNOWN, Field

Owns = Callable[[str], bool]

SHOWS = frozenset({
    "bunzip2", "bzcat", "bzip2", "cat", "echo", "gunzip", "gzip", "lzcat", "unxz", "xz", "xzcat", "zcat", "zstdcat",
})  # fmt: skip
"""Commands that hand a file on as it is, unpacked."""
RUNS = frozenset({"busybox", "command", "edo", "env", "exec", "msg_run", "nice", "nonfatal", "sudo"})
"""Commands that run what follows them."""
_STREAMS = frozenset({"awk", "gawk", "perl", "ruby", "sed"})
_EDITORS = _STREAMS | {"dos2unix", "ed", "ex", "recode", "rpl", "unix2dos", "vim"}
"""Commands that change files, those of _STREAMS with -i only."""
_PUTS = frozenset({"cp", "install", "ln", "mv", "rsync", "scp"})
"""Commands that put something in the place of their last word, or into that folder."""
_READS = SHOWS | frozenset({
    ".", "7z", "[", "[[", "b2sum", "basename", "bsdtar", "chgrp", "chmod", "chown", "cksum", "cmp", "combinediff",
    "comm", "cut", "declare", "default", "diff", "diffstat", "dirname", "eapply", "eapply_user", "egrep", "epatch",
    "epatch_user", "export", "fgrep", "file", "filterdiff", "flipdiff", "grep", "grepdiff", "has", "head", "hexdump",
    "hg", "inherit", "insinto", "interdiff", "less", "local", "ls", "lsdiff", "md5sum", "mkdir", "more", "nl", "od",
    "patch", "plain", "printf", "quilt", "read", "readlink", "readonly", "realpath", "rg", "set", "sha1sum",
    "sha224sum", "sha256sum", "sha384sum", "sha512sum", "shift", "source", "splitdiff", "stat", "strings", "tail",
    "tar", "test", "touch", "tr", "type", "typeset", "uniq", "unpack", "unset", "unzip", "use", "wc", "which", "xxd",
    "zgrep",
})  # fmt: skip
_TELLS = re.compile(
    r"(?:do|new)[a-z]+$|_?\w*(?:abort|begin|die|echo|end|error|fail|info|log|message|msg|note|print|status|warn)\w*$"
)
"""Commands that install files, or tell something, as packages and their builders name them."""
_GIT_READS = frozenset({
    "add", "am", "apply", "branch", "cherry-pick", "clean", "clone", "commit", "config", "describe", "diff", "fetch",
    "format-patch", "init", "log", "ls-files", "reset", "rev-parse", "revert", "show", "status", "submodule", "tag",
})  # fmt: skip
_OPTION = re.compile(r"(?:--?[\w-]+|\w+)=|-[A-Za-z](?=[\w@./*]*[./@*])")
"""What stands before a file's name in one word: `--output=`, `of=`, `-o`."""
_OF_PATCHES = re.compile(r"\.(?:patch|diff)(?:\.\w+)?$|\.p[\w*?]*$|\.d[i*?][\w*?]*$")
_THEIRS = re.compile(r"@(?:srcdir|startdir|filesdir|distdir|workdir)@$|@(?:builddir|s)@/\.\.$")
"""The folders in which a recipe finds its patches."""
_FRONTS = ("@srcdir@/", "@startdir@/", "@filesdir@/")


def tail(text: str) -> str:
    """A file's name as the folder of the recipe has it: without `../` and the variables of folders in front."""
    text = re.sub(r"^(?:@(?:srcdir|startdir|filesdir|distdir)@(?:/|$)|\.{1,2}/)+", "", re.sub(r"//+", "/", text))
    return "" if text.startswith("/") else text


def touched(words: Sequence[Field], feeds: Iterable[Sequence[Field]], folder: str, own: Owns) -> list[Field]:
    """What a command that has these words may change. `feeds`: what is piped into it; `folder`: where it is run.

    `own`: whether a name is one of the recipe's files: one that is copied from there stays the same.
    """
    program, given = words[0].text.rsplit("/", 1)[-1], list(words[1:])
    if program in _EDITORS and (
        program not in _STREAMS or any(re.match(r"-\w*i|--in-place", one.text) for one in given)
    ):
        return given
    if program in _PUTS:
        return list(put(program, given, folder, own))
    if program == "tee":
        return given
    if program in ("find", "xargs"):
        return by_others(program, given, feeds)
    return [] if reads(program, given) else list(named(given))


def reads(program: str, words: Sequence[Field]) -> bool:
    """Whether a command is known to change none of the files that it names."""
    if program == "git":
        return any(one.text in _GIT_READS for one in words)
    if program in _STREAMS:
        return program not in ("perl", "ruby") or any(re.match(r"-\w*[enpE]", one.text) for one in words)
    return program in _READS or program in RUNS or _TELLS.match(program) is not None


def by_others(program: str, words: Sequence[Field], feeds: Iterable[Sequence[Field]]) -> list[Field]:
    """What find and xargs change by the command that they run."""
    runs = ("-exec", "-execdir", "-ok", "-okdir")
    at = next((i + 1 for i, one in enumerate(words) if one.text in runs), len(words))
    if program == "xargs":
        at = next((i for i, one in enumerate(words) if re.match(r"[A-Za-z_/.]", one.text)), len(words))
    deletes = program == "find" and any(one.text == "-delete" for one in words)
    if not deletes and at >= len(words):
        return []
    command = list(words[at:])
    name = command[0].text.rsplit("/", 1)[-1] if command else ""
    within = name in _EDITORS and touched(command, (), "", lambda _: False)
    if deletes or within or name in _PUTS or (name not in _EDITORS and not reads(name, command[1:])):
        return [*words[:at], *(one for feed in feeds for one in feed), *command[1:]]
    return []


def put(program: str, words: Sequence[Field], folder: str, own: Owns) -> Iterator[Field]:
    """What cp and its like change: a file that they write to, and one of that name in a folder that they write into."""
    told = next((i for i, one in enumerate(words) if re.match(r"-\w*t$|--target-directory", one.text)), -1)
    rest = [one for one in words if not one.text.startswith("-")]
    target = rest[-1] if rest else None
    if told >= 0 and program != "rsync":
        _, equals, value = words[told].text.partition("=")
        target = replace(words[told], text=value) if equals else next(iter(words[told + 1 :]), None)
    if target is None:
        return
    sources = [one for one in rest if one is not target]
    place = changed(folder, MARK.sub("", target.text))
    names = {}
    for one in sources:
        text = MARK.sub("", one.text)
        name = tail(text)
        last = text.rsplit("/", 1)[-1]
        above = _THEIRS.search(place) and text[:1] not in ("@", ".", UNKNOWN) and changed(folder, "..") != folder
        inside = above and not _THEIRS.search(changed(folder, text).rpartition("/")[0])
        if program == "mv" or inside or not ("/" not in name or own(name)):
            names[last] = replace(one, text=last)
    itself = MARK.sub("", target.text).rsplit("/", 1)[-1]
    if not (sources and all(tail(MARK.sub("", one.text)) == itself for one in sources)):
        yield target
    for name, one in names.items():
        if not any(char in name for char in "*?[") or _OF_PATCHES.search(name) or _THEIRS.search(place):
            yield one


def named(words: Iterable[Field]) -> Iterator[Field]:
    """The files that the words may name: each by itself, behind an option, or in a text that another shell reads."""
    for word in words:
        for part in re.split(r"[\s\"'`;&|()<>,]+", MARK.sub("", word.text)):
            for text in {part, part[found.end() :] if (found := _OPTION.match(part)) else part}:
                if is_address(text):
                    text = text.split("?")[0].rsplit("/", 1)[-1]
                wild = any(char in text for char in "*?[")
                if text and (
                    not wild or _OF_PATCHES.search(text) or re.match(r"@(?:srcdir|startdir|filesdir)@/", text)
                ):
                    yield replace(word, text=text)
