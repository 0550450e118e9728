"""GOV.UK: every page published or changed in a window by the search API, candidates in full by the content API.

Reads search answers of 2014 to today (`facets`, later `aggregates`) and content items of every schema: redirects, gone
and withdrawn pages, finders, special routes, external content, publishers' payloads. Does not open attachments other
than HTML ones, and does not judge relevance.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit
from zoneinfo import ZoneInfo

from dateutil import parser as dateutil_parser
from lxml import etree
from lxml import html as lxml_html
from pydantic import ValidationError
from scrapy.http import Request, Response

from scrapers.contracts import (
    Attachment,
    Availability,
    ChangeNote,
    Depth,
    Identifier,
    NotADocument,
    Organisation,
    ParsedAnswer,
    PolicyDocument,
    Refusal,
    RejectedRecord,
    StatedRelation,
    Translation,
    UnknownShape,
    UpstreamError,
    Window,
    content_sha256,
)
from scrapers.families.json_answers import is_json_schema, read_json
from scrapers.families.records import rejected_record
from scrapers.families.text import clean, html_to_text, one_line, take, unread
from scrapers.runtime.spider import SourceSpider, exchange_of

SLUG = "uk_govuk"
PARSER_VERSION = "uk_govuk/1"
SITE = "https://www.gov.uk"
SEARCH = f"{SITE}/api/search.json"
CONTENT = f"{SITE}/api/content"
LONDON = ZoneInfo("Europe/London")
PAGE_SIZE = 500
REACHABLE = 10_000
"""Hits of one search that paging can reach; a window that holds more is halved."""
MAX_LISTINGS = 3
"""How often a list that moved while it was read is read again from its start."""
MAX_CHILDREN = 10

SEARCH_FIELDS = (
    "content_id", "content_store_document_type", "description", "format", "link", "organisations", "public_timestamp",
    "title",
)  # fmt: skip
"""What is asked for of every hit."""

ITEM_HOUSEKEEPING = (
    "analytics_identifier", "auth_bypass_ids", "bulk_publishing", "content_purpose_document_supertype",
    "content_purpose_subgroup", "content_purpose_supergroup", "email_document_supertype", "expanded_links",
    "government_document_supertype", "govuk_request_id", "last_edited_at", "navigation_document_supertype",
    "payload_version", "previous_version", "publishing_api_first_published_at", "publishing_api_last_edited_at",
    "publishing_app", "publishing_request_id", "publishing_scheduled_at", "rendering_app",
    "scheduled_publishing_delay_seconds", "search_user_need_document_supertype", "update_type", "updated_at",
    "user_journey_document_supertype", "user_need_document_supertype",
)  # fmt: skip
"""Fields of a content item that move without the page changing: kept, never hashed."""

ITEM_FIELDS = (
    *ITEM_HOUSEKEEPING, "access_limited", "base_path", "change_note", "content_id", "description", "details",
    "document_type", "first_published_at", "links", "locale", "need_ids", "phase", "public_updated_at", "redirects",
    "routes", "schema_name", "title", "withdrawn_notice", "api_path", "api_url", "web_url", "withdrawn",
)  # fmt: skip
"""Every top-level name of a content item known from recordings and published schemas."""

DETAILS_HOUSEKEEPING = ("analytics_identifier", "max_cache_time", "publishing_request_id", "updated_at")
"""Names below `details` that move without the page changing: kept, never hashed."""

DETAILS_FIELDS = (
    "about", "about_page_link_text", "access_and_opening_times", "acronym", "additional_country_guidance",
    "alert_status", "allowed_values", "alternative_format_contact_email", "alternative_path",
    "alternative_scotland_url", "analytics_identifier", "announcements", "announcements_label",
    "appointments_without_historical_accounts", "archive_notice", "attachments", "attends_cabinet_type",
    "available_translations", "beta", "beta_message", "blocks", "body", "born", "brand", "breadcrumbs",
    "brexit_no_deal_notice", "cancellation_reason", "cancelled_at", "canonical_link", "caseload", "casualties",
    "category", "change_description", "change_history", "change_note", "change_notes", "child_section_groups",
    "children", "choose_sign_in", "closed_value", "closing_date", "collection_groups", "collections",
    "combine_mode", "contact_form_links", "contact_groups", "contact_type", "content", "continuation_link",
    "corporate_information_groups", "country", "country_section", "create_new_account", "current", "date_range",
    "dates_in_office", "default_documents_per_page", "default_news_image", "default_order", "delivered_on",
    "department_analytics_profile", "department_counts", "description", "died", "display_as_result_metadata",
    "display_date", "divisions", "document", "document_noun", "document_type_label", "documents",
    "downtime_message", "email", "email_addresses", "email_alert_type", "email_filter_by", "email_filter_facets",
    "email_filter_name", "email_filter_options", "email_signup_enabled", "email_signup_link",
    "emphasised_organisations", "end_date", "ended_on", "explanation", "external_link", "external_related_links",
    "facet_groups", "facets", "featured_attachments", "featured_documents", "filter", "filter_key", "filter_value",
    "filterable", "final_outcome_attachments", "final_outcome_date", "final_outcome_detail",
    "final_outcome_documents", "final_outcome_publication_date", "find_address", "find_help", "first_public_at",
    "first_published_version", "foi_exempt", "format_display_type", "format_name", "format_sub_type", "full_name",
    "generic_description", "govdelivery_title", "government", "groups", "guidance", "header", "header_links",
    "header_section", "headers", "headings", "held_on_another_website_url", "hidden_search_terms",
    "hide_chapter_navigation", "hide_from_external_crawlers", "icon", "image", "images", "information_outline",
    "instrument", "interesting_facts", "internal_name", "introduction", "introductory_paragraph", "isbn", "key",
    "keys", "label_text", "language", "latest_change_note", "lead_paragraph", "lgil_code", "lgil_override",
    "lgsl_code", "licence_identifier", "licence_overview", "licence_short_description", "link", "links",
    "live_stream", "location", "logo", "logo_formatted_title", "logo_path", "logo_with_image", "major_acts",
    "manual", "mapped_specialist_topic_content_id", "max_cache_time", "media", "metadata", "minister",
    "ministerial_role_counts", "mission_statement", "more_info_contact_form", "more_info_email_address",
    "more_info_phone_number", "more_info_post_address", "more_information", "name", "national_applicability",
    "navigation_groups", "need_to_know", "nhs_banner", "no_index", "nodes", "northern_ireland_availability",
    "notes_for_editors", "notifications", "open_value", "opening_date", "ordered_corporate_information_pages",
    "ordered_featured_documents", "ordered_featured_links", "ordered_featured_policies",
    "ordered_promotional_features", "organisation", "organisation_featuring_priority", "organisation_govuk_status",
    "organisation_political", "organisation_type", "organisations", "other_ways_to_apply", "outcome_attachments",
    "outcome_date", "outcome_detail", "outcome_documents", "outcome_publication_date", "page_header", "page_title",
    "parliamentary_session", "parts", "payment_type", "person_appointment_order", "phone_number", "phone_numbers",
    "place_type", "political", "political_party", "post_addresses", "preposition", "preset_filters",
    "previous_dates_in_office", "previous_display_date", "privy_counsellor", "promotion",
    "public_feedback_attachments", "public_feedback_date", "public_feedback_detail", "public_feedback_documents",
    "public_feedback_publication_date", "public_timestamp", "publishing_request_id", "query_response_time",
    "quick_links", "reject", "related_mainstream_content", "reshuffle", "reshuffle_in_progress", "resources",
    "reviewed_at", "risk_level", "role_payment_type", "roll_call_introduction", "scope", "scotland_availability",
    "second_level_ordering", "secondary_corporate_information_pages", "section_id", "sections", "sections_heading",
    "see_all_announcements_link", "seniority", "service_tiers", "services", "short_name", "show_description",
    "show_metadata_block", "show_summaries", "show_table_of_contents", "signup_link", "simple_smart_answer", "slug",
    "social_media_links", "sort", "speaker_without_profile", "special_announcement_schema",
    "speech_type_explanation", "start_button_text", "start_date", "started_on", "state", "statistics_section",
    "status", "step_by_step_nav", "subscriber_list", "subscription_list_title_prefix", "summary",
    "supports_historical_accounts", "tags", "take_part_pages", "temporary_update_type", "theme", "timeline",
    "title", "titles", "topic_section", "topic_tags", "transaction_start_link", "type", "updated_at", "url",
    "url_override", "variants", "visible_to_departmental_editors", "visually_collapsed", "visually_expanded",
    "wales_availability", "ways_to_respond", "what_you_need_to_know", "whip_organisation", "who_can_apply",
    "will_continue_on", "withdrawn_notice", "world_location_names", "world_location_news_type", "world_locations",
)  # fmt: skip
"""Every name below `details` known from recordings and published schemas."""

HIT_HOUSEKEEPING = (
    "_id", "_score", "combined_score", "elasticsearch_type", "es_cluster", "es_score", "explain", "index",
    "model_score", "original_rank", "popularity", "popularity_b", "rank", "updated_at", "view_count",
)  # fmt: skip
"""Fields of a hit that move without the page changing, or depend on the question asked."""

HIT_FIELDS = (
    *HIT_HOUSEKEEPING, *SEARCH_FIELDS, "acronym", "display_type", "document_collections", "document_series",
    "document_type", "email_document_supertype", "facet_groups", "facet_values", "government_document_supertype",
    "government_name", "is_historic", "is_withdrawn", "latest_change_note", "mainstream_browse_pages",
    "navigation_document_supertype", "operational_field", "organisation_content_ids", "organisation_type",
    "part_of_taxonomy_tree", "parts", "people", "policies", "policy_areas", "policy_groups",
    "primary_publishing_organisation", "publishing_app", "relevant_to_local_government", "rendering_app", "roles",
    "section", "slug", "specialist_sectors", "statistics_announcement_state", "subsection", "subsubsection", "taxons",
    "topic_content_ids", "topical_events", "topics", "user_journey_document_supertype", "world_locations",
)  # fmt: skip
"""Every name of a search hit known from recordings and the search API's schema."""

