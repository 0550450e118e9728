"""Knows the walls that sources and their networks put up: captcha, "Request Access", log-in, consent, maintenance.

HTTP 200 is not success. Evidence is added up: what only a wall's page carries, its title, what it says to the visitor,
where it sends them, against the prose that a document has and a wall has not. The marks are in `block_page_marks`.
"""

from __future__ import annotations

import html as entities
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from lxml import etree, html

from scrapers.contracts import BlockPage
from scrapers.runtime import block_page_marks as marks

_COMMENTS = rb"(?:<!--(?:[^-]++|-(?!->))*-->\s*+)*"
_HTML = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?" + _COMMENTS + rb"<(?:!doctype\s+html|html|head|body)\b",
    re.I | re.S,
)
_FRAGMENT = re.compile(
    rb"^\s*" + _COMMENTS + rb"<(?:script|meta|style|center|h[1-6]|div|p|br|form|iframe|noscript|title|span|b)\b[^:]",
    re.I | re.S,
)
"""How pages begin that leave out what a page should begin with."""
MAX_WALL_BYTES = 600_000
MAX_TEXT_WALL_BYTES = 600
MAX_JSON_WALL_BYTES = 8_000
ENOUGH = 4
"""A page that weighs this much is a wall."""
SHORT, VERY_SHORT, LONG = 400, 120, 1_500
"""Characters of what a page holds; few walls are long."""
_QUIET = frozenset(("script", "style", "template", "svg", "head", "title", "noscript"))
_FURNITURE = _QUIET | {"nav", "header", "footer", "form", "button", "label", "select", "option", "textarea", "dialog"}
_SEPARATORS = re.compile(r"\s*(?:\||::|»|·|•|\s[-–—]\s|[-–—:]\s|\s[-–—])\s*")  # fmt: skip
_LONG_PARAGRAPH, ENOUGH_PARAGRAPHS = 90, 2
_AROUND = "ancestor::header or ancestor::nav or ancestor::footer or ancestor::aside or ancestor::dialog"
_WORDED = frozenset(("alt", "title", "aria-label", "placeholder", "content"))
"""Attributes that hold words and no code: a picture of a firewall is no firewall."""


class Wall(NamedTuple):
    """A wall that was recognised."""

    name: str
    is_certain: bool
    """Whether one sign alone tells it, and not only several together."""


@dataclass
class _Page:
    """What is weighed of a page."""

    title: str = ""
    heading: str = ""
    prose: int = 0
    """Characters outside of furniture and links."""
    content: int = 0
    """Characters outside of furniture: a list is made of links."""
    paragraphs: int = 0
    """Long paragraphs that do not speak to the visitor as walls do, as far as they count."""
    said: str = ""
    """All that a visitor reads, without scripts."""
    unscripted: str = ""
    """What a visitor without scripts reads."""
    code: str = ""
    """Scripts, and the attributes of elements: what a visitor does not read."""
    goes_to: list[str] = field(default_factory=list)
    scripts: int = 0
    passwords: int = 0
    """Fields for a password, but for those of a box beside the text."""
    states_a_document: bool = False
    has_main: bool = False
    """Whether it says which part is its text, as pages of a site do and few walls."""


def looks_like_html(body: bytes) -> bool:
    """Whether bytes begin as an HTML page does."""
    return bool(_HTML.match(body.removeprefix(b"\xef\xbb\xbf")[:2_000]))


def refuse_block_page(body: bytes, expected: str) -> None:
    """Raise BlockPage for a wall; `expected` is what the answer should have been."""
    wall = wall_of(body)
    if wall is not None:
        raise BlockPage(f"expected {expected}, got a block page ({wall.name}); the host wants to see a person")


def wall_of(body: bytes, headers: Mapping[str, str] | None = None, status: int | None = None) -> Wall | None:
    """The wall that an answer is; None for any other answer.

    `headers` and `status` count where they are known; bytes alone are enough for most walls. Documents may speak of
    captchas: only HTML, and a few words of text or JSON that are nothing else, can be a wall by their bytes.
    """
    known = {name.lower(): value for name, value in (headers or {}).items()}
    by_header = _wall_by_headers(known, status)
    if by_header is not None:
        return by_header
    rest = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    if len(rest) <= MAX_JSON_WALL_BYTES and rest.startswith(b"{"):
        is_wall = marks.JSON_WALLS.match(rest.decode("utf-8", "replace"))
        return Wall("challenge in JSON", True) if is_wall else None
    if not rest.startswith((b"<", b"[", b"%PDF")) and 0 < len(rest) <= MAX_TEXT_WALL_BYTES:
        is_wall = marks.PLAIN_WALLS.fullmatch(rest.decode("utf-8", "replace").strip())
        return Wall("refusal in plain text", False) if is_wall else None
    is_page = looks_like_html(rest) or _FRAGMENT.match(rest[:2_000])
    return _wall_in_page(rest, known, status) if is_page and len(rest) <= MAX_WALL_BYTES else None


