"""How the texts of all answers are laid out: lines of spans, before anything is painted."""

from __future__ import annotations

from kcfg.answers.explain import ChangedLine, CoreLine, ExplainReport, KeptBy
from kcfg.answers.facts import Basis, Difference, Location, Reason, ReasonKind, ResolveReport, Status
from kcfg.answers.report.explain import changed, explain_text, statement_line
from kcfg.answers.report.resolve import resolve_text
from kcfg.answers.report.words import (
    MAX_VALUE,
    chain,
    header,
    is_file,
    labelled,
    next_lines,
    place,
    resolve_next,
    short,
    sign,
    wrapped,
)
from kcfg.base.version import KernelUsed
from kcfg.show.terminal import Line, Look

PLAIN = Look(width=40)
ASCII = Look(encoding="ascii")
KERNEL = KernelUsed(version="6.12.0", arch="x86_64", origin="snapshot", name="linux-6.12", options=("--kernel", "6.12"))


def texts(lines: list[Line]) -> list[str]:
    return ["".join(span[0] for span in line) for line in lines]


def test_signs_have_a_stand_in_where_the_stream_lacks_them() -> None:
    assert [sign(status, PLAIN) for status in (Status.PASS, Status.FAIL)] == ["✓", "✗"]
    assert [sign(status, ASCII) for status in Status] == ["+", "x", "?", "~"]


def test_a_long_value_is_cut() -> None:
    assert short("x" * MAX_VALUE, PLAIN) == "x" * MAX_VALUE
    assert short("x" * (MAX_VALUE + 1), PLAIN) == "x" * MAX_VALUE + "…"
    assert short("x" * (MAX_VALUE + 1), ASCII) == "x" * MAX_VALUE + "..."


def test_text_is_wrapped_below_its_first_line() -> None:
    lead: Line = [("  - ", "dim")]
    assert texts(wrapped(lead, "one two", "", PLAIN)) == ["  - one two"]
    long = " ".join(["word"] * 10)
    assert texts(wrapped(lead, long, "", PLAIN)) == ["  - " + " ".join(["word"] * 7), "    word word word"]
    assert texts(wrapped(lead, "", "", PLAIN)) == ["  - "]
    name = "A_NAME_THAT_IS_LONGER_THAN_THE_WHOLE_LINE_IS_WIDE-AND-MORE"
    assert texts(wrapped(lead, name, "", PLAIN)) == [f"  - {name}"]
    assert texts(wrapped(lead, "x" * 20 + " y", "", Look(width=5))) == ["  - " + "x" * 20, "    y"]


def test_a_place_ends_the_last_line_where_it_fits() -> None:
    lead: Line = [("- ", "")]
    assert texts(wrapped(lead, "x" * 20, "", PLAIN, ("p" * 16, "place"))) == ["- " + "x" * 20 + "  " + "p" * 16]
    assert texts(wrapped(lead, "x" * 20, "", PLAIN, ("p" * 17, "place"))) == ["- " + "x" * 20, "  " + "p" * 17]
    assert texts(wrapped(lead, "", "", PLAIN, ("p" * 50, "place"))) == ["- " + "p" * 50]
    assert texts(wrapped(lead, "x", "", PLAIN, ("", ""))) == ["- x"]
    assert place(Location("Kconfig", 3)) == ("Kconfig:3", "place")
    assert place(None) == ("", "")


def test_a_chain_is_indented_by_depth() -> None:
    reasons = [Reason(ReasonKind.EXPLICIT, Location("c", n), n, Basis.LINE, "A", "y", "n") for n in (0, 2, 1)]
    lines = texts(chain(reasons, 4, Look(encoding="ascii", width=100)))
    assert [len(line) - len(line.lstrip()) for line in lines] == [4, 8, 6]
    assert all(line.lstrip().startswith("- ") for line in lines)
    assert [line.split()[-1] for line in lines] == ["c", "c:2", "c:1"]


def test_a_label_stands_only_before_a_text() -> None:
    assert labelled("why", "", 2, PLAIN) == []
    assert texts(labelled("why", "text", 2, PLAIN)) == ["  why    text"]


def test_the_header_names_the_configuration_and_the_kernel() -> None:
    assert texts(header("-", None, PLAIN)) == ["standard input"]
    (line,) = texts(header("a.config", KERNEL, PLAIN))
    assert line.startswith("a.config  ")
    assert "6.12.0" in line
    noted = KernelUsed(version="6.12.0", arch="x86_64", origin="snapshot", name="linux-6.12", note="a note")
    assert texts(header("a.config", noted, PLAIN))[1].endswith("a note")
    assert [is_file(name) for name in ("", "-", "stdin", "x")] == [False, False, False, True]


