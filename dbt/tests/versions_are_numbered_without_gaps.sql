select
    source_id,
    document_id,
    count(*) as versions,
    max(version_no) as last_version_no
from {{ ref('document_versions') }}
group by source_id, document_id
having count(*) <> max(version_no)
