"""What Kconfig says: the model of a kernel, configurations, and what the kernel's tools make of them."""

CODE = ("kcfg.base", "kcfg.sources", "kcfg.kconfig", "kcfg.snapshots")
"""Packages whose code takes part in what this one computes; a cache entry's key has their state."""
