"""Properties that hold for all bytes and texts: readers of hostile input refuse by name, and never fail otherwise."""

from __future__ import annotations

import gzip
import json
import math
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from scrapers.contracts import Refusal, Truncated, UnknownShape
from scrapers.families.json_answers import MAX_DEPTH, read_json
from scrapers.families.records import rejected_record
from scrapers.families.text import MAX_TITLE_CHARS, as_text, clean, html_to_text, one_line, take, unread
from scrapers.families.xml import read_xml
from scrapers.parse import parser_of
from scrapers.runtime.middlewares import MAX_STREAMS, RATIO_COUNTS_FROM, decode_body, retry_after_seconds
from tests.contract.cases import Case, all_cases, load_expected

settings.register_profile(
    "small", max_examples=150, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("small")

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LIMIT = 10_000
NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | NUMBERS | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
)
ANSWERS = st.lists(VALUES, max_size=4) | st.dictionaries(st.text(), VALUES, max_size=4)
JSON_LIKE = st.text(alphabet='{}[]",:\\\n 0123456789eE+-.truefalsn<>!u', max_size=80)
PIECES = (
    "<p>", "</p>", "<ul><li>", "<script>", "<!--", "-->", "&lt;", "&#x0;", "&#55555555;", "<table><tr><td>",
    "<![CDATA[", "\x00", "word ", "\n",
)  # fmt: skip
MARKUP = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


def _is_refused(case: Case) -> bool:
    return case.expected.exists() and "refused" in load_expected(case)


def read_or_refuse(body: bytes) -> Any:
    try:
        return read_json(body)
    except Refusal:
        return Refusal


@given(st.binary(max_size=200) | JSON_LIKE.map(str.encode))
@example(b"")
@example(b"\xef\xbb\xbf")
@example(b"[" * 100_000)
@example(b'{"a":' * 100_000)
@example(b'["' + b'\\"' * 500)
@example(b"[NaN]")
@example(b'{"a": 1, "a": 2}')
@example(b"[1]]]]][[[[")
def test_any_bytes_are_json_or_refused(body: bytes) -> None:
    read_or_refuse(body)


@given(ANSWERS)
def test_json_is_read_as_it_was_written(value: Any) -> None:
    assert read_json(json.dumps(value).encode()) == value
    assert read_json(json.dumps(value, ensure_ascii=False).encode("utf-8-sig")) == value


@given(st.dictionaries(st.text(min_size=1), VALUES, min_size=1, max_size=4), st.data())
def test_json_cut_short_is_never_taken_for_whole(value: dict[str, Any], data: st.DataObject) -> None:
    body = json.dumps(value).encode()
    cut = data.draw(st.integers(0, len(body) - 1))
    with pytest.raises(Truncated):
        read_json(body[:cut])


LITERALS = (
    '\ufeff{"a": true, "b": [false, null, -1.5e+10, 2E-7, NaN, -Infinity, 12], '
    '"c": "x\\u00e9\\ud83d\\ude00\\\\\\"y\\n", "d": {"e": "", "\\u0041": "\u2028caf\u00e9"}, "f": [], "g": {}}'
).encode()
XML_ANSWER = (
    "\ufeff<?xml version='1.0' encoding=\"UTF-8\"?>\n<!-- a <remark> -->\n<FEDREG a='b>c'><P>caf\u00e9 &#233; &amp; "
    '<E T="03">x</E><!-- y --><GID/></P></FEDREG>'
).encode()


@pytest.mark.parametrize("cut", range(len(LITERALS)))
def test_json_cut_at_any_byte_is_truncated(cut: int) -> None:
    with pytest.raises(Truncated):
        read_json(LITERALS[:cut])


@pytest.mark.parametrize("cut", range(len(XML_ANSWER)))
def test_xml_cut_at_any_byte_is_truncated(cut: int) -> None:
    with pytest.raises(Truncated):
        read_xml(XML_ANSWER[:cut])


