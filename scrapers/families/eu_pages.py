"""Texts of the European Union in HTML and XHTML: acts of the Official Journal and documents of the Commission.

Documents of the Commission have no class names that last; what their hidden variables and their first page say is read,
whichever is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from lxml import etree, html

from scrapers.contracts import (
    Depth,
    NotADocument,
    ParsedAnswer,
    PolicyDocument,
    Truncated,
    UnknownShape,
    UpstreamError,
    content_sha256,
)
from scrapers.families import eu_identifiers as eu
from scrapers.families.dates import calendar_day, iso_day
from scrapers.families.eu_page_marks import (
    CELEX,
    is_eu_text,
    is_journal_text,
    plain_class,
    reference_line,
)
from scrapers.families.html_pages import page_title, page_tree
from scrapers.families.records import Record, read_records
from scrapers.families.text import html_to_text, one_line
from scrapers.families.wording import drop_chrome, hash_of, is_chrome, words_of_element
from scrapers.runtime.block_pages import refuse_block_page

MAX_PAGE_BYTES = 32_000_000
FIRST_PAGE_CHARS = 3_000
_ERROR = re.compile(
    r"\b(?:HTTP Status [45]\d\d|40[0-9]|50[0-9]|not found|error|unavailable|does not exist|maintenance)\b",
    re.IGNORECASE,
)
_VARIABLE = re.compile(r'\[name=([^;\[\]]+);value="([^"]*)"\]')
_DAY = re.compile(r"\b([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})\b")
_IMAGES = re.compile(r'cellarImageNamePrefix="([A-Z]+_[0-9]{4}_[0-9]{4}(?:_FIN)?)')
_FORMS = "//form | //input | //textarea"


def read_page(slug: str, body: bytes, parser_version: str) -> ParsedAnswer:
    """Read one page with a text.

    Raises BlockPage for walls, UpstreamError for error pages, NotADocument for pages with forms, without a text or
    without any mark of a text of the Union, and Truncated for one that ends before its body does.
    """
    refuse_block_page(body, "a text")
    if len(body) > MAX_PAGE_BYTES:
        raise UnknownShape(f"expected at most {MAX_PAGE_BYTES} bytes of HTML, got {len(body)}")
    tree = page_tree(body)
    title = page_title(tree)
    if not tree.xpath("//body"):
        raise NotADocument(f"a page without a body: {title!r}")
    heading = " ".join(" ".join(tree.xpath("//h1[1]//text()")).split())
    is_act = is_journal_text(tree)
    is_titled_so = _ERROR.search(title) or (_ERROR.search(heading) and len(tree.text_content()) < FIRST_PAGE_CHARS)
    if is_titled_so and not is_act:
        raise UpstreamError(f"the source answers with a page titled {title or heading!r}")
    if not re.search(rb"</(?:body|html)\s*>", body[-2_000:], re.IGNORECASE):
        raise Truncated("expected </body> or </html> at the end, got a page that ends before it")
    if tree.xpath(_FORMS) and not is_act:
        raise NotADocument(f"a page with a form, no text: {title!r}")
    for element in [*tree.iter(etree.Element)]:
        if is_chrome(element) and element.tag != "head" and element.getparent() is not None:
            drop_chrome(element)
    text = _text(tree, set())
    if not text:
        raise NotADocument(f"a page without a text: {title!r}")
    if not is_eu_text(tree, title, text):
        raise NotADocument(f"a page without a mark of a text of the European Union: {title!r}")
    raw = {"title": title, **dict(_variables(tree)), "text": text}
    return read_records(slug, {"/html": raw}, lambda record: _document(slug, tree, record, parser_version))


def _text(tree: html.HtmlElement, flags: set[str]) -> str | None:
    found = tree.xpath("//body")
    return html_to_text(html.tostring(found[0] if found else tree, encoding="unicode"), flags)


def _variables(tree: html.HtmlElement) -> Iterator[tuple[str, str]]:
    """Variables of the Commission's word processor, which stand in comments."""
    for comment in tree.xpath("//comment()"):
        said = str(comment.text or "")
        if image := _IMAGES.search(said):
            yield "cellarImageNamePrefix", image[1]
        for name, value in _VARIABLE.findall(said):
            if value not in ("", "UNUSED", "EMPTY"):
                yield name, value


