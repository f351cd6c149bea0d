"""What nodes and edges of the graph are, and what can be said of a symbol."""

from __future__ import annotations

from enum import StrEnum


class NodeKind(StrEnum):
    """What a node stands for."""

    SYMBOL = "symbol"
    CHOICE = "choice"
    MODE = "mode"


class EdgeKind(StrEnum):
    """Which statement relates two nodes; SELECTED_BY and IMPLIED_BY are those of no graph, but of answers."""

    DEPENDS = "depends"
    PROMPT = "prompt"
    SELECT = "select"
    IMPLY = "imply"
    DEFAULT = "default"
    CHOICE = "choice"
    REQUIRES = "requires"
    SELECTED_BY = "selected-by"
    IMPLIED_BY = "implied-by"


class StatementKind(StrEnum):
    """A statement about a symbol, in the order in which they are told."""

    TYPE = "type"
    PROMPT = "prompt"
    DEPENDS = "depends"
    DEFAULT = "default"
    RANGE = "range"
    SELECT = "select"
    IMPLY = "imply"
    SELECTED_BY = "selected-by"
    IMPLIED_BY = "implied-by"
    CHOICE = "choice"
