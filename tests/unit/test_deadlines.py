"""One rule for all that shows a deadline: the digest, the calendar of the site, the calendar files and SQL."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.digest.calendar import read_calendar, to_ics
from pipelines.digest.model import Week
from pipelines.digest.reader import read_digest
from pipelines.site.facts import read_facts
from pipelines.site.pages import CalendarLine, Pages
from tests.unit.edition_fixture import at, make_edition

TODAY = date(2026, 11, 5)
"""The day of the edition, in the week after the digest's."""
SAID = at(date(2026, 9, 1))
DUTIES = [
    ("o1", "Yearly", "2025-12-01", "annual"),
    ("o2", "At the year's end", "2024-12-31", "annual"),
    ("o3", "Quarterly", "2026-05-15", "quarterly"),
    ("o4", "Monthly", "2026-10-20", "monthly"),
    ("o5", "Once", "2025-11-10", None),
    ("o6", "On no day of all months", "2026-10-31", "monthly"),
    ("o7", "Still to come", "2027-01-15", "annual"),
]


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_edition(tmp_path_factory.mktemp("editions") / "20261105T000000Z-4f1c2a9b", crowd=0)
    with duckdb.connect(str(folder / "policy.duckdb")) as connection:
        _policy(connection, "us-call", "request_for_comment")
        for event, day in [("published", "2025-01-01"), ("closes", "2026-11-20")]:
            _event(connection, "us-call", event, day)
        for day in ("2026-12-20", "2027-01-20"):
            _event(connection, "us-call", "comment_closes", day)
        _policy(connection, "us-order", "executive_order")
        _event(connection, "us-order", "signed", "2025-01-02")
        for duty, actor, day, rhythm in DUTIES:
            connection.execute(
                "insert into obligations (obligation_id, policy_id, document_id, section, actor, action, due_date, "
                "recurrence) values (?, 'us-order', 'fr:us-order', '1', ?, 'report', ?, ?)",
                [duty, actor, day, rhythm],
            )
        connection.execute(
            "insert into documents (document_id, title, instrument, availability, relevance, first_seen_at, "
            "comments_close_date, withdrawn_at) "
            "values ('fr:taken-back', 'A request taken back', 'notice_other', 'withdrawn', 1, ?, '2026-11-25', ?)",
            [SAID, at(date(2026, 10, 20))],
        )
    return folder


def _policy(connection: duckdb.DuckDBPyConnection, policy_id: str, instrument: str) -> None:
    document = f"fr:{policy_id}"
    connection.execute(
        "insert into documents (document_id, title, instrument, availability, relevance, first_seen_at, policy_id, "
        "lead_source_id, published_date) "
        "values (?, ?, ?, 'available', 1, ?, ?, 'us_federal_register', '2025-01-01')",
        [document, policy_id, instrument, SAID, policy_id],
    )
    connection.execute("insert into policy_documents values (?, ?, 'lead', null)", [policy_id, document])
    connection.execute(
        "insert into policies (policy_id, title, instrument, track, lead_document_id, is_ai) "
        "values (?, ?, ?, 'regulation', ?, true)",
        [policy_id, policy_id, instrument, document],
    )


def _event(connection: duckdb.DuckDBPyConnection, policy_id: str, event: str, day: str) -> None:
    connection.execute(
        "insert into policy_events (event_id, policy_id, document_id, event, event_date, known_from) "
        "values (?, ?, ?, ?, ?, ?)",
        [f"{policy_id} {event} {day}", policy_id, f"fr:{policy_id}", event, day, SAID],
    )


def of_sql(edition: Path, about: str) -> list[tuple[str, date, bool]]:
    """What SQL tells on the edition's day."""
    with duckdb.connect(str(edition / "policy.duckdb"), read_only=True) as connection:
        return connection.execute(
            "select what, due_date, is_void from deadlines_as_of(?) where ? in (policy_id, document_id) order by all",
            [TODAY, about],
        ).fetchall()