def _wall_by_headers(headers: Mapping[str, str], status: int | None) -> Wall | None:
    for name, (wall, says_so) in marks.CERTAIN_HEADERS.items():
        if name in headers and says_so.search(headers[name]):
            return Wall(wall, True)
    if status is not None and 300 <= status < 400 and marks.DOORS.search(headers.get("location", "")):
        return Wall("way to a log-in or challenge", True)
    return None


def _wall_in_page(body: bytes, headers: Mapping[str, str], status: int | None) -> Wall | None:
    signs, against = _signs_of_page(body)
    is_hinted = any(
        name in headers and says_so.search(headers[name]) for name, says_so in marks.HINTING_HEADERS.items()
    )
    if signs and is_hinted and status in marks.REFUSING_STATUSES:
        signs = (*signs, (1, "firewall"))
    if sum(weight for weight, _ in signs) - against < ENOUGH:
        return None
    heaviest, name = max(signs)
    return Wall(name, heaviest >= ENOUGH)


@lru_cache(maxsize=8)
def _signs_of_page(body: bytes) -> tuple[tuple[tuple[int, str], ...], int]:
    """Weight and name of what speaks for a wall in a page, and the weight of what speaks against it; remembered, since
    the crawl and then the parser ask of the same bytes.
    """
    page = _read(body)
    return (tuple(_evidence(page)), _counter_evidence(page)) if page else ((), 0)


def _evidence(page: _Page) -> Iterator[tuple[int, str]]:
    yield _weight_of_marks(page)
    yield _weight_of_name(page), f"page titled {(page.title or page.heading)[:80]!r}"
    phrases = {match.group() for match in marks.PHRASES.finditer(page.said[:20_000].lower())}
    yield min(len(phrases), 3), "words of a wall"
    yield 1 if marks.VENDOR_SCRIPTS.search(page.code) else 0, "captcha"
    yield 3 if page.passwords and page.prose < LONG else 0, "log-in wall"
    yield 4 if any(map(marks.DOORS.search, page.goes_to)) else 0, "way to a log-in or challenge"
    yield _weight_of_shell(page), "page that needs scripts"
    yield 1 if page.content < SHORT and not _is_of_a_site(page) else 0, "short page"


def _is_of_a_site(page: _Page) -> bool:
    """Whether a page is one among others of a site, however short: a paragraph in the part that is its text."""
    return page.states_a_document or (page.has_main and page.paragraphs > 0)


def _counter_evidence(page: _Page) -> int:
    """What speaks for a document: prose, paragraphs, and that it says of itself what it is."""
    length = next((weight for least, weight in ((4_000, 6), (2_000, 4), (SHORT, 1)) if page.prose >= least), 0)
    return length + page.paragraphs + (3 if page.states_a_document else 0)


def _weight_of_marks(page: _Page) -> tuple[int, str]:
    """What only a wall carries; its words count on a short page alone, as documents quote them."""
    carried = next((name for name, part in marks.WALL_PARTS if part.search(page.code)), None)
    if carried or page.content >= SHORT or page.states_a_document:
        return (6, carried) if carried else (0, "")
    # Text of a page is read before what it tells those without scripts: firewalls put that into documents too
    words = page.said if page.said.strip() else page.unscripted
    said = next((name for name, part in marks.WALL_WORDS if part.search(words)), None)
    return (6, said) if said else (0, "")


