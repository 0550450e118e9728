"""Where the fields of a document were read that was put together from several answers.

Belongs here: what each answer has told of a document so far, and which of them a field, or one statement of it, was
read from. Does not belong here: how answers are put together, which spiders know.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from scrapers.contracts import PolicyDocument, ReadFrom

BOOKKEEPING = frozenset((
    "source_id", "document_id", "native_id", "depth", "language", "text_flags", "source_fields", "unread_fields",
    "content_sha256", "parser_version",
))  # fmt: skip
"""Fields that no fact cites."""
EVERY_FIELD = frozenset(PolicyDocument.model_fields) - BOOKKEEPING
STATEMENTS = frozenset(("relations", "amounts"))
"""Fields of which each statement has its own words, and so its own answer."""


@dataclass(frozen=True)
class Told:
    """What was known of a document when one answer had been read, on top of what the answers before it had told."""

    document: PolicyDocument
    fetch_id: str
    before: Told | None = None

    def __iter__(self) -> Iterator[Told]:
        """The oldest first."""
        if self.before is not None:
            yield from self.before
        yield self


def read_from(document: PolicyDocument, told: Told | None, fields: Collection[str]) -> tuple[ReadFrom, ...]:
    """Where those of the `fields` were read that earlier answers had told: each in the first that told it as it is."""
    if told is None:
        return ()
    found: list[ReadFrom] = []
    for name in sorted(set(fields) & EVERY_FIELD):
        found += _statements(document, told, name) if name in STATEMENTS else _field(document, told, name)
    return tuple(found)


def _field(document: PolicyDocument, told: Told, name: str) -> Iterator[ReadFrom]:
    """The answer of a whole field; of a text that grew with every answer, those of the parts that were there before."""
    value = getattr(document, name)
    if value is None or value == ():
        return
    reached = 0
    for one in told:
        earlier = getattr(one.document, name)
        if earlier == value:
            yield ReadFrom(field=name, fetch_id=one.fetch_id)
            return
        if isinstance(value, str) and earlier and len(earlier) > reached and value.startswith(earlier):
            reached = len(earlier)
            yield ReadFrom(field=name, ends=reached, fetch_id=one.fetch_id)


def _statements(document: PolicyDocument, told: Told, name: str) -> Iterator[ReadFrom]:
    for field, words in _words(document, name):
        first = next((one for one in told if (field, words) in _words(one.document, name)), None)
        if first is not None:
            yield ReadFrom(field=field, quote=words, fetch_id=first.fetch_id)


def _words(document: PolicyDocument, name: str) -> dict[tuple[str, str], None]:
    """Field and words of each statement, once, in their order."""
    if name == "relations":
        return {(one.field, one.quote): None for one in document.relations}
    return {(one.field, one.raw): None for one in document.amounts}
