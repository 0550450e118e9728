"""What sources share: records read one by one, what is left out as empty, windows cut, instants never guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from scrapers.contracts import Identifier, Organisation, PolicyDocument, UnknownShape, Window, content_sha256
from scrapers.families.dates import LONG_DAY, US_DAY, iso_day, iso_instant, long_day, us_day
from scrapers.families.federal_register import document_number, linked, printed_number
from scrapers.families.records import Record, identifiers, mapping, numbered, read_records, stated, substance
from scrapers.families.text import web_address
from scrapers.families.windows import halves, require_progress
from scrapers.registry import KnownFields


def unreadable(record: dict[str, Any]) -> PolicyDocument:
    raise KeyError(record["name"])


def test_an_unreadable_record_is_set_aside_with_its_place_and_reason() -> None:
    answer = read_records("any", numbered("/results", [{"name": "x"}, 1]), unreadable, count=2)
    assert [(record.where, record.error) for record in answer.rejected] == [
        ("/results/0", "UnknownShape"),
        ("/results/1", "UnknownShape"),
    ]
    assert answer.rejected[0].message == "expected another shape, got {'name': 'x'}: 'x'"
    assert answer.official_count == answer.record_count == 2


def dated(record: Record) -> PolicyDocument:
    return PolicyDocument(
        source_id="any",
        document_id="any:1",
        native_id="1",
        published_date=record.day("published"),
        effective_date=record.block("inner").day("effective"),
        content_sha256=content_sha256(record),
        text_flags=tuple(sorted(record.flags)),
        source_fields=record.left(),
        parser_version="any/1",
    )


def test_one_id_of_two_records_that_differ_is_told_and_both_are_kept() -> None:
    records = numbered("/r", [{"title": "a"}, {"title": "a"}, {"title": "b"}])
    answer = read_records("any", records, dated, is_each_once=True)
    assert [one.source_fields["title"] for one in answer.documents] == ["a", "a", "b"]
    (fault,) = answer.rejected
    assert (fault.where, fault.error, fault.is_whole_record) == ("/r/2/document_id", "UnreadableField", False)
    assert "/r/0" in fault.message
    assert read_records("any", records, dated).rejected == ()


def test_an_unreadable_field_costs_its_record_nothing_else() -> None:
    raw = {"published": "2026-03-05", "inner": {"effective": "2026-02-30"}}
    answer = read_records("any", numbered("/results", [raw]), dated)
    (document,), (fault,) = answer.documents, answer.rejected
    assert (str(document.published_date), document.effective_date) == ("2026-03-05", None)
    assert document.text_flags == ("unread:inner/effective",)
    assert document.source_fields == {"inner": {"effective": "2026-02-30"}}
    assert (fault.where, fault.error, fault.raw) == ("/results/0/inner/effective", "UnreadableField", "2026-02-30")
    assert fault.message.startswith("any:1: expected a day")
    assert not fault.is_whole_record
    assert answer.record_count == 1


def named(record: Record) -> PolicyDocument:
    names = record.texts("names")
    return PolicyDocument(
        source_id="any", document_id="any:1", native_id="1", document_type=record.text("type"), subjects=names,
        publishers=tuple(Organisation(name=name) for name in names), content_sha256="0" * 64, parser_version="any/1",
        identifiers=identifiers(*(("docket", name) for name in names)),
    )  # fmt: skip


def test_names_kinds_and_numbers_are_single_lines_without_controls() -> None:
    raw = {"names": ["\tA\r\nB", "\u202eC\x00", "\x01", "Arti\u00adficial\U000e0041"], "type": " No\x07tice\n"}
    (document,) = read_records("any", numbered("/r", [raw]), named).documents
    assert document.document_type == "Notice"
    told = ("A B", "[U+202E]C", "Artificial[U+E0041]")
    assert tuple(one.name for one in document.publishers) == document.subjects == told
    assert tuple(one.value for one in document.identifiers) == told
    assert document.text_flags == ("control_removed", "invisible_escaped")


def test_a_record_keeps_what_it_cannot_read_and_gives_what_it_can() -> None:
    record = Record({"a": ["x", 7], "b": "x", "c": None, "d": {"e": 1}, "f": [{}, 3], "g": "y"})
    assert record.texts("a") == ("x",)
    assert record.day("b") is None
    assert (record.text("c"), record.text("g")) == (None, "y")
    assert record.attempt("f", lambda: list(record.blocks("f"))) is None
    record.contradicts("d", "expected 2, as h says, got 1")
    assert record.left() == {"a": ["x", 7], "b": "x", "d": {"e": 1}, "f": [{}, 3]}
    assert record.flags == {"unread:a", "unread:b", "unread:d", "unread:f"}
    assert [fault.error for fault in record.faults.values()] == [*["UnreadableField"] * 3, "ContradictoryField"]


@pytest.mark.parametrize("blank", ["", "  ", None])
def test_a_blank_field_says_nothing_and_is_no_fault(blank: str | None) -> None:
    record = Record({"a": blank, "b": blank})
    assert (record.day("a"), record.address("b")) == (None, None)
    assert (record.left(), record.flags) == ({}, set())


@pytest.mark.parametrize("value", ["2026-3-5", "20260305", "2026-W10-4", "2026-03-05T00:00:00", "", 1767225600, None])
def test_a_day_has_one_form(value: object) -> None:
    assert iso_day("2026-03-05") == date(2026, 3, 5)
    with pytest.raises(ValueError):
        iso_day(value)


@pytest.mark.parametrize(
    "value",
    ["javascript:alert(1)", "data:text/html,x", "//host/a", "/a", "https:///a", "https://a\n.b", " https://a", ""],
)
def test_an_address_is_one_of_the_web(value: str) -> None:
    assert web_address("HTTPS://a.b/c d?e#f") == "HTTPS://a.b/c d?e#f"
    with pytest.raises(ValueError):
        web_address(value)


@pytest.mark.parametrize("printed", [" 2026-19200 ", "2026–19200", "2026 ‑ 19200", "2026−19200\n"])
def test_a_document_number_has_hyphens_and_no_blanks(printed: str) -> None:
    assert document_number(printed) == "2026-19200"


@pytest.mark.parametrize("printed", ["", "2026 19200", "2026-", "../19200", "2026_19200", 202619200, None])
def test_what_is_no_document_number_is_refused(printed: object) -> None:
    with pytest.raises(UnknownShape, match="document number"):
        document_number(printed)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2026-19200", "2026-19200"),
        (" 2024–02930 ", "2024-02930"),
        ("FR Doc. 2024-12345", "2024-12345"),
        ("2010-38", "2010-38"),
        ("E9-1712", "E9-1712"),
        ("05-12345", "05-12345"),
        ("93-31000", "93-31000"),
        ("C1-2016-03141", "C1-2016-03141"),
        ("R1-E9-1712", "R1-E9-1712"),
        ("2022-269", None),
        ("2016-03141-1", None),
        ("27921", None),
        ("BIS-2023-0016", None),
        ("Not Assigned", None),
    ],
)
def test_a_document_number_of_any_year_is_known_by_its_form(text: str, number: str | None) -> None:
    assert printed_number(text) == number


@pytest.mark.parametrize(
    ("address", "scheme", "value"),
    [
        ("https://www.federalregister.gov/documents/2025/01/15/2025-00636/a-rule", "fr_document", "2025-00636"),
        (
            "https://www.federalregister.gov/documents/full_text/xml/2025/1/31/2025-02172.xml",
            "fr_document",
            "2025-02172",
        ),
        ("https://www.federalregister.gov/articles/2016/04/15/2016-08679/a-rule", "fr_document", "2016-08679"),
        ("https://federalregister.gov/a/2025-00641", "fr_document", "2025-00641"),
        ("https://www.federalregister.gov/d/e9-1712", "fr_document", "E9-1712"),
        ("https://www.federalregister.gov/d/R1-2016-03141", "fr_document", "R1-2016-03141"),
        ("https://www.federalregister.gov/public-inspection/2025-00636/a-rule", "fr_document", "2025-00636"),
        ("https://www.federalregister.gov/api/v1/documents/2025-00636.json?a=b", "fr_document", "2025-00636"),
        ("https://public-inspection.federalregister.gov/2025-00711.pdf?1736", "fr_document", "2025-00711"),
        ("https://s3.amazonaws.com/public-inspection.federalregister.gov/2016-08679.pdf", "fr_document", "2016-08679"),
        ("https://www.govinfo.gov/content/pkg/FR-2025-01-15/pdf/2025-00637.pdf", "fr_document", "2025-00637"),
        ("https://www.govinfo.gov/app/details/FR-2025-01-15/2025-00637", "fr_document", "2025-00637"),
        ("http://www.gpo.gov/fdsys/pkg/FR-2011-01-21/html/2011-1385.htm", "fr_document", "2011-1385"),
        ("https://www.federalregister.gov/executive-order/14320", "eo", "14320"),
        ("https://www.federalregister.gov/citation/90-FR-8741", "fr_citation", "90 FR 8741"),
        ("https://www.federalregister.gov/citation/90%20FR%208741", "fr_citation", "90 FR 8741"),
        ("https://www.govinfo.gov/link/fr/88/75191", "fr_citation", "88 FR 75191"),
    ],
)
def test_an_address_of_the_federal_register_leads_to_what_it_names(address: str, scheme: str, value: str) -> None:
    assert linked(address) == Identifier(scheme=scheme, value=value)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.federalregister.gov/agencies/industry-and-security-bureau",
        "https://www.federalregister.gov/documents/search?conditions[term]=2025-00636",
        "https://www.federalregister.gov/d/2016-03141-something",
        "https://example.org/d/2025-00636",
        "https://www.govinfo.gov/content/pkg/DCPD-202300949/pdf/DCPD-202300949.pdf",
        "https://www.govinfo.gov/content/pkg/FR-2025-01-15/pdf/FR-2025-01-15.pdf",
    ],
)
def test_an_address_of_anything_else_leads_to_nothing_of_the_federal_register(address: str) -> None:
    assert linked(address) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("May 13, 2025", "2025-05-13"),
        ("Volume 13 of March 1st, 2026", "2026-03-01"),
        ("13 January 2025", "2025-01-13"),
        ("Mon, 3rd of Sept. 2026", "2026-09-03"),
        ("on 1 May 2026 at noon", "2026-05-01"),
        ("13/01/2025", None),
        ("31 February 2025", None),
        ("2025/13 January 2025", None),
        ("13 Marches 2025", None),
    ],
)
def test_a_day_on_an_american_page_is_read_in_either_order_of_its_words(text: str, day: str | None) -> None:
    read = us_day(US_DAY.search(text))
    assert (read and read.isoformat()) == day


@pytest.mark.parametrize("count", [True, "2", 2.0, []])
def test_a_total_that_is_no_whole_number_is_refused(count: object) -> None:
    with pytest.raises(UnknownShape, match="whole number"):
        read_records("any", {}, unreadable, count=count)


def test_other_than_lists_and_objects_are_refused_by_name() -> None:
    with pytest.raises(UnknownShape, match="list at /results"):
        numbered("/results", {})
    with pytest.raises(UnknownShape, match="object under details"):
        mapping([], "details")
    assert mapping(None, "details") == {}


def test_zero_and_false_say_something_and_housekeeping_is_left_out_at_any_depth() -> None:
    record = {"a": 0, "b": False, "c": "", "d": [], "e": {"f": None, "token": 1}, "g": [{"token": 1, "h": 2}]}
    assert stated(record, without=("g",)) == {"a": 0, "b": False, "e": {"f": None, "token": 1}}
    assert substance(record, ("token",)) == {"a": 0, "b": False, "g": [{"h": 2}]}


def test_identifiers_are_told_once_and_never_made_of_other_things() -> None:
    found = identifiers(("eo", 14110), ("eo", "14110"), ("rin", None), ("docket", ""))
    assert [(one.scheme, one.value) for one in found] == [("eo", "14110")]
    with pytest.raises(ValueError):
        identifiers(("eo", {"number": 14110}))


@pytest.mark.parametrize("days", [2, 3, 8])
def test_halves_hold_each_day_once(days: int) -> None:
    window = Window(since=date(2024, 2, 28), until=date.fromordinal(date(2024, 2, 28).toordinal() + days - 1))
    first, second = halves(window)
    assert first.days() + second.days() == window.days()


def test_a_day_cannot_be_halved() -> None:
    with pytest.raises(UnknownShape, match="cannot be halved"):
        halves(Window(since=date(2024, 2, 28), until=date(2024, 2, 28)))


def test_a_list_that_goes_on_must_bring_something_new() -> None:
    require_progress(1, "hits")
    with pytest.raises(UnknownShape, match="paging would not end"):
        require_progress(0, "hits")


@pytest.mark.parametrize(
    "text",
    ["2014-10-08 16:40:33 +0000", "2014-10-08T16:40:33Z", "2014-10-08 16:40:33 UTC", "2014-10-08T17:40:33+01:00"],
)
def test_an_instant_is_read_in_every_notation_with_an_offset(text: str) -> None:
    assert iso_instant(text) == datetime(2014, 10, 8, 16, 40, 33, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2014-10-08T16:40:33", "2014-10-08", "0001-01-01T00:00:00+10:00", "soon"])
def test_what_names_no_instant_is_refused(text: str) -> None:
    with pytest.raises((ValueError, OverflowError)):
        iso_instant(text)


def test_a_long_day_of_no_calendar_is_none() -> None:
    assert long_day(LONG_DAY.search("Friday, April 15, 2016")) == date(2016, 4, 15)
    assert long_day(LONG_DAY.search("February 30, 2026")) is None
    assert long_day(None) is None


def test_known_fields_are_all_that_was_asked_seen_or_moves() -> None:
    assert KnownFields(asked=("a",), others=("b",), housekeeping=("c",)).names == {"a", "b", "c"}
