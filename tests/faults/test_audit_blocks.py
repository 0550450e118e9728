"""Whatever is wrong with an audit stops the edition: in the run, when publishing alone afterwards, and by the command.

All through Dagster, over real tables. Every test ends the same way: the last edition is there byte for byte.
"""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.warehouse import connect
from quality import suites
from tests.e2e import world
from tests.faults.in_process import built, execute, failure_of, failures, red_checks
from tests.faults.verdict import Verdict

pytestmark = [pytest.mark.slow, pytest.mark.faults]

FROM_STAGED = ("edition/staged", "edition/published", "verdict")


def warehouse(home: Path) -> Path:
    return home / "warehouse" / "warehouse.duckdb"


def change(home: Path, *statements: str) -> None:
    """Change the warehouse as no step of ours would."""
    connection = connect(warehouse(home), read_only=False)
    try:
        for statement in statements:
            connection.execute(statement)
    finally:
        connection.close()


NEWS = """
    insert into raw.quarantine (quarantine_id, source_id, crawl_id, fetch_id, where_in_answer, error, message, raw_text,
        quarantined_at)
    select 'one-more', source_id, crawl_id, fetch_id, '/results/0', 'UnknownShape', 'expected a title, got none', '{}',
        ended_at
    from raw.fetches order by fetch_id limit 1
"""


