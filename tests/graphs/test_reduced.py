"""Which links of a view follow from others."""

from __future__ import annotations

from graphs.view import ViewLink, reduced


def link(text: str, kind: str = "depends", sign: int = 1, alternative: bool = False) -> ViewLink:
    """A link from "A B"."""
    source, target = text.split()
    return ViewLink(source=source, target=target, kind=kind, sign=sign, alternative=alternative, statements=())


def implied(*links: ViewLink) -> list[str]:
    return [f"{one.source} {one.target}" for one in reduced(list(links)) if one.implied]


def test_a_need_of_a_need_is_implied() -> None:
    assert implied(link("A B"), link("B C"), link("A C")) == ["A C"]
    assert implied(link("A B"), link("B C"), link("C D"), link("A D")) == ["A D"]
    assert implied(link("A B"), link("B C"), link("A D")) == []


def test_of_needs_in_a_circle_none_is_implied() -> None:
    assert implied(link("A B"), link("B A"), link("A C"), link("B C")) == []
    assert implied(link("A B"), link("B C"), link("C A")) == []


def test_of_needs_that_need_each_other_the_first_stands() -> None:
    assert implied(link("A B"), link("A C"), link("B C"), link("C B")) == ["A C"]
    assert implied(link("A C"), link("A B"), link("B C"), link("C B")) == ["A B"]
    circle = [link("B C"), link("C D"), link("D B")]
    assert implied(link("A C"), link("A D"), link("A B"), *circle) == ["A D", "A B"]


def test_a_circle_further_down_hides_nothing() -> None:
    assert implied(link("A B"), link("B C"), link("C D"), link("D C"), link("A D"), link("A E")) == ["A D"]


def test_only_what_holds_in_any_case_implies() -> None:
    for loose in (link("B C", alternative=True), link("B C", sign=-1), link("B C", kind="select")):
        assert implied(link("A B"), loose, link("A C")) == []
    for loose in (link("A C", alternative=True), link("A C", sign=-1), link("A C", kind="recommended")):
        assert implied(link("A B"), link("B C"), loose) == []


def test_a_rule_is_implied_by_the_modes_other_rules() -> None:
    mode = "mode:m"
    assert implied(link(f"{mode} A", "required"), link(f"{mode} B", "required"), link("A B")) == [f"{mode} B"]
    assert implied(link(f"{mode} A", "recommended"), link(f"{mode} B", "required"), link("A B")) == []
