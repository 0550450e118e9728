"""Content items and search hits of GOV.UK, whatever their schema: redirects, gone and withdrawn pages, publications.

Belongs here: which field of a record means what. Does not belong here: which answer holds records (the spider) and the
attachments of a page (`govuk_attachments`).
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from scrapers.contracts import (
    Availability,
    ChangeNote,
    Depth,
    Identifier,
    Organisation,
    PolicyDocument,
    StatedRelation,
    Translation,
    UnknownShape,
)
from scrapers.families.dates import iso_day, iso_instant
from scrapers.families.govuk_attachments import absolute, attachments
from scrapers.families.govuk_blocks import block_texts
from scrapers.families.records import Record, identifiers, mapping, stated, substance
from scrapers.families.text import as_text, clean, html_to_text, one_line, web_address
from scrapers.families.wording import hash_of
from scrapers.registry import source

SLUG = "uk_govuk"
PARSER_VERSION = "uk_govuk/10"
LONDON = ZoneInfo("Europe/London")
KNOWN = source(SLUG).known_fields
LAST_UPDATE = "published_date_is_last_update"
"""Flag of a document whose first publication is not known here: its published_date is that of the last major update."""

TEXTS = (
    "lead_paragraph", "introductory_paragraph", "introduction", "mission_statement", "licence_overview", "summary",
    "body", "need_to_know", "before_results", "after_results",
)  # fmt: skip
"""Running text below `details` that stands before the sections, in reading order."""
SECTIONS = ("parts", "collection_groups", "nodes")
"""Lists of titled sections below `details`: of guides, of collections, of questions and answers."""
BLOCKS = ("step_by_step_nav", "blocks")
"""Pages that are built of blocks, which stay as they are given."""
CLOSING_TEXTS = {
    "more_information": "More information",
    "what_you_need_to_know": "What you need to know",
    "other_ways_to_apply": "Other ways to apply",
    "outcome_detail": "Outcome",
    "final_outcome_detail": "Final outcome",
    "public_feedback_detail": "Feedback received",
}
"""Running text that stands after them, with the heading it gets here."""
LAST_TOUCHED = ("public_updated_at", "public_timestamp")
"""When a page last changed, which says nothing that the change does not; pages are touched without any."""
SUGGESTED_BY_MACHINE = ("suggested_ordered_related_items",)
RELATIONS = (
    ("document_collections", "part_of", None),
    ("manual", "part_of", None),
    ("parent", "part_of", "html_publication"),
    ("ordered_successor_organisations", "superseded_by", None),
)
"""Links made to state a relation, the relation, and the only schema for which they state it."""
_LOCALE_SUFFIX = re.compile(r"\.([a-z]{2}(?:-[a-z0-9]{2,4})?)$")


def parse_item(record: Record) -> PolicyDocument:
    """Read one content item, whatever its schema.

    Raises UnknownShape for an item whose identity or details are not what the publishing schemas promise. Any other
    field that is not is null, kept raw and told as a fault of the record.
    """
    hashed = hash_of(_stable_item(record))
    flags: set[str] = set()
    details = record.block("details")
    record.pop("details", None)
    content_id, base_path = _identity(record, "content_id"), _identity(record, "base_path")
    locale = _identity(record, "locale") or "en"
    kind, schema_name = record.text("document_type"), record.text("schema_name")
    notice = _withdrawal(record, details)
    availability = _availability((kind, schema_name), bool(notice) or record.get("withdrawn") is True)
    address = base_path or _identity(details, "url")
    if not (content_id or address):
        flags.add("unaddressed")
    published_at = _take_published(record, details, availability, flags)
    children = record.attempt("links", lambda: _linked(record, "children")) or []
    for name in ("content_id", "locale"):
        record.pop(name, None)
    return PolicyDocument(
        source_id=SLUG,
        document_id=document_id(content_id, address, locale, hashed),
        native_id=content_id or address or hashed,
        availability=availability,
        url=record.take("base_path", _page_address) or details.read("url", _page_address),
        title=one_line(record.text("title"), flags),
        abstract=clean(record.text("description"), flags),
        language=locale,
        document_type=kind,
        document_subtype=schema_name,
        publishers=record.attempt("links", lambda: _publishers(record, details)) or (),
        identifiers=_identifiers(content_id, base_path),
        published_date=_in_london(published_at),
        comments_open_date=details.read("opening_date", _civil_date),
        comments_close_date=details.read("closing_date", _last_day),
        published_at=published_at,
        updated_at=_take_instant(record, "public_updated_at"),
        withdrawn_at=notice.read("withdrawn_at", _instant),
        withdrawal_note=html_to_text(
            notice.read("explanation", as_text) or details.read("explanation", as_text), flags
        ),
        relations=record.attempt("links", lambda: _relations(record, schema_name)) or (),
        attachments=details.attempt("attachments", lambda: attachments(details, children)) or (),
        translations=record.attempt("links", lambda: _translations(record, locale)) or (),
        change_history=details.attempt("change_history", lambda: _take_changes(details, flags)) or (),
        body=details.attempt("body", lambda: _take_body(details, flags)),
        subjects=record.attempt("links", lambda: _subjects(record)) or (),
        redirects_to=_destination(record, details, base_path, availability),
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields=stated({**record.left(), "details": details.left()}),
        unread_fields=record.unknown(KNOWN["item"]),
        content_sha256=hashed,
        parser_version=PARSER_VERSION,
    )


def parse_hit(record: Record) -> PolicyDocument:
    """Read one hit of a search, whatever fields were asked for; its date is that of the last major update.

    Raises UnknownShape for a hit without a link. Any other field that is not what the API shows is null, kept raw and
    told as a fault of the record.
    """
    hashed = hash_of(_stable_hit(record))
    flags: set[str] = set()
    link, content_id = _identity(record, "link") or _identity(record, "_id"), _identity(record, "content_id")
    if not link:
        raise UnknownShape("expected a link, got none; a hit without address cannot be told from others")
    is_external = link.startswith(("http://", "https://"))
    suffix = None if is_external else _LOCALE_SUFFIX.search(link)
    locale = suffix[1] if suffix else "en"
    shown_at = _take_instant(record, "public_timestamp")
    if shown_at is not None:
        flags.add(LAST_UPDATE)
    is_withdrawn = record.get("is_withdrawn") is True
    record.pop("content_id", None)
    return PolicyDocument(
        source_id=SLUG,
        document_id=document_id(content_id, link, locale),
        native_id=content_id or link,
        depth=Depth.LISTING,
        availability=Availability.WITHDRAWN if is_withdrawn else Availability.AVAILABLE,
        url=record.take("link", _page_address) or absolute(link),
        title=one_line(record.text("title"), flags),
        abstract=clean(record.text("description"), flags),
        language=locale,
        document_type=_take_kind(record),
        publishers=record.attempt("organisations", lambda: _hit_publishers(record)) or (),
        identifiers=_identifiers(content_id, None if is_external else link),
        published_date=_in_london(shown_at),
        published_at=shown_at,
        updated_at=shown_at,
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields=record.left(),
        unread_fields=record.unknown(KNOWN["hit"]),
        content_sha256=hashed,
        parser_version=PARSER_VERSION,
    )


def document_id(content_id: str | None, address: str | None, locale: str, hashed: str = "") -> str:
    """The id of a page in one language; pages without an id of their own are named by their address."""
    name = content_id or (f"path:{address}" if address else f"unaddressed:{hashed[:16]}")
    return f"govuk:{name}:{locale}"


def _identity(record: Record, name: str) -> str | None:
    """A field that ids are made of, which stays.

    Raises UnknownShape for anything but text, since it cannot be left out.
    """
    value = record.get(name)
    if not (value is None or isinstance(value, str)):
        raise UnknownShape(f"expected {name} as text, got {type(value).__name__}; ids are made of it")
    return value or None


def _page_address(value: object) -> str | None:
    """The address of a page or a path; None for an empty one."""
    text = as_text(value)
    return absolute(text) or web_address(text) if text else None


# Instants and dates


def _instant(value: object) -> datetime | None:
    """An instant in UTC; empty text names none, and raises no error.

    Raises OverflowError for one whose day in London no calendar holds.
    """
    if value == "":
        return None
    moment = iso_instant(as_text(value))
    _in_london(moment)
    return moment


def _take_instant(record: Record, name: str) -> datetime | None:
    """Read an instant; the raw text stays behind when it cannot be read."""
    moment = record.read(name, _instant)
    if moment is not None:
        del record[name]
    return moment


def _in_london(moment: datetime | None) -> date | None:
    return None if moment is None else moment.astimezone(LONDON).date()


def _civil_date(value: object) -> date | None:
    """A civil date in London: of an instant, or as written when the source gives a date without a time."""
    return iso_day(value) if _is_civil(value) else _in_london(_instant(value))


def _is_civil(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None


def _last_day(value: object) -> date | None:
    """The last day of a period: one that closes at midnight in London ends with the day before."""
    moment = None if _is_civil(value) else _instant(value)
    if moment is None:
        return _civil_date(value)
    is_midnight = moment.astimezone(LONDON).time() == time.min
    return _in_london(moment - timedelta(seconds=1) if is_midnight else moment)


def _take_published(record: Record, details: Record, availability: Availability, flags: set[str]) -> datetime | None:
    """When the page was first published; a stated instant that cannot be read is not replaced by a later one."""
    if record.get("first_published_at"):
        return _take_instant(record, "first_published_at")
    if details.get("first_public_at"):
        return details.read("first_public_at", _instant)
    if availability in (Availability.REDIRECTED, Availability.GONE):
        # Such a page was "updated" when it moved or went, which says nothing about its publication.
        return None
    updated_at = record.read("public_updated_at", _instant)
    if updated_at is not None:
        flags.add(LAST_UPDATE)
    return updated_at


# What became of the page


def _availability(kinds: tuple[str | None, str | None], is_withdrawn: bool) -> Availability:
    if "redirect" in kinds:
        return Availability.REDIRECTED
    if "gone" in kinds or "vanish" in kinds:
        return Availability.GONE
    return Availability.WITHDRAWN if is_withdrawn else Availability.AVAILABLE


def _withdrawal(record: Record, details: Record) -> Record:
    holder = record if record.get("withdrawn_notice") else details
    return holder.attempt("withdrawn_notice", lambda: holder.block("withdrawn_notice")) or Record({})


def _destination(record: Record, details: Record, base_path: str | None, availability: Availability) -> str | None:
    if availability is Availability.GONE:
        return details.read("alternative_path", _target)
    if availability is not Availability.REDIRECTED:
        return None
    return record.attempt("redirects", lambda: _redirect(list(record.blocks("redirects")), base_path))


def _redirect(redirects: list[Record], base_path: str | None) -> str | None:
    own = [redirect for redirect in redirects if redirect.get("path") == base_path]
    first = next(iter(own or redirects), Record({}))
    return first.read("destination", _target)


def _target(value: object) -> str | None:
    """Where a page has gone: a path on GOV.UK as it is given, or an address elsewhere; empty text is none."""
    text = as_text(value)
    if not text:
        return None
    return text if text.startswith("/") and absolute(text) else web_address(text)


# Links to other pages


def _subjects(record: Record) -> tuple[str, ...]:
    return tuple(dict.fromkeys(as_text(entry["title"]) for entry in _titled(record, "taxons", "policy_areas")))


def _linked(record: dict[str, Any], *names: str) -> list[dict[str, Any]]:
    """Linked pages by kind of link; publishers' payloads hold bare ids, which say no more than their raw value."""
    kinds = [mapping(record.get(links), links) for links in ("links", "expanded_links")]
    entries = [entry for kind in kinds for name in names for entry in kind.get(name) or ()]
    return [entry for entry in entries if isinstance(entry, dict)]


