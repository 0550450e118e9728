"""Regular issues over the weeks: each event in one of them, none changed afterwards, corrections told in the next."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.digest.build import build_digest
from pipelines.digest.feeds import write_feeds
from pipelines.digest.issues import (
    RECORD,
    Issue,
    Memory,
    Said,
    Told,
    editions_of,
    edits_of,
    is_regular,
    read_issue,
)
from pipelines.digest.model import Week
from pipelines.digest.reader import read_overlooked
from pipelines.home import Home, StateRefused
from pipelines.ops.migrations import m0002_records_of_issues
from tests.faults.verdict import Verdict
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


GONE = [
    f"delete from {table} where policy_id = 'in-time'"
    for table in ("policy_events", "policies", "policy_documents", "documents")
]


def monday_after(week: str) -> datetime:
    return datetime.combine(Week.parse(week).until + timedelta(1), datetime.min.time(), UTC) + timedelta(hours=15)


@pytest.fixture(autouse=True)
def _no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """No chart is looked at here, and each takes as long as the rest of an issue."""
    monkeypatch.setattr("pipelines.digest.render.charts", lambda _: ())


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition without a story of these weeks."""
    return make_edition(tmp_path_factory.mktemp("base") / "edition", crowd=0)


def publish(base: Path, home: Path, at: datetime, titles: dict[str, str] | None = None) -> Path:
    """The edition as of a moment: what had been seen by then."""
    folder = home / "editions" / f"{at:%Y%m%dT%H%M%SZ}"
    kept = base.parent / f"{at:%Y%m%dT%H%M%SZ}" / "".join(sorted((titles or {}).values())).replace(" ", "-")
    if not (kept / folder.name).exists():
        _publish_once(base, kept / folder.name, at, titles or {})
    return Path(shutil.copytree(kept / folder.name, folder))


def _publish_once(base: Path, folder: Path, at: datetime, titles: dict[str, str]) -> None:
    shutil.copytree(base, folder)
    with duckdb.connect(str(folder / "policy.duckdb")) as connection:
        connection.begin()
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
                _tell(connection, name, day, seen, titles.get(name, f"Act {name}"))
        connection.commit()


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


def also(edition: Path, sql: str, *values: object) -> None:
    """Change an edition by one statement."""
    change(edition, [(sql, *values)])


def change(edition: Path, statements: Iterable[tuple[Any, ...]]) -> None:
    """Change an edition by statements, each with its values."""
    with duckdb.connect(str(edition / "policy.duckdb")) as connection:
        connection.execute("set timezone = 'UTC'")
        for sql, *values in statements:
            connection.execute(sql, values)


def rename(edition: Path, before: str, after: str) -> None:
    """Let a policy bear another id, as an order does once it has its number."""
    for table in ("policies", "policy_documents", "policy_events", "documents"):
        also(edition, f"update {table} set policy_id = ? where policy_id = ?", after, before)
    also(edition, "insert into policy_aliases values (?, ?, 'had it before')", before, after)


def revoke(edition: Path, actor: str, day: date) -> None:
    """Let a policy revoke an order that the edition knows by its number alone."""
    also(
        edition,
        """
        insert into policy_relations by name (select 'r' as relation_id, ? as from_policy_id, 'revokes' as relation,
            false as is_partial, 'eo:13999' as to_identifier, ?::date as relation_date, 'doc:in-time' as
            stated_by_document_id, 'stated' as confidence, ?::timestamptz as known_from)
        """,
        actor, day, datetime(2026, 11, 10, 15, tzinfo=UTC),
    )  # fmt: skip


def section(page: str, title: str) -> str:
    """What stands under a heading of the second level; empty without it."""
    return page.partition(f"## {title}\n")[2].split("\n## ")[0]


@pytest.fixture
def issued(base: Path, tmp_path: Path) -> Path:
    """A state folder with three regular issues, each from the edition of its Monday."""
    issue_pages(base, tmp_path, [], [], [])
    return tmp_path


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def told(home: Path, week: str) -> list[str]:
    issue = read_issue(home / "digests" / week)
    assert issue is not None
    return [said.title for said in issue.said.values() if said.title.startswith("Act ")]


@pytest.mark.fault("O2")
def test_each_event__stands_in_exactly_one_issue(issued: Path, verdict: Verdict) -> None:
    where = {week: told(issued, week) for week in WEEKS}
    assert where == {
        "2026-W46": ["Act in-time", "Act on-sunday"],
        "2026-W47": ["Act second-week", "Act seen-after-the-issue"],
        "2026-W48": ["Act seen-two-weeks-late", "Act third-week"],
    }
    counts = Counter(title for titles in where.values() for title in titles)
    assert set(counts.values()) == {1}
    verdict.recovered(len(STORY) - len(counts))


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
    issue_pages(base, tmp_path, [])
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
    issue_pages(base, tmp_path, [])
    edition = publish(base, tmp_path, monday_after(WEEKS[1]))
    for one in GONE:
        also(edition, one)
    page = build_digest(edition, WEEKS[1], None, out).markdown.read_text(encoding="utf-8")
    assert "Now: taken back" in section(page, "Corrections to earlier issues")


def test_a_day_that_is_gone__is_corrected(base: Path, tmp_path: Path) -> None:
    gone = ("delete from policy_events where policy_id = 'in-time'",)
    _, second, third = issue_pages(base, tmp_path, [], [gone], [gone])
    assert "Published: 10 November → nothing" in corrections(second)
    assert not corrections(third)
    assert "Act in-time" not in section(second, "What is new")


def test_an_order_that_gets_its_number__is_not_taken_back_and_its_deed_is_told_once(base: Path, tmp_path: Path) -> None:
    out = tmp_path / "digests"
    first, second = (publish(base, tmp_path, monday_after(week)) for week in WEEKS[:2])
    revoke(first, "in-time", date(2026, 11, 10))
    one = build_digest(first, WEEKS[0], None, out)
    assert "Executive Order 13999" in section(one.markdown.read_text(encoding="utf-8"), "What changed")
    rename(second, "in-time", "us-eo-14999")
    revoke(second, "us-eo-14999", date(2026, 11, 10))
    also(second, "update policies set title = 'ACT IN TIME' where policy_id = 'us-eo-14999'")
    also(second, "update documents set published_date = date '2026-11-17' where document_id = 'doc:in-time'")
    also(
        second,
        "insert into policy_events by name (select 'e' as event_id, 'us-eo-14999' as policy_id, 'published' as event, "
        "'doc:in-time' as document_id, date '2026-11-17' as event_date, timestamptz '2026-11-17' as known_from)",
    )
    also(second, "update policy_events set event = 'signed' where event_id = 'event:in-time'")
    page = build_digest(second, WEEKS[1], None, out).markdown.read_text(encoding="utf-8")
    assert "ACT IN TIME" in section(page, "What is new")
    assert "Published this week" in section(page, "What is new")
    assert not section(page, "What changed")
    assert not section(page, "Corrections to earlier issues")


