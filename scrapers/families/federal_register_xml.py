"""The documents of the Federal Register's XML: rules, notices and presidential documents, in an issue or alone.

Belongs here: which element means which field. Does not belong here: how elements read as text (`gpo_text`), whether
mark-up is whole (`xml`), where issues come from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Any

from lxml import etree

from scrapers.contracts import Identifier, Organisation, PolicyDocument, UnknownShape
from scrapers.families.dates import LONG_DAY, WEEKDAYS, long_day
from scrapers.families.federal_register import DASHES, document_id, document_number
from scrapers.families.gpo_text import AROUND, ATTRIBUTES, KNOWN, PARAGRAPHS, is_page, page_range, plain_text
from scrapers.families.records import identifiers, stated
from scrapers.families.text import clean, one_line
from scrapers.families.wording import hash_of
from scrapers.families.xml import strange_names, tag_of

TYPES = {
    "RULE": "Rule",
    "PRORULE": "Proposed Rule",
    "NOTICE": "Notice",
    "PRESDOCU": "Presidential Document",
    "CORRECT": "Correction",
}
OF_AGENCIES = frozenset(TYPES) - {"PRESDOCU"}
"""Elements of documents with a preamble, which names the agency and the subject."""
PRESIDENTIAL = {
    "EXECORD": "Executive Order",
    "PROCLA": "Proclamation",
    "PRMEMO": "Memorandum",
    "PRNOTICE": "Notice",
    "DETERM": "Determination",
    "PRORDER": "Presidential Order",
}
QUOTATIONS = ("EXTRACT", "FTNT", "NOTE", "EDNOTE")
"""Elements that quote: a number in them is another document's."""

_NUMBER = r"([A-Z0-9]+(?:\s?-\s?[A-Z0-9]+){1,2})"
_FRDOC = re.compile(
    rf"(?:(?i:F\.?\s?R\.?\s*Doc(?:ument)?s?\b\.?\s*(?:Nos?\.?|#)?\s*[:.]?)|^\[?)\s*{_NUMBER}(?=[\s;,:.)\]]|Filed|$)"
)
_FILED = re.compile(r"Filed:?\s*(.+?)\s*\]?\.?\s*$")
_ORDER = re.compile(
    r"(?:(?P<eo>Executive Order)|(?P<proclamation>Proclamation)|(?P<presidential_document>Presidential Determination)"
    r"|Memorandum|Notice|Order)(?:\s+(?:No\.?\s*)?(?P<number>\d[\d-]*(?:-?[A-Z])?))?"
    r"\s+of\s+(?P<day>[A-Z][a-z]+ \d{1,2}, \d{4})\b"
)
_ORDER_SCHEMES = ("eo", "proclamation", "presidential_document")
_RIN = re.compile(r"\b\d{4}-[A-Z]{2}\d{2}\b")
_CFR = re.compile(r"(\d{1,2}) CFR Parts? (\d+[a-z]?(?:(?:,? and |, ?)\d+[a-z]?)*)(?![\w-])")
_CFR_TITLE = re.compile(r"(?=\b\d{1,2} CFR\b)")
_RANGE = re.compile(r"\b(?:through|to)\b|\d ?- ?\d")
_RESIDUE = "PLEASE REVIEW ALL TAGGING"


@dataclass(frozen=True)
class Place:
    """Where in an issue a document stands."""

    published: date | None
    volume: str | None
    issue: str | None
    section: str | None
    page_before: str | None
    flags: frozenset[str]
    strange: frozenset[str] = frozenset()
    """Names never seen before that stand in the issue outside its documents, where its day and volume do."""


def placed_documents(root: etree._Element, day: date | None) -> Iterator[tuple[etree._Element, Place]]:
    """Every document of a tree with its place; headings stand before each section, pages run on between documents.

    Raises UnknownShape when the issue plainly states another day than the one asked for.
    """
    heads: dict[str, str] = {}
    page: str | None = None
    published, flags = _issue_day(root, day)
    strange = _strange_around(root)
    for node in root.iter():
        if node.tag in ("VOL", "NO", "UNITNAME") and node.getparent() is root:
            heads[tag_of(node)] = (node.text or "").strip()
        elif _is_document(node):
            yield node, Place(published, heads.get("VOL"), heads.get("NO"), heads.get("UNITNAME"), page, flags, strange)
        elif node.tag == "PRTPAGE" and is_page(node.get("P")) and next(node.iterancestors("FTNT"), None) is None:
            page = node.get("P")


