-- Whoever is told that a policy binds must be able to rely on it.
select
    policies.policy_id,
    policies.latest_status,
    events.event,
    events.event_date
from {{ ref('policies') }} as policies
inner join {{ ref('policy_events') }} as events on policies.policy_id = events.policy_id
where
    policies.latest_status in ('in_force', 'partly_in_force')
    and events.event in ('revoked', 'superseded', 'withdrawn')
    and events.event_date <= policies.latest_status_since
    and not exists (
        select 1 from {{ ref('policy_events') }} as later
        where
            later.policy_id = policies.policy_id
            and later.event = 'reinstated'
            and later.event_date >= events.event_date
    )
