"""How whitehouse.gov is asked: the feed back to the window, the sitemap only where the feed ends before it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from scrapy.http import Request

from scrapers.contracts import Depth
from scrapers.spiders.us_white_house import UsWhiteHouseSpider, parse_answer
from tests.contract.cases import FIXTURES
from tests.unit.spider_harness import Driven, drive

SITE = "https://www.whitehouse.gov"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def post(number: int, day: str, title: str = "A release") -> str:
    at = datetime.fromisoformat(f"{day}T16:00:00+00:00")
    return (
        f"<item><title>{title}</title><link>{SITE}/releases/{at:%Y/%m}/post-{number}/</link>"
        f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} +0000</pubDate><category>Releases</category>"
        f'<guid isPermaLink="false">{SITE}/?p={number}</guid><description>In short.</description>'
        f"<content:encoded>&lt;p&gt;Text {number}.&lt;/p&gt;</content:encoded></item>"
    )


def feed(*posts: str) -> bytes:
    space = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    about = "<title>News</title><link>https://www.whitehouse.gov/news/</link>"
    return f'<rss version="2.0" {space}><channel>{about}{"".join(posts)}</channel></rss>'.encode()


def sitemap(root: str, entry: str, addresses: Mapping[str, str]) -> bytes:
    listed = "".join(
        f"<{entry}><loc>{address}</loc><lastmod>{changed}</lastmod></{entry}>" for address, changed in addresses.items()
    )
    return f'<{root} xmlns="{SITEMAP}">{listed}</{root}>'.encode()


def web_page(path: str, number: int, stamp: str) -> bytes:
    return (
        f"<html><head><title>T</title><link rel='canonical' href='{SITE}{path}'><link rel='shortlink' "
        f"href='{SITE}/?p={number}'></head><body class='single-post'><h1 class='wp-block-whitehouse-topper__headline'>"
        f"AI post</h1><div class='wp-block-post-date'><time datetime='{stamp}'></time></div>"
        f"<div class='entry-content'><p>Text.</p></div></body></html>"
    ).encode()


class Site:
    """A small whitehouse.gov: pages of the feed, and what else is at which address."""

    def __init__(self, pages: list[bytes], others: Mapping[str, bytes] | None = None) -> None:
        self.pages = pages
        self.others = others or {}
        self.asked: list[str] = []

    def answer(self, request: Request) -> bytes | int:
        self.asked.append(request.url.removeprefix(SITE))
        if request.url.startswith(f"{SITE}/news/feed/"):
            page = int(request.url.partition("paged=")[2] or 1)
            return self.pages[page - 1] if page <= len(self.pages) else 404
        return self.others[request.url.removeprefix(SITE)]

    def crawl(self, folder: Path, since: str, until: str) -> Driven:
        return drive(UsWhiteHouseSpider, folder, self.answer, date.fromisoformat(since), date.fromisoformat(until))


def landed(driven: Driven) -> list[str]:
    return [record.document.native_id for record in driven.landed if record.document]


def test_the_feed_is_read_back_to_the_window_and_no_further(tmp_path: Path) -> None:
    pages = [
        feed(post(9, "2026-10-05"), post(8, "2026-10-04")),
        feed(post(7, "2026-10-03"), post(6, "2026-10-01")),
        feed(post(5, "2026-09-30"), post(4, "2026-09-20")),
        feed(post(3, "2026-09-19"), post(2, "2026-09-18")),
        feed(post(1, "2026-09-17")),
    ]
    site = Site(pages)
    driven = site.crawl(tmp_path, "2026-09-30", "2026-10-03")
    assert driven.ledger.is_good, driven.ledger.faults
    assert landed(driven) == ["7", "6", "5"]
    assert site.asked == ["/news/feed/", *(f"/news/feed/?paged={page}" for page in (2, 3, 4))]
    assert {day.day.isoformat(): day.found for day in driven.ledger.days} == {
        "2026-09-30": 1, "2026-10-01": 1, "2026-10-02": 0, "2026-10-03": 1
    }  # fmt: skip
    assert all(record.document.depth is Depth.FULL for record in driven.landed if record.document)


def test_an_older_post_among_the_newest_does_not_end_the_feed(tmp_path: Path) -> None:
    pages = [
        feed(post(9, "2026-10-02"), post(1, "2025-01-20")),
        feed(post(8, "2026-10-02")),
        feed(post(2, "2026-09-01")),
    ]
    assert landed(Site(pages).crawl(tmp_path, "2026-10-02", "2026-10-02")) == ["9", "8"]


def test_marks_of_a_place_in_a_text_are_no_change() -> None:
    plain, marked = (
        parse_answer(feed(post(9, "2026-10-02").replace("&lt;p&gt;Text", f"&lt;p&gt;{mark}Te{inside}xt"))).documents[0]
        for mark, inside in (("", ""), ('&lt;a id="sec1"&gt;&lt;/a&gt;', "&lt;wbr&gt;"))
    )
    assert marked.content_sha256 == plain.content_sha256
    assert marked.body == plain.body


def test_a_post_of_another_kind_is_named_by_its_number() -> None:
    video = post(79, "2026-10-02").replace("/?p=79", "/?post_type=video&amp;p=79").replace("/releases/", "/videos/x/")
    assert parse_answer(feed(video)).documents[0].document_id == "whitehouse:79"


def test_a_post_without_a_category_is_of_the_section_of_its_address() -> None:
    bare = post(9, "2026-10-02").replace("<category>Releases</category>", "").replace("/releases/", "/fact-sheets/")
    assert parse_answer(feed(bare)).documents[0].document_type == "Fact Sheets"


def test_posts_that_slip_to_the_next_page_are_counted_once(tmp_path: Path) -> None:
    pages = [
        feed(post(9, "2026-10-02"), post(8, "2026-10-02")),
        feed(post(8, "2026-10-02"), post(7, "2026-09-20")),
        feed(post(6, "2026-09-19")),
    ]
    driven = Site(pages).crawl(tmp_path, "2026-10-02", "2026-10-02")
    assert driven.ledger.is_good, driven.ledger.faults
    assert driven.ledger.found_total == 2


def test_where_the_feed_ends_the_sitemap_names_what_is_missing(tmp_path: Path) -> None:
    old, new, other = "/releases/2026/09/ai-for-all/", "/releases/2026/09/post-9/", "/releases/2026/09/a-ferry/"
    others = {
        "/sitemap_index.xml": sitemap(
            "sitemapindex",
            "sitemap",
            {
                f"{SITE}/page-sitemap.xml": "2026-10-01",
                f"{SITE}/post-sitemap.xml": "2026-08-01T00:00:00+00:00",
                f"{SITE}/post-sitemap2.xml": "2026-10-01T00:00:00+00:00",
            },
        ),
        "/post-sitemap2.xml": sitemap(
            "urlset",
            "url",
            {
                f"{SITE}{path}": "2026-10-01"
                for path in (
                    old,
                    new,
                    other,
                    "/releases/2026/07/ai-too-old/",
                    "/about/",
                    "/releases/2026/09/ai-outside/",
                )
            },
        ),
        old: web_page(old, 3, "2026-09-02T09:00:00-04:00"),
        "/releases/2026/09/ai-outside/": web_page("/releases/2026/09/ai-outside/", 2, "2026-09-29T09:00:00-04:00"),
    }
    site = Site([feed(post(9, "2026-09-20"), post(8, "2026-09-19"))], others)
    driven = site.crawl(tmp_path, "2026-09-01", "2026-09-20")
    assert driven.ledger.is_good, driven.ledger.faults
    assert landed(driven) == ["9", "8", "3"]
    assert site.asked[-2:] == [old, "/releases/2026/09/ai-outside/"]
    assert (driven.ledger.gate_passed, driven.ledger.gate_left_out) == (2, 1)


def test_a_feed_without_posts_is_a_fault(tmp_path: Path) -> None:
    driven = Site([feed()]).crawl(tmp_path, "2026-10-02", "2026-10-02")
    assert any("expected posts on page 1 of the feed, got none" in fault for fault in driven.ledger.faults)


def test_a_page_that_comes_again_and_again_ends_and_is_a_fault(tmp_path: Path) -> None:
    driven = Site([feed(post(9, "2026-10-02"))] * 5).crawl(tmp_path, "2026-10-01", "2026-10-02")
    assert any("paging would not end" in fault for fault in driven.ledger.faults)
    assert len(driven.asked) == 2


def test_a_week_without_a_post_is_a_fault(tmp_path: Path) -> None:
    driven = Site([feed(post(9, "2026-10-20"), post(8, "2026-09-01")), feed(post(7, "2026-08-31"))]).crawl(
        tmp_path, "2026-10-02", "2026-10-08"
    )
    (fault,) = driven.ledger.faults
    assert fault.startswith("expected 1 or more documents, got 0")


def test_a_post_without_a_readable_time_is_landed(tmp_path: Path) -> None:
    page = feed(post(9, "2026-10-02").replace(" +0000", ""), post(8, "2026-09-30"))
    driven = Site([page]).crawl(tmp_path, "2026-10-02", "2026-10-02")
    assert driven.ledger.is_good, driven.ledger.faults
    assert landed(driven) == ["9"]
    assert [record.rejected.where for record in driven.landed if record.rejected] == ["/channel/item/0/pubDate"]


def test_an_error_page_in_place_of_the_feed_makes_the_crawl_not_good(tmp_path: Path) -> None:
    body = (FIXTURES / "us_white_house" / "page_not_found_is_an_upstream_error.html").read_bytes()
    driven = Site([body]).crawl(tmp_path, "2026-10-02", "2026-10-02")
    assert any("UpstreamError" in fault for fault in driven.ledger.faults)


def test_edits_change_the_hash_and_navigation_does_not() -> None:
    body = (FIXTURES / "us_white_house" / "page_of_the_feed_with_navigation_in_every_text.xml").read_text()

    def content_hash(was: str, now: str) -> str:
        assert was in body
        return parse_answer(body.replace(was, now).encode()).documents[0].content_sha256

    same = content_hash("", "")
    assert content_hash("__input-7", "__input-31") == same
    assert content_hash("All News", "Every News") == same
    assert content_hash("a list of its uses", "two lists of its uses") != same
    assert content_hash("Lists Of Uses Of", "Lists of Uses of") != same


def test_a_day_is_that_of_washington() -> None:
    (document,) = parse_answer(feed(post(9, "2026-10-01").replace("16:00:00", "03:00:00"))).documents
    assert document.published_date == date(2026, 9, 30)
