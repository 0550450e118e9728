with unnested as (
    select
        source_id,
        document_id,
        version_no,
        unnest(relations) as stated,
        generate_subscripts(relations, 1) as position
    from {{ ref('stg_documents') }}
)

select
    source_id,
    document_id,
    version_no,
    position,
    stated.relation,
    stated.target.scheme as target_scheme,
    stated.target.value as target_value,
    stated.field as source_field,
    stated.quote
from unnested
