"""The questions the site asks an edition: a handful over all policies, never one a policy; every order total.

Belongs here: SQL over the published marts, with bound parameters only. Does not belong here: wording, mark-up, any
write. Instants leave as text in UTC, so no page depends on the machine's time zone.
"""

from __future__ import annotations

EDITION = """
select edition_id, content_sha256, is_sample, cast(as_of at time zone 'UTC' as date) as day,
    strftime(as_of at time zone 'UTC', '%Y-%m-%d %H:%M') as as_of
from edition
"""

POLICIES = """
select
    p.policy_id, p.title, p.instrument, p.jurisdiction, p.track, p.topics, p.parties, p.identifiers, p.is_ai, p.url,
    e.last_event_date, p.evidence_id, d.document_type, d.language, d.abstract, d.agency_names,
    substr(d.body, nullif(strpos(d.body, 'Section 1.'), 0), 4000) as opening, d.withdrawal_note, s.status, s.since,
    s.ended_since, s.by_policy_id, s.confidence, s.evidence_id as status_evidence_id
from policies as p
left join documents as d on p.lead_document_id = d.document_id
left join policy_status_as_of($day) as s on p.policy_id = s.policy_id
left join (
    select policy_id, max(event_date) as last_event_date from policy_events where event_date <= $day group by policy_id
) as e on p.policy_id = e.policy_id
order by p.policy_id
"""

EVENTS = """
select event_id, policy_id, document_id, event, event_date, source_field, by_policy_id, confidence, quote, evidence_id
from policy_events
order by policy_id, event_date, event, event_id
"""

RELATIONS = """
select relation_id, from_policy_id, from_identifier, relation, coalesce(is_partial, false) as is_partial, to_policy_id,
    to_identifier, relation_date, quote, confidence, source_field, evidence_id
from policy_relations
order by relation_date desc nulls last, relation_id
"""

NAMED_DOCUMENTS = """
with named as (
    select from_identifier as identifier from policy_relations where from_policy_id is null
    union
    select to_identifier from policy_relations where to_policy_id is null
)
select
    named.identifier,
    first(d.title order by d.language is distinct from 'en', d.document_id) as title,
    first(d.url order by d.language is distinct from 'en', d.document_id) as url,
    first(d.language order by d.language is distinct from 'en', d.document_id) as language
from named
inner join documents as d on regexp_replace(named.identifier, '^[a-z_]+:', '') = d.native_id
where regexp_matches(d.native_id, '[^0-9]')
group by named.identifier
having count(distinct d.lead_source_id) = 1
order by named.identifier
"""
"""Documents of no policy that an end of a relation names; a bare number may be that of another source."""

OBLIGATIONS = """
select
    o.obligation_id, o.policy_id, o.section, o.actor, o.action, o.due_date, o.recurrence, o.void_from,
    o.void_by_policy_id, o.quote, o.evidence_id, s.state, s.policy_status
from obligations as o
left join obligations_as_of($day) as s on o.obligation_id = s.obligation_id
order by o.policy_id, o.due_date nulls last, o.obligation_id
"""

AMOUNTS = """
select
    a.amount_id, a.document_id, d.policy_id as document_policy_id, a.policy_id, a.kind, a.low, a.high, a.currency,
    a.qualifier, a.raw_text, a.source_field, a.evidence_id, d.title, d.url, d.language, d.published_date
from amounts as a
inner join documents as d on a.document_id = d.document_id
where d.relevance >= 1 or a.policy_id is not null
order by coalesce(a.high, a.low) desc nulls last, d.title, a.amount_id
"""
"""Of documents about AI, or of a policy; the biggest figure first."""

MEMBERS = """
select m.policy_id, m.document_id, m.role, d.title, d.url, d.language, d.published_date, d.lead_source_id
from policy_documents as m
inner join documents as d on m.document_id = d.document_id
order by m.policy_id, m.role <> 'lead', d.published_date nulls last, m.document_id
"""

