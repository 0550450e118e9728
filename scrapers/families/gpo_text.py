"""Typesetting XML of the Government Publishing Office as plain text, one paragraph a line.

Belongs here: how its elements read (emphasis, footnotes, page breaks, tables). Does not belong here: which element
means which field of a document.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import takewhile

from lxml import etree

from scrapers.families.xml import tag_of

PARAGRAPHS = frozenset(
    (
        "P", "FP", "HD", "AMDPAR", "AGENCY", "SUBAGY", "CFR", "RIN", "SUBJECT", "DEPDOC", "SECTNO", "TITLE", "NAME",
        "DATED", "DATE", "TTITLE", "TDESC", "TNOTE", "PRES", "PROC", "MEMO", "EXECORDR", "TITLE3", "PLACE", "PSIG",
        "FRDOC", "FILED", "BILCOD", "SECHD", "SJ", "DOC", "PARTNO", "UNITNAME", "OLNOTE1", "RESERVED", "PARAUTH",
    )
)  # fmt: skip
CONTAINERS = frozenset(
    (
        "PREAMB", "AGY", "ACT", "SUM", "DATES", "EFFDATE", "ADD", "FURINF", "SUPLINF", "REGTEXT", "SECTION", "PART",
        "SUBPART", "CHAPTER", "APPENDIX", "CONTENTS", "AUTH", "SOURCE", "EXTRACT", "LSTSUB", "PRIACT", "NOTE", "EDNOTE",
        "EXAMPLE", "SIG", "PREAMHD", "GPOTABLE", "BOXHD", "CHED", "ROW", "ENT", "FTNT", "STARS", "EXECORD", "PROCLA",
        "PRMEMO", "PRNOTICE", "DETERM", "PRORDER", "PRESDOCU", "PRESDOC", "RULE", "PRORULE", "NOTICE", "CORRECT",
        "PNOTICE", "PRESDOCS", "RULES", "PRORULES", "NOTICES", "TITLENO", "SUBCHAP", "SUBJGRP", "CROSSREF", "EDITOR",
    )
)  # fmt: skip
INLINE = frozenset(("E", "SU", "FTREF", "FR", "LI", "AC", "PRTPAGE", "GPH", "GID", "MATH", "MID"))
KNOWN = PARAGRAPHS | CONTAINERS | INLINE
"""Element names of the corpus, of the publisher's guide and of issues since 2000; others are read, and reported."""
AROUND = frozenset(
    (
        "FEDREG", "VOL", "NO", "NEWPART", "PTITLE", "PARTNO", "PTS", "AIDS", "CNTNTS", "AGCY", "EAR", "CAT", "DOCENT",
        "SJDENT", "SJDOC", "SUBSJ", "SUBSJDOC", "SSJDENT", "FRDOCBP", "PGS", "SEE", "SUNSHINE", "TOC", "PRESDOCS",
        "RULES", "PRORULES", "NOTICES", "COVER", "LOC", "PNOTICE", "PRES", "EXECORDR", "INFO", "FRMAST", "READERAIDS",
    )
)  # fmt: skip
"""Element names of an issue outside its documents: mastheads, contents, headings of parts, reader aids."""
ATTRIBUTES = frozenset(
    (
        "@CDEF", "@COLS", "@D", "@DEEP", "@EXPSTB", "@H", "@HTYPE", "@I", "@O", "@OPTS", "@P", "@PART", "@ROTATION",
        "@RUL", "@SOURCE", "@SPAN", "@STYLE", "@T", "@TITLE", "@TYPE", "@noNamespaceSchemaLocation",
    )
)  # fmt: skip
"""Names of attributes of either."""

OMISSION = "* * * * *"
"""How STARS, text left as it was, is printed."""

_WORDS = frozenset((None, "01", "02", "03", "04"))
"""Values of E/@T that only change the face of words; others make super- and subscripts."""
_SUFFIX = re.compile(r"(?:s|es|ed|d|ing|ly|st|nd|rd|th)\b")


