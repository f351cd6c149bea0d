"""What of a history is indexed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

AGO = re.compile(r"\d+[ .](second|minute|hour|day|week|month|year)s?([ .]ago)?")


@dataclass(frozen=True, slots=True)
class IndexScope:
    """What of a history is indexed: `paths` (all when empty), commits since a date that git understands ("" for all).

    `main_branch`: "" for the repository's own choice; another one makes nothing but the places of commits anew.
    """

    paths: tuple[str, ...] = ()
    since: str = ""
    main_branch: str = ""

    def arguments(self) -> list[str]:
        """For git rev-list."""
        return [*([f"--since={self.since}"] if self.since else []), *(["--", *self.paths] if self.paths else [])]

    def told(self) -> str:
        """As the index keeps it."""
        return "\0".join((self.main_branch, self.since, *self.paths))

    @staticmethod
    def read(told: str) -> IndexScope:
        """What an index kept."""
        main_branch, since, *paths = [*told.split("\0"), ""][: max(2, told.count("\0") + 1)]
        return IndexScope(tuple(paths), since, main_branch)


def is_date(text: str) -> bool:
    """Whether git and people read the same date in it. git reads words that it does not know as now."""
    if AGO.fullmatch(text):
        return True
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
