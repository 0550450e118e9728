"""Notices of the Cellar in XML, and those inside answers of EUR-Lex's web service: works, dossiers and events.

A notice is kept whole among the source's fields, nested as it is; a document holds what can be read of it for certain.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from lxml import etree

from scrapers.contracts import (
    ChangeNote,
    Depth,
    Identifier,
    NotADocument,
    Organisation,
    ParsedAnswer,
    PolicyDocument,
    StatedRelation,
    Translation,
    UnknownShape,
    UpstreamError,
)
from scrapers.families import eu_identifiers as eu
from scrapers.families.dates import iso_day
from scrapers.families.records import Record, read_records, substance
from scrapers.families.text import one_line
from scrapers.families.wording import hash_of
from scrapers.families.xml import tag_of
from scrapers.registry import KnownFields

NO_DAYS = frozenset(("1001-01-01", "9999-12-31"))
"""What the Cellar writes where there is no day."""
HOUSEKEEPING = frozenset(("CREATIONDATE", "LASTMODIFICATIONDATE", "VERSION", "rank"))
SUBJECTS = ("WORK", "DOSSIER", "EVENT", "AGENT", "EXPRESSION", "MANIFESTATION")
SCHEMES = {
    "celex": eu.CELEX,
    "eli": eu.ELI,
    "cellar": eu.CELLAR,
    "oj": eu.OJ,
    "procedure": eu.PROCEDURE,
    "comnat": eu.COMMISSION,
}
"""Kinds of identifier that a notice names, in ours; others stay among the source's fields."""
LINKS = {
    "RESOURCE_LEGAL_AMENDS_RESOURCE_LEGAL": "amends",
    "RESOURCE_LEGAL_REPEALS_RESOURCE_LEGAL": "repeals",
    "RESOURCE_LEGAL_IMPLICITLY_REPEALS_RESOURCE_LEGAL": "implicitly_repeals",
    "RESOURCE_LEGAL_CORRECTS_RESOURCE_LEGAL": "corrects",
    "RESOURCE_LEGAL_REPLACES_RESOURCE_LEGAL": "replaces",
    "RESOURCE_LEGAL_BASED_ON_RESOURCE_LEGAL": "based_on",
    "RESOURCE_LEGAL_IMPLEMENTS_RESOURCE_LEGAL": "implements",
    "RESOURCE_LEGAL_SUSPENDS_RESOURCE_LEGAL": "suspends",
    "RESOURCE_LEGAL_EXTENDS_VALIDITY_OF_RESOURCE_LEGAL": "extends_validity_of",
    "RESOURCE_LEGAL_ADOPTS_RESOURCE_LEGAL": "adopts",
    "RESOURCE_LEGAL_BASIS_FOR_ACT_CONSOLIDATED": "consolidated",
    "DOSSIER_PRODUCES_RESOURCE_LEGAL": "related",
    "DOSSIER_INITIATED_BY_ACT_PREPARATORY": "related",
}
INVERSE = {"amends": "amended_by", "repeals": "repealed_by", "corrects": "corrected_by", "replaces": "replaced_by"}


def read_notice(slug: str, root: etree._Element, known: KnownFields, parser_version: str) -> ParsedAnswer:
    """Read one notice of a work, a dossier or an event.

    Raises NotADocument for notices of other things, such as lists of identifiers.
    """
    raw = as_value(root)
    if not isinstance(raw, dict) or not any(name in raw for name in SUBJECTS):
        raise NotADocument(
            f"a notice of no work or dossier; it holds {sorted(raw)[:8] if isinstance(raw, dict) else raw!r}"
        )
    return read_records(slug, {"/NOTICE": raw}, lambda one: parse_notice(slug, one, known, parser_version))


