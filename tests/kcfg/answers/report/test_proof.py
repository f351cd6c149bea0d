"""The words of a proof."""

from __future__ import annotations

from kcfg.answers.explain import KeptBy
from kcfg.answers.report.proof import kept_by, no_fewer, smallest, verdict
from kcfg.solver.results import Proof


def test_words_of_proof_come_from_bound_and_optimum() -> None:
    assert no_fewer(Proof(3, 3)) == "no fewer will do"
    assert no_fewer(Proof(3, 2, out_of_time=True)) == "fewer may do, at least 2: the time ran out"
    assert "time" not in no_fewer(Proof(3, 2))
    assert smallest(Proof(4, 4)) == "proven smallest: lower bound 4"
    assert smallest(Proof(4, 1, out_of_time=True)).startswith("not proven: the time ran out")
    assert (verdict(Proof(1, 1)), verdict(Proof(2, 1))) == ("proven smallest", "not proven")


def test_nobody_is_no_name_of_who_keeps_it() -> None:
    assert [kept_by(one) for one in (KeptBy.UNTOLD, KeptBy.RESOLVE, KeptBy.CONF)] == ["", "resolve", "resolve, conf"]
    assert kept_by(KeptBy.NOBODY) == "nothing: it becomes another one when it is read back"
