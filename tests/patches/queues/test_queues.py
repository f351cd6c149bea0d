"""Facts of queues: every format in which distributions keep their patches, and what is stale in a series."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from kcfg.base.errors import UserError
from patches.queues.entries import Cache, Queue, QueueEntry
from patches.queues.files import DiskFiles
from patches.queues.formats import QueueListing
from patches.queues.queue import FORMATS, open_queue
from patches.queues.reasons import OtherSeries, Stale, StaleKind
from patches.text.problems import Problem, ProblemKind
from tests.scaling.measure import MEMORY, cost
from tests.scaling.shapes import Shape

SHA = "0123456789abcdef0123456789abcdef01234567"


def patch(title: str = "A title", path: str = "f.c", prefix: str = "ab") -> str:
    """A small patch."""
    old, new = (f"{one}/{path}" for one in prefix) if prefix else (path, path)
    return f"From: Ann <a@b.c>\nSubject: {title}\n\nText.\n\n--- {old}\n+++ {new}\n@@ -1 +1 @@\n-{title}\n+{title}!\n"


def write(root: Path, files: dict[str, str]) -> Path:
    """A folder with these files; "" is a small patch."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text or patch(name), encoding="utf-8")
    return root


def names(queue: Queue) -> list[str]:
    return [entry.name for entry in queue.entries]


def stale(queue: Queue) -> list[tuple[str, str, str]]:
    return [(one.kind.value, one.name, one.where) for one in queue.findings]


def by_name(queue: Queue) -> dict[str, QueueEntry]:
    return {entry.name: entry for entry in queue.entries}


# quilt


def test_quilt(tmp_path: Path) -> None:
    series = "# The queue\n\na.patch\nsub/b.diff -p0\n\nc.patch -p2 -R # why it is here\n"
    files = {"series": series, "a.patch": "", "sub/b.diff": patch("b", "f.c", ""), "c.patch": patch("c", "x/f.c")}
    queue = open_queue(str(write(tmp_path, files)))
    assert (queue.format, queue.series, queue.findings) == ("quilt", "series", ())
    assert [(one.name, one.strip, one.where, one.position, one.comment, one.reverse) for one in queue.entries] == [
        ("a.patch", 1, "series:3", 1, "", False),
        ("sub/b.diff", 0, "series:4", 2, "", False),
        ("c.patch", 2, "series:6", 3, "why it is here", True),
    ]
    assert [sorted(one.patch.paths) for one in queue.entries] == [["f.c"], ["f.c"], ["f.c"]]
    assert queue.entries[0].header.subject == "a.patch"
    assert open_queue(str(tmp_path / "series")).entries == queue.entries


def test_debian_s_patches_are_found_in_their_folder(tmp_path: Path) -> None:
    dep3 = "Description: Say it\nForwarded: not-needed\n---\n" + patch()
    files = {
        "debian/patches/series": "prefix-abiname/config-prefix.diff\n",
        "debian/patches/prefix-abiname/config-prefix.diff": dep3,
    }
    queue = open_queue(str(write(tmp_path, files)))
    assert (queue.format, names(queue)) == ("quilt", ["prefix-abiname/config-prefix.diff"])
    assert queue.entries[0].header.subject == "Say it"
    assert queue.entries[0].header.claims[0].kind == "never"


def test_sections_are_the_banners_and_comments_of_a_series(tmp_path: Path) -> None:
    bar = "#" * 80
    series = (
        f"#\n# A queue on top of xen.git\n#\n\n{bar}\n# Upstream patches\n#\n# Naming scheme: by commit\n\n"
        f"# From staging\nbackport-0123456789ab.patch #   2024-01-30 13:37:39 - pci: a title\n\nb.patch\n"
        f"{bar}\n# Technical debt.\n#\nc.patch # rossla - CA-168080\n"
    )
    files = {"series": series, "backport-0123456789ab.patch": "", "b.patch": "", "c.patch": ""}
    queue = open_queue(str(write(tmp_path, files)))
    assert [(one.section, one.comment) for one in queue.entries] == [
        ("Upstream patches / From staging", "2024-01-30 13:37:39 - pci: a title"),
        ("Upstream patches / From staging", ""),
        ("Technical debt.", "rossla - CA-168080"),
    ]
    assert queue.entries[0].header.claims[0].commit == "0123456789ab"


def test_mercurial_s_guards_are_conditions(tmp_path: Path) -> None:
    queue = open_queue(str(write(tmp_path, {"series": "a.patch #+new #-old\n", "a.patch": ""})))
    assert [(one.condition, one.comment) for one in queue.entries] == [("+new -old", "")]


def test_what_is_stale_in_a_series(tmp_path: Path) -> None:
    series = "gone.patch\na.patch\n#off.patch -p1\na.patch\n"
    files = {"series": series, "a.patch": "", "off.patch": "", "left.patch": "", "README": "x"}
    queue = open_queue(str(write(tmp_path, files)))
    assert names(queue) == ["a.patch"]
    assert stale(queue) == [
        ("missing", "gone.patch", "series:1"),
        ("twice", "a.patch", "series:4"),
        ("unlisted", "left.patch", "series"),
        ("unlisted", "off.patch", "series:3"),
    ]
    assert queue.findings[1].first == "series:2"
    assert [one.commented for one in queue.findings] == [False, False, False, True]


