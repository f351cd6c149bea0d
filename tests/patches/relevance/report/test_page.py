"""The page of `kcfg relevance`."""

from __future__ import annotations

from msgspec.structs import replace

from kcfg.base.version import KernelUsed
from kcfg.show.terminal import Look
from patches.relevance.data import FileKind, FileResult, ModeUsed, PatchRelevance, Reach, Relevance, RelevanceReport
from patches.relevance.report import page


def report(config: str = ".config") -> RelevanceReport:
    used = KernelUsed(version="6.12", arch="x86_64", origin="tree", name="linux")
    mode = ModeUsed(name="pvh", title="PVH", enabled=3, proven=True, counts={"needed": 1}, matters=1)
    one = PatchRelevance(
        name="a<b.patch",
        position=1,
        verdict=Relevance.BUILT,
        decided_by="source.c",
        modes=(Reach.NEEDED,),
        matters=(True,),
        files=(FileResult(path="source.c", kind=FileKind.SOURCE, verdict=Relevance.BUILT, modes=(Reach.NEEDED,)),),
    )
    return RelevanceReport(
        version="0",
        queue="q",
        format="quilt",
        kernel=used,
        config=config,
        modes=(mode,),
        counts={"built": 1},
        patches=(one,),
    )


def test_every_verdict_and_reach_has_a_tone() -> None:
    assert set(page.TONES) == set(page.BADGES) == set(Relevance)
    assert set(page.REACHES) == set(Reach)


def test_the_page_is_whole_and_escapes_names() -> None:
    text = page.relevance(report(), Look())
    assert text.startswith(("<!doctype html>", "<!DOCTYPE html>"))
    assert "a&lt;b.patch" in text
    assert "a<b.patch" not in text


def test_without_a_configuration_built_means_needed() -> None:
    assert page.words(report(""))[Relevance.BUILT] == "needed by these modes"
    assert page.words(report())[Relevance.BUILT] == "built into this kernel"
    assert "what the modes need" in page.verdict_bar(report(""))
    assert "what this kernel builds" in page.verdict_bar(report())


def test_the_figures_are_the_patches_and_each_verdict_that_there_is() -> None:
    assert page.figures(report()) == [(1, "patches", ""), (1, "built into this kernel", "good")]


def test_the_charts_of_modes() -> None:
    assert page.mode_bars(replace(report(), modes=())) == ""
    assert "built here, and the mode can have it" in page.mode_bars(report())
    assert "pvh: PVH" in page.reach_bar(report().modes[0])
