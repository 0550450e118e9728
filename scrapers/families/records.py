"""Records of an answer: read one by one, the unreadable set aside with their reason, what is empty left out.

Belongs here: what sources do alike with raw records and the parts of a document made from them. Does not belong here:
any name of a source's field.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any

from scrapers.contracts import Identifier, ParsedAnswer, PolicyDocument, RejectedRecord, UnknownShape

RAW_CHARS = 4_000
UNREADABLE = (UnknownShape, TypeError, AttributeError, LookupError, ValueError)
"""What reading a record raises when it is not what the source promises; Pydantic's own error is a ValueError."""


def read_records(
    slug: str,
    records: Mapping[str, Any],
    parse: Callable[[dict[str, Any]], PolicyDocument],
    *,
    count: object = None,
    next_url: str | None = None,
) -> ParsedAnswer:
    """Read records by their paths; one that cannot be read is set aside with its reason.

    Raises UnknownShape when `count`, the source's own total, is neither absent nor a whole number.
    """
    if not (count is None or type(count) is int):
        raise UnknownShape(f"expected the source's total as a whole number, got {str(count)[:40]!r}")
    documents: list[PolicyDocument] = []
    rejected: list[RejectedRecord] = []
    for where, record in records.items():
        try:
            documents.append(parse(record))
        except UNREADABLE as error:
            rejected.append(rejected_record(slug, where, error, record))
    return ParsedAnswer(documents=tuple(documents), rejected=tuple(rejected), official_count=count, next_url=next_url)


def numbered(where: str, records: object) -> dict[str, Any]:
    """Records of a list by their paths.

    Raises UnknownShape for anything but a list.
    """
    if not isinstance(records, list):
        raise UnknownShape(f"expected a list at {where or '/'}, got a {type(records).__name__}")
    return {f"{where}/{position}": record for position, record in enumerate(records)}


def rejected_record(source_id: str, where: str, error: Exception, record: object) -> RejectedRecord:
    """Describe one unreadable record of an answer; a record that is text is kept as it is."""
    raw = record if isinstance(record, str) else json.dumps(record, default=str)
    return RejectedRecord(
        source_id=source_id,
        where=where,
        error=type(error).__name__,
        message=str(error)[:RAW_CHARS],
        raw=raw[:RAW_CHARS],
    )


def mapping(value: object, name: str) -> dict[str, Any]:
    """A copy of an object; an absent one is empty.

    Raises UnknownShape for anything else.
    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise UnknownShape(f"expected an object under {name}, got a {type(value).__name__}")
    return dict(value)


def stated(record: Mapping[str, Any], without: Collection[str] = ()) -> dict[str, Any]:
    """The fields that say something, but for some names; null, empty text, lists and objects say nothing."""
    return {name: value for name, value in record.items() if name not in without and value not in (None, [], {}, "")}


def substance(value: Any, housekeeping: Collection[str]) -> Any:
    """What a value states at any depth, without housekeeping; this is what content hashes are made of."""
    if isinstance(value, dict):
        kept = {name: substance(inner, housekeeping) for name, inner in value.items() if name not in housekeeping}
        return stated(kept)
    if isinstance(value, list):
        return [substance(inner, housekeeping) for inner in value]
    return value


def identifiers(*pairs: tuple[str, Any]) -> tuple[Identifier, ...]:
    """Identifiers by scheme in the order given, each once; absent and empty values are none, numbers become text."""
    found = [(scheme, str(value) if type(value) is int else value) for scheme, value in pairs if value]
    return tuple(dict.fromkeys(Identifier(scheme=scheme, value=value) for scheme, value in found))


def text_of(value: object) -> str | None:
    """A value as trimmed text; None when there is nothing to read, and for lists and objects."""
    return None if value is None or isinstance(value, dict | list) else str(value).strip() or None
