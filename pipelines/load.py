"""Load landing files into the raw schema: idempotent, one transaction a crawl, oldest crawl first.

A good crawl brings documents; a crawl that is not good brings only its account (fetches, days, faults), so the last
good rows of its source stay. A version is a change at the source: a new row whenever the content hash differs from the
one seen last. A document that was filed before it was published takes the id of the published one. Does not read or
judge what documents say. What people decided about quarantined rows comes last, beside what sources said.

Machines at one lake may gather beside each other: each crawl is a transaction, and a source is loaded by one at a time.
What needs all of them to be still is left to the load that a build begins with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import duckdb

from pipelines.accounts import DamagedLedger, note_withheld, read_brief, read_ledger
from pipelines.home import Home
from pipelines.lake import lake_of
from pipelines.news import HISTORY_DAYS, WAITED_DAYS
from pipelines.overrides.apply import KEYED_BY_DOCUMENT, apply_decisions
from pipelines.overrides.decisions import read_decisions
from pipelines.overrides.rows import document_type, keep_rows, read_rows
from pipelines.warehouse import NEWEST_PARSER_FIRST, through_conflicts, transaction
from scrapers.contracts import CrawlLedger
from scrapers.durable import seal_fault
from scrapers.locks import lock
from scrapers.registry import identifier_schemes, instrument_rules, sources

UNLOADABLE = "could not be loaded: "
"""How the last fault of a crawl begins whose landing the warehouse did not take."""
TOLD_AT_ANY_DEPTH = (
    "published_date", "signed_date", "effective_date", "comments_open_date", "comments_close_date", "closes_date",
)  # fmt: skip
"""Dates that a line of a list gives as the page does, where it gives them."""
WORDED_AT_ANY_DEPTH = ("title", "action")
"""What a line gives as the page does but for its punctuation. A line's abstract is often words of its own, and a page
that changed nothing else of these is read again when it is next fetched in full."""

_JUDGED = (
    "document_id", "parser_version", "content_sha256", "depth", "availability", "published_date", "signed_date",
    "effective_date", "comments_open_date", "filed_at",
)  # fmt: skip
"""What a line is judged, matched and dated by."""


class DamagedLanding(Exception):
    """A landing file is not what its manifest sealed."""


_OF_A_LANDING = (
    DamagedLanding, duckdb.DataError, duckdb.IntegrityError, duckdb.InternalError, duckdb.NotSupportedError,
    duckdb.ProgrammingError,
)  # fmt: skip
"""What a crawl can be at fault for. A full disk and a server that is gone are not, whatever class DuckDB gives them."""


@dataclass(frozen=True)
class SourceLoad:
    """What a load brought of one source."""

    source_id: str
    crawls: int
    new_documents: int
    changed_documents: int
    """Documents of which a change at the source was seen."""
    quarantined: int


@dataclass(frozen=True)
class LoadResult:
    """What a load changed."""

    crawls: int
    new_documents: int
    new_versions: int
    new_parses: int
    quarantined: int
    withheld: tuple[str, ...] = ()
    """Crawls whose landing could not be loaded, each with the reason."""
    sources: tuple[SourceLoad, ...] = ()
    """Sources of which crawls were loaded."""
    overridden: int = 0
    """Documents that read otherwise now by a decision, or no longer do."""

    @property
    def has_news(self) -> bool:
        """Whether anything that marts are built from has changed."""
        return bool(self.new_versions or self.new_parses or self.quarantined or self.overridden)


@dataclass(frozen=True)
class Gathered:
    """What a load of one source brought."""

    withheld: tuple[str, ...]
    """Crawls whose landing could not be loaded, each with the reason."""
    brought: SourceLoad | None
    """None where no crawl was left to load."""


def load(home: Home, connection: duckdb.DuckDBPyConnection) -> LoadResult:
    """Load every landing file that the warehouse does not hold yet.

    A crawl whose landing file was damaged, or holds what no column takes, is withheld with the reason; the others load.
    Raises DecisionsRefused, before anything is loaded, where a file of a decision is not what was written.
    """
    decisions = read_decisions(home)
    _register_in_one(connection)
    before = _totals(connection)
    known = dict(connection.execute("select crawl_id, landing_sha256 from raw.crawls").fetchall())
    loaded, withheld = _load_crawls(connection, home.landing.glob("*/*.manifest.json"), known)
    if lake_of(home) is not None:
        with transaction(connection):  # two machines may have loaded a filing and its publication at once
            _rename_filings(connection, "raw.document_parses")
    after = _totals(connection)
    _tell_withheld(home, connection)
    with transaction(connection):
        overridden = apply_decisions(connection, decisions)
    keep_rows(home, read_rows(connection))
    documents, versions, parses, quarantined = (new - old for new, old in zip(after, before, strict=True))
    by_source = _by_source(connection, loaded)
    return LoadResult(len(loaded), documents, versions, parses, quarantined, tuple(withheld), by_source, overridden)


def gather(home: Home, connection: duckdb.DuckDBPyConnection, slug: str) -> Gathered:
    """Load what a lake does not hold yet of a source, beside machines that load others.

    A crawl whose landing file was damaged, or holds what no column takes, is withheld with the reason; the others load.
    What people decided is left to the next `load`.
    """
    with lock(home.root / "locks" / "registry.lock"):  # of two who add the same rows, DuckLake tells neither
        through_conflicts(partial(_register_in_one, connection))
    with lock(home.root / "locks" / f"load-{slug}.lock"):
        held = "select crawl_id, landing_sha256 from raw.crawls where source_id = ?"
        known = dict(connection.execute(held, [slug]).fetchall())
        loaded, withheld = _load_crawls(connection, (home.landing / slug).glob("*.manifest.json"), known)
    return Gathered(tuple(withheld), next(iter(_by_source(connection, loaded)), None))


def _load_crawls(
    connection: duckdb.DuckDBPyConnection, manifests: Iterable[Path], known: Mapping[str, str]
) -> tuple[list[str], list[str]]:
    """Load the crawls that are not known with these bytes, the oldest first; their ids, and why some were withheld."""
    loaded: list[str] = []
    withheld: list[str] = []
    for path in sorted(manifests, key=lambda path: path.name):
        try:
            brief = read_brief(path)
            if known.get(brief.crawl_id) == brief.landing.sha256:
                continue
            ledger = read_ledger(path)
        except DamagedLedger as error:
            withheld.append(f"{path.parent.name}: {error}, or run: aipolicy replay --source {path.parent.name}")
            continue
        loaded.append(ledger.crawl_id)
        try:
            through_conflicts(partial(_load_crawl, connection, path.with_name(ledger.landing.name), ledger))
        except _OF_A_LANDING as error:
            reason = through_conflicts(partial(_withhold, connection, ledger, error))
            withheld.append(f"{ledger.source_id} {ledger.crawl_id}: {reason}")
    return loaded, withheld


def _by_source(connection: duckdb.DuckDBPyConnection, loaded: Sequence[str]) -> tuple[SourceLoad, ...]:
    """What these crawls brought, by source."""
    rows = connection.execute(
        """
        with loaded as (select source_id, crawl_id from raw.crawls where list_contains($loaded, crawl_id))

        select
            source_id, count(*) as crawls,
            (select count(*) from raw.document_versions as version where version.source_id = loaded.source_id
                and list_contains($loaded, version.crawl_id) and version_no = 1),
            (select count(distinct document_id) from raw.document_versions as version
                where version.source_id = loaded.source_id and list_contains($loaded, version.crawl_id)
                and version_no > 1 and change_origin = 'source'),
            (select count(*) from raw.quarantine as record where record.source_id = loaded.source_id
                and list_contains($loaded, record.crawl_id))
        from loaded group by source_id order by source_id
        """,
        {"loaded": list(loaded)},
    ).fetchall()
    return tuple(SourceLoad(*row) for row in rows)


def _tell_withheld(home: Home, connection: duckdb.DuckDBPyConnection) -> None:
    """Note, for those who may not open the warehouse, which crawls it could not take and why."""
    rows = connection.execute(
        "select crawl_id, faults[-1] from raw.crawls where starts_with(faults[-1], ?)", [UNLOADABLE]
    ).fetchall()
    note_withheld(home, dict(rows))


def _totals(connection: duckdb.DuckDBPyConnection) -> tuple[int, int, int, int]:
    row = connection.execute(
        """
        select
            (select count(*) from raw.document_sightings),
            (select count(*) from raw.document_versions),
            (select count(*) from raw.document_parses),
            (select count(*) from raw.quarantine)
        """
    ).fetchone()
    assert row is not None
    return row[0], row[1], row[2], row[3]


def _register_in_one(connection: duckdb.DuckDBPyConnection) -> None:
    with transaction(connection):
        register_sources(connection)


def register_sources(connection: duckdb.DuckDBPyConnection) -> None:
    """Put the registry into the warehouse, in place of what it held of it."""
    rows = [
        (
            config.slug,
            config.title,
            config.publisher.name,
            config.publisher.jurisdiction,
            config.cadence,
            config.listing,
            config.time_zone,
            config.licence,
            config.rank,
            config.publisher.page,
            config.description,
            config.verified,
            config.terms,
            config.official_count,
            config.amendments,
        )
        for config in sources().values()
    ]
    _replace(
        connection,
        """raw.sources (source_id, title, publisher, jurisdiction, cadence, listing, time_zone, licence, rank, page,
            description, verified, terms, official_count, amendments)""",
        rows,
    )
    _replace(
        connection,
        "raw.identifier_schemes (scheme, strength, policy_prefix, is_page, is_alias, description)",
        [
            (one.scheme, one.strength, one.policy_prefix, one.is_page, one.is_alias, one.description)
            for one in identifier_schemes().values()
        ],
    )
    _replace(
        connection,
        "raw.date_fields (source_id, depth, field, source_field, event)",
        [
            (slug, depth, field, name, config.date_events.get(field))
            for slug, config in sources().items()
            for depth, names in config.date_fields.items()
            for field, name in names.items()
        ],
    )
    _replace(
        connection,
        """raw.instrument_rules (source_id, position, document_type, document_subtype, identifier_scheme,
            action_pattern, title_pattern, instrument, note)""",
        [
            (
                slug,
                position,
                rule.type,
                rule.subtype,
                rule.identifier,
                rule.action,
                rule.title,
                rule.instrument,
                rule.note,
            )
            for slug, config in sources().items()
            for position, rule in enumerate(instrument_rules(config), start=1)
        ],
    )


def _replace(connection: duckdb.DuckDBPyConnection, into: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Make a table's rows these, where they are others; `into` names it with its columns."""
    table = into.split(maxsplit=1)[0]
    columns = into.removeprefix(table).strip().strip("()")
    holes = f"({', '.join('?' for _ in rows[0])})"
    connection.execute(f"create or replace temp table given as select {columns} from {table} limit 0")
    connection.execute(
        f"insert into given values {', '.join([holes] * len(rows))}", [value for row in rows for value in row]
    )
    held = f"select {columns} from {table}"
    differing = f"(({held}) except all (from given)) union all ((from given) except all ({held}))"
    if connection.execute(f"select 1 from ({differing}) limit 1").fetchone():
        connection.execute(f"delete from {table}")
        connection.execute(f"insert into {into} select * from given")
    connection.execute("drop table given")


