"""Memoranda of the Office of Management and Budget: the lines of the page that lists them, and their PDF files."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from datetime import date
from urllib.parse import urlsplit

from scrapy.http import Request, Response

from scrapers.contracts import (
    Attachment,
    Depth,
    Identifier,
    NotADocument,
    Organisation,
    ParsedAnswer,
    PolicyDocument,
    RejectedRecord,
    StatedRelation,
    Truncated,
    UnknownShape,
    UpstreamError,
)
from scrapers.families.dates import US_DAY, us_day
from scrapers.families.html_pages import page_title, page_tree
from scrapers.families.omb_lines import ENDS, NUMBER, memoranda, number_of
from scrapers.families.pdf_text import PdfText, is_pdf, read_pdf
from scrapers.families.records import Record, read_records, rejected_record
from scrapers.families.text import one_line, unread, web_address
from scrapers.families.wording import hash_of
from scrapers.registry import source
from scrapers.runtime.block_pages import looks_like_html, refuse_block_page
from scrapers.runtime.spider import SourceSpider, exchange_of
from scrapers.runtime.told import EVERY_FIELD

SLUG = "us_omb_memos"
PARSER_VERSION = "us_omb_memos/8"
"""Raised whenever the same bytes would be read differently."""
PAGE = "https://www.whitehouse.gov/omb/information-resources/guidance/memoranda/"
KNOWN = source(SLUG).known_fields["memorandum"]
MAX_PAGE_BYTES = 16_000_000
HEAD_CHARS = 2_500
"""Of a file's text, where a memorandum says its number, day and subject."""
GONE = (404, 410)
_ERROR = re.compile(r"\b(?:404|page not found|50[0-9]|error|unavailable|maintenance)\b", re.IGNORECASE)
_SUBJECT = re.compile(r"^\s*SUBJECT:\s*(.{3,400})$", re.MULTILINE)
_RELATIONS = {"resc": "revoke", "revo": "revoke", "supe": "supersede", "repl": "supersede"}


def parse_answer(body: bytes) -> ParsedAnswer:
    """Read the page that lists memoranda, or the PDF file of one.

    Raises BlockPage for walls, UpstreamError for error pages, NotADocument for XML, for pages without a memorandum and
    for PDF files that begin with no number of one, Truncated for what ends early and UnknownShape for anything else.
    """
    if not body.strip():
        raise Truncated("expected a page, got an empty body")
    refuse_block_page(body, "the list of memoranda")
    if is_pdf(body):
        return _read_file(read_pdf(body))
    if body.lstrip().startswith(b"<") and not looks_like_html(body):
        raise NotADocument("XML, another service's answer")
    if not looks_like_html(body) or len(body) > MAX_PAGE_BYTES:
        raise UnknownShape(f"expected a page in HTML, got {len(body)} bytes that begin {body.lstrip()[:40]!r}")
    tree = page_tree(body)
    title = page_title(tree)
    if _ERROR.search(title):
        raise UpstreamError(f"the source answers with a page titled {title!r}")
    if not re.search(rb"</html\s*>", body[-2_000:], re.IGNORECASE):
        raise Truncated("expected </html> at the end, got a page that ends before it")
    found, unnumbered = memoranda(tree, PAGE)
    if not found:
        raise NotADocument(f"a page that lists no memorandum: {title!r}")
    answer = read_records(SLUG, {f"/{number}": raw for number, raw in found.items()}, parse_memorandum)
    unread_lines = tuple(_unnumbered(position, line) for position, line in enumerate(unnumbered))
    return answer.model_copy(update={"rejected": answer.rejected + unread_lines})


def _unnumbered(position: int, line: str) -> RejectedRecord:
    """A line that may be of a memorandum: it links a file, and no number can be read of it."""
    error = UnknownShape(f"expected the number of a memorandum, such as M-25-21, got {line[:120]!r}")
    return rejected_record(SLUG, f"/line/{position}", error, line)


def _read_file(pdf: PdfText) -> ParsedAnswer:
    """A memorandum by its PDF file alone: number, day and subject as its head states them."""
    if pdf.text is None:
        raise UnknownShape(f"expected a PDF file with text, got {pdf.pages} pages without any, as scans have")
    head, number = _head(pdf), own_number(pdf)
    if number is None:
        raise NotADocument("a PDF file that begins with no number of a memorandum, such as M-25-21")
    subject = _SUBJECT.search(head)
    day = US_DAY.search(head[: subject.start()] if subject else head)
    raw = {"number": number, "title": subject[1] if subject else "", "date": day.group() if day else None}
    answer = read_records(SLUG, {"/pdf": {**raw, "links": []}}, parse_memorandum)
    return answer.model_copy(update={"documents": tuple(with_text(one, pdf) for one in answer.documents)})


def own_number(pdf: PdfText) -> str | None:
    """The number that a PDF file begins with."""
    return number_of(NUMBER.search(_head(pdf)))


def _head(pdf: PdfText) -> str:
    return (pdf.text or "")[:HEAD_CHARS]


def with_text(line: PolicyDocument, pdf: PdfText) -> PolicyDocument:
    """A memorandum with the text of its PDF file; what has none stays a line, and says why."""
    return line.model_copy(
        update={
            "body": pdf.text,
            "depth": Depth.FULL if pdf.text else Depth.LISTING,
            "text_flags": tuple(sorted({*line.text_flags, *pdf.flags})),
            "source_fields": {**line.source_fields, "pdf_pages": pdf.pages},
            "content_sha256": hash_of([line.content_sha256, pdf.text]),
        }
    )


