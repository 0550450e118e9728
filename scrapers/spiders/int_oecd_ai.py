"""OECD.AI: the table of all policy initiatives, and the newest posts of the observatory.

Reads the table (CSV), the list of the older API (JSON) and the feed (RSS). Does not open the pages of initiatives.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from lxml import html as lxml_html
from scrapy.http import Request, Response

from scrapers.contracts import (
    Attachment,
    Depth,
    NotADocument,
    Organisation,
    ParsedAnswer,
    PolicyDocument,
    Truncated,
    UnknownShape,
    UpstreamError,
)
from scrapers.families.dates import iso_day
from scrapers.families.feed import (
    address_of,
    feed_instant,
    many,
    plain_title,
    read_feed,
    refuse_foreign_feed,
    text_part,
    with_flag,
)
from scrapers.families.json_answers import is_json_schema, read_json
from scrapers.families.records import Record, identifiers, numbered, read_records, refuse_foreign, stated
from scrapers.families.text import as_text, html_to_text, one_line, web_address
from scrapers.families.wording import hash_of
from scrapers.registry import source
from scrapers.runtime.block_pages import looks_like_html, refuse_block_page
from scrapers.runtime.spider import SourceSpider

SLUG = "int_oecd_ai"
PARSER_VERSION = "int_oecd_ai/7"
"""Raised whenever the same bytes would be read differently."""
TABLE = "https://wp.oecd.ai/app/uploads/2024/03/oecd-ai-all-ai-policies.csv"
FEED = "https://wp.oecd.ai/feed/"
CONFIG = source(SLUG)
ZONE = ZoneInfo(CONFIG.time_zone)
INITIATIVE, POST = CONFIG.known_fields["initiative"], CONFIG.known_fields["post"]
ID, NAME, OF_INSTRUMENT = "Policy initiative ID", "English name", "Policy instrument "
MAX_CELL_CHARS = 1_000_000
HOSTS = frozenset(("oecd.ai", "www.oecd.ai", "wp.oecd.ai"))
_OWN = re.compile(r"https?://(?:[\w-]+\.)?oecd\.ai(?:/|$)", re.IGNORECASE)
_OECD = Organisation(name="OECD.AI")


def parse_answer(body: bytes) -> ParsedAnswer:
    """Read the table of initiatives, a list of the older API, or the feed.

    Raises BlockPage for walls; UpstreamError for HTML and errors told in JSON; NotADocument for other tables, XML and
    text; Truncated for bytes that end early; UnknownShape otherwise.
    """
    refuse_block_page(body, "a table or a feed")
    text = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:1] in (b"{", b"["):
        return _read_list(read_json(body))
    if looks_like_html(body):
        raise UpstreamError("expected a table or a feed, got an HTML page")
    if text[:1] == b"<":
        feed = read_feed(body)
        refuse_foreign_feed(feed, _OWN, "the feed of OECD.AI")
        answer = read_records(SLUG, numbered("/channel/item", list(feed.entries)), parse_post)
        return with_flag(answer, "malformed_xml") if feed.was_mended else answer
    return _read_table(body)


def _read_table(body: bytes) -> ParsedAnswer:
    if not body.removeprefix(b"\xef\xbb\xbf").strip():
        raise Truncated("expected a table, got an empty body")
    if b"\x00" in body[:1_000]:
        raise UnknownShape("expected a table in UTF-8, got binary or UTF-16 bytes")
    csv.field_size_limit(MAX_CELL_CHARS)
    try:
        rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig", "replace"), newline=""), strict=True))
    except csv.Error as error:
        if "end of data" in str(error):
            raise Truncated(f"a table that ends inside a cell: {error}") from error
        raise UnknownShape(f"a table that cannot be read: {error}") from error
    head = [" ".join(cell.split()) for cell in rows[0]]
    if ID not in head or NAME not in head:
        raise NotADocument(f"expected a table of policy initiatives, got columns {head[:6]}")
    if len(set(head)) != len(head):
        raise UnknownShape("expected each column once, got some twice")
    if len(rows[-1]) < len(head) and not body.endswith((b"\n", b"\r")):
        raise Truncated(f"expected {len(head)} cells in the last row, got {len(rows[-1])} and no end of the line")
    return read_records(SLUG, _by_initiative(head, rows[1:]), parse_initiative)


def _by_initiative(head: list[str], rows: list[list[str]]) -> dict[str, Any]:
    """Rows as records, those of one initiative together: each brings an instrument, and what it says differently.

    A row of another length is a record by itself, which cannot be read.
    """
    records: dict[str, Any] = {}
    places: dict[str, str] = {}
    for number, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(head):
            records[f"/row/{number}"] = row
            continue
        cells = stated(dict(zip(head, (cell.strip() for cell in row), strict=True)))
        instrument = {name: cells.pop(name) for name in [*cells] if name.startswith(OF_INSTRUMENT)}
        place = places.setdefault(cells.get(ID) or f"/{number}", f"/row/{number}")
        record = records.setdefault(place, cells)
        instrument |= {name: cell for name, cell in cells.items() if record.get(name) != cell}
        if instrument:
            record.setdefault("instruments", []).append(instrument)
    return records


def _read_list(value: Any) -> ParsedAnswer:
    if isinstance(value, list) or is_json_schema(value):
        raise NotADocument("expected policy initiatives, got another list or a description")
    if "results" not in value:
        if reported := value.get("error") or value.get("message") or value.get("errors"):
            raise UpstreamError(f"the API reports: {str(reported)[:200]}")
        raise UnknownShape(f"expected results, got keys {sorted(value)[:8]}")
    results = numbered("/results", value["results"])
    if not results:
        raise NotADocument("expected policy initiatives, got an empty list, which tells nothing of whose it is")
    refuse_foreign(results, ("uri", "fields"), "policy initiatives")
    return read_records(SLUG, results, _parse_result)


def _parse_result(record: Record) -> PolicyDocument:
    """Read one result of the older API: the same fields as those of the table, as keys and values."""
    for field in record.blocks("fields"):
        if field.keys() != {"key", "value"}:
            raise UnknownShape(f"expected a key and a value in each of fields, got {sorted(field)[:6]}")
        key = as_text(field["key"])
        if key in record:
            raise UnknownShape(f"expected each key once, got {key!r} twice")
        record[key] = field["value"]
    record.pop("fields", None)
    uri = as_text(record.get("uri"))
    record.update({ID: uri.rstrip("/").rpartition("/")[2], NAME: record.pop("label", None)})
    record["Description"] = record.pop("description", None)
    record["Start date"] = record.pop("Cover start date", None)
    return parse_initiative(Record(record, faults=record.faults))


def parse_initiative(record: Record) -> PolicyDocument:
    """Read one initiative; raises an error that says what was expected."""
    raw, flags = dict(record), set[str]()
    number = record.text(ID)
    if not number or not re.fullmatch(r"[\w-]+", number):
        raise UnknownShape(f"expected the number of an initiative, got {str(number)[:40]!r}")
    title = one_line(record.text(NAME), flags)
    if title is None:
        raise UnknownShape(f"expected the name of initiative {number}, got none")
    page = record.address("Public access URL") if record.get("Public access URL") else None
    start = record.get("Start date")
    is_year = isinstance(start, str) and bool(re.fullmatch(r"\d{4}", start))
    return PolicyDocument(
        source_id=SLUG,
        document_id=f"oecd-ai:{number}",
        native_id=number,
        depth=Depth.LISTING,
        url=record.address("Platform URL"),
        title=title,
        abstract=html_to_text(record.text("Description"), flags),
        document_type="Policy initiative",
        publishers=tuple(Organisation(name=name) for name in _listed(record, "Responsible organisation(s)", flags)),
        identifiers=identifiers(("oecd_ai_initiative", number)),
        effective_date=None if is_year else record.take("Start date", iso_day),
        attachments=(Attachment(url=page),) if page else (),
        subjects=tuple(_listed(record, "Theme(s)", flags)),
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields=record.left(),
        unread_fields=record.unknown(INITIATIVE),
        content_sha256=hash_of(raw),
        parser_version=PARSER_VERSION,
    )


def _listed(record: Record, name: str, flags: set[str]) -> Iterator[str]:
    """The entries of a column that holds several, cut at semicolons."""
    for one in (record.text(name) or "").split(";"):
        if entry := one_line(one, flags):
            yield entry


def parse_post(record: Record) -> PolicyDocument:
    """Read one post of the feed; raises an error that says what was expected."""
    raw, flags = dict(record), set[str]()
    url = web_address(address_of(record))
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    if parts.netloc not in HOSTS or not path:
        raise UnknownShape(f"expected the address of a post of OECD.AI, got {url[:120]!r}")
    record.pop("link", None)
    title = plain_title(record.text("title"), flags)
    if title is None:
        raise UnknownShape(f"expected a title of {path}, got none")
    published = record.take("pubDate", feed_instant)
    content = record.take("content:encoded", text_part)
    return PolicyDocument(
        source_id=SLUG,
        document_id=f"oecd-ai:post:{path}",
        native_id=path,
        depth=Depth.FULL if content else Depth.LISTING,
        url=url,
        title=title,
        abstract=html_to_text(_without_appeared(record.text("description")), flags),
        body=html_to_text(_without_appeared(content), flags),
        document_type="Post",
        publishers=(_OECD,),
        identifiers=identifiers(("oecd_ai_post", path)),
        published_at=published,
        published_date=published.astimezone(ZONE).date() if published else None,
        subjects=tuple(name for one in many(record.pop("category", None)) if (name := one_line(text_part(one), flags))),
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields=record.left(),
        unread_fields=record.unknown(POST),
        content_sha256=hash_of({name: value for name, value in raw.items() if name not in POST.housekeeping}),
        parser_version=PARSER_VERSION,
    )


def _without_appeared(content: str | None) -> str | None:
    """A text without the line that WordPress ends it with."""
    head, mark, tail = (content or "").rpartition("<p>The post ")
    if mark and "appeared first on" in lxml_html.fromstring(f"<p>{tail}</p>").text_content():
        return head
    return content


class IntOecdAiSpider(SourceSpider):
    """Asks for the table and the feed, and lands them whole; either of them empty is an error."""

    name = SLUG
    parser_version = PARSER_VERSION

    async def start(self) -> AsyncIterator[Request]:
        """The table and the feed."""
        for kind, url in (("table", TABLE), ("feed", FEED)):
            yield self.ask(url, self.read_list, purpose="listing", kind=kind)

    def read_list(self, response: Response) -> None:
        """Land a whole list."""
        answer = parse_answer(response.body)
        if not answer.record_count:
            raise UnknownShape("expected initiatives or posts, got an empty list")
        self.keep(answer, response)
