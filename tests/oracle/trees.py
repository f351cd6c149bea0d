"""Small Kconfig trees of 4 to 12 symbols with everything that the language of a kernel series has.

Options have ranks: what one refers to has a lower rank, what it selects a higher one, so that nothing depends on
itself (conf refuses such a tree, or its answer hangs on the order of a hash table). The order in the file is another
one. An option, or a choice with its members, is a unit: its values hang on units of lower rank and on its own lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from hypothesis import strategies as st

LOGIC = ("bool", "tristate")
TEXTS = ("int", "hex", "string")
OPERATORS = ("=", "!=", "<", "<=", ">", ">=")
CONSTANTS = {
    "int": ("0", "1", "3", "7", "10", "64", "-2"),
    "hex": ("0x0", "0x1", "0x3", "0x10", "0x7f", "0xff"),
    "string": ("", "a", "y", "n", "m", "10", "a b"),
}
LEAST, MOST = 4, 12
"""Symbols of a tree."""
ROOM = 2500
"""At most so many configurations, if every option were visible."""


@dataclass(slots=True)
class Option:
    """A symbol. `old`: transitional; `prompted`: some definition has a prompt."""

    name: str
    type: str
    rank: int
    member: bool = False
    prompted: bool = False
    old: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """An option, or the members of a choice."""

    names: tuple[str, ...]
    choice: bool = False


@dataclass(frozen=True, slots=True)
class Tree:
    """A Kconfig file, its options by rank, and the texts to try for each type."""

    series: tuple[int, int]
    kconfig: str
    options: tuple[Option, ...]
    units: tuple[Unit, ...]
    texts: dict[str, tuple[str, ...]]

    def values(self, option: Option) -> tuple[str, ...]:
        """The values to try for an option."""
        if option.type == "bool":
            return ("n", "y")
        return ("n", "m", "y") if option.type == "tristate" else self.texts[option.type]


@dataclass(slots=True)
class Block:
    """Lines that stay together; `rank` bounds what the blocks around them may refer to."""

    rank: int
    lines: list[str]
    top: bool = False
    place: int = 0


@dataclass(slots=True)
class Maker:
    """Writes a tree from the choices that `draw` makes; all shrink to what is simpler."""

    draw: st.DrawFn
    series: tuple[int, int]
    options: list[Option] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    pools: dict[str, list[str]] = field(default_factory=dict)
    room: int = ROOM

    def chance(self, percent: int) -> bool:
        return self.draw(st.integers(0, 99)) >= 100 - percent

    def pick(self, *options: str) -> str:
        return self.draw(st.sampled_from(options))

    def number(self, *weights: int) -> int:
        """0, 1, 2...: as often as the weights say."""
        return self.draw(st.sampled_from([n for n, weight in enumerate(weights) for _ in range(weight)]))

    @property
    def old_choices(self) -> bool:
        return self.series < (6, 11)

    # Expressions

    def below(self, rank: int, kinds: Iterable[str] = ()) -> list[Option]:
        return [one for one in self.options if one.rank < rank and (not kinds or one.type in kinds)]

    def expr(self, rank: int, depth: int = 2) -> str:
        if rank and self.chance(2):
            return self.void(rank)
        if depth and self.chance(30):
            return f"({self.expr(rank, depth - 1)} {self.pick('&&', '||')} {self.expr(rank, depth - 1)})"
        if depth and self.chance(12):
            return f"!{self.expr(rank, depth - 1)}"
        logic = self.below(rank, LOGIC)
        if not logic or self.chance(8):
            # m means m && MODULES, so that MODULES would depend on itself.
            return self.pick(*(("y", "n", "m", "m", "UNDEFINED") if rank else ("y", "n")))
        if self.chance(25):
            return self.comparison(rank)
        return self.draw(st.sampled_from(logic)).name

    def void(self, rank: int) -> str:
        """What speaks of any option and hangs on none: conf leaves that out before it looks for recursion."""
        bools = [one.name for one in self.options if one.type == "bool"]
        if self.old_choices:  # which drops constants only along with something else
            name = self.pick(*bools) if bools else "y"
            return f"({name} || !{name})"
        name = self.draw(st.sampled_from([one.name for one in self.options if one.type in LOGIC]))
        return (
            f"({name} || !{name})"
            if name in bools and self.chance(40)
            else self.pick(f"({name} || y)", f"({name} && n)")
        )

    def comparison(self, rank: int) -> str:
        known = self.below(rank)
        texts = self.below(rank, TEXTS)
        left = self.draw(st.sampled_from(texts if texts and self.chance(60) else known))
        op = self.pick(*OPERATORS[:2] * 3, *OPERATORS)
        if self.chance(20):
            return f"{left.name} {op} {self.draw(st.sampled_from(known)).name}"
        alike = [one for one in texts if one.type == left.type and one is not left]
        if alike and self.chance(50):
            return f"{left.name} {self.pick(*OPERATORS)} {self.draw(st.sampled_from(alike)).name}"
        if left.type in LOGIC:
            # expr_transform of 6.12 and later takes the symbol in BOOL!=y for an expression, and reads what is there.
            values = ("m", "n") if op == "!=" and self.series >= (6, 12) else ("y", "m", "n")
            return f"{left.name} {op} {self.pick(*values)}"
        return f"{left.name} {op} {self.constant(left.type)}"

    def constant(self, kind: str) -> str:
        pool = self.pools.setdefault(kind, [])
        if len(pool) < 2 or (len(pool) < 3 and self.chance(20)):
            value = self.draw(st.sampled_from([one for one in CONSTANTS[kind] if one not in pool]))
            pool.append(value)
        else:
            value = self.draw(st.sampled_from(pool))
        return quoted(value) if kind == "string" else value

    def condition(self, rank: int, percent: int = 40) -> str:
        return f" if {self.expr(rank)}" if self.chance(percent) else ""

    # The tree

    def tree(self) -> Tree:
        rank = 0
        if not self.chance(12):
            self.modules()
        plans: list[Callable[[], None]] = []
        for _ in range(self.draw(st.integers(2, 9))):
            rank += 1
            if len(self.options) < MOST - 1:
                plans.append(self.plan_choice(rank) if self.chance(25) else self.plan_option(rank))
        while len(self.options) < LEAST:
            rank += 1
            plans.append(self.plan_option(rank))
        for plan in plans:
            plan()
        shuffle = self.chance(50)
        for block in self.blocks:
            block.place = 2 * block.rank + (self.draw(st.integers(-5, 5)) if shuffle else 0)
        lines = [line for block in self.blocks if block.top for line in block.lines]
        lines += self.layout(sorted((one for one in self.blocks if not one.top), key=lambda one: one.place), 2)
        texts = {kind: tuple(around(kind, self.pools.get(kind, []))) for kind in TEXTS}
        return Tree(self.series, "\n".join(lines) + "\n", tuple(self.options), tuple(self.units), texts)

    def modules(self) -> None:
        option = Option("MODULES", "bool", 0)
        form = self.number(6, 1, 1)
        option.prompted = form < 2
        self.options.append(option)
        self.units.append(Unit(("MODULES",)))
        self.room //= 2 if option.prompted else 1
        lines = [['\tbool "modules"', "\tdefault y"], ['\tbool "modules"'], ["\tdef_bool y"]][form]
        mark = "\toption modules" if self.series < (5, 13) else "\tmodules"
        self.blocks.append(Block(0, ["config MODULES", *lines, mark]))

    def plan_option(self, rank: int) -> Callable[[], None]:
        kind = self.pick(*("bool",) * 4, *("tristate",) * 5, *TEXTS)
        size = {"bool": 2, "tristate": 3, "string": 4}.get(kind, 6)
        option = Option(f"{kind[0].upper()}{rank}", kind, rank)
        option.old = self.series >= (6, 18) and self.chance(10)
        can_ask = self.room >= size
        self.options.append(option)
        self.units.append(Unit((option.name,)))
        ask = can_ask and not option.old and not self.chance(20)
        if ask or option.old:
            self.room //= size

        def plan() -> None:
            if option.old:
                self.blocks.append(Block(rank, [f"config {option.name}", f"\t{kind}", "\ttransitional"], top=True))
                return
            for number in range(2 if self.chance(20) else 1):
                self.blocks.append(Block(rank, self.definition(option, first=number == 0, ask=ask)))

        return plan

    def definition(self, option: Option, *, first: bool, ask: bool) -> list[str]:
        rank = option.rank
        lines = []
        prompt = ask and (not self.chance(15) if first else self.chance(40))
        option.prompted |= prompt
        if first or self.chance(50):
            if prompt and not self.chance(25):
                lines.append(f'\t{option.type} "{option.name}"{self.condition(rank, 25)}')
                if self.chance(4):
                    lines.append(f'\t{option.type} "{option.name} again"{self.condition(rank, 70)}')
                prompt = False
            elif option.type in LOGIC and self.chance(30):
                lines.append(f"\tdef_{option.type} {self.expr(rank)}{self.condition(rank)}")
            else:
                lines.append(f"\t{option.type}")
        if prompt:
            lines.append(f'\tprompt "{option.name}"{self.condition(rank, 30)}')
        lines += [*self.dependencies(rank), *self.defaults(option), *self.selects(option)]
        if option.type in ("int", "hex"):
            lines += self.ranges(option)
        return [f"config {option.name}", *lines]

    def dependencies(self, rank: int) -> list[str]:
        out = []
        for _ in range(self.number(3, 2, 1)):
            unless = self.condition(rank, 30) if self.series >= (7, 1) else ""
            out.append(f"\tdepends on {self.expr(rank)}{unless}")
        return out

    def defaults(self, option: Option) -> list[str]:
        out = []
        for _ in range(self.number(2, 2, 1)):
            if option.type in LOGIC:
                value = self.expr(option.rank) if self.chance(50) else self.pick("y", "m", "n")
            else:
                same = [one for one in self.below(option.rank, (option.type,)) if not one.member]
                value = (
                    self.draw(st.sampled_from(same)).name if same and self.chance(30) else self.constant(option.type)
                )
            out.append(f"\tdefault {value}{self.condition(option.rank)}")
        return out

    def ranges(self, option: Option) -> list[str]:
        out = []
        for _ in range(self.number(2, 2, 1)):
            bounds = [self.constant(option.type), self.constant(option.type)]
            if not self.chance(10):
                bounds.sort(key=lambda text: int(text, 0))
            same = self.below(option.rank, (option.type,))
            if same and self.chance(20):
                bounds[self.draw(st.integers(0, 1))] = self.draw(st.sampled_from(same)).name
            out.append(f"\trange {bounds[0]} {bounds[1]}{self.condition(option.rank)}")
        return out

    def selects(self, option: Option) -> list[str]:
        targets = [one for one in self.options if one.rank > option.rank and one.type in LOGIC and not one.old]
        if option.type not in LOGIC or not targets:
            return []
        out = []
        for _ in range(self.number(3, 2, 1)):
            target = self.draw(st.sampled_from(targets))
            if target.member and not self.chance(40):
                continue
            rank = target.rank if self.chance(30) else option.rank
            out.append(f"\t{self.pick('select', 'imply')} {target.name}{self.condition(rank)}")
        return out

    # Choices

    def plan_choice(self, rank: int) -> Callable[[], None]:
        tristates = self.old_choices and self.chance(45)
        members = []
        for letter in "ABCD"[: 1 + self.number(1, 4, 3) + (not tristates and self.chance(10))]:
            kind = "tristate" if tristates and not self.chance(20) else "bool"
            members.append(Option(f"C{rank}{letter}", kind, rank, member=True, prompted=True))
        self.options += members
        self.units.append(Unit(tuple(one.name for one in members), choice=True))
        self.room //= 2 ** len(members) if tristates else len(members) + 1
        return lambda: self.choice(rank, members, tristates=tristates)

    def choice(self, rank: int, members: list[Option], *, tristates: bool) -> None:
        head = ["choice NAMED" if self.series < (6, 8) and self.chance(8) else "choice"]
        kind = self.pick(*(("tristate", "", "bool") if tristates else ("", "bool"))) if self.series < (6, 9) else ""
        head.append(f'\t{kind or "prompt"} "choice {rank}"{self.condition(rank, 20)}')
        if self.chance(6):
            head.append(f'\tprompt "choice {rank} again"{self.condition(rank, 70)}')
        head += self.dependencies(rank)
        for _ in range(self.number(2, 3, 1)):
            head.append(f"\tdefault {self.draw(st.sampled_from(members)).name}{self.condition(rank)}")
        if self.series < (6, 9) and self.chance(25):
            head.append("\toptional")
        body = []
        for number, member in enumerate(members):
            more = [*self.dependencies(rank), *self.selects(member)]
            if self.old_choices and number and self.chance(8):
                more.append(f"\tdepends on {self.submenu(rank, members[number - 1].name)}")
            if self.old_choices and self.chance(6):
                more.append(f"\tdefault {self.pick('y', 'm', 'n')}{self.condition(rank)}")
            entry = [f"config {member.name}", f'\t{member.type} "{member.name}"{self.condition(rank, 15)}', *more]
            body += [f"if {self.expr(rank)}", *entry, "endif"] if self.chance(12) else entry
            body += self.remark(rank, member.name)
        if self.chance(10):
            body = [f"if {self.expr(rank)}", *body, "endif"]
        self.blocks.append(Block(rank, [*head, *body, "endchoice"]))
        if self.chance(12):
            again = self.draw(st.sampled_from(members))
            prompt = [f'\tprompt "{again.name} outside"{self.condition(rank, 30)}'] if self.chance(40) else []
            rest = [*self.dependencies(rank), *self.selects(again)]
            self.blocks.append(Block(rank, [f"config {again.name}", *prompt, *rest]))

    def remark(self, rank: int, before: str) -> list[str]:
        """What stands between members and is none: a comment, an empty block."""
        if not self.chance(8):
            return []
        on = self.submenu(rank, before) if self.chance(60) else self.expr(rank)
        if self.chance(25):
            return [f"if {on}", "endif"]
        return ['comment "remark"', *([f"\tdepends on {on}"] if self.chance(80) else [])]

    def submenu(self, rank: int, head: str) -> str:
        """A dependency on the member before, which may make a submenu."""
        if self.chance(30):
            return f"{head} {self.pick('||', '&&')} {self.expr(rank)}"
        return f"{head}{self.pick('', ' != n', ' = y')}"

    # Blocks

    def layout(self, blocks: list[Block], depth: int) -> list[str]:
        out: list[str] = []
        i = 0
        while i < len(blocks):
            if not depth or not self.chance(20):
                out += blocks[i].lines
                i += 1
                continue
            inner = blocks[i : i + self.draw(st.integers(1, 4))]
            i += len(inner)
            rank = min(block.rank for block in inner)
            body = self.layout(inner, depth - 1)
            if self.chance(50):
                out += ['menu "menu"', *self.dependencies(rank)[:1]]
                out += [f"\tvisible if {self.expr(rank)}"] if self.chance(60) else []
                out += [*body, "endmenu"]
            else:
                out += [f"if {self.expr(rank)}", *body, "endif"]
        return out


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def around(kind: str, pool: list[str]) -> list[str]:
    """Texts that comparisons with the constants of a pool can tell from each other, and one more."""
    if kind == "string":
        return [*dict.fromkeys([*pool, "other"])]
    known = sorted({int(text, 0) for text in pool} or {1})
    values = set(known)
    for low, high in zip(known, [*known[1:], known[-1] + 9], strict=True):
        values |= {low + 1} if low + 1 < high else set()
    if kind == "int":
        return [str(value) for value in sorted({*values, known[0] - 1})]
    return [hex(value) for value in sorted({*values, max(known[0] - 1, 0)})]


@st.composite
def trees(draw: st.DrawFn, series: tuple[int, int]) -> Tree:
    """A tree that the series' own conf takes, nearly always."""
    return Maker(draw, series).tree()
