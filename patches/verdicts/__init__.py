"""Where a patch stands: matches, verdicts, follow-ups, plans."""