def read_envelope(slug: str, root: etree._Element, known: KnownFields, parser_version: str) -> ParsedAnswer:
    """Read an answer of the web service: the notices that a search found; an empty body holds none.

    Raises UpstreamError for a fault, NotADocument for a question and UnknownShape for anything else.
    """
    body = next((child for child in root if _local(child) == "Body"), None)
    if body is None:
        raise UnknownShape("expected a body in the envelope, got none")
    inner = next(iter(body), None)
    if inner is None:
        return ParsedAnswer()
    if _local(inner) == "Fault":
        said = " ".join(" ".join(str(text) for text in inner.itertext()).split())
        raise UpstreamError(f"the service reports: {said[:400]}")
    if _local(inner) == "searchRequest":
        raise NotADocument("a question to the web service, not an answer")
    value = as_value(inner)
    if _local(inner) != "searchResults" or not isinstance(value, dict):
        raise UnknownShape(f"expected searchResults in the envelope, got {_local(inner)}")
    total, hits = value.get("totalhits"), each(value.get("result"))
    if not (isinstance(total, str) and total.isascii() and total.isdigit() and len(total) < 19):
        raise UnknownShape(f"expected totalhits as a whole number, got {str(total)[:40]!r}")
    if not hits and value.get("numhits") not in (None, "0"):
        raise UnknownShape(f"the answer counts {value.get('numhits')} hits but holds none")
    records = {f"/searchResults/result/{position}": hit for position, hit in enumerate(hits)}
    return read_records(slug, records, lambda one: _parse_hit(slug, one, known, parser_version), count=int(total))


def as_value(element: etree._Element) -> Any:
    """An element as text or, where it has attributes or children, as an object; names without their name spaces."""
    children: dict[str, Any] = {}
    for name, text in element.attrib.items():
        children[f"@{str(name).rsplit('}', 1)[-1]}"] = str(text)
    for child in element:
        name, value = _local(child), as_value(child)
        if name in children:
            earlier = children[name]
            children[name] = [*(earlier if isinstance(earlier, list) else [earlier]), value]
        else:
            children[name] = value
    text = (element.text or "").strip()
    if not children:
        return text
    if text:
        children["#text"] = text
    return children


def each(value: Any) -> list[Any]:
    """What may be absent, there once, or there several times."""
    if value in (None, ""):
        return []
    return value if isinstance(value, list) else [value]


def inside(value: Any, *path: str) -> Iterator[Any]:
    """All values at a path, through lists."""
    if not path:
        yield from each(value)
        return
    for one in each(value):
        if isinstance(one, dict):
            yield from inside(one.get(path[0]), *path[1:])


def texts(value: Any, *path: str) -> Iterator[str]:
    """All texts at a path, said outright or under VALUE."""
    for one in inside(value, *path):
        found = one.get("VALUE", one.get("#text")) if isinstance(one, dict) else one
        if isinstance(found, str) and found.strip():
            yield found.strip()


def parse_notice(
    slug: str, raw: Record, known: KnownFields, parser_version: str, reference: str = ""
) -> PolicyDocument:
    """Read one notice; raises an error that says what was expected when it names no document."""
    kind = next(name for name in SUBJECTS if name in raw)
    main = next((one for one in each(raw[kind]) if isinstance(one, dict)), None)
    if main is None:
        raise UnknownShape(f"expected what a notice says of its {kind.lower()}, got nothing")
    flags: set[str] = set()
    number = eu.celex(next(texts(main, "ID_CELEX"), None) or next(texts(main, "RESOURCE_LEGAL_ID_CELEX"), None))
    stated = [_identifier(uri) for path in (("URI",), ("SAMEAS", "URI")) for uri in inside(main, *path)]
    identifiers = eu.known([(eu.CELEX, number), *(pair for pair in stated if pair), (eu.CELLAR, eu.cellar(reference))])
    name = eu.document_id(identifiers)
    if name is None:
        raise UnknownShape("expected a CELEX number or another official identifier, got none")
    title, language = _title(raw, main)
    number = next((one.value for one in identifiers if one.scheme == eu.CELEX), None)
    days = raw.attempt(kind, lambda: _Days(raw, main))
    if days and len(days.effective) > 1:
        flags.add("several_effective_dates")
    left = raw.left()
    return PolicyDocument(
        source_id=slug,
        document_id=name,
        native_id=name.split(":", 2)[2],
        depth=Depth.LISTING,
        url=f"https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:{number}" if number else None,
        title=one_line(title, flags),
        language=language or "en",
        document_type=_type(kind, main, number),
        publishers=tuple(_publishers(main)),
        identifiers=identifiers,
        published_date=days and days.published,
        signed_date=days and days.document,
        effective_date=min(days.effective, default=None) if days else None,
        relations=(*_relations(raw, main), *eu.corrected(number)),
        translations=tuple(_translations(main)),
        change_history=tuple(_events(raw, main)),
        subjects=tuple(dict.fromkeys(texts(main, "WORK_IS_ABOUT_CONCEPT_EUROVOC", "PREFLABEL"))),
        text_flags=tuple(sorted(flags | raw.flags)),
        source_fields=left,
        unread_fields=raw.unknown(known),
        content_sha256=hash_of(substance(left, HOUSEKEEPING)),
        parser_version=parser_version,
    )


