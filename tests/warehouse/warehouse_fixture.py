"""A small warehouse of handmade rows, true to the real documents where they are real.

Belongs here: building `warehouse.duckdb` from `pipelines/warehouse.sql` and a few stories (an order revoked, a rule
described by two sources, a correction, a page withdrawn, a call for applications, crawls good and bad). Does not belong
here: what dbt should make of them, which the tests say.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from pipelines.home import WAREHOUSE_VARIABLE
from pipelines.load import register_sources

ROOT = Path(__file__).parents[2]
DBT = ROOT / "dbt"
EO_14110 = "fr:2023-24283:2023-11-01"
EO_14148 = "fr:2025-01901:2025-01-28"
EO_14179 = "fr:2025-02172:2025-01-31"
EO_13960 = "fr:2020-27065:2020-12-08"
EO_13805 = "fr:2017-15680:2017-07-25"
CLOUD_RULE = "fr:2024-01580:2024-01-29"
CLOUD_CORRECTION = "fr:C1-2024-01580:2024-02-05"
CLOUD_NOTICE = "fr:2021-20430:2021-09-24"
CLOUD_EXTENSION = "fr:2024-05000:2024-03-08"
FILED_AND_PUBLISHED = "fr:2025-60001:2025-03-27"
FILED_AND_WITHDRAWN = "fr:2025-60002"
FILED = "fr:2025-60003"
ORDINARY_NOTICE = "fr:2025-00100:2025-01-08"
PRESS_RELEASE = "govuk:aaaa0000-0000-4000-8000-000000000001:en"
WITHDRAWN_GUIDE = "govuk:aaaa0000-0000-4000-8000-000000000002:en"
GONE_PAPER = "govuk:aaaa0000-0000-4000-8000-000000000003:en"
MEMORANDUM = "govuk:aaaa0000-0000-4000-8000-000000000004:en"
MEMORANDUM_TEXT = "govuk:aaaa0000-0000-4000-8000-000000000005:en"
RETURNED_GUIDE = "govuk:aaaa0000-0000-4000-8000-000000000006:en"
OPPORTUNITY = "grants-gov:359671"
POSTED_FORECAST = "grants-gov:359700"

Row = Mapping[str, Any]


class Warehouse:
    """Writes rows with plausible defaults; every story names only what it is about."""

    def __init__(self, path: Path) -> None:
        self.connection = duckdb.connect(str(path))
        self.connection.execute("set TimeZone = 'UTC'")
        self.connection.execute((ROOT / "pipelines" / "warehouse.sql").read_text(encoding="utf-8"))
        register_sources(self.connection)
        self.connection.execute("delete from raw.sources")

    def insert(self, table: str, row: Row) -> None:
        """Insert one row; values are bound."""
        marks = ", ".join("?" for _ in row)
        self.connection.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values()))

    def source(
        self,
        source_id: str,
        rank: int,
        jurisdiction: str = "US",
        time_zone: str = "America/New_York",
        listing: str = "window",
    ) -> None:
        """Register a source."""
        self.insert(
            "raw.sources",
            {
                "source_id": source_id,
                "title": source_id,
                "publisher": "Publisher",
                "jurisdiction": jurisdiction,
                "cadence": "daily",
                "listing": listing,
                "time_zone": time_zone,
                "licence": "us-public-domain",
                "rank": rank,
                "page": "https://example.org/",
                "description": "A source.",
                "verified": "recorded",
                "terms": "None.",
                "official_count": "none",
                "amendments": "none",
            },
        )

    def crawl(
        self,
        source_id: str,
        started_at: datetime,
        since: date,
        until: date,
        faults: Sequence[str] = (),
        found: Mapping[date, tuple[int, int | None]] | None = None,
    ) -> str:
        """Record a crawl with one fetch and its days; returns the crawl's id."""
        crawl_id = f"{started_at:%Y%m%dT%H%M%S}000000Z-{_sha(f'{source_id}{started_at}')[:6]}"
        counts = found or {}
        self.insert(
            "raw.crawls",
            {
                "crawl_id": crawl_id,
                "run_id": "run",
                "source_id": source_id,
                "since": since,
                "until": until,
                "started_at": started_at,
                "ended_at": started_at + timedelta(minutes=5),
                "planned": 1,
                "official_total": None,
                "found_total": sum(count[0] for count in counts.values()),
                "gate_passed": 0,
                "gate_left_out": 0,
                "rejected": 0,
                "is_good": not faults,
                "faults": list(faults),
                "archive_file": f"{crawl_id}.warc.gz",
                "archive_bytes": 1,
                "archive_sha256": _sha("archive"),
                "landing_sha256": _sha("landing"),
                "parser_version": f"{source_id}/1",
                "vocabulary_sha256": _sha("vocabulary"),
            },
        )
        for day, (held, official) in counts.items():
            self.insert(
                "raw.source_days",
                {"crawl_id": crawl_id, "source_id": source_id, "day": day, "found": held, "official": official},
            )
        self.insert(
            "raw.fetches",
            {
                "fetch_id": f"{crawl_id}-1",
                "crawl_id": crawl_id,
                "source_id": source_id,
                "seq": 1,
                "method": "GET",
                "url": "https://example.org/list",
                "purpose": "listing",
                "attempt": 1,
                "started_at": started_at,
                "ended_at": started_at + timedelta(seconds=1),
                "http_status": 200,
                "outcome": "ok",
                "body_bytes": 10,
                "payload_sha256": _sha(crawl_id),
                "warc_file": f"{crawl_id}.warc.gz",
                "warc_offset": 0,
                "documents": 1,
                "rejected": 0,
            },
        )
        return crawl_id

    def document(
        self,
        source_id: str,
        document_id: str,
        crawl_id: str,
        seen_at: datetime,
        version_no: int = 1,
        change_origin: str = "source",
        is_history: bool = False,
        relevance: int | None = 0,
        parser_version: str | None = None,
        **fields: Any,
    ) -> None:
        """Record a version of a document, its parse and its judgement."""
        key = {"source_id": source_id, "document_id": document_id, "version_no": version_no}
        self.insert(
            "raw.document_versions",
            {
                **key,
                "content_sha256": _sha(f"{key}"),
                "change_origin": change_origin,
                "is_history": is_history,
                "first_seen_at": seen_at,
                "crawl_id": crawl_id,
                "fetch_id": f"{crawl_id}-1",
                "fetched_url": "https://example.org/list",
                "payload_sha256": _sha(crawl_id),
                "warc_file": f"{crawl_id}.warc.gz",
                "warc_offset": 0,
            },
        )
        self.parse(source_id, document_id, version_no, parser_version or f"{source_id}/1", **fields)
        if relevance is not None:
            self.relevance(source_id, document_id, version_no, relevance)

    def parse(self, source_id: str, document_id: str, version_no: int, parser_version: str, **fields: Any) -> None:
        """Record what one parser read of a version."""
        row: dict[str, Any] = {
            "source_id": source_id,
            "document_id": document_id,
            "version_no": version_no,
            "parser_version": parser_version,
            "native_id": document_id.split(":")[1],
            "depth": "full",
            "availability": "available",
            "language": "en",
            "text_flags": [],
            "source_fields": "{}",
            "unread_fields": [],
        }
        lists = (
            "publishers", "identifiers", "relations", "amounts", "attachments", "translations", "change_history",
            "subjects",
        )  # fmt: skip
        self.insert("raw.document_parses", {**row, **{name: [] for name in lists}, **fields})

    def relevance(
        self, source_id: str, document_id: str, version_no: int, relevance: int, vocabulary: str = "vocabulary"
    ) -> None:
        """Record a judgement."""
        self.insert(
            "enriched.relevance",
            {
                "source_id": source_id,
                "document_id": document_id,
                "version_no": version_no,
                "extractor_version": "relevance/1",
                "vocabulary_sha256": _sha(vocabulary),
                "relevance": relevance,
                "rule": "title" if relevance else "no_term",
                "matched_terms": ["artificial intelligence"] if relevance else [],
                "quote": "Artificial Intelligence" if relevance else None,
                "quote_start": 0 if relevance else None,
                "quote_field": "title" if relevance else None,
            },
        )

    def disposition(
        self,
        document_id: str,
        relation: str,
        target: str,
        target_date: date | None,
        is_partial: bool = False,
        version_no: int = 1,
        quote: str | None = None,
    ) -> None:
        """Record a relation read from a disposition note of a document at the Federal Register."""
        position = self.connection.execute(
            "select count(*) + 1 from enriched.relations where document_id = ?", [document_id]
        ).fetchone()
        assert position is not None
        scheme, value = target.split(":")
        self.insert(
            "enriched.relations",
            {
                "source_id": "us_federal_register",
                "document_id": document_id,
                "version_no": version_no,
                "extractor_version": "dispositions/1",
                "position": position[0],
                "relation": relation,
                "is_partial": is_partial,
                "target_scheme": scheme,
                "target_value": value,
                "target_date": target_date,
                "field": "disposition_notes",
                "quote": quote or f"{relation} {target}",
                "quote_start": 0,
            },
        )

    def reference(self, document_id: str, relation: str, target: str, quote: str, field: str = "abstract") -> None:
        """Record a relation read from what version 1 of a document says at the Federal Register."""
        scheme, value = target.split(":")
        self.insert(
            "enriched.relations",
            {
                "source_id": "us_federal_register",
                "document_id": document_id,
                "version_no": 1,
                "extractor_version": "references/1",
                "position": 0,
                "relation": relation,
                "is_partial": False,
                "target_scheme": scheme,
                "target_value": value,
                "target_date": date.fromisoformat(value) if scheme == "fr_published" else None,
                "field": field,
                "quote": quote,
                "quote_start": 0,
            },
        )


