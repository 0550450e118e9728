"""All matches of a pattern in one text, searched for once and asked for by place."""

from __future__ import annotations

import re
from bisect import bisect_left

_NEAREST = 4


class Found:
    """Matches by place; not searched for where the text holds none of the words without which there is none."""

    def __init__(self, pattern: re.Pattern[str], text: str, low: str, words: tuple[str, ...]) -> None:
        self.matches = list(pattern.finditer(text)) if any(word in low for word in words) else []
        self.starts = [match.start() for match in self.matches]

    def between(self, first: int, last: int) -> list[re.Match[str]]:
        """Those that begin there; of many, the nearest to either end."""
        if not self.starts:
            return []
        found = self.matches[bisect_left(self.starts, first) : bisect_left(self.starts, last)]
        return found if len(found) <= 2 * _NEAREST else [*found[:_NEAREST], *found[-_NEAREST:]]
