"""The site of a report: several configurations, modes and a queue, side by side."""
