select
    override_id,
    record_key,
    source_id,
    item,
    error,
    verdict,
    state,
    note,
    document_id,
    fetch_id,
    old_values,
    new_values,
    author,
    reason,
    decided_at,
    supersedes_override_id
from {{ source('raw', 'overrides') }}
