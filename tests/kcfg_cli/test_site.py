"""A site: what stands in it, and what may be written over."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from kcfg.show import sitefolder
from kcfg.show.sitefolder import MARK, check_folder, write_folder
from kcfg_cli.site import site as report
from profiles.check.side import short_names, side_by_side, slugs_of
from tests.pages import parsed


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["/boot/config-6.12-amd64", "/boot/config-6.12-arm64"], ["amd64", "arm64"]),
        (["a/x.config", "b/x.config"], ["a/x.config", "b/x.config"]),
        (["/k/one/.config", "/k/two/.config"], ["one/.config", "two/.config"]),
        (["a-x", "a_x"], ["a-x", "a_x"]),
        (["same-a", "same-a-b"], ["a", "a-b"]),
        (["/only/one.config"], ["one.config"]),
    ],
)
def test_names_are_short_and_stay_different(paths, names):
    assert short_names(paths) == names


def test_file_names_stay_different_and_are_only_names():
    assert slugs_of(["a/.config", "b/.config", "b/.CONFIG", "<script>", "../..", "é/ü"]) == [
        "config", "config-2", "CONFIG-3", "script", "config-4", "config-5",
    ]  # fmt: skip


def test_a_folder_of_ours_is_replaced_and_an_empty_one_taken(tmp_path):
    folder = tmp_path / "site"
    folder.mkdir()
    write_folder(folder, {"index.html": b"1", "old.html": b"1"})
    write_folder(folder, {"index.html": b"2"})
    assert sorted(path.name for path in folder.iterdir()) == [MARK, "index.html"]
    assert (folder / "index.html").read_bytes() == b"2"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_folder_with_other_files_is_refused_and_left_as_it_is(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UserError, match=r"did not write: mine\.txt"):
        write_folder(tmp_path, {"index.html": b""})
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("extra", ["sub/mine.txt", "empty/", "link"])
def test_a_site_to_which_somebody_added_is_refused(tmp_path, extra):
    folder = tmp_path / "site"
    write_folder(folder, {"index.html": b"1"})
    path = folder / extra
    if extra == "link":
        path.symlink_to(tmp_path)
    else:
        (path if extra.endswith("/") else path.parent).mkdir()
        if not extra.endswith("/"):
            path.write_text("mine")
    with pytest.raises(UserError, match="what kcfg did not write"):
        write_folder(folder, {"index.html": b"2"})
    assert (folder / "index.html").read_bytes() == b"1"
    assert os.path.lexists(path)


@pytest.mark.parametrize("mark", ["", "[]", '{"files": 3}', '{"files": [3]}', "\udc80"])
def test_a_mark_that_is_not_ours_makes_the_folder_somebody_elses(tmp_path, mark):
    (tmp_path / MARK).write_bytes(mark.encode("utf-8", "surrogateescape"))
    (tmp_path / "index.html").write_text("mine")
    with pytest.raises(UserError, match="what kcfg did not write"):
        check_folder(tmp_path)


def test_a_file_is_not_written_over(tmp_path):
    (tmp_path / "site").write_text("mine")
    with pytest.raises(UserError, match="it is a file"):
        check_folder(tmp_path / "site")


def test_a_link_to_a_folder_stays_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "site").symlink_to("real")
    write_folder(tmp_path / "site", {"index.html": b"1"})
    assert (tmp_path / "site").is_symlink()
    assert (tmp_path / "real" / "index.html").read_bytes() == b"1"


def test_what_cannot_be_written_is_named_and_found_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    folder = tmp_path / "site"
    write_folder(folder, {"index.html": b"1"})
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left") as error:
            write_folder(folder, {"index.html": b"2"})
    assert error.value.filename == str(folder)
    assert (folder / "index.html").read_bytes() == b"1"
    monkeypatch.setattr(os, "access", lambda *_: False)
    for one in (folder, tmp_path / "new"):
        with pytest.raises(PermissionError) as denied:
            check_folder(one)
        assert denied.value.filename == str(one)


def test_what_fails_while_writing_leaves_the_old_site(tmp_path):
    folder = tmp_path / "site"
    write_folder(folder, {"index.html": b"1"})
    with pytest.raises(OSError, match="name too long"):
        write_folder(folder, {"index.html": b"2", "x" * 300: b""})
    assert (folder / "index.html").read_bytes() == b"1"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.fixture(scope="module")
def side(tmp_path_factory):
    from kcfg_cli.options import KernelChoice, open_judge
    from tests.commands.run import GUEST

    folder = tmp_path_factory.mktemp("configs")
    (folder / "x86.config").write_text("# Linux/x86 6.12.43 Kernel Configuration\n" + GUEST)
    (folder / "arm.config").write_text("# Linux/arm64 6.12.43 Kernel Configuration\nCONFIG_XEN=y\n")
    (folder / "gone.config").write_bytes(b"\0\0\0")
    names = [str(folder / name) for name in ("x86.config", "arm.config", "gone.config")]
    return side_by_side(names, [], lambda config: open_judge(config, KernelChoice()))[0]


@pytest.fixture(scope="module")
def pages(side):
    return report.pages_of(report.Site(title="A <b> title", side=side))


def test_the_matrix_marks_only_the_cells_of_another_architecture(side):
    cells = {mode: [cell.away for cell in cells] for mode, _, cells in report.matrix(side)}
    assert cells["pvh-domu"] == [False, True, False]
    assert cells["arm64-dom0"] == [True, False, False]


def test_a_mode_of_another_architecture_is_no_verdict(side):
    by_mode = {mode: number for number, (mode, _) in enumerate(side.modes)}
    x86, arm, gone = side.configs
    assert x86.rows[by_mode["pvh-domu"]].verdict == "pass"
    assert x86.rows[by_mode["pv-domu"]].verdict == "fail"
    assert x86.rows[by_mode["arm64-domu"]] is None
    assert arm.rows[by_mode["pvh-domu"]] is None
    assert gone.rows == ()
    assert gone.result.error_status == 2


def test_an_option_has_its_value_in_each_configuration(side):
    found = {one.symbol: one for one in side.options}
    assert found["XEN"].values == ("y", "y", "")
    assert found["XEN_PVH"].values == ("y", "", "")
    assert {"pvh-domu", "arm64-domu"} <= {one.mode for one in found["XEN"].asked_by}


def test_every_link_leads_to_a_page_and_a_place_of_the_site(pages):
    found = {name: parsed(text) for name, text in pages.items()}
    assert sorted(found) == [
        "findings-arm.config.html", "findings-gone.config.html", "findings-x86.config.html",
        "index.html", "modes.html", "options.html",
    ]  # fmt: skip
    for name, page in found.items():
        assert len(page.ids) == len(set(page.ids))
        for href in page.hrefs:
            file, _, place = href.partition("#")
            if href != "data:,":
                assert file == "" or file in found, (name, href)
                assert place == "" or place in found[file or name].ids, (name, href)


def test_a_cell_leads_to_its_reasons_and_a_finding_to_its_option(pages):
    assert "modes.html#x86.2e.config-pv-domu" in parsed(pages["index.html"]).hrefs
    assert "options.html#XEN_PV" in parsed(pages["findings-x86.config.html"]).hrefs


def test_a_configuration_that_cannot_be_read_is_told(pages):
    assert "unreadable" in parsed(pages["index.html"]).text
    assert "gone.config" in parsed(pages["findings-gone.config.html"]).text


def test_a_title_stays_text(pages):
    assert "A <b> title" in parsed(pages["index.html"]).text


def test_the_same_data_is_the_same_site(side, pages):
    assert report.pages_of(report.Site(title="A <b> title", side=side)) == pages


def test_the_mark_lists_what_was_written(tmp_path):
    write_folder(tmp_path / "site", {"b.html": b"", "a.html": b""})
    assert json.loads((tmp_path / "site" / MARK).read_text())["files"] == ["a.html", "b.html"]


GONE = 4_000_000  # more than the largest process number


def test_what_a_killed_process_left_beside_a_site_goes_with_the_next_one(tmp_path: Path) -> None:
    write_folder(tmp_path / "site", {"index.html": b"old"})
    whole, half, empty, foreign = (tmp_path / f".site.{GONE}.0123abc{one}.new" for one in "0123")
    write_folder(whole, {"index.html": b"dead"})
    for one in (half, empty, foreign):
        one.mkdir()
    (half / MARK).write_text('{"tool": "kc')
    (foreign / "mine").touch()
    write_folder(tmp_path / "site", {"index.html": b"new"})
    assert sorted(one.name for one in tmp_path.iterdir()) == [foreign.name, "site"]
    assert (tmp_path / "site" / "index.html").read_bytes() == b"new"


@pytest.mark.parametrize("named", ["{victim}", "../victim", "sub/../../victim"])
@pytest.mark.parametrize("place", ["site", ".site.9999999999.00000000.new"])
def test_a_mark_that_names_other_folders_files_is_nobodys(tmp_path: Path, named: str, place: str) -> None:
    victim = tmp_path / "victim"
    victim.write_text("kept")
    (tmp_path / place).mkdir()
    mark = {"tool": "kcfg", "schema": 1, "files": [named.format(victim=victim), "index.html"]}
    (tmp_path / place / MARK).write_text(json.dumps(mark))
    (tmp_path / place / "index.html").write_text("theirs")
    with contextlib.suppress(UserError):
        write_folder(tmp_path / "site", {"index.html": b"ours"})
    assert victim.read_text() == "kept"
    assert (tmp_path / place / "index.html").read_text() == "theirs"


@pytest.mark.parametrize("name", [MARK, "../x", "/x", "a/b", "", ".", ".."])
def test_what_is_no_page_s_name_is_not_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match="is no page's name"):
        write_folder(tmp_path / "site", {"index.html": b"", name: b'{"files": ["/etc/passwd"]}'})
    assert list(tmp_path.iterdir()) == []


def test_a_site_is_replaced_where_two_names_cannot_be_exchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitefolder, "renamed", lambda *_: False)
    for text in (b"old", b"new"):
        write_folder(tmp_path / "site", {"index.html": text})
    assert (tmp_path / "site" / "index.html").read_bytes() == b"new"
    assert [one.name for one in tmp_path.iterdir()] == ["site"]


def test_whoever_is_killed_around_a_rename_leaves_the_old_site_or_the_new_one(tmp_path: Path) -> None:
    found = []
    for calls in range(4):
        folder = tmp_path / str(calls) / "site"
        folder.parent.mkdir()
        write_folder(folder, {"index.html": b"old"})
        child = os.fork()
        if not child:
            ended = 125
            with contextlib.suppress(BaseException):
                die_at(calls)
                write_folder(folder, {"index.html": b"new"})
                ended = 0
            os._exit(ended)
        _, status = os.waitpid(child, 0)
        found.append((os.waitstatus_to_exitcode(status), (folder / "index.html").read_bytes()))
        write_folder(folder, {"index.html": b"again"})
        assert [one.name for one in folder.parent.iterdir()] == ["site"], "what the killed process left"
    assert found == [(9, b"old"), (9, b"new"), (0, b"new"), (0, b"new")]


def die_at(step: int) -> None:
    """This process ends before (0) or after (1) its first rename, before (2) its second, and so on."""
    left = [step]

    def dying(call: Callable[..., object]) -> Callable[..., object]:
        def renaming(*args: object) -> object:
            for after in (False, True):
                result = call(*args) if after else None
                if not left[0]:
                    os._exit(9)
                left[0] -= 1
            return result

        return renaming

    sitefolder.renamed = dying(sitefolder.renamed)
    os.rename = dying(os.rename)
    os.replace = dying(os.replace)
