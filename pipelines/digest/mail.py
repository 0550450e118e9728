"""The digest as an e-mail: the same issue as HTML that stands without a style sheet, and as plain text.

Belongs here: what a mail client needs of a page, the headers, the bytes of the message. Does not belong here: what the
digest says (it is taken from the page of the digest) and any sending.
"""

from __future__ import annotations

import hashlib
import re
import textwrap
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from importlib.resources import files
from typing import Any
from urllib.parse import quote

import css_inline
from lxml import etree, html

from pipelines.digest import wording
from pipelines.digest.model import Digest
from pipelines.digest.render import to_html

SENDER = "AI policy tracker <digest@aipolicy.invalid>"
RECIPIENT = "undisclosed-recipients:;"
COLUMNS = 78
MAX_BYTES = 100_000
"""Some clients cut a mail there."""
MAX_SUBJECT_CHARS = 110
_LINES_TRIED = (40, 20, 10, 5)
_MAILTO = re.compile(r"mailto:[!#-;=?-~]+")
_READER, _SUBSCRIPTION = "{address}", "{subscription}"
"""What stands for the reader and the subscription in an address to unsubscribe."""
_DROPPED = (
    "//head/*[not(self::title)]",
    "//nav",
    "//details",
    "//pre",
    "//*[contains(concat(' ', @class, ' '), ' skip ')]",
    "//*[contains(concat(' ', @class, ' '), ' hidden ')]",
    "//*[contains(concat(' ', @class, ' '), ' self ')]",
    "//*[h2[@id='check']]/h2 | //*[h2[@id='check']]/p",
)
"""What needs a page: links to other parts of it, what is folded away there, the example of a query."""
_CHECK = (
    "Each line names the beginning of its evidence id; in the edition it leads to the quote, the page, the time it was "
    "fetched and the archived bytes."
)
_KEPT_ATTRIBUTES = {"class", "href", "lang", "dir", "style", "datetime"}
_BREAKS = {"facts", "stated", "note"}
"""Classes of inline elements that begin a line of the plain text."""
_ASIDE = {"number", "distance", "status"}
"""Classes of inline elements that stand in brackets in the plain text."""


def to_mail(
    digest: Digest, *, sender: str = SENDER, recipient: str = RECIPIENT, unsubscribe: str | None = None
) -> bytes:
    """The issue as one message (RFC 5322, multipart/alternative of RFC 2046); equal arguments give equal bytes.

    ``unsubscribe`` is an https or mailto address, in which ``{address}`` and ``{subscription}`` stand for whose it is.
    It is shown, stands in List-Unsubscribe (RFC 2369) and, for https that names the reader, takes one click (RFC 8058).
    Raises ValueError for a header that is no address or holds a line break.
    """
    if unsubscribe is not None:
        expect_unsubscribe(unsubscribe)
    expect_address(sender)
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = sender
    message["To"] = recipient
    readers = [one.addr_spec for one in message["To"].addresses]
    names_reader = unsubscribe is not None and _READER in unsubscribe and len(readers) == 1
    unsubscribe = unsubscribe and _of_whom(unsubscribe, "".join(readers), digest.subscription)
    page = _fitting(digest, unsubscribe)
    message["Subject"] = _subject(digest)
    message["Date"] = format_datetime(digest.moment)
    message["Message-ID"] = _message_id(digest, recipient, message["From"].addresses[0].domain)
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "en-GB"
    if unsubscribe is not None:
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
        if unsubscribe.startswith("https:") and names_reader:
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(to_text(page), cte="quoted-printable")
    inlined = _inlined(page)
    message.add_alternative(inlined, subtype="html", cte="quoted-printable")
    # The character after "=" cannot stand in quoted-printable text, so no part holds the boundary.
    message.set_boundary(f"=_{hashlib.sha256(inlined.encode()).hexdigest()[:32]}")
    return message.as_bytes(policy=policy.SMTP.clone(max_line_length=998))


def expect_address(stated: str) -> None:
    """Raises ValueError for what is not one mail address, with or without a name."""
    try:
        header = policy.SMTP.header_factory("to", stated)
    except IndexError:  # how the library answers an address that ends early: "a@"
        header = None
    if header is None or header.defects or len(header.addresses) != 1 or not header.addresses[0].domain.isascii():
        raise ValueError(f"expected one address such as digest@example.org or {SENDER!r}, got {_shown(stated)}")


def expect_unsubscribe(address: str) -> None:
    """Raises ValueError for an address that may not stand in a header and a link."""
    filled = _of_whom(address, "reader@example.org", "readers")
    is_web = filled.startswith("https://") and wording.safe_url(filled) == filled
    if not is_web and not _MAILTO.fullmatch(filled):
        raise ValueError(
            f"expected an address such as mailto:digest@example.org or https://example.org/leave?reader={_READER}, got "
            f"{_shown(address)}; encode what it holds"
        )


def _shown(stated: str) -> str:
    """What was written in the place of an address; an address of the web may hold a secret."""
    return repr(stated) if "://" not in stated else "a web address (not repeated: it may hold a secret)"


def _of_whom(unsubscribe: str, reader: str, subscription: str | None) -> str:
    """The address to unsubscribe of one reader and subscription."""
    of_reader = unsubscribe.replace(_READER, quote(reader, safe=""))
    return of_reader.replace(_SUBSCRIPTION, quote(subscription or "", safe=""))


def _subject(digest: Digest) -> str:
    told = digest.summary.partition(";")[0].rstrip(".")
    return wording.plain(f"AI policy, week {digest.week.name}: {told}", MAX_SUBJECT_CHARS)


