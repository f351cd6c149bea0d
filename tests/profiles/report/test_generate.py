"""How what was generated or repaired looks as text."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from kcfg.answers.explain import ChangedLine, CoreLine, KeptBy, OtherChange
from kcfg.answers.facts import Location
from kcfg.answers.report.explain import ENOUGH, core_head
from kcfg.base.version import KernelUsed
from kcfg.show.terminal import Look
from kcfg.solver.results import Proof
from profiles.fulfil.causes import Cause, CauseKind, Warned, WarnedKind
from profiles.fulfil.generated import Generated, GenerateReport, OwnedLine, Passed, Trial
from profiles.fulfil.repair import RepairReport
from profiles.report import html_exact
from profiles.report.generate import (
    COUNTED,
    NOT_FITTEST,
    generate_text,
    impossible_lines,
    proof,
    rendered,
    repair_command,
    repair_text,
)
from tests.kcfg.trees import MODULES, model_of, resolver_of

LOOK = Look(encoding="ascii")
USED = KernelUsed(version="6.12", arch="x86_64", origin="tree", name="linux", options=("--tree", "my linux"))
SAID = Warned(WarnedKind.NOT_HERE, text="said")
CORE = (CoreLine("XEN_DOM0", "depends on XEN_PV", Location("arch/x86/xen/Kconfig", 90)),)


def generated(**more: object) -> GenerateReport:
    values = {"optimum": 572, "bound": 572, "proven": True, "enabled": 580, "seconds": 3.94} | more
    return GenerateReport(
        version="9",
        kernel=USED,
        profile="pvh",
        **{"owned": (OwnedLine("XEN", "CONFIG_XEN=y", Cause(CauseKind.REST)),)} | values,
    )  # type: ignore[arg-type]


def repaired(**more: object) -> RepairReport:
    values = {
        "changes": (ChangedLine("ACPI", "n", "y"), ChangedLine("XEN", "n", "y")),
        "removed": (("# CONFIG_ACPI is not set",), ()),
        "reasons": (Cause(CauseKind.DEFAULT), Cause(CauseKind.REST)),
        "bound": 2,
    } | more
    return RepairReport(version="9", kernel=USED, config="a b.config", profiles=("pvh", "no-pv"), **values)  # type: ignore[arg-type]


def test_what_is_impossible_names_the_goals_and_each_line_that_is_needed() -> None:
    made = generated(possible=False, core=CORE, core_goals=("A=y", "B=n"))
    lines = ["".join(part for part, _ in line) for line in impossible_lines(made, LOOK)]
    assert lines[0] == "  x impossible: A=y, B=n"
    assert lines[1] == "  This line is enough for that:"
    assert "arch/x86/xen/Kconfig:90" in lines[2]
    assert len(impossible_lines(generated(possible=False, core_goals=("A=y",)), LOOK)) == 1
    told = generate_text(generated(possible=False, core=CORE, core_goals=("A=y",), warnings=(SAID,)), "", LOOK)
    assert "  said\n  x impossible: A=y\n" in told
    assert "x impossible: A=y" in repair_text(repaired(possible=False, core_goals=("A=y",)), "", LOOK)


ABSENT = tuple(CoreLine(name, "is not in Linux 6.12 (x86_64)", Location("")) for name in ("A", "B"))


@pytest.mark.parametrize("form", ["text", "html"])
def test_what_the_kernel_does_not_have_is_no_set_of_lines_that_are_needed_together(form: str) -> None:
    more = {"possible": False, "core": ABSENT, "core_goals": ("A=y", "B=y")}
    made, mended = generated(**more), repaired(**more)
    if form == "text":
        texts = [generate_text(made, "", LOOK), repair_text(mended, "", LOOK)]
    else:
        texts = [html_exact.generate(made, LOOK), html_exact.repair(mended, LOOK)]
    for told in texts:
        assert "What no configuration of this kernel has:" in told
        assert "together they are enough" not in told
        assert told.count("is not in Linux 6.12 (x86_64)") == 2


@pytest.mark.parametrize("form", ["text", "html"])
def test_a_profile_that_does_not_exist_is_said_to_be_missing_for_the_configurations_own_version(form: str) -> None:
    core = (CoreLine("pvh-domu", "came with Linux 4.11", Location("")),)
    report = repaired(possible=False, core=core, core_goals=("pvh-domu",))
    told = repair_text(report, "", LOOK) if form == "text" else html_exact.repair(report, LOOK)
    assert "What does not exist for the configuration&#39;s own version" in told.replace("'s", "&#39;s")
    assert "no configuration of this kernel" not in told
    assert "came with Linux 4.11" in told


def test_text_and_page_have_the_same_words() -> None:
    """That the time ran out, and whether all statements of a core are needed."""
    late = repaired(fittest=False)
    assert all(NOT_FITTEST in told for told in (repair_text(late, "", LOOK), html_exact.repair(late, LOOK)))
    for needed in (True, False):
        core = (msgspec.structs.replace(CORE[0], needed=needed), msgspec.structs.replace(CORE[0], source=True))
        report = generated(possible=False, core=core, core_goals=("A=y",))
        said = core_head(core)
        assert said.startswith(f"{ENOUGH[needed]}, with ")
        assert all(said in told for told in (generate_text(report, "", LOOK), html_exact.generate(report, LOOK)))


def test_what_is_known_of_the_cost_is_the_proof() -> None:
    assert proof(generated(bound=570, out_of_time=True)) == Proof(572, 570, True)


def test_what_was_generated_has_its_cost_and_how_sure_it_is() -> None:
    told = generate_text(generated(), "", LOOK)
    assert "  + 572 symbols enabled  (proven smallest: lower bound 572; 3.9 s)\n" in told
    assert "    1 line to own; the others follow\n" in told
    assert "next:" not in told
    assert "580" not in told
    assert "  ! 572 symbols enabled" in generate_text(generated(proven=False, bound=560, out_of_time=True), "", LOOK)


@pytest.mark.parametrize("cost", ["prompts", "objects"])
def test_another_cost_is_named_and_the_symbols_are_told_besides(cost: str) -> None:
    told = generate_text(generated(cost=cost), "", LOOK)
    assert f"+ 572 {COUNTED[cost]}  (" in told
    assert "    580 symbols enabled\n" in told


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"lines_before": 3000}, "    of 3,000 enabled symbols before\n"),
        ({"expert_optimum": 570}, "    with --expert: 570 (2 fewer)\n"),
        ({"kept_off": ("EXPERT", "EMBEDDED")}, "    kept off, since they only turn others off: EXPERT, EMBEDDED\n"),
        ({"verified": (Passed(Trial.RESOLVE),)}, "    verified: resolve keeps every line\n"),
        ({"warnings": (SAID,)}, "  ! warning: said\n"),
    ],
)
def test_what_else_there_is_to_know(more: dict[str, object], said: str) -> None:
    assert said.replace("3,000", "3000") in generate_text(generated(**more), "", LOOK).replace("3,000", "3000")
    assert said not in generate_text(generated(), "", LOOK)


def test_a_saved_fragment_says_how_sure_it_is(tmp_path: Path) -> None:
    resolver = resolver_of(model_of(tmp_path, MODULES))
    made = Generated(generated(owned=()), resolver)
    assert rendered(made, "fragment") == (
        "# pvh on Linux 6.12 x86_64: 580 symbols enabled (proven smallest: lower bound 572)\n"
    )
    late = Generated(generated(owned=(), bound=570, proven=False, out_of_time=True, cost="prompts"), resolver)
    assert rendered(late, "fragment") == (
        "# pvh on Linux 6.12 x86_64: 580 symbols enabled, 572 lines to own"
        " (not proven: the time ran out at lower bound 570, 2 below)\n"
    )


def test_the_lower_bound_is_told_where_something_is_on_that_should_be_off() -> None:
    left = Warned(WarnedKind.TRICKS_LEFT, symbols=("A",), seconds=2.0)
    told = generate_text(generated(proven=False, bound=570, out_of_time=True, warnings=(left,)), "", LOOK)
    assert "the time ran out at lower bound 570, 2 below, while something was on that should be off" in told


def test_expert_that_saves_nothing_is_not_told() -> None:
    assert "--expert" not in generate_text(generated(expert_optimum=572), "", LOOK)


def test_what_was_written_is_to_be_checked_next_by_the_same_kernel() -> None:
    told = generate_text(generated(), "o.config", LOOK, "./p.toml")
    assert told.endswith("  written to o.config\nnext: kcfg check o.config --profile ./p.toml --tree 'my linux'\n")
    built_in = KernelUsed(version="6.12", arch="x86_64", origin="snapshot", name="x", options=("--kernel", "6.12"))
    told = generate_text(GenerateReport(version="9", kernel=built_in, profile="pvh"), "o.config", LOOK)
    assert told.endswith("next: kcfg check o.config --profile pvh\n")


def test_a_repair_is_lines_out_and_in_with_their_reasons() -> None:
    told = repair_text(repaired(symbols_changed=55, verified_by=KeptBy.RESOLVE, enabled=9, seconds=1.26), "", LOOK)
    assert "  2 lines to change for pvh, no-pv (" in told
    assert "55 symbols get another value\n" in told
    assert "    - # CONFIG_ACPI is not set\n    + CONFIG_ACPI=y   its default\n" in told
    assert "    + CONFIG_XEN=y   what the others depend on\n" in told
    assert "- # CONFIG_XEN " not in told
    assert "  kept by resolve: 9 symbols enabled (1.3 s)\n" in told
    assert told.endswith(f"next: {repair_command(repaired())}\n")
    assert "The time ran out" not in told
    assert "The time ran out: other lines, as few" in repair_text(repaired(fittest=False), "", LOOK)


def test_a_repair_that_leaves_modules_alone_tells_the_fewer_lines_that_do_not() -> None:
    fewer = OtherChange(
        stays=(),
        changes=(ChangedLine("MODULES", "y", "n"),),
        proven=True,
        bound=1,
        out_of_time=False,
        symbols_changed=99,
    )
    told = repair_text(repaired(stays=("MODULES=y",), fewer=fewer, lines_lost=("NET",)), "", LOOK)
    assert "2 lines to change for pvh, no-pv with MODULES=y as now (no fewer will do); " in told
    assert (
        "  1 line would do, but then 99 symbols get another value:\n    # CONFIG_MODULES is not set   was y\n" in told
    )
    assert "  1 other line of yours no longer comes out: NET\n" in told


def test_the_command_that_writes_the_result_can_be_pasted() -> None:
    assert repair_command(repaired()) == (
        "kcfg repair 'a b.config' --profile pvh --profile no-pv --tree 'my linux' -o new.config"
    )


def test_a_repair_that_was_written_or_was_not_needed_says_so() -> None:
    assert repair_text(repaired(), "o", LOOK).endswith("  written to o\n")
    assert "  + fulfils pvh, no-pv as it is\n" in repair_text(repaired(changes=(), reasons=()), "", LOOK)
