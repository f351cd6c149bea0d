"""What a patch's header says of the patch's way upstream: the commits that it names, and where it was sent.

A claim is a claim: `verdict.py` checks it against the upstream. The forms are those that distributions document (DEP-3,
SUSE's Patch-mainline and Git-commit, Yocto's Upstream-Status) and those that stable branches and git itself write.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from patches.text.kinds import ClaimKind
from patches.text.shas import ANY_CASE, CHANGE, LOWER, WHOLE
from patches.thresholds import GROUND


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim. `commit` is lower-case hex, maybe short, or "", or a Change-Id with its I; `line` is that of the
    header, 0 for the file's name.

    Those whose kind is in WEAK are never wrong. `detail`: the release, the address, the repository, or the reason, as
    told. `foreign`: the commit is of another project or repository.
    """

    kind: ClaimKind
    commit: str = ""
    detail: str = ""
    line: int = 0
    foreign: bool = False


WEAK = frozenset({ClaimKind.FORMAT_PATCH, ClaimKind.MENTIONED, ClaimKind.ADDRESS, ClaimKind.CHANGE_ID})
"""Claims that nobody made in so many words: they bring a candidate and speak for it, and are never wrong."""


@dataclass(frozen=True, slots=True)
class FoundClaim:
    """A claim, and the lines that make it, from and to, counted from 0."""

    claim: Claim
    first: int
    last: int


_SHA = rf"({ANY_CASE})(?![0-9a-zA-Z])"
_COMMIT = r"(?:(?:upstream|mainline|master|git)\s{1,3})?(?:commit|changeset|c/s)?[:\s]{0,4}"

_LINES: tuple[tuple[ClaimKind, re.Pattern[str], bool], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE), foreign)
    for kind, pattern, foreign in (
        (ClaimKind.FORMAT_PATCH, rf"From {_SHA} (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ", False),
        (ClaimKind.MERCURIAL, rf"# Node ID {_SHA}", True),
        (ClaimKind.MERCURIAL, r"xen-[\w.-]+ changeset:\s*(?:\d+:)?([0-9a-f]{12,40})", True),
        (ClaimKind.MERGED, rf"(?:master|staging|upstream|mainline)[- ]commit:\s*{_SHA}", False),
        (ClaimKind.MERGED, rf"Commit-ID:\s*{_SHA}", False),
        (ClaimKind.MERGED, rf"\[\s*(?:upstream|mainline) commit:?\s+{_SHA}", False),
        (ClaimKind.MERGED, rf"upstream commit:?\s+{_SHA}\.?\s*$", False),
        (ClaimKind.MERGED, rf"\[?\s*commit\s+{_SHA}\s+(?:upstream|mainline)\b", False),
        (ClaimKind.MERGED, rf"upstream[- ]commit[- ]id:\s*{_SHA}", True),
        (ClaimKind.MERGED, rf"\[\s*(?:this is )?(?:from )?linux(?:\.git)?(?: upstream)? commit:?\s+{_SHA}", True),
        (ClaimKind.MERGED, rf"linux commit:?\s+{_SHA}\.?\s*$", True),
        (ClaimKind.BACKPORTED, rf"\[?\s*(?:this is )?an? (?:\w+ )?backport of (?:upstream )?commit\s+{_SHA}", False),
    )
)
_CHANGE = re.compile(rf"(?i:Change-Id):\s*({CHANGE})\s*$")
_PICKED = re.compile(
    rf"\((cherry[- ]?picked|backported)\s{{1,8}}from\s{{1,8}}(linux\s{{1,8}})?{_COMMIT}{_SHA}([^)\n]{{0,200}})",
    re.IGNORECASE,
)
_GIT_SHOW = re.compile(rf"commit {_SHA}(?: \(|$)", re.IGNORECASE)
_FIELD = re.compile(
    r"(Origin|Applied-Upstream|Forwarded|Patch-mainline|Git-commit|Alt-commit|Upstream-Status|Upstream-commit-id):\s*(.*)",
    re.IGNORECASE,
)
_REPOSITORY = re.compile(r"Git-repo:\s*(\S.*)", re.IGNORECASE)
_ANY_SHA = re.compile(rf"(?:^|[/=\s:;(,\[]){_SHA}")
_ELSEWHERE = re.compile(rf"(?:git|https?|ssh)://\S+[\s,;]+(?:commit[:\s]{{0,3}})?{ANY_CASE}$")
_PLACE = re.compile(rf"(?:[a-z+]+://|www\.|commit\b|changeset\b|{LOWER}\b|[\w.-]+@|[\w./-]+\.git\b)", re.IGNORECASE)
_FILE_NAME = re.compile(
    rf"(?:^|/)(?:backport-({LOWER})(?![-_.](?:fix|follow|prereq|prep|dep|revert|pre|post)[^/]*\.)(?:[-_.][^/]*)?"
    rf"|({WHOLE}))\.(?:patch|diff)$",
    re.IGNORECASE,
)
"""What is told to mend or to prepare a backport is another change than that commit."""
_VENDOR = re.compile(r"(?:Subject:\s*)?(?:\[[^\]]{0,80}\]\s*)?(UBUNTU: SAUCE|SAUCE|ANDROID|CHROMIUM):", re.IGNORECASE)
_MASTER_DATE = re.compile(r"(?:master|staging|xen-[\w.-]+) date:\s*(.*)", re.IGNORECASE)
_SHA_IN_ID = re.compile(rf"Message-I[dD]:\s*<{WHOLE}\.")

