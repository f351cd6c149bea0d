"""What is changed in a module and what is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutation.mutants import Mutant, compiles, mutants_of, sample


def changes(folder: Path, text: str) -> set[tuple[str, str]]:
    """The changed lines, before and after."""
    return {(one.before, one.after) for one in found(folder, text)}


def found(folder: Path, text: str) -> list[Mutant]:
    (folder / "m.py").write_text(text)
    return [one for one in mutants_of(folder, "m.py") if compiles(folder, one)]


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("a < b", "a <= b"),
        ("a < b", "a > b"),
        ("a is not b", "a is b"),
        ("a not in b", "a in b"),
        ("a and b", "a or b"),
        ("not a", "(a)"),
        ("min(a, b)", "max(a, b)"),
        ("a[1:]", "a[:]"),
        ("len(a) + b", "len(a) - b"),
        ("a if b else c", "a if True else c"),
        ("[x for x in a if b]", "[x for x in a if False]"),
        ("f(1, key=True)", "f(2, key=True)"),
        ("f(1, key=True)", "f(1, key=False)"),
        ("0.5", "0.55"),
    ],
)
def test_an_expression_is_changed(tmp_path: Path, line: str, after: str) -> None:
    assert (f"x = {line}", f"x = {after}") in changes(tmp_path, f"x = {line}\n")


@pytest.mark.parametrize(
    "text",
    [
        '"""A docstring of 1 line."""\n',
        'x = "1 < 2"\n',
        "def f(a: Literal[1]) -> Literal[2]: ...\n",
        'class A:\n    __slots__ = ("a",) + (1,)\n',
        "@dataclass(frozen=True, slots=True)\nclass A:\n    a: int\n",
        "assert a < 1\n",
        'raise UserError(f"{a + 1}", hint=a if b else c)\n',
        "end = time.monotonic() + timeout\n",
        "LIMIT = 1000000\n",
        "LIMIT = 16 << 20\n",
        "CACHE_LEVEL = 3\n",
        "class A(IntEnum):\n    B = 1\n",
        "x = f(repr=False)\n",
        "if TYPE_CHECKING:\n    from a import b\n",
    ],
)
def test_what_decides_nothing_is_left_alone(tmp_path: Path, text: str) -> None:
    assert changes(tmp_path, text) == set()


def test_what_a_function_returns_is_emptied_by_its_type(tmp_path: Path) -> None:
    text = "def f() -> list[int]:\n    return g()\ndef h() -> bool:\n    return g()\n"
    assert changes(tmp_path, text) == {("return g()", "return []"), ("return g()", "return not (g())")}


def test_only_an_assignment_over_another_value_is_dropped(tmp_path: Path) -> None:
    text = "def f(a):\n    b = g()\n    a = h()\n    b.c = a\n    k()\n"
    dropped = {one.before for one in found(tmp_path, text) if one.kind == "dropped"}
    assert dropped == {"a = h()", "b.c = a", "k()"}


def test_lines_stay_where_they_are(tmp_path: Path) -> None:
    text = "if (\n    a\n    and b\n):\n    c = 1\nd = 2\n"
    for one in found(tmp_path, text):
        assert one.applied(text.encode()).count(b"\n") == 6
        assert one.applied(text.encode()).splitlines()[5].startswith(b"d = ")


def test_a_sample_stays_what_it_is_when_a_file_moves(tmp_path: Path) -> None:
    text = "def f(a):\n" + "".join(f"    if a > {n}:\n        a = g({n})\n" for n in range(50))
    (tmp_path / "one.py").write_text(text)
    (tmp_path / "two.py").write_text(text)
    drawn = [sample(tmp_path, mutants_of(tmp_path, name), 20, "1") for name in ("one.py", "two.py")]
    assert [(one.line, one.after) for one in drawn[0]] == [(one.line, one.after) for one in drawn[1]]
    assert len({one.key for one in drawn[0]}) == 20
