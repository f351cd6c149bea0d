"""Notes and findings in words: all formats share them."""

from __future__ import annotations

from kcfg.answers.report.json import Words
from patches.findings import QueueFinding
from patches.notes import Note, Unread
from patches.report.problems import placed_problem
from patches.report.queues import stale_words
from patches.text.problems import Problem


def note_words(note: Note) -> str:
    """One note of a patch."""
    return placed_problem(note) if isinstance(note, Problem) else note


def unread_words(one: Unread) -> str:
    """What was not read, or not judged."""
    return stale_words(one.stale) if one.stale else "; ".join(map(note_words, one.notes))


def finding_words(one: QueueFinding) -> str:
    """What a finding says."""
    return unread_words(one.text) if isinstance(one.text, Unread) else one.text


TEXTS: Words = {Problem: placed_problem, Unread: unread_words}
"""What is a text in JSON."""
