"""By what a page is known for a text of the European Union, whichever of its services wrote it and in which language.

Anyone's page has a body with words; only what the Official Journal, EUR-Lex and the Commission's word processor put
around theirs tells an act from a wall, a cookie notice or another government's page. Does not belong here: reading the
text.
"""

from __future__ import annotations

import re

from lxml import etree, html

FIRST_LINES = 60
LONGEST_HEADING = 240
CELEX = re.compile(
    r"(?<![0-9A-Z])([0-9]{5}[A-Z]{1,2}[0-9]{4}(?:\([0-9]{2}\))?(?:R\([0-9]{2}\))?(?:-[0-9]{8})?)(?![0-9A-Z])"
)
"""A CELEX number in a title, also of a corrigendum or of a consolidated text."""
_JOURNAL_CLASSES = frozenset((
    "doc-ti", "eli-container", "eli-main-title", "eli-subdivision", "hd-ti", "oj-doc-ti", "oj-hd-ti", "oj-normal",
    "oj-note", "oj-sti-art", "oj-ti-art", "oj-ti-grseq-1", "oj-ti-section-1", "stitle-article-norm", "sti-art",
    "ti-art", "title-article-norm", "title-doc-first", "title-doc-last",
))  # fmt: skip
_JOURNAL_IDS = frozenset(("TexteOnly", "docHtml"))
_COMMISSION_CLASSES = frozenset((
    "annexetitre", "considrant", "exposdesmotifstitre", "fichefinanciretitre", "formuledadoption",
    "institutionquiagit", "institutionquisigne", "manualconsidrant", "pagedecouverture", "rfrenceinstitutionnelle",
    "rfrenceinterinstitutionnelle", "titreobjet", "typedudocument",
))  # fmt: skip
_COMMENT = re.compile(r"\bCONVEX\b|cellarImageNamePrefix=|\bname=LW_|genuine root filename=")
_ADDRESS = re.compile(r"https?://(?:eur-lex|publications|data)\.europa\.eu/")
_FILE = re.compile(r"(?:IMMC\.|JO?[LC]_|[LC]I?_)[\w.%()-]+|(?:COM|SWD|SEC|JOIN|C)_\d{4}_\d{1,4}\w*(?:\.\w+)*")
_INSTITUTIONAL = re.compile(
    r"(?:COM|KOM|SWD|SEC|SEK|JOIN|C)\s?\((?:19|20)\d\d\)\s?\d{1,5}\b.{0,40}"
    r"|(?:.{0,60}[:\s])?(?:19|20)\d\d/\d{3,4}[A-Z]?\s?\((?:COD|CNS|NLE|APP|AVC|ACC|SYN|DEC|BUD|INI)\)"
    r"|[APB]\d{1,2}[-_](?:TA(?:-PROV)?)?\(?(?:19|20)?\d{2,4}[)/-]\d{2,4}\b.{0,20}"
)
_NUMBERED = re.compile(
    r"\([^\W\d_]{2,3}(?:,\s?\w+)?\)\s?(?:\S{1,5}\s)?\d{1,4}/\d{1,5}\b|\b\d{2,4}/\d{1,5}/[^\W\d_]{2,8}\b"
)
_JOURNAL = re.compile(
    r"official journal\b|journal officiel d(?:e l['\u2019]union|es communaut)|amtsblatt der europ|diario oficial de la"
    r"|gazzetta ufficiale d(?:ell['\u2019]unione|elle comunit)|publicatieblad van de|jornal oficial da"
    r"|den europæiske unions tidende|επίσημη εφημερίδα|euroopan unionin virallinen|europeiska unionens officiella"
    r"|úřední věstník evropsk|dziennik urzędowy unii|az európai unió hivatalos|úradný vestník európ"
    r"|uradni list evropske|euroopa liidu teataja|eiropas savienības oficiāl|europos sąjungos oficial"
    r"|il-ġurnal uffiċjali|jurnalul oficial al|официален вестник на европ|službeni list europske|iris oifigiúil an",
    re.IGNORECASE,
)


def is_eu_text(tree: html.HtmlElement, title: str, text: str) -> bool:
    """Whether a page is a text of the Union: by its mark-up, its title, or what its first lines alone say."""
    return is_journal_text(tree) or _is_marked(tree) or bool(CELEX.search(title)) or _is_named(title, text)


def is_journal_text(tree: html.HtmlElement) -> bool:
    """Whether a page has what texts of the Official Journal have, also inside a page with the site's search form."""
    elements = [element for element in tree.iter(etree.Element) if element.get("class") or element.get("id")]
    return any(
        element.get("id") in _JOURNAL_IDS or not _JOURNAL_CLASSES.isdisjoint(_classes(element)) for element in elements
    )


def plain_class(name: str) -> str:
    """A class of the Commission's documents in one spelling: signs, prefixes and later parts of names vary."""
    return re.sub(r"[^a-z]", "", name.lower().removeprefix("oj-")).removesuffix("cp")


def reference_line(text: str) -> str:
    """The line of a document's first page that is a reference such as COM(2021) 206 final; empty where none is."""
    return next(filter(_INSTITUTIONAL.fullmatch, text.splitlines()[:FIRST_LINES]), "")


def _classes(element: html.HtmlElement) -> list[str]:
    return (element.get("class") or "").split()


def _is_marked(tree: html.HtmlElement) -> bool:
    """Whether comments, classes or the head tell of the word processor of the Commission or of a service of the EU."""
    if any(_COMMENT.search(str(comment.text or "")) for comment in tree.xpath("//comment()")):
        return True
    stated = tree.xpath("//head/link[@rel='canonical']/@href | //head/meta/@content | //head/base/@href")
    if any(_ADDRESS.match(str(address)) for address in stated):
        return True
    used = {plain_class(name) for element in tree.xpath("//*[@class]") for name in _classes(element)}
    return not _COMMISSION_CLASSES.isdisjoint(used)


def _is_named(title: str, text: str) -> bool:
    """Whether the title is the name of a file of an act, or one of the first lines only a heading of one."""
    lines = [line for line in text.splitlines()[:FIRST_LINES] if len(line) <= LONGEST_HEADING]
    return bool(_FILE.fullmatch(title)) or any(map(_is_heading, lines))


def _is_heading(line: str) -> bool:
    number = _NUMBERED.search(line)
    kind = line[: number.start()] if number else ""
    return bool(kind.isupper() or _INSTITUTIONAL.fullmatch(line) or _JOURNAL.match(line))
