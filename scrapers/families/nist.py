"""NIST: items of the news feed, and records of the export of publications that its Computer Security Resource Center
makes.

Does not belong here: asking the hosts, and opening the file that the export comes in.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from scrapers.contracts import (
    Availability,
    Depth,
    Identifier,
    Organisation,
    PolicyDocument,
    StatedRelation,
    UnknownShape,
)
from scrapers.families.feed import address_of, feed_instant, many, plain_title, text_part
from scrapers.families.records import Record, identifiers, mapping, substance
from scrapers.families.text import as_text, html_to_text, one_line, web_address
from scrapers.families.wording import hash_of
from scrapers.registry import source

SLUG = "us_nist"
PARSER_VERSION = "us_nist/7"
"""Raised whenever the same bytes would be read differently."""
CONFIG = source(SLUG)
NEWS, PUBLICATION = CONFIG.known_fields["news"], CONFIG.known_fields["publication"]
ZONE = ZoneInfo(CONFIG.time_zone)
NEWS_HOST, CSRC_HOST = "www.nist.gov", "csrc.nist.gov"
INSTITUTE = "National Institute of Standards and Technology"
FINAL = "final"
DRAFT = "draft"
GONE = ("withdrawn", "retired")
DAY_ONLY = "withdrawn_at:day"
"""Flag of a publication whose end is stated as a day; the instant is the day's beginning."""
_KINDS = {"news": "news", "events": "event", "blogs": "blog"}


def parse_news(record: Record) -> PolicyDocument:
    """Read one item of the news feed; raises an error that says what was expected."""
    raw, flags = dict(record), set[str]()
    url = web_address(address_of(record))
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    if parts.netloc not in (NEWS_HOST, "nist.gov") or not path:
        raise UnknownShape(f"expected the address of a page of {NEWS_HOST}, got {url[:120]!r}")
    record.pop("link", None)
    title = plain_title(record.text("title"), flags)
    if title is None:
        raise UnknownShape("expected a title, got none")
    published = record.take("pubDate", feed_instant)
    abstract = html_to_text(_unescaped(record.text("description")), flags)
    if record.read("guid", text_part) == url:
        record.pop("guid")
    subjects = [name for one in many(record.pop("category", None)) if (name := one_line(text_part(one), flags))]
    return PolicyDocument(
        source_id=SLUG,
        document_id=f"nist:{path}",
        native_id=path,
        depth=Depth.LISTING,
        url=url,
        title=title,
        abstract=abstract,
        document_type=_kind(path),
        publishers=(Organisation(name=INSTITUTE),),
        identifiers=(Identifier(scheme="nist_page", value=path),),
        published_at=published,
        published_date=published.astimezone(ZONE).date() if published else None,
        subjects=tuple(subjects),
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields=record.left(),
        unread_fields=record.unknown(NEWS),
        content_sha256=hash_of(substance(raw, NEWS.housekeeping)),
        parser_version=PARSER_VERSION,
    )


