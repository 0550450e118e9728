"""What a value says, however it is spelt: content hashes are made of this, so that only what is said is a change.

Spelling, which is no change: mark-up and its attributes, scripts, comments, white space, entities, typographic quotes
and dashes, the notation of an instant or a number, tracking and cache parameters of addresses, navigation, sharing,
consent and related links inside a text, pictures and their sizes. Everything else is said: each word and digit, the
order of words, where a link leads, which file a frame shows, what is struck through or raised, what a picture is said
to show. What looks like chrome by its class or is a form, and yet holds prose, is text. Does not belong here: which
fields of a source are housekeeping, see the sources' contracts.
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
from lxml.html import defs

from scrapers.contracts import content_sha256

CHROME_TAGS = frozenset(("script", "style", "nav", "template", "svg", "select", "iframe", "object", "head"))
_OFTEN_CHROME_TAGS = frozenset(("button", "form", "noscript"))
_CHROME_CLASSES = frozenset((
    "addtoany", "breadcrumb", "breadcrumbs", "cookie-banner", "cookie-consent", "cookie-notice", "cookies",
    "jp-relatedposts", "navbar", "newsletter", "page-views", "pager", "related-articles", "related-posts", "share",
    "share-buttons", "share-count", "share-link", "share-links", "sharedaddy", "sharing", "skip-link", "social-links",
    "social-share", "tracking-pixel", "view-count", "views-count",
))  # fmt: skip
_VAGUE_CLASSES = frozenset((
    "nav", "navigation", "related", "related-content", "related-links", "social", "social-media",
))  # fmt: skip
"""Classes of menus that texts bear too: such an element is chrome only while all its words are links or headings."""
_LITTLE_PROSE = 200
_STATED = re.compile(
    r"\d\s?(?:st|nd|rd|th|er|\.)?\s(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mai|juin|juil|ao[ûu]t|d[ée]c)"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\s\d"
    r"|\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b|[$£€]\s?\d|\d\s?(?:%|per\s?cent)"
    r"|\bshares? of\b|\bshall\b|\bin force\b|\b(?:rescinded|revoked|repealed|superseded|withdrawn|suspended|amended)\b",
    re.IGNORECASE,
)
"""Days, money, parts of a whole, and what becomes of an act: what bears the class of a menu or a banner and says such a
thing is text, however short.
"""
_CHROME_TAG = re.compile(rf"<(?:{'|'.join(sorted(CHROME_TAGS | _OFTEN_CHROME_TAGS))})\b", re.IGNORECASE)
_CLASS = re.compile(r"\bclass\s*=", re.IGNORECASE)
_CHROME_CLASS = re.compile("|".join(sorted(_CHROME_CLASSES | _VAGUE_CLASSES)), re.IGNORECASE)
_PAGE_IN_A_FORM = etree.XPath(
    "boolean(self::*[@id='aspnetForm'] | .//input[@name='__VIEWSTATE'] | .//main | .//article | .//h1 | .//h2)"
)
"""ASP.NET wraps the whole page in a form."""
_SENTENCE = re.compile(r"(?:\S+\s){3,}\S+[.!?]")
_OF_THE_FORM = re.compile(
    r"\b(?:sign up|subscri\w+|newsletters?|e-?mails?|passwords?|captcha|cookies?|required|please|enter|select|choose"
    r"|fill)\b",
    re.IGNORECASE,
)
"""Words of sentences that tell how to fill in a form."""
_FRAMES = {"iframe": "src", "object": "data"}
_NOT_PROSE = frozenset((
    "a", "button", "h1", "h2", "h3", "h4", "h5", "h6", "label", "legend", "noscript", "option", "script", "select",
    "style", "svg", "template", "textarea",
))  # fmt: skip
_STRUCK = frozenset(("del", "s", "strike"))
_STRUCK_CLASSES = frozenset(("line-through", "strike", "strikethrough", "struck", "text-decoration-line-through"))
_RAISED_CLASSES = frozenset(("oj-super", "super", "superscript"))
_INLINE = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q", "s",
    "small", "span", "strike", "strong", "sub", "sup", "u", "var", "wbr",
))  # fmt: skip
_MARKUP = re.compile(
    r"""<(?:(?P<closing>/?)(?P<name>[a-zA-Z][\w:.-]*+)(?P<rest>(?:[^<>"']++|"[^"]{0,4000}"|'[^']{0,4000}'){0,60})>"""
    r"|!--|[!?])?"
)
_OPENS = re.compile(r"</?[a-zA-Z][^<]*>|<!--")
_CLOSED = re.compile(r"</([a-zA-Z][\w:.-]*+)\s*>")
_BARE_ATTRIBUTES = frozenset((
    "allowfullscreen", "async", "checked", "compact", "controls", "defer", "disabled", "hidden", "itemscope",
    "loop", "multiple", "muted", "noshade", "novalidate", "nowrap", "open", "readonly", "required", "reversed",
    "selected",
))  # fmt: skip
_PLAINLY = {
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", ""),
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4`", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    "\u2026": "...",
}
"""Invisible marks and typography, and what is read for them."""
_SPELT = re.compile(f"[{''.join(_PLAINLY)}]")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?\s?(?:Z|UTC|[+-]\d\d:?\d\d)")
_MAIL_DATE = re.compile(r"(?:\w{3}, )?\d{1,2} \w{3} \d{4} \d\d:\d\d(?::\d\d)? (?:[A-Z]{1,4}|[+-]\d{4})")
_WHOLE = re.compile(r"(-?\d{1,30})\.0+")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_PLAIN_ADDRESS = re.compile(
    r"https?:(//[a-z0-9.-]++(?:/[A-Za-z0-9_.~%+=:,@/-]*+)?)(?:\?([a-z_]++)=([A-Za-z0-9_.-]++))?"
)
"""A host in small letters, a path and at most one parameter, in which nothing is escaped or spelt otherwise."""
_PLAIN_TEXT = re.compile(r"(?!\d{4}-\d\d-\d\d[T ]|(?:\w{3}, )?\d{1,2} \w{3} \d{4} |-?\d+\.0|(?i:http))[ -%'-;=-_a-~]*+")
"""ASCII in which nothing is spelt otherwise, but for blanks; it begins as no instant, whole number or address does."""
_RAISED = re.compile(r"[-+\u2212]?\d+\Z")
_TRACKING = re.compile(
    r"utm_\w+|gclid|dclid|fbclid|msclkid|mc_[ce]id|igshid|_ga|_gl|_hs\w+|hss_channel|ref_src|s_cid|cmpid|sessionid"
    r"|jsessionid|phpsessid|sid|csrf\w*|_|cb|cachebust(?:er)?|nocache|rnd",
    re.IGNORECASE,
)
_CACHE_KEY = re.compile(r"ts|timestamp|v|ver", re.IGNORECASE)
"""Keys of a cache at scripts, styles and pictures; elsewhere they name a film, or the edition of a file."""
_CACHED = re.compile(r"\.(?:m?js|css|png|jpe?g|gif|svg|webp|avif|bmp|ico|woff2?|ttf)|/thumb(?:nail)?s?", re.IGNORECASE)


def hash_of(said: object) -> str:
    """The content hash of what a source says."""
    return content_sha256(worded(said))


def worded(value: Any) -> Any:
    """A JSON-like value in one spelling; fields that say nothing are left out, numbers become text."""
    if isinstance(value, str):
        return words_of(value)
    if isinstance(value, dict):
        kept = ((name, worded(inner)) for name, inner in value.items() if inner is not None)
        return {name: inner for name, inner in kept if inner or inner not in (None, "", [], {})}
    if isinstance(value, (list, tuple)):
        return [worded(inner) for inner in value]
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value


def words_of(text: str) -> str:
    """A text in one spelling: an instant in UTC, an address without its tracks, prose without its mark-up."""
    text = text.strip()
    if _PLAIN_TEXT.fullmatch(text):
        return " ".join(text.split()) if "  " in text else text
    if plain := _plain_address(text):
        return plain
    if _INSTANT.fullmatch(text) or _MAIL_DATE.fullmatch(text):
        return _instant(text)
    if _ADDRESS.fullmatch(text):
        return address_of_words(text)
    if whole := _WHOLE.fullmatch(text):
        return whole[1]
    for _ in range(2):
        markup = _markup_of(text)
        if markup is not None:
            return _folded(" ".join(_pieces(markup)))
        text = entities.unescape(text)
    return _folded(text)


def address_of_words(address: str) -> str:
    """An address without what hangs on the visit: tracks, cache keys, session ids, the scheme's letter, a last "
    "slash.
    """
    if plain := _plain_address(address):
        return plain
    address = entities.unescape(address)
    try:
        parts = urlsplit(address)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return address
    is_cached = _CACHED.search(parts.path[-12:]) and not parts.path.endswith("/")
    kept = [
        (name, value)
        for name, value in pairs
        if not (_TRACKING.fullmatch(name) or (is_cached and _CACHE_KEY.fullmatch(name)))
    ]
    query = f"?{urlencode(kept)}" if kept else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    host = parts.netloc.lower().removesuffix(":443").removesuffix(":80")
    return f"{'//' if host else ''}{host}{parts.path.rstrip('/')}{query}{fragment}"


def _plain_address(text: str) -> str | None:
    """What the words of most addresses are, without taking them apart; None for any other text."""
    match = _PLAIN_ADDRESS.fullmatch(text)
    if match is None:
        return None
    place, name, value = match.groups()
    if name is None:
        return place.rstrip("/")
    is_kept = not (_TRACKING.fullmatch(name) or _CACHE_KEY.fullmatch(name))
    return f"{place.rstrip('/')}?{name}={value}" if is_kept else None


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
            drop_chrome(element)
    return content


def drop_chrome(element: html.HtmlElement) -> None:
    """Take chrome out of its page; a frame stays, emptied, for the file that it shows."""
    if element.tag not in _FRAMES:
        element.drop_tree()
        return
    element.text = None
    for inner in [*element]:
        element.remove(inner)


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
    plain = _SPELT.sub(lambda mark: _PLAINLY[mark.group()], unicodedata.normalize("NFC", text))
    return " ".join(plain.split())


def _markup_of(text: str) -> str | None:
    """A text as mark-up, each sign of it that opens no tag escaped; None for a text without a tag.

    "x <y and z> 3" has none: what is not HTML is a tag only if it is closed somewhere, or has attributes with values.
    """
    if not _OPENS.search(text):
        return None
    closed = {name.lower() for name in _CLOSED.findall(text)}
    has_tags = False

    def kept(match: re.Match[str]) -> str:
        nonlocal has_tags
        if match.end() - match.start() == 1:
            return "&lt;"
        is_tag = _is_tag(match, closed) if match["name"] else match.group() == "<!--"
        has_tags |= is_tag
        return match.group() if is_tag or match.group() in ("<!", "<?") else f"&lt;{match.group()[1:]}"

    markup = _MARKUP.sub(kept, text)
    return markup if has_tags else None


def _is_tag(match: re.Match[str], closed: set[str]) -> bool:
    name, rest = match["name"].lower(), match["rest"].rstrip("/").split()
    if match["closing"]:
        return not rest
    if rest:
        return "=" in match["rest"] or _BARE_ATTRIBUTES.issuperset(word.lower() for word in rest)
    return name in defs.tags or name in closed or match["rest"].endswith("/") or not name.isalnum()


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
    skipped: html.HtmlElement | None = None
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        is_element = isinstance(element.tag, str)
        if skipped is None and event == "start" and element is not root and is_chrome(element):
            skipped = element
            run.extend(_shown(element))
        is_heard = skipped is None
        if skipped is element and event == "end":
            skipped = None
        if is_element and is_heard:
            run.append("" if element.tag in _INLINE else " ")
            run.extend(_marks(element, event))
        if event == "start" and is_element and is_heard:
            run.append(element.text or "")
        if event != "start" and skipped is None and element is not root:
            run.append(element.tail or "")
    yield "".join(run)


def _marks(element: html.HtmlElement, event: str) -> Iterator[str]:
    """What an element says beside its words: that they are struck or raised, where they lead, what a picture shows."""
    if _is_struck(element):
        yield "[struck " if event == "start" else "]"
    if event == "start" and _is_raised(element) and _RAISED.match((element.text or "").strip()):
        yield "^"
    if event == "start" and element.tag == "img" and (shown := str(element.get("alt") or "").strip()):
        yield f"[shown: {shown}]"
    target = str(element.get("href") or "").strip() if element.tag == "a" and event == "end" else ""
    if target and not target.startswith("#") and not target.lower().startswith("javascript:"):
        yield f"[{address_of_words(target)}]"


def _is_struck(element: html.HtmlElement) -> bool:
    if element.tag in _STRUCK or not _STRUCK_CLASSES.isdisjoint((element.get("class") or "").lower().split()):
        return True
    return "line-through" in (element.get("style") or "").lower()


def _is_raised(element: html.HtmlElement) -> bool:
    return element.tag == "sup" or not _RAISED_CLASSES.isdisjoint((element.get("class") or "").lower().split())


def _shown(element: html.HtmlElement) -> Iterator[str]:
    """The file that a frame shows; what is too small to see, or hidden, counts visits and shows nothing."""
    name = _FRAMES.get(str(element.tag))
    address = str(element.get(name) or "").strip() if name else ""
    style = "".join((element.get("style") or "").lower().split())
    is_seen = not {element.get("width"), element.get("height")} & {"0", "1", "0px", "1px"}
    if address and is_seen and "display:none" not in style and not address.lower().startswith("about:"):
        yield f" [shown: {address_of_words(address)}] "


def is_chrome(element: html.HtmlElement) -> bool:
    """Whether an element is no part of the text that it stands in: a script, a menu, a form, a banner, a counter."""
    if element.tag in CHROME_TAGS:
        return True
    classes = (element.get("class") or "").lower().split()
    if element.tag == "form" and (_PAGE_IN_A_FORM(element) or _states_something(element)):
        return False
    if element.tag in _OFTEN_CHROME_TAGS or not _CHROME_CLASSES.isdisjoint(classes):
        return _has_little_prose(element, _LITTLE_PROSE) and not _STATED.search(element.text_content())
    return not _VAGUE_CLASSES.isdisjoint(classes) and _has_little_prose(element, 1)


def _states_something(form: html.HtmlElement) -> bool:
    """Whether a paragraph of a form is a sentence that tells something else than how to fill it in."""
    said = (" ".join(paragraph.text_content().split()) for paragraph in form.iter("p"))
    return any(_SENTENCE.fullmatch(one) and not _OF_THE_FORM.search(one) for one in said)


def without_chrome(fragment: str) -> str:
    """A fragment of HTML without what is no part of its text; as it is where it has none of that.

    What is shown as a text and what its content hash is made of is the same, or a change of it would go unseen.
    """
    if not _may_hold_chrome(fragment):
        return fragment
    try:
        root = html.fragment_fromstring(fragment.replace("\x00", ""), create_parent="div")
    except (etree.LxmlError, ValueError):
        return fragment
    for element in [*root.iter(etree.Element)]:
        if element is not root and element.getparent() is not None and is_chrome(element):
            drop_chrome(element)
    return str(html.tostring(root, encoding="unicode"))


def _may_hold_chrome(fragment: str) -> bool:
    """Whether chrome is worth parsing for; each piece up to the end of a tag is read once, however often it opens."""
    if _CHROME_TAG.search(fragment):
        return True
    pieces = ((piece, _CLASS.search(piece)) for piece in fragment.split(">"))
    return any(stated and _CHROME_CLASS.search(piece, stated.end()) for piece, stated in pieces)


def _has_little_prose(element: html.HtmlElement, enough: int) -> bool:
    """Whether the words of an element that are no links, headings and labels are fewer than so many signs."""
    prose = 0
    inside = 0
    for event, inner in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        inside += (inner.tag in _NOT_PROSE and inner is not element) * (1 if event == "start" else -1)
        text = inner.text if event == "start" else inner.tail if inner is not element else None
        prose += 0 if inside or not text else len("".join(text.split()))
        if prose >= enough:
            return False
    return True
