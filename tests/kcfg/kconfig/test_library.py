from __future__ import annotations

from types import SimpleNamespace

import kconfiglib
import pytest

from kcfg.base.errors import UserError
from kcfg.kconfig import library


def without(name: str) -> SimpleNamespace:
    return SimpleNamespace(**{key: value for key, value in vars(kconfiglib).items() if key != name})


@pytest.mark.parametrize("name", library.VALUES.split())
def test_a_release_without_a_name_of_the_module_is_one_line(name: str) -> None:
    with pytest.raises(UserError, match=r"kconfiglib 14\.1\.0 lacks .*" + name):
        library.check(without(name))


@pytest.mark.parametrize("name", library.MEMBERS.split())
def test_a_release_without_a_member_of_its_class_is_one_line(name: str) -> None:
    parts = {key: value for key, value in vars(kconfiglib.Kconfig).items() if key != name}
    module = SimpleNamespace(**{**vars(kconfiglib), "Kconfig": SimpleNamespace(**parts)})
    with pytest.raises(UserError, match=rf"lacks .*Kconfig\.{name}\b"):
        library.check(module)


def test_many_missing_names_are_told_in_short() -> None:
    with pytest.raises(UserError, match=r"AND, OR, NOT and [0-9]+ more"):
        library.check(SimpleNamespace(VERSION=(15, 0, 0)))