def _load_crawl(connection: duckdb.DuckDBPyConnection, landing: Path, ledger: CrawlLedger) -> None:
    fault = seal_fault(landing, ledger.landing.bytes, ledger.landing.sha256)
    if fault is not None:
        raise DamagedLanding(f"{fault}, or run: aipolicy replay --source {ledger.source_id}")
    with transaction(connection):
        _write_account(connection, ledger)
        _read_lines(connection, landing, ledger)
        if ledger.is_good:
            _join_filings(connection)
        _read_landing(connection, ledger)
        _write_quarantine(connection, ledger)
        if ledger.is_good:
            _write_versions(connection, ledger)
            _write_parses(connection, ledger)
            _write_sightings(connection, ledger)
        connection.execute("drop table landed_lines; drop table landed; drop table fetched; drop table quarantined")


def _withhold(connection: duckdb.DuckDBPyConnection, ledger: CrawlLedger, error: Exception) -> str:
    """Keep the account of a crawl that could not be loaded, and return why; only a damaged file is tried again."""
    landing = ledger.landing
    if isinstance(error, DamagedLanding):
        landing = landing.model_copy(update={"sha256": "damaged"})
    reason = f"{UNLOADABLE}{type(error).__name__}: {' '.join(str(error).split())[:500]}"
    with transaction(connection):
        _write_account(
            connection,
            ledger.model_copy(update={"is_good": False, "faults": (*ledger.faults, reason), "landing": landing}),
        )
    return reason


