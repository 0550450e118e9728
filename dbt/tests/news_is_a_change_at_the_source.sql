select
    versions.version_id,
    versions.change_origin,
    staged.is_history
from {{ ref('document_versions') }} as versions
inner join {{ ref('stg_documents') }} as staged
    on
        versions.source_id = staged.source_id
        and versions.document_id = staged.document_id
        and versions.version_no = staged.version_no
where versions.is_news and (versions.change_origin <> 'source' or staged.is_history)
