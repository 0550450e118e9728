"""Records of an answer: read one by one, the unreadable set aside with their reason, what is empty left out.

Belongs here: what sources do alike with raw records and the parts of a document made from them. Does not belong here:
any name of a source's field, and how a value is read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from lxml import etree

from scrapers.contracts import (
    Identifier,
    NotADocument,
    Organisation,
    ParsedAnswer,
    PolicyDocument,
    Refusal,
    RejectedRecord,
    UnknownShape,
)
from scrapers.families.dates import iso_day
from scrapers.families.text import REPLACED, as_text, clean, web_address
from scrapers.registry import KnownFields, missing

RAW_CHARS = 4_000
VALUE_CHARS = 80
UNKNOWN_CHARS = 300
"""Of a path of names, and the value at its end: a source may send names of any length."""
ID_TWICE = "document_id"
"""Where it is told that two records of an answer have one id."""
ANY_NAME = "*"
UNKNOWN_VALUE = "unknown_value:"
"""Beginning of the flag of a field whose value is none of its vocabulary's."""
MISSING = "missing:"
"""Beginning of the flag of a field that the contract requires and the document has not."""
UNREADABLE = (UnknownShape, TypeError, AttributeError, LookupError, ValueError, ArithmeticError, etree.LxmlError)
"""What reading a record raises when it is not what the source promises; Pydantic's own error is a ValueError."""

_Read = TypeVar("_Read")


@dataclass(frozen=True)
class FieldFault:
    """Why one field of a record is null in the document."""

    error: str
    message: str
    value: Any


class Record(dict[str, Any]):
    """A raw record read field by field: what was read is taken out, what stays behind is as the source gave it.

    A field that cannot be read is null in the document, stays behind, and is told in `faults`; it costs the document
    nothing else. Blocks inside a record tell their faults to the record.
    """

    def __init__(self, raw: Mapping[str, Any], path: str = "", faults: dict[str, FieldFault] | None = None) -> None:
        super().__init__(raw)
        self._raw = raw
        self.faults: dict[str, FieldFault] = {} if faults is None else faults
        self._path = path

    def block(self, name: str) -> Record:
        """A copy of an object inside; an absent one is empty.

        Raises UnknownShape for anything else.
        """
        return self._inside(name, mapping(self.get(name), name))

    def blocks(self, name: str) -> Iterator[Record]:
        """Copies of the objects of a list inside; an absent list is empty.

        Raises UnknownShape for anything else than a list, and for an entry that is no object.
        """
        for position, entry in enumerate(self.get(name) or ()):
            yield self._inside(f"{name}/{position}", _object(entry, name))

    def attempt(self, name: str, make: Callable[[], _Read]) -> _Read | None:
        """What `make` returns; None, told as a fault of the field, when it finds that the field cannot be read."""
        try:
            return make()
        except UNREADABLE as error:
            self._cannot_read(name, error)
            return None

    def read(self, name: str, reader: Callable[[Any], _Read]) -> _Read | None:
        """What `reader` makes of a field, which stays; None for an absent or blank one and for one it cannot read."""
        value = self.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        try:
            return reader(value)
        except UNREADABLE as error:
            self._cannot_read(name, error)
            return None

    def take(self, name: str, reader: Callable[[Any], _Read]) -> _Read | None:
        """What `reader` makes of a field, which is taken out when it can be read."""
        found = None if self.get(name) is None else self.read(name, reader)
        if not (self.faults and self._is_faulty(name)):
            self.pop(name, None)
        return found

    def text(self, name: str) -> str | None:
        """Take a text."""
        return self.take(name, as_text)

    def texts(self, name: str) -> tuple[str, ...]:
        """Take a list of texts; when an entry is none, or blank, the others are read and the list stays."""
        entries = self.get(name)
        readable = [one for one in entries if type(one) is str and one.strip()] if isinstance(entries, list) else []
        if entries is not None and readable != entries:
            self.set_aside(name, f"expected a list of texts, got {str(entries)[:80]!r}")
        else:
            self.pop(name, None)
        return tuple(readable)

    def day(self, name: str) -> date | None:
        """Take a day such as "2026-03-05"."""
        return self.take(name, iso_day)

    def address(self, name: str) -> str | None:
        """Take a web address."""
        return self.take(name, web_address)

    def set_aside(self, name: str, message: str, value: Any = None) -> None:
        """Tell that a field cannot be read, and why; the first reason stands. `value` is its own unless given."""
        self._tell(name, FieldFault("UnreadableField", message, self.get(name) if value is None else value))

    def contradicts(self, name: str, message: str) -> None:
        """Tell that a field can be read and is not believed, because the record says otherwise elsewhere."""
        self._tell(name, FieldFault("ContradictoryField", message, self.get(name)))

    def left(self) -> dict[str, Any]:
        """What stays behind: fields that say something, and all that could not be read."""
        if not self.faults:
            return stated(self)
        return {name: value for name, value in self.items() if _says(value) or self._is_faulty(name)}

    def unknown(self, known: KnownFields) -> tuple[str, ...]:
        """What the source has never shown before, at any depth of the record as it was given: paths of names, and
        values of closed vocabularies as ``path=value``.
        """
        found = (clean(name, set()) or "" for name in _unknown_in(self._raw, known, ()))
        return tuple(sorted({name[:UNKNOWN_CHARS] for name in found}))

    @property
    def flags(self) -> set[str]:
        """A flag for each field that could not be read, without its place in lists."""
        named = ("/".join(part for part in path.split("/") if not part.isdigit()) for path in self.faults)
        return {f"unread:{name}" for name in named}

    def _cannot_read(self, name: str, error: Exception) -> None:
        self.set_aside(name, _reason(error, self.get(name)))

    def _is_faulty(self, name: str) -> bool:
        return f"{self._path}{name}" in self.faults

    def _tell(self, name: str, fault: FieldFault) -> None:
        self.faults.setdefault(f"{self._path}{name}", fault)

    def _inside(self, path: str, raw: Mapping[str, Any]) -> Record:
        return Record(raw, f"{self._path}{path}/", self.faults)