def _titled(record: dict[str, Any], *names: str) -> list[dict[str, Any]]:
    return [entry for entry in _linked(record, *names) if entry.get("title")]


def _publishers(record: dict[str, Any], details: dict[str, Any]) -> tuple[Organisation, ...]:
    """Organisations of the page: the primary one first, then those it emphasises, then the others."""
    leading = [_key(entry) for entry in _linked(record, "primary_publishing_organisation")]
    leading += details.get("emphasised_organisations") or ()
    leading += [_key(entry) for entry in _linked(record, "lead_organisations", "emphasised_organisations")]
    every = _titled(record, "organisations", "primary_publishing_organisation", "lead_organisations")
    by_key = {_key(entry): entry for entry in reversed(every)}
    order = dict.fromkeys([*leading, *(_key(entry) for entry in every)])
    return tuple(_organisation(by_key[key]) for key in order if key in by_key)


def _key(entry: dict[str, Any]) -> str:
    return str(entry.get("content_id") or entry.get("base_path") or entry.get("title"))


def _organisation(entry: dict[str, Any]) -> Organisation:
    path = entry.get("base_path") or entry.get("link")
    return Organisation(
        name=entry["title"],
        native_id=entry.get("content_id"),
        slug=entry.get("slug") or (path.rstrip("/").rsplit("/", 1)[-1] if path else None),
        url=absolute(path) or entry.get("web_url"),
    )


