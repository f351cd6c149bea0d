"""Cases of configurations: modes, check, resolve, show, explain, generate, repair, profiles, snapshot, completion.

`check` looks for a mend for ten seconds of the clock, and no option changes that: only small questions are asked
without --no-fix. Where there is a --timeout, it is long enough for the proof on a busy machine.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.golden.cases import Case, case, formats

DEMO = "examples/demo.config"
AMD64, CLOUD, ARM64 = "configs/amd64", "configs/cloud-amd64", "configs/arm64"
SMALL = "own/small.config --tree own/small"
GUEST = "own/profiles/small.toml"
LONG = "--timeout 3600"
MODES = (
    "pv-domu",
    "pvh-domu",
    "pvhvm-domu",
    "pv-dom0",
    "pvh-dom0",
    "driver-domain",
    "xenstore-domain",
    "arm64-domu",
    "arm64-dom0",
)
POLICIES = ("no-pv", "devices-automotive", "devices-sharing")
BASES = ("xen-x86", "xen-arm64", "cpu-x86", "userland", "domu", "dom0", "dom0-x86")
COMMANDS = (
    "modes",
    "check",
    "resolve",
    "show",
    "explain",
    "generate",
    "repair",
    "report",
    "profiles",
    "patches",
    "relevance",
    "graph",
    "snapshot",
    "completion",
)
QUESTIONS = ("picture", "path", "needs", "needed-by", "dominators", "compare", "history", "cycles", "export")
PATCHES = ("status", "show", "plan", "index", "trend", "formats")


def cases() -> Iterator[Case]:
    """All of them; those that fill the cache come first."""
    yield case("resolve/tree/first-time", f"resolve {AMD64} --tree linux", first=True)
    yield case("resolve/tree/first-time-arm64", f"resolve {ARM64} --tree linux", first=True)
    for part in (helps, modes, check, resolve, show, explain, generate, repair, profiles, snapshot):
        yield from part()


def helps() -> Iterator[Case]:
    """What the command says of itself, and the shells' completion."""
    yield case("help/version", "--version")
    yield case("help/nothing", "")
    yield case("help/kcfg", "--help")
    for name in COMMANDS:
        yield case(f"help/{name}", f"{name} --help")
    for name in QUESTIONS:
        yield case(f"help/graph-{name}", f"graph {name} -h")
    for name in PATCHES:
        yield case(f"help/patches-{name}", f"patches {name} -h")
    for shell in ("bash", "zsh", "fish"):
        yield case(f"completion/{shell}", f"completion {shell}")
    for name, typed in {"command": "kcfg re", "option": "kcfg check --f", "value": "kcfg check --format s"}.items():
        env = {"_KCFG_COMPLETE": "bash_complete", "COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
        yield case(f"completion/of-a-{name}", "", env=env)


def modes() -> Iterator[Case]:
    """In which modes a kernel can run."""
    yield from formats("modes/demo", f"modes {DEMO} --kernel 6.12", "text+,json,markdown,html")
    yield from formats("modes/amd64", f"modes {AMD64}", "text,json,markdown,html")
    yield from formats("modes/arm64-tree", f"modes {ARM64} --tree linux", "text,json,markdown,html")
    yield from formats("modes/cloud", f"modes {CLOUD}.xz", "text,json")
    yield from formats("modes/small", f"modes {SMALL}", "text,json")
    for series in ("5.10", "6.1", "7.3"):
        yield from formats(f"modes/demo-{series}", f"modes {DEMO} --kernel {series}", "text,json")
    yield from formats("modes/amd64-other-series", f"modes {AMD64} --kernel 5.10", "text,json")
    yield from formats("modes/fragments", "modes own/fragments --kernel 6.12", "text,json")
    yield from formats("modes/arm64-defaults", f"modes {DEMO} --kernel 6.12 --arch arm64", "text,json")
    yield case("modes/tree-i386", f"modes {DEMO} --tree linux --arch i386")
    yield case("modes/tree-arm", "modes own/fragments/dom0.config --tree linux --arch arm")
    yield case("modes/no-cache", f"modes {CLOUD} --tree linux --no-cache")
    yield case("modes/stdin", "modes - --kernel 6.12", stdin=DEMO)
    yield case("modes/running", "modes")


def check() -> Iterator[Case]:
    """Does a configuration fulfil a profile?"""
    every = "text+,json,sarif,junit,github,markdown,html"
    yield from formats("check/small", f"check {SMALL} -p {GUEST}", every)
    yield from formats("check/demo", f"check {DEMO} --kernel 6.12 -p pvh-domu -p no-pv --no-fix", every)
    several = f"check {DEMO} {AMD64} own/none.config {CLOUD}.xz -p pv-dom0 -p own/profiles/ours.toml --no-fix --jobs 2"
    yield from formats("check/several", several, every)
    waived = f"check {DEMO} --kernel 6.12 -p pvh-domu --no-fix --waivers own/waivers.toml"
    yield from formats("check/waivers", waived, every)
    yield from formats("check/arm64", f"check {ARM64} --tree linux -p arm64-dom0 -p pvh-domu --no-fix", every)
    all_of_them = " ".join(f"-p {name}" for name in (*MODES, *POLICIES))
    yield from formats("check/all-profiles", f"check {AMD64} {all_of_them} --no-fix", "text,json,sarif")
    yield from formats("check/other-series", f"check {AMD64} --kernel 5.10 -p pv-domu --no-fix", "text,json,junit")
    yield from formats("check/no-symbol", f"check {DEMO} -p own/profiles/unknown-symbol.toml", "text,json,junit")
    yield from formats("check/no-mode", f"check {DEMO} -p own/profiles/nobody.toml", "text,json,junit")
    yield case("check/mend", f"check {DEMO} --kernel 6.12 -p pvh-domu")
    yield case("check/tree", f"check {AMD64} --tree linux -p no-pv --no-fix")
    yield case("check/probes", f"check {CLOUD} --tree linux -p pvh-domu --no-fix --run-probes")
    yield case("check/strange", "check own/fragments/strange.config --kernel 6.12 -p pv-domu --no-fix")
    yield case("check/stdin", "check - --kernel 6.1 -p pv-domu --no-fix", stdin=DEMO)
    for level in ("required", "recommended", "never"):
        yield case(f"check/fail-on-{level}", f"check {CLOUD} -p pvhvm-domu --no-fix --fail-on {level}")


def resolve() -> Iterator[Case]:
    """What the kernel's tools make of a configuration."""
    every = "text+,json,github,markdown,html"
    yield from formats("resolve/demo", f"resolve {DEMO} --kernel 6.12", every)
    yield from formats("resolve/strange", "resolve own/fragments/strange.config --kernel 6.12", every)
    yield from formats("resolve/small", f"resolve {SMALL}", every)
    merged = "own/fragments/dom0.config own/fragments/strange.config"
    yield from formats("resolve/merged", f"resolve {CLOUD} {merged}", every)
    yield from formats("resolve/fragments", "resolve own/fragments --kernel 5.10", "text,json")
    yield case("resolve/other-series", f"resolve {CLOUD} --kernel 7.3")
    for name, line in {
        "demo": f"{DEMO} --kernel 6.12",
        "demo-7.3": f"{DEMO} --kernel 7.3",
        "merged": f"{CLOUD} {merged}",
        "tree": f"{AMD64} --tree linux",
        "probes": f"{DEMO} --tree linux --run-probes",
        "arm64": f"{ARM64} --tree linux",
        "small": SMALL,
    }.items():
        yield case(f"resolve/output/{name}", f"resolve {line} -o {{out}}/new.config")
    yield case("resolve/stdout", f"resolve {DEMO} --kernel 6.1 -o -")
    yield case("resolve/tree-i386", f"resolve {DEMO} --tree linux --arch i386")


def show() -> Iterator[Case]:
    """Everything about one symbol."""
    for symbol in ("XEN_DOM0", "XEN_PVH", "PARAVIRT_XXL", "CONFIG_NR_CPUS", "HZ_250", "MODULES"):
        yield from formats(f"show/{symbol}", f"show {symbol} --kernel 6.12", "text,json")
    yield from formats("show/demo", f"show XEN_PVH --config {DEMO} --kernel 6.12", "text+,json")
    yield from formats("show/amd64", f"show XEN_BLKDEV_FRONTEND --config {AMD64}", "text,json")
    yield from formats("show/tree", "show PHYSICAL_ALIGN --tree linux", "text,json")
    yield from formats("show/arm64", f"show XEN --config {ARM64} --tree linux", "text,json")
    yield from formats("show/small", "show HZ --config own/small.config --tree own/small", "text,json")
    yield case("show/all", "show CRYPTO --kernel 6.12 --all")
    yield case("show/merged", f"show XEN -c {DEMO} -c own/fragments/strange.config --kernel 6.12")


def explain() -> Iterator[Case]:
    """Can options have these values?"""
    every = "text+,json,html"
    small = "--tree own/small"
    yield from formats("explain/small-possible", f"explain XEN_PVH XEN_DEMO_RING=m {small}", every)
    yield from formats("explain/small-impossible", f"explain XEN_PVH ACPI=n {small}", every)
    yield from formats("explain/small-config", f"explain XEN_PVH '!XEN_PV' {small} --config own/small.config", every)
    yield from formats("explain/small-on", f"explain PARAVIRT_XXL {small} -c own/small.config --on", every)
    impossible = "explain XEN_DOM0=y XEN_PV=n XEN_PVH=n --kernel 6.12"
    yield from formats("explain/impossible", impossible, every)
    yield from formats("explain/possible", "explain XEN_DOM0=y XEN_PV=n --kernel 6.12", "text,json")
    yield from formats("explain/demo", f"explain XEN_PVH --config {DEMO} --kernel 6.12", "text,html")
    yield case("explain/on", f"explain XEN_XENBUS_FRONTEND --config {DEMO} --kernel 6.12 --on")
    yield case("explain/amd64", f"explain PARAVIRT_XXL=n --config {AMD64}")
    yield case("explain/tree", "explain XEN_PVH --tree linux --run-probes")
    yield case("explain/arm64", "explain XEN=y SWIOTLB_XEN=n --kernel 6.12 --arch arm64")


def generate() -> Iterator[Case]:
    """The smallest configuration."""
    every = "config,fragment,savedefconfig,json,html"
    small = f"generate {GUEST} --tree own/small {LONG}"
    yield from formats("generate/small", small, every)
    for name, more in {
        "bare": "--essentials none", "prompts": "--minimise prompts", "objects": "--minimise objects",
        "modules": "--modules", "required": "--require XEN_DEMO_RING=m --forbid XEN_DOM0",
        "from": "--from own/small.config", "impossible": "--forbid ACPI",
    }.items():  # fmt: skip
        yield from formats(f"generate/small-{name}", f"{small} {more}", "config,json")
    tight = "--essentials none --expert --no-modules"
    yield from formats("generate/bare", f"generate pvh-domu --kernel 5.10 {tight} {LONG}", every)
    yield case("generate/pvh-domu", f"generate pvh-domu --kernel 6.12 {LONG} -o {{out}}/pvh.config")
    needs = "--with xfs,nfs-root --without console --require VETH --forbid IPV6"
    yield case("generate/needs", f"generate pv-domu --kernel 6.1 --expert {needs} {LONG} --format fragment")
    yield case("generate/ours", f"generate own/profiles/ours.toml --kernel 7.3 --expert {LONG} --format fragment")
    yield case("generate/prompts", f"generate no-pv --kernel 6.12 --minimise prompts {tight} {LONG}")
    yield case("generate/objects", f"generate pvh-domu --tree linux --minimise objects {tight} {LONG} --format json")
    yield case("generate/probes", f"generate pvh-domu --tree linux --run-probes {tight} {LONG} --format fragment")
    yield case("generate/hardware", f"generate pvh-domu --tree linux {tight} --hardware own/lsmod.txt {LONG}")
    yield case("generate/from", f"generate pvh-domu --from {CLOUD} {tight} {LONG} --format json")
    yield case("generate/arm64", f"generate arm64-domu --kernel 6.12 --essentials none --expert {LONG}")
    yield from formats(
        "generate/impossible", f"generate pvh-domu --kernel 6.12 --forbid ACPI {LONG}", "config,json,html"
    )
    yield from formats("generate/unreachable", f"generate pvh-domu --from {DEMO} --kernel 6.12 {LONG}", "config,json")


def repair() -> Iterator[Case]:
    """The cheapest change."""
    every = "text+,fragment,json,html"
    yield from formats("repair/small", f"repair {SMALL} -p {GUEST} {LONG}", every)
    yield from formats("repair/demo", f"repair {DEMO} --kernel 6.12 -p pvh-domu {LONG}", "text,fragment,json,html")
    yield case("repair/small-output", f"repair {SMALL} -p {GUEST} {LONG} -o {{out}}/new.config")
    yield case("repair/cloud", f"repair {CLOUD} -p pv-domu -p devices-sharing {LONG} -o {{out}}/new.config")
    yield case("repair/amd64-tree", f"repair {AMD64} --tree linux -p no-pv {LONG}")
    yield case("repair/nothing-to-do", f"repair {AMD64} -p pvh-domu {LONG}")
    yield from formats("repair/impossible", f"repair {DEMO} --kernel 6.12 -p pv-domu -p no-pv {LONG}", "text,json,html")


def profiles() -> Iterator[Case]:
    """The profiles, and the rules of each."""
    yield from formats("profiles/all", "profiles", "text+,json")
    for name in (*MODES, *POLICIES, *BASES):
        yield from formats(f"profiles/{name}", f"profiles {name}", "text,json")
    yield from formats("profiles/ours", "profiles own/profiles/ours.toml", "text+,json")
    yield from formats("profiles/small", "profiles own/profiles/small.toml", "text,json")


def snapshot() -> Iterator[Case]:
    """Models in a file."""
    yield case("snapshot/small", "snapshot own/small -o {out}/small.kcfg")
    yield case("snapshot/x86_64", "snapshot linux -o {out}/x86_64.kcfg")
    yield case("snapshot/arm64-probes", "snapshot linux --arch arm64 --run-probes -o {out}/arm64.kcfg")
