"""What a generated configuration is put to before it is given away: it is resolved, completed and checked."""

from __future__ import annotations

from collections.abc import Sequence

from kcfg.answers.facts import Status
from kcfg.answers.judge import Judge
from kcfg.base.errors import CannotEvaluate
from kcfg.kconfig.dotconfig import dotconfig
from kcfg.kconfig.kernels import Kernel
from kcfg.kconfig.minimal import again, as_config, sufficient_lines
from kcfg.kconfig.model import Type
from kcfg.kconfig.resolve import Resolver
from kcfg.solver.results import Smallest
from kcfg.solver.solver import Solver
from profiles import Profile
from profiles.check.check import RuleJudge
from profiles.fulfil.demands import Demand, ways_held
from profiles.fulfil.generated import Passed, Trial


def resolved(solver: Solver, found: Smallest) -> Resolver:
    """The configuration resolved from its own .config text, as the kernel's tools would read it."""
    from kcfg.kconfig.assign import read_user_values
    from kcfg.kconfig.config import parse_config

    configuration = found.configuration
    model = solver.model
    lines = [(model.index[name], value) for name, value in configuration.values.items()]
    config = parse_config(dotconfig(model, lines), "generated")
    answers = solver.encoding.answers | configuration.answers
    resolver = Resolver(model, read_user_values(model, config), answers)
    got = {model.symbols[number].name: value for number, value in resolver.lines()}
    if got != configuration.values:
        drift = sorted(
            name for name in got.keys() | configuration.values.keys() if got.get(name) != configuration.values.get(name)
        )
        raise CannotEvaluate(f"the result is not kept as it is: {', '.join(drift[:5])}")
    return resolver


def default_texts(resolver: Resolver, demands: Sequence[Demand] = ()) -> Resolver:
    """The same options on and the same demands fulfilled, each number and string at its default that may be there.

    The solver gives any text that fits: a firmware's name would be as good as none.
    """
    model = resolver.model
    lines = list(resolver.lines())
    options = [line for line in lines if model.symbols[line[0]].type in (Type.BOOL, Type.TRISTATE)]
    texts = [line for line in sufficient_lines(resolver) if model.symbols[line[0]].type > Type.TRISTATE]
    kept = list(texts)
    for dropped in [texts, *([line] for line in texts)] if texts else []:
        fewer = [line for line in kept if line not in dropped]
        other = again(resolver, [*options, *fewer])
        if other.enabled() == resolver.enabled() and not other.unmet and not missed(other, demands):
            kept = fewer
        if not kept:
            break
    return again(resolver, [*options, *kept])


def missed(resolver: Resolver, demands: Sequence[Demand]) -> list[str]:
    """The demands that a configuration does not fulfil."""
    return [str(one) for one in demands if not ways_held(resolver, one)]


def verify(
    kernel: Kernel, profile: Profile, resolver: Resolver, found: Smallest, demands: Sequence[Demand] = ()
) -> tuple[Passed, ...]:
    """What the result has passed. Raises CannotEvaluate for what it has not."""
    if found.configuration.unmet or resolver.unmet:
        names = found.configuration.unmet or tuple(resolver.model.symbols[n].name for n in resolver.unmet)
        raise CannotEvaluate(f"symbols are selected over unmet dependencies: {', '.join(names[:5])}")
    if lacking := missed(resolver, demands):
        raise CannotEvaluate(f"the result is not what was asked for: {', '.join(lacking[:5])}")
    config = as_config(resolver, resolver.lines(), "generated", complete=True)
    result = RuleJudge(Judge(config, kernel, resolver.answers)).profile(profile)
    if result.status is not Status.PASS:
        wrong = ", ".join(one.symbol for one in result.findings)
        raise CannotEvaluate(f"the result does not pass kcfg check --profile {profile.name}: {wrong}")
    return Passed(Trial.RESOLVE), Passed(Trial.DEPENDENCIES), Passed(Trial.PROFILE, profile.name)
