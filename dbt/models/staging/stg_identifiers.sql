with unnested as (
    select
        source_id,
        document_id,
        version_no,
        unnest(identifiers) as identifier
    from {{ ref('stg_documents') }}
)

select distinct
    source_id,
    document_id,
    version_no,
    identifier.scheme,
    identifier.value
from unnested
