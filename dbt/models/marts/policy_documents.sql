select
    policy_id,
    document_id,
    case when lead_order = 1 then 'lead' else 'member' end as role
from {{ ref('int_policies__membered') }}
order by policy_id, document_id
