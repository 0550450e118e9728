"""Bureau of Industry and Security: press releases of a window from their list, candidates from their pages."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit
from zoneinfo import ZoneInfo

from lxml import html
from scrapy.http import Request, Response

from scrapers.contracts import (
    BlockPage,
    Depth,
    Identifier,
    NotADocument,
    Organisation,
    ParsedAnswer,
    PolicyDocument,
    StatedRelation,
    Truncated,
    UnknownShape,
    UpstreamError,
)
from scrapers.families.dates import US_DAY, iso_instant, us_day
from scrapers.families.federal_register import linked
from scrapers.families.html_pages import page_title, page_tree
from scrapers.families.records import Record, read_records
from scrapers.families.text import clean, html_to_text, one_line, unread, web_address
from scrapers.families.windows import require_progress
from scrapers.families.wording import content_of, hash_of, words_of_element
from scrapers.registry import source
from scrapers.runtime.block_pages import looks_like_html, refuse_block_page
from scrapers.runtime.spider import SourceSpider

SLUG = "us_bis"
PARSER_VERSION = "us_bis/8"
"""Raised whenever the same bytes would be read differently."""
SITE = "https://www.bis.gov"
LIST = f"{SITE}/news-updates/all-press-releases"
KNOWN = source(SLUG).known_fields["release"]
ZONE = ZoneInfo(source(SLUG).time_zone)
MAX_PAGE_BYTES = 16_000_000
FIRST_LINES = 400
"""Characters after the title of a release among which its day is looked for."""
_DATELINE = re.compile(
    r"(?=(?P<lead>(?:"
    r"(?:for immediate release|(?:date )?published|posted|released?|(?:release )?date|on|washington|d\.? ?c\.?)"
    rf"[\s:,|(\u2013\u2014-]*+)*))(?P=lead)(?P<stated>{US_DAY.pattern})\s*(?:$|[)|\u2013\u2014-])",
    re.IGNORECASE,
)
"""A line that is a day, or begins with one, with nothing before it but where and that it was released."""
_RELEASE = re.compile(r"/press-release/([^/]+)/?")
_NOT_FOUND = re.compile(r"\bnot found\b|\b(?:could not|couldn.t|cannot|can.t) (?:be found|find)\b", re.IGNORECASE)
_REFUSED = re.compile(r"\baccess (?:blocked|denied)\b|\btoo many (?:attempts|requests)\b", re.IGNORECASE)
_ERROR = re.compile(r"\b(?:404|page not found|50[0-9]|error|unavailable|maintenance)\b", re.IGNORECASE)
_ZONED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d\S*(?:Z|[+-]\d\d:?\d\d)")
_OUTSIDE = "ancestor::nav or ancestor::header or ancestor::footer or ancestor::aside"


def parse_answer(body: bytes) -> ParsedAnswer:
    """Read the list of press releases, or the page of one, told apart by the address that a page says is its own.

    Raises BlockPage for walls, UpstreamError for error pages, NotADocument for pages without a press release and for
    other kinds of file, Truncated for a page that ends early and UnknownShape for anything that is no HTML.
    """
    tree = _tree(body)
    path = _own_path(tree)
    if path is not None:
        return read_release(tree, path)
    lines = {f"/{position}": line for position, line in enumerate(_lines(tree))}
    if not lines:
        raise NotADocument(f"a page that lists no press release and is none: {page_title(tree)!r}")
    return read_records(SLUG, lines, parse_release, next_url=_next(tree))


def read_release(tree: html.HtmlElement, path: str, listed: PolicyDocument | None = None) -> ParsedAnswer:
    """Read the page of one press release; `listed` is what the list says of the one that was asked for.

    Raises UnknownShape for the page of another press release; BlockPage, UpstreamError or NotADocument for a page that
    is none.
    """
    inside = content_of(tree)
    if inside is None:
        raise NotADocument(f"a page without a text: {page_title(tree)!r}")
    headings = inside.xpath(".//h1") or tree.xpath("//h1")
    title = " ".join(headings[0].text_content().split()) if headings else ""
    _require_asked(tree, title, path, listed)
    text = html_to_text(html.tostring(inside, encoding="unicode"), set())
    if not title or not text:
        raise NotADocument(f"a page without a heading or a text: {page_title(tree)!r}")
    links = [str(address).strip() for address in inside.xpath(".//a/@href")]
    links = [address for address in links if "federalregister.gov" in address or linked(address)]
    raw = {
        "path": path,
        "title": title,
        "date": _dateline(text, title) or _stamp(inside),
        "text": text,
        "links": links,
    }
    raw["words"] = words_of_element(inside)
    return read_records(SLUG, {path: raw}, partial(parse_release, listed=listed))


def _require_asked(tree: html.HtmlElement, heading: str, path: str, listed: PolicyDocument | None) -> None:
    """Refuse a page that neither says by its address nor by its heading that it is the press release asked for."""
    own = _own_path(tree)
    if own not in (None, path):
        raise UnknownShape(f"expected the page of {path}, got that of {own}")
    if listed is not None and _is_headed(heading, listed.title or ""):
        return
    said = f"expected the press release {path}, got a page headed {heading[:80]!r}"
    if _REFUSED.search(heading):
        raise BlockPage(said)
    if _NOT_FOUND.search(heading):
        raise UpstreamError(said)
    if own is None:
        raise NotADocument(f"{said} that does not say it is that one")


def _is_headed(heading: str, listed: str) -> bool:
    """Whether a page bears the title of the list, which may be cut there."""
    words, wanted = (re.findall(r"\w+", text.casefold()) for text in (heading, listed))
    is_cut = listed.endswith(("...", "\u2026"))
    return bool(wanted) and (words[: len(wanted)] if is_cut else words) == wanted


def parse_release(record: Record, listed: PolicyDocument | None = None) -> PolicyDocument:
    """Read a line of the list, or a page; the day that the list states leads: a page may bear days of other things."""
    flags: set[str] = set()
    raw = dict(record)
    path = str(record["path"])
    match = _RELEASE.fullmatch(path)
    if match is None:
        raise UnknownShape(f"expected the address of a press release, got {path[:80]!r}")
    published = _published(record, listed.published_date if listed else None)
    body = clean(record.pop("text", None), flags)
    record.pop("words", None)
    links = record.get("links") or []
    left = record.left()
    return PolicyDocument(
        source_id=SLUG,
        document_id=f"bis:{match[1]}",
        native_id=match[1],
        depth=Depth.FULL if body else Depth.LISTING,
        url=f"{SITE}{path}",
        title=one_line(str(record["title"]), flags),
        body=body,
        document_type="Press release",
        publishers=(Organisation(name="Bureau of Industry and Security"),),
        identifiers=(Identifier(scheme="bis_page", value=match[1]),),
        published_date=published,
        relations=tuple(_linked(links)),
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields=left,
        unread_fields=unread(left, KNOWN.names),
        content_sha256=hash_of(raw),
        parser_version=PARSER_VERSION,
    )


def _published(record: Record, listed: date | None) -> date | None:
    stated = record.read("date", _day)
    if listed is not None and stated not in (None, listed):
        record.contradicts("date", f"expected {listed}, as the list says, got {stated}")
    if "date" not in record.faults:
        record.pop("date", None)
    return listed or stated


def _tree(body: bytes) -> html.HtmlElement:
    if not body.strip():
        raise Truncated("expected a page, got an empty body")
    refuse_block_page(body, "press releases")
    if body.lstrip()[:1] in (b"%", b"{", b"[") or (body.lstrip().startswith(b"<") and not looks_like_html(body)):
        raise NotADocument(f"expected a page, got another kind of file that begins {body.lstrip()[:20]!r}")
    if not looks_like_html(body) or len(body) > MAX_PAGE_BYTES:
        raise UnknownShape(f"expected a page in HTML, got {len(body)} bytes that begin {body.lstrip()[:40]!r}")
    tree = page_tree(body)
    if _ERROR.search(page_title(tree)) and _own_path(tree) is None:
        raise UpstreamError(f"the source answers with a page titled {page_title(tree)!r}")
    if not re.search(rb"</html\s*>", body[-2_000:], re.IGNORECASE):
        raise Truncated("expected </html> at the end, got a page that ends before it")
    return tree


def _own_path(tree: html.HtmlElement) -> str | None:
    """The path of the press release that a page says it is."""
    for address in tree.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content"):
        path = _path(str(address))
        if path is not None:
            return path
    return None


def _path(address: str) -> str | None:
    try:
        parts = urlsplit(urljoin(LIST, address.strip()))
    except ValueError:
        return None
    is_own = parts.hostname in ("www.bis.gov", "bis.gov", "media.bis.gov")
    path = quote(unquote(parts.path.rstrip("/")))
    return path if is_own and _RELEASE.fullmatch(path) else None


def _lines(tree: html.HtmlElement) -> Iterator[dict[str, Any]]:
    """Lines of the list: each press release once, with its longest link text and the day in its own block."""
    found: dict[str, dict[str, Any]] = {}
    for link in tree.xpath(f"//a[@href][not({_OUTSIDE})]"):
        path = _path(str(link.get("href")))
        title = " ".join(link.text_content().split())
        if path is None or not title:
            continue
        line = found.setdefault(path, {"path": path, "title": title, "date": _day_beside(link, path)})
        if len(title) > len(line["title"]):
            line["title"] = title
    yield from found.values()


def _day_beside(link: html.HtmlElement, path: str) -> str | None:
    """The day in the smallest block around a link that holds one and no other press release.

    A day in the title tells of what the release is about. What stands for the day of the line is a time element, words
    outside the link, or inside it an element that says nothing but a day.
    """
    for block in link.iterancestors():
        if block.tag in ("main", "body", "html"):
            return None
        if {_path(str(address)) for address in block.xpath(".//a/@href")} - {None, path}:
            return None
        told = [*_days(block.xpath(".//time")), *_days([block], ".//text()[not(ancestor::a)]")]
        alone = _days(block.xpath(".//a//*"), is_alone=True)
        if found := next(iter([*told, *alone]), None) or _stamp(block):
            return found
    return None


def _days(elements: Iterable[html.HtmlElement], texts: str = ".//text()", *, is_alone: bool = False) -> Iterator[str]:
    """Days that elements name, as they are written; `is_alone`: only where an element says nothing else."""
    for element in elements:
        words = " ".join(" ".join(map(str, element.xpath(texts))).split())
        day = US_DAY.search(words)
        if day and (not is_alone or day.group() == words):
            yield day.group()


def _stamp(block: html.HtmlElement) -> str | None:
    """The attribute of a time whose words name no day, such as "3 days ago"."""
    return next((str(stamp) for stamp in block.xpath(".//time/@datetime") if US_DAY.search(str(stamp)[:10])), None)


def _dateline(text: str, title: str) -> str | None:
    """The first day in a line of its own before or soon after the title: days in other lines are of other things."""
    start = max(text.find(title), 0)
    lines = text[: start + len(title) + FIRST_LINES].splitlines()
    return next((match["stated"] for match in map(_DATELINE.match, lines) if match), None)


def _next(tree: html.HtmlElement) -> str | None:
    """The next page of the list, where it links one on its own host."""
    for address in tree.xpath("//a[contains(concat(' ', @rel, ' '), ' next ')]/@href | //link[@rel='next']/@href"):
        whole = urljoin(LIST, str(address))
        if whole.startswith(f"{SITE}/"):
            return whole
    return None


def _day(text: str) -> date:
    """The day that a text names; of an instant with its zone, the day at the source."""
    if _ZONED.fullmatch(text):
        return iso_instant(text).astimezone(ZONE).date()
    day = us_day(US_DAY.search(text))
    if day is None:
        raise ValueError(f"expected a day such as May 13, 2025, got {text[:40]!r}")
    return day


def _linked(links: list[str]) -> Iterator[StatedRelation]:
    """Documents of the Federal Register that a page links, each once, wherever it is kept."""
    seen: set[Identifier] = set()
    for address in links:
        target = linked(address)
        if target is not None and target not in seen:
            seen.add(target)
            yield StatedRelation(relation="related", target=target, field="links", quote=web_address(address))


class UsBisSpider(SourceSpider):
    """Follows the list back to the first day of the window, and asks for the pages of candidates by title."""

    name = SLUG
    parser_version = PARSER_VERSION

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._seen: set[str] = set()

    async def start(self) -> AsyncIterator[Request]:
        """The newest press releases."""
        yield self.ask(LIST, self.read_list, purpose="listing")

    def read_list(self, response: Response) -> Iterator[Request]:
        """Land the lines of the window, ask for candidates, and go on until all of a page lies before the window.

        A list may show an older press release among the newest.
        """
        answer = parse_answer(response.body)
        new = [line for line in answer.documents if line.document_id not in self._seen]
        require_progress(len(new), "press releases")
        self._seen.update(line.document_id for line in new)
        inside = [line for line in new if self._is_inside(line)]
        candidates = [line for line in inside if self.is_candidate(line.title)]
        others = tuple(line for line in inside if line not in candidates)
        self.keep(answer.model_copy(update={"documents": others}), response)
        for line in candidates:
            yield self._ask_page(line)
        days = [line.published_date for line in new if line.published_date]
        if answer.next_url and (not days or max(days) >= self.window.since):
            yield self.ask(answer.next_url, self.read_list, purpose="listing")

    def read_page(self, response: Response, line: PolicyDocument) -> None:
        """Land the page of one press release with the day of its line."""
        answer = read_release(_tree(response.body), f"/press-release/{line.native_id}", line)
        self.keep(answer, response, joined=("published_date",))

    def _ask_page(self, line: PolicyDocument) -> Request:
        return self.ask(
            str(line.url), lambda response: self.read_page(response, line), purpose="document", fallback=line
        )

    def _is_inside(self, line: PolicyDocument) -> bool:
        return line.published_date is None or self.window.since <= line.published_date <= self.window.until
