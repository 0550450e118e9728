with unnested as (
    select
        source_id,
        document_id,
        version_no,
        unnest(publishers) as publisher,
        generate_subscripts(publishers, 1) as position
    from {{ ref('stg_documents') }}
)

select
    unnested.source_id,
    unnested.document_id,
    unnested.version_no,
    unnested.position,
    unnested.publisher.native_id,
    unnested.publisher.name,
    unnested.publisher.slug,
    unnested.publisher.parent_id as parent_native_id,
    unnested.publisher.url,
    unnested.publisher.raw_name,
    sources.jurisdiction
from unnested
inner join {{ ref('stg_sources') }} as sources on unnested.source_id = sources.source_id
