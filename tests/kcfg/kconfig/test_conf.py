"""The tree's own conf as a judge: what it prints and leaves behind decides. A script stands for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.base.errors import CannotEvaluate, UserError
from kcfg.base.version import KernelUsed
from kcfg.kconfig.conf import conf_of, differing, environment, keeps
from kcfg.kconfig.kernels import Kernel
from tests.kcfg.trees import model_of

TEXT = "#\n# a comment\n#\nCONFIG_A=y\n# CONFIG_B is not set\n"


def kernel_of(folder: Path, script: str | None) -> Kernel:
    """A kernel whose conf is a shell script."""
    model = model_of(folder, 'config A\n\tbool "a"\nconfig B\n\tbool "b"\n')
    if script is not None:
        path = folder / "scripts" / "kconfig" / "conf"
        path.parent.mkdir(parents=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
    used = KernelUsed(version=model.version, arch=model.arch, origin="tree", name=str(folder))
    return Kernel(model, used, True, tree=folder)


def test_a_conf_that_changes_nothing_keeps_every_line(tmp_path: Path) -> None:
    keeps(kernel_of(tmp_path, "exit 0"), TEXT)
    keeps(kernel_of(tmp_path / "b", 'echo "# other comment" >> .config; echo warning >&2'), TEXT)


@pytest.mark.parametrize(
    "script",
    [
        "echo CONFIG_C=y >> .config",
        'echo "# CONFIG_A is not set" > .config',
        'echo "warning: unmet direct dependencies detected for A" >&2',
        "echo broken >&2; exit 1",
        "exit 2",
    ],
)
def test_a_conf_that_disagrees_is_believed(tmp_path: Path, script: str) -> None:
    with pytest.raises(CannotEvaluate):
        keeps(kernel_of(tmp_path, script), TEXT)


def test_conf_is_run_on_the_configuration_in_a_folder_of_its_own(tmp_path: Path) -> None:
    script = f'to={tmp_path}; cp .config $to/seen; echo "$@" > $to/args; ls include/config > $to/files; pwd > $to/pwd'
    keeps(kernel_of(tmp_path / "tree", script), TEXT)
    assert (tmp_path / "seen").read_text() == TEXT
    assert (tmp_path / "args").read_text().split() == ["--olddefconfig", "Kconfig"]
    assert (tmp_path / "files").read_text() == "auto.conf\n"
    assert str(tmp_path) not in (tmp_path / "pwd").read_text()


def test_without_a_conf_there_is_no_judge(tmp_path: Path) -> None:
    kernel = kernel_of(tmp_path, None)
    assert conf_of(kernel) is None
    with pytest.raises(UserError):
        keeps(kernel, TEXT)
    path = tmp_path / "scripts" / "kconfig" / "conf"
    path.parent.mkdir(parents=True)
    path.write_text("#!/bin/sh\n")
    assert conf_of(kernel) is None
    path.chmod(0o755)
    assert conf_of(kernel) == path
    path.unlink()
    path.mkdir()
    assert conf_of(kernel) is None
    assert conf_of(Kernel(kernel.model, kernel.used, True)) is None


def test_a_conf_that_cannot_be_run_is_no_judge(tmp_path: Path) -> None:
    kernel = kernel_of(tmp_path, "")
    (tmp_path / "scripts" / "kconfig" / "conf").write_bytes(b"#!/no/such/program\n")
    with pytest.raises(CannotEvaluate):
        keeps(kernel, TEXT)


def test_the_callers_own_settings_do_not_reach_conf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KCONFIG_ALLCONFIG", "1")
    monkeypatch.setenv("KCONFIG_CONFIG", "/other")
    kernel = kernel_of(tmp_path, None)
    env = environment(kernel.model, tmp_path, str(tmp_path))
    assert (env["KERNELVERSION"], env["KCONFIG_CONFIG"]) == ("6.12.0", ".config")
    assert "KCONFIG_ALLCONFIG" not in env
    assert env["ARCH"]


def test_only_lines_that_set_something_differ() -> None:
    assert differing("# x\nCONFIG_A=y\n", "# y\nCONFIG_A=y\n") == []
    assert differing("CONFIG_A=y\n", "# CONFIG_A is not set\n") == ["# CONFIG_A is not set", "CONFIG_A=y"]
