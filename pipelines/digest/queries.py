"""The questions a digest asks an edition: one constant a question, bound parameters only, every order total.

Belongs here: SQL over the published marts, as known at the moment of the view (known.py). Does not belong here:
wording, ranking, or any write. Instants leave as UTC dates, so no answer depends on the machine's time zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb

Row = Mapping[str, Any]

ACTS = (
    "revokes", "supersedes", "amends", "corrects", "withdraws", "extends", "continues", "reinstates", "suspends",
    "delays", "declines_to_enforce",
)  # fmt: skip
"""Relations that change their target; the others only point at it."""
FIRST_EVENTS = ("filed", "signed", "published", "proposed", "announced", "opens")
"""Events by which an instrument appears."""
CHANGE_EVENTS = (
    "revoked", "partly_revoked", "superseded", "partly_superseded", "suspended", "not_enforced", "lapsed", "reinstated",
    "continued", "amended", "corrected", "withdrawn", "comment_closed_extension",
)  # fmt: skip
"""Events that befall a policy that is already there."""
DUE_EVENTS = ("comment_closes", "closes", "cut_off", "effective")
"""Events that somebody waits for."""
END_EVENTS = ("revoked", "superseded", "withdrawn", "lapsed", "partly_revoked", "partly_superseded")
"""Events that end a policy or a part of it."""
PROSE = ("title", "abstract", "body", "disposition_notes", "withdrawal_note")
"""Fields that are running text; every other field that states an amount was made for it."""

NEW_POLICIES = """
with appearances as (
    select
        policy_id,
        min(event_date) filter (list_contains($first_events, event)) as first_date,
        min(event_date) filter (event in ('published', 'proposed')) as published_date
    from policy_events
    group by policy_id
),

acting as (
    select distinct r.from_policy_id as policy_id
    from policy_relations as r
    inner join policies as target on r.to_policy_id = target.policy_id
    where target.is_ai
        and (list_contains($acts, r.relation) or r.relation = 'implements')
),

brought as (
    select lead.policy_id, min(cast(d.first_seen_at at time zone 'UTC' as date)) as seen_day
    from policy_documents as lead
    inner join documents as d on lead.document_id = d.document_id
    inner join document_versions as v
        on d.document_id = v.document_id and d.first_seen_at = v.first_seen_at
    where lead.role = 'lead' and v.version_no = 1 and v.is_news
        and cast(d.first_seen_at at time zone 'UTC' as date) between $since and $until
    group by lead.policy_id
),

first_seen as (
    select
        members.policy_id, cast(min(v.first_seen_at) at time zone 'UTC' as date) as seen_day,
        min_by(v.is_news, (v.first_seen_at, not v.is_news)) as is_news
    from policy_documents as members
    inner join document_versions as v on members.document_id = v.document_id
    where v.version_no = 1
    group by members.policy_id
)

select
    p.policy_id, coalesce(brought.seen_day, first_seen.seen_day) as seen_day,
    coalesce(a.published_date > a.first_date and a.published_date <= $until, false) as is_published_apart,
    case
        when a.first_date is null then 'undated'
        when a.first_date between $since and $until then 'new'
        when a.published_date between $since and $until then 'published'
        else 'late'
    end as appearance
from policies as p
left join appearances as a on p.policy_id = a.policy_id
left join brought on p.policy_id = brought.policy_id
left join first_seen on p.policy_id = first_seen.policy_id
where (p.is_ai or p.policy_id in (select policy_id from acting))
    and (
        a.first_date between $since and $until
        or a.published_date between $since and $until
        or (a.first_date < $since and brought.seen_day is not null)
        or (a.first_date is null and first_seen.is_news and first_seen.seen_day between $since and $until)
    )
order by p.policy_id
"""
"""Policies that appear in the week, are published in it after an earlier signature or filing, or were seen only now.

One that no event dates appears on the day on which its first document was seen.
"""

OTHER_DOCUMENTS = """
with filed as (
    select d.*, cast(d.filed_at at time zone coalesce(s.time_zone, 'UTC') as date) as filed_date
    from documents as d
    left join sources as s on d.lead_source_id = s.source_id
),

dated as (
    select
        *,
        coalesce(
            published_date, cast(published_at at time zone 'UTC' as date), signed_date, filed_date
        ) as day,
        cast(first_seen_at at time zone 'UTC' as date) as seen_day
    from filed
    where policy_id is null and relevance >= 1
)

select
    d.document_id, d.title, d.url, d.language, d.abstract, d.instrument, d.document_type, d.jurisdiction,
    d.agency_names, d.relevance, coalesce(d.is_significant, false) as is_significant, d.signed_date,
    case when d.availability is distinct from 'filed' then d.day end as published_date, d.filed_date, d.seen_day,
    d.effective_date, d.comments_close_date, d.closes_date, d.evidence_id, d.day,
    case
        when d.day is null then 'undated' when d.day between $since and $until then 'also' else 'late'
    end as appearance
