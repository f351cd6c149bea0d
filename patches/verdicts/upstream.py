"""The upstreams of a question: git histories and mailing lists by their indexes, releases by their trees."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kcfg.base.errors import UserError
from kcfg.base.progress import Progress
from kcfg.sources.gitobjects import Objects
from kcfg.sources.gitrepo import Repo, open_repo
from patches.findings import UpstreamKind, UpstreamUsed
from patches.text.parse import PATCH_LIMIT, parse_patch
from patches.upstreams.commits import diff_of
from patches.upstreams.index import Index
from patches.upstreams.indexing import default_jobs, update
from patches.upstreams.limits import read as read_limits
from patches.upstreams.opening import opened
from patches.upstreams.store import working_file
from patches.upstreams.tags import is_release
from patches.verdicts.apply import FileLines, lines_of
from patches.verdicts.based import Since, without_ends
from patches.verdicts.match import Matcher
from patches.verdicts.moves import Moves
from patches.verdicts.rewritten import Arrival
from patches.verdicts.standing import Target

if TYPE_CHECKING:
    from patches.text.headers import Header
    from patches.text.patch import Patch
    from patches.verdicts.judgement import Judgement
    from patches.verdicts.tree import ContentTree

CONTENTS = 4
"""How many files are kept that patches were made for."""
READ = 256
"""How many commits' diffs are kept."""


@dataclass(frozen=True)
class History:
    """A git history with its index."""

    repo: Repo
    index: Index
    matcher: Matcher
    used: UpstreamUsed
    _open: list[Objects] = field(default_factory=list)

    def judge(self, patch: Patch, header: Header, without: frozenset[int] = frozenset()) -> Judgement:
        """What this history says of a patch; `without` leaves commits out as if they did not exist."""
        from patches.verdicts.checks import as_far_as_known
        from patches.verdicts.named import judge_name
        from patches.verdicts.verdict import judge

        if patch.files:
            found = judge(patch, header, self.matcher, without)
        else:
            found = judge_name(header, self.matcher.leaving_out(without) if without else self.matcher)
        return as_far_as_known(found, self.used.limits)

    def leaving_out(self, shas: Iterable[str]) -> History:
        """The history as if it did not have these commits, except those that mainline or a release has."""
        index = self.index
        found = (index.commit(ident) for sha in shas for ident in index.find_sha(sha))
        own = frozenset(one.ident for one in found if not one.mainline and not is_release(one.tag))
        if not own:
            return self
        matcher = self.matcher.leaving_out(own)
        return replace(self, index=matcher.index, matcher=matcher)

    def target(self, revision: str = "") -> Target:
        """The files of a revision, "" for the main branch's newest."""
        from patches.queues.gitfiles import GitFiles

        files = GitFiles(self.repo.path, revision or self.index.meta["head"])
        name = revision or self.index.meta["main"].split("/", 2)[-1]
        return Target(name, files, files.mode, self.moves.names, since=self.since, versions=self.versions)

    @cached_property
    def moves(self) -> Moves:
        """Where its files went."""
        return Moves(self.index, self.read)

    def arrival(self, sha: str) -> Arrival:
        """A commit's files and its diff, read when they are asked for."""
        from patches.queues.gitfiles import CommitFiles

        files, before = (CommitFiles(self.repo, self.objects, one) for one in (sha, f"{sha}^"))
        return Arrival(sha, files, lambda: self.read(sha), self.moves.names, before)

    def versions(self, path: str) -> Iterator[FileLines]:
        """A file as mainline's releases had it, the newest first."""
        last = {commit.tag: commit.sha for commit in map(self.index.commit, self.index.touching(path))}
        for sha in [*last.values()][::-1]:
            if (data := self.objects().find(f"{sha}:{path}", PATCH_LIMIT)) is not None:
                yield lines_of(data)

    def since(self, ident: str, lines: FileLines) -> Since | None:
        """How a file differs from a content that git calls so; None where the repository lacks that."""
        base = self.content(ident)
        return None if base is None else Since(base, without_ends(lines))

    @cached_property
    def content(self) -> Callable[[str], list[bytes] | None]:
        """The lines of a content by git's name; None where the repository lacks it. It is asked for again and again."""

        def read(ident: str) -> list[bytes] | None:
            found = self.objects().find(ident, PATCH_LIMIT) if ident.strip("0") else None
            return None if found is None else without_ends(lines_of(found))

        return lru_cache(CONTENTS)(read)

    def read(self, sha: str) -> Patch:
        """A commit's diff."""
        read = self.matcher.read
        return read(sha) if read else parse_patch(sha, diff_of(self.repo, sha))

    def objects(self) -> Objects:
        """The one reader of objects; another one after it failed."""
        if self._open and self._open[0].failed:
            self._open.clear()
        if not self._open:
            self._open.append(Objects(self.repo))
        return self._open[0]

    def reached(self, revision: str, wanted: Collection[str]) -> frozenset[str]:
        """Those of the commits that a revision has."""
        missing = set(wanted)
        found = set()
        with self.repo.stream("rev-list", self.repo.commit(revision)) as out:
            for line in out:
                sha = line.strip().decode()
                if sha in missing:
                    missing.discard(sha)
                    found.add(sha)
        return frozenset(found)


