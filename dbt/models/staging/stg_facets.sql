select
    source_id,
    document_id,
    version_no,
    extractor_version,
    position,
    facet,
    value,
    name,
    rule,
    field as source_field,
    quote,
    quote_start
from {{ source('enriched', 'facets') }}
