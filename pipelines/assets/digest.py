"""Digest: the week's news for readers, one partition an ISO week, a function of the edition and the week."""

from collections.abc import Iterator
from dataclasses import asdict

import dagster as dg

from pipelines.assets.publish import PUBLISHED
from pipelines.check_results import check_result, rows_of
from pipelines.delivery import deliver_week, half_sent
from pipelines.digest.build import build_digest
from pipelines.partitions import digest_weeks, iso_week
from pipelines.publish.edition import current_edition, fresh_looks
from pipelines.resources import DOCS, StateFolder

DELIVERED = dg.AssetKey(["digest", "delivered"])
HALF_SENT_CHECK = "nothing_is_half_sent"


@dg.asset(
    key=["digest", "weekly"],
    deps=[dg.AssetDep(PUBLISHED)],
    partitions_def=digest_weeks,
    group_name="digest",
    owners=["team:digest"],
    kinds={"html", "markdown"},
    metadata={"docs": dg.MetadataValue.url(f"{DOCS}/readers.md")},
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


@dg.asset(
    key=DELIVERED,
    deps=[weekly_digest],
    partitions_def=digest_weeks,
    check_specs=[
        dg.AssetCheckSpec(
            HALF_SENT_CHECK,
            asset=DELIVERED,
            description="Of no delivery of the issue that was sent it is unknown whether it arrived.",
        )
    ],
    group_name="digest",
    owners=["team:digest"],
    kinds={"email"},
    metadata={"docs": dg.MetadataValue.url(f"{DOCS}/operations.md#subscriptions")},
)
def delivered(
    context: dg.AssetExecutionContext, state: StateFolder
) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
    """The issue sent to its subscribers, each at most once; without a file of subscriptions there is nobody to send to.

    A delivery that failed or may have failed fails this step, after all others were tried and its check was told: a
    check that comes after the step would be skipped, and would stay green.
    """
    home = state.home
    week = iso_week(context.partition_key)
    made = []
    if home.subscriptions.exists():
        made = list(deliver_week(current_edition(home), week, home, home.subscriptions, looks=fresh_looks(home)))
    yield _half_sent(week, half_sent(home.deliveries / week))
    open_ones = [one for one in made if one.outcome in ("failed", "unknown")]
    if open_ones:
        told = "; ".join(f"{one.subscription} by {one.channel}: {one.reason}" for one in open_ones)
        raise dg.Failure(description=f"not delivered or not known to be: {told}", allow_retries=False)
    yield dg.MaterializeResult(
        metadata={
            "subscriptions": len({one.subscription for one in made}),
            "deliveries": dg.MetadataValue.json([asdict(one) for one in made]),
        }
    )


def _half_sent(week: str, found: list[str]) -> dg.AssetCheckResult:
    return check_result(
        DELIVERED,
        HALF_SENT_CHECK,
        passed=not found,
        sentence=f"{week}: {len(found):,} deliveries were begun and never confirmed."
        if found
        else f"{week}: nothing was begun that was not confirmed.",
        what_to_do="Ask whether it arrived; if not: aipolicy deliver with --again and the subscription of the sample.",
        sample=rows_of("subscription", found),
    )
