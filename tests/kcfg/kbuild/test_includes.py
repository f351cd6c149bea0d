"""#include lines: where a name leads, and which options an #if asks for."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from kcfg.kbuild.condition import describe, holds
from kcfg.kbuild.includes import Includes, included, scan, tree_files
from kcfg.sources.open import open_source
from kcfg.sources.source import FILE_LIMIT
from tests.kcfg.trees import write_tree


def read(folder: Path, files: dict[str, str], arch: str = "x86_64") -> Includes:
    source = open_source(str(write_tree(folder, {"Kconfig": "", **files})))
    return scan(source, arch, tree_files(source, arch))


def includers(found: Includes, path: str) -> dict[str, str]:
    """Includer -> condition."""
    return {found.files[number]: describe(condition) for number, condition in found.of(found.number[path])}


def when(text: str, arch: str = "x86_64") -> list[str]:
    """The conditions of a file's includes."""
    return [describe(condition) for _, _, condition in included(text.encode(), arch)]


def guarded(test: str) -> str:
    """The condition of an include between a test and its #endif; "" when it cannot be there."""
    return "".join(when(f"#{test}\n#include <a.h>\n#endif\n"))


# Names


def test_a_quoted_name_is_looked_up_beside_the_includer_first(tmp_path: Path) -> None:
    found = read(tmp_path, {"a/x.c": '#include "y.h"\n', "a/y.h": "", "include/y.h": "", "b/z.c": '#include "y.h"\n'})
    assert includers(found, "a/y.h") == {"a/x.c": "always"}
    assert includers(found, "include/y.h") == {"b/z.c": "always"}


def test_the_architecture_s_folders_come_before_the_common_ones(tmp_path: Path) -> None:
    files = {
        "a.c": "#include <asm/one.h>\n#include <linux/two.h>\n#include <asm/three.h>\n#include <linux/four.h>\n"
        "#include <asm/five.h>\n",
        "arch/x86/include/asm/one.h": "",
        "arch/arm/include/asm/one.h": "",
        "include/asm-generic/one.h": "",
        "include/linux/two.h": "",
        "include/uapi/linux/two.h": "",
        "include/asm-generic/three.h": "",
        "include/uapi/linux/four.h": "",
        "include/uapi/asm-generic/five.h": "",
    }
    found = read(tmp_path, files)
    used = [path for path in found.files if found.includers[found.number[path]]]
    assert used == [
        "arch/x86/include/asm/one.h",
        "include/asm-generic/three.h",
        "include/linux/two.h",
        "include/uapi/asm-generic/five.h",
        "include/uapi/linux/four.h",
    ]


def test_a_folder_s_own_include_path_is_found_by_the_end_of_the_name(tmp_path: Path) -> None:
    files = {"drv/a/x.c": "#include <inc/y.h>\n", "drv/b/inc/y.h": "", "other/inc/y.h": ""}
    found = read(tmp_path, files)
    assert includers(found, "drv/b/inc/y.h") == {"drv/a/x.c": "always"}
    assert includers(found, "other/inc/y.h") == {}


def test_what_the_build_makes_is_no_file_of_the_tree(tmp_path: Path) -> None:
    found = read(tmp_path, {"a.c": "#include <generated/b.h>\n", "x/generated/b.h": "", "y/generated/b.h": ""})
    assert not any(found.includers)


def test_other_architectures_tools_and_documentation_take_no_part(tmp_path: Path) -> None:
    files = {
        "arch/arm/a.c": "",
        "arch/x86/a.c": "",
        "tools/a.c": "",
        "scripts/a.c": "",
        "Documentation/a.c": "",
        "k.c": "",
    }
    source = open_source(str(write_tree(tmp_path, {"Kconfig": "", **files})))
    assert tree_files(source, "x86_64") == ["arch/x86/a.c", "k.c"]
    assert tree_files(source, "arm64") == ["arch/arm/a.c", "k.c"]  # arm64 builds arch/arm/xen


def test_a_symbolic_link_out_of_the_tree_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/a.c").write_text("#include <b.h>\n")
    tree = write_tree(tmp_path / "tree", {"Kconfig": "", "include/b.h": ""})
    (tree / "link").symlink_to(tmp_path / "outside")
    (tree / "a.c").symlink_to(tmp_path / "outside/a.c")
    source = open_source(str(tree))
    assert tree_files(source, "x86_64") == ["include/b.h"]


def test_a_header_of_the_compiler_is_no_file_of_the_tree(tmp_path: Path) -> None:
    files = {"include/acpi/a.h": "#include <string.h>\n", "include/asm-generic/string.h": "", "usr/dummy/string.h": ""}
    assert not any(read(tmp_path / "far", files).includers)
    near = read(tmp_path / "near", {"drv/x/a.c": "#include <own.h>\n", "drv/x/inc/own.h": ""})
    assert includers(near, "drv/x/inc/own.h") == {"drv/x/a.c": "always"}


# Conditions


