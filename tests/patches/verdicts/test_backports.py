"""Backports and what looks like one, in a repository: what is there at the target, and what only resembles it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from patches.findings import Answer, Certainty, PatchResult, Standing, Verdict
from patches.text.parse import parse_patch
from patches.verdicts.judgement import Judgement
from patches.verdicts.upstream import History, open_history
from patches.verdicts.witnesses import mainline, witnesses
from tests.patches.upstream import git

NEW = """\
    if ( d->count > LIMIT )
        return -E2BIG;
    d->count++;
    audit_event(d, TAKEN);
"""
FAR = "".join(f"void far_{n}(struct domain *d)\n{{\n    far_step_{n}(d);\n}}\n\n" for n in range(4))
Files = dict[str, str]


@dataclass(frozen=True)
class Story:
    """A file at v1, what upstream made of it step by step, and what the patch makes of v1; `there`: at the target."""

    name: str
    base: str
    steps: tuple[str, ...]
    ours: str
    there: bool
    file: str = "a.c"


def function(name: str, body: str) -> str:
    return f"static int {name}(struct domain *d)\n{{\n{body}}}\n\n"


def both(first: str, second: str) -> str:
    between = FAR.replace("far", "mid")
    one = function("first", f"    one_first(d);\n{first}    two_first(d);\n")
    return FAR + one + between + function("second", f"    one_second(d);\n{second}    two_second(d);\n")


def alone(middle: str) -> str:
    return both("    plain(d);\n", middle)


DEEP = "".join(f"    {line}\n" for line in NEW.splitlines())
ELSE = """\
    if ( d->is_pv )
    {{
        prepare_pv(d);
{}    }}
    else
    {{
        prepare_hvm(d);
{}    }}
"""
LESS = "    if ( d->is_pv )\n    {{\n        prepare_pv(d);\n{}    }}\n"
FLUSH, OTHER = "    flush_all(d);\n", "    flush_all(d, FLUSH_TLB);\n"
CASES = """\
    switch ( d->kind )
    {{
    case KIND_CARGO:
        begin_cargo(d);
        rc = {};
        end_cargo(d);
        break;
    case KIND_DELTA:
        begin_delta(d);
        rc = {};
        end_delta(d);
        break;
    }}
