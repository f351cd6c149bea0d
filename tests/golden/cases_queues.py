"""Cases of patch queues: relevance, patches, and the site of kcfg report."""

from __future__ import annotations

from collections.abc import Iterator

from tests.golden.cases import Case, case, formats

DEMO = "examples/demo.config"
QUEUE = "examples/queue --upstream examples/upstream"
HISTORY = "history-queue --upstream history"
XEN = "xen-queue/SPECS/xen.spec --upstream xen"
GUEST = "own/profiles/small.toml"


def cases() -> Iterator[Case]:
    """All of them; those that fill the cache come first."""
    yield case("patches/xen/index", "patches index xen", first=True)
    yield case("patches/history/index", "patches index history --jobs 1", first=True)
    yield case("relevance/linux/first-time", f"relevance own/linux-queue --tree linux {MODES}", first=True)
    yield from xen()
    yield from relevance()
    yield from patches()
    yield from reports()


MODES = "--mode pvh-domu+no-pv --mode pv-dom0"


def relevance() -> Iterator[Case]:
    """Which patches matter."""
    every = "text+,json,markdown,csv,html"
    small = "--tree own/small -c own/small.config"
    yield from formats("relevance/small", f"relevance own/small-queue.mbox {small} -m {GUEST} --files", every)
    yield from formats("relevance/small-demo", f"relevance examples/queue {small}", "text,json")
    yield from formats("relevance/linux", f"relevance own/linux-queue --tree linux {MODES}", every)
    config = f"relevance own/linux-queue --tree linux -c configs/amd64 {MODES}"
    yield from formats("relevance/amd64", config, "text,json,csv")
    yield case("relevance/files", f"{config} --files")
    yield case("relevance/arm64", "relevance own/linux-queue --tree linux -c configs/arm64 --files")
    yield case("relevance/no-cache", "relevance examples/queue --tree linux -c configs/cloud-amd64 --no-cache")


def patches() -> Iterator[Case]:
    """What has become of a queue."""
    every = "text+,json,markdown,csv,sarif,html"
    yield from formats("patches/demo/status", f"patches status {QUEUE}", every)
    yield from formats(
        "patches/demo/show", "patches show examples/queue ring-lock-put.patch -u examples/upstream", "text,json,html"
    )
    yield from formats("patches/demo/plan", f"patches plan {QUEUE}", "text,json,markdown,html")
    yield from formats("patches/linux/status", "patches status own/linux-queue -u examples/upstream", "text,sarif")
    yield from formats("patches/mailbox/status", "patches status own/small-queue.mbox -u own/small", "text,json")
    yield from formats("patches/history/status", f"patches status {HISTORY} --archive own/list.mbox --base v1.0", every)
    moved = f"{HISTORY} --base v1.0 --target v1.2"
    yield from formats("patches/history/moved", f"patches status {moved}", "text,json,sarif,csv")
    yield from formats("patches/history/plan", f"patches plan {moved}", "text+,json,markdown,html")
    for name in (
        "merged",
        "modified",
        "squashed",
        "split",
        "partial",
        "reverted",
        "claims-wrong",
        "unknown",
        "submitted",
    ):
        line = f"patches show history-queue {name}.patch -u history --archive own/list.mbox"
        yield from formats(f"patches/history/show-{name}", line, "text,json,html")
    yield case(
        "patches/history/show-colour", "patches show history-queue modified.patch -u history", env={"FORCE_COLOR": "1"}
    )
    yield case("patches/history/write", f"patches plan {moved} --write {{out}}/series.new")
    yield case("patches/history/at-revision", "patches status history-queue@1.1 -u history")
    yield case("patches/history/range", "patches status history@v1.0..v1.1 -u history")
    yield case("patches/history/content-alone", "patches status history-queue -u history@v1.2")
    yield case("patches/history/two-upstreams", "patches status history-queue -u examples/upstream -u history")
    for finding in ("merged", "claims-wrong", "follow-up", "stale", "conflict", "unreadable", "waiver"):
        line = f"patches status {HISTORY} --target v1.2 --fail-on {finding}"
        yield case(f"patches/history/fail-on-{finding}", line)
    yield from formats("patches/history/trend", "patches trend history-queue -u history", "text+,json,csv,svg,html")
    for by in ("tags", "commits"):
        yield case(
            f"patches/history/trend-{by}",
            f"patches trend history-queue -u history --by {by} --points 3 -o {{out}}/trend.txt",
        )
    yield case("patches/history/index-file", "patches index history --jobs 1 -o {out}/index")
    yield case(
        "patches/history/index-part",
        "patches index history --jobs 1 --paths drivers/net.c --since 2020-09-16 -o {out}/index",
    )
    yield case("patches/history/index-archive", "patches index own/list.mbox --archive --jobs 1 -o {out}/index")
    yield case("patches/formats", "patches formats")


def xen() -> Iterator[Case]:
    """A real queue against a real history."""
    yield from formats("patches/xen/status", f"patches status {XEN}", "text,json,markdown,csv,sarif,html")
    moved = f"{XEN} --base RELEASE-4.17.6 --target RELEASE-4.20.0"
    yield from formats("patches/xen/plan", f"patches plan {moved}", "text,json")
    yield case("patches/xen/write", f"patches plan {moved} --format html --write {{out}}/series.new")
    patch = "patches show xen-queue/SPECS/xen.spec backport-10acd21795a9.patch --upstream xen"
    yield from formats("patches/xen/show", patch, "text,json,html")
    yield from formats("patches/xen/trend", "patches trend xen-queue -u xen --points 2", "text,svg")
    yield case("patches/xen/content-alone", "patches status xen-queue/SPECS/xen.spec --upstream xen@RELEASE-4.20.0")
    yield case("report/xen", f"report --queue {XEN} --points 2 -o {{out}}/site")


def reports() -> Iterator[Case]:
    """Sites."""
    small = (
        f"report -c own/small.config --tree own/small -m {GUEST} -q own/small-queue.mbox -u own/small -o {{out}}/site"
    )
    yield case("report/small", small)
    yield case("report/demo", f"report --config {DEMO} --kernel 6.12 --queue {QUEUE} --points 0 -o {{out}}/site")
    yield case(
        "report/kernels", f"report --config {DEMO} --kernel 6.12 -m pvh-domu --all-kernels --title Ours -o {{out}}/site"
    )
    history = "report -q history-queue -u history --archive own/list.mbox --base v1.0 --target v1.2 -o {out}/site"
    yield case("report/history", history)
    yield case("report/debian", "report -c configs/amd64 -c configs/arm64 -m pvh-domu -m arm64-dom0 -o {out}/site")
    yield case(
        "report/tree",
        "report -c configs/cloud-amd64 -m pv-dom0 --tree linux -q own/linux-queue -u examples/upstream -o {out}/site",
    )
    yield case("report/unreadable", f"report -c {DEMO} -c own/none.config --kernel 6.12 -m pv-domu -o {{out}}/site")
