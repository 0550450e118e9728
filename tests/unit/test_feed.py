"""Feeds are read strictly: RSS and Atom, raw names, text once unescaped, named refusals for all else."""

from __future__ import annotations

import pytest

from scrapers.contracts import BlockPage, NotADocument, Truncated, UnknownShape, UpstreamError
from scrapers.families.feed import (
    address_of,
    feed_instant,
    links,
    plain_title,
    read_feed,
    read_sitemap,
    text_part,
)
from scrapers.families.xml import read_xml

RSS = b"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:c="http://purl.org/rss/1.0/modules/content/" xmlns:odd="urn:odd">
<channel><title>News</title><link>https://example.invalid/</link>
<item><title>One &amp;amp; two</title><link> https://example.invalid/1 </link><guid isPermaLink="false">n-1</guid>
<category domain="d">A</category><c:encoded><![CDATA[<p>Text & <b>more</b></p>]]></c:encoded><odd:x y="1"/></item>
<item><guid>https://example.invalid/2</guid><link/></item>
</channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xmlns:os="http://a9.com/-/spec/opensearch/1.1/">
<title>Acts</title><os:totalResults>7</os:totalResults><link rel="next" href="https://example.invalid/?page=2"/>
<entry><id>urn:1</id><link rel="self" href="https://example.invalid/self"/><link href="https://example.invalid/act"/>
<author><name>An office</name></author>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <i>b</i></div></content>
<updated>2026-09-29T21:17:25.5+01:00</updated></entry></feed>"""


def test_rss_keeps_its_names_whatever_its_prefixes() -> None:
    feed = read_feed(RSS)
    one, two = feed.entries
    assert (feed.form, feed.was_mended, feed.about) == (
        "rss",
        False,
        {"title": "News", "link": "https://example.invalid/"},
    )
    assert one["content:encoded"] == "<p>Text & <b>more</b></p>"
    assert one["category"] == [{"@domain": "d", "text": "A"}]
    assert one["odd:x"] == {"@y": "1"}
    assert text_part(one["guid"]) == "n-1"
    assert plain_title(one["title"], set()) == "One & two"
    assert address_of(one) == "https://example.invalid/1"
    assert address_of(two) == "https://example.invalid/2", "a guid is an address unless it says that it is none"


def test_atom_keeps_links_and_markup() -> None:
    feed = read_feed(ATOM)
    (entry,) = feed.entries
    assert feed.form == "atom"
    assert feed.about["openSearch:totalResults"] == "7"
    assert links(feed.about) == [{"rel": "next", "href": "https://example.invalid/?page=2"}]
    assert address_of(entry) == "https://example.invalid/act"
    assert entry["author"] == [{"name": "An office"}]
    assert "<i>b</i>" in text_part(entry["content"])
    assert feed_instant(entry["updated"]).isoformat() == "2026-09-29T20:17:25.500000+00:00"


def test_an_entry_without_an_address_has_none() -> None:
    (entry,) = read_feed(
        b"<rss><channel><item><guid isPermaLink='false'>https://x/</guid></item></channel></rss>"
    ).entries
    assert address_of(entry) is None


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("Tue, 29 Sep 2026 21:17:25 +0000", "2026-09-29T21:17:25+00:00"),
        ("Tue, 04 Aug 2026 12:00:00 -0400", "2026-08-04T16:00:00+00:00"),
        ("Tue, 04 Aug 2026 12:00:00 EDT", "2026-08-04T16:00:00+00:00"),
        ("Mon, 03 Aug 2026 22:00 GMT", "2026-08-03T22:00:00+00:00"),
        ("2026-08-03T22:00:00Z", "2026-08-03T22:00:00+00:00"),
        ("2026-08-03T22:00:00-04:00", "2026-08-04T02:00:00+00:00"),
    ],
)
def test_instants_of_both_kinds(text: str, instant: str) -> None:
    assert feed_instant(text).isoformat() == instant


@pytest.mark.parametrize(
    "text",
    ["", "soon", "Tue, 29 Sep 2026 21:17:25", "Tue, 29 Sep 2026 25:17:25 +0000", "2026-08-03", "2026-08-03T22:00:00"],
)
def test_other_instants_are_not_guessed(text: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        feed_instant(text)


def test_titles_escaped_twice_and_with_emphasis() -> None:
    assert plain_title("The &quot;AI Agent&quot; <em>Scope</em>", set()) == 'The "AI Agent" Scope'
    assert plain_title("Below 5 < 6 GHz", set()) == "Below 5 < 6 GHz"
    assert plain_title(None, set()) is None


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (b"", Truncated),
        (RSS[:400], Truncated),
        (RSS[:-6], Truncated),
        (b"<html><head><title>Just a moment...</title></head></html>", BlockPage),
        (b"<!DOCTYPE html><html><title>404</title></html>", UpstreamError),
        (b"Title,Link\n", NotADocument),
        (b"<urlset><url><loc>https://x/</loc></url></urlset>", NotADocument),
        (b"<Legislation/>", NotADocument),
        (b"<rss version='2.0'></rss>", UnknownShape),
        (b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss><channel/></rss>", UnknownShape),
        (b"<rss><channel></item></channel></rss>", UnknownShape),
        (b"<rss>" + b"<a>" * 120 + b"</a>" * 120 + b"</rss>", UnknownShape),
    ],
)
def test_what_is_no_feed_is_refused_by_name(body: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        read_feed(body)


def test_a_hidden_document_type_is_seen() -> None:
    aside = b"<!-- <![CDATA[ --><!DOCTYPE rss [<!ENTITY a 'b'>]><!-- ]]> -->"
    with pytest.raises(UnknownShape, match="document type declaration"):
        read_feed(aside + b"<rss><channel><title>&a;</title></channel></rss>")


def test_stray_signs_are_mended_and_told() -> None:
    body = b"<rss><channel><item><title>A & B &nbsp;C &#0; \x08</title><d><![CDATA[x & <y]]></d></item></channel></rss>"
    feed = read_feed(body)
    assert feed.was_mended
    assert feed.entries[0] == {"title": "A & B \xa0C \ufffd ", "d": "x & <y"}


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1", "windows-1252"])
def test_a_feed_is_mended_in_the_encoding_that_it_states(encoding: str) -> None:
    items = "<item><title>été & hiver £5</title></item>"
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n<rss><channel>{items}</channel></rss>'
    feed = read_feed(text.encode(encoding))
    assert feed.was_mended
    assert feed.entries[0] == {"title": "été & hiver £5"}
    assert read_xml(text.encode(encoding)).root.findtext(".//title") == "été & hiver £5"


def test_a_byte_that_the_stated_encoding_lacks_is_shown_when_mending() -> None:
    feed = read_feed(
        b"<?xml version='1.0' encoding='utf-8'?><rss><channel><item><title>\xe9 & x</title></item></channel></rss>"
    )
    assert feed.entries[0] == {"title": "\ufffd & x"}


def test_an_empty_feed_has_no_entries() -> None:
    assert read_feed(b"<rss version='2.0'><channel><title>T</title></channel></rss>").entries == ()
    assert read_feed(b"<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title></feed>").entries == ()


@pytest.mark.parametrize(
    "body",
    [
        b"<rss><channel><title>T</title><entry><title>a</title></entry></channel></rss>",
        b"<rss><channel><title>T</title></channel><item><title>a</title></item></rss>",
        b"<rss><channel><title>T</title><item xmlns='urn:x'><link>a</link></item></channel></rss>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'><entri><id>a</id></entri></feed>",
    ],
)
def test_a_feed_whose_entries_have_another_name_is_not_empty(body: bytes) -> None:
    with pytest.raises(UnknownShape, match=r"expected (item|entry) in the feed"):
        read_feed(body)


def test_what_a_feed_tells_of_itself_is_no_entry() -> None:
    about = b"<image><url>u</url><title>t</title><link>l</link></image><textInput><title>t</title></textInput>"
    assert read_feed(b"<rss><channel><title>T</title>" + about + b"</channel></rss>").entries == ()


def test_sitemaps_list_addresses() -> None:
    space = b'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    body = b"<sitemapindex " + space + b"><sitemap><loc>https://x/a.xml</loc></sitemap></sitemapindex>"
    assert read_sitemap(body) == ("sitemapindex", [("https://x/a.xml", None)])
    body = b"<urlset " + space + b"><url><loc> https://x/1 </loc><lastmod>2026-10-02</lastmod></url></urlset>"
    assert read_sitemap(body) == ("urlset", [("https://x/1", "2026-10-02")])
    with pytest.raises(NotADocument):
        read_sitemap(RSS)
    with pytest.raises(UnknownShape):
        read_sitemap(b"<urlset><url/></urlset>")
