"""One rule for all that shows a deadline: the digest, the calendar of the site, the calendar files and SQL."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.digest.model import Week
from pipelines.digest.reader import read_digest
from pipelines.site.facts import read_facts
from pipelines.site.pages import CalendarLine, Pages
from tests.unit.edition_fixture import at, make_edition

TODAY = date(2026, 11, 5)
"""The day of the edition, in the week after the digest's."""
SAID = at(date(2026, 9, 1))


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