# SUSE and Qubes


def test_suse(tmp_path: Path) -> None:
    series = (
        "\t# Kernel patches configuration file\n\n"
        "\t########################################################\n\t# sorted patches\n"
        "\t########################################################\n\tpatches.suse/a.patch\n"
        "+still_needed-33?\tpatches.suse/b.patch\n-\tpatches.suse/c.patch\n+x86 -x86 patches.suse/d.patch\n"
        "\t########################################################\n\t# out-of-tree patches\n"
        "\t########################################################\n\tpatches.kabi/e.patch # note\n"
    )
    files = (
        {"series.conf": series} | {f"patches.suse/{one}.patch": "" for one in "abcdx"} | {"patches.kabi/e.patch": ""}
    )
    queue = open_queue(str(write(tmp_path, files)))
    assert queue.format == "suse"
    assert [(one.name, one.condition, one.section, one.comment) for one in queue.entries] == [
        ("patches.suse/a.patch", "", "sorted patches", ""),
        ("patches.suse/b.patch", "+still_needed-33?", "sorted patches", ""),
        ("patches.kabi/e.patch", "", "out-of-tree patches", "note"),
    ]
    assert stale(queue) == [
        ("never", "patches.suse/c.patch", "series.conf:8"),
        ("never", "patches.suse/d.patch", "series.conf:9"),
        ("unlisted", "patches.suse/x.patch", "series.conf"),
    ]


def test_qubes_queue_is_the_spec_s_and_not_its_stale_series(tmp_path: Path) -> None:
    spec = (
        "Name: kernel\nPatch1: a.patch\n# S0ix support:\nPatch61: b.patch\n%prep\n%autosetup -N -c -T\n%autopatch -p1\n"
    )
    files = {
        "kernel.spec.in": spec,
        "series.conf": "gone-1.patch\n# Features\ngone-2.patch\na.patch\n",
        "a.patch": "",
        "b.patch": "",
    }
    queue = open_queue(str(write(tmp_path, files)))
    assert (queue.format, names(queue)) == ("spec", ["a.patch", "b.patch"])
    assert [one.section for one in queue.entries] == ["", "S0ix support:"]
    assert stale(queue) == [("series", "", "series.conf")]
    assert queue.findings[0].series == OtherSeries("suse", 3, 2)
    other = open_queue(str(tmp_path / "series.conf"))
    assert (other.format, names(other)) == ("suse", ["a.patch"])
    assert [one.kind for one in other.findings] == [StaleKind.MISSING, StaleKind.MISSING, StaleKind.UNLISTED]


# RPM spec


def spec(tmp_path: Path, head: str, prep: str = "%autosetup -p1", **files: str) -> Queue:
    text = f"Name: xen\nVersion: 4.17\n{head}\n\n%description\nText\n\n%prep\n{prep}\n\n%changelog\n* %patch9 -p1\n"
    write(tmp_path, {f"SOURCES/{one}.patch": "" for one in "abcd"} | files)
    (tmp_path / "SPECS").mkdir(exist_ok=True)
    (tmp_path / "SPECS" / "xen.spec").write_text(text)
    return open_queue(str(tmp_path / "SPECS" / "xen.spec"))


def test_a_spec_has_its_patches_in_sources(tmp_path: Path) -> None:
    queue = spec(tmp_path, "Patch0: a.patch\nPatch: b.patch\n\n# Ours\nPatch10: c.patch\nPatch: d.patch")
    assert (queue.format, queue.series) == ("spec", "SPECS/xen.spec")
    assert [(one.name, one.strip, one.section, one.where, one.path) for one in queue.entries] == [
        ("a.patch", 1, "", "SPECS/xen.spec:3", "SOURCES/a.patch"),
        ("b.patch", 1, "", "SPECS/xen.spec:4", "SOURCES/b.patch"),
        ("c.patch", 1, "Ours", "SPECS/xen.spec:7", "SOURCES/c.patch"),
        ("d.patch", 1, "Ours", "SPECS/xen.spec:8", "SOURCES/d.patch"),
    ]
    assert queue.findings == ()
    assert open_queue(str(tmp_path)).entries == queue.entries


ALL = "Patch0: a.patch\nPatch1: b.patch\nPatch2: c.patch\nPatch3: d.patch"