def open_upstream(
    spec: str,
    index: str,
    main_branch: str,
    jobs: int,
    paths: Iterable[str],
    tell: Progress,
    look: bool = False,
) -> History | ContentTree:
    """A repository by its history; a folder without one, a tarball, or REPO@revision by its content alone.

    `paths`: those of the queue, for which a tarball is read. UserError when it is none of these.
    """
    from patches.queues.files import DiskFiles
    from patches.queues.gitfiles import GitFiles
    from patches.upstreams.tarfiles import TarFiles
    from patches.verdicts.tree import ContentTree

    if os.path.isdir(spec):
        if is_repository(spec):
            return open_history(spec, index, main_branch, jobs, tell, look)
        files = DiskFiles(spec, huge=True)
        if not files.walk():
            raise UserError("no file in it", where=spec, hint="an empty folder is no source to compare with")
        return ContentTree(files, spec, paths)
    if os.path.isfile(spec):
        tell("reading the tarball", 0, 0)
        tarball = TarFiles(spec, paths)
        tarball.prepare()
        return ContentTree(tarball, spec, paths)
    repository, at, revision = spec.rpartition("@")
    if at and os.path.isdir(repository):
        return ContentTree(GitFiles(repository, revision), spec, paths)
    raise UserError("no such upstream", where=spec, hint="a git repository, a source tree, a tarball, or REPO@revision")


def is_repository(path: str) -> bool:
    """Whether a folder is itself a git repository, bare or not, by its looks."""
    inside = [os.path.join(path, name) for name in ("HEAD", "objects", "refs")]
    return os.path.exists(os.path.join(path, ".git")) or all(map(os.path.exists, inside))


def open_history(path: str, index: str, main_branch: str, jobs: int, tell: Progress, look: bool = False) -> History:
    """A history, its index made or brought up to date first; `look`: and looked through."""
    repo = open_repo(path)
    file, passing = (Path(index), ()) if index else working_file(repo.folder)
    many = jobs or default_jobs()
    found, remade = opened(lambda whole: update(path, file, None, many, tell, main_branch, whole), look)
    newest = found.newest_tag()
    limits = (*read_limits(found.meta.get("limits", "")), *passing, *remade)
    used = UpstreamUsed(
        name=path, kind=UpstreamKind.HISTORY, commits=found.count, head=found.meta.get("head", ""), newest_tag=newest,
        limits=limits, main=found.meta.get("main", "").split("/", 2)[-1],
    )  # fmt: skip
    read = lru_cache(READ)(lambda sha: parse_patch(sha, diff_of(repo, sha)))
    return History(repo, found, Matcher(found, read=read), used)
