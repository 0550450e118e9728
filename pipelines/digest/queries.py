"""The questions a digest asks an edition: one constant a question, bound parameters only, every order total.

Belongs here: SQL over the published marts. Does not belong here: wording, ranking, or any write. Instants leave as UTC
dates, so no answer depends on the machine's time zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb

Row = Mapping[str, Any]

ACTS = ("revokes", "supersedes", "amends", "corrects", "withdraws", "extends", "continues", "reinstates", "suspends")
"""Relations that change their target; the others only point at it."""
FIRST_EVENTS = ("signed", "published", "proposed", "announced", "opens")
"""Events by which an instrument appears."""
CHANGE_EVENTS = (
    "revoked", "partly_revoked", "superseded", "partly_superseded", "suspended", "reinstated", "continued", "amended",
    "corrected", "withdrawn", "comment_closed_extension",
)  # fmt: skip
"""Events that befall a policy that is already there."""
DUE_EVENTS = ("comment_closes", "closes", "effective")
"""Events that somebody waits for."""

NEW_POLICIES = """
with appearances as (
    select
        policy_id,
        min(event_date) filter (list_contains($first_events, event)) as first_date,
        min(event_date) filter (event = 'published') as published_date
    from policy_events
    where known_from <= $known_at::timestamptz
    group by policy_id
),

acting as (
    select distinct r.from_policy_id as policy_id
    from policy_relations as r
    inner join policies as target on r.to_policy_id = target.policy_id
    where target.is_ai
        and (list_contains($acts, r.relation) or r.relation = 'implements')
        and r.known_from <= $known_at::timestamptz
),

brought as (
    select distinct lead.policy_id
    from policy_documents as lead
    inner join documents as d on lead.document_id = d.document_id
    inner join document_versions as v
        on d.document_id = v.document_id and d.first_seen_at = v.first_seen_at
    where lead.role = 'lead' and v.version_no = 1 and v.is_news
        and cast(d.first_seen_at at time zone 'UTC' as date) between $since and $until
        and d.first_seen_at <= $known_at::timestamptz
)

select
    p.policy_id,
    case
        when a.first_date between $since and $until then 'new'
        when a.published_date between $since and $until then 'published'
        else 'late'
    end as appearance
from policies as p
inner join appearances as a on p.policy_id = a.policy_id
where (p.is_ai or p.policy_id in (select policy_id from acting))
    and (
        a.first_date between $since and $until
        or a.published_date between $since and $until
        or (a.first_date < $since and p.policy_id in (select policy_id from brought))
    )
order by p.policy_id
"""
"""Policies that appear in the week, are published in it after an earlier signature, or were seen only now."""

OTHER_DOCUMENTS = """
with dated as (
    select
        *,
        coalesce(published_date, cast(published_at at time zone 'UTC' as date), signed_date) as day,
        cast(first_seen_at at time zone 'UTC' as date) as seen_day
    from documents
    where policy_id is null and relevance >= 1 and first_seen_at <= $known_at::timestamptz
)

select
    d.document_id, d.title, d.url, d.language, d.abstract, d.instrument, d.jurisdiction, d.agency_names, d.relevance,
    coalesce(d.is_significant, false) as is_significant, d.signed_date, d.day as published_date, d.effective_date,
    d.comments_close_date, d.closes_date, d.evidence_id,
    case when d.day between $since and $until then 'also' else 'late' end as appearance
from dated as d
where d.day between $since and $until
    or (
        d.day < $since and d.seen_day between $since and $until
        and exists (
            select 1 from document_versions as v
            where v.document_id = d.document_id and v.first_seen_at = d.first_seen_at and v.version_no = 1 and v.is_news
        )
    )
order by d.document_id
"""
"""Publications about AI that are no policy instrument."""

RELATION_CHANGES = """
select
    r.relation_id, r.relation, coalesce(r.is_partial, false) as is_partial, r.from_policy_id, r.from_identifier,
    r.to_policy_id, r.to_identifier, r.relation_date, r.quote, r.confidence, r.evidence_id
from policy_relations as r
left join policies as actor on r.from_policy_id = actor.policy_id
left join policies as target on r.to_policy_id = target.policy_id
where r.relation_date between $since and $until
    and list_contains($acts, r.relation)
    and r.known_from <= $known_at::timestamptz
    and (coalesce(actor.is_ai, false) or coalesce(target.is_ai, false))
order by
    case r.confidence when 'official' then 0 when 'stated' then 1 else 2 end, r.relation_id
"""
"""Relations of the week that change an AI policy or are made by one; the best attested first."""

EVENT_CHANGES = """
select e.event_id, e.policy_id, e.event, e.event_date, e.by_policy_id, e.quote, e.evidence_id
from policy_events as e
inner join policies as p on e.policy_id = p.policy_id
where e.event_date between $since and $until
    and list_contains($change_events, e.event)
    and e.known_from <= $known_at::timestamptz
    and p.is_ai
order by e.policy_id, e.event, e.event_date, e.by_policy_id nulls last, e.event_id
"""

VERSION_CHANGES = """
select
    v.source_id, v.document_id, v.version_no, v.changed_fields, cast(v.field_diff as varchar) as field_diff,
    v.availability, cast(v.first_seen_at at time zone 'UTC' as date) as seen_day, v.evidence_id,
    d.title, d.url, d.language, d.instrument, d.relevance, d.policy_id
from document_versions as v
inner join documents as d on v.document_id = d.document_id
left join policies as p on d.policy_id = p.policy_id
where v.is_news and v.version_no > 1
    and cast(v.first_seen_at at time zone 'UTC' as date) between $since and $until
    and v.first_seen_at <= $known_at::timestamptz
    and (d.relevance >= 1 or coalesce(p.is_ai, false))
