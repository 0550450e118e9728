"""Text made safe to search: runs of one kind of character that no prose has are blanked, at the same length.

Belongs here: what keeps patterns with open repeats linear on hostile text. Does not belong here: any cleaning that
moves places; a place in the tamed text is the same place in the text, from which quotes are taken.
"""

from __future__ import annotations

import re

MAX_RUN = 80
"""Longest run that is kept; tables and rules of dashes are longer, words, numbers and gaps are not."""

_RUN = re.compile(rf"\s{{{MAX_RUN + 1},}}|([^\w\s])\1{{{MAX_RUN},}}|\w{{{MAX_RUN + 1},}}|[\d.,]{{{MAX_RUN + 1},}}")
_KEPT = MAX_RUN // 2
SHORT_CHARS = 5_000
"""In a text this short no pattern can run away; most texts are, and stay untouched."""


def tame(text: str) -> str:
    """A long text with the middle of every overlong run of space, digits, letters or one sign replaced by NUL."""
    if len(text) < SHORT_CHARS:
        return text
    return _RUN.sub(lambda run: run[0][:_KEPT] + "\0" * (len(run[0]) - 2 * _KEPT) + run[0][-_KEPT:], text)
