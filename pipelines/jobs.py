"""Jobs, named for what people want."""

from __future__ import annotations

from datetime import timedelta

import dagster as dg
from dagster._core.storage.tags import MAX_RUNTIME_SECONDS_TAG, PRIORITY_TAG

from pipelines.assets.ahead import enriched, gathered
from pipelines.assets.benchmark import GROUP as BENCHMARK
from pipelines.assets.clean_up import GROUP as CARE
from pipelines.assets.contracts import GROUP as CONTRACTS
from pipelines.history import AHEAD
from pipelines.progress import say_failure, say_success

ROUND_TAG = "aipolicy/round"
"""Which round of sources a scheduled run is."""
_BACKFILL_AT_MOST = timedelta(days=14)

_contracts = dg.AssetSelection.groups(CONTRACTS)
_scores = dg.AssetSelection.groups(BENCHMARK)
_care = dg.AssetSelection.groups(CARE)
_everything_but_digests = (
    dg.AssetSelection.all() - dg.AssetSelection.groups("digest", AHEAD) - _contracts - _scores - _care
)

refresh = dg.define_asset_job(
    "refresh",
    selection=_everything_but_digests,
    description="Crawl the chosen days, load, enrich, build, audit and publish. Safe to repeat: the same window twice "
    "changes nothing.",
    hooks={say_success, say_failure},
    executor_def=dg.in_process_executor,
    tags={PRIORITY_TAG: "1"},
)

backfill = dg.define_asset_job(
    "backfill",
    selection=_everything_but_digests,
    description="Crawl days long gone in one run, one crawl a source and week, the oldest first. Write `since` and "
    "`until` into the ingest step's configuration for months and years (a day that is chosen as a partition costs the "
    "run history an event a source); choose sources by their ingest assets. It may run beside a refresh: hosts are "
    "asked no more often than by one of the two, a source is crawled by one at a time, and what both have seen is "
    "stored once. What it brings in is history, not news.",
    config={"ops": {"ingest": {"config": {"deadline_minutes": 360}}}},
    hooks={say_success, say_failure},
    executor_def=dg.in_process_executor,
    tags={PRIORITY_TAG: "-1", MAX_RUNTIME_SECONDS_TAG: str(int(_BACKFILL_AT_MOST.total_seconds()))},
)

replay = dg.define_asset_job(
    "replay",
    selection=_everything_but_digests,
    description="Parse all archived bytes again, without the network, then load, build, audit and publish. The days "
    "chosen in the launch dialog do not matter: all that is archived is read, or with `since` in the ingest step's "
    "configuration the crawls whose window reaches that day.",
    config={"ops": {"ingest": {"config": {"replay": True}}}},
    hooks={say_success, say_failure},
    executor_def=dg.in_process_executor,
)

gather = dg.define_asset_job(
    "gather",
    selection=dg.AssetSelection.assets(gathered),
    description="Crawl and load a month of a source ahead of the next refresh, which builds and publishes. A backfill "
    "of it brings in a long history by many runs; where the warehouse is a lake they load beside each other.",
    hooks={say_success, say_failure},
    executor_def=dg.in_process_executor,
    tags={PRIORITY_TAG: "-1", MAX_RUNTIME_SECONDS_TAG: str(int(_BACKFILL_AT_MOST.total_seconds()))},
)

enrich_ahead = dg.define_asset_job(
    "enrich_ahead",
    selection=dg.AssetSelection.assets(enriched),
    description="Judge and read one share of all documents ahead of the next refresh. A backfill of it goes over as "
    "many workers as there are, where the warehouse is a lake.",
    hooks={say_success, say_failure},
    executor_def=dg.in_process_executor,
    tags={PRIORITY_TAG: "-1"},
)

weekly_digest = dg.define_asset_job(
    "weekly_digest",
    selection=dg.AssetSelection.groups("digest"),
    description="Write the digest of a week from the current edition.",
    hooks={say_success, say_failure},
    executor_def=dg.in_process_executor,
)

sources_check = dg.define_asset_job(
    "sources_check",
    selection=_contracts,
    description="Ask each source for one answer of each kind and say what has drifted from its contract; nothing is "
    "stored.",
    hooks={say_success, say_failure},
    executor_def=dg.in_process_executor,
)

evaluate = dg.define_asset_job(
    "evaluate",
    selection=_scores,
    description="Score enrichment against the label files beside the project; a score below the recorded one fails its "
    "check.",
    hooks={say_success, say_failure},
    executor_def=dg.in_process_executor,
)

clean_up = dg.define_asset_job(
    "clean_up",
    selection=_care,
    description="Delete what may go, by the rules of `aipolicy gc`: editions by the rule of retention, leftovers of "
    "killed processes, old runs of Dagster. Never the archive, and no edition that somebody reads; a run at the "
    "warehouse is waited for. With `dry_run` it only tells.",
    hooks={say_success, say_failure},
    executor_def=dg.in_process_executor,
)