TEXTS: tuple[tuple[str, str | None], ...] = (
    ("lead_paragraph", None),
    ("introductory_paragraph", None),
    ("introduction", None),
    ("mission_statement", None),
    ("licence_overview", None),
    ("summary", None),
    ("body", None),
    ("need_to_know", None),
    ("more_information", "More information"),
    ("what_you_need_to_know", "What you need to know"),
    ("other_ways_to_apply", "Other ways to apply"),
    ("outcome_detail", "Outcome"),
    ("final_outcome_detail", "Final outcome"),
    ("public_feedback_detail", "Feedback received"),
)
"""Running text below `details`, in reading order, with the heading it gets here."""
LEADING_TEXTS = 8
"""How many of TEXTS stand before the parts of a page."""

SECTIONS = ("parts", "collection_groups", "nodes")
"""Lists of titled sections below `details`: of guides, of collections, of questions and answers."""

HTML_LISTS = ("documents", "outcome_documents", "final_outcome_documents", "public_feedback_documents")
SUGGESTED_BY_MACHINE = ("suggested_ordered_related_items",)
RELATIONS = (
    ("document_collections", "part_of", None),
    ("manual", "part_of", None),
    ("parent", "part_of", "html_publication"),
    ("ordered_successor_organisations", "superseded_by", None),
)
"""Links made to state a relation, the relation, and the only schema for which they state it."""