def _strange_around(root: etree._Element) -> frozenset[str]:
    """Names never seen before of what an issue holds outside its documents."""
    found: set[str] = set()
    nodes = etree.iterwalk(root, events=("start",))
    for _, node in nodes:
        if _is_document(node):
            nodes.skip_subtree()
        else:
            found |= {tag_of(node), *(f"@{name}" for name in map(str, node.attrib) if "}" not in name)}
    return frozenset(found - KNOWN - AROUND - ATTRIBUTES)


def unclaimed_numbers(root: etree._Element) -> Iterator[etree._Element]:
    """Each FRDOC that stands in no document, as after a lost or unknown tag; quoted ones are none."""
    for node in root.iter("FRDOC"):
        if not any(outer.tag in QUOTATIONS or _is_document(outer) for outer in node.iterancestors()):
            yield node


def before_number(node: etree._Element) -> str:
    """The mark-up that an FRDOC ends: itself, and what stands before it since the last document or FRDOC."""
    ends = {"FRDOC", *TYPES, *PRESIDENTIAL}
    since = list(takewhile(lambda one: one.tag not in ends, node.itersiblings(preceding=True)))
    return "".join(etree.tostring(one, encoding="unicode") for one in (*reversed(since), node)).rstrip()


def parse_document(slug: str, parser_version: str, element: etree._Element, place: Place) -> PolicyDocument:
    """Read one document.

    Raises UnknownShape when no FRDOC of its own states its number, or several state different ones.
    """
    flags = set(place.flags)
    is_presidential = tag_of(element) not in OF_AGENCIES
    frame = _frame(element) if is_presidential else element
    if is_presidential and frame.tag not in PRESIDENTIAL:
        flags.add("presidential_kind_unknown")
    parents = tuple(dict.fromkeys((element, frame)))
    number, printed = _number(element, parents, flags)
    billing = _children(parents, "BILCOD")
    text = plain_text(element, skip=[*printed, *billing, *element.iterdescendants(*TYPES)])
    flags |= text.flags
    body = clean("\n".join(text.lines), flags)
    if body and _RESIDUE in body:
        flags.add("editor_residue")
    preamble = _preamble(element)
    order = _order_heading(frame) if is_presidential else None
    names, title = _president_and_title(frame, order) if is_presidential else _agencies_and_title(preamble, flags)
    pages = page_range(element, place.page_before)
    lines = {name: _lines(node for node in preamble if node.tag == name) for name in ("CFR", "RIN", "DEPDOC")}
    return PolicyDocument(
        source_id=slug,
        document_id=document_id(number, place.published),
        native_id=number,
        url=f"https://www.govinfo.gov/app/details/FR-{place.published}/{number}" if place.published else None,
        title=one_line(title, flags),
        abstract=_section(preamble, ("SUM",), flags),
        body=body,
        document_type=TYPES["PRESDOCU" if is_presidential else tag_of(element)],
        document_subtype=PRESIDENTIAL.get(tag_of(frame)),
        action=_section(preamble, ("ACT",), flags),
        publishers=tuple(Organisation(name=name, raw_name=name) for name in dict.fromkeys(names)),
        identifiers=_identifiers(number, place.volume, pages[0], order, lines),
        published_date=place.published,
        signed_date=_signed(frame, order, flags) if is_presidential else None,
        dates_note=_section(preamble, ("DATES", "EFFDATE"), flags),
        text_flags=tuple(sorted(flags)),
        source_fields=stated(
            {
                "element": element.tag,
                "volume": place.volume,
                "issue": place.issue,
                "unitname": place.section,
                "part": _part(element),
                "pages": {"start": pages[0], "end": pages[1]} if pages[0] else None,
                "fr_doc": _lines(printed),
                "filed_at": _filed(printed),
                "bilcod": _lines(billing),
                "cfr": lines["CFR"],
                "rin": lines["RIN"],
                "docket": lines["DEPDOC"],
                "graphics": list(text.graphics),
            }
        ),
        unread_fields=tuple(sorted({*strange_names(element, KNOWN | ATTRIBUTES), *place.strange})),
        content_sha256=hash_of(_stable(element, place)),
        parser_version=parser_version,
    )


