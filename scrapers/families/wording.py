"""What a value says, however it is spelt: content hashes are made of this, so that only what is said is a change.

Spelling, which is no change: mark-up and its attributes, scripts, comments, white space, entities, typographic quotes
and dashes, the notation of an instant or a number, tracking and cache parameters of addresses, navigation, sharing,
consent and related links inside a text, pictures and their sizes. Everything else is said: each word and digit, the
order of words, where a link leads, what is struck through. Does not belong here: which fields of a source are
housekeeping, see the sources' contracts.
"""

from __future__ import annotations

import html as entities
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from lxml import etree, html

from scrapers.contracts import content_sha256

CHROME_TAGS = frozenset(
    ("script", "style", "nav", "noscript", "template", "svg", "form", "button", "select", "iframe", "object", "head")
)
_CHROME_CLASSES = frozenset((
    "addtoany", "breadcrumb", "breadcrumbs", "cookie-banner", "cookie-consent", "cookie-notice", "cookies",
    "jp-relatedposts", "nav", "navbar", "navigation", "newsletter", "page-views", "pager", "related",
    "related-articles",
    "related-content", "related-links", "related-posts", "share", "share-buttons", "share-count", "share-link",
    "share-links", "sharedaddy", "sharing", "skip-link", "social", "social-links", "social-media", "social-share",
    "tracking-pixel", "view-count", "views-count",
))  # fmt: skip
_STRUCK = frozenset(("del", "s", "strike"))
_INLINE = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q", "s",
    "small", "span", "strike", "strong", "sub", "sup", "u", "var",
))  # fmt: skip
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>|<!--")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        "\u2026": "...",
    }
)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?\s?(?:Z|UTC|[+-]\d\d:?\d\d)")
_MAIL_DATE = re.compile(r"(?:\w{3}, )?\d{1,2} \w{3} \d{4} \d\d:\d\d(?::\d\d)? (?:[A-Z]{1,4}|[+-]\d{4})")
_WHOLE = re.compile(r"(-?\d{1,30})\.0+")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_TRACKING = re.compile(
    r"utm_\w+|gclid|dclid|fbclid|msclkid|mc_[ce]id|igshid|_ga|_gl|_hs\w+|hss_channel|ref_src|s_cid|cmpid|sessionid"
    r"|jsessionid|phpsessid|sid|csrf\w*|_|cb|cachebust(?:er)?|nocache|rnd|ts|timestamp|v|ver",
    re.IGNORECASE,
)


def hash_of(said: object) -> str:
    """The content hash of what a source says."""
    return content_sha256(worded(said))


def worded(value: Any) -> Any:
    """A JSON-like value in one spelling; fields that say nothing are left out, numbers become text."""
    if isinstance(value, dict):
        kept = {name: worded(inner) for name, inner in value.items()}
        return {name: inner for name, inner in kept.items() if inner not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [worded(inner) for inner in value]
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return words_of(value) if isinstance(value, str) else value


def words_of(text: str) -> str:
    """A text in one spelling: an instant in UTC, an address without its tracks, prose without its mark-up."""
    text = text.strip()
    if _INSTANT.fullmatch(text) or _MAIL_DATE.fullmatch(text):
        return _instant(text)
    if _ADDRESS.fullmatch(text):
        return address_of_words(text)
    if whole := _WHOLE.fullmatch(text):
        return whole[1]
    for _ in range(2):
        if _TAG.search(text):
            return _folded(" ".join(_pieces(text)))
        text = entities.unescape(text)
    return _folded(text)


def address_of_words(address: str) -> str:
    """An address without what hangs on the visit: tracks, cache keys, session ids, the scheme's letter, a last "
    "slash.
    """
    address = entities.unescape(address)
    try:
        parts = urlsplit(address)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return address
    kept = [(name, value) for name, value in pairs if not _TRACKING.fullmatch(name)]
    query = f"?{urlencode(kept)}" if kept else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    host = parts.netloc.lower().removesuffix(":443").removesuffix(":80")
    return f"{'//' if host else ''}{host}{parts.path.rstrip('/')}{query}{fragment}"


def content_of(tree: html.HtmlElement) -> html.HtmlElement | None:
    """The part of a page that holds its text, without what surrounds it; None for a page without a body.

    The tree is changed: what surrounds the text is dropped from it.
    """
    held = tree.xpath("//main | //*[@role='main'] | //article") or tree.xpath("//body")
    if not held:
        return None
    content: html.HtmlElement = held[0]
    for element in [*content.iter(etree.Element)]:
        is_heading = element.tag == "header" and element.find(".//h1") is not None
        is_around = element.tag in ("header", "footer", "aside") and not is_heading
        if (is_around or is_chrome(element)) and element is not content and element.getparent() is not None:
            element.drop_tree()
    return content


def words_of_element(element: html.HtmlElement) -> str:
    """What an element says, with where its links lead."""
    return _folded(" ".join(_said(element)))


def _instant(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text.replace("UTC", "Z")) if text[4:5] == "-" else parsedate_to_datetime(text)
        return moment.astimezone(UTC).isoformat() if moment.tzinfo else text
    except (ValueError, OverflowError):
        return text


def _folded(text: str) -> str:
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).translate(_TYPOGRAPHY)
    return " ".join(visible.split())


def _pieces(markup: str) -> Iterator[str]:
    try:
        root = html.fragment_fromstring(markup.replace("\x00", ""), create_parent="div")
    except (etree.LxmlError, ValueError):
        yield re.sub(r"<[^>]*>", " ", markup)
        return
    yield from _said(root)


def _said(root: html.HtmlElement) -> Iterator[str]:
    """Words and links in order; words that mark-up alone parts are one word."""
    run: list[str] = []
    hidden = 0
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        is_element = isinstance(element.tag, str)
        if is_element and (is_chrome(element) and element is not root):
            hidden += 1 if event == "start" else -1
        elif is_element and not hidden:
            run.append("" if element.tag in _INLINE else " ")
            run.extend(_marks(element, event))
        if event == "start" and is_element and not hidden:
            run.append(element.text or "")
        if event != "start" and not hidden and element is not root:
            run.append(element.tail or "")
    yield "".join(run)


def _marks(element: html.HtmlElement, event: str) -> Iterator[str]:
    """What an element says beside its words: that they are struck, and where they lead."""
    if element.tag in _STRUCK:
        yield "[struck " if event == "start" else "]"
    target = str(element.get("href") or "").strip() if element.tag == "a" and event == "end" else ""
    if target and not target.startswith("#") and not target.lower().startswith("javascript:"):
        yield f"[{address_of_words(target)}]"


def is_chrome(element: html.HtmlElement) -> bool:
    """Whether an element is no part of the text that it stands in: a script, a menu, a form, a banner, a counter."""
    return element.tag in CHROME_TAGS or not _CHROME_CLASSES.isdisjoint((element.get("class") or "").lower().split())
