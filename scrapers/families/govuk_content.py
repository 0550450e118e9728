"""Content items and search hits of GOV.UK, whatever their schema: redirects, gone and withdrawn pages, publications.

Belongs here: which field of a record means what. Does not belong here: which answer holds records (the spider) and the
attachments of a page (`govuk_attachments`).
"""

from __future__ import annotations

import re
from datetime import date, datetime
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
    content_sha256,
)
from scrapers.families.dates import iso_instant
from scrapers.families.govuk_attachments import absolute, attachments
from scrapers.families.records import identifiers, mapping, stated, substance
from scrapers.families.text import clean, html_to_text, one_line, take, unread
from scrapers.registry import source

SLUG = "uk_govuk"
PARSER_VERSION = "uk_govuk/1"
LONDON = ZoneInfo("Europe/London")
KNOWN = source(SLUG).known_fields

TEXTS = (
    "lead_paragraph", "introductory_paragraph", "introduction", "mission_statement", "licence_overview", "summary",
    "body", "need_to_know",
)  # fmt: skip
"""Running text below `details` that stands before the sections, in reading order."""
SECTIONS = ("parts", "collection_groups", "nodes")
"""Lists of titled sections below `details`: of guides, of collections, of questions and answers."""
CLOSING_TEXTS = {
    "more_information": "More information",
    "what_you_need_to_know": "What you need to know",
    "other_ways_to_apply": "Other ways to apply",
    "outcome_detail": "Outcome",
    "final_outcome_detail": "Final outcome",
    "public_feedback_detail": "Feedback received",
}
"""Running text that stands after them, with the heading it gets here."""
SUGGESTED_BY_MACHINE = ("suggested_ordered_related_items",)
RELATIONS = (
    ("document_collections", "part_of", None),
    ("manual", "part_of", None),
    ("parent", "part_of", "html_publication"),
    ("ordered_successor_organisations", "superseded_by", None),
)
"""Links made to state a relation, the relation, and the only schema for which they state it."""
_LOCALE_SUFFIX = re.compile(r"\.([a-z]{2}(?:-[a-z0-9]{2,4})?)$")


def parse_item(raw: dict[str, Any]) -> PolicyDocument:
    """Read one content item, whatever its schema.

    Raises UnknownShape, or what Pydantic raises, on a field that is not what the publishing schemas promise.
    """
    flags: set[str] = set()
    record = dict(raw)
    details = mapping(record.pop("details", None), "details")
    unknown = (
        *unread(record, KNOWN["item"].names),
        *(f"details.{name}" for name in unread(details, KNOWN["details"].names)),
    )
    head = take(record, "title", "description", "document_type", "schema_name", "locale", "base_path", "content_id")
    availability = _availability(record, details, head)
    hashed = content_sha256(_stable_item(raw))
    locale = head["locale"] or "en"
    address = head["base_path"] or details.get("url")
    published_at = _take_published(record, details, availability, flags)
    notice = mapping(record.get("withdrawn_notice") or details.get("withdrawn_notice"), "withdrawn_notice")
    return PolicyDocument(
        source_id=SLUG,
        document_id=document_id(head["content_id"], address, locale, hashed),
        native_id=head["content_id"] or address or hashed,
        availability=availability,
        url=absolute(address),
        title=one_line(head["title"], flags),
        abstract=clean(head["description"], flags),
        language=locale,
        document_type=head["document_type"],
        document_subtype=head["schema_name"],
        publishers=_publishers(record, details),
        identifiers=_identifiers(head["content_id"], head["base_path"]),
        published_date=_in_london(published_at),
        comments_open_date=_civil_date(details.get("opening_date"), "details.opening_date", flags),
        comments_close_date=_civil_date(details.get("closing_date"), "details.closing_date", flags),
        published_at=published_at,
        updated_at=_take_instant(record, "public_updated_at", flags),
        withdrawn_at=_instant(notice.get("withdrawn_at"), "withdrawn_notice.withdrawn_at", flags),
        withdrawal_note=html_to_text(notice.get("explanation") or details.get("explanation"), flags),
        relations=_relations(record, head["schema_name"]),
        attachments=attachments(details, _linked(record, "children")),
        translations=_translations(record, locale),
        change_history=_take_changes(details, flags),
        body=_take_body(details, flags),
        subjects=tuple(dict.fromkeys(entry["title"] for entry in _titled(record, "taxons", "policy_areas"))),
        redirects_to=_destination(record, details, head["base_path"], availability),
        text_flags=tuple(sorted(flags)),
        source_fields=stated({**record, "details": stated(details)}),
        unread_fields=unknown,
        content_sha256=hashed,
        parser_version=PARSER_VERSION,
    )