from dated as d
where d.day between $since and $until
    or (
        coalesce(d.day < $since, true) and d.seen_day between $since and $until
        and exists (
            select 1 from document_versions as v
            where v.document_id = d.document_id and v.first_seen_at = d.first_seen_at and v.version_no = 1 and v.is_news
        )
    )
order by d.document_id
"""
"""Publications about AI that are no policy instrument."""

SEEN = """
select
    coalesce(d.policy_id, d.document_id) as about,
    cast(min(v.first_seen_at) at time zone 'UTC' as date) as seen_day,
    min_by(v.is_news, (v.first_seen_at, not v.is_news)) as is_news,
    max(cast(v.first_seen_at at time zone 'UTC' as date)) filter (
        v.version_no > 1 and v.is_news
        and cast(v.first_seen_at at time zone 'UTC' as date) between $since and $until
    ) as edited_day
from documents as d
inner join document_versions as v on d.document_id = v.document_id
where coalesce(d.policy_id, d.document_id) in (select unnest($abouts::varchar[]))
group by about
order by about
"""
"""When policies and publications were first seen, whether that was news, and when their source last edited them in a
week."""

WEEK_NEWS = """
create or replace temp table week_news as
select document_id, first_seen_at
from document_versions
where is_news and cast(first_seen_at at time zone 'UTC' as date) between $since and $until
group by document_id, first_seen_at
"""
"""The versions that brought news in the week; lives as long as one connection, and is asked before the questions."""

RELATION_CHANGES = """
with fresh as (
    select distinct r.relation_id
    from policy_relations as r
    inner join week_news as news on r.known_from = news.first_seen_at
    left join policy_documents as member on news.document_id = member.document_id
    where news.document_id = r.stated_by_document_id or member.policy_id in (r.from_policy_id, r.to_policy_id)
),

dated as (
    select
        r.*, stating.published_date, stating.url as stating_url,
        cast(r.known_from at time zone 'UTC' as date) as known_day,
        r.relation_id in (select relation_id from fresh) as is_news,
        coalesce(actor.is_ai, false) or coalesce(target.is_ai, false) as is_ai
    from policy_relations as r
    left join documents as stating on r.stated_by_document_id = stating.document_id
    left join policies as actor on r.from_policy_id = actor.policy_id
    left join policies as target on r.to_policy_id = target.policy_id
)

select
    relation_id, relation, coalesce(is_partial, false) as is_partial, from_policy_id, from_identifier, to_policy_id,
    to_identifier, relation_date as event_date, published_date, stating_url, known_day, is_news, source_field, quote,
    confidence, evidence_id,
    case
        when relation_date between $since and $until then 'now'
        when published_date between $since and $until then 'published'
        else 'seen'
    end as appearance
from dated
where is_ai and list_contains($acts, relation)
    and (
        relation_date between $since and $until
        or (
            coalesce(relation_date < $since, true)
            and (
                published_date between $since and $until
                or (
                    known_day between $since and $until
                    and (is_news or relation_date + $recent_days::integer >= known_day)
                )
            )
        )
    )
order by
    case confidence when 'official' then 0 when 'stated' then 1 else 2 end, relation_id
"""
"""Relations that change an AI policy or are made by one; the best attested first.

A relation is told in the week of its date, in the week in which its statement was published, and in the week in which
it was first seen: the first of them may lie before anybody could know. What a backfill brings in is no news, unless
the act itself is recent: a page seen for the first time because it was withdrawn yesterday.
"""

EVENT_CHANGES = """
with fresh as (
    select distinct e.event_id
    from policy_events as e
    inner join week_news as news on e.known_from = news.first_seen_at
    left join policy_documents as member on news.document_id = member.document_id
    where news.document_id = e.document_id or member.policy_id = e.policy_id
),

dated as (
    select
        e.*, stating.published_date, cast(e.known_from at time zone 'UTC' as date) as known_day,
        e.event_id in (select event_id from fresh) as is_news,
        case when e.event = 'withdrawn' and e.by_policy_id is null then stating.withdrawal_note end as note
    from policy_events as e
    inner join policies as p on e.policy_id = p.policy_id
    left join documents as stating on e.document_id = stating.document_id
    where list_contains($change_events, e.event) and p.is_ai
)

select
    event_id, policy_id, event, event_date, published_date, known_day, is_news, by_policy_id, quote, note, evidence_id,
    source_field,
    case
        when event_date between $since and $until then 'now'
        when published_date between $since and $until then 'published'
        else 'seen'
    end as appearance
from dated
where event_date between $since and $until
    or (
        event_date < $since
        and (
            published_date between $since and $until
            or (
                known_day between $since and $until
                and (is_news or event_date + $recent_days::integer >= known_day)
            )
        )
    )
