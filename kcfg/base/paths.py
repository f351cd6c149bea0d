"""Paths inside a source or a queue: relative to its top, with "/", never out of it, by whatever link."""

from __future__ import annotations

from collections.abc import Callable

from kcfg.base.errors import UserError

PATH_LIMIT = 4096  # characters of a path; Linux's PATH_MAX
LINK_LIMIT = 40  # symbolic links followed for one path, as in the kernel's own path walk


def clean_path(path: str, where: str) -> str:
    """`path` without "." and "..". UserError when it is absolute, too long, or leads out of the source."""
    if len(path) > PATH_LIMIT:
        raise outside(where, path)
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if not parts:
                raise outside(where, path)
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    if path.startswith("/") or "\0" in path or not parts:
        raise outside(where, path)
    return "/".join(parts)


def follow_links(path: str, link: Callable[[str], str | None], where: str) -> str:
    """`path` with its symbolic links replaced; `link` gives the target of one, None for what is none."""
    todo = path.split("/")[::-1]
    done: list[str] = []
    hops = 0
    while todo:
        part = todo.pop()
        if len(done) > PATH_LIMIT // 2:  # components: links may make a path longer than what names them
            raise outside(where, path)
        if part == "..":
            if not done:
                raise outside(where, path)
            done.pop()
        elif part not in ("", "."):
            target = link("/".join([*done, part]))
            if target is None:
                done.append(part)
                continue
            hops += 1
            if target.startswith("/") or hops > LINK_LIMIT or len(target) > PATH_LIMIT:
                raise outside(where, path)
            todo.extend(reversed(target.split("/")))
    return "/".join(done)


def outside(where: str, path: str) -> UserError:
    """The error for a path that is refused."""
    why = "leads out of the kernel source" if len(path) <= PATH_LIMIT else f"has more than {PATH_LIMIT:,} characters"
    return UserError(f"path {why}: {path[:200]!r}", where=where)
