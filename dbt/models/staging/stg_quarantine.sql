select
    quarantine_id,
    source_id,
    crawl_id,
    fetch_id,
    where_in_answer,
    error,
    message,
    raw_text,
    quarantined_at,
    record_key,
    kind,
    document_id
from {{ source('raw', 'quarantine') }}