ALIASES = "select policy_id, alias, reason from policy_aliases order by policy_id, alias"

VERSIONS = """
select
    v.version_id, v.document_id, v.source_id, v.version_no, v.change_kind, v.changed_fields,
    cast(v.field_diff as varchar) as field_diff, v.title, v.evidence_id, d.policy_id, d.url, d.language,
    cast(v.first_seen_at at time zone 'UTC' as date) as seen_day,
    strftime(v.first_seen_at at time zone 'UTC', '%Y-%m-%d %H:%M') as seen_at,
    t.before as text_before, t.after as text_after
from document_versions as v
inner join documents as d on v.document_id = d.document_id
left join text_changes as t on v.version_id = t.version_id
where d.policy_id is not null or (d.relevance >= 1 and v.change_kind is not null)
order by v.first_seen_at desc, v.document_id, v.source_id, v.version_no desc
"""
"""Versions of the documents of policies, and changed ones of other documents about AI; the latest first."""

DEADLINES = """
select
    t.item_id, t.policy_id, t.event, t.stated_date, t.due_date, t.is_void, o.actor, o.action, o.void_from,
    o.void_by_policy_id, d.document_id, d.title, d.url, d.language, d.agency_names, d.instrument,
    cast(d.withdrawn_at at time zone coalesce(s.time_zone, 'UTC') as date) as withdrawn_date
from deadlines_as_of($day) as t
left join obligations as o on t.item_id = o.obligation_id
left join documents as d on t.document_id = d.document_id and t.policy_id is null
left join sources as s on d.lead_source_id = s.source_id
where t.due_date >= $since
order by t.due_date, t.policy_id, t.item_id, t.event
"""
"""Days to wait for, and those that have passed; with its document where one belongs to no policy."""

SOURCES = """
select source_id, title, publisher, jurisdiction, cadence, listing = 'snapshot' as is_snapshot, licence, page,
    coalesce(description, '') as description, verified = 'documented' as is_documented, official_count
from sources order by rank nulls last, source_id
"""

COVERAGE = """
select source_id, day, outcome, found, official_count, reason
from source_coverage where day between $since and $until order by source_id, day
"""

LOOKS = """
select source_id, max(day) filter (where list_contains($checked, outcome)) as last_day,
    strftime(max(checked_at) filter (where list_contains($checked, outcome)) at time zone 'UTC', '%Y-%m-%d %H:%M')
        as last_at,
    count(*) filter (where list_contains($checked, outcome)) as checked,
    count(*) filter (where outcome = 'could_not_look') as blind,
    sum(found) as found, sum(official_count) as official_count,
    sum(found) filter (where official_count is not null) as found_where_counted
from source_coverage group by source_id order by source_id
"""

QUARANTINED = "select source_id, count(*) as records from quarantine group by source_id order by source_id"

EVIDENCE = """
select e.evidence_id, e.source_id, e.quote, e.payload_sha256, e.source_url, e.warc_file, e.warc_offset,
    e.parser_version, strftime(e.fetched_at at time zone 'UTC', '%Y-%m-%d %H:%M:%S') as fetched_at,
    e.override_id, o.verdict, o.author, o.reason, strftime(o.decided_at at time zone 'UTC', '%Y-%m-%d') as decided_on,
    cast(o.new_values as varchar) as new_values, cast(o.old_values as varchar) as old_values
from evidence as e
left join overrides as o on e.override_id = o.override_id
where e.evidence_id in (select unnest($ids::varchar[]))
order by e.evidence_id
"""

WEEKS_WITH_NEWS = """
select distinct cast(date_trunc('week', event_date) as date) as monday
from policy_events where event_date < $before
union
select distinct cast(date_trunc('week', published_date) as date)
from documents where relevance >= 1 and published_date < $before
order by monday desc limit 8
"""
"""Mondays of the latest weeks in which something of a policy happened."""
