"""Answers about one configuration under one kernel, as data."""