def _unknown_in(record: Mapping[str, Any], known: KnownFields, path: tuple[str, ...]) -> Iterator[str]:
    names = known.names_at(path)
    if ANY_NAME in names:
        return
    closed = known.closed_at(path)
    for name, value in record.items():
        if name not in names:
            yield ".".join((*path, name))
        elif name in closed or (value and isinstance(value, (dict, list))):
            yield from _unknown_of(value, known, (*path, name))


def _unknown_of(value: object, known: KnownFields, path: tuple[str, ...]) -> Iterator[str]:
    """What is new of an object, of a value, or of each of a list."""
    if isinstance(value, list):
        for one in value:
            yield from _unknown_of(one, known, path)
    elif isinstance(value, dict):
        yield from _unknown_in(value, known, path)
    elif value is not None and (where := ".".join(path)) in known.values:
        said = " ".join(str(value).split())[:VALUE_CHARS]
        if said and said not in known.values[where]:
            yield f"{where}={said}"


def read_records(
    slug: str,
    records: Mapping[str, Any],
    parse: Callable[[Record], PolicyDocument],
    *,
    count: object = None,
    next_url: str | None = None,
    is_each_once: bool = False,
) -> ParsedAnswer:
    """Read records by their paths; one that cannot be read is set aside with its reason, and so is a single field.

    Where each document stands once in an answer, two that have one id and say different things are both kept, and told:
    the id names more than one document.

    Raises UnknownShape when `count`, the source's own total, is neither absent nor a whole number.
    """
    if not (count is None or type(count) is int):
        raise UnknownShape(f"expected the source's total as a whole number, got {str(count)[:40]!r}")
    documents: list[PolicyDocument] = []
    rejected: list[RejectedRecord] = []
    places: dict[str, tuple[str, str]] = {}
    for where, raw in records.items():
        try:
            record = Record(_object(raw, where))
            document = parse(record)
        except UNREADABLE as error:
            rejected.append(rejected_record(slug, where, error, raw))
            continue
        documents.append(_flagged(document, raw))
        first, said = places.setdefault(document.document_id, (where, document.content_sha256))
        if is_each_once and said != document.content_sha256:
            twice = f"expected one record of an id in an answer, got another at {first} that says otherwise"
            rejected.append(_rejected_field(document, f"{where}/{ID_TWICE}", FieldFault("UnreadableField", twice, raw)))
        rejected += [_rejected_field(document, f"{where}/{path}", fault) for path, fault in record.faults.items()]
    return ParsedAnswer(documents=tuple(documents), rejected=tuple(rejected), official_count=count, next_url=next_url)


def numbered(where: str, records: object) -> dict[str, Any]:
    """Records of a list by their paths.

    Raises UnknownShape for anything but a list.
    """
    if not isinstance(records, list):
        raise UnknownShape(f"expected a list at {where or '/'}, got a {type(records).__name__}")
    return {f"{where}/{position}": record for position, record in enumerate(records)}


def refuse_foreign(records: Mapping[str, Any], names: Collection[str], expected: str) -> None:
    """Raise NotADocument for a list whose objects have none of the names that every record of the source has one of.

    Many APIs keep their records under "results": an answer of another one is refused whole, and not record by record.
    """
    objects = [record for record in records.values() if isinstance(record, dict)]
    if objects and all(record.keys().isdisjoint(names) for record in objects):
        raise NotADocument(f"expected {expected}, got a list of objects with {sorted(map(str, objects[0]))[:6]}")


def rejected_record(source_id: str, where: str, error: Exception, record: object) -> RejectedRecord:
    """Describe one unreadable record of an answer by a refusal's name: UnknownShape for errors of other kinds.

    A record that is text is kept as it is.
    """
    refusal = error if isinstance(error, Refusal) else UnknownShape(_reason(error, record))
    return RejectedRecord(
        source_id=source_id,
        where=where,
        error=type(refusal).__name__,
        message=str(refusal)[:RAW_CHARS],
        raw=_as_given(record),
    )