@pytest.mark.parametrize(
    ("prep", "expected", "strips"),
    [
        ("%autosetup -n x -p1", "abcd", [1, 1, 1, 1]),
        ("%autosetup", "abcd", [None] * 4),
        ("%autosetup -N\n%autopatch -p2 -m 1 -M 2", "bc", [2, 2]),
        ("%autosetup -N\n%autopatch -p1 3 0", "da", [1, 1]),
        ("%setup -q\n%patch3 -p1 -b .x\n%patch0", "da", [1, 0]),
        ("%setup -q\n%patch -P 2 -p1\n%patch -P1 -p0\n%patch 0 -p3", "cba", [1, 0, 3]),
        ("%setup -q\n%{patch2} -p1\n%patch -p1", "ca", [1, 1]),
        ("%setup -q\npatch -p1 -i %{PATCH3}\npatch -p1 < %PATCH1", "db", [1, 1]),
        ("%setup -q\n./apply-patches series", "abcd", [None] * 4),
    ],
)
def test_how_prep_applies(tmp_path: Path, prep: str, expected: str, strips: list[int | None]) -> None:
    queue = spec(tmp_path, ALL, prep)
    assert "".join(one.name[0] for one in queue.entries) == expected
    assert [one.strip for one in queue.entries] == strips
    left = sorted(set("abcd") - set(expected))
    assert [(one.kind, one.name[0]) for one in queue.findings] == [(StaleKind.NEVER, one) for one in left]


def test_conditions_of_a_spec(tmp_path: Path) -> None:
    head = (
        "%global mine 1\n%if 0\nPatch0: a.patch\n%else\nPatch1: b.patch\n%endif\n"
        "%if 0%{?fedora} >= 41\nPatch2: c.patch\n%else\nPatch3: d.patch\n%endif\n"
        "%if %{mine}\nPatch4: e.patch\n%endif\n%ifarch x86_64\nPatch5: f.patch\n%endif\n"
        "%if !%{mine}\nPatch6: g.patch\n%endif"
    )
    queue = spec(tmp_path, head, **{f"SOURCES/{one}.patch": "" for one in "efg"})
    assert {one.name[0]: one.condition for one in queue.entries} == {
        "b": "", "c": "0%{?fedora} >= 41", "d": "not (0%{?fedora} >= 41)", "e": "", "f": "ifarch x86_64",
    }  # fmt: skip
    assert [(one.kind, one.name) for one in queue.findings] == [
        (StaleKind.NEVER, "a.patch"),
        (StaleKind.NEVER, "g.patch"),
    ]


def test_a_macro_that_is_defined_under_a_condition_is_not_known(tmp_path: Path) -> None:
    head = "%define off 0\n%if %{vanilla}\n%define off 1\n%endif\n%if !%{off}\nPatch0: a.patch\n%endif\n"
    queue = spec(tmp_path, head)
    assert by_name(queue)["a.patch"].condition == "!%{off}"


def test_macros_in_names(tmp_path: Path) -> None:
    head = (
        "%global base %{name}-%{version}\nPatch0: %{base}-a.patch\nPatch1: %{?no}b.patch\n"
        "Patch2: https://x.org/y/c.patch\nPatch3: https://x.org/?id=1#/d.patch\nPatch4: %{what}.patch"
    )
    queue = spec(tmp_path, head, **{"SOURCES/xen-4.17-a.patch": ""})
    assert names(queue) == ["xen-4.17-a.patch", "b.patch", "c.patch", "d.patch"]
    assert [(one.kind, one.name) for one in queue.findings] == [
        (StaleKind.MISSING, "%{what}.patch"),
        (StaleKind.UNLISTED, "SOURCES/a.patch"),
    ]


def test_a_patchlist_is_a_list_of_names(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "x.spec": "Name: x\n%patchlist\na.patch\n# why\nb.patch\n\n%prep\n%autosetup -p1\n",
            "a.patch": "",
            "b.patch": "",
        },
    )
    queue = open_queue(str(tmp_path))
    assert [(one.name, one.section) for one in queue.entries] == [("a.patch", ""), ("b.patch", "why")]


def test_a_source_that_is_a_patch_is_no_stray_file_and_one_in_a_comment_is(tmp_path: Path) -> None:
    queue = spec(tmp_path, "Patch0: a.patch\nPatch1: b.patch\nSource3: c.patch\n#Patch4: d.patch")
    assert names(queue) == ["a.patch", "b.patch"]
    assert stale(queue) == [("unlisted", "SOURCES/d.patch", "SPECS/xen.spec:6")]


def test_a_number_that_is_declared_twice_is_told_by_what_is_missing(tmp_path: Path) -> None:
    queue = spec(tmp_path, "Patch0: a.patch\nPatch0: a.patch\nPatch1: b.patch\nPatch2: c.patch\nPatch3: d.patch")
    assert [(one.kind, one.name) for one in queue.findings] == [(StaleKind.TWICE, "a.patch")]


def test_a_mailbox_in_a_spec_is_one_patch_with_parts(tmp_path: Path) -> None:
    mails = "".join(f"From {SHA} Mon Sep 17 00:00:00 2001\n{patch(one, f'{one}.c')}-- \n2.39\n\n" for one in "xy")
    queue = spec(tmp_path, ALL + "\nPatch4: queue.am", **{"SOURCES/queue.am": mails})
    entry = by_name(queue)["queue.am"]
    assert entry.header.subject == "x"
    assert sorted(entry.patch.paths) == ["x.c", "y.c"]
    assert [sorted(one.paths) for one in entry.parts] == [["x.c"], ["y.c"]]
    assert entry.patch.problems == ()