def _take_kind(hit: Record) -> str | None:
    kinds = ("content_store_document_type", "format", "document_type")
    return next((hit.text(name) for name in kinds if hit.get(name)), None)


def _hit_publishers(record: dict[str, Any]) -> tuple[Organisation, ...]:
    """Organisations of a hit; one the search could not expand is a bare slug, the only name given."""
    entries = [{"slug": entry} if isinstance(entry, str) else entry for entry in record.get("organisations") or ()]
    named = [{**entry, "title": entry.get("title") or entry.get("slug")} for entry in entries]
    return tuple(_organisation(entry) for entry in named if entry["title"])


def _identifiers(content_id: str | None, base_path: str | None) -> tuple[Identifier, ...]:
    return identifiers(("govuk_content", content_id), ("govuk_path", base_path))


def _relations(record: dict[str, Any], schema_name: str | None) -> tuple[StatedRelation, ...]:
    found: dict[StatedRelation, None] = {}
    for name, relation, only_for in RELATIONS:
        for entry in _linked(record, name) if only_for in (None, schema_name) else ():
            targets = _identifiers(entry.get("content_id"), entry.get("base_path"))
            quote = entry.get("title") or entry.get("base_path")
            if targets and quote:
                found[StatedRelation(relation=relation, target=targets[0], field=f"links.{name}", quote=quote)] = None
    return tuple(found)


