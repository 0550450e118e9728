{{ config(severity='warn') }}
-- A session of Parliament that is over has its last day in the seed, else its bills would never lapse. Only the latest
-- that a bill names may be under way; sessions before those of the seed have no bill about AI.
with named as (
    select distinct last_session_id as session_id
    from {{ ref('stg_documents') }}
    where last_session_id is not null
)

select named.session_id
from named
anti join {{ ref('uk_sessions') }} as sessions on named.session_id = sessions.session_id
where
    named.session_id < (select max(newest.session_id) from named as newest)
    and named.session_id > (select min(known.session_id) from {{ ref('uk_sessions') }} as known)