# folders and mailboxes


def test_a_folder_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    queue = open_queue(
        str(write(tmp_path, {"0002-b.patch": "", "0001-a.patch": "", "z/0001-c.diff": "", "notes.txt": "x"}))
    )
    assert (queue.format, names(queue)) == ("folder", ["0001-a.patch", "0002-b.patch", "z/0001-c.diff"])
    assert [(one.strip, one.section) for one in queue.entries] == [(None, ""), (None, ""), (None, "z")]


def test_packed_patches(tmp_path: Path) -> None:
    text = patch("packed").encode()
    for name, data in (
        ("a.patch.gz", gzip.compress(text)),
        ("b.patch.xz", lzma.compress(text)),
        ("c.diff.bz2", bz2.compress(text)),
    ):
        (tmp_path / name).write_bytes(data)
    (tmp_path / "d.patch.gz").write_bytes(gzip.compress(text)[:-9])
    (tmp_path / "e.patch.xz").write_bytes(b"no")
    queue = open_queue(str(tmp_path))
    assert [one.header.subject for one in queue.entries] == ["packed", "packed", "packed", "", ""]
    assert [(one.kind, one.name) for one in queue.findings] == [
        (StaleKind.UNREADABLE, "d.patch.gz"),
        (StaleKind.UNREADABLE, "e.patch.xz"),
    ]


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstandard.ZstdCompressor().compress,
}


@pytest.mark.parametrize("ending", PACKERS)
def test_a_packed_patch_has_all_its_members(tmp_path: Path, ending: str) -> None:
    pack = PACKERS[ending]
    whole = patch("packed").encode() + patch("packed", "g.c").encode()
    at = whole.index(b"--- b/g.c") if b"--- b/g.c" in whole else whole.rindex(b"--- ")
    (tmp_path / f"a.patch.{ending}").write_bytes(pack(whole[:at]) + pack(whole[at:]))
    (entry,) = open_queue(str(tmp_path)).entries
    assert set(entry.patch.paths) == {"f.c", "g.c"}


def test_a_small_file_that_unpacks_to_64_mb_is_no_gigabyte_and_no_minute(tmp_path: Path) -> None:
    lines = (64 << 20) // 8
    text = b"--- /dev/null\n+++ b/a.c\n@@ -0,0 +1,%d @@\n" % lines + b"+int a;\n" * lines
    (tmp_path / "a.patch.gz").write_bytes(gzip.compress(text, 9))
    assert (tmp_path / "a.patch.gz").stat().st_size < 140_000
    shape = Shape(lambda n, folder: tmp_path, lambda path: open_queue(str(path)), 1)
    found = cost(shape, 1, tmp_path / "work")
    assert (found.broken, found.memory < MEMORY) == ("", True)


def mbox(*mails: str) -> str:
    return "".join(f"From mboxrd@z Thu Jan  1 00:00:00 1970\n{mail}\n" for mail in mails)


def test_each_message_of_a_mailbox_with_a_diff_is_a_patch(tmp_path: Path) -> None:
    cover = "From: Ann <a@b.c>\nSubject: [PATCH v2 0/2] All of it\n\nText.\n"
    path = tmp_path / "x.mbox"
    path.write_text(mbox(cover, patch("[PATCH v2 2/2] b", "b.c"), patch("[PATCH v2 1/2] a", "a.c")))
    queue = open_queue(str(path))
    assert (queue.format, names(queue)) == ("mailbox", ["0002-a", "0001-b"])
    assert [one.header.subject for one in queue.entries] == ["a", "b"]
    assert [one.where for one in queue.entries] == ["x.mbox:19", "x.mbox:7"]


def test_b4_s_file_is_a_mailbox(tmp_path: Path) -> None:
    mail = f"From git@z Thu Jan  1 00:00:00 1970\n{patch('[PATCH 1/1] a')}\n-- \n2.39\n\n"
    (tmp_path / "v2_20220405.am").write_text(mail)
    assert open_queue(str(tmp_path / "v2_20220405.am")).format == "mailbox"


def test_mails_in_quoted_printable_and_base64_are_decoded(tmp_path: Path) -> None:
    import base64

    body = "Text.\n\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-x = 1;\n+x = 2;\n"
    head = "From: A <a@b.c>\nSubject: {}\nContent-Transfer-Encoding: {}\n\n"
    quoted = head.format("q", "quoted-printable") + body.replace("=", "=3D").replace("Text.", "Te=\nxt.")
    packed = head.format("p", "base64") + base64.encodebytes(body.encode()).decode()
    told_only = head.format("t", "quoted-printable") + body
    (tmp_path / "x.mbox").write_text(mbox(quoted, packed, told_only))
    queue = open_queue(str(tmp_path / "x.mbox"))
    assert [one.patch.changed for one in queue.entries] == [("-x = 1;", "+x = 2;")] * 3
    assert queue.entries[0].header.body == "Text."


