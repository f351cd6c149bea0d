"""Facts of the records: what is kept of a case, what counts as a difference, that every command and format is asked."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import click
import pytest

from tests.golden.cases import Case, case, formats
from tests.golden.compare import Difference, compare, cut, report
from tests.golden.inputs import Inputs
from tests.golden.record import RecordError, all_cases, load, record
from tests.golden.rules import normalised

PROGRAM = """\
#!/bin/sh
case $1 in
print) echo "$2"; echo "$2" >&2 ;;
write) echo "$3" > "$2" ;;
read) cat ;;
show) env | grep -E "^($2)=" ;;
place) pwd; ls ;;
end) exit "$2" ;;
esac
"""


@pytest.fixture
def command(tmp_path: Path) -> Path:
    """A command that does what its first word says."""
    path = tmp_path / "bin" / "command"
    path.parent.mkdir()
    path.write_text(PROGRAM)
    path.chmod(0o755)
    return path


def made(folder: Path, command: Path, *cases: Case) -> Path:
    """A record of these cases, without the parts of the corpus that are not the project's own."""
    record(folder, command, Inputs(), cases, 1)
    return folder


def kept(folder: Path, name: str, path: str = "stdout") -> str:
    return (folder / "cases" / name / path).read_text()


def differences(tmp_path: Path, command: Path, was: str, now: str) -> list[tuple[str, tuple[str, ...]]]:
    """What differs between two runs of one case, of which the second has other arguments that nobody is told of."""
    for folder, line in ("a", was), ("b", now):
        made(tmp_path / folder, command, case("one", line))
    for folder in ("a", "b"):
        path = tmp_path / folder / "golden.json"
        lines = path.read_text().split("\n")
        start, end = lines.index('   "args": ['), lines.index("   ],", lines.index('   "args": ['))
        path.write_text("\n".join([*lines[: start + 1], *lines[end:]]))
    return [(one.what, one.lines) for one in compare(tmp_path / "a", tmp_path / "b")]


def test_what_a_case_prints_writes_and_ends_with_is_kept(tmp_path: Path, command: Path) -> None:
    cases = [case("a/print", "print hello"), case("a/write", "write {out}/new.txt text"), case("end", "end 3")]
    folder = made(tmp_path / "record", command, *cases)
    assert (kept(folder, "a/print"), kept(folder, "a/print", "stderr")) == ("hello\n", "hello\n")
    assert kept(folder, "a/write", "files/new.txt") == "text\n"
    assert {name: ran.status for name, ran in load(folder).cases.items()} == {"a/print": 0, "a/write": 0, "end": 3}


def test_a_case_runs_beside_the_corpus_with_an_environment_of_its_own(
    tmp_path: Path, command: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", "1")
    monkeypatch.setenv("COLUMNS", "200")
    names = "PYTHONHASHSEED|COLUMNS|XDG_CACHE_HOME|FORCE_COLOR"
    folder = made(
        tmp_path / "record", command, case("place", "place"), case("show", f"show '{names}'", env={"FORCE_COLOR": "1"})
    )
    assert kept(folder, "place").split("\n")[0] == str(folder / "run")
    assert {"examples", "own", "history", "history-queue"} <= set(kept(folder, "place").split())
    assert sorted(kept(folder, "show").split()) == ["FORCE_COLOR=1", f"XDG_CACHE_HOME={folder / 'cache'}"]


def test_a_case_reads_a_file_of_the_corpus_or_nothing(tmp_path: Path, command: Path) -> None:
    folder = made(tmp_path / "record", command, case("some", "read", stdin="own/prose.config"), case("none", "read"))
    assert (kept(folder, "some"), kept(folder, "none")) == ("hello\nworld\n", "")


def test_a_file_beside_the_own_folder_is_told(tmp_path: Path, command: Path) -> None:
    folder = made(tmp_path / "record", command, case("write", "write examples/new.txt text"))
    assert load(folder).stray == ("examples/new.txt",)


def test_cases_whose_input_is_not_given_are_left_out_and_counted(tmp_path: Path, command: Path) -> None:
    wanted = ["print xen/file", "print xen@v1", "print examples/xen", "read"]
    cases = [case(f"case{i}", line, stdin="configs/amd64" if line == "read" else "") for i, line in enumerate(wanted)]
    folder = made(tmp_path / "record", command, *cases)
    assert (list(load(folder).cases), load(folder).left_out) == (["case2"], ("case0", "case1", "case3"))


def test_a_record_is_replaced_and_another_folder_is_not_touched(tmp_path: Path, command: Path) -> None:
    folder = made(tmp_path / "record", command, case("old", "print old"))
    made(folder, command, case("new", "print new"))
    assert [path.name for path in (folder / "cases").iterdir()] == ["new"]
    (folder / "letter.txt").write_text("Dear reader\n")
    with pytest.raises(RecordError, match=r"letter\.txt"):
        made(folder, command, case("newer", "print newer"))
    assert kept(folder, "new") == "new\n"


def test_an_update_runs_some_cases_again_and_keeps_the_others(tmp_path: Path, command: Path) -> None:
    folder = made(tmp_path / "record", command, case("one", "print old"), case("two", "write {out}/old text"))
    command.write_text(PROGRAM.replace('echo "$2"', 'echo "new $2"'))
    record(folder, command, Inputs(), [case("two", "write {out}/new text"), case("three", "end 3")], 1, update=True)
    assert (kept(folder, "one"), [path.name for path in (folder / "cases/two/files").iterdir()]) == ("old\n", ["new"])
    assert {name: ran.status for name, ran in load(folder).cases.items()} == {"one": 0, "two": 0, "three": 3}


def test_a_record_by_another_command_is_not_updated(tmp_path: Path, command: Path) -> None:
    folder = made(tmp_path / "record", command, case("one", "print old"))
    other = command.with_name("other")
    command.rename(other)
    with pytest.raises(RecordError, match="another command"):
        record(folder, other, Inputs(), [case("one", "print new")], 1, update=True)
    assert (kept(folder, "one"), list(load(folder).cases)) == ("old\n", ["one"])


@pytest.mark.parametrize("text", ["", "{}", '{"schema": 1}', '{"schema": 99}'])
def test_what_is_no_record_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "golden.json").write_text(text)
    with pytest.raises(RecordError, match="record"):
        load(tmp_path)


