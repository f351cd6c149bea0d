"""The words for a verdict of relevance, and for what decides it."""

from __future__ import annotations

from patches.relevance.data import FileResult, PatchRelevance, Relevance

WORDS = {
    Relevance.BUILT: "built into this kernel",
    Relevance.UNDECIDABLE: "not decidable",
    Relevance.OTHER: "only in other modes or configurations",
    Relevance.NEVER: "never built here",
}


SIGNS = {
    Relevance.BUILT: ("✓", "+"),
    Relevance.UNDECIDABLE: ("?", "?"),
    Relevance.OTHER: ("○", "o"),
    Relevance.NEVER: ("✗", "x"),
}


def deciding(one: PatchRelevance) -> FileResult | None:
    """The file whose verdict is the patch's."""
    return next((file for file in one.files if file.path == one.decided_by), None)


def why(file: FileResult | None) -> str:
    """ "XEN_BALLOON, drivers/xen/Makefile:5", or why there is no such line."""
    if file is None:
        return ""
    parts = []
    if file.owner and file.owner.rpartition(".")[0] != file.path.rpartition(".")[0]:
        parts.append(f"{'by' if file.via else 'as'} {file.owner}")
    shown = file.condition if len(file.condition) <= 60 else " ".join(file.symbols)
    if file.where and shown:
        parts.append(shown)
    if file.where:
        parts.append(str(file.where))
    return ", ".join(parts) + (f" ({file.reason})" if parts and file.reason else file.reason)
