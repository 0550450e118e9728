"""Edits of fixtures, one a row: what was done to an answer, and whether a reader would call it a change.

Cosmetic is what leaves every word, figure, date, party, link and file as it was. Decided so: typographic quotes and
dashes are spelling, and so are the order of JSON keys, 5 for 5.0, an instant in another zone, pictures, tracking and
cache parameters of addresses, http for https and an address's last slash. A link that leads elsewhere is substance, and
so are the file in a frame, the words told in place of a picture, what is struck through, and a power.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

Change = Callable[[bytes], bytes]
COSMETIC, SUBSTANTIVE = "cosmetic", "substantive"


class Edit(NamedTuple):
    """One edit of one fixture."""

    name: str
    fixture: str
    """Source and file below `tests/fixtures`."""
    change: Change
    kind: str
    base: Change | None = None
    """What the fixture is made into before the edit, where it has not what is edited."""


def swap(old: str, new: str) -> Change:
    """Put `new` for each `old`, which must be there."""

    def change(body: bytes) -> bytes:
        assert old.encode() in body, f"expected {old!r} in the fixture, found none"
        return body.replace(old.encode(), new.encode())

    return change


def put(path: str, value: Any) -> Change:
    """Set a value of a JSON answer; the path's last part may be new."""

    def change(body: bytes) -> bytes:
        answer = json.loads(body)
        holder, last = _holder(answer, path)
        holder[last] = value
        return json.dumps(answer).encode()

    return change


def drop(path: str) -> Change:
    """Take a value out of a JSON answer."""

    def change(body: bytes) -> bytes:
        answer = json.loads(body)
        holder, last = _holder(answer, path)
        del holder[last]
        return json.dumps(answer).encode()

    return change


def append(path: str, value: Any) -> Change:
    """Add an entry to a list of a JSON answer."""

    def change(body: bytes) -> bytes:
        answer = json.loads(body)
        holder, last = _holder(answer, path)
        holder[last].append(value)
        return json.dumps(answer).encode()

    return change


def turned_around(body: bytes) -> bytes:
    """JSON with the keys of every object in the opposite order, without indents."""

    def turn(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: turn(inner) for key, inner in reversed(value.items())}
        return [turn(inner) for inner in value] if isinstance(value, list) else value

    return json.dumps(turn(json.loads(body)), ensure_ascii=False, separators=(",", ":")).encode()


def escaped(body: bytes) -> bytes:
    """JSON with every sign beyond ASCII, and each slash, escaped."""
    return json.dumps(json.loads(body)).replace("/", "\\/").encode()


def _holder(answer: Any, path: str) -> tuple[Any, Any]:
    *parents, last = path.strip("/").split("/")
    for part in parents:
        answer = answer[int(part) if isinstance(answer, list) else part]
    return answer, int(last) if isinstance(answer, list) else last


FR_ORDER = "us_federal_register/executive_order_2026.json"
FR_RULE = "us_federal_register/correction.json"
FR_XML = "us_govinfo_fr/daily_issue.xml"
GOVUK = "uk_govuk/publication_with_attachments_collection_and_lead_organisation.json"
GOVUK_OLD = "uk_govuk/withdrawn_page_keeps_its_title_and_says_why.json"
GOVUK_HITS = "uk_govuk/search_of_today_with_aggregates_and_external_link.json"
WH_FEED = "us_white_house/page_of_the_feed_with_navigation_in_every_text.xml"
WH_PAGE = "us_white_house/web_page_of_a_post.html"
LEG = "uk_legislation/instrument_as_made.xml"
LEG_FEED = "uk_legislation/feed_page_with_a_next_one.xml"
BILL = "us_congress_gov/law_of_schema_3.xml"
GRANT = "us_grants_gov/posted_with_amounts_and_history.json"
PRESS = "eu_press_corner/document_with_its_text.json"
ACT = "eu_cellar/act_of_the_official_journal.xhtml"
BIS = "us_bis/press_release_with_links.html"
NIST = "us_nist/news_with_titles_escaped_twice.xml"
CANADA = "ca_news/atom_with_types_and_departments.xml"
OMB = "us_omb_memos/list_of_memoranda.html"
OECD = "int_oecd_ai/feed_of_posts.xml"
NSF = "us_nsf_awards/page_with_metadata.json"
REGS = "us_regulations_gov/document_in_full_with_attachments_one_withheld.json"
UK_BILL = "uk_parliament_bills/bill_with_sponsors_promoters_and_agent.json"

