"""A queue of patches, in whatever format it is kept."""
