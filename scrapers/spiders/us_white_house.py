"""The White House: posts of a window from the feed of all news, page by page; older ones by the sitemap.

Reads feeds of every section and the web pages of single posts. Does not read the posts of earlier presidencies, which
other hosts keep.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from scrapy.http import Request, Response

from scrapers.contracts import NotADocument, ParsedAnswer, Truncated, UnknownShape, UpstreamError
from scrapers.families.feed import read_feed, read_sitemap, refuse_foreign_feed, with_flag
from scrapers.families.html_pages import page_title, page_tree
from scrapers.families.json_answers import read_json
from scrapers.families.records import numbered, read_records
from scrapers.families.white_house import (
    PARSER_VERSION,
    POST,
    SITE,
    SLUG,
    is_post_page,
    parse_page,
    parse_post,
    path_of,
)
from scrapers.families.windows import require_progress
from scrapers.runtime.block_pages import looks_like_html, refuse_block_page
from scrapers.runtime.spider import SourceSpider

FEED = f"{SITE}/news/feed/"
SITEMAP = f"{SITE}/sitemap_index.xml"
PAST_THE_END = 404
_ERROR = re.compile(r"not found|\b[45]\d\d\b|\berror\b|unavailable|maintenance", re.IGNORECASE)
_OWN = re.compile(r"https?://(?:www\.)?whitehouse\.gov(?:/|$)", re.IGNORECASE)
_POST_SITEMAP = re.compile(r"/post-sitemap\d*\.xml")


def parse_answer(body: bytes) -> ParsedAnswer:
    """Read a feed, or the web page of one post.

    Raises BlockPage for walls; UpstreamError for error pages and the closed API; NotADocument for lists, sitemaps,
    parts of pages and other XML; Truncated for bytes that end early; UnknownShape otherwise.
    """
    refuse_block_page(body, "a feed or a post")
    start = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start in (b"{", b"["):
        raise _refusal_of_json(read_json(body))
    if looks_like_html(body):
        return _read_page(body)
    feed = read_feed(body)
    if feed.form != "rss":
        raise UnknownShape("expected a feed in RSS, got Atom")
    refuse_foreign_feed(feed, _OWN, "a feed of the White House")
    answer = read_records(SLUG, numbered("/channel/item", list(feed.entries)), parse_post)
    return with_flag(answer, "malformed_xml") if feed.was_mended else answer


def _read_page(body: bytes) -> ParsedAnswer:
    if b"</html" not in body.lower():
        raise Truncated("expected </html> at the end of the page, got bytes that end before it")
    root = page_tree(body)
    title = page_title(root) or "(none)"
    if is_post_page(root):
        return read_records(SLUG, {"/page": {}}, lambda _: parse_page(root))
    if _ERROR.search(title):
        raise UpstreamError(f"expected a post, got a page titled {title[:120]!r}")
    raise NotADocument(f"expected a feed or a post, got a page titled {title[:120]!r}")


def _refusal_of_json(value: Any) -> NotADocument | UpstreamError:
    if isinstance(value, dict) and ("code" in value or "message" in value):
        return UpstreamError(f"the site reports: {str(value.get('message') or value.get('code'))[:200]}")
    return NotADocument("expected a feed or a post, got JSON")


class UsWhiteHouseSpider(SourceSpider):
    """Reads the feed back to the first day of the window, and asks the sitemap where the feed ends before it."""

    name = SLUG
    parser_version = PARSER_VERSION

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._seen: set[str] = set()
        self._paths: set[str] = set()

    async def start(self) -> AsyncIterator[Request]:
        """The newest posts."""
        yield self._ask_page(1)

    def read_page(self, response: Response, page: int) -> Iterator[Request]:
        """Land what the window holds, and go on until all of a page lies before it or the feed ends."""
        if response.status == PAST_THE_END:
            yield self.ask(SITEMAP, self.read_index, purpose="listing")
            return
        answer = parse_answer(response.body)
        if not answer.record_count:
            raise UnknownShape(f"expected posts on page {page} of the feed, got none; past its end it is HTTP 404")
        new = {document.document_id for document in answer.documents} - self._seen
        require_progress(len(new), f"posts on page {page}")
        self._seen |= new
        self._paths |= {path for document in answer.documents if (path := path_of(document.url))}
        self._keep_window(answer, response)
        days = [document.published_date for document in answer.documents if document.published_date]
        if not days or max(days) >= self.window.since:
            yield self._ask_page(page + 1)

    def read_index(self, response: Response) -> Iterator[Request]:
        """Ask for the sitemaps of posts that were changed since the window began."""
        _, listed = read_sitemap(response.body)
        for address, changed in listed:
            if _POST_SITEMAP.fullmatch(urlsplit(address).path) and not _is_before(changed, self.window.since):
                yield self.ask(address, self.read_sitemap, purpose="listing")

    def read_sitemap(self, response: Response) -> Iterator[Request]:
        """Ask for the pages of candidates of the window's months that the feed did not hold."""
        _, listed = read_sitemap(response.body)
        for address, _ in listed:
            path = path_of(address)
            if path and path not in self._paths and self._is_in_window_months(path):
                self._paths.add(path)
                words = path.rstrip("/").rsplit("/", 1)[-1].replace("-", " ")
                if self.is_candidate(words, words.upper()):
                    yield self.ask(address, self.read_post, purpose="document")

    def read_post(self, response: Response) -> None:
        """Land the page of one post if its day lies in the window."""
        self._keep_window(parse_answer(response.body), response)

    def _ask_page(self, page: int) -> Request:
        return self.ask(
            FEED if page == 1 else f"{FEED}?paged={page}",
            lambda response: self.read_page(response, page),
            purpose="listing",
            also_read=() if page == 1 else (PAST_THE_END,),
        )

    def _keep_window(self, answer: ParsedAnswer, response: Response) -> None:
        inside = tuple(
            document
            for document in answer.documents
            if document.published_date is None or self.window.since <= document.published_date <= self.window.until
        )
        self.keep(answer.model_copy(update={"documents": inside}), response)

    def _is_in_window_months(self, path: str) -> bool:
        match = POST.fullmatch(path)
        month = (int(match[2]), int(match[3])) if match else (0, 0)
        since, until = self.window.since, self.window.until
        return (since.year, since.month) <= month <= (until.year, until.month)


def _is_before(changed: str | None, day: date) -> bool:
    return changed is not None and changed[:10] < day.isoformat()
