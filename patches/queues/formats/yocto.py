"""Yocto recipes: the patches of SRC_URI in .bb, .inc and .bbappend files.

Source: BitBake's manual (file fetcher: `apply`, `striplevel`; overrides after ":" or "_"), and base.bbclass's
FILESPATH: a patch is looked for in ${BP}/, ${BPN}/ and files/ beside the recipe, and before that in folders of these
that are named after the machine or the distribution.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from patches.queues.addresses import commit_of, file_of, is_address
from patches.queues.files import Files
from patches.queues.formats import (
    Format,
    ListedPatch,
    QueueListing,
    first_there,
    folder_of,
    is_patch_name,
    is_there,
    join,
    patches_in,
    text_lines,
)
from patches.queues.formats.byhand import taken_back
from patches.queues.formats.shellfolder import below, changed
from patches.queues.formats.shellmerge import joined, negated
from patches.queues.formats.shellwords import UNKNOWN
from patches.queues.formats.yocto_tasks import with_tasks
from patches.queues.reasons import Never, NeverKind, Unclear, UnclearKind

NAME_UNSET = Unclear(UnclearKind.NAME_UNSET, ("variables", "the recipe"))

_LIMITS = ("minrev", "maxrev", "mindate", "maxdate", "rev", "notrev")
"""Options of an address that limit when its patch is applied."""
_ENDS = (".bb", ".bbappend", ".inc")
_ASSIGN = re.compile(
    r"(?:export\s+)?([A-Za-z_][\w.+-]*)((?::[\w${}.+:-]*)?)\s*(\?\?=|\?=|:=|\+=|=\+|\.=|=\.|=)\s*([\"'])(.*)$",
    re.DOTALL,
)
_SOURCES = re.compile(r"SRC_URI((?:[:_][\w${}.+:-]*)?)\s*(\?\?=|\?=|:=|\+=|=\+|\.=|=\.|=)\s*([\"'])(.*)$", re.DOTALL)
_REQUIRE = re.compile(r"\s*(?:require|include)\s+(\S+)")
_CHOICE = re.compile(
    r"\s*(?:bb|oe)\.utils\.(contains_any|contains|conditional)\(\s*(?:'([^']*)'|\"([^\"]*)\")\s*,"
    r"\s*(['\"])(.*?)\4\s*,\s*(['\"])(.*?)\6\s*,\s*(['\"])(.*?)\8\s*,\s*d\s*\)\s*$",
    re.DOTALL,
)
_QUOTED = re.compile(r"(['\"])(.*?)\1", re.DOTALL)
_VARIABLE = re.compile(r"\$\{([A-Za-z_]\w*)\}")
_RECIPE = re.compile(r"([^/_]+)(?:_([^/]+?))?\.(?:bb|bbappend|inc)$")


def is_recipe(path: str) -> bool:
    """Whether a file is a recipe, by its name."""
    return path.endswith(_ENDS)


def recognises(files: Files, path: str) -> bool:
    """A recipe that names patches itself."""
    return is_recipe(path) and any("SRC_URI" in line for line in text_lines(files.read(path)))


def read(files: Files, path: str) -> QueueListing:
    """The patches in the order of SRC_URI: prepended ones first, then the recipe's, then appended ones."""
    folder = folder_of(path)
    values = names(path)
    found: list[tuple[int, bool, ListedPatch]] = []  # where it stands, whether it is SRC_URI's own
    removed: dict[str, list[str]] = {}  # address -> the conditions under which it goes
    given = weak = False  # whether SRC_URI has a value, and a weak default
    commands: list[tuple[str, int, str]] = []
    for file, number, line in logical_lines(files, path, set()):
        sources = _SOURCES.match(line.strip()[:100_000])
        if not sources:
            commands.append((file, number, line))
            variable = _ASSIGN.match(line.strip()[:4000])
            if variable and not variable[2]:
                said = variable[5].rstrip().rstrip(variable[4])
                values.setdefault(variable[1], said)
                if variable[1] == "S" and variable[3] in ("=", ":="):
                    values["S"] = said  # the last one counts
            continue
        words = [one for one in re.split(r"[:_]", sources[1]) if one]
        if "remove" in words:
            under = " ".join(word for word in words if word != "remove")
            for one in uris(sources[4], values):
                both = " and ".join(text for text in (under, one.condition) if text)
                removed.setdefault(one.word.split(";")[0], []).append(both)
            continue
        rank = 0 if "prepend" in words else 2 if "append" in words else 1
        if not words and sources[2].startswith("?") and given:
            continue  # it has a value
        if not words and (
            weak or sources[2] in ("=", ":=")
        ):  # what was there before is not any more; what is appended is
            found = [(at, own, replaced(item) if own else item) for at, own, item in found]
        if not words:
            weak = sources[2] == "??="
            given = not weak
        condition = " ".join(word for word in words if word not in ("append", "prepend"))
        for one in uris(sources[4], values):
            both = " and ".join(text for text in (condition, one.condition) if text)
            item = from_uri(files, folder, replace(one, condition=both), values, number)
            if item:
                found.append((rank, not words, replace(item, file=file if file != path else "")))
    items = [in_folder(item, values) for _, _, item in sorted(found, key=lambda one: one[0])]
    items = one_file(files, taken_back(items, [line for _, _, line in commands]), folder, values)
    items = with_tasks(items, [(file if file != path else "", at, line) for file, at, line in commands])
    items = [gone(item, removed.get(item.url or f"file://{item.name}", [])) for item in items]
    folders = {folder_of(item.path) for item in items if item.path} - {""}
    present = [one for here in sorted(folders) for one in patches_in(files, here)]
    return QueueListing(path, tuple(items), tuple(present))


