"""Bills of the US Congress, as the Congress.gov API and the BILLSTATUS files of govinfo give them.

Belongs here: which field of a bill means what, in every version of both formats. Does not belong here: envelopes,
errors, listings and paging.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from lxml import etree

from scrapers.contracts import (
    Attachment,
    ChangeNote,
    Depth,
    Identifier,
    Organisation,
    PolicyDocument,
    StatedRelation,
    UnknownShape,
)
from scrapers.families.dates import iso_day, iso_instant
from scrapers.families.records import Record, identifiers, mapping, stated, substance
from scrapers.families.text import as_text, html_to_text, one_line, web_address
from scrapers.families.wording import hash_of
from scrapers.families.xml import tag_of
from scrapers.registry import source

SLUG = "us_congress_gov"
PARSER_VERSION = "us_congress_gov/8"
KNOWN = source(SLUG).known_fields
WASHINGTON = ZoneInfo("America/New_York")
PAGES = {
    "HR": "house-bill",
    "S": "senate-bill",
    "HJRES": "house-joint-resolution",
    "SJRES": "senate-joint-resolution",
    "HCONRES": "house-concurrent-resolution",
    "SCONRES": "senate-concurrent-resolution",
    "HRES": "house-resolution",
    "SRES": "senate-resolution",
}
"""Types of measures, and how their pages are named."""
CHAMBERS = {
    "House": Organisation(name="United States House of Representatives", native_id="H", raw_name="House"),
    "Senate": Organisation(name="United States Senate", native_id="S", raw_name="Senate"),
}
LAWS = {"Public Law": "public_law", "Private Law": "private_law"}
SIGNED = re.compile(r"Signed by President\b")
"""Words of the action by which the President signs; its code, E30000, is also that of a veto."""
BECAME_LAW = re.compile(r"Became (?:Public|Private) Law\b")
"""Words of the action by which a bill is law, signed or not: by signature, by time, or over a veto."""
HOUSE_FLOOR = "2"
"""Code of the system whose times of day are those of the events."""
_COUNTS = frozenset(("count", "countIncludingWithdrawnCosponsors", "url", "actionByCounts", "actionTypeCounts"))
"""What stands in place of a list, or beside one, and names none of its entries."""
_LISTS = frozenset(("item", "summary", "amendment", "committeeReport", "recordedVote", "link"))
_Made = TypeVar("_Made")
_NUMBER = re.compile(r"[1-9][0-9]*")
_LAW = re.compile(r"[1-9][0-9]*-[1-9][0-9]*")
_FORMATS = {".xml": "application/xml", ".pdf": "application/pdf", ".htm": "text/html", ".html": "text/html"}


def from_xml(element: etree._Element) -> Any:
    """An element as the value that JSON would hold: a text, a list of what it repeats, or an object.

    An element without content is null. What stands beside a list keeps its name, and the list that of its elements.
    """
    children = [child for child in element if isinstance(child.tag, str)]
    if not children:
        return (element.text or "").strip() or None
    value: dict[str, Any] = {}
    lists = {name for child in children if (name := tag_of(child)) in _LISTS or f"{name}s" == tag_of(element)}
    lists |= {name for name, times in Counter(map(tag_of, children)).items() if times > 1}
    for child in children:
        name, inner = tag_of(child), from_xml(child)
        if name in lists:
            value.setdefault(name, []).append(inner)
        else:
            value[name] = inner
    return value[tag_of(children[0])] if len(value) == 1 and lists else value


def parse_listed(record: Record) -> PolicyDocument:
    """Read a line of a list of bills or laws."""
    return _document(record, Depth.LISTING, "listed")


def parse_summarised(record: Record) -> PolicyDocument:
    """Read a line of the list of summaries: a bill, and what its newest summary says.

    Raises UnknownShape without the bill.
    """
    hashed, bill = _hash(record), record.block("bill")
    flags: set[str] = set()
    abstract = _summary_text(record, flags)
    document = _document(bill, Depth.LISTING, "listed")
    del record["bill"]
    return document.model_copy(
        update={
            "abstract": abstract,
            "source_fields": stated({**document.source_fields, "summary": record.left()}),
            "unread_fields": (*document.unread_fields, *record.unknown(KNOWN["summary"])),
            "text_flags": tuple(sorted({*document.text_flags, *flags, *record.flags})),
            "content_sha256": hashed,
        }
    )


def parse_bill(record: Record) -> PolicyDocument:
    """Read a bill in full: of the API, which leaves its parts to other answers, or of BILLSTATUS, which holds all.

    Raises UnknownShape for a bill without congress, type or number.
    """
    return _document(record, Depth.FULL, "bill")


def key_of(raw: Mapping[str, Any]) -> tuple[int, str, int]:
    """Congress, type and number of a bill.

    Raises UnknownShape when one of them is not what the source writes.
    """
    kind = raw.get("type") or raw.get("billType")
    congress, number = raw.get("congress"), raw.get("number") or raw.get("billNumber")
    if not isinstance(kind, str) or kind.upper().replace(".", "").replace(" ", "") not in PAGES:
        raise UnknownShape(f"expected a type of bill such as {', '.join(PAGES)}, got {str(kind)[:40]!r}")
    for name, value in (("congress", congress), ("number", number)):
        if type(value) not in (int, str) or not _NUMBER.fullmatch(str(value)) or len(str(value)) > 6:
            raise UnknownShape(f"expected the {name} of a bill, got {str(value)[:40]!r}")
    return int(str(congress)), kind.upper().replace(".", "").replace(" ", ""), int(str(number))


def _bill_name(key: tuple[int, str, int]) -> str:
    congress, kind, number = key
    return f"{congress}-{kind.lower()}-{number}"


def _document(record: Record, depth: Depth, shape: str) -> PolicyDocument:
    hashed, key = _hash(record), key_of(record)
    flags: set[str] = set()
    actions = _entries(record, "actions", "actions", "item")
    latest: dict[str, Any] = record.attempt("latestAction", lambda: record.block("latestAction")) or {}
    return PolicyDocument(
        source_id=SLUG,
        document_id=f"us-congress:{_bill_name(key)}",
        native_id=_bill_name(key),
        depth=depth,
        url=record.address("legislationUrl") or _page(key),
        title=one_line(record.text("title"), flags),
        abstract=_abstract(record, flags),
        document_type=key[1],
        action=record.attempt("latestAction", lambda: one_line(record.block("latestAction").text("text"), flags)),
        publishers=record.attempt("originChamber", lambda: _chamber(record)) or (),
        identifiers=identifiers(("us_bill", _bill_name(key)), *_each(record, "laws", _law)),
        published_date=record.day("introducedDate"),
        signed_date=record.attempt("actions", lambda: _day_of(SIGNED, actions)),
        effective_date=record.attempt("actions", lambda: _day_of(BECAME_LAW, [*actions, latest])),
        updated_at=_updated(record),
        relations=tuple(_each(record, "relatedBills", _related)),
        attachments=(
            *(attachment for version in _each(record, "textVersions", _printings) for attachment in version),
            *_each(record, "cboCostEstimates", _estimate),
        ),
        change_history=tuple(_history(record, flags)),
        subjects=_subjects(record),
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields=record.left(),
        unread_fields=record.unknown(KNOWN[shape]),
        content_sha256=hashed,
        parser_version=PARSER_VERSION,
    )


def _page(key: tuple[int, str, int]) -> str:
    congress, kind, number = key
    ending = "th" if congress % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(congress % 10, "th")
    return f"https://www.congress.gov/bill/{congress}{ending}-congress/{PAGES[kind]}/{number}"


def _entries(record: Record, field: str, *wrappings: str) -> list[dict[str, Any]]:
    """The objects of a list, also where older versions wrap it; what only says where another answer is has none."""
    value = record.get(field)
    for name in wrappings:
        if isinstance(value, dict) and name in value:
            value = value[name]
    if value is None or (isinstance(value, dict) and not set(value) - _COUNTS):
        return []
    if not isinstance(value, list) or not all(isinstance(entry, dict | None) for entry in value):
        record.set_aside(field, f"expected a list of objects, got {str(value)[:60]}")
    if not isinstance(value, list):
        return []
    return [entry for entry in value if isinstance(entry, dict)]


def _each(
    record: Record, field: str, make: Callable[[dict[str, Any]], _Made | None], *wrappings: str
) -> Iterator[_Made]:
    """What is made of each entry of a list; one that cannot be read is told, and costs no other."""
    for position, entry in enumerate(_entries(record, field, *wrappings, "item")):
        made = record.attempt(f"{field}/{position}", partial(make, entry))
        if made is not None:
            yield made


def _chamber(record: Record) -> tuple[Organisation, ...]:
    name = record.get("originChamber")
    if name is None:
        return ()
    return (CHAMBERS[name],) if as_text(name) in CHAMBERS else ()


def _law(law: dict[str, Any]) -> tuple[str, str]:
    kind, number = as_text(law.get("type")), as_text(law.get("number"))
    if kind not in LAWS or not _LAW.fullmatch(number):
        raise UnknownShape(f"expected a law such as Public Law 117-263, got {kind[:40]!r} {number[:40]!r}")
    return LAWS[kind], number


def _updated(record: Record) -> datetime | None:
    """When the record was touched, where the source states an instant and not only a day."""
    for name in ("updateDateIncludingText", "updateDate"):
        value = record.get(name)
        if isinstance(value, str) and "T" in value:
            return record.read(name, iso_instant)
    return None


def _day_of(words: re.Pattern[str], actions: list[dict[str, Any]]) -> date | None:
    """The day of the action that begins with these words."""
    told = (action for action in actions if words.match(str(action.get("text") or "")))
    days = {iso_day(action.get("actionDate")) for action in told}
    if len(days) > 1:
        raise UnknownShape(f"expected one day of {words.pattern!r}, got {', '.join(map(str, sorted(days)))}")
    return next(iter(days), None)


def _history(record: Record, flags: set[str]) -> list[ChangeNote]:
    """What was done, oldest first: the day and the words; the hour only where the House's floor system states it."""

    def note(action: dict[str, Any]) -> ChangeNote | None:
        if action.get("text") is None:
            return None
        day, text = iso_day(action.get("actionDate")), one_line(as_text(action["text"]), flags)
        return ChangeNote(noted_at=_noted_at(day, action), note=f"{day}: {text}") if text else None

    return list(_each(record, "actions", note, "actions"))[::-1]


