"""Facts of shell text that is followed without being run: words, conditions, loops, and what cannot be read."""

from __future__ import annotations

import fnmatch
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patches.queues.formats.shelllex import ShellError
from patches.queues.formats.shellparse import Parser
from patches.queues.formats.shellrun import ReachedCommand, Shell
from patches.queues.formats.shellwords import braces, matches, printed
from patches.queues.reasons import ShellFault, ShellFaultKind, Unclear, UnclearKind


def followed(
    text: str, *calls: str, known: dict[str, str] | None = None, lists: tuple[str, ...] = ()
) -> list[ReachedCommand]:
    """The commands that a text comes to."""
    steps: list[ReachedCommand] = []

    def handle(step: ReachedCommand) -> bool:
        steps.append(step)
        return True

    shell = Shell(text, known or {}, handle, printed, lists)
    shell.follow()
    for one in calls:
        shell.call(one)
    assert shell.problems == []
    return steps


def said(steps: list[ReachedCommand]) -> list[str]:
    return [" ".join(word.shown for word in step.words) for step in steps]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a=1; b=$a.${a}; x \"$b c\" 'd $a' e\\ f", ["x 1.1 c d $a e f"]),
        ("v=1.2.3; x ${v%.*} ${v%%.*} ${v#*.} ${v##*.}", ["x 1.2 1 2.3 3"]),
        ("v=1.2.a; x ${v/./_} ${v//./_} ${v:2} ${v:0:1} ${v^^}", ["x 1_2.a 1_2_a 2.a 1 1.2.A"]),
        ("x ${u:-d} ${u:+e}; u=; x ${u:-d}${u-e}; u=1; x ${u:+e}", ["x d", "x d", "x e"]),
        ("a=(1 '2 3' \"4\"); a+=(5); x \"${a[@]}\"; x ${a[1]} ${a}", ["x 1 2 3 4 5", "x 2 3 1"]),
        ("a=(p.{a,b}.{1..2}); x ${a[@]}", ["x p.a.1 p.a.2 p.b.1 p.b.2"]),
        ("x $(date) `id` $((1+1)) $unset ${#a} ${!a}", ["x ${...} ${...} ${...} ${...} ${...} ${...}"]),
        ("x $(basename a/b.c)", ["x b.c"]),
        ("x a \\\n  b # c\ny", ["x a b", "y"]),
        ("x <<EOF\nnot a command $(\nEOF\ny", ["x", "y"]),
        ("x 2>/dev/null >out a", ["x a"]),
        ("f() { x $1 \"$2\"; return; y; }; f a 'b c'; function g { x g; }; g", ["x a b c", "x g"]),
        ("f() ( x in )\nf", ["x in"]),
        ("if [ 1 = 1 ]; then x; else y; fi", ["x", "y"]),
        ("for ((i=0; i<3; i++)); do x $j; done", ["x ${...}"]),
    ],
)  # fmt: skip
def test_words(text: str, words: list[str]) -> None:
    assert said(followed(text)) == words


def test_what_stands_under_a_condition_that_never_holds_is_told_as_that() -> None:
    steps = followed(
        "v=2; if [[ $v == 1* ]]; then x; elif [[ $v -gt 1 ]]; then y; else z; fi; [ -n '' ] && a; [ -z '' ] && b"
    )
    assert [(one.words[0].text, one.condition, bool(one.never)) for one in steps] == [
        ("x", "", True), ("y", "", False), ("z", "", True), ("a", "", True), ("b", "", False),
    ]  # fmt: skip


def test_a_condition_that_is_not_known_is_kept() -> None:
    text = (
        "use xen && a\nif [ -e file ]; then b; else c; fi\ncase $u in p) d;; *) e;; esac\n"
        "for i in 1; do use x || continue; f; done\ng"
    )
    assert [(one.words[0].text, one.condition) for one in followed(text) if one.words[0].text != "use"] == [
        ("a", "use xen"), ("b", "[ -e file ]"), ("c", "not ([ -e file ])"), ("d", "$u is p"),
        ("e", "not ($u is p)"), ("f", "use x"), ("g", ""),
    ]  # fmt: skip


def test_a_list_that_grows_under_a_condition_has_it_on_what_was_added() -> None:
    text = 'l=(a)\nuse x && l+=(b)\nif use y; then l=(a b c); fi\ns=\'d\n e\'\nuse z && s="$s f"\nx "${l[@]}" $s\n'
    (step,) = [one for one in followed(text, lists=("l", "s")) if one.words[0].text == "x"]
    assert [(one.text, one.condition) for one in step.words[1:]] == [
        ("a", ""), ("b", "use x"), ("c", "use y"), ("d", ""), ("e", ""), ("f", "use z"),
    ]  # fmt: skip
    assert [one.line for one in step.words[4:6]] == [4, 5]


