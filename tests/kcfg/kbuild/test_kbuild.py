"""Makefiles: which options build which objects, on trees of a few lines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from kcfg.kbuild.condition import (
    ALWAYS,
    ASKED,
    NEVER,
    OTHER,
    AllOf,
    AnyOf,
    AskedKind,
    Condition,
    M,
    N,
    Undecidable,
    ValueTest,
    Y,
    both,
    describe,
    either,
    holds,
    negate,
)
from kcfg.kbuild.modules import parse_lsmod
from kcfg.kbuild.read import read_kbuild
from kcfg.kbuild.tree import Built, Kbuild
from kcfg.sources.open import open_source
from tests.kcfg.trees import write_tree


def read(folder: Path, files: str | Mapping[str, str], arch: str = "x86_64") -> Kbuild:
    """A tree's Makefiles; a text is the top Kbuild."""
    if isinstance(files, str):
        files = {"Kbuild": files}
    return read_kbuild(open_source(str(write_tree(folder, {"Kconfig": "", **files}))), arch)


def built(kbuild: Kbuild, **config: str) -> dict[str, str]:
    """Object -> y or m."""
    return {path: it.value for path, it in kbuild.built(config).objects.items()}


def when(kbuild: Kbuild, path: str) -> str:
    return describe(kbuild.objects[path].condition)


def answer(built: Built, path: str) -> tuple[tuple[str, ...], str, int]:
    it = built.objects[path]
    return it.symbols, it.file, it.line


# Lists of objects.


def test_an_object_of_obj_y_is_always_built(tmp_path: Path) -> None:
    assert built(read(tmp_path, "obj-y := a.o")) == {"a.o": "y"}


def test_an_object_is_built_as_its_symbol_says(tmp_path: Path) -> None:
    kbuild = read(tmp_path, "obj-$(CONFIG_A) += a.o")
    assert (built(kbuild, A="y"), built(kbuild, A="m"), built(kbuild, A="n"), built(kbuild)) == (
        {"a.o": "y"},
        {"a.o": "m"},
        {},
        {},
    )
    assert when(kbuild, "a.o") == "A"


def test_an_object_that_is_built_in_is_no_module_too(tmp_path: Path) -> None:
    kbuild = read(tmp_path, "obj-$(CONFIG_A) += a.o\nobj-$(CONFIG_B) += a.o")
    assert built(kbuild, A="y", B="m") == {"a.o": "y"}


def test_the_parts_of_a_composite_replace_it(tmp_path: Path) -> None:
    kbuild = read(tmp_path, "obj-$(CONFIG_A) += all.o\nall-y := one.o\nall-objs += two.o\nall-$(CONFIG_B) += three.o")
    assert built(kbuild, A="m") == {"one.o": "m", "two.o": "m"}
    assert built(kbuild, A="m", B="y") == {"one.o": "m", "two.o": "m", "three.o": "m"}


def test_a_part_that_is_m_belongs_only_to_a_module(tmp_path: Path) -> None:
    kbuild = read(tmp_path, "obj-$(CONFIG_A) += all.o\nall-y := one.o\nall-$(CONFIG_B) += two.o")
    assert built(kbuild, A="y", B="m") == {"one.o": "y"}
    assert built(kbuild, A="m", B="m") == {"one.o": "m", "two.o": "m"}


def test_a_composite_whose_parts_are_all_off_is_not_a_source_file(tmp_path: Path) -> None:
    assert built(read(tmp_path, "obj-y += all.o\nall-$(CONFIG_B) += two.o")) == {}


def test_an_object_without_parts_for_its_kind_is_its_own_source(tmp_path: Path) -> None:
    kbuild = read(tmp_path, "obj-$(CONFIG_A) += all.o\nall-$(subst y,,$(CONFIG_B)) += two.o")
    assert built(kbuild, A="y", B="m") == {"all.o": "y"}


