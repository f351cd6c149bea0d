"""Configurations that fulfil profiles: generated, repaired, and which modes can be reached."""
