from __future__ import annotations

import pytest

from graphs.roles import load_roles, parse_roles
from kcfg.base.errors import UserError
from kcfg.kconfig.models import built_in, snapshots

ROLE = '[[role]]\nname = "pv"\ntitle = "PV"\nabout = "a"\n\n'


def test_a_symbol_has_its_roles_in_the_order_of_the_file() -> None:
    roles = load_roles()
    assert roles.of("XEN_PV") == ("pv",)
    assert roles.of("PARAVIRT_XXL") == ("pv", "pvops")
    assert roles.of("XEN_BACKEND") == ("bus", "backend")
    assert roles.of("HVC_XEN_FRONTEND") == ("frontend", "console")
    assert roles.of("EXT4_FS") == ()


def test_a_role_by_file_holds_for_what_is_defined_there() -> None:
    roles = load_roles()
    assert roles.of("ARM64_VHE", ("arch/arm64/Kconfig:1",)) == ("arm",)
    assert roles.of("ARM64_VHE", ("arch/x86/Kconfig:1",)) == ()


def test_every_symbol_of_a_role_is_defined_in_a_built_in_kernel() -> None:
    defined = {symbol.name for one in snapshots() for symbol in built_in(one).symbols if symbol.definitions}
    assert [name for one in load_roles().members for name in one.symbols if name not in defined] == []


def test_every_xen_option_has_a_role() -> None:
    roles = load_roles()
    others = {"NETXEN_NIC", "MMC_SDHCI_XENON"}  # their names are of other hardware
    for one in snapshots():
        names = [symbol.name for symbol in built_in(one).symbols if symbol.definitions and "XEN" in symbol.name]
        assert [name for name in names if not roles.of(name) and name not in others] == []


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        (ROLE + '[[rule]]\nname = "x"\n', 6, "rule"),
        (ROLE + '[[members]]\nrole = "pv"\nsymbol = ["X"]\nsource = "s"\n', 8, "symbol"),
        (ROLE + '[[members]]\nrole = "pw"\nsymbols = ["X"]\nsource = "s"\n', 7, "pw"),
        (ROLE + '[[members]]\nrole = "pv"\nsymbols = ["X"]\n', 6, "source"),
        (ROLE + '[[members]]\nrole = "pv"\nsymbols = "X"\nsource = "s"\n', 8, "symbols"),
        (ROLE + '[[members]]\nrole = ""\nsymbols = ["X"]\nsource = "s"\n', 7, "role"),
        ('[[role]]\nname = "pv"\ntitle = "PV"\nabout = "a"\nrank = 1\n', 5, "rank"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, line: int, word: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_roles(text, "roles.toml")
    assert caught.value.where == f"roles.toml:{line}"
    assert word in caught.value.message


def test_broken_toml_is_one_error() -> None:
    with pytest.raises(UserError) as caught:
        parse_roles("[[role\n", "roles.toml")
    assert caught.value.where == "roles.toml:1"