def _translations(record: dict[str, Any], own_locale: str) -> tuple[Translation, ...]:
    return tuple(
        Translation(language=entry["locale"], url=url)
        for entry in _linked(record, "available_translations")
        if entry.get("locale") not in (None, own_locale)
        and (url := absolute(entry.get("base_path")) or entry.get("web_url"))
    )


# Text


def _take_changes(details: Record, flags: set[str]) -> tuple[ChangeNote, ...]:
    """The page's own history, and that of the sections of a manual; it stays behind where anything was not read."""
    entries = list(details.blocks("change_history"))
    moments = [_take_instant(entry, "public_timestamp") for entry in entries]
    notes = [clean(entry.pop("note", None), flags) or "" for entry in entries]
    if not any(entry.left() for entry in entries):
        details.pop("change_history", None)
    of_page = (ChangeNote(noted_at=moment, note=note) for moment, note in zip(moments, notes, strict=True))
    return (*of_page, *(_change_of_section(entry, flags) for entry in details.blocks("change_notes")))


def _change_of_section(entry: Record, flags: set[str]) -> ChangeNote:
    """A change of a manual with the section that it is of, which stays for the address of the section."""
    said = (one_line(entry.read(name, as_text), flags) for name in ("title", "change_note"))
    return ChangeNote(noted_at=entry.read("published_at", _instant), note=": ".join(filter(None, said)))


