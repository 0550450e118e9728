"""Checks of what a run leaves behind: histories as decided, the edition, the digest, the sources seen.

Belongs here: what can be told of these by looking at them. Does not belong here: the audit before an edition is out
(checks.py), and what a crawl or a delivery tells of itself (assets/ingest_checks.py, assets/digest.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import dagster as dg
import orjson

from pipelines.accounts import DamagedLedger, last_crawl
from pipelines.assets.digest import weekly_digest
from pipelines.assets.publish import PUBLISHED, verdict
from pipelines.check_results import check_result, rows_of, sentences
from pipelines.publish.edition import DamagedEdition, whole_edition
from pipelines.resources import StateFolder
from pipelines.warehouse import open_warehouse
from scrapers.registry import sources

DECIDED_VERSIONS = dg.AssetKey(["raw", "decided_versions"])
DECIDED_PARSES = dg.AssetKey(["raw", "decided_parses"])
IN_SHORT = "top"
"""The section of a digest that repeats what stands below it."""


@dg.asset_check(asset=DECIDED_VERSIONS, name="versions_are_numbered", blocking=True)
def versions_are_numbered(state: StateFolder) -> dg.AssetCheckResult:
    """The versions of each document, as decided, are numbered from 1 without a gap or a number twice."""
    rows = _found(
        state,
        """
        select source_id, document_id, list(version_no order by version_no) as numbers
        from raw.decided_versions group by source_id, document_id
        having list(version_no order by version_no) != range(1, count(*) + 1) order by all
        """,
    )
    return check_result(
        DECIDED_VERSIONS,
        "versions_are_numbered",
        passed=not rows,
        sentence=f"{len(rows):,} documents have a gap in their versions, or a number twice."
        if rows
        else "The versions of every document are numbered from 1 on.",
        what_to_do="See whether somebody decided about the document: aipolicy quarantine list. Mend how histories are "
        "arranged (pipelines/overrides), then run: aipolicy rebuild.",
        sample=rows,
    )


@dg.asset_check(asset=DECIDED_PARSES, name="every_version_was_read", blocking=True)
def every_version_was_read(state: StateFolder) -> dg.AssetCheckResult:
    """Of each version, as decided, there is what a parser read, or what a person stated."""
    rows = _found(
        state,
        """
        select source_id, document_id, version_no
        from raw.decided_versions anti join raw.decided_parses using (source_id, document_id, version_no) order by all
        """,
    )
    return check_result(
        DECIDED_PARSES,
        "every_version_was_read",
        passed=not rows,
        sentence=f"{len(rows):,} versions say nothing: no parser has read them."
        if rows
        else "Of every version there is what it says.",
        what_to_do="Run: aipolicy replay with --source of the sample; where that changes nothing: aipolicy rebuild.",
        sample=rows,
    )


@dg.asset_check(asset=PUBLISHED, name="files_are_as_published")
def files_are_as_published(state: StateFolder) -> dg.AssetCheckResult:
    """Every file of the current edition is the one that SHA256SUMS names."""
    try:
        told, faults = f"The files of {whole_edition(state.home).name} are those of its SHA256SUMS.", []
    except (DamagedEdition, FileNotFoundError) as error:
        told, faults = str(error), [str(error)]
    return check_result(
        PUBLISHED,
        "files_are_as_published",
        passed=not faults,
        sentence=told,
        what_to_do="Run: aipolicy rebuild, which publishes the edition anew. Find what wrote into the folder.",
        sample=rows_of("fault", faults),
    )


@dg.asset_check(asset=verdict, name="no_source_is_withheld")
def no_source_is_withheld(state: StateFolder) -> dg.AssetCheckResult:
    """Warn of sources whose last crawl was not good, so that the edition is without their news."""
    rows = list(_withheld(state))
    return check_result(
        verdict.key,
        "no_source_is_withheld",
        passed=not rows,
        warns=True,
        sentence=sentences(
            [f"{row['source']}: {row['fault']}" for row in rows], "No source that was asked is withheld."
        ),
        what_to_do="Open the source's own checks; each says what to do. Its last good rows stay meanwhile.",
        sample=rows,
    )


def _withheld(state: StateFolder) -> Iterator[dict[str, object]]:
    for slug in sources():
        try:
            ledger = last_crawl(state.home, slug)
        except DamagedLedger as error:
            yield {"source": slug, "fault": str(error)}
            continue
        if ledger is not None and ledger.not_asked is None and not ledger.is_good:
            yield {"source": slug, "fault": ledger.faults[0]}


@dg.asset_check(asset=weekly_digest, name="items_are_told_once")
def items_are_told_once(state: StateFolder) -> dg.AssetCheckResult:
    """No item of the latest digest stands in it twice."""
    week, items = _latest_items(state)
    twice = [anchor for anchor, times in Counter(str(item["anchor"]) for item in items).items() if times > 1]
    return check_result(
        weekly_digest.key,
        "items_are_told_once",
        passed=not twice,
        sentence=f"{week}: {len(twice):,} items are told more than once."
        if twice
        else f"{week}: each of {len(items):,} items is told once.",
        what_to_do="Look for the anchors in digest.json of the week; mend the section that tells what another tells "
        "(pipelines/digest), and write the issue again: aipolicy digest --week.",
        sample=rows_of("anchor", twice),
    )


@dg.asset_check(asset=weekly_digest, name="items_have_links")
def items_have_links(state: StateFolder) -> dg.AssetCheckResult:
    """Warn of items of the latest digest that lead to no page of their source."""
    week, items = _latest_items(state)
    bare = [str(item["anchor"]) for item in items if item.get("what") and not item["what"]["url"]]
    return check_result(
        weekly_digest.key,
        "items_have_links",
        passed=not bare,
        warns=True,
        sentence=f"{week}: {len(bare):,} items lead to no page."
        if bare
        else f"{week}: each of {len(items):,} items leads to a page.",
        what_to_do="See whether the document has an address at its source; if so, mend the parser and replay.",
        sample=rows_of("anchor", bare),
    )


def _latest_items(state: StateFolder) -> tuple[str, list[dict[str, Any]]]:
    """The week of the latest digest, and its items; none before the first."""
    file = max(state.home.digests.glob("????-W??/digest.json"), default=None)
    if file is None:
        return "No digest", []
    digest = orjson.loads(file.read_bytes())
    parts = (part for name, part in digest.items() if name != IN_SHORT)
    return file.parent.name, [item for part in parts for item in _in(part)]


def _in(part: Any) -> Iterator[dict[str, Any]]:
    """Whatever in a part of a digest may be linked to."""
    if isinstance(part, dict) and "anchor" in part:
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _in(inner)


def _found(state: StateFolder, query: str) -> list[dict[str, object]]:
    with open_warehouse(state.home, beside_others=True) as connection:
        found = connection.execute(query)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


CHECKS = [
    versions_are_numbered,
    every_version_was_read,
    files_are_as_published,
    no_source_is_withheld,
    items_are_told_once,
    items_have_links,
]
