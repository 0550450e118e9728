"""The quality report: what it says of an audit, that hostile texts stay texts, that equal audits are equal bytes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
from lxml import html

from pipelines.home import Home
from pipelines.publish.audit import AuditToken, CheckOutcome
from pipelines.site.quality import KEPT, page_of, write_report

SCHEMA = Path(__file__).parents[2] / "pipelines" / "warehouse.sql"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\u202egnp.exe"
PASSED = CheckOutcome(
    check="edition_documents.title_present",
    tool="great_expectations",
    table="documents",
    severity="error",
    outcome="passed",
    sentence="Every document has a title.",
    what_to_do="Mend the parser.",
)
WARNED = PASSED.model_copy(update={"check": "dbt:types", "tool": "dbt", "severity": "warn", "outcome": "failed"})
FAILED = PASSED.model_copy(
    update={"check": "edition_documents.url_format", "outcome": "failed", "sample": ({"title": HOSTILE, "url": None},)}
)
BROKEN = PASSED.model_copy(update={"check": "edition_documents.body", "outcome": "broken"})


@pytest.fixture
def warehouse() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(SCHEMA.read_text(encoding="utf-8"))
    for number, (slug, is_good, not_asked) in enumerate(
        (("uk_govuk", True, None), ("uk_govuk", False, None), ("us_congress_gov", False, "no key"))
    ):
        connection.execute(
            """
            insert into raw.crawls by name select
                ? as crawl_id, 'r' as run_id, ? as source_id, date '2026-11-01' as since, date '2026-11-07' as until,
                timestamptz '2026-11-08 12:00:00Z' as started_at, timestamptz '2026-11-08 12:05:00Z' as ended_at,
                1 as planned, null as official_total, ? as found_total, 0 as gate_passed, 0 as gate_left_out,
                0 as rejected, ? as is_good, ? as faults, 'a.warc.gz' as archive_file, 1 as archive_bytes,
                'x' as archive_sha256, 'x' as landing_sha256, 'p/1' as parser_version, 'v' as vocabulary_sha256,
                ? as not_asked
            """,
            [f"c{number}", slug, 100 - 90 * number, is_good, [] if is_good else ["listing: HTTP 500"], not_asked],
        )
    return connection


def audit(
    home: Home, warehouse: duckdb.DuckDBPyConnection, *outcomes: CheckOutcome, day: int = 8, lost: Sequence[str] = ()
) -> dict[str, Any]:
    """Report an audit of the edition of a day; returns quality.json as it was written."""
    home.staged.mkdir(parents=True, exist_ok=True)
    about = {"as_of": f"2026-11-{day:02}T12:00:00Z", "is_sample": False, "tables": {"documents": {"rows": 7}}}
    (home.staged / "EDITION.json").write_text(json.dumps(about))
    expected = (*(outcome.check for outcome in outcomes), *lost)
    token = AuditToken(edition_id=f"202611{day:02}T120000Z-a", staged_sha256="", expected=expected, outcomes=outcomes)
    write_report(home, home.staged, token, warehouse)
    written: dict[str, Any] = json.loads((home.staged / "quality.json").read_bytes())
    return written


def page(home: Home) -> html.HtmlElement:
    return html.fromstring((home.staged / "quality.html").read_bytes())


def test_a_passed_audit__says_so(tmp_path: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    report = audit(Home(tmp_path), warehouse, PASSED, WARNED)
    assert report["summary"]["verdict"] == "passed"
    assert report["summary"]["counts"] == {"passed": 1, "warned": 1, "failed": 0, "not_run": 0}
    said = page(Home(tmp_path))
    assert said.xpath("string(//h1)") == "The edition passed its audit"
    assert [node.text_content() for node in said.xpath("//article/span")] == ["warning"]


def test_a_refused_audit__puts_what_stops_it_first_with_rows_and_what_to_do(
    tmp_path: Path, warehouse: duckdb.DuckDBPyConnection
) -> None:
    report = audit(Home(tmp_path), warehouse, PASSED, WARNED, FAILED, BROKEN, lost=["edition_x.lost"])
    assert report["summary"]["verdict"] == "refused"
    assert report["summary"]["counts"] == {"passed": 1, "warned": 1, "failed": 1, "not_run": 2}
    said = page(Home(tmp_path))
    assert said.xpath("string(//h1)") == "The edition was refused"
    assert [node.text_content() for node in said.xpath("//article/span")] == ["did not run", "failed", "warning"]
    assert all("Mend the parser." in todo.text_content() for todo in said.xpath("//p[@class='todo']"))
    assert "edition_x.lost: expected a result, got none" in said.xpath("string(//main)")


def test_hostile_texts__stay_texts(tmp_path: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    audit(Home(tmp_path), warehouse, FAILED)
    said = page(Home(tmp_path))
    assert said.xpath("//script") == said.xpath("//img") == []
    assert not [name for node in said.iter() for name in node.attrib if name.startswith("on")]
    cells = [cell.text_content() for cell in said.xpath("//table[@class='sample']//td")]
    assert cells == ["<script>alert(1)</script><img src=x onerror=alert(2)>[U+202E]gnp.exe", "null"]


def test_the_page__loads_nothing(tmp_path: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    audit(Home(tmp_path), warehouse, PASSED)
    said = page(Home(tmp_path))
    addresses = {address for address in said.xpath("//@href | //@src") if not address.startswith("#")}
    assert addresses == {"data:,", "quality.json"}
    assert "url(" not in said.xpath("string(//style)")
    assert "@import" not in said.xpath("string(//style)")


def test_sources__are_told_as_their_last_crawl_ended(tmp_path: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    govuk, congress = audit(Home(tmp_path), warehouse, PASSED)["sources"]
    assert (govuk["ended"], govuk["why"], govuk["found_before"]) == ("withheld", "listing: HTTP 500", [100, 10])
    assert (congress["ended"], congress["why"]) == ("not asked", "no key")


def test_the_same_audit_again__is_the_same_bytes(tmp_path: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    home = Home(tmp_path)
    audit(home, warehouse, PASSED, day=7)
    audit(home, warehouse, FAILED, day=8)
    first = {path.name: path.read_bytes() for path in home.staged.iterdir()}
    audit(home, warehouse, FAILED, day=8)
    assert {path.name: path.read_bytes() for path in home.staged.iterdir()} == first
    assert page_of(home, "20261108T120000Z-a").read_bytes() == first["quality.html"]


def test_the_trend__is_of_earlier_editions_and_this_one(tmp_path: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    home = Home(tmp_path)
    for day in (7, 9, 8):
        report = audit(home, warehouse, FAILED if day == 7 else PASSED, day=day)
    assert [one["edition_id"] for one in report["history"]] == ["20261107T120000Z-a", "20261108T120000Z-a"]
    assert "2026-11-07: 1 that stop the edition, 0 warnings; 2026-11-08: 0" in page(home).xpath("string(//desc)")


def test_a_report_that_cannot_be_read__is_no_part_of_the_trend(
    tmp_path: Path, warehouse: duckdb.DuckDBPyConnection
) -> None:
    home = Home(tmp_path)
    audit(home, warehouse, PASSED, day=7)
    (home.audits / "20261107T120000Z-a.json").write_text("{")
    assert len(audit(home, warehouse, PASSED, day=8)["history"]) == 1


def test_old_reports__are_let_go(tmp_path: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    home = Home(tmp_path)
    home.audits.mkdir()
    for number in range(KEPT + 3):
        for form in ("json", "html"):
            (home.audits / f"20250101T0000{number:02}Z-a.{form}").write_text("{}")
    audit(home, warehouse, PASSED)
    assert len(list(home.audits.glob("*.json"))) == len(list(home.audits.glob("*.html"))) == KEPT
    assert page_of(home, "20261108T120000Z-a").exists()
