select
    source_id,
    document_id,
    version_no,
    extractor_version,
    position,
    kind,
    low,
    high,
    currency,
    qualifier,
    period,
    is_part,
    quote as raw_text,
    field as source_field,
    said as quote,
    said_start as quote_start
from {{ source('enriched', 'amounts') }}