def build_warehouse(path: Path) -> None:
    """Write the whole warehouse of the tests."""
    warehouse = Warehouse(path)
    warehouse.source("us_federal_register", 10)
    warehouse.source("us_govinfo_fr", 20)
    warehouse.source("uk_govuk", 10, "GB", "UTC")
    warehouse.source("us_grants_gov", 10, listing="snapshot")
    _orders(warehouse)
    _cloud_rule(warehouse)
    _pages(warehouse)
    _opportunity(warehouse)
    _changes_of_mind(warehouse)
    _filings(warehouse)
    _looks(warehouse)
    warehouse.connection.close()


def _orders(warehouse: Warehouse) -> None:
    crawl = warehouse.crawl(
        "us_federal_register", _at(2025, 2, 1), date(2025, 1, 1), date(2025, 1, 31), found={date(2025, 1, 28): (1, 1)}
    )
    for document_id, number, title, signed, relevance in (
        (EO_14110, "14110", "Safe, Secure, and Trustworthy Artificial Intelligence", date(2023, 10, 30), 2),
        (EO_14148, "14148", "Initial Rescissions of Harmful Executive Orders and Actions", date(2025, 1, 20), 0),
        (
            EO_14179,
            "14179",
            "Removing Barriers to American Leadership in Artificial Intelligence",
            date(2025, 1, 23),
            2,
        ),
        (EO_13960, "13960", "Promoting the Use of Trustworthy Artificial Intelligence", date(2020, 12, 3), 2),
        (EO_13805, "13805", "Establishing a Presidential Advisory Council", date(2017, 7, 19), 0),
    ):
        _, fr_number, published = document_id.split(":")
        warehouse.document(
            "us_federal_register",
            document_id,
            crawl,
            _at(2025, 2, 1),
            is_history=published < "2025",
            relevance=relevance,
            title=title,
            url=f"https://www.federalregister.gov/d/{fr_number}",
            document_type="Presidential Document",
            document_subtype="Executive Order",
            published_date=date.fromisoformat(published),
            signed_date=signed,
            publishers=[_organisation("Executive Office of the President", "executive-office-of-the-president", "538")],
            identifiers=[
                {"scheme": "fr_document", "value": fr_number},
                {"scheme": "eo", "value": number},
                {"scheme": "rin", "value": "0000-SHARED"},
            ],
        )
    warehouse.disposition(EO_14110, "revoked_by", "eo:14148", date(2025, 1, 20))
    warehouse.disposition(EO_14148, "revokes", "eo:14110", date(2023, 10, 30))
    warehouse.disposition(EO_14148, "revokes", "eo:13990", date(2021, 1, 20))
    warehouse.disposition(EO_13960, "revoked_by", "eo:14179", date(2025, 1, 23), is_partial=True)
    warehouse.disposition(EO_13805, "revoked_by", "eo:13811", date(2017, 9, 29))


