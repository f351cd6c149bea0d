"""The kernels that the conformance tests are judged by, and how they come here."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.conformance import debian, kernels, kernels_fetch

ROOT = Path(__file__).parents[2]
OFFLINE = os.environ.get("KCFG_OFFLINE") == "1"

needs_kernels = pytest.mark.skipif(not kernels.available(), reason="no kernels in the test cache")

PRINTED_URIS = """\
'http://mirror.invalid/debian/dists/bookworm/InRelease' mirror.invalid_debian_dists_bookworm_InRelease 0
'http://mirror.invalid/debian/dists/bookworm-updates/InRelease' mirror.invalid_debian_dists_bookworm-updates_InRelease 0
'http://mirror.invalid/security/dists/bookworm-security/InRelease' mirror.invalid_x_InRelease 0
'https://vendor.invalid/apt/dists/nodistro/InRelease' vendor.invalid_apt_dists_nodistro_InRelease 0
"""


def newest_and_oldest() -> list[kernels.Kernel]:
    found = kernels.available()
    return [found[0], found[-1]] if len(found) > 1 else found


@pytest.mark.skipif(OFFLINE, reason="KCFG_OFFLINE=1")
def test_all_four_kernels_are_available() -> None:
    names = [kernel.name for kernel in kernels.available()]
    assert kernels_fetch.absent({name: {} for name in names}, names) == []


def test_the_cache_lies_outside_the_checkout() -> None:
    assert not kernels.cache_root().is_relative_to(ROOT)


def lines_with(pattern: str, files: Iterable[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_no_host_stands_in_the_code_that_fetches() -> None:
    folder = ROOT / "tests" / "conformance"
    files = [ROOT / "Makefile", ROOT / ".ci" / "run", folder / "debian.py", *folder.glob("kernels*.py")]
    assert lines_with(r"(?:https?|ftp)://|\.(?:org|net|com)\b", files) == []


def test_no_mirror_stands_in_any_file_of_the_project() -> None:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout.decode().split("\0")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is not a git checkout")
    files = [path for name in listed if name and (path := ROOT / name).is_file()]
    hosts = r"\b(?:deb|ftp|security|snapshot|archive|cdn-fastly)(?:\.\w+)?\.(?:debian|ubuntu)\.(?:org|com|net)\b"
    assert lines_with(hosts, files) == []


def test_the_mirror_is_read_from_what_apt_prints() -> None:
    mirror = debian.mirror_from(PRINTED_URIS)
    assert mirror.main == ("http://mirror.invalid/debian",)
    assert mirror.security == ("http://mirror.invalid/security",)


def test_security_suites_come_from_the_sister_folder_when_apt_has_none() -> None:
    mirror = debian.mirror_from(PRINTED_URIS.partition("\n")[0])
    assert mirror.security == ("http://mirror.invalid/debian-security",)


def test_a_machine_without_a_debian_source_has_no_mirror() -> None:
    assert debian.mirror_from(PRINTED_URIS.splitlines()[3]).main == ()


def test_private_sources_keep_to_the_mirror_and_check_signatures(tmp_path: Path) -> None:
    mirror = debian.mirror_from(PRINTED_URIS)
    text = debian.sources_list(mirror, ("sid", "bookworm-security"), "/keys.gpg")
    sid, security = text.splitlines()
    assert sid.endswith("] http://mirror.invalid/debian sid main")
    assert security.endswith("] http://mirror.invalid/security bookworm-security main")
    assert all("signed-by=/keys.gpg" in line and "trusted" not in line for line in (sid, security))


@pytest.mark.skipif(OFFLINE, reason="KCFG_OFFLINE=1")
def test_private_apt_has_the_mirror_that_the_systems_apt_reports(tmp_path: Path) -> None:
    mirror = debian.system_mirror()
    apt = debian.PrivateApt(tmp_path, mirror)
    (tmp_path / "sources.list").write_text(debian.sources_list(mirror, ("sid",), None), encoding="utf-8")
    printed = debian.run(apt.command("apt-get", "update", "--print-uris"))
    assert debian.mirror_from(printed).main == mirror.main
    system = debian.run(["apt-get", "update", "--print-uris"])
    assert all(site in system for site in mirror.main)


def test_apt_takes_its_state_from_the_private_folder_only(tmp_path: Path) -> None:
    apt = debian.PrivateApt(tmp_path, debian.mirror_from(PRINTED_URIS))
    dump = debian.run(apt.command("apt-config", "dump"))
    for key in ("Dir::State::lists", "Dir::State::status", "Dir::Etc::sourcelist", "Dir::Etc::sourceparts"):
        assert f'{key} "{tmp_path}/' in dump


MADISON = """\
     linux | 6.18.9-1~bpo13+1 | mirror trixie-backports/main Sources
     linux | 6.18.15-1~bpo13+1 | mirror trixie-backports/main Sources
     linux | 6.18~rc7-1~exp1 | mirror experimental/main Sources
     linux | 6.1.8-1 | mirror sid/main Sources
     linux | 6.18.20-1 | mirror sid/main amd64 Packages
