"""Whatever goes of a queue, its reader finds the rest as it was, and every line that is left is one that was there."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patches.queues.edit import edit_queue
from patches.queues.entries import Queue, QueueEntry
from patches.queues.queue import open_queue
from patches.queues.writing import write_edit
from tests.patches.queues.edits.edited import drops_of, put

NAMES = [f"{letter}.patch" for letter in "abcdef"]
NOISE = st.sampled_from(["", "# comment", "#", "# a.patch"])


def quilt(names: Sequence[str], noise: list[str], style: int) -> tuple[str, str]:
    return "series", "".join(f"{noise[i]}\n{name}{' -p0' * (style % 2)}\n" for i, name in enumerate(names))


def suse(names: Sequence[str], noise: list[str], style: int) -> tuple[str, str]:
    lines = [f"{noise[i]}\n{'+x' * (style % 2)}\t{name} # {i}\n" for i, name in enumerate(names)]
    return "series.conf", "".join(lines)


def spec(names: Sequence[str], noise: list[str], style: int) -> tuple[str, str]:
    tags = "".join(f"{noise[i]}\nPatch{10 * i}: {name}\n" for i, name in enumerate(names))
    every = ["%autosetup -p1\n", "".join(f"%patch -P {10 * i} -p1\n" for i in range(len(names)))]
    return "x.spec", f"Name: x\n{tags}%prep\n{every[style % 2]}%build\nmake\n"


def yocto(names: Sequence[str], noise: list[str], style: int) -> tuple[str, str]:
    if style % 3 == 0:
        return "x_1.bb", "".join(f'{noise[i]}\nSRC_URI += "file://{name}"\n' for i, name in enumerate(names))
    glue = (" ", " \\\n    ")[style % 2]
    return "x_1.bb", f'SRC_URI = "git://x{glue}{glue.join(f"file://{name}" for name in names)}"\n'


def apkbuild(names: Sequence[str], noise: list[str], style: int) -> tuple[str, str]:
    glue = (" ", "\n\t")[style % 2]
    sums = "\n".join(f"0123456789abcd{i:02}  {name}" for i, name in enumerate(names))
    lines = "\n".join(noise)
    return "APKBUILD", f'source="x.tar.gz{glue}{glue.join(names)}"\n{lines}\nsha512sums="00000000  x.tar.gz\n{sums}"\n'


def pkgbuild(names: Sequence[str], noise: list[str], style: int) -> tuple[str, str]:
    glue = (" ", "\n   ")[style % 2]
    sums = glue.join(f"'{i:02}'" for i in range(len(names)))
    lines = "\n".join(noise)
    apply = "".join(f'  patch -Np1 -i "$srcdir/{name}"\n' for name in names)
    return "PKGBUILD", (
        f"source=('x.tar.gz'{glue}{glue.join(names)})\n{lines}\nmd5sums=(SKIP{glue}{sums})\n"
        f"prepare() {{\n  cd x\n{apply}}}\n"
    )


def known(queue: Queue) -> list[QueueEntry]:
    """The entries, without their lines and the comments around them."""
    return [replace(one, position=0, where="", section="", comment="") for one in queue.entries]


def is_cut_of(after: str, before: str) -> bool:
    """Whether a text is another with characters left out."""
    rest = iter(before)
    return all(char in rest for char in after)


@pytest.mark.parametrize("make", [quilt, suse, spec, yocto, apkbuild, pkgbuild])
@given(
    names=st.lists(st.sampled_from(NAMES), min_size=1, max_size=6, unique=True),
    which=st.sets(st.integers(0, 5)),
    noise=st.lists(NOISE, min_size=6, max_size=6),
    style=st.integers(0, 5),
    end=st.sampled_from(["\n", "\r\n"]),
    cut=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_the_edited_queue_is_the_queue_without_what_went(
    make: object, names: list[str], which: set[int], noise: list[str], style: int, end: str, cut: bool
) -> None:
    assert callable(make)
    file, text = make(names, noise, style)
    text = text.replace("\n", end)
    text = text.removesuffix(end) if cut else text
    gone = [name for i, name in enumerate(names) if i in which]
    with tempfile.TemporaryDirectory() as folder:
        root = put(Path(folder), {file: text}, names)
        before = open_queue(str(root / file))
        edit = edit_queue(str(root / file), drops_of(before, gone))
        assert (edit.left, sorted(edit.removed)) == ((), sorted(gone))
        write_edit(edit)
        after = (root / file).read_bytes().decode()
        assert is_cut_of(after, text)
        if make in (quilt, suse, spec):
            away = [*gone, *(f"%patch -P {10 * i} " for i in which)]
            lines = re.findall(r"[^\n]*\n|[^\n]+", text)
            assert after == "".join(one for one in lines if one[:1] == "#" or not any(name in one for name in away))
        assert all(line in after.split("\n") for line in text.split("\n") if line[:1] == "#")
        assert {one.name for one in root.iterdir()} == {file, *(set(names) - set(gone))}
        if set(names) - set(gone):
            assert known(open_queue(str(root / file))) == [one for one in known(before) if one.name not in gone]
