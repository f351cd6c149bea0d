"""Random small Kconfig trees. A symbol's conditions only read symbols before it and selects only aim at later ones, so
that there are no recursive dependencies."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

from tests.kcfg.trees import MODULES

RELATIONS = ("=", "!=", "<", "<=", ">", ">=")
NUMBERS = ("1", "3", "7")
WORDS = ('""', '"foo"', '"y"')


@dataclass(slots=True)
class Writer:
    """Writes a tree from the choices that `draw` makes; `left` bounds the number of configurations."""

    draw: st.DrawFn
    names: list[str] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    left: int = 4000

    def pick(self, *options: str) -> str:
        return self.draw(st.sampled_from(options))

    def chance(self, share: int) -> bool:
        """True once in `share`."""
        return self.draw(st.integers(1, share)) == 1

    def some(self, most: int) -> range:
        return range(self.draw(st.integers(0, most)))

    def atom(self, names: list[str]) -> str:
        name = self.pick(*names) if names else self.pick("y", "m", "n")
        kind = self.kinds.get(name, "")
        if kind == "int":
            return f"{name}{self.pick(*RELATIONS)}{self.pick(*NUMBERS)}"
        if kind == "string":
            return f"{name}{self.pick('=', '!=')}{self.pick(*WORDS)}"
        if self.chance(4):
            return f"{name}{self.pick('=', '!=', '<=')}{self.pick('y', 'm', 'n', *names)}"
        return self.pick(name, name, name, "m", "UNDEFINED") if self.chance(3) else name

    def expr(self, names: list[str]) -> str:
        form = self.draw(st.integers(0, 6))
        if form < 3 or not names:
            return self.atom(names)
        if form == 3:
            return f"!({self.atom(names)})"
        operator = self.pick("&&", "||")
        right = f"!({self.atom(names)})" if self.chance(4) else self.atom(names)
        return f"({self.atom(names)} {operator} {right})"

    def condition(self, names: list[str], share: int = 2) -> str:
        return f" if {self.expr(names)}" if self.chance(share) else ""

    def symbol(self, names: list[str], later: list[str], *, member: bool = False) -> list[str]:
        """One definition of the symbol that follows `names`."""
        name = f"S{len(self.names)}"
        kind = self.pick("bool", "tristate", "tristate", "int", "string") if not member else "bool"
        size = {"bool": 2, "tristate": 3, "int": 8, "string": 5}[kind]
        if self.left < size:
            return []
        self.left //= size
        self.names.append(name)
        lines = [f"config {name}"]
        prompt = member or not self.chance(4)
        lines.append(f"\t{kind}" + (f' "{name}"{self.condition(names, 3)}' if prompt else ""))
        if self.chance(2):
            lines.append(f"\tdepends on {self.expr(names)}")
        if kind == "int":
            if self.chance(2):
                lines.append(f"\trange {self.pick('0', '1', '2')} {self.pick('3', '5')}{self.condition(names)}")
            lines += [f"\tdefault {self.pick(*NUMBERS)}{self.condition(names)}" for _ in self.some(2)]
        elif kind == "string":
            lines += [f"\tdefault {self.pick(*WORDS)}{self.condition(names)}" for _ in self.some(2)]
        elif not member:
            for _ in self.some(2):
                lines.append(f"\tdefault {self.expr(names)}{self.condition(names)}")
        if later and self.chance(2):
            lines.append(f"\t{self.pick('select', 'select', 'imply')} {self.pick(*later)}{self.condition(names)}")
        self.kinds[name] = kind
        return lines

    def block(self, names: list[str]) -> tuple[list[str], list[str]]:
        """What opens and closes a block around the next symbols."""
        form = self.draw(st.integers(0, 5))
        if form == 0:
            return [f"if {self.expr(names)}"], ["endif"]
        if form == 1:
            return ['menu "menu"', f"\tvisible if {self.expr(names)}"], ["endmenu"]
        return [], []

    def choice(self, names: list[str], *, old: bool) -> list[str]:
        kind = "tristate" if old and self.chance(2) else "bool"
        lines = ["choice", f"\t{kind}", f'\tprompt "choice"{self.condition(names, 3)}']
        if self.chance(2):
            lines.append(f"\tdepends on {self.expr(names)}")
        if old and self.chance(4):
            lines.append("\toptional")
        members = []
        start = len(self.names)
        for i in range(2):
            member_kind = kind if kind == "bool" or not self.chance(4) else "bool"
            if self.left < 3:
                break
            self.left //= 2 if member_kind == "bool" else 3
            name = f"S{start + i}"
            self.names.append(name)
            self.kinds[name] = member_kind
            members += [f"config {name}", f'\t{member_kind} "{name}"{self.condition(names, 3)}']
            if self.chance(2):
                members.append(f"\tdepends on {self.expr(names)}")
        if len(self.names) > start and self.chance(2):
            lines.append(f"\tdefault {self.pick(*self.names[start:])}{self.condition(names)}")
        return [*lines, *members, "endchoice"]


@st.composite
def trees(draw: st.DrawFn, *, old: bool) -> str:
    """The text of a Kconfig file; `old` allows what kernels before 6.11 have."""
    writer = Writer(draw)
    out = [MODULES]
    plan = draw(st.lists(st.sampled_from(["symbol", "symbol", "symbol", "choice"]), min_size=2, max_size=5))
    targets: list[str] = []
    for what in plan:
        before = list(writer.names)
        if what == "choice":
            out += writer.choice(before, old=old)
            continue
        opened, closed = writer.block(before)
        later = [f"T{len(targets)}"] if writer.left >= 3 and writer.chance(2) else []
        out += [*opened, *writer.symbol(before, later), *closed]
        if later and any(line.endswith(tuple(later)) or f" {later[0]} " in line for line in out):
            writer.left //= 3
            targets.append(later[0])
            writer.kinds[later[0]] = "tristate"
            kind = writer.pick("bool", "tristate")
            prompt = f' "{later[0]}"{writer.condition(before)}' if writer.chance(2) else ""
            out += [f"config {later[0]}", f"\t{kind}{prompt}"]
            out += [f"\tdepends on {writer.expr(before)}"] if writer.chance(2) else []
            out += [f"\tdefault {writer.expr(before)}{writer.condition(before)}"] if writer.chance(3) else []
            if writer.chance(4):
                out += [f"config {later[0]}", f"\tdefault {writer.expr(before)}", f"\tdepends on {writer.expr(before)}"]
            writer.names.append(later[0])
    return "\n".join(out) + "\n"