def parse_hit(raw: dict[str, Any]) -> PolicyDocument:
    """Read one hit of a search, whatever fields were asked for.

    Raises UnknownShape for a hit without a link.
    """
    flags: set[str] = set()
    record = dict(raw)
    link = record.pop("link", None) or record.get("_id")
    if not isinstance(link, str) or not link:
        raise UnknownShape("expected a link, got none; a hit without address cannot be told from others")
    head = take(record, "title", "description", "content_id")
    is_external = link.startswith(("http://", "https://"))
    suffix = None if is_external else _LOCALE_SUFFIX.search(link)
    locale = suffix[1] if suffix else "en"
    shown_at = _take_instant(record, "public_timestamp", flags)
    is_withdrawn = record.get("is_withdrawn") is True
    kinds = ("content_store_document_type", "format", "document_type")
    return PolicyDocument(
        source_id=SLUG,
        document_id=document_id(head["content_id"], link, locale),
        native_id=head["content_id"] or link,
        depth=Depth.LISTING,
        availability=Availability.WITHDRAWN if is_withdrawn else Availability.AVAILABLE,
        url=absolute(link),
        title=one_line(head["title"], flags),
        abstract=clean(head["description"], flags),
        language=locale,
        document_type=next((record.pop(name) for name in kinds if record.get(name)), None),
        publishers=_hit_publishers(record),
        identifiers=_identifiers(head["content_id"], None if is_external else link),
        published_date=_in_london(shown_at),
        published_at=shown_at,
        updated_at=shown_at,
        text_flags=tuple(sorted(flags)),
        source_fields=stated(record),
        unread_fields=unread(record, KNOWN["hit"].names),
        content_sha256=content_sha256(_stable_hit(raw)),
        parser_version=PARSER_VERSION,
    )


def document_id(content_id: str | None, address: str | None, locale: str, hashed: str = "") -> str:
    """The id of a page in one language; pages without an id of their own are named by their address."""
    name = content_id or (f"path:{address}" if address else f"unaddressed:{hashed[:16]}")
    return f"govuk:{name}:{locale}"


# Instants and dates


def _instant(value: object, name: str, flags: set[str]) -> datetime | None:
    """An instant in UTC; what names no certain instant is None and flagged."""
    if value in (None, ""):
        return None
    try:
        return iso_instant(str(value))
    except (ValueError, OverflowError):
        flags.add(f"unreadable_date:{name}")
        return None


def _take_instant(record: dict[str, Any], name: str, flags: set[str]) -> datetime | None:
    """Read an instant; the raw text stays behind when it cannot be read."""
    moment = _instant(record.get(name), name, flags)
    if moment is not None:
        del record[name]
    return moment


def _in_london(moment: datetime | None) -> date | None:
    return None if moment is None else moment.astimezone(LONDON).date()