@pytest.mark.parametrize(
    "body", ['{"a": tree}', '{"a": 1.}', "[1e]", '["\\u12x4"]', '{"a" "b"}', "[1,]", "{} {", '{"a": 1} tru', "[1 e"]
)
def test_json_that_is_wrong_before_its_end_is_not_truncated(body: str) -> None:
    with pytest.raises(UnknownShape):
        read_json(body.encode())


FIXTURE_ANSWERS = [case for case in all_cases() if case.answer.suffix in (".json", ".xml") and not _is_refused(case)]
"""Answers in forms that show where they end; a cut table or page may be a whole shorter one."""


@given(st.sampled_from(FIXTURE_ANSWERS), st.data())
def test_a_fixture_cut_at_any_byte_is_truncated(case: Case, data: st.DataObject) -> None:
    body = case.answer.read_bytes().rstrip()
    cut = data.draw(st.integers(0, len(body) - 1))
    with pytest.raises(Truncated):
        parser_of(case.slug)(body[:cut])


@pytest.mark.parametrize(
    "number", ["1" * 40, "1" * 5_000, "-9223372036854775809", "1e400", "-1e400", "NaN", "Infinity"]
)
def test_a_number_that_no_machine_word_holds_is_kept_as_written_and_is_no_text(number: str) -> None:
    (kept,) = read_json(f"[{number}]".encode())
    assert kept == number
    with pytest.raises(TypeError):
        as_text(kept)


def test_half_a_surrogate_pair_does_not_come_through() -> None:
    value = read_or_refuse(b'["\\ud800"]')
    assert value is Refusal or value[0].encode()


def test_a_record_with_half_a_surrogate_pair_can_be_set_aside() -> None:
    assert rejected_record("any", "/0", ValueError("unreadable"), {"title": "\ud800"}).error == "UnknownShape"


def test_depth_is_refused_one_past_the_limit() -> None:
    assert read_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    with pytest.raises(UnknownShape, match="deep"):
        read_json(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1))


@given(st.text())
def test_clean_text_holds_nothing_invisible(text: str) -> None:
    flags: set[str] = set()
    cleaned = clean(text, flags)
    assert cleaned is None or cleaned == cleaned.strip() != ""
    assert clean(cleaned, set()) == cleaned
    marks = set(cleaned or "")
    assert not marks & set("\u200b\u202e\ufeff\x7f")
    assert not {mark for mark in marks if ord(mark) < 32} - set("\t\n\r")


@given(st.text() | st.text(min_size=MAX_TITLE_CHARS, max_size=MAX_TITLE_CHARS + 50))
def test_a_title_is_one_line_of_bounded_length(text: str) -> None:
    flags: set[str] = set()
    title = one_line(text, flags)
    assert title is None or (len(title) <= MAX_TITLE_CHARS and len(title.splitlines()) <= 1 and title == title.strip())


@given(MARKUP | st.text())
@example("<b>" * 3_000)
@example("<div>" * 3_000 + "deep")
@example("<table><tr><td colspan=999999999>x")
@example("<?xml version='1.0' encoding='utf-8'?><p>declared</p>")
def test_any_markup_becomes_text_or_nothing(fragment: str) -> None:
    text = html_to_text(fragment, set())
    assert text is None or (text == text.strip() and "\x00" not in text)


@given(st.lists(st.text(alphabet="abc", min_size=1, max_size=8), min_size=1, max_size=5))
def test_words_of_paragraphs_are_kept_in_order(words: list[str]) -> None:
    assert html_to_text("".join(f"<p>{word}</p>" for word in words), set()) == "\n".join(words)


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers()), st.sets(st.sampled_from("abcdef")))
def test_a_field_is_taken_or_unread_never_both(record: dict[str, int], names: set[str]) -> None:
    before = set(record)
    taken = take(record, *names)
    assert set(taken) == names
    assert set(unread(record, ())) == before - names


