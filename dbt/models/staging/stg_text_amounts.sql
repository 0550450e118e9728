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
    quote as raw_text,
    field as source_field,
    quote_start
from {{ source('enriched', 'amounts') }}