def in_folder(item: ListedPatch, values: dict[str, str]) -> ListedPatch:
    """The patch with the folder of the tree that `patchdir` (in `folder` so far) and S make."""
    top = tree_folder(values.get("S", "${S}"), "${S}")
    place = changed(top, tree_folder(item.folder, top)) if item.folder else top
    if not item.folder and not place.startswith("@workdir@"):
        return item  # the builder's own folder, as of a kernel
    folder = below(place)
    why = Unclear(UnclearKind.FOLDER, ((item.folder or values["S"])[:200],))
    return replace(item, folder=folder or "", unclear=item.unclear or (why if folder is None else None))


def tree_folder(text: str, top: str) -> str:
    """A folder of BitBake as the shell's are told."""
    text = re.sub(r"^\$\{(?:WORKDIR|UNPACKDIR)\}", "@workdir@", text)
    text = re.sub(r"^\$\{S\}", "@s@" if top == "${S}" else top, text)
    return re.sub(r"\$\{[^}]*\}", UNKNOWN, text)


def replaced(item: ListedPatch) -> ListedPatch:
    """A patch of a value that a later SRC_URI = takes the place of."""
    return replace(item, never=item.never or Never(NeverKind.REPLACED))


def gone(item: ListedPatch, removed: Sequence[str]) -> ListedPatch:
    """A patch that SRC_URI:remove takes out again under each of these conditions, "" for always."""
    if "" in removed:
        return replace(item, never=Never(NeverKind.REMOVED))
    return replace(item, condition=joined(item.condition, *map(negated, removed)))


def names(path: str) -> dict[str, str]:
    """PN, PV and BP, as BitBake takes them from a recipe's name."""
    found = _RECIPE.search(path)
    name, version = (found[1], found[2] or "1.0") if found else ("", "")
    version = version.replace("%", "")
    return {"PN": name, "BPN": name, "PV": version, "P": f"{name}-{version}", "BP": f"{name}-{version}"}


def logical_lines(files: Files, path: str, seen: set[str]) -> Iterator[tuple[str, int, str]]:
    """Lines with what they go on with after a backslash, of a recipe and of what it requires from its own folder."""
    if path in seen or len(seen) > 50:
        return
    seen.add(path)
    held: list[str] = []
    first = 0
    for number, line in enumerate(text_lines(files.read(path)), 1):
        if not held and line.lstrip().startswith("#"):
            continue
        first = first if held else number
        held.append(line.rstrip().removesuffix("\\"))
        if line.rstrip().endswith("\\"):
            continue
        whole = "\n".join(held)
        held = []
        required = _REQUIRE.match(whole)
        if required:
            other = expand(required[1], names(path))
            near = first_there(files, [join(folder_of(path), other), join(folder_of(path), other.rsplit("/", 1)[-1])])
            if near:
                yield from logical_lines(files, near, seen)
            continue
        yield path, first, whole
    if held:
        yield path, first, "\n".join(held)


@dataclass(frozen=True, slots=True)
class Uri:
    """One word of SRC_URI: how many lines below the value's first it stands, and under what condition."""

    word: str
    offset: int
    condition: str = ""
    unclear: Unclear | None = None


def uris(value: str, values: dict[str, str]) -> Iterator[Uri]:
    """The addresses of a value. What `${@...}` adds is read where it stands in it in quotes, and not run."""
    at = 0
    while at < len(value):
        inline = value.find("${@", at)
        end = closing(value, inline) if inline >= 0 else len(value)
        plain = value[at : inline if inline >= 0 else len(value)]
        yield from plain_words(plain, value.count("\n", 0, at), values)
        if inline >= 0:
            yield from from_python(value[inline + 3 : end - 1], value.count("\n", 0, inline), values)
        at = end


def closing(value: str, at: int) -> int:
    """Where the braces that open at `at` are closed; the end when they are not."""
    depth = 0
    for i in range(at, len(value)):
        depth += (value[i] == "{") - (value[i] == "}")
        if value[i] == "}" and not depth:
            return i + 1
    return len(value)


