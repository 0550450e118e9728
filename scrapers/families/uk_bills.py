"""The records of the Bills API of the UK Parliament: lines of its list, bills in full, their stages and publications.

Belongs here: which field of a record means what. Does not belong here: envelopes, errors and paging.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from scrapers.contracts import (
    Attachment,
    Availability,
    ChangeNote,
    Depth,
    Identifier,
    Organisation,
    PolicyDocument,
    StatedRelation,
    UnknownShape,
)
from scrapers.families.london import start_of_day, zoneless_day
from scrapers.families.records import Record, identifiers, substance, text_of, unordered
from scrapers.families.text import as_text, clean, html_to_text, one_line, web_address
from scrapers.families.wording import hash_of
from scrapers.registry import source

SLUG = "uk_parliament_bills"
PARSER_VERSION = "uk_parliament_bills/8"
PAGE = "https://bills.parliament.uk/bills"
FILES = "https://bills-api.parliament.uk/api/v1/Publications"
KNOWN = source(SLUG).known_fields
FIRST_READING, ROYAL_ASSENT = "1st reading", "Royal Assent"
HOUSES = {"Commons": "House of Commons", "Lords": "House of Lords"}
THE_ACT = "Act of Parliament"
"""Type of the publication that is the bill as it was enacted."""
BILL_TYPES = {
    1: "Government Bill",
    2: "Private Members' Bill (Starting in the House of Lords)",
    3: "Consolidation Bill",
    4: "Hybrid Bill",
    5: "Private Members' Bill (under the Ten Minute Rule)",
    6: "Private Bill",
    7: "Private Members' Bill (Ballot Bill)",
    8: "Private Members' Bill (Presentation Bill)",
    9: "Draft Bill",
}
"""Names of the types, as the API's own list of them has them; the contract states their numbers."""
_WITHOUT_ORDER = frozenset(("stageSittings", "includedSessionIds"))
_IN_DETAIL = frozenset(("longTitle", "summary", "sponsors", "promoters"))
_ACT = re.compile(r"https?://(?:www\.)?legislation\.gov\.uk/(?:id/)?([a-z]{2,6}/\d{4}/\d{1,4})(?:[/?#].*)?")


def parse_bill(record: Record) -> PolicyDocument:
    """Read one bill: a line of the list, or the bill itself, with `stages` and `publications` where they were joined.

    Raises UnknownShape without an id. Any other field that is not what the API shows is null, kept raw and told as a
    fault of the record.
    """
    hashed = hash_of(unordered(substance(dict(record), KNOWN["bill"].housekeeping), _WITHOUT_ORDER))
    flags: set[str] = set()
    number = record.pop("billId", None)
    if type(number) is not int or number < 1:
        raise UnknownShape(f"expected the number of a bill under billId, got {str(number)[:40]!r}")
    depth = Depth.FULL if _IN_DETAIL & set(record) else Depth.LISTING
    stages = record.attempt("stages" if record.get("stages") else "currentStage", lambda: tuple(_stages(record))) or ()
    withdrawn = record.get("billWithdrawn") is not None
    withdrawn_day = record.take("billWithdrawn", zoneless_day)
    return PolicyDocument(
        source_id=SLUG,
        document_id=f"uk-bill:{number}",
        native_id=str(number),
        depth=depth,
        availability=Availability.WITHDRAWN if withdrawn else Availability.AVAILABLE,
        url=f"{PAGE}/{number}",
        title=one_line(record.text("shortTitle"), flags),
        abstract=clean(record.text("longTitle"), flags),
        body=html_to_text(record.text("summary"), flags),
        document_type="Bill",
        document_subtype=_bill_type(record),
        action=record.attempt("currentStage", lambda: _stage_name(record)),
        publishers=_publishers(record),
        identifiers=identifiers(("uk_bill", number)),
        published_date=_first_day(stages, FIRST_READING),
        signed_date=_first_day(stages, ROYAL_ASSENT),
        withdrawn_at=start_of_day(withdrawn_day) if withdrawn_day else None,
        relations=record.attempt("publications", lambda: tuple(dict.fromkeys(_acts(record)))) or (),
        attachments=record.attempt("publications", lambda: tuple(_attachments(record))) or (),
        change_history=_history(stages, record) if record.get("stages") else (),
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields=record.left(),
        unread_fields=record.unknown(KNOWN["bill"]),
        content_sha256=hashed,
        parser_version=PARSER_VERSION,
    )


