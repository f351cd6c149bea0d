"""Whether a queue is of another project."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kcfg.base.errors import CannotEvaluate
from kcfg.sources.open import open_source
from patches.queues.queue import open_queue
from patches.relevance.foreign import Foreign, foreign, is_there, refuse, top_folders
from tests.kcfg.trees import write_tree
from tests.patches.relevance.queues import change, write_queue

TREE = {"Kconfig": "", "xen/a.c": "int a;\n", "tools/perf/t.c": "", "drivers/net/n.c": ""}


def found(folder: Path, *paths: str, created: dict[str, str] | None = None) -> Foreign:
    source = open_source(str(write_tree(folder / "linux", TREE)))
    queue = open_queue(str(write_queue(folder / "queue", {f"{n}.patch": change(path) for n, path in enumerate(paths)})))
    return foreign(source, queue.entries, created or {})


def test_the_top_folders_are_those_of_two_levels(tmp_path: Path) -> None:
    source = open_source(str(write_tree(tmp_path, TREE)))
    assert top_folders(source) == {"xen", "tools", "tools/perf", "drivers", "drivers/net"}


def test_a_file_is_there_inside_the_source_alone(tmp_path: Path) -> None:
    source = open_source(str(write_tree(tmp_path, TREE)))
    assert [is_there(source, path) for path in ("xen/a.c", "xen/b.c", "../x")] == [True, False, False]


@pytest.mark.parametrize(
    ("path", "counted", "folders"),
    [
        ("xen/gone.c", 1, {}),
        ("libs/x.c", 1, {"libs/": 1}),
        ("Config.mk", 1, {"Config.mk": 1}),
        ("Makefile", 1, {}),
        ("tools/libxl/x.c", 1, {"tools/libxl/": 1}),
        ("tools/perf/x.c", 1, {}),
        ("scripts/x.c", 0, {}),
        ("Documentation/x.rst", 0, {}),
    ],
)
def test_a_file_is_foreign_by_the_folder_at_its_top(
    tmp_path: Path, path: str, counted: int, folders: dict[str, int]
) -> None:
    assert found(tmp_path, path) == Foreign(counted, folders)


def test_new_files_do_not_count(tmp_path: Path) -> None:
    assert found(tmp_path, "libs/x.c", created={"libs/x.c": "0.patch"}) == Foreign(0, {})


def test_a_queue_of_another_project_is_refused_by_what_the_tree_lacks_most() -> None:
    assert (Foreign(2, {"a/": 1}).most, Foreign(3, {"a/": 2}).most, Foreign(0, {}).most) == (False, True, False)
    refuse(Foreign(2, {"a/": 1}), "queue")
    with pytest.raises(CannotEvaluate) as caught:
        refuse(Foreign(9, {"d/": 1, "b/": 2, "a/": 1, "c/": 4}), "queue")
    lacking = re.findall(r"\w+/|\d+", caught.value.message)
    assert lacking == ["8", "9", "c/", "b/", "a/"]
    assert caught.value.where == "queue"
