with dated as (
    select
        policy_id,
        min(event_date) as first_event_date,
        max(event_date) as last_event_date
    from {{ ref('int_policy_events__dated') }}
    where known_until is null
    group by policy_id
)

select
    policies.policy_id,
    policies.title,
    policies.instrument,
    policies.jurisdiction,
    policies.track,
    policies.topics,
    policies.parties,
    policies.lead_document_id,
    policies.identifiers,
    dated.first_event_date,
    dated.last_event_date,
    coalesce(statuses.status, 'unknown') as latest_status,
    statuses.since_date as latest_status_since,
    policies.is_ai,
    policies.url,
    policies.evidence_id
from {{ ref('int_policies__described') }} as policies
left join dated on policies.policy_id = dated.policy_id
left join {{ ref('int_policies__statused') }} as statuses on policies.policy_id = statuses.policy_id
order by policies.policy_id
