"""A small handmade edition: `policy.duckdb` with the tables of the marts, for tests that read an edition.

Belongs here: the marts' columns and types as readers see them, and rows that tell a handful of weeks:
2025-W04 a revocation, 2025-W05 its publication, 2026-W36 odd kinds of everything, 2026-W37 what was noticed late,
2026-W40 a full week, 2026-W41 an empty one, 2026-W42 hostile text, 2026-W43 a blind source, 2026-W44 a crowded week.
Does not belong here: how marts are made (dbt).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

TABLES = {
    "documents": """document_id varchar, lead_source_id varchar, source_ids varchar[], native_id varchar,
        names varchar[], title varchar, abstract varchar, body varchar, url varchar, language varchar,
        document_type varchar, document_subtype varchar, action varchar, instrument varchar, jurisdiction varchar,
        availability varchar, depth varchar, published_date date, signed_date date, effective_date date,
        comments_open_date date, comments_close_date date, closes_date date, filed_at timestamptz,
        published_at timestamptz, updated_at timestamptz, withdrawn_at timestamptz, withdrawal_note varchar,
        disposition_notes varchar, agency_ids varchar[],
        agency_names varchar[], subjects varchar[], is_significant boolean, relevance bigint, relevance_rule varchar,
        matched_terms varchar[], completeness varchar, version_count bigint, first_seen_at timestamptz,
        policy_id varchar, evidence_id varchar""",
    "document_versions": """source_id varchar, document_id varchar, version_no bigint, version_id varchar,
        content_sha256 varchar, change_origin varchar, is_news boolean, changed_fields varchar[], field_diff json,
        change_kind varchar, title varchar, availability varchar, first_seen_at timestamptz, fetched_url varchar,
        evidence_id varchar, override_id varchar""",
    "policies": """policy_id varchar, title varchar, instrument varchar, jurisdiction varchar, track varchar,
        lead_document_id varchar, identifiers struct(scheme varchar, value varchar)[], first_event_date date,
        last_event_date date, topics varchar[], parties struct(code varchar, name varchar)[], latest_status varchar,
        latest_status_since date, is_ai boolean, url varchar, evidence_id varchar""",
    "text_changes": "version_id varchar, document_id varchar, field varchar, before varchar, after varchar",
    "policy_aliases": "alias varchar, policy_id varchar, reason varchar",
    "document_aliases": "alias varchar, document_id varchar, reason varchar",
    "policy_documents": "policy_id varchar, document_id varchar, role varchar, belongs_by varchar",
    "policy_events": """event_id varchar, policy_id varchar, document_id varchar, event varchar, event_date date,
        source_field varchar, by_policy_id varchar, confidence varchar, quote varchar, known_from timestamptz,
        evidence_id varchar""",
    "policy_event_history": """event_id varchar, policy_id varchar, document_id varchar, event varchar, event_date date,
        source_field varchar, by_policy_id varchar, confidence varchar, quote varchar, known_from timestamptz,
        known_until timestamptz, evidence_id varchar""",
    "policy_relations": """relation_id varchar, from_policy_id varchar, from_identifier varchar, relation varchar,
        is_partial boolean, provision varchar, to_policy_id varchar, to_identifier varchar, relation_date date,
        until_date date, stated_by_document_id varchar, source_field varchar, quote varchar, confidence varchar,
        known_from timestamptz, evidence_id varchar""",
    "policy_relation_history": """relation_id varchar, from_policy_id varchar, from_identifier varchar,
        relation varchar, is_partial boolean, provision varchar, to_policy_id varchar, to_identifier varchar,
        relation_date date, until_date date, stated_by_document_id varchar, source_field varchar, quote varchar,
        confidence varchar, known_from timestamptz, known_until timestamptz, evidence_id varchar""",
    "obligations": """obligation_id varchar, policy_id varchar, document_id varchar, section varchar, actor varchar,
        action varchar, period varchar, anchor varchar, due_date date, recurrence varchar, void_from date,
        void_by_policy_id varchar, source_field varchar, quote varchar, evidence_id varchar""",
    "amounts": """amount_id varchar, document_id varchar, policy_id varchar, kind varchar, low decimal(24, 2),
        high decimal(24, 2), currency varchar, qualifier varchar, period varchar, raw_text varchar,
        source_field varchar, evidence_id varchar""",
    "sources": """source_id varchar, title varchar, publisher varchar, jurisdiction varchar, cadence varchar,
        listing varchar, time_zone varchar, licence varchar, rank bigint, page varchar, description varchar,
        verified varchar, official_count varchar""",
    "edition": "edition_id varchar, as_of timestamptz, content_sha256 varchar, is_sample boolean",
    "source_looks": """source_id varchar, day date, outcome varchar, found bigint, official_count bigint,
        crawl_id varchar, checked_at timestamptz, reason varchar""",
    "quarantine": """quarantine_id varchar, source_id varchar, crawl_id varchar, error varchar, message varchar,
        where_in_answer varchar, raw_text varchar, quarantined_at timestamptz, evidence_id varchar,
        record_key varchar, kind varchar, document_id varchar, verdict varchar, override_id varchar""",
    "overrides": """override_id varchar, record_key varchar, source_id varchar, item varchar, error varchar,
        verdict varchar, state varchar, note varchar, document_id varchar, policy_id varchar, old_values json,
        new_values json, author varchar, reason varchar, decided_at timestamptz, supersedes_override_id varchar,
        evidence_id varchar""",
    "evidence": """evidence_id varchar, source_id varchar, document_id varchar, version_no bigint, quote varchar,
        quote_start bigint, quote_field varchar, payload_sha256 varchar, source_url varchar, warc_file varchar,
        warc_offset bigint, fetched_at timestamptz, parser_version varchar, override_id varchar""",
}

COVERAGE = """
create table source_coverage as
select source_id, day, outcome, found, official_count, cast(null as bigint) as left_out, crawl_id, checked_at, reason
from source_looks
"""
MACROS = Path(__file__).parents[2] / "dbt" / "macros" / "published"

FR, PI, UK, GRANTS = "us_federal_register", "us_public_inspection", "gb_govuk", "us_grants_gov"
HOSTILE = (
    "<script>alert(1)</script> ](javascript:alert(1)) [x](https://evil.example) | `tick` {{7*7}} {% raw %} "
    '" onload="alert(1) \r\n# Not a heading \u202egnp.exe\u2069 ${7*7} '
    "&lt;img src=x onerror=alert(1)&gt; *a* _b_ www.evil.example"
)

_PATTERNS = TemporaryDirectory(prefix="aipolicy-editions-")

Row = dict[str, Any]


def make_edition(folder: Path, *, crowd: int = 55, is_sample: bool = False) -> Path:
    """Write ``<folder>/policy.duckdb``; ``crowd`` is the number of documents of the crowded week."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_written_once(crowd), folder / "policy.duckdb")
    with duckdb.connect(str(folder / "policy.duckdb")) as connection:
        connection.execute("update edition set edition_id = ?, is_sample = ?", [folder.name, is_sample])
    return folder


