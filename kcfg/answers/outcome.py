"""Everything that `kcfg resolve` has to say of a configuration."""

from __future__ import annotations

from kcfg.answers.differences import differences
from kcfg.answers.facts import Basis, Location, Reason, ReasonKind, ResolveReport
from kcfg.answers.judge import Judge

MAX_DOUBTFUL = 4  # symbols that a warning names


def outcome_of(judge: Judge, version: str, parts: tuple[str, ...] = ()) -> ResolveReport:
    """The lines that do not come out as asked, and what to know besides. `parts`: the names of what was merged."""
    lines = judge.resolver.lines()
    found = differences(judge.config, judge.resolver)
    doubts = {
        one.symbol: doubt for one in found if (doubt := judge.doubt(one.symbol)) and doubt.kind is ReasonKind.PROBE
    }
    return ResolveReport(
        version=version,
        kernel=judge.kernel.used,
        config=judge.config.name,
        differences=tuple(one for one in found if one.symbol not in doubts),
        enabled=len(judge.resolver.enabled()),
        warnings=(*warnings(judge, [symbol for symbol, _ in lines]), *doubts.values()),
        parts=parts,
        untold=len(doubts),
    )


def warnings(judge: Judge, written: list[int]) -> tuple[Reason, ...]:
    """Lines that are not what they seem, selects over unmet dependencies, values that nothing here can tell."""
    names = [symbol.name for symbol in judge.model.symbols]
    out = [Reason(ReasonKind.DUPLICATE, Location(w.path, w.line), warned=w) for w in judge.config.warnings]
    for symbol in judge.resolver.unmet:
        at = judge.explainer.defined_at(symbol)
        out.append(Reason(ReasonKind.SELECTED, at, basis=Basis.DEPENDS, symbol=names[symbol]))
    doubtful = [names[symbol] for symbol in written if judge.unknown.symbol(symbol)]
    if doubtful:
        shown = tuple(doubtful[:MAX_DOUBTFUL])
        out.append(Reason(ReasonKind.PROBE, others=shown, more=len(doubtful) - len(shown)))
    return tuple(out)


def is_doubtful(report: ResolveReport) -> bool:
    """Whether the result hangs on probes that nothing answers."""
    return any(one.kind is ReasonKind.PROBE for one in report.warnings)
