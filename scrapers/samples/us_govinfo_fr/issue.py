"""The daily issue of the Federal Register in XML, as govinfo publishes it.

It is written from the same records as the API, so numbers, dates and pages agree. Issues of June 2023 to March 2024
write document numbers and filing dates with en dashes, as the real ones did.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from xml.sax.saxutils import escape

from scrapers.samples.issue_calendar import filing_day, issue_number
from scrapers.samples.us_federal_register.records import Agency, FrDocument

SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
EN_DASH_FROM, EN_DASH_UNTIL = date(2023, 6, 1), date(2024, 3, 31)
SECTIONS = (
    ("Rules and Regulations", "RULES", "RULE", "Rule"),
    ("Proposed Rules", "PRORULES", "PRORULE", "Proposed Rule"),
    ("Notices", "NOTICES", "NOTICE", "Notice"),
)
PRESIDENTIAL = "Presidential Document"
SECTION_NAMES = {"Rule": "RULES", "Proposed Rule": "PROPOSED RULES", "Notice": "NOTICES"}
ROMAN = ("II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
"""Separate parts of an issue; the samples have fewer on any day."""
_HEADED = re.compile(r"(Section 1|Sec\. \d+)\. ([^.]+)\. (.*)", re.S)


def write_issue(day: date, documents: Sequence[FrDocument], agencies: dict[str, Agency]) -> str:
    """The XML of one issue.

    A reader carries the page being printed on to the next document, so documents whose page is not known all stand
    before the first printed page; those with a page are printed in parts of their own behind them.
    """
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<FEDREG xmlns:xsi="{SCHEMA_INSTANCE}" xsi:noNamespaceSchemaLocation="FRMergedXML.xsd">',
        _section_head(day, "Contents"),
        _contents(day, documents, agencies),
    ]
    for unit, section, tag, kind in SECTIONS:
        chosen = [document for document in documents if _kind(document) == kind and document.start_page is None]
        if chosen:
            parts.append(_section_head(day, unit))
            parts.append(f"<{section}>")
            parts += [_document(document, tag, agencies) for document in chosen]
            parts.append(f"</{section}>")
    separate = [document for document in documents if document.start_page or _kind(document) == PRESIDENTIAL]
    separate.sort(key=lambda document: document.start_page or 0)
    for part, document in zip(ROMAN[: len(separate)], separate, strict=True):
        parts += _new_part(part, document, agencies)
    parts.append("</FEDREG>\n")
    return "\n".join(parts)


def _section_head(day: date, unit: str) -> str:
    """VOL, NO, DATE and UNITNAME stand before every section, all at root level."""
    printed = f"{day:%A, %B} {day.day}, {day.year}"
    volume = f"<VOL>{day.year - 1935}</VOL>\n<NO>{issue_number(day)}</NO>"
    return f"{volume}\n<DATE>{printed}</DATE>\n<UNITNAME>{unit}</UNITNAME>"


def _contents(day: date, documents: Iterable[FrDocument], agencies: dict[str, Agency]) -> str:
    def issuer(document: FrDocument) -> str:
        return _agency_name(agencies[document.agencies[-1]]) if document.agencies else "Other Agencies"

    parts = ["<CNTNTS>"]
    ordinary = [document for document in documents if document.type != PRESIDENTIAL]
    for name, own in groupby(sorted(ordinary, key=issuer), key=issuer):
        parts.append(f"<AGCY><EAR>{escape(name.split()[0])}</EAR><HD>{escape(name)}</HD>")
        for kind, entries in groupby(sorted(own, key=_kind), key=_kind):
            parts.append(f"<CAT><HD>{SECTION_NAMES[kind]}</HD>")
            parts += [
                f"<DOCENT><DOC>{escape(entry.title)}, </DOC><PGS>{entry.start_page or ''}</PGS>"
                f'<FRDOCBP D="1" T="{day:%d}{day:%b}N1.sgm">{_dashed(entry.number, day)}</FRDOCBP></DOCENT>'
                for entry in entries
            ]
            parts.append("</CAT>")
        parts.append("</AGCY>")
    parts.append('<AIDS><HD SOURCE="HED">Reader Aids</HD><P>Sample issue written for this project.</P></AIDS></CNTNTS>')
    return "\n".join(parts)


def _kind(document: FrDocument) -> str:
    return document.type or "Notice"


def _document(document: FrDocument, tag: str, agencies: dict[str, Agency]) -> str:
    page = f'<PRTPAGE P="{document.start_page}"/>' if document.start_page else ""
    parts = [f"<{tag}>", f"<PREAMB>{page}"]
    for place, key in enumerate(document.agencies):
        name = escape(agencies[key].raw_name)
        parts.append(
            f'<AGENCY TYPE="{"S" if page else "N"}">{name.upper()}</AGENCY>'
            if place == 0
            else f"<SUBAGY>{name}</SUBAGY>"
        )
    parts += [f"<CFR>{title} CFR Part {part}</CFR>" for title, part in document.cfr]
    parts += [f"<DEPDOC>[{escape(docket)}]</DEPDOC>" for docket in document.dockets]
    parts += [f"<RIN>RIN {rin}</RIN>" for rin in document.rins]
    parts.append(f"<SUBJECT>{escape(document.title)}</SUBJECT>")
    if document.correction_of:
        parts.append("<SUBJECT>Correction</SUBJECT>")
    if document.agencies:
        parts.append(_headed("AGY", "AGENCY:", f"{_agency_name(agencies[document.agencies[-1]])}."))
    if document.action:
        parts.append(_headed("ACT", "ACTION:", document.action))
    if document.abstract:
        parts.append(_headed("SUM", "SUMMARY:", document.abstract))
    if document.dates:
        parts.append(_headed("DATES" if document.comments_close else "EFFDATE", "DATES:", document.dates))
    parts.append("</PREAMB>")
    if document.text:
        parts.append('<SUPLINF><HD SOURCE="HED">SUPPLEMENTARY INFORMATION:</HD>')
        parts += [_paragraph(text, _second_page(document), place) for place, text in enumerate(document.text)]
        parts.append("</SUPLINF>")
    parts.append(f"<FRDOC>[FR Doc. {_dashed(document.number, document.day)} {_filed(document.day, '8:45 am')}</FRDOC>")
    parts.append(f"<BILCOD> BILLING CODE {_dashed('0000-00-P', document.day)}</BILCOD></{tag}>")
    return "\n".join(parts)


def _headed(tag: str, heading: str, text: str) -> str:
    return f'<{tag}><HD SOURCE="HED">{heading}</HD><P>{escape(text)}</P></{tag}>'


def _second_page(document: FrDocument) -> int | None:
    """The page after the first, where it is known that there is one."""
    start, end = document.start_page, document.end_page
    return start + 1 if start is not None and end is not None and end > start else None


def _paragraph(text: str, page: int | None, place: int) -> str:
    """A paragraph; the first of a document with more pages holds the page break in the middle of a sentence."""
    words = text.split(" ")
    if place or page is None or len(words) < 4:
        return f"<P>{escape(text)}</P>"
    middle = len(words) // 2
    first, second = escape(" ".join(words[:middle])), escape(" ".join(words[middle:]))
    return f'<P>{first} <PRTPAGE P="{page}"/>{second}</P>'


def _new_part(part: str, document: FrDocument, agencies: dict[str, Agency]) -> list[str]:
    """A document in a separate part of the issue, below the head of its section."""
    kind = _kind(document)
    if kind == PRESIDENTIAL:
        return [_section_head(document.day, "Presidential Documents"), _order(part, document)]
    unit, section, tag = next((unit, section, tag) for unit, section, tag, name in SECTIONS if name == kind)
    issuer = escape(_agency_name(agencies[document.agencies[0]])) if document.agencies else ""
    return [
        _section_head(document.day, unit),
        f'<NEWPART>\n<PTITLE><PARTNO>Part {part}</PARTNO><AGENCY TYPE="P">{issuer}</AGENCY>'
        f"<TITLE>{escape(document.title)}</TITLE></PTITLE>",
        f"<{section}>\n{_document(document, tag, agencies)}\n</{section}>\n</NEWPART>",
    ]


def _order(part: str, document: FrDocument) -> str:
    """A presidential document in its part."""
    page = document.start_page
    signed = document.signed or document.day
    printed = f"{signed:%B} {signed.day}, {signed.year}"
    outer, line_tag, line = ("PRMEMO", "MEMO", f"Memorandum of {printed}")
    if document.eo:
        outer, line_tag, line = ("EXECORD", "EXECORDR", f"Executive Order {document.eo} of {printed}")
    name = line.split(" of ")[0]
    break_before = f'<PRTPAGE P="{page}"/>' if page else ""
    body = "\n".join(_order_paragraph(text, _second_page(document), place) for place, text in enumerate(document.text))
    return f"""<NEWPART>