@pytest.mark.parametrize(
    ("test", "condition"),
    [
        ("if IS_ENABLED(CONFIG_A)", "A"),
        ("if IS_BUILTIN(CONFIG_A)", "A=y"),
        ("if IS_MODULE(CONFIG_A)", "A=m"),
        ("ifdef CONFIG_A_MODULE", "A=m"),
        ("if IS_ENABLED(CONFIG_A) && !IS_ENABLED(CONFIG_B)", "A && !B"),
        ("if !(IS_ENABLED(CONFIG_A) || IS_ENABLED(CONFIG_B))", "!A && !B"),
        ("if IS_ENABLED(CONFIG_A) /* why */", "A"),
        ("if IS_ENABLED(CONFIG_A) && \\\n IS_ENABLED(CONFIG_B)", "A && B"),
        ("ifndef GUARD_H", "always"),
        ("if CONFIG_A > 3", "always"),
        ("if IS_ENABLED(CONFIG_A) && CONFIG_B > 3", "A"),
        ("if FOO(CONFIG_A, 1) && IS_ENABLED(CONFIG_B)", "B"),
        ("if !FOO", "always"),
        ("if IS_ENABLED(CONFIG_A) ? 1 : 0", "always"),
        ("if ((((", "always"),
        ("ifdef CONFIG_X86_64", "always"),
        ("ifdef CONFIG_X86_32", ""),
    ],
)
def test_the_condition_of_an_include(test: str, condition: str) -> None:
    assert guarded(test) == condition


@pytest.mark.parametrize("test", ["ifdef CONFIG_A", "if defined(CONFIG_A)", "if defined CONFIG_A"])
def test_a_defined_symbol_is_y_or_a_text(test: str) -> None:
    (found,) = (condition for _, _, condition in included(f"#{test}\n#include <a.h>\n#endif\n".encode(), "x86_64"))
    assert [holds(found, {"A": value}) for value in ("y", "m", "n", "3")] == [True, False, False, True]


def test_else_and_elif_exclude_what_came_before() -> None:
    text = (
        "#if IS_ENABLED(CONFIG_A)\n#include <a>\n#elif IS_ENABLED(CONFIG_B)\n#include <b>\n"
        "#else\n#include <c>\n#endif\n#include <d>\n"
    )
    assert when(text) == ["A", "B && !A", "!A && !B", "always"]


def test_nested_tests_are_joined() -> None:
    text = "#if IS_ENABLED(CONFIG_A)\n# if IS_ENABLED(CONFIG_B)\n#  include <a>\n# endif\n#include <b>\n#endif\n"
    assert when(text) == ["A && B", "A"]


def test_an_else_of_an_unknown_test_may_be_there_too() -> None:
    assert when("#ifdef __ASSEMBLY__\n#include <a>\n#else\n#include <b>\n#endif\n") == ["always", "always"]


def test_a_directive_has_to_begin_its_line() -> None:
    assert when('text #include <a>\n/* #include <b> */\n  #include <c>\nx = "#if";\n') == ["always"]


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    tree = write_tree(tmp_path, {"Kconfig": "", "a.c": "#include <h.h>\n", "big.c": "", "include/h.h": ""})
    os.truncate(tree / "big.c", FILE_LIMIT + 1)
    source = open_source(str(tree))
    found = scan(source, "x86_64", tree_files(source, "x86_64"))
    assert found.lost == ("big.c",)
    assert includers(found, "include/h.h") == {"a.c": "always"}
    assert read(tmp_path / "b", {"a.c": "", "include/h.h": ""}).lost == ()


def test_two_includes_of_one_header_are_either(tmp_path: Path) -> None:
    text = "".join(f"#if IS_ENABLED(CONFIG_{name})\n#include <h.h>\n#endif\n" for name in "AB")
    found = read(tmp_path, {"a.c": text, "include/h.h": ""})
    assert includers(found, "include/h.h") == {"a.c": "A || B"}


def test_any_bytes_are_read(tmp_path: Path) -> None:
    assert when("#endif\n#else\n#elif x\n#include\n#include MACRO\n#if\n") == []
    tree = write_tree(tmp_path, {"Kconfig": "", "include/h.h": ""})
    (tree / "a.c").write_bytes(b"\xff\xfe#include <h.h>\n\x00\n#include <h.h>")
    source = open_source(str(tree))
    assert includers(scan(source, "x86_64", tree_files(source, "x86_64")), "include/h.h") == {"a.c": "always"}


@pytest.mark.parametrize(
    "text",
    [
        "#if IS_ENABLED(CONFIG_A)\n" * 5000 + "#include <h.h>\n" * 5000,
        "#if FOO\n" + "".join(f"#elif IS_ENABLED(CONFIG_A{i})\n#include <h.h>\n" for i in range(1000)),
        f"#if {' || '.join(f'IS_ENABLED(CONFIG_A{i})' for i in range(20000))}\n#include <h.h>\n",
        f"#if {'(' * 100000}CONFIG_A\n#include <h.h>\n",
    ],
    ids=["nested", "elif", "or", "parentheses"],
)
def test_a_hostile_file_takes_no_longer_than_its_size(text: str) -> None:
    start = time.process_time()
    assert when(text)
    assert time.process_time() - start < 10
