"""What is news, and what a backfill or a new source brings in of old."""

HISTORY_DAYS = 14
"""A document first seen more than this after its publication came by a backfill or with a new source."""
