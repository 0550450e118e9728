{{ config(materialized='view') }}

select
    fetch_id,
    crawl_id,
    source_id,
    seq,
    method,
    url,
    purpose,
    attempt,
    started_at,
    ended_at,
    http_status,
    outcome,
    message,
    body_bytes,
    payload_sha256,
    warc_file,
    warc_offset,
    documents,
    rejected
from {{ ref('stg_fetches') }}
order by fetch_id