@pytest.fixture(scope="module")
def news(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A state folder whose marts hold more than its edition: built by dbt, not yet staged or audited."""
    home = world.copy_home(published, tmp_path_factory.mktemp("news") / "home")
    change(home, NEWS)
    result = execute(home, *transform_assets())
    assert result.success, failures(result)
    yield home
    shutil.rmtree(home)


def transform_assets() -> list[str]:
    from pipelines.assets.transform import transform

    return sorted(key.to_user_string() for key in transform.keys)


@pytest.fixture
def waiting(news: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of it that a test may damage."""
    home = world.copy_home(news, tmp_path / "home")
    yield home
    shutil.rmtree(home)


def assert_refused_for_good(home: Path, published: Path, why: str) -> None:
    """Publishing alone is refused too, in Dagster and by the command, and readers see what they saw."""
    alone = execute(home, "edition/published")
    assert not alone.success
    assert why in failure_of(alone, "edition__published")
    command = world.aipolicy("--home", str(home), "publish")
    assert command.returncode == 1, world.said(command)
    assert why in command.stderr, world.said(command)
    assert world.edition_files(home) == world.edition_files(published)


def bad_editions(home: Path, published: Path) -> int:
    """Editions that readers see beside those that were good."""
    return len(world.edition_files(home).items() - world.edition_files(published).items())


def test_what_waits_is_good(waiting: Path, published: Path) -> None:
    """Without this, the refusals below would prove nothing."""
    result = execute(waiting, *FROM_STAGED)
    assert result.success, failures(result)
    assert set(FROM_STAGED) <= built(result)
    assert world.about(waiting)["edition_id"] != world.about(published)["edition_id"]


@pytest.mark.fault("O6")
def test_a_failed_expectation(waiting: Path, published: Path, verdict: Verdict) -> None:
    change(waiting, "update marts.documents set title = 'a' || chr(7) where document_id like 'fr:2024-01580:%'")
    result = execute(waiting, *FROM_STAGED)
    assert not result.success
    assert any("documents" in name and "title" in name for name in red_checks(result)), red_checks(result)
    assert not {"edition/published", "verdict"} & built(result)
    assert_refused_for_good(waiting, published, "did not pass")
    verdict.publish_blocked(bad_editions(waiting, published))


def test_a_failed_expectation_on_a_raw_table(waiting: Path, published: Path) -> None:
    """A red check of a raw table does not block in Dagster, since marts stand between; its token must."""
    change(waiting, "update raw.fetches set method = 'DELETE' where seq = 1")
    result = execute(waiting, *FROM_STAGED)
    assert not result.success
    assert not red_checks(result), "only the checks of selected assets are shown"
    assert "raw_fetches." in failure_of(result, "edition__published")
    assert_refused_for_good(waiting, published, "did not pass")


def test_a_parse_that_was_changed_behind_the_marts(waiting: Path, published: Path) -> None:
    """Marts that were built from other rows than the warehouse holds are not staged."""
    change(waiting, "update raw.document_parses set title = 'Another' where document_id like 'fr:2024-01580:%'")
    result = execute(waiting, *FROM_STAGED)
    assert not result.success
    assert "run the transform first" in failure_of(result, "edition__staged")
    assert world.edition_files(waiting) == world.edition_files(published)


def test_the_raw_border_alone(news: Path) -> None:
    """Loading alone brings the raw tables' checks with it, which need nothing staged and leave no token."""
    from pipelines.assets.warehouse import RAW_TABLES

    result = execute(news, *(f"raw/{table}" for table in RAW_TABLES))
    assert result.success, failures(result)
    shown = {evaluation.asset_key.to_user_string() for evaluation in result.get_asset_check_evaluations()}
    assert {"raw/fetches", "raw/document_parses", "raw/quarantine"} <= shown
    assert not red_checks(result)
    assert not (news / "staged").exists()


@pytest.mark.fault("O8")
def test_a_crashed_check(waiting: Path, published: Path, monkeypatch: pytest.MonkeyPatch, verdict: Verdict) -> None:
    *others, chosen = sorted(suites.SUITES, key=lambda suite: suite.border == "edition")
    broken = dataclasses.replace(chosen, query="select * from no_such_table")
    monkeypatch.setattr("quality.suites.SUITES", (*others, broken))
    result = execute(waiting, *FROM_STAGED)
    assert not result.success
    assert any("did not run" in why or "query failed" in why for why in red_checks(result).values())
    monkeypatch.undo()
    assert_refused_for_good(waiting, published, "broken")
    verdict.publish_blocked(bad_editions(waiting, published))


@pytest.mark.fault("O8")
def test_a_skipped_check(waiting: Path, published: Path, monkeypatch: pytest.MonkeyPatch, verdict: Verdict) -> None:
    """One suite is left out of the audit: everything that ran passed, and that is not enough."""
    real = suites.suites_at
    left_out = real("edition")[0].name
    monkeypatch.setattr(
        "quality.runner.suites_at", lambda border: tuple(suite for suite in real(border) if suite.name != left_out)
    )
    result = execute(waiting, *FROM_STAGED)
    assert not result.success
    assert any("got none" in why for why in red_checks(result).values())
    monkeypatch.undo()
    assert_refused_for_good(waiting, published, f"{left_out}.")
    verdict.publish_blocked(bad_editions(waiting, published))


@pytest.mark.fault("O8")
@pytest.mark.parametrize(
    ("table", "check"), [("documents", "documents.rows_present"), ("policies", "documents.policy_is_held")]
)
def test_a_check_that_would_see_nothing(
    waiting: Path, published: Path, table: str, check: str, verdict: Verdict
) -> None:
    """A table was emptied after dbt had tested it: every check of its values passes over nothing."""
    change(waiting, f"delete from marts.{table}")
    result = execute(waiting, *FROM_STAGED)
    assert not result.success
    assert any(check.replace(".", "__") in name for name in red_checks(result)), red_checks(result)
    assert not {"edition/published", "verdict"} & built(result)
    assert_refused_for_good(waiting, published, "did not pass")
    verdict.publish_blocked(bad_editions(waiting, published))


def test_a_blackout_over_an_edition_that_is_up_to_date(home: Path, published: Path) -> None:
    """Nothing new was read since nothing could be: the edition stays, the run is red, and the gap is told."""
    change(home, "update raw.crawls set is_good = false, faults = ['down']")
    result = execute(home, *FROM_STAGED)
    assert not result.success
    assert any("bounds" in name for name in red_checks(result)), red_checks(result)
    assert not {"edition/published", "verdict"} & built(result)
    assert world.edition_files(home) == world.edition_files(published)
    coverage = "select distinct outcome from read_parquet(?) where crawl_id is not null"
    told = world.from_warehouse(home, coverage, str(home / "bookkeeping" / "source_coverage.parquet"))
    assert told == [("could_not_look",)]


@pytest.mark.fault("O7")
def test_an_audit_left_out_of_the_run(waiting: Path, published: Path, verdict: Verdict) -> None:
    staged = execute(waiting, "edition/staged", checks=False)
    assert staged.success, failures(staged)
    assert not red_checks(staged)
    assert_refused_for_good(waiting, published, "AUDIT.json is missing; run: aipolicy run")
    verdict.publish_blocked(bad_editions(waiting, published))


@pytest.mark.fault("O7")
def test_a_token_of_other_bytes(waiting: Path, published: Path, verdict: Verdict) -> None:
    """The audit passed, then the staged edition was changed."""
    result = execute(waiting, "edition/staged")
    assert result.success, failures(result)
    with (waiting / "staged" / "parquet" / "documents.parquet").open("r+b") as file:
        file.seek(100)
        byte = file.read(1)
        file.seek(100)
        file.write(bytes([byte[0] ^ 1]))
    assert_refused_for_good(waiting, published, "other bytes")
    verdict.publish_blocked(bad_editions(waiting, published))


@pytest.mark.fault("O6")
def test_a_failed_dbt_test(home: Path, published: Path, verdict: Verdict) -> None:
    """Two parses of one version contradict each other in what may not be null or unknown."""
    change(
        home,
        "update raw.document_parses set availability = 'lost' where document_id like 'fr:2024-01580:%'",
        "insert into raw.document_parses by name select * replace ('us_federal_register/0' as parser_version) "
        "from raw.document_parses where document_id like 'fr:2024-01580:%'",
    )
    result = execute(home, *transform_assets(), *FROM_STAGED)
    assert not result.success
    assert "transform" in failures(result)
    assert any("availability" in name for name in red_checks(result)), red_checks(result)
    assert not set(FROM_STAGED) & built(result)
    staged_alone = execute(home, "edition/staged")
    assert not staged_alone.success
    assert "run the transform first" in failure_of(staged_alone, "edition__staged")
    assert_refused_for_good(home, published, "nothing is staged")
    verdict.publish_blocked(bad_editions(home, published))