def _parse_hit(slug: str, hit: Record, known: KnownFields, parser_version: str) -> PolicyDocument:
    notice = hit.block("content").block("NOTICE")
    if not any(name in notice for name in SUBJECTS):
        raise UnknownShape(f"expected a notice of a work, got {sorted(notice)[:8]}")
    outside = {name: value for name, value in hit.items() if name != "content"}
    whole = Record({**notice, **outside}, faults=hit.faults)
    return parse_notice(slug, whole, known, parser_version, str(hit.get("reference") or ""))


class _Days:
    """The days that a notice states; raises ValueError for one that is none."""

    def __init__(self, raw: Record, main: dict[str, Any]) -> None:
        within = ("RESOURCE_LEGAL_PUBLISHED_IN_OFFICIAL-JOURNAL", "EMBEDDED_NOTICE", "WORK", "DATE_PUBLICATION")
        self.document = _first_day(main, ("WORK_DATE_DOCUMENT",), ("DATE_DOCUMENT",))
        self.published = _first_day(main, ("OFFICIAL-JOURNAL-ACT_DATE_PUBLICATION",), within, ("DATE_PUBLICATION",))
        found = [_day(one) for one in inside(main, "RESOURCE_LEGAL_DATE_ENTRY-INTO-FORCE")]
        self.effective = sorted({day for day in found if day})


def _first_day(main: dict[str, Any], *paths: tuple[str, ...]) -> date | None:
    for path in paths:
        for one in inside(main, *path):
            if day := _day(one):
                return day
    return None


def _day(value: Any) -> date | None:
    if isinstance(value, dict):
        parts = [value.get(name) for name in ("YEAR", "MONTH", "DAY")]
        whole = "-".join(str(part).zfill(2) for part in parts) if all(parts) else ""
        value = value.get("VALUE") or whole
    text = str(value)[:10]
    return None if not text or text in NO_DAYS else iso_day(text)


def _identifier(uri: Any) -> tuple[str, str | None] | None:
    if not isinstance(uri, dict):
        return None
    kind, value, name = uri.get("TYPE"), uri.get("VALUE"), uri.get("IDENTIFIER")
    scheme = SCHEMES.get(str(kind))
    if scheme is None or not isinstance(value, str):
        return None
    readers = {eu.CELEX: eu.celex, eu.ELI: eu.eli, eu.CELLAR: eu.cellar}
    return scheme, readers[scheme](value) if scheme in readers else str(name or value.rsplit("/", 1)[-1])


