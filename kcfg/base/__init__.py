"""The ground: errors, files, paths, caches, safe text, versions. It knows nothing of kernels' options."""