def test_the_first_command_is_labelled() -> None:
    assert texts(next_lines(["one", "two", "six"])) == ["next: one", "      two", "      six"]
    assert next_lines([]) == []


def difference(symbol: str = "A") -> Difference:
    reason = Reason(ReasonKind.EXPLICIT, Location("c", 2), 0, Basis.LINE, "B", "y", "n")
    return Difference(symbol, "y", "n", Location("c", 1), (reason,))


def resolved(*differences: Difference, **how: object) -> ResolveReport:
    return ResolveReport(version="0", kernel=KERNEL, config="c", differences=differences, enabled=1, **how)  # type: ignore[arg-type]


def test_what_to_type_after_resolve() -> None:
    assert resolve_next(resolved()) == []
    assert resolve_next(resolved(difference())) == ["kcfg show A --config c --kernel 6.12"]
    assert resolve_next(resolved(difference(), parts=("a", "-", "b"))) == [
        "kcfg show A --config a --config b --kernel 6.12"
    ]


def test_the_text_of_resolve() -> None:
    lines = resolve_text(resolved(difference(), difference("LONG")), ASCII).splitlines()
    told = [line for line in lines if line.startswith("  x ")]
    assert [line.split()[1] for line in told] == ["A", "LONG"]
    assert told[0].index("asked") == told[1].index("asked") == len("  x LONG  ")
    assert "next: kcfg show A" in lines[-1]
    assert [line for line in lines if line.startswith("2 lines")]
    lines = resolve_text(resolved(), ASCII).splitlines()
    assert not [line for line in lines if line.startswith(("  x", "next"))]


def explained(**how: object) -> ExplainReport:
    return ExplainReport(version="0", kernel=KERNEL, goals=("A=y",), **how)  # type: ignore[arg-type]


def test_the_text_of_explain() -> None:
    change = ChangedLine("A", "n", "y")
    text = explain_text(
        explained(changes=(change,), verified_by=KeptBy.RESOLVE, config="c", values=(("A", ""),)), ASCII
    )
    assert "CONFIG_A=y" in text
    assert "A=unset" in text
    assert text.startswith("c  ")
    assert "1 changed line " in text
    assert "2 changed lines " in explain_text(explained(changes=(change, change), verified_by=KeptBy.RESOLVE), ASCII)
    assert explain_text(explained(), ASCII).startswith("A=y")
    same = explain_text(explained(verified_by=KeptBy.RESOLVE), ASCII)
    assert "CONFIG_A" not in same


def test_the_text_of_what_is_impossible_names_each_line_and_who_decides() -> None:
    core = (
        CoreLine("A", "depends on B", Location("Kconfig", 3)),
        CoreLine("", "if C", Location("Kconfig", 5), "compiler"),
    )
    text = explain_text(explained(possible=False, core=core, core_goals=("A=y",)), ASCII)
    assert [place for place in ("Kconfig:3", "Kconfig:5") if place in text] == ["Kconfig:3", "Kconfig:5"]
    assert "this compiler" in text
    assert "this architecture" not in text
    assert "compiler" not in explain_text(explained(possible=False, core=core[:1], core_goals=("A=y",)), ASCII)
    assert "numbers" not in text
    source = CoreLine("END", "default 8", Location("Kconfig", 9), source=True)
    told = explain_text(explained(possible=False, core=(*core, source), core_goals=("A=y",)), ASCII)
    loose = CoreLine("N", "range 1 END", Location("Kconfig", 7), needed=False)
    looser = explain_text(explained(possible=False, core=(*core, loose), core_goals=("A=y",)), ASCII)
    assert "Together these lines are enough for that, and it may take fewer:" in looser
    assert "together they are enough, with what their numbers and texts can be:" in told
    assert told.index("Kconfig:5") < told.index("  What their numbers and texts can be:") < told.index("Kconfig:9")
    assert len(statement_line(core[1])) == len(statement_line(core[0])) + 1
    assert texts([statement_line(core[0])])[0].startswith(f"    {'A':<28} depends on B")


def test_a_changed_line_is_one_of_a_configuration() -> None:
    made = [changed(ChangedLine("A", "", new)) for new in ("y", "n", "12", "-3", "0x1f")]
    assert made == ["CONFIG_A=y", "# CONFIG_A is not set", "CONFIG_A=12", "CONFIG_A=-3", "CONFIG_A=0x1f"]
    made = [changed(ChangedLine("A", "", new, quoted=True)) for new in ("n", "5", "-x", 'a"b')]
    assert made == ['CONFIG_A="n"', 'CONFIG_A="5"', 'CONFIG_A="-x"', 'CONFIG_A="a\\"b"']
