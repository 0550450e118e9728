"""Regular issues over the weeks: each event in one of them, none changed afterwards, corrections told in the next."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.digest.build import build_digest
from pipelines.digest.feeds import write_feeds
from pipelines.digest.issues import RECORD, editions_of, is_regular, read_issue
from pipelines.digest.model import Week
from tests.unit.edition_fixture import make_edition

FIRST = Week.parse("2026-W46")
WEEKS = [FIRST.name, "2026-W47", "2026-W48"]
STORY = [
    # policy, its day, when it was first seen
    ("in-time", date(2026, 11, 10), datetime(2026, 11, 10, 15, tzinfo=UTC)),
    ("on-sunday", date(2026, 11, 15), datetime(2026, 11, 16, 9, tzinfo=UTC)),
    ("seen-after-the-issue", date(2026, 11, 13), datetime(2026, 11, 16, 20, tzinfo=UTC)),
    ("seen-two-weeks-late", date(2026, 11, 12), datetime(2026, 11, 26, 8, tzinfo=UTC)),
    ("second-week", date(2026, 11, 18), datetime(2026, 11, 18, 15, tzinfo=UTC)),
    ("third-week", date(2026, 11, 25), datetime(2026, 11, 25, 15, tzinfo=UTC)),
]


def monday_after(week: str) -> datetime:
    return datetime.combine(Week.parse(week).until + timedelta(1), datetime.min.time(), UTC) + timedelta(hours=15)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition without a story of these weeks."""
    return make_edition(tmp_path_factory.mktemp("base") / "edition", crowd=0)


def publish(base: Path, home: Path, at: datetime, titles: dict[str, str] | None = None) -> Path:
    """The edition as of a moment: what had been seen by then."""
    folder = home / "editions" / f"{at:%Y%m%dT%H%M%SZ}"
    shutil.copytree(base, folder)
    with duckdb.connect(str(folder / "policy.duckdb")) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute("update edition set edition_id = ?, as_of = ?", [folder.name, at])
        connection.execute("delete from source_looks")
        connection.execute(
            "insert into source_looks (source_id, day, outcome, checked_at) "
            "select source_id, ?, 'checked', ? from sources",
            [at.date(), at],
        )
        for name, day, seen in STORY:
            if seen <= at:
                _tell(connection, name, day, seen, (titles or {}).get(name, f"Act {name}"))
    return folder


def _tell(connection: duckdb.DuckDBPyConnection, name: str, day: date, seen: datetime, title: str) -> None:
    connection.execute(
        """
        insert into documents by name (select ? as document_id, 'us_federal_register' as lead_source_id, ? as title,
            'https://x.gov' as url, 'final_rule' as instrument, 'US' as jurisdiction, ?::date as published_date,
            ?::timestamptz as first_seen_at, 2 as relevance, ? as policy_id, 'available' as availability)
        """,
        [f"doc:{name}", title, day, seen, name],
    )
    connection.execute(
        """
        insert into document_versions by name (select 'us_federal_register' as source_id, ? as document_id,
            1 as version_no, 'source' as change_origin, true as is_news, ?::timestamptz as first_seen_at)
        """,
        [f"doc:{name}", seen],
    )
    connection.execute(
        """
        insert into policies by name (select ? as policy_id, ? as title, 'final_rule' as instrument,
            'US' as jurisdiction, 'other' as track, ? as lead_document_id, true as is_ai, 'https://x.gov' as url)
        """,
        [name, title, f"doc:{name}"],
    )
    connection.execute(
        "insert into policy_documents by name (select ? as policy_id, ? as document_id, 'lead' as role)",
        [name, f"doc:{name}"],
    )
    connection.execute(
        """
        insert into policy_events by name (select ? as event_id, ? as policy_id, ? as document_id,
            'published' as event, ?::date as event_date, ?::timestamptz as known_from)
        """,
        [f"event:{name}", name, f"doc:{name}", day, seen],
    )


@pytest.fixture
def issued(base: Path, tmp_path: Path) -> Path:
    """A state folder with three regular issues, each from the edition of its Monday."""
    for week in WEEKS:
        edition = publish(base, tmp_path, monday_after(week))
        build_digest(edition, week, None, tmp_path / "digests")
    return tmp_path


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def told(home: Path, week: str) -> list[str]:
    issue = read_issue(home / "digests" / week)
    assert issue is not None
    return [said.title for said in issue.said.values() if said.title.startswith("Act ")]


