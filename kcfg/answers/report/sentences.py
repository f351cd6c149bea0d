"""Reasons in words. Nothing else makes sentences of them, and nothing decides by what a sentence says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from kcfg.answers.facts import Basis, Reason, ReasonKind, Settable, State
from kcfg.answers.report.configs import config_warning
from kcfg.answers.unknown import NoSuchSymbol
from kcfg.base.errors import UserError
from kcfg.kconfig.tristate import LEVEL

TYPES = {
    "bool": "a bool: y or n",
    "tristate": "a tristate: y, m or n",
    "int": "an int: a decimal number",
    "hex": "a hex: such as 0x1000",
    "string": "a string: text in double quotes",
}
UNMET = {
    Basis.DEPENDS: "depends on {}",
    Basis.IF: "inside 'if {}'",
    Basis.MENU: "in a menu that depends on {}",
    Basis.VISIBLE: "in a menu that is visible if {}",
    Basis.CHOICE: "in {}",
    Basis.PROMPT: "can be set only if {}",
}
CONSTANTS = ("m", "n", "y")


def sentence(reason: Reason) -> str:
    """What a reason says, without its place and without a full stop."""
    text = _changed(reason) if reason.changed else SENTENCES[reason.kind](reason)
    return f"{reason.subject}: {text}" if reason.subject else text


def sentences(reasons: Iterable[Reason]) -> str:
    """Several reasons in one line."""
    return "; ".join(map(sentence, reasons))


def error_line(error: UserError) -> str:
    """The one line of an error for a person."""
    if isinstance(error, NoSuchSymbol):
        head = f"{error.where}: " if error.where else ""
        return head + sentences(error.reasons) + either(error.others) + had_by(error.elsewhere)
    return str(error)


def had_by(kernels: Sequence[tuple[str, str]]) -> str:
    """Which kernels have what this one has not."""
    series: dict[str, list[str]] = {}
    arches: dict[str, list[str]] = {}
    for number, arch in kernels:
        series.setdefault(arch, []).append(number)
    for arch, those in series.items():
        arches.setdefault(", ".join(those), []).append(arch)
    told = "; ".join(f"{those} ({', '.join(names)})" for those, names in arches.items())
    return f"; the built-in models of Linux {told} have it" if told else ""


def suffix(condition: str) -> str:
    """The ` if ...` at the end of a statement."""
    return f" if {condition}" if condition else ""


def state(one: State) -> str:
    """ "XEN=n"."""
    return f"{one.symbol}={one.value}" if one.defined else f"no {one.symbol} here"


def states(reason: Reason) -> str:
    """The parts that decide, or the value of the whole where there are none."""
    return ", ".join(dict.fromkeys(map(state, reason.states))) or reason.value


def either(names: Sequence[str]) -> str:
    """A near miss, as a question."""
    return f"; did you mean {' or '.join(names)}?" if names else ""


def more(reason: Reason) -> str:
    """The end of a list that is not told whole."""
    return f" and {reason.more} more" if reason.more else ""


def _unmet(reason: Reason) -> str:
    if reason.basis is Basis.DEFAULT:
        text = f"default {reason.expression}{suffix(reason.condition)}"
    elif reason.basis is Basis.SELECT:
        text = f"only {reason.others[0]} selects it{suffix(reason.condition)}"
    else:
        text = UNMET.get(reason.basis, "{}").format(reason.condition)
    told = states(reason)
    return f"{text}: {told}" if told else text


def _selected(reason: Reason) -> str:
    if reason.basis is Basis.DEPENDS:
        return f"unmet direct dependencies detected for {reason.symbol}"
    if not reason.others:
        return f"and {reason.more} more symbols select {reason.symbol}"
    return f"{reason.others[0]} selects {reason.symbol}{suffix(reason.condition)}, and {states(reason)}"


def _choice(reason: Reason) -> str:
    if not reason.symbol:
        return f"the choice around it is {reason.value}"
    if reason.value == "y":
        return f"{reason.symbol} is what its choice is set to: one member has to be"
    if reason.others:
        return f"of the choice of which {reason.symbol} is one, {reason.others[0]} is set: only one can be"
    return f"the choice of which {reason.symbol} is one has no value"


def _no_prompt(reason: Reason) -> str:
    if reason.basis is Basis.TRANSITIONAL:
        heirs = " and ".join(reason.others) or "no other symbol"
        return f"{reason.symbol} is the old name of {heirs}: its line only gives that a default"
    if reason.basis is Basis.LINE:
        return f"{reason.symbol} has no prompt: the line is inert"
    return f"{reason.symbol} has no prompt: no line can set it, only defaults and selects do"


def _not_asked(reason: Reason) -> str:
    if reason.basis is Basis.SELECT:
        if reason.states:
            return f"only {reason.others[0]} selects it{suffix(reason.condition)}: {states(reason)}"
        return f"{', '.join(reason.others)}{more(reason)} select it: none does here"
    head = f"{reason.symbol} can be set to {reason.wanted}, but"
    if reason.value == "n":
        return f"{head} nothing asks for it and its default is n"
    if not reason.value:
        return f"{head} nothing asks for it and it has no default"
    return f"{head} its default is {reason.value}"


def _explicit(reason: Reason) -> str:
    if reason.basis is Basis.CHOICE:
        return f"{reason.symbol} is asked for here, and counts"
    if LEVEL.get(reason.value[:1], 0) > LEVEL.get(reason.wanted, 0):
        return f"{reason.symbol}={reason.value} is asked for in the configuration"
    return f"{reason.symbol} is set to {reason.value} in the configuration"


def _default(reason: Reason) -> str:
    if reason.basis is Basis.CHOICE:
        return f"{reason.symbol} is the default of the choice"
    if reason.basis is Basis.IMPLY:
        return f"{reason.others[0]} implies {reason.symbol}"
    because = {Settable.NEVER: "has no prompt", Settable.HIDDEN: "cannot be set here"}
    head = f"{reason.symbol} {because.get(reason.settable, 'is not set in the configuration')}"
    return f"{head}; default {reason.expression}{suffix(reason.condition)}"


def _out_of_range(reason: Reason) -> str:
    low, high = (f"{one.symbol} ({one.value})" if one.value else one.symbol for one in reason.states)
    return f"{reason.wanted} is outside the range {low} to {high}"


def _duplicate(reason: Reason) -> str:
    if reason.warned:
        return config_warning(reason.warned)
    return reason.note or f"{reason.symbol} is set again: the last line wins"


def _unknown_symbol(reason: Reason) -> str:
    return f"Linux {reason.version} has no {reason.symbol} ({reason.arch}){either(reason.others)}"


def _not_in_kernel(reason: Reason) -> str:
    return f"Linux {reason.version} mentions {reason.symbol} and defines it nowhere ({reason.arch})"


def _renamed(reason: Reason) -> str:
    became = f"is now {reason.others[0]}" if reason.others else "is gone"
    return f"{reason.symbol} {became} since Linux {reason.version}: {reason.note}"


def _probe(reason: Reason) -> str:
    if reason.symbol:
        asked = f"{', '.join(reason.others)}{more(reason)}"
        if reason.note:
            said = f"says {reason.symbol}={reason.wanted}" if reason.wanted else f"has no {reason.symbol}"
            answered = f"answered here by {reason.note} (--run-probes asks this machine)"
            return f"the configuration {said}; whether it can be so depends on {asked}, {answered}"
        return f"{reason.symbol} depends on {asked}, which nothing here answers (--run-probes does)"
    if reason.expression in CONSTANTS:
        return f"this is the constant {reason.expression}"
    if reason.expression:
        return f"the toolchain answers no to {reason.expression}"
    count = len(reason.others) + reason.more
    dots = ", ..." if reason.more else ""
    return f"{count} values depend on probes that nothing answers: {', '.join(reason.others)}{dots}"


def _other_kernel(reason: Reason) -> str:
    said = f"says {reason.symbol}={reason.wanted}" if reason.wanted else f"has no {reason.symbol}"
    return (
        f"the configuration {said}, the model of Linux {reason.version} makes it {reason.value}: "
        "name the configuration's own kernel source with --tree"
    )


def _statement(reason: Reason) -> str:
    return f"{reason.symbol or 'block'}: {reason.note}"


def _changed(reason: Reason) -> str:
    """A statement that says something else in a second configuration, and by which values."""
    if reason.basis in (Basis.SELECT, Basis.IMPLY):
        text = f"{reason.basis} by {reason.others[0]}"
    elif reason.basis is Basis.PROMPT:
        text = f"prompt{suffix(reason.condition)}"
    elif reason.basis is Basis.DEFAULT:
        text = f"default {reason.expression}{suffix(reason.condition)}"
    else:
        text = f"{reason.basis} {reason.condition}"
    told = states(reason)
    return f"{text}: {told}" if told else text


SENTENCES: dict[ReasonKind, Callable[[Reason], str]] = {
    ReasonKind.UNMET_DEPENDENCY: _unmet,
    ReasonKind.SELECTED: _selected,
    ReasonKind.CHOICE: _choice,
    ReasonKind.NO_PROMPT: _no_prompt,
    ReasonKind.INVISIBLE: _unmet,
    ReasonKind.NOT_ASKED: _not_asked,
    ReasonKind.EXPLICIT: _explicit,
    ReasonKind.DEFAULT: _default,
    ReasonKind.MODULES_OFF: lambda _: "MODULES is n: m becomes y",
    ReasonKind.OUT_OF_RANGE: _out_of_range,
    ReasonKind.BAD_VALUE: lambda reason: f"{reason.symbol} is {TYPES[reason.type]}; the line is ignored",
    ReasonKind.DUPLICATE: _duplicate,
    ReasonKind.UNKNOWN_SYMBOL: _unknown_symbol,
    ReasonKind.NOT_IN_KERNEL: _not_in_kernel,
    ReasonKind.RENAMED: _renamed,
    ReasonKind.PROBE: _probe,
    ReasonKind.OTHER_KERNEL: _other_kernel,
    ReasonKind.CORE: _statement,
    ReasonKind.ARCHITECTURE: _statement,
    ReasonKind.COMPILER: _statement,
}
"""Kind -> the words for it. A kind without words is a fault that a test finds."""
