with names as (
    select
        resolved.identifier as alias,
        resolved.policy_id,
        case
            when resolved.is_canonical then 'the identifier that names it'
            else 'identifier of this policy alone'
        end as reason
    from {{ ref('int_identifiers__resolved') }} as resolved
    union all
    -- A page is a policy of its own until the act that it tells of is published.
    select
        named.policy_id as alias,
        keyed.policy_id,
        'id before the page was matched to an act by title and day' as reason
    from {{ ref('int_documents__named') }} as named
    inner join {{ ref('int_documents__keyed') }} as keyed on named.document_id = keyed.document_id
    where keyed.belongs_by = 'title'
)

select
    names.alias,
    names.policy_id,
    names.reason
from names
inner join {{ ref('int_policies__selected') }} as policies on names.policy_id = policies.policy_id
order by names.alias
