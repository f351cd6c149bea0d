"""Kernel versions as PEP 440 versions, and ranges of them.

`uname -r` and a .config's header say 6.12.43+deb13-amd64, 5.14.0-611.el9.x86_64 or 6.13.0-rc3: what counts is the
number in front. A release candidate counts as its release, because the merge window puts what is new into rc1: a
range ">=6.13" holds for 6.13-rc1, and "<6.13" does not.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from kcfg.base.errors import UserError

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

_NUMBER = re.compile(r"\s*(?:linux[- ])?v?(\d{1,4}(?:\.\d{1,6}){1,3})(?!\d)", re.IGNORECASE | re.ASCII)


@cache
def kernel_version(text: str) -> Version:
    """The version that `text` begins with, release candidates as their release. Raises UserError when there is none."""
    from packaging.version import Version

    found = _NUMBER.match(text)
    if not found:
        raise UserError(f"not a kernel version: {text!r}", hint="a version looks like 6.12 or 6.12.43+deb13-amd64")
    return Version(found.group(1))


@cache
def specifier(text: str) -> SpecifierSet:
    """The range that `text` names, such as ">=5.11,<7". Raises packaging's InvalidSpecifier."""
    from packaging.specifiers import SpecifierSet

    return SpecifierSet(text)


@cache
def in_range(version: str, text: str) -> bool:
    """Whether a kernel version lies in the range `text`; the empty range holds every version."""
    return not text or specifier(text).contains(kernel_version(version), prereleases=True)