@cache
def _written_once(crowd: int) -> Path:
    """The database that all editions of one process with the same crowd are copies of."""
    edition = _Edition()
    edition.add("edition", as_of=at(date(2026, 11, 5)), content_sha256="0" * 64)
    _tell_sources(edition)
    _tell_revocation(edition)
    _tell_odd_week(edition)
    _tell_full_week(edition)
    _tell_hostile_week(edition)
    for number in range(crowd):
        edition.document(f"govuk:crowd-{number:03}", f"Speech number {number:03} on AI", "speech", date(2026, 10, 27))
    path = Path(_PATTERNS.name) / f"{crowd}.duckdb"
    edition.write(path)
    return path


class _Edition:
    """Rows by table, with short ways to add what belongs together."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {table: [] for table in TABLES}

    def add(self, table: str, **row: Any) -> None:
        self.rows[table].append(row)

    def evidence(self, about: str) -> str:
        evidence_id = f"{abs(int.from_bytes(about.encode()[-8:].rjust(8), 'big')):016x}{len(self.rows['evidence']):04x}"
        self.add(
            "evidence", evidence_id=evidence_id, source_id=FR, document_id=about, version_no=1, quote=None,
            payload_sha256="0" * 64, source_url="https://www.federalregister.gov/api/v1/documents.json",
            warc_file="a.warc.gz", warc_offset=0, fetched_at=at(date(2026, 10, 5)), parser_version="x/1",
        )  # fmt: skip
        return evidence_id

    def document(self, document_id: str, title: str, instrument: str | None, published: date, **more: Any) -> None:
        seen = more.pop("first_seen_at", at(published, 13))
        is_news = more.pop("is_news", False)
        row = {
            "document_id": document_id, "lead_source_id": FR, "source_ids": [FR], "native_id": document_id,
            "names": [],
            "title": title, "url": f"https://www.gov.uk/{document_id.replace(':', '/')}", "language": "en",
            "instrument": instrument, "jurisdiction": "GB", "availability": "available", "depth": "full",
            "published_date": published, "agency_names": ["Department for Science, Innovation and Technology"],
            "relevance": 1, "completeness": "full", "version_count": 1, "first_seen_at": seen, "is_significant": None,
            "evidence_id": self.evidence(document_id),
        }  # fmt: skip
        self.add("documents", **{**row, **more})
        self.add(
            "document_versions", source_id=row["lead_source_id"], document_id=document_id, version_no=1,
            version_id=f"{document_id}@1", content_sha256="1" * 64, change_origin="source",
            is_news=is_news, changed_fields=[], field_diff=None, title=title,
            availability="available", first_seen_at=seen, evidence_id=row["evidence_id"],
        )  # fmt: skip

    def policy(
        self, policy_id: str, document_id: str, title: str, instrument: str, track: str | None, events: dict[str, date],
        *, is_ai: bool = True, identifiers: Iterable[tuple[str, str]] = (), jurisdiction: str = "US", **document: Any,
    ) -> None:  # fmt: skip
        """A policy with its lead document and its events; the document's url serves both."""
        published = events.get("published") or min(events.values())
        columns = {"signed": "signed_date", "effective": "effective_date", "comment_closes": "comments_close_date"}
        dates = {columns[event]: day for event, day in events.items() if event in columns}
        self.document(
            document_id, title, instrument, published,
            **{"policy_id": policy_id, "jurisdiction": jurisdiction, "relevance": 2 if is_ai else 0},
            **dates, **document,
        )  # fmt: skip
        lead = self.rows["documents"][-1]
        self.add(
            "policies", policy_id=policy_id, title=title, instrument=instrument, jurisdiction=jurisdiction, track=track,
            lead_document_id=document_id, identifiers=[{"scheme": s, "value": v} for s, v in identifiers],
            first_event_date=min(events.values()), last_event_date=max(events.values()), latest_status="in_force",
            latest_status_since=min(events.values()), is_ai=is_ai, url=lead["url"], evidence_id=lead["evidence_id"],
        )  # fmt: skip
        self.add("policy_documents", policy_id=policy_id, document_id=document_id, role="lead", belongs_by="number")
        for event, day in events.items():
            self.event(policy_id, document_id, event, day, known_from=lead["first_seen_at"])

    def event(self, policy_id: str, document_id: str, event: str, day: date, **more: Any) -> None:
        self.add(
            "policy_events", event_id=f"{policy_id}:{event}:{day}", policy_id=policy_id, document_id=document_id,
            event=event, event_date=day, source_field=event, evidence_id=self.rows["evidence"][-1]["evidence_id"],
            **{"known_from": at(day, 13), **more},
        )  # fmt: skip

    def relation(self, start: str, relation: str, end: str, day: date | None, **more: Any) -> None:
        row = {
            "relation_id": f"{start}:{relation}:{end}", "from_policy_id": start, "relation": relation,
            "to_policy_id": end, "stated_by_document_id": self.lead(start), "relation_date": day,
            "is_partial": False, "confidence": "official",
            "evidence_id": self.rows["evidence"][-1]["evidence_id"],
            "known_from": at(day, 13) if day else at(date(2026, 10, 2)),
        }  # fmt: skip
        self.add("policy_relations", **{**row, **more})

    def lead(self, policy_id: str) -> str | None:
        """The document that leads a policy; None where the edition does not hold it."""
        return next((row["lead_document_id"] for row in self.rows["policies"] if row["policy_id"] == policy_id), None)

    def look(self, source_id: str, day: date, outcome: str, found: int, **more: Any) -> None:
        row = {"crawl_id": f"{source_id}-{day:%G-W%V}", "checked_at": at(day + timedelta(1)), "reason": None}
        self.add(
            "source_looks", source_id=source_id, day=day, outcome=outcome, found=found, official_count=found,
            **{**row, **more},
        )  # fmt: skip

    def write(self, path: Path) -> None:
        with duckdb.connect(str(path)) as connection:
            # In one transaction: each of hundreds of rows would wait for the disk otherwise.
            connection.begin()
            for table, columns in TABLES.items():
                connection.execute(f"create table {table} ({columns})")
                for names, rows in groupby(self.rows[table], key=tuple):
                    # In one statement: each of hundreds of rows would be planned anew otherwise.
                    values = [list(row.values()) for row in rows]
                    holes = ", ".join([f"({', '.join('?' for _ in names)})"] * len(values))
                    connection.execute(
                        f"insert into {table} ({', '.join(names)}) values {holes}",
                        [value for row in values for value in row],
                    )
            connection.execute(COVERAGE)
            for macro in ("policy_status_as_of", "obligations_as_of", "deadlines_as_of"):
                connection.execute((MACROS / f"{macro}.sql").read_text(encoding="utf-8"))
            connection.commit()


