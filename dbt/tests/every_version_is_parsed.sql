-- A version that no parser has read would vanish from every mart.
select
    versions.source_id,
    versions.document_id,
    versions.version_no
from {{ source('raw', 'decided_versions') }} as versions
left join {{ ref('stg_documents') }} as documents
    on
        versions.source_id = documents.source_id
        and versions.document_id = documents.document_id
        and versions.version_no = documents.version_no
where documents.document_id is null
