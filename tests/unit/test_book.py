"""The book of a crawl: when it is good, and what it says when it is not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

from scrapers.contracts import CrawlLedger, FileSeal, RejectedRecord, Window
from scrapers.registry import SourceConfig, source
from scrapers.runtime.book import Book
from tests.crawl_fixture import REQUIRED, SLUG, document

NOW = datetime(2024, 2, 9, 12, 0, tzinfo=UTC)
WEEK = Window(since=date(2024, 1, 29), until=date(2024, 2, 4))
DAY = Window(since=date(2024, 1, 29), until=date(2024, 1, 29))
SEAL = FileSeal(name="x", bytes=0, sha256="0" * 64, records=0)


def book(window: Window = DAY, *, slug: str = SLUG, is_stand_in: bool = False, **bounds: object) -> Book:
    config: SourceConfig = source(slug)
    if bounds:
        config = config.model_copy(update={"bounds": config.bounds.model_copy(update=bounds)})
    made = Book(
        crawl_id="c", run_id="r", source=config, window=window, vocabulary_sha256="0" * 64, parser_version="p/1",
        started_at=NOW, clock=lambda: NOW, is_stand_in=is_stand_in,
    )  # fmt: skip
    made.done(made.plan("the first page"))
    return made


def seal(crawl: Book) -> CrawlLedger:
    return crawl.seal(SEAL, SEAL)


def read(
    crawl: Book, count: int, rejected: int = 0, day: date = DAY.since, fields: Mapping[str, object] = REQUIRED
) -> None:
    exchange = crawl.exchange("GET", "https://www.federalregister.gov/", "listing", 1, None)
    exchange.rejected = rejected
    for number in range(count):
        crawl.found(document(f"2024-{number:05}", day, **fields))


def test_a_crawl_that_asked_nothing__is_a_fault() -> None:
    crawl = book()
    crawl._planned.clear()
    assert seal(crawl).faults == ("expected at least one request, the crawl planned none; see its log",)


def test_every_planned_request_answered__is_good() -> None:
    crawl = book()
    crawl.done(crawl.plan("listing"))
    assert seal(crawl).is_good


@pytest.mark.parametrize("ended", ["failed", "never"])
def test_a_planned_request_that_did_not_end_well__is_a_fault(ended: str) -> None:
    crawl = book()
    number = crawl.plan("listing https://x")
    if ended == "failed":
        crawl.failed(number, "HTTP 500")
    ledger = seal(crawl)
    assert not ledger.is_good
    assert ledger.faults[0].startswith("listing https://x: ")


@pytest.mark.parametrize(
    ("official", "found", "rejected", "good"),
    [
        (3, 3, 0, True),
        (3, 2, 0, False),
        (3, 2, 1, True),
        (3, 4, 0, False),
        (3, 1, 1, False),
        (10, 5, 5, False),
    ],
)
def test_the_official_count_of_a_day__is_met_by_documents_read_or_set_aside(
    official: int, found: int, rejected: int, good: bool
) -> None:
    crawl = book()
    crawl.official_day(DAY.since, official)
    read(crawl, found, rejected)
    assert seal(crawl).is_good is good


def test_one_unreadable_record__does_not_excuse_the_shortfall_of_two_days() -> None:
    crawl = book(Window(since=date(2024, 1, 29), until=date(2024, 1, 30)))
    for day in crawl.window.days():
        crawl.official_day(day, 3)
        read(crawl, 2, day=day)
    crawl.exchanges[0].rejected = 1
    assert seal(crawl).faults == ("2 counted documents were not read, 1 of them set aside as unreadable",)


@pytest.mark.parametrize(
    ("official", "found", "rejected", "good"),
    [(3, 3, 0, True), (3, 2, 1, True), (3, 2, 0, False), (3, 4, 0, False), (5, 3, 1, False)],
)
def test_the_official_total__is_met_by_documents_read_or_set_aside(
    official: int, found: int, rejected: int, good: bool
) -> None:
    crawl = book()
    crawl.official_total = official
    read(crawl, found, rejected)
    ledger = seal(crawl)
    assert ledger.is_good is good
    assert good or ledger.faults[0].startswith(f"the source counts {official} documents, we read {found}")


@pytest.mark.parametrize(("whole", "lacking", "good"), [(0, 3, False), (1, 3, True), (0, 2, True)])
def test_a_required_field_that_no_document_has__is_a_parser_to_mend(whole: int, lacking: int, good: bool) -> None:
    crawl = book(min_documents_per_week=0, must_match_official_count=False)
    read(crawl, lacking, fields={**REQUIRED, "document_type": None})
    read(crawl, whole, day=WEEK.until)
    told = "document_type, which the contract requires, is on none of 3 documents (full); "
    assert [fault.startswith(told) for fault in seal(crawl).faults] == [True] * (not good)


def test_what_is_withdrawn__owes_nothing() -> None:
    crawl = book(min_documents_per_week=0, must_match_official_count=False)
    read(crawl, 3, fields={"availability": "withdrawn"})
    assert seal(crawl).is_good


@pytest.mark.parametrize(
    ("error", "found", "unread", "good"),
    [
        ("UnreadableField", 2, 2, True),
        ("UnreadableField", 299, 3, False),
        ("UnreadableField", 300, 3, True),
        ("ContradictoryField", 3, 3, True),
    ],
)
def test_one_field_unread_over_and_over__is_a_parser_to_mend(error: str, found: int, unread: int, good: bool) -> None:
    crawl = book(max_rejected_share=0.01)
    read(crawl, found)
    for number in range(unread):
        where = f"/results/{number}/effective_on"
        crawl.unread(
            RejectedRecord(
                source_id=SLUG, where=where, error=error, message="expected a day", raw="soon", is_whole_record=False
            )
        )
    ledger = seal(crawl)
    assert ledger.is_good is good
    assert good or ledger.faults[0].startswith(
        f"/results/effective_on could not be read {unread} times in {found} documents"
    )


def test_a_changed_document__counts_on_the_day_for_which_it_is_listed() -> None:
    crawl = book(WEEK, slug="uk_parliament_bills")
    for number, day in enumerate((date(2024, 1, 28), date(2024, 1, 30), date(2024, 2, 5))):
        changed = document(number=f"2024-{number:05}", day=date(2019, 1, 1))
        crawl.listed_for(changed.document_id, day)
        crawl.found(changed)
    assert [count.found for count in seal(crawl).days] == [1, 1, 0, 0, 0, 0, 1]


def test_a_document_listed_twice__counts_once() -> None:
    crawl = book()
    crawl.official_total = 1
    read(crawl, 1)
    read(crawl, 1)
    assert seal(crawl).found_total == 1


@pytest.mark.parametrize("states_zero", [True, False])
def test_an_empty_week__is_a_fault_even_when_the_source_says_zero(states_zero: bool) -> None:
    crawl = book(WEEK)
    if states_zero:
        crawl.official_total = 0
    assert "got 0" in seal(crawl).faults[0]


def test_a_week_below_its_minimum__is_a_fault_whatever_count_the_source_states() -> None:
    crawl = book(WEEK, min_documents_per_week=200)
    crawl.official_total = 3
    read(crawl, 3)
    assert seal(crawl).faults[0].startswith("expected 200 or more documents from 2024-01-29 to 2024-02-04, got 3; look")


def test_a_full_week__does_not_excuse_a_thin_one() -> None:
    crawl = book(Window(since=date(2024, 1, 22), until=date(2024, 2, 4)), min_documents_per_week=5)
    read(crawl, 20, day=date(2024, 1, 23))
    read(crawl, 4, day=date(2024, 1, 30))
    (fault,) = seal(crawl).faults
    assert fault.startswith("expected 5 or more documents from 2024-01-29 to 2024-02-04, got 4;")


@pytest.mark.parametrize(
    ("since", "until", "good"),
    [
        (date(2024, 2, 3), date(2024, 2, 9), False),
        (date(2024, 2, 4), date(2024, 2, 10), True),
        (date(2024, 2, 4), date(2024, 2, 9), True),
    ],
)
def test_only_whole_weeks_up_to_today__owe_a_minimum(since: date, until: date, good: bool) -> None:
    assert seal(book(Window(since=since, until=until), min_documents_per_week=1)).is_good is good


def test_a_list_of_what_is_open_now__owes_its_minimum_once_and_whenever_published() -> None:
    crawl = book(
        Window(since=date(2023, 11, 1), until=date(2024, 2, 9)), slug="us_grants_gov", min_documents_per_week=2
    )
    read(crawl, 2, day=date(2022, 5, 1))
    assert seal(crawl).is_good


@pytest.mark.parametrize("days", [1, 6, 7, 1000])
def test_a_list_of_what_is_open_now__is_bound_by_crawl_whatever_the_window(days: int) -> None:
    window = Window(since=DAY.since - timedelta(days - 1), until=DAY.since)
    crawl = book(window, slug="us_grants_gov", min_documents_per_week=1, max_documents_per_week=3)
    assert seal(crawl).faults[0].startswith("expected 1 or more documents, got 0; look")
    crawl = book(window, slug="us_grants_gov", min_documents_per_week=1, max_documents_per_week=3)
    read(crawl, 4, day=date(2022, 5, 1))
    assert seal(crawl).warnings == ("got 4 documents at once, over 3: a flood, or a bound to raise",)


@pytest.mark.parametrize(("found", "minimum", "good"), [(1, 200, True), (0, 200, False), (0, 0, True)])
def test_a_stand_in__owes_one_document_in_all(found: int, minimum: int, good: bool) -> None:
    window = Window(since=date(2023, 11, 1), until=date(2024, 2, 9))
    crawl = book(window, is_stand_in=True, min_documents_per_week=minimum)
    read(crawl, found)
    assert seal(crawl).is_good is good


def test_an_empty_day__is_a_quiet_day() -> None:
    crawl = book(DAY)
    crawl.official_day(DAY.since, 0)
    assert seal(crawl).is_good


def test_a_flood__warns_and_is_good() -> None:
    crawl = book(WEEK, min_documents_per_week=1, max_documents_per_week=3)
    read(crawl, 4)
    crawl.official_total = 4
    ledger = seal(crawl)
    assert ledger.is_good
    assert "flood" in ledger.warnings[0]


def test_days_that_have_not_come__are_not_looked_at_unless_listed_already() -> None:
    crawl = book(Window(since=date(2024, 2, 8), until=date(2024, 2, 20)))
    crawl.found(document(day=date(2024, 2, 12)))
    assert [count.day for count in seal(crawl).days] == [date(2024, 2, 8), date(2024, 2, 9), date(2024, 2, 12)]


def test_what_was_never_seen_before__is_told_once_with_an_example() -> None:
    crawl = book()
    for number in ("2024-00001", "2024-00002", "2024-00002"):
        new = {"unread_fields": ("colour", "type=Edict") if number.endswith("2") else ("colour",)}
        crawl.found(document(number=number, day=DAY.since).model_copy(update=new))
    ledger = seal(crawl)
    assert [str(one) for one in ledger.novelties] == [
        "colour (on fr:2024-00001:2024-01-29 and 1 more)",
        "type=Edict (on fr:2024-00002:2024-01-29)",
    ]
    assert ledger.is_good


@pytest.mark.parametrize("slug", ["ca_news", "int_oecd_ai", "uk_ukri_gtr", "us_govinfo_fr", "us_nist"])
def test_a_source_that_is_never_quiet_for_a_week__owes_documents(slug: str) -> None:
    assert seal(book(WEEK, slug=slug)).faults[-1].startswith("expected ")
