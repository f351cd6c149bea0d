"""The words for a verdict of relevance, and for what decides it."""

from __future__ import annotations

from patches.relevance.data import FileResult, PatchResult, Verdict

WORDS = {
    Verdict.BUILT: "built into this kernel",
    Verdict.UNDECIDABLE: "not decidable",
    Verdict.OTHER: "only in other modes or configurations",
    Verdict.NEVER: "never built here",
}


SIGNS = {
    Verdict.BUILT: ("✓", "+"),
    Verdict.UNDECIDABLE: ("?", "?"),
    Verdict.OTHER: ("○", "o"),
    Verdict.NEVER: ("✗", "x"),
}


def deciding(one: PatchResult) -> FileResult | None:
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
