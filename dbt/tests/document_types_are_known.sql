{{ config(severity='warn') }}
-- A type that no rule names keeps a null instrument: the source may have changed.
select
    source_id,
    document_type,
    document_subtype,
    count(*) as documents
from {{ ref('int_documents__classified') }}
where instrument is null
group by source_id, document_type, document_subtype
