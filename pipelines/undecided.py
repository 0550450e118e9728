"""The check of the quarantine: rows about which nobody has decided, and for how long.

Belongs here: the check and what it shows. Does not belong here: deciding (`pipelines/overrides/`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import dagster as dg

from pipelines.check_results import check_result
from pipelines.overrides.decisions import in_force, read_decisions
from pipelines.overrides.rows import QuarantinedRow, read_rows
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
    description=f"No quarantined row has waited for a decision for more than {WAITS_DAYS} days.",
)
def rows_are_decided(state: StateFolder) -> dg.AssetCheckResult:
    """Warn of rows that wait too long, by the end of the last crawl; no clock is asked."""
    decided = in_force(read_decisions(state.home))
    with open_warehouse(state.home) as connection:
        rows = read_rows(connection)
        newest = connection.execute("select max(ended_at) from raw.crawls").fetchone()
    undecided = [row for key, row in rows.items() if key not in decided]
    waiting = [row for row in undecided if newest is not None and (newest[0] - row.first_at).days > WAITS_DAYS]
    return check_result(
        QUARANTINE,
        CHECK,
        passed=not waiting,
        warns=True,
        sentence=_sentence(len(rows), undecided, waiting),
        what_to_do="Look at each with the command of its row, then accept, correct or reject it: "
        "aipolicy quarantine --help. Where many are alike, mend the parser instead.",
        sample=[_shown(row) for row in waiting],
        metadata={"quarantined": len(rows), "undecided": len(undecided), "waiting_too_long": len(waiting)},
    )


def _sentence(rows: int, undecided: Sequence[QuarantinedRow], waiting: Sequence[QuarantinedRow]) -> str:
    told = f"{rows:,} rows are in quarantine, of {len(undecided):,} of which nothing is decided"
    if not waiting:
        return f"{told}; none waits for more than {WAITS_DAYS} days."
    return (
        f"{told}; {len(waiting):,} wait for more than {WAITS_DAYS} days, the first since {_day(waiting[0].first_at)}."
    )


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
