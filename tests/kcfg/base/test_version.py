"""Which model judged."""

from __future__ import annotations

from kcfg.base.version import KernelUsed


def test_a_snapshot_of_the_user_s_own_is_not_built_in() -> None:
    def used(origin: str, *options: str) -> KernelUsed:
        return KernelUsed(version="6.12", arch="x86_64", origin=origin, name="x", options=options)

    assert used("snapshot", "--kernel", "6.12", "--arch", "x86_64").is_built_in
    assert not used("snapshot", "--kernel", "s612.kcfg").is_built_in
    assert not used("snapshot", "--tree", "./snap").is_built_in
    assert not used("tree", "--tree", "linux").is_built_in
