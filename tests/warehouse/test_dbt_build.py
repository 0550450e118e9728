"""dbt build on a small warehouse: it passes, and the marts answer the questions they are for."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.warehouse.warehouse_fixture import (
    CLOUD_EXTENSION,
    CLOUD_RULE,
    DBT,
    EO_13805,
    FILED,
    FILED_AND_PUBLISHED,
    FILED_AND_WITHDRAWN,
    GONE_PAPER,
    MEMORANDUM,
    MEMORANDUM_TEXT,
    OPPORTUNITY,
    ORDINARY_NOTICE,
    POSTED_FORECAST,
    PRESS_RELEASE,
    RETURNED_GUIDE,
    WITHDRAWN_GUIDE,
    Warehouse,
    build_warehouse,
    run_dbt,
)

pytestmark = pytest.mark.slow

CONTRACT = {
    "agencies": "agency_id name other_names slug parent_agency_id jurisdiction url document_count",
    "amounts": "amount_id document_id policy_id kind low high currency qualifier period is_part"
    " repeats_amount_id raw_text source_field evidence_id",
    "text_changes": "version_id document_id field before after",
    "text_dates": "text_date_id document_id role first_date last_date is_relative source_field quote evidence_id",
    "date_conflicts": "conflict_id document_id policy_id date_field leading_date leading_source_id leading_evidence_id"
    " other_date other_source_id other_evidence_id",
    "document_aliases": "alias document_id reason",
    "document_facets": "facet_id document_id facet value name rule quote evidence_id",
    "document_sightings": "source_id document_id first_seen_at last_seen_at last_crawl_id",
    "document_versions": "source_id document_id version_no version_id content_sha256 change_origin is_news"
    " changed_fields field_diff change_kind title availability first_seen_at fetched_url evidence_id override_id",
    "documents": "document_id lead_source_id source_ids native_id names title abstract body url language document_type"
    " document_subtype action instrument instrument_basis jurisdiction availability depth published_date signed_date"
    " effective_date"
    " comments_open_date comments_close_date closes_date filed_at published_at updated_at withdrawn_at withdrawal_note"
    " disposition_notes agency_ids agency_names subjects is_significant relevance relevance_rule topics matched_terms"
    " completeness version_count first_seen_at policy_id evidence_id",
    "evidence": "evidence_id source_id document_id version_no quote quote_start quote_field payload_sha256 source_url"
    " warc_file warc_offset fetched_at parser_version override_id",
    "fetches": "fetch_id crawl_id source_id seq method url purpose attempt started_at ended_at http_status outcome"
    " message body_bytes payload_sha256 warc_file warc_offset documents rejected",
    "funding": "amount_id document_id policy_id kind low high currency qualifier period is_part repeats_amount_id"
    " raw_text source_field evidence_id title published_date",
    "obligations": "obligation_id policy_id document_id section actor action period anchor due_date recurrence"
    " void_from void_by_policy_id source_field quote evidence_id",
    "policies": "policy_id title instrument jurisdiction track topics parties lead_document_id identifiers"
    " first_event_date last_event_date latest_status latest_status_since is_ai url evidence_id",
    "policy_aliases": "alias policy_id reason",
    "policy_documents": "policy_id document_id role belongs_by",
    "policy_events": "event_id policy_id document_id event event_date source_field by_policy_id confidence quote"
    " known_from evidence_id",
    "policy_event_history": "event_id policy_id document_id event event_date source_field by_policy_id confidence"
    " quote known_from known_until evidence_id",
    "policy_relation_history": "relation_id from_policy_id from_identifier relation is_partial provision to_policy_id"
    " to_identifier relation_date until_date stated_by_document_id source_field quote confidence known_from known_until"
    " evidence_id",
    "policy_relations": "relation_id from_policy_id from_identifier relation is_partial provision to_policy_id"
    " to_identifier relation_date until_date stated_by_document_id source_field quote confidence known_from"
    " evidence_id",
    "overrides": "override_id record_key source_id item error verdict state note document_id policy_id old_values"
    " new_values author reason decided_at supersedes_override_id evidence_id",
    "quarantine": "quarantine_id source_id crawl_id error message where_in_answer raw_text quarantined_at evidence_id"
    " record_key kind document_id verdict override_id",
    "source_coverage": "source_id day outcome found official_count left_out crawl_id checked_at reason",
    "source_looks": "source_id day crawl_id outcome found official_count left_out checked_at reason",
    "sources": "source_id title publisher jurisdiction cadence listing time_zone licence rank page description"
    " verified terms official_count amendments",
}


STATUS_MACRO = (DBT / "macros" / "published" / "policy_status_as_of.sql").read_text(encoding="utf-8")


@pytest.fixture
def marts(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The built warehouse, read-only, with the marts unqualified."""
    connection = duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True)
    connection.execute("set TimeZone = 'UTC'; set schema = 'marts'")
    yield connection
    connection.close()


