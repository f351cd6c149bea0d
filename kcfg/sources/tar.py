"""A kernel source in a tarball: what Kconfig needs is kept in memory from one pass over it.

The pass waits until something is read, so that a cache keyed by the archive's stat data never unpacks it.
"""

from __future__ import annotations

import contextlib
import os
import re
import tarfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import IO, Any, cast

from kcfg.base.errors import UserError
from kcfg.base.paths import PATH_LIMIT, clean_path, follow_links
from kcfg.sources.source import FILE_LIMIT, BaseSource, Listed, digest

KEPT_LIMIT = 64 << 20  # Linux 6.12 keeps 12 MB
ARCHIVE_LIMIT = 8 << 30  # Linux 6.12 unpacks to 1.5 GB
HEADER_LIMIT = 1 << 16  # extended tar headers are read into memory; git's have 52 bytes
HEADERS_LIMIT = 128 << 20  # of all members; a tar that gives each a header of its own has 1 KB for one
GLOBAL_LIMIT = 1000  # what extended headers may say of all members
KEPT = re.compile(r"(^|/)(\w*Kconfig[^/]*|Makefile[^/]*|Kbuild)$|(^|/)(scripts|arch/[^/]+/configs|kernel/configs)/")
LONG_NAME = f"a name in this tarball has more than {PATH_LIMIT:,} bytes"
MAGICS = {"gzip": b"\x1f\x8b", "xz": b"\xfd7zXZ\0", "zstd": b"\x28\xb5\x2f\xfd", "bzip2": b"BZh"}


class _Member(tarfile.TarInfo):
    """A header that refuses an extended header of unreasonable size before it is read into memory."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> _Member:
        member = super().frombuf(buf, encoding, errors)
        if member.type in (b"x", b"g", b"X", b"L", b"K") and member.size > HEADER_LIMIT:
            raise UserError(f"a header in this tarball is larger than {HEADER_LIMIT >> 10} KB")
        if member.type in (b"L", b"K") and member.size > PATH_LIMIT + 1:  # with its NUL
            raise UserError(LONG_NAME)
        return member


class _Unpacked:
    """Pieces of data as what tarfile reads from."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = bytearray()

    def read(self, size: int) -> bytes:
        """So many bytes; fewer at the end."""
        while len(self._left) < size and (piece := next(self._pieces, b"")):
            self._left += piece
        found = bytes(self._left[:size])
        del self._left[:size]
        return found


