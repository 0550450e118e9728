"""Posts of whitehouse.gov: items of its feeds, and the web pages of single posts.

What the site puts around a text (the topper with its navigation, the line that says where a post appeared first) is
dropped before anything is read or hashed: it holds numbers that hang on a post's place in the feed. Does not belong
here: asking the site.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from lxml import etree
from lxml import html as lxml_html

from scrapers.contracts import (
    Attachment,
    Depth,
    Identifier,
    Organisation,
    PolicyDocument,
    StatedRelation,
    UnknownShape,
)
from scrapers.families.dates import LONG_DAY, iso_instant, long_day
from scrapers.families.federal_register import DASHES, NUMBER, linked
from scrapers.families.feed import address_of, feed_instant, many, plain_title, text_part
from scrapers.families.records import Record, identifiers
from scrapers.families.text import as_text, clean, html_to_text, one_line, web_address
from scrapers.families.wording import drop_chrome, hash_of, is_chrome, words_of_element
from scrapers.registry import KnownFields, source

SLUG = "us_white_house"
PARSER_VERSION = "us_white_house/7"
"""Raised whenever the same bytes would be read differently."""
SITE = "https://www.whitehouse.gov"
KNOWN = source(SLUG).known_fields
ZONE = ZoneInfo(source(SLUG).time_zone)
POST = re.compile(r"/([a-z-]+)/(\d{4})/(\d{2})/[^/]+/?")
"""The path of a post: its section, year and month."""
SECTIONS = {
    "presidential-actions": "Presidential Actions",
    "briefings-statements": "Briefings & Statements",
    "fact-sheets": "Fact Sheets",
    "releases": "Releases",
    "remarks": "Remarks",
    "research": "Research",
    "articles": "Articles",
}
"""Names of sections by how addresses spell them; the web page of a post names its subsection alone."""
_CHROME = re.compile(r"(?:^|\s)(?:wp-block-whitehouse-(?:topper|byline)|sharedaddy|jp-relatedposts)[\w-]*")
_APPEARED = re.compile(r"The post .{1,2000} appeared first on The White House\s*\.\s*", re.DOTALL)
_SIGNED = re.compile(rf"THE WHITE HOUSE,?\s+({LONG_DAY.pattern})\.?\s*\Z")
_TAIL = 160
_POST_ID = re.compile(r"https?://(?:www\.)?whitehouse\.gov/\?(?:[\w-]+=[^&#]*&)*p=(\d+)(?:&.*)?")
_FILED = re.compile(rf"\[?FR Doc\.? (?:No\.? )?({NUMBER})")


def parse_post(record: Record) -> PolicyDocument:
    """Read one item of a feed; raises an error that says what was expected when it cannot be read for certain."""
    flags: set[str] = set()
    url = record.attempt("link", lambda: web_address(address_of(record)))
    guid = record.read("guid", text_part) or ""
    known = _POST_ID.fullmatch(guid.strip())
    content = record.read("content:encoded", text_part)
    text = _without_chrome(content) if content else None
    published = record.take("pubDate", feed_instant)
    sections = [name for one in many(record.pop("category", None)) if (name := one_line(text_part(one), flags))]
    creators = [one_line(text_part(one), flags) for one in many(record.pop("dc:creator", None))]
    title = plain_title(record.text("title"), flags)
    abstract = html_to_text(_without_appeared(record.text("description") or ""), flags)
    document_type, document_subtype, others = _types(sections, url)
    if others:
        record["category"] = others
    for name in ("content:encoded", "link"):
        if name not in record.faults:
            record.pop(name, None)
    if known:
        record.pop("guid", None)
    return _document(
        record,
        flags,
        post_id=known[1] if known else None,
        url=url,
        title=title,
        abstract=abstract,
        text=text,
        published=published,
        document_type=document_type,
        document_subtype=document_subtype,
        publishers=[name for name in creators if name],
        field="content:encoded",
        known=KNOWN["item"],
    )


def is_post_page(root: etree._Element) -> bool:
    """Whether an HTML page shows a single post."""
    return "single-post" in _body_classes(root) or (
        _first(root, "wp-block-whitehouse-topper__headline") is not None and _first(root, "entry-content") is not None
    )


def parse_page(root: etree._Element) -> PolicyDocument:
    """Read the web page of one post; raises UnknownShape when it names no post."""
    flags: set[str] = set()
    record = Record(_page_fields(root))
    url = record.address("canonical")
    post_id = record.text("post_id")
    content = _first(root, "entry-content")
    text = None if content is None else _without_chrome(etree.tostring(content, encoding="unicode", method="html"))
    section = SECTIONS.get(_section_of(url) or "")
    named = [name for one in record.texts("sections") if (name := one_line(one, flags))]
    document_type, document_subtype, others = _types([section, *named] if section else named, url)
    if others:
        record["sections"] = others
    return _document(
        record,
        flags,
        post_id=post_id,
        url=url,
        title=one_line(record.text("headline"), flags),
        abstract=clean(record.text("description"), flags),
        text=text,
        published=record.take("published", lambda value: iso_instant(as_text(value))),
        document_type=document_type,
        document_subtype=document_subtype,
        publishers=["The White House"],
        field="entry-content",
        known=KNOWN["page"],
    )


def path_of(url: str | None) -> str | None:
    """The path of a post on the site, without query; None for other addresses."""
    parts = urlsplit(url or "")
    if parts.netloc not in ("www.whitehouse.gov", "whitehouse.gov") or not POST.fullmatch(parts.path):
        return None
    return f"{parts.path.rstrip('/')}/"


def _document(
    record: Record,
    flags: set[str],
    *,
    post_id: str | None,
    url: str | None,
    title: str | None,
    abstract: str | None,
    text: lxml_html.HtmlElement | None,
    published: datetime | None,
    document_type: str | None,
    document_subtype: str | None,
    publishers: list[str],
    field: str,
    known: KnownFields,
) -> PolicyDocument:
    path = path_of(url)
    if post_id is None and path is None:
        raise UnknownShape("expected the id of a post (?p=...) or the address of one, got neither")
    if title is None:
        raise UnknownShape("expected a title, got none")
    if post_id is None:
        flags.add("named_by_path")
    links = tuple(_links(text)) if text is not None else ()
    body = None if text is None else html_to_text(etree.tostring(text, encoding="unicode", method="html"), flags)
    relations = tuple(_relations(links, body, field, own=path))
    attachments = tuple(_attachments(links, flags))
    said = {
        "title": title,
        "url": url,
        "published": published.isoformat() if published else None,
        "sections": [document_type, document_subtype],
        "publishers": publishers,
        "body": abstract if text is None else words_of_element(text) or abstract,
        "links": sorted({address for address, _ in links}),
    }
    return PolicyDocument(
        source_id=SLUG,
        document_id=f"whitehouse:{post_id}" if post_id else f"whitehouse:path:{path}",
        native_id=post_id or path or "",
        depth=Depth.LISTING if text is None else Depth.FULL,
        url=url,
        title=title,
        abstract=abstract,
        body=body,
        document_type=document_type,
        document_subtype=document_subtype,
        publishers=tuple(Organisation(name=name) for name in publishers),
        identifiers=identifiers(("whitehouse_post", post_id), ("whitehouse_path", path)),
        published_at=published,
        published_date=published.astimezone(ZONE).date() if published else None,
        signed_date=_signed(body) if document_type == "Presidential Actions" else None,
        relations=relations,
        attachments=attachments,
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields=record.left(),
        unread_fields=record.unknown(known),
        content_sha256=hash_of(said),
        parser_version=PARSER_VERSION,
    )


def _types(sections: list[str], url: str | None) -> tuple[str | None, str | None, list[str]]:
    """Section and subsection of a post, and its further categories; its address tells which is the section, also where
    it has no category.
    """
    first = sections[0] if sections else SECTIONS.get(_section_of(url) or "")
    own = next((name for name in sections if _section_of(url) == _slug(name)), first)
    rest = [name for name in sections if name != own]
    return own, rest[0] if rest else None, rest[1:]


def _section_of(url: str | None) -> str | None:
    match = POST.fullmatch(urlsplit(url or "").path)
    return match[1] if match else None


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _without_chrome(content: str) -> lxml_html.HtmlElement:
    """The tree of a text without what the site puts around it."""
    root = lxml_html.fragment_fromstring(content, create_parent="div")
    for element in [*root.iter(etree.Element)]:
        is_around = is_chrome(element) or _CHROME.search(element.get("class") or "")
        if is_around and element is not root and element.getparent() is not None:
            drop_chrome(element)
    for paragraph in [*root.iter("p")][-2:]:
        if _APPEARED.fullmatch(" ".join(paragraph.text_content().split())):
            paragraph.drop_tree()
    return root


def _without_appeared(description: str) -> str:
    head, mark, tail = description.rpartition("<p>The post ")
    return head if mark and "appeared first on" in tail else description


def _links(text: lxml_html.HtmlElement) -> Iterator[tuple[str, str]]:
    """Address and words of each link; what leads nowhere on the web is left out."""
    for link in text.xpath(".//a[normalize-space(@href)]"):
        address = urljoin(f"{SITE}/", link.get("href").strip())
        if re.match(r"https?://[^/?#]", address) and address.isprintable():
            yield address, " ".join(link.text_content().split())


def _relations(
    links: tuple[tuple[str, str], ...], body: str | None, field: str, own: str | None
) -> Iterator[StatedRelation]:
    seen: set[Identifier] = set()
    for address, words in links:
        target = _target(address)
        if target is not None and target not in seen and target.value != own:
            seen.add(target)
            yield StatedRelation(relation="related", target=target, field=field, quote=words or address)
    for match in _FILED.finditer((body or "").translate(DASHES)):
        target = Identifier(scheme="fr_document", value=match[1])
        if target not in seen:
            seen.add(target)
            quote = (body or "")[match.start() : match.end()]
            yield StatedRelation(relation="related", target=target, field=field, quote=quote)


def _target(address: str) -> Identifier | None:
    if target := linked(address):
        return target
    path = path_of(address)
    return Identifier(scheme="whitehouse_path", value=path) if path else None


def _attachments(links: tuple[tuple[str, str], ...], flags: set[str]) -> Iterator[Attachment]:
    seen: set[str] = set()
    for address, words in links:
        is_file = urlsplit(address).path.lower().endswith(".pdf") and _target(address) is None
        if is_file and address not in seen:
            seen.add(address)
            yield Attachment(title=one_line(words, flags), url=address, content_type="application/pdf")


def _signed(body: str | None) -> date | None:
    """The day under the signature, which ends an order, a memorandum or a proclamation."""
    match = _SIGNED.search(" ".join((body or "")[-_TAIL:].split()))
    return long_day(LONG_DAY.match(match[1])) if match else None


def _page_fields(root: etree._Element) -> dict[str, Any]:
    head = {
        "canonical": _attribute(root, "//link[@rel='canonical']", "href"),
        "description": _attribute(root, "//meta[@name='description']", "content"),
        "modified": _attribute(root, "//meta[@property='article:modified_time']", "content"),
    }
    short = _POST_ID.fullmatch(_attribute(root, "//link[@rel='shortlink']", "href") or "")
    classes = [name.removeprefix("postid-") for name in _body_classes(root) if re.fullmatch(r"postid-\d+", name)]
    headline, stamp = _first(root, "wp-block-whitehouse-topper__headline"), _first(root, "wp-block-post-date")
    found = {
        **head,
        "post_id": short[1] if short else classes[0] if classes else None,
        "headline": None if headline is None else headline.text_content(),
        "published": None if stamp is None else _attribute(stamp, "descendant-or-self::time", "datetime"),
        "sections": [one.text_content() for one in _all(root, "wp-block-whitehouse-byline-subcategory__link")],
    }
    return {name: value for name, value in found.items() if value}


def _attribute(element: etree._Element, path: str, name: str) -> str | None:
    found = element.xpath(path)
    value = found[0].get(name) if isinstance(found, list) and found and isinstance(found[0], etree._Element) else None
    return (value or "").strip() or None


def _body_classes(root: etree._Element) -> list[str]:
    return (_attribute(root, "descendant-or-self::body", "class") or "").split()


def _all(root: etree._Element, name: str) -> list[Any]:
    return [element for element in root.iter(etree.Element) if name in (element.get("class") or "").split()]


def _first(root: etree._Element, name: str) -> Any | None:
    return next(iter(_all(root, name)), None)