def _cloud_rule(warehouse: Warehouse) -> None:
    """The API knows the rule, the bulk XML has its text, and a later document corrects it."""
    api = warehouse.crawl(
        "us_federal_register", _at(2024, 2, 6), date(2024, 1, 29), date(2024, 2, 5), found={date(2024, 1, 29): (1, 1)}
    )
    bulk = warehouse.crawl("us_govinfo_fr", _at(2024, 2, 6, 1), date(2024, 1, 29), date(2024, 2, 5))
    docket = {"scheme": "docket", "value": "DOC-2021-0007"}
    numbers = [
        {"scheme": "fr_document", "value": "2024-01580"},
        {"scheme": "fr_citation", "value": "89 FR 5698"},
        {"scheme": "rin", "value": "0694-AJ35"},
        docket,
    ]
    title = "Taking Additional Steps To Address the National Emergency: Infrastructure as a Service"
    rule: dict[str, Any] = {
        "title": title,
        "abstract": "Rules for providers of infrastructure as a service.",
        "document_type": "Proposed Rule",
        "action": "Proposed rule; request for comments.",
        "published_date": date(2024, 1, 29),
        "comments_close_date": date(2024, 4, 29),
        "dates_note": "Comments must be received by April 29, 2024. Later ones are not read.",
        "identifiers": numbers,
        "publishers": [
            _organisation("Commerce Department", "commerce-department", "54"),
            _organisation("Industry and Security Bureau", "industry-and-security-bureau", "241", "54"),
        ],
    }
    stated = {"scheme": "fr_document", "value": "C1-2024-01580"}
    warehouse.document(
        "us_federal_register",
        CLOUD_RULE,
        api,
        _at(2024, 2, 1),
        relevance=1,
        **{**rule, "comments_close_date": date(2024, 4, 1)},
    )
    warehouse.document(
        "us_federal_register",
        CLOUD_RULE,
        api,
        _at(2024, 2, 6),
        version_no=2,
        relevance=1,
        relations=[{"relation": "corrected_by", "target": stated, "field": "corrections", "quote": "C1-2024-01580"}],
        **rule,
    )
    warehouse.parse("us_federal_register", CLOUD_RULE, 2, "us_federal_register/10", **rule)
    warehouse.document(
        "us_govinfo_fr",
        CLOUD_RULE,
        bulk,
        _at(2024, 2, 6, 1),
        relevance=2,
        title="TAKING ADDITIONAL STEPS",
        body="Training a large AI model with potential capabilities.",
        document_type="Proposed Rule",
        published_date=date(2024, 1, 29),
        identifiers=numbers[:1],
        publishers=[_organisation("DEPARTMENT OF COMMERCE", None, None)],
    )
    warehouse.document(
        "us_federal_register",
        CLOUD_CORRECTION,
        api,
        _at(2024, 2, 6),
        relevance=1,
        title=f"{title}; Correction",
        document_type="Proposed Rule",
        action="Proposed rule; correction.",
        published_date=date(2024, 2, 5),
        identifiers=[{"scheme": "fr_document", "value": "C1-2024-01580"}],
        relations=[
            {
                "relation": "corrects",
                "target": numbers[0],
                "field": "correction_of",
                "quote": "https://www.federalregister.gov/api/v1/documents/2024-01580",
            }
        ],
    )
    warehouse.document(
        "us_federal_register",
        CLOUD_NOTICE,
        api,
        _at(2024, 2, 6),
        is_history=True,
        relevance=0,
        title=title,
        document_type="Proposed Rule",
        action="Advance notice of proposed rulemaking.",
        published_date=date(2021, 9, 24),
        identifiers=[{"scheme": "fr_document", "value": "2021-20430"}, docket],
        publishers=[_organisation("Commerce Department", "commerce-department", "54")],
    )
    warehouse.document(
        "us_federal_register",
        CLOUD_EXTENSION,
        api,
        _at(2024, 3, 9),
        relevance=0,
        title=f"{title}; Extension of Comment Period",
        abstract="The comment period for the proposed rule published on January 29, 2024 (89 FR 5698) is extended.",
        document_type="Proposed Rule",
        action="Proposed rule; extension of comment period.",
        published_date=date(2024, 3, 8),
        comments_close_date=date(2024, 5, 29),
        identifiers=[{"scheme": "fr_document", "value": "2024-05000"}],
    )
    warehouse.reference(
        CLOUD_EXTENSION,
        "extends",
        "fr_citation:89 FR 5698",
        "The comment period for the proposed rule published on January 29, 2024 (89 FR 5698) is extended.",
    )
    warehouse.document(
        "us_federal_register",
        ORDINARY_NOTICE,
        api,
        _at(2025, 1, 9),
        title="Notice of Filing of Plats of Surveys",
        depth="listing",
        document_type="Notice",
        action="Notice.",
        published_date=date(2025, 1, 8),
        identifiers=[{"scheme": "fr_document", "value": "2025-00100"}],
    )
    warehouse.document(
        "us_federal_register",
        "fr:2025-00101:2025-01-08",
        api,
        _at(2025, 1, 9),
        title="A document of a type never seen before",
        document_type="Unheard-of Document",
        published_date=date(2025, 1, 8),
        identifiers=[{"scheme": "fr_document", "value": "2025-00101"}],
    )