class TarSource(BaseSource):
    """A tarball (.tar, .gz, .xz, .zst, .bz2, by content), its one top folder such as linux-6.12/ stripped."""

    origin = "tarball"
    kept_limit = KEPT_LIMIT

    def __init__(self, name: str) -> None:
        super().__init__(name)
        try:
            with open(name, "rb") as file:
                head = file.read(512)
                info = os.fstat(file.fileno())
        except OSError as error:
            raise UserError((error.strerror or str(error)).lower(), where=name) from None
        self._kind = next((kind for kind, magic in MAGICS.items() if head.startswith(magic)), "")
        if not self._kind and head[257:262] != b"ustar":
            raise UserError("not a kernel source: neither a directory nor a tarball", where=name)
        self._stat = f"{info.st_size}\0{info.st_mtime_ns}\0{info.st_ino}"
        self._files: dict[str, bytes | None] | None = None  # None: there, but not kept
        self._links: dict[str, str] = {}
        self._programs: set[str] = set()
        self._names: dict[str, list[str]] = {}  # folder -> what is in it; "" is the top

    @contextlib.contextmanager
    def _open(self) -> Iterator[IO[bytes]]:
        with contextlib.ExitStack() as stack:
            if self._kind == "gzip":
                import gzip

                yield cast(IO[bytes], stack.enter_context(gzip.open(self.name)))
            elif self._kind == "xz":
                from kcfg.base.packed import expand

                raw = stack.enter_context(open(self.name, "rb"))  # lzma's own file would take any dictionary
                yield cast(IO[bytes], _Unpacked(expand("xz", iter(partial(raw.read, 1 << 16), b""))))
            elif self._kind == "bzip2":
                import bz2

                yield cast(IO[bytes], stack.enter_context(bz2.open(self.name)))
            elif self._kind == "zstd":
                import zstandard

                raw = stack.enter_context(open(self.name, "rb"))
                reader = zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True)
                yield cast(IO[bytes], stack.enter_context(reader))
            else:
                yield stack.enter_context(open(self.name, "rb"))

    def _load(self) -> dict[str, bytes | None]:
        if self._files is None:
            files: dict[str, bytes | None] = {}
            links: dict[str, str] = {}
            self._programs.clear()
            try:
                with (
                    self._open() as stream,
                    tarfile.open(fileobj=stream, mode="r|", tarinfo=_Member, bufsize=1 << 16) as archive,
                ):
                    self._scan(archive, files, links)
            except UserError as error:
                raise UserError(error.message, where=error.where or self.name, hint=error.hint) from None
            except Exception as error:
                if not _is_damage(error):
                    raise
                kind = self._kind or "tar"
                raise UserError(f"damaged or truncated {kind} archive: {error}", where=self.name) from None
            top = self.top(files)
            self._files = {path[len(top) :]: data for path, data in files.items() if path.startswith(top)}
            self._links = {path[len(top) :]: target for path, target in links.items() if path.startswith(top)}
            self._programs = {path[len(top) :] for path in self._programs if path.startswith(top)}
            self._names = named((*self._files, *self._links), self.name)
        return self._files

    def keeps(self, path: str) -> bool:
        """Whether a member's content is kept; `path` has the top folder in front."""
        return bool(KEPT.search(path))

    def top(self, paths: Iterable[str]) -> str:
        """The top folder with a "/", "" when there is none. UserError when it is no kernel source."""
        tops = {path.rpartition("Kconfig")[0] for path in paths if re.fullmatch(r"([^/]+/)?Kconfig", path)}
        if "" in tops:
            return ""
        if len(tops) != 1:
            found = "no Kconfig file" if not tops else "more than one top folder"
            raise UserError(f"not a kernel source: {found} in it", where=self.name)
        return tops.pop()

    def _scan(self, archive: tarfile.TarFile, files: dict[str, bytes | None], links: dict[str, str]) -> None:
        kept = total = headers = 0
        seen = Listed(self.name)
        while member := archive.next():
            cast(Any, archive).members.clear()  # else tarfile keeps all headers, 100 MB for Linux
            extended = member.offset_data - member.offset - 512
            headers += extended
            total += member.size + 512 + extended
            if total > ARCHIVE_LIMIT:
                raise UserError(f"unpacks to more than {ARCHIVE_LIMIT >> 30} GB")
            if headers > HEADERS_LIMIT or len(archive.pax_headers) > GLOBAL_LIMIT:
                raise UserError("the extended headers in this tarball are too many")
            if max(map(size_of, (member.name, member.linkname))) > PATH_LIMIT:
                raise UserError(LONG_NAME)
            seen.add(len(member.name) + len(member.linkname))
            parts = [part for part in member.name.split("/") if part not in ("", ".")]
            path = "/".join(parts)
            if ".." in parts or not parts:
                continue  # outside, or the top folder itself
            if member.issym():
                links[path] = member.linkname
            elif member.islnk():  # a second name of an earlier member
                target = "/".join(part for part in member.linkname.split("/") if part not in ("", "."))
                if target in files:
                    files[path] = files[target]
                    self._programs |= {path} if target in self._programs else set()
            elif member.isreg():
                files[path] = None
                self._programs |= {path} if member.mode & 0o100 else set()
                if self.keeps(path) and member.size <= FILE_LIMIT:
                    kept += member.size
                    if kept > self.kept_limit:
                        raise UserError(f"more than {self.kept_limit >> 20} MB of the files that are needed")
                    data = archive.extractfile(member)
                    files[path] = data.read() if data else b""

    def _find(self, path: str) -> str:
        self._load()
        return follow_links(clean_path(path, self.name), self._links.get, self.name)

    def read(self, path: str) -> bytes:
        files = self._load()
        real = self._find(path)
        if real not in files:
            raise self.missing(path)
        data = files[real]
        if data is None:
            hint = "of a tarball only Kconfig files, makefiles, scripts and configurations are kept: unpack it"
            raise UserError("not kept", where=f"{self.name}:{path}", hint=hint)
        return data

    def exists(self, path: str) -> bool:
        return self._find(path) in self._load()

    def names(self, folder: str) -> Iterable[str]:
        self._load()
        return self._names.get(self._find(folder) if folder else "", ())

    def all_files(self, skip: Callable[[str], bool]) -> list[str]:
        skipped: dict[str, bool] = {"": False}
        return sorted(path for path in self._load() if not is_skipped(path.rpartition("/")[0], skip, skipped))

    def fingerprint(self, paths: Iterable[str]) -> str:
        return digest(self.origin, [self._stat, *sorted(set(paths))])


def is_skipped(folder: str, skip: Callable[[str], bool], known: dict[str, bool]) -> bool:
    """Whether `skip` names a folder, or one that it is in; each is asked once."""
    unknown = []
    while folder not in known:
        unknown.append(folder)
        folder = folder.rpartition("/")[0]
    found = known[folder]
    for one in reversed(unknown):
        found = known[one] = found or skip(one)
    return found


def named(paths: Iterable[str], where: str) -> dict[str, list[str]]:
    """What is in each folder: files, links, and the folders that these are in. UserError for too many folders."""
    found: dict[str, dict[str, None]] = {"": {}}
    seen = Listed(where)
    for path in paths:
        folder, _, name = path.rpartition("/")
        while folder not in found:
            seen.add(len(path))
            found[folder] = {name: None}
            folder, _, name = folder.rpartition("/")
        found[folder][name] = None
    return {folder: list(names) for folder, names in found.items()}


def size_of(name: str) -> int:
    """A name's bytes."""
    return len(name.encode("utf-8", "surrogateescape"))


def _is_damage(error: Exception) -> bool:
    """Whether an exception comes from bad archive data, without importing the libraries to ask."""
    from kcfg.base.packed import Damaged

    known = (tarfile.TarError, EOFError, OSError, ValueError, RecursionError, Damaged)  # headers of headers of ...
    return isinstance(error, known) or type(error).__module__.split(".")[0] in ("zlib", "_lzma", "lzma", "zstandard")
