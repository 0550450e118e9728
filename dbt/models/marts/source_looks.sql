{{ config(materialized='view') }}

-- Every look at a day, also those that a later crawl repeated: what had been looked at by then. Its latest good ones
-- are source_coverage.
with asked as (
    {{ looked_days() }}
)

select
    source_id,
    day,
    crawl_id,
    {{ look_outcome('(not_asked is null)', 'is_good', 'found', 'left_out', 'official') }} as outcome,
    found,
    official as official_count,
    left_out,
    ended_at as checked_at,
    case when not is_good then fault_text end as reason
from asked
order by source_id, day, crawl_id