def _noted_at(day: date, action: dict[str, Any]) -> datetime | None:
    system, hour = action.get("sourceSystem"), action.get("actionTime")
    code = str(system.get("code")) if isinstance(system, dict) else None
    if code != HOUSE_FLOOR or not isinstance(hour, str) or not re.fullmatch(r"\d\d:\d\d:\d\d", hour):
        return None
    return datetime.combine(day, time.fromisoformat(hour), WASHINGTON).astimezone(UTC)


def _abstract(record: Record, flags: set[str]) -> str | None:
    """The newest summary of the Congressional Research Service."""
    found = _entries(record, "summaries", "billSummaries", "summary", "item")
    newest = max(found, key=lambda one: (str(one.get("actionDate")), str(one.get("updateDate"))), default=None)
    return None if newest is None else record.attempt("summaries", lambda: _summary_text(newest, flags))


def _summary_text(summary: Mapping[str, Any], flags: set[str]) -> str | None:
    """The text of a summary, which some files wrap in an element named cdata."""
    wrapped = summary.get("cdata")
    text = wrapped.get("text") if isinstance(wrapped, dict) else summary.get("text")
    return None if text is None else html_to_text(as_text(text), flags)


def _related(related: dict[str, Any]) -> StatedRelation:
    name = _bill_name(key_of(related))
    title = related.get("title") or related.get("latestTitle") or name
    target = Identifier(scheme="us_bill", value=name)
    return StatedRelation(relation="related", target=target, field="relatedBills", quote=as_text(title))