def test_a_publication_seen_after_the_issue_of_its_week__is_told_in_the_next(base: Path, tmp_path: Path) -> None:
    out = tmp_path / "digests"
    for week, is_told in zip(WEEKS, (True, True, False), strict=True):
        edition = publish(base, tmp_path, monday_after(week))
        also(edition, "update policy_events set event = 'signed' where event_id = 'event:in-time'")
        if week != WEEKS[0]:
            seen = datetime(2026, 11, 17, 9, tzinfo=UTC)
            also(edition, "update documents set first_seen_at = ? where document_id = 'doc:in-time'", seen)
            also(edition, "update document_versions set first_seen_at = ? where document_id = 'doc:in-time'", seen)
            also(
                edition,
                "insert into policy_events by name (select 'e' as event_id, 'in-time' as policy_id, 'published' as "
                "event, 'doc:in-time' as document_id, date '2026-11-13' as event_date, ?::timestamptz as known_from)",
                seen,
            )
        page = build_digest(edition, week, None, out).markdown.read_text(encoding="utf-8")
        assert ("Act in-time" in section(page, "What is new")) is is_told
    assert "published 13 November" in (out / WEEKS[1] / "digest.md").read_text(encoding="utf-8")


def test_a_change_told_as_news__is_no_correction_of_a_later_issue_either(base: Path, tmp_path: Path) -> None:
    out = tmp_path / "digests"
    issue_pages(base, tmp_path, [])
    for week in WEEKS[1:]:
        edition = publish(base, tmp_path, monday_after(week), {"in-time": "Act in time, renamed at its source"})
        also(
            edition,
            "insert into document_versions by name (select 'us_federal_register' as source_id, "
            "'doc:in-time' as document_id, 2 as version_no, 'source' as change_origin, true as is_news, "
            "['title'] as changed_fields, timestamptz '2026-11-17 15:00:00Z' as first_seen_at)",
        )
        page = build_digest(edition, week, None, out).markdown.read_text(encoding="utf-8")
        assert ("renamed at its source" in section(page, "What changed")) is (week == WEEKS[1])
        assert not section(page, "Corrections to earlier issues")


def test_a_bill_that_becomes_law__is_no_correction(base: Path, tmp_path: Path) -> None:
    out = tmp_path / "digests"
    for week, kind in zip(WEEKS[:2], ("bill", "statute"), strict=True):
        edition = publish(base, tmp_path, monday_after(week))
        also(edition, "update policy_events set event = 'proposed' where policy_id = 'in-time'")
        also(edition, f"update policies set instrument = '{kind}' where policy_id = 'in-time'")
        if kind == "statute":
            also(
                edition,
                "insert into policy_events by name (select 'e' || event as event_id, 'in-time' as policy_id, event, "
                "'doc:in-time' as document_id, date '2026-11-18' as event_date, timestamptz '2026-11-19' as known_from "
                "from (values ('signed'), ('effective')) as law(event))",
            )
        page = build_digest(edition, week, None, out).markdown.read_text(encoding="utf-8")
    assert "**18 November**" in section(page, "What is due"), "it took effect"
    assert not section(page, "Corrections to earlier issues")


def test_a_correction__says_what_was_said_what_holds_now_and_why(base: Path, tmp_path: Path) -> None:
    out = tmp_path / "digests"
    issue_pages(base, tmp_path, [])
    edition = publish(base, tmp_path, monday_after(WEEKS[1]))
    also(edition, "update policy_events set event_date = date '2026-11-11' where policy_id = 'in-time'")
    also(edition, "update policies set is_ai = false where policy_id = 'on-sunday'")
    page = build_digest(edition, WEEKS[1], None, out).markdown.read_text(encoding="utf-8")
    told = section(page, "Corrections to earlier issues")
    assert "The issue of week 2026-W46 said: final rule, published 10 November" in told
    assert "Published: 10 November → 11 November" in told
    assert "We read the same record otherwise now." in told
    assert "It is not read as being about AI any more." in told
    assert told.count("(https://x.gov)") == 2
    assert told.count("report an error") == 2


def test_money_of_an_item_that_was_told__is_not_told_again(base: Path, tmp_path: Path) -> None:
    for week, told in zip(WEEKS[:2], (True, False), strict=True):
        edition = publish(base, tmp_path, monday_after(week))
        also(
            edition,
            "insert into amounts by name (select 'a1' as amount_id, 'doc:on-sunday' as document_id, "
            "'available' as kind, 5000000 as low, 5000000 as high, 'USD' as currency, 'award' as source_field)",
        )
        page = build_digest(edition, week, None, tmp_path / "digests").markdown.read_text(encoding="utf-8")
        assert ("Act on-sunday" in section(page, "Money")) is told


def test_in_short__is_chosen_from_what_is_left_to_tell(issued: Path) -> None:
    for week in WEEKS:
        page = (issued / "digests" / week / "digest.md").read_text(encoding="utf-8")
        assert section(page, "In short").count("Act ") == len(told(issued, week))


def test_a_missed_week__gets_its_issue_before_the_next_one(base: Path, tmp_path: Path) -> None:
    out = tmp_path / "digests"
    issue_pages(base, tmp_path, [])
    edition = publish(base, tmp_path, monday_after(WEEKS[2]))
    on_time = build_digest(edition, WEEKS[2], None, out)
    assert told(tmp_path, WEEKS[1]) == ["Act second-week", "Act seen-after-the-issue"]
    assert told(tmp_path, WEEKS[2]) == ["Act seen-two-weeks-late", "Act third-week"]
    assert "Written late" not in on_time.markdown.read_text(encoding="utf-8")
    late = files(out / WEEKS[1])
    assert "digest.eml" in late
    assert b"Written late, since its week was missed: looked at up to 30 November." in late["digest.md"]
    assert b"Written late" in late["digest.html"]
    build_digest(edition, WEEKS[1], None, out)
    assert files(out / WEEKS[1]) == late


