"""What is done with a record that cannot be read: it is kept, with the reason, for quarantine."""

from __future__ import annotations

import json

from scrapers.contracts import RejectedRecord

RAW_CHARS = 4_000


def rejected_record(source_id: str, where: str, error: Exception, record: object) -> RejectedRecord:
    """Describe one unreadable record of an answer."""
    return RejectedRecord(
        source_id=source_id,
        where=where,
        error=type(error).__name__,
        message=str(error)[:RAW_CHARS],
        raw=json.dumps(record, default=str)[:RAW_CHARS],
    )
