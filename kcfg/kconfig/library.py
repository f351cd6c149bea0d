"""All that is used of kconfiglib, which has no public interface for its tokeniser, macros and expressions.

Whatever this project reaches for is named here, public or private, and is looked for when this module is imported: a
release of kconfiglib that lacks a name ends in one line that says so, not in a wrong model.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import kconfiglib as _library

from kcfg.base.errors import UserError

VALUES = """
    AND OR NOT EQUAL UNEQUAL LESS LESS_EQUAL GREATER GREATER_EQUAL BOOL TRISTATE INT HEX STRING
    Kconfig KconfigError Symbol Variable expandvars _DEF_TOKEN_TO_TYPE
    _T_ALLNOCONFIG_Y _T_CHOICE _T_COMMENT _T_CONFIG _T_DEFAULT _T_DEFCONFIG_LIST _T_DEPENDS _T_ENDCHOICE _T_ENDIF
    _T_ENDMENU _T_HELP _T_IF _T_IMPLY _T_MAINMENU _T_MENU _T_MENUCONFIG _T_MODULES _T_ON _T_OPTION _T_OPTIONAL
    _T_AND _T_OR _T_PROMPT _T_RANGE _T_SELECT _T_SOURCE _T_VISIBLE
"""
# names of the module

MEMBERS = """
    _check_token _expand_whole _expect_nonconst_sym _expect_str_and_eol _expect_sym _parse_assignment _parse_cond
    _parse_and_expr _parse_expr _parse_factor
    _tokenize _fn_val _lookup_const_sym _lookup_sym _next_line _parse_error _warn
    _encoding _functions _line _parsing_kconfigs _reuse_tokens _tokens _tokens_i
"""
# members of its class Kconfig: methods that are called, those that are replaced, and the fields that both work on


def check(module: object) -> None:
    """UserError where a name is not there."""
    missing = [name for name in VALUES.split() if not hasattr(module, name)]
    missing += [f"Kconfig.{name}" for name in MEMBERS.split() if not hasattr(getattr(module, "Kconfig", None), name)]
    if missing:
        version = getattr(module, "VERSION", None)
        release = ".".join(map(str, version)) if isinstance(version, tuple) else "this release"
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        raise UserError(
            f"kconfiglib {release} lacks what Kconfig files are read with: {', '.join(missing[:3])}{more}",
            hint="install kconfiglib 14.1",
        )


check(_library)

AND, OR, NOT = _library.AND, _library.OR, _library.NOT
EQUAL, UNEQUAL = _library.EQUAL, _library.UNEQUAL
LESS, LESS_EQUAL, GREATER, GREATER_EQUAL = _library.LESS, _library.LESS_EQUAL, _library.GREATER, _library.GREATER_EQUAL
BOOL, TRISTATE, INT, HEX, STRING = (
    _library.BOOL,
    _library.TRISTATE,
    _library.INT,
    _library.HEX,
    _library.STRING,
)
Kconfig, KconfigError, Symbol, Variable = _library.Kconfig, _library.KconfigError, _library.Symbol, _library.Variable
DEF_TOKEN_TO_TYPE = _library._DEF_TOKEN_TO_TYPE
T_ALLNOCONFIG_Y = _library._T_ALLNOCONFIG_Y
T_AND = _library._T_AND
T_CHOICE = _library._T_CHOICE
T_COMMENT = _library._T_COMMENT
T_CONFIG = _library._T_CONFIG
T_DEFAULT = _library._T_DEFAULT
T_DEFCONFIG_LIST = _library._T_DEFCONFIG_LIST
T_DEPENDS = _library._T_DEPENDS
T_ENDCHOICE = _library._T_ENDCHOICE
T_ENDIF = _library._T_ENDIF
T_ENDMENU = _library._T_ENDMENU
T_HELP = _library._T_HELP
T_IF = _library._T_IF
T_IMPLY = _library._T_IMPLY
T_MAINMENU = _library._T_MAINMENU
T_MENU = _library._T_MENU
T_MENUCONFIG = _library._T_MENUCONFIG
T_MODULES = _library._T_MODULES
T_ON = _library._T_ON
T_OPTION = _library._T_OPTION
T_OPTIONAL = _library._T_OPTIONAL
T_OR = _library._T_OR
T_PROMPT = _library._T_PROMPT
T_RANGE = _library._T_RANGE
T_SELECT = _library._T_SELECT
T_SOURCE = _library._T_SOURCE
T_VISIBLE = _library._T_VISIBLE


@contextmanager
def quiet() -> Iterator[None]:
    """Keep kconfiglib from putting this process's environment into strings ("$HOME") while it reads."""
    saved = _library.expandvars
    _library.expandvars = lambda text: text
    try:
        yield
    finally:
        _library.expandvars = saved