def test_each_event__stands_in_exactly_one_issue(issued: Path) -> None:
    where = {week: told(issued, week) for week in WEEKS}
    assert where == {
        "2026-W46": ["Act in-time", "Act on-sunday"],
        "2026-W47": ["Act second-week", "Act seen-after-the-issue"],
        "2026-W48": ["Act seen-two-weeks-late", "Act third-week"],
    }
    counts = Counter(title for titles in where.values() for title in titles)
    assert set(counts.values()) == {1}
    assert len(counts) == len(STORY)


def test_an_issue__written_again_from_a_later_edition_is_the_same(issued: Path) -> None:
    before = files(issued / "digests" / WEEKS[0])
    latest = issued / "editions" / f"{monday_after(WEEKS[-1]):%Y%m%dT%H%M%SZ}"
    build_digest(latest, WEEKS[0], None, issued / "digests")
    assert files(issued / "digests" / WEEKS[0]) == before


def test_an_issue_whose_edition_is_gone__is_not_written_over(issued: Path) -> None:
    before = files(issued / "digests" / WEEKS[0])
    shutil.rmtree(issued / "editions" / f"{monday_after(WEEKS[0]):%Y%m%dT%H%M%SZ}")
    with pytest.raises(FileNotFoundError, match="not kept any more"):
        build_digest(
            issued / "editions" / f"{monday_after(WEEKS[1]):%Y%m%dT%H%M%SZ}", WEEKS[0], None, issued / "digests"
        )
    assert files(issued / "digests" / WEEKS[0]) == before


def test_the_editions_of_issues__are_known(issued: Path) -> None:
    assert editions_of(issued / "digests") == {path.name for path in (issued / "editions").iterdir()}


def test_a_title_that_was_wrong__is_corrected_once_in_the_next_issue(base: Path, tmp_path: Path) -> None:
    out = tmp_path / "digests"
    build_digest(publish(base, tmp_path, monday_after(WEEKS[0])), WEEKS[0], None, out)
    mended = {"in-time": "Act in time, read better"}
    second = build_digest(publish(base, tmp_path, monday_after(WEEKS[1]), mended), WEEKS[1], None, out)
    third = build_digest(publish(base, tmp_path, monday_after(WEEKS[2]), mended), WEEKS[2], None, out)
    page = second.markdown.read_text(encoding="utf-8")
    section = page.split("## Corrections to earlier issues")[1].split("\n## ")[0]
    assert "Act in-time" in section
    assert "Act in time, read better" in section
    assert "2026-W46" in section
    assert "1 correction to earlier issues" in second.summary
    assert "Corrections to earlier issues" not in third.markdown.read_text(encoding="utf-8")
    assert "Act in-time" in (out / WEEKS[0] / "digest.md").read_text(encoding="utf-8")


def test_an_event_that_is_gone__is_taken_back(base: Path, tmp_path: Path) -> None:
    out = tmp_path / "digests"
    build_digest(publish(base, tmp_path, monday_after(WEEKS[0])), WEEKS[0], None, out)
    edition = publish(base, tmp_path, monday_after(WEEKS[1]))
    with duckdb.connect(str(edition / "policy.duckdb")) as connection:
        connection.execute("delete from policy_events where policy_id = 'in-time'")
    page = build_digest(edition, WEEKS[1], None, out).markdown.read_text(encoding="utf-8")
    assert "Taken back" in page.split("## Corrections to earlier issues")[1]


def test_a_quiet_week__has_an_issue_when_it_was_looked_at(base: Path, tmp_path: Path) -> None:
    edition = publish(base, tmp_path, monday_after(WEEKS[0]))
    looks = tmp_path / "looks.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select 'us_federal_register' as source_id, date '2026-12-01' as day, 'checked' as outcome, "
            "0::bigint as found, 0::bigint as official_count, 'c' as crawl_id, "
            f"timestamptz '2026-12-07 13:15:00Z' as checked_at, null::varchar as reason) to '{looks}' (format parquet)"
        )
    build_digest(edition, "2026-W49", None, tmp_path / "digests", looks=looks)
    issue = read_issue(tmp_path / "digests" / "2026-W49")
    assert issue is not None
    assert issue.looked_until == datetime(2026, 12, 7, 13, 15, tzinfo=UTC)


def test_a_week_long_gone__looks_back_and_is_no_issue(base: Path, tmp_path: Path) -> None:
    build_digest(publish(base, tmp_path, monday_after(WEEKS[0])), "2025-W04", None, tmp_path / "digests")
    assert not (tmp_path / "digests" / "2025-W04" / RECORD).exists()