<PTITLE><PARTNO>Part {part}</PARTNO><PRES>The President</PRES>
<{line_tag}>{name}—{escape(document.title)}</{line_tag}></PTITLE>
<PRESDOCS><PRESDOCU><{outer}>
<TITLE3>Title 3—</TITLE3>
<PRES>The President{break_before}</PRES>
<{line_tag}>{line}</{line_tag}>
<HD SOURCE="HED">{escape(document.title)}</HD>
<FP>By the authority vested in the President, it is hereby ordered:</FP>
{body}
<GPH DEEP="62" HTYPE="RIGHT" SPAN="1"><GID>OB#1.EPS</GID></GPH>
<PSIG>\u2003</PSIG>
<PLACE>THE WHITE HOUSE,</PLACE>
<DATE>{printed}.</DATE>
<FRDOC>[FR Doc. {_dashed(document.number, document.day)}</FRDOC>
<FILED>{_filed(document.day, "11:15 am")}</FILED>
<BILCOD>Billing code {_dashed("0000-00-P", document.day)}</BILCOD>
</{outer}></PRESDOCU></PRESDOCS>
</NEWPART>"""


def _order_paragraph(text: str, page: int | None, place: int) -> str:
    if not (match := _HEADED.fullmatch(text)):
        return f"<FP>{escape(text)}</FP>"
    section, heading, rest = (escape(piece) for piece in match.groups())
    if place == 0 and page is not None and " " in rest:
        first, _, second = rest.partition(" ")
        rest = f'{first} <PRTPAGE P="{page}"/>{second}'
    return f'<FP><E T="04">{section}</E>. <E T="03">{heading}.</E> {rest}</FP>'


def _agency_name(agency: Agency) -> str:
    return agency.name or agency.raw_name


def _filed(day: date, hour: str) -> str:
    filed = filing_day(day)
    return f"Filed {_dashed(f'{filed.month}-{filed.day}-{filed:%y}', day)}; {hour}]"


def _dashed(text: str, day: date) -> str:
    return text.replace("-", "–") if EN_DASH_FROM <= day <= EN_DASH_UNTIL else text