_HEX = re.compile(r"(?<![0-9a-zA-Z#@.-])([0-9a-fA-F]{64}|[0-9a-fA-F]{8,40})(?![0-9a-zA-Z@-]|\.\w)")
_REFERENCE = re.compile(
    rf"upstream[- ](?:patch )?ref(?:erence)?(?: patch| link)?\s?:\s.{{0,300}}?/commits?/{_SHA}", re.IGNORECASE
)
_SENTENCE = re.compile(r"(?<=[.;!?])\s+(?=\S)")
_MADE_OF = re.compile(
    r"\bback-?port|\bcherry|\bpick|\bport(?:ed|s)?\b"
    r"|\b(?:based|adapted|taken|derived|extracted|split|comes?|from)\b[^.]{0,60}\b(?:commit|upstream|mainline|master)"
    r"|\b(?:adapted|taken|derived|extracted|split)\b[^.]{0,20}\b(?:from|off|out of)\s+[0-9a-f]{8,64}\b"
    r"|\bupstream\b[^.]{0,40}\b(?:commit|changeset|c/s)|\b(?:same|equivalent) as\b",
    re.IGNORECASE,
)
_ABOUT_OTHERS = re.compile(
    r"\bfix(?:es|ed)?\s*:|\brevert|\bintroduc|\bbroke|\bregress|\bsince\b|\bfollow-?up|\bprereq|\bdepend|\brequire|\bcaus"
    r"|\bneed|\bsee also\b|\bbefore\b|\bafter\b|\bbug (?:in|of)\b|\bmissing\b|\bin addition\b|\bmend",
    re.IGNORECASE,
)

_YOCTO = {
    "backport": ClaimKind.BACKPORTED, "accepted": ClaimKind.MERGED, "submitted": ClaimKind.SUBMITTED,
    "pending": ClaimKind.NOT_YET, "inappropriate": ClaimKind.NEVER, "denied": ClaimKind.NEVER,
    "inactive-upstream": ClaimKind.NEVER,
}  # fmt: skip
_FORWARDED = {"no": ClaimKind.NOT_YET, "not-needed": ClaimKind.NEVER}
_ORIGIN = {
    "upstream": ClaimKind.MERGED, "backport": ClaimKind.BACKPORTED, "vendor": ClaimKind.VENDOR,
    "other": ClaimKind.OTHER,
}  # fmt: skip
_MAINLINE = (
    (r"never\b|no\b|n/?a\b", ClaimKind.NEVER),
    (r"not yet\b", ClaimKind.NOT_YET),
    (r"submitted\b", ClaimKind.SUBMITTED),
    (r"queued\b", ClaimKind.QUEUED),
    (r"depends\b", ClaimKind.DEPENDS),
    (r"v?\d|yes\b|head\b|accepted\b", ClaimKind.MERGED),
)


