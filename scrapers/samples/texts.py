"""What the texts of samples share: the notes that say what they are, and how a title becomes an address."""

from __future__ import annotations

import re

SAMPLE_NOTE = "Sample text written for this project from public facts; not the official wording."
FILLER_NOTE = "Sample text written for this project; it describes no real document."


def slug(title: str, limit: int) -> str:
    """A title as the Federal Register writes it into an address: whole words, no signs but hyphens, only ASCII."""
    bare = title.lower().replace("&", "and").encode("ascii", "ignore").decode()
    written = ""
    for word in re.sub(r"[^a-z0-9\s_-]", "", bare).split():
        longer = f"{written}-{word}" if written else word
        if len(longer) > limit:
            break
        written = longer
    return written.strip("-")
