"""Profiles: what each way to run under Xen asks of a kernel configuration, as data with a source for every rule."""

from __future__ import annotations

from profiles.loader import list_profiles, load_profile, modes
from profiles.schema import Alternative, Essential, KernelRange, Profile, ProfileInfo, ProfileKind, Rule, Want

__all__ = [
    "Alternative",
    "Essential",
    "KernelRange",
    "Profile",
    "ProfileInfo",
    "ProfileKind",
    "Rule",
    "Want",
    "list_profiles",
    "load_profile",
    "modes",
]
