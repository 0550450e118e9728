-- Official identifiers of a document, over all sources that describe it.
select
    identifiers.document_id,
    identifiers.scheme,
    identifiers.value,
    identifiers.scheme || ':' || identifiers.value as identifier,
    min(chosen.lead_order) as lead_order
from {{ ref('stg_identifiers') }} as identifiers
inner join {{ ref('int_documents__chosen') }} as chosen
    on
        identifiers.source_id = chosen.source_id
        and identifiers.document_id = chosen.document_id
        and identifiers.version_no = chosen.content_version_no
group by identifiers.document_id, identifiers.scheme, identifiers.value
