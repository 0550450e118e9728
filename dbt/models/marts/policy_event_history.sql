select
    event_id,
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
from {{ ref('int_policy_events__dated') }}
where known_until is not null
order by policy_id, event_date, event, event_id, known_from
