"""Linux kernel configurations under Xen: what one can do, why, and what it lacks."""

__version__ = "0.1.0"