def _printings(version: dict[str, Any]) -> list[Attachment]:
    """A text of the bill in each of its formats."""
    title, formats = version.get("type"), version.get("formats") or []
    urls = [web_address(mapping(printed, "formats").get("url")) for printed in formats]
    return [
        Attachment(
            title=None if title is None else as_text(title),
            url=url,
            content_type=_FORMATS.get(url[url.rfind(".") :].lower()),
        )
        for url in urls
    ]


def _estimate(estimate: dict[str, Any]) -> Attachment:
    """An estimate of the Congressional Budget Office; its fields were renamed."""
    title = estimate.get("title") or estimate.get("rptTitle")
    url = web_address(estimate.get("url") or estimate.get("rptUrl"))
    return Attachment(title=one_line(None if title is None else as_text(title), set()), url=url)


def _subjects(record: Record) -> tuple[str, ...]:
    """The policy area, then the terms of the Congressional Research Service."""

    def named() -> list[str]:
        listed = mapping(record.get("subjects"), "subjects")
        inside = Record(mapping(listed.get("billSubjects"), "billSubjects") or listed)
        areas = [record.get("policyArea"), record.get("primarySubject")]
        areas += [inside.get("policyArea"), inside.get("primarySubject")]
        terms = [*_entries(inside, "legislativeSubjects", "item"), *_entries(inside, "otherSubjects", "item")]
        names = [mapping(one, "subject").get("name") for one in (*areas, *terms)]
        return [as_text(name) for name in names if name]

    return tuple(dict.fromkeys(record.attempt("subjects", named) or ()))


def _hash(raw: Mapping[str, Any]) -> str:
    """What a bill states; how related bills fare is theirs."""
    said = dict(raw)
    if isinstance(related := said.get("relatedBills"), list):
        said["relatedBills"] = [stated(entry, ("latestAction",)) for entry in related if isinstance(entry, dict)]
    return hash_of(substance(said, KNOWN["bill"].housekeeping))