def test_a_single_patch_is_a_queue_of_one(tmp_path: Path) -> None:
    write(tmp_path, {"one.patch": ""})
    queue = open_queue(str(tmp_path / "one.patch"))
    assert [(one.name, one.header.subject) for one in queue.entries] == [("0001-one.patch", "one.patch")]


# Yocto


def test_yocto(tmp_path: Path) -> None:
    recipe = (
        'require xen.inc\nSRC_URI = "git://xenbits.xen.org/xen.git;branch=${B} \\\n'
        "    file://a.patch \\\n    file://b.patch;striplevel=2 \\\n    file://off.patch;apply=no \\\n"
        '    file://config;subdir=x \\\n    file://${BPN}-c.diff \\\n    file://gone.patch \\\n    "\n'
        'SRC_URI:append:aarch64 = " file://arm.patch"\nSRC_URI:prepend = "file://first.patch "\n'
        '# file://none.patch\nSRC_URI:remove = "file://inc.patch"\n'
    )
    status = "Upstream-Status: Submitted [https://lists.example.org/1]\n\n"
    files = {
        "xen_4.17.bb": recipe, "xen.inc": 'SRC_URI += "file://inc.patch"\n', "files/a.patch": status + patch("a"),
        "xen/b.patch": patch("b", "x/f.c"), "files/off.patch": "", "xen-4.17/xen-c.diff": "", "machine/arm.patch": "",
        "files/first.patch": "", "files/inc.patch": "", "files/left.patch": "",
    }  # fmt: skip
    queue = open_queue(str(write(tmp_path, files)))
    assert queue.format == "yocto"
    assert [(one.name, one.strip, one.where, one.path, one.condition) for one in queue.entries] == [
        ("first.patch", 1, "xen_4.17.bb:11", "files/first.patch", ""),
        ("a.patch", 1, "xen_4.17.bb:3", "files/a.patch", ""),
        ("b.patch", 2, "xen_4.17.bb:4", "xen/b.patch", ""),
        ("xen-c.diff", 1, "xen_4.17.bb:7", "xen-4.17/xen-c.diff", ""),
        ("arm.patch", 1, "xen_4.17.bb:10", "machine/arm.patch", "aarch64"),
    ]
    assert by_name(queue)["a.patch"].header.claims[0].kind == "submitted"
    assert sorted(stale(queue)) == [
        ("missing", "gone.patch", "xen_4.17.bb:8"),
        ("never", "inc.patch", "xen.inc:1"),
        ("never", "off.patch", "xen_4.17.bb:5"),
        ("unlisted", "files/left.patch", "xen_4.17.bb"),
    ]


def test_several_recipes_are_not_guessed_from(tmp_path: Path) -> None:
    files = {f"xen_4.{one}.bb": f'SRC_URI = "file://{one}.patch"\n' for one in (17, 18)}
    write(tmp_path, {**files, "files/17.patch": "", "files/18.patch": ""})
    with pytest.raises(UserError, match=r"several recipes: xen_4\.17\.bb, xen_4\.18\.bb"):
        open_queue(str(tmp_path))
    assert names(open_queue(str(tmp_path / "xen_4.18.bb"))) == ["18.patch"]


# YAML


def test_a_yaml_list_with_version_limits(tmp_path: Path) -> None:
    config = """\
flavors: [zone]
patches:
- patch: a.patch
  series: '5.10'
  upper: 5.10.210
- patches:
  - b.patch
  - sub/c.patch
  any:
  - series: 6.10
    upper: '6.10.3'
  - lower: '6.12'
  order: 0
- patch: never.patch
  lower: '6.12'
  upper: '6.1'
- patch: late.patch
  series: ['6.6', '6.10']
  lower: '6.12.1'
- {patch: a.patch, series: '5.15'}
- patch: gone.patch
"""
    files = {"config.yaml": config} | {
        f"patches/{one}.patch": "" for one in ("a", "b", "sub/c", "never", "late", "left")
    }
    queue = open_queue(str(write(tmp_path, files)))
    assert queue.format == "yaml"
    assert [(one.name, one.where, one.condition) for one in queue.entries] == [
        ("b.patch", "config.yaml:7", "any of (series: 6.10; upper: 6.10.3) or (lower: 6.12)"),
        ("sub/c.patch", "config.yaml:8", "any of (series: 6.10; upper: 6.10.3) or (lower: 6.12)"),
        ("a.patch", "config.yaml:3", "series: 5.10; upper: 5.10.210"),
        ("a.patch", "config.yaml:20", "series: 5.15"),
    ]
    assert stale(queue) == [
        ("never", "never.patch", "config.yaml:14"),
        ("never", "late.patch", "config.yaml:17"),
        ("missing", "gone.patch", "config.yaml:21"),
        ("unlisted", "patches/left.patch", "config.yaml"),
    ]


