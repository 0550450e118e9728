select
    policies.policy_id,
    count(members.document_id) as leads
from {{ ref('policies') }} as policies
left join {{ ref('policy_documents') }} as members
    on policies.policy_id = members.policy_id and members.role = 'lead'
group by policies.policy_id
having count(members.document_id) <> 1
