"""The page's data, the configuration on it, and the files: SVG that stands alone, PNG or one line that says why not."""

from __future__ import annotations

import builtins
import dataclasses
import json
import re
import xml.etree.ElementTree as ET

import msgspec
import pytest

from graphs.compose import DEFAULT_MODES, beside, compose, modes_of
from graphs.failing import overlay_of
from graphs.report import png as png_module
from graphs.report.page import graph_page
from graphs.report.svg import DARK, LIGHT, drawing, path
from kcfg.base.errors import Impossible, UserError
from profiles.loader import load_profile
from tests.graphs.test_view import PROFILE, TREE
from tests.kcfg.trees import judge_of, model_of
from tests.pages import parsed


@pytest.fixture
def mine(tmp_path):
    (tmp_path / "mine.toml").write_text(PROFILE, encoding="utf-8")
    return load_profile(str(tmp_path / "mine.toml"))


@pytest.fixture
def draw(tmp_path, mine):
    """A picture of the small tree, for a configuration where one is given."""

    def make(config=None, tree=TREE, profile=mine):
        judge = judge_of(model_of(tmp_path / "tree", tree), config or "")
        return compose(judge, [profile], valued=config is not None, others=False)

    return make


def data_of(html):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)[1])


def node_of(data, key):
    return next(node for node in data["nodes"] if node["key"] == key)["states"]["list"][0]


def test_the_page_tells_each_options_statements_with_their_lines(draw):
    data = data_of(graph_page(draw()))
    (place,) = node_of(data, "XEN")["places"]
    assert place["where"] == "Kconfig:2"
    assert ["Kconfig:4", "depends on PARAVIRT && ALWAYS"] in place["lines"]
    assert ["Kconfig:5", "select PARAVIRT_CLOCK"] in place["lines"]
    assert node_of(data, "PARAVIRT_CLOCK")["selected"] == [["Kconfig:5", "XEN"]]
    assert [rule["level"] for rule in node_of(data, "XEN")["rules"]] == ["required"]


def test_the_table_says_what_the_picture_shows(draw):
    page = parsed(graph_page(draw("XEN=y\nPARAVIRT=y\nMENU=y\nLEFT=y\n")))
    rows = {row[0]: row for row in page.rows[1:]}
    assert set(rows) == {"XEN", "XEN_PV", "UNRELATED", "PARAVIRT", "MENU", "PARAVIRT_CLOCK", "XEN_PV_SMP"}
    head = page.rows[0]
    xen = dict(zip(head, rows["XEN"], strict=True))
    assert (xen["mine"], xen["Needs"], xen["Selects"], xen["Value"]) == ("required", "PARAVIRT", "PARAVIRT_CLOCK", "y")
    assert dict(zip(head, rows["UNRELATED"], strict=True))["mine"] == "recommended off"


def test_a_failing_path_leads_from_the_mode_to_what_is_to_be_set(draw):
    (found,) = draw("XEN=y\nXEN_PV=y\nPARAVIRT=y\n").overlay.paths
    assert found.status == "fail"
    assert set(found.pairs) == {
        ("mode:mine", "XEN_PV"),  # which needs XEN, so the mode's own line to that says nothing new
        ("XEN_PV", "XEN"),
        ("XEN", "PARAVIRT"),
        ("PARAVIRT", "MENU"),
        ("XEN_PV", "LEFT"),
        ("XEN_PV", "RIGHT"),
    }
    assert set(found.roots) == {"MENU", "LEFT", "RIGHT"}


def test_what_fails_is_in_the_picture_even_when_it_is_no_gate(draw):
    shown = {node.key for node in draw("XEN=y\n").picture.nodes}
    assert {"LEFT", "RIGHT"} <= shown


def test_a_mode_that_works_has_no_path(draw):
    (found,) = draw("XEN=y\nXEN_PV=y\nPARAVIRT=y\nMENU=y\nLEFT=y\n").overlay.paths
    assert (found.status, found.pairs, found.roots) == ("pass", (), ())


def test_a_kernel_that_is_not_the_configurations_own_is_noted(tmp_path, mine):
    judge = judge_of(model_of(tmp_path / "tree", TREE), "XEN=y\n")
    used = msgspec.structs.replace(judge.kernel.used, note="this is not the configuration's kernel")
    judge.kernel = dataclasses.replace(judge.kernel, used=used)
    page = parsed(graph_page(compose(judge, [mine], valued=True, others=False)))
    assert "Note this is not the configuration's kernel" in " ".join(page.text.split())


def test_values_are_those_that_the_kernel_makes(draw):
    data = data_of(graph_page(draw("XEN=y\nPARAVIRT=y\nMENU=y\n")))
    values = data["overlay"]["values"]
    assert (values["XEN"], values["XEN_PV"], values["PARAVIRT_CLOCK"]) == ("y", "n", "y")


HOSTILE = """
schema = 1
name = "mine"
title = "</title><script>alert(1)</script>"
kind = "mode"
about = "<img src=x onerror=alert(2)> ' \\" "
[[rule]]
level = "required"
symbol = "XEN"
why = "</script><script>alert(3)</script>"
source = "x"
"""


def test_hostile_text_stays_text(tmp_path, draw):
    (tmp_path / "hostile.toml").write_text(HOSTILE, encoding="utf-8")
    tree = 'config XEN\n\tbool "x"\n\tdepends on A="</script><script>alert(4)</script>"\nconfig A\n\tstring "a"\n'
    html = graph_page(draw("XEN=y\n", tree, load_profile(str(tmp_path / "hostile.toml"))))
    page = parsed(html)
    assert "alert(" not in "".join(re.findall(r"<script>(.*?)</script>", html, re.DOTALL))
    assert not page.handlers
    assert node_of(data_of(html), "XEN")["places"][0]["lines"][0][1].endswith('="</script><script>alert(4)</script>"')
    ET.fromstring(drawing(draw("", tree).picture, "</svg><script>alert(5)</script>"))


