select
    source_id,
    day
from {{ ref('source_coverage') }}
where outcome in ('could_not_look', 'not_asked') and reason is null