def at(day: date, hour: int = 0) -> datetime:
    """An instant of a day, UTC."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def _tell_sources(edition: _Edition) -> None:
    for rank, (source_id, title, page, licence) in enumerate(
        (
            (FR, "US Federal Register", "https://www.federalregister.gov/", "us-public-domain"),
            (
                PI,
                "US Federal Register public inspection",
                "https://www.federalregister.gov/public-inspection",
                "us-public-domain",
            ),
            (UK, "GOV.UK", "https://www.gov.uk/", "OGL-UK-3.0"),
            (GRANTS, "Grants.gov", "https://www.grants.gov/", "us-public-domain"),
        )
    ):
        edition.add(
            "sources", source_id=source_id, title=title, page=page, licence=licence, rank=rank * 10,
            verified="recorded", jurisdiction="GB" if source_id == UK else "US",
        )  # fmt: skip
    for week in ("2025-W04", "2025-W05", "2026-W40", "2026-W41", "2026-W42", "2026-W44"):
        for day in days_of(week):
            for source_id in (FR, PI, UK, GRANTS):
                is_weekend = day.weekday() >= 5
                edition.look(
                    source_id, day, "checked_nothing_found" if is_weekend or week == "2026-W41" else "checked",
                    0 if is_weekend or week == "2026-W41" else 100 + day.day,
                )  # fmt: skip
    for day in days_of("2026-W43"):
        edition.look(FR, day, "checked", 120)
        edition.look(PI, day, "checked", 80)
        edition.look(UK, day, "could_not_look", 0, reason="answers were block pages: Request Access (12 of 12)")
        if day.weekday() < 3:
            edition.look(GRANTS, day, "checked", 9)
    for day in days_of("2026-W36"):
        is_blind = day.weekday() >= 5
        edition.look(FR, day, "could_not_look" if is_blind else "checked", 0 if is_blind else 90)
        edition.look(PI, day, "checked_nothing_kept", 0)
        edition.look(UK, day, "checked", 7)
        edition.look(GRANTS, day, "checked_nothing_found", 0)
    edition.add(
        "quarantine", quarantine_id="q1", source_id=FR, crawl_id=f"{FR}-2026-W43", error="UnknownShape",
        message="expected a document_number, got none", where_in_answer="/results/3", raw_text="{}",
        quarantined_at=at(date(2026, 10, 21)),
    )  # fmt: skip


def _tell_revocation(edition: _Edition) -> None:
    edition.policy(
        "us-eo-14110", "fr:2023-24283:2023-11-01",
        "Safe, Secure, and Trustworthy Development and Use of Artificial Intelligence", "executive_order",
        "executive_orders", {"signed": date(2023, 10, 30), "published": date(2023, 11, 1)},
        identifiers=[("eo", "14110"), ("fr_document", "2023-24283")],
        agency_names=["Executive Office of the President"],
        url="https://www.federalregister.gov/documents/2023/11/01/2023-24283/safe-secure-and-trustworthy-development-and-use-of-artificial-intelligence",
    )  # fmt: skip
    edition.policy(
        "us-eo-14148", "fr:2025-01901:2025-01-28", "Initial Rescissions of Harmful Executive Orders and Actions",
        "executive_order", "executive_orders", {"signed": date(2025, 1, 20), "published": date(2025, 1, 28)},
        is_ai=False, identifiers=[("eo", "14148")], agency_names=["Executive Office of the President"],
        url="https://www.federalregister.gov/documents/2025/01/28/2025-01901/initial-rescissions-of-harmful-executive-orders-and-actions",
        first_seen_at=at(date(2025, 1, 27), 14),
    )  # fmt: skip
    revoked = date(2025, 1, 20)
    known = at(date(2025, 1, 27), 14)
    edition.relation(
        "us-eo-14148", "revokes", "us-eo-14110", revoked, quote="Revokes: EO 14110, October 30, 2023", known_from=known
    )
    edition.event(
        "us-eo-14110", "fr:2025-01901:2025-01-28", "revoked", revoked, by_policy_id="us-eo-14148", known_from=known
    )
    edition.relation("us-eo-14148", "revokes", "r-13990", revoked, to_policy_id=None, to_identifier="eo:13990")


def _tell_odd_week(edition: _Edition) -> None:
    noticed = at(date(2026, 9, 7), 8)
    edition.policy(
        "gb-govuk-aisi", "govuk:aisi", "AI Safety Institute: overview", "guidance", "safety_institutes",
        {"published": date(2024, 2, 1)}, jurisdiction="GB", lead_source_id=UK, availability="withdrawn",
        withdrawn_at=at(date(2026, 9, 4), 9),
        withdrawal_note="The AI Safety Institute became the AI Security Institute. See its new page.",
    )  # fmt: skip
    edition.event("gb-govuk-aisi", "govuk:aisi", "withdrawn", date(2026, 9, 4), known_from=noticed)
    edition.document(
        "govuk:transcript", "Transcript of a hearing on AI", "other", date(2026, 9, 3), lead_source_id=UK,
        document_type="html_publication", availability="withdrawn", withdrawn_at=at(date(2026, 9, 6), 20),
        withdrawal_note="Published in error.", closes_date=date(2026, 9, 9),
    )  # fmt: skip
    for document_id in ("govuk:aisi", "govuk:transcript"):
        edition.add(
            "document_versions", source_id=UK, document_id=document_id, version_no=2, version_id=f"{document_id}@2",
            content_sha256="3" * 64, change_origin="source", is_news=True,
            changed_fields=["availability", "withdrawn_date"], field_diff="[]", title="x", availability="withdrawn",
            first_seen_at=noticed, evidence_id="d" * 40,
        )  # fmt: skip
    edition.policy(
        "us-fr-2026-17900", "fr:2026-17900:2026-09-01", "Request for Information on Compute", "request_for_comment",
        None, {"published": date(2026, 9, 1), "comment_closes": date(2026, 12, 20)},
        url="https://www.federalregister.gov/documents/2026/09/01/2026-17900/rfi",
    )  # fmt: skip
    edition.policy(
        "us-fr-2026-18000", "fr:2026-18000:2026-09-02", "Export Controls; Correction", "correction",
        "export_controls", {"published": date(2026, 9, 2)},
        url="https://www.federalregister.gov/documents/2026/09/02/2026-18000/correction",
    )  # fmt: skip
    edition.relation("us-fr-2026-18000", "corrects", "us-fr-2026-17000", date(2026, 9, 2))
    edition.relation(
        "us-fr-2026-18000", "corrects", "-", date(2026, 9, 2), to_policy_id=None, to_identifier="fr_document:2026-16500"
    )
    edition.policy(
        "us-grants-gov-361000", "grants-gov:361000", "Compute for Universities", "funding_opportunity", "funding",
        {"opens": date(2026, 9, 1)}, url="https://www.grants.gov/search-results-detail/361000", lead_source_id=GRANTS,
    )  # fmt: skip
    for field, kind, low, high in (
        ("awardFloor", "threshold", "250000", None),
        ("awardCeiling", "threshold", None, "1000000"),
        ("estimatedFunding", "available", "73000000", "73000000"),
    ):
        edition.add(
            "amounts", amount_id=field.lower(), document_id="grants-gov:361000", kind=kind, low=low, high=high,
            currency="USD", raw_text=low or high, source_field=field, evidence_id="b" * 40,
        )  # fmt: skip


def _tell_full_week(edition: _Edition) -> None:
    edition.policy(
        "us-eo-14434", "fr:2026-20321:2026-10-02", "Inaugurating the Era of Super Intelligence", "executive_order",
        "executive_orders",
        {"signed": date(2026, 9, 29), "published": date(2026, 10, 2), "effective": date(2026, 9, 29)},
        identifiers=[("eo", "14434"), ("fr_citation", "91 FR 63129")],
        agency_names=["Executive Office of the President"],
        body="By the authority vested in me:\nSection 1. Purpose and Policy. (a) The executive branch writes Super "
        "Intelligence. It did not before.\nSec. 2. Definitions. None.",
        url="https://www.federalregister.gov/documents/2026/10/02/2026-20321/inaugurating-the-era-of-super-intelligence",
    )  # fmt: skip
    edition.policy(
        "us-fr-2026-20100", "fr:2026-20100:2026-09-30",
        "Reporting of Remote Access to Advanced Computing Clusters", "proposed_rule", "cloud_access",
        {"proposed": date(2026, 9, 30), "published": date(2026, 9, 30), "comment_closes": date(2026, 10, 30)},
        agency_names=["Commerce Department", "Industry and Security Bureau"], is_significant=True,
        abstract="The U.S. Department of Commerce proposes to require cloud providers (see No. 5 of the annex) to "
        "report remote access by foreign persons to clusters above a threshold. Comments are invited on all parts.",
        url="https://www.federalregister.gov/documents/2026/09/30/2026-20100/reporting-of-remote-access",
    )  # fmt: skip
    edition.relation("us-fr-2026-20100", "implements", "us-eo-14434", None)
    edition.relation("us-fr-2026-20100", "cites", "us-eo-14110", None)
    edition.policy(
        "us-grants-gov-363001", "grants-gov:363001", "AI Research Institutes", "funding_opportunity", "funding",
        {"opens": date(2026, 10, 1), "closes": date(2026, 10, 12)}, agency_names=["National Science Foundation"],
        url="https://www.grants.gov/search-results-detail/363001", lead_source_id=GRANTS,
        closes_date=date(2026, 10, 12),
        abstract="Supports multi-site institutes.",
    )  # fmt: skip
    edition.policy(
        "us-fr-2026-17000", "fr:2026-17000:2026-08-30", "Export Controls on Advanced Computing Items", "final_rule",
        "export_controls", {"published": date(2026, 8, 30), "effective": date(2026, 10, 1)},
        agency_names=["Industry and Security Bureau"],
        url="https://www.federalregister.gov/documents/2026/08/30/2026-17000/export-controls",
    )  # fmt: skip
    edition.policy(
        "us-fr-2026-16000", "fr:2026-16000:2026-08-20", "Request for Information on Agent Security",
        "request_for_comment", None, {"published": date(2026, 8, 20), "comment_closes": date(2026, 10, 2)},
        agency_names=["National Institute of Standards and Technology"],
        url="https://www.federalregister.gov/documents/2026/08/20/2026-16000/rfi",
    )  # fmt: skip
    edition.document(
        "govuk:aisi-news", "AI Security Institute opens a second site", "press_release", date(2026, 9, 30),
        abstract="The institute will test frontier systems in a new building.", relevance=2,
        url="https://www.gov.uk/government/news/ai-security-institute-opens-a-second-site", lead_source_id=UK,
    )  # fmt: skip
    edition.document(
        "fr:2026-19999:2026-09-25", "Notice of an AI Advisory Committee Meeting", "meeting", date(2026, 9, 25),
        first_seen_at=at(date(2026, 9, 29)), is_news=True, jurisdiction="US",
    )  # fmt: skip
    edition.relation(
        "us-eo-14434", "amends", "us-fr-2026-17000", date(2026, 9, 29), is_partial=True, confidence="inferred"
    )
    edition.add(
        "document_versions", source_id=FR, document_id="fr:2026-16000:2026-08-20", version_no=2, version_id="v2",
        content_sha256="2" * 64, change_origin="source", is_news=True,
        changed_fields=["comments_close_date", "abstract"],
        field_diff=json.dumps([{"field": "comments_close_date", "before": "2026-09-20", "after": "2026-10-02"}]),
        title="Request for Information on Agent Security", availability="available",
        first_seen_at=at(date(2026, 9, 28), 9), evidence_id="e" * 40,
    )  # fmt: skip
    for amount_id, kind, low, high, currency, raw in (
        ("m1", "available", "5000000.00", "20000000.00", "USD", "Award floor $5,000,000; ceiling $20,000,000"),
        (
            "m2",
            "announced",
            "140000000.00",
            "140000000.00",
            "USD",
            "an estimated $140 million, subject to appropriations",
        ),
        ("m3", "announced", None, "46000000.00", "GBP", "up to £46 million"),
        ("m4", "available", None, None, None, "amount to be determined"),
    ):
        document_id = "govuk:aisi-news" if currency == "GBP" else "grants-gov:363001"
        edition.add(
            "amounts", amount_id=amount_id, document_id=document_id, kind=kind, low=low, high=high, currency=currency,
            raw_text=raw, source_field="award", evidence_id="a" * 40,
        )  # fmt: skip


def _tell_hostile_week(edition: _Edition) -> None:
    edition.policy(
        'us-x-"><script>', "fr:hostile", HOSTILE, "notice_other", '"><b>',
        {"published": date(2026, 10, 13), "comment_closes": date(2026, 10, 20)},
        url="javascript:alert(document.domain)", abstract=f"1. {HOSTILE}", agency_names=[HOSTILE, "Ärzte | Agency"],
        jurisdiction="<i>", language='en"><script>',
    )  # fmt: skip
    edition.policy(
        "us-x-long", "fr:long", "Word " * 20_000, "guidance", "other", {"published": date(2026, 10, 14)},
        url="https://www.gov.uk/a)b(c\"d'e_f_g>h?x=1&copy;=2#z", language="fr",
    )  # fmt: skip
    edition.document("govuk:userinfo", "- dash first", None, date(2026, 10, 15), url="https://www.gov.uk@evil.example/")
    edition.add(
        "amounts", amount_id="mx", document_id="fr:hostile", kind="other", low=None, high="7.50", currency="<b>",
        raw_text=HOSTILE, source_field="x", evidence_id="`'<x>`" * 8,
    )  # fmt: skip
    edition.relation(
        "us-x-long", "supersedes", "-", date(2026, 10, 14), to_policy_id=None, to_identifier=HOSTILE, quote=HOSTILE
    )


def days_of(week: str) -> list[date]:
    """The seven days of an ISO week."""
    year, number = int(week[:4]), int(week[6:])
    return [date.fromisocalendar(year, number, weekday) for weekday in range(1, 8)]