def _is_document(element: etree._Element) -> bool:
    """Whether an element is one document: no section of corrections, no PRESDOCU around several.

    A presidential frame is a document of its own when its PRESDOCU holds several, or was lost.
    """
    if element.tag in OF_AGENCIES:
        return element.tag != "CORRECT" or next(element.iterdescendants(*TYPES), None) is None
    if element.tag == "PRESDOCU":
        return not _holds_several(element)
    outer = element.getparent()
    if outer is None or (outer.tag == "PRESDOCU" and not _holds_several(outer)):
        return False
    if outer.tag == "PRESDOCU":
        return _is_frame(element)
    return element.tag in PRESIDENTIAL and next(element.iterancestors(*QUOTATIONS, *TYPES, *PRESIDENTIAL), None) is None


def _holds_several(element: etree._Element) -> bool:
    return sum(_is_frame(child) and child.find("FRDOC") is not None for child in element) > 1


def _is_frame(element: etree._Element) -> bool:
    """Whether an element inside PRESDOCU makes up a document, also one of a kind that is not known."""
    return element.tag in PRESIDENTIAL or (element.tag not in KNOWN and element.find("FRDOC") is not None)


def _issue_day(root: etree._Element, asked: date | None) -> tuple[date | None, frozenset[str]]:
    """The day of an issue: as asked for, else as its first DATE says; the weekday tells a slip from another issue."""
    for node in root.findall("DATE"):
        match = LONG_DAY.search(node.text or "")
        stated_day = long_day(match)
        if match is None or stated_day is None:
            continue
        agrees = (match["weekday"] or "").capitalize() == WEEKDAYS[stated_day.weekday()]
        if asked is None:
            return stated_day, frozenset(() if agrees or match["weekday"] is None else ("issue_date_doubtful",))
        if stated_day != asked and agrees:
            raise UnknownShape(f"expected the issue of {asked}, got the issue of {node.text}")
        return asked, frozenset(() if stated_day == asked else ("issue_date_doubtful",))
    return asked, frozenset(("issue_date_missing",) if asked is None and root.tag == "FEDREG" else ())


def _frame(element: etree._Element) -> etree._Element:
    """The element whose children make up a presidential document: inside PRESDOCU stands an EXECORD, a PROCLA ..."""
    if element.tag != "PRESDOCU":
        return element
    frames = [child for child in element if _is_frame(child)]
    return next((child for child in frames if child.tag in PRESIDENTIAL), frames[0] if frames else element)


def _preamble(element: etree._Element) -> etree._Element:
    return next(element.iter("PREAMB"), element)


def _children(parents: Iterable[etree._Element], *names: str) -> list[etree._Element]:
    return [child for parent in parents for child in parent if child.tag in names]


def _number(
    element: etree._Element, parents: Iterable[etree._Element], flags: set[str]
) -> tuple[str, list[etree._Element]]:
    """The document's own number, from its FRDOCs and never from citations in the text; and what prints it."""
    printed = _children(parents, "FRDOC", "FILED")
    within = [node for node in element.iter("FRDOC") if node not in printed and _is_own(node, element)]
    if any(node.tag == "FRDOC" for node in printed):
        within = [node for node in within if next(node.iterancestors(*PARAGRAPHS), None) is None]
    else:
        flags.add("number_misplaced")
        printed += within
    lines = [_line(node) or "" for node in (*within, *printed) if node.tag == "FRDOC"]
    if not lines:
        raise UnknownShape("expected an FRDOC with the document number, found none; citations in the text do not count")
    matches = [_FRDOC.search(line.translate(DASHES)) for line in lines]
    numbers = list(dict.fromkeys(document_number(match[1]) for match in matches if match))
    if matches[-1] is None:
        raise UnknownShape(f"expected a document number in FRDOC, got {lines[-1][:80]!r}")
    if len(numbers) > 1:
        raise UnknownShape(f"expected one document number, got {', '.join(numbers)}; a tag between documents is lost")
    return numbers[0], printed


def _is_own(node: etree._Element, element: etree._Element) -> bool:
    return next(node.iterancestors(tag_of(element), *QUOTATIONS, *TYPES), None) is element


def _filed(printed: list[etree._Element]) -> str | None:
    """When the document was filed, as printed: in an element of its own, else beside the number."""
    line = next((_line(node) for node in printed if node.tag == "FILED"), None) or _line(printed[-1]) or ""
    match = _FILED.search(line)
    return match and match[1]


def _president_and_title(frame: etree._Element, order: re.Match[str] | None) -> tuple[list[str], str | None]:
    head = next((node for node in frame if node.tag == "HD" and node.get("SOURCE") == "HED"), None)
    title = _line(head) if head is not None else order and order[0]
    return _lines(frame.findall("PRES")[:1]), title


