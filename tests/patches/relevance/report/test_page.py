"""The page of `kcfg relevance`."""

from __future__ import annotations

from msgspec.structs import replace

from kcfg.answers.facts import Location
from kcfg.base.version import KernelUsed
from kcfg.show.terminal import Look
from patches.relevance.data import (
    FileKind,
    FileReason,
    FileReasonKind,
    FileResult,
    ModeUsed,
    PatchRelevance,
    Reach,
    Relevance,
    RelevanceNote,
    RelevanceNoteKind,
    RelevanceReport,
)
from patches.relevance.report import RENDERERS, page
from tests.pages import parsed


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


def full_report() -> RelevanceReport:
    """Four patches, one of each verdict, for two modes."""
    reach = (Reach.NEEDED, Reach.IMPOSSIBLE)
    built = FileResult(
        path="drivers/xen/balloon.c",
        kind=FileKind.SOURCE,
        verdict=Relevance.BUILT,
        owner="drivers/xen/balloon.o",
        where=Location("drivers/xen/Makefile", 5),
        symbols=("XEN_BALLOON",),
        condition="XEN_BALLOON",
        modes=reach,
    )
    other = FileResult(
        path="arch/x86/xen/<b>.c",
        kind=FileKind.SOURCE,
        verdict=Relevance.OTHER,
        reason=(FileReason(FileReasonKind.MOVED, "<i>"),),
    )
    patches = tuple(
        PatchRelevance(
            name=f"{number}.patch",
            position=number,
            subject=f"subject {number}",
            verdict=verdict,
            decided_by=built.path,
            modes=reach,
            matters=(True, False),
            files=(built, other),
        )
        for number, verdict in enumerate(Relevance, 1)
    )
    modes = tuple(
        ModeUsed(name=name, title=name, enabled=500, proven=True, counts={"needed": 3, "never": 1}, matters=matters)
        for name, matters in (("pvh-domu", 3), ("pv-dom0", 1))
    )
    return RelevanceReport(
        version="1",
        queue="debian/patches",
        format="quilt",
        kernel=report().kernel,
        config="a.config",
        modes=modes,
        counts=dict.fromkeys(Relevance, 1),
        never={"documentation": 1},
        patches=patches,
        notes=(RelevanceNote(RelevanceNoteKind.NO_DIFF),),
    )


def test_relevance_tells_each_patch_its_modes_and_the_line_that_decides():
    shown = parsed(RENDERERS["html"](full_report(), Look(), False))
    rows = [[" ".join(cell.split()) for cell in row] for row in shown.rows if row and row[0] == "1"]
    assert rows[0][1:3] == ["1.patchsubject 1", "✓ built"]
    assert rows[0][4:] == ["✓ needed", "✗ impossible"]
    assert rows[0][3].startswith("drivers/xen/balloon.c XEN_BALLOON, drivers/xen/Makefile:52 files")
    assert "<i>" in shown.text
    assert shown.lost_links() == []
    assert len(shown.ids) == len(set(shown.ids))


def test_relevance_charts_say_how_many_patches_matter_for_each_mode():
    html = RENDERERS["html"](full_report(), Look(), False)
    shown = parsed(html)
    assert [row for row in shown.rows if row[:1] in (["pvh-domu"], ["pv-dom0"])] == [
        ["pvh-domu", "3", ""], ["pv-dom0", "1", ""],
    ]  # fmt: skip
    assert 'aria-label="pvh-domu: pvh-domu: needed 3, never 1"' in html
    assert '<rect class="good" width="75.000%"' in html
