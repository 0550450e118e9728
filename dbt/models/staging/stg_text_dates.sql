select
    source_id,
    document_id,
    version_no,
    extractor_version,
    position,
    role,
    first_date,
    last_date,
    is_relative,
    field as source_field,
    quote,
    quote_start
from {{ source('enriched', 'dates') }}
