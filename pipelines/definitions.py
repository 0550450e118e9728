"""The code location: assembly only."""

from __future__ import annotations

import dagster as dg

from pipelines import checks, jobs, outcomes, schedules, sensors
from pipelines.assets.ahead import enriched, gathered
from pipelines.assets.benchmark import score_enrichment
from pipelines.assets.clean_up import clean_up_state
from pipelines.assets.contracts import contracts
from pipelines.assets.digest import delivered, weekly_digest
from pipelines.assets.ingest import ingest
from pipelines.assets.publish import published, staged, verdict
from pipelines.assets.transform import dbt_resource, transform
from pipelines.assets.warehouse import enrich_versions, load_landing
from pipelines.overdue import overdue
from pipelines.resources import state_folder
from pipelines.undecided import rows_are_decided

_state = state_folder()

defs = dg.Definitions(
    assets=[
        ingest,
        load_landing,
        enrich_versions,
        gathered,
        enriched,
        transform,
        staged,
        published,
        verdict,
        weekly_digest,
        delivered,
        contracts,
        score_enrichment,
        clean_up_state,
    ],
    asset_checks=[checks.archive_is_whole, checks.audit, overdue, rows_are_decided, *outcomes.CHECKS],
    jobs=[
        jobs.refresh,
        jobs.backfill,
        jobs.replay,
        jobs.gather,
        jobs.enrich_ahead,
        jobs.weekly_digest,
        jobs.sources_check,
        jobs.evaluate,
        jobs.clean_up,
    ],
    schedules=[
        *schedules.refreshes,
        schedules.weekly_sources_check,
        schedules.weekly_evaluation,
        schedules.weekly_clean_up,
    ],
    sensors=[sensors.issues_due, sensors.alerts],
    resources={"state": _state, "dbt": dbt_resource(_state)},
    executor=dg.in_process_executor,
)
