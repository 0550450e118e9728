"""Digest: the week's news for readers, one partition an ISO week, a function of the edition and the week."""

import dagster as dg

from pipelines.assets.publish import PUBLISHED
from pipelines.digest.build import build_digest
from pipelines.partitions import digest_weeks, iso_week
from pipelines.publish.edition import current_edition, fresh_looks
from pipelines.resources import StateFolder


@dg.asset(
    key=["digest", "weekly"],
    deps=[dg.AssetDep(PUBLISHED)],
    partitions_def=digest_weeks,
    group_name="digest",
    owners=["team:digest"],
    kinds={"html", "markdown"},
)
def weekly_digest(context: dg.AssetExecutionContext, state: StateFolder) -> dg.MaterializeResult[None]:
    """One week in every form: new, changed, due, money, and what we could not look at."""
    home = state.home
    result = build_digest(
        current_edition(home), iso_week(context.partition_key), None, home.digests, looks=fresh_looks(home)
    )
    return dg.MaterializeResult(
        metadata={
            "items": result.item_count,
            "html": dg.MetadataValue.path(str(result.html)),
            "markdown": dg.MetadataValue.path(str(result.markdown)),
            "json": dg.MetadataValue.path(str(result.json)),
            "mail": dg.MetadataValue.path(str(result.mail)),
            "workbook": dg.MetadataValue.path(str(result.workbook)),
        }
    )
