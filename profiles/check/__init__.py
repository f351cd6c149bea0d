"""Configurations against profiles: findings, waivers, modes."""