def _reason(error: Exception, value: object) -> str:
    """What an error says, in the form of our own errors; an error of the interpreter is put behind one."""
    reason = " ".join(str(error).split())
    if reason.startswith("expected"):
        return reason
    return f"expected another shape, got {str(value)[:80]}: {reason or type(error).__name__}"


def _flagged(document: PolicyDocument, raw: object) -> PolicyDocument:
    """The document with its names in lines, marked where it holds a value that no vocabulary knows, where it lacks what
    its contract requires, and where the bytes of any text of its record, not only of a cleaned one, were no UTF-8.
    """
    told: set[str] = set()
    lines = _in_lines(document, told)
    flags = told | {f"{UNKNOWN_VALUE}{new.partition('=')[0]}" for new in document.unread_fields if "=" in new}
    flags |= {f"{MISSING}{name}" for name in missing(document)}
    if REPLACED not in document.text_flags and _holds_replaced(raw):
        flags.add(REPLACED)
    marked = {**lines, "text_flags": tuple(sorted({*document.text_flags, *flags}))}
    changed = {name: value for name, value in marked.items() if value != getattr(document, name)}
    return document.model_copy(update=changed) if changed else document


def _in_lines(document: PolicyDocument, flags: set[str]) -> dict[str, Any]:
    """Names, kinds, numbers and subjects as one line each, without controls and with invisible marks shown."""

    def line(text: str | None) -> str | None:
        cleaned = clean(text, flags)
        return cleaned and " ".join(cleaned.split())

    return {
        "publishers": tuple(
            _named(one, name, line(one.raw_name)) for one in document.publishers if (name := line(one.name))
        ),
        "identifiers": tuple(
            one if one.value == value else one.model_copy(update={"value": value})
            for one in document.identifiers
            if (value := line(one.value))
        ),
        "subjects": tuple(filter(None, map(line, document.subjects))),
        "document_type": line(document.document_type),
        "document_subtype": line(document.document_subtype),
    }


def _named(one: Organisation, name: str, raw_name: str | None) -> Organisation:
    """An organisation by these names; no copy where they are its own, since copies are dear."""
    is_so = one.name == name and one.raw_name == raw_name
    return one if is_so else one.model_copy(update={"name": name, "raw_name": raw_name})


def _holds_replaced(value: object) -> bool:
    """Whether a text at any depth holds U+FFFD; only names of fields may."""
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if isinstance(one, str):
            if "\ufffd" in one:
                return True
        elif one and _holds_replaced(one):
            return True
    return False


def _rejected_field(document: PolicyDocument, where: str, fault: FieldFault) -> RejectedRecord:
    return RejectedRecord(
        source_id=document.source_id,
        where=where,
        error=fault.error,
        message=f"{document.document_id}: {fault.message}"[:RAW_CHARS],
        raw=_as_given(fault.value),
        is_whole_record=False,
    )


def _as_given(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text[:RAW_CHARS]


def mapping(value: object, name: str) -> dict[str, Any]:
    """A copy of an object; an absent one is empty.

    Raises UnknownShape for anything else.
    """
    return {} if value is None else dict(_object(value, name))


def _object(value: object, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UnknownShape(f"expected an object under {name}, got a {type(value).__name__}")
    return value


def stated(record: Mapping[str, Any], without: Collection[str] = ()) -> dict[str, Any]:
    """The fields that say something, but for some names; null, empty text, lists and objects say nothing."""
    return {name: one for name, one in record.items() if one is not None and name not in without and _says(one)}


def _says(value: object) -> bool:
    return bool(value) or not (value is None or value in ("", [], {}))


def substance(value: Any, housekeeping: Collection[str]) -> Any:
    """What a value states at any depth, without housekeeping; this is what content hashes are made of."""
    if isinstance(value, dict):
        kept = {name: substance(inner, housekeeping) for name, inner in value.items() if name not in housekeeping}
        return stated(kept)
    if isinstance(value, list):
        return [substance(inner, housekeeping) for inner in value]
    return value


def unordered(value: Any, names: Collection[str]) -> Any:
    """A copy in which the lists of these names, at any depth, stand in one order whatever order they came in."""
    if isinstance(value, dict):
        inner = {name: unordered(one, names) for name, one in value.items()}
        return {name: _sorted(one) if name in names and isinstance(one, list) else one for name, one in inner.items()}
    return [unordered(one, names) for one in value] if isinstance(value, list) else value


def _sorted(entries: list[Any]) -> list[Any]:
    return sorted(entries, key=lambda entry: json.dumps(entry, sort_keys=True, default=str))


def identifiers(*pairs: tuple[str, Any]) -> tuple[Identifier, ...]:
    """Identifiers by scheme in the order given, each once; absent and empty values are none, numbers become text."""
    found = [(scheme, str(value) if type(value) is int else value) for scheme, value in pairs if value]
    made = (Identifier(scheme=scheme, value=value) for scheme, value in found)
    return tuple({(one.scheme, one.value): one for one in made}.values())


def text_of(value: object) -> str | None:
    """A value as trimmed text; None when there is nothing to read, and for lists and objects."""
    return None if value is None or isinstance(value, dict | list) else str(value).strip() or None