@dataclass(frozen=True)
class PlainText:
    """What a reader sees, and what was met on the way."""

    lines: tuple[str, ...]
    graphics: tuple[str, ...]
    flags: frozenset[str]

    def one_line(self) -> str | None:
        """All lines as one; None when there is nothing to read."""
        return " ".join(self.lines) or None


def plain_text(element: etree._Element, *, skip: Collection[etree._Element] = (), with_notes: bool = True) -> PlainText:
    """Read an element as text.

    Page breaks vanish, emphasis stays in its sentence, a footnote mark becomes "[1]" and its text a line "[1] ..." at
    the end of its section, a table row becomes a line of cells separated by tabs. Elements in `skip` are left out;
    without notes, footnotes and their marks are too. Flags: blanks_restored, where the source lost the blank between a
    word and the emphasis or page break beside it.
    """
    writer = _Writer(frozenset(skip), with_notes)
    writer.container(element)
    return PlainText(tuple(writer.lines), tuple(writer.graphics), frozenset(writer.flags))


def page_range(element: etree._Element, page_before: str | None) -> tuple[str | None, str | None]:
    """First and last printed page; `page_before` is the page being printed when the element begins."""
    breaks = [
        node
        for node in element.iter("PRTPAGE")
        if is_page(node.get("P")) and next(node.iterancestors("FTNT"), None) is None
    ]
    if not breaks:
        return page_before, page_before
    begins_page = not any(_is_printed(node) for node in _before(element, breaks[0]))
    return (breaks[0].get("P") if begins_page else page_before), breaks[-1].get("P")


def is_page(number: str | None) -> bool:
    """Whether a PRTPAGE names a page of the issue's body; the contents have Roman numbers, footnotes none."""
    return bool(number) and str(number).isascii() and str(number).isdigit()


def _before(element: etree._Element, stop: etree._Element) -> list[etree._Element]:
    return list(takewhile(lambda node: node is not stop, element.iter()))


def _is_printed(node: etree._Element) -> bool:
    """Running heads of presidential documents stand above the page number that belongs to them."""
    return bool((node.text or "").strip()) and node.tag not in ("TITLE3", "PRES")


