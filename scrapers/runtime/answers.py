"""What a crawl was answered, found again by question: the way from a replayed request to its row of the ledger.

A question is looked for as it is asked, then without the parameters that the source's contract declares to shape its
answers only (which fields, how many a page, in which order), so that asking differently does not lose what was read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import parse_qsl, urlsplit

import orjson

from scrapers.runtime.book import Exchange

Question = tuple[str, ...]


class ArchivedAnswers:
    """The last attempts at each question of a crawl, each given out once, in the order of asking."""

    def __init__(self, rows: Iterable[Exchange], shaping: Sequence[str]) -> None:
        self._shaping = frozenset(shaping)
        self._exact: dict[Question, list[Exchange]] = defaultdict(list)
        self._alike: dict[Question, list[Exchange]] = defaultdict(list)
        for row in rows:
            if row.purpose != "robots":
                _put(self._exact[_as_asked(row.method, row.url, row.request_body)], row)
        for answered in self._exact.values():
            for row in answered:
                self._alike[self._unshaped(row.method, row.url, row.request_body)].append(row)
        for alike in self._alike.values():
            alike.sort(key=lambda row: row.seq)
        self._taken: set[str] = set()

    def take(self, method: str, url: str, body: str | None) -> Exchange | None:
        """The next answer to a question; None when the crawl never asked it, or not this often."""
        candidates = [
            *self._exact.get(_as_asked(method, url, body), ()),
            *self._alike.get(self._unshaped(method, url, body), ()),
        ]
        row = next((row for row in candidates if row.fetch_id not in self._taken), None)
        if row is not None:
            self._taken.add(row.fetch_id)
        return row

    def _unshaped(self, method: str, url: str, body: str | None) -> Question:
        """A question without what only shapes its answer: parameters of the address, names of a JSON object."""
        parts = urlsplit(url)
        pairs = sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in self._shaping)
        return (method, parts.netloc, parts.path, repr(pairs), self._unshaped_body(body))

    def _unshaped_body(self, body: str | None) -> str:
        try:
            asked = orjson.loads(body or "")
        except orjson.JSONDecodeError:
            return body or ""
        if not isinstance(asked, Mapping):
            return body or ""
        kept = {name: value for name, value in asked.items() if name not in self._shaping}
        return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS).decode()


def _as_asked(method: str, url: str, body: str | None) -> Question:
    return (method, url, body or "")


def _put(answered: list[Exchange], row: Exchange) -> None:
    """Add a row; a retry takes the place of the attempt before it."""
    places = [place for place, before in enumerate(answered) if before.attempt == row.attempt - 1]
    if places:
        answered[places[-1]] = row
    else:
        answered.append(row)
