"""How `kcfg generate` and `kcfg repair` look as text; as JSON they are the data itself."""

from __future__ import annotations

from kcfg.answers.explain import OtherChange
from kcfg.answers.report.explain import (
    changed,
    changed_line,
    lost_lines,
    moving,
    others_changed,
    statement_lines,
    symbol_lines,
    undoing,
)
from kcfg.answers.report.proof import kept_by, no_fewer, smallest
from kcfg.answers.report.words import header
from kcfg.base.text import command, plural, visible
from kcfg.kconfig.dotconfig import dotconfig
from kcfg.show.terminal import Line, Look, paint
from kcfg.solver.results import Proof
from profiles.fulfil.causes import left_on
from profiles.fulfil.generated import Generated, GenerateReport
from profiles.fulfil.repair import RepairReport
from profiles.report.causes import cause_words, passed_words, warning_words

NOT_FITTEST = "The time ran out: other lines, as few, may change fewer symbols (--timeout)."
COUNTED = {"symbols": "symbols enabled", "prompts": "lines to own", "objects": "object files that options decide"}


def impossible_lines(report: GenerateReport | RepairReport, look: Look) -> list[Line]:
    """That it is impossible, and the statements that make it so, or what is not there."""
    lines: list[Line] = [
        [(f"  {look.sign('✗', 'x')} impossible: ", "bad"), (", ".join(report.core_goals), "strong")],
    ]
    head = absent_head(report)
    if not head:
        return lines + statement_lines(report.core)
    absent = [[(f"    {one.symbol:<28}", "strong"), (f" {visible(one.text)}", "")] for one in report.core]
    return [*lines, [(f"  {head}", "")], *absent]


def absent_head(report: GenerateReport | RepairReport) -> str:
    """What is said before a core of what is not there: profiles of the configuration's own version, or symbols of the
    kernel that judges. "" for statements of Kconfig.
    """
    if not report.core or any(one.where.path for one in report.core):
        return ""
    if all(one.symbol in report.core_goals for one in report.core):  # of no symbol: its goal has a value
        return "What does not exist for the configuration's own version, which chooses the rules:"
    return "What no configuration of this kernel has:"


def proof(report: GenerateReport) -> Proof:
    """What is known of the cost."""
    return Proof(report.optimum, report.bound, report.out_of_time, keeps=not left_on(report.warnings))


def rendered(generated: Generated, form: str) -> str:
    """The configuration as a full .config, a fragment with comments, or a savedefconfig."""
    resolver, report = generated.resolver, generated.report
    if resolver is None:
        return ""
    if form == "config":
        return dotconfig(resolver.model, resolver.lines())
    if form == "fragment":
        kernel, cost = report.kernel, f"{report.optimum} {COUNTED[report.cost]}"
        enabled = plural(report.enabled, "symbol") + " enabled"
        counted = enabled if report.cost == "symbols" else f"{enabled}, {cost}"
        head = f"# {report.profile} on Linux {kernel.version} {kernel.arch}: {counted} ({smallest(proof(report))})\n"
        return head + "".join(f"\n# {cause_words(one.reason)}\n{one.line}\n" for one in report.owned)
    return "".join(f"{one.line}\n" for one in report.owned)


def generate_text(report: GenerateReport, output: str, look: Look, profile: str = "") -> str:
    """What was generated and what is proven of it. `profile`: as the command line names it, for the next one."""
    lines = header(report.profile, report.kernel, look)
    if not report.possible:
        lines += [[(f"  {warning_words(one)}", "")] for one in report.warnings]
        return paint(lines + impossible_lines(report, look), look)
    counted = COUNTED[report.cost]
    sign = look.sign("✓", "+") if report.proven else "!"
    style = "good" if report.proven else "unsure"
    known = smallest(proof(report))
    lines.append(
        [
            (f"  {sign} {report.optimum} {counted}", style),
            (f"  ({known}; {report.seconds:.1f} s)", ""),
        ]
    )
    if report.cost != "symbols":
        lines.append([(f"    {plural(report.enabled, 'symbol')} enabled", "")])
    lines.append([(f"    {plural(len(report.owned), 'line')} to own; the others follow", "")])
    if report.lines_before:
        lines.append([(f"    of {plural(report.lines_before, 'enabled symbol')} before", "")])
    saved = report.optimum - report.expert_optimum
    if report.expert_optimum and saved > 0:
        lines.append([(f"    with --expert: {report.expert_optimum} ({saved} fewer)", "dim")])
    if report.kept_off:
        text = f"    kept off, since they only turn others off: {', '.join(report.kept_off)}"
        lines.append([(text, "dim")])
    lines += [[(f"    verified: {passed_words(one)}", "dim")] for one in report.verified]
    lines += [[(f"  ! warning: {warning_words(one)}", "unsure")] for one in report.warnings]
    if output:
        here = () if report.kernel.is_built_in else report.kernel.options
        next_one = command("kcfg", "check", output, "--profile", profile or report.profile, *here)
        lines += [[(f"  written to {output}", "")], [("next: ", "dim"), (next_one, "command")]]
    return paint(lines, look)


def repair_text(report: RepairReport, output: str, look: Look) -> str:
    """The lines to change, with who asks for each."""
    lines = header(report.config, report.kernel, look)
    profiles = ", ".join(report.profiles)
    if not report.possible:
        return paint(lines + impossible_lines(report, look), look)
    if not report.changes:
        lines.append([(f"  {look.sign('✓', '+')} fulfils {profiles} as it is", "good")])
        return paint(lines, look)
    least = no_fewer(Proof(len(report.changes), report.bound, report.out_of_time))
    stays = f" with {', '.join(report.stays)} as now" * bool(report.stays)
    head = f"  {plural(len(report.changes), 'line')} to change for {profiles}{stays} ({least}); "
    lines.append([(head, "strong"), (others_changed(report.symbols_changed), "")])
    for change, reason, removed in zip(report.changes, report.reasons, report.removed, strict=True):
        lines += [[(f"    - {visible(text)}", "bad")] for text in removed]
        said: Line = [(f"    + {changed(change)}", "good"), (f"   {cause_words(reason)}", "dim")]
        lines.append([*said, *undoing(change), (moving(change), "dim")])
    lines += lost_lines(report)
    lines += [[(f"  {NOT_FITTEST}", "unsure")]] * (not report.fittest)
    if report.fewer is not None:
        lines += [[(f"  {fewer_words(report.fewer)}", "")], *(changed_line(one) for one in report.fewer.changes)]
    lines += symbol_lines(report.symbols)
    enabled = f"{plural(report.enabled, 'symbol')} enabled ({report.seconds:.1f} s)"
    lines.append([(f"  kept by {kept_by(report.verified_by)}: {enabled}", "dim")])
    if output:
        lines.append([(f"  written to {output}", "")])
    else:
        lines.append([("next: ", "dim"), (repair_command(report), "command")])
    return paint(lines, look)


def fewer_words(other: OtherChange) -> str:
    """What the fewest lines of all would cost."""
    return f"{plural(len(other.changes), 'line')} would do, but then {others_changed(other.symbols_changed)}:"


def repair_command(report: RepairReport) -> str:
    """The command that writes the result."""
    profiles = [word for name in report.profiles for word in ("--profile", name)]
    return command("kcfg", "repair", report.config, *profiles, *report.kernel.options, "-o", "new.config")
