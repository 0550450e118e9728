"""The words of an archived answer, as a reader of the evidence would look for them.

Belongs here: decoding what came (compression, zip, PDF, JSON, mark-up) into plain letters and digits, and the forms in
which a source may write a day. Does not belong here: what must be found.
"""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from scrapers.families.pdf_text import is_pdf, read_pdf
from scrapers.runtime.archive import read_answer
from scrapers.runtime.middlewares import decode_body
from tests.contract.leaves import leaves

BETWEEN = "\n"
"""Stands between two values of an answer, lest the end of one and the begin of the next make a word."""
_TAG = re.compile(r"</?[a-z!?][^<>]*>", re.IGNORECASE)
_MAX_BYTES = 200_000_000


def letters(text: str) -> str:
    """Letters and digits of a text, entities undone and mark-up taken out."""
    for _ in range(3):
        text = html.unescape(text)
    return _squeezed(_TAG.sub(" ", text))


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


@cache
def answer_letters(archive: Path, offset: int, url: str, payload_sha256: str) -> str:
    """The letters and digits of all values of an archived answer."""
    answer = read_answer(archive, offset, url, payload_sha256)
    encoding = next((value for name, value in answer.headers if name.lower() == "content-encoding"), "")
    body = decode_body(answer.body, encoding, _MAX_BYTES) if encoding else answer.body
    return BETWEEN.join(_values(body))


def _values(body: bytes) -> Iterator[str]:
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            for name in packed.namelist():
                yield from _values(packed.read(name))
        return
    if is_pdf(body):
        yield _squeezed(read_pdf(body).text or "")
        return
    text = body.decode("utf-8-sig", "replace")
    try:
        value = json.loads(text, parse_float=str, parse_int=str)
    except ValueError:
        yield letters(text)
        yield from (_squeezed(html.unescape(tag)) for tag in _TAG.findall(text))
    else:
        yield from (letters(said) for _, said in leaves(value))


def forms_of_day(day: date, zone: ZoneInfo) -> Iterator[str]:
    """The ways in which sources write a day, as letters and digits."""
    yield f"{day:%Y%m%d}"
    yield f"{day:%m%d%Y}"
    yield f"{day:%d%m%Y}"
    yield f"{day.month}{day.day}{day:%Y}"
    for month in (f"{day:%B}", f"{day:%b}"):
        yield from (f"{month}{day.day}{day:%Y}".casefold(), f"{month}{day:%d%Y}".casefold())
        yield from (f"{day.day}{month}{day:%Y}".casefold(), f"{day:%d}{month}{day:%Y}".casefold())
        yield f"{day:%Y}{month}{day:%d}".casefold()
    for midnight in (datetime.combine(day, time.min, zone), datetime.combine(day, time.min, UTC)):
        yield f"{midnight.timestamp():.0f}000"
        yield f"{midnight.astimezone(UTC):%Y%m%dT%H%M}".casefold()