def _message_id(digest: Digest, recipient: str, domain: str) -> str:
    """One for each message: two subscriptions of one reader are two."""
    told = "\n".join((digest.edition_id, digest.moment.isoformat(), digest.subscription or "", recipient))
    return f"<{digest.week.name.lower()}.{hashlib.sha256(told.encode()).hexdigest()[:16]}@{domain}>"


# ---- the page of a mail


def _fitting(digest: Digest, unsubscribe: str | None) -> html.HtmlElement:
    """The page with as many lines of each list as a client shows without cutting the mail."""
    for lines in _LINES_TRIED:
        page = _page(digest, lines, unsubscribe)
        if len(_inlined(page).encode()) <= MAX_BYTES:
            break
    return page


def _page(digest: Digest, max_lines: int, unsubscribe: str | None) -> html.HtmlElement:
    """The page of the digest without what only a page can have."""
    page = html.document_fromstring(to_html(digest, max_lines=max_lines, has_charts=False))
    for path in _DROPPED:
        for element in page.xpath(path):
            element.drop_tree()
    for link in page.xpath("//a[starts-with(@href, '#')]"):
        link.drop_tag()
    if not digest.site:
        # The answer of an interface is no page for a reader of mail; the title's link leads to one.
        for link in page.xpath("//span[@class='copy']/a"):
            link.drop_tag()
    _frame(page, unsubscribe)
    for element in page.iter(etree.Element):
        for name in set(element.attrib) - _KEPT_ATTRIBUTES:
            del element.attrib[name]
    [head] = page.iterfind("head")
    for attributes in ({"charset": "utf-8"}, {"name": "color-scheme", "content": "light dark"}):
        head.insert(0, html.Element("meta", attributes))
    head.append(html.Element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}))
    return page


def _frame(page: html.HtmlElement, unsubscribe: str | None) -> None:
    """Put all of the body into one block of the width of a mail, and close it with what readers may ask for."""
    [body] = page.iterfind("body")
    frame = html.Element("div", {"class": "page"})
    frame.extend(body)
    body.append(frame)
    [footer] = frame.iterfind(".//footer")
    check = html.Element("p")
    check.text = _CHECK
    footer.insert(0, check)
    if unsubscribe is not None:
        line = html.Element("p", {"class": "unsubscribe"})
        line.text = "You get this because you asked for it. "
        link = html.Element("a", {"href": unsubscribe})
        link.text = "Unsubscribe"
        line.append(link)
        footer.append(line)


def _inlined(page: html.HtmlElement) -> str:
    """The page with its looks in each element; what clients without style sheets ignore anyway stays in one."""
    style = files("pipelines.digest").joinpath("templates/mail.css").read_text(encoding="utf-8")
    inliner = css_inline.CSSInliner(extra_css=style, load_remote_stylesheets=False, keep_at_rules=True, minify_css=True)
    return inliner.inline(html.tostring(page, encoding="unicode", doctype="<!doctype html>"))


# ---- the plain text


def to_text(page: html.HtmlElement) -> str:
    """The page as plain text of 78 columns; every link of the page follows its text, and none is broken.

    A longer address is a longer line: RFC 5322 allows it, and the transfer encoding folds it.
    """
    blocks = [block for block in _blocks(page.find("body")) if block]
    return "\n\n".join(blocks).strip() + "\n"


def _blocks(element: Any) -> Iterator[str]:
    """The paragraphs below an element, in order."""
    for child in element:
        match child.tag:
            case "h1" | "h2":
                yield _heading(child, "=")
            case "h3":
                yield _heading(child, "-")
            case "p":
                yield _wrapped(_inline(child), "")
            case "ul" | "ol":
                yield from _items(child)
            case "table":
                yield from (_row(row) for row in child.iterfind("tbody/tr"))
            case _:
                yield from _blocks(child)


def _heading(element: Any, underline: str) -> str:
    text = _wrapped(_inline(element), "")
    return f"{text}\n{underline * max(map(len, text.splitlines()))}" if text else ""


def _items(element: Any) -> Iterator[str]:
    for place, item in enumerate(element, start=1):
        mark = f"{place}. " if element.tag == "ol" else "- "
        parts = [_inline(part) for part in item if part.tag in ("p", "blockquote")] or [_inline(item)]
        yield mark + _wrapped("\n".join(parts), " " * len(mark)).lstrip()


def _row(row: Any) -> str:
    """A row as an item; under a head of its own its cells are named by their columns."""
    cells = [_inline(cell) for cell in row]
    if row[0].tag == "th":
        columns = [_inline(column) for column in row.getparent().getparent().iterfind("thead/tr/th")]
        named = (f"{column}: {cell}" for column, cell in zip(columns[1:], cells[1:], strict=True) if cell.strip())
        cells = [cells[0], "; ".join(named)]
    return "- " + _wrapped("\n".join(cells), "  ").lstrip()


def _inline(element: Any) -> str:
    """The text of an element with its addresses; a line break where the element begins a line."""
    told = [_flat(element.text)]
    for child in element:
        text = _inline(child)
        address = child.get("href") if child.tag == "a" else None
        if address is not None:
            text = f"<{address}>" if text == address else f"{text} <{address}>"
        classes = set((child.get("class") or "").split())
        if child.tag == "q":
            text = f"“{text}”"
        elif (child.tag == "b" or "verb" in classes) and not text.endswith(":"):
            text += ":"
        elif classes & _ASIDE:
            text = f" ({text.strip()})"
        begins_line = child.tag in ("p", "br") or bool(_BREAKS & classes)
        told += ["\n" if begins_line else "", text, _flat(child.tail)]
    return "".join(told)


def _flat(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _wrapped(text: str, indent: str) -> str:
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return "\n".join(
        textwrap.fill(
            line,
            COLUMNS,
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in lines
        if line
    )
