"""What the questions to the graph answer: frozen data that every report renders. docs/json-schema.md describes it."""

from __future__ import annotations

import msgspec

from graphs.kinds import EdgeKind, StatementKind
from kcfg.answers.facts import Location, Reason
from kcfg.base.version import KernelUsed

SCHEMA_VERSION = 1


class GraphEdge(msgspec.Struct, frozen=True, kw_only=True):
    """One statement that relates two nodes. `sign` -1: it asks for the absence of the other one.

    `alternative`: it does not follow by itself, see graphs/build.py. `kind` is that of the graph, or selected-by: the
    symbol has no prompt, and the other one selects it.
    """

    kind: EdgeKind
    sign: int
    alternative: bool
    place: str
    statement: str


class PathStep(msgspec.Struct, frozen=True):
    """From one node to the next, by any of these statements."""

    source: str
    target: str
    edges: tuple[GraphEdge, ...]


class Path(msgspec.Struct, frozen=True):
    """A way through the graph. `certain`: no step of it is an alternative or asks for an absence."""

    steps: tuple[PathStep, ...]
    certain: bool

    @property
    def nodes(self) -> tuple[str, ...]:
        return (*(step.source for step in self.steps), *(step.target for step in self.steps[-1:]))


class PathReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one `kcfg graph path` has to say.

    `count` shortest paths of `length` steps lead from source to target, of which `paths` are the first in the order of
    the names. `certain` is a shortest path of certain steps, None where there is none: then source does not need target
    by what the statements say alone. `back` is the length of the shortest path from target to source. A length of 0
    means that there is no path.
    """

    schema: int = SCHEMA_VERSION
    tool: str = "kcfg"
    version: str
    kernel: KernelUsed
    source: str
    target: str
    length: int = 0
    count: int = 0
    paths: tuple[Path, ...] = ()
    certain: Path | None = None
    back: int = 0


class SetLine(msgspec.Struct, frozen=True, order=True):
    """A line that a user sets; `old` is "" where there was none."""

    symbol: str
    value: str
    old: str = ""


class ConeNode(msgspec.Struct, frozen=True, kw_only=True):
    """What a symbol needs, `depth` steps away. `certain`: by certain steps alone.

    `state` is "always" where it is on in every configuration of this kernel, "never" where it is in none. `place` and
    `statement` are of the last step, which comes from `needed_by`.
    """

    name: str
    depth: int
    certain: bool
    prompt: bool
    state: str
    needed_by: str
    place: str
    statement: str


class MinimalWay(msgspec.Struct, frozen=True):
    """Lines that turn a symbol on when every other line is n, none of which can be left out.

    `verified`: resolving these lines gives the symbol, and without any one of them (the first 64 are tried) it is n.
    `probes`: what nothing here answers and has to be y for it, such as $(cc-option,-mfoo).
    """

    lines: tuple[SetLine, ...]
    verified: bool
    probes: tuple[str, ...] = ()


class NeedsReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one `kcfg graph needs` has to say. `complete`: there are no other ways than `ways`.

    `common` are the symbols that every way has on and that are not on in every configuration: what the symbol cannot do
    without, whether it says so or not. A symbol that cannot be on has no ways, and `core` says why.
    """

    schema: int = SCHEMA_VERSION
    tool: str = "kcfg"
    version: str
    kernel: KernelUsed
    symbol: str
    cone: tuple[ConeNode, ...] = ()
    ways: tuple[MinimalWay, ...] = ()
    complete: bool = True
    common: tuple[str, ...] = ()
    core: tuple[Reason, ...] = ()


class Loss(msgspec.Struct, frozen=True, kw_only=True):
    """A symbol whose value changes: `old` and `new` are as a .config has them, "" for no line.

    `reason` is the statement behind it, None where nothing but the change itself is.
    """

    symbol: str
    old: str
    new: str
    prompt: bool
    reason: Reason | None = None


class NeededByReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one `kcfg graph needed-by` has to say.

    `base` are the lines that were added to the configuration (or to the kernel's defaults) so that the symbol is on.
    `off` are the fewest lines that turn it off from there, `others` the single lines that do it as well and take more
    with them. `lost` lose their value then, `gained` get more, `changed` are numbers and texts with another value: of
    these three is everything that differs between the two resolved configurations, the symbol itself included.
    `never` are the symbols that are on in some configuration, but in none without the symbol.
    `core` says why it cannot be turned off. `doubt`: a question to the compiler or the machine decides the value, which
    nothing here answers and which counts as n.
    """

    schema: int = SCHEMA_VERSION
    tool: str = "kcfg"
    version: str
    kernel: KernelUsed
    symbol: str
    config: str = ""
    value: str = ""
    base: tuple[SetLine, ...] = ()
    off: tuple[SetLine, ...] = ()
    proven: bool = True
    others: tuple[SetLine, ...] = ()
    lost: tuple[Loss, ...] = ()
    gained: tuple[Loss, ...] = ()
    changed: tuple[Loss, ...] = ()
    never: tuple[str, ...] = ()
    core: tuple[Reason, ...] = ()
    doubt: Reason | None = None


class Dominator(msgspec.Struct, frozen=True, kw_only=True):
    """An option that every configuration of a mode has on. `asked`: a rule of the mode names it.

    `needed_by` is the mode or the symbol that leads to it, by the statement at `place`. It is "" where its own default
    does, or where no single statement does (then `statement` is "", too): every alternative leads to it.
    """

    name: str
    prompt: bool
    asked: bool
    roles: tuple[str, ...] = ()
    needed_by: str = ""
    place: str = ""
    statement: str = ""


class DominatorsReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one `kcfg graph dominators` has to say. `why_not`: why the mode does not exist on this kernel.

    `always` counts the symbols that are on in every configuration of the kernel, which are no dominators.
    """

    schema: int = SCHEMA_VERSION
    tool: str = "kcfg"
    version: str
    kernel: KernelUsed
    mode: str
    why_not: str = ""
    dominators: tuple[Dominator, ...] = ()
    always: int = 0


class Cycle(msgspec.Struct, frozen=True):
    """Nodes that all lead to each other, and a shortest way round."""

    nodes: tuple[str, ...]
    steps: tuple[PathStep, ...]


class CyclesReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one `kcfg graph cycles` has to say.

    `recursive`: a value hangs on itself, which Kconfig refuses. `loops`: what needs another one and is acted on by it.
    """

    schema: int = SCHEMA_VERSION
    tool: str = "kcfg"
    version: str
    kernel: KernelUsed
    recursive: tuple[Cycle, ...] = ()
    loops: tuple[Cycle, ...] = ()


class CompareRow(msgspec.Struct, frozen=True, kw_only=True):
    """Two modes on one kernel: the symbols that every configuration of both, or of one only, has on.

    `left_why` and `right_why`: why a mode does not exist there ("" where it does). `together`: whether one kernel can
    be both, None where one of them does not exist.
    """

    kernel: KernelUsed
    left_why: str = ""
    right_why: str = ""
    together: bool | None = None
    shared: tuple[str, ...] = ()
    only_left: tuple[str, ...] = ()
    only_right: tuple[str, ...] = ()


class CompareReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one `kcfg graph compare` has to say. `prompts` are the symbols that a user can set on some kernel."""

    schema: int = SCHEMA_VERSION
    tool: str = "kcfg"
    version: str
    left: str
    right: str
    rows: tuple[CompareRow, ...]
    prompts: tuple[str, ...] = ()


class SymbolStatement(msgspec.Struct, frozen=True):
    """A statement about a symbol, and where it stands. `text` is what it says besides its kind: nothing for a prompt
    without a condition, the members for a choice. `within`: the file of the definition that has it, if there are
    several."""

    kind: StatementKind
    text: str
    where: Location
    within: str = ""


class Change(msgspec.Struct, frozen=True):
    """A statement that came or went: `new` is False for one that is gone."""

    new: bool
    statement: SymbolStatement


class HistoryRow(msgspec.Struct, frozen=True, kw_only=True):
    """A symbol in one kernel. `places` is empty where the kernel does not define it.

    `changes` are against the row before: the statements that are gone first. `possible`: whether any configuration has
    it on (for a bool or tristate).
    """

    kernel: KernelUsed
    places: tuple[Location, ...] = ()
    statements: tuple[SymbolStatement, ...] = ()
    changes: tuple[Change, ...] = ()
    possible: bool | None = None


class HistoryReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one `kcfg graph history` has to say; the oldest kernel first."""

    schema: int = SCHEMA_VERSION
    tool: str = "kcfg"
    version: str
    symbol: str
    rows: tuple[HistoryRow, ...]
