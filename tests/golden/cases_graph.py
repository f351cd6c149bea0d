"""Cases of the graph: the picture, and every question."""

from __future__ import annotations

from collections.abc import Iterator

from tests.golden.cases import Case, case, formats

DEMO = "examples/demo.config"
SMALL = "--tree own/small"
GUEST = "own/profiles/small.toml"
GRAPHS = "dot,graphml,json,mermaid,svg,png"


def cases() -> Iterator[Case]:
    """All of them."""
    yield from pictures()
    yield from exports()
    yield from questions()
    yield from questions_small()


def pictures() -> Iterator[Case]:
    """`graph --modes`."""
    for form in ("html", "svg", "png"):
        yield case(f"graph/picture/small/{form}", f"graph --modes {GUEST} {SMALL} --only -o {{out}}/small.{form}")
        yield case(
            f"graph/picture/6.12/{form}", f"graph --modes pvh-domu,pv-dom0 --kernel 6.12 --only -o {{out}}/xen.{form}"
        )
    yield case("graph/picture/config/svg", f"graph --modes pvh-domu --kernel 6.12 -c {DEMO} -o {{out}}/why.svg")
    yield case("graph/picture/slider", "graph picture --modes pv-domu,pvh-domu --kernel 6.12 -o {out}/xen.html")
    yield case("graph/picture/config/html", f"graph --modes pvh-domu --kernel 6.12 --only -c {DEMO} --format html")
    yield case("graph/picture/arm64", "graph --config configs/arm64 --only -o {out}/arm64.svg")
    yield case("graph/picture/tree", "graph --modes pv-domu --tree linux --only -o {out}/tree.svg")


def exports() -> Iterator[Case]:
    """`graph export`."""
    yield from formats("graph/export/small", f"graph export --all {SMALL} -c own/small.config", GRAPHS)
    yield from formats("graph/export/modes", "graph export --modes pv-domu,pvh-domu --kernel 6.12", "dot,json,mermaid")
    around = "graph export --symbol XEN_DOM0 --symbol pvh-domu --depth 2 --direction out --kernel 6.12"
    yield from formats("graph/export/around", around, "dot,graphml,svg")
    yield case("graph/export/in", "graph export --symbol XEN --direction in --kernel 5.10 -o {out}/xen.dot")
    yield case("graph/export/all", "graph export --all --kernel 6.12 --format json -o {out}/all.json")


def questions() -> Iterator[Case]:
    """The questions, to real kernels."""
    both, three = "text,json", "text,json,markdown"
    yield from formats("graph/path", "graph path XEN_DOM0 PARAVIRT_XXL --kernel 6.12", both)
    yield from formats("graph/path-mode", "graph path pvh-domu ACPI --tree linux --limit 3", both)
    yield from formats("graph/path-via", "graph path XEN_PVH PCI --kernel 6.12 --via depends --via selected-by", both)
    yield from formats("graph/no-path", "graph path ACPI XEN_DOM0 --kernel 5.10", both)
    yield from formats("graph/needs", "graph needs XEN_DOM0 --kernel 6.12", three)
    yield from formats("graph/needs-deep", "graph needs XEN_PVH --kernel 5.10 --depth 4 --ways 3", both)
    yield from formats("graph/needed-by", "graph needed-by PARAVIRT_XXL --kernel 6.12", three)
    yield from formats("graph/needed-by-config", f"graph needed-by XEN -c {DEMO} --kernel 6.12", both)
    yield from formats("graph/needed-by-amd64", "graph needed-by XEN_PV --config configs/amd64", both)
    yield from formats("graph/dominators", "graph dominators pvh-domu --kernel 6.12", three)
    yield from formats("graph/dominators-arm64", "graph dominators arm64-dom0 --tree linux --arch arm64", "text")
    yield from formats("graph/compare", "graph compare pv-dom0 pvh-dom0 --kernel 6.12 --kernel 5.10", three)
    yield from formats("graph/compare-all", "graph compare pv-domu pvh-domu", "text")
    yield from formats("graph/history", "graph history XEN_DOM0 --kernel 6.1 --kernel 6.12 --kernel 7.3", three)
    yield from formats("graph/history-all", "graph history XEN_PVHVM", "text")
    yield from formats("graph/history-tree", "graph history XEN --kernel 5.10 --tree linux", "text")
    yield from formats("graph/cycles", "graph cycles --kernel 6.12", both)


def questions_small() -> Iterator[Case]:
    """The questions, to a small tree: in every format and look."""
    both, three = "text+,json", "text+,json,markdown"
    yield from formats("graph/small/path", f"graph path XEN_DEMO_RING ACPI {SMALL}", both)
    yield from formats("graph/small/path-mode", f"graph path pvh-domu PCI {SMALL}", both)
    yield from formats("graph/small/needs", f"graph needs XEN_DEMO_RING {SMALL}", three)
    yield from formats("graph/small/needed-by", f"graph needed-by XEN -c own/small.config {SMALL}", three)
    yield from formats("graph/small/dominators", f"graph dominators {GUEST} {SMALL}", three)
    yield from formats("graph/small/compare", f"graph compare {GUEST} pvh-domu --kernel 6.12 {SMALL}", three)
    yield from formats("graph/small/history", f"graph history XEN_PVH --kernel 6.12 {SMALL}", three)
    yield from formats("graph/small/cycles", f"graph cycles {SMALL}", both)
    yield from formats("graph/small/circle", "graph cycles --tree own/circle", both)
    yield from formats("graph/small/never", f"graph needs HZ_1000 {SMALL}", three)