def read_claims(lines: Sequence[str], file_name: str = "") -> tuple[Claim, ...]:
    """The claims of a header's lines and of the patch's file name, in their order, each once."""
    seen: dict[tuple[str, str, str], Claim] = {}
    for claim in [*file_name_claims(file_name), *(found.claim for found in find(lines))]:
        seen.setdefault((claim.kind, claim.commit, "" if claim.commit else claim.detail), claim)
    return tuple(seen.values())


def file_name_claims(file_name: str) -> list[Claim]:
    """backport-<sha>.patch names a commit."""
    found = _FILE_NAME.search(file_name)
    return [Claim(ClaimKind.FILE_NAME, (found[1] or found[2]).lower())] if found else []


def hide_claims(text: str) -> str:
    """A header without the lines by which it names its commit: what an honest measurement gives to the matcher.

    `From <sha>` goes, `From: author` stays; what names other commits (Fixes:, "this reverts") stays, too.
    """
    lines = text.split("\n")
    lines = [line for line in lines if not _MASTER_DATE.match(line) and not _SHA_IN_ID.match(line)]
    # Lines that come together when one between them goes can make another claim.
    while hidden := {i for found in find(lines) if found.claim.commit for i in range(found.first, found.last + 1)}:
        lines = [line for i, line in enumerate(lines) if i not in hidden]
    return "\n".join(lines)


def find(lines: Sequence[str]) -> list[FoundClaim]:
    """All claims with the lines that make them, in the order of lines."""
    found = [*simple(lines), *picked(lines), *fields(lines), *git_show(lines), *referenced(lines)]
    said = {one.claim.commit for one in found}
    found += [one for one in mentioned(lines) if not any(sha.startswith(one.claim.commit) for sha in said)]
    return sorted(found, key=lambda one: (one.first, one.last))


def simple(lines: Sequence[str]) -> Iterator[FoundClaim]:
    """Claims of one line."""
    for i, raw in enumerate(lines):
        line = raw.strip()[:2000]
        for kind, pattern, foreign in _LINES:
            said = pattern.match(line)
            if said:
                yield FoundClaim(Claim(kind, said[1].lower(), date_after(lines, i, line), i + 1, foreign), i, i)
                break
        change = _CHANGE.match(line)
        if change:
            yield FoundClaim(Claim(ClaimKind.CHANGE_ID, change[1], "", i + 1), i, i)
        vendor = _VENDOR.match(line) if i < GROUND.sauce_lines else None
        if vendor:
            yield FoundClaim(Claim(ClaimKind.VENDOR, "", vendor[1], i + 1), i, i)


def date_after(lines: Sequence[str], at: int, line: str) -> str:
    """The "master date:" that follows a "master commit:"."""
    if not line.lower().startswith(("master", "staging", "xen-")) or at + 1 >= len(lines):
        return ""
    said = _MASTER_DATE.match(lines[at + 1].strip())
    return said[1].strip()[:60] if said else ""


def picked(lines: Sequence[str]) -> Iterator[FoundClaim]:
    """`(cherry picked from commit X)` and `(backported from commit X)`, which may wrap over lines."""
    if not any("picked" in line.lower() or "backported" in line.lower() for line in lines):
        return
    text = "\n".join(lines)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    for said in _PICKED.finditer(text):
        kind = ClaimKind.BACKPORTED if said[1].lower() == "backported" else ClaimKind.CHERRY_PICKED
        first, last = bisect_right(starts, said.start()) - 1, bisect_right(starts, said.end() - 1) - 1
        detail = said[4].strip(" ,")
        yield FoundClaim(Claim(kind, said[3].lower(), detail, first + 1, bool(said[2])), first, last)


def referenced(lines: Sequence[str]) -> Iterator[FoundClaim]:
    """`Upstream Patch Reference: https://.../commit/X.patch`, as Azure Linux has it; more than one may be there."""
    for i, line in enumerate(lines):
        if said := _REFERENCE.match(line.strip()[:2000]):
            yield FoundClaim(Claim(ClaimKind.MENTIONED, said[1].lower(), "", i + 1), i, i)


