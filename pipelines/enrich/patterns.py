"""Patterns of the seeds in the dialect of Polars.

Does not belong here: any vocabulary.
"""

from __future__ import annotations

import re

import polars as pl

MAX_MATCH_CHARS = 400
"""How long a match may be; what goes on is cut."""

_CLASSES = {"s": " ", "w": "0-9A-Za-z_", "d": "0-9"}
_TOKEN = re.compile(r"\\(.)|(.)", re.DOTALL)


def quick_pattern(pattern: str) -> str:
    r"""The same pattern with ASCII classes and boundaries, which are many times quicker than those of all Unicode.

    ``\s`` becomes a space: the text must have every white space replaced by one.
    """
    parts: list[str] = []
    in_class = False
    for escaped, plain in _TOKEN.findall(pattern):
        if escaped in _CLASSES:
            parts.append(_CLASSES[escaped] if in_class or escaped == "s" else f"[{_CLASSES[escaped]}]")
        elif escaped == "b" and not in_class:
            parts.append(r"(?-u:\b)")
        else:
            parts.append(f"\\{escaped}" if escaped else plain)
            in_class = plain == "[" or (in_class and plain != "]")
    return "".join(parts)


def first_match(text: pl.Expr, pattern: str) -> tuple[pl.Expr, pl.Expr]:
    """The words of the first match in texts that have one, and at which character it stands.

    Finding is quick, telling where a match ends is not: that is asked of what follows its beginning alone.
    """
    before = text.cast(pl.Binary).bin.slice(0, text.str.find(pattern))
    start = before.cast(pl.String).str.len_chars()
    return text.str.slice(start, MAX_MATCH_CHARS).str.extract(f"({pattern})", 1), start.cast(pl.Int64)