order by policy_id, event, event_date, by_policy_id nulls last, event_id
"""
"""Events that befell an AI policy, by the same three weeks as relations."""

DOCUMENT_WITHDRAWALS = """
with noticed as (
    select document_id, min(first_seen_at) as known_from
    from document_versions
    where availability = 'withdrawn'
    group by document_id
),

dated as (
    select
        d.*, cast(d.withdrawn_at at time zone coalesce(s.time_zone, 'UTC') as date) as event_date,
        cast(noticed.known_from at time zone 'UTC' as date) as known_day, news.document_id is not null as is_news
    from documents as d
    inner join noticed on d.document_id = noticed.document_id
    left join sources as s on d.lead_source_id = s.source_id
    left join week_news as news on noticed.document_id = news.document_id and noticed.known_from = news.first_seen_at
    where d.policy_id is null and d.relevance >= 1 and d.availability = 'withdrawn'
)

select
    document_id, title, url, language, instrument, document_type, relevance, jurisdiction, withdrawal_note as note,
    event_date, known_day, is_news, evidence_id, if(event_date between $since and $until, 'now', 'seen') as appearance
from dated
where event_date between $since and $until
    or (
        event_date < $since and known_day between $since and $until
        and (is_news or event_date + $recent_days::integer >= known_day)
    )
order by document_id
"""
"""Publications about AI that are no policy instrument, and were taken back."""

VERSION_CHANGES = """
select
    v.source_id, v.document_id, v.version_no, v.changed_fields, cast(v.field_diff as varchar) as field_diff,
    v.availability, cast(v.first_seen_at at time zone 'UTC' as date) as seen_day, v.evidence_id,
    d.title, d.url, d.language, d.instrument, d.document_type, d.relevance, d.jurisdiction, d.policy_id, p.track,
    case when v.availability in ('withdrawn', 'gone') then d.withdrawal_note end as note
from document_versions as v
inner join documents as d on v.document_id = d.document_id
left join policies as p on d.policy_id = p.policy_id
left join document_versions as before
    on v.source_id = before.source_id and v.document_id = before.document_id and v.version_no = before.version_no + 1
where v.is_news and v.version_no > 1
    and not (before.availability is not distinct from 'filed' and v.availability = 'available')
    and cast(v.first_seen_at at time zone 'UTC' as date) between $since and $until
    and (d.relevance >= 1 or coalesce(p.is_ai, false))
order by seen_day, v.document_id, v.source_id, v.version_no
"""
"""That what was filed is published now is told by its date, not as a change."""

DUE_POLICIES = """
with unsigned as (
    select policy_id from policy_events where event = 'signed' group by policy_id having min(event_date) > $until
),

last_said as (
    select
        e.policy_id, e.event, e.event_date, e.evidence_id,
        coalesce(stating.published_date between $since and $until, false)
        or coalesce(stating.signed_date between $since and $until, false)
        or news.document_id is not null as is_set_now
    from policy_events as e
    inner join policies as p on e.policy_id = p.policy_id
    left join documents as stating on e.document_id = stating.document_id
    left join week_news as news on e.document_id = news.document_id and e.known_from = news.first_seen_at
    where list_contains($due_events, e.event) and p.is_ai
        and (e.event <> 'effective' or e.policy_id not in (select policy_id from unsigned))
    qualify
        row_number() over (
            partition by e.policy_id, e.event, if(e.event = 'cut_off', e.event_date, null)
            order by e.event_date desc, e.known_from, e.event_id
        ) = 1
)

select policy_id, event, event_date, evidence_id
from last_said
where event_date between $since and $horizon or (event_date > $horizon and is_set_now)
order by event_date, policy_id, event
"""
"""A comment period that was extended closes once, on its last day; a date set in the week shows however far it is.

Each cut-off is a day of its own. Nobody knows when a law takes effect before it is signed.
"""

DUE_DOCUMENTS = """
with dates as (
    select document_id, 'comment_closes' as event, comments_close_date as event_date from documents
    union all
    select document_id, 'closes' as event, closes_date as event_date from documents
    union all
    select document_id, 'effective' as event, effective_date as event_date from documents
)

select
    d.document_id, d.title, d.url, d.language, d.instrument, d.document_type, d.jurisdiction, d.agency_names,
    d.evidence_id, dates.event, dates.event_date,
    case
        when d.availability = 'withdrawn'
            then cast(d.withdrawn_at at time zone coalesce(s.time_zone, 'UTC') as date)
    end as withdrawn_date
from dates
inner join documents as d on dates.document_id = d.document_id
left join sources as s on d.lead_source_id = s.source_id
left join week_news as news on d.document_id = news.document_id and d.first_seen_at = news.first_seen_at
where d.policy_id is null and d.relevance >= 1
    and coalesce(d.published_date <= $until, true)
    and (
        dates.event_date between $since and $horizon
        or (
            dates.event_date > $horizon
            and (d.published_date between $since and $until or news.document_id is not null)
        )
    )