_FULL_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)? ?(Z|UTC|GMT|[+-]\d\d:?\d\d)")
_LOCALE_SUFFIX = re.compile(r"\.([a-z]{2}(?:-[a-z0-9]{2,4})?)$")
_HAS_CLASS = "contains(concat(' ', normalize-space(@class), ' '), ' {} ')"
_BOXES = ".//*[" + " or ".join(
    _HAS_CLASS.format(name) for name in ("attachment", "attachment-inline", "gem-c-attachment", "gem-c-attachment-link")
) + "]"  # fmt: skip
_TITLE_LINKS = ".//*[" + " or ".join(
    _HAS_CLASS.format(name) for name in ("title", "attachment-title", "gem-c-attachment__title")
) + "]//a[@href]"  # fmt: skip
_UNREADABLE = (UnknownShape, ValidationError, TypeError, AttributeError, KeyError, ValueError)


def parse_answer(body: bytes) -> ParsedAnswer:
    """Read any answer of the search API or the content API.

    Raises NotADocument for schemas and sets of links, UpstreamError for error answers, UnknownShape otherwise.
    """
    value = read_json(body)
    if isinstance(value, list):
        return _read_list(value)
    if is_json_schema(value) or _is_part_of_schema(value):
        raise NotADocument("expected content, got a JSON schema")
    if isinstance(value.get("results"), list):
        return _read_search(value)
    if _is_item(value):
        return _read_records([value], parse_item, "")
    if error := value.get("error") or value.get("errors") or value.get("message"):
        raise UpstreamError(f"the API reports: {str(error)[:200]}")
    if "facets" in value or "aggregates" in value:
        return ParsedAnswer(official_count=_total(value))
    if "links" in value:
        raise NotADocument("expected a content item, got only its links")
    raise UnknownShape(f"expected a content item or search results, got keys {sorted(value)[:8]}")


