"""`kcfg check --waivers`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.run import Run, run_kcfg
from tests.kcfg.trees import MODULES, write_tree


def waiver(symbol: str = "XEN_PV", profile: str = "pv-domu", expires: str = "2999-01-01", more: str = "") -> str:
    return f'[[waiver]]\nsymbol = "{symbol}"\nprofile = "{profile}"\nreason = "r"\nexpires = {expires}\n{more}'


def check(kcfg: Run, guest: Path, text: str, *more: str) -> tuple[int, dict[str, str], list[tuple[str, int]]]:
    """Exit status, symbol -> status of the findings, (rule, line) of those about the waivers."""
    Path("waivers.toml").write_text(text)
    ran = kcfg("check", guest, "-p", "pv-domu", "--waivers", "waivers.toml", "--format", "json", *more)
    report = json.loads(ran.out)["results"]
    found = {one["symbol"]: one["status"] for one in report[0]["profiles"][0]["findings"]}
    about = [(one["rule"], one["config_line"].get("line", 0)) for result in report for one in result["findings"]]
    return ran.status, found, about


def test_a_waived_finding_does_not_fail_the_check(kcfg: Run, guest: Path) -> None:
    status, found, about = check(kcfg, guest, waiver())
    assert (status, found["XEN_PV"], about) == (0, "waived", [])


def test_a_waiver_may_write_config_in_front_of_the_symbol(kcfg: Run, guest: Path) -> None:
    assert check(kcfg, guest, waiver("CONFIG_XEN_PV"))[1]["XEN_PV"] == "waived"


def test_an_expired_waiver_waives_nothing_and_is_a_finding(kcfg: Run, guest: Path) -> None:
    status, found, about = check(kcfg, guest, "\n\n" + waiver(expires="2001-01-01"))
    assert (status, found["XEN_PV"], about) == (1, "fail", [("waiver-expired", 3)])


def test_an_unused_waiver_is_a_finding_that_fails_when_recommendations_do(kcfg: Run, guest: Path) -> None:
    both = waiver() + waiver("XEN_PVH")
    status, _, about = check(kcfg, guest, both)
    assert (status, about) == (0, [("waiver-unused", 6)])
    assert check(kcfg, guest, both, "--fail-on", "recommended")[0] == 1


def test_a_waiver_of_another_profile_is_unused(kcfg: Run, guest: Path) -> None:
    status, found, about = check(kcfg, guest, waiver(profile="no-pv"))
    assert (status, found["XEN_PV"], about) == (1, "fail", [("waiver-unused", 1)])


@pytest.mark.parametrize(
    ("text", "where", "named"),
    [
        (waiver(more='because = "x"\n'), "waivers.toml:6", "because"),
        ("# one\n" + waiver(expires='"2999-01-01"'), "waivers.toml:6", "expires"),
        (waiver(expires="2999-01-01T00:00:00"), "waivers.toml:5", "expires"),
        (waiver(symbol=""), "waivers.toml:1", "symbol"),
        ('[[waiver]]\nsymbol = "XEN_PV"\n', "waivers.toml:1", "profile"),
        ('[waivers]\nsymbol = "XEN_PV"\n', "waivers.toml", "waivers"),
        ("waiver = 3\n", "waivers.toml", "waiver"),
        ('waiver = ["a"]\n', "waivers.toml", "waiver"),
        ("[[waiver]\n", "waivers.toml:1", "broken TOML"),
        ("\0", "waivers.toml:1", "broken TOML"),
    ],
)
def test_a_bad_file_of_waivers_is_one_line_with_place_and_key(
    kcfg: Run, guest: Path, text: str, where: str, named: str
) -> None:
    Path("waivers.toml").write_text(text)
    ran = kcfg("check", guest, "-p", "pv-domu", "--waivers", "waivers.toml")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"kcfg: {where}: ")
    assert named in ran.err
    assert ran.err.count("\n") == 1


def test_a_file_of_waivers_that_is_missing_or_no_text_is_one_line(kcfg: Run, guest: Path) -> None:
    assert kcfg("check", guest, "-p", "pv-domu", "--waivers", "none.toml").status == 2
    Path("bytes.toml").write_bytes(b"\xff\xfe")
    ran = kcfg("check", guest, "-p", "pv-domu", "--waivers", "bytes.toml")
    assert (ran.status, ran.err.count("\n")) == (2, 1)


RULE = '[[rule]]\nsymbol = "{}"\nvalue = ["y"]\nlevel = "required"\nwhy = "w"\nsource = "s"\n'


@pytest.mark.parametrize(
    ("waived", "jobs", "mends"),
    [
        ((), "1", {"mend": ["CONFIG_D1=y", "CONFIG_D2=y", "CONFIG_D3=y"], "mend_stays": ["MODULES=y"]}),
        (("D1",), "2", {"mend": ["CONFIG_D2=y", "CONFIG_D3=y"], "mend_stays": ["MODULES=y"]}),
        (("D1", "D2"), "1", {"mend": ["CONFIG_D3=y"]}),
        (("D1", "D2", "D3"), "1", {}),
    ],
)
@pytest.mark.usefixtures("kcfg")
def test_a_mend_has_no_line_for_what_is_waived(
    tmp_path: Path, waived: tuple[str, ...], jobs: str, mends: dict[str, list[str]]
) -> None:
    tree = write_tree(tmp_path / "drivers", MODULES + "".join(f'config D{n}\n\ttristate "d"\n' for n in range(60)))
    for name in ("a.config", "b.config"):
        Path(name).write_text("CONFIG_MODULES=y\n" + "".join(f"CONFIG_D{n}=m\n" for n in range(60)))
    rules = "".join(map(RULE.format, ("D1", "D2", "D3")))
    Path("three.toml").write_text(f'schema = 1\nname = "three"\n{rules}')
    Path("waivers.toml").write_text("".join(waiver(symbol, "three") for symbol in waived))
    options = ("-p", "three.toml", "--tree", tree, "--waivers", "waivers.toml", "--format", "json", "--jobs", jobs)
    ran = run_kcfg("check", "a.config", "b.config", *options)
    for result in json.loads(ran.out)["results"]:
        told = {key: value for key, value in result["profiles"][0].items() if key.startswith("mend")}
        assert {key: told[key] for key in told if key != "mend_fewer"} == mends
        assert ("mend_fewer" in told) == ("mend_stays" in told)


@pytest.mark.usefixtures("kcfg")
def test_a_mend_with_which_a_waiver_no_longer_fits_is_not_told(tmp_path: Path) -> None:
    tree = write_tree(tmp_path / "three", "".join(f'config {name}\n\tbool "p"\n' for name in "ABCD"))
    both = 'any-of = [{ all = [{ symbol = "A", value = ["y"] }, { symbol = "B", value = ["y"] }] }, '
    both += '{ symbol = "D", value = ["y"] }]\n'
    rules = f'[[rule]]\nid = "any"\n{both}level = "required"\nwhy = "w"\nsource = "s"\n' + RULE.format("B")
    Path("w.toml").write_text(f'schema = 1\nname = "w"\n{rules}')
    Path("waivers.toml").write_text(waiver("D", "w"))
    Path("c.config").write_text("CONFIG_C=y\n")

    def told(config: str) -> tuple[int, list[str], str]:
        options = ("-p", "w.toml", "--tree", tree, "--waivers", "waivers.toml", "--format", "json")
        ran = run_kcfg("check", config, *options)
        profile = json.loads(ran.out)["results"][0]["profiles"][0]
        return ran.status, profile.get("mend", []), profile.get("note", "")

    status, lines, note = told("c.config")  # B=y mends the other rule, and then this one fails for A
    assert (status, lines) == (1, [])
    assert "fails for another symbol, which is not waived" in note
    Path("c.config").write_text("CONFIG_C=y\nCONFIG_B=y\n")
    assert told("c.config")[0] == 1
