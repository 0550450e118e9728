select
    keyed.document_id,
    keyed.policy_id
from {{ ref('int_documents__keyed') }} as keyed
left join {{ ref('documents') }} as documents on keyed.document_id = documents.document_id
where keyed.is_ai and documents.policy_id is distinct from keyed.policy_id
