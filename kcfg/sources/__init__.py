"""A kernel source: a folder, a revision of a git repository, a tarball; and the one way to call git."""
