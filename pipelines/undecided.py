"""The check of the quarantine: rows about which nobody has decided, and for how long.

Belongs here: the check and what it shows. Does not belong here: deciding (`pipelines/overrides/`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import dagster as dg

from pipelines.check_results import check_result
from pipelines.overrides.decisions import read_decisions
from pipelines.overrides.rows import QuarantinedRow, read_rows, waiting
from pipelines.overrides.wording import visible
from pipelines.resources import StateFolder
from pipelines.warehouse import open_warehouse

CHECK = "rows_are_decided"
WAITS_DAYS = 14
"""So long a row may wait for somebody; more warns."""
QUARANTINE = dg.AssetKey(["raw", "quarantine"])


@dg.asset_check(
    asset=QUARANTINE,
    name=CHECK,
    additional_deps=[dg.AssetKey(["raw", "overrides"])],
    description=f"No row that its source has not mended has waited for a decision for more than {WAITS_DAYS} days.",
)
def rows_are_decided(state: StateFolder) -> dg.AssetCheckResult:
    """Warn of rows that wait too long, by the end of the last crawl; no clock is asked."""
    with open_warehouse(state.home, beside_others=True) as connection:
        rows = read_rows(connection)
        newest = connection.execute("select max(ended_at) from raw.crawls").fetchone()
    undecided = waiting(rows, read_decisions(state.home))
    too_long = [row for row in undecided if newest is not None and (newest[0] - row.first_at).days > WAITS_DAYS]
    mended = sum(row.mended_at is not None for row in rows.values())
    return check_result(
        QUARANTINE,
        CHECK,
        passed=not too_long,
        warns=True,
        sentence=f"{len(rows):,} rows are in quarantine; the source has mended {mended:,}, {len(undecided):,} wait for "
        f"a decision, {_how_long(too_long)}.",
        what_to_do="Look at each with the command of its row, then accept, correct or reject it: "
        "aipolicy quarantine --help. Where many are alike, mend the parser instead.",
        sample=[_shown(row) for row in too_long],
        metadata={
            "quarantined": len(rows), "mended": mended, "undecided": len(undecided), "waiting_too_long": len(too_long),
        },
    )  # fmt: skip


def _how_long(too_long: Sequence[QuarantinedRow]) -> str:
    if not too_long:
        return f"none for more than {WAITS_DAYS} days"
    return f"{len(too_long):,} for more than {WAITS_DAYS} days, the first since {_day(too_long[0].first_at)}"


def _shown(row: QuarantinedRow) -> dict[str, object]:
    return {
        "key": row.record_key,
        "source": row.source_id,
        "reason": row.error,
        "item": visible(row.item),
        "since": _day(row.first_at),
        "message": visible(row.message),
        "command": f"aipolicy quarantine show {row.record_key}",
    }


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"
