"""Publish: stage the marts, audit them, switch the edition, and say at last whether the run was whole."""

import shutil

import dagster as dg
from pydantic import Field

from pipelines.accounts import crawl_of_run
from pipelines.assets.transform import built_from, input_fingerprint
from pipelines.digest.feeds import last_digest_sheet, write_feeds
from pipelines.digest.issues import editions_of
from pipelines.freshness import EDITION
from pipelines.publish.audit import required_checks
from pipelines.publish.complete import complete
from pipelines.publish.edition import PublishRefused, current_edition, is_up_to_date, publish, refresh_bookkeeping
from pipelines.publish.shelf import prune
from pipelines.publish.stage import read_about, seal, stage
from pipelines.resources import DOCS, StateFolder
from pipelines.site.build import build_site
from pipelines.site.quality import PAGE
from pipelines.warehouse import staged_lock, writer_lock
from scrapers.registry import sources

STAGED = dg.AssetKey(["edition", "staged"])
PUBLISHED = dg.AssetKey(["edition", "published"])


def marts() -> list[dg.AssetKey]:
    """The assets that an edition is made of."""
    from pipelines.assets.transform import transform

    return sorted(key for key in transform.keys if key.path[0] == "marts")


@dg.asset(
    key=STAGED,
    deps=marts(),
    group_name="audit",
    owners=["team:edition"],
    kinds={"duckdb", "greatexpectations"},
    metadata={"docs": dg.MetadataValue.url(f"{DOCS}/architecture.md#audit-and-publish")},
)
def staged(context: dg.AssetExecutionContext, state: StateFolder) -> dg.MaterializeResult[None]:
    """The edition under audit, in every form readers take it, complete but not public.

    Nothing is staged when the current edition was made from exactly these inputs, and what an audit refused before is
    cleared: it was made from others. What was looked at is told anew, also when the audit then finds that too little
    was seen.
    """
    state.take_turn()
    home = state.home
    inputs = input_fingerprint(home)
    if is_up_to_date(home, inputs):
        refresh_bookkeeping(home)
        with staged_lock(home):
            shutil.rmtree(home.staged, ignore_errors=True)
        edition = current_edition(home)
        return dg.MaterializeResult(metadata={"built": False, "edition": edition.name})
    if built_from(home) != inputs:
        raise dg.Failure(
            "expected marts built from the present inputs, got older ones; run the transform first", allow_retries=False
        )
    with staged_lock(home):
        staged_now = stage(home, inputs)
        with writer_lock(home):
            sheets = [last_digest_sheet(staged_now.folder)]
            complete(staged_now.folder, home.dbt_target / "manifest.json", more_sheets=sheets)
        write_feeds(staged_now.folder, staged_now.folder / "feeds", home.digests, home.editions)
        build_site(staged_now.folder)
        staged_sha256 = seal(staged_now.folder)
        tables = read_about(staged_now.folder)["tables"]
    return dg.MaterializeResult(
        metadata={
            "edition": staged_now.edition_id,
            "staged_sha256": staged_sha256,
            "content_sha256": staged_now.content_sha256,
            "dagster/row_count": sum(table["rows"] for table in tables.values()),
            "tables": dg.MetadataValue.md(
                "| table | rows |\n| --- | ---: |\n"
                + "\n".join(f"| {name} | {table['rows']:,} |" for name, table in sorted(tables.items()))
            ),
        }
    )


@dg.asset(
    key=PUBLISHED,
    deps=[STAGED],
    freshness_policy=EDITION,
    group_name="publish",
    owners=["team:edition"],
    kinds={"duckdb", "parquet"},
    metadata={"docs": dg.MetadataValue.url(f"{DOCS}/data-dictionary.md")},
)
def published(context: dg.AssetExecutionContext, state: StateFolder) -> dg.MaterializeResult[None]:
    """The current edition. Its audit is verified here again, so this asset alone cannot publish what failed."""
    home = state.home
    if is_up_to_date(home, input_fingerprint(home)):
        edition = current_edition(home)
        return dg.MaterializeResult(metadata={"edition": edition.name, "is_new": False})
    try:
        result = publish(home, required_checks())
    except PublishRefused as refusal:
        raise dg.Failure(description=str(refusal), allow_retries=False) from refusal
    refresh_bookkeeping(home)
    return dg.MaterializeResult(
        metadata={
            "edition": result.edition_id,
            "is_new": result.is_new,
            "let_go": prune(home, editions_of(home.digests)),
            "folder": dg.MetadataValue.path(str(result.folder)),
            "quality_report": dg.MetadataValue.path(str(result.folder / PAGE)),
        }
    )


class VerdictConfig(dg.Config):
    """When a run with gaps is a failed run."""

    strict: bool = Field(default=False, description="Whether a withheld source fails the run after publishing.")


@dg.asset(deps=[PUBLISHED], group_name="publish", owners=["team:edition"], kinds={"python"})
def verdict(context: dg.AssetExecutionContext, config: VerdictConfig, state: StateFolder) -> dg.MaterializeResult[None]:
    """The last word of a run: which sources are withheld.

    With `strict` a gap fails the run, after the edition is out; a source that lacks its key is no gap of the run.
    """
    ledgers = {slug: crawl_of_run(state.home, slug, context.run.run_id) for slug in sources()}
    seen = {slug: ledger for slug, ledger in ledgers.items() if ledger is not None}
    not_asked = sorted(slug for slug, ledger in seen.items() if ledger.not_asked is not None)
    withheld = sorted(slug for slug, ledger in seen.items() if not ledger.is_good and slug not in not_asked)
    if withheld and config.strict:
        raise dg.Failure(
            description=f"strict: withheld sources: {', '.join(withheld)}; the edition without their news is published",
            allow_retries=False,
        )
    return dg.MaterializeResult(metadata={"withheld": withheld, "not_asked": not_asked})
