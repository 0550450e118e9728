with unnested as (
    select
        source_id,
        document_id,
        version_no,
        unnest(amounts) as stated,
        generate_subscripts(amounts, 1) as position
    from {{ ref('stg_documents') }}
)

select
    source_id,
    document_id,
    version_no,
    position,
    stated.kind,
    stated.low,
    stated.high,
    stated.currency,
    stated.raw as raw_text,
    stated.field as source_field
from unnested
