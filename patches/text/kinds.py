"""What a header's claim is, by what it says of the patch's way upstream."""

from __future__ import annotations

from enum import StrEnum


class ClaimKind(StrEnum):
    """What a claim says of the patch and its way upstream."""

    FORMAT_PATCH = "format-patch"  # `From <sha>` or git show: often a private commit
    MERGED = "merged"
    CHERRY_PICKED = "cherry-picked"
    BACKPORTED = "backported"
    PARTIAL = "partial"
    ALTERNATIVE = "alternative"  # Alt-commit
    FILE_NAME = "file-name"
    MERCURIAL = "mercurial"
    SUBMITTED = "submitted"
    QUEUED = "queued"
    DEPENDS = "depends"
    NOT_YET = "not-yet"
    NEVER = "never"
    VENDOR = "vendor"
    OTHER = "other"
    MENTIONED = "mentioned"  # a sentence names a commit as what the patch is made of
    CHANGE_ID = "change-id"  # `Change-Id: I...`: upstream's commit has the same, or it says nothing
    ADDRESS = "address"  # the queue fetches the patch from a page of that commit, and nothing else is known of it
