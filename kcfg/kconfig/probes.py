"""Answers to a model's probes: what its Kconfig files would have got from the outside.

In order of trust: what the machine answers (only when asked to run commands), what the configuration itself records
(CC_HAS_ASM_GOTO=y says what the compiler answered), what the toolchain answered that a snapshot was made with. A probe
without an answer stays unknown, and whatever depends on it is reported as such.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kcfg.kconfig.assign import UserValues
from kcfg.kconfig.exports import exported
from kcfg.kconfig.model import TOKEN, AtomKind, Definition, Model, Op, Symbol, Type
from kcfg.sources.folder import TreeSource

TIMEOUT = 60.0  # seconds that one command may take


def shell(command: str, env: dict[str, str], folder: str) -> str:
    """What `$(shell,...)` gives: trailing newlines cut, the others are spaces (do_shell in preprocess.c)."""
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        env=env,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=TIMEOUT,
        check=False,
    )
    return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n").replace("\n", " ")


def run_probes(model: Model, tree: Path, given: dict[str, str] | None = None) -> dict[str, str]:
    """Ask the machine: runs every probe's command in an empty folder. Only for trees that the user trusts.

    A command that hangs counts as unanswered.
    """
    with tempfile.TemporaryDirectory(prefix="kcfg-probes-") as folder:
        tools, env = machine_environment(model, tree, folder, dict(os.environ) if given is None else given)
        answers: dict[int, str] = {}
        waiting = dict(enumerate(model.probes))
        for i in [i for i, probe in waiting.items() if not probe.command]:
            name = waiting.pop(i).name
            answers[i] = tools.get(name, env.get(name, ""))
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            while waiting:
                ready = {
                    i: TOKEN.sub(lambda m: answers[int(m[1])], probe.command)
                    for i, probe in waiting.items()
                    if all(int(token) in answers for token in TOKEN.findall(probe.command))
                }
                for i, text in zip(ready, pool.map(lambda c: answer(c, env, folder), ready.values()), strict=True):
                    del waiting[i]
                    answers[i] = text
    return {model.probes[i].key: text for i, text in answers.items()}


def machine_environment(
    model: Model, tree: Path, folder: str, given: dict[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """(what the tree's Makefile exports, that over `given`); asks the tools for their versions."""
    tools = exported(TreeSource(str(tree)).read("Makefile").decode("utf-8", "replace"), given)
    tools["srctree"] = str(tree.resolve())
    env = dict(os.environ) | given | {"LC_ALL": "C"} | tools | {"ARCH": model.arch, "SRCARCH": model.srcarch}
    for name, tool in (("CC_VERSION_TEXT", "CC"), ("RUSTC_VERSION_TEXT", "RUSTC")):
        first = shell(f"{tools[tool]} --version 2>/dev/null | head -n 1", env, folder) if tools.get(tool) else ""
        tools[name] = env[name] = first.replace("#", "")
    tools["PAHOLE_VERSION"] = env["PAHOLE_VERSION"] = shell(
        'test -f "$srctree/scripts/pahole-version.sh" && sh "$srctree/scripts/pahole-version.sh" "$PAHOLE"', env, folder
    )
    return tools, env


def answer(command: str, env: dict[str, str], folder: str) -> str:
    """What a command prints, "" when it cannot be run or hangs."""
    try:
        return shell(command, env, folder)
    except (OSError, subprocess.TimeoutExpired):
        return ""


class Recorded:
    """Reads the answers out of one configuration. `complete`: a missing line means n, in a fragment it says nothing,
    and there the line of a symbol with a prompt only asks for something."""

    def __init__(self, model: Model, user: UserValues, *, complete: bool) -> None:
        self.model = model
        self.user = user
        self.complete = complete
        self.answers: dict[str, str] = {}

    def probe(self, expr: int) -> str | None:
        """The key of the probe that an expression is, None when it is anything else."""
        it = self.model.exprs[expr]
        atom = it.args[0] - len(self.model.symbols) if it.op == Op.ATOM else -1
        if atom < 0 or self.model.atoms[atom].kind != AtomKind.PROBE:
            return None
        return self.model.probes[int(self.model.atoms[atom].text)].key

    def positive(self, expr: int) -> Iterable[str]:
        """The probes that must be y for an expression to be y."""
        it = self.model.exprs[expr]
        key = self.probe(expr)
        if key:
            yield key
        elif it.op == Op.AND:
            for arg in it.args:
                yield from self.positive(arg)

    def holds(self, expr: int) -> bool:
        """Whether an expression is certainly not n, going by the configuration's lines alone."""
        it = self.model.exprs[expr]
        if expr == 0:
            return True
        if it.op == Op.ATOM:
            return self.user.tri.get(it.args[0], 0) > 0
        if it.op == Op.AND:
            return all(self.holds(arg) for arg in it.args)
        return it.op == Op.OR and any(self.holds(arg) for arg in it.args)

    def read(self, number: int, symbol: Symbol) -> None:
        """What a symbol without a prompt and with one definition records."""
        definition = self.model.definitions[symbol.definitions[0]]
        if symbol.type in (Type.BOOL, Type.TRISTATE):
            if self.user.tri.get(number, 0):
                if symbol.selected_by or (definition.prompt is not None and not self.complete):
                    return  # it may be forced, whatever it depends on; and a fragment's line is a wish
                for link in self.model.chain(definition.context):
                    self.answers.update((key, "y") for key in self.positive(link.expr))
                if definition.prompt is None and len(definition.defaults) == 1:
                    self.answers.update((key, "y") for key in self.positive(definition.defaults[0].value))
            elif self.complete and definition.prompt is None and len(definition.defaults) == 1:
                self.read_no(definition)
        elif number in self.user.text and definition.prompt is None:
            default = next((one for one in definition.defaults if self.holds(one.cond)), None)
            key = self.probe(default.value) if default else None
            if key:
                self.answers[key] = self.user.text[number]

    def read_no(self, definition: Definition) -> None:
        """A bool that is n although all that it depends on holds: its default, a probe, was n."""
        default = definition.defaults[0]
        key = self.probe(default.value)
        chain = self.model.chain(definition.context)
        if key and self.holds(default.cond) and all(self.holds(link.expr) for link in chain):
            self.answers.setdefault(key, "n")


def recorded_answers(model: Model, user: UserValues, *, complete: bool) -> dict[str, str]:
    """What a configuration says about the probes of its own build: probe key -> answer.

    A symbol without a prompt whose default is a probe records the answer, if what it depends on holds.
    """
    recorded = Recorded(model, user, complete=complete)
    for number, symbol in enumerate(model.symbols):
        if len(symbol.definitions) == 1:
            recorded.read(number, symbol)
    return recorded.answers
