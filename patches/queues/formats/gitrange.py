"""`REPO@base..branch`: one commit is one patch; merges are left out, as git format-patch does.

The commits' own ids are not in the headers: a queue's branch proves nothing about where its commits are upstream.
"""

from __future__ import annotations

import re
import tempfile

from kcfg.base.errors import UserError
from kcfg.sources.gitrepo import DIFF, lines, open_repo
from patches.queues.formats import ListedPatch, QueueListing
from patches.queues.formats.mailbox import title

COMMITS = 5000
"""The longest range that is read as a queue."""

SHOW = ("diff-tree", "--stdin", "--always", "--root", "-r", "--full-index", "--binary", "--pretty=email", *DIFF)


def listing(repository: str, span: str) -> QueueListing:
    """The commits of a range, the oldest first. UserError when there is no such range, or nothing in it."""
    where = f"{repository}@{span}"
    repo = open_repo(repository)
    base, dots, branch = span.partition("...") if "..." in span else span.partition("..")
    ends = [repo.commit(one or "HEAD") for one in (base, branch)]
    ids = repo.text(
        "rev-list", "--reverse", "--topo-order", "--no-merges", f"--max-count={COMMITS + 1}", dots.join(ends), "--"
    ).split()
    if not ids:
        raise UserError("no commits in this range", where=where)
    if len(ids) > COMMITS:
        raise UserError(f"more than {COMMITS} commits: this is no queue of patches", where=where)
    with tempfile.TemporaryFile() as asked:
        asked.write(lines(ids))
        asked.seek(0)
        with repo.stream(*SHOW, stdin=asked) as out:
            data = out.read()
    items = [
        ListedPatch(title(mail, ident[:12], number), "", 0, 1, comment=ident, raw=mail, commit=ident)
        for number, (ident, mail) in enumerate(zip(ids, mails(data, ids), strict=True), 1)
    ]
    return QueueListing("", tuple(items))


def mails(data: bytes, ids: list[str]) -> list[bytes]:
    """git's output cut at the commits, in their order, each without its "From <id>" line."""
    found = []
    at = 0
    for ident in ids:
        start = re.compile(rb"^From " + ident.encode() + rb" [^\n]*\n", re.MULTILINE).search(data, at)
        if not start:
            raise UserError("git's output has not all commits of the range")
        found.append((start.start(), start.end()))
        at = start.end()
    ends = [begin for begin, _ in found[1:]] + [len(data)]
    return [data[after:end] for (_, after), end in zip(found, ends, strict=True)]
