"""Chains of reasons in Markdown and JSON."""

from __future__ import annotations

from kcfg.answers.facts import Basis, Difference, Location, Reason, ReasonKind, ResolveReport
from kcfg.answers.report.json import told
from kcfg.answers.report.markdown import chain
from kcfg.base.version import KernelUsed

KERNEL = KernelUsed(version="6.12.0", arch="x86_64", origin="snapshot", name="linux-6.12")


def reason(depth: int) -> Reason:
    return Reason(ReasonKind.EXPLICIT, Location("c", 1), depth, Basis.LINE, "A", "y", "n")


def test_a_level_is_never_deeper_than_one_below_the_line_before() -> None:
    lines = chain([reason(depth) for depth in (1, 3, 1, 0, 2, -1)])
    assert [(len(line) - len(line.lstrip())) // 2 for line in lines] == [0, 1, 1, 0, 1, 0]


def test_only_what_has_reasons_is_made_anew() -> None:
    for parts in ((), ("a", "b")):
        bare = ResolveReport(version="0", kernel=KERNEL, config="c", differences=(), enabled=1, parts=parts)
        assert told(bare) is bare
    one, other = (Difference("A", "y", "n", Location("c", 1), reasons) for reasons in ((reason(0),), ()))
    full = told(ResolveReport(version="0", kernel=KERNEL, config="c", differences=(one, other), enabled=1))
    assert full.differences[1] is other
    assert full.differences[0].reasons[0].text
    assert full.kernel is KERNEL
