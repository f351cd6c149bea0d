"""The patch half: queues of patches, and what has become of each patch upstream."""
