"""The checks of each source's ingest asset, read from the ledger of its crawl.

Belongs here: what each check is called, what it says and what to do when it is red. Does not belong here: the verdict
of a crawl, which its own process has written (`scrapers.runtime.book`); nothing here makes a crawl good or bad.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import dagster as dg

from pipelines.check_results import Value, check_result, rows_of, sentences
from scrapers.contracts import CrawlLedger, Novelty
from scrapers.counts import count_faults
from scrapers.registry import SourceConfig, sources

CHECK = "crawl_is_good"
COUNT_CHECK = "official_count_is_reached"
USUAL_CHECK = "volume_is_usual"
VOLUME_CHECK = "volume_within_bounds"
FIELDS_CHECK = "fields_are_known"
VALUES_CHECK = "values_are_known"
Sample = list[dict[str, object]]


@dataclass(frozen=True)
class Finding:
    """What a check found in a ledger; without a sample it passed."""

    sentence: str
    sample: Sample = field(default_factory=list)
    warns: bool = True
    metadata: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class IngestCheck:
    """One check of a crawl's account."""

    name: str
    meaning: str
    what_to_do: str
    find: Callable[[CrawlLedger, SourceConfig], Finding]


def _count(ledger: CrawlLedger, config: SourceConfig) -> Finding:
    official = ledger.official_total
    if official is None:
        official = sum(day.official or 0 for day in ledger.days)
    if not config.bounds.must_match_official_count:
        hits = f"The source counts {official:,} hits, which are not documents one for one."
        return Finding(hits if official else "The source states no count of documents.")
    if ledger.official_total is None and all(day.official is None for day in ledger.days):
        return Finding("No count was read.")
    read = ledger.found_total
    if ledger.official_total is None:
        read = sum(day.found for day in ledger.days if day.official is not None)
    rejected = sum(fetch.rejected for fetch in ledger.fetches)
    faults = count_faults(ledger.days, ledger.official_total, ledger.found_total, rejected)
    by_day: Sample = [
        {"day": day.day, "by the source": day.official, "read": day.found}
        for day in ledger.days
        if day.official is not None and day.official != day.found
    ]
    aside = f", {rejected:,} set aside as unreadable" if rejected else ""
    return Finding(
        sentences(faults, f"{read:,} of {official:,} documents were read{aside}."),
        (by_day or rows_of("fault", faults)) if faults else [],
        warns=False,
        metadata={"recall": read / official if official else 1.0},
    )


def _usual(ledger: CrawlLedger, config: SourceConfig) -> Finding:
    if not ledger.comparisons:
        return Finding("Too few good crawls of the same kind of days to say what is usual.")
    far = [one for one in ledger.comparisons if one.verdict != "usual"]
    shown = far or ledger.comparisons
    sample: Sample = [
        {"crawl": crawl, "documents": found}
        for one in far
        for crawl, found in [(ledger.crawl_id, one.found), *zip(one.crawls, one.counts, strict=True)]
    ]
    return Finding(
        sentences([str(one) for one in shown], ""),
        sample,
        warns=not any(one.is_drop for one in far),
        metadata={"found": shown[-1].found, "usual": shown[-1].usual},
    )


def _volume(ledger: CrawlLedger, config: SourceConfig) -> Finding:
    most = config.bounds.max_documents_per_week
    return Finding(
        sentences(ledger.warnings, f"Not more than {most:,} documents a week."), rows_of("warning", ledger.warnings)
    )


def _fields(ledger: CrawlLedger, config: SourceConfig) -> Finding:
    return _new([one for one in ledger.novelties if "=" not in one.name], "Every field is known to the contract.")


def _values(ledger: CrawlLedger, config: SourceConfig) -> Finding:
    known = "Every value of a closed vocabulary is known to the contract."
    return _new([one for one in ledger.novelties if "=" in one.name], known)


def _new(novelties: Sequence[Novelty], otherwise: str) -> Finding:
    told = [str(one) for one in novelties]
    return Finding(
        sentences(told, otherwise),
        [one.model_dump() for one in novelties],
        metadata={"never_seen_before": len(told)},
    )


