"""The one-line changes of a module: every one that could matter, none that cannot.

A mutant replaces one node of the syntax tree by other text in the same place, so that all line numbers stay. What
decides nothing is left alone: docstrings and other texts, type annotations, `__slots__`, the options of dataclasses and
structs (frozen, slots, repr), assertions, what an error is raised with, calls that tell of progress, waiting times, and
a budget of a thousand or more by one, the level of a compression, the number that an enumeration's member happens to
have. An assignment is only dropped where its name has another value, too: else each
test that comes there ends in a NameError.
"""

from __future__ import annotations

import ast
import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

COMPARISONS: dict[type[ast.cmpop], tuple[str, ...]] = {
    ast.Eq: ("!=",),
    ast.NotEq: ("==",),
    ast.Lt: ("<=", ">"),
    ast.LtE: ("<", ">="),
    ast.Gt: (">=", "<"),
    ast.GtE: (">", "<="),
    ast.Is: ("is not",),
    ast.IsNot: ("is",),
    ast.In: ("not in",),
    ast.NotIn: ("in",),
}
ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "//",
    ast.FloorDiv: "*",
    ast.Div: "*",
}
SWAPPED = {"min": "max", "max": "min", "any": "all", "all": "any"}
EMPTY = {"list": "[]", "tuple": "()", "dict": "{}", "set": "set()", "frozenset": "frozenset()", "str": '""', "int": "0"}
TELLING = frozenset({"tell", "progress", "print", "warn", "debug", "info"})
OPTIONS = frozenset({"strict", "frozen", "slots", "repr", "kw_only", "order", "gc", "timeout"})
WAITING = re.compile(r"(?i)timeout|deadline|seconds|_wait|monotonic")
PACKING = re.compile(r"(?:^|_)LEVEL$")
NUMBERED = frozenset({"Enum", "IntEnum"})
BUDGET = 1000
MARK = '"mutated"'


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change: `before` -> `after` at a line of a file.

    `lines` are those of the changed node, `statement` those of the (head of the) statement around it, `function` those
    of the body of the function around it, empty where the line runs at import. `key` does not have the file's name, so
    that a sample stays what it was when the file moves.
    """

    file: str
    line: int
    kind: str
    before: str
    after: str
    start: int
    end: int
    text: bytes
    lines: range
    statement: range
    function: range
    key: str

    def applied(self, source: bytes) -> bytes:
        return source[: self.start] + self.text + source[self.end :]


def mutants_of(root: Path, file: str) -> list[Mutant]:
    """All mutants of a module, in the order of its lines."""
    found: dict[tuple[int, int, bytes], Mutant] = {}
    times: Counter[str] = Counter()
    for mutant in Finder(file, (root / file).read_bytes()).found():
        if (mutant.start, mutant.end, mutant.text) not in found:
            times[mutant.key] += 1
            own = replace(mutant, key=f"{mutant.key} #{times[mutant.key]}")
            found[mutant.start, mutant.end, mutant.text] = own
    return sorted(found.values(), key=lambda one: (one.line, one.start, one.after))


def sample(root: Path, mutants: Iterable[Mutant], count: int, seed: str) -> list[Mutant]:
    """A part of the mutants that only the seed and the mutants' keys decide; in the order of files and lines.

    What does not compile is no mutant.
    """

    def drawn(mutant: Mutant) -> bytes:
        return hashlib.sha256(f"{seed}\0{mutant.key}".encode()).digest()

    valid = (one for one in sorted(mutants, key=drawn) if compiles(root, one))
    return sorted(itertools.islice(valid, count), key=lambda one: (one.file, one.line, one.start))


def compiles(root: Path, mutant: Mutant) -> bool:
    """Whether a mutant is a module at all; a changed text may not fit its place."""
    try:
        ast.parse(mutant.applied((root / mutant.file).read_bytes()))
    except SyntaxError:
        return False
    return True


class Finder:
    """Walks a module's tree and makes the mutants."""

    def __init__(self, file: str, source: bytes) -> None:
        self.file, self.source = file, source
        self.rows = source.splitlines(keepends=True)
        self.offsets = [0]
        for row in self.rows:
            self.offsets.append(self.offsets[-1] + len(row))
        self.names: list[str] = []
        self.functions: list[ast.FunctionDef | ast.AsyncFunctionDef] = []
        self.statements: list[ast.stmt] = []

    def found(self) -> Iterator[Mutant]:
        for statement in ast.parse(self.source).body:
            yield from self.visit(statement)

    # Places

    def at(self, line: int, column: int) -> int:
        return self.offsets[line - 1] + column

    def span(self, node: ast.AST) -> tuple[int, int]:
        line, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
        return self.at(line, getattr(node, "col_offset", 0)), self.at(last, getattr(node, "end_col_offset", 0))

    def text(self, node: ast.AST) -> str:
        start, end = self.span(node)
        return self.source[start:end].decode()

    def mutant(self, node: ast.AST, kind: str, after: str, span: tuple[int, int] | None = None) -> Mutant:
        start, end = span or self.span(node)
        before = self.source[start:end].decode()
        text = spread(after, before.count("\n") - after.count("\n"), expression=isinstance(node, ast.expr))
        line = self.source.count(b"\n", 0, start) + 1
        row = self.rows[line - 1]
        changed = row[: start - self.offsets[line - 1]] + after.encode()
        if end <= self.offsets[line]:
            changed += row[end - self.offsets[line - 1] :]
        statement = self.statements[-1]
        inner = self.functions[-1].body if self.functions else None
        return Mutant(
            file=self.file,
            line=line,
            kind=kind,
            before=row.decode().strip(),
            after=changed.decode().strip(),
            start=start,
            end=end,
            text=text.encode(),
            lines=range(line, (getattr(node, "end_lineno", line) or line) + 1),
            statement=range(statement.lineno, head_end(statement) + 1),
            function=range(inner[0].lineno, (inner[-1].end_lineno or 0) + 1) if inner else range(0),
            key=f"{'.'.join(self.names)}: {kind}: {row.decode().strip()} -> {changed.decode().strip()}",
        )

    # Walking

    def visit(self, node: ast.AST) -> Iterator[Mutant]:
        if isinstance(node, ast.stmt):
            self.statements.append(node)
            yield from self.statement(node)
            self.statements.pop()
        else:
            yield from self.expression(node)

    def children(self, node: ast.AST, skipped: frozenset[str] = frozenset()) -> Iterator[Mutant]:
        for name, value in ast.iter_fields(node):
            if name not in skipped:
                for child in value if isinstance(value, list) else [value]:
                    if isinstance(child, ast.AST):
                        yield from self.visit(child)

    def statement(self, node: ast.stmt) -> Iterator[Mutant]:
        match node:
            case ast.Assert() | ast.Import() | ast.ImportFrom() | ast.Global() | ast.Nonlocal():
                return
            case ast.Raise():
                return
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from self.definition(node)
                return
            case ast.ClassDef():
                self.names.append(node.name)
                numbered = any(ast.unparse(base) in NUMBERED for base in node.bases)
                for statement in node.body:
                    if not (numbered and isinstance(statement, ast.Assign)):
                        yield from self.visit(statement)
                self.names.pop()
                return
            case ast.If() if ast.unparse(node.test) == "TYPE_CHECKING":
                return
            case ast.If() | ast.While():
                yield from self.condition(node.test, constant=isinstance(node, ast.If))
            case ast.Return():
                yield from self.returned(node)
            case ast.Break():
                yield self.mutant(node, "break", "continue")
            case ast.Continue():
                yield self.mutant(node, "continue", "break")
            case ast.Expr(value=ast.Constant()):
                return
            case ast.Expr():
                if waits(node):
                    return
                yield self.mutant(node, "dropped", "pass")
            case ast.Assign() | ast.AugAssign() | ast.AnnAssign():
                if waits(node) or any(
                    name in ("__slots__", "__all__") or PACKING.search(name) for name in targets(node)
                ):
                    return
                yield from self.dropped(node)
        yield from self.children(node, frozenset({"annotation"}))

    def definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Mutant]:
        self.names.append(node.name)
        arguments = node.args
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if isinstance(default, ast.Constant) and isinstance(default.value, str):
                yield self.mutant(default, "default", MARK if default.value == "" else '""')
            elif default is not None:
                yield from self.visit(default)
        self.functions.append(node)
        for statement in node.body:
            yield from self.visit(statement)
        self.functions.pop()
        self.names.pop()

    def dropped(self, node: ast.Assign | ast.AugAssign | ast.AnnAssign) -> Iterator[Mutant]:
        """Without an assignment."""
        if not self.functions or node.value is None or self.names[-1] == "__init__":
            return
        stored = [
            one.id
            for one in ast.walk(self.functions[-1])
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
        ] + [one.arg for one in ast.walk(self.functions[-1].args) if isinstance(one, ast.arg)]
        names = targets(node)
        if isinstance(node, ast.AugAssign) or all(stored.count(name) > 1 for name in names):
            yield self.mutant(node, "dropped", "pass")

    def condition(self, test: ast.expr, *, constant: bool) -> Iterator[Mutant]:
        if waits(test):
            return
        if constant:
            yield self.mutant(test, "condition", "True")
        yield self.mutant(test, "condition", "False")
        if not isinstance(test, ast.UnaryOp | ast.Compare):
            yield self.mutant(test, "not", f"not ({self.text(test)})", None)

    def returned(self, node: ast.Return) -> Iterator[Mutant]:
        value = node.value
        if value is None or (isinstance(value, ast.Constant) and value.value is None):
            return
        annotation = self.functions[-1].returns
        name = ast.unparse(annotation).partition("[")[0] if annotation else ""
        if name == "bool":
            if not isinstance(value, ast.Constant | ast.Compare) and not (
                isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.Not)
            ):
                yield self.mutant(value, "returned", f"not ({self.text(value)})", None)
            return
        empty = EMPTY.get(name, "None")
        if self.text(value) != empty:
            yield self.mutant(value, "returned", empty)

    def expression(self, node: ast.AST) -> Iterator[Mutant]:
        match node:
            case ast.JoinedStr():
                return
            case ast.Compare():
                if waits(node):
                    return
                yield from self.compared(node)
            case ast.BoolOp():
                yield from self.joined(node)
            case ast.UnaryOp(op=ast.Not()):
                yield self.mutant(node, "not", f"({self.text(node.operand)})", None)
            case ast.IfExp():
                yield from self.condition(node.test, constant=True)
            case ast.comprehension():
                for test in node.ifs:
                    yield from self.condition(test, constant=True)
            case ast.BinOp(op=ast.LShift(), left=ast.Constant(), right=ast.Constant(value=10 | 20 | 30)):
                return  # so many kilobytes, megabytes, gigabytes
            case ast.BinOp():
                yield from self.computed(node)
            case ast.Constant():
                yield from self.constant(node)
                return
            case ast.Slice():
                for end in (node.lower, node.upper):
                    if end is not None:
                        yield self.mutant(end, "slice", "")
            case ast.Call():
                if waits(node):
                    return
                if isinstance(node.func, ast.Name) and node.func.id in SWAPPED:
                    yield self.mutant(node.func, "swapped", SWAPPED[node.func.id])
                for part in (node.func, *node.args):
                    yield from self.visit(part)
                for keyword in node.keywords:
                    if keyword.arg not in OPTIONS:
                        yield from self.visit(keyword.value)
                return
        yield from self.children(node, frozenset({"annotation"}))

    def between(self, left: ast.AST, right: ast.AST, pattern: str) -> tuple[int, int] | None:
        """Where an operator stands between its operands."""
        start, end = self.span(left)[1], self.span(right)[0]
        found = re.search(pattern.encode(), self.source[start:end])
        return (start + found.start(), start + found.end()) if found else None

    def compared(self, node: ast.Compare) -> Iterator[Mutant]:
        left: ast.expr = node.left
        for op, right in zip(node.ops, node.comparators, strict=True):
            span = self.between(left, right, r"not\s+in|is\s+not|[<>=!]=|<|>|\bin\b|\bis\b")
            for after in COMPARISONS[type(op)] if span else ():
                yield self.mutant(node, "comparison", after, span)
            left = right

    def joined(self, node: ast.BoolOp) -> Iterator[Mutant]:
        after = "or" if isinstance(node.op, ast.And) else "and"
        for left, right in zip(node.values, node.values[1:], strict=False):
            span = self.between(left, right, r"\band\b|\bor\b")
            if span:
                yield self.mutant(node, "boolean", after, span)

    def computed(self, node: ast.BinOp) -> Iterator[Mutant]:
        after = ARITHMETIC.get(type(node.op))
        if after is None or not (counts(node.left) or counts(node.right)):
            return  # sets, lists and texts: the other operator is an error of types
        span = self.between(node.left, node.right, r"//|[-+*/]")
        if span:
            yield self.mutant(node, "arithmetic", after, span)

    def constant(self, node: ast.Constant) -> Iterator[Mutant]:
        match node.value:
            case bool():
                yield self.mutant(node, "constant", str(not node.value))
            case int() if abs(node.value) < BUDGET:
                yield self.mutant(node, "constant", str(node.value + 1))
                yield self.mutant(node, "constant", str(node.value - 1))
            case float():
                tenth = node.value / 10 or 0.1
                yield self.mutant(node, "constant", f"{node.value + tenth:.6g}")
                yield self.mutant(node, "constant", f"{node.value - tenth:.6g}")


