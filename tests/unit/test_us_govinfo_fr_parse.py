"""Readings of Federal Register XML that one recorded issue does not show."""

from __future__ import annotations

import json
from datetime import date

import pytest

from scrapers.contracts import NotADocument, PolicyDocument, Truncated, UnknownShape, UpstreamError
from scrapers.families.xml import read_xml
from scrapers.spiders.us_govinfo_fr import issue_url, parse_answer, parse_issue, parse_listing

FRIDAY = date(2026, 1, 30)


def only(body: str) -> PolicyDocument:
    (document,) = parse_answer(body.encode()).documents
    return document


def numbered(printed: str) -> str:
    return f"<NOTICE><PREAMB><SUBJECT>S</SUBJECT></PREAMB><FRDOC>{printed}</FRDOC></NOTICE>"


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("[FR Doc. 2026-20321 Filed 10-2-26; 8:45 am]", "2026-20321"),
        ("[FR Doc. 2024–02930 Filed 2–8–24; 8:45 am]", "2024-02930"),
        ("[FR Doc. 2024‑02930 Filed 2−8−24; 8:45 am]", "2024-02930"),
        ("[FR Doc. E9-1712 Filed 1-27-09; 8:45 am]", "E9-1712"),
        ("[FR Doc. 00-111 Filed 1-13-00; 8:45 am]", "00-111"),
        ("[FR Doc. 93-31000", "93-31000"),
        ("[FR Doc. C1-2016-03141 Filed 2-18-16; 8:45 am]", "C1-2016-03141"),
        ("[FR Doc. R1-2016-03141 Filed 2-18-16; 8:45 am]", "R1-2016-03141"),
        ("[FR Doc. X94-10608 Filed 6-7-94; 8:45 am]", "X94-10608"),
        ("[FR Doc. ABC-001 Filed 12-28-08; 8:45 am]", "ABC-001"),
        ("[FR Doc. 00-31252]", "00-31252"),
        ("[FR Doc.2013-12345Filed 5-1-13; 8:45 am]", "2013-12345"),
        ("[FR Doc. No. 2013-12345; Filed 5-1-13]", "2013-12345"),
        ("[FR Doc. No: 2013-12345 Filed 5-1-13]", "2013-12345"),
        ("FR DOC 2013 -12345 Filed 5-1-13", "2013-12345"),
        ("[2013-12345 Filed 5-1-13]", "2013-12345"),
    ],
)
def test_the_number_is_read_in_every_form(printed: str, number: str) -> None:
    assert only(numbered(printed)).native_id == number


@pytest.mark.parametrize(
    "printed", ["", "[Filed 1-13-00; 8:45 am]", "[FR Doc. pending]", "[FR Doc. 12345 Filed 5-1-13]"]
)
def test_what_is_no_number_is_not_guessed(printed: str) -> None:
    answer = parse_answer(numbered(printed).encode())
    assert answer.documents == ()
    assert [record.error for record in answer.rejected] == ["UnknownShape"]


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("12 CFR Part 1013", ["12 CFR 1013"]),
        ("12 CFR Parts 1002, 1024, and 1026", ["12 CFR 1002", "12 CFR 1024", "12 CFR 1026"]),
        ("26 CFR Parts 1 and 602; 29 CFR Part 2590", ["26 CFR 1", "26 CFR 602", "29 CFR 2590"]),
        ("10 CFR Part 1, 45 CFR Parts 144 through 147", ["10 CFR 1"]),
        ("15 CFR Parts 900–905", []),
        ("48 CFR Chapter 1", []),
        ("1 CFR Parts " + "1" * 60 + "x-", []),
    ],
)
def test_parts_of_the_code_are_named_only_where_listed(line: str, parts: list[str]) -> None:
    document = only(numbered("[FR Doc. 2026-1 Filed").replace("<SUBJECT>", f"<CFR>{line}</CFR><SUBJECT>"))
    assert [known.value for known in document.identifiers if known.scheme == "cfr"] == parts
    assert document.source_fields["cfr"] == [line]


