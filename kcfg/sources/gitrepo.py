"""The one adapter to GitPython: git commands on a repository that is not trusted.

No hook, file system monitor, external diff, text conversion, replacement or protocol is used, whatever the repository's
own configuration says; a partial clone does not fetch what it lacks.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, BinaryIO

from kcfg.base.errors import UserError

if TYPE_CHECKING:
    import git

SETTINGS = (
    "core.fsmonitor=false", "core.hooksPath=/dev/null", "core.pager=cat", "core.quotePath=true", "protocol.allow=never",
    "diff.external=", "diff.noprefix=false", "diff.mnemonicPrefix=false", "diff.algorithm=myers", "diff.renames=true",
    "diff.context=3", "diff.interHunkContext=0", "diff.suppressBlankEmpty=false", "diff.submodule=short",
    "diff.orderFile=/dev/null", "diff.indentHeuristic=true", "log.showSignature=false", "log.diffMerges=off",
    "log.follow=false", "log.mailmap=false", "log.decorate=false", "color.ui=false", "i18n.logOutputEncoding=utf-8",
    "maintenance.auto=false", "gc.auto=0", "core.commitGraph=true",
)  # fmt: skip
DIFF = ("--no-color", "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/", "-p", "-M")
MAIN = ("master", "main", "trunk", "devel", "develop", "development", "default", "staging", "unstable", "next")
"""Names of main branches, the usual ones first."""
_ASIDE = re.compile(r"^refs/(?:heads|remotes|tags)/")


class Repo:
    """A git repository. Every method raises UserError in one line when git cannot do it."""

    def __init__(self, path: str) -> None:
        try:
            import git
        except ImportError as error:
            raise UserError("git is needed", where=path, hint=str(error).split("\n")[0]) from None
        self.path = path
        self._failed: type[Exception] = git.GitCommandError
        self._git: git.Git = git.Git(path if os.path.isdir(path) else None)
        self._env = {
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_ALLOW_PROTOCOL": "",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_EXTERNAL_DIFF": "",
            "GIT_CEILING_DIRECTORIES": os.path.dirname(os.path.abspath(path)),
            "LC_ALL": "C",
        }
        if not os.path.isdir(path):
            raise UserError("no such folder", where=path, hint="a git repository is needed")
        self.folder = os.fsdecode(self.git("rev-parse", "--absolute-git-dir")).strip()
        self._env["GIT_DIR"] = self.folder

    def command(self, *args: str) -> list[str]:
        """The whole command line."""
        return ["git", *(word for one in SETTINGS for word in ("-c", one)), *args]

    def git(self, *args: str) -> bytes:
        """What a git command prints."""
        try:
            out = self._git.execute(
                self.command(*args), stdout_as_string=False, strip_newline_in_stdout=False, env=self._env
            )
        except self._failed as error:
            raise UserError(explain(getattr(error, "stderr", "") or str(error)), where=self.path) from None
        except OSError as error:
            raise UserError(f"git cannot be run: {error.strerror}", where=self.path) from None
        assert isinstance(out, bytes)
        return out

    def text(self, *args: str) -> str:
        """What a git command prints, without the last line end."""
        return self.git(*args).decode("utf-8", "surrogateescape").rstrip("\n")

    @contextmanager
    def stream(self, *args: str, stdin: BinaryIO | None = None) -> Iterator[IO[bytes]]:
        """A git command's output while it runs. UserError afterwards, when git failed."""
        process = self._git.execute(self.command(*args), as_process=True, istream=stdin, env=self._env)
        inner = process.proc
        assert inner is not None
        assert inner.stdout is not None
        try:
            yield inner.stdout
        except BaseException:
            inner.kill()
            inner.wait()
            inner.stdout.close()
            if inner.stderr:
                inner.stderr.close()
            raise
        inner.stdout.close()
        said = inner.stderr.read() if inner.stderr else b""
        if inner.wait():
            raise UserError(explain(said.decode("utf-8", "replace")), where=self.path)

    def commit(self, revision: str) -> str:
        """The commit of a revision, 40 hex digits."""
        if not revision or revision.startswith("-") or re.search(r"[\0\s]", revision):
            raise UserError(f"not a git revision: {revision!r}", where=self.path)
        try:
            return self.text("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        except UserError:
            raise UserError(f"no revision {revision!r} in this repository", where=self.path) from None

    def refs(self) -> dict[str, str]:
        """Branches and tags -> the commit that each stands for; what stands for no commit is left out."""
        form = "%(refname)%00%(objecttype)%00%(objectname)%00%(*objecttype)%00%(*objectname)"
        out = {}
        for line in self.text("for-each-ref", f"--format={form}", "refs/heads", "refs/remotes", "refs/tags").split(
            "\n"
        ):
            if not line:
                continue
            name, kind, sha, inner, target = line.split("\0")
            if name.endswith("/HEAD"):
                continue
            if kind == "commit":
                out[name] = sha
            elif inner == "commit":
                out[name] = target
        return out

    def main_branch(self, wanted: str = "") -> str:
        """The ref of the main branch: the wanted one, else the one that the remote or the bare repository calls HEAD.

        Without either it is the checked-out branch if it has a main branch's name, else the one that has; a branch that
        is checked out beyond it, with tags, shows that it is stale.
        """
        refs = self.refs()
        names = [
            f"refs/heads/{wanted}",
            f"refs/remotes/{wanted}",
            f"refs/remotes/origin/{wanted}",
            f"refs/tags/{wanted}",
        ]
        if wanted:
            found = next((name for name in names if name in refs), "")
            if not found:
                raise UserError(f"no branch {wanted!r}", where=self.path)
            return found
        heads = [
            name for name in map(self.symbolic, ("refs/remotes/origin/HEAD", *self.remote_heads())) if name in refs
        ]
        if heads:
            return heads[0]
        head = self.symbolic("HEAD")
        here = head if head in refs else ""
        if here and (self.bare or here.removeprefix("refs/heads/") in MAIN):
            return self.newer(here, refs)
        common = [
            f"refs/heads/{name}" for name in MAIN if {f"refs/heads/{name}", f"refs/remotes/origin/{name}"} & refs.keys()
        ]
        if common:
            found = self.newer(common[0], refs)
            return here if here and found == common[0] and self.is_ahead(here, found) else found
        return here or min(refs, default="")

    def newer(self, branch: str, refs: dict[str, str]) -> str:
        """A local main branch, or origin's of the same name: what one has locally may be stale, or one's own."""
        theirs = f"refs/remotes/origin/{branch.removeprefix('refs/heads/')}"
        return theirs if theirs in refs else branch

    def is_ahead(self, head: str, branch: str) -> bool:
        """Whether a branch is a stale part of HEAD's: HEAD has all of it, and a tag that it has not."""
        if head == branch or self.text("rev-list", "--max-count=1", branch, f"^{head}"):
            return False
        return bool(self.text("tag", f"--merged={head}", f"--no-merged={branch}"))

    def symbolic(self, name: str) -> str:
        """The ref that a symbolic one stands for, "" where it stands for none."""
        try:
            return self.text("symbolic-ref", "--quiet", name)
        except UserError:
            return ""

    def remote_heads(self) -> list[str]:
        """The HEADs of all remotes."""
        return [
            one
            for one in self.text("for-each-ref", "--format=%(refname)", "refs/remotes").split("\n")
            if one.endswith("/HEAD")
        ]

    @property
    def bare(self) -> bool:
        """Whether it has no work tree, so that HEAD is what its owner chose, not what somebody looks at."""
        return self.text("rev-parse", "--is-bare-repository") == "true"

    def has(self, sha: str) -> bool:
        """Whether a commit is in this repository."""
        try:
            return self.commit(sha) == sha
        except UserError:
            return False

    def diff(self, sha: str) -> bytes:
        """A commit's diff to its first parent."""
        return self.git("show", "--format=", "--first-parent", *DIFF, sha)

    @property
    def shallow(self) -> bool:
        """Whether history was cut off."""
        return bool(self.cut_off)

    @property
    def cut_off(self) -> frozenset[str]:
        """The commits at which a shallow history ends: git shows their whole tree as their change."""
        try:
            with open(os.path.join(self.folder, "shallow"), encoding="ascii", errors="replace") as file:
                return frozenset(file.read().split())
        except OSError:
            return frozenset()

    @property
    def partial(self) -> bool:
        """Whether objects are missing on purpose."""
        try:
            return bool(self.text("config", "--get-regexp", r"^remote\..*\.promisor$"))
        except UserError:
            return False


def open_repo(path: str) -> Repo:
    """The repository in a folder, bare or not."""
    return Repo(path)


def explain(said: str) -> str:
    """git's own words as one line; the cause that a user can mend comes first."""
    text = " ".join(said.replace("stderr: '", " ").split()).strip("' ")
    if "dubious ownership" in text:
        return (
            "git does not read a repository of another user (git config --global --add safe.directory FOLDER allows it)"
        )
    if "not a git repository" in text:
        return "not a git repository"
    found = re.search(r"(?:fatal|error): (.*)", text)
    return f"git: {(found[1] if found else text)[:300]}"


def lines(names: Sequence[str]) -> bytes:
    """Input of a git command that reads names, one a line."""
    return "".join(f"{name}\n" for name in names).encode()
