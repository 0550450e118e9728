"""The awards of USAspending: lines of its search and awards in full, as its API of today and before gives them.

Belongs here: which field of an award means what. Does not belong here: envelopes, errors, paging, other answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
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
from scrapers.families.dates import iso_day
from scrapers.families.money import amount
from scrapers.families.records import Record, identifiers, substance, text_of
from scrapers.families.text import as_text, clean, one_line
from scrapers.families.wording import hash_of
from scrapers.registry import source

SLUG = "us_usaspending"
PARSER_VERSION = "us_usaspending/6"
PAGE = "https://www.usaspending.gov/award"
KNOWN = source(SLUG).known_fields
LINE_AMOUNTS = {
    "Award Amount": "obligated",
    "Loan Value": "other",
    "Subsidy Cost": "cost_estimate",
    "Total Outlays": "other",
}
AWARD_AMOUNTS = {
    "total_obligation": "obligated",
    "base_exercised_options": "awarded",
    "base_and_all_options": "other",
    "total_loan_value": "other",
    "total_subsidy_cost": "cost_estimate",
    "total_funding": "other",
    "non_federal_funding": "other",
    "total_outlay": "other",
}
"""Fields of amounts and their kinds. What may be paid if all options are used, the face value of a loan, what others
pay in and what was paid out are no kind that there is a word for, and are not obligations."""
TITLE_CHARS = 240
NSF = "National Science Foundation"
_NSF_AWARD = re.compile(r"[0-9]{7}")


def parse_line(record: Record) -> PolicyDocument:
    """Read one line of a search for awards.

    Raises UnknownShape without an id of the award.
    """
    hashed, flags = _hash(record), set[str]()
    native_id = _id(record, "generated_internal_id", "internal_id")
    number, agency = record.text("Award ID"), record.read("Awarding Agency", as_text)
    text = record.text("Description")
    day = _first_day(record, "Base Obligation Date", "Issued Date")
    return PolicyDocument(
        **_common(native_id, text, flags),
        depth=Depth.LISTING,
        document_type=_category(native_id),
        document_subtype=record.text("Award Type") or record.text("Contract Award Type"),
        publishers=_line_publishers(record),
        identifiers=identifiers(
            ("federal_award", native_id),
            *_numbers(_category(native_id), number, agency),
            *(("assistance_listing", listing) for listing in _line_listings(record)),
        ),
        published_date=day,
        signed_date=day,
        amounts=tuple(_amounts(record, _line_kinds(record))),
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields=record.left(),
        unread_fields=record.unknown(KNOWN["line"]),
        content_sha256=hashed,
        parser_version=PARSER_VERSION,
    )


def parse_award(record: Record) -> PolicyDocument:
    """Read an award in full: a contract, an IDV (a frame for orders), a grant, a loan or other assistance.

    Raises UnknownShape without an id of the award.
    """
    hashed, flags = _hash(record), set[str]()
    native_id = _id(record, "generated_unique_award_id", "id")
    category, text = record.text("category"), record.text("description")
    numbers = [record.text(name) for name in ("piid", "fain", "uri")]
    agency = record.attempt("awarding_agency", lambda: _name(record.block("awarding_agency"), "toptier_agency"))
    day = record.day("date_signed")
    return PolicyDocument(
        **_common(native_id, text, flags),
        document_type=category or _category(native_id),
        document_subtype=record.text("type_description"),
        publishers=record.attempt("awarding_agency", lambda: _publishers(record.block("awarding_agency"))) or (),
        identifiers=identifiers(
            ("federal_award", native_id),
            *(pair for number in numbers for pair in _numbers(category or _category(native_id), number, agency)),
            *(("assistance_listing", listing) for listing in _listings(record, "cfda_number")),
        ),
        published_date=day,
        signed_date=day,
        relations=tuple(_relations(record)),
        amounts=tuple(_amounts(record, AWARD_AMOUNTS)),
        subjects=_subjects(record),
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields=record.left(),
        unread_fields=record.unknown(KNOWN["award"]),
        content_sha256=hashed,
        parser_version=PARSER_VERSION,
    )


def _common(native_id: str, text: str | None, flags: set[str]) -> dict[str, Any]:
    """What is made of the id and the description, an award's only text; a short one is the title."""
    said, whole = clean(text, flags), one_line(text, set())
    is_short = whole is None or len(whole) <= TITLE_CHARS
    return {
        "source_id": SLUG,
        "document_id": f"usaspending:{native_id}",
        "native_id": native_id,
        "url": f"{PAGE}/{quote(native_id, safe='')}",
        "title": whole if whole is None or is_short else f"{whole[:TITLE_CHARS].rsplit(' ', 1)[0]} ...",
        "abstract": None if is_short else said,
    }


def _id(record: Record, generated: str, internal: str) -> str:
    """The id that the source makes of an award's own numbers; its row number in answers of before."""
    made = record.text(generated)
    if made and made.strip():
        return made.strip()
    number = record.get(internal)
    if type(number) is not int:
        raise UnknownShape(f"expected {generated} or {internal} of an award, got neither")
    return str(number)


