"""Facts of Nix expressions: lists of patches, what is fetched, and what is not evaluated."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patches.queues.formats.nix import NixReader, tokens
from patches.queues.queue import open_queue
from patches.queues.reasons import Unclear, UnclearKind
from patches.text.problems import Problem, ProblemKind
from tests.patches.queues.test_queues import stale, write

SHA = "0123456789abcdef0123456789abcdef01234567"


def test_a_list_of_patches(tmp_path: Path) -> None:
    text = (
        '{ lib, fetchpatch }:\nstdenv.mkDerivation rec {\n  pname = "xen";\n  version = "4.20.2";\n  patches = [\n'
        "    # EFI\n    ./0001-a.patch # why\n\n    (replaceVars ./0002-b.patch scriptDeps)\n    (fetchpatch {\n"
        f'      url = "https://github.com/xen-project/xen/commit/{SHA}.diff?full_index=1";\n'
        '      hash = "sha256-x";\n    })\n'
        '    (fetchpatch2 { name = "n.patch"; url = "https://e.org/${pname}-${version}.patch"; revert = true; })\n'
        "    ''${tricky} ] ''\n    unknown (import ./other.nix)\n"
        "  ] ++ lib.optional (x == 1) ./c.patch\n    ++ lib.optionals stdenv.isDarwin [ ./d.patch ./sub/e.patch ]\n"
        "    ++ (if withFlask then [ ./f.patch ] else [ ./g.patch ]) ++ (config.patches or [ ]);\n"
        '  postPatch = "patches = [ ./no.patch ]";\n}\n'
    )
    files = {"package.nix": text} | {
        f"{one}.patch": "" for one in ("0001-a", "0002-b", "c", "d", "sub/e", "f", "g", "left")
    }
    queue = open_queue(str(write(tmp_path, files)))
    assert (queue.format, queue.version) == ("nix", "4.20.2")
    assert [(one.name, one.strip, one.reverse, one.condition, one.where) for one in queue.entries] == [
        ("0001-a.patch", 1, False, "", "package.nix:7"),
        ("0002-b.patch", 1, False, "", "package.nix:9"),
        (f"{SHA}.diff", 1, False, "", "package.nix:10"),
        ("n.patch", 1, True, "", "package.nix:14"),
        ("c.patch", 1, False, "x == 1", "package.nix:17"),
        ("d.patch", 1, False, "stdenv.isDarwin", "package.nix:18"),
        ("sub/e.patch", 1, False, "stdenv.isDarwin", "package.nix:18"),
        ("f.patch", 1, False, "withFlask", "package.nix:19"),
        ("g.patch", 1, False, "not (withFlask)", "package.nix:19"),
    ]
    assert (queue.entries[0].section, queue.entries[0].comment) == ("EFI", "why")
    assert [claim.commit for claim in queue.entries[2].header.claims] == [SHA]
    assert queue.entries[3].patch.problems == (Problem(0, ProblemKind.NO_COMMIT, "https://e.org/xen-4.20.2.patch"),)
    assert [(one.name, one.unclear) for one in queue.findings if one.unclear] == [
        (name, Unclear(UnclearKind.NOT_EVALUATED)) for name in ('"${tricky} ] "', "unknown", "config.patches")
    ]
    assert stale(queue) == [
        ("missing", '"${tricky} ] "', "package.nix:15"),
        ("missing", "unknown", "package.nix:16"),
        ("missing", "other.nix", "package.nix:16"),
        ("missing", "config.patches", "package.nix:19"),
        ("unlisted", "left.patch", "package.nix"),
    ]


def test_kernel_patches_and_what_leads_out(tmp_path: Path) -> None:
    text = (
        '{\n  kernelPatches = [\n    { name = "a"; patch = ./a.patch; }\n    { name = "b"; patch = null; }\n'
        '    { name = "c"; patch = fetchpatch { url = https://e.org/c.patch; }; }\n'
        '    { name = "d"; patch = ../d.patch; }\n  ];\n'
        '  one = { patch = ./. + "/e.patch"; };\n}\n'
    )
    (tmp_path / "d.patch").write_text("x")
    queue = open_queue(str(write(tmp_path / "in", {"x.nix": text, "a.patch": "", "e.patch": ""}) / "x.nix"))
    assert [one.name for one in queue.entries] == ["a.patch", "c.patch", "e.patch"]
    assert stale(queue) == [("outside", "../d.patch", "x.nix:6")]


@given(st.text(alphabet="patches=[](){};.\"'$#/* \n+if-", max_size=150))
def test_any_text_is_read(text: str) -> None:
    reader = NixReader("", tokens(f"patches = {text}"))
    reader.read()
    assert all(item.line == 1 for item in reader.items if "\n" not in text)


@pytest.mark.parametrize(
    ("flags", "strip", "reverse"),
    [
        ('[ "-R" ]', None, True),
        ('[ "-p0" ]', 0, False),
        ('[ "-p2" "-R" ]', 2, True),
        ('"-p0 -NR"', 0, True),
        ('[ "-p${level}" ]', 3, False),
    ],
)
def test_patch_flags_say_how_the_list_beside_them_is_applied(
    tmp_path: Path, flags: str, strip: int | None, reverse: bool
) -> None:
    text = (
        f'{{ x = {{ level = "3"; patchFlags = {flags}; patches = [ ./a.patch ]; }};\n'
        "  y = { patches = [ ./b.patch ]; }; }\n"
    )
    queue = open_queue(str(write(tmp_path, {"package.nix": text, "a.patch": "", "b.patch": ""}) / "package.nix"))
    assert [(one.name, one.strip, one.reverse) for one in queue.entries] == [
        ("a.patch", strip, reverse),
        ("b.patch", 1, False),
    ]


@pytest.mark.parametrize(
    "text",
    [
        'x { patches = [ ./a.patch ]; patchFlags = [ "-p1" ] ++ more; }',
        'x { patches = [ ./a.patch ]; patchFlags = [ "-p${n}" ]; }',
        'x ({ patches = [ ./a.patch ]; } // { patchFlags = [ "-R" ]; })',
    ],
)
def test_patch_flags_that_are_not_known_are_told(tmp_path: Path, text: str) -> None:
    queue = open_queue(str(write(tmp_path, {"package.nix": text, "a.patch": ""}) / "package.nix"))
    assert queue.entries == ()
    assert [(one.name, one.where, one.unclear and one.unclear.kind) for one in queue.findings] == [
        ("a.patch", "package.nix:1", UnclearKind.OPTIONS)
    ]
