"""Names that a file had and got: by the renames of mainline's own commits, never by likeness of names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from patches.text.patch import Patch
from patches.upstreams.index import Index

ENDS = 3
"""A file gets its name and gives it up in the first and in the last commits that touch it: so many are read."""
MOST = 12
"""Names of one file."""


@dataclass
class Moves:
    """The renames of a history, looked up when a path is not where it is looked for. `read`: a commit's diff."""

    index: Index
    read: Callable[[str], Patch]
    _known: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def names(self, path: str) -> tuple[str, ...]:
        """The file's other names, the nearest first."""
        if path not in self._known:
            found = [path]
            for name in found:  # grows while it is gone through
                found += [one for one in self.renamed(name) if one not in found]
                if len(found) > MOST:
                    break
            self._known[path] = tuple(found[1:])
        return self._known[path]

    def renamed(self, path: str) -> list[str]:
        """What commits renamed a file to, or from."""
        touching = self.index.touching(path)
        ends = dict.fromkeys([*touching[-ENDS:][::-1], *touching[:ENDS]])
        diffs = (one for ident in ends for one in self.read(self.index.commit(ident).sha).files if one.renamed)
        return [one.new if one.old == path else one.old for one in diffs if path in (one.old, one.new)]
