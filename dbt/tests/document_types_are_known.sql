{{ config(severity='warn') }}
-- A type that no rule names keeps a null instrument: the source may have changed. Of a page that is gone or leads
-- elsewhere some sources tell nothing but that, as its type.
select
    classified.source_id,
    classified.document_type,
    classified.document_subtype,
    count(*) as documents
from {{ ref('int_documents__classified') }} as classified
inner join {{ ref('int_documents__merged') }} as documents on classified.document_id = documents.document_id
where classified.instrument is null and documents.availability not in ('gone', 'redirected')
group by classified.source_id, classified.document_type, classified.document_subtype
