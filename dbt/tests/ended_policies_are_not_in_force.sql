-- Whoever is told that a policy binds must be able to rely on it: on the day of the last change seen, for which the
-- latest status is told, it had not been ended or taken back without being brought back since.
with last_change as (
    select cast(max(first_seen_at) at time zone 'UTC' as date) as last_day
    from {{ ref('document_versions') }}
)

select
    policies.policy_id,
    policies.latest_status,
    events.event,
    events.event_date
from {{ ref('policies') }} as policies
inner join {{ ref('policy_events') }} as events on policies.policy_id = events.policy_id
cross join last_change
where
    policies.latest_status in ('in_force', 'partly_in_force')
    and events.event in ('revoked', 'superseded', 'withdrawn', 'suspended')
    and events.event_date <= last_change.last_day
    and not exists (
        select 1 from {{ ref('policy_events') }} as later
        where
            later.policy_id = policies.policy_id
            and later.event = 'reinstated'
            and later.event_date between events.event_date and last_change.last_day
    )
