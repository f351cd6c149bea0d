"""The one way to call git, and the one adapter to GitPython: commands on a repository that is not trusted.

No hook, file system monitor, external diff, text conversion, replacement, graft or protocol is used, whatever the
repository's own configuration says; a partial clone does not fetch what it lacks. Of the caller's GIT_* variables only
those reach git that say where its programs and its user's configuration are.
"""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import IO, TYPE_CHECKING, BinaryIO

from kcfg.base.errors import UserError
from kcfg.sources.waiting import irregular, opened, refuse_waiting, storage

if TYPE_CHECKING:
    import git

SETTINGS = (
    "core.fsmonitor=false", "core.hooksPath=/dev/null", "core.pager=cat", "core.quotePath=true", "protocol.allow=never",
    "diff.external=", "diff.noprefix=false", "diff.mnemonicPrefix=false", "diff.algorithm=myers", "diff.renames=true",
    "diff.context=3", "diff.interHunkContext=0", "diff.suppressBlankEmpty=false", "diff.submodule=short",
    "diff.orderFile=/dev/null", "diff.indentHeuristic=true", "log.showSignature=false", "log.diffMerges=off",
    "log.follow=false", "log.mailmap=false", "log.decorate=false", "color.ui=false", "i18n.logOutputEncoding=utf-8",
    "maintenance.auto=false", "gc.auto=0", "core.commitGraph=true", "core.useReplaceRefs=false",
    "core.attributesFile=/dev/null", "core.bigFileThreshold=512m", "log.showRoot=true", "diff.relative=false",
    "advice.graftFileDeprecated=false",
)  # fmt: skip
"""What is asked of git for every command, above all configuration."""
KEPT = ("GIT_EXEC_PATH", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM")
"""Of the caller's GIT_* variables, those that git sees. None that `git rev-parse --local-env-vars` names is among them,
and none that changes a diff, a path, a protocol or an object store."""
ENVIRONMENT = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_PROTOCOL_FROM_USER": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,  # else .git/info/grafts is obeyed
    "GIT_EXTERNAL_DIFF": "",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_PAGER": "cat",
    "LC_ALL": "C",
    # A git that prints many diffs gives the memory of each file back to the system, and asks for it again.
    "MALLOC_TOP_PAD_": str(32 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(256 << 20),
}
DIFF = ("--no-color", "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/", "-p", "-M")
MAIN = ("master", "main", "trunk", "devel", "develop", "development", "default", "staging", "unstable", "next")
"""Names of main branches, the usual ones first."""
_NUMBERS = re.compile(r"\d+(?:[._]\d+)*")
MESSAGE_LIMIT = 1 << 16
FORMATS = {"sha1": 40, "sha256": 64}
"""Object format -> hex digits of a name."""


_ENVIRON = threading.Lock()
_COPIES: list[subprocess.Popen[bytes]] = []
"""In a forked process, what the other one runs: closing its pipes would wait for a thread that is not here."""


@contextmanager
def without_callers_variables() -> Iterator[None]:
    """This process without the GIT_* variables that would change an answer: GitPython starts from its environment."""
    with _ENVIRON:
        taken = {name: os.environ.pop(name) for name in list(os.environ) if name[:4] == "GIT_" and name not in KEPT}
        try:
            yield
        finally:
            os.environ.update(taken)


def program(folder: str, where: str) -> git.Git:
    """GitPython's git in a folder. UserError where there is no git."""
    try:
        with without_callers_variables():
            import git
    except ImportError as error:
        raise UserError("git is needed", where=where, hint=str(error).split("\n")[0]) from None
    return git.Git(folder)


def is_revision(text: str) -> bool:
    """Whether a text can name a revision, and is no option."""
    return bool(text) and not text.startswith("-") and not re.search(r"[\0\s]", text)


class Repo:
    """A git repository. Every method raises UserError in one line when git cannot do it. `folder` is its git folder.

    `bare`: it has no work tree, so that HEAD is what its owner chose, not what somebody looks at.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        if not os.path.isdir(path):
            raise UserError("no such folder", where=path, hint="a git repository is needed")
        if not os.access(path, os.X_OK):  # GitPython would run git in this process's own folder, on what is there
            raise UserError("permission denied", where=path)
        refuse_waiting(opened(path))
        self._git = program(path, path)
        self._env = {**ENVIRONMENT, "GIT_CEILING_DIRECTORIES": os.path.dirname(os.path.abspath(path))}
        # Where GIT_DIR is set, git takes a repository whose configuration does not say that it is bare for none.
        told = os.fsdecode(self.git("rev-parse", "--absolute-git-dir", "--is-bare-repository")).strip("\n")
        self.folder, _, bare = told.rpartition("\n")
        self.bare = bare == "true"
        self._env["GIT_DIR"] = self.folder
        # Without its work tree and index, no .gitattributes there says what is binary: a folder without a repository.
        self._env["GIT_INDEX_FILE"] = os.path.join(os.sep, "no", "index", "of", "kcfg")
        self._git = program(os.sep, path)
        for folder in storage(self.folder):
            refuse_waiting(irregular(folder))

    def command(self, *args: str) -> list[str]:
        """The whole command line."""
        return ["git", "--no-replace-objects", *(word for one in SETTINGS for word in ("-c", one)), *args]

    def git(self, *args: str) -> bytes:
        """What a git command prints."""
        with self.stream(*args) as out:
            return out.read()

    @contextmanager
    def stream(self, *args: str, stdin: BinaryIO | None = None) -> Iterator[IO[bytes]]:
        """A git command's output while it runs. UserError afterwards, when git failed.

        A process that was forked meanwhile, and has a copy of this, leaves git to the one that started it.
        """
        owner = os.getpid()
        process = self.started(*args, stdin=stdin)
        assert process.stdout is not None
        assert process.stderr is not None
        said: list[bytes] = []
        # A pipe that nobody empties stops a git that has much to complain about.
        listener = threading.Thread(target=drain, args=(process.stderr, said), daemon=True)
        listener.start()
        try:
            yield process.stdout
        except BaseException:
            if os.getpid() == owner:
                process.kill()
            raise
        finally:
            if os.getpid() == owner:
                process.stdout.close()
                process.wait()
                listener.join()
                process.stderr.close()
            else:
                _COPIES.append(process)
        if process.returncode:
            raise UserError(explain(b"".join(said).decode("utf-8", "replace")), where=self.path)

    def started(self, *args: str, stdin: BinaryIO | None) -> subprocess.Popen[bytes]:
        """A git that runs."""
        from git import GitCommandNotFound

        try:
            with without_callers_variables():
                process = self._git.execute(self.command(*args), as_process=True, istream=stdin, env=self._env)
        except GitCommandNotFound:
            raise UserError("git cannot be run: it is not there", where=self.path) from None
        except OSError as error:
            raise UserError(f"git cannot be run: {error.strerror}", where=self.path) from None
        inner = process.proc
        assert inner is not None
        process.proc = None  # it is ended here, by its own status
        return inner

    def text(self, *args: str) -> str:
        """What a git command prints, without the last line end."""
        return self.git(*args).decode("utf-8", "surrogateescape").rstrip("\n")

    @cached_property
    def width(self) -> int:
        """Hex digits of an object's name: 40, in a SHA-256 repository 64."""
        return FORMATS[self.text("rev-parse", "--show-object-format")]

    def resolve(self, revision: str, kind: str) -> str:
        """The whole name of the commit or tree that a revision stands for."""
        if not is_revision(revision):
            raise UserError(f"not a git revision: {revision!r}", where=self.path)
        try:
            return self.text("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{{kind}}}")
        except UserError:
            raise UserError(f"no revision {revision!r} in this repository", where=self.path) from None

    def commit(self, revision: str) -> str:
        """The commit of a revision, by its whole name."""
        return self.resolve(revision, "commit")

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
        return out or self.detached()

    def detached(self) -> dict[str, str]:
        """HEAD of a repository that has no branch and no tag, such as a build's checkout of one commit."""
        try:
            return {"HEAD": self.text("rev-parse", "--verify", "--quiet", "--end-of-options", "HEAD^{commit}")}
        except UserError:
            return {}

    def main_branch(self, wanted: str = "", own: Collection[str] = ()) -> str:
        """The ref of the main branch: the wanted one, else the one that the remote or the bare repository calls HEAD.

        Without either it is the checked-out branch if it has a main branch's name, else the one that has; a branch that
        is checked out beyond it, with releases, shows that it is stale, unless its newest commit is among `own`. A bare
        repository's HEAD shows it of a remote's: a mirror has the remotes of whoever published it, as they once were.
        """
        refs = self.refs()
        names = [
            wanted,
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
        head = self.symbolic("HEAD")
        here = head if head in refs else ""
        if heads:
            return here if self.is_mirror_of(here, heads[0], refs) else heads[0]
        if here and self.bare:
            return self.newer(here, refs)
        common = [
            name for name in (f"refs/heads/{one}" for one in MAIN) if name in refs or self.newer(name, refs) in refs
        ]
        if here.removeprefix("refs/heads/") in MAIN:
            common = [here, *common]
        common.sort(key=lambda name: refs.get(name) in own)
        if common:
            found = self.renamed(self.newer(common[0], refs), refs, own)
            ahead = here and refs[here] not in own and found == common[0] and self.is_ahead(here, found)
            return here if ahead else found
        return here or min(refs, default="")

    def newer(self, branch: str, refs: dict[str, str]) -> str:
        """A local main branch, or the remote's of the same name: what one has locally may be stale, or one's own."""
        remotes = sorted({name.split("/")[2] for name in refs if name.startswith("refs/remotes/")})
        remote = "origin" if "origin" in remotes or len(remotes) != 1 else remotes[0]
        theirs = f"refs/remotes/{remote}/{branch.removeprefix('refs/heads/')}"
        return theirs if theirs in refs and not self.is_mirror_of(branch, theirs, refs) else branch

    def is_mirror_of(self, branch: str, theirs: str, refs: dict[str, str]) -> bool:
        """Whether a remote's branch is a stale part of a bare repository's own."""
        return self.bare and branch in refs and self.is_ahead(branch, theirs)

    def renamed(self, branch: str, refs: dict[str, str], own: Collection[str]) -> str:
        """Where master was renamed to main, or the other way round, the one that went on, to further releases.

        Without a release it may as well be a branch of one's own on top of the mirror of another's.
        """
        other = {"master": "main", "main": "master"}.get(branch.rpartition("/")[2])
        theirs = self.newer(f"refs/heads/{other}", refs) if other else ""
        behind = theirs in refs and refs[theirs] not in {refs[branch], *own} and self.is_ahead(theirs, branch)
        return theirs if behind else branch

    def has_all(self, one: str, other: str) -> bool:
        """Whether one ref has all commits of another."""
        return not self.text("rev-list", "--max-count=1", other, f"^{one}")

    def is_ahead(self, head: str, branch: str) -> bool:
        """Whether a branch is a stale part of HEAD's: HEAD has all of it, and a release that it has not.

        A release is a tag that looks like one that the branch has, but for its numbers: v1.1 beside v1.0, and not
        v1.0-ours or sent-2.
        """
        if head == branch or not self.has_all(head, branch):
            return False
        known = {_NUMBERS.sub("0", tag) for tag in self.text("tag", f"--merged={branch}").split("\n") if tag}
        more = self.text("tag", f"--merged={head}", f"--no-merged={branch}").split("\n")
        return any(tag and (not known or _NUMBERS.sub("0", tag) in known) for tag in more)

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

    @cached_property
    def cut_off(self) -> frozenset[str]:
        """The commits at which a shallow history ends: git shows their whole tree as their change."""
        try:
            with open(
                os.path.join(self.path, self.text("rev-parse", "--git-path", "shallow")),
                encoding="ascii",
                errors="replace",
            ) as file:
                return frozenset(file.read().split())
        except OSError:
            return frozenset()

    @cached_property
    def partial(self) -> bool:
        """Whether objects are missing on purpose."""
        try:
            return bool(self.text("config", "--get-regexp", r"^remote\..*\.promisor$"))
        except UserError:
            return False


def drain(stream: IO[bytes], said: list[bytes]) -> None:
    """Keeps the beginning of what a git complains of."""
    left = MESSAGE_LIMIT
    while part := stream.read1(1 << 13) if hasattr(stream, "read1") else stream.read(1 << 13):
        said.append(part[:left])
        left -= len(said[-1])


def open_repo(path: str) -> Repo:
    """The repository in a folder, bare or not."""
    return Repo(path)


def explain(said: str) -> str:
    """git's own words as one line; the cause that a user can mend comes first."""
    text = " ".join(said.split())
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
