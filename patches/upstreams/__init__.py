"""An upstream's history: the index, its store, its tags."""