def test_a_loop_over_sources_filters_them_by_their_end() -> None:
    text = 's=(a.tar b.patch "u/c.patch?x" $unset.patch $unset.sig)\n'
    text += 'for f in "${s[@]}"; do f="${f##*/}"\n[[ $f = *.patch ]] || continue\nx $f; done'
    assert said(followed(text)) == ["x b.patch", "x ${...}.patch"]


@pytest.mark.parametrize(
    ("text", "line", "kind", "names"),
    [
        ("a\nb '", 2, ShellFaultKind.QUOTE, ("'",)), ('a "b', 1, ShellFaultKind.QUOTE, ('"',)),
        ("if x; then\ny\n", 1, ShellFaultKind.OPEN_BLOCK, ("elif",)),
        ("a=(1\n2", 1, ShellFaultKind.BRACKET, (")", "array")),
        ("x\n)\n", 2, ShellFaultKind.UNEXPECTED, (")",)), ("a ${b", 1, ShellFaultKind.BRACKET, ("}", "{")),
        ("for ((;;", 1, ShellFaultKind.ARITHMETIC, ()), ("for (", 1, ShellFaultKind.ARITHMETIC, ()),
        ("for ;", 1, ShellFaultKind.LACKING, ("name", "for")), ("for a; x", 1, ShellFaultKind.LACKING, ("do", "for")),
        ("case a of", 1, ShellFaultKind.LACKING, ("in", "case")), ("case a in b\n", 1, ShellFaultKind.PATTERN, ()),
        ("[[ a", 1, ShellFaultKind.BRACKET, ("]]", "[[")), ("a >;", 1, ShellFaultKind.NO_FILE, (">",)),
        ("f(a) { b; }", 1, ShellFaultKind.FUNCTION, ()), ("(" * 500, 1, ShellFaultKind.NESTED, ()),
    ],
)  # fmt: skip
def test_text_that_cannot_be_read_has_its_line_and_says_why(
    text: str, line: int, kind: ShellFaultKind, names: tuple[str, ...]
) -> None:
    with pytest.raises(ShellError) as caught:
        Parser(text).script()
    assert (caught.value.line, caught.value.fault) == (line, ShellFault(kind, names))


def test_what_comes_before_unreadable_text_is_followed() -> None:
    steps: list[ReachedCommand] = []
    shell = Shell("x a\nif b; then\n", {}, lambda step: bool(steps.append(step)), printed, ())
    shell.follow()
    assert said(steps) == ["x a"]
    fault = ShellFault(ShellFaultKind.OPEN_BLOCK, ("elif",))
    assert shell.problems == [(2, Unclear(UnclearKind.SHELL_ENDS, fault=fault))]


@pytest.mark.parametrize(
    "text", ["f() { f; f; }; f", "for i in {1..999}; do for j in {1..999}; do x; done; done", "(" * 5000]
)
def test_endless_text_ends(text: str) -> None:
    shell = Shell(text, {}, lambda step: True, printed, ())
    shell.follow()
    assert shell.problems or text.startswith("f()")


@given(st.text(alphabet="abx=()[]{}$'\"\\`#;&|<>!*?%/ \n\t-.,@", max_size=120))
def test_any_text_is_read_or_told(text: str) -> None:
    shell = Shell(text, {"a": "1"}, lambda step: True, printed, ("x",))
    shell.follow()
    shell.call("a")


@pytest.mark.parametrize(
    ("pattern", "text", "told"),
    [
        ("*a*b", "xaxb", True), ("*a*b", "xbxa", False), ("*ab*b", "aab", False), ("*ab*b", "aabb", True),
        ("a*", "a", True),
        ("**", "", True), ("*?", "", False), ("*?", "x", True), ("[!a]*[0-9]", "b12", True), ("*.*.c", "a.b.c.c", True),
        ("*aa*aa", "aaa", False), ("*aa*aa", "aaaa", True), ("a*b*c", "abcbc", True),
    ],
)  # fmt: skip
def test_a_pattern_fits_as_the_shell_has_it(pattern: str, text: str, told: bool) -> None:
    assert matches(text, pattern) is told


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_a_pattern_fits_as_python_s_own(pattern: str, text: str) -> None:
    assert matches(text, pattern) is fnmatch.fnmatchcase(text, pattern)


def test_a_pattern_of_many_stars_takes_no_time() -> None:
    start = time.process_time()
    assert not matches("a" * 3000, "*a*a*a*a*a*a*a*a*b")
    assert time.process_time() - start < 2


def test_many_braces_take_no_time() -> None:
    start = time.process_time()
    found = braces("{a,b}" * 40)
    assert (len(found), found[0], found[-1][-10:]) == (1000, "a" * 40, "bbbbbaabbb")
    assert time.process_time() - start < 2
    assert braces("{a,b}x{c,d}") == ["axc", "axd", "bxc", "bxd"]
