"""Reads commits, those of a partial clone as far as they are here.

Nothing that a partial clone lacks is fetched, and git dies where it would have to be.
"""

from __future__ import annotations

import re
import secrets
import tempfile
from collections.abc import Iterable, Sequence, Set
from functools import lru_cache

from kcfg.base.errors import UserError
from kcfg.sources.gitrepo import Repo, lines, open_repo
from patches.upstreams.history import FORMAT, HistoryDocument, documents

NEEDED = re.compile(rb":(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) ")
"""The head of a line of `git log --raw`: modes and names of both sides."""
SUBMODULE = b"160000"


def logged(repo: Repo, shas: Sequence[str], *form: str) -> Iterable[HistoryDocument]:
    """Some commits as `git log` shows them."""
    if not shas:
        return
    mark = secrets.token_hex(16)
    with tempfile.TemporaryFile() as given:
        given.write(lines(shas))
        given.seek(0)
        arguments = ["log", "--stdin", "--no-walk=unsorted", f"--format={mark}{FORMAT}", *form]
        with repo.stream(*arguments, stdin=given) as out:
            yield from documents(out, mark.encode())


def with_diffs(repo: Repo, commits: Sequence[str]) -> frozenset[str]:
    """Those of the commits whose diffs can be made of the blobs that are here; all of a repository that is whole."""
    if not repo.partial:
        return frozenset(commits)
    here = blobs(repo.folder)
    try:
        return frozenset(one for one, needed in changed(repo, commits).items() if needed <= here)
    except UserError:  # trees are missing, too
        return frozenset()


def changed(repo: Repo, commits: Sequence[str]) -> dict[str, Set[bytes]]:
    """Commit -> the blobs of both sides of its diff. UserError where a tree is missing."""
    out: dict[str, Set[bytes]] = {}
    with tempfile.TemporaryFile() as given:
        given.write(lines(commits))
        given.seek(0)
        form = ("--format=%x00%H", "--raw", "--no-abbrev", "--no-renames")
        with repo.stream("log", "--stdin", "--no-walk=unsorted", *form, stdin=given) as told:
            for part in told.read().split(b"\0")[1:]:
                name, _, rest = part.partition(b"\n")
                sides = [side for old, new, *ids in NEEDED.findall(rest) for side in zip((old, new), ids, strict=True)]
                out[name.decode()] = {
                    bytes.fromhex(one.decode()) for mode, one in sides if mode != SUBMODULE and one.strip(b"0")
                }
    return out


@lru_cache(2)
def blobs(folder: str) -> frozenset[bytes]:
    """The names of all blobs of a repository; asked for by name, a missing one would end git."""
    form = "--batch-check=%(objecttype) %(objectname)"
    with open_repo(folder).stream("cat-file", "--batch-all-objects", "--unordered", form) as told:
        return frozenset(bytes.fromhex(line[5:].strip().decode()) for line in told if line.startswith(b"blob "))


def diff_of(repo: Repo, commit: str) -> bytes:
    """A commit's diff; b"" where it is missing on purpose."""
    return repo.diff(commit) if commit in with_diffs(repo, [commit]) else b""
