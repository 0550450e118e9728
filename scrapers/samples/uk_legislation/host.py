"""www.legislation.gov.uk as it answers: feeds of years, 20 a page unless asked, and documents as CLML.

A feed says that it was updated in the year 3200, tells a total on its last page only, and numbers pages that are not
there. Scans have no XML but their metadata.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from aiohttp import web

from scrapers.samples.answers import text_answer, whole_number
from scrapers.samples.host import SampleHost
from scrapers.samples.uk_legislation.records import SampleItem

HOST = "www.legislation.gov.uk"
SITE = f"http://{HOST}"
DEFAULT_COUNT = 20
MOST = 100
YEARS = r"{years:\d{4}(?:-\d{4})?}"
FEED_SPACES = (
    'xmlns="http://www.w3.org/2005/Atom" xmlns:leg="http://www.legislation.gov.uk/namespaces/legislation" '
    'xmlns:ukm="http://www.legislation.gov.uk/namespaces/metadata" '
    'xmlns:openSearch="http://a9.com/-/spec/opensearch/1.1/"'
)
SPACES = (
    'xmlns="http://www.legislation.gov.uk/namespaces/legislation" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:ukm="http://www.legislation.gov.uk/namespaces/metadata" xmlns:atom="http://www.w3.org/2005/Atom"'
)
NOT_FOUND = "<!DOCTYPE html><html><head><title>Page Not Found</title></head><body><h1>Page not found</h1></body></html>"


def sample_host(items: Sequence[SampleItem]) -> SampleHost:
    """The host's answers."""
    host = LegislationSite(items)
    return SampleHost(
        [
            web.get(f"/{YEARS}/data.feed", host.feed),
            web.get(rf"/{{type:[a-z]+}}/{YEARS}/data.feed", host.feed),
            web.get("/{address:.+}/data.xml", host.document),
        ]
    )


class LegislationSite:
    """The handlers."""

    def __init__(self, items: Sequence[SampleItem]) -> None:
        self._latest_first = items
        self._by_address = {one.address: one for one in items}

    async def feed(self, request: web.Request) -> web.Response:
        """A page of the legislation of some years; drafts are listed only when they are asked for by their type."""
        first, _, last = request.match_info["years"].partition("-")
        kind = request.match_info.get("type")
        found = [
            one
            for one in self._latest_first
            if int(first) <= one.year <= int(last or first)
            and (one.item.startswith(f"{kind}/") if kind else not one.item.startswith("ukdsi/"))
            and _says(one, request.query.get("text", ""))
        ]
        if request.query.get("sort") != "published":
            found.sort(key=lambda one: (one.year, one.item), reverse=True)
        size = min(whole_number(request.query.get("results-count"), DEFAULT_COUNT), MOST)
        page = max(1, whole_number(request.query.get("page"), 1))
        return text_answer(_feed(request, found, page, size), content_type="application/atom+xml")

    async def document(self, request: web.Request) -> web.Response:
        """One document."""
        one = self._by_address.get(request.match_info["address"])
        if one is None or one.is_scan:
            return text_answer(NOT_FOUND, status=404, content_type="text/html")
        return text_answer(_document(one), content_type="application/xml")


def _says(one: SampleItem, asked: str) -> bool:
    """Whether every phrase or word is somewhere in the text, the case aside."""
    text = f"{one.title} {one.summary} {' '.join(one.sections)}".lower()
    return all((phrase or word).lower() in text for phrase, word in re.findall(r'"([^"]+)"|(\S+)', asked))


def _feed(request: web.Request, found: Sequence[SampleItem], page: int, size: int) -> str:
    shown = found[(page - 1) * size : page * size]
    is_last = page * size >= len(found)
    query = "&amp;".join(f"{name}={escape(value)}" for name, value in request.query.items() if name != "page")
    address = f"{SITE}{request.path}"
    following = f'<link rel="next" type="application/atom+xml" href="{address}?{query}&amp;page={page + 1}"/>'
    return (
        f'<?xml version="1.0" encoding="utf-8"?><feed {FEED_SPACES}>'
        f'<id>{address}</id><link rel="self" type="application/atom+xml" href="{address}?{query}&amp;page={page}"/>'
        "<updated>3200-01-30T00:00:00</updated><title>Search Results</title>"
        f"<openSearch:itemsPerPage>{size}</openSearch:itemsPerPage>"
        f"<openSearch:startIndex>{(page - 1) * size + 1}</openSearch:startIndex>"
        f"<leg:page>{page}</leg:page><leg:morePages>{page if is_last else page + 11}</leg:morePages>"
        f"{f'<openSearch:totalResults>{len(found)}</openSearch:totalResults>' if is_last else following}"
        f"{''.join(_entry(one) for one in shown)}</feed>"
    )