def test_library_objects_are_built_wherever_make_comes(tmp_path: Path) -> None:
    kbuild = read(
        tmp_path, {"Kbuild": "obj-m += d/", "d/Makefile": "lib-y += a.o\nlib-$(CONFIG_B) += b.o\nobj-y += c.o"}
    )
    assert built(kbuild, B="m") == {"d/a.o": "y", "d/b.o": "y"}


def test_a_library_object_that_obj_y_has_is_not_counted_twice(tmp_path: Path) -> None:
    kbuild = read(tmp_path, "obj-y += a.o\nlib-y += a.o")
    assert len(kbuild.objects["a.o"].listings) == 1


# Folders.


def test_a_folder_passes_its_condition_on(tmp_path: Path) -> None:
    kbuild = read(tmp_path, {"Kbuild": "obj-$(CONFIG_D) += d/", "d/Makefile": "obj-y += a.o\nobj-$(CONFIG_B) += b.o"})
    assert (when(kbuild, "d/a.o"), when(kbuild, "d/b.o")) == ("D=y", "(D=y && B=y) || (D && B=m)")


def test_obj_y_in_a_folder_of_modules_is_not_built(tmp_path: Path) -> None:
    kbuild = read(tmp_path, {"Kbuild": "obj-$(CONFIG_D) += d/", "d/Makefile": "obj-y += a.o\nobj-m += b.o"})
    assert built(kbuild, D="m") == {"d/b.o": "m"}


def test_subdir_y_is_visited_for_modules_only(tmp_path: Path) -> None:
    kbuild = read(tmp_path, {"Kbuild": "subdir-y += d", "d/Makefile": "obj-y += a.o\nobj-m += b.o"})
    assert built(kbuild) == {"d/b.o": "m"}


def test_kbuild_goes_before_makefile(tmp_path: Path) -> None:
    files = {"Kbuild": "obj-y += d/", "d/Kbuild": "obj-y += a.o", "d/Makefile": "obj-y += b.o"}
    assert built(read(tmp_path, files)) == {"d/a.o": "y"}


def test_a_folder_with_two_ways_is_visited_by_either(tmp_path: Path) -> None:
    files = {"Kbuild": "obj-$(CONFIG_A) += d/\nobj-$(CONFIG_B) += d/", "d/Makefile": "obj-y += a.o"}
    assert when(read(tmp_path, files), "d/a.o") == "A=y || B=y"


def test_a_folder_that_lists_itself_ends(tmp_path: Path) -> None:
    files = {"Kbuild": "obj-y += d/", "d/Makefile": "obj-y += a.o ../d/"}
    assert built(read(tmp_path, files)) == {"d/a.o": "y"}


def test_a_path_above_the_folder_is_made_plain(tmp_path: Path) -> None:
    files = {"Kbuild": "obj-y += d/e/", "d/e/Makefile": "obj-y += ../../f/a.o"}
    assert built(read(tmp_path, files)) == {"f/a.o": "y"}


def test_a_folder_without_a_makefile_is_undecidable(tmp_path: Path) -> None:
    found = read(tmp_path, "obj-y += gone/").undecidable
    assert found == (Undecidable("", "gone/Makefile", 0, AskedKind.MAKEFILE),)


def test_the_architecture_names_folders_in_core_y_drivers_y_and_libs_y(tmp_path: Path) -> None:
    files = {
        "Makefile": "VERSION = 6\nPATCHLEVEL = 1\nlibs-y := lib/\ninclude $(srctree)/arch/$(SRCARCH)/Makefile\n",
        "arch/x86/Makefile": "core-y += arch/x86/core/\ndrivers-$(CONFIG_PCI) += arch/x86/pci/",
        "lib/Makefile": "lib-y := a.o",
        "arch/x86/core/Makefile": "obj-y := b.o",
        "arch/x86/pci/Makefile": "obj-y := c.o",
    }
    assert built(read(tmp_path, files), PCI="y") == dict.fromkeys(
        ("lib/a.o", "arch/x86/core/b.o", "arch/x86/pci/c.o"), "y"
    )