def mentioned(lines: Sequence[str]) -> Iterator[FoundClaim]:
    """Commits that a sentence names as what the patch was made of, over lines that it wraps over.

    A sentence that tells what was wrong, or what else is needed, names other commits.
    """
    start = 0
    for end in [*(i for i, line in enumerate(lines) if not line.strip()), len(lines)]:
        part, first = lines[start:end], start
        start = end + 1
        if not any(_HEX.search(line[:2000]) for line in part[:200]):
            continue
        text = "\n".join(line[:2000] for line in part[:200])
        at = 0
        for sentence in _SENTENCE.split(text):
            begin = text.index(sentence, at)
            at = begin + len(sentence)
            if not _MADE_OF.search(sentence) or _ABOUT_OTHERS.search(sentence):
                continue
            for said in _HEX.finditer(sentence):
                if re.search(r"\d", said[1]) and re.search(r"[a-f]", said[1], re.IGNORECASE):
                    line = first + text.count("\n", 0, begin + said.start())
                    yield FoundClaim(Claim(ClaimKind.MENTIONED, said[1].lower(), "", line + 1), line, line)


def git_show(lines: Sequence[str]) -> Iterator[FoundClaim]:
    """`commit X`, as git show and git log -p print it above Author:."""
    for i, line in enumerate(lines):
        said = _GIT_SHOW.match(line)
        if said and any(one.startswith(("Author:", "Merge:")) for one in lines[i + 1 : i + 3]):
            yield FoundClaim(Claim(ClaimKind.FORMAT_PATCH, said[1].lower(), "", i + 1), i, i)


def fields(lines: Sequence[str]) -> Iterator[FoundClaim]:
    """Claims of `Name: value` fields, whose value may go on in indented lines."""
    repository = next((said[1].strip()[:200] for said in map(_REPOSITORY.match, lines) if said), "")
    queued = any(re.match(r"patch-mainline:\s*queued", line, re.IGNORECASE) for line in lines)
    for i, line in enumerate(lines):
        said = _FIELD.match(line)
        if not said:
            continue
        last = i
        while (
            last + 1 < len(lines)
            and last - i < GROUND.field_lines
            and lines[last + 1][:1] in (" ", "\t")
            and lines[last + 1].strip()
        ):
            last += 1
        value = " ".join([said[2].strip(), *(one.strip() for one in lines[i + 1 : last + 1])])[:2000]
        for claim in field_claims(said[1].lower(), value, i + 1):
            if claim.kind is ClaimKind.MERGED and said[1].lower() == "git-commit":
                claim = Claim(ClaimKind.QUEUED if queued else ClaimKind.MERGED, claim.commit, repository, i + 1)
            yield FoundClaim(claim, i, last)


def field_claims(name: str, value: str, line: int) -> Iterator[Claim]:
    """The claims of one field."""
    commit = next((sha.lower() for sha in _ANY_SHA.findall(value)), "")
    low = value.lower()
    if name in ("git-commit", "alt-commit"):
        kind = ClaimKind.ALTERNATIVE if name[0] == "a" else ClaimKind.PARTIAL if "partial" in low else ClaimKind.MERGED
        if commit:
            yield Claim(kind, commit, "", line)
    elif name == "origin":
        yield from origin(value, commit, line)
    elif name == "applied-upstream":
        if low not in ("", "no"):
            yield Claim(ClaimKind.MERGED, commit, value, line)
    elif name == "forwarded":
        word = low.split(",")[0].split(" ")[0]
        if word:
            yield Claim(_FORWARDED.get(word, ClaimKind.SUBMITTED), "", value, line)
    elif name == "patch-mainline":
        said = next((kind for pattern, kind in _MAINLINE if re.match(pattern, low)), None)
        if said:
            yield Claim(said, "", value, line)
    elif name == "upstream-status":
        found = re.match(r"[\w-]*", low)
        status = _YOCTO.get(found[0]) if found else None
        if status:
            yield Claim(status, commit, value, line)


def origin(value: str, commit: str, line: int) -> Iterator[Claim]:
    """DEP-3's Origin, and Xen's, which names a commit of another project's repository."""
    word = value.split(",")[0].split(":")[0].strip().lower()
    if word in _ORIGIN:
        yield Claim(_ORIGIN[word], commit, value, line)
    elif commit:
        # A place is what the patch is; a sentence with a place in it only talks of it.
        kind = ClaimKind.MERGED if _PLACE.match(value) else ClaimKind.MENTIONED
        yield Claim(kind, commit, value, line, bool(_ELSEWHERE.match(value)))
    elif value:
        yield Claim(ClaimKind.OTHER, "", value, line)
