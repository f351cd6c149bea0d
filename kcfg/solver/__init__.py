"""Questions about all configurations of a kernel at once: clauses, optima, and why there is none."""

from kcfg import kbuild

CODE = (*kbuild.CODE, "kcfg.solver")
"""Packages whose code takes part in what this one computes; a cache entry's key has their state."""