def rows(connection: duckdb.DuckDBPyConnection, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """All rows of a query with bound values."""
    return connection.execute(query, list(values)).fetchall()


def test_aliases__hold_the_id_that_a_policy_had_before_its_strongest_number(marts: duckdb.DuckDBPyConnection) -> None:
    found = marts.execute("select policy_id from policy_aliases where alias = 'us-fr-2023-24283'").fetchall()
    assert found == [("us-eo-14110",)]


def test_marts__bear_the_names_of_the_contract(marts: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        marts,
        """
        select table_name, string_agg(column_name, ' ' order by ordinal_position)
        from information_schema.columns where table_schema = 'marts' group by all order by all
        """,
    )
    assert dict(found) == CONTRACT


def test_marts__every_table_and_column_is_described(folder: Path) -> None:
    manifest = json.loads((folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    models = [node for node in manifest["nodes"].values() if node["resource_type"] in ("model", "seed")]
    bare = [
        f"{node['name']}.{name}"
        for node in models
        for name, column in node["columns"].items()
        if not column["description"]
    ]
    assert bare == []
    assert [node["name"] for node in models if not node["description"].startswith("One row a")] == []
    dated = [
        f"{node['name']}.{name}"
        for node in models
        if node["resource_type"] == "model"
        for name, column in node["columns"].items()
        if column["data_type"] in ("date", "timestamp with time zone")
        and not any(word in column["description"] for word in ("civil", "UTC", "calendar"))
    ]
    assert dated == []


def test_sources__are_the_tables_of_the_warehouse(folder: Path, marts: duckdb.DuckDBPyConnection) -> None:
    manifest = json.loads((folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    sources = manifest["sources"].values()
    declared = {(source["schema"], source["name"]): list(source["columns"]) for source in sources}
    found = {
        (schema, table): names.split()
        for schema, table, names in rows(
            marts,
            """
            select table_schema, table_name, string_agg(column_name, ' ' order by ordinal_position)
            from information_schema.columns where table_schema in ('raw', 'enriched') group by all
            """,
        )
    }
    # What the last build was made from is the pipeline's own note; no model reads it.
    del found["raw", "builds"]
    assert declared == found
    keys = {tuple(source["config"]["meta"]["dagster"]["asset_key"]) for source in sources}
    assert keys == set(declared)


def test_dbt_folder__holds_no_python() -> None:
    """A package below dbt/ would shadow the installed dbt."""
    assert list(DBT.rglob("*.py")) == []


def test_policies__status_of_an_order_on_two_days(folder: Path) -> None:
    with duckdb.connect() as edition:
        edition.execute(f"attach '{folder / 'warehouse.duckdb'}' as warehouse (read_only)")
        for table in ("policies", "policy_events", "policy_event_history", "evidence"):
            edition.execute(f"create table {table} as select * from warehouse.marts.{table}")
        edition.execute(STATUS_MACRO)
        question = """
            select status.status, status.since, status.by_policy_id, evidence.quote
            from policy_status_as_of(?) as status
            left join evidence on status.evidence_id = evidence.evidence_id
            where status.policy_id = 'us-eo-14110'
        """
        before = edition.execute(question, ["2025-01-10"]).fetchall()
        after = edition.execute(question, ["2025-01-21"]).fetchall()
        latest = edition.execute(
            """
            select policies.policy_id from policies
            full join policy_status_as_of('2025-04-02') as status on policies.policy_id = status.policy_id
            where policies.latest_status is distinct from status.status
                or policies.latest_status_since is distinct from status.since
            """
        ).fetchall()
    assert before == [("in_force", date(2023, 10, 30), None, "signing_date: 2023-10-30")]
    assert after == [("revoked", date(2025, 1, 20), "us-eo-14148", "revokes eo:14110")]
    assert latest == []


def test_policies__neighbours_of_ai_policies_are_there_and_others_are_not(marts: duckdb.DuckDBPyConnection) -> None:
    found = dict(rows(marts, "select policy_id, is_ai from policies"))
    assert found["us-eo-14110"] is True
    assert found["us-eo-14148"] is False
    assert "us-eo-13805" not in found
    assert rows(marts, "select policy_id from documents where document_id in (?, ?)", EO_13805, ORDINARY_NOTICE) == [
        (None,),
        (None,),
    ]


def test_policies__translations_are_members_of_one(marts: duckdb.DuckDBPyConnection) -> None:
    members = rows(
        marts,
        "select document_id, role from policy_documents where policy_id like 'gb-govuk-%000001' order by role",
    )
    assert members == [(PRESS_RELEASE, "lead"), (PRESS_RELEASE.replace(":en", ":cy"), "member")]


def test_relations__one_edge_dated_by_the_actor(marts: duckdb.DuckDBPyConnection) -> None:
    edges = rows(
        marts,
        """
        select from_policy_id, relation, is_partial, relation_date, stated_by_document_id from policy_relations
        where to_policy_id in ('us-eo-14110', 'us-eo-13960') order by to_policy_id
        """,
    )
    assert edges == [
        ("us-eo-14179", "revokes", True, date(2025, 1, 23), "fr:2020-27065:2020-12-08"),
        ("us-eo-14148", "revokes", False, date(2025, 1, 20), "fr:2025-01901:2025-01-28"),
    ]
    assert rows(
        marts, "select from_policy_id, to_policy_id from policy_relations where to_identifier = 'eo:13990'"
    ) == [("us-eo-14148", None)]


def test_relations__correction_stated_by_both_is_one_edge(marts: duckdb.DuckDBPyConnection) -> None:
    edges = rows(
        marts, "select from_policy_id, to_policy_id, relation_date from policy_relations where relation = 'corrects'"
    )
    assert edges == [("us-fr-C1-2024-01580", "us-fr-2024-01580", date(2024, 2, 5))]


def test_relations__comment_extension_named_by_citation_reaches_the_rule(marts: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        marts,
        """
        select from_policy_id, to_policy_id, relation_date, confidence, stated_by_document_id from policy_relations
        where relation = 'extends'
        """,
    )
    assert found == [("us-fr-2024-05000", "us-fr-2024-01580", date(2024, 3, 8), "stated", CLOUD_EXTENSION)]
    closes = rows(
        marts,
        """
        select event_date, by_policy_id, quote from policy_events
        where policy_id = 'us-fr-2024-01580' and event = 'comment_closes' order by event_date
        """,
    )
    assert closes == [
        (date(2024, 4, 29), None, "Comments must be received by April 29, 2024."),
        (
            date(2024, 5, 29),
            "us-fr-2024-05000",
            "The comment period for the proposed rule published on January 29, 2024 (89 FR 5698) is extended.",
        ),
    ]


def test_relations__advance_notice_is_superseded_by_the_proposal_of_its_docket(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    found = rows(
        marts,
        """
        select from_policy_id, relation_date, confidence, source_field, quote from policy_relations
        where relation = 'supersedes' and to_policy_id = 'us-fr-2021-20430'
        """,
    )
    assert found == [("us-fr-2024-01580", date(2024, 1, 29), "inferred", "docket", "DOC-2021-0007")]
    assert rows(
        marts, "select latest_status, latest_status_since from policies where policy_id = 'us-fr-2021-20430'"
    ) == [("superseded", date(2024, 1, 29))]


def test_policies__text_of_a_page_is_a_member_of_its_policy(marts: duckdb.DuckDBPyConnection) -> None:
    policy_id = f"gb-govuk-{MEMORANDUM.split(':')[1]}"
    assert rows(
        marts, "select document_id, role from policy_documents where policy_id = ? order by role", policy_id
    ) == [
        (MEMORANDUM, "lead"),
        (MEMORANDUM_TEXT, "member"),
    ]
    assert rows(marts, "select policy_id from documents where document_id = ?", MEMORANDUM_TEXT) == [(policy_id,)]
    assert rows(marts, "select instrument, track from policies where policy_id = ?", policy_id) == [
        ("agreement", "partnerships")
    ]


def test_agencies__one_body_under_its_names(marts: duckdb.DuckDBPyConnection) -> None:
    found = rows(marts, "select agency_id, name, other_names from agencies where len(other_names) > 0 order by all")
    assert found == [
        ("us-commerce-department", "Commerce Department", ["Department of Commerce"]),
        ("us-national-science-foundation", "National Science Foundation", ["U.S. National Science Foundation"]),
    ]


def test_documents__two_sources_are_one_document(marts: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        marts,
        """
        select lead_source_id, source_ids, left(title, 6), body, instrument, relevance, completeness, version_count
        from documents where document_id = ?
        """,
        CLOUD_RULE,
    )
    assert found == [
        (
            "us_federal_register",
            ["us_federal_register", "us_govinfo_fr"],
            "Taking",
            "Training a large AI model with potential capabilities.",
            "proposed_rule",
            2,
            "full_text",
            3,
        )
    ]


def test_documents__unknown_type_keeps_a_null_instrument(marts: duckdb.DuckDBPyConnection) -> None:
    assert rows(marts, "select document_type from documents where instrument is null") == [("Unheard-of Document",)]


def test_document_versions__diff_and_news(marts: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        marts,
        "select is_news, changed_fields, field_diff from document_versions where document_id = ? order by version_no",
        PRESS_RELEASE,
    )
    assert found[0] == (True, [], None)
    assert found[1][:2] == (True, ["title", "body", "identifiers"])
    diff = json.loads(found[1][2])
    assert diff[0] == {"field": "title", "before": "Plan for AI", "after": "Plan for Artificial Intelligence"}
    assert diff[1]["before"].startswith("9 characters, sha256 ")


def test_policy_events__known_from_is_the_version_that_says_so(marts: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        marts,
        """
        select event_date, strftime(known_from, '%Y-%m-%d') from policy_events
        where policy_id = 'us-fr-2024-01580' and event = 'comment_closes' and by_policy_id is null
        """,
    )
    assert found == [(date(2024, 4, 29), "2024-02-06")]


def test_policy_events__every_one_is_quoted(marts: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        marts,
        """
        select count(*) from policy_events
        left join evidence using (evidence_id)
        where policy_events.quote is null or evidence.quote is distinct from policy_events.quote
            or evidence.quote_field is null
        """,
    ) == [(0,)]


def test_policy_events__posted_forecast_stays_announced(marts: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        marts,
        "select event, event_date from policy_events where document_id = ? order by event_date",
        POSTED_FORECAST,
    )
    assert found == [
        ("announced", date(2025, 1, 6)),
        ("published", date(2025, 1, 29)),
        ("cut_off", date(2025, 5, 1)),
        ("closes", date(2025, 7, 1)),
    ]
    [(quote, fetched)] = rows(
        marts,
        """
        select evidence.quote, source_url from policy_events inner join evidence using (evidence_id)
        where policy_events.document_id = ? and event = 'cut_off'
        """,
        POSTED_FORECAST,
    )
    assert quote == "closes_dates: 2025-05-01"
    assert fetched


def test_policy_events__withdrawn_page(marts: duckdb.DuckDBPyConnection) -> None:
    found = rows(marts, "select availability, withdrawal_note from documents where document_id = ?", WITHDRAWN_GUIDE)
    assert found == [("withdrawn", "Out of date.")]
    assert rows(
        marts,
        """
        select document_id, event_date, source_field, latest_status from policy_events
        join policies using (policy_id) where event = 'withdrawn' order by event_date
        """,
    ) == [
        (WITHDRAWN_GUIDE, date(2025, 1, 15), "withdrawn_at", "withdrawn"),
        (GONE_PAPER, date(2025, 1, 17), "availability (first seen)", "withdrawn"),
        (RETURNED_GUIDE, date(2025, 2, 20), "withdrawn_at", "published"),
        (FILED_AND_WITHDRAWN, date(2025, 3, 28), "availability (first seen)", "withdrawn"),
    ]


def test_documents__what_is_filed_has_no_day_of_publication(marts: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        marts,
        """
        select document_id, availability, strftime(filed_at, '%d %H:%M'), published_date, version_count, instrument
        from documents where filed_at is not null order by document_id
        """,
    )
    assert found == [
        (FILED_AND_PUBLISHED, "available", "26 02:00", date(2025, 3, 27), 2, "final_rule"),
        (FILED_AND_WITHDRAWN, "withdrawn", "26 02:00", None, 2, "final_rule"),
        (FILED, "filed", "26 02:00", None, 1, "presidential_other"),
    ]


def test_policy_events__filing_is_dated_by_the_source_and_quoted(marts: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        marts,
        """
        select document_id, event, event_date, evidence.version_no, evidence.quote from policy_events
        left join evidence using (evidence_id, document_id)
        where document_id in (?, ?, ?) order by document_id, event_date, event
        """,
        FILED_AND_PUBLISHED,
        FILED_AND_WITHDRAWN,
        FILED,
    )
    filed = ("filed", date(2025, 3, 25), 1, "filed_at: 2025-03-25")
    assert found == [
        (FILED_AND_PUBLISHED, *filed),
        (FILED_AND_PUBLISHED, "published", date(2025, 3, 27), 2, "publication_date: 2025-03-27"),
        (FILED_AND_PUBLISHED, "effective", date(2025, 3, 29), 2, "effective_on: 2025-03-29"),
        (FILED_AND_WITHDRAWN, *filed),
        (FILED_AND_WITHDRAWN, "withdrawn", date(2025, 3, 28), 2, "availability: withdrawn"),
        (FILED, *filed),
    ]


def test_history__what_was_stated_once_is_kept_with_its_time(marts: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        marts,
        """
        select history.policy_id, event, event_date, by_policy_id, strftime(known_from, '%Y-%m-%d'),
            strftime(known_until, '%Y-%m-%d'), evidence.quote
        from policy_event_history as history inner join evidence using (evidence_id)
        where policy_id like 'us-%-20%' order by all
        """,
    )
    assert found == [
        ("us-eo-20003", "revoked", date(2025, 1, 20), "us-eo-20002", "2025-02-02", "2025-04-02",
         "Revokes: EO 20001; EO 20003"),
        ("us-fr-2024-01580", "comment_closes", date(2024, 4, 1), None, "2024-02-01", "2024-02-06",
         "comments_close_on: 2024-04-01"),
        ("us-fr-2025-50001", "effective", date(2025, 3, 1), None, "2025-02-02", "2025-04-02",
         "effective_on: 2025-03-01"),
    ]  # fmt: skip
    assert rows(
        marts,
        """
        select from_policy_id, relation, to_policy_id, strftime(known_until, '%Y-%m-%d') from policy_relation_history
        """,
    ) == [("us-eo-20002", "revokes", "us-eo-20003", "2025-04-02")]


def test_relations__a_note_in_other_words_is_known_since_the_first(marts: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        marts,
        """
        select to_identifier, quote, strftime(known_from, '%Y-%m-%d') from policy_relations
        where from_policy_id = 'us-eo-20002' order by all
        """,
    )
    assert found == [("eo:20001", "Revokes: EO 19000; EO 20001", "2025-02-02")]


def test_relations__a_rule_acts_on_the_day_it_takes_effect(marts: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        marts, "select from_policy_id, relation_date from policy_relations where to_policy_id = 'us-fr-2020-40001'"
    ) == [("us-fr-2025-50002", date(2025, 6, 1))]


def test_status__as_it_was_known_then(folder: Path) -> None:
    page = f"gb-govuk-{RETURNED_GUIDE.split(':')[1]}"
    question = "select status, since from policy_status_as_of(?, known_at := ?) where policy_id = ?"
    with duckdb.connect() as edition:
        edition.execute(f"set TimeZone = 'UTC'; attach '{folder / 'warehouse.duckdb'}' as warehouse (read_only)")
        for table in ("policies", "policy_events", "policy_event_history"):
            edition.execute(f"create table {table} as select * from warehouse.marts.{table}")
        edition.execute(STATUS_MACRO)
        for policy_id, day, known_at, told in (
            ("us-fr-2025-50001", "2025-03-05", "2025-03-06T00:00:00Z", ("in_force", date(2025, 3, 1))),
            ("us-fr-2025-50001", "2025-03-05", "infinity", ("published", date(2025, 2, 3))),
            ("us-fr-2020-40001", "2025-05-31", "infinity", ("in_force", date(2020, 3, 1))),
            ("us-fr-2020-40001", "2025-06-01", "infinity", ("revoked", date(2025, 6, 1))),
            ("us-eo-20001", "2025-02-15", "2025-03-01T00:00:00Z", ("revoked", date(2025, 1, 20))),
            ("us-eo-20003", "2025-02-15", "2025-03-01T00:00:00Z", ("revoked", date(2025, 1, 20))),
            ("us-eo-20003", "2025-02-15", "infinity", ("in_force", date(2022, 1, 3))),
            ("us-fr-2025-60001", "2025-03-26", "infinity", ("announced", date(2025, 3, 25))),
            ("us-fr-2025-60001", "2025-03-28", "infinity", ("published", date(2025, 3, 27))),
            ("us-fr-2025-60001", "2025-03-29", "infinity", ("in_force", date(2025, 3, 29))),
            ("us-fr-2025-60002", "2025-03-28", "infinity", ("withdrawn", date(2025, 3, 28))),
            ("us-fr-2025-60003", "2026-01-01", "infinity", ("announced", date(2025, 3, 25))),
            (page, "2025-03-05", "infinity", ("withdrawn", date(2025, 2, 20))),
            (page, "2025-04-02", "infinity", ("published", date(2025, 4, 1))),
        ):
            assert edition.execute(question, [day, known_at, policy_id]).fetchall() == [told], (policy_id, known_at)


def test_evidence__every_fact_joins_to_its_bytes(marts: duckdb.DuckDBPyConnection) -> None:
    for table in (
        "documents",
        "document_versions",
        "policies",
        "policy_events",
        "policy_event_history",
        "policy_relations",
        "policy_relation_history",
        "amounts",
        "quarantine",
    ):
        loose = rows(
            marts,
            f"""
            select count(*) from {table} as fact
            left join evidence on fact.evidence_id = evidence.evidence_id
            where evidence.warc_file is null or evidence.source_url is null or evidence.fetched_at is null
            """,
        )
        assert loose == [(0,)], table


def test_evidence__newest_parser_is_named(marts: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        marts,
        "select distinct parser_version from evidence where document_id = ? and version_no = 2 and source_id = ?",
        CLOUD_RULE,
        "us_federal_register",
    )
    assert found == [("us_federal_register/10",)]


def test_funding__thresholds_stay_out(marts: duckdb.DuckDBPyConnection) -> None:
    assert rows(marts, "select count(*) from amounts where document_id = ?", OPPORTUNITY) == [(2,)]
    assert rows(marts, "select kind, low, currency, title from funding") == [
        ("available", 20_000_000, "USD", "National Artificial Intelligence Research Institutes")
    ]


def test_coverage__looked_could_not_look_and_not_asked_are_rows(marts: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        marts,
        """
        select day, outcome, found, reason is null from source_coverage
        where source_id = 'uk_govuk' and day between '2025-01-13' and '2025-01-17' order by day
        """,
    )
    assert found == [
        (date(2025, 1, 13), "checked", 2, False),
        (date(2025, 1, 14), "not_asked", None, False),
        (date(2025, 1, 15), "not_asked", None, False),
        (date(2025, 1, 16), "checked_nothing_found", 0, False),
        (date(2025, 1, 17), "could_not_look", 0, False),
    ]


def test_coverage__of_a_snapshot_is_the_day_of_its_crawl(marts: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        marts,
        "select day, outcome, found from source_coverage where source_id = 'us_grants_gov' and crawl_id is not null",
    )
    assert found == [(date(2025, 1, 20), "checked", 3)]


def test_looks__are_kept_beside_those_that_repeat_them(marts: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        marts,
        """
        select strftime(checked_at, '%Y-%m-%d'), outcome, reason from source_looks
        where source_id = 'uk_govuk' and day = '2025-01-16' order by checked_at
        """,
    )
    assert found == [
        ("2025-01-18", "checked_nothing_found", None),
        ("2025-01-19", "could_not_look", "HTTP 503 at page 2"),
    ]


def test_aliases__shared_numbers_name_nothing(marts: duckdb.DuckDBPyConnection) -> None:
    found = dict(rows(marts, "select alias, policy_id from policy_aliases"))
    assert found["eo:14110"] == "us-eo-14110"
    assert found["fr_document:2023-24283"] == "us-eo-14110"
    assert found["rin:0694-AJ35"] == "us-fr-2024-01580"
    assert "rin:0000-SHARED" not in found


def test_build__twice_gives_the_same_rows(folder: Path, marts: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Same inputs, same marts: no clock, no chance, whatever the order of the rows in the warehouse."""
    path = tmp_path / "warehouse.duckdb"
    build_warehouse(path)
    with duckdb.connect(str(path)) as shuffled:
        for table in ("raw.document_parses", "raw.document_versions", "raw.fetches", "enriched.relations"):
            shuffled.execute(f"create temp table held as select * from {table}; delete from {table}")
            shuffled.execute(f"insert into {table} select * from held order by hash(held); drop table held")
    result = run_dbt("build", path, tmp_path / "target", "--exclude-resource-types", "unit_test", "test")
    assert result.returncode == 0, result.stdout[-4000:]
    # They are put in order when they are published.
    first = {table: rows(marts, f"select * from {table} order by all") for table in CONTRACT}
    with duckdb.connect(str(path), read_only=True) as again:
        again.execute("set TimeZone = 'UTC'")
        second = {table: rows(again, f"select * from marts.{table} order by all") for table in CONTRACT}
    assert second == first


def compiled(folder: Path, name: str) -> str:
    """The SQL of a singular test over the built warehouse."""
    (path,) = (folder / "target" / "compiled").rglob(f"{name}.sql")
    return path.read_text(encoding="utf-8")


@pytest.fixture
def damageable(folder: Path, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of the built warehouse, by its own name."""
    with duckdb.connect(shutil.copy(folder / "warehouse.duckdb", tmp_path / "warehouse.duckdb")) as connection:
        yield connection


def test_document_types_are_known__says_nothing_of_tombstones(
    folder: Path, damageable: duckdb.DuckDBPyConnection
) -> None:
    check = compiled(folder, "document_types_are_known")
    assert [row[1] for row in rows(damageable, check)] == ["Unheard-of Document"]
    for availability in ("gone", "redirected"):
        damageable.execute("update intermediate.int_documents__merged set availability = ?", [availability])
        assert rows(damageable, check) == []


def test_failed_looks_say_why__sees_a_failed_crawl_without_a_reason(
    folder: Path, damageable: duckdb.DuckDBPyConnection
) -> None:
    check = compiled(folder, "failed_looks_say_why")
    assert rows(damageable, check) == []
    damageable.execute("update raw.crawls set faults = [] where not is_good")
    assert rows(damageable, check) == [("uk_govuk", date(2025, 1, 17))]


def test_relevance__the_vocabulary_used_last_wins(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse.duckdb")
    warehouse.relevance("s", "d", 1, 2, vocabulary="first")
    warehouse.relevance("s", "d", 1, 0, vocabulary="second")
    warehouse.connection.close()
    result = run_dbt("build", tmp_path / "warehouse.duckdb", tmp_path / "target", "--select", "stg_relevance")
    assert result.returncode == 0, result.stdout[-2000:]
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as connection:
        assert rows(connection, "select relevance from staging.stg_relevance") == [(0,)]