def test_a_digest_as_of_a_moment__is_no_issue(base: Path, tmp_path: Path) -> None:
    edition = publish(base, tmp_path, monday_after(WEEKS[0]))
    build_digest(edition, WEEKS[0], datetime(2026, 11, 14, tzinfo=UTC), tmp_path / "digests")
    assert not list((tmp_path / "digests").glob(f"*/{RECORD}"))


@pytest.mark.parametrize(
    ("moment", "regular"),
    [("2026-11-15", False), ("2026-11-16", True), ("2026-11-24", True), ("2026-11-25", False)],
)
def test_an_issue_is_regular__when_its_edition_is_of_the_days_after_the_week(moment: str, regular: bool) -> None:
    assert is_regular(FIRST, datetime.fromisoformat(f"{moment}T12:00:00+00:00")) is regular


def test_a_damaged_record__is_told(tmp_path: Path) -> None:
    (tmp_path / RECORD).write_text("{", encoding="utf-8")
    with pytest.raises(ValueError, match="expected the record of an issue"):
        read_issue(tmp_path)


def feed(home: Path, edition: Path, *, with_issues: bool = True) -> dict[str, dict[str, Any]]:
    """The items of an edition's feed about the story, by title."""
    out = home / f"feeds-{edition.name}-{with_issues}"
    write_feeds(edition, out, *((home / "digests", home / "editions") if with_issues else ()))
    told = json.loads((out / "all.json").read_text(encoding="utf-8"))["items"]
    of_story = [item for item in told if "Act " in item["title"]]
    assert len({item["title"] for item in of_story}) == len(of_story) == len({item["id"] for item in of_story})
    return {item["title"]: item for item in of_story}


def latest(home: Path) -> Path:
    return home / "editions" / f"{monday_after(WEEKS[-1]):%Y%m%dT%H%M%SZ}"


def moment(week: str) -> str:
    return f"{Week.parse(week).until + timedelta(1)}T00:00:00Z"


def test_a_feed__tells_each_event_once_in_the_issue_that_told_it(issued: Path) -> None:
    told_in = {title: moment(week) for week in WEEKS for title in told(issued, week)}
    items = feed(issued, latest(issued))
    assert {title: item["date_published"] for title, item in items.items()} == told_in
    assert {title: item["date_modified"] for title, item in items.items()} == told_in


def test_a_feed__without_issues_tells_each_event_once_in_its_own_week(issued: Path) -> None:
    items = feed(issued, latest(issued), with_issues=False)
    assert {title: item["date_published"] for title, item in items.items()} == {
        f"Act {name}": moment(f"{day:%G-W%V}") for name, day, _ in STORY
    }


def test_a_feed__moves_what_was_corrected_and_tells_the_correction(base: Path, tmp_path: Path) -> None:
    out, mended = tmp_path / "digests", {"in-time": "Act in time, read better"}
    first = publish(base, tmp_path, monday_after(WEEKS[0]))
    before = feed(tmp_path, first)["Act in-time"]
    build_digest(first, WEEKS[0], None, out)
    silent = feed(tmp_path, publish(base, tmp_path, monday_after(WEEKS[0]) + timedelta(2), mended))["Act in-time"]
    assert silent == before, "until an issue says that it was corrected"
    build_digest(publish(base, tmp_path, monday_after(WEEKS[1]), mended), WEEKS[1], None, out)
    items = feed(tmp_path, publish(base, tmp_path, monday_after(WEEKS[2]), mended))
    after, correction = items["Act in time, read better"], items["Correction: Act in-time"]
    assert (after["id"], after["date_published"]) == (before["id"], before["date_published"])
    assert after["date_modified"] == correction["date_published"] == moment(WEEKS[1])
    said = "Title: Act in-time → Act in time, read better."
    assert after["summary"].startswith(f"Corrected in the issue of week {WEEKS[1]}. {said}")
    assert correction["summary"] == f"Said in the issue of week {WEEKS[0]}. {said}"
    assert correction["tags"][0] == after["tags"][0] == "Other policies"


def test_a_feed__says_what_was_taken_back(base: Path, tmp_path: Path) -> None:
    build_digest(publish(base, tmp_path, monday_after(WEEKS[0])), WEEKS[0], None, tmp_path / "digests")
    for week in WEEKS[1:]:
        edition = publish(base, tmp_path, monday_after(week))
        with duckdb.connect(str(edition / "policy.duckdb")) as connection:
            connection.execute("delete from policy_events where policy_id = 'in-time'")
        build_digest(edition, week, None, tmp_path / "digests")
    items = feed(tmp_path, latest(tmp_path))
    assert items["Taken back: Act in-time"]["date_modified"] == moment(WEEKS[1])
    assert "Taken back" in items["Correction: Act in-time"]["summary"]