@pytest.mark.parametrize("order", [WEEKS[1:], WEEKS[:0:-1]])
def test_weeks_missed_long_ago__are_issued_alike_in_whatever_order_they_are_asked_for(
    base: Path, tmp_path: Path, order: list[str]
) -> None:
    out = tmp_path / "digests"
    issue_pages(base, tmp_path, [])
    edition = publish(base, tmp_path, monday_after("2026-W53"))
    for week in order:
        build_digest(edition, week, None, out)
    assert [told(tmp_path, week) for week in WEEKS] == [
        ["Act in-time", "Act on-sunday"],
        ["Act second-week", "Act seen-after-the-issue"],
        ["Act seen-two-weeks-late", "Act third-week"],
    ]


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
def test_the_first_issue__is_of_a_week_that_has_just_ended(moment: str, regular: bool) -> None:
    assert is_regular(FIRST, datetime.fromisoformat(f"{moment}T12:00:00+00:00"), []) is regular


@pytest.mark.parametrize(
    ("week", "moment", "regular"),
    [
        ("2026-W47", "2026-11-22", False),
        ("2026-W47", "2026-11-23", True),
        ("2026-W47", "2027-03-01", True),
        ("2026-W45", "2026-11-16", False),
    ],
)
def test_after_the_first_issue__each_later_week_that_has_ended_has_one(week: str, moment: str, regular: bool) -> None:
    before = [Issue(FIRST.name, "e", datetime(2026, 11, 16, tzinfo=UTC), {}, ())]
    assert is_regular(Week.parse(week), datetime.fromisoformat(f"{moment}T12:00:00+00:00"), before) is regular


def of_an_older_form(record: Path) -> None:
    held = json.loads(record.read_text())
    old = {str(number): one["said"] for number, one in enumerate(held.pop("said"))}
    record.write_text(json.dumps({**held, "said": old, "corrected": {}}))


def test_records_of_an_older_form__are_made_anew_and_keep_what_was_told(issued: Path) -> None:
    before = {week: told(issued, week) for week in WEEKS}
    for week in WEEKS[:2]:
        of_an_older_form(issued / "digests" / week / RECORD)
    shutil.rmtree(issued / "digests" / WEEKS[2])
    m0002_records_of_issues.apply(Home(issued))
    build_digest(latest(issued), WEEKS[2], None, issued / "digests")
    assert sorted(told(issued, WEEKS[2])) == sorted(before[WEEKS[2]])
    assert set(before[WEEKS[0]]) <= set(told(issued, WEEKS[0]))


def test_a_record_of_an_older_form_whose_edition_is_gone__is_refused(issued: Path) -> None:
    record = issued / "digests" / WEEKS[0] / RECORD
    of_an_older_form(record)
    shutil.rmtree(issued / "editions" / json.loads(record.read_text())["edition_id"])
    with pytest.raises(StateRefused, match=f"{WEEKS[0]}.*expected the edition"):
        m0002_records_of_issues.apply(Home(issued))


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
    why = "We read the same record otherwise now."
    assert correction["summary"] == (
        f"The issue of week {WEEKS[0]} said: final rule, published 10 November. {said} {why}"
    )
    assert correction["tags"][0] == after["tags"][0] == "Other policies"


def test_a_feed__does_not_tell_of_the_week_of_an_issue_what_it_did_not(issued: Path) -> None:
    record = issued / "digests" / WEEKS[0] / RECORD
    held = json.loads(record.read_text())
    held["said"] = [one for one in held["said"] if one["said"]["title"] != "Act in-time"]
    record.write_text(json.dumps(held))
    items = feed(issued, latest(issued))
    assert "Act in-time" not in items
    assert "Act on-sunday" in items


def test_a_feed__says_what_was_taken_back(base: Path, tmp_path: Path) -> None:
    issue_pages(base, tmp_path, [])
    for week in WEEKS[1:]:
        edition = publish(base, tmp_path, monday_after(week))
        for one in GONE:
            also(edition, one)
        build_digest(edition, week, None, tmp_path / "digests")
    items = feed(tmp_path, latest(tmp_path))
    assert items["Taken back: Act in-time"]["date_modified"] == moment(WEEKS[1])
    assert "Taken back" in items["Correction: Act in-time"]["summary"]


def issue_pages(base: Path, home: Path, *statements: list[tuple[Any, ...]]) -> list[str]:
    """The issues of the weeks, each from its own edition after some statements.

    What several tests tell alike of the first weeks is written once, and each gets its copy.
    """
    pages = []
    kept = base.parent / "issued"
    for week, ones in zip(WEEKS, statements, strict=False):
        kept = kept / sha256(repr(ones).encode()).hexdigest()[:16]
        if not kept.exists():
            edition = publish(base, home, monday_after(week))
            change(edition, ones)
            build_digest(edition, week, None, home / "digests")
            shutil.copytree(edition, kept / "editions" / edition.name)
            shutil.copytree(home / "digests" / week, kept / "digests" / week)
        else:
            shutil.copytree(kept / "editions", home / "editions", dirs_exist_ok=True)
            shutil.copytree(kept / "digests", home / "digests", dirs_exist_ok=True)
        pages.append((home / "digests" / week / "digest.md").read_text(encoding="utf-8"))
    return pages


def corrections(page: str) -> str:
    return section(page, "Corrections to earlier issues")


def event(kind: str, day: str, by: str | None = None, name: str = "x") -> tuple[Any, ...]:
    return (
        "insert into policy_events by name (select ? as event_id, 'in-time' as policy_id, 'doc:in-time' as "
        "document_id, ?::varchar as event, ?::date as event_date, ?::varchar as by_policy_id, "
        "timestamptz '2026-11-11 20:00:00Z' as known_from)",
        name, kind, day, by,
    )  # fmt: skip


def relation(
    kind: str, *, is_partial: bool = False, day: str = "2026-11-11", actor: str = "on-sunday"
) -> tuple[Any, ...]:
    return (
        "insert into policy_relations by name (select ? as relation_id, ? as from_policy_id, ? as relation, "
        "?::boolean as is_partial, 'in-time' as to_policy_id, ?::date as relation_date, 'doc:on-sunday' as "
        "stated_by_document_id, 'stated' as confidence, timestamptz '2026-11-11 20:00:00Z' as known_from)",
        f"{kind} {actor}", actor, kind, is_partial, day,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "said", "now"),
    [
        pytest.param(
            event("suspended", "2026-11-11"), event("suspended", "2026-11-12"),
            "Suspended", "11 November → 12 November", id="another day of the week",
        ),
        pytest.param(
            event("suspended", "2026-11-11"), event("suspended", "2026-11-18"),
            "Suspended", "11 November → 18 November", id="a day of the next week",
        ),
        pytest.param(
            event("partly_revoked", "2026-11-11"), event("revoked", "2026-11-11"),
            "Revoked in part", "What happened: Revoked in part → Revoked", id="whole instead of partial",
        ),
        pytest.param(
            relation("revokes", is_partial=True), relation("revokes"),
            "Revoked in part by Act on-sunday", "What happened: Revoked in part → Revoked", id="a whole relation",
        ),
        pytest.param(
            relation("amends"), relation("amends", day="2026-11-13"),
            "Amended by Act on-sunday", "11 November → 13 November", id="another day of a relation",
        ),
        pytest.param(
            relation("amends"), relation("amends", actor="seen-after-the-issue"),
            "Amended by Act on-sunday", "By: Act on-sunday → Act seen-after-the-issue", id="another actor",
        ),
    ],
)  # fmt: skip
def test_a_change_that_is_read_otherwise__is_corrected_with_both_values_and_told_once(
    base: Path, tmp_path: Path, before: tuple[Any, ...], after: tuple[Any, ...], said: str, now: str
) -> None:
    first, second, third = issue_pages(base, tmp_path, [before], [after], [after])
    assert "in-time" in section(first, "What changed")
    assert said in corrections(second)
    assert now in corrections(second)
    assert "aken back" not in corrections(second)
    assert "https://x.gov" in corrections(second)
    assert not section(second, "What changed")
    assert not corrections(third)
    assert not section(third, "What changed")


