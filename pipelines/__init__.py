"""Orchestration and what it orchestrates: load, enrich, transform, audit, publish, digest."""