def test_a_mapping_file_tells_where_another_yaml_keeps_its_queue(tmp_path: Path) -> None:
    mapping = (
        "queue: kernel.yml\nlist: kernel.patches\nname: [file, files]\nfolder: p\nstrip: 0\n"
        "conditions: [since]\nsection: group\ncomment: why\n"
    )
    kernel = (
        "kernel:\n  patches:\n  - {file: a.patch, since: 6.10, group: net, why: it is slow}\n"
        "  - files: [b.patch]\n  - c.patch\n"
    )
    files = {"map.yaml": mapping, "kernel.yml": kernel} | {f"p/{one}.patch": patch(one, prefix="") for one in "abc"}
    write(tmp_path, files)
    queue = open_queue(str(tmp_path / "map.yaml"))
    assert [(one.name, one.strip, one.condition, one.section, one.comment, one.where) for one in queue.entries] == [
        ("a.patch", 0, "since: 6.10", "net", "it is slow", "kernel.yml:3"),
        ("b.patch", 0, "", "", "", "kernel.yml:4"),
        ("c.patch", 0, "", "", "", "kernel.yml:5"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("queue: k.yaml\nlist: x\nnmae: y\n", "unknown key 'nmae'"),
        ("queue: k.yaml\nlist: x\nstrip: one\n", "strip is no number"),
        ("queue: k.yaml\nlist: x\n", "no list of patches at 'x'"),
        ("queue: ../k.yaml\nlist: x\n", "leads out of the queue"),
        ("queue: none.yaml\nlist: x\n", "no such file"),
    ],
)
def test_a_mapping_file_that_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path, {"map.yaml": text, "k.yaml": "a: 1\n"})
    with pytest.raises(UserError, match=message):
        open_queue(str(tmp_path / "map.yaml"))


def test_yaml_that_multiplies_itself_is_refused(tmp_path: Path) -> None:
    rows = ["a0: &a0 [x, x]"] + [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 30)]
    write(tmp_path, {"map.yaml": "queue: k.yaml\nlist: x\n", "k.yaml": "\n".join(rows) + "\n"})
    with pytest.raises(UserError, match="too many aliases"):
        open_queue(str(tmp_path / "map.yaml"))


def test_yaml_makes_no_objects(tmp_path: Path) -> None:
    write(tmp_path, {"map.yaml": "queue: k.yaml\nlist: x\n", "k.yaml": "x: !!python/object/apply:os.getcwd []\n"})
    with pytest.raises(UserError, match="not YAML"):
        open_queue(str(tmp_path / "map.yaml"))


# git


def git(folder: Path, *args: str) -> str:
    env = {
        **os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Ann",
        "GIT_AUTHOR_EMAIL": "a@b.c", "GIT_COMMITTER_NAME": "C", "GIT_COMMITTER_EMAIL": "c@b.c",
    }  # fmt: skip
    done = subprocess.run(["git", *args], cwd=folder, env=env, capture_output=True, check=True)
    return done.stdout.decode()


SERIES = "a.patch\n../f.c\nlink.patch\nout.patch\n"


def repository(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    git(folder, "init", "-q", "-b", "main")
    write(folder, {"f.c": "one\ntwo\nthree\n", "patches/series": SERIES, "patches/a.patch": ""})
    (folder / "patches" / "link.patch").symlink_to("../patches/a.patch")
    (folder / "patches" / "out.patch").symlink_to("../../secret")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "First")
    return folder


