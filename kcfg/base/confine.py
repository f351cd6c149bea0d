"""Takes from this process, and from what it starts, the rights that a reader of other people's files does not need.

Landlock (Linux 5.13 and later) for files, programs and TCP; a seccomp filter for every socket, and for what Landlock
does not know: owners, permissions, extended attributes. Both need no privilege, both last as long as the process, and
both are inherited. What a kernel lacks is left out, and told in the result: see landlock.rst and seccomp_filter.rst in
Documentation/userspace-api. Numbers are those of include/uapi/linux/{landlock,prctl,seccomp,audit,bpf_common}.h.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import ctypes

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same on every architecture
ASK_VERSION = 1
PATH_BENEATH = 1

EXECUTE, WRITE_FILE = 1 << 0, 1 << 1
REMOVE_DIR, REMOVE_FILE = 1 << 4, 1 << 5
MAKE_CHAR, MAKE_DIR, MAKE_REG, MAKE_SOCK, MAKE_FIFO, MAKE_BLOCK, MAKE_SYM = (1 << bit for bit in range(6, 13))
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
TRUNCATE_VERSION = 3
HANDLED = (
    (1, EXECUTE | WRITE_FILE | REMOVE_DIR | REMOVE_FILE),
    (1, MAKE_CHAR | MAKE_DIR | MAKE_REG | MAKE_SOCK | MAKE_FIFO | MAKE_BLOCK | MAKE_SYM),
    (2, REFER),
    (TRUNCATE_VERSION, TRUNCATE),
    (5, IOCTL_DEV),
)
"""What is taken away, with the version of Landlock that can first do so. Reading is not."""
TCP_VERSION, BIND_AND_CONNECT = 4, 3
SCOPE_VERSION, ABSTRACT_SOCKETS_AND_SIGNALS = 6, 3

FILE_RIGHTS = WRITE_FILE | TRUNCATE | IOCTL_DEV
FOLDER_RIGHTS = WRITE_FILE | TRUNCATE | REFER | MAKE_REG | MAKE_DIR | REMOVE_FILE | REMOVE_DIR

NO_NEW_PRIVS, SET_SECCOMP, SECCOMP_FILTER, SET_DUMPABLE = 38, 22, 2, 4
LOAD_WORD, JUMP_EQUAL, JUMP_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
SIG_IGN = 1  # of include/uapi/asm-generic/signal-defs.h
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | 1  # the latter: EPERM
NUMBER_AT, ARCH_AT, REQUEST_AT = 0, 4, 24  # in struct seccomp_data; the last: the low half of the second argument
OTHER_ABI = 0x40000000  # x32's system calls are those with this bit

MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""Machine -> its number in a filter."""
FILTERED = {
    # the network
    "socket": (41, 198), "connect": (42, 203), "bind": (49, 200), "socketpair": (53, 199),
    # owners, permissions, extended attributes
    "chmod": (90, 0), "fchmod": (91, 52), "fchmodat": (268, 53),
    "chown": (92, 0), "fchown": (93, 55), "lchown": (94, 0), "fchownat": (260, 54),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
    # other processes, and programs that are in no file
    "ptrace": (101, 117), "process_vm_writev": (311, 271), "memfd_create": (319, 279), "execveat": (322, 281),
    # what only root may, and what code uses to become root
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "swapon": (167, 224), "swapoff": (168, 225), "reboot": (169, 142), "acct": (163, 89),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "open_by_handle_at": (304, 265),
    "unshare": (272, 97), "setns": (308, 268), "bpf": (321, 280), "perf_event_open": (298, 241),
    "userfaultfd": (323, 282), "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
}  # fmt: skip
"""System call that is refused -> its number on each of the MACHINES; 0: it is not there."""
IOCTL = (16, 29)
TYPED = (0x5412, 0x541C)
"""TIOCSTI and TIOCLINUX: requests by which a terminal takes input as if somebody had typed it."""
FILTERED_EVERYWHERE = {
    "io_uring_setup": 425, "open_tree": 428, "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432,
    "fspick": 433, "pidfd_getfd": 438, "mount_setattr": 442, "fchmodat2": 452, "setxattrat": 463, "removexattrat": 466,
}  # fmt: skip
"""Those that have one number on every machine. What io_uring is asked for, no filter sees."""


class Grants(msgspec.Struct, frozen=True):
    """What stays allowed: folders and files to write, with all below, and programs to run, by their real paths."""

    folders: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()


class Confined(msgspec.Struct, frozen=True):
    """What is in force: Landlock's version (0: none), no_new_privs, the filter of system calls."""

    landlock: int = 0
    no_new_privs: bool = False
    filtered: bool = False

    @property
    def whole(self) -> bool:
        """Whether files, programs and the network are kept away; before TRUNCATE_VERSION, any file can be emptied."""
        return self.landlock >= TRUNCATE_VERSION and self.filtered


def confine(grants: Grants) -> Confined:
    """Confine this process for good. To be called while it has one thread: Landlock binds the one that asks.

    Nothing is raised: what the kernel refuses is not in the result.
    """
    if libc().prctl(NO_NEW_PRIVS, 1, 0, 0, 0):
        return Confined()
    return Confined(restrict(grants), no_new_privs=True, filtered=filter_calls())


def restrict(grants: Grants) -> int:
    """Landlock; the version that is in force."""
    version = call(CREATE_RULESET, None, 0, ASK_VERSION)
    if version < 1:
        return 0
    files = 0
    for since, rights in HANDLED:
        files |= rights if version >= since else 0
    words = [files]
    if version >= TCP_VERSION:
        words.append(BIND_AND_CONNECT)
    if version >= SCOPE_VERSION:
        words.append(ABSTRACT_SOCKETS_AND_SIGNALS)
    asked = struct.pack(f"={len(words)}Q", *words)
    rules = call(CREATE_RULESET, asked, len(asked), 0)
    if rules < 0:
        return 0
    try:
        allow(rules, grants.folders, FOLDER_RIGHTS & files)
        allow(rules, grants.files, FILE_RIGHTS & files)
        allow(rules, grants.programs, EXECUTE)
        return 0 if call(RESTRICT_SELF, rules, 0) else version
    finally:
        os.close(rules)


