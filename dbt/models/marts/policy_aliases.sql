select
    resolved.identifier as alias,
    resolved.policy_id,
    case
        when resolved.is_canonical then 'the identifier that names it'
        else 'identifier of this policy alone'
    end as reason
from {{ ref('int_identifiers__resolved') }} as resolved
inner join {{ ref('int_policies__selected') }} as policies on resolved.policy_id = policies.policy_id
order by resolved.identifier