def test_a_range_of_commits_is_a_queue(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r")
    git(folder, "checkout", "-q", "-b", "work")
    for number, name in enumerate(("f.c", "g.c"), 1):
        (folder / name).write_text(f"one\n{number}\nthree\n")
        git(folder, "add", ".")
        git(folder, "commit", "-q", "-m", f"x: change {number}\n\nFrom {SHA} Mon Sep 17 00:00:00 2001\n\nWhy.")
    git(folder, "config", "diff.external", "/bin/false")
    git(folder, "config", "diff.noprefix", "true")
    queue = open_queue(f"{folder}@main..work")
    assert queue.format == "git-range"
    assert names(queue) == ["0001-x-change-1", "0002-x-change-2"]
    assert [(one.header.subject, one.header.author, sorted(one.patch.paths)) for one in queue.entries] == [
        ("x: change 1", "Ann", ["f.c"]),
        ("x: change 2", "Ann", ["g.c"]),
    ]
    assert [one.comment for one in queue.entries] == git(folder, "rev-list", "--reverse", "main..work").split()
    assert queue.entries[0].patch.changed == ("-two", "+1")
    assert all(one.patch.problems == () for one in queue.entries)


def test_a_revision_s_queue_is_read_without_a_checkout(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r")
    (folder / "patches" / "series").write_text("changed later\n")
    for spec in ("HEAD", "HEAD:patches", "HEAD:patches/series", "main:patches/"):
        queue = open_queue(f"{folder}@{spec}")
        assert (queue.format, queue.series, names(queue)) == ("quilt", "patches/series", ["a.patch", "link.patch"])
        assert stale(queue) == [("outside", "../f.c", "patches/series:2"), ("outside", "out.patch", "patches/series:4")]


def test_a_cache_gives_the_same_queue(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r")
    cache: Cache = {}
    first = open_queue(f"{folder}@HEAD", cache)
    assert len(cache) == len(first.entries)
    assert open_queue(f"{folder}@HEAD", cache) == first


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("@nothing", "no revision 'nothing'"),
        ("@main..nothing", "no revision 'nothing'"),
        ("@--output=x..main", "not a git revision"),
        ("@main..main", "no commits in this range"),
        ("@HEAD:none", "no such file or folder"),
        ("@", "not a git revision"),
    ],
)
def test_a_revision_that_is_none(tmp_path: Path, spec: str, message: str) -> None:
    folder = repository(tmp_path / "r")
    with pytest.raises(UserError, match=message):
        open_queue(f"{folder}{spec}")


def test_an_empty_repository(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    with pytest.raises(UserError, match="no revision 'HEAD'"):
        open_queue(f"{tmp_path}@HEAD")


def test_a_folder_that_is_no_repository(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not a git repository"):
        open_queue(f"{tmp_path}@HEAD")


# what leads out, and what is no queue


def test_nothing_outside_the_queue_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.patch"
    secret.write_text(patch("secret"))
    root = write(tmp_path / "q", {"ok.patch": "", "sub/ok.patch": ""})
    (root / "link.patch").symlink_to(secret)
    (root / "up.patch").symlink_to("../secret.patch")
    (root / "in.patch").symlink_to("sub/ok.patch")
    (root / "loop.patch").symlink_to("loop.patch")
    (root / "folder").symlink_to(tmp_path)
    listed = [
        str(secret),
        "../secret.patch",
        "link.patch",
        "up.patch",
        "folder/secret.patch",
        "loop.patch",
        "in.patch",
        "ok.patch",
    ]
    (root / "series").write_text("".join(f"{one}\n" for one in listed))
    queue = open_queue(str(root))
    assert names(queue) == ["in.patch", "ok.patch"]
    assert [(one.kind, one.name) for one in queue.findings if one.kind is not StaleKind.UNLISTED] == [
        (StaleKind.OUTSIDE, one) for one in listed[:6]
    ]
    outside = [one for one in queue.findings if one.kind is StaleKind.OUTSIDE]
    assert [one.name for one in outside if not one.error] == [one for one in listed[:6] if ".." in one]


def test_a_patch_that_leaves_the_tree_is_told_in_its_entry(tmp_path: Path) -> None:
    queue = open_queue(str(write(tmp_path, {"a.patch": patch("a", "../../etc/passwd")})))
    assert queue.entries[0].patch.files == ()
    assert queue.entries[0].patch.problems == (Problem(6, ProblemKind.OUTSIDE, "../../etc/passwd"),)


@pytest.mark.parametrize(
    ("series", "error"),
    [
        (b"\x00\x81 x y\n\xff z z\n", "this is no series of patches; it was not read"),
        (None, "a folder, where a series is a file; it was not read as one"),
    ],
)
def test_what_has_a_series_name_and_is_none_is_told(tmp_path: Path, series: bytes | None, error: str) -> None:
    write(tmp_path, {"b.patch": "", "a.patch": ""})
    path = tmp_path / "series"
    path.mkdir() if series is None else path.write_bytes(series)
    queue = open_queue(str(tmp_path))
    assert (queue.format, names(queue)) == ("folder", ["a.patch", "b.patch"])
    assert queue.findings == (Stale(StaleKind.UNREADABLE, "", "series", error=error),)


def test_a_broken_series_beside_a_spec_is_told_too(tmp_path: Path) -> None:
    write(tmp_path, {"x.spec": "Name: x\nPatch0: a.patch\n", "a.patch": "", "series": "what is this\n"})
    queue = open_queue(str(tmp_path))
    assert (queue.format, stale(queue)) == ("spec", [("unreadable", "", "series")])


@pytest.mark.parametrize("series", ["", "# nothing\n"])
def test_an_empty_series_lists_none_of_the_patches_beside_it(tmp_path: Path, series: str) -> None:
    write(tmp_path, {"a.patch": "", "b.patch": ""})
    (tmp_path / "series").write_text(series)
    queue = open_queue(str(tmp_path))
    assert (queue.format, queue.entries) == ("quilt", ())
    assert stale(queue) == [("unlisted", "a.patch", "series"), ("unlisted", "b.patch", "series")]


def test_an_odd_line_of_a_series_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    write(tmp_path, {"series": "b.patch\nwhat is this\na.patch\n", "a.patch": "", "b.patch": ""})
    queue = open_queue(str(tmp_path))
    assert (queue.format, names(queue)) == ("quilt", ["b.patch", "a.patch"])
    assert stale(queue) == [("missing", "what", "series:2")]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.patch")
    write(tmp_path, {"series": "a.patch\nb.patch\n", "b.patch": ""})
    queue = open_queue(str(tmp_path))
    assert names(queue) == ["b.patch"]
    assert [one.kind for one in queue.findings] == [StaleKind.MISSING]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"series": "a.patch\nb.patch\n", "a.patch": "", "b.patch": ""})
    read = DiskFiles.read

    def broken(self: DiskFiles, path: str) -> bytes:
        if path == "a.patch":
            raise UserError("cannot read it: Input/output error", where=path)
        return read(self, path)

    monkeypatch.setattr(DiskFiles, "read", broken)
    queue = open_queue(str(tmp_path))
    error = "cannot read it: Input/output error"
    assert [(one.name, one.patch.problems) for one in queue.entries] == [
        ("a.patch", (Problem(0, ProblemKind.REFUSED, error),)), ("b.patch", ()),
    ]  # fmt: skip
    assert queue.findings == (Stale(StaleKind.UNREADABLE, "a.patch", "series:1", error=error),)


def test_a_patch_without_a_diff_stays_in_the_queue_with_its_problem(tmp_path: Path) -> None:
    queue = open_queue(str(write(tmp_path, {"a.patch": "nothing\n", "b.patch": ""})))
    assert [one.patch.problems for one in queue.entries] == [(Problem(0, ProblemKind.NO_DIFF),), ()]


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), lambda path: None, lambda path: path.write_bytes(b"\0\1")])
def test_what_is_no_queue(tmp_path: Path, make: Callable[[Path], object]) -> None:
    path = tmp_path / "x"
    make(path)
    with pytest.raises(UserError) as raised:
        open_queue(str(path))
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("spec", ["", "a\0b", "/dev/null", "/nowhere@x..y"])
def test_what_can_be_no_queue(spec: str) -> None:
    with pytest.raises(UserError):
        open_queue(spec)