def _pages(warehouse: Warehouse) -> None:
    crawl = warehouse.crawl(
        "uk_govuk", _at(2025, 1, 14), date(2025, 1, 13), date(2025, 1, 13), found={date(2025, 1, 13): (2, None)}
    )

    def page(document_id: str, path: str, **fields: Any) -> None:
        warehouse.document(
            "uk_govuk",
            document_id,
            crawl,
            fields.pop("seen_at", _at(2025, 1, 14)),
            relevance=2,
            identifiers=[
                {"scheme": "govuk_content", "value": document_id.split(":")[1]},
                {"scheme": "govuk_path", "value": path},
            ],
            publishers=[_organisation("Department for Science, Innovation and Technology", "dsit", "dsit-id")],
            **fields,
        )

    news = {"document_type": "press_release", "published_date": date(2025, 1, 13)}
    page(PRESS_RELEASE, "/government/news/ai-plan", title="Plan for AI", body="The plan.", **news)
    page(
        PRESS_RELEASE,
        "/government/news/ai-plan-new",
        title="Plan for Artificial Intelligence",
        body="The plan, again.",
        version_no=2,
        seen_at=_at(2025, 1, 15),
        **news,
    )
    page(PRESS_RELEASE.replace(":en", ":cy"), "/government/news/ai-plan.cy", title="Cynllun AI", language="cy", **news)
    guide = {"document_type": "guidance", "title": "Guide to AI", "published_date": date(2019, 6, 10)}
    page(WITHDRAWN_GUIDE, "/guidance/ai", is_history=True, **guide)
    page(
        WITHDRAWN_GUIDE,
        "/guidance/ai",
        version_no=2,
        seen_at=_at(2025, 1, 16),
        availability="withdrawn",
        withdrawn_at=_at(2025, 1, 15, 23),
        withdrawal_note="Out of date.",
        **guide,
    )
    paper = {"document_type": "policy_paper", "title": "AI Strategy", "published_date": date(2021, 9, 22)}
    page(GONE_PAPER, "/government/publications/ai", is_history=True, **paper)
    page(GONE_PAPER, "/government/publications/ai", version_no=2, seen_at=_at(2025, 1, 17), availability="gone")
    memorandum: dict[str, Any] = {"published_date": date(2025, 1, 13), "document_type": "notice"}
    page(MEMORANDUM, "/government/publications/mou", title="Memorandum of Understanding on AI", **memorandum)
    page(
        MEMORANDUM_TEXT,
        "/government/publications/mou/text",
        title="Memorandum of Understanding on AI: text",
        document_type="html_publication",
        published_date=date(2025, 1, 14),
        relations=[
            {
                "relation": "part_of",
                "target": {"scheme": "govuk_content", "value": MEMORANDUM.split(":")[1]},
                "field": "links.parent",
                "quote": "Memorandum of Understanding on AI",
            }
        ],
    )