def parse_memorandum(record: Record) -> PolicyDocument:
    """Read one line of the list."""
    flags: set[str] = set()
    raw = dict(record)
    number = str(record["number"])
    words = re.sub(rf"^\s*{NUMBER.pattern}\s*[-–—,:;.]*\s*", "", str(record.get("title") or ""), flags=re.IGNORECASE)
    signed = record.take("date", _day)
    links = [
        Attachment(title=link["title"] or None, url=web_address(link["url"]), content_type="application/pdf")
        for link in record.pop("links")
    ]
    note = str(record.get("note") or "")
    left = record.left()
    return PolicyDocument(
        source_id=SLUG,
        document_id=f"omb:{number}",
        native_id=number,
        depth=Depth.LISTING,
        url=links[0].url if links else None,
        title=one_line(words or number, flags),
        document_type="Memorandum",
        publishers=(Organisation(name="Office of Management and Budget"),),
        identifiers=(Identifier(scheme="omb_memo", value=number),),
        signed_date=signed,
        relations=tuple(
            dict.fromkeys(one for match in ENDS.finditer(note) if _is_clear(match) for one in _stated(match))
        ),
        attachments=tuple(links),
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields=left,
        unread_fields=unread(left, KNOWN.names),
        content_sha256=hash_of(raw),
        parser_version=PARSER_VERSION,
    )


def _day(text: str) -> date:
    day = us_day(US_DAY.search(text))
    if day is None:
        raise ValueError(f"expected a day such as April 3, 2025, got {text[:40]!r}")
    return day


def _is_clear(match: re.Match[str]) -> bool:
    """Whether the words say who acts: "rescinded by" or "rescinds"."""
    return match["verb"].lower().endswith("s") != bool(match["by"])


def _stated(match: re.Match[str]) -> Iterator[StatedRelation]:
    """What the words state; "rescinded and replaced by" states two things, as it does in a text."""
    target = Identifier(scheme="omb_memo", value=number_of(NUMBER.search(match["other"])) or match["other"])
    for verb in (match["verb"], match["also"] or ""):
        if root := _RELATIONS.get(verb.lower()[:4]):
            relation = f"{root}d_by" if match["by"] else f"{root}s"
            yield StatedRelation(relation=relation, target=target, field="note", quote=match[0])


class UsOmbMemosSpider(SourceSpider):
    """Asks for the one page, lands its lines, and reads the PDF files of candidates by title."""

    name = SLUG
    parser_version = PARSER_VERSION

    async def start(self) -> AsyncIterator[Request]:
        """The page that lists memoranda."""
        yield self.ask(PAGE, self.read_page, purpose="listing")

    def read_page(self, response: Response) -> Iterator[Request]:
        """Land the lines of others, and ask for the files of candidates that the source's own host has."""
        answer = parse_answer(response.body)
        candidates = [line for line in answer.documents if self.is_candidate(line.title) and self._is_at_home(line)]
        others = tuple(line for line in answer.documents if line not in candidates)
        self.keep(answer.model_copy(update={"documents": others}), response)
        for line in candidates:
            yield self._ask_file(line)

    def read_file(self, response: Response, line: PolicyDocument) -> None:
        """Land a memorandum with the text of its file; a file that is gone, empty or of another number gives none."""
        exchange = exchange_of(response.request)
        if response.status in GONE:
            self.land(_flagged(line, "pdf_gone"), exchange, joined=EVERY_FIELD)
            return
        pdf, fault = read_pdf(response.body), None
        number = own_number(pdf)
        if number not in (None, line.native_id):
            fault = _fault(line, "ContradictoryField", f"expected the file of {line.native_id}, got that of {number}")
            line = _flagged(line, "pdf_of_another_number")
        else:
            line = with_text(line, pdf)
        if pdf.text is None:
            fault = _fault(line, "UnreadableField", f"expected text in the PDF file, got {pdf.pages} pages without any")
        self.land(line, exchange, joined=EVERY_FIELD)
        self.keep(ParsedAnswer(rejected=(fault,) if fault else ()), response)

    def _ask_file(self, line: PolicyDocument) -> Request:
        return self.ask(
            str(line.url),
            lambda response: self.read_file(response, line),
            purpose="document",
            also_read=GONE,
            fallback=line,
        )

    def _is_at_home(self, line: PolicyDocument) -> bool:
        """Whether the file lies on a host of the source; memoranda of earlier presidencies may link an archive."""
        return urlsplit(str(line.url)).netloc in {urlsplit(home).netloc for home in self.config.hosts}


def _flagged(line: PolicyDocument, flag: str) -> PolicyDocument:
    return line.model_copy(update={"text_flags": tuple(sorted({*line.text_flags, flag}))})


def _fault(line: PolicyDocument, error: str, message: str) -> RejectedRecord:
    """Why a memorandum has no text although it has a file."""
    return RejectedRecord(
        source_id=SLUG,
        where="/pdf/text",
        error=error,
        message=f"{line.document_id}: {message}",
        raw=str(line.url),
        is_whole_record=False,
    )