def test_an_exported_variable_reaches_the_folders(tmp_path: Path) -> None:
    files = {
        "Makefile": "VERSION = 6\nPATCHLEVEL = 1\nexport BITS := 64\nHIDDEN := 1\n",
        "Kbuild": "obj-y += a_$(BITS)$(HIDDEN).o",
    }
    assert built(read(tmp_path, files)) == {"a_64.o": "y"}


@pytest.mark.parametrize(("arch", "names"), [("x86_64", {"a_64.o"}), ("i386", {"a_32.o"})])
def test_what_the_architecture_decides_is_no_condition(tmp_path: Path, arch: str, names: set[str]) -> None:
    text = "ifeq ($(CONFIG_X86_32),y)\nBITS := 32\nelse\nBITS := 64\nendif\nobj-y += a_$(BITS).o"
    kbuild = read(tmp_path, text, arch)
    assert set(kbuild.objects) == names
    assert [it.condition for it in kbuild.objects.values()] == [ALWAYS]


# Conditionals.


@pytest.mark.parametrize(
    ("test", "condition"),
    [
        ("ifdef CONFIG_A", "A"),
        ("ifndef CONFIG_A", "!A"),
        ("ifeq ($(CONFIG_A),y)", "A=y"),
        ("ifeq ($(CONFIG_A), y)", "A=y"),
        ('ifeq "$(CONFIG_A)" "y"', "A=y"),
        ("ifneq ($(CONFIG_A),y)", "A!=y"),
        ("ifneq ($(CONFIG_A),)", "A"),
        ("ifeq ($(CONFIG_A),m)", "A=m"),
        ("ifeq ($(CONFIG_A)$(CONFIG_B),yy)", "A=y && B=y"),
        ("ifneq ($(CONFIG_A)$(CONFIG_B),)", "A || B"),
        ("ifneq ($(filter y,$(CONFIG_A) $(CONFIG_B)),)", "A=y || B=y"),
        ("ifneq ($(filter m,$(CONFIG_A)),)", "A=m"),
        ("ifeq ($(CONFIG_A),4)", "A=4"),
        ("ifneq ($(CONFIG_A),4)", "A!=4"),
    ],
)
def test_a_conditional_becomes_the_condition(tmp_path: Path, test: str, condition: str) -> None:
    assert when(read(tmp_path, f"{test}\nobj-y += a.o\nendif"), "a.o") == condition


def test_else_has_the_opposite_condition(tmp_path: Path) -> None:
    kbuild = read(tmp_path, "ifdef CONFIG_A\nobj-y += a.o\nelse\nobj-y += b.o\nendif\nobj-y += c.o")
    assert [when(kbuild, path) for path in ("a.o", "b.o", "c.o")] == ["A", "!A", "always"]


def test_else_if_excludes_what_went_before(tmp_path: Path) -> None:
    text = "ifdef CONFIG_A\nobj-y += a.o\nelse ifdef CONFIG_B\nobj-y += b.o\nelse\nobj-y += c.o\nendif"
    kbuild = read(tmp_path, text)
    assert [when(kbuild, path) for path in ("a.o", "b.o", "c.o")] == ["A", "!A && B", "!A && !B"]


def test_nested_conditionals_are_conjoined(tmp_path: Path) -> None:
    text = "ifdef CONFIG_A\n  ifeq ($(CONFIG_B),y)\n    obj-$(CONFIG_C) += a.o\n  endif\nendif"
    assert when(read(tmp_path, text), "a.o") == "A && B=y && C"


def test_ifdef_of_a_variable_asks_whether_it_was_set(tmp_path: Path) -> None:
    text = "ifdef CONFIG_A\nflag := 1\nendif\nifdef flag\nobj-y += a.o\nendif\nifdef unset\nobj-y += b.o\nendif"
    kbuild = read(tmp_path, text)
    assert {path: when(kbuild, path) for path in kbuild.objects} == {"a.o": "A"}