def _opportunity(warehouse: Warehouse) -> None:
    crawl = warehouse.crawl(
        "us_grants_gov", _at(2025, 1, 20), date(2025, 1, 1), date(2025, 1, 20), found={date(2025, 1, 6): (3, None)}
    )
    warehouse.document(
        "us_grants_gov",
        OPPORTUNITY,
        crawl,
        _at(2025, 1, 20),
        relevance=2,
        title="National Artificial Intelligence Research Institutes",
        document_type="synopsis",
        document_subtype="posted",
        published_date=date(2025, 1, 2),
        closes_date=date(2025, 1, 24),
        publishers=[_organisation("U.S. National Science Foundation", None, "NSF")],
        identifiers=[
            {"scheme": "opportunity_id", "value": "359671"},
            {"scheme": "opportunity_number", "value": "NSF-1"},
        ],
        amounts=[
            _amount("available", 20_000_000, 20_000_000, "estimatedFunding"),
            _amount("threshold", None, 5_000_000, "awardCeiling"),
        ],
    )
    call: dict[str, Any] = {
        "title": "Artificial Intelligence in Schools",
        "identifiers": [{"scheme": "opportunity_id", "value": "359700"}],
        "publishers": [_organisation("NATIONAL SCIENCE FOUNDATION", None, "NSF")],
        "relevance": 2,
    }
    warehouse.document(
        "us_grants_gov",
        POSTED_FORECAST,
        crawl,
        _at(2025, 1, 20),
        document_type="forecast",
        published_date=date(2025, 1, 6),
        closes_date=date(2025, 6, 1),
        **call,
    )
    warehouse.document(
        "us_grants_gov",
        POSTED_FORECAST,
        crawl,
        _at(2025, 1, 30),
        version_no=2,
        document_type="synopsis",
        published_date=date(2025, 1, 29),
        closes_date=date(2025, 7, 1),
        closes_dates=[date(2025, 5, 1), date(2025, 7, 1)],
        **call,
    )


