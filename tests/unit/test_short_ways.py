"""What most values are is read in a short way: it reads as the long one does, which stands here in plain words."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scrapers.contracts import Refusal, UnknownShape
from scrapers.families import json_answers, text, wording
from scrapers.families.dates import iso_day
from scrapers.families.federal_register import DASHES, document_number
from scrapers.families.json_answers import MAX_DEPTH, OddNumber, read_json
from scrapers.families.records import ANY_NAME, Record, _holds_replaced, stated
from scrapers.families.wording import address_of_words, words_of
from scrapers.registry import KnownFields

quick = settings(max_examples=300, deadline=None, database=None)
NEVER = re.compile(r"(?!)")
EVERY_CHARACTER = "".join(map(chr, range(sys.maxunicode + 1)))
PIECES = (
    "http", "https", "HTTP", "http\u017f", "://", "x.gov", "X.gov", ":443", ":80", "/", "//", "/a.css", "?", "&", "=",
    "v", "ts", "utm_source", "sid", "_", "#", ";", "%20", "+", "~", "@", "[", "1", "-2", ".0", "2024-01-02T03:04:05Z",
    "Mon, ", "1 Jan 2024 10:00:00 GMT", "rule", "No.", " ", "  ", "\t", "\n", "\x1c", "<b>", "<", ">", "&amp;", "&lt;p",
    "`", "'", "\u2019", "\u2026", "\u200b", "\ufeff", "\u00a0", "e\u0301", "\u00b2", "\ufffd",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=9).map("".join) | st.text(max_size=30)
ADDRESSES = TEXTS.map("https://x.gov/a".__add__) | TEXTS.map("http://".__add__) | TEXTS
NAMES = st.sampled_from(("a", "b", "c", "new", "a.b"))
LEAVES = st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from(("", " ", "x", " x  y ", "\ufffd", "z\ufffd"))
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=12
)
RECORDS = st.dictionaries(NAMES, VALUES, max_size=4)
KNOWN = KnownFields(
    others=("a", "b", "c"),
    inside={"a": ("a", "b"), "b": (ANY_NAME,), "a.b": ("c",)},
    values={"a": ("x",), "c": ("1", "x y"), "a.b": ("x",), "a.b.c": ("True",)},
)


def in_the_long_way(read: Callable[[str], str], value: str) -> str:
    with patch.object(wording, "_PLAIN_ADDRESS", NEVER), patch.object(wording, "_PLAIN_TEXT", NEVER):
        return read(value)


@quick
@given(ADDRESSES)
@example("https://x.gov/a?v=1")
@example("https://x.gov/a.css?v=1")
@example("https://x.gov/a?utm_source=1")
@example("https://x.gov?a=1")
@example("https://x.gov/a//")
@example("https://x.gov/a?b=1\n")
def test_words_and_addresses(value: str) -> None:
    assert words_of(value) == in_the_long_way(words_of, value)
    assert address_of_words(value) == in_the_long_way(address_of_words, value)


def test_the_short_ways_are_taken() -> None:
    for plain in ("https://www.x.gov/a/2001/01/b-c.html", "https://x.gov/api/a-1?publication_date=2001-01-01"):
        assert wording._plain_address(plain) == plain.removeprefix("https:")
    assert wording._PLAIN_TEXT.fullmatch("Air Plan Approval; Ohio (No. 7), 5 = 5, 'a' \"b\" - [c]!")


@quick
@given(TEXTS)
def test_typography(value: str) -> None:
    signs = {ord(sign): plain for sign, plain in wording._PLAINLY.items()}
    assert wording._folded(value) == " ".join(unicodedata.normalize("NFC", value).translate(signs).split())


def test_what_cleaning_changes_is_never_printable() -> None:
    changed = "".join(text._CONTROL.findall(EVERY_CHARACTER) + text._INVISIBLE.findall(EVERY_CHARACTER))
    assert not any(map(str.isprintable, changed))


@quick
@given(st.text(alphabet='{}[]",:\\ 1a', max_size=40) | st.text(alphabet='[]{}"', max_size=12))
@example('{"a":1,"a":[[[[1]]]]}')
@example('[[[["a')
@example('["[[[[[", "\\"[[["]')
def test_depth_is_told_before_all_else(body: str) -> None:
    with patch.object(json_answers, "MAX_DEPTH", 2):
        read = outcome(lambda: read_json(f"[{body}".encode()))
    is_deep = json_answers._depth(f"[{body}".strip()) > 2
    assert (read == f"UnknownShape: {json_answers._TOO_DEEP}") == is_deep
    if not is_deep:
        assert read == outcome(lambda: read_json(f"[{body}".encode()))


@pytest.mark.parametrize(
    "body", ["[" * 65, "[" * 99_999, "[" * 65 + '{"a":1,"a":2}', "[" * 65 + "x", "[" * 65 + "]" * 65]
)
def test_what_is_too_deep_and_wrong_besides_is_too_deep(body: str) -> None:
    with pytest.raises(UnknownShape, match=f"nested at most {MAX_DEPTH} deep"):
        read_json(body.encode())


@given(st.integers(-(2**65), 2**65) | st.integers(-(2**63) - 2, -(2**63) + 2) | st.integers(2**63 - 2, 2**63 + 2))
def test_whole_numbers(number: int) -> None:
    read = json_answers._int(str(number))
    assert read == (number if -(2**63) <= number < 2**63 else str(number))
    assert isinstance(read, int | OddNumber)


@quick
@given(RECORDS)
def test_names_and_values_never_seen_before(raw: dict[str, Any]) -> None:
    assert Record(raw).unknown(KNOWN) == tuple(sorted({(name.strip()) for name in plainly_unknown(raw, ())}))


def plainly_unknown(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from plainly_unknown(one, path)
    elif isinstance(value, dict):
        names = KNOWN.names_at(path)
        for name, inner in value.items() if ANY_NAME not in names else ():
            if name in names:
                yield from plainly_unknown(inner, (*path, name))
            else:
                yield ".".join((*path, name))
    else:
        where, said = ".".join(path), " ".join(str(value).split())
        if said and value is not None and where in KNOWN.values and said not in KNOWN.values[where]:
            yield text.clean(f"{where}={said}", set()) or ""


@quick
@given(RECORDS)
def test_what_says_something_and_what_could_not_be_decoded(raw: dict[str, Any]) -> None:
    assert stated(raw) == {name: value for name, value in raw.items() if value not in (None, [], {}, "")}
    assert Record(raw).left() == stated(raw)
    assert _holds_replaced(raw) == any("\ufffd" in one for one in texts(raw))


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


@quick
@given(st.text(alphabet="0129-", min_size=8, max_size=11) | st.dates().map(str) | st.text(max_size=10))
@example("2024-02-30")
@example("0000-01-01")
@example("20240102")
@example("2024-W01-1")
@example("2024-01-02\n")
def test_days(value: str) -> None:
    parts = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", value)
    expected = outcome(lambda: date(*map(int, parts.groups()))) if parts else ""
    assert outcome(lambda: iso_day(value)) == (expected if isinstance(expected, date) else refused_day(value))


def refused_day(value: str) -> str:
    return f"ValueError: expected a day such as '2026-06-10', got {value[:40]!r}"


@quick
@given(st.text(alphabet="A1-\u2013 \n", max_size=9))
def test_document_numbers(printed: str) -> None:
    number = "-".join(part.strip() for part in printed.translate(DASHES).split("-"))
    is_number = re.fullmatch(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*", number)
    refused = f"UnknownShape: expected a document number such as '2024-02930', got {printed!r}"
    assert outcome(lambda: document_number(printed)) == (number if is_number else refused)


def outcome(read: Callable[[], Any]) -> Any:
    """What is read, or the refusal in words."""
    try:
        return read()
    except (Refusal, ValueError) as error:
        return f"{type(error).__name__}: {error}"
