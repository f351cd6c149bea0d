"""Facts of the target's witness, part by part: files that moved, and hunks that stand nowhere as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from patches.text.parse import parse_patch
from patches.text.patch import Patch
from patches.verdicts.rewritten import Arrival, arrived
from patches.verdicts.tree import Content, hunk_state
from tests.patches.upstream import file_diff, source


@dataclass
class Files:
    """A tree in memory."""

    texts: Mapping[str, bytes]
    name: str = "memory"

    def find(self, path: str) -> str:
        return path if path in self.texts else ""

    def read(self, path: str) -> bytes:
        return self.texts[path]


def patch_for(*paths: str, at: int = 20, line: str = "    one_new_line(one, NEW);") -> Patch:
    """One line changed in each of these files."""
    old = source("one")
    new = [*old[:at], line, *old[at + 1 :]]
    return parse_patch("p", "".join(file_diff(path, old, new) for path in paths).encode())


def test_a_file_that_was_renamed_is_looked_at_under_its_other_name() -> None:
    (one,) = patch_for("src/x/one.c").files
    files = Files({"lib/x/one.c": b"text\n", "other/x/one.c": b"more\n"})
    for names, found in ((("other/x/one.c",), [b"more\n"]), (("gone.c", "lib/x/one.c"), [b"text\n"]), ((), None)):
        renamed = {"src/x/one.c": names}
        assert arrived(one, Arrival("a", files, lambda: patch_for("lib/x/one.c"), renamed.__getitem__)) == found


def test_a_file_that_a_patch_removes_is_there_as_long_as_it_is_whatever_it_says() -> None:
    old = source("one")
    text = "diff --git a/one.c b/one.c\ndeleted file mode 100644\n--- a/one.c\n+++ /dev/null\n"
    text += f"@@ -1,{len(old)} +0,0 @@\n" + "".join(f"-{line}\n" for line in old)
    (one,) = parse_patch("p", text.encode()).files
    (hunk,) = one.hunks
    for lines in (old, source("two")):
        state = hunk_state(one, hunk, Content([f"{line}\n".encode() for line in lines], frozenset()))
        assert (state.there, state.absent) == (False, True)
    state = hunk_state(one, hunk, None)
    assert (state.there, state.absent) == (True, False)