def _agencies_and_title(preamble: etree._Element, flags: set[str]) -> tuple[list[str], str | None]:
    names = _lines(node for node in preamble if node.tag in ("AGENCY", "SUBAGY"))
    subjects = _lines(preamble.findall("SUBJECT"))
    stated_agency = " ".join(_lines(preamble.findall("AGY"))).casefold()
    if len(subjects) > 1 and subjects[0].casefold() in stated_agency:
        names.append(subjects.pop(0))
        flags.add("agency_tagged_as_subject")
    return names, "; ".join(subjects) or None


def _identifiers(
    number: str, volume: str | None, page: str | None, order: re.Match[str] | None, lines: dict[str, list[str]]
) -> tuple[Identifier, ...]:
    rins = [rin for line in (*lines["RIN"], *lines["DEPDOC"]) for rin in _RIN.findall(line.translate(DASHES))]
    dockets = [part.strip() for line in lines["DEPDOC"] for part in line.strip("[] ").split(";")]
    return identifiers(
        ("fr_document", number),
        ("fr_citation", f"{volume} FR {page}" if volume and page else None),
        *((scheme, order["number"]) for scheme in _ORDER_SCHEMES if order and order[scheme]),
        *(("rin", rin) for rin in rins),
        *(("docket", docket) for docket in dockets if not docket.startswith("RIN ")),
        *(("cfr", part) for line in lines["CFR"] for part in _cfr_parts(line)),
    )


def _cfr_parts(line: str) -> Iterator[str]:
    """Parts that a line lists one by one; a range of parts is left to the raw text, since not all of it may exist."""
    for references in _CFR_TITLE.split(line.translate(DASHES)):
        match = _CFR.match(references)
        if match and not _RANGE.search(references):
            yield from (f"{match[1]} CFR {part}" for part in re.findall(r"\d+[a-z]?", match[2]))


def _order_heading(frame: etree._Element) -> re.Match[str] | None:
    """The line that numbers and dates a presidential document: "Executive Order 14110 of October 30, 2023"."""
    for node in frame:
        if node.tag in ("FP", "P"):
            break
        if match := _ORDER.fullmatch((_line(node) or "").translate(DASHES).removesuffix("(Correction)").rstrip(" .")):
            return match
    return None


def _signed(frame: etree._Element, order: re.Match[str] | None, flags: set[str]) -> date | None:
    """The day a presidential document was signed, from its heading, else from the DATE under the signature."""
    heading = long_day(LONG_DAY.search(order["day"])) if order else None
    dated = [day for line in _lines(frame.findall("DATE")) if (day := long_day(LONG_DAY.search(line)))]
    if heading and dated and dated[-1] != heading:
        flags.add("signed_dates_differ")
    return heading or (dated[-1] if dated else None)


def _section(preamble: etree._Element, names: tuple[str, ...], flags: set[str]) -> str | None:
    """What stands under a heading of the preamble, without the heading and footnotes."""
    lines: list[str] = []
    for node in _children((preamble,), *names):
        lines += plain_text(node, skip=node.findall("HD"), with_notes=False).lines
    return clean("\n".join(lines), flags)


def _part(element: etree._Element) -> str | None:
    """The separate part of the issue a document is printed in, e.g. "Part III"."""
    outer = next(element.iterancestors("NEWPART"), None)
    number = None if outer is None else outer.find("PTITLE/PARTNO")
    return None if number is None else _line(number)


def _line(node: etree._Element) -> str | None:
    return plain_text(node, with_notes=False).one_line()


def _lines(nodes: Iterable[etree._Element]) -> list[str]:
    return [line for node in nodes if (line := _line(node))]


def _stable(element: etree._Element, place: Place) -> dict[str, Any]:
    """What the source says, whatever the parser makes of it: words without blanks, page breaks and kinds of dash.

    Issues were silently issued again with hyphens for en dashes; that changes no document.
    """
    words = "".join(_said(element)).translate(DASHES)
    return {"element": element.tag, "published": str(place.published), "words": "".join(words.split())}


def _said(element: etree._Element) -> Iterator[str]:
    """Text in order, each field of the preamble marked, so that moving words from one to another is a change."""
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "end":
            yield (node.tail or "") if node is not element else ""
            continue
        yield f"<{tag_of(node)}>" if node.tag in ("AGENCY", "SUBAGY", "SUBJECT", "ACT", "SUM", "DATES") else ""
        yield node.text or ""
