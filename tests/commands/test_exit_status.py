"""One rule for the exit status of every command: 0 yes, 1 no, 2 bad usage or input, 3 cannot be evaluated."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.run import Run, header
from tests.kcfg.trees import write_tree
from tests.patches.relevance.queues import TREE, change, small_tree, write_queue

ARM = ("--kernel", "6.12", "--arch", "arm64")
OLD = ("--kernel", "5.10")


@pytest.fixture
def inputs(kcfg: Run, guest: Path) -> None:
    Path("old.config").write_text(header("5.10.1") + "CONFIG_XEN=y\n")
    small_tree(Path("tree"))
    write_tree(Path("old-tree"), TREE, "5.10.1")
    write_queue(Path("queue"), {"main.patch": change("init/main.c")})
    Path("damaged.kcfg").write_bytes(b"kcfg-model 1\n(\xb5/\xfd\x00")


@pytest.mark.parametrize(
    ("args", "status"),
    [
        # what does not exist for this kernel
        (("check", "old.config", "-p", "pvh-dom0", *OLD), 1),
        (("repair", "old.config", "-p", "pvh-dom0", *OLD), 1),
        (("generate", "pvh-dom0", *OLD), 1),
        (("graph", "dominators", "pvh-dom0", *OLD), 1),
        (("check", "guest.config", "-p", "pvh-domu", *ARM), 1),
        (("repair", "guest.config", "-p", "pvh-domu", *ARM), 1),
        (("generate", "pvh-domu", *ARM), 1),
        (("graph", "dominators", "pvh-domu", *ARM), 1),
        (("graph", "--modes", "pvh-domu", *ARM), 1),
        (("graph", "--modes", "pvh-dom0", *OLD, "-o", "old.svg"), 1),
        (("graph", *OLD, "-o", "old.svg"), 0),
        (("relevance", "queue", "--mode", "arm64-domu", "--arch", "x86_64", "--tree", "tree"), 1),
        (("relevance", "queue", "--mode", "pvh-dom0", "--arch", "x86_64", "--tree", "old-tree"), 1),
        (("relevance", "queue", "--mode", "pvh-domu", "--arch", "x86_64", "--tree", "tree"), 1),
        (("explain", "REISERFS_FS=y", "--kernel", "7.3"), 1),
        (("show", "REISERFS_FS", "--kernel", "7.3"), 1),
        (("explain", "XEN_PVH=y", *ARM), 1),
        (("explain", "XEN_PVHVM_GUEST=y", *ARM), 1),
        # what is impossible
        (("explain", "XEN_PV=y", "XEN=n", "--kernel", "6.12"), 1),
        (("generate", "pvh-domu", "--require", "XEN=n", "--kernel", "6.12"), 1),
        # names that nothing knows
        (("explain", "XEN_PVX", "--kernel", "6.12"), 2),
        (("show", "XEN_PVX", "--kernel", "6.12"), 2),
        (("generate", "pvh-domu", "--with", "ext5", "--kernel", "6.12"), 2),
        (("repair", "guest.config", "-p", "pvh-domx"), 2),
        # inputs that are missing or damaged
        *(
            ((*command, option, file), 2)
            for command in (
                ("check", "guest.config", "-p", "pvh-domu"),
                ("modes", "guest.config"),
                ("resolve", "guest.config"),
                ("explain", "XEN"),
                ("generate", "pvh-domu"),
                ("repair", "guest.config", "-p", "pvh-domu"),
                ("report", "-c", "guest.config", "-o", "site"),
            )
            for option, file in (("--kernel", "none.kcfg"), ("--tree", "damaged.kcfg"), ("--tree", "none"))
        ),
        # what cannot be answered from readable input
        (("modes", "guest.config", "--run-probes"), 3),
        (("check", "guest.config", "-p", "pvh-domu", "--run-probes"), 3),
        (("report", "-c", "guest.config", "-c", "none.config", "--run-probes", "-o", "site"), 2),
    ],
)
@pytest.mark.usefixtures("inputs")
def test_exit_status(kcfg: Run, args: tuple[str, ...], status: int) -> None:
    ran = kcfg(*args)
    assert ran.status == status, (ran.out[:300], ran.err)


@pytest.mark.usefixtures("inputs")
def test_a_profile_that_does_not_exist_for_a_kernel_is_told_in_the_report_that_was_asked_for(kcfg: Run) -> None:
    repaired = kcfg("repair", "old.config", "-p", "pvh-dom0", *OLD, "--format", "json")
    made = json.loads(repaired.out)
    assert (made["possible"], made["core_goals"]) == (False, ["pvh-dom0"])
    assert "needs Linux 5.15" in made["core"][0]["text"]
    made = json.loads(kcfg("generate", "pvh-domu", *ARM, "--format", "json").out)
    assert (made["possible"], made["core_goals"]) == (False, ["pvh-domu"])
    assert "x86" in made["warnings"][0]
