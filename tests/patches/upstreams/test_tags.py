"""Facts of tags: releases of many projects, in the order of their versions, and what is no release."""

from __future__ import annotations

import pytest

from patches.upstreams.tags import is_release, series, tag_order

ORDERED = {
    "openssh": "V_8_9_P1 V_9_0_P1 V_9_8_P1 V_9_9_P1 V_9_9_P2 V_10_0_P1 V_10_0_P2 V_10_1_P1",
    "systemd": "v9 v99 v100 v209 v255-rc1 v255-rc2 v255 v255.1 v255.10 v256-rc1 v256",
    "openssl": "OpenSSL_1_0_2 OpenSSL_1_0_2a OpenSSL_1_0_2z OpenSSL_1_0_2za OpenSSL_1_1_1-pre9 OpenSSL_1_1_1 "
    "OpenSSL_1_1_1w openssl-3.0.0-alpha1 openssl-3.0.0-beta1 openssl-3.0.0 openssl-3.0.9 openssl-3.0.10 openssl-3.2.0",
    "curl": "curl-7_9_8 curl-7_10 curl-7_88_1 curl-8_0_0 curl-8_4_0 curl-8_10_0 curl-8_10_1",
    "xen": "4.0.0-rc9 4.1.0-rc1 RELEASE-4.6.0 4.17.0-rc1 RELEASE-4.17.0 RELEASE-4.17.1 RELEASE-4.17.10 4.18.0-rc2",
    "linux": "v2.6.12-rc2 v2.6.12 v4.19-rc1 v4.19 v4.19.1 v5.0 v5.10.1 v6.1-rc10 v6.1 v6.12",
    "libxml2": "LIBXML2.6.0 v2.9.9 v2.9.10-rc1 v2.9.10 v2.13.0",
    "postgresql": "REL9_5_25 REL9_6_0 REL9_6_24 REL_10_BETA1 REL_10_RC1 REL_10_0 REL_10_1 REL_17_2",
    "grub": "grub-2.02-beta2 grub-2.02-rc1 grub-2.02 grub-2.04 grub-2.06-rc1 grub-2.06 grub-2.12",
    "python": "v3.12.0a1 v3.12.0a7 v3.12.0b1 v3.12.0rc1 v3.12.0 v3.12.1",
    "binutils": "binutils-2_9 binutils-2_41 binutils-2_41_1 binutils-2_44",
}  # fmt: skip


@pytest.mark.parametrize("project", ORDERED)
def test_releases_sort_by_version(project: str) -> None:
    names = ORDERED[project].split()
    assert sorted(set(names), key=tag_order) == names
    assert all(map(is_release, names))


@pytest.mark.parametrize(
    "tag",
    [
        "V_9_9_branchpoint", "binutils-2_41-branchpoint", "basepoints/gcc-14", "4.0.0-branched", "4.23-dev", "latest",
        "before-1.0-merge", "OpenSSL_1_1_0-dev", "20240131", "snapshot-20240131", "split-root", "gcc-14-base",
    ],
)  # fmt: skip
def test_what_marks_a_place_of_the_history_is_no_release(tag: str) -> None:
    assert not is_release(tag)


def test_a_letter_behind_a_version_counts_whatever_the_name_in_front() -> None:
    assert sorted(["a-1.0.2b", "b-1.0.2a", "b-1.0.2"], key=tag_order) == ["b-1.0.2", "b-1.0.2a", "a-1.0.2b"]


def test_a_mark_comes_behind_all_releases() -> None:
    names = ["v99", "V_100_branchpoint", "20240131", "latest"]
    assert sorted(names, key=tag_order)[0] == "v99"
    assert sorted(names, key=tag_order)[-1] == "latest"


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("RELEASE-4.17.3", "4.17"), ("v6.1.12", "6.1"), ("v255", "255"), ("V_9_9_P1", "9.9"), ("curl-8_10_1", "8.10"),
        ("libxml2-2.9.14", "2.9"), ("latest", ""),
    ],
)  # fmt: skip
def test_the_stable_series_of_a_release(tag: str, name: str) -> None:
    assert series(tag) == name
