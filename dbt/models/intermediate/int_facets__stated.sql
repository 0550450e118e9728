-- What the words of a document tell of its kind, topics and parties; told by two sources, it is the leading one's.
select
    facets.document_id,
    facets.source_id,
    facets.version_no,
    facets.facet,
    facets.value,
    facets.name,
    facets.rule,
    facets.source_field,
    facets.quote,
    facets.quote_start,
    {{ evidence_id(
        'facets.source_id', 'facets.document_id', 'facets.version_no', 'facets.source_field', 'facets.quote_start',
        'facets.quote'
    ) }} as evidence_id
from {{ ref('stg_facets') }} as facets
inner join {{ ref('int_documents__chosen') }} as chosen
    on
        facets.source_id = chosen.source_id
        and facets.document_id = chosen.document_id
        and facets.version_no = chosen.content_version_no
-- An instrument rests on title, action or abstract; what else tells it is the source's own type, and read as such.
where facets.facet <> 'instrument' or facets.source_field in ('title', 'action', 'abstract')
qualify
    row_number() over (
        partition by
            facets.document_id,
            facets.facet,
            case when facets.facet <> 'instrument' then coalesce(facets.value, facets.name) end
        order by chosen.lead_order, facets.position
    ) = 1