"""


def test_sources_come_from_the_mirror_with_its_signature(tmp_path: Path) -> None:
    text = debian.sources_list_of_sources(debian.mirror_from(PRINTED_URIS), ("sid",), "/keys.gpg")
    assert text.startswith("deb-src [")
    assert text.endswith("signed-by=/keys.gpg] http://mirror.invalid/debian sid main\n")
    assert "trusted" not in text


def test_versions_of_a_series_are_the_newest_first_without_candidates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apt = debian.PrivateApt(tmp_path, debian.mirror_from(PRINTED_URIS))
    monkeypatch.setattr(debian, "run", lambda command, cwd=None: MADISON)
    assert apt.source_versions("linux", "6.18") == ["6.18.15-1~bpo13+1", "6.18.9-1~bpo13+1"]
    assert apt.source_versions("linux", "6.1") == ["6.1.8-1"]


def test_the_newest_tarball_that_the_mirror_still_has_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    apt = debian.PrivateApt(tmp_path / "apt", debian.mirror_from(PRINTED_URIS))

    def run(command: list[str], cwd: Path | None = None) -> str:
        if "source" not in command:
            return MADISON
        if command[-1] == "linux=6.18.15-1~bpo13+1":
            raise debian.FetchError("404")
        assert cwd is not None
        (cwd / "linux_6.18.9.orig.tar.xz").touch()
        return ""

    monkeypatch.setattr(debian, "run", run)
    tarball, version = apt.upstream_tarball("linux", "6.18", tmp_path)
    assert (tarball.name, version) == ("linux_6.18.9.orig.tar.xz", "6.18.9-1~bpo13+1")
    with pytest.raises(debian.FetchError, match=r"no source package linux 7\.1"):
        apt.upstream_tarball("linux", "7.1", tmp_path / "apt")


def test_offline_names_the_further_kernels_that_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KCFG_OFFLINE", "1")
    assert kernels_fetch.fetch_extra(tmp_path) == 0
    said = capsys.readouterr().err
    assert all(name in said for name in ("NOT TESTED", *kernels_fetch.EXTRA))


def test_further_kernels_are_no_part_of_the_plain_tests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KCFG_TEST_CACHE", str(tmp_path))
    root = kernels.extra_root()
    (root / "linux-7.1" / "scripts" / "kconfig").mkdir(parents=True)
    (root / "linux-7.1" / "scripts" / "kconfig" / "conf").touch()
    kernels_fetch.write_json(root / "env" / "7.1.json", {})
    kernels_fetch.save_state(root, {"7.1": {"version": "7.1.8", "package_version": "7.1.8-1"}})
    assert kernels.available() == []
    assert [one.name for one in kernels.available(extra=True)] == ["7.1"]


@needs_kernels
def test_what_probes_ask_for_is_there() -> None:
    kernel = kernels.available()[-1]
    env = kernels.conf_env(kernel, "arm64")
    assert env["CROSS_COMPILE_COMPAT"]
    subprocess.run([env["PYTHON3"], "-c", "import lxml"], check=True)


def test_absent_counts_any_series_of_the_major_version() -> None:
    names = ["6.12", "6.1", "5.10", "7.3"]
    state: dict[str, dict[str, object]] = {name: {} for name in names}
    assert kernels_fetch.absent(state, names) == []
    assert kernels_fetch.absent(state, names[:3]) == ["7.x"]


def test_offline_names_what_is_left_out_and_succeeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KCFG_OFFLINE", "1")
    monkeypatch.setenv("KCFG_TEST_CACHE", str(tmp_path))
    assert kernels_fetch.fetch(tmp_path) == 0
    assert "NOT TESTED" in (said := capsys.readouterr().err)
    assert all(name in said for name in kernels_fetch.WANTED)


def test_what_cannot_be_had_is_named_and_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("KCFG_OFFLINE", raising=False)
    monkeypatch.setenv("KCFG_TEST_CACHE", str(tmp_path))
    monkeypatch.setattr(debian, "system_mirror", lambda: debian.Mirror((f"file:{tmp_path}/none",), ()))
    assert kernels_fetch.fetch(tmp_path) == 1
    said = capsys.readouterr().err
    assert all(f"error: Linux {name} cannot be had" in said for name in kernels_fetch.WANTED)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock"]


def test_missing_programs_are_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("KCFG_OFFLINE", raising=False)
    monkeypatch.setenv("KCFG_TEST_CACHE", str(tmp_path))
    monkeypatch.setattr(shutil, "which", lambda name: None if name in ("flex", "bc") else "/bin/true")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert kernels_fetch.fetch(tmp_path) == 1
    assert capsys.readouterr().err == "kernels: error: missing: flex, bc (apt-get install flex bc)\n"


def test_a_damaged_state_file_counts_as_none(tmp_path: Path) -> None:
    for text in ("", "{", "[]", '{"schema": 99, "kernels": {}}', '{"schema": 1, "kernels": [1]}'):
        (tmp_path / "kernels.json").write_text(text, encoding="utf-8")
        assert kernels.read_state(tmp_path) == {}


@needs_kernels
def test_an_unknown_kernel_or_architecture_is_a_clear_error() -> None:
    with pytest.raises(kernels.ConfError, match=r"kernel 2\.6 is not in"):
        kernels.kernel("2.6")
    with pytest.raises(kernels.ConfError, match="ARCH=vax"):
        kernels.conf_env(kernels.available()[0], "vax")


@needs_kernels
@pytest.mark.parametrize("kernel", kernels.available(), ids=lambda kernel: kernel.name)
def test_each_tree_has_its_conf_and_an_environment_for_every_architecture(kernel: kernels.Kernel) -> None:
    assert kernel.conf.stat().st_mode & stat.S_IXUSR
    for arch in kernels.ARCHES:
        env = kernels.conf_env(kernel, arch)
        assert env["KERNELVERSION"] == kernel.version
        assert env["srctree"] == str(kernel.tree)
        assert env["SRCARCH"] == {"x86_64": "x86", "i386": "x86"}.get(arch, arch)
        assert not re.search("KCFG_|MAKEFLAGS|tmp-", " ".join(env))
        assert not any("/boot" in word or "/lib/modules" in word for word in env.values())


@needs_kernels
@pytest.mark.parametrize("kernel", kernels.available(), ids=lambda kernel: kernel.name)
def test_conf_finds_every_file_and_script_that_the_tree_refers_to(kernel: kernels.Kernel) -> None:
    run = kernels.run_conf(kernel, "x86_64", "--allnoconfig")
    assert f"Linux/x86_64 {kernel.version} Kernel Configuration" in run.text
    assert not re.search("No such file|not found|can't open", run.stderr)


@needs_kernels
@pytest.mark.parametrize("name", ["tinyconfig", "xen.config"])
@pytest.mark.parametrize("kernel", newest_and_oldest(), ids=lambda kernel: kernel.name)
def test_make_config_gives_what_the_trees_makefile_gives(kernel: kernels.Kernel, name: str, tmp_path: Path) -> None:
    targets = ["allnoconfig", name] if name == "xen.config" else [name]
    for target in targets:
        kernels_fetch.make(kernel.tree, tmp_path, "x86_64", target)
    assert kernels.make_config(kernel, "x86_64", name).text == (tmp_path / ".config").read_text(encoding="utf-8")


@needs_kernels
def test_the_callers_environment_does_not_change_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = kernels.available()[-1]
    plain = kernels.conf_env(kernel, "x86_64")
    for key in ("ARCH", "CC", "KCONFIG_ALLCONFIG", "KCONFIG_SEED", "MAKEFLAGS", "CONFIG_"):
        monkeypatch.setenv(key, "wrong")
    assert kernels.conf_env(kernel, "x86_64") == plain


@needs_kernels
def test_the_tree_stays_clean_for_builds_in_other_folders() -> None:
    for kernel in kernels.available():
        assert not (kernel.tree / ".config").exists()
        assert not (kernel.tree / "include" / "config").exists()


@needs_kernels
def test_a_seed_makes_the_same_randconfig_again() -> None:
    kernel = kernels.available()[0]
    first, again = (kernels.run_conf(kernel, "x86_64", "--randconfig", seed=1).text for _ in range(2))
    assert first == again


@needs_kernels
def test_savedefconfig_returns_the_minimal_form() -> None:
    kernel = kernels.available()[0]
    full = kernels.run_conf(kernel, "x86_64", "--allnoconfig").text
    minimal = kernels.run_conf(kernel, "x86_64", "--savedefconfig", full).text
    assert 0 < len(minimal) < len(full) / 4
    assert kernels.run_conf(kernel, "x86_64", "--olddefconfig", minimal).text == full


@needs_kernels
def test_a_second_fetch_takes_less_than_a_second() -> None:
    if kernels_fetch.absent(kernels.read_state(kernels.cache_root()), [k.name for k in kernels.available()]):
        pytest.skip("the cache is not complete")
    command = [sys.executable, "-m", "tests.conformance.kernels", "fetch"]
    subprocess.run(command, cwd=ROOT, check=True, timeout=5)
