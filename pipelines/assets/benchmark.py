"""Benchmark: how well enrichment agrees with label files, an asset a task, so that scores plot over time.

The labels lie outside the product (`AIPOLICY_SHARED`, or `shared` beside the project); where there are none, the
benchmark is not run, and its schedule says so.
"""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from pipelines.check_results import check_result, rows_of, sentences
from pipelines.evaluate.standing import FOLDER_VARIABLE, fallen, figures, labels_folder, recorded
from pipelines.evaluate.tasks import TASKS, run_usual
from pipelines.home import Home
from pipelines.publish.edition import current_edition
from pipelines.resources import StateFolder

GROUP = "benchmark"
SCORE_CHECK = "score_is_not_below_the_recorded_one"
NO_LABELS = f"no label files: expected a folder that holds `labels`; set {FOLDER_VARIABLE} to it"


def _key(task: str) -> dg.AssetKey:
    return dg.AssetKey([GROUP, task])


@dg.multi_asset(
    name="score_enrichment",
    specs=[
        dg.AssetSpec(
            _key(task),
            description=f"Scores of `aipolicy evaluate {task}` on the label files of this deployment.",
            group_name=GROUP,
            owners=["team:enrichment"],
            kinds={"polars"},
            skippable=True,
        )
        for task in TASKS
    ],
    check_specs=[
        dg.AssetCheckSpec(
            SCORE_CHECK,
            asset=_key(task),
            description="No score recorded in pipelines/evaluate/recorded.csv has fallen.",
        )
        for task in TASKS
    ],
    can_subset=True,
)
def score_enrichment(context: dg.AssetExecutionContext, state: StateFolder) -> Iterator[dg.MaterializeResult[None]]:
    """Score the selected tasks; what is asked of an edition, where one is published.

    Fails without labels, and with BadFile for a file that is no label file.
    """
    folder = labels_folder()
    if folder is None:
        raise dg.Failure(NO_LABELS)
    edition = _edition(state.home)
    floors = recorded()
    for task in (task for task in TASKS if _key(task) in context.selected_asset_keys):
        if TASKS[task].asks_edition and edition is None:
            context.log.warning(f"{task}: not scored, since no edition is published")
            continue
        report = run_usual(task, folder, edition)
        faults = fallen(report, floors.get(task, {}))
        yield dg.MaterializeResult(
            asset_key=_key(task),
            metadata={**figures(report.metrics), "errors": len(report.errors)},
            check_results=[
                check_result(
                    _key(task),
                    SCORE_CHECK,
                    passed=not faults,
                    warns=True,
                    sentence=sentences(faults, f"{len(floors.get(task, {}))} recorded scores are kept."),
                    what_to_do=f"Run `aipolicy evaluate {task} --errors FILE` and read the errors; a score that is "
                    "meant to fall is lowered in recorded.csv, with the reason in the commit.",
                    sample=rows_of("fallen", faults),
                )
            ],
        )


def _edition(home: Home) -> Path | None:
    try:
        return current_edition(home)
    except FileNotFoundError:
        return None
