"""As much of RPM's macros as names of patches need: definitions, %{name}, %{?name}, and conditions that are numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from patches.queues.reasons import Never, NeverKind

DEPTH = 20
LENGTH = 2000

_DEFINE = re.compile(r"\s*%(?:define|global)\s+([A-Za-z_]\w{0,80})(\([^\s()]*\))?\s+(\S.*)$", re.DOTALL)
_TAG = re.compile(r"(Name|Version|Release|Epoch|URL)\s*:\s*(\S.*)$", re.IGNORECASE)
_USE = re.compile(r"%(?:%|\{([!?]*)([A-Za-z_]\w*)(?::([^{}]*))?\}|([!?]*)([A-Za-z_]\w*))")
_CALL = re.compile(r"(\s*)%(\{?)([A-Za-z_]\w*)(?:[:\s]([^{}\n]*))?(\}?)\s*$")
_ARGUMENT = re.compile(r"%(?:\{(\d|\*{1,2}|#)\}|(\d|\*{1,2}|#))")
_NAMES = re.compile(r"%\{?[!?]*([A-Za-z_]\w*)")
_PATCH = re.compile(r"%\{?[!?]*(?:__)?(?:auto)?patch|%\{?autosetup|\b(?:patch|git\s+(?:am|apply))\s", re.IGNORECASE)
_MANNER = re.compile(r"(?:_default_patch_flags|__patch|__scm_apply_\w+)$")
"""Macros of which RPM makes the commands of %autosetup, %autopatch and %patch."""
_REVERSE = re.compile(r"\s(?:-(?:[EflNsTtuZ]|p\d+)*R\w*|--reverse)(?![\w.-])")
_NUMBER = re.compile(r"[\d\s()!&|<>=+*-]+$")
SHOWN = 400
"""Characters of a condition that are told."""


@dataclass(slots=True)
class Macros:
    """The macros that a spec has defined so far, and the files of its sources: SOURCE0 -> name.

    `functions`: those with arguments, and what they stand for. `patchers`: the macros that may apply patches. `turned`:
    a definition by which RPM's own macros may apply them in reverse, "" for none.
    """

    known: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)
    patchers: set[str] = field(default_factory=set)
    turned: str = ""

    def learn(self, line: str, *, sure: bool = True) -> None:
        """Take a definition, or a tag, from a line; `sure`: it holds, otherwise the macro's value is not known."""
        found = _DEFINE.match(line[:LENGTH])
        if found:
            name, body = found[1], "\n".join(one.split(" #")[0].strip() for one in found[3].split("\n"))
            self.known.pop(name, None)
            self.functions.pop(name, None)
            put_in = f" {self.expand(body)}"
            if _MANNER.match(name) and (_REVERSE.search(put_in) or ("flags" in name and "%" in put_in)):
                self.turned = " ".join(line.split())[:200]
            if self.patching(body):
                self.patchers.add(name)
            if sure and found[2]:
                self.functions[name] = body
            elif sure:
                self.known[name] = self.expand(body)
            return
        tag = _TAG.match(line[:LENGTH])
        if tag:
            self.known.setdefault(tag[1].lower(), self.expand(tag[2].strip()))

    def patching(self, line: str) -> bool:
        """Whether a line may apply patches, itself or by a macro."""
        if "%" not in line:
            return False
        return bool(_PATCH.search(line)) or any(name in self.patchers for name in _NAMES.findall(line[:LENGTH]))

    def called(self, line: str) -> str:
        """A line that calls a macro with arguments: what this stands for; all others as they are."""
        for _ in range(DEPTH):
            found = _CALL.match(line[:LENGTH])
            if not found or found[3] not in self.functions or len(found[2]) != len(found[5]):
                break
            words = (found[4] or "").split()
            if any(word.startswith("-") for word in words):
                break  # which of its options the macro has is not read
            given = {str(i): word for i, word in enumerate(words, 1)}
            given |= {"0": found[3], "#": str(len(words)), "*": " ".join(words), "**": " ".join(words)}
            line = filled(self.functions[found[3]], given)
        return line

    def is_lost(self, line: str) -> bool:
        """Whether a line calls a macro that applies patches, in a way that is not followed."""
        found = _NAMES.match(line.lstrip()[:LENGTH])
        return found is not None and found[1] in self.patchers and found[1] not in self.known

    def expand(self, text: str, *, assume: bool = False) -> str:
        """The text with the known macros put in; unknown ones stay, and %{?unknown} is nothing.

        `assume`: as if the unknown ones were defined: %{?unknown:x} is x, and %{?unknown} is %{unknown}.
        """
        put = self._assumed if assume else self._one
        for _ in range(DEPTH):
            after = _USE.sub(put, text)[:LENGTH]
            if after == text:
                break
            text = after
        return text.replace("%%", "%")

    def _one(self, found: re.Match[str]) -> str:
        if found[0] == "%%":
            return found[0]
        flags, name, given = found[1] or found[4] or "", found[2] or found[5], found[3]
        value = "" if name == "nil" else self.known.get(name)
        if "?" not in flags:
            return found[0] if value is None or given is not None else value
        if ("!" in flags) == (value is not None):
            return ""
        return given if given is not None else value or ""

    def _assumed(self, found: re.Match[str]) -> str:
        flags, name, given = found[1] or found[4] or "", found[2] or found[5], found[3]
        if found[0] == "%%" or "?" not in flags or name in self.known or name == "nil":
            return self._one(found)
        return "" if "!" in flags else given if given is not None else f"%{{{name}}}"

    def judge(self, condition: str) -> bool | None:
        """Whether an %if holds: numbers, ! and comparisons of numbers are judged; None when not known.

        0%{?fedora} is not known: it is the build host that defines it.
        """
        if any("?" in (one[1] or one[4] or "") and (one[2] or one[5]) not in self.known for one in _uses(condition)):
            return None
        text = self.expand(condition).strip()
        if "%" in text or not _NUMBER.match(text) or len(text) > 100:
            return None
        if re.fullmatch(r"\d+", text):
            return int(text[:20]) != 0
        found = re.fullmatch(r"(!?)\s*\(?\s*(\d{1,18})\s*(?:(==|!=|<=|>=|<|>)\s*(\d{1,18}))?\s*\)?", text)
        if not found:
            return None
        left = int(found[2])
        if found[3]:
            right = int(found[4])
            holds = {
                "==": left == right, "!=": left != right, "<": left < right,
                "<=": left <= right, ">": left > right, ">=": left >= right,
            }[found[3]]  # fmt: skip
        else:
            holds = left != 0
        return holds != bool(found[1])


