select
    crawl_id,
    source_id,
    day,
    found,
    official
from {{ source('raw', 'source_days') }}