def allow(rules: int, paths: Iterable[str], rights: int) -> None:
    """Rules for paths; for one that is not there, none: what is made there later is refused."""
    for path in paths:
        try:
            handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue
        call(ADD_RULE, rules, PATH_BENEATH, struct.pack("=Qi", rights, handle), 0)
        os.close(handle)


def hide() -> None:
    """Keep other processes of this user from this one's memory."""
    libc().prctl(SET_DUMPABLE, 0, 0, 0, 0)


def ignore(number: int) -> None:
    """Let a signal do nothing to this process."""
    from ctypes import c_void_p

    libc().signal(number, c_void_p(SIG_IGN))


def filter_calls() -> bool:
    """The filter of system calls; whether it is in force."""
    machine = os.uname().machine
    if machine not in MACHINES or sys.maxsize < 1 << 32:
        return False
    from ctypes import addressof, create_string_buffer

    steps = program(machine)
    code = create_string_buffer(b"".join(steps))
    given = struct.pack("@HP", len(steps), addressof(code))
    return not libc().prctl(SET_SECCOMP, SECCOMP_FILTER, given, 0, 0)


def refused_calls(machine: str) -> list[int]:
    """The numbers of the system calls that are refused on a machine."""
    at = list(MACHINES).index(machine)
    own = [numbers[at] for numbers in FILTERED.values() if numbers[at]]
    return [*own, *FILTERED_EVERYWHERE.values()]


def program(machine: str) -> list[bytes]:
    """A filter that refuses these calls, what types into a terminal, and all of another architecture's or of x32."""
    refused = refused_calls(machine)
    typed = [
        step(JUMP_EQUAL, IOCTL[list(MACHINES).index(machine)], over_unless=len(TYPED) + 1),
        step(LOAD_WORD, REQUEST_AT),
        *(step(JUMP_EQUAL, request, over_if=len(TYPED) - at) for at, request in enumerate(TYPED)),
    ]
    rest = len(typed) + 1  # up to what refuses
    steps = [
        step(LOAD_WORD, ARCH_AT),
        step(JUMP_EQUAL, MACHINES[machine], over_unless=len(refused) + rest + 2),
        step(LOAD_WORD, NUMBER_AT),
        step(JUMP_AT_LEAST, OTHER_ABI, over_if=len(refused) + rest),
    ]
    steps += [step(JUMP_EQUAL, number, over_if=len(refused) + rest - 1 - at) for at, number in enumerate(refused)]
    return [*steps, *typed, step(RETURN, ALLOW), step(RETURN, REFUSE)]


def step(code: int, value: int, *, over_if: int = 0, over_unless: int = 0) -> bytes:
    """One instruction, struct sock_filter: how many it jumps over if its condition holds, and if not."""
    return struct.pack("=HBBI", code, over_if, over_unless, value)


def call(number: int, *args: int | bytes | None) -> int:
    """A system call that the C library has no name for; -1 where it fails."""
    from ctypes import c_long, c_void_p

    given = [arg if isinstance(arg, bytes) else c_void_p(arg) if arg is None else c_long(arg) for arg in args]
    return int(libc().syscall(c_long(number), *given))


def libc() -> ctypes.CDLL:
    """The C library."""
    from ctypes import CDLL

    return CDLL(None, use_errno=True)


def runnable(name: str, path: str) -> tuple[str, ...]:
    """What has to be allowed so that a program of PATH runs: its files, and the loaders or interpreters that they name.

    All of that name in PATH, since the first may be a script that runs the next; none where there is no such program.
    """
    out = []
    for folder in path.split(os.pathsep):
        found = os.path.join(folder or ".", name)
        if os.path.isfile(found) and os.access(found, os.X_OK):
            out += needed(os.path.realpath(found))
    return tuple(dict.fromkeys(out))


def needed(file: str, depth: int = 3) -> list[str]:
    """A program and what the kernel opens to run it."""
    out = [file]
    try:
        with open(file, "rb") as stream:
            head = stream.read(1 << 12)
    except OSError:
        return out
    wrapped = os.path.join(os.path.dirname(file), f".{os.path.basename(file)}-wrapped")  # as Nix and Guix do it
    if os.path.isfile(wrapped):
        out.append(os.path.realpath(wrapped))
    inner = interpreter(head)
    if inner and depth:
        out += needed(os.path.realpath(inner), depth - 1)
    return out


def interpreter(head: bytes) -> str:
    """The interpreter that the first bytes of a program name: "#!", or PT_INTERP of ELF's 64-bit little-endian form."""
    if head.startswith(b"#!"):
        words = head[2:].split(b"\n")[0].split()
        return os.fsdecode(words[0]) if words else ""
    if head[:6] != b"\x7fELF\x02\x01" or len(head) < 64:
        return ""
    start, size, count = (
        *struct.unpack_from("<Q", head, 32),
        *struct.unpack_from("<HH", head, 54),
    )
    for at in range(start, start + size * count, size or 1):
        if at + 56 > len(head):
            break
        if struct.unpack_from("<I", head, at)[0] == 3:
            offset, length = struct.unpack_from("<Q", head, at + 8)[0], struct.unpack_from("<Q", head, at + 32)[0]
            return os.fsdecode(head[offset : offset + length].rstrip(b"\0"))
    return ""