def test_two_changes_of_one_kind__are_two_facts(base: Path, tmp_path: Path) -> None:
    one, two = event("suspended", "2026-11-11"), event("suspended", "2026-11-18", name="y")
    _, second, third = issue_pages(base, tmp_path, [one], [one, two], [two])
    assert "18 November" in section(second, "What changed")
    assert not corrections(second)
    assert "Now: taken back" in corrections(third)
    assert "11 November" in corrections(third)


def test_a_change_whose_actor_becomes_known__is_the_same_change(base: Path, tmp_path: Path) -> None:
    by_whom = [relation("revokes"), event("revoked", "2026-11-11", "on-sunday")]
    _, second = issue_pages(base, tmp_path, [event("revoked", "2026-11-11")], by_whom)
    assert not section(second, "What changed")
    assert not corrections(second), "what nobody had stated is no correction"


def test_what_was_taken_back_and_comes_again__is_reinstated(base: Path, tmp_path: Path) -> None:
    _, second, third = issue_pages(base, tmp_path, [], [(one,) for one in GONE], [])
    assert "Now: taken back" in corrections(second)
    assert f"The issue of week {WEEKS[1]} took this back: final rule, published 10 November" in corrections(third)
    assert "Now: it stands after all" in corrections(third)
    assert "Act in-time" not in section(third, "What is new")


def test_a_deadline_that_is_read_otherwise__is_corrected_once(base: Path, tmp_path: Path) -> None:
    day, other = event("comment_closes", "2026-12-20"), event("comment_closes", "2026-12-10")
    first, second, third = issue_pages(base, tmp_path, [day], [other], [other])
    assert "20 December" in section(first, "What is due")
    assert corrections(second).count("Comments close: 20 December → 10 December") == 1
    assert "1 correction to earlier issues" in second
    assert not corrections(third)


def test_a_cut_off_that_is_gone__is_taken_back_and_is_none_of_the_others(base: Path, tmp_path: Path) -> None:
    first_day, last_day = event("cut_off", "2026-12-01", name="a"), event("cut_off", "2027-05-01", name="b")
    known = ("update policy_events set known_from = timestamptz '2026-10-01 00:00:00Z' where event_id in ('a', 'b')",)
    later = [last_day, known]
    first, second, third = issue_pages(base, tmp_path, [first_day, *later], later, later)
    assert "**1 December** (in 16 days): cut-off for applications" in section(first, "What is due")
    assert "cut-off for applications 1 December  \n  Now: taken back" in corrections(second)
    assert corrections(second).count("The issue of week") == 1
    assert not corrections(third)


def test_a_cut_off_that_its_source_moves__is_told_as_a_change_and_no_more(base: Path, tmp_path: Path) -> None:
    day, other = event("cut_off", "2026-12-01"), event("cut_off", "2026-12-09")
    moved = edit([{"field": "closes_dates", "before": "2026-12-01, 2027-05-01", "after": "2026-12-09, 2027-05-01"}])
    _, second, third = issue_pages(base, tmp_path, [day], [other, moved], [other, moved])
    told = section(second, "What changed")
    assert "Cut-offs for applications: 1 December, 1 May 2027 → 9 December, 1 May 2027" in told
    assert not corrections(second)
    assert not corrections(third)
    assert "**9 December** (in 17 days): cut-off for applications" in section(second, "What is due")


def edit(diff: list[dict[str, object]], name: str = "in-time", *, origin: str = "source") -> tuple[Any, ...]:
    """A second version of a document, first seen in the second week."""
    return (
        "insert into document_versions by name (select 'us_federal_register' as source_id, ? as document_id, "
        "2 as version_no, ?::varchar as change_origin, ? as is_news, ?::varchar[] as changed_fields, "
        "?::json as field_diff, 'available' as availability, timestamptz '2026-11-17 15:00:00Z' as first_seen_at)",
        f"doc:{name}", origin, origin == "source", [one["field"] for one in diff], json.dumps(diff),
    )  # fmt: skip


@pytest.mark.parametrize("has_other", [False, True])
def test_a_deadline_that_its_source_removes__is_taken_back_once_and_no_change(
    base: Path, tmp_path: Path, *, has_other: bool
) -> None:
    day = event("comment_closes", "2026-12-20")
    diff: list[dict[str, object]] = [{"field": "comments_close_date", "before": "2026-12-20", "after": None}]
    other: list[dict[str, object]] = [{"field": "docket", "before": "A", "after": "B"}] if has_other else []
    removed = edit([*diff, *other])
    _, second, third = issue_pages(base, tmp_path, [day], [removed], [removed])
    assert "comments close 20 December  \n  Now: taken back" in corrections(second)
    assert "The source states it no longer." in corrections(second)
    assert "20 December" not in section(second, "What changed")
    assert corrections(second).count("The issue of week") == 1
    assert ("Docket: A → B" in section(second, "What changed")) is has_other
    assert not corrections(third)


def test_a_revocation_that_its_source_states_no_longer__is_taken_back_once_and_no_change(
    base: Path, tmp_path: Path
) -> None:
    removed = edit([{"field": "disposition_notes", "before": "Revoked", "after": None}])
    _, second = issue_pages(base, tmp_path, [event("revoked", "2026-11-11")], [removed])
    assert "Now: taken back" in corrections(second)
    assert "The source states it no longer." in corrections(second)
    assert not section(second, "What changed")


def test_a_deadline_that_an_act_moves__is_news(base: Path, tmp_path: Path) -> None:
    day, later = event("comment_closes", "2026-12-20"), event("comment_closes", "2027-01-20", name="later")
    act = relation("extends", day="2026-11-18", actor="second-week")
    _, second, third = issue_pages(base, tmp_path, [day], [day, later, act], [day, later, act])
    assert "Comment period extended" in section(second, "What changed")
    assert not corrections(second)
    assert not corrections(third)