def _civil_date(value: object, name: str, flags: set[str]) -> date | None:
    """A civil date in London: of an instant, or as written when the source gives a date without a time."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        value = f"{value}T12:00:00Z"
    return _in_london(_instant(value, name, flags))


def _take_published(
    record: dict[str, Any], details: dict[str, Any], availability: Availability, flags: set[str]
) -> datetime | None:
    """When the page was first published; a stated instant that cannot be read is not replaced by a later one."""
    if record.get("first_published_at"):
        return _take_instant(record, "first_published_at", flags)
    if details.get("first_public_at"):
        return _instant(details["first_public_at"], "details.first_public_at", flags)
    if availability in (Availability.REDIRECTED, Availability.GONE):
        # Such a page was "updated" when it moved or went, which says nothing about its publication.
        return None
    return _instant(record.get("public_updated_at"), "public_updated_at", flags)


# What became of the page


def _availability(record: dict[str, Any], details: dict[str, Any], head: dict[str, Any]) -> Availability:
    kinds = (head["document_type"], head["schema_name"])
    if "redirect" in kinds:
        return Availability.REDIRECTED
    if "gone" in kinds or "vanish" in kinds:
        return Availability.GONE
    if record.get("withdrawn_notice") or details.get("withdrawn_notice") or record.get("withdrawn") is True:
        return Availability.WITHDRAWN
    return Availability.AVAILABLE


def _destination(
    record: dict[str, Any], details: dict[str, Any], base_path: str | None, availability: Availability
) -> Any:
    if availability is Availability.GONE:
        return details.get("alternative_path") or None
    redirects = record.get("redirects") or ()
    if availability is not Availability.REDIRECTED or not redirects:
        return None
    own = [redirect for redirect in redirects if redirect.get("path") == base_path]
    return (own or redirects)[0].get("destination")


# Links to other pages


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


def _take_changes(details: dict[str, Any], flags: set[str]) -> tuple[ChangeNote, ...]:
    """The page's own history; it stays behind where anything in it was not read."""
    entries = details.get("change_history") or ()
    name = "details.change_history.public_timestamp"
    moments = [_instant(entry.get("public_timestamp"), name, flags) for entry in entries]
    if f"unreadable_date:{name}" not in flags and all(set(entry) <= {"public_timestamp", "note"} for entry in entries):
        details.pop("change_history", None)
    notes = [clean(entry.get("note"), flags) or "" for entry in entries]
    return tuple(ChangeNote(noted_at=moment, note=note) for moment, note in zip(moments, notes, strict=True))


def _take_body(details: dict[str, Any], flags: set[str]) -> str | None:
    """All running text of the page; what was read is taken out of `details`."""
    blocks = [_take_text(details, name, flags) for name in TEXTS]
    for name in SECTIONS:
        blocks += _take_sections(details, name, flags)
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
    stable = stated(raw, without=KNOWN["item"].housekeeping)
    _normalise(stable, "first_published_at", "public_updated_at")
    details = substance(mapping(raw.get("details"), "details"), KNOWN["details"].housekeeping)
    if isinstance(details.get("government"), dict):
        details["government"] = {name: value for name, value in details["government"].items() if name != "current"}
    links = {
        name: sorted(_link_name(entry) for entry in entries)
        for name, entries in mapping(raw.get("links"), "links").items()
        if entries and isinstance(entries, list) and name not in SUGGESTED_BY_MACHINE
    }
    return stated({**stable, "details": details, "links": links})


def _link_name(entry: object) -> str:
    return f"{_key(entry)}:{entry.get('locale') or 'en'}" if isinstance(entry, dict) else str(entry)


def _stable_hit(raw: dict[str, Any]) -> dict[str, Any]:
    stable = stated(raw, without=KNOWN["hit"].housekeeping)
    _normalise(stable, "public_timestamp")
    if "organisations" in stable:
        stable["organisations"] = [
            str(entry.get("content_id") or entry.get("slug") or entry.get("link")) if isinstance(entry, dict) else entry
            for entry in stable["organisations"]
        ]
    return stable


def _normalise(record: dict[str, Any], *names: str) -> None:
    """One notation for instants, of which the source has used several for the same page."""
    for name in names:
        if moment := _instant(record.get(name), name, set()):
            record[name] = moment.isoformat()
