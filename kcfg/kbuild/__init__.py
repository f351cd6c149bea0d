"""What the Makefiles say: which option builds which file, and what includes what."""

from kcfg import kconfig

CODE = (*kconfig.CODE, "kcfg.kbuild")
"""Packages whose code takes part in what this one computes; a cache entry's key has their state."""