def test_two_records_of_one_thing_have_no_difference(tmp_path: Path, command: Path) -> None:
    assert differences(tmp_path, command, "print 'a line'", "print 'a line'") == []


@pytest.mark.parametrize(
    ("was", "now", "found"),
    [
        ("end 0", "end 1", [("exit status 0 and 1", ())]),
        ("print a", "print b", [("stderr", ("@@ -1 +1 @@", "-a", "+b")), ("stdout", ("@@ -1 +1 @@", "-a", "+b"))]),
        ("print '-- a'", "print '++ b'", [(name, ("@@ -1 +1 @@", "--- a", "+++ b")) for name in ("stderr", "stdout")]),
        ("write {out}/f a", "write {out}/f b", [("files/f", ("@@ -1 +1 @@", "-a", "+b"))]),
    ],
)  # fmt: skip
def test_a_difference_is_told_with_its_lines(
    tmp_path: Path, command: Path, was: str, now: str, found: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert differences(tmp_path, command, was, now) == found


def test_a_file_that_only_one_record_has_is_a_difference(tmp_path: Path, command: Path) -> None:
    found = differences(tmp_path, command, "write {out}/f a", "write {out}/g a")
    assert [what for what, _ in found] == [
        f"files/f: only in {tmp_path / 'a'}",
        f"files/g: only in {tmp_path / 'b'}",
    ]


def test_a_case_that_only_one_record_has_is_a_difference(tmp_path: Path, command: Path) -> None:
    a, b = (made(tmp_path / name, command, case(name, "print x")) for name in ("a", "b"))
    assert list(compare(a, b)) == [Difference("a", f"only in {a}"), Difference("b", f"only in {b}")]


def test_other_arguments_are_a_difference(tmp_path: Path, command: Path) -> None:
    a = made(tmp_path / "a", command, case("one", "read x"))
    b = made(tmp_path / "b", command, case("one", "read y"))
    assert list(compare(a, b)) == [Difference("one", "arguments", ("-read x", "+read y"))]


def test_another_corpus_is_a_difference(tmp_path: Path, command: Path) -> None:
    a, b = (made(tmp_path / name, command, case("one", "read")) for name in ("a", "b"))
    path = b / "golden.json"
    digest = load(b).inputs["own"]
    path.write_text(path.read_text().replace(digest, "0" * 64))
    assert list(compare(a, b)) == [Difference("(the corpus)", f"own: {digest[:12]} and 000000000000")]


def test_files_that_are_not_text_are_compared_byte_by_byte(tmp_path: Path, command: Path) -> None:
    a, b = (made(tmp_path / name, command, case("one", "write {out}/f x")) for name in ("a", "b"))
    for folder, data in (a, b"\xff\0seconds"), (b, b"\xff\0other"):
        (folder / "cases" / "one" / "files" / "f").write_bytes(data)
    assert [one.lines for one in compare(a, b)] == [("not text: 9 and 7 bytes, which part at byte 2",)]


@pytest.mark.parametrize(("row", "count"), [("{folder}/x", 0), ("{name}", 1)])
def test_databases_are_compared_by_their_rows_without_paths(
    tmp_path: Path, command: Path, row: str, count: int
) -> None:
    a, b = (made(tmp_path / name, command, case("one", "write {out}/f x")) for name in ("a", "b"))
    for folder in (a, b):
        path = folder / "cases" / "one" / "files" / "f"
        path.unlink()
        with sqlite3.connect(path) as base:
            base.execute("CREATE TABLE t(c TEXT)")
            base.execute("INSERT INTO t VALUES (?)", [row.format(folder=folder, name=folder.name)])
        base.close()
    assert len(list(compare(a, b))) == count


@pytest.mark.parametrize(
    ("text", "compared"),
    [
        ("(proven smallest: lower bound 572; 3.9 s)", "(proven smallest: lower bound 572; <time>)"),
        ("kept by resolve (0.1 s)", "kept by resolve (<time>)"),
        ('  "seconds": 6.306393360000129,', '  "seconds": <time>,'),
        ('"seconds": 1e-05', '"seconds": <time>'),
        ("parsed in 2.55 s, probes in 0.00 s, 502,138 bytes, loads in 97 ms",
         "parsed in <time>, probes in <time>, 502,138 bytes, loads in <time>"),
        ("/there/before/run/own", "<record>/run/own"),
        ("/there/linux/Kconfig:3", "<linux>/Kconfig:3"),
        ("/there/before/cache/kcfg/upstream/e3b07cb2726dfcc90764.sqlite: 3 commits",
         "<record>/cache/kcfg/upstream/<name>.sqlite: 3 commits"),
        ("e3b07cb2726dfcc90764.sqlite", "e3b07cb2726dfcc90764.sqlite"),
        ("version 6.12.0 of 2025-03-03, 572 symbols, 3.9 %", "version 6.12.0 of 2025-03-03, 572 symbols, 3.9 %"),
        ("the best found in 60 s", "the best found in 60 s"),
        ('"second": 3, "seconds_more": 4', '"second": 3, "seconds_more": 4'),
    ],
)  # fmt: skip
def test_times_and_paths_are_not_compared_and_all_else_is(text: str, compared: str) -> None:
    paths = [("/there/before", "record"), ("/there/linux", "linux"), ("/there", "elsewhere")]
    assert normalised(text, paths) == compared


def test_a_long_line_is_shown_where_it_differs() -> None:
    was, now = f"-{'a' * 500}b{'c' * 500}", f"+{'a' * 500}d{'c' * 500}"
    shown = cut(was, now)
    assert shown.startswith("-…aaa")
    assert "b" in shown
    assert len(shown) < 160


def test_a_report_counts_what_it_does_not_show() -> None:
    found = [Difference("one", "stdout", tuple("abc")), Difference("one", "stderr"), Difference("two", "stdout")]
    assert list(report(found, 2)) == [
        "one: stdout", "    a", "    b", "    ... 1 lines more", "one: stderr", "two: stdout",
        "3 differences in 2 cases",
    ]  # fmt: skip
    assert list(report([], 2)) == ["0 differences in 0 cases"]


def test_formats_that_ask_for_looks_are_asked_in_colour_and_ascii() -> None:
    assert [one.name for one in formats("x", "modes", "text+,json")] == ["x/text", "x/colour", "x/ascii", "x/json"]


def commands() -> dict[str, click.Command]:
    """Every command that the program has, "graph path" for those of groups."""
    from importlib import metadata

    (entry,) = [one for one in metadata.entry_points(group="console_scripts") if one.name == "kcfg"]
    package = entry.module.partition(".")[0]
    group = __import__(f"{package}.cli", fromlist=["cli"]).cli
    found: dict[str, click.Command] = {}
    for name in group.list_commands(click.Context(group)):
        one = group.get_command(click.Context(group), name)
        below = one.list_commands(click.Context(one)) if isinstance(one, click.Group) else []
        found |= {f"{name} {word}": one.get_command(click.Context(one), word) for word in below} or {name: one}
    return found


def asked(name: str) -> list[tuple[str, ...]]:
    """The arguments of the cases of a command."""
    words = tuple(name.split())
    picture = ("graph", "--modes") if name == "graph picture" else words
    every = [one.args for one in all_cases() if not one.name.startswith("errors/")]
    return [args for args in every if args[: len(words)] == words or args[:2] == picture]


@pytest.mark.parametrize("name", list(commands()))
def test_every_command_is_asked_in_every_format(name: str) -> None:
    choices = [option for option in commands()[name].params if option.name == "form"]
    wanted = {str(form) for option in choices for form in getattr(option.type, "choices", ())}
    lines = asked(name)
    told = {args[args.index("--format") + 1] for args in lines if "--format" in args}
    told |= {word.rpartition(".")[2] for args in lines for word in args if word.startswith("{out}")}
    assert len([args for args in lines if not {"-h", "--help"} & {*args}]) >= 1
    assert wanted - told == set()


def test_names_of_cases_are_unique_and_stay_in_their_folder() -> None:
    names = [one.name for one in all_cases()]
    assert len(names) == len(set(names)) > 500
    assert [name for name in names if name.startswith("/") or ".." in name.split("/")] == []
    assert [name for name in names if any(other.startswith(f"{name}/") for other in names)] == []