def test_two_numbers_in_one_document_are_given_to_none() -> None:
    later = "<FRDOC>[FR Doc. 2026-2 Filed 1-3-26]</FRDOC></NOTICE>"
    answer = parse_answer(numbered("[FR Doc. 2026-1 Filed 1-2-26]").replace("</NOTICE>", later).encode())
    assert answer.documents == ()
    (rejected,) = answer.rejected
    assert rejected.message.startswith("expected one document number, got 2026-1, 2026-2")


def test_a_number_outside_documents_is_set_aside_with_what_it_ends() -> None:
    lost = numbered("[FR Doc. 2026-2 Filed 1-3-26]").removeprefix("<NOTICE>").removesuffix("</NOTICE>")
    answer = parse_answer(f"<NOTICES>{numbered('[FR Doc. 2026-1 Filed 1-2-26]')}{lost}</NOTICES>".encode())
    assert [document.native_id for document in answer.documents] == ["2026-1"]
    assert [(rejected.where, rejected.raw) for rejected in answer.rejected] == [("/NOTICES/FRDOC", lost)]
    assert "2026-2 Filed" in answer.rejected[0].message


@pytest.mark.parametrize(
    ("wrapper", "tag", "heading", "subtype", "identifier", "signed"),
    [
        (
            "EXECORD",
            "EXECORDR",
            "Executive Order 14110 of October 30, 2023",
            "Executive Order",
            "eo 14110",
            "2023-10-30",
        ),
        (
            "EXECORD",
            "EXECORDR",
            "Executive Order 10000-A of May 1, 1948",
            "Executive Order",
            "eo 10000-A",
            "1948-05-01",
        ),
        ("PROCLA", "PROC", "Proclamation 9423 of April 12, 2016", "Proclamation", "proclamation 9423", "2016-04-12"),
        ("PRMEMO", "MEMO", "Memorandum of January 20, 2026", "Memorandum", None, "2026-01-20"),
        ("PRNOTICE", "PNOTICE", "Notice of July 28, 2000", "Notice", None, "2000-07-28"),
        (
            "DETERM",
            "DETERM",
            "Presidential Determination No. 2016–07 of April 12, 2016",
            "Determination",
            "presidential_document 2016-07",
            "2016-04-12",
        ),
        ("PRORDER", "PRES", "Order of March 1, 2013", "Presidential Order", None, "2013-03-01"),
    ],
)
def test_presidential_documents(
    wrapper: str, tag: str, heading: str, subtype: str, identifier: str | None, signed: str
) -> None:
    document = only(
        f'<PRESDOCU><{wrapper}><{tag}>{heading}</{tag}><HD SOURCE="HED">A Title</HD>'
        "<FP>As Executive Order 12345 of May 1, 1990 said.</FP>"
        f"<FRDOC>[FR Doc. 2026-1</FRDOC><FILED>Filed 1-2-26; 8:45 am]</FILED></{wrapper}></PRESDOCU>"
    )
    assert (document.document_type, document.title) == ("Presidential Document", "A Title")
    assert document.document_subtype == subtype
    assert str(document.signed_date) == signed
    found = [f"{known.scheme} {known.value}" for known in document.identifiers]
    assert found == ["fr_document 2026-1", *([identifier] if identifier else [])]


def test_the_day_asked_for_outranks_a_slip_in_the_date_line() -> None:
    body = f"<FEDREG><DATE>Friday, January 31, 2026</DATE>{numbered('[FR Doc. 2026-1 Filed')}</FEDREG>"
    (document,) = parse_issue(body.encode(), FRIDAY).documents
    assert document.published_date == FRIDAY
    assert "issue_date_doubtful" in document.text_flags
    (alone,) = parse_answer(body.encode()).documents
    assert "issue_date_doubtful" in alone.text_flags


def test_another_days_issue_is_refused() -> None:
    body = f"<FEDREG><DATE>Thursday, January 29, 2026</DATE>{numbered('[FR Doc. 2026-1 Filed')}</FEDREG>"
    with pytest.raises(UnknownShape, match="expected the issue of 2026-01-30"):
        parse_issue(body.encode(), FRIDAY)


def test_blanks_and_kinds_of_dash_do_not_change_the_hash() -> None:
    one = only(numbered("[FR Doc. 2026-1 Filed 1-2-26]"))
    other = only(numbered("[FR Doc. 2026–1 Filed\u00a01–2–26]\n"))
    changed = only(numbered("[FR Doc. 2026-1 Filed 1-2-26]").replace("<SUBJECT>S", "<SUBJECT>T"))
    assert one.content_sha256 == other.content_sha256 != changed.content_sha256


