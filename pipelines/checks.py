"""Asset checks that are ours: the archive is whole; the audit of the staged edition.

The audit joins Great Expectations, dbt and bounds.

dbt's own tests become asset checks with the transform. The audit writes the token that publishing demands; a check that
crashed or did not run is a failed check.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg
import duckdb

from pipelines.accounts import read_archive
from pipelines.archive_readings import read_readings
from pipelines.assets.publish import STAGED
from pipelines.assets.transform import input_fingerprint
from pipelines.check_results import check_result, rows_of, sentences
from pipelines.home import Home
from pipelines.lake import lake_of
from pipelines.publish.audit import (
    BOUNDS_CHECK,
    AuditToken,
    CheckOutcome,
    bounds_outcome,
    read_token,
    write_token,
)
from pipelines.publish.dbt_results import dbt_outcomes
from pipelines.publish.edition import current_edition, is_up_to_date
from pipelines.publish.stage import read_about, seal
from pipelines.resources import StateFolder
from pipelines.site.quality import PAGE, page_of, write_report
from pipelines.warehouse import connect_warehouse, open_warehouse, staged_lock, writer_lock
from quality.checks import Border, Suite
from quality.report import AuditReport, CheckResult
from quality.suites import SUITES

FETCHES = dg.AssetKey(["raw", "fetches"])
RUN_AGAIN = "Read the log of the audit step, mend what crashed there, and run the audit again."
DBT_CHECK = "dbt_tests_all_ran_and_passed"
MAX_BLIND_SHARE = 0.5
"""An edition is refused when more than this share of the sources that were ever crawled was blind in its last crawl."""


@dg.asset_check(asset=FETCHES, name="archive_is_whole", blocking=True)
def archive_is_whole(state: StateFolder) -> dg.AssetCheckResult:
    """Every archive file is what its ledger sealed, and every ledger was landed.

    Cut, changed and missing files turn it red, files without a ledger, and crawls that the tables know nothing of. A
    file that nothing has touched since it was found whole is read again after 30 days.
    """
    with open_warehouse(state.home) as connection:
        rows = connection.execute(
            "select source_id, crawl_id, archive_file, archive_bytes, archive_sha256 from raw.crawls"
        ).fetchall()
    loaded = {crawl_id for _, crawl_id, *_ in rows}
    readings = read_readings(state.home.archive_readings, state.home.archive, datetime.now(UTC).date())
    archive = read_archive(state.home, loaded, readings)
    seals = sorted(archive.seals | {(source_id, *seal) for source_id, _, *seal in rows})
    changed = (readings.fault(f"{source_id}/{name}", size, sha256) for source_id, name, size, sha256 in seals)
    faults = [*filter(None, changed), *archive.faults]
    readings.keep(state.home.archive_readings)
    return check_result(
        FETCHES,
        "archive_is_whole",
        passed=not faults,
        sentence=sentences(faults, f"{len(seals)} archive files are what their ledgers sealed."),
        what_to_do="Put the named files back from a copy of the archive; each sentence says what else helps. Nothing "
        "is built on an archive that is not whole.",
        sample=rows_of("fault", faults),
        metadata={"files": len(seals), "faults": len(faults)},
    )


def check_name(check_id: str) -> str:
    """A check id as Dagster allows it."""
    return re.sub(r"[^A-Za-z0-9_]", "__", check_id)


def _asset_of(suite: Suite) -> dg.AssetKey:
    return STAGED if suite.border == "edition" else dg.AssetKey(suite.table.split("."))


def _specs() -> list[dg.AssetCheckSpec]:
    """The audit's checks. Those of raw tables do not block in Dagster: marts stand between, and the token does."""
    specs = [
        dg.AssetCheckSpec(
            check_name(check_id),
            asset=_asset_of(suite),
            blocking=suite.border == "edition",
            description=f"{suite.table}: {check_id}",
        )
        for suite in SUITES
        for check_id in suite.check_ids()
    ]
    return [
        *specs,
        dg.AssetCheckSpec(
            DBT_CHECK, asset=STAGED, blocking=True, description="Every dbt test ran in this build and passed."
        ),
        dg.AssetCheckSpec(
            check_name(BOUNDS_CHECK),
            asset=STAGED,
            blocking=True,
            description="Enough sources were seen for an edition.",
        ),
    ]


@dg.multi_asset_check(specs=_specs(), name="audit", can_subset=True)
def audit(context: dg.AssetCheckExecutionContext, state: StateFolder) -> Iterator[dg.AssetCheckResult]:
    """Audit the staged edition and write its token; an edition that is current already keeps the token it has.

    What that token holds is told again, since a check that a run does not tell of is grey in the UI. Whether enough
    sources were seen is asked each time: a look that was blind is no change of the edition.

    A token counts every check, so the whole audit runs however few of its checks are selected. With none of the
    staged edition selected (somebody loads alone) only the raw tables are looked at, and no token is written.
    """
    home = state.home
    wanted = context.selected_asset_check_keys
    report: Path | None = None
    if all(key.asset_key != STAGED for key in wanted):
        results = _results(tuple(_gx_outcomes(audit_raw(home))))
    elif is_up_to_date(home, input_fingerprint(home)):
        edition = current_edition(home)
        report = edition / PAGE
        held = (outcome for outcome in read_token(edition).outcomes if outcome.check != BOUNDS_CHECK)
        results = _results((*held, _bounds(home)))
    else:
        token = run_audit(home)
        report = page_of(home, token.edition_id)
        results = _results(token.outcomes)
    for result in results:
        assert result.asset_key is not None
        assert result.check_name is not None
        if dg.AssetCheckKey(result.asset_key, result.check_name) in wanted:
            yield result if report is None else _with_report(result, report)


