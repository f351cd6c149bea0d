"""The one cache folder: where it is, what its entries are named by, how they are kept whole and how old ones go.

Deleting the folder loses nothing. An entry carries a checksum; a damaged, truncated or foreign one is no entry, and is
made anew. A full or read-only disk costs speed, nothing else.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from kcfg.base.atomic import sweep, write_atomic

MAGIC = b"kcfg-cache 2 "
DIGEST_SIZE = 16
LIBRARIES = ("kconfiglib", "pysat")
"""Libraries whose versions change what is kept: the one parses, the other solves. Both name theirs in their file."""


def cache_folder() -> Path:
    """`$XDG_CACHE_HOME/kcfg`; it need not exist. For a user without a home it is where nothing can be."""
    base = os.environ.get("XDG_CACHE_HOME") or ""
    home = os.path.expanduser("~")
    own = Path(home, ".cache") if os.path.isabs(home) else Path(os.devnull)
    return (Path(base) if os.path.isabs(base) else own) / "kcfg"


def key(*parts: str | bytes) -> str:
    """A file name's stem that is another one when any part changes."""
    import hashlib  # loads OpenSSL, which a command that only confines itself does not need

    digest = hashlib.sha256()
    for part in parts:
        digest.update(
            hashlib.sha256(part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part).digest()
        )
    return digest.hexdigest()[:24]


@cache
def code_state(*packages: str) -> str:
    """Changes with any module or data file of these packages, and with the libraries that compute what is kept.

    A floor's `CODE` names what can take part in its answers: itself and, by the rule of arrows, what it stands on.
    """
    states = []
    for package in packages:
        spec = find_spec(package)
        for folder in (spec.submodule_search_locations if spec else None) or ():
            states += [f"{package} {state}" for state in states_below(Path(folder))]
    for library in LIBRARIES:
        spec = find_spec(library)
        if spec and spec.origin:
            states.append(f"{library} {key(Path(spec.origin).read_bytes())}")
    return key("\n".join(states))


def states_below(folder: Path) -> Iterable[str]:
    """Name, size and time of every file of a package that can change what it computes."""
    for path, names, files in os.walk(folder):
        names[:] = sorted(name for name in names if name not in ("__pycache__", "report", "templates"))
        for name in sorted(files):
            if name.endswith((".py", ".toml", ".json", ".kcfg")):
                info = os.stat(os.path.join(path, name))
                yield f"{os.path.relpath(path, folder)}/{name} {info.st_size} {info.st_mtime_ns}"


def read_entry(path: Path) -> bytes | None:
    """What `keep_entry` wrote there, None where there is no whole entry. Using an entry makes it young."""
    with contextlib.suppress(OSError):
        data = path.read_bytes()
        head = len(MAGIC) + DIGEST_SIZE
        if data.startswith(MAGIC) and data[len(MAGIC) : head] == digest_of(memoryview(data)[head:]):
            with contextlib.suppress(OSError):  # a read-only cache is a cache
                os.utime(path)
            return data[head:]
    return None


def keep_entry(path: Path, data: bytes, kept: int) -> None:
    """Write an entry, and remove those of its kind that were used longest ago when there are more than `kept`."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, MAGIC + digest_of(data) + data)
        sweep(str(path.parent))
        trim(path, kept)


def trim(newest: Path, kept: int) -> None:
    """Remove the entries of a kind (the name's ending) that were used longest ago; `newest` stays in any case."""
    ages = []
    for one in newest.parent.glob(f"*{newest.suffix}"):
        with contextlib.suppress(OSError):  # another process removes old ones, too
            ages.append((one != newest, -one.stat().st_mtime_ns, one))
    for _, _, old in sorted(ages)[kept:]:
        with contextlib.suppress(OSError):
            old.unlink()


def digest_of(data: bytes | memoryview) -> bytes:
    """What tells a whole entry from a damaged one."""
    import hashlib

    return hashlib.blake2b(data, digest_size=DIGEST_SIZE).digest()
