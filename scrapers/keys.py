"""Keys of sources: read from the environment, sent in a header, and never written anywhere.

Belongs here: finding a key and taking it out of whatever is kept or told. Does not belong here: sending it.
"""

from __future__ import annotations

import html
import json
import logging
import os
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, quote_plus

from scrapers.registry import SourceConfig

REDACTED = "redacted"


def key_of(config: SourceConfig) -> str | None:
    """The key that a source demands, as the environment has it; None where it demands none or there is none."""
    return os.environ.get(config.key.variable, "").strip() or None if config.key else None


def missing_key(config: SourceConfig) -> str | None:
    """Why a source cannot be asked; None when it can, with the key or in another way."""
    if config.key is None or config.key.is_optional or key_of(config) is not None:
        return None
    return f"no key (set {config.key.variable})"


def scrubbed(text: str, key: str | None) -> str:
    """A text without the key, also where an address, JSON or HTML holds it escaped."""
    for form in sorted(_forms(key), key=len, reverse=True) if key else ():
        text = text.replace(form, REDACTED)
    return text


def _forms(key: str) -> set[str]:
    """The key and the ways in which a server may spell it."""
    escaped = {quote(key, safe=""), quote_plus(key)}
    small = {re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), form) for form in escaped}
    in_json = json.dumps(key)[1:-1]
    return {key, *escaped, *small, in_json, in_json.replace("/", "\\/"), html.escape(key)}


@contextmanager
def logs_without(key: str | None) -> Iterator[None]:
    """Keep the key out of every log record, with its traceback, for as long as the block runs."""
    make = logging.getLogRecordFactory()

    def made(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        record.msg, record.args = scrubbed(record.getMessage(), key), ()
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = scrubbed("".join(traceback.format_exception(*record.exc_info)).rstrip(), key)
        return record

    if key is None:
        yield
        return
    logging.setLogRecordFactory(made)
    try:
        yield
    finally:
        logging.setLogRecordFactory(make)
