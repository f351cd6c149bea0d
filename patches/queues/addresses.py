"""Patches that a queue names by an address: nothing is fetched, and the commit that the address names is a claim.

Known are the addresses under which forges and git's web pages give a commit as a patch: cgit (`/patch/?id=SHA`), gitweb
(`a=patch;h=SHA`), GitHub, GitLab and Gitea (`/commit/SHA.patch`), Bitbucket, and Gitiles (`/+/SHA^!`). A file of a
revision (`/raw/SHA/x.patch`) is another thing: there the name is the revision's that the file is taken from.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import unquote

from patches.text.claims import Claim
from patches.text.headers import Header, parse_header
from patches.text.kinds import ClaimKind
from patches.text.patch import Patch
from patches.text.problems import Problem, ProblemKind
from patches.text.shas import ANY_CASE

_SCHEME = re.compile(r"(?:https?|ftp|mirror|git)(?:\+https?)?://", re.IGNORECASE)
_COMMIT = (
    re.compile(rf"(?:^|/)commits?/({ANY_CASE})(?:\.patch|\.diff|/raw)?/?(?:[?#]|$)"),
    re.compile(rf"/(?:patch|commit|rawdiff|diff)/?(?:[\w./+-]*)?\?(?:[^#]*[&;])?id=({ANY_CASE})(?:[&;#]|$)"),
    re.compile(rf"[?;&]a=(?:patch|commit|commitdiff|commitdiff_plain)\b(?:[^#]*[&;])?h=({ANY_CASE})(?:[&;#]|$)"),
    re.compile(rf"/\+/({ANY_CASE})(?:%5[eE]|\^)(?:%21|!)"),
)
_RANGE = re.compile(r"[?;&](?:id2|hp)=")


def is_address(text: str) -> bool:
    """Whether something is fetched from elsewhere."""
    return _SCHEME.match(text) is not None


def commit_of(address: str) -> str:
    """The commit that an address gives as a patch, in lower case, maybe short; "" when it names none."""
    if _RANGE.search(address):
        return ""
    return next((found[1].lower() for one in _COMMIT if (found := one.search(address[:4000]))), "")


def file_of(address: str) -> str:
    """What a file from an address is called: what stands after `#/`, or the last part of its path.

    An address whose path ends in no name, as cgit's, is called by its commit.
    """
    plain = address.rsplit("#/", 1)[-1].split("#")[0].split("?")[0].rstrip("/")
    name = unquote(plain.rsplit("/", 1)[-1]) if "://" not in plain.rsplit("/", 1)[-1] else ""
    commit = commit_of(address)
    if commit and (name in ("patch", "commit", "diff", "rawdiff", "raw") or "a=" in address.rpartition("?")[2]):
        return f"{commit}.patch"
    return name or address[:200]


def not_fetched(name: str, address: str) -> tuple[Patch, Header]:
    """A patch of which only its address is known: no diff, and the claim that it is the commit that this names."""
    known = parse_header("", name)
    commit = commit_of(address) or next((one.commit for one in known.claims if one.kind is ClaimKind.FILE_NAME), "")
    kind = ProblemKind.NOT_FETCHED if commit else ProblemKind.NO_COMMIT
    digest = hashlib.sha256(address.encode("utf-8", "surrogateescape")).hexdigest()
    patch = Patch(name, "", (), (Problem(0, kind, address[:300]),), digest)
    claims = (Claim(ClaimKind.ADDRESS, commit, address[:300]),) if commit else ()
    return patch, Header(claims=claims, references=known.references)
