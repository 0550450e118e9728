select
    members.policy_id,
    members.document_id,
    case when members.lead_order = 1 then 'lead' else 'member' end as role,
    keyed.belongs_by
from {{ ref('int_policies__membered') }} as members
inner join {{ ref('int_documents__keyed') }} as keyed on members.document_id = keyed.document_id
order by members.policy_id, members.document_id
