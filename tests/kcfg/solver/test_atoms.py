"""The texts of constants and of probes that have an answer."""

from __future__ import annotations

from pathlib import Path

from kcfg.solver.atoms import Atoms
from kcfg.solver.clauses import TRUE
from tests.kcfg.trees import model_of

TREE = 'config A\n\tstring\n\tdefault "plain"\n\tdefault "$(CC)"\n\tdefault "$(CC)-$(LD)"\n'


def texts(folder: Path, answers: dict[str, str]) -> dict[str, str | None]:
    """Atom as Kconfig writes it -> its text."""
    model = model_of(folder, TREE)
    atoms = Atoms(model, answers)
    first = len(model.symbols)
    return {model.atom_text(atom): atoms.constant_text(atom) for atom in range(first, first + len(model.atoms))}


def test_a_constant_is_its_own_text(tmp_path: Path) -> None:
    found = texts(tmp_path, {})
    assert (found["y"], found['"plain"']) == ("y", "plain")


def test_a_probe_without_an_answer_is_free(tmp_path: Path) -> None:
    found = texts(tmp_path, {})
    assert (found["$(CC)"], found['"$(CC)-$(LD)"']) == (None, None)


def test_a_probe_with_an_answer_is_that_text(tmp_path: Path) -> None:
    found = texts(tmp_path, {"env:CC": "gcc"})
    assert (found["$(CC)"], found['"$(CC)-$(LD)"']) == ("gcc", None)


def test_a_text_of_several_probes_needs_all_their_answers(tmp_path: Path) -> None:
    assert texts(tmp_path, {"env:CC": "gcc", "env:LD": ""})['"$(CC)-$(LD)"'] == "gcc-"


def test_nothing_is_allocated_before_it_is_asked_for(tmp_path: Path) -> None:
    atoms = Atoms(model_of(tmp_path, TREE), {})
    assert (atoms.enabled, atoms.yes, atoms.out.variables, atoms.out.stated) == ([], [], TRUE, [])