def _category(native_id: str) -> str | None:
    """What the id says of the kind of award: only contracts and IDVs have kinds of ids of their own."""
    if native_id.startswith("CONT_IDV_"):
        return "idv"
    if native_id.startswith(("CONT_AWD_", "CONT_AW_")):
        return "contract"
    return "assistance" if native_id.startswith("ASST_") else None


def _numbers(category: str | None, number: str | None, agency: str | None) -> Iterator[tuple[str, str]]:
    """The agency's own number of an award, which others may use too; that of the NSF is also that of its API."""
    if not number:
        return
    yield ("piid" if category in ("contract", "idv") else "fain"), number
    if agency == NSF and _NSF_AWARD.fullmatch(number):
        yield "nsf_award", number


def _line_publishers(record: Record) -> tuple[Organisation, ...]:
    names = {
        name: record.text(name)
        for name in (
            "Awarding Sub Agency", "Awarding Sub Agency Code", "Awarding Agency", "Awarding Agency Code", "agency_slug",
        )
    }  # fmt: skip
    return _bodies(
        (names["Awarding Sub Agency"], names["Awarding Sub Agency Code"], None),
        (names["Awarding Agency"], names["Awarding Agency Code"], names["agency_slug"]),
    )


def _publishers(agency: Record) -> tuple[Organisation, ...]:
    named = [agency.block(tier) for tier in ("subtier_agency", "toptier_agency")]
    return _bodies(*((text_of(one.get("name")), text_of(one.get("code")), text_of(one.get("slug"))) for one in named))


def _bodies(
    sub: tuple[str | None, str | None, str | None], top: tuple[str | None, str | None, str | None]
) -> tuple[Organisation, ...]:
    """The agency that awards, then its department where that is another body."""
    department = Organisation(name=top[0], native_id=top[1], slug=top[2]) if top[0] else None
    if not sub[0]:
        return (department,) if department else ()
    if sub[0] == top[0]:
        return (Organisation(name=sub[0], native_id=sub[1], parent_id=top[1], slug=top[2]),)
    office = Organisation(name=sub[0], native_id=sub[1], parent_id=top[1])
    return (office, department) if department else (office,)


def _name(agency: Record, tier: str) -> str | None:
    return text_of(agency.block(tier).get("name"))


def _line_kinds(record: Record) -> Mapping[str, str]:
    """Kinds of a line's amounts; of a loan, what is called the amount is no obligation."""
    if record.get("Loan Value") is None:
        return LINE_AMOUNTS
    return {name: kind for name, kind in LINE_AMOUNTS.items() if name != "Award Amount"}


def _amounts(record: Record, kinds: Mapping[str, str]) -> Iterator[StatedAmount]:
    """Amounts that are stated; a zero says something of an obligation only, and otherwise stays where it is."""
    for name, kind in kinds.items():
        stated = record.get(name)
        value = record.read(name, amount)
        if value is None or (value == 0 and kind != "obligated"):
            continue
        del record[name]
        yield StatedAmount(kind=kind, low=value, high=value, currency="USD", raw=str(stated), field=name)


def _first_day(record: Record, *names: str) -> date | None:
    for name in names:
        if (day := record.read(name, iso_day)) is not None:
            return day
    return None


def _line_listings(record: Record) -> list[str]:
    """Numbers of the assistance programmes; their field was renamed, some answers hold both."""
    named = [record.read("CFDA Number", as_text)]
    named.append(record.attempt("primary_assistance_listing", lambda: _one_listing(record)))
    named += _listings(record, "cfda_number", "Assistance Listings")
    return [name for name in named if name]


def _one_listing(record: Record) -> str | None:
    return record.block("primary_assistance_listing").read("cfda_number", as_text)


def _listings(record: Record, field: str, name: str = "cfda_info") -> list[str]:
    found = record.attempt(name, lambda: [text_of(one.get(field)) for one in record.blocks(name)])
    return [value for value in found or () if value]


def _relations(record: Record) -> Iterator[StatedRelation]:
    """The frame under which an order was placed, and the call that a grant answers."""
    parent = record.attempt(
        "parent_award", lambda: record.block("parent_award").read("generated_unique_award_id", as_text)
    )
    if parent:
        target = Identifier(scheme="federal_award", value=parent)
        yield StatedRelation(relation="related", target=target, field="parent_award", quote=parent)
    call = record.attempt("funding_opportunity", lambda: record.block("funding_opportunity").read("number", as_text))
    if call:
        target = Identifier(scheme="opportunity_number", value=call)
        yield StatedRelation(relation="related", target=target, field="funding_opportunity", quote=call)


def _subjects(record: Record) -> tuple[str, ...]:
    """The programmes of assistance; for contracts what is bought and from which industry."""
    named: list[str | None] = [*_listings(record, "cfda_title")]

    def bought() -> list[str | None]:
        data = record.block("latest_transaction_contract_data")
        return [text_of(data.get("product_or_service_description")), text_of(data.get("naics_description"))]

    named += record.attempt("latest_transaction_contract_data", bought) or ()
    return tuple(dict.fromkeys(name for name in named if name))


def _hash(raw: Mapping[str, Any]) -> str:
    return hash_of(substance(dict(raw), KNOWN["line"].housekeeping + KNOWN["award"].housekeeping))