def test_both_branches_that_list_an_object_make_it_unconditional(tmp_path: Path) -> None:
    text = "ifdef CONFIG_A\nobj-y += a.o\nelse\nobj-y += a.o b.o\nendif"
    assert when(read(tmp_path, text), "a.o") == "always"


# Variables and functions.


def test_an_assignment_replaces_what_was_there(tmp_path: Path) -> None:
    assert built(read(tmp_path, "obj-y := a.o\nobj-y := b.o")) == {"b.o": "y"}


def test_a_conditional_assignment_replaces_only_then(tmp_path: Path) -> None:
    kbuild = read(tmp_path, "x := a.o\nifdef CONFIG_A\nx := b.o\nendif\nobj-y += $(x)")
    assert (when(kbuild, "a.o"), when(kbuild, "b.o")) == ("!A", "A")


def test_a_recursive_variable_sees_what_comes_later(tmp_path: Path) -> None:
    text = "all-y = $(later) $(now)\nnow := one.o\nlater := two.o\nobj-y += all.o"
    assert set(built(read(tmp_path, text))) == {"one.o", "two.o"}


def test_a_simple_variable_does_not_see_what_comes_later(tmp_path: Path) -> None:
    assert set(built(read(tmp_path, "x := $(later) a.o\nlater := b.o\nobj-y += $(x)"))) == {"a.o"}


def test_a_question_mark_assigns_what_is_not_set(tmp_path: Path) -> None:
    assert set(built(read(tmp_path, "x := a\ny ?= b\nx ?= c\nobj-y += $(x).o $(y).o"))) == {"a.o", "b.o"}


def test_a_variable_that_refers_to_itself_is_undecidable(tmp_path: Path) -> None:
    kbuild = read(tmp_path, "x = $(x) a.o\nobj-y += b.o $(x)")
    assert [(it.kind, it.text) for it in kbuild.undecidable] == [(AskedKind.OWN, "x")]


def test_continuations_and_comments(tmp_path: Path) -> None:
    assert set(built(read(tmp_path, "obj-y += a.o \\\n\tb.o # c.o\n# obj-y += d.o\n"))) == {"a.o", "b.o"}


@pytest.mark.parametrize(
    ("text", "objects"),
    [
        ("$(addprefix d/,a.o b.o)", {"d/a.o", "d/b.o"}),
        ("$(addsuffix .o,a b)", {"a.o", "b.o"}),
        ("$(patsubst %.c,%.o,a.c)", {"a.o"}),
        ("$(x:.c=.o)", {"x.o"}),
        ("$(subst -,_,a-b.o)", {"a_b.o"}),
        ("$(filter-out b.o,a.o b.o)", {"a.o"}),
        ("$(filter %a.o,aa.o b.o)", {"aa.o"}),
        ("$(sort b.o a.o b.o)", {"a.o", "b.o"}),
        ("$(notdir d/a.o)", {"a.o"}),
        ("$(basename a.c).o", {"a.o"}),
        ("$(foreach f,a b,$(f).o)", {"a.o", "b.o"}),
        ("$(call name,a)", {"name-a.o"}),
        ("$(if $(x),a.o,b.o) $(if $(unset),c.o,d.o)", {"a.o", "d.o"}),
        ("$(or $(unset),a.o)", {"a.o"}),
        ("$(and $(x),a.o) $(and $(unset),b.o)", {"a.o"}),
        ("$(word 2,a.o b.o)", {"b.o"}),
        ("$(firstword a.o b.o) $(lastword c.o d.o)", {"a.o", "d.o"}),
        ("$(strip a.o)", {"a.o"}),
        ("$(if $(findstring x,$(x)),a.o)", {"a.o"}),
        ("${y}.o", {"b.o"}),
    ],
)
def test_functions(tmp_path: Path, text: str, objects: set[str]) -> None:
    assert set(built(read(tmp_path, f"x := x.c\ny := b\nname = name-$(1).o\nobj-y += {text}"))) == objects


