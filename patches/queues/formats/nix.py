"""Nix expressions: lists of `patches`, and `patch = ./x.patch` of kernelPatches. Nothing is evaluated.

Read are paths, fetchpatch and fetchurl with their addresses, functions over a path (replaceVars ./x.patch), `++`,
lib.optional and lib.optionals, and if. Source: Nix's manual (lexical structure), and nixpkgs' manual on fetchpatch:
`revert = true` turns a patch round, and what fetchpatch makes is applied with -p1 like all others. `patchFlags` takes
the place of -p1 for the list beside it; where it is made of more than strings, how that list is applied is not known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from patches.queues.addresses import file_of, is_address
from patches.queues.files import Files
from patches.queues.formats import Format, ListedPatch, QueueListing, folder_of, join, patches_in, text_lines
from patches.queues.formats.nix_phases import PARTS, with_phases
from patches.queues.formats.shellmerge import joined, negated
from patches.queues.reasons import Unclear, UnclearKind

DEPTH = 60
_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<comment>#[^\n]*|/\*.*?\*/)"
    r"|(?P<path>\.{1,2}(?:/[\w.+${}-]+)+/?|\./\.)|(?P<address>[a-z][a-z0-9+.-]*://[\w%/?:@&=+$,.!~*'-]+)"
    r"|(?P<name>[A-Za-z_][\w'-]*(?:\.[A-Za-z_][\w'-]*)*)|(?P<number>\d+)|(?P<sign>\+\+|//|==|!=|&&|\|\||->|\.\.\.|.)",
    re.DOTALL,
)
_LIST = re.compile(r"(?:^|[\s{;.])(?:patches|extraPatches|prePatches|kernelPatches|patch)\s*=")
_FETCH = ("fetchpatch", "fetchpatch2", "fetchurl", "fetchDebianPatch", "fetchzip")
_OPTIONAL = ("optional", "optionals")


@dataclass(frozen=True, slots=True)
class NixToken:
    """kind: path, address, name, number, sign, string. `section`: the comment above."""

    kind: str
    text: str
    line: int
    section: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class PatchFlags:
    """patchFlags: its -p level, whether -R is among them, and whether they are all `known`."""

    text: str
    strip: int | None
    reverse: bool
    known: bool


def sets(every: list[NixToken]) -> list[int]:
    """For each token, where the set begins that it stands in; -1 outside of all."""
    out, stack = [], [-1]
    for at, one in enumerate(every):
        if one.kind == "sign" and one.text == "}" and len(stack) > 1:
            stack.pop()
        out.append(stack[-1])
        if one.kind == "sign" and one.text == "{":
            stack.append(at)
    return out


def flags_of(every: list[NixToken], at: int, filled: Callable[[str], str]) -> PatchFlags:
    """What stands behind `patchFlags =`: a list of strings, or one string."""
    end = next((i for i in range(at, len(every)) if every[i].kind == "sign" and every[i].text == ";"), len(every))
    part = every[at:end]
    shape = "".join("s" if one.kind == "string" else one.text for one in part)
    words = [word for one in part if one.kind == "string" for word in filled(one.text).split()]
    text = f"patchFlags = {' '.join(one.text for one in part)}"[:200]
    level = next((word[2:] for word in reversed(words) if word.startswith("-p")), "")
    known = bool(re.fullmatch(r"s|\[s*\]", shape)) and not any("${" in word for word in words)
    known = known and (level.isdecimal() or not level) and len(level) < 4
    reverse = any(re.fullmatch(r"-[ENRlstuf]*R[ENRlstuf]*|--reverse", word) for word in words)
    return PatchFlags(text, int(level) if known and level else None, reverse, known)


def tokens(text: str) -> list[NixToken]:
    """All tokens, without blanks; a comment belongs to what follows it up to an empty line, or stands behind it."""
    out: list[NixToken] = []
    at, line, section, commented = 0, 1, "", False
    while at < len(text):
        if text[at] == '"' or text.startswith("''", at):
            end = string_end(text, at)
            width = 1 if text[at] == '"' else 2
            out.append(NixToken("string", text[at + width : end - width], line, section))
        else:
            found = _TOKEN.match(text, at)
            assert found
            end, kind = found.end(), found.lastgroup or "sign"
            if kind == "comment":
                told = found[0].strip("#/* \t\n").split("\n")[0].strip()[:200]
                if out and out[-1].line == line:
                    out[-1] = replace(out[-1], comment=told)
                else:
                    section = section if commented and section else told
                    commented = True
            elif kind == "space":
                section = "" if found[0].count("\n") > 1 else section
            else:
                out.append(NixToken(kind, found[0], line, section))
        if text[at : at + 1].strip() and text[at] not in "#/":
            commented = False
        line += text.count("\n", at, end)
        at = end
    return out


def string_end(text: str, at: int) -> int:
    """Behind a string, with what `${}` puts into it."""
    quote = '"' if text[at] == '"' else "''"
    i = at + len(quote)
    depth = 0
    while i < len(text):
        if quote == '"' and text[i] == "\\":
            i += 1
        elif quote == "''" and not depth and text.startswith(("'''", "''$", "''\\"), i):
            i += 2
        elif text.startswith("${", i):
            depth += 1
            i += 1
        elif text[i] == "}" and depth:
            depth -= 1
        elif not depth and text.startswith(quote, i):
            return i + len(quote)
        i += 1
    return len(text)


@dataclass(slots=True)
class NixReader:
    """Goes through the tokens of one file, and notes the patches of its lists.

    `flags`: what patchFlags says, by the set that it stands in; `lists`: the sets of the lists, and their patches.
    """

    folder: str
    every: list[NixToken]
    known: dict[str, str] = field(default_factory=dict)
    at: int = 0
    items: list[ListedPatch] = field(default_factory=list)
    depth: int = 0
    flags: dict[int, PatchFlags] = field(default_factory=dict)
    lists: list[tuple[int, int, int]] = field(default_factory=list)
    here: tuple[str, ...] = ()

    def read(self) -> None:
        """All lists of patches, in the order of the file."""
        every = self.every
        inside = sets(every)
        while self.at < len(every) - 2:
            name, sign = every[self.at], every[self.at + 1]
            last = name.text.rsplit(".", 1)[-1]
            if (
                name.kind == "name"
                and sign.text == "="
                and last in ("patches", "extraPatches", "prePatches", "kernelPatches")
            ):
                begin, here = len(self.items), inside[self.at]
                self.at += 2
                self.expression("")
                self.lists.append((here, begin, len(self.items)))
            elif name.kind == "name" and sign.text == "=" and last == "patchFlags":
                self.flags[inside[self.at]] = flags_of(every, self.at + 2, self.filled)
                self.at += 2
            elif name.kind == "name" and sign.text == "=" and last == "patch":
                self.at += 2
                self.element("", every[self.at], applied=True)
            else:
                if name.kind == "name" and sign.text == "=" and every[self.at + 2].kind == "string":
                    self.known.setdefault(last, every[self.at + 2].text)
                self.at += 1
        self.apply_flags()

    def apply_flags(self) -> None:
        """Say of each patch what patchFlags makes of it."""
        stray = [flags for at, flags in self.flags.items() if at not in {here for here, _, _ in self.lists}]
        for here, begin, end in self.lists:
            own = self.flags.get(here)
            if own is None and stray:  # of a set that is merged with this one, or not
                own = replace(stray[0], known=False)
            if own is None:
                continue
            for at in range(begin, end):
                item = self.items[at]
                why = Unclear(UnclearKind.OPTIONS, (own.text,))
                if own.known:
                    self.items[at] = replace(item, strip=own.strip, reverse=item.reverse != own.reverse)
                else:
                    self.items[at] = replace(item, unclear=item.unclear or why)

    def peek(self) -> str:
        """The next token's text, "" for a string or at the end."""
        token = self.every[self.at] if self.at < len(self.every) else None
        return token.text if token and token.kind != "string" else ""

    def expression(self, condition: str) -> None:
        """What stands behind `patches =`: lists, `++`, optionals, if; up to what closes it."""
        self.depth += 1
        while self.at < len(self.every) and self.depth < DEPTH:
            token = self.every[self.at]
            if token.kind == "sign" and token.text in (";", ")", "]", "}"):
                break
            if token.text == "[" and token.kind == "sign":
                self.at += 1
                self.members(condition)
            elif token.text == "(" and token.kind == "sign":
                self.at += 1
                self.expression(condition)
                self.at += self.peek() == ")"
            elif token.text in ("++", "or"):
                self.at += 1
            elif token.text in ("with", "let") and token.kind == "name":
                stop = ";" if token.text == "with" else "in"
                while self.at < len(self.every) and self.peek() != stop:
                    self.at += 1
                self.at += 1
            elif token.text == "if" and token.kind == "name":
                self.choice(condition)
            elif token.text in ("else", "then", "in") and token.kind == "name":
                break
            elif token.kind == "name" and token.text.rsplit(".", 1)[-1] in _OPTIONAL:
                self.optional(condition)
            else:
                self.element(condition, token, applied=True)
        self.depth -= 1

    def members(self, condition: str) -> None:
        """The elements of a list, and the bracket that closes it."""
        while self.at < len(self.every) and self.peek() != "]":
            token = self.every[self.at]
            if token.text == "{" and token.kind == "sign":
                self.inside(condition)
            else:
                self.element(condition, token)
        self.at += 1

    def inside(self, condition: str) -> None:
        """An attribute set of kernelPatches: its `patch` is one."""
        end = self.skip()
        for i in range(self.at, end - 2):
            if self.every[i].text == "patch" and self.every[i + 1].text == "=":
                self.at = i + 2
                self.element(condition, self.every[self.at], applied=True)
                self.at = end
                return
        self.element(condition, self.every[self.at])

    def choice(self, condition: str) -> None:
        """`if condition then one else other`."""
        begin = self.at + 1
        while self.at < len(self.every) and self.peek() != "then":
            self.at += 1
        asked = self.text(begin, self.at)
        self.at += 1
        self.expression(joined(condition, asked))
        if self.peek() == "else":
            self.at += 1
            self.expression(joined(condition, negated(asked)))

    def optional(self, condition: str) -> None:
        """`lib.optional condition element`, `lib.optionals condition [ list ]`."""
        self.at += 1
        begin = self.at
        self.at = self.skip()
        both = joined(condition, self.text(begin, self.at))
        if self.at >= len(self.every):
            return
        if self.peek() == "[":
            self.at += 1
            self.members(both)
        else:
            self.element(both, self.every[self.at])

    def skip(self) -> int:
        """Behind the token here, or behind what closes the bracket here."""
        closing = {"(": ")", "[": "]", "{": "}"}.get(self.peek())
        if not closing:
            return self.at + 1
        opening, depth = self.peek(), 0
        for i in range(self.at, len(self.every)):
            if self.every[i].kind == "sign":
                depth += (self.every[i].text == opening) - (self.every[i].text == closing)
            if not depth:
                return i + 1
        return len(self.every)

    def text(self, begin: int, end: int) -> str:
        """Tokens as text."""
        told = " ".join(f'"{one.text}"' if one.kind == "string" else one.text for one in self.every[begin:end])
        told = told[1:-1].strip() if told.startswith("(") and told.endswith(")") else told
        return told.replace("$ {", "${")[:200]

    def element(self, condition: str, token: NixToken, *, applied: bool = False) -> None:
        """One patch: a path, a fetch, a function over a path; others are told as not evaluated.

        `applied`: a function may stand before its arguments without parentheses, which it cannot within a list.
        """
        begin = self.at
        end = self.skip()
        while applied and end < len(self.every) and self.every[end - 1].kind in ("name", "path") and self.joins(end):
            self.at = end + (self.every[end].text == "+")  # ./. + "/x.patch", fetchpatch { ... }
            end = max(end + 1, self.skip()) if self.at < len(self.every) else len(self.every)
        self.at = end
        part = self.every[begin:end]
        if not part or [one.text for one in part] == ["null"]:
            return
        comment = next((one.comment for one in part if one.comment), "")
        item = ListedPatch("", "", token.line, 1, condition, token.section, comment)
        self.items.append(self.patch(item, part, self.text(begin, end)))

    def joins(self, at: int) -> bool:
        """Whether the token goes on with an expression."""
        return self.every[at].kind == "sign" and self.every[at].text in ("+", "{", "(")

    def patch(self, item: ListedPatch, part: list[NixToken], text: str) -> ListedPatch:
        """The patch that the tokens make."""
        bare = part[0].text == "{" and any(one.text == "url" for one in part)
        fetched = bare or any(one.kind == "name" and one.text.rsplit(".", 1)[-1] in _FETCH for one in part)
        values = dict(attributes(part))
        path = next((one for one in part if one.kind == "path"), None)
        if fetched:
            url = self.filled(values.get("url", "") or next((one.text for one in part if one.kind == "address"), ""))
            name = self.filled(values.get("name", "")) or file_of(url)
            if not is_address(url):
                return replace(item, name=text, unclear=Unclear(UnclearKind.NO_ADDRESS))
            if "${" in url:
                return replace(item, name=name, unclear=Unclear(UnclearKind.ADDRESS_PARTS))
            reverse, path_here = values.get("revert") == "true", join(self.folder, name)
            item = replace(item, name=name, path=path_here, url=url, reverse=reverse)
            cut = next((one.text for one in part if one.kind == "name" and one.text in PARTS), "")
            if cut and path_here in self.here:  # an address that is not fetched is judged by its name alone
                return replace(item, unclear=Unclear(UnclearKind.PART, (cut,)))
            return item
        if path is not None:
            string = next((one.text for one in part if one.kind == "string"), "") if path.text == "./." else ""
            name = self.filled(path.text.removeprefix("./") if not string else string.lstrip("/"))
            if "${" in name:
                return replace(item, name=name, unclear=Unclear(UnclearKind.NAME_PARTS))
            return replace(item, name=name, path=join(self.folder, name))
        return replace(item, name=text, unclear=Unclear(UnclearKind.NOT_EVALUATED))

    def filled(self, text: str) -> str:
        """A text with the strings put in that the file sets."""
        for _ in range(5):
            text = re.sub(r"\$\{(?:[\w'-]+\.)*([\w'-]+)\}", lambda found: self.known.get(found[1], found[0]), text)[
                :2000
            ]
        return text


