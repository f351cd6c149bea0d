"""The text of a patch: hunks, headers, what it claims."""
