"""Names that a kernel does not define: what became of them, or what they may have meant."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import msgspec

from kcfg.answers.facts import Location, Reason, ReasonKind
from kcfg.answers.renames import Rename, load_renames
from kcfg.base.errors import IMPOSSIBLE, UserError
from kcfg.base.version import KernelVersion
from kcfg.kconfig import snapshot
from kcfg.kconfig.model import Model
from kcfg.kconfig.models import snapshots


class NoSuchSymbol(UserError):  # noqa: N818
    """A name that the kernel does not define: `reasons` say why, `others` are near it in capital letters; `where` says
    who names it.

    `elsewhere`: the kernels that have it, (series, architecture). The exit status is 1 where it is known at all.
    Its line is made of these by `kcfg.answers.report.sentences.error_line`; its own text is the bare fact.
    """

    def __init__(
        self,
        name: str,
        reasons: Sequence[Reason],
        others: Sequence[str] = (),
        where: str = "",
        elsewhere: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(f"no symbol {name}", where=where)
        self.name, self.reasons, self.others = name, tuple(reasons), tuple(others)
        self.elsewhere = tuple(elsewhere)
        if elsewhere or any(one.kind in (ReasonKind.RENAMED, ReasonKind.NOT_IN_KERNEL) for one in reasons):
            self.status = IMPOSSIBLE

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return (type(self), (self.name, self.reasons, self.others, self.where, self.elsewhere))


def near_misses(model: Model, name: str, count: int = 3) -> list[str]:
    """Symbols of the model with names like this one."""
    defined = [symbol.name for symbol in model.symbols if symbol.definitions]
    parts = set(name.split("_"))
    close = [other for other in defined if abs(len(other) - len(name)) <= 6 and (parts & set(other.split("_")))]
    return most_like(name, close, count, 0.75) or most_like(name, defined, count, 0.8)


def most_like(name: str, others: Sequence[str], count: int, least: float) -> list[str]:
    """At most `count` of the names that are at least so similar (0 to 1: the share of common letters in a row)."""
    from rapidfuzz import process
    from rapidfuzz.distance import Indel

    found = process.extract(name, others, scorer=Indel.normalized_similarity, limit=count, score_cutoff=least)
    return [other for other, _, _ in found]


def renamed(model: Model, name: str) -> Rename | None:
    """What became of a name, where that is so in this kernel: it has the new name, or is later than the last one known
    to have the old one.
    """
    found = load_renames().get(name)
    seen = {name}
    while found is not None and found.new not in seen:
        if not found.new:
            last = found.last_seen or found.since
            later = KernelVersion.parse(model.version).key[:2] > KernelVersion.parse(last).key[:2]
            return found if later else None
        if model.defined(found.new) is not None:
            return found
        seen.add(found.new)
        found = load_renames().get(found.new)
    return None


def unknown(model: Model, name: str) -> list[Reason]:
    """Why a kernel has no symbol of this name."""
    version, arch = model.version, model.arch
    became = renamed(model, name)
    if became is not None:
        others = (became.new,) if became.new else ()
        where = Location(became.source)
        return [
            Reason(
                ReasonKind.RENAMED, where, symbol=name, others=others, version=became.since, arch=arch, note=became.why
            )
        ]
    if name in model.index:
        return [Reason(ReasonKind.NOT_IN_KERNEL, symbol=name, version=version, arch=arch)]
    near = tuple(near_misses(model, name))
    return [Reason(ReasonKind.UNKNOWN_SYMBOL, symbol=name, others=near, version=version, arch=arch)]


def no_such_symbol(model: Model, name: str, where: str = "") -> NoSuchSymbol:
    """The error for a name that a kernel does not define. `where`: who names it."""
    other = name.upper()
    reasons = unknown(model, name)
    elsewhere = () if reasons[0].kind is ReasonKind.RENAMED else has_it(name)
    if elsewhere:  # then it is no slip of the pen
        reasons = [
            msgspec.structs.replace(one, others=()) if one.kind is ReasonKind.UNKNOWN_SYMBOL else one for one in reasons
        ]
        return NoSuchSymbol(name, reasons, (), where, elsewhere)
    more = name != other and not any(reason.others for reason in reasons)
    return NoSuchSymbol(name, reasons, near_misses(model, other) if more else (), where)


def is_mistyped(model: Model, name: str) -> bool:
    """Whether a name that this kernel lacks is like one that it has, and none of any kernel that is known here."""
    if name in model.index or name in load_renames() or not near_misses(model, name):
        return False
    return name not in built_in_names()


@cache
def built_in_models() -> tuple[tuple[str, str, frozenset[str], frozenset[str]], ...]:
    """(series, architecture, symbols that it defines, all that it speaks of) of each built-in model."""
    out = []
    for one in snapshots():
        model = snapshot.loads(one.file.read_bytes(), one.file.name)
        defined = frozenset(symbol.name for symbol in model.symbols if symbol.definitions)
        out.append((one.series, one.arch, defined, frozenset(model.index)))
    return tuple(out)


def built_in_names() -> frozenset[str]:
    """Every symbol that a built-in model speaks of."""
    return frozenset().union(*(names for _, _, _, names in built_in_models()))


def has_it(name: str) -> tuple[tuple[str, str], ...]:
    """The built-in models, (series, architecture), that define a symbol."""
    return tuple((series, arch) for series, arch, defined, _ in built_in_models() if name in defined)