def _changes_of_mind(warehouse: Warehouse) -> None:
    """Dates, acts and pages that were otherwise once.

    A rule whose effective day is moved, one revoked from a later day, a note that drops a target and keeps another in
    other words, and a page that is withdrawn and comes back.
    """
    source_id = "us_federal_register"
    days = {month: date(2025, month, 1) for month in (2, 4)}
    crawls = {month: warehouse.crawl(source_id, _at(2025, month, 1, 13), day, day) for month, day in days.items()}

    def rule(number: str, published: date, effective: date, month: int = 2, version_no: int = 1) -> str:
        document_id = f"fr:{number}:{published}"
        warehouse.document(
            source_id,
            document_id,
            crawls[month],
            _at(2025, month, 2),
            version_no,
            is_history=version_no == 1,
            relevance=2,
            title=f"Artificial Intelligence Rule {number}",
            document_type="Rule",
            action="Final rule.",
            published_date=published,
            effective_date=effective,
            identifiers=[{"scheme": "fr_document", "value": number}],
        )
        return document_id

    rule("2025-50001", date(2025, 2, 3), date(2025, 3, 1))
    rule("2025-50001", date(2025, 2, 3), date(2025, 6, 1), month=4, version_no=2)
    rule("2020-40001", date(2020, 2, 3), date(2020, 3, 1))
    revoking = rule("2025-50002", date(2025, 2, 3), date(2025, 6, 1))
    warehouse.reference(revoking, "revokes", "fr_document:2020-40001", "rescinds FR Doc. 2020-40001")

    def order(number: str, document_id: str, signed: date, month: int = 2, version_no: int = 1) -> str:
        _, fr_number, published = document_id.split(":")
        warehouse.document(
            source_id,
            document_id,
            crawls[month],
            _at(2025, month, 2),
            version_no,
            is_history=True,
            relevance=2,
            title=f"Order {number} on Artificial Intelligence",
            document_type="Presidential Document",
            document_subtype="Executive Order",
            published_date=date.fromisoformat(published),
            signed_date=signed,
            identifiers=[{"scheme": "fr_document", "value": fr_number}, {"scheme": "eo", "value": number}],
        )
        return document_id

    order("20001", "fr:2022-00001:2022-01-05", date(2022, 1, 3))
    order("20003", "fr:2022-00003:2022-01-05", date(2022, 1, 3))
    revoker = order("20002", "fr:2025-00002:2025-01-28", date(2025, 1, 20))
    order("20002", revoker, date(2025, 1, 20), month=4, version_no=2)
    both, other = "Revokes: EO 20001; EO 20003", "Revokes: EO 19000; EO 20001"
    warehouse.disposition(revoker, "revokes", "eo:20001", None, quote="Revokes: EO 20001")
    warehouse.disposition(revoker, "revokes", "eo:20003", None, quote=both)
    warehouse.disposition(revoker, "revokes", "eo:20001", None, version_no=2, quote=other)

    for version_no, (month, availability) in enumerate(((2, "available"), (3, "withdrawn"), (4, "available")), 1):
        crawl = warehouse.crawl("uk_govuk", _at(2025, month, 1), date(2025, month, 1), date(2025, month, 1))
        warehouse.document(
            "uk_govuk",
            RETURNED_GUIDE,
            crawl,
            _at(2025, month, 1),
            version_no,
            is_history=version_no == 1,
            relevance=2,
            title="Guide to AI that came back",
            document_type="guidance",
            published_date=date(2024, 1, 1),
            availability=availability,
            withdrawn_at=_at(2025, 2, 20) if availability == "withdrawn" else None,
            identifiers=[{"scheme": "govuk_content", "value": RETURNED_GUIDE.split(":")[1]}],
        )


