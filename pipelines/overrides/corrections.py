"""What a corrected or accepted row must satisfy: the contract of a document and that of its source.

Belongs here: values as people write them, and the refusals. Does not belong here: where the document is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import date
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from pipelines.overrides.wording import LINE_ENDS, is_plain
from quality.checks import MAX_AHEAD
from quality.vocabularies import AMOUNT_KINDS, DOCUMENT_ID, STATED_RELATIONS
from scrapers.contracts import Availability, PolicyDocument, content_sha256
from scrapers.registry import identifier_schemes, missing, source

FIXED = ("source_id", "parser_version", "content_sha256", "text_flags", "source_fields", "unread_fields")
"""What no person states of a document."""
NAMING = ("document_id", "native_id")
"""What may be stated only of a record that is no document yet."""
LONG_TEXTS = ("abstract", "body", "dates_note", "disposition_notes", "withdrawal_note")
OF_A_DOCUMENT = tuple(name for name in PolicyDocument.model_fields if name not in FIXED)


class InvalidCorrection(Exception):
    """The document would not satisfy its contract; the message says where, what was expected and what came."""


def stated_as(slug: str, place: str) -> tuple[str, ...]:
    """The fields of a document that hold what a source says at a place such as ``/results/1/effective_on``.

    A contract names the source's dates; another field is ours where it has the name of one of ours.
    """
    path = "." + ".".join(part for part in place.split("/") if not part.isdigit())
    dates = {
        field
        for fields in source(slug).date_fields.values()
        for field, name in fields.items()
        if path.endswith(f".{name}")
    }
    return tuple(sorted(dates or {path.rpartition(".")[2]} & {*OF_A_DOCUMENT}))


def read_settings(settings: Iterable[str], slug: str) -> dict[str, Any]:
    """Fields from texts such as ``title=A rule``; of a field that is no text, the value as JSON.

    A date may be called as its source calls it. Raises InvalidCorrection for another form, an unknown name or one that
    is given twice.
    """
    fields: dict[str, Any] = {}
    for setting in settings:
        called, equals, value = setting.partition("=")
        names = (called,) if called in OF_A_DOCUMENT else stated_as(slug, called)
        if not equals or len(names) != 1:
            raise InvalidCorrection(
                f"expected FIELD=VALUE with a field of a document, got {setting[:80]!r}; fields are "
                f"{', '.join(names or OF_A_DOCUMENT)}"
            )
        (name,) = names
        if name in fields:
            raise InvalidCorrection(f"{name}: expected one value, got a second one; give it once")
        fields[name] = _value(name, value)
    if not fields:
        raise InvalidCorrection("expected at least one --set FIELD=VALUE, got none")
    return fields


def corrected(base: PolicyDocument | Mapping[str, Any], fields: Mapping[str, Any], seen: date) -> PolicyDocument:
    """The document with these fields in place of its own; its hash says what it was made of.

    ``base`` is the document as it was read, or what is known of a record that is none yet: `source_id`,
    `parser_version` and `content_sha256`. ``seen`` is the day of the crawl. What the document lacked already it need
    not be given. Raises InvalidCorrection in the words of the contract.
    """
    owed = set(missing(base)) if isinstance(base, PolicyDocument) else set()
    known = base.model_dump() if isinstance(base, PolicyDocument) else base
    if unknown := sorted(fields.keys() - set(OF_A_DOCUMENT)):
        raise InvalidCorrection(
            f"{unknown[0]}: expected a field that a person may state, one of {', '.join(OF_A_DOCUMENT)}"
        )
    hashed = content_sha256([known["content_sha256"], dict(fields)])
    try:
        document = PolicyDocument.model_validate({**known, **fields, "content_sha256": hashed})
    except ValidationError as error:
        raise InvalidCorrection("; ".join(_faults(error))) from error
    faults = [*_unsafe(fields), *_unknown_words(document, fields), *_lacking(document, owed), *_too_far(document, seen)]
    if faults:
        raise InvalidCorrection("; ".join(faults))
    return document


def why_not_acceptable(kind: str, error: str, document: PolicyDocument | None, today: date) -> str | None:
    """Why a row cannot be taken as it is; None where only a bound of ours stands against it."""
    if kind != "document" or error != "TooFarAhead" or document is None:
        return (
            f"expected a document that only a bound of its source holds back (TooFarAhead), got {error}: as it is, the "
            "row cannot be represented; use: aipolicy quarantine correct, or reject"
        )
    last = today + MAX_AHEAD
    if document.published_date is not None and document.published_date > last:
        return (
            f"expected a day of publication until {last}, the last that an edition may hold today, got "
            f"{document.published_date}; correct it, or wait"
        )
    return None


def _value(name: str, text: str) -> Any:
    """The text itself where the field takes it, else what it says as JSON."""
    try:
        annotation: Any = PolicyDocument.model_fields[name].annotation
        TypeAdapter(annotation).validate_python(text)
    except ValidationError:
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            return text
    return text


def _faults(error: ValidationError) -> Iterator[str]:
    for fault in error.errors():
        where = ".".join(map(str, fault["loc"]))
        got = "nothing" if fault["type"] == "missing" else repr(fault["input"])[:80]
        yield f"{where}: {fault['msg']}, got {got}"


def _unsafe(fields: Mapping[str, Any]) -> Iterator[str]:
    for name, value in fields.items():
        kept = LINE_ENDS if name in LONG_TEXTS else ""
        if any(not one.strip() or not is_plain(one, kept) for one in _texts(value)):
            yield f"{name}: expected text without control or invisible characters, not blank, got {str(value)[:80]!r}"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, Sequence):
        for one in value:
            yield from _texts(one)


def _unknown_words(document: PolicyDocument, fields: Mapping[str, Any]) -> Iterator[str]:
    """Words of closed vocabularies, addresses and ids, which the audit would refuse later."""
    if "document_id" in fields and not re.search(DOCUMENT_ID, document.document_id):
        yield (
            "document_id: expected a scheme, a colon and a name, such as fr:2026-04020:2026-03-05, got "
            f"{document.document_id!r}"
        )
    if "url" in fields and not str(document.url).startswith(("http://", "https://")):
        yield f"url: expected an http or https address, got {document.url!r}"
    vocabularies = (
        ("identifiers", [one.scheme for one in document.identifiers], identifier_schemes()),
        ("amounts", [one.kind for one in document.amounts], AMOUNT_KINDS),
        ("relations", [one.relation for one in document.relations], STATED_RELATIONS),
    )
    for name, said, known in vocabularies:
        if name in fields and (strangers := sorted({*said} - {*known})):
            yield f"{name}: expected words of {', '.join(sorted(known))}, got {strangers[0]!r}"


def _lacking(document: PolicyDocument, owed: Set[str]) -> Iterator[str]:
    names = set(missing(document)) - owed
    is_out = document.availability not in (Availability.FILED, Availability.WITHDRAWN)
    if source(document.source_id).listing == "window" and is_out and document.published_date is None:
        names.add("published_date")
    for name in sorted(names):
        yield (
            f"{name}: expected a value, which the contract of {document.source_id} requires of a document of depth "
            f"{document.depth.value}, got none; add --set {name}=..."
        )


def _too_far(document: PolicyDocument, seen: date) -> Iterator[str]:
    ahead = source(document.source_id).bounds.max_ahead_days
    if document.published_date is not None and (document.published_date - seen).days > ahead:
        yield (
            f"published_date: expected a day at most {ahead} days after the crawl of {seen}, got "
            f"{document.published_date}"
        )
