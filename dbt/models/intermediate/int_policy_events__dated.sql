-- What happened to a policy and when: by the dates its documents state or stated, and by what others did to it.
with own as (
    select
        dates.policy_id,
        dates.document_id,
        case
            when dates.source_field = 'filed_at' then 'filed'
            when dates.source_field = 'signed_date' then 'signed'
            when dates.source_field = 'effective_date' then 'effective'
            when dates.source_field = 'comments_open_date' then 'comment_opened'
            when dates.source_field = 'comments_close_date' then 'comment_closes'
            when dates.source_field = 'closes_date' then 'closes'
            when dates.source_field in ('withdrawn_at', 'availability (first seen)') then 'withdrawn'
            when dates.source_field = 'availability (back)' then 'reinstated'
            when policies.instrument = 'funding_opportunity' and dates.is_forecast then 'announced'
            else coalesce(dates.stated_event, instruments.publication_event)
        end as event,
        dates.event_date,
        dates.source_field,
        null as by_policy_id,
        -- The day on which we saw a page gone or back is nobody's word.
        case when starts_with(dates.source_field, 'availability') then 'inferred' else 'official' end as confidence,
        dates.quote,
        dates.known_from,
        dates.known_until,
        {{ evidence_id(
            'dates.source_id', 'dates.document_id', 'dates.version_no', 'dates.quote_field', 'dates.quote_start',
            'dates.quote'
        ) }} as evidence_id
    from {{ ref('int_policy_dates__asserted') }} as dates
    inner join {{ ref('int_policies__described') }} as policies on dates.policy_id = policies.policy_id
    inner join {{ ref('instrument') }} as instruments on policies.instrument = instruments.instrument
),

active_relations as (
    select
        relation,
        event,
        partial_event
    from {{ ref('relation') }}
    where not is_inverse and event is not null
),

acted_on as (
    select
        relations.to_policy_id as policy_id,
        relations.stated_by_document_id as document_id,
        case when relations.is_partial then vocabulary.partial_event else vocabulary.event end as event,
        relations.relation_date as event_date,
        relations.source_field,
        actors.policy_id as by_policy_id,
        relations.confidence,
        relations.quote,
        relations.known_from,
        relations.known_until,
        relations.evidence_id
    from {{ ref('int_relations__deduplicated') }} as relations
    inner join {{ ref('int_policies__selected') }} as targets on relations.to_policy_id = targets.policy_id
    inner join active_relations as vocabulary on relations.relation = vocabulary.relation
    left join {{ ref('int_policies__selected') }} as actors on relations.from_policy_id = actors.policy_id
    where relations.relation_date is not null
),

-- An extension names the new last day.
extended as (
    select
        relations.to_policy_id as policy_id,
        relations.stated_by_document_id as document_id,
        'comment_closes' as event,
        relations.actor_comments_close_date as event_date,
        'comments_close_date' as source_field,
        actors.policy_id as by_policy_id,
        relations.confidence,
        relations.quote,
        relations.known_from,
        relations.known_until,
        relations.evidence_id
    from {{ ref('int_relations__deduplicated') }} as relations
    inner join {{ ref('int_policies__selected') }} as targets on relations.to_policy_id = targets.policy_id
    left join {{ ref('int_policies__selected') }} as actors on relations.from_policy_id = actors.policy_id
    where relations.relation = 'extends' and relations.actor_comments_close_date is not null
),

happened as (
    select * from own
    union all
    select * from acted_on
    union all
    select * from extended
)

select
    {{ hash_id([
        "'event'", 'policy_id', 'event', 'event_date', 'source_field', 'document_id', 'by_policy_id', 'quote',
    ]) }} as event_id,
    policy_id,
    document_id,
    event,
    event_date,
    source_field,
    by_policy_id,
    confidence,
    quote,
    known_from,
    known_until,
    evidence_id
from happened
