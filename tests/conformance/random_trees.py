"""Random small Kconfig trees and configurations, in the grammar of one kernel series.

Options have ranks, and what an option refers to has a lower rank than itself, while what it selects has a higher one:
so nothing depends on itself. Where there is a loop, `conf` refuses the tree or its answer depends on the order of a
hash table, and neither is a fact about configurations. The order in the file has nothing to do with the ranks.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

LOGIC = ("bool", "tristate")
TEXTS = ("", "a", "y", "n", "m", "10", "0x10", "a b", 'q"q', "b\\\\")
INTS = ("0", "1", "5", "9", "10", "-3", "100", "64", "-0", "9223372036854775807", "9223372036854775808")
HEXES = ("0x0", "0x1", "0x10", "0xff", "0xAB", "0XA", "0xffffffffffffffff", "0x8000000000000000")
BARE_HEXES = ("10", "ff", "0XA")
BAD = ("", "x", "05", "0x", "yes", "Y", "-", "+5", "1 ", '"y"', '"5"', "m m")


@dataclass(slots=True)
class Option:
    name: str
    type: str
    rank: int
    member: bool = False


@dataclass(slots=True)
class Block:
    """Lines that stay together; `rank` bounds what the blocks around them may refer to."""

    rank: int
    lines: list[str]
    top: bool = False
    place: float = 0.0


@dataclass(slots=True)
class Tree:
    kconfig: str
    options: list[Option] = field(default_factory=list)


class Maker:
    """Makes one tree for the kernel series (major, minor). `probes` are shell commands that its expressions may run for
    a y or n, `numbers` those that print a number."""

    def __init__(
        self, rng: random.Random, series: tuple[int, int], probes: tuple[str, ...], numbers: tuple[str, ...]
    ) -> None:
        self.rng = rng
        self.apart = random.Random(rng.getstate()[1][1])  # what is drawn from it leaves the other draws as they are
        self.probes = probes
        self.numbers = numbers
        self.series = series
        self.old_choices = series < (6, 11)
        self.options: list[Option] = []
        self.blocks: list[Block] = []

    def chance(self, part: float) -> bool:
        return self.rng.random() < part

    # Expressions

    def below(self, rank: int, kinds: tuple[str, ...] = ()) -> list[Option]:
        return [o for o in self.options if o.rank < rank and (not kinds or o.type in kinds)]

    def expr(self, rank: int, depth: int = 2) -> str:
        if depth and self.chance(0.35):
            op = self.rng.choice(("&&", "||"))
            return f"({self.expr(rank, depth - 1)} {op} {self.expr(rank, depth - 1)})"
        if depth and self.chance(0.15):
            return f"!{self.expr(rank, depth - 1)}"
        logic = self.below(rank, LOGIC)
        if self.probes and self.chance(0.15):
            return f"$(shell,{self.rng.choice(self.probes)})"
        if not logic or self.chance(0.08):
            # m means m && MODULES, so that MODULES would depend on itself.
            return self.rng.choice(("m", "y", "n", "m", "UNDEFINED", "7") if rank else ("y", "n", "UNDEFINED", "7"))
        if self.chance(0.25):
            return self.comparison(rank)
        if self.chance(0.03):
            return self.rng.choice(self.below(rank)).name
        return self.rng.choice(logic).name

    def comparison(self, rank: int) -> str:
        left = self.rng.choice(self.below(rank))
        op = self.rng.choice(("=", "!=", "=", "!=", "<", "<=", ">", ">="))
        if self.chance(0.25):
            return f"{left.name} {op} {self.rng.choice(self.below(rank)).name}"
        if self.chance(0.1):
            return f"{left.name} {op} {self.rng.choice(('UNDEFINED', 'n', 'm', '5', quoted('5'), quoted('')))}"
        if left.type in LOGIC:
            # expr_transform of 6.12 and later takes the symbol in BOOL!=y for an expression, and reads what is there.
            value = self.rng.choice("mn" if op == "!=" and self.series >= (6, 12) else "ymn")
            return f"{left.name} {op} {quoted(value) if self.chance(0.2) else value}"
        return f"{left.name} {op} {self.constant(left.type)}"

    def constant(self, kind: str) -> str:
        if self.numbers and self.chance(0.15):
            return f"$(shell,{self.rng.choice(self.numbers)})"
        if kind == "int":
            return self.rng.choice(INTS)
        if kind == "hex":
            return self.rng.choice(HEXES)
        return quoted(self.rng.choice(TEXTS))

    def condition(self, rank: int, part: float = 0.4) -> str:
        return f" if {self.expr(rank)}" if self.chance(part) else ""

    # Statements

    def tree(self) -> Tree:
        rng = self.rng
        rank = 0
        if self.chance(0.85):
            self.options.append(Option("MODULES", "bool", rank))
            mark = "\toption modules" if self.series < (5, 13) else "\tmodules"
            default = ["\tdefault y"] if self.chance(0.7) else []
            self.blocks.append(Block(rank, ["config MODULES", '\tbool "modules"', *default, mark]))
        plans: list[Callable[[], None]] = []
        for _ in range(rng.randint(2, 9)):
            rank += 1
            plans.append(self.plan_choice(rank) if self.chance(0.2) else self.plan_option(rank))
        for plan in plans:
            plan()
        for block in self.blocks:
            block.place = block.rank + rng.uniform(-3, 3)
        lines = [line for block in self.blocks if block.top for line in block.lines]
        lines += self.layout(sorted((b for b in self.blocks if not b.top), key=lambda block: block.place), 3)
        return Tree("\n".join(lines) + "\n", self.options)

    def plan_option(self, rank: int) -> Callable[[], None]:
        kind = self.rng.choice(("bool",) * 3 + ("tristate",) * 4 + ("int", "hex", "string"))
        option = Option(f"{kind[0].upper()}{rank}", kind, rank)
        self.options.append(option)

        def plan() -> None:
            if self.series >= (6, 18) and self.chance(0.06):
                self.blocks.append(Block(rank, [f"config {option.name}", f"\t{kind}", "\ttransitional"], top=True))
                return
            for number in range(2 if self.chance(0.2) else 1):
                self.blocks.append(Block(rank, self.definition(option, first=number == 0)))

        return plan

    def definition(self, option: Option, *, first: bool) -> list[str]:
        rng, rank = self.rng, option.rank
        lines = []
        prompt = prompted = self.chance(0.8 if first else 0.4)
        word = "menuconfig" if prompt and self.chance(0.1) else "config"
        other = not first and self.chance(0.1)
        if other:
            lines.append(f"\t{self.rng.choice(LOGIC)}")
        elif first or self.chance(0.5):
            if prompt and self.chance(0.8):
                lines.append(f'\t{option.type} "{option.name}"{self.condition(rank, 0.25)}')
                prompt = False
            elif option.type in LOGIC and self.chance(0.3):
                lines.append(f"\tdef_{option.type} {self.expr(rank)}{self.condition(rank)}")
            else:
                lines.append(f"\t{option.type}")
        if prompt:
            lines.append(f'\tprompt "{option.name}"{self.condition(rank, 0.3)}')
        if prompted:
            lines += self.prompt_again(rank)
        more = [*self.dependencies(rank), *self.defaults(option), *self.selects(option)]
        if option.type in ("int", "hex"):
            more += self.ranges(option)
        rng.shuffle(more)
        return [f"{word} {option.name}", *lines, *more]

    def prompt_again(self, rank: int) -> list[str]:
        """Now and then a second prompt of the same definition."""
        self.rng, self.apart = self.apart, self.rng
        lines = [f'\tprompt "again"{self.condition(rank, 0.6)}'] if self.chance(0.12) else []
        self.rng, self.apart = self.apart, self.rng
        return lines

    def dependencies(self, rank: int) -> list[str]:
        out = []
        for _ in range(self.rng.choice((0, 0, 0, 1, 1, 2))):
            unless = self.condition(rank, 0.3) if self.series >= (7, 1) else ""
            out.append(f"\tdepends on {self.expr(rank)}{unless}")
        return out

    def defaults(self, option: Option) -> list[str]:
        out = []
        for _ in range(self.rng.choice((0, 0, 1, 1, 2))):
            if option.type in LOGIC:
                value = self.expr(option.rank) if self.chance(0.5) else self.rng.choice("ymn")
            else:
                same = self.below(option.rank, (option.type,))
                if self.chance(0.05):
                    # Since 6.11 a member of a choice may have no text at all: conf prints "(null)" or crashes.
                    same = [other for other in self.below(option.rank) if not other.member]
                value = self.rng.choice(same).name if same and self.chance(0.3) else self.constant(option.type)
            out.append(f"\tdefault {value}{self.condition(option.rank)}")
        return out

    def ranges(self, option: Option) -> list[str]:
        out = []
        for _ in range(self.rng.choice((0, 0, 1, 1, 2))):
            bounds = [self.constant(option.type), self.constant(option.type)]
            if self.chance(0.9) and "$" not in "".join(bounds):
                bounds.sort(key=lambda text: int(text, 0))
            free = [o.name for o in self.below(option.rank, (option.type,))]
            if free and self.chance(0.3):
                bounds[self.rng.randrange(2)] = self.rng.choice(free)
            out.append(f"\trange {bounds[0]} {bounds[1]}{self.condition(option.rank)}")
        return out

    def selects(self, option: Option) -> list[str]:
        targets = [o for o in self.options if o.rank > option.rank and (o.type in LOGIC or self.chance(0.05))]
        targets = [o for o in targets if not o.member or self.chance(0.3)]
        if option.type not in LOGIC or not targets:
            return []
        out = []
        for _ in range(self.rng.choice((0, 0, 0, 1, 1, 2))):
            target = self.rng.choice(targets)
            word = self.rng.choice(("select", "imply"))
            out.append(f"\t{word} {target.name}{self.condition(target.rank if self.chance(0.3) else option.rank)}")
        return out

    # Choices

    def plan_choice(self, rank: int) -> Callable[[], None]:
        tristates = self.old_choices and self.chance(0.4)
        members = []
        for letter in "abcd"[: self.rng.randint(1, 4)]:
            kind = "tristate" if tristates and self.chance(0.8) else "bool"
            members.append(Option(f"C{rank}{letter.upper()}", kind, rank, member=True))
        self.options += members
        return lambda: self.choice(rank, members, tristates=tristates)

    def choice(self, rank: int, members: list[Option], *, tristates: bool) -> None:
        lines = ["choice NAMED"] if self.series < (6, 8) and self.chance(0.1) else ["choice"]
        kinds = ("tristate", "bool", "") if tristates else ("bool", "")
        kind = self.rng.choice(kinds) if self.series < (6, 9) else ""
        if kind:
            lines.append(f'\t{kind} "choice {rank}"{self.condition(rank, 0.2)}')
        else:
            lines.append(f'\tprompt "choice {rank}"{self.condition(rank, 0.2)}')
        lines += self.prompt_again(rank)
        lines += self.dependencies(rank)
        for _ in range(self.rng.choice((0, 1, 1, 2))):
            lines.append(f"\tdefault {self.rng.choice(members).name}{self.condition(rank)}")
        if self.old_choices and self.series < (6, 9) and self.chance(0.2):
            lines.append("\toptional")
        for number, member in enumerate(members):
            if self.chance(0.1):
                lines += ['comment "comment"', *self.dependencies(rank)]
            more = [*self.dependencies(rank), *self.selects(member)]
            entry = [f"config {member.name}", f'\t{member.type} "{member.name}"{self.condition(rank, 0.15)}', *more]
            if self.old_choices and number and self.chance(0.05):
                # Nothing deeper: what becomes of it hangs on how far conf's simplifier gets.
                entry.append(f"\tdepends on {members[number - 1].name} || {self.expr(rank, 0)}")
            if self.old_choices and number and self.chance(0.15):
                entry.append(f"\tdepends on {members[number - 1].name}{self.rng.choice(('', '', ' != n', ' = y'))}")
            if self.chance(0.15):
                entry = [f"if {self.expr(rank)}", *entry, "endif"]
            lines += entry
        lines.append("endchoice")
        self.blocks.append(Block(rank, lines))
        if self.chance(0.1):
            member = self.rng.choice(members)
            self.blocks.append(Block(rank, [f"config {member.name}", *self.dependencies(rank), *self.selects(member)]))

    # Blocks

    def layout(self, blocks: list[Block], depth: int) -> list[str]:
        out: list[str] = []
        i = 0
        while i < len(blocks):
            if depth and self.chance(0.25):
                inner = blocks[i : i + self.rng.randint(1, 4)]
                i += len(inner)
                rank = min(block.rank for block in inner)
                body = self.layout(inner, depth - 1)
                if self.chance(0.5):
                    out += [f"if {self.expr(rank)}", *body, "endif"]
                    continue
                out.append('menu "menu"')
                out += self.dependencies(rank)[:1]
                if self.chance(0.4):
                    out.append(f"\tvisible if {self.expr(rank)}")
                out += [*body, "endmenu"]
            else:
                out += blocks[i].lines
                if self.chance(0.05):
                    out += ['comment "comment"', *self.dependencies(blocks[i].rank)]
                i += 1
        return out


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def random_tree(
    rng: random.Random, series: tuple[int, int], *, probes: tuple[str, ...] = (), numbers: tuple[str, ...] = ()
) -> Tree:
    """A tree that the series' own conf accepts, nearly always."""
    return Maker(rng, series, probes, numbers).tree()


def random_config(rng: random.Random, tree: Tree) -> str:
    """Lines for its options: right values, wrong ones, some twice, some for options that do not exist."""
    lines = []
    for option in tree.options:
        for _ in range(rng.choice((0, 1, 1, 1, 1, 2))):
            lines.append(config_line(rng, option))
    if rng.random() < 0.2:
        lines.append("CONFIG_NO_SUCH_OPTION=y")
    rng.shuffle(lines)
    return "".join(f"{line}\n" for line in lines)


def config_line(rng: random.Random, option: Option) -> str:
    name = f"CONFIG_{option.name}"
    if rng.random() < 0.04:
        return f"{name}={rng.choice(BAD)}"
    if option.type in LOGIC or rng.random() < 0.03:
        value = rng.choice("yymmn" if option.type == "tristate" or rng.random() < 0.05 else "yyn")
        return f"# {name} is not set" if value == "n" else f"{name}={value}"
    if option.type == "int":
        return f"{name}={rng.choice(INTS)}"
    if option.type == "hex":
        return f"{name}={rng.choice(HEXES + BARE_HEXES)}"
    return f"{name}={quoted(rng.choice(TEXTS))}"