def of_site(edition: Path, title: str) -> list[tuple[str, date, str | None]]:
    """What the calendar of the site tells ahead of the edition's day."""
    months: list[tuple[date, list[CalendarLine]]] = Pages(read_facts(edition)).calendar()["ahead"]
    return [(line.label, line.day, line.void) for _, lines in months for line in lines if line.what.title == title]


def of_digest(edition: Path, title: str) -> list[tuple[str, date, str | None]]:
    """What the digest of the week before the edition tells as due."""
    digest = read_digest(edition, Week.parse("2026-W44"), None)
    lines = (*digest.passed, *digest.coming, *digest.later, *digest.ahead)
    return [(line.label, line.day, line.void) for line in lines if line.what.title == title]


def test_a_period_that_was_extended__closes_once(edition: Path) -> None:
    days = [date(2026, 11, 20), date(2027, 1, 20)]
    words = ["applications close", "comments close"]
    assert of_sql(edition, "us-call") == [(what, day, False) for what, day in zip(words, days, strict=True)]
    assert of_digest(edition, "us-call") == [(what, day, None) for what, day in zip(words, days, strict=True)]
    assert of_site(edition, "us-call") == [(w.capitalize(), day, None) for w, day in zip(words, days, strict=True)]


def test_what_was_withdrawn__has_its_deadline_struck_out(edition: Path) -> None:
    day, title = date(2026, 11, 25), "A request taken back"
    assert of_sql(edition, "fr:taken-back") == [("comments close", day, True)]
    assert of_digest(edition, title) == [("comments close", day, "withdrawn 20 October")]
    assert of_site(edition, title) == [("Comments close", day, "withdrawn on 20 October 2026")]


def test_a_duty_that_comes_again__is_due_on_its_next_day(edition: Path) -> None:
    coming = [
        ("Quarterly: report", date(2026, 11, 15)),
        ("Monthly: report", date(2026, 11, 20)),
        ("Yearly: report", date(2026, 12, 1)),
        ("At the year's end: report", date(2026, 12, 31)),
        ("Still to come: report", date(2027, 1, 15)),
    ]
    told = [(what, day) for what, day, _ in of_sql(edition, "us-order") if day >= TODAY]
    assert sorted(told, key=lambda line: line[1]) == coming
    assert [line[:2] for line in of_site(edition, "us-order")] == coming
    days = of_digest(edition, "us-order")
    assert [line for line in coming if (*line, None) not in days] == []
    assert ("On no day of all months: report", date(2026, 10, 31), None) in days
    assert {what for what, *_ in days} == {*(what for what, _ in coming), "On no day of all months: report"}
    repeated = {day.label for day in read_calendar(edition) if day.recurrence and to_ics([day]).count(b"RRULE")}
    assert repeated == {f"Due: {what}" for what, _ in coming}


def test_a_duty_that_ended__comes_no_more(edition: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(edition, tmp_path / edition.name))
    with duckdb.connect(str(copy / "policy.duckdb")) as connection:
        connection.execute("update obligations set void_from = '2026-09-01' where policy_id = 'us-order'")
    assert {line[2] for line in of_digest(copy, "us-order")} == {"revoked 1 September"}, "its section alone went"
    with duckdb.connect(str(copy / "policy.duckdb")) as connection:
        _event(connection, "us-order", "revoked", "2026-09-01")
    assert [line for line in of_digest(copy, "us-order") if not line[2]] == []
    assert {what for what, *_ in of_digest(copy, "us-order")} == {
        "On no day of all months: report", "Still to come: report",
    }  # fmt: skip
    assert [line for line in of_site(copy, "us-order") if not line[2]] == []
    assert [line for line in of_sql(copy, "us-order") if line[1] >= TODAY] == [
        ("Still to come: report", date(2027, 1, 15), True)
    ]
