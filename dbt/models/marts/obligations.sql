-- A policy's duties are those of the first of its documents that states any: its other pages say the same again.
with duties as (
    select
        members.policy_id,
        members.lead_order,
        stated.*
    from {{ ref('int_obligations__stated') }} as stated
    inner join {{ ref('int_policies__membered') }} as members on stated.document_id = members.document_id
    inner join {{ ref('int_documents__merged') }} as documents on stated.document_id = documents.document_id
    inner join {{ ref('instrument') }} as instruments on documents.instrument = instruments.instrument
    where
        instruments.states_duties
        -- The end of a comment period is an event, and nobody's duty.
        and (stated.actor is not null or stated.due_date is distinct from documents.comments_close_date)
    qualify members.lead_order = min(members.lead_order) over (partition by members.policy_id)
),

ended as (
    select
        policies.policy_id,
        statuses.since_date,
        statuses.by_policy_id
    from {{ ref('int_policies__described') }} as policies
    inner join {{ ref('int_policies__statused') }} as statuses on policies.policy_id = statuses.policy_id
    where statuses.status in ('revoked', 'superseded', 'withdrawn', 'lapsed')
)

select
    {{ hash_id([
        "'obligation'", 'duties.document_id', 'duties.source_field', 'duties.quote_start', 'duties.position',
    ]) }} as obligation_id,
    duties.policy_id,
    duties.document_id,
    duties.section,
    duties.actor,
    duties.action,
    duties.period,
    duties.anchor,
    duties.due_date,
    duties.recurrence,
    -- What was due before the end of its instrument stays a duty that fell due.
    case
        when duties.due_date is null or duties.recurrence is not null or duties.due_date >= ended.since_date
            then ended.since_date
    end as void_from,
    case
        when duties.due_date is null or duties.recurrence is not null or duties.due_date >= ended.since_date
            then ended.by_policy_id
    end as void_by_policy_id,
    duties.source_field,
    duties.quote,
    duties.evidence_id
from duties
left join ended on duties.policy_id = ended.policy_id
order by duties.policy_id, duties.due_date nulls last, obligation_id
