-- A date bears two names: that of the document's field, and the source's own, by which facts cite it.
with unnested as (
    select
        source_id,
        document_id,
        version_no,
        depth,
        unnest(read_from) as part
    from {{ ref('stg_documents') }}
),

named as (
    select
        source_id,
        document_id,
        version_no,
        part.field as quote_field,
        part.quote,
        part.ends,
        part.fetch_id
    from unnested
    union
    select
        unnested.source_id,
        unnested.document_id,
        unnested.version_no,
        names.source_field as quote_field,
        unnested.part.quote,
        unnested.part.ends,
        unnested.part.fetch_id
    from unnested
    inner join {{ ref('stg_date_fields') }} as names
        on
            unnested.source_id = names.source_id
            and unnested.depth = names.depth
            and unnested.part.field = names.field
)

-- Two dates of one name, such as the day of signature that counts as that of publication, were read in one place.
select
    source_id,
    document_id,
    version_no,
    quote_field,
    quote,
    ends,
    min(fetch_id) as fetch_id
from named
group by source_id, document_id, version_no, quote_field, quote, ends
