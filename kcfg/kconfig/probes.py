"""Answers to a model's probes: what its Kconfig files would have got from the outside.

In order of trust: what the machine answers (here, and only when asked to run commands), what the configuration itself
records (`recorded`), what the toolchain answered that a snapshot was made with. A probe without an answer stays
unknown, and whatever depends on it is reported as such.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kcfg.kconfig.exports import exported
from kcfg.kconfig.model import TOKEN, Model
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
