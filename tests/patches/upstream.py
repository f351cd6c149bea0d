"""A small upstream with everything that can become of a patch, made with git; and patches of it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

AUTHOR = ("Ann Author", "ann@example.org")
START = 1_600_000_000


def git(repo: Path, *args: str, stdin: str = "", date: int = START, author: tuple[str, str] = AUTHOR) -> str:
    """A git command in a repository, with a clean environment."""
    env = {
        "PATH": os.environ["PATH"], "HOME": str(repo), "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_AUTHOR_NAME": author[0], "GIT_AUTHOR_EMAIL": author[1], "GIT_AUTHOR_DATE": f"{date} +0000",
        "GIT_COMMITTER_NAME": "Com Mitter", "GIT_COMMITTER_EMAIL": "com@example.org",
        "GIT_COMMITTER_DATE": f"{date} +0000",
    }  # fmt: skip
    ran = subprocess.run(["git", "-C", str(repo), *args], env=env, input=stdin, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def source(name: str, count: int = 60) -> list[str]:
    """The lines of a file that is like no other."""
    return [f"int {name}_step_{i}(struct {name} *{name}) {{ return {name}_do({i * 7}); }}" for i in range(count)]


@dataclass
class Upstream:
    """A repository under construction: `files` are the checked-out branch's, `shas` its commits by a short word."""

    path: Path
    files: dict[str, list[str]] = field(default_factory=dict)
    shas: dict[str, str] = field(default_factory=dict)
    time: int = START

    def commit(self, word: str, subject: str, files: dict[str, list[str]], body: str = "", date: int = 0) -> str:
        """A commit of these files."""
        self.time += 86_400
        for name, lines in files.items():
            self.files[name] = lines
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(f"{line}\n" for line in lines))
        git(self.path, "add", "-A")
        message = f"{subject}\n\n{body}\n" if body else f"{subject}\n"
        git(self.path, "commit", "-q", "--allow-empty", "-F", "-", stdin=message, date=date or self.time)
        self.shas[word] = git(self.path, "rev-parse", "HEAD").strip()
        return self.shas[word]

    def tag(self, name: str) -> None:
        git(self.path, "tag", name)

    def changed(self, name: str, changes: dict[int, str | None], extra: Sequence[tuple[int, str]] = ()) -> list[str]:
        """A file's lines with some replaced (None: removed), and some put in before a line."""
        lines: list[str] = []
        for number, line in enumerate(self.files[name]):
            lines += [text for at, text in extra if at == number]
            new = changes.get(number, line)
            lines += [new] if new is not None else []
        return lines

    def patch(self, word: str) -> str:
        """A commit as git format-patch prints it, without the name of the commit."""
        return git(self.path, "format-patch", "-1", "--stdout", "--zero-commit", "--no-signature", self.shas[word])

    def diff(self, word: str) -> str:
        return git(self.path, "show", "--format=", self.shas[word])


def make(path: Path, form: str = "sha1") -> Upstream:
    """The upstream of the tests: see the words of its commits. `form` is the repository's object format."""
    path.mkdir(parents=True)
    git(path, "init", "-q", "-b", "master", f"--object-format={form}")
    up = Upstream(path)
    names = ("net", "block", "bus", "disk", "timer", "page", "event", "grant")
    up.commit("start", "Start", {f"drivers/{name}.c": source(name) for name in names})
    up.tag("v1.0")
    up.commit("same", "net: check the length of a frame", {
        "drivers/net.c": up.changed("drivers/net.c", {}, [
            (10, "    if (net->length > NET_FRAME_LIMIT)"), (10, "        return net_reject(net, NET_TOO_LONG);"),
        ])
    })  # fmt: skip
    up.commit("changed", "block: batch requests", {
        "drivers/block.c": up.changed("drivers/block.c", {
            5: "int block_batch(struct block *block, unsigned int count);",
            20: "    block_queue_request(block, BLOCK_BATCHED);",
            21: "    block_kick_backend(block);",
            40: "    return block_flush_batch(block, count);",
        })
    })  # fmt: skip
    up.commit("half1", "bus: announce the backend", {
        "drivers/bus.c": up.changed("drivers/bus.c", {8: "    bus_announce_backend(bus, BUS_READY);",
                                                      9: "    bus_wait_for_frontend(bus);"})
    })  # fmt: skip
    up.commit("half2", "bus: retire the old handshake", {
        "drivers/bus.c": up.changed("drivers/bus.c", {44: "    bus_retire_handshake(bus);",
                                                      45: "    bus_forget_watches(bus, true);"})
    })  # fmt: skip
    up.commit("large", "disk, timer: use the shared clock", {
        "drivers/disk.c": up.changed("drivers/disk.c", {n: f"    disk_shared_clock_{n}(disk, CLOCK_SHARED);"
                                                        for n in range(4, 30)}),
        "drivers/timer.c": up.changed("drivers/timer.c", {12: "    timer_shared_clock(timer, CLOCK_SHARED);",
                                                          13: "    timer_stop_private(timer);",
                                                          14: "    timer_account_shared(timer, true);"}),
    })  # fmt: skip
    up.commit("small", "page: count foreign mappings", {
        "drivers/page.c": up.changed("drivers/page.c", {7: "    page_count_foreign(page, page->owner);",
                                                        8: "    page_note_mapping(page, FOREIGN_MAP);",
                                                        9: "    page_balance_references(page, page->foreign);"})
    })  # fmt: skip
    up.tag("v1.1")
    up.commit("risky", "event: deliver without a lock", {
        "drivers/event.c": up.changed("drivers/event.c", {15: "    event_deliver_unlocked(event, EVENT_FAST);",
                                                          16: "    event_skip_lock(event);"})
    })  # fmt: skip
    up.commit("revert", 'Revert "event: deliver without a lock"',
              {"drivers/event.c": source("event")}, f"This reverts commit {up.shas['risky']}.")  # fmt: skip
    again = up.changed("drivers/grant.c", {30: "    grant_map_once(grant, GRANT_CACHED);",
                                           31: "    grant_hold_reference(grant);"})  # fmt: skip
    up.commit("first", "grant: map once", {"drivers/grant.c": again})
    up.commit("back", 'Revert "grant: map once"', {"drivers/grant.c": source("grant")},
              f"This reverts commit {up.shas['first']}.")  # fmt: skip
    up.commit("second", "grant: map once", {"drivers/grant.c": again})
    up.commit("fix", "net: the limit is inclusive", {
        "drivers/net.c": up.changed("drivers/net.c", {10: "    if (net->length >= NET_FRAME_LIMIT + 1)"})
    }, f"Fixes: {up.shas['same'][:12]} (\"net: check the length of a frame\")")  # fmt: skip
    up.commit("other", "timer: a rewrite of the wheel", {
        "drivers/timer.c": up.changed("drivers/timer.c", {n: f"    timer_wheel_slot_{n}(timer, WHEEL);"
                                                          for n in range(40, 46)})
    })  # fmt: skip
    up.tag("v1.2")
    mainline = dict(up.files)
    git(path, "checkout", "-q", "-b", "stable-1.0", "v1.0")
    git(path, "cherry-pick", "-x", up.shas["same"], date=up.time + 100)
    up.shas["picked"] = git(path, "rev-parse", "HEAD").strip()
    up.tag("v1.0.1")
    up.files = {f"drivers/{name}.c": source(name) for name in names}
    up.commit("stable", "page: a stopgap for the old allocator", {
        "drivers/page.c": up.changed("drivers/page.c", {50: "    page_stopgap_for_old_allocator(page);",
                                                        51: "    page_disable_cache(page, STOPGAP);"})
    })  # fmt: skip
    up.tag("v1.0.2")
    git(path, "checkout", "-q", "master")
    up.files = mainline
    return up


