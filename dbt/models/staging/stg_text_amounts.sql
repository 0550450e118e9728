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
    -- What an older extractor has read has no sentence, until it is read again.
    coalesce(is_part, false) as is_part,
    coalesce(said, quote) as quote,
    coalesce(said_start, quote_start) as quote_start
from {{ source('enriched', 'amounts') }}