def parse_publication(record: Record) -> PolicyDocument:
    """Read one publication, a draft or a final one; raises an error that says what was expected."""
    raw, flags = dict(record), set[str]()
    url = web_address(record.get("uri"))
    path = publication_path(url)
    number = record.text("docidentifier")
    if not number:
        raise UnknownShape("expected the number of a publication, got none")
    record.pop("uri")
    main, sub = one_line(record.text("title-main"), flags), one_line(record.text("title-sub"), flags)
    if main is None:
        raise UnknownShape(f"expected a title of {number}, got none")
    status, substage = record.text("status"), record.text("substage")
    is_gone = substage in GONE
    ended = record.read("obsoleted-date", _day) if is_gone else None
    if ended:
        record.pop("obsoleted-date")
        flags.add(DAY_ONLY)
    relations = (*_relations(record, "supersedes", "supersedes"), *_relations(record, "superseded-by", "superseded_by"))
    is_replaced_edition = is_gone and any(
        stated.relation == "superseded_by" and stated.quote == number for stated in relations
    )
    return PolicyDocument(
        source_id=SLUG,
        document_id=f"csrc:{path}",
        native_id=path,
        depth=Depth.LISTING,
        availability=Availability.WITHDRAWN if is_gone else Availability.AVAILABLE,
        url=url,
        title=f"{main}: {sub}" if sub else main,
        document_type=record.text("series"),
        document_subtype=status,
        action=record.text("iteration"),
        language=record.text("language") or "en",
        publishers=(Organisation(name=INSTITUTE),),
        identifiers=identifiers(
            ("csrc_page", path),
            ("nist_publication", plain_number(number) if status == FINAL and not is_replaced_edition else None),
            ("nist_draft", _draft(number, path) if (status or "").startswith(DRAFT) else None),
            ("nist_doi", record.text("doi")),
        ),
        published_date=record.take("published-date", _day),
        comments_open_date=record.take("comment-from", _day),
        comments_close_date=record.take("comment-to", _day),
        withdrawn_at=datetime(ended.year, ended.month, ended.day, tzinfo=ZONE).astimezone(UTC) if ended else None,
        withdrawal_note=substage if is_gone else None,
        relations=relations,
        subjects=_keywords(record, flags),
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields={
            "docidentifier": number,
            "title-main": main,
            **({"title-sub": sub} if sub else {}),
            "substage": substage,
            **record.left(),
        },
        unread_fields=record.unknown(PUBLICATION),
        content_sha256=hash_of(substance(raw, PUBLICATION.housekeeping)),
        parser_version=PARSER_VERSION,
    )


def publication_path(url: str) -> str:
    """The path of a publication below /pubs/, which names it and its draft or edition.

    Raises UnknownShape for other addresses.
    """
    parts = urlsplit(url)
    if parts.netloc != CSRC_HOST or not parts.path.startswith("/pubs/") or not parts.path.strip("/").partition("/")[2]:
        raise UnknownShape(f"expected an address under https://{CSRC_HOST}/pubs/, got {url[:120]!r}")
    return parts.path.removeprefix("/pubs/").rstrip("/")


def plain_number(number: str) -> str:
    """The number of a publication in small letters with hyphens: "SP 800-53 Rev. 5" as "sp-800-53-rev-5"."""
    return re.sub(r"[^a-z0-9]+", "-", number.lower()).strip("-")


def _draft(number: str, path: str) -> str:
    """A draft's name: its number and which draft it is, as its address says ("ipd", "2pd", "fpd")."""
    return plain_number(f"{number} {path.rpartition('/')[2]}")


def _relations(record: Record, field: str, relation: str) -> tuple[StatedRelation, ...]:
    """What the record says it replaces, or is replaced by; the field stays where an entry cannot be read."""

    def stated(value: Any) -> tuple[StatedRelation, ...]:
        targets = [_target(one, field) for one in many(value)]
        return tuple(StatedRelation(relation=relation, target=to, field=field, quote=quote) for to, quote in targets)

    return record.take(field, stated) or ()


def _keywords(record: Record, flags: set[str]) -> tuple[str, ...]:
    """Keywords; some were cut apart at the end of an entity, which leaves "&nbsp" and blank ones."""

    def cleaned(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise TypeError(f"expected a list of texts, got {str(value)[:80]!r}")
        return tuple(dict.fromkeys(word for one in value if (word := one_line(as_text(one), flags))))

    return record.take("keywords", cleaned) or ()


def _target(value: Any, field: str) -> tuple[Identifier, str]:
    entry = mapping(value, field)
    path = publication_path(web_address(entry.pop("uri", None)))
    quote = entry.pop("docidentifier", None) or path
    if entry:
        raise UnknownShape(f"expected uri and docidentifier alone, got {sorted(entry)} too")
    return Identifier(scheme="csrc_page", value=path), str(quote)


def _day(value: object) -> date:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError(f"expected a day such as '2024-07-26', got {str(value)[:40]!r}")
    return date.fromisoformat(value)


def _kind(path: str) -> str | None:
    parts = path.strip("/").split("/")
    return _KINDS.get(parts[1] if parts[0] == "news-events" and len(parts) > 1 else parts[0])


def _unescaped(text: str | None) -> str | None:
    """A description that was escaped twice, its tags still spelt as text, escaped once."""
    if text and "<" not in text and "&lt;" in text:
        return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return text
