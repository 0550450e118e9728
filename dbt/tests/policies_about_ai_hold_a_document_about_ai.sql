select
    policies.policy_id,
    policies.is_ai,
    max(documents.relevance) as relevance
from {{ ref('policies') }} as policies
inner join {{ ref('policy_documents') }} as members on policies.policy_id = members.policy_id
inner join {{ ref('documents') }} as documents on members.document_id = documents.document_id
group by policies.policy_id, policies.is_ai
having policies.is_ai <> (max(documents.relevance) >= 1)