@given(st.binary(max_size=60) | st.none())
@example(b"-1")
@example(b"0")
@example("\u00b2".encode("latin-1"))
@example(b"Mon, 32 Nov 2026 12:00:00 GMT")
@example(b"Mon, 23 Nov 0000 12:00:00 -9999")
def test_any_retry_after_is_a_wait_or_nothing(value: bytes | None) -> None:
    seconds = retry_after_seconds(value, NOW)
    assert seconds is None or seconds >= 0


@given(st.integers(1, 10**6))
def test_retry_after_reads_seconds_and_dates(seconds: int) -> None:
    assert retry_after_seconds(str(seconds).encode(), NOW) == seconds
    date = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True).encode()
    assert retry_after_seconds(date, NOW) == seconds
    past = format_datetime(NOW - timedelta(seconds=seconds), usegmt=True).encode()
    assert retry_after_seconds(past, NOW) is None


@pytest.mark.parametrize("form", ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y"])
def test_retry_after_reads_all_three_forms_of_a_date(form: str) -> None:
    assert retry_after_seconds((NOW + timedelta(seconds=90)).strftime(form).encode(), NOW) == 90


def test_a_retry_after_in_no_possible_year_is_garbage() -> None:
    assert retry_after_seconds(b"Mon, 23 Nov 9999999999 12:00:00 GMT", NOW) is None


def test_an_absurd_wait_is_longer_than_any_cap() -> None:
    assert math.isinf(retry_after_seconds(b"9" * 400, NOW) or 0)


@given(st.binary(max_size=300), st.sampled_from(["gzip", "x-gzip", "deflate", "br", "", "gzip, gzip"]))
def test_any_body_decodes_whole_or_is_truncated(body: bytes, encoding: str) -> None:
    try:
        assert len(decode_body(body, encoding, LIMIT)) <= LIMIT
    except Truncated:
        pass


@given(st.binary(max_size=LIMIT), st.binary(max_size=50))
def test_encoded_bodies_come_back(first: bytes, second: bytes) -> None:
    assert decode_body(gzip.compress(first), "gzip", LIMIT) == first
    assert decode_body(zlib.compress(first), "deflate", LIMIT) == first
    assert decode_body(gzip.compress(first[:50]) + gzip.compress(second), "gzip", LIMIT) == first[:50] + second


@given(st.binary(min_size=1, max_size=300), st.data())
def test_a_cut_body_is_truncated(body: bytes, data: st.DataObject) -> None:
    whole = gzip.compress(body)
    with pytest.raises(Truncated):
        decode_body(whole[: data.draw(st.integers(1, len(whole) - 1))], "gzip", LIMIT)


def test_a_bomb_is_stopped_at_the_limit() -> None:
    with pytest.raises(Truncated, match="grows past"):
        decode_body(gzip.compress(bytes(50_000_000)), "gzip", LIMIT)
    assert len(decode_body(gzip.compress(bytes(LIMIT)), "gzip", LIMIT)) == LIMIT


def test_a_body_that_grows_a_thousandfold_is_stopped_below_the_limit() -> None:
    with pytest.raises(Truncated, match="grows past"):
        decode_body(gzip.compress(bytes(10 * RATIO_COUNTS_FROM)), "gzip", 20 * RATIO_COUNTS_FROM)
    page = b"".join(b"<tr><td>%d</td></tr>" % number for number in range(500_000))
    assert decode_body(gzip.compress(page), "gzip", len(page)) == page


def test_a_body_of_many_streams_is_given_up() -> None:
    assert decode_body(gzip.compress(b"x") * MAX_STREAMS, "gzip", LIMIT) == b"x" * MAX_STREAMS
    with pytest.raises(Truncated, match="at most"):
        decode_body(gzip.compress(b"") * 100_000, "gzip", LIMIT)
