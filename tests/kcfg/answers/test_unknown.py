from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from kcfg.answers.facts import ReasonKind
from kcfg.answers.report.sentences import error_line
from kcfg.answers.unknown import NoSuchSymbol, is_mistyped, no_such_symbol, renamed, unknown
from tests.kcfg.trees import model_of

NEAR = 'config XEN_PVH\n\tbool "x"\n'


def test_a_rename_is_told_where_the_kernel_has_the_new_name(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config XEN_PVHVM_GUEST\n\tbool "x"\n', "7.3.0")
    (reason,) = unknown(model, "XEN_PVHVM")
    assert (reason.kind, reason.others, reason.version) == (ReasonKind.RENAMED, ("XEN_PVHVM_GUEST",), "7.3")


def test_a_rename_is_not_told_where_the_kernel_has_neither(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config A\n\tbool "x"\n', "6.12.0", "arm64")
    assert [reason.kind for reason in unknown(model, "XEN_PVHVM")] == [ReasonKind.UNKNOWN_SYMBOL]


@pytest.mark.parametrize(("version", "gone"), [("6.12.0", False), ("7.2.0", True), ("7.3.0", True)])
def test_a_symbol_is_gone_only_after_the_last_kernel_that_had_it(tmp_path: Path, version: str, gone: bool) -> None:
    model = model_of(tmp_path, 'config A\n\tbool "x"\n', version)
    assert (renamed(model, "XEN_DEBUG_FS") is not None) is gone


def test_a_name_like_another_that_no_kernel_has_is_mistyped(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config KEXEC\n\tbool "x"\nconfig MEMTES\n\tbool "x"\n')
    assert is_mistyped(model, "KEXECC")
    assert not is_mistyped(model, "KEXEC")
    assert not is_mistyped(model, "MEMTEST"), "a kernel that is built in has it"
    assert not is_mistyped(model, "SOMETHING_ELSE")


def test_the_error_for_a_name_has_the_reasons_and_survives_a_process(tmp_path: Path) -> None:
    model = model_of(tmp_path, NEAR)
    error = no_such_symbol(model, "XEN_PVHH")
    assert (error.name, list(error.reasons), error.others) == ("XEN_PVHH", unknown(model, "XEN_PVHH"), ())
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.name, again.reasons) == (NoSuchSymbol, error.name, error.reasons)


def test_names_near_it_in_capitals_count_too(tmp_path: Path) -> None:
    model = model_of(tmp_path, NEAR)
    assert no_such_symbol(model, "xen_pvhh").others == ("XEN_PVH",)
    assert no_such_symbol(model, "XEN_PVHH").others == ()


def test_a_name_that_other_kernels_have_is_no_slip_of_the_pen_and_says_which(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config XEN_PV\n\tbool "x"\n', "6.12.0", "arm64")
    error = no_such_symbol(model, "XEN_PVH")
    assert error.status == 1
    assert (error.others, error.reasons[0].others) == ((), ())
    assert error_line(error).endswith("; the built-in models of Linux 5.10, 6.1, 6.12, 7.3 (x86_64) have it")
    assert error_line(no_such_symbol(model, "XEN")).endswith(
        "; the built-in models of Linux 5.10, 6.1, 6.12, 7.3 (arm64, x86_64) have it"
    )
    assert pickle.loads(pickle.dumps(error)).elsewhere == error.elsewhere
    assert no_such_symbol(model, "XEN_PVHH").status == 2
    assert "did you mean XEN_PV?" in error_line(no_such_symbol(model, "XEN_PVHH"))
