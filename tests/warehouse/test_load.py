"""Loading landing files: idempotent, versions by content, bad crawls withheld, nothing lost."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from pydantic import ValidationError

from pipelines.home import Home, StateRefused
from pipelines.load import LoadResult, load
from pipelines.publish.stage import fingerprint
from pipelines.warehouse import open_warehouse
from scrapers.contracts import Availability, Depth, PolicyDocument, ReadFrom, RejectedRecord, StatedAmount
from scrapers.durable import file_sha256
from tests.crawl_fixture import SLUG, document, land


def _load(home: Path) -> LoadResult:
    with open_warehouse(Home(home)) as connection:
        return load(Home(home), connection)


def _rows(home: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(Home(home).warehouse), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_the_same_landing_twice__changes_nothing(tmp_path: Path) -> None:
    land(tmp_path, [document()])
    assert _load(tmp_path).new_versions == 1
    assert _load(tmp_path) == LoadResult(0, 0, 0, 0, 0)


def test_same_content_in_a_later_crawl__moves_last_seen_only(tmp_path: Path) -> None:
    land(tmp_path, [document()])
    land(tmp_path, [document()], hours=5)
    result = _load(tmp_path)
    assert (result.crawls, result.new_versions, result.new_parses) == (2, 1, 1)
    ((first, last),) = _rows(tmp_path, "select first_seen_at, last_seen_at from raw.document_sightings")
    assert (last - first).total_seconds() == 5 * 3600  # type: ignore[operator]


def test_changed_and_changed_back__gives_three_versions(tmp_path: Path) -> None:
    for hours, title in enumerate(("A rule", "A rule, amended", "A rule")):
        land(tmp_path, [document(title=title)], hours=hours)
    _load(tmp_path)
    titles = _rows(tmp_path, "select version_no, title from raw.document_parses order by version_no")
    assert titles == [(1, "A rule"), (2, "A rule, amended"), (3, "A rule")]


def test_an_older_observation_loaded_late__cannot_overrule_the_latest(tmp_path: Path) -> None:
    land(tmp_path, [document(title="new")], hours=9)
    _load(tmp_path)
    land(tmp_path, [document(title="old")], hours=1)
    assert _load(tmp_path).new_versions == 0
    assert _rows(tmp_path, "select title from raw.document_parses") == [("new",)]


def test_a_bad_crawl__brings_its_account_and_no_documents(tmp_path: Path) -> None:
    land(tmp_path, [document()])
    land(tmp_path, [document(title="half read")], hours=1, is_good=False)
    _load(tmp_path)
    assert _rows(tmp_path, "select title from raw.document_parses") == [("A rule",)]
    assert _rows(tmp_path, "select is_good, faults from raw.crawls order by crawl_id") == [
        (True, []),
        (False, ["listing: HTTP 500"]),
    ]


def test_a_new_parser__adds_a_parse_and_no_version(tmp_path: Path) -> None:
    land(tmp_path, [document()])
    _load(tmp_path)
    reread = document().model_copy(update={"title": "A rule, read better", "parser_version": "us_federal_register/2"})
    land(tmp_path, [reread])
    result = _load(tmp_path)
    assert (result.new_versions, result.new_parses) == (0, 1)
    assert _rows(tmp_path, "select parser_version from raw.document_parses order by 1") == [
        ("us_federal_register/1",),
        ("us_federal_register/2",),
    ]


def test_what_a_new_parser_hashes_differently__is_the_parsers_doing(tmp_path: Path) -> None:
    land(tmp_path, [document()])
    for hours, title in enumerate(("A rule, read better", "A rule, amended"), start=1):
        land(
            tmp_path,
            [document(title=title).model_copy(update={"parser_version": "us_federal_register/2"})],
            hours=hours,
        )
    _load(tmp_path)
    origins = _rows(tmp_path, "select change_origin from raw.document_versions order by version_no")
    assert origins == [("source",), ("parser",), ("source",)]


def test_what_the_tenth_parser_finds_changed__is_the_sources_doing(tmp_path: Path) -> None:
    for number, (parser, title) in enumerate(((9, "A rule"), (10, "A rule"), (10, "A rule, amended"))):
        read = document(title=title).model_copy(update={"parser_version": f"us_federal_register/{parser}"})
        land(tmp_path, [read], hours=number)
    _load(tmp_path)
    origins = _rows(tmp_path, "select change_origin from raw.document_versions order by version_no")
    assert origins == [("source",), ("source",)]


def test_deeper_fetching__is_a_change_of_vocabulary_not_news(tmp_path: Path) -> None:
    land(tmp_path, [document(depth=Depth.LISTING)])
    land(tmp_path, [document(depth=Depth.FULL, body="the text")], hours=1)
    _load(tmp_path)
    origins = _rows(tmp_path, "select change_origin from raw.document_versions order by version_no")
    assert origins == [("source",), ("vocabulary",)]


def test_asked_less_deeply__is_no_version_and_leaves_what_was_read(tmp_path: Path) -> None:
    land(tmp_path, [document(depth=Depth.FULL, body="the text")])
    shallow = document(depth=Depth.LISTING, title="A Rule.").model_copy(
        update={"parser_version": "us_federal_register/2"}
    )
    land(tmp_path, [document(depth=Depth.LISTING, title="A Rule.")], hours=1)
    land(tmp_path, [shallow], hours=2)
    _load(tmp_path)
    assert _rows(tmp_path, "select version_no, depth, body from raw.document_parses") == [(1, "full", "the text")]
    ((first, last),) = _rows(tmp_path, "select first_seen_at, last_seen_at from raw.document_sightings")
    assert (last - first).total_seconds() == 2 * 3600  # type: ignore[operator]


@pytest.mark.parametrize(("before", "after"), [(Depth.FULL, Depth.LISTING), (Depth.LISTING, Depth.FULL)])
@pytest.mark.parametrize(
    "change", [{"title": "A rule, amended"}, {"effective_date": date(2026, 1, 1)}, {"availability": Availability.GONE}]
)
def test_a_change_beside_one_of_depth__is_one_of_the_source(
    tmp_path: Path, before: Depth, after: Depth, change: dict[str, object]
) -> None:
    land(tmp_path, [document(depth=before, effective_date=date(2025, 1, 1))])
    land(tmp_path, [document(**{"depth": after, "effective_date": date(2025, 1, 1), **change})], hours=1)
    _load(tmp_path)
    origins = _rows(tmp_path, "select change_origin from raw.document_versions order by version_no")
    assert origins == [("source",), ("source",)]


def test_a_line_of_a_list__does_not_bring_a_withdrawn_page_back(tmp_path: Path) -> None:
    land(tmp_path, [document(availability=Availability.WITHDRAWN)])
    land(tmp_path, [document(depth=Depth.LISTING)], hours=1)
    assert _load(tmp_path).new_versions == 1


def test_two_sightings_in_one_crawl__the_full_one_leads(tmp_path: Path) -> None:
    land(tmp_path, [document(depth=Depth.LISTING), document(depth=Depth.FULL, body="the text")])
    assert _load(tmp_path).new_versions == 1
    assert _rows(tmp_path, "select depth, body from raw.document_parses") == [("full", "the text")]


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (document(day=None), "NoPublicationDate"),
        (document(day=date(2099, 1, 1)), "TooFarAhead"),
        (document(title=None), "NoTitle"),
    ],
)
def test_a_document_that_cannot_be_accepted__is_quarantined_with_its_text(
    tmp_path: Path, bad: PolicyDocument, error: str
) -> None:
    land(tmp_path, [document(number="2024-00001"), bad])
    assert _load(tmp_path).quarantined == 1
    ((got, raw),) = _rows(tmp_path, "select error, raw_text from raw.quarantine")
    assert got == error
    assert bad.native_id in str(raw)
    assert _rows(tmp_path, "select native_id from raw.document_parses") == [("2024-00001",)]


def test_a_rejected_record__is_quarantined_once_however_often_it_is_met(tmp_path: Path) -> None:
    rejected = RejectedRecord(source_id=SLUG, where="/results/3", error="UnknownShape", message="no number", raw="{}")
    land(tmp_path, [document()], rejected=[rejected])
    _load(tmp_path)
    assert _rows(tmp_path, "select where_in_answer, error, raw_text from raw.quarantine") == [
        ("/results/3", "UnknownShape", "{}")
    ]


def test_a_field_that_could_not_be_read__is_quarantined_beside_its_document(tmp_path: Path) -> None:
    field = RejectedRecord(
        source_id=SLUG, where="/results/0/effective_on", error="UnreadableField", message="expected a day",
        raw="0000-00-00", is_whole_record=False,
    )  # fmt: skip
    land(tmp_path, [document(text_flags=("unread:effective_on",))], rejected=[field])
    assert _load(tmp_path).quarantined == 1
    assert _rows(tmp_path, "select where_in_answer, error, raw_text from raw.quarantine") == [
        ("/results/0/effective_on", "UnreadableField", "0000-00-00")
    ]
    assert _rows(tmp_path, "select text_flags from raw.document_parses") == [(["unread:effective_on"],)]


NUMBER = "2026-04020"
PUBLISHED_ID = f"fr:{NUMBER}:2026-10-12"


def _filing(number: str = NUMBER, **fields: object) -> PolicyDocument:
    return document(
        number, None, document_id=f"fr:{number}", availability=Availability.FILED,
        filed_at=datetime(2026, 10, 8, 12, 45, tzinfo=UTC), **fields,
    )  # fmt: skip


def _published(number: str = NUMBER, **fields: object) -> PolicyDocument:
    return document(number, date(2026, 10, 12), **fields)


def _versions(home: Path) -> list[tuple[object, ...]]:
    return _rows(
        home,
        """
        select document_id, version_no, change_origin, availability, strftime(filed_at, '%d %H:%M')
        from raw.document_versions inner join raw.document_parses using (source_id, document_id, version_no)
        order by document_id, version_no, parser_version
        """,
    )


def test_a_filing__needs_no_day_and_is_no_day_of_the_source(tmp_path: Path) -> None:
    land(tmp_path, [_filing()])
    result = _load(tmp_path)
    assert (result.new_documents, result.quarantined) == (1, 0)
    assert _versions(tmp_path) == [(f"fr:{NUMBER}", 1, "source", "filed", "08 12:45")]


def test_a_filing_that_is_published__is_one_document_with_a_later_version(tmp_path: Path) -> None:
    land(tmp_path, [_filing(), _filing("2026-04021")])
    _load(tmp_path)
    with open_warehouse(Home(tmp_path)) as connection:
        connection.execute(
            """
            insert into enriched.relevance
            select 'us_federal_register', 'fr:2026-04020', 1, 'relevance/1', 'v', 2, 'title', [], null, null, null
            """
        )
    land(tmp_path, [_published()], hours=70)
    result = _load(tmp_path)
    assert (result.new_documents, result.new_versions) == (0, 1)
    assert _versions(tmp_path) == [
        (PUBLISHED_ID, 1, "source", "filed", "08 12:45"),
        (PUBLISHED_ID, 2, "source", "available", None),
        ("fr:2026-04021", 1, "source", "filed", "08 12:45"),
    ]
    assert _rows(tmp_path, "select document_id from raw.document_sightings order by 1") == [
        (PUBLISHED_ID,), ("fr:2026-04021",)
    ]  # fmt: skip
    assert _rows(tmp_path, "select document_id, version_no from enriched.relevance") == [(PUBLISHED_ID, 1)]


def test_a_filing_still_listed_when_published__is_no_news(tmp_path: Path) -> None:
    land(tmp_path, [_filing()])
    land(tmp_path, [_filing(), _published()], hours=1)
    land(tmp_path, [_filing(title="As filed again")], hours=2)
    _load(tmp_path)
    assert [row[:4] for row in _versions(tmp_path)] == [
        (PUBLISHED_ID, 1, "source", "filed"), (PUBLISHED_ID, 2, "source", "available")
    ]  # fmt: skip
    assert _load(tmp_path) == LoadResult(0, 0, 0, 0, 0)


def test_a_filing_read_by_a_new_parser_once_it_is_published__keeps_its_version(tmp_path: Path) -> None:
    land(tmp_path, [_filing()])
    land(tmp_path, [_published()], hours=70)
    _load(tmp_path)
    land(tmp_path, [_filing(title="Read better", parser_version="us_federal_register/2")])
    result = _load(tmp_path)
    assert (result.new_versions, result.new_parses) == (0, 1)
    titles = _rows(tmp_path, "select version_no, title from raw.document_parses order by version_no, parser_version")
    assert titles == [(1, "A rule"), (1, "Read better"), (2, "A rule")]


def test_a_filing_withdrawn_before_its_publication__says_so_and_may_be_filed_again(tmp_path: Path) -> None:
    withdrawn = _filing().model_copy(
        update={"availability": Availability.WITHDRAWN, "filed_at": None, "content_sha256": "a" * 64}
    )
    land(tmp_path, [_filing()])
    land(tmp_path, [withdrawn], hours=1)
    land(tmp_path, [_filing()], hours=2)
    _load(tmp_path)
    assert [row[3] for row in _versions(tmp_path)] == ["filed", "withdrawn", "filed"]


def test_a_crawl_that_is_not_good__publishes_no_filing(tmp_path: Path) -> None:
    land(tmp_path, [_filing()])
    land(tmp_path, [_published()], hours=70, is_good=False)
    _load(tmp_path)
    assert _versions(tmp_path) == [(f"fr:{NUMBER}", 1, "source", "filed", "08 12:45")]


def test_every_contract_field__reaches_the_raw_table() -> None:
    with duckdb.connect() as connection:
        connection.execute((Path(__file__).parents[2] / "pipelines" / "warehouse.sql").read_text())
        columns = {
            row[0] for row in connection.execute("select column_name from (describe raw.document_parses)").fetchall()
        }
    assert columns == {*PolicyDocument.model_fields, "version_no", "read_from"} - {"content_sha256"}


def test_what_another_answer_holds__is_kept_beside_what_was_read(tmp_path: Path) -> None:
    fetch_id = land(tmp_path, [document()]).fetches[0].fetch_id
    land(tmp_path, [document()], read_from=(ReadFrom(field="title", fetch_id=fetch_id),))
    _load(tmp_path)
    found = _rows(tmp_path, "select unnest(read_from, recursive := true) from raw.document_parses")
    assert found == [("title", None, None, fetch_id)]


def test_a_field_read_from_an_unknown_fetch__withholds_its_crawl(tmp_path: Path) -> None:
    land(tmp_path, [document()], read_from=(ReadFrom(field="title", fetch_id="crawl-9-000001"),))
    assert "got 1 of others, first crawl-9-000001" in _load(tmp_path).withheld[0]
    assert _rows(tmp_path, "select * from raw.document_parses") == []


def test_a_cut_landing_file__withholds_its_crawl_and_loads_once_restored(tmp_path: Path) -> None:
    ledger = land(tmp_path, [document()])
    land(tmp_path, [document(number="2024-00002")], hours=1)
    path = tmp_path / "landing" / SLUG / ledger.landing.name
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    result = _load(tmp_path)
    assert result.new_documents == 1
    (withheld,) = result.withheld
    assert withheld.startswith(f"{SLUG} {ledger.crawl_id}: could not be loaded: DamagedLanding")
    ((faults,),) = _rows(tmp_path, "select faults from raw.crawls where not is_good")
    assert "replay" in str(faults)
    path.write_bytes(whole)
    assert _load(tmp_path).new_documents == 1
    assert _rows(tmp_path, "select count(*) from raw.crawls where is_good") == [(2,)]


def test_a_record_of_a_fetch_that_no_manifest_knows__withholds_its_crawl(tmp_path: Path) -> None:
    ledger = land(tmp_path, [document()])
    path = tmp_path / "landing" / SLUG / ledger.landing.name
    path.write_bytes(path.read_bytes().replace(b'-000001"', b'-000000"'))
    seal = ledger.landing.model_copy(update={"sha256": file_sha256(path)})
    manifest = path.with_name(f"{ledger.crawl_id}.manifest.json")
    manifest.write_text(ledger.model_copy(update={"landing": seal}).model_dump_json())
    assert _load(tmp_path).new_documents == 0
    (((fault,), is_good),) = _rows(tmp_path, "select faults, is_good from raw.crawls")  # type: ignore[misc]
    assert not is_good
    assert f"got 1 of others, first {ledger.crawl_id}-000000" in str(fault)


def test_content_that_no_column_takes__withholds_its_crawl_and_not_the_others(tmp_path: Path) -> None:
    ledger = land(tmp_path, [document()])
    path = tmp_path / "landing" / SLUG / ledger.landing.name
    spoiled = path.read_bytes().replace(b'"published_date":"2024-01-29"', b'"published_date":"2024-99-99"')
    path.write_bytes(spoiled)
    seal = ledger.landing.model_copy(update={"bytes": len(spoiled), "sha256": file_sha256(path)})
    manifest = path.with_name(f"{ledger.crawl_id}.manifest.json")
    manifest.write_text(ledger.model_copy(update={"landing": seal}).model_dump_json())
    land(tmp_path, [document(number="2024-00002")], hours=1)
    assert _load(tmp_path).new_documents == 1
    ((faults,),) = _rows(tmp_path, "select faults from raw.crawls where not is_good")
    assert "could not be loaded" in str(faults)
    assert _load(tmp_path).crawls == 0


def test_a_full_disk__is_no_fault_of_the_crawl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    land(tmp_path, [document()])

    def full(*_: object) -> None:
        raise duckdb.IOException("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("pipelines.load._write_sightings", full)
        with pytest.raises(StateRefused, match=r"No space left on device; where a disk is full make room"):
            _load(tmp_path)
    again = _load(tmp_path)
    assert (again.crawls, again.new_documents, again.withheld) == (1, 1, ())


@pytest.mark.parametrize("number", ["9" * 40, "1.234", "NaN", "Infinity"])
def test_an_amount_that_no_column_takes__is_no_amount(number: str) -> None:
    with pytest.raises(ValidationError):
        StatedAmount(kind="available", low=Decimal(number), raw=number, field="estimatedFunding")


@pytest.mark.parametrize(
    ("dates", "is_history"),
    [
        ({"signed_date": date(2020, 11, 17)}, True),
        ({"effective_date": date(2023, 1, 1)}, True),
        ({"signed_date": date(2026, 10, 8)}, False),
        ({"effective_date": date(2027, 1, 1)}, False),
        ({}, True),
    ],
    ids=["signed long ago", "effective long ago", "signed yesterday", "effective later", "without any day"],
)
def test_a_source_seen_for_the_first_time__brings_history_where_its_days_are_old_or_none(
    tmp_path: Path, dates: dict[str, date], is_history: bool
) -> None:
    undated = document(day=None, availability=Availability.FILED, **dates)
    land(tmp_path, [undated])
    _load(tmp_path)
    assert _rows(tmp_path, "select is_history from raw.document_versions") == [(is_history,)]


def test_a_document_without_a_day__is_news_of_a_source_that_was_looked_at_before(tmp_path: Path) -> None:
    land(tmp_path, [document()])
    land(tmp_path, [document(number="2026-00009", day=None, availability=Availability.FILED)], hours=5, run_id="later")
    _load(tmp_path)
    assert _rows(tmp_path, "select is_history from raw.document_versions order by first_seen_at") == [(True,), (False,)]


@pytest.mark.parametrize(
    ("blind", "day", "is_history"),
    [
        ([(10, 16), (17, 23)], date(2026, 10, 11), False),
        ([], date(2026, 10, 11), True),
        ([(10, 16)], date(2026, 10, 9), True),
        ([(10, 23)], date(2026, 7, 1), True),
    ],
    ids=["dated in a gap", "nobody was kept from looking", "too long ago for the gap", "before what is waited for"],
)
def test_days_on_which_its_source_was_blind__make_no_history_of_a_document(
    tmp_path: Path, blind: list[tuple[int, int]], day: date, is_history: bool
) -> None:
    land(tmp_path, [document()])
    for first, last in blind:
        window = {"since": date(2026, 10, first), "until": date(2026, 10, last)}
        land(tmp_path, [], hours=24 * (last - 9), is_good=False, run_id=f"blind {last}", **window)
    window = {"since": date(2026, 10, 10), "until": date(2026, 11, 1)}
    land(tmp_path, [document(number="2026-00009", day=day)], hours=24 * 23, run_id="late", **window)
    _load(tmp_path)
    late = "select is_history from raw.document_versions where document_id like '%2026-00009%'"
    assert _rows(tmp_path, late) == [(is_history,)]


def _inputs(home: Path) -> str:
    _load(home)
    with open_warehouse(Home(home)) as connection:
        return fingerprint(connection, "code")


def test_a_crawl_without_news__leaves_the_inputs_of_an_edition_as_they_were(tmp_path: Path) -> None:
    land(tmp_path, [document()])
    before = _inputs(tmp_path)
    land(tmp_path, [document()], hours=5)
    assert _inputs(tmp_path) == before


def test_the_same_answer_read_otherwise__is_another_input(tmp_path: Path) -> None:
    land(tmp_path / "before", [document()])
    land(tmp_path / "after", [document(action="Left out before.", content_sha256=document().content_sha256)])
    assert _inputs(tmp_path / "before") != _inputs(tmp_path / "after")
