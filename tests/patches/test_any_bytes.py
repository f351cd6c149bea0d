"""Whatever a queue's files hold, there is an answer or one line that says what is wrong; never another exception."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kcfg.base.errors import UserError
from patches.findings import Verdict
from patches.queues.queue import open_queue
from patches.report import STATUS_FORMATS, render
from patches.text.headers import parse_header
from patches.text.parse import parse_patch
from patches.upstreams.index import Index
from patches.upstreams.store import remove
from patches.verdicts.apply import ChangedTree, apply_patch
from patches.verdicts.archive import read_mail
from patches.verdicts.audit import AuditQuestion, audit
from patches.verdicts.match import Matcher
from patches.verdicts.rangediff import range_diff
from patches.verdicts.verdict import judge
from tests.patches.upstream import Upstream
from tests.patches.verdicts.test_apply import Memory

SERIES = {
    "series": "a.patch\n# b.patch\nsub/c.patch -p0\n",
    "series.conf": "# sorted patches\n\tpatches.suse/a.patch\n+guard\tb.patch\n",
    "x.spec": "Name: x\nPatch0: a.patch\nPatch1: b.patch\n%prep\n%autosetup -p1\n%patch1 -p1\n",
    "config.yaml": "patches:\n- patch: a.patch\n  lower: '6.1'\n",
    "x.bb": 'SRC_URI = "file://a.patch \\\n file://b.patch"\n',
    "box.mbox": "From x Mon Sep 17 00:00:00 2001\nSubject: [PATCH 1/1] a\n\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n",
}


def mutated(data: bytes, seed: int) -> bytes:
    """Some bytes changed, cut out, doubled, or taken from elsewhere in the file."""
    choose = random.Random(seed)
    out = bytearray(data)
    for _ in range(choose.randint(1, 8)):
        at = choose.randrange(len(out) + 1)
        what = choose.randrange(5)
        if what == 0 and out:
            out[at % len(out)] = choose.choice(b"\0\r\n\t @+-\\/\xff\xc3d%{}<")
        elif what == 1:
            del out[at : at + choose.randint(1, 200)]
        elif what == 2:
            out[at:at] = out[at : at + choose.randint(1, 200)]
        elif what == 3:
            out = out[:at] if choose.random() < 0.3 else out
        else:
            other = choose.randrange(len(out) + 1)
            out[at:at] = out[other : other + choose.randint(1, 80)]
    return bytes(out)


@pytest.mark.parametrize("seed", range(40))
def test_mutated_patches_have_a_verdict(seed: int, queue: Path, index: Index) -> None:
    matcher = Matcher(index)
    for path in sorted(queue.glob("*.patch")):
        data = mutated(path.read_bytes(), seed)
        patch = parse_patch(path.name, data)
        header = parse_header(patch.header, path.name)
        assert judge(patch, header, matcher).verdict in Verdict
        assert apply_patch(patch, ChangedTree(Memory({"drivers/net.c": b"x\n"}))).outcome
        assert list(range_diff(patch, [data])) is not None
        assert read_mail("0" * 40, data).name


@pytest.mark.parametrize("name", SERIES)
@settings(max_examples=60)
@given(st.integers(0, 10**9))
def test_mutated_series_are_queues_or_one_line(tmp_path_factory: pytest.TempPathFactory, name: str, seed: int) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "a.patch").write_text("--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n")
    (folder / name).write_bytes(mutated(SERIES[name].encode(), seed))
    for spec in (folder, folder / name):
        try:
            assert open_queue(str(spec)).format
        except UserError as error:
            assert "\n" not in str(error)


@settings(max_examples=40)
@given(st.binary(max_size=300), st.sampled_from(sorted(SERIES)))
def test_any_bytes_as_a_queue(tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / name).write_bytes(data)
    (folder / "a.patch").write_bytes(data)
    try:
        assert open_queue(str(folder)).entries is not None
    except UserError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize("seed", range(6))
def test_a_mutated_queue_is_reported_in_every_format(
    seed: int, queue: Path, upstream: Upstream, index_file: Path, tmp_path: Path
) -> None:
    for path in queue.iterdir():
        (tmp_path / path.name).write_bytes(mutated(path.read_bytes(), seed) if seed else path.read_bytes())
    (tmp_path / "series").write_text("".join(f"{path.name}\n" for path in sorted(queue.glob("*.patch"))))
    report = audit(AuditQuestion(str(tmp_path), (str(upstream.path),), target="v1.1", index=str(index_file)))
    assert len(report.patches) == 12
    for form in STATUS_FORMATS:
        assert render(report, form).endswith("\n")


@settings(max_examples=30)
@given(st.integers(0, 10**9))
@example(78018)  # bytes that are no text, with a line's end among them
@example(13491)  # a row whose text is no UTF-8
def test_a_damaged_index_is_one_line_or_right(
    tmp_path_factory: pytest.TempPathFactory, upstream: Upstream, index_file: Path, queue: Path, seed: int
) -> None:
    file = tmp_path_factory.mktemp("torn") / "index"
    data = bytearray(index_file.read_bytes())
    choose = random.Random(seed)
    for _ in range(choose.randint(1, 4)):
        at = choose.randrange(len(data))
        data[at : at + 64] = choose.randbytes(min(64, len(data) - at))
    file.write_bytes(data)
    patch = parse_patch("p", (queue / "merged.patch").read_bytes())
    try:
        index = Index.open(file)
        judge(patch, parse_header(patch.header), Matcher(index))
    except UserError as error:
        assert "\n" not in str(error)
    finally:
        remove(file)


def test_a_patch_of_50_mb_is_read(tmp_path: Path, upstream: Upstream, index_file: Path) -> None:
    line = b"+a line of fifty bytes that is like all others here\n"
    count = 50_000_000 // len(line)
    head = b"Subject: large\n\n--- /dev/null\n+++ b/large.c\n@@ -0,0 +1,%d @@\n" % count
    (tmp_path / "large.patch").write_bytes(head + line * count)
    report = audit(AuditQuestion(str(tmp_path), (str(upstream.path),), index=str(index_file)))
    assert [one.verdict for one in report.patches] == [Verdict.NOT_UPSTREAM]