def updated_day(document: PolicyDocument) -> date | None:
    """The day on which the API says the bill was last touched, by the API's own clock; None when it says none."""
    stated = document.source_fields.get("lastUpdate")
    if not isinstance(stated, str) or not re.match(r"\d{4}-\d{2}-\d{2}T", stated):
        return None
    try:
        return date.fromisoformat(stated[:10])
    except ValueError:
        return None


def _stages(record: Record) -> Iterator[tuple[str, str | None, date | None]]:
    """Name, house and first sitting of every stage that is told."""
    told = list(record.blocks("stages")) if record.get("stages") else [record.block("currentStage")]
    for stage in told:
        name = text_of(stage.get("description"))
        days = [day for sitting in stage.blocks("stageSittings") if (day := sitting.read("date", zoneless_day))]
        if name is not None:
            yield name, text_of(stage.get("house")), min(days, default=None)


def _first_day(stages: tuple[tuple[str, str | None, date | None], ...], name: str) -> date | None:
    return min((day for stage, _, day in stages if stage == name and day), default=None)


def _history(stages: tuple[tuple[str, str | None, date | None], ...], record: Record) -> tuple[ChangeNote, ...]:
    """Stages by their first sittings, without those that still lay ahead when the bill was last touched."""
    touched = str(record.get("lastUpdate") or "")[:10]
    dated = sorted({(day, name, house or "") for name, house, day in stages if day and day.isoformat() <= touched})
    return tuple(
        ChangeNote(noted_at=start_of_day(day), note=f"{name} ({house})" if house in HOUSES else name)
        for day, name, house in dated
    )


def _stage_name(record: Record) -> str | None:
    stage = record.block("currentStage")
    name, house = text_of(stage.get("description")), text_of(stage.get("house"))
    return f"{name} ({house})" if name and house in HOUSES else name


def _bill_type(record: Record) -> str | None:
    kind = record.get("billTypeId")
    return BILL_TYPES.get(kind) if type(kind) is int else None


def _publishers(record: Record) -> tuple[Organisation, ...]:
    """The house where the bill began, and the bodies that sponsor it."""
    house = record.get("originatingHouse")
    begun = (Organisation(name=HOUSES[house], raw_name=house),) if isinstance(house, str) and house in HOUSES else ()
    return begun + (record.attempt("sponsors", lambda: tuple(_sponsoring_bodies(record))) or ())


def _sponsoring_bodies(record: Record) -> Iterator[Organisation]:
    for sponsor in record.blocks("sponsors"):
        body = sponsor.block("organisation")
        if name := text_of(body.get("name")):
            yield Organisation(name=name, url=body.read("url", web_address) if body.get("url") else None)


def _acts(record: Record) -> Iterator[StatedRelation]:
    """The Acts that links of publications lead to; the bill became the one that is published as its Act."""
    for publication in record.blocks("publications"):
        is_its_act = record.get("isAct") is True and publication.block("publicationType").get("name") == THE_ACT
        relation = "adopted_by" if is_its_act else "related"
        for link in publication.blocks("links"):
            url = link.get("url")
            if isinstance(url, str) and (match := _ACT.fullmatch(url)):
                act = Identifier(scheme="uk_act", value=match[1].replace("/", "-"))
                yield StatedRelation(relation=relation, target=act, field="publications.links.url", quote=url)


def _attachments(record: Record) -> Iterator[Attachment]:
    for publication in record.blocks("publications"):
        title = text_of(publication.get("title"))
        for link in publication.blocks("links"):
            if url := link.read("url", web_address) if link.get("url") else None:
                kind = text_of(link.get("contentType"))
                yield Attachment(title=text_of(link.get("title")) or title, url=url, content_type=kind)
        for file in publication.blocks("files"):
            if type(publication.get("id")) is int and type(file.get("id")) is int:
                url = f"{FILES}/{publication['id']}/Documents/{file['id']}/Download"
                kind = text_of(file.get("contentType"))
                yield Attachment(title=file.read("filename", as_text) or title, url=url, content_type=kind)