def _write_account(connection: duckdb.DuckDBPyConnection, ledger: CrawlLedger) -> None:
    for table in ("crawls", "fetches", "source_days", "quarantine"):
        connection.execute(f"delete from raw.{table} where crawl_id = ?", [ledger.crawl_id])
    connection.execute(
        """
        insert into raw.crawls (crawl_id, run_id, source_id, since, until, started_at, ended_at, planned,
            official_total, found_total, gate_passed, gate_left_out, rejected, is_good, faults, archive_file,
            archive_bytes, archive_sha256, landing_sha256, parser_version, vocabulary_sha256, not_asked, is_stand_in)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
            ledger.crawl_id,
            ledger.run_id,
            ledger.source_id,
            ledger.window.since,
            ledger.window.until,
            ledger.started_at,
            ledger.ended_at,
            ledger.planned,
            ledger.official_total,
            ledger.found_total,
            ledger.gate_passed,
            ledger.gate_left_out,
            sum(fetch.rejected for fetch in ledger.fetches),
            ledger.is_good,
            list(ledger.faults),
            ledger.archive.name,
            ledger.archive.bytes,
            ledger.archive.sha256,
            ledger.landing.sha256,
            ledger.parser_version,
            ledger.vocabulary_sha256,
            ledger.not_asked,
            ledger.is_stand_in,
        ],
    )
    connection.execute(
        """
        create or replace temp table fetched as
        select unnest(from_json(?, '[{
            "fetch_id": "VARCHAR", "crawl_id": "VARCHAR", "source_id": "VARCHAR", "seq": "BIGINT", "method": "VARCHAR",
            "url": "VARCHAR", "purpose": "VARCHAR", "attempt": "BIGINT", "started_at": "TIMESTAMPTZ",
            "ended_at": "TIMESTAMPTZ", "http_status": "BIGINT", "outcome": "VARCHAR", "message": "VARCHAR",
            "body_bytes": "BIGINT", "payload_sha256": "VARCHAR", "warc_file": "VARCHAR", "warc_offset": "BIGINT",
            "documents": "BIGINT", "rejected": "BIGINT"}]'), recursive := true)
        """,
        ["[" + ",".join(fetch.model_dump_json() for fetch in ledger.fetches) + "]"],
    )
    connection.execute("insert into raw.fetches by name select * from fetched")
    connection.execute(
        """
        insert into raw.source_days (crawl_id, source_id, day, found, official)
        select ?, ?, unnest(?::date[]), unnest(?::bigint[]), unnest(?::bigint[])
        """,
        [
            ledger.crawl_id,
            ledger.source_id,
            [count.day for count in ledger.days],
            [count.found for count in ledger.days],
            [count.official for count in ledger.days],
        ],
    )


def _read_lines(connection: duckdb.DuckDBPyConnection, landing: Path, ledger: CrawlLedger) -> None:
    """Read the landing file with declared types: whole in `landed_lines`, and in `lines` what is judged and matched.

    What a line holds is wide, so it is read once, stays as it is, and is asked for by its number.
    """
    connection.execute(
        f"""
        create or replace temp table landed_lines as
        select * from read_json(?, format = 'newline_delimited', maximum_object_size = 268435456, columns = {{
            fetch_id: 'VARCHAR',
            document: '{document_type(connection)}',
            read_from: 'STRUCT(field VARCHAR, quote VARCHAR, ends BIGINT, fetch_id VARCHAR)[]',
            rejected: 'STRUCT(source_id VARCHAR, "where" VARCHAR, error VARCHAR, message VARCHAR, raw VARCHAR,
                is_whole_record BOOLEAN)'
        }})
        """,
        [str(landing)],
    )
    connection.execute(
        """
        create or replace temp table lines as
        select
            rowid as line_no, fetch_id, rejected is not null as is_rejected, document is not null as is_document,
            document.document_id as told_id, document.title is not null as has_title,
            {picked}
        from landed_lines
        """.format(picked=", ".join(f"document.{name}" for name in _JUDGED))
    )
    _require_known_fetches(connection, ledger)


def _rename_filings(connection: duckdb.DuckDBPyConnection, told: str) -> None:
    """Let filings that are held bear the ids of their publications, which a table or view tells of."""
    connection.execute(
        f"""
        create or replace temp table joined as
        with published as (
            select distinct document_id, left(document_id, length(document_id) - 11) as filing_id
            from {told} where ends_with(document_id, ':' || published_date)
        )

        select published.filing_id, min(published.document_id) as document_id
        from published
        inner join raw.document_parses as filing on published.filing_id = filing.document_id
        where filing.published_date is null
        group by published.filing_id
        """
    )
    for table in KEYED_BY_DOCUMENT if connection.execute("select 1 from joined limit 1").fetchone() else ():
        connection.execute(
            f"""
            update {table} as kept set document_id = joined.document_id
            from joined where kept.document_id = joined.filing_id
            """
        )
    connection.execute("drop table joined")


def _join_filings(connection: duckdb.DuckDBPyConnection) -> None:
    """Make a filing and its publication one document, whichever was met first.

    The id of a filing is that of the published document without its day: fr:2026-04020, fr:2026-04020:2026-03-05.
    """
    _rename_filings(connection, "lines")
    connection.execute(
        """
        update lines as line set document_id = known.document_id
        from (
            with filings as (select distinct document_id as filing_id from lines where published_date is null)

            select filing_id, min(document_id) as document_id
            from (
                select left(document_id, length(document_id) - 11) as filing_id, document_id
                from lines where ends_with(document_id, ':' || published_date)
                union all
                select filings.filing_id, parse.document_id
                from raw.document_parses as parse
                inner join filings
                    on left(parse.document_id, length(parse.document_id) - 11) = filings.filing_id
                    and parse.document_id = filings.filing_id || ':' || parse.published_date
            )
            group by filing_id
        ) as known
        where line.document_id = known.filing_id and line.published_date is null
        """
    )


def _is_first_look(connection: duckdb.DuckDBPyConnection, ledger: CrawlLedger) -> bool:
    """Whether no earlier run has looked at the source: what it lists without a day was there before."""
    earlier = "select 1 from raw.crawls where source_id = ? and run_id <> ? and started_at < ? and is_good"
    found = connection.execute(earlier, [ledger.source_id, ledger.run_id, ledger.started_at]).fetchone()
    return found is None


def _blind_days(connection: duckdb.DuckDBPyConnection, ledger: CrawlLedger) -> list[date]:
    """The days that crawls before one asked for and could not look at; of what is open now, those of the asking.

    Before its first good look a source was not blind but new.
    """
    rows = connection.execute(
        """
        with looks as (
            select
                crawls.is_good,
                unnest(generate_series(
                    if(sources.listing = 'snapshot', crawls.ended_at::date, crawls.since),
                    if(sources.listing = 'snapshot', crawls.ended_at::date, least(crawls.until, crawls.ended_at::date)),
                    interval 1 day
                ))::date as day
            from raw.crawls as crawls
            inner join raw.sources as sources on crawls.source_id = sources.source_id
            where crawls.source_id = $source and crawls.started_at < $started and crawls.not_asked is null
                and crawls.started_at >= (
                    select min(good.started_at) from raw.crawls as good where good.source_id = $source and good.is_good
                )
        )

        select day from looks
        where day >= $started::date - $waited::integer
        group by day
        having not bool_or(is_good)
        order by day
        """,
        {"source": ledger.source_id, "started": ledger.started_at, "waited": WAITED_DAYS},
    ).fetchall()
    return [day for (day,) in rows]


def _read_landing(connection: duckdb.DuckDBPyConnection, ledger: CrawlLedger) -> None:
    """Tell what cannot be accepted from the rest; one row a document, the published, fullest, earliest sighting leads.

    A filing has no day of publication, nor has one that was withdrawn: they count on no day.
    """
    config = sources()[ledger.source_id]
    connection.execute(
        """
        create or replace temp table owners as
        select told_id, any_value(document_id) as document_id from lines
        where told_id is not null group by told_id
        """
    )
    connection.execute(
        """
        create or replace temp table judged as
        select
            *,
            case
                when not is_document then null
                when not has_title and availability not in ('gone', 'redirected') then 'NoTitle'
                when published_date is null and $needs_date and availability not in ('filed', 'withdrawn')
                    then 'NoPublicationDate'
                when published_date > $crawled::date + $ahead::integer then 'TooFarAhead'
            end as fault
        from lines
        """,
        {
            "ahead": config.bounds.max_ahead_days,
            "needs_date": config.listing == "window",
            "crawled": ledger.ended_at.date(),
        },
    )
    connection.execute(
        """
        create or replace temp table refused as
        select line_no, fetch_id, is_document, told_id, document_id, published_date, fault
        from judged where is_rejected or fault is not null
        """
    )
    connection.execute(
        """
        create or replace temp table quarantined as
        with whole as (
            select
                refused.*, line.rejected,
                if(
                    refused.is_document, struct_update(line.document, document_id := refused.document_id), null
                ) as document
            from landed_lines as line
            inner join refused on line.rowid = refused.line_no
        )

        select
            line.fetch_id,
            coalesce(line.rejected."where", line.document.native_id) as where_in_answer,
            coalesce(line.rejected.error, line.fault) as error,
            case
                when line.rejected is not null then line.rejected.message
                when line.fault = 'NoTitle' then 'expected a title, which every document has, got none'
                when line.fault = 'NoPublicationDate'
                    then 'expected a publication date, which is part of the id of a listed document, got none'
                else format('expected a publication date at most {} days after the crawl, got {}',
                    $ahead::bigint, line.published_date)
            end as message,
            coalesce(line.rejected.raw, left(to_json(line.document)::varchar, 4000)) as raw_text,
            case
                when line.rejected is null then 'document'
                when line.rejected.is_whole_record then 'record'
                else 'field'
            end as kind,
            coalesce(
                line.told_id,
                concat_ws(' ', owner.told_id, array_to_string(list_filter(
                    string_split(line.rejected."where", '/'), lambda part: not regexp_full_match(part, '[0-9]+')
                ), '/'))
            ) as item,
            coalesce(line.document.content_sha256, sha256(line.rejected.raw)) as body_sha256,
            coalesce(line.document_id, owner.document_id) as document_id,
            to_json(line.document) as document
        from whole as line
        left join owners as owner
            on not line.rejected.is_whole_record and starts_with(line.rejected.message, owner.told_id || ': ')
        """,
        {"ahead": config.bounds.max_ahead_days},
    )
    connection.execute(
        """
        create or replace temp table landed as
        select judged.*, fetched.ended_at as seen_at
        from judged
        inner join fetched using (fetch_id)
        where is_document and fault is null
        qualify row_number() over (
            partition by document_id order by availability = 'filed', depth, fetch_id, line_no
        ) = 1
        """
    )
    connection.execute("drop table lines; drop table owners; drop table judged; drop table refused")


def _require_known_fetches(connection: duckdb.DuckDBPyConnection, ledger: CrawlLedger) -> None:
    """Refuse a landing that speaks of exchanges its manifest does not know: their records would be lost in the join."""
    strangers = connection.execute(
        """
        with named as (
            select fetch_id from lines
            union all
            select unnest(read_from).fetch_id from landed_lines
        )

        select fetch_id, count(*) from named anti join fetched using (fetch_id) group by fetch_id order by 1
        """
    ).fetchall()
    if strangers:
        records = sum(number for _, number in strangers)
        raise DamagedLanding(
            f"{ledger.landing.name}: expected records of fetches in the manifest, got {records} of others, first "
            f"{strangers[0][0]}; run: aipolicy replay --source {ledger.source_id}"
        )


def _write_quarantine(connection: duckdb.DuckDBPyConnection, ledger: CrawlLedger) -> None:
    """Keep what was set aside once an answer; its key is that of the record and its fault in whichever answer."""
    connection.execute(
        """
        insert into raw.quarantine by name
        select
            left(sha256(concat_ws('|', $source, fetched.payload_sha256, where_in_answer, error, raw_text)), 32)
                as quarantine_id,
            $source as source_id, $crawl as crawl_id, fetch_id, where_in_answer, error, quarantined.message, raw_text,
            $at::timestamptz as quarantined_at,
            left(sha256(concat_ws('|', $source, item, error, body_sha256)), 16) as record_key,
            kind, item, body_sha256, document_id, document
        from quarantined
        inner join fetched using (fetch_id)
        where not exists (
            select 1 from raw.quarantine as old
            where old.quarantine_id
                = left(sha256(concat_ws('|', $source, fetched.payload_sha256, where_in_answer, error, raw_text)), 32)
        )
        """,
        {"source": ledger.source_id, "crawl": ledger.crawl_id, "at": ledger.ended_at},
    )


def _write_versions(connection: duckdb.DuckDBPyConnection, ledger: CrawlLedger) -> None:
    """Match each landed document with its version, making a new one where the source has changed.

    The version made by this very crawl is the same version, also when a new parser hashes its bytes differently. An
    observation older than the latest version cannot overrule it, nor can a filing what is published already, nor a
    line of a list a page that says all that it says: asked less deeply, nothing changed. What another parser than that
    of the latest version hashes differently is told as the parser's doing, since the two hashes cannot be compared.
    """
    connection.execute(
        f"""
        create or replace temp table matched as
        with known as (
            select document_id, version_no, content_sha256, crawl_id, first_seen_at
            from raw.document_versions
            semi join landed using (document_id)
            where source_id = $source
        ),

        parsed as (
            select document_id, version_no, parser_version, depth, availability
            from raw.document_parses
            semi join landed using (document_id)
            where source_id = $source
        ),

        latest as (
            select known.*, parsed.* exclude (document_id, version_no)
            from known
            inner join parsed using (document_id, version_no)
            qualify row_number() over (
                partition by known.document_id order by version_no desc, {NEWEST_PARSER_FIRST}
            ) = 1
        ),

        own as (select document_id, version_no from known where crawl_id = $crawl),

        same as (
            select document_id, content_sha256, max(version_no) as version_no
            from known where first_seen_at <= $ended
            group by all
        ),

        retold as (
            select landed.document_id, bool_or({_told_otherwise("parse", "line.document")}) as is_told_otherwise
            from landed
            inner join latest on landed.document_id = latest.document_id and landed.depth <> latest.depth
            inner join landed_lines as line on landed.line_no = line.rowid
            inner join raw.document_parses as parse
                on parse.source_id = $source and latest.document_id = parse.document_id
                and latest.version_no = parse.version_no and latest.parser_version = parse.parser_version
            group by landed.document_id
        ),

        weighed as (
            select
                landed.document_id,
                latest.depth <> landed.depth as is_other_depth,
                coalesce(retold.is_told_otherwise, false) as is_told_otherwise,
                landed.depth = 'listing' as is_line,
                latest.parser_version <> landed.parser_version as is_read_anew,
                landed.seen_at < latest.first_seen_at
                or (landed.availability = 'filed' and latest.availability = 'available') as is_older
            from landed
            left join latest on landed.document_id = latest.document_id
            left join retold on landed.document_id = retold.document_id
        ),

        compared as (
            select
                document_id,
                is_read_anew,
                is_other_depth and not is_told_otherwise as is_depth_alone,
                is_older or (is_line and is_other_depth and not is_told_otherwise) as is_overtaken
            from weighed
        )

        select
            landed.line_no,
            landed.document_id,
            landed.parser_version,
            coalesce(
                own.version_no,
                case
                    when latest.version_no is null then 1
                    when latest.content_sha256 = landed.content_sha256 then latest.version_no
                    when compared.is_overtaken then same.version_no
                    else latest.version_no + 1
                end
            ) as version_no,
            own.version_no is not null as is_own,
            own.version_no is null and (
                latest.version_no is null
                or (latest.content_sha256 <> landed.content_sha256 and not compared.is_overtaken)
            ) as is_new,
            compared.is_depth_alone,
            compared.is_read_anew
        from landed
        inner join compared on landed.document_id = compared.document_id
        left join latest on landed.document_id = latest.document_id
        left join own on landed.document_id = own.document_id
        left join same
            on landed.document_id = same.document_id and landed.content_sha256 = same.content_sha256
        """,
        {"source": ledger.source_id, "crawl": ledger.crawl_id, "ended": ledger.ended_at},
    )
    connection.execute(
        """
        insert into raw.document_versions (source_id, document_id, version_no, content_sha256, change_origin,
            is_history, first_seen_at, crawl_id, fetch_id, fetched_url, payload_sha256, warc_file, warc_offset)
        select
            $source, matched.document_id, matched.version_no, landed.content_sha256,
            case when is_read_anew then 'parser' when is_depth_alone then 'vocabulary' else 'source' end,
            version_no = 1 and coalesce(
                stated.day + least(
                    $history + len(list_filter($blind::date[], lambda one: one > stated.day)), $waited
                )::integer < $started::date,
                $is_first
            ),
            landed.seen_at, $crawl, fetched.fetch_id, fetched.url, fetched.payload_sha256, fetched.warc_file,
            fetched.warc_offset
        from matched
        inner join landed using (line_no)
        inner join fetched using (fetch_id)
        cross join lateral (
            select coalesce(
                landed.published_date, landed.signed_date, landed.filed_at::date,
                landed.comments_open_date, landed.effective_date
            ) as day
        ) as stated
        where is_new
        order by matched.document_id
        """,
        {
            "source": ledger.source_id,
            "crawl": ledger.crawl_id,
            "started": ledger.started_at.date(),
            "history": HISTORY_DAYS,
            "waited": WAITED_DAYS,
            "blind": _blind_days(connection, ledger),
            "is_first": _is_first_look(connection, ledger),
        },
    )
    connection.execute(
        """
        update raw.document_versions as version set content_sha256 = landed.content_sha256
        from matched inner join landed using (line_no)
        where
            matched.is_own and version.source_id = $source and version.document_id = matched.document_id
            and version.version_no = matched.version_no
            and version.content_sha256 <> landed.content_sha256
        """,
        {"source": ledger.source_id},
    )


def _told_otherwise(before: str, after: str) -> str:
    """SQL: whether what one parser read of a document at two depths differs in what both of them tell.

    A line of a list says that a document is there; that its page was withdrawn, it may leave out.
    """
    dates = [f"{before}.{name} <> {after}.{name}" for name in TOLD_AT_ANY_DEPTH]
    words = [
        " <> ".join(f"regexp_replace(lower({side}.{name}), '[^\\pL\\pN]+', '', 'g')" for side in (before, after))
        for name in WORDED_AT_ANY_DEPTH
    ]
    states = f"""{before}.availability <> {after}.availability
        and list_sort([{before}.availability, {after}.availability]) <> ['available', 'withdrawn']"""
    told = " or ".join(f"coalesce({one}, false)" for one in (*dates, *words, states))
    return f"{before}.parser_version = {after}.parser_version and ({told})"


def _write_parses(connection: duckdb.DuckDBPyConnection, ledger: CrawlLedger) -> None:
    """Keep what this parser read of each version it has not read before."""
    columns = [
        row[0]
        for row in connection.execute(
            """
            select column_name from information_schema.columns
            where
                table_schema = 'raw' and table_name = 'document_parses'
                and column_name not in ('version_no', 'read_from')
            order by ordinal_position
            """
        ).fetchall()
    ]
    picked = ", ".join(f"line.document.{column} as {column}" for column in columns if column != "document_id")
    connection.execute(
        f"""
        insert into raw.document_parses by name
        with held as (
            select document_id, version_no, parser_version
            from raw.document_parses
            semi join matched using (document_id)
            where source_id = $source
        ),

        unheld as (
            select line_no, document_id, version_no
            from matched
            anti join held using (document_id, version_no, parser_version)
            where version_no is not null
        )

        select {picked}, line.read_from, unheld.document_id, unheld.version_no
        from landed_lines as line
        inner join unheld on line.rowid = unheld.line_no
        """,
        {"source": ledger.source_id},
    )


def _write_sightings(connection: duckdb.DuckDBPyConnection, ledger: CrawlLedger) -> None:
    parameters = {"source": ledger.source_id, "crawl": ledger.crawl_id}
    connection.execute(
        """
        create or replace temp table sighted as
        select
            landed.document_id,
            least(landed.seen_at, old.first_seen_at) as first_seen_at,
            greatest(landed.seen_at, old.last_seen_at) as last_seen_at,
            if(old.last_seen_at > landed.seen_at, old.last_crawl_id, $crawl) as last_crawl_id
        from landed
        left join raw.document_sightings as old
            on old.source_id = $source and old.document_id = landed.document_id
        """,
        parameters,
    )
    connection.execute(
        """
        delete from raw.document_sightings
        where source_id = $source and document_id in (select document_id from sighted)
        """,
        {"source": ledger.source_id},
    )
    connection.execute(
        """
        insert into raw.document_sightings (source_id, document_id, first_seen_at, last_seen_at, last_crawl_id)
        select $source, document_id, first_seen_at, last_seen_at, last_crawl_id from sighted order by document_id
        """,
        {"source": ledger.source_id},
    )
    connection.execute("drop table sighted; drop table matched")