def test_a_duty_whose_day_is_read_otherwise__is_corrected(base: Path, tmp_path: Path) -> None:
    def duty(day: str) -> tuple[Any, ...]:
        return (
            "insert into obligations by name (select 'o1' as obligation_id, 'in-time' as policy_id, 'doc:in-time' as "
            "document_id, 'Secretary' as actor, 'report' as action, ?::date as due_date)",
            day,
        )

    _, second = issue_pages(base, tmp_path, [duty("2026-12-05")], [duty("2026-12-06")])
    assert "Due: 5 December → 6 December" in corrections(second)
    assert "duty Secretary: report" in corrections(second)


def test_an_amount_that_is_read_otherwise__is_corrected(base: Path, tmp_path: Path) -> None:
    def amount(figure: int) -> tuple[Any, ...]:
        return (
            "insert into amounts by name (select ? as amount_id, 'doc:in-time' as document_id, 'in-time' as policy_id, "
            "'available' as kind, ?::decimal(24, 2) as low, ?::decimal(24, 2) as high, 'USD' as currency, "
            "'award' as source_field)",
            f"a{figure}", figure, figure,
        )  # fmt: skip

    first, second, third = issue_pages(base, tmp_path, [amount(5000000)], [amount(6000000)], [amount(6000000)])
    assert "US$5 million" in section(first, "Money")
    assert "Figure: US$5 million → US$6 million" in corrections(second)
    assert not corrections(third)


def test_news_of_a_policy__hides_no_correction_of_something_else(base: Path, tmp_path: Path) -> None:
    moved = ("update policy_events set event_date = date '2026-11-11' where event_id = 'event:in-time'",)
    act = relation("amends", day="2026-11-18", actor="second-week")
    _, second = issue_pages(base, tmp_path, [], [moved, act])
    assert "Amended" in section(second, "What changed")
    assert "Published: 10 November → 11 November" in corrections(second)


MERGE: list[tuple[Any, ...]] = [
    ("update policy_documents set policy_id = 'in-time', role = 'member' where policy_id = 'on-sunday'",),
    ("update documents set policy_id = 'in-time' where policy_id = 'on-sunday'",),
    ("delete from policy_events where policy_id = 'on-sunday'",),
    ("delete from policies where policy_id = 'on-sunday'",),
    ("insert into policy_aliases values ('on-sunday', 'in-time', 'had it before')",),
]


def test_policies_that_are_one__are_told_as_one(base: Path, tmp_path: Path) -> None:
    _, second, third = issue_pages(base, tmp_path, [], MERGE, MERGE)
    assert "Act on-sunday" in corrections(second)
    assert "It is one policy with “Act in-time”." in corrections(second)
    assert corrections(second).count("The issue of week") == 1
    assert not corrections(third)


