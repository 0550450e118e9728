select
    quarantine_id,
    source_id,
    crawl_id,
    error,
    message,
    where_in_answer,
    raw_text,
    quarantined_at,
    {{ fetch_evidence_id('fetch_id') }} as evidence_id
from {{ ref('stg_quarantine') }}
order by quarantine_id