def parse_item(raw: dict[str, Any]) -> PolicyDocument:
    """Read one content item, whatever its schema.

    Raises UnknownShape, or what Pydantic raises, on a field that is not what the publishing schemas promise.
    """
    flags: set[str] = set()
    record = dict(raw)
    details = _mapping(record.pop("details", None), "details")
    unknown = (*unread(record, ITEM_FIELDS), *(f"details.{name}" for name in unread(details, DETAILS_FIELDS)))
    head = take(record, "title", "description", "document_type", "schema_name", "locale", "base_path", "content_id")
    availability = _availability(record, details, head)
    stable_hash = content_sha256(_stable_item(raw))
    locale = head["locale"] or "en"
    address = head["base_path"] or details.get("url")
    published_at = _take_published(record, details, availability, flags)
    notice = _mapping(record.get("withdrawn_notice") or details.get("withdrawn_notice"), "withdrawn_notice")
    attachments = _attachments(details, record)
    comments = {
        name: _civil_date(details.get(name), f"details.{name}", flags) for name in ("opening_date", "closing_date")
    }
    updated_at = _take_instant(record, "public_updated_at", flags)
    change_history = _take_changes(details, flags)
    body = _take_body(details, flags)
    return PolicyDocument(
        source_id=SLUG,
        document_id=document_id(head["content_id"], address, locale, stable_hash),
        native_id=head["content_id"] or address or stable_hash,
        availability=availability,
        url=_absolute(address),
        title=one_line(head["title"], flags),
        abstract=clean(head["description"], flags),
        body=body,
        language=locale,
        document_type=head["document_type"],
        document_subtype=head["schema_name"],
        publishers=_publishers(record, details),
        identifiers=_identifiers(head["content_id"], head["base_path"]),
        published_date=_in_london(published_at),
        comments_open_date=comments["opening_date"],
        comments_close_date=comments["closing_date"],
        published_at=published_at,
        updated_at=updated_at,
        withdrawn_at=_instant(notice.get("withdrawn_at"), "withdrawn_notice.withdrawn_at", flags),
        withdrawal_note=html_to_text(notice.get("explanation") or details.get("explanation"), flags),
        relations=_relations(record, head["schema_name"]),
        attachments=attachments,
        translations=_translations(record, locale),
        change_history=change_history,
        subjects=_subjects(record),
        redirects_to=_destination(record, details, head["base_path"], availability),
        text_flags=tuple(sorted(flags)),
        source_fields=_filled({**record, "details": _filled(details)}),
        unread_fields=unknown,
        content_sha256=stable_hash,
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
    locale = _locale_of(link)
    shown_at = _take_instant(record, "public_timestamp", flags)
    is_withdrawn = record.get("is_withdrawn") is True
    is_external = link.startswith(("http://", "https://"))
    return PolicyDocument(
        source_id=SLUG,
        document_id=document_id(head["content_id"], link, locale),
        native_id=head["content_id"] or link,
        depth=Depth.LISTING,
        availability=Availability.WITHDRAWN if is_withdrawn else Availability.AVAILABLE,
        url=_absolute(link),
        title=one_line(head["title"], flags),
        abstract=clean(head["description"], flags),
        language=locale,
        document_type=_hit_type(record),
        publishers=_hit_publishers(record),
        identifiers=_identifiers(head["content_id"], None if is_external else link),
        published_date=_in_london(shown_at),
        published_at=shown_at,
        updated_at=shown_at,
        text_flags=tuple(sorted(flags)),
        source_fields=_filled(record),
        unread_fields=unread(record, HIT_FIELDS),
        content_sha256=content_sha256(_stable_hit(raw)),
        parser_version=PARSER_VERSION,
    )


def document_id(content_id: str | None, address: str | None, locale: str, stable_hash: str = "") -> str:
    """The id of a page in one language; pages without an id of their own are named by their address."""
    if content_id:
        return f"govuk:{content_id}:{locale}"
    if address:
        return f"govuk:path:{address}:{locale}"
    return f"govuk:unaddressed:{stable_hash[:16]}:{locale}"


# Which answer is this?


def _is_item(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    if any(isinstance(value.get(name), str) for name in ("document_type", "schema_name")):
        return True
    return "title" in value and any(value.get(name) for name in ("base_path", "content_id"))


def _is_part_of_schema(value: dict[str, Any]) -> bool:
    return isinstance(value.get("properties"), dict) and ("type" in value or "required" in value)


def _read_list(values: list[Any]) -> ParsedAnswer:
    if values and not any(_is_item(value) for value in values):
        raise NotADocument("expected a list of content items, got a list of something else")
    return _read_records(values, parse_item, "")


def _read_search(value: dict[str, Any]) -> ParsedAnswer:
    results = value["results"]
    if results and all(isinstance(result, dict) and isinstance(result.get("results"), list) for result in results):
        answers = [_read_search(result) for result in results]
        return ParsedAnswer(
            documents=tuple(document for answer in answers for document in answer.documents),
            rejected=tuple(rejected for answer in answers for rejected in answer.rejected),
        )
    return _read_records(results, parse_hit, "/results", official_count=_total(value))


def _read_records(
    records: list[Any], parse: Callable[[dict[str, Any]], PolicyDocument], where: str, official_count: int | None = None
) -> ParsedAnswer:
    documents: list[PolicyDocument] = []
    rejected: list[RejectedRecord] = []
    for position, record in enumerate(records):
        try:
            documents.append(parse(record))
        except _UNREADABLE as error:
            rejected.append(rejected_record(SLUG, f"{where}/{position}", error, record))
    return ParsedAnswer(documents=tuple(documents), rejected=tuple(rejected), official_count=official_count)


def _total(value: dict[str, Any]) -> int:
    total = value.get("total")
    if isinstance(total, bool) or not isinstance(total, int):
        raise UnknownShape(f"expected the total of the search as a whole number, got {str(total)[:40]!r}")
    return total


# Instants and dates


def _instant(value: object, name: str, flags: set[str]) -> datetime | None:
    """An instant in UTC; what names no certain instant is None and flagged."""
    if value in (None, ""):
        return None
    try:
        moment = _read_instant(str(value))
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        flags.add(f"unreadable_date:{name}")
        return None


def _read_instant(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        if not _FULL_INSTANT.fullmatch(text):
            raise
        moment = dateutil_parser.parse(text)
    if moment.tzinfo is None:
        raise ValueError(f"expected an instant with an offset, got {text!r}")
    return moment


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
        try:
            return date.fromisoformat(value)
        except ValueError:
            flags.add(f"unreadable_date:{name}")
            return None
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
) -> str | None:
    if availability is Availability.GONE:
        return details.get("alternative_path") or None
    redirects = record.get("redirects") or ()
    if availability is not Availability.REDIRECTED or not redirects:
        return None
    own = [redirect for redirect in redirects if redirect.get("path") == base_path]
    destination: str | None = (own or redirects)[0].get("destination")
    return destination


# Links to other pages


def _linked(record: dict[str, Any], *names: str) -> list[dict[str, Any]]:
    """Linked pages by kind of link; publishers' payloads hold bare ids, which say no more than their raw value."""
    entries: list[dict[str, Any]] = []
    for links in (record.get("links"), record.get("expanded_links")):
        for name in names:
            entries += [entry for entry in _mapping(links, "links").get(name) or () if isinstance(entry, dict)]
    return entries


def _publishers(record: dict[str, Any], details: dict[str, Any]) -> tuple[Organisation, ...]:
    """Organisations of the page: the primary one first, then those it emphasises, then the others."""
    leading = [_key(entry) for entry in _linked(record, "primary_publishing_organisation")]
    leading += details.get("emphasised_organisations") or ()
    leading += [_key(entry) for entry in _linked(record, "lead_organisations", "emphasised_organisations")]
    every = _linked(record, "organisations", "primary_publishing_organisation", "lead_organisations")
    by_key = {_key(entry): entry for entry in reversed(every) if entry.get("title")}
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
        url=_absolute(path) or entry.get("web_url"),
    )


def _hit_publishers(record: dict[str, Any]) -> tuple[Organisation, ...]:
    """Organisations of a hit; one the search could not expand is a bare slug, the only name given."""
    entries = [{"slug": entry} if isinstance(entry, str) else entry for entry in record.get("organisations") or ()]
    return tuple(
        _organisation({**entry, "title": entry.get("title") or entry["slug"]})
        for entry in entries
        if entry.get("title") or entry.get("slug")
    )


def _identifiers(content_id: str | None, base_path: str | None) -> tuple[Identifier, ...]:
    found = (("govuk_content", content_id), ("govuk_path", base_path))
    return tuple(Identifier(scheme=scheme, value=value) for scheme, value in found if value)


def _relations(record: dict[str, Any], schema_name: str | None) -> tuple[StatedRelation, ...]:
    stated: list[StatedRelation] = []
    for name, relation, only_for in RELATIONS:
        if only_for not in (None, schema_name):
            continue
        for entry in _linked(record, name):
            identifiers = _identifiers(entry.get("content_id"), entry.get("base_path"))
            quote = entry.get("title") or entry.get("base_path")
            if identifiers and quote:
                stated.append(
                    StatedRelation(relation=relation, target=identifiers[0], field=f"links.{name}", quote=quote)
                )
    return tuple(dict.fromkeys(stated))


def _translations(record: dict[str, Any], own_locale: str) -> tuple[Translation, ...]:
    found = []
    for entry in _linked(record, "available_translations"):
        url = _absolute(entry.get("base_path")) or entry.get("web_url")
        if url and entry.get("locale") not in (None, own_locale):
            found.append(Translation(language=entry["locale"], url=url))
    return tuple(found)


def _subjects(record: dict[str, Any]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(entry["title"] for entry in _linked(record, "taxons", "policy_areas") if entry.get("title"))
    )


# Text


def _take_changes(details: dict[str, Any], flags: set[str]) -> tuple[ChangeNote, ...]:
    entries = details.get("change_history") or ()
    name = "details.change_history.public_timestamp"
    local: set[str] = set()
    notes = tuple(
        ChangeNote(
            noted_at=_instant(entry.get("public_timestamp"), name, local), note=clean(entry.get("note"), local) or ""
        )
        for entry in entries
    )
    flags |= local
    if f"unreadable_date:{name}" not in local and all(set(entry) <= {"public_timestamp", "note"} for entry in entries):
        details.pop("change_history", None)
    return notes


def _take_body(details: dict[str, Any], flags: set[str]) -> str | None:
    """All running text of the page; what was read is taken out of `details`."""
    blocks = [_take_text(details, name, heading, flags) for name, heading in TEXTS[:LEADING_TEXTS]]
    for name in SECTIONS:
        blocks += _take_sections(details, name, flags)
    blocks += [_take_text(details, name, heading, flags) for name, heading in TEXTS[LEADING_TEXTS:]]
    return "\n".join(block for block in blocks if block) or None


def _take_text(details: dict[str, Any], name: str, heading: str | None, flags: set[str]) -> str | None:
    text, others = _text_of(details.get(name), flags)
    if text is None:
        return None
    details[name] = others
    return f"{heading}\n{text}" if heading else text


def _take_sections(details: dict[str, Any], name: str, flags: set[str]) -> list[str]:
    """Titled sections; their titles, slugs and lists stay behind."""
    sections = details.get(name)
    if not isinstance(sections, list) or not all(isinstance(section, dict) for section in sections):
        return []
    blocks: list[str] = []
    left: list[dict[str, Any]] = []
    for section in sections:
        text, others = _text_of(section.get("body"), flags)
        blocks += [line for line in (one_line(section.get("title"), flags), text) if line]
        left.append(_filled({**section, "body": others}) if text else section)
    details[name] = left
    return blocks


def _text_of(value: object, flags: set[str]) -> tuple[str | None, list[Any]]:
    """Plain text of HTML, or of the best of several notations, and the notations that were not read."""
    if isinstance(value, str):
        return html_to_text(value, flags), []
    if not isinstance(value, list) or not all(
        isinstance(one, dict) and isinstance(one.get("content"), str) for one in value
    ):
        return None, []
    if not value:
        return None, []
    best = next((one for one in value if one.get("content_type") == "text/html"), value[0])
    is_html = best.get("content_type") == "text/html"
    text = html_to_text(best["content"], flags) if is_html else clean(best["content"], flags)
    others = [{name: said for name, said in one.items() if one is not best or name != "content"} for one in value]
    return text, others


# Attachments


def _attachments(details: dict[str, Any], record: dict[str, Any]) -> tuple[Attachment, ...]:
    """Files and pages of the document: stated as data, as HTML lists, within the text, or as child pages."""
    found = [_stated_attachment(entry) for entry in details.get("attachments") or () if isinstance(entry, dict)]
    if isinstance(details.get("document"), dict):
        found.append(_stated_attachment(details["document"]))
    for name in HTML_LISTS:
        for entry in details.get(name) or ():
            if isinstance(entry, str):
                found += _attachments_in(entry, whole=True)
            elif isinstance(entry, dict):
                found.append(_stated_attachment(entry))
    for fragment in _html_texts(details):
        found += _attachments_in(fragment, whole=False)
    for child in _linked(record, "children"):
        if child.get("schema_name") == "html_publication":
            found.append((child.get("title"), child.get("base_path"), "text/html"))
    return _merged(found)


def _stated_attachment(entry: dict[str, Any]) -> tuple[str | None, str | None, str | None]:
    kind = "text/html" if entry.get("attachment_type") == "html" else entry.get("content_type")
    return entry.get("title"), entry.get("url"), kind


def _merged(found: Iterable[tuple[str | None, str | None, str | None]]) -> tuple[Attachment, ...]:
    """One attachment an address, with the first title and type given for it."""
    by_url: dict[str, Attachment] = {}
    for title, address, kind in found:
        url = _absolute(address)
        if url is None or not url.startswith(("http://", "https://")):
            continue
        known = by_url.get(url)
        by_url[url] = Attachment(
            title=(known.title if known else None) or one_line(title, set()),
            url=url,
            content_type=(known.content_type if known else None) or kind,
        )
    return tuple(by_url.values())


def _html_texts(details: dict[str, Any]) -> Iterator[str]:
    values = [details.get(name) for name, _ in TEXTS]
    values += [part.get("body") for part in details.get("parts") or () if isinstance(part, dict)]
    for value in values:
        for one in value if isinstance(value, list) else [value]:
            text = one.get("content") if isinstance(one, dict) else one
            if isinstance(text, str) and "attachment" in text:
                yield text


def _attachments_in(fragment: str, *, whole: bool) -> list[tuple[str | None, str | None, str | None]]:
    """Links of an attachment's HTML; with `whole` the fragment is one, otherwise it may hold some."""
    if not fragment.strip():
        return []
    try:
        root = lxml_html.fragment_fromstring(fragment, create_parent="div")
    except (etree.ParserError, ValueError):
        return []
    boxes = [root] if whole else root.xpath(_BOXES)
    anchors = [anchor for box in boxes for anchor in box.xpath(_TITLE_LINKS) or box.xpath(".//a[@href]")]
    pairs = [(anchor.text_content(), anchor.get("href", "")) for anchor in anchors]
    return [(text, href, None) for text, href in pairs if not href.startswith(("#", "mailto:"))]


def _absolute(address: str | None) -> str | None:
    if not address:
        return None
    try:
        return urljoin(f"{SITE}/", address)
    except ValueError:
        return None


# What is hashed


def _stable_item(raw: dict[str, Any]) -> dict[str, Any]:
    """What a page says: without housekeeping, and with linked pages by name only."""
    stable = _filled({name: value for name, value in raw.items() if name not in ITEM_HOUSEKEEPING})
    for name in ("first_published_at", "public_updated_at"):
        if moment := _instant(stable.get(name), name, set()):
            stable[name] = moment.isoformat()
    details = _without_housekeeping(_mapping(raw.get("details"), "details"))
    if isinstance(details.get("government"), dict):
        details["government"] = {name: value for name, value in details["government"].items() if name != "current"}
    links = _mapping(raw.get("links"), "links")
    stable["details"] = details
    stable["links"] = {
        name: sorted(_link_name(entry) for entry in entries)
        for name, entries in links.items()
        if entries and isinstance(entries, list) and name not in SUGGESTED_BY_MACHINE
    }
    return _filled(stable)


def _without_housekeeping(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {name: inner for name, inner in value.items() if name not in DETAILS_HOUSEKEEPING}
        return _filled({name: _without_housekeeping(inner) for name, inner in kept.items()})
    if isinstance(value, list):
        return [_without_housekeeping(inner) for inner in value]
    return value


def _link_name(entry: object) -> str:
    if not isinstance(entry, dict):
        return str(entry)
    return f"{_key(entry)}:{entry.get('locale') or 'en'}"


def _stable_hit(raw: dict[str, Any]) -> dict[str, Any]:
    stable = _filled({name: value for name, value in raw.items() if name not in HIT_HOUSEKEEPING})
    if moment := _instant(stable.get("public_timestamp"), "public_timestamp", set()):
        stable["public_timestamp"] = moment.isoformat()
    if organisations := stable.get("organisations"):
        stable["organisations"] = [
            str(entry.get("content_id") or entry.get("slug") or entry.get("link")) if isinstance(entry, dict) else entry
            for entry in organisations
        ]
    return stable


# Small things


def _mapping(value: object, name: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise UnknownShape(f"expected {name} to be an object, got {type(value).__name__}")
    return dict(value)


def _filled(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if value not in (None, [], {}, "")}


def _locale_of(link: str) -> str:
    match = None if link.startswith(("http://", "https://")) else _LOCALE_SUFFIX.search(link)
    return match.group(1) if match else "en"


def _hit_type(record: dict[str, Any]) -> str | None:
    for name in ("content_store_document_type", "format", "document_type"):
        if record.get(name):
            kind: str = record.pop(name)
            return kind
    return None


def marked(
    document: PolicyDocument, availability: Availability, redirects_to: str | None = None, note: str | None = None
) -> PolicyDocument:
    """A listed document of which the content API says that it has moved or gone; it keeps its id and its title."""
    said = [document.content_sha256, availability, redirects_to, note]
    changes = {"availability": availability, "redirects_to": redirects_to, "withdrawal_note": note}
    return document.model_copy(update={**changes, "content_sha256": content_sha256(said)})


def child_pages(document: PolicyDocument) -> list[PolicyDocument]:
    """The HTML attachments of a page that are pages of their own below it, as far as their parent describes them."""
    paths = [identifier for identifier in document.identifiers if identifier.scheme == "govuk_path"]
    children: dict[str, PolicyDocument] = {}
    for attachment in document.attachments if paths else ():
        parts = urlsplit(attachment.url)
        if f"{parts.scheme}://{parts.netloc}" == SITE and parts.path.startswith(f"{paths[0].value}/"):
            hit = {"link": parts.path, "title": attachment.title}
            children.setdefault(parts.path, parse_hit(_filled(hit)))
    return list(children.values())[:MAX_CHILDREN]


@dataclass
class _Listing:
    """One window's list while it is read page by page."""

    window: Window
    attempt: int = 1
    start: int = 0
    rejected: int = 0
    links: set[str] = field(default_factory=set)


class UkGovukSpider(SourceSpider):
    """Lists the window, asks the content API for candidates, follows redirects once and opens HTML attachments."""

    name = SLUG
    parser_version = PARSER_VERSION

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._totals: dict[Window, int] = {}
        self._judged: set[str] = set()
        self._asked: set[str] = set()

    async def start(self) -> AsyncIterator[Request]:
        """The first page of the window."""
        yield self._ask_list(_Listing(self.window))

    def read_list(self, response: Response, listing: _Listing) -> Iterator[Request]:
        """Land a page, ask for its candidates and for the next page; halve a window that paging cannot reach."""
        answer = parse_answer(response.body)
        total = answer.official_count
        if total is None:
            raise UnknownShape("expected search results with a total, got another answer")
        if total > REACHABLE and listing.start == 0:
            yield from self._halve(listing.window, total)
            return
        self._totals[listing.window] = total
        self.book.official_total = sum(self._totals.values())
        yield from self._take_page(answer, response, listing)
        if listing.start < total:
            yield self._ask_list(listing)
        elif len(listing.links) + listing.rejected != total:
            yield self._list_again(listing, total)

    def _halve(self, window: Window, total: int) -> Iterator[Request]:
        if window.since == window.until:
            raise UnknownShape(f"{window.since} holds {total} hits, paging reaches {REACHABLE}; a day cannot be halved")
        self._totals.pop(window, None)
        middle = window.since + (window.until - window.since) // 2
        yield self._ask_list(_Listing(Window(since=window.since, until=middle)))
        yield self._ask_list(_Listing(Window(since=middle + timedelta(1), until=window.until)))

    def _take_page(self, answer: ParsedAnswer, response: Response, listing: _Listing) -> Iterator[Request]:
        links = {_link_of(document) for document in answer.documents}
        is_stuck = not answer.rejected and links <= listing.links
        listing.start += len(answer.documents) + len(answer.rejected)
        listing.rejected += len(answer.rejected)
        listing.links |= links
        if is_stuck and (answer.official_count or 0) > len(listing.links) + listing.rejected:
            raise UnknownShape("expected new hits before the end of the list, got none; paging would not end")
        if listing.attempt == 1:
            self.keep(ParsedAnswer(rejected=answer.rejected), response)
        for document in answer.documents:
            yield from self._take_hit(document, response)

    def _take_hit(self, document: PolicyDocument, response: Response) -> Iterator[Request]:
        link = _link_of(document)
        if link in self._judged:
            return
        self._judged.add(link)
        path = _path_of(document)
        if self.is_candidate(document.title, document.abstract) and path is not None:
            yield from self._ask_document(document, path, follow=True, fallback=document)
            return
        self.land(document, exchange_of(response.request))

    def _list_again(self, listing: _Listing, total: int) -> Request:
        if listing.attempt == MAX_LISTINGS:
            count = len(listing.links) + listing.rejected
            raise UnknownShape(f"the source counts {total} hits, its pages held {count}, {MAX_LISTINGS} times over")
        return self._ask_list(_Listing(listing.window, attempt=listing.attempt + 1))

    def read_document(self, response: Response, listed: PolicyDocument, follow: bool) -> Iterator[Request]:
        """Land what the content API says about a listed page."""
        exchange = exchange_of(response.request)
        if 300 <= response.status < 400:
            yield from self._moved(response, listed, _location(response), follow)
            return
        if response.status in (404, 410):
            self.land(_gone(listed, response.body), exchange)
            return
        answer = parse_answer(response.body)
        if not answer.documents:
            self.keep(answer, response)
            self.land(listed, exchange)
            return
        document = answer.documents[0]
        if document.availability is Availability.REDIRECTED:
            yield from self._moved(response, listed, document.redirects_to, follow)
        elif document.availability is Availability.GONE:
            self.land(_gone(listed, response.body), exchange)
        else:
            self.land(document, exchange)
            for child in child_pages(document) if follow else ():
                yield from self._ask_document(child, _path_of(child) or "", follow=False, fallback=child)

    def _moved(self, response: Response, listed: PolicyDocument, target: str | None, follow: bool) -> Iterator[Request]:
        path = self._own_path(target)
        is_path = target is not None and target.startswith("/") and not target.startswith(urlsplit(CONTENT).path)
        shown = target if path is None or is_path else path
        self.land(marked(listed, Availability.REDIRECTED, redirects_to=shown), exchange_of(response.request))
        if follow and path is not None:
            yield from self._ask_document(parse_hit({"link": path}), path, follow=False, fallback=None)

    def _own_path(self, target: str | None) -> str | None:
        """The path of a target on GOV.UK itself; None elsewhere."""
        if not target:
            return None
        try:
            parts = urlsplit(self.official_url(urljoin(f"{SITE}/", target)))
        except ValueError:
            return None
        path = parts.path.removeprefix(urlsplit(CONTENT).path)
        return f"{path}?{parts.query}" if parts.query else path

    def _ask_document(
        self, listed: PolicyDocument, path: str, *, follow: bool, fallback: PolicyDocument | None
    ) -> Iterator[Request]:
        asked = path.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0]
        if asked in self._asked:
            return
        self._asked.add(asked)
        yield self.ask(
            f"{CONTENT}{asked}",
            lambda response: self.read_document(response, listed, follow),
            purpose="document",
            accept=(301, 302, 303, 307, 308, 404, 410),
            fallback=fallback,
        )

    def _ask_list(self, listing: _Listing) -> Request:
        window = listing.window
        query = {
            "filter_public_timestamp": f"from:{window.since.isoformat()},to:{window.until.isoformat()}",
            "order": "-public_timestamp",
            "count": PAGE_SIZE,
            "start": listing.start,
            "fields": ",".join(SEARCH_FIELDS),
        }
        # Pages of the list go before documents: the less time between two pages, the less the list moves under them.
        return self.ask(
            f"{SEARCH}?{urlencode(query)}",
            lambda response: self.read_list(response, listing),
            purpose="listing",
            priority=1,
        )


def _link_of(document: PolicyDocument) -> str:
    return document.url or document.native_id


def _path_of(document: PolicyDocument) -> str | None:
    """The path to ask the content API for; None for pages elsewhere."""
    return next((one.value for one in document.identifiers if one.scheme == "govuk_path"), None)


def _location(response: Response) -> str:
    location = (response.headers.get("Location") or b"").decode("latin-1").strip()
    if not location:
        raise UnknownShape(f"expected a Location with HTTP {response.status}, got none")
    return location


def _gone(listed: PolicyDocument, body: bytes) -> PolicyDocument:
    """A listed page that is gone, with the reason where the answer gives one."""
    try:
        answer = parse_answer(body)
    except Refusal:
        return marked(listed, Availability.GONE)
    if not answer.documents:
        return marked(listed, Availability.GONE)
    said = answer.documents[0]
    return marked(listed, Availability.GONE, redirects_to=said.redirects_to, note=said.withdrawal_note)