def attributes(part: list[NixToken]) -> Iterator[tuple[str, str]]:
    """`name = "text";` and `name = word;` among tokens."""
    for name, sign, value in zip(part, part[1:], part[2:], strict=False):
        if name.kind == "name" and sign.text == "=" and value.kind in ("string", "name", "address"):
            yield name.text, value.text


def recognises(files: Files, path: str) -> bool:
    """A .nix file with a list of patches."""
    return path.endswith(".nix") and any(_LIST.search(line[:2000]) for line in text_lines(files.read(path)))


def read(files: Files, path: str) -> QueueListing:
    """The patches of all lists of a file, in its order."""
    folder = folder_of(path)
    text = files.read(path).decode("utf-8", "surrogateescape").replace("\r\n", "\n")
    reader = NixReader(folder, tokens(text), here=patches_in(files, folder))
    reader.read()
    strings = [
        (name.text.rsplit(".", 1)[-1], value.text if value.kind == "string" else "${x}/..")
        for name, sign, value in zip(reader.every, reader.every[1:], reader.every[2:], strict=False)
        if name.kind == "name" and sign.text == "=" and (value.kind == "string" or name.text == "sourceRoot")
    ]
    version = reader.known.get("version", "")
    items = tuple(dict.fromkeys(with_phases(reader.items, strings)))
    return QueueListing(path, items, patches_in(files, folder), version="" if "${" in version else version[:40])


FORMAT = Format("nix", "a .nix file: lists of patches, with fetchpatch", recognises, read)