def test_subst_of_m_by_y_builds_in_what_is_a_module(tmp_path: Path) -> None:
    kbuild = read(tmp_path, "obj-$(subst m,y,$(CONFIG_A)) += a.o")
    assert built(kbuild, A="m") == {"a.o": "y"}


def test_a_condition_goes_through_a_function(tmp_path: Path) -> None:
    kbuild = read(tmp_path, "x-$(CONFIG_A) := a.c b.c\nobj-y += $(x-y:.c=.o)")
    assert (when(kbuild, "a.o"), when(kbuild, "b.o")) == ("A=y", "A=y")


def test_a_list_that_symbols_cut_down(tmp_path: Path) -> None:
    kbuild = read(tmp_path, "no-$(CONFIG_A) := a.o\nobj-y += $(filter-out $(no-y),a.o b.o)")
    assert (when(kbuild, "a.o"), when(kbuild, "b.o")) == ("A!=y", "always")


def test_an_included_file_is_read_in_its_place(tmp_path: Path) -> None:
    files = {
        "Kbuild": "obj-y += d/",
        "d/Makefile": "include $(src)/e/Kbuild\nobj-$(CONFIG_A) += $(list)",
        "d/e/Kbuild": "list := a.o",
    }
    assert when(read(tmp_path, files), "d/a.o") == "A"


def test_an_include_that_is_missing_is_undecidable_unless_it_may_be(tmp_path: Path) -> None:
    kbuild = read(tmp_path, "include $(src)/gone\n-include $(src)/gone_too")
    assert kbuild.undecidable == (Undecidable("include $(src)/gone", "Kbuild", 1),)


def test_recipes_and_defines_are_not_read_as_assignments(tmp_path: Path) -> None:
    text = "all: x\n\tobj-y += a.o\n\ndefine f\nobj-y += b.o\nendef\nobj-y += c.o"
    assert set(built(read(tmp_path, text))) == {"c.o"}


def test_a_variable_of_one_target_is_not_one_of_the_file(tmp_path: Path) -> None:
    assert built(read(tmp_path, "$(obj)/x.o: obj-y := a.o\n$(obj)/x.o: private obj-y = b.o\n")) == {}


# Rules.


def test_what_a_rule_links_is_built(tmp_path: Path) -> None:
    files = {
        "Kbuild": "obj-y += v/",
        "v/Makefile": """\
            obj-y += image.o
            objs-$(CONFIG_A) := a.o
            $(obj)/image.o: $(obj)/image.so
            $(obj)/%.so: $(addprefix $(obj)/,$(objs-y) b.o) FORCE
            \tlink
            $(obj)/unused: $(obj)/c.o
            """,
    }
    kbuild = read(tmp_path, files)
    assert {path: when(kbuild, path) for path in kbuild.objects} == {
        "v/image.o": "always",
        "v/a.o": "A=y",
        "v/b.o": "always",
    }


def test_a_recipe_that_calls_make_for_another_folder_is_followed(tmp_path: Path) -> None:
    files = {
        "Makefile": "VERSION = 6\nPATCHLEVEL = 1\ninclude $(srctree)/arch/x86/Makefile\n",
        "arch/x86/Makefile": "boot := arch/x86/boot\nbzImage: vmlinux\n\t$(Q)$(MAKE) $(build)=$(boot) $(boot)/$@\n",
        "arch/x86/boot/Makefile": "$(obj)/bzImage: $(obj)/main.o FORCE\n\tlink\nother-y := no.o\n",
    }
    assert built(read(tmp_path, files)) == {"arch/x86/boot/main.o": "y"}


def test_an_object_made_of_another_object_has_no_source(tmp_path: Path) -> None:
    kbuild = read(tmp_path, "lib-y := a.stub.o\n$(obj)/%.stub.o: $(obj)/%.o FORCE\n\tobjcopy\n")
    assert set(kbuild.objects) == {"a.o"}