class _Writer:
    """Collects lines while walking a tree; `_seam` says what kind of boundary the next text follows."""

    def __init__(self, skip: frozenset[etree._Element], with_notes: bool, in_note: bool = False) -> None:
        self.lines: list[str] = []
        self.graphics: list[str] = []
        self.flags: set[str] = set()
        self._skip = skip
        self._with_notes = with_notes
        self._in_note = in_note
        self._line: list[str] = []
        self._last = ""
        self._seam = ""
        self._notes: list[str] = []
        self._after_line: list[str] = []

    def container(self, element: etree._Element) -> None:
        """Read an element that holds lines of its own; its footnotes end it."""
        outer, self._notes = self._notes, []
        self._walk(element, in_paragraph=element.tag in PARAGRAPHS)
        self._end_line()
        self._end_section()
        self._notes = outer

    def _walk(self, element: etree._Element, in_paragraph: bool) -> None:
        self._add(element.text)
        for child in element:
            if isinstance(child.tag, str) and child not in self._skip:
                self._child(child, in_paragraph)
            self._add(child.tail)

    def _child(self, child: etree._Element, in_paragraph: bool) -> None:
        tag = tag_of(child)
        if tag == "PRTPAGE":
            self._seam = "page"
        elif tag == "FTREF":
            return
        elif tag == "SU":
            self._superscript(child)
        elif tag == "FTNT":
            self._note(child)
        elif tag == "GPOTABLE":
            self._table(child, in_paragraph)
        elif tag in ("GID", "MID"):
            self.graphics.append("".join(child.itertext()).strip())
        elif tag == "E":
            self._emphasis(child)
        elif tag in INLINE or (in_paragraph and tag not in KNOWN):
            self._inline(child)
        else:
            self._block(child)

    def _block(self, child: etree._Element) -> None:
        self._end_line()
        if child.tag == "HD":
            self._end_section()
        if child.tag == "STARS":
            self.lines.append(OMISSION)
        if child.tag in PARAGRAPHS:
            self._walk(child, in_paragraph=True)
            self._end_line()
        else:
            self.container(child)

    def _inline(self, child: etree._Element) -> None:
        if child.tag == "LI":
            self._add(" ")
        self._walk(child, in_paragraph=True)

    def _emphasis(self, child: etree._Element) -> None:
        if child.get("T") not in _WORDS:
            if child.get("T") == "51" and self._last.isdigit():
                self._add("^")
            self._walk(child, in_paragraph=True)
            return
        self._seam = self._seam or "emphasis begins"
        self._walk(child, in_paragraph=True)
        self._seam = self._seam or "emphasis ends"

    def _superscript(self, child: etree._Element) -> None:
        text = " ".join("".join(child.itertext()).split())
        following = child.getnext()
        is_mark = following is not None and following.tag == "FTREF" and not (child.tail or "").strip()
        is_mark = is_mark or child.find("FTREF") is not None
        if self._in_note and not "".join(self._line).strip():
            self._add(f"[{text}] ")
        elif is_mark:
            self._add(f"[{text}]" if self._with_notes else "")
        elif self._last and not self._last.isspace():
            self._add(f"^{text}")
        else:
            self._add(text)
        self._seam = "mark"

    def _note(self, child: etree._Element) -> None:
        if self._with_notes:
            self._notes += self._read_apart(child, in_note=True)
        self._seam = "page"

    def _table(self, table: etree._Element, in_paragraph: bool) -> None:
        lines: list[str] = []
        for child in table:
            if not isinstance(child.tag, str) or child in self._skip:
                continue
            if child.tag == "BOXHD":
                lines += self._heads(child)
            elif child.tag == "ROW":
                lines.append("\t".join(" ".join(self._read_apart(cell)) for cell in child if cell.tag != "PRTPAGE"))
            elif child.tag != "PRTPAGE":
                lines += self._read_apart(child)
        lines = [line for line in lines if line.strip()]
        if in_paragraph:
            self._after_line += lines
            self._seam = "page"
        else:
            self._end_line()
            self.lines += lines

    def _heads(self, boxhead: etree._Element) -> list[str]:
        """Column heads, a line a level."""
        levels: dict[str, list[str]] = {}
        for head in boxhead.iter("CHED"):
            levels.setdefault(head.get("H", "1"), []).append(" ".join(self._read_apart(head)))
        return ["\t".join(heads) for heads in levels.values()]

    def _read_apart(self, element: etree._Element, in_note: bool = False) -> list[str]:
        apart = _Writer(self._skip, self._with_notes, in_note or self._in_note)
        apart.container(element)
        self.graphics += apart.graphics
        self.flags |= apart.flags
        return apart.lines

    def _add(self, text: str | None) -> None:
        if not text:
            return
        if self._seam and _lost_blank(self._seam, self._last, text):
            self._line.append(" ")
            self.flags.add("blanks_restored")
        self._seam = ""
        self._line.append(text)
        self._last = text[-1]

    def _end_line(self) -> None:
        folded = " ".join("".join(self._line).split())
        self._line.clear()
        self._last = self._seam = ""
        if folded:
            self.lines.append(folded)
        self.lines += self._after_line
        self._after_line.clear()

    def _end_section(self) -> None:
        self.lines += self._notes
        self._notes.clear()


def _lost_blank(seam: str, last: str, text: str) -> bool:
    """Whether two words touch only because mark-up stood between them; numbers and word endings may touch."""
    if not last or not text[0].isalnum() or (last in ".,:" and text[0].isdigit()):
        return False
    if seam == "mark":
        return last in "])" or last.isalnum()
    if seam == "emphasis ends" and (last == "." or _SUFFIX.match(text)):
        return last == "."
    return last.isalnum() or last in ",;:)”" or (last == "." and text[0].isupper())
