select
    versions.source_id,
    versions.document_id,
    versions.version_no,
    parses.abstract,
    parses.body
from {{ ref('stg_documents') }} as versions
inner join {{ source('raw', 'decided_parses') }} as parses
    on
        versions.source_id = parses.source_id
        and versions.document_id = parses.document_id
        and versions.version_no = parses.version_no
        and versions.parser_version = parses.parser_version