def _entry(one: SampleItem) -> str:
    kind, year, number = one.item.split("/")
    text = f"{SITE}/{one.address}"
    xml = f'<link rel="alternate" type="application/xml" href="{text}/data.xml" title="XML"/>'
    named = "" if kind == "ukdsi" else f'<ukm:Number Value="{number}"/>'
    subject = f'<ukm:Subject Value="{escape(one.subject)}"/>' if one.subject else ""
    return (
        f"<entry><id>{SITE}/id/{one.item}</id><title>{escape(one.title)}</title>"
        f'<link rel="self" href="{SITE}/id/{one.item}"/><link href="{text}"/>{"" if one.is_scan else xml}'
        f'<link rel="alternate" type="application/pdf" href="{text}/data.pdf" title="PDF"/><author><name/></author>'
        f"<updated>{one.instant:%Y-%m-%d}T23:59:59Z</updated><published>{one.published}</published>"
        f'<ukm:DocumentMainType Value="{one.type}"/><ukm:Year Value="{year}"/>{named}'
        f"{_when('CreationDate', one.signed)}{subject}{_superseded(one)}"
        f"<summary>{escape(f'{one.summary} {one.note}')}</summary></entry>"
    )


def _document(one: SampleItem) -> str:
    kind, year, number = one.item.split("/")
    is_primary = kind == "ukpga"
    block, text = ("PrimaryMetadata", "Primary") if is_primary else ("SecondaryMetadata", "Secondary")
    status = "draft" if kind == "ukdsi" else "final"
    force = f"<ukm:ComingIntoForce>{_when('DateTime', one.force)}</ukm:ComingIntoForce>" if one.force else ""
    subject = f'<dc:subject scheme="SIheading">{escape(one.subject)}</dc:subject>' if one.subject else ""
    sections = "".join(
        f'<P1 id="section-{place}"><Pnumber>{place}</Pnumber><P1para><Text>{escape(section)}</Text></P1para></P1>'
        for place, section in enumerate((*one.sections, one.note), 1)
    )
    successor = f'<ukm:SupersededBy URI="{SITE}/id/{one.successor}"/>' if one.successor else ""
    return (
        f'<Legislation {SPACES} DocumentURI="{SITE}/{one.address}" IdURI="{SITE}/id/{one.item}" '
        f'NumberOfProvisions="{len(one.sections) + 1}" SchemaVersion="2.0"><ukm:Metadata>'
        f"<dc:identifier>{SITE}/{one.address}</dc:identifier><dc:title>{escape(one.title)}</dc:title>"
        "<dc:language>en</dc:language><dc:publisher>King's Printer of Acts of Parliament</dc:publisher>"
        f"<dc:modified>{one.instant:%Y-%m-%d}</dc:modified>{subject}<dc:description>{escape(one.summary)}"
        f'</dc:description><atom:link rel="self" type="application/xml" href="{SITE}/{one.address}/data.xml"/>'
        f"<ukm:{block}><ukm:DocumentClassification>"
        f'<ukm:DocumentCategory Value="{"primary" if is_primary else "secondary"}"/>'
        f'<ukm:DocumentMainType Value="{one.type}"/><ukm:DocumentStatus Value="{status}"/>'
        f"{_bears('DocumentMinorType', one.minor)}"
        f'</ukm:DocumentClassification><ukm:Year Value="{year}"/>'
        f"{_bears('ISBN' if status == 'draft' else 'Number', number)}"
        f"{_when('EnactmentDate' if is_primary else 'Made', one.signed)}{force}</ukm:{block}>"
        f"{_superseded(one)}{successor}</ukm:Metadata>"
        f"<{text}><{text}Prelims><Title>{escape(one.title)}</Title></{text}Prelims><Body>{sections}</Body></{text}>"
        "</Legislation>"
    )


def _superseded(one: SampleItem) -> str:
    return f'<ukm:Supersedes URI="{SITE}/id/{one.draft}"/>' if one.draft else ""


def _bears(name: str, value: str | None) -> str:
    return f'<ukm:{name} Value="{value}"/>' if value else ""


def _when(name: str, day: object) -> str:
    return f'<ukm:{name} Date="{day}"/>' if day else ""
