select
    source_id,
    document_id,
    version_no,
    extractor_version,
    position,
    section,
    actor,
    action,
    period,
    anchor,
    due_date,
    recurrence,
    field as source_field,
    quote,
    quote_start
from {{ source('enriched', 'obligations') }}
