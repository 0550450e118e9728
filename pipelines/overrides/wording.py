"""Text from sources and people as a terminal may show it, and what a person may write down.

Belongs here: the one way in which hostile characters are made visible or refused.
"""

from __future__ import annotations

import unicodedata

LINE_ENDS = "\n\t"
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Control, format (such as text that runs the other way), lone surrogates, private, unassigned, separators."""


def visible(text: str, kept: str = "") -> str:
    """The text with characters that a terminal would obey, or nobody would see, written as escapes."""
    return "".join(one if one in kept or unicodedata.category(one) not in _HIDDEN else _escaped(one) for one in text)


def is_plain(text: str, kept: str = "") -> bool:
    """Whether no character of a text would be hidden."""
    return visible(text, kept) == text


def _escaped(one: str) -> str:
    return one.encode("unicode_escape", "backslashreplace").decode("ascii")
