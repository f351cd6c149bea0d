"""`kcfg graph` without a sub-command, and the pictures of `kcfg graph export`."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from graphs.report import png as png_module
from tests.commands.run import run_kcfg
from tests.kcfg.trees import write_tree

TREE = """
config XEN
	bool "Xen"
	depends on PARAVIRT
config PARAVIRT
	bool "paravirt"
config XEN_PVH
	bool "PVH"
	depends on XEN && ACPI
config ACPI
	bool "ACPI"
"""


@pytest.fixture
def tree(tmp_path):
    return write_tree(tmp_path / "tree", TREE)


def words(svg):
    return "".join(ET.fromstring(svg).itertext())


def test_a_picture_needs_no_sub_command(tree, tmp_path):
    target = tmp_path / "xen.html"
    ran = run_kcfg("graph", "--modes", "pvh-domu", "--tree", tree, "--only", "-o", target)
    assert (ran.status, ran.out, ran.err) == (0, "", "")
    html = target.read_text(encoding="utf-8")
    assert html.startswith("<!doctype html>")
    assert 'data-id="XEN_PVH"' in html
    assert 'id="kernel"' not in html  # one kernel, no slider


def test_the_suffix_says_the_format_and_format_overrides_it(tree, tmp_path):
    args = ("graph", "picture", "--modes", "pvh-domu", "--tree", tree, "--only")
    assert run_kcfg(*args, "-o", tmp_path / "a.svg").status == 0
    assert "PARAVIRT" in words((tmp_path / "a.svg").read_text(encoding="utf-8"))
    assert run_kcfg(*args, "-o", tmp_path / "a.png").status == 0
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert run_kcfg(*args, "--format", "svg", "-o", tmp_path / "a.txt").status == 0
    assert ET.fromstring((tmp_path / "a.txt").read_text(encoding="utf-8")).tag.endswith("svg")
    ran = run_kcfg(*args, "-o", tmp_path / "a.gif")
    assert ran.status == 2
    assert "--format html, svg or png" in ran.err


def test_a_configurations_values_and_failing_path_are_in_the_file(tree, tmp_path):
    config = tmp_path / ".config"
    config.write_text("CONFIG_XEN=y\nCONFIG_PARAVIRT=y\n", encoding="utf-8")
    ran = run_kcfg("graph", "--modes", "pvh-domu", "--tree", tree, "-c", config, "--format", "svg", "--arch", "x86_64")
    assert ran.status == 0
    root = ET.fromstring(ran.out)
    classes = [one.get("class", "").split() for one in root.iter()]
    assert sum({"line", "failing"} <= set(one) for one in classes) == 2  # from the mode to XEN_PVH, and on to ACPI
    assert sum({"node", "bad", "off"} <= set(one) for one in classes) == 2
    assert "=y" in words(ran.out)


def test_without_anything_that_draws_png_other_formats_work(tree, tmp_path, monkeypatch):
    def nothing(svg):
        raise png_module.UserError("nothing here draws PNG", hint="pip install 'xen-kcfg[png]'")

    monkeypatch.setattr(png_module, "png", nothing)
    args = ("graph", "--modes", "pvh-domu", "--tree", tree, "--only", "--format")
    ran = run_kcfg(*args, "png")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "kcfg: nothing here draws PNG (pip install 'xen-kcfg[png]')\n"
    assert run_kcfg(*args, "svg").status == 0


@pytest.mark.parametrize(
    ("args", "status", "told"),
    [
        (("--modes", "arm64-domu", "--kernel", "6.12"), 1, "arm64-domu does not exist on x86_64"),
        (("--modes", "no-such", "--kernel", "6.12"), 2, "no-such"),
        (("--kernel", "3.2"), 2, "no built-in model of Linux 3.2"),
    ],
)
def test_a_wrong_question_is_one_line(args, status, told, tmp_path):
    ran = run_kcfg("graph", *args, "-o", tmp_path / "x.html")
    assert ran.status == status
    assert told in ran.err
    assert ran.err.count("\n") == 1
    assert not (tmp_path / "x.html").exists()


def test_the_neighbourhood_of_an_option_is_drawn(tree, tmp_path):
    ran = run_kcfg("graph", "export", "--symbol", "XEN", "--tree", tree, "--format", "svg")
    assert ran.status == 0
    text = words(ran.out)
    assert all(name in text for name in ("XEN_PVH", "PARAVIRT", "pvh-domu", "named by a mode"))
    assert "ACPI" not in text
    ran = run_kcfg("graph", "export", "--symbol", "XEN", "--tree", tree, "--format", "svg", "--direction", "out")
    assert "has a prompt" in words(ran.out)
    assert "XEN_PVH" not in words(ran.out)


def test_a_graph_too_large_to_see_is_not_drawn():
    ran = run_kcfg("graph", "export", "--all", "--kernel", "6.12", "--format", "svg")
    assert (ran.status, ran.out) == (2, "")
    assert "--depth" in ran.err