def _weight_of_name(page: _Page) -> int:
    """A page is called by its title; by its heading where it has none."""
    by_heading = _weight_of_title(page.heading)
    if not page.title:
        return by_heading
    is_worded = page.content < SHORT and not page.states_a_document and marks.WORDS_OF_WALLS.search(page.title)
    by_words = (3 if page.content < VERY_SHORT and not page.has_main else 2) if is_worded else 0
    return max(_weight_of_title(page.title), by_words, by_heading // 2)


def _weight_of_title(title: str) -> int:
    """How much a title, or a part of it beside the site's name, is that of a wall."""
    parts = [title, *_SEPARATORS.split(title)]
    kinds = ((4, marks.CERTAIN_TITLES), (3, marks.REFUSING_TITLES), (2, marks.SOFT_TITLES))
    return next((weight for weight, titles in kinds if any(part and titles.fullmatch(part) for part in parts)), 0)


def _weight_of_shell(page: _Page) -> int:
    """A page without a word for those who run no scripts: it may hide anything."""
    if page.scripts and len(page.said) < 40:
        return 3
    asks = marks.PHRASES.search(page.unscripted.lower()) or re.search(r"\bjavascript\b", page.unscripted, re.I)
    return 3 if page.scripts and asks and page.content < VERY_SHORT else 0


def _read(body: bytes) -> _Page | None:
    """Read a page for its signs; None when there is none to read."""
    try:
        tree = html.document_fromstring(body, parser=html.HTMLParser(encoding=_encoding(body), huge_tree=False))
    except (etree.LxmlError, ValueError, LookupError):
        return None
    page = _Page()
    said: list[str] = []
    code: list[str] = []
    _walk(tree, page, said, code)
    page.said = _one_line(" ".join(said))
    page.code = " ".join(code)
    page.title = _one_line("".join(str(text) for text in tree.xpath("//title[1]//text()")))[:300]
    page.heading = _one_line("".join(str(text) for text in tree.xpath("(//h1)[1]//text()")))[:300]
    page.unscripted = _one_line(" ".join(str(text) for text in tree.xpath("//noscript//text()")))[:2_000]
    page.passwords = len(tree.xpath(f"//input[translate(@type, 'PASWORD', 'pasword')='password'][not({_AROUND})]"))
    page.goes_to = _ways(tree)
    return page


def _walk(tree: html.HtmlElement, page: _Page, said: list[str], code: list[str]) -> None:
    """Gather prose, words and code in one pass; what stands inside of furniture is no prose."""
    inside: Counter[str] = Counter()
    for event, element in etree.iterwalk(tree, events=("start", "end", "comment")):
        name = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            _enter(name, inside, 1)
            code.extend(_code_of(element))
            page.scripts += name == "script"
            page.states_a_document |= _states_a_document(element)
            page.has_main |= name == "main"
            if name == "script":
                code.append(element.text or "")
            _hear(element.text, inside, page, said)
            continue
        if event == "end":
            _enter(name, inside, -1)
            if name == "p" and not inside["furniture"] and page.paragraphs < ENOUGH_PARAGRAPHS:
                page.paragraphs += _is_of_a_document(_one_line(element.text_content()))
        _hear(element.tail, inside, page, said)


def _code_of(element: html.HtmlElement) -> Iterator[str]:
    for key, value in element.items():
        if key not in _WORDED or (key == "content" and element.get("http-equiv")):
            yield f"{key}={value[:2_000]}"


def _is_of_a_document(paragraph: str) -> bool:
    return len(paragraph) >= _LONG_PARAGRAPH and not marks.PHRASES.search(paragraph[:5_000].lower())


def _enter(name: str, inside: Counter[str], step: int) -> None:
    inside["quiet"] += step * (name in _QUIET)
    inside["furniture"] += step * (name in _FURNITURE)
    inside["link"] += step * (name == "a")


def _hear(text: str | None, inside: Counter[str], page: _Page, said: list[str]) -> None:
    if not text or inside["quiet"]:
        return
    length = len(" ".join(text.split()))
    said.append(text)
    if not inside["furniture"]:
        page.content += length
        page.prose += 0 if inside["link"] else length


def _states_a_document(element: html.HtmlElement) -> bool:
    """Whether an element says that the page is an article, an act, a publication, or of a day."""
    if element.tag == "meta":
        name = str(element.get("name") or element.get("property") or "").lower()
        return name.startswith(("article:published", "citation_", "dcterms.date", "dcterms.issued", "dc.date"))
    if element.tag in ("article", "time"):
        return True
    return element.get("itemprop") == "articleBody" or element.get("itemtype", "").endswith("/NewsArticle")


def _ways(tree: html.HtmlElement) -> list[str]:
    """Where a page sends its visitor on its own: refresh, frames, forms, addresses set by a script."""
    refresh = tree.xpath("//meta[translate(@http-equiv, 'REFSH', 'refsh')='refresh']/@content")
    scripted = [
        match[1]
        for script in tree.xpath("//script[not(@src)]/text()")
        for match in re.finditer(r"location(?:\.href|\.replace|\.assign)?\s*[=(]\s*[\"']([^\"']{1,2000})", str(script))
    ]
    return [str(way) for way in (*refresh, *tree.xpath("//form/@action | //iframe/@src"), *scripted)]


def _encoding(body: bytes) -> str:
    stated = re.search(rb"""charset\s*=\s*["']?(iso-8859-1|windows-1252)""", body[:2_000], re.I)
    return stated[1].decode().lower() if stated else "utf-8"


def _one_line(text: str) -> str:
    return " ".join(entities.unescape(text).split()).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
