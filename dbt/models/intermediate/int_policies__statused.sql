-- The latest status: policy_status_as_of on the day of the last change seen, by the query that readers call.
with last_change as (
    select cast(max(first_seen_at) at time zone 'UTC' as date) as last_day
    from {{ ref('stg_documents') }}
),

policies as (
    select
        policy_id,
        title,
        instrument
    from {{ ref('int_policies__described') }}
),

policy_events as (
    select * from {{ ref('int_policy_events__dated') }}
    where known_until is null
),

policy_event_history as (
    select * from {{ ref('int_policy_events__dated') }}
    where known_until is not null
),

statuses as (
    {{ policy_status_query()
        | replace('cast(day as date)', '(select last_change.last_day from last_change)')
        | replace('cast(known_at as timestamptz)', "cast('infinity' as timestamptz)") }}
)

select
    policy_id,
    status,
    since as since_date,
    by_policy_id,
    ended_since as ended_since_date,
    ended_by_policy_id,
    evidence_id
from statuses
