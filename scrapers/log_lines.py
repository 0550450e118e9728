"""Log lines for a collector: one JSON object a line with time, level, event, source and run.

Whether they are wanted says AIPOLICY_LOG=json, which child processes inherit; without it lines are for people. Belongs
here: the shape of a line. Does not belong here: what is told (pipelines/progress.py), and taking keys out of it
(scrapers/keys.py does so before a line is made).
A leaf like `locks`: it imports nothing of ours.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import UTC, datetime

VARIABLE = "AIPOLICY_LOG"


def are_wanted() -> bool:
    """Whether lines are to be JSON.

    Raises ValueError for a form that nobody knows.
    """
    form = os.environ.get(VARIABLE) or "text"
    if form not in ("json", "text"):
        raise ValueError(f"{VARIABLE}: expected json or text, got {form!r}")
    return form == "json"


def line_of(at: datetime, level: str, event: str, source: str | None, run_id: str | None) -> str:
    """One line; what is not known is null."""
    time = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    told = {"time": time, "level": level, "event": event, "source": source, "run_id": run_id}
    return json.dumps(told, ensure_ascii=False)


def is_line(text: str) -> bool:
    """Whether a text is such a line already."""
    try:
        told = json.loads(text)
    except ValueError:
        return False
    return isinstance(told, dict) and {"time", "level", "event"} <= told.keys()


def log_as_lines(source: str, run_id: str) -> None:
    """Have warnings and errors of this process written as such lines to standard error from now on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines(source, run_id))
    handler.setLevel(logging.WARNING)  # of the handler: Scrapy sets the level of the root
    logging.root.handlers = [handler]


class _Lines(logging.Formatter):
    """A record with its traceback as one line."""

    def __init__(self, source: str, run_id: str) -> None:
        super().__init__()
        self._source = source
        self._run_id = run_id

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        return line_of(at, record.levelname.lower(), super().format(record), self._source, self._run_id)
