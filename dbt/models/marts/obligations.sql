-- A policy's duties are those of the first of its documents that states any: its other pages say the same again.
with duties as (
    select
        members.policy_id,
        members.lead_order,
        stated.*,
        {{ hash_id([
            "'obligation'", 'stated.document_id', 'stated.source_field', 'stated.quote_start', 'stated.position',
        ]) }} as obligation_id
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

losses as (
    select
        relations.to_policy_id as policy_id,
        actors.policy_id as by_policy_id,
        relations.relation_date as lost_date,
        relations.provision
    from {{ ref('int_relations__deduplicated') }} as relations
    left join {{ ref('int_policies__selected') }} as actors on relations.from_policy_id = actors.policy_id
    where
        relations.relation in ('revokes', 'supersedes')
        and relations.provision is not null
        and relations.relation_date <= (
            select cast(max(documents.first_seen_at) at time zone 'UTC' as date)
            from {{ ref('stg_documents') }} as documents
        )
        and relations.known_until is null
),

{{ lost_sections_query() }}

ended as (
    select
        duties.*,
        -- What was due before the end of its instrument, or of its section, stays a duty that fell due.
        list_filter(
            [
                struct_pack(ended_date := lost_sections.lost_date, by_policy_id := lost_sections.lost_by.policy_id),
                struct_pack(ended_date := statuses.ended_since_date, by_policy_id := statuses.ended_by_policy_id)
            ],
            ending -> ending.ended_date is not null and (
                duties.due_date is null or duties.recurrence is not null or duties.due_date >= ending.ended_date
            )
        ) as endings
    from duties
    left join lost_sections on duties.obligation_id = lost_sections.obligation_id
    left join {{ ref('int_policies__statused') }} as statuses on duties.policy_id = statuses.policy_id
)

select
    obligation_id,
    policy_id,
    document_id,
    section,
    actor,
    action,
    period,
    anchor,
    due_date,
    recurrence,
    list_min(endings).ended_date as void_from,
    list_min(endings).by_policy_id as void_by_policy_id,
    source_field,
    quote,
    evidence_id
from ended
order by policy_id, due_date nulls last, obligation_id
