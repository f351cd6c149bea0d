"""Questions about all configurations of a kernel at once: clauses, optima, and why there is none."""
