"""Bad input: one clear line, status 2 or 3, nothing half-written."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from tests.commands.run import Ran, Run, header
from tests.kcfg.trees import write_tree


def one_line(ran: Ran, status: int = 2) -> str:
    """The line on standard error, and nothing on standard output."""
    assert (ran.status, ran.out) == (status, ""), ran
    assert ran.err.startswith("kcfg: ")
    assert ran.err.count("\n") == 1
    assert len(ran.err) < 600
    return ran.err


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no CONFIG_ line"),
        (b"# a comment\n\n", "no CONFIG_ line"),
        (b"# x\nCONFIG_XEN = y\n", "line 2 has blanks around its '='"),
        (b"CONFIG_A=y\nCONFIG_XEN", "2: truncated"),
        (b'CONFIG_A="abc', "1: truncated"),
        (b"CONFIG_A=y\n# CONFIG_XEN is no", "2: truncated"),
        (b"CONFIG_A=y\0\n", "binary"),
        (random.Random(1).randbytes(100_000), "binary"),
        (b"\x1f\x8b\x08\x00truncated", "bad.config"),
        (b"\xfd7zXZ\x00\x00", "bad.config"),
        (b"\x28\xb5\x2f\xfd\x00", "bad.config"),
        (b"hello\n" * 2000, "1000 lines are no configuration"),
    ],
)
@pytest.mark.parametrize("command", ["modes", "resolve"])
def test_what_is_no_configuration_is_one_line(kcfg: Run, command: str, data: bytes, said: str) -> None:
    Path("bad.config").write_bytes(data)
    line = one_line(kcfg(command, "bad.config"))
    assert line.startswith("kcfg: bad.config")
    assert said in line


def test_a_configuration_of_100_mb_is_one_line(kcfg: Run) -> None:
    Path("big.config").write_bytes(b"CONFIG_A=y\n" * (100_000_000 // 11))
    try:
        assert "larger than" in one_line(kcfg("modes", "big.config"))
    finally:
        os.unlink("big.config")


def test_lines_may_end_as_on_windows(kcfg: Run, guest: Path) -> None:
    Path("crlf.config").write_bytes(guest.read_bytes().replace(b"\n", b"\r\n"))
    assert kcfg("check", "crlf.config", "-p", "pvh-domu").status == 0


def test_text_that_is_not_utf_8_is_read_and_told(kcfg: Run, guest: Path) -> None:
    Path("latin.config").write_bytes(guest.read_bytes() + b'CONFIG_LOCALVERSION="\xe9"\n')
    ran = kcfg("resolve", "latin.config")
    assert ran.status == 0
    assert "not UTF-8" in ran.out


def test_a_file_that_is_not_there_is_named(kcfg: Run) -> None:
    for command in ("modes", "resolve"):
        assert one_line(kcfg(command, "none.config")) == "kcfg: none.config: no such file or directory\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_cannot_be_read_is_named(kcfg: Run, guest: Path) -> None:
    guest.chmod(0)
    assert one_line(kcfg("modes", guest)) == f"kcfg: {guest}: permission denied\n"


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="there is no /proc/self/mem")
def test_a_file_whose_reading_fails_is_named(kcfg: Run) -> None:
    assert one_line(kcfg("modes", "/proc/self/mem")) == "kcfg: /proc/self/mem: input/output error\n"


def test_a_folder_without_configurations_is_named(kcfg: Run) -> None:
    Path("folder").mkdir()
    assert "no configuration in this folder" in one_line(kcfg("modes", "folder"))


def test_control_characters_of_the_input_do_not_reach_the_terminal(kcfg: Run, guest: Path) -> None:
    Path("a\x1b[31m.config").write_bytes(guest.read_bytes() + b"CONFIG_XEN_PVVH=y\x1b]0;x\x07\n")
    ran = kcfg("resolve", "a\x1b[31m.config")
    assert "\x1b" not in ran.out + ran.err
    assert "\x1b" not in one_line(kcfg("modes", "b\x1b[31m.config"))


def tree(folder: str, kconfig: str, **files: str) -> Path:
    Path("a.config").write_text("CONFIG_A=y\n")
    return write_tree(Path(folder), {"Kconfig": kconfig, **files})


def test_a_source_without_kconfig_is_named(kcfg: Run) -> None:
    Path("folder").mkdir()
    Path("a.config").write_text("CONFIG_A=y\n")
    assert "no Kconfig file in it" in one_line(kcfg("resolve", "a.config", "--tree", "folder"))
    assert "folder" in one_line(kcfg("snapshot", "folder", "-o", "a.kcfg"))
    assert not Path("a.kcfg").exists()
    assert "no such kernel source" in one_line(kcfg("resolve", "a.config", "--tree", "none"))
    Path("text.tar").write_text("no tarball")
    assert "text.tar" in one_line(kcfg("resolve", "a.config", "--tree", "text.tar"))


@pytest.mark.parametrize(
    ("kconfig", "said"),
    [
        ('config A\n\tbool "a"\nsource "none/Kconfig"\n', "Kconfig:3: 'none/Kconfig'"),
        ('source "other"\n', "recursive"),
        ('config A\n\tbool "a"\nif A\n', "Kconfig:3: "),
        ('config A\n\tbool "a"\n\tdepends on (A\n', "Kconfig:3"),
        ("config A\n\tfrobnicate\n", "Kconfig:2"),
        ('source "$(X)/../../etc/passwd"\n', "path leads out"),
    ],
)
def test_a_tree_that_cannot_be_parsed_is_one_line_with_its_place(kcfg: Run, kconfig: str, said: str) -> None:
    folder = tree("tree", kconfig, other='source "Kconfig"\n')
    assert said in one_line(kcfg("resolve", "a.config", "--tree", folder))


@pytest.mark.parametrize("opening", ["(", "!"])
def test_ten_thousand_nested_operators_end_in_an_answer_or_one_line(kcfg: Run, opening: str) -> None:
    expression = opening * 10_000 + "B" + (")" * 10_000 if opening == "(" else "")
    folder = tree("tree", f'config B\n\tbool "b"\nconfig A\n\tbool "a"\n\tdepends on {expression}\n')
    ran = kcfg("resolve", "a.config", "--tree", folder)
    if ran.status != 1:
        assert "nested too deep" in one_line(ran)


def test_ten_thousand_nested_ifs_are_read(kcfg: Run) -> None:
    depth = 10_000
    folder = tree("deep", 'config A\n\tbool "a"\n' + "if A\n" * depth + 'config B\n\tbool "b"\n' + "endif\n" * depth)
    Path("a.config").write_text("CONFIG_A=y\nCONFIG_B=y\n")
    ran = kcfg("resolve", "a.config", "--tree", folder)
    assert ran.status == 0


@pytest.mark.parametrize("damage", ["truncated", "newer", "foreign", "empty", "folder"])
def test_a_damaged_cache_entry_is_made_anew(kcfg: Run, tmp_path: Path, damage: str) -> None:
    folder = tree("tree", 'config A\n\tbool "a"\n')
    first = kcfg("resolve", "a.config", "--tree", folder)
    assert first.status == 0
    (entry,) = (tmp_path / "cache").rglob("*.model")
    data = entry.read_bytes()
    if damage == "folder":
        entry.unlink()
        entry.mkdir()
    else:
        newer = data.replace(b"kcfg-cache 2", b"kcfg-cache 99")
        entry.write_bytes({"truncated": data[:-9], "newer": newer, "foreign": b"\x7fELF", "empty": b""}[damage])
    assert kcfg("resolve", "a.config", "--tree", folder) == first
    if damage != "folder":
        assert entry.read_bytes() == data


def test_a_built_in_snapshot_that_is_damaged_or_newer_is_one_line(
    kcfg: Run, guest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kcfg.kconfig import kernels, models

    good = next(one for one in models.snapshots() if (one.series, one.arch) == ("6.12", "x86_64"))
    data = good.file.read_bytes()
    bad = Path("linux-6.12-x86_64.kcfg")
    monkeypatch.setattr(kernels, "snapshots", lambda: (models.Snapshot("6.12", "x86_64", bad),))
    for changed, said in (
        (data[: len(data) // 2], "damaged"),
        (data.replace(b"kcfg-model 1\n", b"kcfg-model 99\n"), "format 99"),
        (b"", "not a model snapshot"),
    ):
        bad.write_bytes(changed)
        models.built_in.cache_clear()
        assert said in one_line(kcfg("modes", guest))


@pytest.mark.parametrize("cache", [os.devnull, "/proc", "relative"])
def test_a_cache_that_cannot_be_written_costs_nothing_but_time(
    kcfg: Run, monkeypatch: pytest.MonkeyPatch, cache: str
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", cache)
    monkeypatch.setenv("HOME", str(Path.cwd()))
    folder = tree("tree", 'config A\n\tbool "a"\n')
    ran = kcfg("resolve", "a.config", "--tree", folder)
    assert (ran.status, ran.err) == (0, "")
    assert not Path("relative").exists()


def test_a_full_disk_below_the_cache_leaves_no_entry(
    kcfg: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    folder = tree("tree", 'config A\n\tbool "a"\n')
    monkeypatch.setattr("kcfg.base.atomic.os.replace", full)
    ran = kcfg("resolve", "a.config", "--tree", folder)
    assert (ran.status, ran.err) == (0, "")
    assert not [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]


def test_reading_a_tree_runs_nothing(kcfg: Run) -> None:
    folder = tree(
        "tree",
        'config A\n\tbool "a"\n\tdefault y if "$(shell,touch PWNED)" = ""\n\tdefault $(python,open("PWNED","w"))\n',
    )
    kcfg("resolve", "a.config", "--tree", folder)
    assert not list(Path().rglob("PWNED"))


def test_an_arm64_header_with_x86_lines_is_judged_by_the_lines(kcfg: Run) -> None:
    Path("mixed.config").write_text(header(arch="arm64") + "CONFIG_X86_64=y\nCONFIG_XEN=y\n")
    assert " x86_64 " in kcfg("modes", "mixed.config").out
