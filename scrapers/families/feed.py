"""RSS 2.0 and Atom feeds, read strictly: what sources with feeds share.

Entries stay raw: names as the feed has them (`content:encoded`, `dc:creator`), text once unescaped, so that each source
reads them as records. Document type declarations are refused and entities never expanded. Does not belong here: which
field of a source means what.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html.entities import html5
from typing import Any, Literal
from xml.sax.saxutils import escape

from lxml import etree

from scrapers.contracts import NotADocument, ParsedAnswer, Truncated, UnknownShape
from scrapers.families.dates import iso_instant
from scrapers.families.text import as_text, one_line
from scrapers.families.xml import MAX_DEPTH, MAX_XML_BYTES, decoded, root_name, strict_tree

ATOM = "http://www.w3.org/2005/Atom"
PREFIXES = {
    ATOM: "atom",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://purl.org/rss/1.0/modules/slash/": "slash",
    "http://wellformedweb.org/CommentAPI/": "wfw",
    "http://search.yahoo.com/mrss/": "media",
    "http://a9.com/-/spec/opensearch/1.1/": "openSearch",
    "http://www.legislation.gov.uk/namespaces/metadata": "ukm",
    "http://www.legislation.gov.uk/namespaces/legislation": "leg",
    "http://www.w3.org/XML/1998/namespace": "xml",
}
"""Prefixes by which fields are named, whatever the feed calls them; others keep the feed's own."""
ALWAYS_LISTS = frozenset(
    ("category", "author", "contributor", "enclosure", "media:content", "dc:creator", "dc:subject")
)
"""Names that may be repeated; so may Atom's `link`. Others become a list only when they are."""
FEED_ROOTS = frozenset(("rss", "feed"))
SITEMAP_ROOTS = frozenset(("urlset", "sitemapindex"))
OF_AN_ENTRY = frozenset(("guid", "id", "link", "title"))
"""Names of fields, some of which every entry has."""
_NO_ENTRIES = frozenset(("author", "contributor", "image", "source", "textInput", "textinput"))
"""What holds a title or a link in a feed and is none of its entries."""
_BOM = b"\xef\xbb\xbf"
_CDATA = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
_CDATA_BYTES = re.compile(rb"<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
"""Also one that is left open, which holds all that follows."""
_STRAY = re.compile(r"&(?:#(\d{1,7}|x[0-9A-Fa-f]{1,6});|([A-Za-z]\w{0,31});)?")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_INLINE = re.compile(r"</?(?:b|br|em|i|span|strong|sub|sup|u)\b[^<>]*>", re.IGNORECASE)
_WEB = re.compile(r"https?://", re.IGNORECASE)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Feed:
    """A feed as it came."""

    form: Literal["rss", "atom"]
    about: dict[str, Any]
    """What it says of itself, without its entries."""
    entries: tuple[dict[str, Any], ...]
    """In the feed's order; those of one feed share the names, not the fields."""
    was_mended: bool
    """Whether stray signs had to be escaped before it could be read."""


def read_feed(body: bytes) -> Feed:
    """Read one RSS 2.0 or Atom feed; an empty one has no entries.

    Raises BlockPage for walls, UpstreamError for HTML, NotADocument for sitemaps, other XML and text, Truncated for
    bytes that end before the feed does, and UnknownShape for document type declarations, for XML that is none, for a
    feed without its channel and for one whose entries have another name.
    """
    root, was_mended = _tree(body, "a feed", FEED_ROOTS)
    space, name = _space_and_name(root)
    if name == "feed":
        entries = tuple(_children(entry, space) for entry in root if _space_and_name(entry) == (space, "entry"))
        if not entries:
            refuse_other_entries(root, "entry")
        return Feed("atom", _about(root, space, "entry"), entries, was_mended)
    channel = next((child for child in root if _space_and_name(child)[1] == "channel"), None)
    if channel is None:
        raise UnknownShape("expected a channel in the feed, got none")
    space = _space_and_name(channel)[0]
    entries = tuple(_children(item, space) for item in channel if _space_and_name(item) == (space, "item"))
    if not entries:
        refuse_other_entries([*channel, *(child for child in root if child is not channel)], "item")
    return Feed("rss", _about(channel, space, "item"), entries, was_mended)


def refuse_other_entries(elements: Iterable[etree._Element], expected: str) -> None:
    """Raise UnknownShape when a feed without entries holds what looks like entries of another name: it is not empty."""
    for element in elements:
        held = {_space_and_name(child)[1] for child in element}
        if held & OF_AN_ENTRY and _space_and_name(element)[1] not in _NO_ENTRIES:
            raise UnknownShape(
                f"expected {expected} in the feed, got {_space_and_name(element)[1]} with {sorted(held)[:6]}"
            )


def refuse_foreign_feed(feed: Feed, own: re.Pattern[str], expected: str) -> None:
    """Raise NotADocument for a feed that states addresses, its own or those of its entries, and none that is `own`,
    and for an empty one that states none.

    Feeds are alike everywhere: that one can be read says nothing about whose it is.
    """
    stated = [address for fields in (feed.about, *feed.entries) for address in _addresses(fields)]
    if (stated or not feed.entries) and not any(map(own.match, stated)):
        raise NotADocument(f"expected {expected}, got a feed of {stated[0][:80] if stated else 'nobody, and empty'}")


def read_sitemap(body: bytes) -> tuple[str, list[tuple[str, str | None]]]:
    """The root of a sitemap, and each address with the time of its last change as it is written.

    Raises what `read_feed` raises, and NotADocument for XML that is no sitemap.
    """
    root, _ = _tree(body, "a sitemap", SITEMAP_ROOTS)
    listed = []
    for entry in root:
        fields = {_space_and_name(child)[1]: (child.text or "").strip() for child in entry}
        if not fields.get("loc"):
            raise UnknownShape(f"expected an address in each entry of a sitemap, got {sorted(fields)}")
        listed.append((fields["loc"], fields.get("lastmod") or None))
    return _space_and_name(root)[1], listed


def with_flag(answer: ParsedAnswer, flag: str) -> ParsedAnswer:
    """The answer with one flag more on each of its documents, such as that its mark-up had to be mended."""
    flagged = tuple(
        document.model_copy(update={"text_flags": tuple(sorted({*document.text_flags, flag}))})
        for document in answer.documents
    )
    return answer.model_copy(update={"documents": flagged})


def many(value: Any) -> list[Any]:
    """A field's values as a list, however often it was there."""
    return [] if value is None else value if isinstance(value, list) else [value]


def text_part(value: Any) -> str:
    """The text of a field that may have attributes, such as `guid` or Atom's `content`.

    Raises TypeError for a field that has fields of its own.
    """
    return as_text(value.get("text", "") if isinstance(value, dict) else value)


def links(entry: dict[str, Any]) -> list[dict[str, str]]:
    """Atom links of an entry: each with `href` and what else it states; `rel` is "alternate" where it states none."""
    found = []
    for link in many(entry.get("link")):
        stated = {name.removeprefix("@"): value for name, value in link.items()} if isinstance(link, dict) else {}
        if "href" in stated:
            found.append({"rel": "alternate", **stated})
    return found


def address_of(entry: dict[str, Any]) -> str | None:
    """Where an entry leads: RSS's `link`, Atom's alternate one; None where it states none."""
    for link in links(entry):
        if link["rel"] == "alternate":
            return link["href"]
    plain = next((link.strip() for link in many(entry.get("link")) if isinstance(link, str) and link.strip()), None)
    guid = entry.get("guid")
    if plain is None and guid is not None and not (isinstance(guid, dict) and guid.get("@isPermaLink") == "false"):
        address = text_part(guid).strip()
        return address if address.startswith(("http://", "https://")) else None
    return plain


def plain_title(text: str | None, flags: set[str]) -> str | None:
    """A title in one line, also where it was escaped twice or holds mark-up for emphasis."""
    return one_line(None if text is None else _INLINE.sub("", one_line(text, set()) or ""), flags)


def feed_instant(text: object) -> datetime:
    """The UTC instant of an RFC 822 or ISO 8601 time with its zone.

    Raises TypeError, ValueError or OverflowError when it names no certain instant.
    """
    written = " ".join(as_text(text).split())
    if _ISO.match(written):
        return iso_instant(written)
    moment = parsedate_to_datetime(written)
    if moment.tzinfo is None:
        raise ValueError(f"expected an instant with its zone, got {written[:80]!r}")
    return moment.astimezone(UTC)


def _addresses(fields: dict[str, Any]) -> Iterator[str]:
    """Each web address that a feed or an entry names as its link or as its id."""
    plain = [*many(fields.get("link")), fields.get("id")]
    for address in (*(link["href"] for link in links(fields)), *plain):
        if isinstance(address, str) and _WEB.match(address.strip()):
            yield address.strip()


def _tree(body: bytes, what: str, roots: frozenset[str]) -> tuple[etree._Element, bool]:
    """The tree of a document with one of these roots, and whether stray signs had to be escaped."""
    if len(body) > MAX_XML_BYTES:
        raise UnknownShape(f"expected at most {MAX_XML_BYTES} bytes of XML, got {len(body)}")
    root = root_name(_CDATA_BYTES.sub(b"", body))
    if root.rpartition(":")[2] not in roots:
        raise NotADocument(f"expected {what}, got XML with the root {root}")
    body = body.removeprefix(_BOM).lstrip()
    try:
        return _parse(body), False
    except etree.XMLSyntaxError as error:
        comments = rb"\s*+(?:<!--(?:[^-]++|-(?!->))*-->\s*+)*"
        end = re.compile(rb"</" + re.escape(root.encode()) + rb"\s*+>" + comments + rb"\Z")
        if not end.match(body, max(0, body.rfind(b"</" + root.encode()))):
            raise Truncated(f"expected </{root}> at the end, got bytes that end before it: {error}") from error
    try:
        return _parse(_mended(decoded(body)).encode()), True
    except etree.XMLSyntaxError as error:
        raise UnknownShape(f"XML that cannot be mended: {error}") from error


def _about(element: etree._Element, space: str, without: str) -> dict[str, Any]:
    return _fields([child for child in element if _space_and_name(child) != (space, without)], space)


def _children(element: etree._Element, space: str) -> dict[str, Any]:
    return _fields(list(element), space)


def _fields(elements: list[etree._Element], space: str) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for element in elements:
        name, value = _name(element, space), _value(element, space)
        if name in ALWAYS_LISTS or (name == "link" and space):
            fields.setdefault(name, []).append(value)
        elif name in fields:
            fields[name] = [*many(fields[name]), value]
        else:
            fields[name] = value
    return fields


def _value(element: etree._Element, space: str) -> Any:
    attributes = {f"@{_attribute_name(key)}": str(value) for key, value in element.attrib.items()}
    children = list(element)
    if not children:
        text = element.text or ""
        return ({**attributes, "text": text} if text.strip() else attributes) if attributes else text
    pieces = (element.text, *(child.tail for child in children))
    if attributes.get("@type") == "xhtml" or any(piece and piece.strip() for piece in pieces):
        inner = escape(element.text or "") + "".join(etree.tostring(child, encoding="unicode") for child in children)
        return {**attributes, "text": inner} if attributes else inner
    return {**attributes, **_fields(children, space)}


def _name(element: etree._Element, space: str) -> str:
    own, name = _space_and_name(element)
    if own == space:
        return name
    prefix = PREFIXES.get(own) or element.prefix or own
    return f"{prefix}:{name}" if prefix else name


def _attribute_name(key: str | bytes) -> str:
    qualified = etree.QName(key)
    prefix = PREFIXES.get(qualified.namespace or "", qualified.namespace)
    return f"{prefix}:{qualified.localname}" if prefix else qualified.localname


def _space_and_name(element: etree._Element) -> tuple[str, str]:
    qualified = etree.QName(element)
    return qualified.namespace or "", qualified.localname


def _parse(body: bytes) -> etree._Element:
    root = strict_tree(body)
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnknownShape("expected XML without a document type declaration, got one; entities are never expanded")
    if root.xpath("/*" * (MAX_DEPTH + 1)):
        raise UnknownShape(f"expected XML nested at most {MAX_DEPTH} deep, got deeper")
    return root


def _mended(text: str) -> str:
    """Escape what is no reference of XML and drop characters that it forbids; nothing else is touched."""
    out, position = [], 0
    for section in _CDATA.finditer(text):
        out += [_STRAY.sub(_reference, text[position : section.start()]), section.group()]
        position = section.end()
    out.append(_STRAY.sub(_reference, text[position:]))
    return _ILLEGAL.sub("", "".join(out))


def _reference(match: re.Match[str]) -> str:
    number, name = match[1], match[2]
    if number:
        code = int(number[1:], 16) if number.startswith("x") else int(number)
        is_legal = code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
        return match[0] if is_legal else "\ufffd"
    if name in ("lt", "gt", "amp", "quot", "apos"):
        return match[0]
    if name and (meant := html5.get(f"{name};")):
        return escape(meant)
    return "&amp;" + match[0][1:]
