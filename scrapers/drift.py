"""What has drifted at a source: one fresh answer held against the contract and against the last good crawl.

Belongs here: comparing documents, purely. Does not belong here: asking anybody (`scrapers/check.py`), and whether a
crawl is good, which its ledger says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from scrapers.contracts import Contract, LandedRecord, PolicyDocument, RejectedRecord
from scrapers.registry import SourceConfig, instrument_rules, missing

ENOUGH = 5
"""Documents on either side without which nothing is said of fields that are gone."""
ALWAYS = 0.95
"""Share of the last crawl's documents that makes a field one that is always there."""
ENTRY = "[]"
"""Stands in a path for whatever entry of a list."""
NOT_ANSWERED = "not_answered"
"""The kind of what says nothing of the contract: nothing came, or a wall or an error in place of an answer."""
NOT_OF_THE_SOURCE = frozenset(
    {"source_id", "document_id", "content_sha256", "parser_version", "source_fields", "unread_fields", "text_flags"}
)
"""Fields of a document that say what we did, not what the source says."""


class Drift(Contract):
    """One way in which a source's answers differ from what is known of them."""

    kind: str
    """required_gone, field_gone, type_changed, new_field, new_value, unreadable, refused, crashed or not_answered."""
    name: str
    """The field, or the address that was asked."""
    sentence: str


class CheckReport(Contract):
    """What one check of a source has shown."""

    source_id: str
    answers: int
    """Whole or not, without robots.txt and without attempts that were repeated."""
    documents: int
    """How many were held against the contract."""
    unheld: tuple[str, ...] = ()
    """Answers of kinds that hold no documents, and were read without being held against anything."""
    not_asked: str | None = None
    """Why the source was not asked at all."""
    drifts: tuple[Drift, ...]


def drifts(config: SourceConfig, fresh: Sequence[LandedRecord], known: Sequence[PolicyDocument]) -> list[Drift]:
    """Differences between what was just landed and the contract with the documents of the last good crawl."""
    documents = [record.document for record in fresh if record.document is not None]
    required = list(_required(config, documents))
    told = {drift.name for drift in required}
    return [
        *_unreadable(fresh),
        *_unknown(documents),
        *_unruled_types(config, documents),
        *required,
        *(drift for drift in _fields_gone(documents, known) if drift.name not in told),
        *_types_changed(documents, known),
    ]


def _unreadable(fresh: Sequence[LandedRecord]) -> Iterator[Drift]:
    """Records and fields that could not be read, those of one place and error together."""
    alike: dict[tuple[str, str], list[RejectedRecord]] = {}
    for rejected in (record.rejected for record in fresh if record.rejected is not None):
        place = "/".join(part for part in rejected.where.split("/") if not part.isdigit())
        alike.setdefault((place, rejected.error), []).append(rejected)
    for (place, error), found in alike.items():
        first = found[0]
        sentence = f"{error} at {len(found)} places, first at {first.where}: {first.message}"
        yield Drift(kind="unreadable", name=place, sentence=sentence)


def _unknown(documents: Sequence[PolicyDocument]) -> Iterator[Drift]:
    """Fields and values that the contract does not know."""
    showing: dict[str, list[str]] = {}
    for document in documents:
        for name in document.unread_fields:
            showing.setdefault(name, []).append(document.document_id)
    for name, ids in sorted(showing.items()):
        kind = "new_value" if "=" in name else "new_field"
        sentence = f"the contract does not know it; on {len(ids)} of {len(documents)} documents, first on {ids[0]}"
        yield Drift(kind=kind, name=name, sentence=sentence)


def _unruled_types(config: SourceConfig, documents: Sequence[PolicyDocument]) -> Iterator[Drift]:
    ruled = {rule.type for rule in instrument_rules(config)}
    for value in sorted({document.document_type for document in documents if document.document_type} - ruled):
        yield Drift(kind="new_value", name="document_type", sentence=f"no rule of the contract reads {value!r}")


def _required(config: SourceConfig, documents: Sequence[PolicyDocument]) -> Iterator[Drift]:
    """Fields that the contract requires and no document of that depth has, however few there are, and whatever an
    earlier crawl has shown.
    """
    for depth in sorted({document.depth for document in documents}):
        lacking = [set(missing(document)) for document in documents if document.depth is depth]
        for name in config.required.get(depth.value, ()):
            if all(name in names for names in lacking):
                sentence = f"the contract requires it; on none of {len(lacking)} documents ({depth})"
                yield Drift(kind="required_gone", name=name, sentence=sentence)


def _fields_gone(documents: Sequence[PolicyDocument], known: Sequence[PolicyDocument]) -> Iterator[Drift]:
    """Fields that every document had and none has; held apart by depth, since a list says less than a page."""
    for depth in sorted({document.depth for document in documents}):
        now = [_filled(document) for document in documents if document.depth is depth]
        before = [_filled(document) for document in known if document.depth is depth]
        if min(len(now), len(before)) < ENOUGH:
            continue
        had = Counter(name for names in before for name in names)
        has = {name for names in now for name in names}
        gone = {name for name, count in had.items() if count >= ALWAYS * len(before) and name not in has}
        for name in sorted(name for name in gone if not any(name.startswith(f"{outer}.") for outer in gone)):
            sentence = (
                f"on {had[name]} of {len(before)} documents of the last crawl, on none of {len(now)} now ({depth})"
            )
            yield Drift(kind="field_gone", name=name, sentence=sentence)


def _filled(document: PolicyDocument) -> set[str]:
    values = document.model_dump(exclude=set(NOT_OF_THE_SOURCE))
    return {name for name, value in values.items() if value not in (None, "", (), [], {})} | {
        path for path, _ in _paths(document.source_fields, "source_fields") if not path.endswith(ENTRY)
    }


def _paths(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Paths and JSON types of all that stands below a value but null, at every depth; entries of lists stand at the
    path of their list with a mark of their own.
    """
    inside = value.items() if isinstance(value, dict) else ((ENTRY, entry) for entry in value)
    for name, inner in inside:
        if inner is None:
            continue
        below = f"{path}.{name}"
        yield below, _json_type(inner)
        if isinstance(inner, dict | list | tuple):
            yield from _paths(inner, below)


def _types_changed(documents: Sequence[PolicyDocument], known: Sequence[PolicyDocument]) -> Iterator[Drift]:
    before, now = _types(known), _types(documents)
    for name in sorted(before.keys() & now.keys()):
        if not now[name] <= before[name] and not _is_one_or_several(before[name], now[name]):
            sentence = f"was {' or '.join(sorted(before[name]))}, is {' or '.join(sorted(now[name]))}"
            yield Drift(kind="type_changed", name=name, sentence=sentence)


def _is_one_or_several(before: set[str], now: set[str]) -> bool:
    """Whether a field holds at times one value and at times a list of them, as fields read from XML do."""
    return "list" in before | now and bool(before & now)


def _types(documents: Iterable[PolicyDocument]) -> dict[str, set[str]]:
    """The JSON types of the source's own fields by their paths; null is of no type."""
    types: dict[str, set[str]] = {}
    for document in documents:
        for path, name in _paths(document.source_fields, "source_fields"):
            types.setdefault(path, set()).add(name)
    return types


def _json_type(value: Any) -> str:
    match value:
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "text"
        case list() | tuple():
            return "list"
        case _:
            return "object"