def test_a_listing_names_days_and_nothing_else() -> None:
    files = [
        {"name": "FR-2026-01-30.xml", "size": 12, "link": issue_url(FRIDAY)},
        {"justFileName": "FR-2026-01-02.xml"},
        {"name": "FR-2026-01.zip", "size": 4},
        {"name": "resources", "folder": True},
    ]
    issues = parse_listing(json.dumps({"files": files}).encode())
    assert [(issue.day, issue.url, issue.size) for issue in issues] == [
        (date(2026, 1, 2), "https://www.govinfo.gov/bulkdata/FR/2026/01/FR-2026-01-02.xml", None),
        (FRIDAY, "https://www.govinfo.gov/bulkdata/FR/2026/01/FR-2026-01-30.xml", 12),
    ]


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (b'{"error": "no such folder"}', UpstreamError),
        (b"<html><head><title>Service Error</title></head></html>", UpstreamError),
        (b'{"files": [', Truncated),
        (b'{"days": []}', UnknownShape),
        (b'{"files": ["FR-2026-01-30.xml"]}', UnknownShape),
        (b'{"files": [{"name": "FR-2026-02-30.xml"}]}', UnknownShape),
    ],
)
def test_what_is_no_listing_is_refused(body: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        parse_listing(body)


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (b"", Truncated),
        (b"<?xml version='1.0'", Truncated),
        (b"<?xml version='1.0'?>\n<!-- a remark -->", Truncated),
        (b"<FEDREG", Truncated),
        (b"<FEDREG><NOTICES><NOTICE>", Truncated),
        (b"%PDF-1.7", UnknownShape),
        ("<FEDREG/>".encode("utf-16"), UnknownShape),
        (b"<?xml version='1.0' encoding='UTF-7'?><FEDREG/>", UnknownShape),
        (b"<FEDREG>" + b"<P>" * 300 + b"</P>" * 300 + b"</FEDREG>", UnknownShape),
        (b"<NOTICE>" + b"<EXTRACT>" * 150 + b"</EXTRACT>" * 150 + b"</NOTICE>", UnknownShape),
        (b"<FEDREG><!DOCTYPE a></FEDREG>", UnknownShape),
        (b"<!-- a remark -->\nplain text", NotADocument),
        (b"<HTMLISH/>", NotADocument),
        (b'{"count": 3}', NotADocument),
        (b'{"message": "rate limit"}', UpstreamError),
    ],
)
def test_what_is_no_issue_is_refused_by_name(body: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        parse_answer(body)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"<A><P>one<E>two</P>three</A>", "onetwothree"),
        (b"<A><P>AT&T &nbsp;&madeup; &#1; 1 < 2</P></A>", "AT&T \u00a0&madeup; \ufffd 1 < 2"),
        (b"<A><P>a</B>b</P>c]]></A>", "abc]]>"),
        (b"<A><!-- no end <P>a</P></A>", "<!-- no end a"),
        (b"<A x=1 y='2' y='3'>a\x0bb</A>", "ab"),
        (b"<A>a</A>b</A>", "ab"),
        (b"<A>caf\xe9</A>", "caf\ufffd"),
    ],
)
def test_mending_loses_no_text(body: bytes, text: str) -> None:
    answer = read_xml(body)
    assert answer.was_mended
    assert "".join(answer.root.itertext()) == text


def test_a_lost_end_tag_does_not_swallow_the_neighbours() -> None:
    whole = [numbered(f"[FR Doc. 2026-{number} Filed 1-2-26]") for number in range(1, 5)]
    broken = whole[1].replace("</PREAMB>", "").replace("</NOTICE>", "")
    body = f"<FEDREG><NOTICES>{whole[0]}{broken}{whole[2]}</NOTICES><NOTICES>{whole[3]}</NOTICES></FEDREG>"
    documents = parse_answer(body.encode()).documents
    assert [document.native_id for document in documents] == ["2026-1", "2026-2", "2026-3", "2026-4"]
    assert all("malformed_xml" in document.text_flags for document in documents)
    assert documents[1].body == "S"