# What cannot be known.


def test_what_a_shell_decides_is_kept_apart(tmp_path: Path) -> None:
    kbuild = read(
        tmp_path, "ifeq ($(shell uname),Linux)\nobj-y += a.o\nendif\nobj-$(shell echo y) += b.o\nobj-y += c.o"
    )
    result = kbuild.built({})
    assert set(result.objects) == {"c.o"}
    assert {path: [it.line for it in why] for path, why in result.undecidable.items()} == {"a.o": [1], "b.o": [4]}


def test_a_shell_that_cannot_matter_does_not(tmp_path: Path) -> None:
    kbuild = read(tmp_path, "ifeq ($(shell uname),Linux)\nobj-$(CONFIG_A) += a.o\nendif")
    result = kbuild.built({})
    assert (dict(result.objects), dict(result.undecidable)) == ({}, {})


def test_names_from_a_shell_are_recorded_with_their_line(tmp_path: Path) -> None:
    kbuild = read(tmp_path, "obj-y += a.o\nobj-y += $(shell ls)")
    assert kbuild.undecidable == (Undecidable("$(shell ls)", "Kbuild", 2),)


def test_nothing_is_executed(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    read(tmp_path, f"x := $(shell touch {mark})\ny != touch {mark}\nobj-y += $(x) $(y)")
    assert not mark.exists()


def test_a_link_that_leads_out_of_the_tree_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("obj-y += stolen.o")
    tree = write_tree(tmp_path / "tree", {"Kconfig": "", "Kbuild": "include ../secret\n-include link"})
    (tree / "link").symlink_to(tmp_path / "secret")
    assert read_kbuild(open_source(str(tree)), "x86_64").objects == {}


# The hostile.


@pytest.mark.parametrize(
    "text",
    [
        "obj-y += $(",
        "obj-y += $",
        "obj-$(CONFIG_ += a.o",
        "ifeq (\nobj-y += a.o",
        "else\nendif\nendif",
        "include Kbuild",
        "$(x): $(y): $(z)\n\tfoo",
        "x = $(call x)\nobj-y += $(call x)",
        "obj-y += $(word 99999999999,a.o) $(subst) $(patsubst a) $(foreach a) $(filter a)",
        "= a.o",
        "\\",
        "obj-y += " + "".join(f"$(CONFIG_{i})" for i in range(40)) + ".o",
        "x := $(foreach a,1 2 3 4 5 6 7 8 9,$(foreach b,1 2 3 4 5 6 7 8 9,$(a)$(b).o))\nobj-y += $(x)",
    ],
)
def test_odd_lines_end_well(tmp_path: Path, text: str) -> None:
    read(tmp_path, text).built({})


def test_an_unknown_architecture_is_the_users_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such architecture"):
        read(tmp_path, "", "vax")


# What decides.


def test_the_innermost_line_with_a_condition_decides(tmp_path: Path) -> None:
    files = {
        "Kbuild": "obj-y += x.o\nobj-$(CONFIG_D) += d/",
        "d/Makefile": "obj-y += a.o\nobj-$(CONFIG_B) += b.o\nb-y := p.o\nb-$(CONFIG_C) += q.o",
    }
    result = read(tmp_path, files).built({"D": "y", "B": "y", "C": "y"})
    assert [answer(result, path) for path in ("x.o", "d/a.o", "d/p.o", "d/q.o")] == [
        ((), "Kbuild", 1),
        (("D",), "Kbuild", 2),
        (("B",), "d/Makefile", 2),
        (("C",), "d/Makefile", 4),
    ]


def test_the_line_that_holds_decides_when_several_list_an_object(tmp_path: Path) -> None:
    kbuild = read(tmp_path, "obj-$(CONFIG_A) += a.o\nobj-$(CONFIG_B) += a.o")
    assert answer(kbuild.built({"B": "y"}), "a.o") == (("B",), "Kbuild", 2)


# Conditions.


def test_objects_are_counted_by_the_condition_under_which_they_are_built(tmp_path: Path) -> None:
    files = {
        "Kbuild": "obj-y += x.o\nobj-$(CONFIG_D) += d/",
        "d/Makefile": "obj-y += a.o e/\nobj-$(CONFIG_B) += b.o\nb-y := p.o r.o\nb-$(CONFIG_C) += q.o",
        "d/e/Makefile": "obj-y += f.o",
    }
    counts = read(tmp_path, files).conditions()
    by_config = {
        config: sum(count for condition, count in counts.items() if holds(condition, dict.fromkeys(config, "y")))
        for config in ("", "D", "B", "DB", "DC", "DBC")
    }
    assert by_config == {"": 1, "D": 3, "B": 1, "DB": 5, "DC": 3, "DBC": 6}


# Modules.


def test_a_module_is_named_by_its_object(tmp_path: Path) -> None:
    text = "obj-$(CONFIG_F) += xen-f.o\nobj-$(CONFIG_G) += xen-g.o\nxen-g-y := a.o b.o"
    kbuild = read(tmp_path, text)
    assert kbuild.module_symbols(["xen_f", "xen-g", "a", "gone"]) == {
        "xen_f": ("F",),
        "xen-g": ("G",),
        "a": None,
        "gone": None,
    }


def test_a_module_that_its_folder_decides(tmp_path: Path) -> None:
    kbuild = read(tmp_path, {"Kbuild": "obj-$(CONFIG_D) += d/", "d/Makefile": "obj-m += a.o"})
    assert kbuild.module_symbols(["a"]) == {"a": ("D",)}


def test_a_module_of_two_symbols_has_both_in_order(tmp_path: Path) -> None:
    kbuild = read(tmp_path, "obj-$(CONFIG_B) += a.o\nobj-$(CONFIG_A) += a.o")
    assert kbuild.module_symbols(["a"]) == {"a": ("B", "A")}


def test_a_bool_makes_no_module(tmp_path: Path) -> None:
    files = {"Kbuild": "obj-$(CONFIG_B) += kvm.o\nobj-y += d/", "d/Makefile": "obj-$(CONFIG_T) += kvm.o"}
    assert read(tmp_path, files).module_symbols(["kvm"], tristate={"T"}) == {"kvm": ("T",)}


LSMOD = """\
Module                  Size  Used by
xen_blkfront           53248  4
xen_netfront           49152  0
libcrc32c              12288  3 nf_nat,nf_conntrack,xfs
nvidia              56000000  -1 [permanent]
"""
PROC_MODULES = "xen_blkfront 53248 4 - Live 0x0000000000000000\nlibcrc32c 12288 2 nf_nat,xfs, Live 0x0000 (OE)\n"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (LSMOD, ("xen_blkfront", "xen_netfront", "libcrc32c", "nvidia")),
        (PROC_MODULES, ("xen_blkfront", "libcrc32c")),
        ("# mine\nxen-blkfront\n\next4.ko\nxen_blkfront\n", ("xen_blkfront", "ext4")),
        ("8021q\r\nloop\r\n", ("8021q", "loop")),
    ],
)
def test_lists_of_modules(text: str, names: tuple[str, ...]) -> None:
    assert parse_lsmod(text) == names