def plain_words(text: str, offset: int, values: dict[str, str], condition: str = "") -> Iterator[Uri]:
    """Words of a text; a variable may be several."""
    for more, line in enumerate(text.split("\n")):
        for word in line.split():
            for part in expand(word.strip("\"'"), values).split():
                yield Uri(part, offset + more, condition)


def from_python(expression: str, offset: int, values: dict[str, str]) -> Iterator[Uri]:
    """What an inline Python expression may add: bb.utils.contains and its like say when, of others the text does."""
    found = _CHOICE.match(expression)
    if found:
        variable, wanted = found[3] or found[2], found[5]
        holds = f"{variable} is {wanted}" if found[1] == "conditional" else f"{variable} has {wanted}"
        pairs: tuple[tuple[str, str], ...] = ((found[7], holds), (found[9], f"not ({holds})"))
    else:
        text = f"${{@{' '.join(expression.split())[:200]}}}"
        pairs = tuple((said[2], text) for said in _QUOTED.finditer(expression))
        if not any("://" in said for said, _ in pairs) and re.search(r"\.(?:patch|diff)\b", expression):
            yield Uri("", offset, unclear=Unclear(UnclearKind.EXPRESSION, (text,)))
            return
    for said, condition in pairs:
        if "://" in said or "$" in said:
            yield from plain_words(said, offset, values, condition)


def expand(text: str, values: dict[str, str]) -> str:
    """The text with ${NAME} put in, where it is known."""
    for _ in range(5):
        text = _VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)[:2000]
    return text


def from_uri(files: Files, folder: str, one: Uri, values: dict[str, str], first: int) -> ListedPatch | None:
    """The patch of `file://name;option=value`, or of an address that is fetched; None for what is no patch."""
    line = first + one.offset
    if one.unclear:
        return ListedPatch("${@...}", "", line, unclear=one.unclear)
    address, *options = one.word.split(";")
    given = dict(option.partition("=")[::2] for option in options)
    scheme, _, name = address.partition("://")
    url = address if scheme != "file" and is_address(address) else ""
    if url:
        name = given.get("downloadfilename", file_of(url))
    applied = given.get("apply") in ("yes", "true", "1") or given.get("patch") == "1"
    if not (scheme == "file" or url) or not (is_patch_name(name) or applied or (url and commit_of(url))):
        return None
    level = given.get("striplevel", given.get("pnum", "1"))
    never = Never(NeverKind.APPLY_NO) if given.get("apply") in ("no", "false", "0") else None
    unclear = NAME_UNSET if "$" in name else None
    paths = [join(folder, f"{one}/{name}") for one in places(values)] + [join(folder, name)]
    path = first_there(files, paths) or elsewhere(files, folder, name) or paths[-1]
    strip = int(level) if re.fullmatch(r"\d{1,3}", level) else 1
    limits = [option for option in options if option.partition("=")[0] in _LIMITS]
    condition = " and ".join(text for text in (one.condition, *limits) if text)
    if not unclear and not re.fullmatch(r"\d{1,3}", level):
        unclear = Unclear(UnclearKind.OPTIONS, (f"striplevel={level}"[:200],))
    folder = given.get("patchdir", "")
    return ListedPatch(name, path, line, strip, condition, never=never, unclear=unclear, url=url, folder=folder)


def one_file(files: Files, items: list[ListedPatch], folder: str, values: dict[str, str]) -> list[ListedPatch]:
    """The items; those of which a folder for a machine or a distribution (`files/qemuarm/`, which FILESPATH has before
    `files/`) has a file of its own are unclear."""
    found = {item.path.removesuffix(f"/{item.name}") for item in items if item.path.endswith(f"/{item.name}")} - {
        folder
    }
    others: dict[str, str] = {}  # name -> the file that a folder of a base has
    for base in sorted({*found, *(join(folder, one) for one in places(values))}):
        for path in patches_in(files, base, deep=True):
            others.setdefault(path.removeprefix(f"{base}/").partition("/")[2], path)
    out = []
    for item in items:
        other = others.get(item.name, "")
        twice = other and other != item.path and not item.url and is_there(files, item.path)
        why = Unclear(UnclearKind.TWO_FILES, (other,)) if twice else None
        out.append(replace(item, unclear=item.unclear or why))
    return out


def places(values: dict[str, str]) -> tuple[str, ...]:
    """The folders beside the recipe that have its files, as FILESPATH has them."""
    return values["BP"], values["BPN"], "files"


def elsewhere(files: Files, folder: str, name: str) -> str:
    """A patch in another folder beside the recipe, as FILESEXTRAPATHS adds them, when there is but one so named."""
    found = [one for one in patches_in(files, folder, deep=True) if one.endswith(f"/{name}")]
    return found[0] if len(found) == 1 else ""


FORMAT = Format("yocto", "a .bb, .bbappend or .inc file: the patches of SRC_URI", recognises, read)
