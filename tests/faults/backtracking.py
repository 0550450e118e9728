"""Answers made for backtracking: what opens and never closes, again and again, in every place of a source's answers.

Belongs here: making them, and the time that a reader takes for one. Does not belong here: how much time is too much.
"""

from __future__ import annotations

import json
import math
import re
import signal
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from lxml import etree

from pipelines.digest.render import escape_markdown
from scrapers.contracts import Refusal
from scrapers.families.feed import plain_title, read_feed, read_sitemap
from scrapers.families.html_pages import page_tree
from scrapers.families.json_answers import read_json
from scrapers.families.text import html_to_text, one_line
from scrapers.families.wording import words_of
from scrapers.families.xml import read_xml
from scrapers.runtime.block_pages import wall_of
from tests.contract.cases import cases_of

CHARS = 100_000
LIMIT_SECONDS = 10.0
MAX_FIXTURE_BYTES = 60_000
OPENINGS = (
    "<", "<a ", "<p", "</p", "<p>", "<span class=", "<div class=nav>", "<form>", "<table><tr><td>", "<!--", "<!---->",
    "<?", "<![CDATA[", "<title>", "&", "&#", "\\", "idp.", "[name=", "release date ", " ", "\n", "a", "1", "-", "(",
    "'", '"', "http://", "a=1&", "FR Doc. ", "The post ", "\u00a0",
)  # fmt: skip
AFTER = (("<", "a"), ("<a ", "a"), ("FR Doc", " "), ("Filed: ", " "), ("SUBJECT: ", " "), ("class", " "), ("(", " "))
"""What is long after something that begins a match."""
TEXTS = {
    **{repr(unit): (unit * (CHARS // len(unit) + 1))[:CHARS] for unit in OPENINGS},
    **{repr(f"{begin}{unit}"): f"{begin}{unit * CHARS}x" for begin, unit in AFTER},
}
FRAMES = (
    "{}", '{{"a":"{}"}}', '{{"a":"{}', "<root>{}</root>", "<rss><channel><title>{}</title></channel></rss>",
    "<rss><channel></channel></rss>{}", "<!doctype html><html><title>x</title><body>{}</body></html>",
    "<!doctype html><html><body><form action='{}'></body></html>",
)  # fmt: skip
READERS: dict[str, Callable[[bytes], Any]] = {
    "JSON": read_json,
    "XML": read_xml,
    "feed": read_feed,
    "sitemap": read_sitemap,
    "page": page_tree,
    "wall": wall_of,
    "text": lambda body: html_to_text(body.decode(errors="replace"), set()),
    "line": lambda body: one_line(body.decode(errors="replace"), set()),
    "title": lambda body: plain_title(body.decode(errors="replace"), set()),
    "words": lambda body: words_of(body.decode(errors="replace")),
    "Markdown": lambda body: escape_markdown(body.decode(errors="replace")),
}
"""What sources share to read mark-up."""


def cpu_seconds(read: Callable[[bytes], Any], body: bytes) -> float:
    """The time that a reader takes; without end where it was ended at the limit, as it would last for days."""

    def end(*_: int | FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, LIMIT_SECONDS)
    began = time.process_time()
    try:
        read(body)
    except Refusal:
        pass
    except TimeoutError:
        return math.inf
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    return time.process_time() - began


def framed(text: str) -> Iterator[bytes]:
    """A text alone, and where JSON, XML, feeds and pages hold one."""
    yield from (frame.format(text).encode() for frame in FRAMES)


def answers(slug: str, text: str) -> Iterator[bytes]:
    """The fixtures of a source, with a text in one place of them, each kind of place once."""
    tried: set[str] = set()
    for case in cases_of(slug):
        body = case.answer.read_bytes()
        if len(body) <= MAX_FIXTURE_BYTES:
            yield from _spoilt(body, text, tried)


def _spoilt(body: bytes, text: str, tried: set[str]) -> Iterator[bytes]:
    try:
        yield from _json_spoilt(json.loads(body), text, tried)
    except (ValueError, RecursionError):
        try:
            yield from _xml_spoilt(etree.fromstring(body), text, tried)
        except etree.XMLSyntaxError:
            yield from _bytes_spoilt(body, text, tried)


def _json_spoilt(value: Any, text: str, tried: set[str]) -> Iterator[bytes]:
    for container, key in list(_strings(value)):
        if f"{key}" not in tried:
            tried.add(f"{key}")
            kept, container[key] = container[key], text
            yield json.dumps(value).encode()
            container[key] = kept


def _strings(value: Any) -> Iterator[tuple[Any, Any]]:
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        if isinstance(value[key], str):
            yield value, key
        else:
            yield from _strings(value[key])


def _xml_spoilt(root: etree._Element, text: str, tried: set[str]) -> Iterator[bytes]:
    for element in root.iter(etree.Element):
        if (name := str(element.tag)) not in tried:
            tried.add(name)
            kept, element.text = element.text, text
            yield etree.tostring(root)
            element.text = kept


def _bytes_spoilt(body: bytes, text: str, tried: set[str]) -> Iterator[bytes]:
    """After the first tag of each name, and after the first line."""
    for match in re.finditer(rb"<([A-Za-z][\w:.-]*)[^<>]{0,400}>|\n", body):
        if (name := f"<{(match[1] or b'').decode()}") not in tried:
            tried.add(name)
            yield body[: match.end()] + text.encode() + body[match.end() :]