def _title(raw: Record, main: dict[str, Any]) -> tuple[str | None, str | None]:
    """The title in English, or the first with its language."""
    found: list[tuple[str, str | None]] = []
    for expression in (*inside(raw, "EXPRESSION"), *inside(main, "EXPRESSION")):
        if not isinstance(expression, dict):
            continue
        code = next(texts(expression, "EXPRESSION_USES_LANGUAGE", "URI", "IDENTIFIER"), None) or next(
            texts(expression, "EXPRESSION_USES_LANGUAGE", "OP-CODE"), None
        )
        found += _in_languages(expression, "EXPRESSION_TITLE", eu.LANGUAGES.get(code or ""))
    for name in ("DOSSIER_TITLE", "WORK_TITLE", "TITLE"):
        found += _in_languages(main, name, None)
    english = next((one for one in found if one[1] == "en"), None)
    return english or next(iter(found), (None, None))


def _in_languages(value: dict[str, Any], name: str, language: str | None) -> Iterator[tuple[str, str | None]]:
    for one in inside(value, name):
        said = next(texts(one, "LANG"), language)
        for text in texts(one):
            yield text.replace("&#13;", ""), said


def _type(kind: str, main: dict[str, Any], number: str | None) -> str | None:
    stated = next(texts(main, "WORK_HAS_RESOURCE-TYPE", "IDENTIFIER"), None) or next(
        texts(main, "WORK_HAS_RESOURCE-TYPE", "OP-CODE"), None
    )
    if stated or kind != "WORK":
        return stated or kind
    return next(texts(main, "RESOURCE_LEGAL_TYPE"), None) or (number and eu.descriptor(number)) or None


def _publishers(main: dict[str, Any]) -> Iterator[Organisation]:
    for agent in inside(main, "WORK_CREATED_BY_AGENT"):
        name = next(texts(agent, "PREFLABEL"), None) or next(texts(agent, "IDENTIFIER"), None)
        if name:
            yield Organisation(name=name, native_id=next(texts(agent, "IDENTIFIER"), None))


def _relations(raw: Record, main: dict[str, Any]) -> Iterator[StatedRelation]:
    found: dict[StatedRelation, None] = {}
    for field, word in LINKS.items():
        for link in inside(main, field):
            _link(found, word, link, field)
    for field, word in LINKS.items():
        if word in INVERSE:
            for link in inside(raw, "INVERSE", field):
                _link(found, INVERSE[word], link, f"INVERSE/{field}")
    yield from found


def _link(found: dict[StatedRelation, None], word: str, link: Any, field: str) -> None:
    stated = (_identifier(uri) for path in (("URI",), ("SAMEAS", "URI")) for uri in inside(link, *path))
    target = dict(pair for pair in stated if pair and pair[1])
    embedded = eu.celex(next(texts(link, "EMBEDDED_NOTICE", "WORK", "ID_CELEX"), None))
    if embedded:
        target[eu.CELEX] = embedded
    for scheme, _ in eu.NAMED_BY:
        if value := target.get(scheme):
            relation = eu.relation(word, Identifier(scheme=scheme, value=value), field, value)
            found[relation] = None
            return


def _translations(main: dict[str, Any]) -> Iterator[Translation]:
    for expression in inside(main, "WORK_HAS_EXPRESSION"):
        for address in texts(expression, "SAMEAS", "URI"):
            language = eu.LANGUAGES.get(address.rsplit(".", 1)[-1])
            if "/resource/celex/" in address and language and language != "en":
                yield Translation(language=language, url=address)


def _events(raw: Record, main: dict[str, Any]) -> Iterator[ChangeNote]:
    for event in (*inside(raw, "EVENT"), *inside(main, "EVENT")):
        if not isinstance(event, dict) or "DOSSIER" not in raw:
            continue
        day = next(texts(event, "EVENT_LEGAL_DATE"), None) or next(texts(event, "DATE"), None)
        what = next(texts(event, "EVENT_LEGAL_HAS_TYPE_CONCEPT_TYPE_EVENT_LEGAL", "PREFLABEL"), None)
        what = what or next(texts(event, "TYPE"), None)
        if day or what:
            yield ChangeNote(noted_at=None, note=": ".join(part for part in (day, what) if part))


def _local(element: etree._Element) -> str:
    return tag_of(element).rsplit("}", 1)[-1]
