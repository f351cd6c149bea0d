"""A range of git's commits as a queue."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from patches.queues.formats.gitrange import listing, mails
from tests.patches.upstream import Upstream, git


@pytest.fixture
def repo(tmp_path: Path) -> Upstream:
    """Three commits on master after the tag base, and a merge."""
    git(tmp_path, "init", "-q", "-b", "master")
    up = Upstream(tmp_path)
    up.commit("start", "Start", {"a": ["1"]})
    up.tag("base")
    up.commit("one", "xen: do one", {"a": ["2"]})
    up.commit("two", "[PATCH] xen: do two", {"a": ["3"]})
    git(tmp_path, "checkout", "-q", "-b", "side", "base")
    up.commit("side", "other", {"b": ["1"]})
    git(tmp_path, "checkout", "-q", "master")
    git(tmp_path, "merge", "-q", "--no-ff", "-m", "merge", "side")
    return up


def test_each_commit_but_a_merge_is_a_patch_the_oldest_first(repo: Upstream) -> None:
    found = listing(str(repo.path), "base..master")
    assert sorted(item.commit for item in found.items) == sorted(repo.shas[word] for word in ("one", "two", "side"))
    order = [item.commit for item in found.items]
    assert order.index(repo.shas["one"]) < order.index(repo.shas["two"])
    assert [item.strip for item in found.items] == [1, 1, 1]


def test_a_patch_is_named_by_its_place_and_title_and_its_mail_names_no_commit(repo: Upstream) -> None:
    one, two = listing(str(repo.path), "base..master~1").items
    assert (one.name, two.name) == ("0001-xen-do-one", "0002-xen-do-two")
    assert one.raw is not None
    assert one.raw.startswith(b"From: Ann Author")
    assert repo.shas["one"].encode() not in one.raw.split(b"\n---")[0]


def test_an_end_that_is_left_out_is_head(repo: Upstream) -> None:
    assert len(listing(str(repo.path), "base..").items) == 3


@pytest.mark.parametrize(("span", "said"), [("master..base", "no commits in this range"), ("gone..master", "gone")])
def test_a_range_without_commits_or_ends_is_refused(repo: Upstream, span: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        listing(str(repo.path), span)


def test_mails_are_cut_at_the_commits_in_their_order() -> None:
    data = b"From aa x\nFrom: Ann\n\nFrom bb is a line of text\nFrom bb x\ntwo\n"
    assert mails(data, ["aa", "cc"][:1]) == [data[len(b"From aa x\n") :]]
    assert mails(b"From aa x\none\nFrom bb x\ntwo\n", ["aa", "bb"]) == [b"one\n", b"two\n"]
    with pytest.raises(UserError, match="not all commits"):
        mails(b"From aa x\none\n", ["aa", "bb"])
