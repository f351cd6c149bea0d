"""`kcfg report`, and the pages that the other commands print."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kcfg.answers.judge import Judge
from kcfg.kconfig.config import parse_config
from kcfg.kconfig.kernels import open_kernel
from kcfg_cli.report import wanted_of
from tests.commands.run import GUEST, Ran, Run, run_kcfg
from tests.pages import parsed

ROOT = Path(__file__).parents[2]
QUEUE, UPSTREAM = ROOT / "examples" / "queue", ROOT / "examples" / "upstream"


def written(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Path]:
    """A site with all that needs no kernel tree."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "guest.config").write_text("# Linux/x86 6.12.43 Kernel Configuration\n" + GUEST)
    return site(folder, "site"), folder


def site(folder: Path, name: str) -> Ran:
    options = ["--queue", QUEUE, "--upstream", UPSTREAM, "--points", "0", "-m", "pvh-domu", "-m", "pv-domu"]
    return run_kcfg("report", "--config", folder / "guest.config", *options, "-o", folder / name)


def test_it_prints_where_the_site_is(made: tuple[Ran, Path]) -> None:
    ran, folder = made
    assert (ran.status, ran.out, ran.err) == (0, f"{folder}/site/index.html\n", "")
    assert sorted(written(folder / "site")) == [
        ".kcfg-site.json", "backlog.html", "findings-guest.config.html", "graph-guest.config.html", "index.html",
        "modes.html", "options.html",
    ]  # fmt: skip


def test_every_link_of_the_whole_site_leads_somewhere(made: tuple[Ran, Path]) -> None:
    pages = {name: parsed(text.decode()) for name, text in written(made[1] / "site").items() if name.endswith(".html")}
    nodes = (made[1] / "site" / "graph-guest.config.html").read_text()
    for name, page in pages.items():
        for href in page.hrefs:
            file, _, place = href.partition("#")
            if href == "data:," or "=" in place:
                continue
            known = pages[file or name].ids
            assert (
                place == "" or place in known or ((file or name).startswith("graph-") and f'data-id="{place}"' in nodes)
            ), href


def test_a_finding_and_a_mode_lead_to_the_graph(made: tuple[Ran, Path]) -> None:
    pages = written(made[1] / "site")
    assert b'href="graph-guest.config.html"' in pages["findings-guest.config.html"]
    assert b'href="graph-guest.config.html#XEN_PVH"' in pages["options.html"]
    assert b'href="findings-guest.config.html"' in pages["graph-guest.config.html"]


def test_the_same_input_is_the_same_site(made: tuple[Ran, Path]) -> None:
    folder = made[1]
    before = written(folder / "site")
    code = "import sys; from kcfg_cli.cli import main; main(sys.argv[1:])"
    again = subprocess.run(
        [sys.executable, "-c", code, "report", "--config", folder / "guest.config", "--queue", QUEUE, "--upstream",
         UPSTREAM, "--points", "0", "-m", "pvh-domu", "-m", "pv-domu", "-o", folder / "site"],
        env={"PATH": "/usr/bin:/bin", "PYTHONHASHSEED": "7", "HOME": str(folder)},
        capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip
    assert (again.returncode, again.stderr) == (0, "")
    assert written(folder / "site") == before


def test_a_folder_that_is_not_ours_is_refused_before_any_work(kcfg: Run, guest: Path) -> None:
    Path("mine").mkdir()
    Path("mine/notes.txt").write_text("mine")
    ran = kcfg("report", "--config", "gone.config", "-o", "mine")
    assert ran.status == 2
    assert "mine: the folder holds what kcfg did not write: notes.txt" in ran.err
    assert written(Path("mine")) == {"notes.txt": b"mine"}


def test_a_configuration_that_is_unreadable_stands_in_the_site_and_in_the_status(kcfg: Run, guest: Path) -> None:
    ran = kcfg("report", "--config", guest, "--config", "gone.config", "-m", "pvh-domu", "-o", "site")
    assert ran.status == 2
    assert "gone.config" in ran.err
    assert ran.out == "site/index.html\n"
    assert "unreadable" in parsed(Path("site/index.html").read_text()).text


def test_a_queue_alone_makes_a_site(kcfg: Run) -> None:
    ran = kcfg("report", "--queue", QUEUE, "--upstream", UPSTREAM, "--points", "0", "-o", "site")
    assert ran.status == 0
    assert sorted(written(Path("site"))) == [".kcfg-site.json", "backlog.html", "index.html"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "nothing to report on"),
        (["--queue", "q"], "--queue and --upstream go together"),
        (["--upstream", "u"], "--queue and --upstream go together"),
        (["--config", "-", "--config", "-"], "standard input can be read only once"),
        (["--config", "x", "-m", "no-such-mode"], "no-such-mode"),
    ],
)
def test_what_is_asked_wrongly_is_one_line_and_writes_nothing(kcfg: Run, options: list[str], said: str) -> None:
    ran = kcfg("report", *options, "-o", "site")
    assert ran.status == 2
    assert said in ran.err
    assert ran.err.count("\n") <= 2
    assert not Path("site").exists()


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["check", "guest.config", "-p", "pvh-domu"], 0),
        (["check", "guest.config", "-p", "pv-domu"], 1),
        (["modes", "guest.config"], 0),
        (["explain", "XEN_DOM0=y", "XEN_PV=n", "XEN_PVH=n", "--kernel", "6.12"], 1),
        (["patches", "status", str(QUEUE), "--upstream", str(UPSTREAM)], 0),
        (["patches", "plan", str(QUEUE), "--upstream", str(UPSTREAM)], 0),
        (["patches", "show", str(QUEUE), "ring-lock-put.patch", "--upstream", str(UPSTREAM)], 0),
    ],
)
def test_a_page_has_the_status_of_the_text(kcfg: Run, guest: Path, words: list[str], status: int) -> None:
    ran = kcfg(*words, "--format", "html")
    assert (ran.status, ran.err) == (status, "")
    assert ran.out.startswith("<!doctype html>")
    assert parsed(ran.out).lost_links() == []