@pytest.mark.parametrize(
    ("text", "line"),
    [("ext4\nxfs size\n", 2), ("/lib/modules/ext4.ko\n", 1), ("ext4 1 2\n<html>\n", 2), ("\x00\x01", 1)],
)
def test_a_line_that_is_no_module_is_named(text: str, line: int) -> None:
    with pytest.raises(UserError) as caught:
        parse_lsmod(text)
    assert caught.value.where == f"line {line}"


@pytest.mark.parametrize("text", ["", "\n\n", "Module Size Used by\n"])
def test_a_list_without_a_module_is_an_error(text: str) -> None:
    with pytest.raises(UserError, match="no module"):
        parse_lsmod(text)


# Conditions.

A_Y, A_M, B_Y = ValueTest("A", Y), ValueTest("A", M), ValueTest("B", Y)
UNDECIDABLE = Undecidable("$(shell x)", "Makefile", 1)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (both(A_Y, A_M), NEVER),
        (both(A_Y, negate(A_Y)), NEVER),
        (either(A_Y, negate(A_Y)), ALWAYS),
        (either(A_Y, A_M), ValueTest("A", Y | M)),
        (both(ValueTest("A", Y | M), A_Y), A_Y),
        (either(both(B_Y, A_Y), both(B_Y, negate(A_Y))), B_Y),
        (either(B_Y, both(B_Y, A_Y)), B_Y),
        (both(A_Y, AnyOf((A_Y, B_Y))), A_Y),
        (both(A_M, AnyOf((A_Y, B_Y))), AllOf((A_M, B_Y))),
        (negate(AllOf((A_Y, B_Y))), AnyOf((ValueTest("A", N | M | OTHER), ValueTest("B", N | M | OTHER)))),
        (both(UNDECIDABLE, NEVER), NEVER),
        (either(UNDECIDABLE, ALWAYS), ALWAYS),
    ],
)
def test_conditions_are_joined(condition: Condition, expected: Condition) -> None:
    assert condition == expected


