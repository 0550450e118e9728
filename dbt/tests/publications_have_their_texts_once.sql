-- Texts are joined last; a publication joined to none or to two would be lost or doubled.
select documents.document_id
from {{ ref('int_documents__merged') }} as documents
left join {{ ref('int_documents__worded') }} as texts on documents.document_id = texts.document_id
group by documents.document_id
having count(texts.document_id) <> 1
