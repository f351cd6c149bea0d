"""The small tree with a queue's additions, as the value that the stages of relevance hand on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kcfg.kconfig.parse import parse
from kcfg.sources.open import open_source
from patches.queues.queue import open_queue
from patches.relevance.queue_tree import queue_tree
from patches.relevance.tree import Tree, tree_with
from patches.text.parse import parse_patch
from patches.text.patch import FileDiff
from tests.patches.relevance.queues import change, small_tree, write_queue


def tree_of(folder: Path, patches: Mapping[str, str] | None = None, more: Mapping[str, str] | None = None) -> Tree:
    """The tree of `queues.TREE` with what the patches (name -> diff) add."""
    source = open_source(str(small_tree(folder / "linux", more)))
    entries = open_queue(str(write_queue(folder / "queue", patches))).entries if patches else ()
    model = parse(source, "x86_64")
    return tree_with(source, model, queue_tree(source, entries), cache=False, tell=lambda _: None)


def diff_of(text: str) -> FileDiff:
    """The one file of a diff."""
    (one,) = parse_patch("x.patch", text.encode()).files
    return one


def changed(path: str, old: str = "int a;\n", new: str = "int b;\n") -> FileDiff:
    """A change of one file."""
    return diff_of(change(path, old, new))
