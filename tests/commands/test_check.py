"""`kcfg check`."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from kcfg.solver.results import DriftError
from profiles.report import CHECK_FORMATS
from tests.commands.run import GUEST, Run, header, run_kcfg


def results(out: str) -> list[dict[str, Any]]:
    report = json.loads(out)
    jsonschema.validate(report, json.loads(files("profiles").joinpath("report/schemas/report-1.json").read_text()))
    found: list[dict[str, Any]] = report["results"]
    return found


def test_a_configuration_that_passes_gives_0(kcfg: Run, guest: Path) -> None:
    ran = kcfg("check", guest, "--profile", "pvh-domu")
    assert (ran.status, ran.err) == (0, "")


def test_a_required_rule_that_fails_gives_1(kcfg: Run, guest: Path) -> None:
    assert kcfg("check", guest, "-p", "pv-domu").status == 1


def test_a_recommended_rule_fails_the_check_only_when_asked_for(kcfg: Run, guest: Path) -> None:
    out = kcfg("check", guest, "-p", "pvh-domu", "--format", "json").out
    assert "recommended" in {found["level"] for found in results(out)[0]["profiles"][0]["findings"]}
    assert kcfg("check", guest, "-p", "pvh-domu", "--fail-on", "recommended").status == 1


def test_never_fails_on_nothing_that_can_be_read(kcfg: Run, guest: Path) -> None:
    assert kcfg("check", guest, "-p", "pv-domu", "--fail-on", "never").status == 0


def test_what_cannot_be_read_gives_2_and_the_others_are_still_checked(kcfg: Run, guest: Path) -> None:
    Path("empty.config").write_text("")
    ran = kcfg("check", "empty.config", guest, "missing.config", "-p", "pvh-domu", "--format", "json")
    assert ran.status == 2
    assert [(one["status"], one["error_status"]) for one in results(ran.out)] == [
        ("unknown", 2),
        ("pass", 0),
        ("unknown", 2),
    ]
    assert [line.split(": ")[1] for line in ran.err.splitlines()] == ["empty.config", "missing.config"]


def test_an_error_is_told_once_and_does_not_go_unseen_in_a_file(
    kcfg: Run, guest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import kcfg_cli.check

    ran = kcfg("check", guest, "missing.config", "-p", "pvh-domu")
    assert (ran.status, ran.out.count("missing.config: no such file"), ran.err) == (2, 1, "")
    monkeypatch.setattr(kcfg_cli.check, "goes_to_file", lambda: True)
    assert kcfg("check", "missing.config", "-p", "pvh-domu").err == "kcfg: missing.config: no such file or directory\n"


def test_what_is_written_to_a_file_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kcfg_cli.check import goes_to_file

    for path, known in ((tmp_path / "out", True), (Path("/dev/null"), False)):
        with path.open("w") as stream:
            monkeypatch.setattr("sys.stdout", stream)
            assert goes_to_file() is known


def test_what_cannot_be_evaluated_gives_3(kcfg: Run) -> None:
    Path("riscv.config").write_text(header(arch="riscv") + "CONFIG_RISCV=y\n")
    ran = kcfg("check", "riscv.config", "-p", "pvh-domu", "--format", "json")
    assert ran.status == 3
    assert results(ran.out)[0]["error_status"] == 3


def test_a_finding_outweighs_what_cannot_be_evaluated(kcfg: Run, guest: Path) -> None:
    Path("riscv.config").write_text(header(arch="riscv") + "CONFIG_RISCV=y\n")
    assert kcfg("check", "riscv.config", guest, "-p", "pv-domu").status == 1


def test_a_profile_of_another_architecture_fails_with_a_note(kcfg: Run, guest: Path) -> None:
    ran = kcfg("check", guest, "-p", "arm64-domu", "--format", "json")
    finding = results(ran.out)[0]["profiles"][0]["findings"][0]
    assert (ran.status, finding["rule"], finding["symbol"]) == (1, "kernel", "")


def test_two_processes_report_what_one_does_in_the_same_order(kcfg: Run, guest: Path) -> None:
    Path("b.config").write_text(header() + GUEST.replace("CONFIG_XEN_PVH=y", "# CONFIG_XEN_PVH is not set"))
    Path("c.config").write_text("")
    args = ("check", guest, "b.config", "c.config", "-p", "pvh-domu", "-p", "no-pv", "--format", "json")
    assert kcfg(*args, "--jobs", "2") == kcfg(*args)


def test_a_profile_that_is_named_twice_counts_once(kcfg: Run, guest: Path) -> None:
    out = kcfg("check", guest, "-p", "pvh-domu", "-p", "pvh-domu", "--format", "json").out
    assert len(results(out)[0]["profiles"]) == 1


def test_a_profile_that_fails_has_the_lines_that_mend_it(kcfg: Run, complete_text: str) -> None:
    Path("off.config").write_text(complete_text.replace("CONFIG_XEN_PVH=y", "# CONFIG_XEN_PVH is not set"))
    failing = results(run_kcfg("check", "off.config", "-p", "pvh-domu", "--format", "json").out)[0]["profiles"][0]
    assert failing["mend"] == ["CONFIG_XEN_PVH=y"]


def test_a_mend_that_cannot_be_told_leaves_the_verdict(
    kcfg: Run, monkeypatch: pytest.MonkeyPatch, complete_text: str
) -> None:
    def drifts(*_: object, **__: object) -> tuple[str, ...]:
        raise DriftError("A=y, resolved n")

    Path("off.config").write_text(complete_text.replace("CONFIG_XEN_PVH=y", "# CONFIG_XEN_PVH is not set"))
    monkeypatch.setattr("profiles.fulfil.repair.single_line", lambda *_: ())
    monkeypatch.setattr("profiles.fulfil.repair.mend", drifts)
    ran = run_kcfg("check", "off.config", "-p", "pvh-domu", "--format", "json")
    failing = results(ran.out)[0]["profiles"][0]
    assert (ran.status, ran.err, failing["status"], failing.get("mend")) == (1, "", "fail", None)
    assert failing["note"].startswith("no mend can be told: ")
    assert "A=y, resolved n" in failing["note"]


def test_findings_that_fail_a_profile_come_before_recommendations(kcfg: Run) -> None:
    Path("a.config").write_text(header() + "CONFIG_64BIT=y\n# CONFIG_XEN is not set\n")
    found = results(kcfg("check", "a.config", "-p", "pvh-domu", "--format", "json").out)[0]["profiles"][0]["findings"]
    levels = [one["level"] == "recommended" for one in found]
    assert levels == sorted(levels)
    assert len(set(levels)) == 2


def test_the_next_command_shows_the_first_required_symbol_that_fails(kcfg: Run, guest: Path) -> None:
    out = kcfg("check", guest, "-p", "pv-domu", "--kernel", "6.12").out
    assert f"\nnext: kcfg show XEN_PV --config {guest} --kernel 6.12\n" in out


def test_a_place_is_told_once_and_can_be_jumped_to(kcfg: Run, guest: Path) -> None:
    line = guest.read_text().splitlines().index("# CONFIG_XEN_PV is not set") + 1
    required = kcfg("check", guest, "-p", "pv-domu").out.split("! recommended")[0]
    assert required.count(f"{guest}:{line}") == 1


@pytest.mark.parametrize("form", CHECK_FORMATS)
def test_every_format_has_the_same_exit_status(kcfg: Run, guest: Path, form: str) -> None:
    ran = kcfg("check", guest, "-p", "pv-domu", "-p", "pvh-domu", "--format", form)
    assert (ran.status, ran.err) == (1, "")
    assert "XEN_PV" in ran.out
    assert ran.out.endswith("\n")


def test_standard_input_can_be_checked_once(kcfg: Run, guest: Path) -> None:
    assert kcfg("check", "-", "-p", "pvh-domu", stdin=guest.read_bytes()).status == 0
    assert kcfg("check", "-", "-", "-p", "pvh-domu").status == 2


@pytest.mark.parametrize("form", CHECK_FORMATS)
def test_no_report_takes_standard_input_for_a_file(kcfg: Run, guest: Path, form: str) -> None:
    out = kcfg("check", "-", "-p", "pv-domu", "--format", form, stdin=guest.read_bytes()).out
    assert "--config" not in out
    assert "file=stdin" not in out


def test_a_mistyped_profile_gets_near_misses(kcfg: Run, guest: Path) -> None:
    ran = kcfg("check", guest, "-p", "pvh-dom")
    assert (ran.status, ran.out) == (2, "")
    assert "pvh-dom0" in ran.err
    assert "pvh-domu" in ran.err


def test_a_mistyped_kernel_lists_those_that_are_built_in(kcfg: Run, guest: Path) -> None:
    ran = kcfg("modes", guest, "--kernel", "6.13")
    assert (ran.status, ran.out) == (2, "")
    built_in = "built in for x86_64: 5.10, 6.1, 6.12, 7.3; others with --tree"
    assert ran.err == f"kcfg: no built-in model of Linux 6.13 ({built_in})\n"
    assert kcfg("modes", guest, "--kernel", "newest").status == 2


def test_a_mistyped_architecture_lists_those_that_are_known(kcfg: Run, guest: Path) -> None:
    ran = kcfg("modes", guest, "--arch", "x86")
    assert (ran.status, "x86_64" in ran.err) == (2, True)


def test_an_architecture_without_a_snapshot_needs_a_tree(kcfg: Run, guest: Path) -> None:
    ran = kcfg("modes", guest, "--arch", "i386")
    assert (ran.status, "--tree" in ran.err) == (3, True)


def test_a_mistyped_command_gets_near_misses(kcfg: Run) -> None:
    ran = kcfg("chekc")
    assert (ran.status, ran.err) == (2, "kcfg: no command 'chekc' (did you mean check?)\n")


@pytest.mark.parametrize("command", ["modes", "resolve"])
def test_run_probes_without_a_tree_cannot_be_evaluated(kcfg: Run, guest: Path, command: str) -> None:
    ran = kcfg(command, guest, "--run-probes")
    assert (ran.status, "--tree" in ran.err) == (3, True)


def profile_file(symbol: str, level: str) -> str:
    rule = f'[[rule]]\nsymbol = "{symbol}"\nlevel = "{level}"\nwhy = "w"\nsource = "s"\n'
    Path("mine.toml").write_text(f'schema = 1\nname = "mine"\ntitle = "t"\nkind = "policy"\nabout = "a"\n{rule}')
    return "./mine.toml"


def test_a_profile_of_the_users_own_is_checked(kcfg: Run, guest: Path) -> None:
    ran = kcfg("check", guest, "-p", profile_file("XEN_PVH", "forbidden"), "--format", "json")
    assert ran.status == 1
    assert [one["symbol"] for one in results(ran.out)[0]["profiles"][0]["findings"]] == ["XEN_PVH"]


def test_a_profile_with_an_unknown_key_is_one_line_with_its_place_and_near_misses(kcfg: Run, guest: Path) -> None:
    name = profile_file("XEN_PVH", "forbidden")
    Path(name).write_text(Path(name).read_text().replace("why =", "wyh ="))
    ran = kcfg("check", guest, "-p", name)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("kcfg: ./mine.toml:9: ")
    assert "did you mean why?" in ran.err


def test_where_configuration_and_another_series_disagree_nothing_is_claimed(kcfg: Run, complete_text: str) -> None:
    # XEN_PVH selects PVH, so that a kernel like 6.12 cannot have made this.
    odd = complete_text.replace("CONFIG_PVH=y\n", "")
    assert odd != complete_text
    mine = profile_file("PVH", "required")
    for version, status in (("6.12.118", 0), ("6.14.0", 3)):
        Path("odd.config").write_text(odd.replace("6.12.118", version))
        ran = kcfg("check", "odd.config", "-p", mine, "--format", "json")
        assert ran.status == status
        findings = results(ran.out)[0]["profiles"][0].get("findings", [])
        assert [one["reasons"][0]["kind"] for one in findings] == ["other-kernel"] * (status == 3)


def test_a_complete_configuration_of_another_series_is_judged_where_both_agree(kcfg: Run, complete_text: str) -> None:
    Path("same.config").write_text(complete_text.replace("6.12.118", "6.14.0"))
    assert kcfg("check", "same.config", "-p", "pvh-domu").status == 0


def test_what_is_skipped_in_a_folder_of_configurations_is_said(kcfg: Run, guest: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    for name in ("10-a.config", "20-b.conf", "sub/30-c.config"):
        (folder / name).write_text(guest.read_text())
    told = "not read: 20-b.conf, sub/ (read are *.config, *.cfg, *.frag, *.fragment)"
    assert told in kcfg("check", folder, "-p", "no-pv", "--kernel", "6.12").out
    ran = kcfg("check", folder, "-p", "no-pv", "--kernel", "6.12", "--format", "json")
    assert told in json.dumps(results(ran.out))


@pytest.mark.parametrize("text", [f"a = {'9' * 5000}", f"a = {'[' * 100_000}"])
def test_waivers_with_a_number_or_brackets_without_end_are_one_line(kcfg: Run, guest: Path, text: str) -> None:
    Path("w.toml").write_text(text)
    ran = kcfg("check", guest, "-p", "no-pv", "--waivers", "w.toml")
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith("kcfg: w.toml")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--kernel", "6.13"), "no built-in model of Linux 6.13 (built in for x86_64: "),
        (("--kernel", "6.x"), "not a kernel version: '6.x'"),
        (("--arch", "mips"), "unknown architecture 'mips'"),
        (("--tree", "/nowhere/x"), "/nowhere/x: no such kernel source"),
        (("--kernel", ""), "--kernel without a value"),
        (("--arch", ""), "--arch without a value"),
        (("--tree", ""), "--tree without a value"),
    ],
)
def test_a_kernel_that_can_judge_nothing_is_said_once_and_of_no_configuration(
    kcfg: Run, guest: Path, options: tuple[str, str], told: str
) -> None:
    for command in (("check", guest, guest, "-p", "pvh-domu"), ("report", "-c", guest, "-o", "site")):
        ran = kcfg(*command, *options)
        assert (ran.status, ran.out) == (2, "")
        assert ran.err.startswith(f"kcfg: {told}")
        assert ran.err.count("\n") == 1