def _with_report(result: dg.AssetCheckResult, report: Path) -> dg.AssetCheckResult:
    """A result that leads to the page on which all of them stand."""
    return result._replace(metadata={**result.metadata, "quality_report": dg.MetadataValue.path(report)})


def _suites(database: Path | duckdb.DuckDBPyConnection, border: Border, as_of: date) -> AuditReport:
    """What Great Expectations finds; it comes with pandas, which a run without news does not need."""
    from quality.runner import run_suites

    return run_suites(database, border, as_of=as_of)


def _warehouse(home: Home) -> Path | duckdb.DuckDBPyConnection:
    """What is audited of the warehouse: its file, which is opened with nothing else in reach, or the lake."""
    return home.warehouse if lake_of(home) is None else connect_warehouse(home, read_only=True)


def audit_raw(home: Home) -> AuditReport:
    """Run the checks of the raw border alone, as of the end of the last crawl."""
    with open_warehouse(home) as connection:
        row = connection.execute("select coalesce(max(ended_at)::date, current_date) from raw.crawls").fetchone()
    assert row is not None
    with writer_lock(home):
        return _suites(_warehouse(home), "raw", row[0])


def run_audit(home: Home) -> AuditToken:
    """Run every check over the staged edition and the raw border; returns the token, which is also written.

    Raises FileNotFoundError when nothing is staged or the transform left no results.
    """
    with staged_lock(home):
        about = read_about(home.staged)
        as_of = date.fromisoformat(about["as_of"][:10])
        bounds = _bounds(home)
        with writer_lock(home):
            raw = _suites(_warehouse(home), "raw", as_of)
            dbt_expected, from_dbt = dbt_outcomes(home)
        edition = _suites(home.staged / "policy.duckdb", "edition", as_of)
        audited = AuditToken(
            edition_id=about["edition_id"],
            staged_sha256="",
            expected=tuple(sorted({*raw.expected_checks, *edition.expected_checks, *dbt_expected, BOUNDS_CHECK})),
            outcomes=(*_gx_outcomes(raw), *_gx_outcomes(edition), *from_dbt, bounds),
        )
        with open_warehouse(home) as connection:
            write_report(home, home.staged, audited, connection)
        token = audited.model_copy(update={"staged_sha256": seal(home.staged)})
        write_token(home.staged, token)
        return token


def _bounds(home: Home) -> CheckOutcome:
    """Whether enough sources were seen."""
    with writer_lock(home):
        return bounds_outcome(*_blind_sources(home), MAX_BLIND_SHARE)


def _blind_sources(home: Home) -> tuple[list[str], list[str]]:
    """Sources whose last crawl was not good, and all that were asked by their last crawl."""
    connection = connect_warehouse(home, read_only=True)
    try:
        rows = connection.execute(
            """
            select source_id, arg_max(is_good, crawl_id)
            from raw.crawls
            group by source_id
            having not arg_max(not_asked is not null, crawl_id)
            order by source_id
            """
        ).fetchall()
    finally:
        connection.close()
    return [source_id for source_id, is_good in rows if not is_good], [source_id for source_id, _ in rows]


def _gx_outcomes(report: AuditReport) -> list[CheckOutcome]:
    return [_gx_outcome(result) for result in report.results]


def _gx_outcome(result: CheckResult) -> CheckOutcome:
    sentence = result.sentence
    if result.broken:
        sentence = f"{sentence} The check did not run to its end: {result.message}"
    elif not result.passed:
        sentence = f"{sentence} Not so: {result.observed}."
    return CheckOutcome(
        check=result.check,
        tool="great_expectations",
        table=result.table,
        severity="error" if result.severity == "ERROR" else "warn",
        outcome="broken" if result.broken else "passed" if result.passed else "failed",
        sentence=sentence,
        what_to_do=result.what_to_do,
        sample=tuple(dict(row) for row in result.sample),
    )


def _results(outcomes: tuple[CheckOutcome, ...]) -> Iterator[dg.AssetCheckResult]:
    by_check = {outcome.check: outcome for outcome in outcomes}
    for suite in SUITES:
        for check_id in suite.check_ids():
            outcome = by_check.get(check_id)
            yield _result(check_name(check_id), _asset_of(suite), [outcome] if outcome else [])
    yield _result(DBT_CHECK, STAGED, [outcome for outcome in outcomes if outcome.tool == "dbt"])
    bounds = by_check.get(BOUNDS_CHECK)
    yield _result(check_name(BOUNDS_CHECK), STAGED, [bounds] if bounds else [])


def _result(name: str, asset: dg.AssetKey, outcomes: list[CheckOutcome]) -> dg.AssetCheckResult:
    """One check of Dagster over one or several outcomes; without any, it did not run, which is a failure."""
    failed = sorted((one for one in outcomes if one.outcome != "passed"), key=lambda one: not one.blocks)
    rows = [{"check": one.check, **row} for one in failed for row in one.sample or ({"found": one.sentence},)]
    missing = [] if outcomes else [{"found": "the check gave no result"}]
    passed = outcomes[0].sentence if len(outcomes) == 1 else f"{len(outcomes):,} checks passed."
    return check_result(
        asset,
        name,
        passed=bool(outcomes) and not failed,
        warns=bool(failed) and not any(one.blocks for one in failed),
        sentence=sentences([one.sentence for one in failed], passed if outcomes else "Expected a result, got none."),
        what_to_do=failed[0].what_to_do if failed else outcomes[0].what_to_do if outcomes else RUN_AGAIN,
        sample=[*rows, *missing],
        metadata={"checks": len(outcomes), "failed": len(failed)},
    )