# fmt: off
PICTURE = swap("<strong>both</strong>", "<img src='/map.png?v=1' width='9' alt='Fee: 5'>")
FRAME = swap("<strong>both</strong>", "<iframe src='/rules.pdf'></iframe>")
LINKS = swap(
    "<strong>both</strong>",
    "<a href='https://youtube.com/watch?v=AAA'>a</a> <a href='/M-25-21.pdf?v=1'>b</a> <a href='/rmf.pdf?ver=1.0'>c</a>",
)
BIS_TEXT = swap(
    "<p>It was", "<img src='/map.png' alt='Fee: 5'><iframe src='/rules.pdf'></iframe>"
    "<div class='related'><h2>Related</h2><a href='/x'>More</a></div><p>It was",
)


def in_a_form(body: bytes) -> bytes:
    """The page as ASP.NET serves it: all of it in one form."""
    opened = swap("<main>", "<form id='aspnetForm'><input type='hidden' name='__VIEWSTATE' value='1'>")(body)
    return swap("</main>", "</form>")(opened)


EDITS = (
    # Federal Register, JSON
    Edit("keys in another order", FR_ORDER, turned_around, COSMETIC),
    Edit("signs escaped in JSON", FR_RULE, escaped, COSMETIC),
    Edit("views counted on", FR_ORDER, put("/results/0/page_views/count", 40_312), COSMETIC),
    Edit("moment of counting", FR_ORDER,
         put("/results/0/page_views/last_updated", "2026-03-09 10:00:00 -0500"), COSMETIC),
    Edit("cache key of a PDF", FR_ORDER, swap("91001.pdf?1700000000", "91001.pdf?1800000000"), COSMETIC),
    Edit("white space in a title", FR_ORDER, swap("Measuring the Use", "Measuring  the\\tUse"), COSMETIC),
    Edit("entity spelt out", FR_RULE, swap("pencils &amp; pens", "pencils & pens"), COSMETIC),
    Edit("entity by number", FR_RULE, swap("pencils &amp; pens", "pencils &#38; pens"), COSMETIC),
    Edit("dash of another width", FR_RULE, swap("pens – and", "pens — and"), COSMETIC),
    Edit("5 spelt 5.0", FR_ORDER, swap('"page_length": 3', '"page_length": 3.0'), COSMETIC),
    Edit("null told as nothing", FR_RULE, swap('"comment_url": null', '"comment_url": ""'), COSMETIC),
    Edit("title", FR_ORDER, swap("Federal Offices", "State Offices"), SUBSTANTIVE),
    Edit("day on which it takes effect", FR_RULE, put("/results/0/effective_on", "2026-05-02"), SUBSTANTIVE),
    Edit("day in the prose of dates", FR_RULE, swap("May 1, 2026", "May 2, 2026"), SUBSTANTIVE),
    Edit("last day of comments", FR_RULE, put("/results/0/comments_close_on", "2026-06-01"), SUBSTANTIVE),
    Edit("agency added", FR_RULE, append("/results/0/agencies", {"name": "Labor Department", "id": 271}), SUBSTANTIVE),
    Edit("docket added", FR_RULE, append("/results/0/docket_ids", "ED-2026-OS-0002"), SUBSTANTIVE),
    Edit("RIN changed", FR_RULE, swap("1810-ZZ99", "1810-ZZ98"), SUBSTANTIVE),
    Edit("not added", FR_RULE, swap("and report", "and do not report"), SUBSTANTIVE),
    Edit("action", FR_RULE, swap('"Final rule."', '"Interim final rule."'), SUBSTANTIVE),
    Edit("correction linked", FR_RULE, put("/results/0/corrections", []), SUBSTANTIVE),
    Edit("disposition", FR_ORDER, swap("Amends: EO 14998", "Revokes: EO 14998"), SUBSTANTIVE),
    Edit("significance", FR_RULE, put("/results/0/significant", True), SUBSTANTIVE),
    Edit("topic removed", FR_RULE, drop("/results/0/topics/1"), SUBSTANTIVE),
    # Federal Register, bulk XML
    Edit("lines broken elsewhere", FR_XML, swap("must dim at dawn.", "must dim\n            at dawn."), COSMETIC),
    Edit("page break moved", FR_XML,
         swap('was <PRTPAGE P="3102"/>proposed', 'was proposed<PRTPAGE P="3102"/>'), COSMETIC),
    Edit("comment in the mark-up", FR_XML, swap("<SUPLINF>", "<SUPLINF><!-- made 2026-02-01 -->"), COSMETIC),
    Edit("attributes in another order", FR_XML, swap('PART="62" TITLE="33"', 'TITLE="33" PART="62"'), COSMETIC),
    Edit("hyphen for a dash", FR_XML, swap("Table 1—Lamps", "Table 1-Lamps"), COSMETIC),
    Edit("emphasis", FR_XML, swap('<E T="03">confuses</E>', '<E T="04">confuses</E>'), COSMETIC),
    Edit("million to billion", FR_XML, swap("$2 million", "$2 billion"), SUBSTANTIVE),
    Edit("one digit of an amount", FR_XML, swap("$2 million", "$3 million"), SUBSTANTIVE),
    Edit("table cell", FR_XML, swap("<ENT>12</ENT>", "<ENT>13</ENT>"), SUBSTANTIVE),
    Edit("footnote", FR_XML, swap("Dawn is defined in § 62.3.", "Dawn is defined in § 62.5."), SUBSTANTIVE),
    Edit("section number", FR_XML, swap("<SECTNO>§ 62.4", "<SECTNO>§ 62.6"), SUBSTANTIVE),
    Edit("must to may", FR_XML, swap("must dim at dawn", "may dim at dawn"), SUBSTANTIVE),
    Edit("docket number", FR_XML, swap("HLA-2025-0007", "HLA-2025-0008"), SUBSTANTIVE),
    Edit("paragraph added", FR_XML,
         swap("<P>(b) Dim at dawn.</P>", "<P>(b) Dim at dawn.</P><P>(c) Log it.</P>"), SUBSTANTIVE),
    # GOV.UK, content in JSON
    Edit("updated_at alone", GOVUK, put("/updated_at", "2026-09-09T01:02:03.004Z"), COSMETIC),
    Edit("public_updated_at alone", GOVUK, put("/public_updated_at", "2026-09-09T01:02:03.004Z"), COSMETIC),
    Edit("id of the request", GOVUK, put("/publishing_request_id", "9-9-9"), COSMETIC),
    Edit("class in the text", GOVUK, swap("<p>Read <strong>", '<p class=\\"a\\" id=\\"b\\">Read <strong>'), COSMETIC),
    Edit("strong to b", GOVUK, swap("<strong>both</strong>", "<b>both</b>"), COSMETIC),
    Edit("thumbnail of a file", GOVUK,
         swap('src=\\"x.png\\"', 'src=\\"https://assets.example/thumb_9.png\\"'), COSMETIC),
    Edit("instants in another zone", GOVUK,
         swap("2024-05-01T09:30:00.000+00:00", "2024-05-01T10:30:00+01:00"), COSMETIC),
    Edit("link's own page updated", GOVUK, put("/links/taxons/0/public_updated_at", "2026-01-01T00:00:00Z"), COSMETIC),
    Edit("collection renamed", GOVUK, put("/links/document_collections/0/title", "Every rule"), COSMETIC),
    Edit("hit shown later", GOVUK_HITS, put("/results/0/public_timestamp", "2026-09-09T01:02:03Z"), COSMETIC),
    Edit("wrapper around the text", GOVUK_OLD,
         swap('<div class=\\"govspeak\\"><p>First', '<div class=\\"gem\\"><p>First'), COSMETIC),
    Edit("word of the text", GOVUK, swap("<strong>both</strong>", "<strong>all</strong>"), SUBSTANTIVE),
    Edit("attachment added", GOVUK,
         append("/details/attachments", {"title": "Annex", "url": "https://assets.example/c.pdf"}), SUBSTANTIVE),
    Edit("attachment replaced by a longer one", GOVUK, put("/details/attachments/0/number_of_pages", 9), SUBSTANTIVE),
    Edit("linked file", GOVUK, swap("/media/b.csv", "/media/d.csv"), SUBSTANTIVE),
    Edit("note in its history", GOVUK,
         append("/details/change_history", {"public_timestamp": "2024-06-01T09:30:00Z", "note": "Corrected."}),
              SUBSTANTIVE),
    Edit("withdrawn", GOVUK,
         put("/withdrawn_notice", {"explanation": "<p>Replaced.</p>", "withdrawn_at": "2026-01-01T00:00:00Z"}),
              SUBSTANTIVE),
    Edit("reason of a withdrawal", GOVUK_OLD, swap("Replaced by new rules", "Replaced by old rules"), SUBSTANTIVE),
    Edit("organisation added", GOVUK,
         append("/links/organisations", {"content_id": "f", "title": "Home Office", "locale": "en"}), SUBSTANTIVE),
    Edit("description", GOVUK, put("/description", "How machines may be used."), SUBSTANTIVE),
    Edit("type of document", GOVUK, put("/document_type", "guidance"), SUBSTANTIVE),
    Edit("struck through", GOVUK_OLD, swap("<p>Second line.</p>", "<p><del>Second line.</del></p>"), SUBSTANTIVE),
    # White House, HTML in a feed, and pages
    Edit("number of a search box", WH_FEED, swap("wp-block-search__input-7", "wp-block-search__input-31"), COSMETIC),
    Edit("menu entry added", WH_FEED, swap('role="menuitem">All News', 'role="menuitem">All The News'), COSMETIC),
    Edit("feed built anew", WH_FEED, swap("Fri, 02 Oct 2026 14:00:00", "Sat, 03 Oct 2026 14:00:00"), COSMETIC),
    Edit("classes of paragraphs", WH_FEED, swap("wp-block-paragraph", "wp-block-paragraph is-layout-flow"), COSMETIC),
    Edit("inline style", WH_FEED,
         swap('style="text-decoration: underline"', 'style="text-decoration:underline;color:#000"'), COSMETIC),
    Edit("spaces that do not break", WH_FEED, swap("March&nbsp;27", "March&#160;27"), COSMETIC),
    Edit("zone of the publication", WH_FEED,
         swap("Tue, 29 Sep 2026 21:17:25 +0000", "Tue, 29 Sep 2026 17:17:25 -0400"), COSMETIC),
    Edit("share buttons", WH_FEED,
         swap("<p class=\"wp-block-paragraph\">(a) ", "<div class=\"sharedaddy\">Share 120</div><p>(a) "), COSMETIC),
    Edit("script with a nonce", WH_PAGE,
         swap("<p>Made up for a test.", "<script nonce='a1b2'>var t='c3'</script><p>Made up for a test."), COSMETIC),
    Edit("cookie banner", WH_PAGE,
         swap("</body>", "<div class='cookie-banner'>We use cookies.</div></body>"), COSMETIC),
    Edit("moment of the last save", WH_PAGE, swap("2025-01-24T10:00:00", "2025-02-24T10:00:00"), COSMETIC),
    Edit("related posts", WH_PAGE,
         swap("<p>Made up", "<div class='related-posts'><a href='/x'>Another post</a></div><p>Made up"), COSMETIC),
    Edit("comment in a text", WH_PAGE, swap("<p>Made up", "<!-- cached 10:31:02 --><p>Made up"), COSMETIC),
    Edit("tracks on a link", WH_PAGE,
         swap("removing-barriers\"", "removing-barriers?utm_source=feed&amp;utm_medium=rss\""), COSMETIC),
    Edit("shall to may", WH_FEED, swap("Each agency shall keep", "Each agency may keep"), SUBSTANTIVE),
    Edit("order that is named", WH_FEED, swap("Executive Order 14252", "Executive Order 14253"), SUBSTANTIVE),
    Edit("day of signing", WH_FEED, swap("September 29, 2026.</p>", "September 30, 2026.</p>"), SUBSTANTIVE),
    Edit("title of a post", WH_PAGE, swap("Keeping A Register</h1>", "Keeping Two Registers</h1>"), SUBSTANTIVE),
    Edit("target of a link", WH_PAGE,
         swap("/2025-02172/removing-barriers", "/2025-02173/removing-barriers"), SUBSTANTIVE),
    Edit("category", WH_FEED, swap("Executive Orders", "Presidential Memoranda"), SUBSTANTIVE),
    # UK legislation, XML
    Edit("address of a schema", LEG,
         swap('SchemaVersion="1.0"', 'SchemaVersion="1.0" xmlns:x="http://example.org/x"'), COSMETIC),
    Edit("provisions counted", LEG, swap('TotalParagraphs Value="3"', 'TotalParagraphs Value="4"'), COSMETIC),
    Edit("last modified", LEG, swap("<dc:modified>2031-03-04", "<dc:modified>2031-09-04"), COSMETIC),
    Edit("quotes made straight", LEG, swap("“ferry”", '"ferry"'), COSMETIC),
    Edit("emphasis taken away", LEG, swap("<Emphasis>ship</Emphasis>", "ship"), COSMETIC),
    Edit("feed entry updated", LEG_FEED,
         swap("<updated>2031-03-04T23:59:59Z", "<updated>2031-08-04T23:59:59Z"), COSMETIC),
    Edit("day of coming into force", LEG,
         swap('DateTime Date="2031-04-01"', 'DateTime Date="2031-04-02"'), SUBSTANTIVE),
    Edit("definition", LEG, swap(">ship<", ">boat<"), SUBSTANTIVE),
    Edit("footnote of an order", LEG, swap("The year is a sample.", "The year is not a sample."), SUBSTANTIVE),
    Edit("cell of a table", LEG, swap("<td>Fee</td>", "<td>Fine</td>"), SUBSTANTIVE),
    Edit("PDF of another printing", LEG,
         swap('Date="2031-03-04" Size="1000"', 'Date="2031-05-04" Size="1400"'), SUBSTANTIVE),
    # Congress, XML
    Edit("updateDate alone", BILL,
         swap("<updateDate>2025-01-14T19:01:42Z", "<updateDate>2026-01-14T19:01:42Z"), COSMETIC),
    Edit("last action of a related bill", BILL, swap("Referred to a sample committee.", "Reported."), COSMETIC),
    Edit("blanks between elements", BILL, swap("</item>\n", "</item>\n\n   "), COSMETIC),
    Edit("status of a bill", BILL, swap("Signed by President.", "Vetoed by President."), SUBSTANTIVE),
    Edit("number of the law", BILL, swap("Public Law No: 117-207", "Public Law No: 117-208"), SUBSTANTIVE),
    Edit("day of an action", BILL, swap("<actionDate>2022-09-29", "<actionDate>2022-09-28"), SUBSTANTIVE),
    # Grants.gov, JSON
    Edit("token of a visit", GRANT, put("/token", "another"), COSMETIC),
    Edit("entity in a title", GRANT, swap("Benches &amp; Field", "Benches & Field"), COSMETIC),
    Edit("blank at the end of a name", GRANT, swap('Technology ",', 'Technology",'), COSMETIC),
    Edit("ceiling of an award", GRANT, put("/data/synopsis/awardCeiling", "7000001"), SUBSTANTIVE),
    Edit("sign of an amount", GRANT, put("/data/synopsis/awardFloor", "-50000"), SUBSTANTIVE),
    Edit("last day to apply", GRANT, put("/data/synopsis/responseDate", "Aug 09, 2026 12:00:00 AM EDT"), SUBSTANTIVE),
    Edit("announcement replaced", GRANT,
         put("/data/synopsisAttachmentFolders/0/synopsisAttachments/0/fileName", "announcement_v2.pdf"), SUBSTANTIVE),
    # European Union: press, acts
    Edit("mark-up of a release", PRESS, swap("<strong>made up</strong>", "<span class='x'>made up</span>"), COSMETIC),
    Edit("euro sign spelt out", PRESS, swap("&euro;3", "€3"), COSMETIC),
    Edit("zone of a release", PRESS, swap("2026-07-31T09:42:00Z", "2026-07-31T11:42:00+02:00"), COSMETIC),
    Edit("classes of an act", ACT, swap('class="oj-normal"', 'id="p1" class="oj-normal"'), COSMETIC),
    Edit("banner over an act", ACT, swap("<body>", "<body><div class='cookie-banner'>We use cookies.</div>"), COSMETIC),
    Edit("menu over an act", ACT, swap("<body>", "<body><nav><a href='/a'>Home</a></nav>"), COSMETIC),
    Edit("script in an act", ACT, swap("</body>", "<script nonce='1'>var t=1;</script></body>"), COSMETIC),
    Edit("billion to million", PRESS, swap("3 billion", "3 million"), SUBSTANTIVE),
    Edit("act that is linked", PRESS, swap("CELEX:32024R1689", "CELEX:32024R1690"), SUBSTANTIVE),
    Edit("languages of a release", PRESS, swap('["EN", "FR", "DE"]', '["EN", "FR"]'), SUBSTANTIVE),
    Edit("article of an act", ACT, swap("Article 1<", "Article 2<"), SUBSTANTIVE),
    Edit("duty in an act", ACT, swap("Each office keeps", "Each office may keep"), SUBSTANTIVE),
    # BIS, NIST, Canada, OMB, OECD, NSF, Regulations.gov, UK Parliament
    Edit("aside with other news", BIS, swap("Other news", "Newest news"), COSMETIC),
    Edit("script in a page", BIS, swap('var x = "hidden";', 'var x = "other", token = "9f";'), COSMETIC),
    Edit("style in a page", BIS, swap("<p>FOR", "<style>p{color:red}</style><p style='margin:0'>FOR"), COSMETIC),
    Edit("figure in an element named share", BIS,
         swap("<p>It was", "<div class='share'>Share of AI: 40 percent</div><p>It was"), SUBSTANTIVE),
    Edit("share count in a page", BIS,
         swap("<p>It was", "<ul class='share-links'><li>Shared 12 times</li></ul><p>It was"), COSMETIC),
    Edit("form with a CSRF token", BIS,
         swap("<p>It was", "<form><input type='hidden' name='csrf' value='1'></form><p>It was"), COSMETIC),
    Edit("day that a page names", BIS, swap("June 1, 2025", "June 2, 2025"), SUBSTANTIVE),
    Edit("document that a page links", BIS,
         swap("/2026-90001/a-sample-rule", "/2026-90002/a-sample-rule"), SUBSTANTIVE),
    Edit("title in CDATA", NIST,
         swap("<title>A blog post</title>", "<title><![CDATA[A blog post]]></title>"), COSMETIC),
    Edit("EST by its offset", NIST, swap("09:00:00 EST", "09:00:00 -0500"), COSMETIC),
    Edit("teaser", NIST, swap("In short.", "In a word."), SUBSTANTIVE),
    Edit("feed of Canada updated", CANADA,
         swap("<updated>2026-10-02T12:10:30", "<updated>2026-10-03T12:10:30"), COSMETIC),
    Edit("tracks on an address", CANADA,
         swap("made-up-speech.html\"", "made-up-speech.html?utm_campaign=x\""), COSMETIC),
    Edit("department", CANADA, swap("Parks Canada", "Health Canada"), SUBSTANTIVE),
    Edit("classes of a list", OMB, swap("<li><a href", "<li class='x'><a target='_blank' href"), COSMETIC),
    Edit("menu of a list", OMB, swap("in a menu", "in the menu"), COSMETIC),
    Edit("view counter of a list", OMB, swap("<h2>2026</h2>", "<p>Seen 20,311 times</p><h2>2026</h2>"), COSMETIC),
    Edit("memorandum taken off the list", OMB,
         swap('<li><a href="/wp-content/uploads/2025/02/m-25-90.pdf">', '<li><a href="/x.html">'), SUBSTANTIVE),
    Edit("note of a line", OMB, swap("rescinded by M-26-90", "rescinded by M-26-91"), SUBSTANTIVE),
    Edit("file of a memorandum", OMB, swap("M-26-91.pdf", "M-26-91-Revised.pdf"), SUBSTANTIVE),
    Edit("comments counted", OECD, swap("<slash:comments>0", "<slash:comments>14"), COSMETIC),
    Edit("text of a post", OECD, swap("A made up text.", "A made up text, changed."), SUBSTANTIVE),
    Edit("break spelt otherwise", NSF, swap("change.<br/><br/>This", "change.<br><br />This"), COSMETIC),
    Edit("amount of an award", NSF, swap('"600000"', '"600001"'), SUBSTANTIVE),
    Edit("modifyDate alone", REGS,
         swap('"modifyDate" : "2025-09-26T13:30:20Z"', '"modifyDate" : "2025-10-26T13:30:20Z"'), COSMETIC),
    Edit("end of comments", REGS, swap("2025-10-28T03:59:59Z", "2025-10-29T03:59:59Z"), SUBSTANTIVE),
    Edit("withdrawal", REGS, swap('"withdrawn" : false', '"withdrawn" : true'), SUBSTANTIVE),
    Edit("lastUpdate alone", UK_BILL, put("/lastUpdate", "2026-03-05T09:30:00.1"), COSMETIC),
    Edit("photograph of a member", UK_BILL, swap("Members/9001/Thumbnail", "Members/9001/Thumbnail?v=2"), COSMETIC),
    Edit("defeat", UK_BILL, put("/isDefeated", True), SUBSTANTIVE),
    # What is around a text and what is in it
    Edit("cache key of a picture", GOVUK, swap("map.png?v=1", "map.png?v=2"), COSMETIC, PICTURE),
    Edit("picture of another size", GOVUK, swap("width='9'", "width='900'"), COSMETIC, PICTURE),
    Edit("words of a picture", GOVUK, swap("Fee: 5", "Fee: 6"), SUBSTANTIVE, PICTURE),
    Edit("words of a picture of a page", BIS, swap("Fee: 5", "Fee: 6"), SUBSTANTIVE, BIS_TEXT),
    Edit("frame that counts visits", GOVUK,
         swap("both files.", "both files.<iframe src='https://t.example/1' width='1' height='1'></iframe>"), COSMETIC,
         swap("<strong>both</strong> files.", "both files.")),
    Edit("PDF in a frame", GOVUK, swap("rules.pdf", "rules-2.pdf"), SUBSTANTIVE, FRAME),
    Edit("PDF in a frame of a page", BIS, swap("rules.pdf", "rules-2.pdf"), SUBSTANTIVE, BIS_TEXT),
    Edit("PDF in a frame of a post", WH_PAGE, swap("rules.pdf", "rules-2.pdf"), SUBSTANTIVE,
         swap("<p>Made up", "<iframe src='/rules.pdf'>No frames.</iframe><p>Made up")),
    Edit("film that is linked", GOVUK, swap("watch?v=AAA", "watch?v=BBB"), SUBSTANTIVE, LINKS),
    Edit("edition of a linked file", GOVUK, swap("M-25-21.pdf?v=1", "M-25-21.pdf?v=2"), SUBSTANTIVE, LINKS),
    Edit("edition of a linked framework", GOVUK, swap("rmf.pdf?ver=1.0", "rmf.pdf?ver=2.0"), SUBSTANTIVE, LINKS),
    Edit("token of a form around a page", BIS, swap("value='1'", "value='2'"), COSMETIC, in_a_form),
    Edit("day in a form around a page", BIS, swap("June 1, 2025", "June 2, 2025"), SUBSTANTIVE, in_a_form),
    Edit("link of a menu", BIS, swap("/x'>More", "/y'>Most"), COSMETIC, BIS_TEXT),
    *(
        Edit(f"day in a text of class {name}", fixture, swap("Deadline 1 May", "Deadline 1 June"), SUBSTANTIVE,
             swap(old, f"<div class='{name}'><p>Deadline 1 May</p></div>{old}"))
        for name in ("related", "social", "nav")
        for fixture, old in ((GOVUK, "<p>Read <strong>"), (BIS, "<p>It was"), (WH_PAGE, "<p>Made up"))
    ),
    *(
        Edit(f"struck by {mark} in {fixture}", fixture, swap(old, old.replace("up", f"<{mark}>up</{mark.split()[0]}>")),
             SUBSTANTIVE)
        for mark in ("s", "del", "span class='strike'")
        for fixture, old in ((WH_PAGE, "<p>Made up for"), (OECD, "<p>A made up text"))
    ),
    Edit("struck in a page", BIS, swap("It was announced", "It <s>was</s> announced"), SUBSTANTIVE),
    Edit("struck in an act", ACT, swap("Each office keeps", "Each <s>office</s> keeps"), SUBSTANTIVE),
    *(
        Edit(f"power in {fixture}", fixture, swap(f"10{mark}", "1026"), SUBSTANTIVE, swap(old, f"10{mark} {old}"))
        for fixture, old, mark in (
            (GOVUK, "files.</p>", "<sup>26</sup>"), (BIS, "It was announced", "<sup>26</sup>"),
            (WH_PAGE, "Made up for", "<sup>26</sup>"), (ACT, "Each office keeps", "<span class='oj-super'>26</span>"),
        )
    ),
    Edit("signs of comparison", FR_RULE, swap("x <y and z> 3", "x <q and z> 3"), SUBSTANTIVE,
         swap("and report", "and report x <y and z> 3")),
    Edit("stage", UK_BILL, put("/currentStage/description", "2nd reading"), SUBSTANTIVE),
)
# fmt: on
