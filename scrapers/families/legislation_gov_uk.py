"""The records of legislation.gov.uk: lines of its feeds, and legislation in its own XML (CLML) of every version.

Belongs here: which field of a record means what. Does not belong here: which answer is which, and paging.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from lxml import etree

from scrapers.contracts import (
    Attachment,
    Depth,
    Identifier,
    Organisation,
    PolicyDocument,
    StatedRelation,
    Translation,
    UnknownShape,
)
from scrapers.families.clml_text import text_of_legislation
from scrapers.families.dates import iso_day, iso_instant
from scrapers.families.london import LONDON
from scrapers.families.records import Record, substance
from scrapers.families.text import as_text, clean, one_line, web_address
from scrapers.families.wording import hash_of
from scrapers.families.xml import strange_names
from scrapers.registry import source

SLUG = "uk_legislation"
PARSER_VERSION = "uk_legislation/8"
SITE = "https://www.legislation.gov.uk"
KNOWN = source(SLUG).known_fields
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
BASE = "{http://www.w3.org/XML/1998/namespace}base"
TEXTS = ("Primary", "Secondary", "EURetained", "ExplanatoryNotes", "Body")
"""Elements that hold the text of a document; the first that is there does."""
BODIES = frozenset(("Body", "EUBody", "Schedules", "ENBody", "Division", "P1", "P1group", "Part", "Chapter"))
TYPES = {
    "UnitedKingdomPublicGeneralAct": ("ukpga", "uk_act"),
    "UnitedKingdomLocalAct": ("ukla", "uk_act"),
    "UnitedKingdomPrivateOrPersonalAct": ("ukppa", "uk_act"),
    "UnitedKingdomChurchMeasure": ("ukcm", "uk_act"),
    "GreatBritainAct": ("apgb", "uk_act"),
    "GreatBritainLocalAct": ("gbla", "uk_act"),
    "GreatBritainPrivateOrPersonalAct": ("gbppa", "uk_act"),
    "EnglandAct": ("aep", "uk_act"),
    "IrelandAct": ("aip", "uk_act"),
    "ScottishAct": ("asp", "uk_act"),
    "ScottishOldAct": ("aosp", "uk_act"),
    "WelshAssemblyMeasure": ("mwa", "uk_act"),
    "WelshNationalAssemblyAct": ("anaw", "uk_act"),
    "WelshParliamentAct": ("asc", "uk_act"),
    "NorthernIrelandAct": ("nia", "uk_act"),
    "NorthernIrelandAssemblyMeasure": ("mnia", "uk_act"),
    "NorthernIrelandParliamentAct": ("apni", "uk_act"),
    "UnitedKingdomStatutoryInstrument": ("uksi", "uk_si"),
    "UnitedKingdomStatutoryRuleOrOrder": ("uksro", "uk_si"),
    "UnitedKingdomMinisterialOrder": ("ukmo", "uk_si"),
    "UnitedKingdomMinisterialDirection": ("ukmd", "uk_si"),
    "UnitedKingdomChurchInstrument": ("ukci", "uk_si"),
    "ScottishStatutoryInstrument": ("ssi", "uk_si"),
    "WelshStatutoryInstrument": ("wsi", "uk_si"),
    "NorthernIrelandOrderInCouncil": ("nisi", "uk_si"),
    "NorthernIrelandStatutoryRule": ("nisr", "uk_si"),
    "NorthernIrelandStatutoryRuleOrOrder": ("nisro", "uk_si"),
    "UnitedKingdomDraftStatutoryInstrument": ("ukdsi", "uk_draft_si"),
    "ScottishDraftStatutoryInstrument": ("sdsi", "uk_draft_si"),
    "WelshDraftStatutoryInstrument": ("wdsi", "uk_draft_si"),
    "NorthernIrelandDraftStatutoryRule": ("nidsr", "uk_draft_si"),
    "NorthernIrelandDraftOrderInCouncil": ("nidsi", "uk_draft_si"),
    "EuropeanUnionRegulation": ("eur", "uk_eu_legislation"),
    "EuropeanUnionDecision": ("eudn", "uk_eu_legislation"),
    "EuropeanUnionDirective": ("eudr", "uk_eu_legislation"),
    "EuropeanUnionTreaty": ("eut", "uk_eu_legislation"),
}
"""Types of document by their names: the word in addresses, and the kind of identifier."""
SCHEMES = dict(TYPES.values())
_ITEM = r"[a-z]{2,6}/(?:[0-9]{4}|[A-Za-z][\w+]*/[\w+-]+)/[A-Za-z]?[0-9]+"
_WHOLE = re.compile(_ITEM)
_YEAR = re.compile(r"[0-9]{4}")
_COUNTED = re.compile(r"[0-9]{1,18}")
_ADDRESS = re.compile(
    rf"https?://(?:www\.legislation|legislation\.data)\.gov\.uk/(?:id/)?(?P<item>{_ITEM})"
    r"(?:/(?P<rest>[^?#]*))?(?:[?#].*)?"
)
_VERSION = re.compile(r"enacted|made|created|adopted|prospective|\d{4}-\d{2}-\d{2}|welsh|english|contents|data\.\w+")
_PDF = re.compile(r"\.pdf(?:[?#].*)?\Z")


def item_of(address: object) -> str | None:
    """Type, year and number that an address of the site names, with the provision where it names one."""
    match = _ADDRESS.fullmatch(address.strip()) if isinstance(address, str) else None
    if match is None:
        return None
    provision = [part for part in (match["rest"] or "").split("/") if part and not _VERSION.fullmatch(part)]
    return "/".join((match["item"], *provision))


def plain(element: etree._Element) -> Any:
    """An element as JSON would hold it: a text, the one value it bears, or its attributes, text and children."""
    said: dict[str, Any] = {_attribute(str(name)): value for name, value in element.attrib.items()}
    for child in element:
        _put(said, etree.QName(child).localname, plain(child))
    text = " ".join("".join(piece for piece in _own_text(element)).split())
    if not said:
        return text
    if not text and len(said) == 1 and set(said) <= {"Value", "Date", "term", "URI"}:
        return next(iter(said.values()))
    return {**said, "text": text} if text else said


def entry_of(element: etree._Element) -> dict[str, Any]:
    """An entry of a feed; titles and summaries in two languages stand under names of their own."""
    entry: dict[str, Any] = {}
    if strange := _strange_names(child for child in element if child.get("type") == "xhtml"):
        entry["strange_names"] = strange
    for child in element:
        name = etree.QName(child).localname
        told = [part for part in child.iter() if part.get(LANG)] if child.get("type") == "xhtml" else []
        for part in told:
            _put(entry, name if part.get(LANG) == "en" else f"{name}_{part.get(LANG)}", _text(part))
        if not told:
            _put(entry, name, _text(child) if child.get("type") == "xhtml" else plain(child))
    return entry


def legislation_of(root: etree._Element) -> dict[str, Any]:
    """A document in CLML: what its root says, its metadata, and its text."""
    metadata = next((child for child in root if etree.QName(child).localname == "Metadata"), None)
    if metadata is None:
        raise UnknownShape("expected Metadata in the document, got none")
    parts = {etree.QName(child).localname: child for child in root}
    held = next((parts[name] for name in TEXTS if name in parts), None)
    notes = {
        name: [text_of_legislation(note) for note in parts[name]]
        for name in ("Footnotes", "Commentaries")
        if name in parts
    }
    record: dict[str, Any] = {
        "lang": root.get(LANG),
        "base": root.get(BASE),
        **{etree.QName(name).localname: value for name, value in root.attrib.items() if "chemaLocation" not in name},
        "text": None if held is None else text_of_legislation(held),
        "is_contents": held is not None and "Contents" in parts and not _has_body(held),
        **notes,
    }
    if strange := _strange_names(child for child in root if child is not metadata):
        record["strange_names"] = strange
    for child in metadata:
        name, language = etree.QName(child).localname, child.get(LANG)
        is_other = name in ("title", "description") and language not in (None, "en")
        _put(record, f"{name}_{language}" if is_other else name, _text(child) if is_other else plain(child))
    return record


def _has_body(held: etree._Element) -> bool:
    """Whether a text goes beyond its title, preamble and signature, which a table of contents also bears."""
    return any(etree.QName(child).localname in BODIES for child in held)


def _strange_names(parts: Iterable[etree._Element]) -> list[str]:
    """Names of mark-up of texts that the source has never shown."""
    return sorted({name for part in parts for name in strange_names(part, KNOWN["text"].names)})


def parse_entry(record: Record) -> PolicyDocument:
    """Read one entry of a listing feed.

    Raises UnknownShape without an id that names legislation. Any other field that cannot be read is null, kept raw and
    told as a fault of the record.
    """
    hashed = hash_of(substance(dict(record), KNOWN["entry"].housekeeping))
    unknown = _unknown(record, "entry")
    record.pop("strange_names", None)
    flags: set[str] = set()
    item = item_of(record.get("id"))
    if item is None:
        raise UnknownShape(f"expected an id that names legislation, got {str(record.get('id'))[:80]!r}")
    published_at = record.read("published", iso_instant)
    return PolicyDocument(
        source_id=SLUG,
        document_id=f"uk-leg:{item}",
        native_id=item,
        depth=Depth.LISTING,
        url=f"{SITE}/{item}",
        title=record.take("title", lambda value: one_line(_first_text(value), flags)),
        abstract=record.take("summary", lambda value: clean(_first_text(value), flags)),
        document_type=record.text("DocumentMainType"),
        identifiers=_identifiers(item),
        published_date=published_at.astimezone(LONDON).date() if published_at else None,
        published_at=published_at,
        signed_date=record.day("CreationDate"),
        updated_at=record.read("updated", iso_instant),
        relations=record.attempt("Supersedes", lambda: tuple(_superseded(record))) or (),
        attachments=record.attempt("link", lambda: tuple(_linked_files(record))) or (),
        subjects=record.attempt("category", lambda: _subjects(record)) or (),
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields=record.left(),
        unread_fields=unknown,
        content_sha256=hashed,
        parser_version=PARSER_VERSION,
    )


def parse_legislation(record: Record) -> PolicyDocument:
    """Read one document in CLML; a provision by itself is a document of its own and part of the whole.

    Raises UnknownShape when nothing tells type, year and number. Any other field that cannot be read is null, kept raw
    and told as a fault of the record.
    """
    hashed = hash_of(substance(dict(record), KNOWN["document"].housekeeping))
    flags: set[str] = {"text_is_introduction_only"} if record.pop("is_contents", False) else set()
    kind, classes = _classes(record)
    item, whole = _items(record, classes)
    language = _language(record)
    unknown = _unknown(record, "document")
    record.pop("strange_names", None)
    effective, dates_note = record.attempt(kind or "Metadata", lambda: _coming_into_force(classes)) or (None, None)
    signed = record.attempt(kind or "Metadata", lambda: _day_of(classes, "EnactmentDate", "Made"))
    title = _first_text(record.get(f"title_{language}") or record.get("title") or record.get("title_cy"))
    description = record.get(f"description_{language}") or record.get("description")
    document_type = classes.get("DocumentMainType")
    return PolicyDocument(
        source_id=SLUG,
        document_id=f"uk-leg:{item}" if language == "en" else f"uk-leg:{item}:{language}",
        native_id=item,
        url=f"{SITE}/{item}" if language == "en" else f"{SITE}/{item}/welsh",
        title=record.attempt("title", lambda: one_line(title, flags)),
        abstract=record.attempt("description", lambda: clean(_first_text(description), flags)),
        body=clean(record.text("text"), flags),
        language=language,
        document_type="ExplanatoryNotes" if kind == "ENmetadata" else _named(document_type),
        document_subtype=_named(classes.get("DocumentMinorType")),
        publishers=record.attempt("publisher", lambda: _publishers(record)) or (),
        identifiers=_identifiers(item),
        signed_date=signed,
        effective_date=effective,
        dates_note=dates_note,
        relations=record.attempt(kind or "Metadata", lambda: tuple(_relations(record, classes, item, whole))) or (),
        attachments=tuple(_files(record)),
        translations=record.attempt("link", lambda: tuple(_translations(record, language))) or (),
        subjects=record.attempt("subject", lambda: _subjects(record)) or (),
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields=record.left(),
        unread_fields=unknown,
        content_sha256=hashed,
        parser_version=PARSER_VERSION,
    )


def _attribute(name: str) -> str:
    """An attribute's name; one of another vocabulary than XML's own says which, so that it hides no other."""
    space, _, local = name.removeprefix("{").rpartition("}")
    return f"{space.rpartition('/')[2]}:{local}" if space and not space.endswith("/namespace") else local


def _put(said: dict[str, Any], name: str, value: Any) -> None:
    """Add a value; a name that comes again holds a list."""
    if name not in said:
        said[name] = value
    elif isinstance(said[name], list):
        said[name].append(value)
    else:
        said[name] = [said[name], value]


def _own_text(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        yield child.tail or ""


def _text(element: etree._Element) -> str:
    return " ".join("".join(str(piece) for piece in element.itertext()).split())


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _first_text(value: object) -> str | None:
    """The first text of a field that may come again or bear attributes."""
    for one in _listed(value):
        said = one.get("text") if isinstance(one, dict) else one
        if said:
            return as_text(said)
    return None


def _named(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _identifiers(item: str) -> tuple[Identifier, ...]:
    """The identifier of a whole document; a provision or a note has none of its own."""
    scheme = SCHEMES.get(item.split("/", 1)[0])
    return (_identifier(scheme, item),) if scheme and _WHOLE.fullmatch(item) else ()


def _identifier(scheme: str, item: str) -> Identifier:
    """An identifier as it can stand in the id of a policy."""
    return Identifier(scheme=scheme, value=item.replace("/", "-"))


def _classes(record: Record) -> tuple[str | None, dict[str, Any]]:
    """Which block of classification a document bears, and what it says, with the classification itself spread out."""
    for kind in ("PrimaryMetadata", "SecondaryMetadata", "EUMetadata", "ENmetadata"):
        if isinstance(block := record.get(kind), dict):
            inner = block.get("DocumentClassification")
            return kind, {**block, **(inner if isinstance(inner, dict) else {})}
    return None, {}


def _items(record: Record, classes: dict[str, Any]) -> tuple[str, str]:
    """What the document is, and the whole that it is or is a part of."""
    addresses = [record.get("IdURI"), record.get("DocumentURI"), record.get("base"), *_listed(record.get("identifier"))]
    named = next((item for address in addresses if (item := item_of(address))), None)
    if named is None:
        word = TYPES.get(str(classes.get("DocumentMainType")), (None,))[0]
        year, number = classes.get("Year"), str(classes.get("Number") or classes.get("ISBN"))
        if not (word and isinstance(year, str) and _YEAR.fullmatch(year) and _COUNTED.fullmatch(number)):
            raise UnknownShape(f"expected an address of legislation or type, year and number, got {addresses[:4]}")
        named = f"{word}/{year}/{int(number)}"
    told = [item for one in _listed(record.get("identifier")) if (item := item_of(one))]
    item = max([named, *(one for one in told if one.startswith(f"{named}/"))], key=len)
    whole = _WHOLE.match(item)
    return item, whole[0] if whole else item


def _language(record: Record) -> str:
    """The language of the text: that of the root, else the first that is stated."""
    stated = [record.get("lang"), *_listed(record.get("language"))]
    address = str(record.get("DocumentURI") or "")
    return "cy" if "cy" in stated[:1] or address.endswith("/welsh") else "en"


def _day_of(classes: dict[str, Any], *names: str) -> date | None:
    """The first of some days; a day may bear an hour."""
    for name in names:
        for value in _listed(classes.get(name)):
            return iso_day(value.get("Date") if isinstance(value, dict) else value)
    return None


def _coming_into_force(classes: dict[str, Any]) -> tuple[date | None, str | None]:
    """The day of coming into force where one is stated; where several are, all of them as a note."""
    days = [
        iso_day(day.get("Date") if isinstance(day, dict) else day)
        for block in _listed(classes.get("ComingIntoForce"))
        if isinstance(block, dict)
        for day in _listed(block.get("DateTime"))
    ]
    if len(set(days)) == 1:
        return days[0], None
    return None, "Coming into force: " + ", ".join(day.isoformat() for day in days) if days else None


def _publishers(record: Record) -> tuple[Organisation, ...]:
    names = [name for one in _listed(record.get("publisher")) if (name := _first_text(one))]
    return tuple(Organisation(name=name) for name in dict.fromkeys(names))


def _subjects(record: Record) -> tuple[str, ...]:
    """Subjects under whatever name they are told; headings in capitals are kept as they are."""
    told: list[str] = []
    for name in ("category", "Subject", "subject"):
        for one in _listed(record.get(name)):
            value = one if isinstance(one, str) else one.get("text") or one.get("Value") or one.get("Label")
            if value:
                told.append(as_text(value))
    return tuple(dict.fromkeys(told))


def _superseded(record: Record) -> Iterator[StatedRelation]:
    for one in _listed(record.get("Supersedes")):
        address = one.get("URI") if isinstance(one, dict) else one
        yield from _relation("supersedes", address, "Supersedes")


def _relation(relation: str, address: object, field: str, quote: str | None = None) -> Iterator[StatedRelation]:
    item = item_of(address)
    scheme = SCHEMES.get(item.split("/", 1)[0]) if item else None
    if item and scheme:
        target = _identifier(scheme, item)
        yield StatedRelation(relation=relation, target=target, field=field, quote=quote or str(address))


def _relations(record: Record, classes: dict[str, Any], item: str, whole: str) -> Iterator[StatedRelation]:
    """What the document replaces, corrects or is part of, each once."""
    told = [*_superseded(record)]
    for one in _listed(record.get("SupersededBy")):
        told += _relation("superseded_by", one.get("URI") if isinstance(one, dict) else one, "SupersededBy")
    for one in _listed(classes.get("Correction")):
        word = TYPES.get(str(one.get("Class")), (None,))[0] if isinstance(one, dict) else None
        relation = {"corrects": "corrects", "correctedBy": "corrected_by"}.get(one.get("Type")) if word else None
        if relation and _COUNTED.fullmatch(str(one.get("Number"))):
            address = f"{SITE}/id/{word}/{one.get('Year')}/{int(one['Number'])}"
            told += _relation(relation, address, "Correction", " ".join(map(str, one.values())))
    if item != whole:
        named = next(one for one in [*_listed(record.get("identifier")), record.get("IdURI")] if item_of(one) == item)
        told += _relation("part_of", f"{SITE}/id/{whole}", "identifier", str(named))
    yield from dict.fromkeys(told)


def _linked_files(record: Record) -> Iterator[Attachment]:
    """Files that a feed links to."""
    for link in _listed(record.get("link")):
        kind = link.get("type") if isinstance(link, dict) else None
        if kind == "application/pdf" and link.get("rel") == "alternate":
            yield Attachment(title=link.get("title"), url=web_address(link.get("href")), content_type=kind)


def _files(record: Record) -> Iterator[Attachment]:
    """Every file that the metadata name: the printed document, notes, impact assessments, correction slips."""
    seen: set[str] = set()
    for name, block in record.items():
        if name in ("UnappliedEffects", "link", "text"):
            continue
        for inner in _listed(block):
            for kind, entries in inner.items() if isinstance(inner, dict) else ():
                for entry in _listed(entries):
                    url = entry.get("URI") if isinstance(entry, dict) else entry
                    if isinstance(url, str) and url.startswith("http") and _PDF.search(url) and url not in seen:
                        seen.add(url)
                        title = entry.get("Title") if isinstance(entry, dict) else None
                        yield Attachment(title=_named(title) or kind, url=url, content_type="application/pdf")


def _translations(record: Record, language: str) -> Iterator[Translation]:
    seen = set()
    for link in _listed(record.get("link")):
        other = link.get("hreflang") if isinstance(link, dict) and link.get("rel") == "alternate" else None
        if other and other != language and other not in seen and not link.get("type"):
            seen.add(other)
            yield Translation(language=other, url=web_address(link.get("href")))


def _unknown(record: Record, kind: str) -> tuple[str, ...]:
    """Names that the source has never shown, of the record at every depth and of the mark-up of its text."""
    return tuple(sorted({*record.unknown(KNOWN[kind]), *record.get("strange_names", ())}))
