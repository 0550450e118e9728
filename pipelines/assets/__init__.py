"""Dagster's assets, a module a stage of the path."""