order by seen_day, v.document_id, v.source_id, v.version_no
"""

DUE_POLICIES = """
with last_said as (
    select e.policy_id, e.event, max(e.event_date) as event_date, arg_max(e.evidence_id, e.event_date) as evidence_id
    from policy_events as e
    inner join policies as p on e.policy_id = p.policy_id
    where list_contains($due_events, e.event) and e.known_from <= $known_at::timestamptz and p.is_ai
    group by e.policy_id, e.event
)

select policy_id, event, event_date, evidence_id
from last_said
where event_date between $since and $horizon
order by event_date, policy_id, event
"""
"""A comment period that was extended closes once, on its last day."""

DUE_DOCUMENTS = """
with dates as (
    select document_id, 'comment_closes' as event, comments_close_date as event_date from documents
    union all
    select document_id, 'closes' as event, closes_date as event_date from documents
    union all
    select document_id, 'effective' as event, effective_date as event_date from documents
)

select
    d.document_id, d.title, d.url, d.language, d.instrument, d.agency_names, d.evidence_id, dates.event,
    dates.event_date
from dates
inner join documents as d on dates.document_id = d.document_id
where dates.event_date between $since and $horizon
    and d.policy_id is null and d.relevance >= 1 and d.first_seen_at <= $known_at::timestamptz
order by dates.event_date, d.document_id, dates.event
"""

PURPOSE = r"Section 1\.\s+[A-Z][^.\n]{2,80}\.\s+([^\n]+)"
"""Where an order says what it is for: presidential documents have no abstract, but a first section named for it."""

POLICIES = """
with relevance as (
    select members.policy_id, max(d.relevance) as relevance
    from policy_documents as members
    inner join documents as d on members.document_id = d.document_id
    group by members.policy_id
)

select
    p.policy_id, coalesce(p.title, lead.title) as title, coalesce(p.url, lead.url) as url, p.instrument,
    p.jurisdiction, p.track, coalesce(p.is_ai, false) as is_ai, p.lead_document_id, p.identifiers, p.evidence_id,
    coalesce(lead.abstract, nullif(regexp_extract(lead.body, $purpose, 1), '')) as abstract,
    lead.language, coalesce(lead.agency_names, []) as agency_names,
    coalesce(lead.is_significant, false) as is_significant, coalesce(relevance.relevance, 0) as relevance
from policies as p
left join documents as lead on p.lead_document_id = lead.document_id
left join relevance on p.policy_id = relevance.policy_id
where list_contains($policy_ids::varchar[], p.policy_id)
order by p.policy_id
"""

POLICY_DATES = """
select policy_id, event, min(event_date) as first_date, max(event_date) as last_date
from policy_events
where list_contains($policy_ids::varchar[], policy_id) and known_from <= $known_at::timestamptz
    and event_date is not null
group by policy_id, event
order by policy_id, event
"""

POLICY_STATUSES = """
select policy_id, status, cast(since as date) as since
from policy_status_as_of($day, known_at := $known_at)
where list_contains($policy_ids::varchar[], policy_id)
order by policy_id
"""

DEEDS = """
select
    from_policy_id, relation, coalesce(is_partial, false) as is_partial, to_policy_id, to_identifier,
    bool_and(confidence = 'inferred') as is_inferred
from policy_relations
where list_contains($policy_ids::varchar[], from_policy_id)
    and relation not in ('cites', 'see')
    and known_from <= $known_at::timestamptz
group by all
order by from_policy_id, relation, to_policy_id nulls last, to_identifier, is_partial
"""
"""What policies do to others; citing is not doing."""

MEMBERS = """
select distinct document_id from policy_documents
where list_contains($policy_ids::varchar[], policy_id)
order by document_id
"""

AMOUNTS = """
select
    min(a.amount_id) as amount_id, a.document_id, a.kind, a.currency, a.low, a.high, a.raw_text,
    min(a.evidence_id) as evidence_id, d.title, d.url, d.language
from amounts as a
inner join documents as d on a.document_id = d.document_id
where list_contains($document_ids::varchar[], a.document_id) and d.first_seen_at <= $known_at::timestamptz
group by a.document_id, a.kind, a.currency, a.low, a.high, a.raw_text, d.title, d.url, d.language
order by a.kind, a.currency nulls last, coalesce(a.high, a.low) desc nulls last, a.document_id, a.raw_text, a.low
"""

FRESHER_COVERAGE = "create temp table source_coverage as select * from read_parquet(?)"
"""Lies over the edition's own table for the length of one connection."""

SOURCES = "select source_id, title, page, licence from sources order by rank, source_id"

COVERAGE = """
select source_id, day, outcome, found, official_count, crawl_id, reason
from source_coverage
where day between $since and $until and checked_at <= $known_at::timestamptz
order by source_id, day
"""

LAST_CHECKED = """
select source_id, max(day) as day
from source_coverage
where day <= $until and outcome in ('checked', 'checked_nothing_found') and checked_at <= $known_at::timestamptz
group by source_id
order by source_id
"""

QUARANTINED = """
select source_id, error, count(*) as records
from quarantine
where list_contains($crawl_ids::varchar[], crawl_id) and quarantined_at <= $known_at::timestamptz
group by source_id, error
order by source_id, records desc, error
"""


def ask(connection: duckdb.DuckDBPyConnection, sql: str, **parameters: object) -> list[Row]:
    """Run one question with bound parameters; rows by column name."""
    cursor = connection.execute(sql, parameters)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