def _filings(warehouse: Warehouse) -> None:
    """What was open to public inspection: a rule published after two days, one withdrawn, an order of no number yet."""
    days = [date(2025, 3, day) for day in (26, 28)]
    crawls = [warehouse.crawl("us_federal_register", _at(day.year, day.month, day.day, 13), day, day) for day in days]
    filed_at = _at(2025, 3, 26, 2)

    def filing(document_id: str, crawl: int, version_no: int = 1, **fields: Any) -> None:
        said = {"title": f"AI Rule of {document_id}", "document_type": "Rule", "availability": "filed"}
        number = document_id.split(":")[1]
        warehouse.document(
            "us_federal_register",
            document_id,
            crawls[crawl],
            _at(2025, 3, days[crawl].day, 14),
            version_no,
            relevance=2,
            identifiers=[{"scheme": "fr_document", "value": number}],
            **{**said, **fields},
        )

    filing(FILED_AND_PUBLISHED, 0, filed_at=filed_at)
    filing(
        FILED_AND_PUBLISHED, 1, 2, availability="available", action="Final rule.", published_date=date(2025, 3, 27),
        effective_date=date(2025, 3, 29),
    )  # fmt: skip
    filing(FILED_AND_WITHDRAWN, 0, filed_at=filed_at)
    filing(FILED_AND_WITHDRAWN, 1, 2, availability="withdrawn", withdrawal_note="Withdrawn by the agency.")
    filing(FILED, 1, filed_at=filed_at, document_type="Presidential Document", title="Order on Artificial Intelligence")


