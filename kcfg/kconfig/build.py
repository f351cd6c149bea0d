"""Build a `Model` statement by statement: the tables, shared expressions, and what finalising the menu decides.

Mirrors `menu_finalize` of scripts/kconfig/menu.c where it matters for values: which symbols a choice really has as
members, the types of choices, and who selects whom. Knows nothing of any parser.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from kcfg.base.errors import UserError
from kcfg.kconfig.model import (
    RELATIONS,
    TOKEN,
    Atom,
    AtomKind,
    Choice,
    Default,
    Definition,
    Expr,
    Link,
    Model,
    Op,
    Probe,
    Prompt,
    Range,
    Select,
    Symbol,
    Type,
    Where,
)
from kcfg.kconfig.submenus import CHOICE, MutableExpr, Submenus, both

YES = 0  # expression 0 is the constant y


@dataclass(slots=True)
class SymbolDraft:
    """A symbol while its definitions are read."""

    name: str
    type: int = Type.UNKNOWN
    definitions: list[int] = field(default_factory=list)
    selected_by: list[int] = field(default_factory=list)
    implied_by: list[int] = field(default_factory=list)
    flags: int = 0


@dataclass(slots=True)
class ChoiceDraft:
    """A choice while its definitions are read."""

    name: str
    type: int = Type.UNKNOWN
    definitions: list[int] = field(default_factory=list)
    optional: bool = False


@dataclass(slots=True)
class BuiltEntry:
    """One definition while its lines are read. `owner` is a symbol, or a choice when `is_choice`."""

    owner: int
    is_choice: bool
    file: int
    line: int
    context: int
    visible: int
    choice: int = -1
    prompt: Prompt | None = None  # the last one, which alone counts for menus
    earlier: list[Prompt] = field(default_factory=list)
    defaults: list[Default] = field(default_factory=list)
    ranges: list[Range] = field(default_factory=list)


@dataclass(slots=True)
class BuiltItem:
    """What stands in a choice: an entry, or an `if` (`entry` is None) whose condition is number `context`."""

    context: int
    entry: BuiltEntry | None = None
    children: list[BuiltItem] = field(default_factory=list)

    @property
    def has_prompt(self) -> bool:
        return self.entry is not None and self.entry.prompt is not None


class ModelBuilder:
    """Collects statements; `finish` makes the model. Constants have negative atom numbers until then."""

    def __init__(self, *, choice_values: bool) -> None:
        self.choice_values = choice_values
        self.files: dict[str, int] = {}
        self.symbols: dict[str, int] = {}
        self.drafts: list[SymbolDraft] = []
        self.constants: dict[str, int] = {}
        self.exprs: dict[tuple[int, tuple[int, ...]], int] = {}
        self.conditions: list[Link] = []
        self.entries: list[BuiltEntry] = []
        self.selects: list[Select] = []
        self.choices: list[ChoiceDraft] = []
        self.named_choices: dict[str, int] = {}
        self.probes: dict[str, int] = {}
        self.probe_list: list[Probe] = []
        self.modules = -1
        self.expr(Op.ATOM, (self.constant("y"),))

    # Tables

    def file(self, path: str) -> int:
        return self.files.setdefault(path, len(self.files))

    def symbol(self, name: str) -> int:
        i = self.symbols.get(name)
        if i is None:
            i = self.symbols[name] = len(self.drafts)
            self.drafts.append(SymbolDraft(name))
        return i

    def constant(self, text: str) -> int:
        return -1 - self.constants.setdefault(text, len(self.constants))

    def expr(self, op: int, args: tuple[int, ...]) -> int:
        return self.exprs.setdefault((op, args), len(self.exprs))

    def condition(self, parent: int, expr: int, where: int, file: int, line: int) -> int:
        self.conditions.append(Link(parent, expr, where, file, line))
        return len(self.conditions) - 1

    def probe(self, name: str, command: str, file: str, line: int) -> str:
        """The token of a probe; the same question has the same token."""
        key = self.expand(f"shell:{command}" if command else f"env:{name}")
        i = self.probes.get(key)
        if i is None:
            i = self.probes[key] = len(self.probe_list)
            self.probe_list.append(Probe(self.expand(name), key, command, self.file(file), line))
        return f"__PROBE_{i}__"

    def expand(self, text: str) -> str:
        return TOKEN.sub(lambda match: f"$({self.probe_list[int(match[1])].name})", text)

    def choice(self, name: str) -> int:
        if name and name in self.named_choices:
            return self.named_choices[name]
        self.choices.append(ChoiceDraft(name))
        i = len(self.choices) - 1
        if name:
            self.named_choices[name] = i
        return i

    def member_context(self, choice: int, context: int) -> int:
        """The chain that a choice's members start from (`parentdep` in menu_finalize)."""
        if not self.choice_values:
            return context
        entry = self.entries[self.choices[choice].definitions[-1]]
        expr = self.expr(Op.CHOICE, (choice,))
        return self.condition(-1, expr, Where.CHOICE, entry.file, entry.line)

    # Statements

    def open(self, entry: BuiltEntry) -> int:
        """Register a definition; its lines are added to it afterwards. Returns its number."""
        i = len(self.entries)
        self.entries.append(entry)
        owner: SymbolDraft | ChoiceDraft = self.choices[entry.owner] if entry.is_choice else self.drafts[entry.owner]
        owner.definitions.append(i)
        return i

    def set_type(self, entry: BuiltEntry, kind: int) -> None:
        owner: SymbolDraft | ChoiceDraft = self.choices[entry.owner] if entry.is_choice else self.drafts[entry.owner]
        if owner.type == Type.UNKNOWN:  # the first one wins: menu_set_type
            owner.type = kind

    def select(self, definition: int, target: int, cond: int, line: int, *, imply: bool) -> None:
        self.selects.append(Select(self.entries[definition].owner, target, definition, cond, line))
        draft = self.drafts[target]
        (draft.implied_by if imply else draft.selected_by).append(len(self.selects) - 1)

    # Finalising

    def submenus(self) -> Submenus:
        """What decides about submenus, for the expressions that there are so far."""
        y, m, n = (self.constant(text) for text in "ymn")
        return Submenus(list(self.exprs), self.type_of, y, m, n)

    def type_of(self, atom: int) -> int:
        """An operand's type, as far as it is known."""
        if atom >= CHOICE:
            return self.choices[atom - CHOICE].type
        if atom >= 0:
            return self.drafts[atom].type
        return Type.TRISTATE if atom in map(self.constant, "ymn") else Type.UNKNOWN

    def block_dependency(self, rules: Submenus, context: int) -> MutableExpr:
        """What an `if` inside a choice hangs on, or (where its link is the choice's own) all that is in a choice."""
        link = self.conditions[context]
        own = rules.node(link.expr)
        return own if link.where == Where.CHOICE else rules.within(self.block_dependency(rules, link.parent), own)

    def dependencies(self, rules: Submenus, item: BuiltItem) -> tuple[MutableExpr, MutableExpr | None]:
        """What an item inside a choice hangs on, and its prompt."""
        context, own = item.context, []
        if item.entry is None:
            return self.block_dependency(rules, context), None
        while self.conditions[context].where == Where.DEPENDS:
            own.append(rules.node(self.conditions[context].expr))
            context = self.conditions[context].parent
        found = rules.within(self.block_dependency(rules, context), both(own[::-1]))
        prompt = item.entry.prompt
        if prompt is None:
            return found, None
        conditions = [] if prompt.cond == YES else [rules.node(prompt.cond)]
        context = prompt.visible
        while context >= 0:
            conditions.append(rules.node(self.conditions[context].expr))
            context = self.conditions[context].parent
        return found, rules.within(found, both(conditions))

    def in_submenu_of(self, rules: Submenus, item: BuiltItem, head: BuiltItem) -> bool:
        """Whether an item becomes part of an automatic submenu below `head` (so it is no member of the choice)."""
        assert head.entry is not None
        dependency, prompt = self.dependencies(rules, item)
        return rules.belongs(prompt or dependency, head.entry.owner, self.dependencies(rules, head)[1])

    def items(self, entries: list[BuiltEntry]) -> list[BuiltItem]:
        """The entries of a choice inside their `if` blocks."""
        top: list[BuiltItem] = []
        blocks: dict[int, BuiltItem] = {}
        for entry in entries:
            path = []
            context = entry.context
            while context >= 0:
                link = self.conditions[context]
                if link.where == Where.CHOICE:
                    break
                if link.where == Where.IF:
                    path.append(context)
                context = link.parent
            place = top
            for context in reversed(path):
                if context not in blocks:
                    blocks[context] = BuiltItem(context)
                    place.append(blocks[context])
                place = blocks[context].children
            place.append(BuiltItem(entry.context, entry))
        return top

    def settle(self, rules: Submenus, items: list[BuiltItem], i: int) -> None:
        """Item i takes the items after it that belong to its automatic submenu."""
        item = items[i]
        if item.entry is None:
            k = 0
            while k < len(item.children):
                self.settle(rules, item.children, k)
                k += 1
        else:
            while i + 1 < len(items) and self.in_submenu_of(rules, items[i + 1], item):
                self.settle(rules, items, i + 1)
                item.children.append(items.pop(i + 1))
        flatten(item.children)

    def members(self, choice: int, inside: list[BuiltEntry]) -> list[int]:
        """A choice's members in the order of the source, from the entries that stand in it."""
        if not self.choice_values:
            return list(dict.fromkeys(entry.owner for entry in inside))
        blocks: dict[int, list[BuiltEntry]] = {}  # a choice with a name may have several
        for entry in inside:
            context = entry.context
            while self.conditions[context].where != Where.CHOICE:
                context = self.conditions[context].parent
            blocks.setdefault(context, []).append(entry)
        found: list[BuiltEntry] = []
        rules = self.submenus()
        for block in blocks.values():
            items = self.items(block)
            self.old_choice_type(choice, [item.entry for item in items if item.entry is not None])
            top = BuiltItem(-1, None, items)
            self.settle(rules, [top], 0)
            found += [item.entry for item in top.children if item.entry is not None]
        for entry in inside:
            if not any(entry is member for member in found):
                entry.choice = -1
        return list(dict.fromkeys(entry.owner for entry in found))

    def old_choice_type(self, choice: int, entries: list[BuiltEntry]) -> None:
        """A choice without a type takes that of its first typed entry, entries without one take the choice's; those
        inside an `if` neither give nor take. A choice that still has none is never y."""
        draft = self.choices[choice]
        if draft.type == Type.UNKNOWN:
            types = (self.drafts[entry.owner].type for entry in entries)
            draft.type = next((kind for kind in types if kind != Type.UNKNOWN), Type.UNKNOWN)
        for entry in entries:
            if self.drafts[entry.owner].type == Type.UNKNOWN:
                self.drafts[entry.owner].type = draft.type

    def bool_members(self, choice: int, members: list[int]) -> None:
        """A bool member of a tristate choice is only visible while the choice is y."""
        for member in members:
            if self.choices[choice].type == Type.TRISTATE and self.drafts[member].type != Type.TRISTATE:
                expr = self.expr(Op.CHOICE_Y, (choice,))
                for i in self.drafts[member].definitions:
                    entry = self.entries[i]
                    if entry.choice == choice:
                        entry.context = self.condition(entry.context, expr, Where.CHOICE, entry.file, entry.line)

    def spread_prompts(self) -> None:
        """A further prompt of one definition shows the symbol as well: it becomes a definition that has only that."""
        for i, entry in enumerate(self.entries[:]):
            owner: SymbolDraft | ChoiceDraft = (self.choices if entry.is_choice else self.drafts)[entry.owner]
            for prompt in entry.earlier:
                copy = replace(entry, line=prompt.line, prompt=prompt, earlier=[], defaults=[], ranges=[])
                owner.definitions.insert(owner.definitions.index(i) + 1, len(self.entries))
                self.entries.append(copy)

    def finish(self, *, version: str, arch: str, srcarch: str, drop_out_of_range: bool) -> Model:
        """The model. Raises UserError where the tree cannot be modelled (a macro inside a symbol's name)."""
        inside: dict[int, list[BuiltEntry]] = {}
        for entry in self.entries:
            inside.setdefault(entry.choice, []).append(entry)
        members = []
        for c in range(len(self.choices)):
            members.append(self.members(c, inside.get(c, [])))
            if self.choice_values:
                self.bool_members(c, members[c])
        self.spread_prompts()
        choices: list[Choice] = []
        for draft, found in zip(self.choices, members, strict=True):
            kind = draft.type if self.choice_values else Type.BOOL
            choices.append(Choice(draft.name, kind, tuple(draft.definitions), tuple(found), draft.optional))
        count = len(self.drafts)
        atoms = tuple(self.atom(text) for text in self.constants)
        return Model(
            version=version,
            arch=arch,
            srcarch=srcarch,
            choice_values=self.choice_values,
            drop_out_of_range=drop_out_of_range,
            modules=self.modules,
            files=tuple(self.files),
            symbols=tuple(
                Symbol(d.name, d.type, tuple(d.definitions), tuple(d.selected_by), tuple(d.implied_by), d.flags)
                for d in self.drafts
            ),
            atoms=atoms,
            exprs=tuple(self.renumbered(op, args, count) for op, args in self.exprs),
            conditions=tuple(self.conditions),
            definitions=tuple(
                Definition(
                    e.file,
                    e.line,
                    e.context,
                    e.prompt,
                    tuple(e.defaults),
                    tuple(Range(renumber(r.low, count), renumber(r.high, count), r.cond, r.line) for r in e.ranges),
                    e.choice,
                )
                for e in self.entries
            ),
            selects=tuple(self.selects),
            choices=tuple(choices),
            probes=tuple(self.probe_list),
        )

    def atom(self, text: str) -> Atom:
        token = TOKEN.fullmatch(text)
        if token:
            return Atom(AtomKind.PROBE, token[1])
        return Atom(AtomKind.TEMPLATE if TOKEN.search(text) else AtomKind.CONSTANT, text)

    @staticmethod
    def renumbered(op: int, args: tuple[int, ...], count: int) -> Expr:
        if op == Op.ATOM or op in RELATIONS:
            return Expr(op, tuple(renumber(arg, count) for arg in args))
        return Expr(op, args)


def flatten(items: list[BuiltItem]) -> None:
    """What stands below an item without a prompt (an `if`) moves up behind it."""
    i = 0
    while i < len(items):
        if items[i].children and not items[i].has_prompt:
            items[i + 1 : i + 1] = items[i].children
            items[i].children = []
        i += 1


def renumber(atom: int, count: int) -> int:
    """A constant's final number."""
    return atom if atom >= 0 else count - 1 - atom


def reject_token(name: str, where: str) -> None:
    """A probe's answer inside a name would make the model depend on the machine: refuse it."""
    if TOKEN.search(name) and not TOKEN.fullmatch(name):
        raise UserError("a symbol's name is put together from a probe's answer", where=where)
