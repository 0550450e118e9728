"""NIST: the news feed, and the export of publications of its Computer Security Resource Center.

Reads RSS and the export, in its zip or bare. Does not read the pages behind the news, or the publications themselves.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import AsyncIterator
from typing import Any

from scrapy.http import Request, Response

from scrapers.contracts import NotADocument, ParsedAnswer, Truncated, UnknownShape, UpstreamError
from scrapers.families.feed import read_feed, refuse_foreign_feed, with_flag
from scrapers.families.json_answers import is_json_schema, read_json
from scrapers.families.nist import PARSER_VERSION, SLUG, parse_news, parse_publication
from scrapers.families.records import numbered, read_records, refuse_foreign
from scrapers.runtime.spider import SourceSpider

NEWS_FEED = "https://www.nist.gov/news-events/news/rss.xml"
PUBLICATIONS = "https://csrc.nist.gov/CSRC/media/feeds/metanorma/pubs-export.zip"
MAX_EXPORT_BYTES = 64_000_000
_OWN = re.compile(r"https?://(?:[\w-]+\.)*nist\.gov(?:/|$)", re.IGNORECASE)
_ZIP, _EMPTY_ZIP = b"PK\x03\x04", b"PK\x05\x06"


def parse_answer(body: bytes) -> ParsedAnswer:
    """Read the news feed, or the export of publications with or without its zip.

    Raises BlockPage for walls; UpstreamError for HTML pages and errors told in JSON; NotADocument for descriptions,
    other XML and text; Truncated for bytes that end early; UnknownShape otherwise.
    """
    if body.startswith((_ZIP, _EMPTY_ZIP)):
        body = _unpacked(body)
    if body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return _read_export(read_json(body))
    feed = read_feed(body)
    if feed.form != "rss":
        raise UnknownShape("expected a feed in RSS, got Atom")
    refuse_foreign_feed(feed, _OWN, "the news feed of NIST")
    answer = read_records(SLUG, numbered("/channel/item", list(feed.entries)), parse_news)
    return with_flag(answer, "malformed_xml") if feed.was_mended else answer


def _read_export(value: Any) -> ParsedAnswer:
    if isinstance(value, dict):
        if is_json_schema(value):
            raise NotADocument("expected the export of publications, got a description of it")
        if reported := value.get("error") or value.get("message") or value.get("errors"):
            raise UpstreamError(f"the service reports: {str(reported)[:200]}")
        if "docidentifier" not in value:
            raise UnknownShape(f"expected the export of publications, got keys {sorted(value)[:8]}")
        value = [value]
    publications = numbered("", value)
    refuse_foreign(publications, ("docidentifier",), "the export of publications")
    return read_records(SLUG, publications, parse_publication)


def _unpacked(body: bytes) -> bytes:
    """The one file of JSON in a zip.

    Raises Truncated for a damaged zip, NotADocument for one of other files, and UnknownShape for one that would grow
    past `MAX_EXPORT_BYTES`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            files = [entry for entry in archive.infolist() if not entry.is_dir()]
            tables = [entry for entry in files if entry.filename.lower().endswith(".json")]
            if len(tables) != 1:
                names = [entry.filename[:80] for entry in files][:5]
                raise NotADocument(f"expected one file of JSON in the zip, got {names}")
            with archive.open(tables[0]) as stream:
                content = stream.read(MAX_EXPORT_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError) as error:
        raise Truncated(f"expected a whole zip, got a damaged one: {error}") from error
    except (NotImplementedError, RuntimeError) as error:
        raise UnknownShape(f"expected a plain zip, got one that cannot be opened: {error}") from error
    if len(content) > MAX_EXPORT_BYTES:
        raise UnknownShape(f"expected at most {MAX_EXPORT_BYTES} bytes in the zip, got more")
    return content


class UsNistSpider(SourceSpider):
    """Asks for the two lists and lands them whole; either of them empty is an error."""

    name = SLUG
    parser_version = PARSER_VERSION

    async def start(self) -> AsyncIterator[Request]:
        """The news feed and the export."""
        for url in (NEWS_FEED, PUBLICATIONS):
            yield self.ask(url, self.read_list, purpose="listing")

    def read_list(self, response: Response) -> None:
        """Land a whole list."""
        answer = parse_answer(response.body)
        if not answer.record_count:
            raise UnknownShape("expected news or publications, got an empty list")
        self.keep(answer, response)