def test_policies_that_are_one_no_more__are_told_apart_once(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(globals(), "WEEKS", [*WEEKS, "2026-W49"])
    _, second, third, fourth = issue_pages(base, tmp_path, [], MERGE, [], [])
    assert "It is one policy with" in corrections(second)
    assert "The issue of week 2026-W47 told this as one with another policy: final rule" in corrections(third)
    assert "Now: it stands by itself again" in corrections(third)
    assert corrections(third).count("The issue of week") == 1
    assert "Act on-sunday" not in section(third, "What is new")
    assert not corrections(fourth)


def test_a_feed__tells_a_late_line_with_two_events_once(base: Path, tmp_path: Path) -> None:
    issue_pages(base, tmp_path, [], [(
        "insert into policy_events by name (select 's' as event_id, 'seen-after-the-issue' as policy_id, 'signed' as "
        "event, 'doc:seen-after-the-issue' as document_id, date '2026-11-09' as event_date, "
        "timestamptz '2026-11-16 20:00:00Z' as known_from)",
    )])  # fmt: skip
    assert "Act seen-after-the-issue" in feed(tmp_path, latest_of(base, tmp_path, WEEKS[2]))


def test_a_feed__of_the_edition_that_an_issue_is_written_from_has_its_corrections(base: Path, tmp_path: Path) -> None:
    issue_pages(base, tmp_path, [])
    edition = latest_of(base, tmp_path, WEEKS[1])
    also(edition, "update policy_events set event_date = date '2026-11-11' where policy_id = 'in-time'")
    before = feed(tmp_path, edition)
    build_digest(edition, WEEKS[1], None, tmp_path / "digests")
    shutil.rmtree(tmp_path / f"feeds-{edition.name}-True")
    assert "Published: 10 November → 11 November" in before["Correction: Act in-time"]["summary"]
    assert feed(tmp_path, edition) == before


def latest_of(base: Path, home: Path, week: str) -> Path:
    return publish(base, home, monday_after(week))


def test_a_feed__has_an_entry_for_the_signature_and_one_for_the_publication(base: Path, tmp_path: Path) -> None:
    signed = ("update policy_events set event = 'signed' where event_id = 'event:in-time'",)
    published = event("published", "2026-11-18")
    issue_pages(base, tmp_path, [signed], [signed, published])
    edition = latest_of(base, tmp_path, WEEKS[2])
    for one in (signed, published):
        also(edition, *one)
    write_feeds(edition, tmp_path / "feeds", tmp_path / "digests", tmp_path / "editions")
    items = json.loads((tmp_path / "feeds" / "all.json").read_text(encoding="utf-8"))["items"]
    of_both = {item["id"]: item["date_published"] for item in items if item["title"] == "Act in-time"}
    assert sorted(of_both.values()) == [moment(WEEKS[0]), moment(WEEKS[1])]


def test_the_same_done_by_another_on_the_same_day__is_told_when_it_becomes_known(base: Path, tmp_path: Path) -> None:
    first, second = relation("amends"), relation("amends", actor="in-second-week")
    known_later = (second[0].replace("2026-11-11 20:00:00Z", "2026-11-18 15:00:00Z"), *second[1:])
    pages = issue_pages(base, tmp_path, [first], [first, known_later], [first, known_later])
    told = [section(page, "What changed").count("Act in-time") > 0 for page in pages]
    assert told == [True, True, False]


NO_AI = "update policies set is_ai = false where policy_id = 'in-time'"
LATER = "update policy_events set event_date = date '2026-12-20' where event_id = 'event:in-time'"


@pytest.mark.parametrize("at_first", [NO_AI, LATER])
def test_an_item_that_its_source_makes_news_of_an_earlier_week__is_told_once_as_late(
    base: Path, tmp_path: Path, at_first: str
) -> None:
    edited = edit([{"field": "title", "before": "Act", "after": "Act in-time"}])
    pages = issue_pages(base, tmp_path, [(at_first,)], [edited], [edited])
    assert [page.count("**[Act in-time]") for page in pages] == [0, 1, 0]
    late = section(pages[1], "What is new").partition("### Dated earlier")[2]
    assert "published 10 November, seen changed by its source this week, on 17 November" in late.replace("P", "p")
    assert not section(pages[1], "What changed")
    assert not any(map(corrections, pages))
    assert "Act in-time" in feed(tmp_path, latest_of(base, tmp_path, "2026-W49"))


FILED = ("update policy_events set event = 'filed', event_date = date '2026-11-13' where event_id = 'event:in-time'",)
PUBLISHED_LATER = [FILED, event("published", "2026-11-18")]
LED_BY_ANOTHER: list[tuple[Any, ...]] = [
    (
        "insert into documents by name select * replace ('doc:lead' as document_id, "
        "timestamptz '2026-11-17 09:00:00Z' as first_seen_at) from documents where document_id = 'doc:in-time'",
    ),
    (
        "insert into document_versions by name select * replace ('doc:lead' as document_id, "
        "timestamptz '2026-11-17 09:00:00Z' as first_seen_at) from document_versions "
        "where document_id = 'doc:in-time' and version_no = 1",
    ),
    ("update policy_documents set role = 'member' where document_id = 'doc:in-time'",),
    ("insert into policy_documents by name (select 'in-time' as policy_id, 'doc:lead' as document_id, "
     "'lead' as role)",),
    ("update policies set lead_document_id = 'doc:lead' where policy_id = 'in-time'",),
]  # fmt: skip


@pytest.mark.parametrize(
    ("at_first", "then", "heading"),
    [
        pytest.param([FILED], PUBLISHED_LATER, "### Published this week", id="published in the week"),
        pytest.param([], LED_BY_ANOTHER, "### Dated earlier", id="led by a document of the week"),
    ],
)
def test_an_item_that_appears_in_the_week_in_which_its_source_edits_it__is_told_once(
    base: Path, tmp_path: Path, at_first: list[tuple[Any, ...]], then: list[tuple[Any, ...]], heading: str
) -> None:
    edited = edit([{"field": "title", "before": "Act", "after": "Act in-time"}])
    pages = issue_pages(base, tmp_path, [*at_first, (NO_AI,)], [*then, edited], [*then, edited])
    assert [page.count("**[Act in-time]") for page in pages] == [0, 1, 0]
    assert "Act in-time" in section(pages[1], "What is new").partition(heading)[2]
    assert not section(pages[1], "What changed")
    assert not any(map(corrections, pages))
    edition = latest_of(base, tmp_path, "2026-W49")
    for one in then:
        also(edition, *one)
    assert "Act in-time" in feed(tmp_path, edition)


@pytest.mark.parametrize("at_first", [NO_AI, LATER])
def test_an_item_that_we_read_otherwise_only_after_its_week__is_told_once_as_a_correction(
    base: Path, tmp_path: Path, at_first: str
) -> None:
    pages = issue_pages(base, tmp_path, [(at_first,)], [], [])
    assert [page.count("Act in-time") for page in pages] == [0, 1, 0]
    told = corrections(pages[1])
    assert "The issue of week 2026-W46 did not tell this: final rule, published 10 November" in told
    assert "We read the same record otherwise now." in told


def test_the_status_of_an_item_that_was_left_out__is_that_of_the_day_before_the_issue(
    base: Path, tmp_path: Path
) -> None:
    proposed = ("update policy_events set event = 'proposed' where event_id = 'event:in-time'",)
    in_force = event("effective", "2026-11-18")
    pages = issue_pages(base, tmp_path, [proposed, (NO_AI,)], [proposed, in_force], [proposed, in_force])
    assert "did not tell this" in corrections(pages[1])
    assert not corrections(pages[2])


@pytest.mark.parametrize("is_policy", [True, False])
def test_an_item_that_was_not_told__is_of_the_week_in_which_it_appeared_and_of_none_of_its_deadlines(
    base: Path, tmp_path: Path, *, is_policy: bool
) -> None:
    edition = publish(base, tmp_path, monday_after(WEEKS[1]))
    for table in ("documents", "document_versions"):
        seen = datetime(2026, 9, 3, 15, tzinfo=UTC)
        also(edition, f"update {table} set first_seen_at = ? where document_id = 'doc:in-time'", seen)
    also(edition, "update policy_events set event_date = date '2026-09-02' where event_id = 'event:in-time'")
    also(
        edition,
        "update documents set published_date = date '2026-09-02', effective_date = date '2026-11-09', "
        "comments_close_date = date '2026-11-10' where document_id = 'doc:in-time'",
    )
    deadlines = (event("effective", "2026-11-09", name="force"), event("comment_closes", "2026-11-10"))
    edited = edit([{"field": "title", "before": "Act", "after": "Act in-time"}])
    for one in (*deadlines, edited, *([] if is_policy else publication("in-time"))):
        also(edition, *one)
    found = read_overlooked(edition, date(2026, 8, 24), Week.parse(WEEKS[1]))
    [overlooked] = [one for one in found if one.line.what.title == "Act in-time"]
    assert (overlooked.line.policy_id is not None) is is_policy
    assert overlooked.day == date(2026, 9, 3)
    assert not edits_of([overlooked])


def test_statuses__are_asked_of_what_can_still_be_corrected_alone() -> None:
    memory = Memory()
    for week in ("2026-W34", "2026-W35"):
        day = Week.parse(week).until.isoformat()
        memory.facts["new", week] = Told(week, Said("Act", None, {"status": "in force"}, status_day=day))
    assert memory.status_days(Week.parse("2026-W47")) == {"2026-08-30": {"2026-W35"}}


def test_an_item_of_a_backfill_that_becomes_one_about_ai__is_history(base: Path, tmp_path: Path) -> None:
    history = ("update document_versions set is_news = false where document_id = 'doc:in-time'",)
    pages = issue_pages(base, tmp_path, [(NO_AI,), history], [history], [history])
    assert not any("Act in-time" in page for page in pages)


UNDATED = ("update policy_events set event = 'effective', event_date = date '2026-12-01' where policy_id = 'in-time'",)


def test_a_policy_that_no_event_dates__is_told_once_by_the_day_on_which_it_was_seen(base: Path, tmp_path: Path) -> None:
    pages = issue_pages(base, tmp_path, [UNDATED], [UNDATED], [UNDATED])
    assert [("Act in-time" in section(page, "What is new")) for page in pages] == [True, False, False]
    assert "first seen this week, on 10 November" in section(pages[0], "What is new")
    assert "1 item without a day" in pages[0]
    assert not any(map(corrections, pages))


def test_a_policy_that_no_event_dates__is_no_news_where_a_backfill_brought_it(base: Path, tmp_path: Path) -> None:
    history = ("update document_versions set is_news = false where document_id = 'doc:in-time'",)
    [page] = issue_pages(base, tmp_path, [UNDATED, history])
    assert "Act in-time" not in section(page, "What is new")
    assert new_in_chart(tmp_path) == {"2026-W46": 1}


def test_a_policy_that_no_event_dates__is_in_the_chart_as_it_is_in_the_list(base: Path, tmp_path: Path) -> None:
    [page] = issue_pages(base, tmp_path, [UNDATED])
    assert "Act in-time" in section(page, "What is new")
    assert new_in_chart(tmp_path) == {"2026-W46": 2}


def new_in_chart(home: Path) -> dict[str, int]:
    """How many new policies the chart of the first issue shows for its own week."""
    told = json.loads((home / "digests" / WEEKS[0] / "digest.json").read_text(encoding="utf-8"))
    return {told["run"][-1]["week"]: told["run"][-1]["new"]}


def test_a_publication_without_a_day__is_told_once_by_the_day_on_which_it_was_seen(base: Path, tmp_path: Path) -> None:
    undated = [*publication("in-time"), ("update documents set published_date = null where policy_id is null",)]
    pages = issue_pages(base, tmp_path, undated, undated, undated)
    assert [("Act in-time" in section(page, "What is new")) for page in pages] == [True, False, False]


def publication(name: str) -> list[tuple[Any, ...]]:
    """Let a policy be a publication that is none."""
    return [
        (f"update documents set policy_id = null where policy_id = '{name}'",),
        *((f"delete from {table} where policy_id = '{name}'",) for table in ("policies", "policy_documents")),
        (f"delete from policy_events where policy_id = '{name}'",),
    ]


IN_WEEK_ONE = "timestamptz '2026-11-12 15:00:00Z'"
WITHDRAWN_IN_WEEK_ONE = [
    ("update documents set availability = 'withdrawn', withdrawn_at = timestamptz '2026-11-12 09:00:00Z' "
     "where document_id = 'doc:on-sunday'",),
    ("insert into document_versions by name (select 'us_federal_register' as source_id, 2 as version_no, "
     "'doc:on-sunday' as document_id, 'source' as change_origin, true as is_news, ['availability'] as changed_fields, "
     f"'withdrawn' as availability, {IN_WEEK_ONE} as first_seen_at)",),
]  # fmt: skip


def edited_in_week_one(*fields: dict[str, object]) -> tuple[Any, ...]:
    sql, *values = edit(list(fields))
    return (sql.replace("timestamptz '2026-11-17 15:00:00Z'", IN_WEEK_ONE), *values)


def in_one_breath(kind: str) -> tuple[Any, ...]:
    sql, *values = relation(kind, actor="no-ai")
    return (sql.replace(" as known_from)", " as known_from, 'Revoked and superseded.' as quote)"), *values)


DOCKET: dict[str, object] = {"field": "docket", "before": "A", "after": "B"}
BOTH = [relation("revokes", actor="no-ai"), relation("amends", actor="no-ai")]


@pytest.mark.parametrize(
    ("at_first", "read_later", "said"),
    [
        pytest.param([], BOTH, ["Revoked by no-ai, dated 11 Nov", "Amended by no-ai, dated 11 Nov"], id="two deeds"),
        pytest.param(
            [in_one_breath("revokes")],
            [in_one_breath("supersedes")],
            ["Superseded by no-ai, dated 11 Nov"],
            id="a deed more in the words of one that was told",
        ),
        pytest.param([], [event("suspended", "2026-11-11")], ["Suspended, dated 11 November"], id="an event"),
        pytest.param(
            publication("on-sunday"), WITHDRAWN_IN_WEEK_ONE, ["Withdrawn, dated 12 November"], id="a withdrawal"
        ),
        pytest.param([], [edited_in_week_one(DOCKET)], ["Changed at the source, namely Docket: A → B"], id="an edit"),
    ],
)
def test_a_change_that_is_read_only_after_its_issue__is_told_once_as_a_correction(
    base: Path, tmp_path: Path, at_first: list[tuple[Any, ...]], read_later: list[tuple[Any, ...]], said: list[str]
) -> None:
    later = [*at_first, *read_later]
    _, second, third = issue_pages(base, tmp_path, at_first, later, later)
    for one in said:
        assert f"The issue of week 2026-W46 did not tell this: {one}" in corrections(second)
    assert "It stands in what had been fetched by then and is read only now." in corrections(second)
    assert corrections(second).count("The issue of week") == len(said)
    assert not section(second, "What changed")
    assert not corrections(third)
    assert not section(third, "What changed")
    write_feeds(latest(tmp_path), tmp_path / "feeds", tmp_path / "digests", tmp_path / "editions")
    assert all(one in (tmp_path / "feeds" / "all.json").read_text(encoding="utf-8") for one in said)


def test_a_change_that_a_backfill_brought__is_history_also_in_later_issues(base: Path, tmp_path: Path) -> None:
    backfilled = (
        "update policy_relations set relation_date = date '2026-11-10', "
        "known_from = timestamptz '2026-11-25 15:00:00Z'",
    )
    deed = [relation("revokes", actor="no-ai"), backfilled]
    fourth = "2026-W49"
    issue_pages(base, tmp_path, [], [], deed)
    edition = latest_of(base, tmp_path, fourth)
    change(edition, deed)
    page = build_digest(edition, fourth, None, tmp_path / "digests").markdown.read_text(encoding="utf-8")
    assert not corrections(page)


def test_a_withdrawal_by_which_an_item_is_told_late__is_no_change_of_a_later_issue(base: Path, tmp_path: Path) -> None:
    sql, *values = edit([DOCKET])
    withdrawn = (sql.replace("'available' as availability", "'withdrawn' as availability"), *values)
    _, second, third = issue_pages(base, tmp_path, [(NO_AI,)], [withdrawn], [withdrawn])
    assert "Act in-time" in section(second, "What is new")
    assert not corrections(second)
    assert not corrections(third)


def test_an_edit_that_is_read_only_after_its_issue__is_told_once_with_what_it_moved(base: Path, tmp_path: Path) -> None:
    renamed = edited_in_week_one({"field": "title", "before": "Act in-time", "after": "Act in time"})
    title = ("update policies set title = 'Act in time' where policy_id = 'in-time'",)
    _, second, third = issue_pages(base, tmp_path, [], [renamed, title], [renamed, title])
    assert "Title: Act in-time → Act in time" in corrections(second)
    assert corrections(second).count("The issue of week") == 1
    assert not corrections(third)


@pytest.mark.parametrize("is_policy_first", [False, True])
def test_what_is_a_policy_in_one_edition_and_none_in_another__is_told_once_and_not_taken_back(
    base: Path, tmp_path: Path, *, is_policy_first: bool
) -> None:
    states: list[list[tuple[Any, ...]]] = [publication("in-time"), []]
    one, other = states[::-1] if is_policy_first else states
    pages = issue_pages(base, tmp_path, one, other, other)
    assert [("Act in-time" in section(page, "What is new")) for page in pages] == [True, False, False]
    assert not any("aken back" in corrections(page) for page in pages)
    assert corrections(pages[1]).count("The issue of week") == int(is_policy_first)
    assert not corrections(pages[2])


def test_a_publication_that_becomes_a_page_of_a_policy__is_one_with_it(base: Path, tmp_path: Path) -> None:
    joins = [
        *publication("on-sunday"),
        ("update documents set policy_id = 'second-week' where document_id = 'doc:on-sunday'",),
        ("insert into policy_documents by name (select 'second-week' as policy_id, 'doc:on-sunday' as document_id, "
         "'member' as role)",),
    ]  # fmt: skip
    first, second, third = issue_pages(base, tmp_path, publication("on-sunday"), joins, joins)
    assert "Act on-sunday" in section(first, "What is new")
    assert "Act second-week" in section(second, "What is new"), "what its page told first is not lost"
    assert "It is one policy with “Act second-week”." in corrections(second)
    assert corrections(second).count("The issue of week") == 1
    assert not corrections(third)


@pytest.mark.parametrize(
    ("mended", "said"),
    [
        ("update policies set track = 'funding' where policy_id = 'in-time'", "Track: Other policies → Funding"),
        (
            "update policies set jurisdiction = 'GB' where policy_id = 'in-time'",
            "Jurisdiction: United States → United Kingdom",
        ),
        ("update policies set url = 'https://y.gov/z' where policy_id = 'in-time'", "https://y.gov/z"),
        (
            "update documents set agency_names = ['Commerce Department'] where policy_id = 'in-time'",
            "Issuer: Patent Office → Commerce Department",
        ),
        ("update policies set instrument = 'guidance' where policy_id = 'in-time'", "Status: in force → published"),
    ],
)
def test_a_fact_of_a_line_that_is_read_otherwise__is_corrected_once(
    base: Path, tmp_path: Path, mended: str, said: str
) -> None:
    before = [
        ("update documents set agency_names = ['Patent Office'] where policy_id = 'in-time'",),
        event("effective", "2026-11-12", name="force"),
    ]
    after = [*before, (mended,)]
    first, second, third = issue_pages(base, tmp_path, before, after, after)
    assert "in force" in section(first, "What is new")
    assert said in corrections(second)
    assert corrections(second).count("The issue of week") == 1
    assert not corrections(third)


def test_a_status_that_something_changed__is_no_correction(base: Path, tmp_path: Path) -> None:
    force = event("effective", "2026-11-12", name="force")
    end = event("revoked", "2026-11-18", name="end")
    pages = issue_pages(base, tmp_path, [force], [force, end], [force, end])
    assert "Revoked" in section(pages[1], "What changed")
    assert not any(map(corrections, pages))


def test_an_end_that_is_known_beforehand__is_told_with_its_day_and_by_what(base: Path, tmp_path: Path) -> None:
    act = event("revoked", "2026-12-20", by="on-sunday", name="end")
    force = event("effective", "2026-11-12", name="force")
    moved = event("revoked", "2026-12-21", by="on-sunday", name="end")
    stated = ("update policy_events set document_id = 'doc:on-sunday' where event_id = 'end'",)
    first, second = issue_pages(base, tmp_path, [force, act, stated], [force, moved, stated])
    ends = section(first, "What stands").partition("### Ends known beforehand")[2]
    assert "is revoked by Act on-sunday" in ends
    assert "20 December" in ends
    assert "Revoked: 20 December → 21 December" in corrections(second)


def test_an_end_in_two_words__is_one_line(base: Path, tmp_path: Path) -> None:
    words = ("revoked", "superseded", "partly_revoked")
    ends = [event(word, "2026-12-20", by="on-sunday", name=f"{word} end") for word in words]
    stated = ("update policy_events set document_id = 'doc:on-sunday' where event_id like '% end'",)
    first, second = issue_pages(base, tmp_path, [*ends, stated], [*ends, stated])
    told = section(first, "What stands").partition("### Ends known beforehand")[2]
    assert "is revoked and superseded by Act on-sunday" in told
    assert told.count("20 December") == 1
    assert not corrections(second)


def test_an_end_that_a_second_word_joins__is_not_taken_back(base: Path, tmp_path: Path) -> None:
    one, two = (event(word, "2026-12-20", by="on-sunday", name=f"{word} end") for word in ("superseded", "revoked"))
    stated = ("update policy_events set document_id = 'doc:on-sunday' where event_id like '% end'",)
    first, second, third = issue_pages(base, tmp_path, [one, stated], [one, two, stated], [two, stated])
    assert "is superseded by Act on-sunday" in first
    assert "is revoked and superseded by Act on-sunday" in second
    assert not corrections(second)
    assert "superseded 20 December  \n  Now: taken back" in corrections(third)


def test_an_end_that_is_stated_later__is_not_known_beforehand(base: Path, tmp_path: Path) -> None:
    end = event("revoked", "2026-12-20", by="on-sunday", name="end")
    later = (
        "update documents set published_date = '2026-12-19' where document_id in (select document_id from "
        "policy_events where event_id like '%end')",
    )
    force = event("effective", "2026-11-12", name="force")
    first, _ = issue_pages(base, tmp_path, [force, end, later], [force])
    assert "Ends known beforehand" not in first


def test_a_feed__of_a_track_has_the_corrections_of_its_days_and_amounts(base: Path, tmp_path: Path) -> None:
    day, other = event("comment_closes", "2026-12-20"), event("comment_closes", "2026-12-10")
    issue_pages(base, tmp_path, [day], [other])
    edition = latest_of(base, tmp_path, WEEKS[2])
    also(edition, *other)
    write_feeds(edition, tmp_path / "feeds", tmp_path / "digests", tmp_path / "editions")
    for name in ("all", "other"):
        items = json.loads((tmp_path / "feeds" / f"{name}.json").read_text(encoding="utf-8"))["items"]
        [correction] = [item for item in items if item["title"] == "Correction: Act in-time"]
        assert correction["tags"] == ["Other policies", "Correction"]
