"""Cases of bad input: what is said of it, and the exit status."""

from __future__ import annotations

from collections.abc import Iterator

from tests.golden.cases import Case, case

DEMO = "examples/demo.config"
LINES = {
    # Words of the command line.
    "no-command": "chekc",
    "no-option": f"modes {DEMO} --fromat json",
    "no-format": f"modes {DEMO} --format sarif",
    "no-argument": "check",
    "no-profile-given": f"check {DEMO}",
    "no-level": f"check {DEMO} -p pvh-domu --fail-on some",
    "no-jobs": f"check {DEMO} -p pvh-domu --jobs 0",
    "no-timeout": "generate pvh-domu --timeout 0",
    "no-question": "graph paths A B",
    "no-shell": "completion tcsh",
    # Configurations.
    "config-missing": "modes own/none.config",
    "config-missing-resolve": "resolve own/none.config",
    "config-missing-check": "check own/none.config -p pvh-domu",
    "config-missing-repair": "repair own/none.config -p pvh-domu",
    "config-missing-show": "show XEN -c own/none.config",
    "config-missing-graph": "graph --config own/none.config -o {out}/x.html",
    "config-empty": "modes own/empty.config",
    "config-prose": "resolve own/prose.config --kernel 6.12",
    "config-torn": "modes own/torn.config",
    "config-binary": "check own/binary.config -p pvh-domu --format json",
    "config-empty-folder": "modes own/small/init",
    "config-stdin-twice": "resolve - - --kernel 6.12",
    # Kernels.
    "kernel-unknown": f"modes {DEMO} --kernel 9.9",
    "kernel-no-number": f"modes {DEMO} --kernel six",
    "kernel-and-tree": f"modes {DEMO} --kernel 6.12 --tree own/small",
    "arch-unknown": f"modes {DEMO} --kernel 6.12 --arch sparc",
    "arch-without-model": f"modes {DEMO} --kernel 6.12 --arch i386",
    "tree-missing": f"modes {DEMO} --tree own/none",
    "tree-no-kernel": f"modes {DEMO} --tree own/profiles",
    "tree-no-revision": f"modes {DEMO} --tree history@none",
    "tree-no-kconfig": f"modes {DEMO} --tree history@v1.0",
    "tree-no-tarball": f"modes {DEMO} --tree own/prose.config",
    "probes-without-tree": f"modes {DEMO} --kernel 6.12 --run-probes",
    "circle-resolve": "resolve own/small.config --tree own/circle",
    "circle-explain": "explain HELD --tree own/circle",
    "circle-generate": "generate own/profiles/unknown-symbol.toml --tree own/circle",
    "snapshot-missing": "snapshot own/none -o {out}/x.kcfg",
    "snapshot-no-kernel": "snapshot own/profiles -o {out}/x.kcfg",
    "snapshot-no-folder": "snapshot own/small -o {out}/none/x.kcfg",
    # Symbols and values.
    "symbol-show": "show XEN_PVVH --kernel 6.12",
    "symbol-show-far": "show NOTHING_LIKE_IT --kernel 6.12",
    "symbol-explain": "explain XEN_PVVH --tree own/small",
    "symbol-needs": "graph needs XEN_PVVH --tree own/small",
    "symbol-needed-by": "graph needed-by XEN_PVVH --tree own/small",
    "symbol-path": "graph path XEN_PVVH XEN --tree own/small",
    "symbol-history": "graph history XEN_PVVH --kernel 6.12",
    "symbol-export": "graph export --symbol XEN_PVVH --tree own/small",
    "symbol-require": "generate own/profiles/small.toml --tree own/small --require XEN_PVVH",
    "value-of-a-bool": "explain XEN=m --tree own/small",
    "value-of-an-int": "explain SLOTS=many --tree own/small",
    "value-none": "explain XEN= --tree own/small",
    "export-of-nothing": "graph export --tree own/small",
    # Profiles.
    "profile-unknown": f"check {DEMO} --kernel 6.12 -p pvh-domo",
    "profile-missing": f"check {DEMO} --kernel 6.12 -p own/profiles/none.toml",
    "profile-unknown-key": f"check {DEMO} --kernel 6.12 -p own/profiles/unknown-key.toml",
    "profile-no-toml": "profiles own/profiles/no-toml.toml",
    "profile-ring": "profiles own/profiles/ring.toml",
    "profile-shown-unknown": "profiles pvh-domo",
    "profile-unknown-symbol": "generate own/profiles/unknown-symbol.toml --tree own/small",
    "profile-of-another-kernel": "generate own/profiles/nobody.toml --kernel 6.12",
    "profile-of-another-arch": "generate arm64-domu --kernel 6.12 --arch x86_64",
    "profile-dominators": "graph dominators pvh-domo --kernel 6.12",
    "profile-picture": "graph --modes pvh-domo --kernel 6.12 -o {out}/x.html",
    "profile-compare": "graph compare pvh-domu pvh-domo --kernel 6.12",
    "profile-relevance": "relevance own/small-queue.mbox --tree own/small -m pvh-domo",
    "profile-repair": f"repair {DEMO} --kernel 6.12 -p own/profiles/no-toml.toml",
    "waivers-missing": f"check {DEMO} --kernel 6.12 -p pvh-domu --waivers own/none.toml",
    "waivers-bad": f"check {DEMO} --kernel 6.12 -p pvh-domu --waivers own/bad-waivers.toml",
    "need-unknown": "generate pvh-domu --kernel 6.12 --with ext5",
    "group-unknown": "generate pvh-domu --kernel 6.12 --without consoles",
    "hardware-missing": "generate pvh-domu --kernel 6.12 --hardware own/none.txt",
    "objects-without-tree": "generate pvh-domu --kernel 6.12 --minimise objects",
    # Outputs.
    "output-no-folder": f"resolve {DEMO} --kernel 6.12 -o {{out}}/none/x.config",
    "output-no-suffix": "graph --modes pvh-domu --kernel 6.12 -o {out}/x.gif",
    "report-of-nothing": "report -o {out}/site",
    "report-half-a-queue": "report -q examples/queue -o {out}/site",
    # Queues and upstreams.
    "queue-missing": "patches status own/none -u history",
    "queue-empty": "patches status own/small/init -u history",
    "queue-no-format": "patches status own/prose.config -u history",
    "queue-no-revision": "patches status history-queue@none -u history",
    "queue-no-range": "patches status history@v9..v10 -u history",
    "queue-relevance": "relevance own/none --tree own/small -c own/small.config",
    "queue-nothing-asked": "relevance examples/queue --tree own/small",
    "upstream-not-given": "patches status history-queue",
    "upstream-missing": "patches status history-queue -u own/none",
    "upstream-no-base": "patches status history-queue -u history --base v9",
    "upstream-no-target": "patches plan history-queue -u history --target v9",
    "upstream-no-branch": "patches status history-queue -u history --main-branch none",
    "upstream-target-of-a-tree": "patches plan examples/queue -u examples/upstream --target x",
    "archive-missing": "patches status history-queue -u history --archive own/none",
    "archive-no-list": "patches status history-queue -u history --archive own/profiles",
    "index-of-no-repository": "patches index own/small",
    "index-no-date": "patches index history --since yesteryear -o {out}/index",
    "trend-of-no-repository": "patches trend own/small -u history",
    "trend-of-no-history": "patches trend history-queue -u own/small",
    "patch-unknown": "patches show history-queue mergde.patch -u history",
}  # fmt: skip


def cases() -> Iterator[Case]:
    """All of them."""
    for name, line in LINES.items():
        yield case(f"errors/{name}", line)
    yield case("errors/symbol-colour", "show XEN_PVVH --kernel 6.12", env={"FORCE_COLOR": "1"})
    yield case(
        "errors/report-foreign-folder", f"report -c {DEMO} --kernel 6.12 -o {{out}}/site", given=["site/letter.txt"]
    )
    series = "patches plan history-queue -u history --write {out}/series"
    yield case("errors/write-over", series, given=["series"])
    foreign = "patches status history-queue -u history --index {out}/letter.txt"
    yield case("errors/upstream-no-index", foreign, given=["letter.txt"])
    yield case("errors/index-foreign-file", "patches index history -o {out}/index", given=["index"])
    yield case("errors/stdin-empty", "modes -")