"""
CHECK, STRICT, PARENT = "check_kind(d, ANY)", "check_strict(d, ANY, LOCKED)", "check_kind(d->parent, ANY)"
ANY = "        rc = check_kind(d, ANY);\n"
GRANT = "    switch ( d->kind )\n    {{\n    case KIND_GRANT:\n{}        map_grant(d);\n    }}\n"
FOREIGN = GRANT.replace("GRANT", "FOREIGN").replace("grant", "foreign")
KCONFIG = 'config PV\n\tbool "PV"\n{}\nconfig {}\n\tbool "{}"\n{}\nconfig LAST\n\tbool "last"\n'
SELECT = "\tselect HAVE_ALL_OF_IT\n\tselect HAVE_THE_REST\n"

STORIES = (
    # What is there, though its surroundings are others
    Story("other context", alone("    old_one(d);\n    old_two(d);\n"), (
        alone("    old_one(d);\n    new_two(d);\n"), alone(f"    old_one(d);\n{NEW}    new_two(d);\n"),
        alone(f"    old_one(d);\n    counted(d);\n{NEW}    new_two(d);\n")),
        alone(f"    old_one(d);\n{NEW}    old_two(d);\n"), True),
    Story("other context on both sides", alone("    old_one(d);\n    mark(d);\n    old_two(d);\n"), (
        alone("    new_one(d);\n    mark(d);\n    new_two(d);\n"), alone(f"    new_one(d);\n{NEW}    new_two(d);\n"),
        alone(f"    new_one(d);\n    counted(d);\n{NEW}    new_two(d);\n")),
        alone(f"    old_one(d);\n{NEW}    old_two(d);\n"), True),
    Story("other white space", alone("    old_one(d);\n    old_two(d);\n"), (
        alone("  old_one(d);\n  new_two(d);\n"), alone(f"  old_one(d);\n{NEW.replace('    ', '  ')}  new_two(d);\n"),
        alone(f"  old_one(d);\n  counted(d);\n{NEW.replace('    ', '  ')}  new_two(d);\n")),
        alone(f"    old_one(d);\n{NEW}    old_two(d);\n"), True),
    Story("larger removal", alone(f"    first_of_it(d);\n{FLUSH}    last_of_it(d);\n"), (
        alone(FLUSH), alone(""), alone("    other(d);\n")),
        alone("    first_of_it(d);\n    last_of_it(d);\n"), True),
    Story("what both move", alone(f"{FLUSH}    step(d);\n    more(d);\n    rest(d);\n    last(d);\n    end(d);\n"), (
        alone(f"    step(d);\n    more(d);\n    rest(d);\n    last(d);\n{FLUSH}    end(d);\n"),
        alone(f"    step(d);\n    more(d);\n    rest(d);\n    last(d);\n{FLUSH}    end(d);\n    more_of_it(d);\n")),
        alone(f"    step(d);\n    more(d);\n    rest(d);\n    last(d);\n{FLUSH}    end(d);\n"), True),
    # What is somewhere else
    Story("a line moved", alone("    old_one(d);\n    old_two(d);\n"), (
        alone("    new_one(d);\n    old_two(d);\n"), alone(f"{NEW}    new_one(d);\n    old_two(d);\n")),
        alone(f"    old_one(d);\n{NEW}    old_two(d);\n"), False),
    Story("under another condition", alone("    old_one(d);\n    old_two(d);\n"), (
        alone("    new_one(d);\n#ifdef CONFIG_HVM\n    new_hvm(d);\n#endif\n    new_two(d);\n"),
        alone(f"    new_one(d);\n#ifdef CONFIG_HVM\n    new_hvm(d);\n{NEW}#endif\n    new_two(d);\n")),
        alone(f"    old_one(d);\n{NEW}    old_two(d);\n"), False),
    Story("in another branch", alone(LESS.format("        finish_pv(d);\n")), (
        alone(LESS.format("        finish_hvm(d);\n").replace("pv", "hvm")),
        alone(LESS.format(f"{DEEP}        finish_hvm(d);\n").replace("pv", "hvm"))),
        alone(LESS.format(f"{DEEP}        finish_pv(d);\n")), False),
    Story("at the end of the branch before", alone(ELSE.format("", "")), (alone(LESS.format(DEEP)),),
        alone(ELSE.format("", DEEP)), False),
    Story("at the end of the branch before, in two steps", alone(ELSE.format("", "")), (
        alone(LESS.format("")), alone(LESS.format(DEEP))), alone(ELSE.format("", DEEP)), False),
    Story("in another case", alone(CASES.format(CHECK, CHECK)), (
        alone(CASES.format(PARENT, CHECK)), alone(CASES.format(PARENT, STRICT))),
        alone(CASES.format(STRICT, CHECK)), False),
    Story("in the lock", alone("    spin_lock(&d->old);\n    old_one(d);\n    spin_unlock(&d->old);\n"), (
        alone("    spin_lock(&d->new);\n    new_one(d);\n    spin_unlock(&d->new);\n"),
        alone(f"{NEW}    spin_lock(&d->new);\n    new_one(d);\n    spin_unlock(&d->new);\n")),
        alone(f"    spin_lock(&d->old);\n    old_one(d);\n{NEW}    spin_unlock(&d->old);\n"), False),
    Story("in another function", both(FLUSH, FLUSH), (both(OTHER, FLUSH), both(OTHER, "")),
        both("", FLUSH), False),
    Story("a line that is another one now", alone(FLUSH), (alone(OTHER),), alone(""), False),
    Story("a function that is gone", both(FLUSH, FLUSH), (
        function("second", f"    one_second(d);\n{FLUSH}    two_second(d);\n"),
        function("second", "    one_second(d);\n    two_second(d);\n")),
        both("", FLUSH), False),
    Story("twice in the patch", both("    old_one(d);\n", "    old_two(d);\n"), (
        both(f"    old_one(d);\n{NEW}", "    new_two(d);\n"),),
        both(f"    old_one(d);\n{NEW}", f"    old_two(d);\n{NEW}"), False),
    Story("another line in its place", alone("    rc = read_head(d);\n    step(d);\n    rc = read_tail(d);\n"), (
        alone("    rc = read_head(d, true);\n    step(d);\n    rc = read_tail(d);\n"),
        alone("    rc = read_head(d, true);\n    step(d);\n    rc = read_safely(d, ALL_OF_IT);\n")),
        alone("    rc = read_safely(d, ALL_OF_IT);\n    step(d);\n    rc = read_tail(d);\n"), False),
    Story("out of another case", alone(GRANT.format(ANY)), (
        alone(FOREIGN.format(ANY)), alone(FOREIGN.format(""))), alone(GRANT.format("")), False),
    Story("in an entry in the place of another one", KCONFIG.format("\tdefault y\n", "HVM", "HVM", ""), (
        KCONFIG.replace("PV", "PVH", 2).format("\tdefault y\n", "HVM", "HVM", ""),
        KCONFIG.replace("PV", "PVH", 2).format(f"{SELECT}\tdefault y\n", "HVM", "HVM", "")),
        KCONFIG.format(f"{SELECT}\tdefault y\n", "HVM", "HVM", ""), False, "Kconfig"),
    Story("what upstream only moves", alone(f"{FLUSH}    step(d);\n    more(d);\n    rest(d);\n    last(d);\n"), (
        alone(f"    step(d);\n    more(d);\n    rest(d);\n    last(d);\n{FLUSH}"),),
        alone("    step(d);\n    more(d);\n    rest(d);\n    last(d);\n"), False),
    Story("a value at first, and then another", alone("    rc = set_up(d);\n"), (
        alone("    rc = 0;\n    if ( is_hvm(d) )\n        rc = set_up(d, 1);\n"),), alone("    rc = 0;\n"), False),
    Story("in the other order", alone("    set_busy(d);\n    clear_busy(d);\n"), (
        alone("    busy_clear(d);\n    busy_set(d);\n"), alone(f"    busy_clear(d);\n{NEW}    busy_set(d);\n")),
        alone(f"    set_busy(d);\n{NEW}    clear_busy(d);\n"), False),
    Story("in another entry of Kconfig", KCONFIG.format("", "HVM", "HVM", ""), (
        KCONFIG.replace("config PV\n\tbool \"PV\"\n{}\n", "").format("HVM", "HVM", ""),
        KCONFIG.replace("config PV\n\tbool \"PV\"\n{}\n", "").format("HVM", "HVM", SELECT)),
        KCONFIG.format(SELECT, "HVM", "HVM", ""), False, "Kconfig"),
)  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[History, dict[str, tuple[str, str]]]:
    """(the upstream, name of a story -> (the last commit, the patch))."""
    path = tmp_path_factory.mktemp("backports") / "repo"
    path.mkdir()
    git(path, "init", "-q", "-b", "master")

    def write(number: int, text: str) -> None:
        place = path / f"s{number}" / STORIES[number].file
        place.parent.mkdir(exist_ok=True)
        place.write_text(text)
        git(path, "add", "-A")

    for number, story in enumerate(STORIES):
        write(number, story.base)
    git(path, "commit", "-q", "-m", "all")
    git(path, "tag", "v1.0")
    patches: dict[str, str] = {}
    for number, story in enumerate(STORIES):
        write(number, story.ours)
        patches[story.name] = git(path, "diff", "--cached", "--full-index")
        git(path, "reset", "-q", "--hard")
    shas: dict[str, str] = {}
    for number, story in enumerate(STORIES):
        for step, text in enumerate(story.steps):
            write(number, text)
            git(path, "commit", "-q", "-m", f"{story.name}: {step}", date=1_600_000_000 + 100 * number + step)
        last = 2 if story.there else 1
        shas[story.name] = git(path, "rev-parse", f"HEAD~{last - 1}").strip()
    git(path, "tag", "v2.0")
    history = open_history(str(path), str(path.parent / "index"), "", 1, lambda *_: None)
    return history, {name: (shas[name], patches[name]) for name in patches}


RESULT = PatchResult(name="p", position=1, subject="", verdict=Verdict.MERGED, certainty=Certainty.CERTAIN, score=1.0)


@pytest.mark.parametrize("form", ["base", "no base", "edited"])
@pytest.mark.parametrize("story", STORIES, ids=lambda one: one.name.replace(" ", "-").replace(",", ""))
def test_only_what_is_there_at_its_place_is_there(
    told: tuple[History, dict[str, tuple[str, str]]], story: Story, form: str
) -> None:
    history, every = told
    sha, text = every[story.name]
    if form != "base":  # one that names a file of which these lines are not
        other = history.repo.text("rev-parse", "v1.0:s0/a.c").strip() if form == "edited" else ""
        text = re.sub(r"(?m)^index .*\n", f"index {other}..{'1' * 40} 100644\n" if other else "", text)
    (number,) = history.index.find_sha(sha)
    found = Judgement(Verdict.MERGED, commits=(number,), changes=(frozenset({number}),))
    target = witnesses(RESULT, parse_patch("p", text.encode()), found, history, mainline(history)).target
    assert (target.has is Answer.YES) is story.there, [place.standing for place in target.places]


def test_a_backport_is_found_by_where_it_stands_in_what_it_is_for(
    told: tuple[History, dict[str, tuple[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the same lines and places without that nothing would be known; nor where the match is in doubt."""
    history, every = told
    name = "other context on both sides"
    (number,) = history.index.find_sha(every[name][0])
    found = Judgement(Verdict.MERGED, commits=(number,), changes=(frozenset({number}),))
    patch = parse_patch("p", every[name][1].encode())

    def standings(certainty: Certainty = Certainty.CERTAIN) -> list[Standing]:
        result = PatchResult(name="p", position=1, subject="", verdict=Verdict.MERGED, certainty=certainty, score=1.0)
        return [one.standing for one in witnesses(result, patch, found, history, mainline(history)).target.places]

    assert standings() == [Standing.ADAPTED]
    assert standings(Certainty.LOW) != [Standing.ADAPTED]
    monkeypatch.setattr("patches.verdicts.standing.file_before", lambda *_: None)
    assert standings() != [Standing.ADAPTED]


def test_the_versions_of_a_file_are_those_of_releases(
    told: tuple[History, dict[str, tuple[str, str]]], tmp_path: Path
) -> None:
    history, _ = told
    assert ["".join(line.decode() for line in lines) for lines in history.versions("s0/a.c")] == [
        STORIES[0].steps[-1],
        STORIES[0].base,
    ]
    assert list(history.versions("s0/none.c")) == []