def spread(text: str, lines: int, *, expression: bool) -> str:
    """A text that takes so many lines more."""
    if lines <= 0 or not text:
        return text
    return f"({text}{chr(10) * lines})" if expression else text + "\n" * lines


def counts(node: ast.AST) -> bool:
    """Whether it is a number: a constant, or a length."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id == "len"
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float)


def targets(node: ast.stmt) -> list[str]:
    """The names that an assignment stores; none for attributes and items."""
    match node:
        case ast.Assign():
            stored: list[ast.expr] = node.targets
        case ast.AugAssign() | ast.AnnAssign():
            stored = [node.target]
        case _:
            return []
    return [
        one.id
        for target in stored
        for one in ast.walk(target)
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
    ]


def waits(node: ast.AST) -> bool:
    """Whether it is about time to wait, or tells of progress."""
    if isinstance(node, ast.Call | ast.Expr):
        call = node.value if isinstance(node, ast.Expr) else node
        if isinstance(call, ast.Call):
            name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
            return name in TELLING
        return False
    return any(isinstance(one, ast.Name | ast.Attribute) and WAITING.search(ast.unparse(one)) for one in ast.walk(node))


def head_end(statement: ast.stmt) -> int:
    """The last line of a statement, without the statements in it."""
    body = getattr(statement, "body", None)
    last = statement.end_lineno or statement.lineno
    return max(statement.lineno, body[0].lineno - 1) if body else last
