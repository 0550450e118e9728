"""What is news, and what a backfill or a new source brings in of old."""

HISTORY_DAYS = 14
"""A document first seen more than this after its publication came by a backfill or with a new source.

Days on which its source could not be looked at do not count.
"""
WAITED_DAYS = 7 * 12
"""So long after its publication what a blind source kept from us may be news: as far back as issues are corrected."""
