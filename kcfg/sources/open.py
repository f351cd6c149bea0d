"""Open a kernel source by what the user names: a directory, a git revision, or a tarball.

Nothing in it is executed, nothing is written. git and the decompressors are imported when they are needed.
"""

from __future__ import annotations

import os

from kcfg.base.errors import UserError
from kcfg.sources.folder import TreeSource
from kcfg.sources.source import Source


def open_source(spec: str) -> Source:
    """Open `directory`, `repository@revision` or a tarball (.tar, .gz, .xz, .zst, .bz2; unpacked at the first read).

    UserError when there is nothing such, or when it has no Kconfig.
    """
    if not spec or "\0" in spec:
        raise UserError("no kernel source given")
    if os.path.isdir(spec):
        return TreeSource(spec)
    if os.path.isfile(spec):
        from kcfg.sources.tar import TarSource

        return TarSource(spec)
    at = spec.find("@")
    while at >= 0:
        if os.path.isdir(spec[:at]):
            from kcfg.sources.git import GitSource

            return GitSource(spec, spec[:at], spec[at + 1 :])
        at = spec.find("@", at + 1)
    if os.path.exists(spec):
        raise UserError("not a kernel source: neither a directory nor a tarball", where=spec)
    raise UserError("no such kernel source", where=spec, hint="a directory, repository@revision, or a tarball")