def patch_of(subject: str, diff: str, extra: str = "", author: tuple[str, str] = AUTHOR) -> str:
    """A patch with a header."""
    date = "Mon, 14 Sep 2020 00:00:00 +0000"
    return f"From: {author[0]} <{author[1]}>\nDate: {date}\nSubject: [PATCH] {subject}\n\n{extra}\n---\n{diff}"


def file_diff(name: str, old: Sequence[str], new: Sequence[str]) -> str:
    """A unified diff of two versions of a file."""
    import difflib

    told = difflib.unified_diff(
        [f"{line}\n" for line in old], [f"{line}\n" for line in new], f"a/{name}", f"b/{name}", n=3
    )
    return f"diff --git a/{name} b/{name}\n" + "".join(told)


def queue_of(up: Upstream, folder: Path) -> Path:
    """A quilt queue with a patch for every verdict, named by it."""
    folder.mkdir(parents=True)
    start = {f"drivers/{n}.c": source(n) for n in ("net", "block", "bus", "disk", "timer", "page", "event", "grant")}
    changed = up.patch("changed").replace("block_flush_batch(block, count)", "block_flush_all(block, count)")
    half = up.diff("half1") + up.diff("half2")
    timer_part = up.diff("large")[up.diff("large").index("diff --git a/drivers/timer.c") :]
    more = list(start["drivers/disk.c"])
    more[50:58] = [f"    disk_vendor_hook_{n}(disk, VENDOR);" for n in range(12)]
    partial = up.diff("small") + file_diff("drivers/disk.c", start["drivers/disk.c"], more)
    other = list(start["drivers/timer.c"])
    other[40:46] = ["    timer_vendor_wheel(timer);", "    timer_vendor_slots(timer, 6);"]
    own = list(start["drivers/bus.c"])
    own[25:27] = ["    bus_vendor_quirk(bus, QUIRK_OWN);", "    bus_vendor_note(bus);"]
    claims = list(start["drivers/event.c"])
    claims[33] = "    event_vendor_counter(event, COUNT_OWN);"
    patches = {
        "merged.patch": up.patch("same"),
        "modified.patch": changed,
        "squashed.patch": patch_of("bus: a new handshake", half),
        "split.patch": patch_of("timer: use the shared clock", timer_part),
        "partial.patch": patch_of("page: count foreign mappings, and hooks", partial),
        "reverted.patch": up.patch("risky"),
        "reapplied.patch": up.patch("first"),
        "stable-only.patch": up.patch("stable"),
        "superseded.patch": patch_of("timer: our wheel", file_diff("drivers/timer.c", start["drivers/timer.c"], other)),
        "claims-wrong.patch": patch_of(
            "event: count", file_diff("drivers/event.c", start["drivers/event.c"], claims),
            f"[ Upstream commit {up.shas['half1']} ]\n",
        ),
        "not-upstream.patch": patch_of("bus: our quirk", file_diff("drivers/bus.c", start["drivers/bus.c"], own)),
        "unknown.patch": "From: a@b.c\nSubject: nothing\n\nno diff here\n",
    }  # fmt: skip
    for name, text in patches.items():
        (folder / name).write_text(text)
    (folder / "series").write_text("".join(f"{name}\n" for name in patches))
    return folder