def _looks(warehouse: Warehouse) -> None:
    """Crawls that found nothing, could not look, or failed where an earlier one had looked; and unreadable records."""
    warehouse.crawl("uk_govuk", _at(2025, 1, 18), date(2025, 1, 16), date(2025, 1, 16))
    failed = warehouse.crawl(
        "uk_govuk", _at(2025, 1, 19), date(2025, 1, 16), date(2025, 1, 17), faults=["HTTP 503 at page 2"]
    )
    warehouse.crawl("uk_govuk", _at(2025, 1, 17), date(2025, 1, 13), date(2025, 1, 13), faults=["block page"])
    warehouse.insert(
        "raw.quarantine",
        {
            "quarantine_id": _sha("quarantine")[:32],
            "source_id": "uk_govuk",
            "crawl_id": failed,
            "fetch_id": f"{failed}-1",
            "where_in_answer": "/results/3",
            "error": "ValidationError",
            "message": "expected a date, got 'soon'",
            "raw_text": "{}",
            "quarantined_at": _at(2025, 1, 19),
            "record_key": "00000000000000aa",
            "kind": "record",
            "item": "/results",
            "body_sha256": _sha("{}"),
        },
    )
    warehouse.insert(
        "raw.overrides",
        {
            "override_id": "00000000000000bb",
            "record_key": "00000000000000aa",
            "source_id": "uk_govuk",
            "item": "/results",
            "error": "ValidationError",
            "verdict": "reject",
            "state": "rejected",
            "fetch_id": f"{failed}-1",
            "old_values": "{}",
            "new_values": "{}",
            "author": "Ada",
            "reason": "An advertisement, not a document.",
            "decided_at": _at(2025, 1, 20),
        },
    )
    warehouse.connection.execute(
        """
        insert into raw.document_sightings
        select source_id, document_id, min(first_seen_at), max(first_seen_at), max(crawl_id)
        from raw.document_versions group by all
        """
    )


def run_dbt(command: str, warehouse: Path, target: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run dbt as the pipeline does: a child process, told by the environment where the warehouse is.

    What was read of the project when it was installed is used again; dbt reads anew what has changed since.
    """
    target.mkdir(parents=True, exist_ok=True)
    shutil.copy(DBT / "target" / "partial_parse.msgpack", target)
    dbt = str(Path(sys.executable).with_name("dbt"))
    folders = ["--project-dir", str(DBT), "--profiles-dir", str(DBT), "--target-path", str(target)]
    return subprocess.run(
        [dbt, command, *folders, "--log-path", str(target), *arguments],
        env=os.environ | {WAREHOUSE_VARIABLE: str(warehouse)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def _organisation(name: str, slug: str | None, native_id: str | None, parent_id: str | None = None) -> dict[str, Any]:
    return {
        "name": name,
        "native_id": native_id,
        "slug": slug,
        "parent_id": parent_id,
        "url": None,
        "raw_name": None,
    }


def _amount(kind: str, low: int | None, high: int | None, field: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "low": None if low is None else Decimal(low),
        "high": None if high is None else Decimal(high),
        "currency": "USD",
        "raw": str(high or low),
        "field": field,
    }


def _at(year: int, month: int, day: int, hour: int = 12) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
