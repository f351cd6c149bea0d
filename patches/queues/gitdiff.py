"""An edit as one diff that `git apply` takes: changed lines with three lines around them, and files that go, whole.

Source: git's diff format ("Generating patch text with -p"), and its binary patches (base85.c, `emit_binary_diff`).
"""

from __future__ import annotations

import hashlib
import zlib
from base64 import b85encode
from collections.abc import Iterable, Iterator

from patches.queues.edit import FileChange

AROUND = 3
"""Lines shown around a change."""
BINARY = 8000
"""The first bytes of a file, in which a NUL makes it binary."""
NOTHING = b"HcmV?d00001"
"""No bytes at all, packed and in base85."""
_LETTERS = {7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 34: '"', 92: "\\"}


def diff(changes: Iterable[FileChange], prefix: str = "", width: int = 40) -> bytes:
    """The changes; paths begin with `prefix`, "" or with "/" behind. `width`: digits of the repository's names."""
    return b"".join(piece for one in changes for piece in file_diff(one, f"{prefix}{one.path}", width))


def file_diff(one: FileChange, path: str, width: int) -> Iterator[bytes]:
    """One file's part."""
    old, new = quoted(f"a/{path}"), quoted(f"b/{path}")
    yield b"diff --git %s %s\n" % (old, new)
    mode = b"100755" if one.mode & 0o100 else b"100644"
    if one.after is not None:
        yield b"--- %s\n+++ %s\n" % (ended(old), ended(new))
        yield from hunks(one)
        return
    yield b"deleted file mode %s\n" % mode
    yield b"index %s..%s\n" % (blob(one.before, width).encode(), b"0" * width)
    if b"\0" in one.before[:BINARY]:
        yield b"GIT binary patch\nliteral 0\n%s\n\nliteral %d\n" % (NOTHING, len(one.before))
        yield from packed(one.before)
        yield b"\n"
    elif one.before:
        lines = split(one.before)
        yield b"--- %s\n+++ /dev/null\n@@ -1%s +0,0 @@\n" % (ended(old), span(len(lines)))
        yield b"".join(marked(b"-", line) for line in lines)


def split(data: bytes) -> list[bytes]:
    """Lines with their ends; a carriage return does not end one."""
    lines = data.split(b"\n")
    return [one + b"\n" for one in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def span(count: int) -> bytes:
    """A range's length, as hunks have it: one line goes without saying."""
    return b"" if count == 1 else b",%d" % count


def marked(sign: bytes, line: bytes) -> bytes:
    """A line of a hunk."""
    return sign + line + (b"" if line.endswith(b"\n") else b"\n\\ No newline at end of file\n")


def hunks(one: FileChange) -> Iterator[bytes]:
    """The hunks of a text."""
    lines = split(one.before)
    changed = {number: text.encode("utf-8", "surrogateescape") for number, text in one.lines}
    groups: list[list[int]] = []
    for number in sorted(changed):
        if groups and number - groups[-1][-1] <= 2 * AROUND + 1:
            groups[-1].append(number)
        else:
            groups.append([number])
    moved = 0
    for group in groups:
        first, last = max(1, group[0] - AROUND), min(len(lines), group[-1] + AROUND)
        out: list[bytes] = []
        held: list[bytes] = []
        for number in range(first, last + 1):
            if number not in changed:
                out += held
                held = []
                out.append(marked(b" ", lines[number - 1]))
                continue
            out.append(marked(b"-", lines[number - 1]))
            held += [marked(b"+", changed[number])] if changed[number] else []
        out += held
        gone = sum(not changed[number] for number in group)
        count, now = last - first + 1, last - first + 1 - gone
        begin = first + moved - (not now)
        yield b"@@ -%d%s +%d%s @@\n" % (first, span(count), begin, span(now))
        yield b"".join(out)
        moved -= gone


def quoted(path: str) -> bytes:
    """A name as git writes it: in quotes where it has others than printable ASCII."""
    data = path.encode("utf-8", "surrogateescape")
    if all(32 <= byte < 127 and byte not in (34, 92) for byte in data):
        return data
    return f'"{"".join(map(letter, data))}"'.encode()


def letter(byte: int) -> str:
    """One byte of a name in quotes."""
    if byte in _LETTERS:
        return f"\\{_LETTERS[byte]}"
    return chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}"


def ended(name: bytes) -> bytes:
    """A name behind --- or +++: a tab ends one with blanks."""
    return name + (b"\t" if b" " in name and not name.startswith(b'"') else b"")


def blob(data: bytes, width: int = 40) -> str:
    """git's name of a file's content, with 40 or 64 digits."""
    made = hashlib.sha1(usedforsecurity=False) if width == 40 else hashlib.sha256()
    made.update(b"blob %d\0" % len(data) + data)
    return made.hexdigest()


def packed(data: bytes) -> Iterator[bytes]:
    """A binary file's lines: 52 bytes each, their number as a letter first."""
    small = zlib.compress(data)
    for at in range(0, len(small), 52):
        part = small[at : at + 52]
        letter = len(part) + (64 if len(part) <= 26 else 70)
        yield bytes([letter]) + b85encode(part, pad=True) + b"\n"
