"""The dependency graph: a model's symbols, choices and modes with their relations, and what only a graph answers."""