@pytest.mark.parametrize("kind", AskedKind)
def test_every_kind_of_question_is_described_with_its_text(kind: AskedKind) -> None:
    said = describe(Undecidable("$(X)", "Makefile", 1, kind))
    assert said == f"<{ASKED[kind].format('$(X)')}>"
    with_text = (AskedKind.TEXT, AskedKind.OWN, AskedKind.ENDLESS, AskedKind.WORDS, AskedKind.NESTED)
    assert ("$(X)" in said) is (kind in with_text)


@pytest.mark.parametrize(
    ("condition", "config", "verdict"),
    [
        (A_Y, {"A": "y"}, True),
        (A_Y, {"A": "m"}, False),
        (ValueTest("A", N), {"A": "n"}, True),
        (ValueTest("A", N), {}, True),
        (ValueTest("A", OTHER), {"A": "64"}, True),
        (AllOf((A_Y, UNDECIDABLE)), {"A": "y"}, None),
        (AllOf((A_Y, UNDECIDABLE)), {}, False),
        (AnyOf((A_Y, UNDECIDABLE)), {"A": "y"}, True),
        (AnyOf((A_Y, UNDECIDABLE)), {}, None),
    ],
)
def test_what_is_undecidable_counts_only_where_it_matters(
    condition: Condition, config: dict[str, str], verdict: bool | None
) -> None:
    assert holds(condition, config) is verdict


def test_variables_that_double_are_not_known_and_take_no_time(tmp_path: Path) -> None:
    doubles = "V1 = a\n" + "".join(f"V{i + 1} = $(V{i}) $(V{i})\n" for i in range(1, 41))
    kbuild = read(tmp_path, f"{doubles}obj-y += $(V41).o b.o")
    assert built(kbuild) == {"b.o": "y"}
    assert kbuild.undecidable


def test_many_words_are_words_and_too_many_are_not_known(tmp_path: Path) -> None:
    assert len(built(read(tmp_path / "a", "A = " + "a.o " * 3 + "b.o\nobj-y += $(A)"))) == 2
    doubles = "V1 := a.o a.o\n" + "".join(f"V{i + 1} := $(V{i}) $(V{i})\n" for i in range(1, 20))
    kbuild = read(tmp_path / "b", f"{doubles}obj-y += $(V20)")
    assert AskedKind.WORDS in {one.kind for one in kbuild.undecidable}


def test_a_pattern_that_makes_longer_and_longer_names_ends(tmp_path: Path) -> None:
    assert built(read(tmp_path, "obj-y += a.o\n%: %.c\n%.c: %.c.c\n")) == {"a.o": "y"}
