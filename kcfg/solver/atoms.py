"""What an encoding has of every atom: its literals, and the text of a constant or of a probe that has an answer."""

from __future__ import annotations

from kcfg.kconfig.model import TOKEN, AtomKind, Model
from kcfg.solver.clauses import Clauses


class Atoms:
    """Symbols, then constants and probes, by number: "enabled" (m or y) and "y"; a bool's two are the same literal."""

    def __init__(self, model: Model, answers: dict[str, str]) -> None:
        self.model = model
        self.answers = answers
        self.out = Clauses()
        self.enabled: list[int] = []
        self.yes: list[int] = []

    def constant_text(self, atom: int) -> str | None:
        """The text of a constant or of a probe that has an answer; None for a free one."""
        it = self.model.atoms[atom - len(self.model.symbols)]
        if it.kind == AtomKind.PROBE:
            return self.answers.get(self.model.probes[int(it.text)].key)
        if it.kind == AtomKind.TEMPLATE:
            keys = [self.model.probes[int(number)].key for number in TOKEN.findall(it.text)]
            if any(key not in self.answers for key in keys):
                return None
            return TOKEN.sub(lambda match: self.answers[self.model.probes[int(match[1])].key], it.text)
        return it.text