def test_the_svg_stands_alone_in_light_and_dark(draw):
    text = drawing(draw().picture, "heading")
    root = ET.fromstring(text)
    assert "var(" not in text
    assert "http" not in text.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert LIGHT["m0"] in text
    assert DARK["m0"] in text.partition("@media(prefers-color-scheme:dark)")[2]
    words = "".join(root.itertext())
    assert all(name in words for name in ("XEN_PV", "PARAVIRT", "mine", "heading"))


def test_both_palettes_name_the_same_colours():
    assert LIGHT.keys() == DARK.keys()


def test_a_path_is_short():
    assert path([(0, 0), (10, 0), (46, 20.04), (46, 20.04)]) == "M0 0H10C28 0 28 20 46 20H46"


def test_png_has_the_drawings_size_twice(draw):
    import struct

    drawn = draw()
    text = drawing(drawn.picture, "heading")
    data = png_module.png(text)
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", data[16:24])
    size = float(re.search(r'width="([\d.]+)"', text)[1]), float(re.search(r'height="([\d.]+)"', text)[1])
    assert abs(width - 2 * size[0]) <= 2
    assert abs(height - 2 * size[1]) <= 2


@pytest.fixture
def no_cairo(monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name == "cairosvg":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)


def test_without_anything_that_draws_png_one_line_says_what_to_install(monkeypatch, no_cairo):
    monkeypatch.setattr(png_module.shutil, "which", lambda _: None)
    with pytest.raises(UserError) as caught:
        png_module.png("<svg/>")
    assert caught.value.status == 2
    assert "pip install 'xen-kcfg[png]'" in str(caught.value)


def test_png_comes_from_rsvg_convert_where_that_is_installed(tmp_path, monkeypatch, no_cairo):
    program = tmp_path / "rsvg-convert"
    program.write_text('#!/bin/sh\necho "$1"; cat\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert png_module.png("<svg/>") == b"--format=png\n<svg/>"
    program.write_text("#!/bin/sh\nexit 3\n")
    with pytest.raises(UserError, match="rsvg-convert failed"):
        png_module.png("<svg/>")


def test_modes_of_another_architecture_are_refused_by_name():
    with pytest.raises(UserError, match="arm64-domu does not exist on x86_64") as caught:
        modes_of("pv-domu,arm64-domu", "x86_64", "6.12")
    assert "--arch arm64" in caught.value.hint
    assert [one.name for one in modes_of("pvh-domu,pvh-domu", "x86_64", "6.12")] == ["pvh-domu"]
    assert [one.name for one in modes_of("", "arm64", "6.12")] == ["arm64-domu", "arm64-dom0"]


def test_modes_that_a_kernel_does_not_have_yet_are_refused_by_name_and_not_among_the_usual_ones():
    with pytest.raises(Impossible, match=r"--modes: pvh-dom0: .*needs Linux 5\.15"):
        modes_of("pv-domu,pvh-dom0", "x86_64", "5.10.262")
    assert [one.name for one in modes_of("", "x86_64", "5.10.262")] == ["pv-domu", "pvh-domu", "pv-dom0"]
    assert "pvh-dom0" in [one.name for one in modes_of("", "x86_64", "5.15")]


def test_where_no_usual_mode_is_drawn_the_reason_is_the_true_one(monkeypatch):
    """A version that is too old is another one than an architecture without any."""
    with pytest.raises(UserError, match="no modes are drawn for arm unless they are named") as caught:
        modes_of("", "arm", "6.12")
    assert caught.value.status == 2
    monkeypatch.setitem(DEFAULT_MODES, "x86_64", ("pvh-domu", "pvh-dom0"))
    said = r"^--modes: none of the modes .* exists for Linux 4\.9 x86_64: pvh-domu: PVH as Xen has it .* Linux 4\.11"
    with pytest.raises(Impossible, match=said) as caught:
        modes_of("", "x86_64", "4.9")
    assert caught.value.status == 1


def test_a_kernel_stands_among_the_built_in_ones_of_other_series(tmp_path):
    judge = judge_of(model_of(tmp_path, TREE, "6.1.55"))
    versions = [kernel.model.version for kernel in beside(judge.kernel)]
    assert [version.rpartition(".")[0] for version in versions] == ["5.10", "6.1", "6.12", "7.3"]
    assert versions[1] == "6.1.55"


def test_a_mode_that_a_kernel_does_not_have_says_why(tmp_path, mine):
    text = PROFILE.replace(
        'kind = "mode"', 'kind = "mode"\nkernel = ">=6.5"\nkernel-why = "too old"\nkernel-source = "x"'
    )
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    judge = judge_of(model_of(tmp_path / "old", TREE, "6.1.0"))
    profile = load_profile(str(tmp_path / "mine.toml"))
    data = data_of(graph_page(compose(judge, [profile], others=False)))
    assert node_of(data, "mode:mine")["void"].startswith("too old")
    assert overlay_of(judge, [profile]).paths[0].pairs == ()


def test_an_option_that_the_kernel_only_mentions_is_told_as_such(draw):
    tree = TREE.replace("depends on PARAVIRT && ALWAYS", "depends on PARAVIRT && ALWAYS && ARM")
    data = data_of(graph_page(draw("XEN=y\nPARAVIRT=y\n", tree)))
    assert node_of(data, "ARM")["type"] == "unknown"