order by dates.event_date, d.document_id, dates.event
"""

DUTIES = """
with duties as (
    select
        o.*,
        case
            when o.recurrence = 'annual' and strftime(o.due_date, '%m-%d') <> '02-29' then 12
            when o.recurrence = 'quarterly' and date_part('day', o.due_date) <= 28 then 3
            when o.recurrence = 'monthly' and date_part('day', o.due_date) <= 28 then 1
        end as months,
        least($horizon::date, greatest($since::date, edition.as_of::date) + 365) as last_day
    from obligations as o
    inner join policies as p on o.policy_id = p.policy_id
    inner join documents as d on o.document_id = d.document_id
    left join week_news as news on d.document_id = news.document_id and d.first_seen_at = news.first_seen_at
    cross join edition
    where p.is_ai and o.actor is not null and coalesce(d.signed_date <= $until, true)
        and (
            o.due_date <= $horizon
            or d.published_date between $since and $until
            or d.signed_date between $since and $until
            or news.document_id is not null
        )
),

times as (
    select
        *,
        unnest(generate_series(0, coalesce(greatest(date_diff('month', due_date, last_day), 0) // months, 0))) as time
    from duties
),

days as (
    select *, cast(due_date + to_months(cast(time * coalesce(months, 0) as integer)) as date) as event_date
    from times
)

select
    obligation_id, obligation_id || if(time > 0, '/' || time, '') as which, policy_id, actor, action, 'duty' as event,
    event_date, void_from, evidence_id
from days
where event_date >= $since
    and (time = 0 or (event_date <= $horizon and coalesce(event_date < void_from or void_from >= $since, true)))
order by event_date, policy_id, obligation_id
"""
"""What policies ask somebody to do by a day, each time that its rhythm makes certain; whom a text does not name, a
reader cannot ask. The macro deadlines_as_of tells the next of these times.

A day set in the week shows however far it is. After its end a duty comes no more; in the week of its end, the days that
will not come are told once.
"""

STANDING = """
with judged as (
    select status.status, 'now' as side
    from statuses as status
    inner join policies as p on status.policy_id = p.policy_id
    where p.is_ai and not list_contains($press, coalesce(p.instrument, ''))
    union all
    select status.status, 'before' as side
    from policy_status_as_of($before) as status
    inner join policies as p on status.policy_id = p.policy_id
    where p.is_ai and not list_contains($press, coalesce(p.instrument, ''))
)

select status, count(*) filter (where side = 'now') as now, count(*) filter (where side = 'before') as before
from judged
where list_contains($statuses, status)
group by status
order by list_position($statuses, status)
"""

LAPSING = """
with ends as (
    select e.policy_id, e.event, e.event_date, e.by_policy_id, e.evidence_id
    from policy_events as e
    inner join policies as p on e.policy_id = p.policy_id
    left join documents as stating on e.document_id = stating.document_id
    left join week_news as news on e.document_id = news.document_id and e.known_from = news.first_seen_at
    where p.is_ai and list_contains($end_events, e.event) and e.event_date > $until
        and (
            news.document_id is not null
            or (
                coalesce(stating.published_date, cast(stating.first_seen_at at time zone 'UTC' as date)) <= $known_until
                and (
                    (e.event = 'lapsed' and e.source_field = 'identifiers')
                    or stating.policy_id is distinct from e.policy_id
                )
            )
        )
        and (
            e.event_date <= $horizon
            or stating.published_date between $since and $until
            or news.document_id is not null
        )
    qualify
        row_number() over (
            partition by e.policy_id, e.event order by e.event_date, e.by_policy_id nulls last, e.event_id
        ) = 1
),

ranked as (
    select *, list_position($end_events, event) as rank
    from ends
)

select
    policy_id, event_date, arg_min(event, rank) as event, list(event order by rank) as events,
    arg_min(by_policy_id, rank) as by_policy_id, arg_min(evidence_id, rank) as evidence_id
from ranked
group by policy_id, event_date
order by event_date, policy_id
"""
"""Policies whose end, of the whole or of a part, is known beforehand; one set in the week shows however far it is.

Nobody knows beforehand what an act says that is published later, nor what will be said of a policy by its own page. The
last day of a Congress, which a bill's number tells, is known; that of a session at Westminster is not.
What becomes of a policy on one day is one end."""

POLICIES = """
-- Materialized, or the opening would be looked for in the texts of all policies.
with asked as materialized (
    select * from policies where policy_id in (select unnest($policy_ids::varchar[]))
),

relevance as (
    select members.policy_id, max(d.relevance) as relevance
    from policy_documents as members
    inner join documents as d on members.document_id = d.document_id
    group by members.policy_id
)

select
    p.policy_id, coalesce(p.title, lead.title) as title, coalesce(p.url, lead.url) as url, p.instrument,
    p.jurisdiction, p.track, coalesce(p.is_ai, false) as is_ai, p.lead_document_id, p.identifiers, p.parties,
    p.evidence_id, lead.document_type, lead.abstract,
    substr(
        lead.body,
        nullif(strpos(lead.body, if(p.instrument = 'omb_memorandum', 'SUBJECT:', 'Section 1.')), 0), 4000
    ) as opening, lead.language,
    coalesce(lead.agency_names, []) as agency_names,
    coalesce(lead.is_significant, false) as is_significant, coalesce(relevance.relevance, 0) as relevance
from asked as p
left join documents as lead on p.lead_document_id = lead.document_id
left join relevance on p.policy_id = relevance.policy_id
order by p.policy_id
"""

POLICY_DATES = """
select policy_id, event, min(event_date) as first_date, max(event_date) as last_date
from policy_events
where policy_id in (select unnest($policy_ids::varchar[]))
    and event_date is not null
group by policy_id, event
order by policy_id, event
"""

STATUSES = """
create or replace temp table statuses as
select policy_id, status, cast(since as date) as since
from policy_status_as_of($day)
"""
"""What held of all policies on a day; lives as long as one connection, and is asked before the questions about it."""

POLICY_STATUSES = """
select policy_id, status, since from statuses
where policy_id in (select unnest($policy_ids::varchar[]))
order by policy_id
"""

DEEDS = """
select
    from_policy_id, list(relation order by list_position($acts, relation), relation) as relations,
    coalesce(is_partial, false) as is_partial, to_policy_id, to_identifier, confidence, source_field,
    case when relation_date > $until and list_contains($acts, relation) then relation_date end as effect_date
from policy_relations
where from_policy_id in (select unnest($policy_ids::varchar[]))
    and relation not in ('cites', 'see')
group by from_policy_id, is_partial, to_policy_id, to_identifier, confidence, source_field, quote, effect_date
order by
    from_policy_id, effect_date nulls first, relations, to_policy_id nulls last, to_identifier, is_partial, source_field
"""
"""What policies do to others; citing is not doing, and what one statement does twice ("rescinds and replaces") is told
once."""

TOLD_OF = """
select distinct from_policy_id, to_policy_id
from policy_relations
where from_policy_id in (select unnest($policy_ids::varchar[])) and to_policy_id is not null
order by from_policy_id, to_policy_id
"""
"""Policies that press material names or links to."""

DOCUMENT_WORDS = """
select document_id, title, native_id, abstract, instrument, document_type, jurisdiction, agency_names
from documents
where document_id in (select unnest($document_ids::varchar[]))
order by document_id
"""

MEMBERS = """
select distinct document_id from policy_documents
where policy_id in (select unnest($policy_ids::varchar[]))
order by document_id
"""

AMOUNTS = """
select
    min(a.amount_id) as amount_id, a.document_id, a.kind, a.source_field, a.currency, a.low, a.high, a.raw_text,
    a.qualifier, min(a.evidence_id) as evidence_id, d.title, d.url, d.language, d.policy_id
from amounts as a
inner join documents as d on a.document_id = d.document_id
where a.document_id in (select unnest($document_ids::varchar[]))
group by
    a.document_id, a.kind, a.source_field, a.currency, a.low, a.high, a.raw_text, a.qualifier, d.title, d.url,
    d.language, d.policy_id
order by
    a.kind, a.currency nulls last, coalesce(a.high, a.low) desc nulls last, a.document_id, a.source_field, a.raw_text,
    a.low
"""

MONEY_READ = """
with stating as (
    select distinct
        coalesce(e.source_id, d.lead_source_id) as source_id,
        list_contains($prose, a.source_field) as is_prose
    from amounts as a
    inner join documents as d on a.document_id = d.document_id
    left join evidence as e on a.evidence_id = e.evidence_id
)

select s.source_id, s.title, stating.is_prose
from stating
inner join sources as s on stating.source_id = s.source_id
order by s.rank, s.source_id, stating.is_prose
"""
"""Sources that have ever stated an amount, in a field made for it or in prose."""

RUN = """
with appeared as (
    select p.policy_id, min(e.event_date) as day
    from policies as p
    inner join policy_events as e on p.policy_id = e.policy_id
    where p.is_ai and list_contains($first_events, e.event)
        and not list_contains($press, coalesce(p.instrument, ''))
    group by p.policy_id
    union all
    select p.policy_id, cast(min(v.first_seen_at) at time zone 'UTC' as date) as day
    from policies as p
    inner join policy_documents as members on p.policy_id = members.policy_id
    inner join document_versions as v on members.document_id = v.document_id and v.version_no = 1
    where p.is_ai and not list_contains($press, coalesce(p.instrument, ''))
        and p.policy_id not in (select policy_id from policy_events where list_contains($first_events, event))
    group by p.policy_id
    having min_by(v.is_news, (v.first_seen_at, not v.is_news))
),

acted as (
    select distinct p.policy_id, e.event_date as day
    from policies as p
    inner join policy_events as e on p.policy_id = e.policy_id
    where p.is_ai and list_contains($change_events, e.event)
),

looked as (
    select distinct day from source_looks
    where list_contains($checked, outcome) and checked_at <= $looked_at::timestamptz
)

select
    asked.since,
    (select count(*) from appeared where day between asked.since and asked.since + 6) as new,
    (select count(distinct policy_id) from acted where day between asked.since and asked.since + 6) as changed,
    exists (select 1 from looked where day between asked.since and asked.since + 6) as is_seen
from (select unnest($mondays::date[]) as since) as asked
order by asked.since
"""
"""How much each week brought, by the days of the acts; what came to be known later counts in its own week.

What no event dates is told in the week in which it was first seen, and counts there.
"""

MONEY_KINDS = ("announced", "appropriated", "authorised", "available", "obligated", "awarded")
"""Kinds of amounts that are money given or to be given, from the first word to the last."""

MONEY_RUN = """
with stated as (
    select
        coalesce(a.policy_id, a.document_id) as about, a.kind, a.currency, max(coalesce(a.high, a.low)) as amount,
        max(coalesce(d.published_date, d.signed_date)) as day
    from amounts as a
    inner join documents as d on a.document_id = d.document_id
    where list_contains($kinds, a.kind) and not list_contains($prose, a.source_field) and a.currency is not null
        and d.relevance >= 1
        and coalesce(d.published_date, d.signed_date) between $begin and $until
    group by about, a.kind, a.currency
)

select
    kind, currency,
    count(*) filter (where day >= $since) as week_documents,
    coalesce(sum(amount) filter (where day >= $since), 0) as week_total,
    count(*) filter (where day between $since - 7 and $since - 1) as last_documents,
    coalesce(sum(amount) filter (where day between $since - 7 and $since - 1), 0) as last_total,
    count(*) filter (where day >= $year_begin) as year_documents,
    coalesce(sum(amount) filter (where day >= $year_begin), 0) as year_total
from stated
where amount is not null
group by kind, currency
order by list_position($kinds, kind), currency
"""
"""Money of the week, of the week before and of the year so far, from fields made for it, since prose may tell one sum
twice. What several documents of a policy state counts once, at its highest."""

EDITION = """
select edition_id, as_of, cast(as_of at time zone 'UTC' as date) as as_of_day, is_sample
from edition
"""

LAST_LOOK = """
select greatest(coalesce((select max(checked_at) from source_looks), (select max(as_of) from edition)), (
    select max(as_of) from edition
)) as looked_until
"""

NAMES = """
with led as (
    select lead_document_id as document_id, policy_id from policies where lead_document_id is not null
),

told as (
    select unnest($policy_ids::varchar[]) as policy_id, unnest($document_ids::varchar[]) as document_id
)

select alias, policy_id as id from policy_aliases
union all
select a.alias, coalesce(led.policy_id, a.document_id) as id
from document_aliases as a
left join led on a.document_id = led.document_id
union all
select document_id as alias, policy_id as id from led
union all
select told.policy_id as alias, coalesce(led.policy_id, d.document_id) as id
from told
inner join documents as d on told.document_id = d.document_id
left join led on d.document_id = led.document_id
where told.policy_id not in (select policy_id from policies union all select alias from policy_aliases)
order by alias, id
"""
"""Names that stand for another: former ones, a leading document for its policy, and for a policy that is none any more
the document by which it was told."""

JOINED = """
select d.document_id, d.policy_id
from documents as d
inner join policies as p on d.policy_id = p.policy_id
where d.document_id in (select unnest($document_ids::varchar[])) and p.lead_document_id is distinct from d.document_id
order by d.document_id
"""
"""Documents that are pages of a policy which another one leads."""

HASHES = """
select evidence_id, payload_sha256, source_url
from evidence
where evidence_id in (select unnest($evidence_ids::varchar[])) and payload_sha256 is not null
order by evidence_id
"""
"""The archived bytes in which facts were read, and where they were fetched."""

ORIGINS = """
with members as (
    select policy_id as id, document_id from policy_documents
    union
    select document_id as id, document_id from documents
)

select
    asked.id, p.policy_id is not null or d.document_id is not null as is_held,
    coalesce(p.is_ai, d.relevance >= 1, false) as is_ai,
    exists (
        select 1 from members as m inner join documents as joined on m.document_id = joined.document_id
        where m.id = asked.id and joined.first_seen_at > $after::timestamptz
    ) as is_joined,
    (
        select coalesce(list(distinct v.change_origin order by v.change_origin), [])
        from members as m inner join document_versions as v on m.document_id = v.document_id
        where m.id = asked.id and v.version_no > 1 and v.first_seen_at > $after::timestamptz
    ) as origins
from (select distinct unnest($ids::varchar[]) as id) as asked
left join policies as p on asked.id = p.policy_id
left join documents as d on asked.id = d.document_id
order by asked.id
"""
"""What became of policies and documents after a moment: whether they are held, and why they read otherwise."""

SOURCES = """
select source_id, title, page, licence, jurisdiction, coalesce(listing = 'snapshot', false) as is_snapshot,
    coalesce(verified = 'documented', false) as is_documented
from sources
order by rank, source_id
"""

CITED = """
with shown as (
    select source_id, fetched_at as seen_at
    from evidence
    where evidence_id in (select unnest($evidence_ids::varchar[]))
    union all
    select lead_source_id as source_id, first_seen_at as seen_at
    from documents
    where document_id in (select unnest($document_ids::varchar[]))
)

select source_id, coalesce(bool_or(cast(seen_at at time zone 'UTC' as date) > $until), false) as is_late
from shown
group by source_id
order by source_id
"""
"""Sources of the quotes and of the titles that a digest shows, and whether any was first seen after the week."""

COVERAGE = """
with known as (
    select
        *,
        row_number() over (
            partition by source_id, day order by outcome = 'not_asked', checked_at desc, crawl_id desc
        ) as recency
    from source_looks
    where day between $since and $until and checked_at <= $looked_at::timestamptz
),

settled as (
    select * from known
    qualify
        row_number() over (
            partition by source_id, day order by not list_contains($checked, outcome), recency
        ) = 1
)

select
    settled.source_id, settled.day, settled.outcome, settled.found, settled.official_count, settled.crawl_id,
    case
        when list_contains($checked, latest.outcome) then null
        when latest.crawl_id = settled.crawl_id then settled.reason
        else 're-check by ' || latest.crawl_id || ' failed: ' || coalesce(latest.reason, 'no reason stated')
    end as reason
from settled
inner join known as latest
    on settled.source_id = latest.source_id and settled.day = latest.day and latest.recency = 1
order by settled.source_id, settled.day
"""
"""As source_coverage does it, the latest good look, else the latest that asked, else the latest; but among those known
at the moment asked for."""

LAST_CHECKED = """
select source_id, max(day) as day
from source_looks
where day <= $until and list_contains($checked, outcome) and checked_at <= $looked_at::timestamptz
group by source_id
order by source_id
"""

QUARANTINED = """
select source_id, error, count(*) as records
from quarantine
where crawl_id in (select unnest($crawl_ids::varchar[]))
group by source_id, error
order by source_id, records desc, error
"""

POLICY_ENDS = """
create or replace temp table policy_ends as
with turned as (
    select policy_id, count(*) as turns, max(greatest(known_from, cast(event_date as timestamptz))) as known_from
    from (
        select policy_id, event, event_date, known_from from policy_events
        union
        select policy_id, event, event_date, known_from from policy_event_history
    )
    where (list_contains($ended, event) or event = 'reinstated') and event_date <= cast($today as date)
    group by policy_id
)

select p.policy_id, coalesce(turned.turns, 0) as turns, turned.known_from, status.status, status.since
from policies as p
left join turned on p.policy_id = turned.policy_id
left join policy_status_as_of($today) as status
    on p.policy_id = status.policy_id and list_contains($ended, status.status)
"""
"""Whether a policy has ended, and how often it was ended or brought back; lives as long as one connection.

An end that is known beforehand counts from its day on, since it cancels from then on.
"""

FIRST_NAMES = """
create or replace temp table first_names as
with revised as (
    select document_id, max(first_seen_at) as revised_at
    from document_versions
    group by document_id
)

select
    members.policy_id, min_by(d.document_id, (d.first_seen_at, d.document_id)) as document_id,
    (select count(*) from policy_aliases as a where a.policy_id = members.policy_id) as names,
    sum(coalesce(d.version_count, 1)) - 1 as revisions, max(revised.revised_at) as revised_at
from policy_documents as members
inner join documents as d on members.document_id = d.document_id
left join revised on d.document_id = revised.document_id
group by members.policy_id
"""
"""The document by which each policy was first known, which it keeps when it gets its number, how many other names it
has, and how often and when last its documents changed or joined it; lives as long as one connection."""

CALENDAR_DATES = """
with said as (
    select
        policy_id, event, if(event = 'cut_off', event_date, null) as own_day, event_date, document_id, evidence_id,
        known_from, known_from as changed_at, true as is_stated
    from policy_events
    where list_contains($due_events, event)
    union all
    select
        policy_id, event, if(event = 'cut_off', event_date, null) as own_day, event_date, document_id, evidence_id,
        known_from, known_until as changed_at, false as is_stated
    from policy_event_history
    where list_contains($due_events, event)
),

counted as (
    select
        policy_id, event, own_day, max(changed_at) as changed_at,
        count(distinct if(is_stated, event_date, null))
        + 2 * count(distinct if(is_stated, null, (event_date, known_from))) - 1 as moves
    from said
    group by policy_id, event, own_day
),

last_said as (
    select * from said
    qualify row_number() over (
        partition by policy_id, event, own_day
        order by is_stated desc, event_date desc, known_from, document_id, evidence_id
    ) = 1
),

of_policies as (
    select
        coalesce(named.document_id, p.policy_id) as about, said.event, said.own_day, said.event_date,
        said.is_stated, said.evidence_id, p.track, p.instrument,
        coalesce(p.title, lead.title) as title, coalesce(p.url, lead.url) as url, lead.agency_names,
        counted.moves + ends.turns + coalesce(named.names, 0) + coalesce(named.revisions, 0) as moves,
        greatest(counted.changed_at, ends.known_from, named.revised_at) as changed_at,
        ends.status as ended_status, ends.since as ended_since
    from last_said as said
    inner join counted
        on said.policy_id = counted.policy_id and said.event = counted.event
        and said.own_day is not distinct from counted.own_day
    inner join policies as p on said.policy_id = p.policy_id
    left join documents as lead on p.lead_document_id = lead.document_id
    left join first_names as named on p.policy_id = named.policy_id
    inner join policy_ends as ends on said.policy_id = ends.policy_id
    where p.is_ai
),

of_documents as (
    select
        d.document_id as about, dates.event, cast(null as date) as own_day, dates.event_date, true as is_stated,
        d.evidence_id,
        cast(null as varchar) as track, d.instrument,
        d.title, d.url, d.agency_names, coalesce(d.version_count, 1) - 1 as moves,
        coalesce(
            (select max(v.first_seen_at) from document_versions as v where v.document_id = d.document_id),
            d.first_seen_at
        ) as changed_at,
        if(d.availability = 'withdrawn', 'withdrawn', null) as ended_status,
        cast(d.withdrawn_at at time zone coalesce(s.time_zone, 'UTC') as date) as ended_since
    from documents as d
    inner join lateral (
        select unnest(['comment_closes', 'closes', 'effective']) as event,
            unnest([d.comments_close_date, d.closes_date, d.effective_date]) as event_date
    ) as dates on dates.event_date is not null
    left join sources as s on d.lead_source_id = s.source_id
    where d.policy_id is null and d.relevance >= 1
)

select *, cast(null as varchar) as recurrence
from (select * from of_policies union all select * from of_documents)
where event_date >= $today::date - $past_days::integer
order by event_date, about, event
"""
"""The last day said for each kind of day of each policy or document about AI, also one that was said and is no longer.

A cut-off is itself a day, which is never moved: it has an ``own_day``.

The sequence counts statements, those taken back twice: so it rises also when a date returns to what it was. It counts
versions, too, as it does for a publication: so it does not fall when one becomes a policy.
"""

CALENDAR_DUTIES = """
with anchored as (
    select policy_id, event, count(*) - 1 as moves, max(known_from) as known_from
    from (
        select distinct policy_id, event, event_date, known_from from policy_events
        union
        select distinct policy_id, event, event_date, known_from from policy_event_history
    )
    group by policy_id, event
)

select
    coalesce(named.document_id, o.policy_id) as about, 'duty' as event,
    o.due_date as event_date, true as is_stated, o.actor, o.action,
    o.recurrence, o.evidence_id, p.track, coalesce(p.title, d.title) as title, coalesce(p.url, d.url) as url,
    d.agency_names,
    coalesce(anchored.moves, 0) + ends.turns + coalesce(named.names, 0) + coalesce(named.revisions, 0) as moves,
    greatest(anchored.known_from, ends.known_from, named.revised_at) as changed_at,
    if(o.void_from is null, null, coalesce(ends.status, 'revoked')) as ended_status, o.void_from as ended_since
from obligations as o
inner join policies as p on o.policy_id = p.policy_id
inner join policy_ends as ends on o.policy_id = ends.policy_id
inner join documents as d on o.document_id = d.document_id
left join first_names as named on o.policy_id = named.policy_id
left join anchored
    on o.policy_id = anchored.policy_id
    and anchored.event = case o.anchor
        when 'order_date' then 'signed' when 'effective_date' then 'effective' when 'publication_date' then 'published'
    end
where p.is_ai and (
    o.due_date >= $today::date - $past_days::integer
    or (
        o.due_date is not null and list_contains($rhythms, o.recurrence)
        and coalesce(o.void_from >= $today::date - $past_days::integer, true)
    )
)
order by o.due_date, o.policy_id, o.actor, o.action, o.obligation_id
"""
"""Dated duties; one that comes again stays in the calendar as long as it binds, and a year more, with its end."""


def ask(connection: duckdb.DuckDBPyConnection, sql: str, **parameters: object) -> list[Row]:
    """Run one question with bound parameters; rows by column name."""
    cursor = connection.execute(sql, parameters)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