def _document(slug: str, tree: html.HtmlElement, record: Record, parser_version: str) -> PolicyDocument:
    flags: set[str] = set()
    body = _text(tree, flags) or ""
    record.pop("text", None)
    first = body[:FIRST_PAGE_CHARS]
    reference = _said(tree, "rfrenceinstitutionnelle") or reference_line(body)
    commission = record.get("cellarImageNamePrefix") or (eu.commission_reference(reference))
    own_eli = next((eu.eli(address) for address in tree.xpath("//a/@href") if _is_own_eli(tree, str(address))), None)
    file = str(record.get("title") or "")
    in_title = CELEX.search(file)
    identifiers = eu.known(
        (
            (eu.CELEX, in_title[1] if in_title else None),
            (eu.ELI, own_eli),
            (eu.COMMISSION, str(commission) if commission else None),
            (eu.PROCEDURE, eu.procedure(first) if commission else None),
        )
    )
    named = tuple(one for one in identifiers if one.scheme != eu.PROCEDURE)
    name = eu.document_id(named) or f"eu:text:{content_sha256([file, body])[:16]}"
    language = (_said(tree, "hdlg") or record.get("LW_LANGUE") or tree.get("lang") or "en")[:2].lower()
    if language != "en":
        name = f"{name}:{language}"
    return PolicyDocument(
        source_id=slug,
        document_id=name,
        native_id=name.split(":", 2)[2],
        depth=Depth.FULL,
        title=one_line(_title(tree, record, file), flags),
        body=body,
        language=language,
        document_type=_kind(commission, in_title and in_title[1]),
        document_subtype=_join(_said(tree, "statut"), _said(tree, "typedudocument")) if commission else None,
        identifiers=identifiers,
        published_date=record.attempt("title", lambda: _published(tree, record)),
        text_flags=tuple(sorted(flags | record.flags)),
        source_fields=record.left(),
        content_sha256=hash_of([file, words_of_element(tree)]),
        parser_version=parser_version,
    )


def _kind(commission: object, number: str | None) -> str | None:
    """The type of document that a reference of the Commission or a CELEX number names."""
    if commission:
        return str(commission).split("_", 1)[0]
    return eu.descriptor(number) if number else None


def _said(tree: html.HtmlElement, name: str) -> str | None:
    """The text of the first block whose class has this name."""
    for block in tree.xpath("//*[@class]"):
        for written in str(block.get("class")).split():
            if plain_class(written) == name and (text := " ".join(block.text_content().split())):
                return text
    return None


def _blocks(tree: html.HtmlElement, *names: str) -> list[str]:
    found = [
        " ".join(block.text_content().split())
        for block in tree.xpath("//p[@class] | //div[@class='eli-main-title']")
        if str(block.get("class")).split()[:1] and str(block.get("class")).split()[0] in names
    ]
    return [text for text in found if text]


def _title(tree: html.HtmlElement, record: Record, file: str) -> str | None:
    """What an act or a document calls itself; the page's own title only where it is no name of a file."""
    if printed := _blocks(tree, "oj-doc-ti", "doc-ti", "title-doc-first", "title-doc-last"):
        return " ".join(printed[:4])
    subject = _said(tree, "titreobjet") or record.get("LW_TITRE.OBJ.CP")
    if subject:
        status = _said(tree, "statut") or record.get("LW_STATUT.CP")
        return _join(status, _said(tree, "typedudocument") or record.get("LW_TYPE.DOC.CP"), str(subject))
    if CELEX.search(file) and (strong := tree.xpath("//*[@id='TexteOnly']//strong")):
        return " ".join(strong[0].text_content().split()) or None
    return None if re.search(r"\.(?:docx?|xml|xhtml|html)\b|^\s*$", file) else file


def _join(*parts: object) -> str | None:
    return " ".join(str(part) for part in parts if part) or None


def _is_own_eli(tree: html.HtmlElement, address: str) -> bool:
    """Whether an address is the page's own ELI: printed as such at the foot of acts of the Official Journal."""
    return "/eli/" in address and any(
        "ELI:" in " ".join(link.getparent().text_content().split())
        for link in tree.xpath("//a[@href]")
        if link.get("href") == address and link.getparent() is not None
    )


def _published(tree: html.HtmlElement, record: Record) -> date | None:
    """The day of an issue, or the day on which the Commission gave a document out."""
    if stated := record.get("LW_EMISSION_ISODATE"):
        return iso_day(stated)
    printed = _said(tree, "hddate") or _said(tree, "emission")
    match = _DAY.search(printed or "")
    return calendar_day(int(match[3]), int(match[2]), int(match[1])) if match else None
