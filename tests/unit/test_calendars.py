"""Calendars of publishers: what counts as a silent day, across weekends, holidays and recess."""

from __future__ import annotations

from datetime import date

import pytest

from scrapers.calendars import is_publishing_day, silent_days
from scrapers.registry import source

FR, GOVUK, CELLAR, CONGRESS, PARLIAMENT, CANADA = (
    "us_federal_register", "uk_govuk", "eu_cellar", "us_congress_gov", "uk_parliament_bills", "ca_news",
)  # fmt: skip


@pytest.mark.parametrize(
    ("slug", "last", "seen", "silent"),
    [
        (FR, "2026-11-25", "2026-11-27", []),  # Thanksgiving
        (FR, "2026-11-25", "2026-11-30", ["2026-11-27"]),
        (FR, "2026-07-02", "2026-07-06", []),  # Independence Day, kept on the Friday before
        (FR, "2026-12-24", "2026-12-29", ["2026-12-28"]),
        (FR, "2026-11-20", "2026-11-23", []),  # a weekend
        (FR, "2026-11-20", "2026-11-20", []),
        (FR, "2026-11-20", "2026-11-10", []),  # looked at before the last news only
        (GOVUK, "2026-08-28", "2026-09-01", []),  # the bank holiday of August
        (GOVUK, "2026-08-28", "2026-09-02", ["2026-09-01"]),
        (GOVUK, "2026-12-24", "2026-12-29", []),  # Boxing Day, kept on the Monday
        (CELLAR, "2026-12-23", "2027-01-04", []),  # the offices close from Christmas Eve to 2 January
        (CELLAR, "2026-05-13", "2026-05-18", []),  # Ascension and its bridge
        (CELLAR, "2026-04-01", "2026-04-08", ["2026-04-07"]),  # Maundy Thursday to Easter Monday
        (CANADA, "2026-06-30", "2026-07-02", []),  # Canada Day
        (CONGRESS, "2026-07-31", "2026-09-09", ["2026-09-08"]),  # recess and Labor Day
        (CONGRESS, "2026-12-17", "2027-01-08", ["2027-01-07"]),  # a recess over the turn of the year
        (PARLIAMENT, "2026-07-20", "2026-09-03", ["2026-09-02"]),
    ],
)  # fmt: skip
def test_silent_days(slug: str, last: str, seen: str, silent: list[str]) -> None:
    found = silent_days(source(slug), date.fromisoformat(last), date.fromisoformat(seen))
    assert [str(day) for day in found] == silent


def test_a_source_of_every_day__has_no_weekend() -> None:
    every = source(FR).model_copy(update={"calendar": "every_day"})
    assert len(silent_days(every, date(2026, 12, 24), date(2026, 12, 29))) == 4
    assert not is_publishing_day(source(FR), date(2026, 12, 26))