def _uses(text: str) -> Iterator[re.Match[str]]:
    """The uses of macros in a text."""
    return (one for one in _USE.finditer(text[:LENGTH]) if one[0] != "%%")


@dataclass(slots=True)
class Block:
    """An %if block at one of its lines: what must hold there, and whether it does (None: not known).

    `asked`: the condition of this branch. `above`: that none of those above holds, as far as a text of a line's length
    says. `taken`: one of them is known to hold.
    """

    text: str
    holds: bool | None
    asked: str
    above: str = ""
    taken: bool = False


@dataclass(slots=True)
class Conditions:
    """The %if blocks that a line stands in."""

    macros: Macros
    stack: list[Block] = field(default_factory=list)

    def read(self, line: str) -> bool:
        """Take a line; whether it was one of a condition."""
        word, _, rest = line.strip().partition(" ")
        rest = rest.split(" #")[0].strip()
        if word.startswith("%if"):
            text = rest if word == "%if" else f"{word[1:]} {rest}"
            self.stack.append(Block(text, self.macros.judge(rest) if word == "%if" else None, text))
        elif word == "%else" or word.startswith("%elif"):
            if self.stack:
                self.branch(self.stack[-1], rest if word != "%else" else "")
        elif word == "%endif":
            if self.stack:
                self.stack.pop()
        else:
            return False
        return True

    @staticmethod
    def branch(block: Block, asked: str) -> None:
        """Go on to the next branch of a block, whose condition is `asked`, "" for %else: none above may hold."""
        block.taken = block.taken or block.holds is True
        ruled_out = block.holds is False and not block.above
        if block.asked and len(block.above) < SHOWN:
            block.above = " and ".join(filter(None, (block.above, negated(block.asked))))
        block.text = " and ".join(filter(None, (block.above, asked)))
        block.holds = False if block.taken else True if ruled_out and not asked else None
        block.asked = asked

    @property
    def text(self) -> str:
        """What must hold for a line here, where it is not known; "" when it holds."""
        return " and ".join(one.text for one in self.stack if one.holds is None)[:SHOWN]

    @property
    def never(self) -> Never | None:
        """The condition that never holds here; None when there is none."""
        return next((Never(NeverKind.CONDITION, (one.text,)) for one in self.stack if one.holds is False), None)


def negated(text: str) -> str:
    """A condition's opposite."""
    return text[5:-1] if text.startswith("not (") and text.endswith(")") else f"not ({text})"


def filled(text: str, given: Mapping[str, str]) -> str:
    """What a macro with arguments stands for, these put in."""
    return _ARGUMENT.sub(lambda one: given.get(one[1] or one[2], ""), text)
