"""Answers about one configuration under one kernel, as data."""

from kcfg import solver

CODE = (*solver.CODE, "kcfg.answers")
"""Packages whose code takes part in what this one computes; a cache entry's key has their state."""
