"""Names of pages: safe on every file system, short, stable, and never the same for two ids.

Ids hold whatever a source numbers its documents by. One of small letters, digits and dashes, or a plain hash,
names its page itself; any other is cut to such a beginning and told apart by a hash behind an underscore, which no
plain id holds.
"""

from __future__ import annotations

import hashlib
import re

_PLAIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+|[0-9a-f]{32}")
MAX_CHARS = 72


def page_name(key: str) -> str:
    """The name of the page about a key, without its ending."""
    if _PLAIN.fullmatch(key) and len(key) <= MAX_CHARS:
        return key
    slug = re.sub(r"[^a-z0-9]+", "-", key.lower())[:48].strip("-")
    return f"{slug or 'x'}_{hashlib.sha256(key.encode()).hexdigest()[:16]}"
