"""The text of a PDF file: pages put together as paragraphs, without what repeats on every page.

Belongs here: running heads, page numbers, words parted at line ends, paragraphs. Footnotes stay where they are printed,
each a paragraph. Does not belong here: reading the file format, which `pdf_pages` does in a process of its own.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass

from scrapers.contracts import Truncated, UnknownShape, UpstreamError
from scrapers.families.text import clean
from scrapers.runtime.block_pages import looks_like_html, refuse_block_page

MAX_PDF_BYTES = 40_000_000
DEADLINE_SECONDS = 90
FROM_PDF = "text_from_pdf"
"""Flag of a document whose text was read from a PDF file: its lines were put together by their look."""
NO_TEXT = "pdf_without_text"
"""Flag of a document whose PDF file has pages and no text, as scans have."""
CUT = "pdf_cut"
"""Flag of a document whose PDF file has more pages than are read."""
_EDGE = 2
"""Lines at the top and at the bottom of a page that may be a running head or foot."""
_PAGE_NUMBER = re.compile(
    r"(?:page\s*)?[-–—\[(]?\s*(?:\d{1,4}|[ivxlc]{1,6})\s*[-–—\])]?(?:\s*(?:of|/)\s*\d{1,4})?", re.I
)
_STARTS = re.compile(
    r"[•▪◦●■‣∙·o]\s|[-–—]\s|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]\s|\(\w{1,4}\)\s|\d{1,3}(?:\.\d{1,3})+\.?\s|\d{1,3}\s+[A-Z]"
    r"|(?:TO|FROM|SUBJECT|RE|DATE|CC):|MEMORANDUM\s|Section\s+\d|(?:Appendix|Attachment)\s"
)
"""How a list entry, a footnote, a numbered section or a line of a memorandum's head begins."""
_FOOTNOTE = re.compile(r"\d{1,3}\s+\w")
_ENDS_WITHIN_WORD = re.compile(r"(?<!\w)(\w*[^\W\d_])[-\u2010\u00ad]$")
_GOES_ON = re.compile(r"([^\W\d_]+)(.*)", re.S)


@dataclass(frozen=True)
class PdfText:
    """What a PDF file says."""

    text: str | None
    """Paragraphs, a line each; None for a file without text."""
    pages: int
    flags: frozenset[str]


def is_pdf(body: bytes) -> bool:
    """Whether bytes are those of a PDF file, which may be preceded by others."""
    return b"%PDF-" in body[:1_024]


def read_pdf(body: bytes) -> PdfText:
    """Read one PDF file.

    Raises BlockPage for walls and UpstreamError for HTML in its place, Truncated for a file that ends early, and
    UnknownShape for what is no PDF, is too large, locked with a password, damaged, or takes too long to be read.
    """
    if not body.strip():
        raise Truncated("expected a PDF file, got an empty body")
    if not is_pdf(body):
        refuse_block_page(body, "a PDF file")
        if looks_like_html(body):
            raise UpstreamError("expected a PDF file, got an HTML page")
        raise UnknownShape(f"expected a PDF file, got bytes that begin {body[:20]!r}")
    if len(body) > MAX_PDF_BYTES:
        raise UnknownShape(f"expected at most {MAX_PDF_BYTES} bytes of PDF, got {len(body)}")
    if b"%%EOF" not in body[-4_096:]:
        raise Truncated("expected %%EOF at the end of the PDF file, got bytes that end before it")
    count, texts = _pages(body)
    flags = {FROM_PDF} | ({CUT} if len(texts) < count else set())
    text = clean("\n".join(paragraphs(texts)), flags)
    if text is None:
        return PdfText(None, count, frozenset((flags - {FROM_PDF}) | {NO_TEXT}))
    return PdfText(text, count, frozenset(flags))


def _pages(body: bytes) -> tuple[int, list[str]]:
    """How many pages there are, and the text of those that were read."""
    command = [sys.executable, "-m", "scrapers.families.pdf_pages"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(
            command, input=body, capture_output=True, timeout=DEADLINE_SECONDS, check=False, env=environment
        )
    except subprocess.TimeoutExpired as error:
        raise UnknownShape(f"expected a PDF file that is read in {DEADLINE_SECONDS} s, got one that is not") from error
    if done.returncode != 0:
        raise UnknownShape(f"expected a readable PDF file, its reader ended with {done.returncode}: too much to read")
    answer = json.loads(done.stdout)
    if "error" in answer:
        raise UnknownShape(f"expected a readable PDF file, got one that is {answer['error']}: {answer['message']}")
    return answer["count"], answer["texts"]


def paragraphs(pages: list[str]) -> list[str]:
    """Pages as paragraphs; one that goes on over a page's end is one, but a footnote ends with its page."""
    kept = _without_running_lines(pages)
    known = Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", "\n".join(line for page in kept for line in page).lower()))
    widths = sorted(len(line) for page in kept for line in page if line)
    full = widths[len(widths) * 3 // 4] if widths else 0
    found: list[str] = []
    for page in kept:
        ended = not found or bool(_FOOTNOTE.match(found[-1])) or _is_last(found[-1], full)
        for line in page:
            if line and (ended or _STARTS.match(line)):
                found.append(line)
            elif line:
                found[-1] = _joined(found[-1], line, known)
            ended = not line or _is_last(line, full)
    return found


def _is_last(line: str, full: int) -> bool:
    """Whether a paragraph ends with a line: one that stops early, and not inside a word."""
    return len(line) < 0.7 * full and not _ENDS_WITHIN_WORD.search(line)


def _without_running_lines(pages: list[str]) -> list[list[str]]:
    """Lines of each page without its number, and without heads and feet of most pages, unless there is nothing else."""
    split = [[" ".join(line.split()) for line in page.splitlines()] for page in pages]
    split = [_trimmed(lines) for lines in split]
    seen = Counter(key for lines in split for key in {_key(line) for line in (*lines[:_EDGE], *lines[-_EDGE:])} if key)
    running = {key for key, pages_with in seen.items() if pages_with >= 3 and pages_with > len(pages) / 2}

    kept = []
    for lines in split:
        edges = {*range(_EDGE), *range(len(lines) - _EDGE, len(lines))}
        numbered = [n for n, line in enumerate(lines) if not (n in edges and _PAGE_NUMBER.fullmatch(line))]
        own = [n for n in numbered if not (n in edges and _key(lines[n]) in running)]
        kept.append(_trimmed([lines[n] for n in own or numbered]))
    return kept


def _trimmed(lines: list[str]) -> list[str]:
    """Lines without the blank ones at both ends."""
    said = [n for n, line in enumerate(lines) if line]
    return lines[said[0] : said[-1] + 1] if said else []


def _key(line: str) -> str:
    """A line whatever its numbers, as heads and feet count pages; none for a footnote, which begins with its own."""
    return "" if _FOOTNOTE.match(line) else re.sub(r"\d+", "#", line).lower()


def _joined(before: str, line: str, known: Counter[str]) -> str:
    """A line put after another; a word parted by a hyphen is one word unless the text writes it with one elsewhere."""
    broken, rest = _ENDS_WITHIN_WORD.search(before), _GOES_ON.match(line)
    if broken is None or rest is None or not rest[1][0].islower():
        return f"{before} {line}"
    first, second = broken[1].rpartition("-")[2], rest[1]
    whole, hyphened = f"{first}{second}".lower(), f"{first}-{second}".lower()
    keeps = before[-1] != "\u00ad" and known[hyphened] > 0 and not known[whole]
    return f"{before[:-1]}{'-' if keeps else ''}{line}"