def test_the_demos_queue_shows_four_verdicts(kcfg: Run) -> None:
    out = kcfg("patches", "status", QUEUE, "--upstream", UPSTREAM, "--format", "csv").out
    assert [line.split(",")[2] for line in out.splitlines()[1:]] == ["merged", "modified", "partial", "not-upstream"]


def judge_for(kernel: str, arch: str = "x86_64", text: str = "", name: str = "") -> Judge:
    return Judge(parse_config(text, name), open_kernel(kernel=kernel, arch=arch))


def test_without_a_name_the_modes_of_a_site_are_the_usual_ones_that_exist_for_the_kernel() -> None:
    wanted, missing = wanted_of({"old": judge_for("5.10"), "new": judge_for("6.12")}, ())
    assert [list(one.modes) for one in wanted.values()] == [
        ["pv-domu", "pvh-domu", "pv-dom0"], ["pv-domu", "pvh-domu", "pv-dom0", "pvh-dom0"],
    ]  # fmt: skip
    assert missing == []


def test_a_mode_that_was_named_is_not_dropped_in_silence() -> None:
    names = ("pvh-dom0", "arm64-domu", "no-pv")
    wanted, missing = wanted_of({"old": judge_for("5.10", name="old.config")}, names)
    assert list(wanted["old"].modes) == ["no-pv"]
    assert [(str(one).partition("Linux")[0], one.status) for one in missing] == [
        ("old.config: pvh-dom0: a PVH dom0 needs ", 1), ("old.config: arm64-domu does not exist on x86_64", 1),
    ]  # fmt: skip
    both = {"x86": judge_for("6.12"), "arm": judge_for("6.12", "arm64")}
    wanted, missing = wanted_of(both, names)
    assert [list(one.modes) for one in wanted.values()] == [["pvh-dom0", "no-pv"], ["arm64-domu"]]
    assert missing == [], "each is meant for the configuration of its architecture"


def test_the_configurations_own_version_says_which_modes_it_has() -> None:
    header = "# Linux/x86 5.10.200 Kernel Configuration\n"
    old, new = judge_for("6.12", text=header), judge_for("5.10", text=header.replace("5.10.200", "6.12.1"))
    wanted, missing = wanted_of({"old": old, "new": new}, ("pvh-dom0",))
    assert [list(one.modes) for one in wanted.values()] == [[], ["pvh-dom0"]]
    assert [one.status for one in missing] == [1]


def test_a_mode_that_the_kernel_does_not_have_is_told_and_is_the_status(kcfg: Run, guest: Path) -> None:
    guest.write_text(guest.read_text().replace("6.12", "5.10"))
    ran = kcfg("report", "--config", guest, "-m", "pvh-dom0", "-m", "pvh-domu", "--kernel", "5.10", "-o", "site")
    assert (ran.status, ran.out) == (1, "site/index.html\n")
    assert ran.err.startswith(f"kcfg: {guest}: pvh-dom0: ")
    assert ran.err.count("\n") == 1
    ran = kcfg("report", "--config", guest, "--config", "gone.config", "-m", "pvh-dom0", "-o", "site")
    assert ran.status == 2
