-- Texts are kept apart from what most models read; a version joined to none or to two would be lost or doubled.
select
    versions.source_id,
    versions.document_id,
    versions.version_no
from {{ ref('stg_documents') }} as versions
left join {{ ref('stg_texts') }} as texts
    on
        versions.source_id = texts.source_id
        and versions.document_id = texts.document_id
        and versions.version_no = texts.version_no
group by versions.source_id, versions.document_id, versions.version_no
having count(texts.document_id) <> 1
