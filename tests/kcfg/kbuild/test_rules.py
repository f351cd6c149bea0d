"""Objects that only rules name: the rules of a target, and what follows from what a folder builds."""

from __future__ import annotations

from pathlib import Path

from kcfg.kbuild.condition import ALWAYS, NEVER, describe
from kcfg.kbuild.rules import NAME_LIMIT, TOP, Follower, Table, follow
from kcfg.kbuild.tree import Descent, MakeLine
from kcfg.kbuild.walk import MakefileReader
from kcfg.kbuild.words import MakePlace
from kcfg.sources.open import open_source
from tests.kcfg.kbuild.makes import make_of
from tests.kcfg.trees import write_tree


def table(text: str) -> Table:
    return Table(make_of(text))


def rules(text: str, target: str) -> list[tuple[str, str, str]]:
    """(when, the stem, what it needs) of the rules of a target."""
    return [(describe(when), stem, rule.needs.strip()) for when, stem, rule in table(text).rules(target)]


def reader_of(folder: Path, files: dict[str, str]) -> MakefileReader:
    """A reader that has read the top Makefile."""
    reader = MakefileReader(open_source(str(write_tree(folder, {"Kconfig": "", **files}))), "x86_64")
    assert reader.top.include("Makefile")
    return reader


def test_a_rule_is_found_by_each_of_its_targets() -> None:
    text = "a ./b: c\nd: e"
    assert [rules(text, name) for name in ("a", "b", "d", "c")] == [
        [("always", "%", "c")],
        [("always", "%", "c")],
        [("always", "%", "e")],
        [],
    ]


def test_a_pattern_rule_says_what_its_percent_sign_stands_for() -> None:
    assert rules("sub/%.o: sub/%.c", "sub/a.o") == [("always", "a", "sub/%.c")]


def test_a_static_pattern_is_a_rule_of_its_targets_alone() -> None:
    text = "a.o b.x: %.o: %.c"
    assert rules(text, "a.o") == [("always", "a", "%.c")]
    assert rules(text, "b.x") == rules(text, "c.o") == []


def test_a_recipe_of_the_target_itself_hides_pattern_rules() -> None:
    text = "%.o: %.c\n\tcompile\na.o: extra\nb.o: extra\n\tlink"
    assert [needs for _, _, needs in rules(text, "a.o")] == ["extra", "%.c"]
    assert [needs for _, _, needs in rules(text, "b.o")] == ["extra"]


def test_a_target_under_a_condition_has_it() -> None:
    text = "ifdef CONFIG_A\n$(if $(CONFIG_B),a): b\nendif\n$(shell x): c"
    assert rules(text, "a") == [("A && B", "%", "b")]
    assert len(table(text).exact) == 1


def test_a_target_is_worked_on_again_only_when_its_condition_grows(tmp_path: Path) -> None:
    follower = Follower(reader_of(tmp_path, {"Makefile": ""}))
    symbol, place, later = follower.reader.top.symbol, MakePlace("Makefile", 1), MakePlace("Makefile", 2)
    follower.need(TOP, "a", symbol("CONFIG_A", 4), place)
    follower.need(TOP, "a", symbol("CONFIG_A", 4), later)
    assert follower.todo == [(TOP, "a")]
    follower.need(TOP, "a", symbol("CONFIG_B", 4), later)
    assert follower.todo == [(TOP, "a"), (TOP, "a")]
    condition, first = follower.needed[TOP, "a"]
    assert (describe(condition), first) == ("A=y || B=y", place)


def test_a_target_with_a_name_without_end_is_left(tmp_path: Path) -> None:
    follower = Follower(reader_of(tmp_path, {"Makefile": ""}))
    for length in (NAME_LIMIT, NAME_LIMIT + 1):
        follower.need(TOP, "a" * length, follower.reader.top.symbol("CONFIG_A", 4), MakePlace("Makefile", 1))
    assert [len(target) for _, target in follower.todo] == [NAME_LIMIT]


def test_the_image_s_recipe_leads_into_another_folder(tmp_path: Path) -> None:
    reader = reader_of(
        tmp_path,
        {
            "Makefile": "bzImage: vmlinux\n\t$(MAKE) $(build)=arch/x86/boot $@\n\t$(MAKE) $(build)=scripts $@",
            "arch/x86/boot/Makefile": "bzImage: head.o $(if $(CONFIG_A),arch/x86/boot/more.o)\n",
            "scripts/Makefile": "bzImage: tool.o\n",
        },
    )
    follow(reader)
    assert [edge.path for edge in reader.edges] == ["arch/x86/boot"]
    assert {path: describe(it[0].builtin) for path, it in reader.listings.items()} == {
        "head.o": "always",
        "arch/x86/boot/more.o": "A",
    }


def test_an_object_that_a_rule_makes_of_others_is_replaced_by_them(tmp_path: Path) -> None:
    reader = reader_of(tmp_path, {"Makefile": "", "d/Makefile": "obj-y := all.o\nd/all.o: d/one.o d/two.o FORCE\n\tld"})
    line = MakeLine("d/Makefile", 1, ALWAYS, NEVER)
    reader.enter("d", Descent(TOP, line))
    reader.makes.append(reader.open("d"))
    reader.list_object("d/all.o", 0, "d/all.o", True, (line,))
    follow(reader)
    assert sorted(reader.listings) == ["d/one.o", "d/two.o"]