def _take_body(details: dict[str, Any], flags: set[str]) -> str | None:
    """All running text of the page; what was read is taken out of `details`."""
    blocks = [_take_text(details, name, flags) for name in TEXTS]
    for name in SECTIONS:
        blocks += _take_sections(details, name, flags)
    for name in BLOCKS:
        blocks += block_texts(details.get(name), flags)
    closing = ((heading, _take_text(details, name, flags)) for name, heading in CLOSING_TEXTS.items())
    blocks += [f"{heading}\n{text}" for heading, text in closing if text]
    return "\n".join(block for block in blocks if block) or None


def _take_sections(details: dict[str, Any], name: str, flags: set[str]) -> list[str | None]:
    """Titled sections; their titles, slugs and lists stay behind."""
    sections = details.get(name)
    if not isinstance(sections, list) or not all(isinstance(section, dict) for section in sections):
        return []
    blocks: list[str | None] = []
    left = [dict(section) for section in sections]
    for section in left:
        blocks += [one_line(section.get("title"), flags), _take_text(section, "body", flags)]
    details[name] = [stated(section) if section.get("body") == [] else section for section in left]
    return blocks


def _take_text(record: dict[str, Any], name: str, flags: set[str]) -> str | None:
    """Plain text of HTML, or of the best of several notations; the notations that were not read stay behind."""
    value = record.get(name)
    notations = [{"content": value, "content_type": "text/html"}] if isinstance(value, str) else value
    if not notations or not isinstance(notations, list):
        return None
    if not all(isinstance(one, dict) and isinstance(one.get("content"), str) for one in notations):
        return None
    best = next((one for one in notations if one.get("content_type") == "text/html"), notations[0])
    read = html_to_text if best.get("content_type") == "text/html" else clean
    text = read(best["content"], flags)
    if text is not None:
        record[name] = [] if isinstance(value, str) else [_without_content(one, best) for one in notations]
    return text


def _without_content(notation: dict[str, Any], best: dict[str, Any]) -> dict[str, Any]:
    return {name: said for name, said in notation.items() if notation is not best or name != "content"}


# What is hashed


def _stable_item(raw: dict[str, Any]) -> dict[str, Any]:
    """What a page says: without housekeeping, and with linked pages by name only."""
    stable = stated(raw, without=(*KNOWN["item"].housekeeping, *LAST_TOUCHED))
    _normalise(stable, "first_published_at")
    details = substance(mapping(raw.get("details"), "details"), KNOWN["details"].housekeeping)
    if isinstance(details.get("government"), dict):
        details["government"] = {name: value for name, value in details["government"].items() if name != "current"}
    links = raw.get("links")
    if isinstance(links, dict):
        links = {
            name: sorted(_link_name(entry) for entry in entries)
            for name, entries in links.items()
            if entries and isinstance(entries, list) and name not in SUGGESTED_BY_MACHINE
        }
    return stated({**stable, "details": details, "links": links})


def _link_name(entry: object) -> str:
    return f"{_key(entry)}:{entry.get('locale') or 'en'}" if isinstance(entry, dict) else str(entry)


def _stable_hit(raw: dict[str, Any]) -> dict[str, Any]:
    stable = stated(raw, without=(*KNOWN["hit"].housekeeping, *LAST_TOUCHED))
    if isinstance(stable.get("organisations"), list):
        stable["organisations"] = [
            str(entry.get("content_id") or entry.get("slug") or entry.get("link")) if isinstance(entry, dict) else entry
            for entry in stable["organisations"]
        ]
    return stable


def _normalise(record: dict[str, Any], *names: str) -> None:
    """One notation for instants, of which the source has used several for the same page."""
    for name in names:
        if moment := Record(record).read(name, _instant):
            record[name] = moment.isoformat()