# fuzz


LINES = """a.patch
 -p1
 -p99999999999999999999
../
Patch1: a.patch
Patch:
%if 0
%else
%endif
%define x %{x}%x
%{x}
%prep
%autosetup -p1 -m x
%patch -P
%patch99999999999999999999 -p1
SRC_URI = "file://a.patch;striplevel=x"
SRC_URI += "file://${PN} \\
require x.bb
patches:
- patch: a.patch
- {patch: [&a *a
  any:
  - series: x
  lower: 1
queue: x.yaml
list: patches
!!binary x
From x Thu Jan  1 00:00:00 1970
Subject: x
--- a/f
+++ b/f
@@ -1 +1 @@
Content-Transfer-Encoding: base64
"""
ODD = st.sampled_from([*LINES.splitlines(keepends=True), *'#-+/ \t"\\[]{}&*:x', "\r\n", "\udcff", "\n\n"])
NAMES = ["series", "series.conf", "x.spec", "x.yaml", "x.bb", "x.mbox", "a.patch"]


@given(st.sampled_from(NAMES), st.lists(ODD, max_size=20).map("".join))
def test_no_series_is_too_odd(tmp_path_factory: pytest.TempPathFactory, name: str, text: str) -> None:
    folder = tmp_path_factory.mktemp("odd")
    (folder / "a.patch").write_text(patch())
    (folder / name).write_text(text, encoding="utf-8", errors="surrogateescape", newline="")
    for spec in (folder, folder / name):
        try:
            queue = open_queue(str(spec))
        except UserError as error:
            assert "\n" not in error.message
            continue
        assert [one.position for one in queue.entries] == list(range(1, len(queue.entries) + 1))


@given(st.binary(max_size=200))
def test_no_bytes_of_a_series_are_too_odd(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("odd")
    for name in NAMES:
        (folder / name).write_bytes(data)
    files = DiskFiles(str(folder))
    for one in FORMATS:
        for name in NAMES:
            try:
                if one.recognises(files, name if one.name != "folder" else ""):
                    assert isinstance(one.read(files, name if one.name != "folder" else ""), QueueListing)
            except UserError:
                pass


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("xen.spec", "Name: xen\n", "an RPM spec"), ("xen.spec.in", "Name: xen\n", "an RPM spec"),
        ("APKBUILD", "pkgname=xen\n", "an APKBUILD"), ("PKGBUILD", "pkgname=xen\n", "a PKGBUILD"),
        ("xen-4.ebuild", "EAPI=8\n", "an ebuild"), ("xen_4.bb", 'A = "1"\n', "a recipe"),
    ],
)  # fmt: skip
def test_a_recipe_that_names_no_patch_is_told_as_one_with_the_series_beside_it(
    tmp_path: Path, name: str, text: str, what: str
) -> None:
    folder = write(tmp_path, {name: text})
    with pytest.raises(UserError, match=f": {what} that names no patch itself ") as told:
        open_queue(f"{folder}/{name}")
    assert told.value.hint.startswith("formats: ")
    write(tmp_path, {"patches/series": "a.patch\n"})
    with pytest.raises(UserError) as told:
        open_queue(f"{folder}/{name}")
    assert told.value.hint == f"a series lies beside it: {folder}/patches/series"
