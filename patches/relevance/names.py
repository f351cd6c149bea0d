"""What the name of a file says of it, wherever it is: pure functions of a path."""

from __future__ import annotations

SOURCES = (".c", ".S", ".s", ".rs")
VARIANTS = ("nvhe",)
"""A second object of a source by a pattern rule: arch/arm64/kvm/hyp/nvhe/Makefile has %.nvhe.o: %.c."""
MADE_OF = {"asn1": "asn1", "dts": "dtb", "dtso": "dtbo"}
"""What the object of a file that is no source is called (scripts/Makefile.build, scripts/Makefile.lib)."""
DEVICE_TREES = (".dts", ".dtsi", ".dtso")
DOCUMENTS = (".rst", ".txt", ".md", ".gitignore", ".mailmap", ".editorconfig", ".clang-format")
DOCUMENT_NAMES = frozenset(("MAINTAINERS", "CREDITS", "COPYING", "README", "TODO", "Changes"))
DOCUMENT_FOLDERS = ("Documentation", "LICENSES")
TOOL_FOLDERS = ("tools", "scripts")


def base(path: str) -> str:
    """A path without its folders."""
    return path.rpartition("/")[2]


def stem(path: str) -> str:
    """A file's name without its end, "-" and "_" being the same."""
    return base(path).rpartition(".")[0].replace("-", "_")


def is_makefile(path: str) -> bool:
    """Whether a file is read by make."""
    name = base(path)
    return name in ("Makefile", "Kbuild") or name.startswith(("Makefile.", "Kbuild.")) or name.endswith(".mk")


def is_kconfig(path: str) -> bool:
    """Whether a file is read by Kconfig."""
    return base(path).startswith("Kconfig")


def is_document(path: str) -> bool:
    """Whether nothing of a file is ever built: documentation."""
    if path.partition("/")[0] in DOCUMENT_FOLDERS or base(path) in DOCUMENT_NAMES:
        return True
    return path.endswith(DOCUMENTS) and not is_kconfig(path)


def object_names(path: str) -> list[str]:
    """What the objects of a source file are called, if it is one."""
    front, _, end = path.rpartition(".")
    if f".{end}" in SOURCES:
        return [f"{front}.o", *(f"{front}.{variant}.o" for variant in VARIANTS)]
    return [f"{front}.{MADE_OF[end]}.o"] if end in MADE_OF else []
