select
    source_id,
    day
from {{ ref('source_coverage') }}
where outcome = 'could_not_look' and reason is null
