{{ config(materialized='view') }}

select
    source_id,
    document_id,
    first_seen_at,
    last_seen_at,
    last_crawl_id
from {{ ref('stg_sightings') }}
order by source_id, document_id
