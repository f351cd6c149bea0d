"""Kernel releases and architectures, as users, Makefiles and configurations write them."""

from __future__ import annotations

import re

import msgspec

from kcfg.base.errors import UserError


class KernelUsed(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The model that judged. `origin` is "tree", "git", "tarball" or "snapshot".

    `note` says when it is not the config's own version. `options` are those that chose it, to type them again.
    """

    version: str
    arch: str
    origin: str
    name: str
    note: str = ""
    options: tuple[str, ...] = ()

    @property
    def is_built_in(self) -> bool:
        """Whether it is one of the models that come with kcfg, which a configuration's own header names."""
        return self.origin == "snapshot" and not any("/" in word or word.endswith(".kcfg") for word in self.options)


class Arch(msgspec.Struct, frozen=True):
    """An architecture as users name it, its folder under arch/, and the symbol that is y in its configurations."""

    name: str
    srcarch: str
    marker: str


ARCHES: dict[str, Arch] = {
    arch.name: arch
    for arch in (
        Arch("x86_64", "x86", "X86_64"),
        Arch("i386", "x86", "X86_32"),
        Arch("arm64", "arm64", "ARM64"),
        Arch("arm", "arm", "ARM"),
    )
}


class KernelVersion(msgspec.Struct, frozen=True, eq=False):
    """A kernel release. Ordered and compared by (major, minor, patch); `full` is the text that it was read from."""

    major: int
    minor: int
    patch: int = 0
    full: str = ""

    @classmethod
    def parse(cls, text: str) -> KernelVersion:
        """Read "6.12.43+deb13-amd64", "7.1-rc2", "v5.10". UserError when it does not start with two numbers."""
        found = re.match(r"v?(\d{1,5})\.(\d{1,5})(?:\.(\d{1,5}))?(?!\d)", text.strip(), re.ASCII)
        if not found:
            raise UserError(f"not a kernel version: {text.strip()[:60]!r}", hint="such as 6.12, 6.12.8 or 7.1-rc2")
        return cls(int(found[1]), int(found[2]), int(found[3] or 0), text.strip().removeprefix("v"))

    @property
    def key(self) -> tuple[int, int, int]:
        """What versions are compared by."""
        return (self.major, self.minor, self.patch)

    @property
    def series(self) -> str:
        """The release without its patch level, such as "6.12"."""
        return f"{self.major}.{self.minor}"

    def __str__(self) -> str:
        return self.full or f"{self.major}.{self.minor}.{self.patch}"

    def __eq__(self, other: object) -> bool:
        return self.key == other.key if isinstance(other, KernelVersion) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.key)

    def __lt__(self, other: KernelVersion) -> bool:
        return self.key < other.key

    def __le__(self, other: KernelVersion) -> bool:
        return self.key <= other.key

    def __gt__(self, other: KernelVersion) -> bool:
        return self.key > other.key

    def __ge__(self, other: KernelVersion) -> bool:
        return self.key >= other.key