CHECKS = (
    IngestCheck(
        COUNT_CHECK,
        "As many documents were read as the source itself counts; unreadable ones are set aside, not lost.",
        "Open the source's page for the days of the sample and compare its count. Where documents are missing here, "
        "mend the paging of the spider and crawl the days again; where the source counts otherwise, say so in its "
        "contract (must_match_official_count).",
        _count,
    ),
    IngestCheck(
        USUAL_CHECK,
        "About as many documents were found as by the last good crawls of the same kind of days: a drop by 60 % "
        "withholds the source, a jump by 300 % is told.",
        "Open the source's page for these days. Where it has more than was read, mend the spider and replay the "
        "crawl. Where it really has so few, set max_drop: 1 under bounds in the source's YAML file, replay the "
        "source, and take the line out when the next weeks are good. A jump is loaded; look whether it is the "
        "source's news or its fault.",
        _usual,
    ),
    IngestCheck(
        VOLUME_CHECK,
        "No more documents than the source's own bounds expect of a window of this length.",
        "Look at the source's page; if the flood is real, raise max_documents_per_week in the source's YAML file.",
        _volume,
    ),
    IngestCheck(
        FIELDS_CHECK,
        "The source's contract knows every field of the answers.",
        "Look at the example's source_fields: read what matters in the parser, add the rest to known_fields in the "
        "source's YAML file.",
        _fields,
    ),
    IngestCheck(
        VALUES_CHECK,
        "The source's contract knows every value of the answers' closed vocabularies; an unknown one is kept raw "
        "beside a null.",
        "Look at the example: where the new word means an instrument or a state, add it to the rules of the source's "
        "YAML file; else add it to the known values there.",
        _values,
    ),
)
GOOD = (
    "Every planned request ended well and official counts match, by the crawl's own ledger. This check sums up: a "
    "source that is withheld for whatever reason turns it red."
)
MEND = (
    "Read the faults: a source that was down or blocked us is asked again by the next run; a changed answer needs its"
    " parser mended and `aipolicy replay`. Until a crawl is good its last good rows stay, and readers are told so."
)


def check_specs(asset_key: Callable[[str], dg.AssetKey]) -> list[dg.AssetCheckSpec]:
    """The checks of every source."""
    meanings = {CHECK: GOOD, **{check.name: check.meaning for check in CHECKS}}
    return [
        dg.AssetCheckSpec(name, asset=asset_key(slug), description=meaning)
        for slug in sources()
        for name, meaning in meanings.items()
    ]


def check_results(
    key: dg.AssetKey,
    ledger: CrawlLedger | None,
    faults: Sequence[str],
    otherwise: str = "Every planned request ended well.",
) -> Iterator[dg.AssetCheckResult]:
    """How the checks of a source ended; without a ledger only `faults` can be told."""
    config = sources()[key.path[-1]]
    for check in CHECKS:
        finding = Finding("No new crawl to look at.") if ledger is None else check.find(ledger, config)
        yield check_result(
            key,
            check.name,
            passed=not finding.sample,
            sentence=finding.sentence,
            what_to_do=check.what_to_do,
            sample=finding.sample,
            warns=finding.warns,
            metadata=finding.metadata,
        )
    if ledger is not None and ledger.not_asked is not None and not faults:
        yield _not_asked(key, ledger.not_asked)
        return
    yield check_result(
        key,
        CHECK,
        passed=not faults,
        sentence=sentences(faults, otherwise),
        what_to_do=MEND,
        sample=[*rows_of("fault", faults[:3]), *_failed_requests(ledger)],
        metadata={"faults": len(faults)},
    )


def _failed_requests(ledger: CrawlLedger | None) -> Sample:
    return [
        {"url": fetch.url, "outcome": fetch.outcome, "HTTP status": fetch.http_status, "message": fetch.message}
        for fetch in (ledger.fetches if ledger else ())
        if fetch.outcome not in ("ok", "retried")
    ]


def _not_asked(key: dg.AssetKey, why: str) -> dg.AssetCheckResult:
    return check_result(
        key,
        CHECK,
        passed=False,
        warns=True,
        sentence=f"not asked: {why}",
        what_to_do="Where a key is missing, ask the publisher for one and set its variable.",
        sample=rows_of("not asked", [why]),
    )
