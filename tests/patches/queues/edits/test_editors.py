"""Which module edits which format, and files as they would be after an edit."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from kcfg.base.errors import UserError
from patches.queues.edit import EDITORS
from patches.queues.files import DiskFiles
from patches.queues.formats import lines_edit, recipe_edit, spec_edit, yocto_edit
from patches.queues.overlay import EditedFiles


@pytest.mark.parametrize(
    ("module", "formats"),
    [
        (lines_edit, {"quilt", "suse", "folder", "openwrt", "buildroot"}),
        (spec_edit, {"spec"}),
        (yocto_edit, {"yocto"}),
        (recipe_edit, {"apkbuild", "pkgbuild", "ebuild"}),
    ],
)
def test_a_format_is_edited_by_the_module_of_its_kind(module: ModuleType, formats: set[str]) -> None:
    assert {name for name, editor in EDITORS.items() if editor is module.remove} == formats


def test_edited_files_have_the_new_texts_and_none_of_what_is_gone(tmp_path: Path) -> None:
    for name in ("series", "a.patch", "b.patch"):
        (tmp_path / name).write_text(f"{name}\n")
    disk = DiskFiles(str(tmp_path))
    edited = EditedFiles(disk, {disk.find("series"): b"b.patch\n", disk.find("a.patch"): None})
    assert (edited.read("series"), edited.read("b.patch")) == (b"b.patch\n", b"b.patch\n")
    assert (edited.find("a.patch"), edited.find("b.patch")) == ("", disk.find("b.patch"))
    assert (edited.ident("series"), edited.ident("b.patch")) == ("", disk.ident("b.patch"))
    assert sorted(edited.walk()) == sorted(one for one in disk.walk() if not one.endswith("a.patch"))
    with pytest.raises(UserError, match="no such file"):
        edited.read("a.patch")
