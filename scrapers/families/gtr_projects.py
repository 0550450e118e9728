"""The records of the Gateway to Research (GtR-2): projects, and the money that was joined to them.

Belongs here: which field of a record means what. Does not belong here: envelopes, errors and paging.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from scrapers.contracts import (
    Depth,
    Identifier,
    Organisation,
    PolicyDocument,
    StatedAmount,
    StatedRelation,
    UnknownShape,
)
from scrapers.families.london import LONDON
from scrapers.families.records import Record, identifiers, substance, text_of
from scrapers.families.text import clean, one_line
from scrapers.families.wording import hash_of
from scrapers.registry import source

SLUG = "uk_ukri_gtr"
PARSER_VERSION = "uk_ukri_gtr/8"
PAGE = "https://gtr.ukri.org/projects?ref="
KNOWN = source(SLUG).known_fields
LISTS = (
    ("researchSubjects", "researchSubject"),
    ("researchTopics", "researchTopic"),
    ("researchActivities", "researchActivity"),
    ("healthCategories", "healthCategory"),
    ("rcukProgrammes", "rcukProgramme"),
)
"""Where the subjects of a project stand, each as a list inside an object."""
MOST_POUNDS = 10**18
"""More than any project costs, and within what `contracts.Money` holds."""
_ID = re.compile(r"[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}", re.IGNORECASE)
_YEARS = (1900, 2200)


def parse_listed(record: Record) -> PolicyDocument:
    """Read a project of a list; it says the same as by itself, and its money is not asked for."""
    return parse_project(record).model_copy(update={"depth": Depth.LISTING})


def parse_project(record: Record) -> PolicyDocument:
    """Read one project, with `funds` where its money was joined.

    Raises UnknownShape without an id. Any other field that is not what the API shows is null, kept raw and told as a
    fault of the record.
    """
    flags: set[str] = set()
    number = record.get("id")
    if not (isinstance(number, str) and _ID.fullmatch(number)):
        raise UnknownShape(f"expected the id of a project, got {str(number)[:60]!r}")
    del record["id"]
    links = record.attempt("links", lambda: tuple(_links(record))) or ()
    paid = [link for link in links if link.get("rel") == "FUND"]
    said = substance(dict(record), KNOWN["project"].housekeeping)
    references = record.attempt("identifiers", lambda: tuple(_references(record))) or ()
    starts = [day for link in paid if (day := link.read("start", gtr_day))]
    own_start = record.read("start", gtr_day)
    funder = record.text("leadFunder")
    return PolicyDocument(
        source_id=SLUG,
        document_id=f"gtr:{number.upper()}",
        native_id=number.upper(),
        url=f"{PAGE}{quote(references[0], safe='')}" if references else None,
        title=one_line(record.text("title"), flags),
        abstract=_prose(record, "abstractText", flags),
        body=_prose(record, "techAbstractText", flags),
        document_type="Award",
        document_subtype=record.text("grantCategory") or None,
        publishers=(Organisation(name=funder),) if funder else (),
        identifiers=identifiers(("gtr_project", number.upper()), *(("gtr_reference", one) for one in references)),
        effective_date=min(starts, default=own_start),
        relations=tuple(_moved(links)),
        amounts=tuple(_amounts(record)),
        subjects=record.attempt("researchTopics", lambda: tuple(dict.fromkeys(_subjects(record)))) or (),
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields=record.left(),
        unread_fields=record.unknown(KNOWN["project"]),
        content_sha256=hash_of({"project": said, "paid": [dict(link) for link in paid]}),
        parser_version=PARSER_VERSION,
    )


def _prose(record: Record, name: str, flags: set[str]) -> str | None:
    """A text of several lines; signs may be written as entities, as in titles."""
    return clean(html.unescape(record.text(name) or ""), flags)


def gtr_day(value: object) -> date:
    """The civil day in London of milliseconds since 1970.

    Raises TypeError for anything but a whole number, and ValueError for days that no project has.
    """
    if type(value) is not int:
        raise TypeError(f"expected milliseconds since 1970, got {type(value).__name__} {str(value)[:40]!r}")
    try:
        day = datetime.fromtimestamp(value / 1000, UTC).astimezone(LONDON).date()
    except (ValueError, OverflowError, OSError) as error:
        raise ValueError(f"expected milliseconds of a day, got {value}") from error
    if not _YEARS[0] <= day.year <= _YEARS[1]:
        raise ValueError(f"expected milliseconds of a day between {_YEARS[0]} and {_YEARS[1]}, got {value}")
    return day


def fund_paths(document: PolicyDocument) -> list[str]:
    """The paths of the funds that a project links to, in its order."""
    links = document.source_fields.get("links")
    told = links.get("link") if isinstance(links, dict) else None
    entries = told if isinstance(told, list) else [told]
    paid = [link for link in entries if isinstance(link, dict) and link.get("rel") == "FUND"]
    found = (re.search(r"/gtr/api/funds/[0-9A-Fa-f-]{36}\Z", str(link.get("href"))) for link in paid)
    return list(dict.fromkeys(match[0] for match in found if match))


def _links(record: Record) -> Iterator[Record]:
    yield from _entries(record, "links", "link")


def _entries(record: Record, name: str, inner: str) -> Iterator[Record]:
    """The entries of a list inside an object; one alone may stand outside a list."""
    block = record.block(name)
    if isinstance(block.get(inner), dict):
        block[inner] = [block[inner]]
    yield from block.blocks(inner)


def _references(record: Record) -> Iterator[str]:
    for one in _entries(record, "identifiers", "identifier"):
        if value := text_of(one.get("value")):
            yield value


def _moved(links: tuple[Record, ...]) -> Iterator[StatedRelation]:
    """The project that a project was moved to or from."""
    for link in links:
        address = str(link.get("href"))
        match = re.search(r"/projects/([0-9A-Fa-f-]{36})\Z", address)
        if link.get("rel") == "TRANSFER" and match:
            target = Identifier(scheme="gtr_project", value=match[1].upper())
            yield StatedRelation(relation="related", target=target, field="links.link", quote=address)


def _amounts(record: Record) -> Iterator[StatedAmount]:
    """What each fund pays; 0 states nothing."""
    for fund in record.attempt("funds", lambda: list(record.blocks("funds"))) or ():
        value = fund.read("valuePounds", _pounds)
        if value is not None and value[0]:
            amount, currency = value
            raw = str(fund["valuePounds"]["amount"])
            yield StatedAmount(kind="awarded", low=amount, high=amount, currency=currency, raw=raw, field="valuePounds")


def _pounds(value: Any) -> tuple[Decimal, str]:
    amount = value.get("amount") if isinstance(value, dict) else None
    currency = value.get("currencyCode") if isinstance(value, dict) else None
    if isinstance(amount, bool) or not isinstance(amount, int | float) or not 0 <= amount < MOST_POUNDS:
        raise ValueError(f"expected an amount of pounds, got {str(value)[:60]!r}")
    if not (isinstance(currency, str) and re.fullmatch(r"[A-Z]{3}", currency)):
        raise ValueError(f"expected a code of a currency, got {str(currency)[:40]!r}")
    return Decimal(str(amount)).quantize(Decimal("0.01")), currency


def _subjects(record: Record) -> Iterator[str]:
    for name, inner in LISTS:
        for one in _entries(record, name, inner):
            if (said := text_of(one.get("text"))) and said != "Unclassified":
                yield said
